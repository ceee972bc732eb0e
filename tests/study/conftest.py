"""A desk with a small deck of every kind, on a day and at an hour of our choosing."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from studyapp.study import settings
from studyapp.study.clock import Clock
from studyapp.study.desk import Desk
from studyapp.study.settings import Settings

DECK = """\
+++
id = "small"
title = "A small deck"
[sources]
nielsen = { title = "Neural Networks and Deep Learning" }
+++

# First section

Prose about $\\delta$.

## What is δ? {#delta tags="error-term pre"}

> [!TIP]
> Think of z.

The derivative of the loss with respect to $z$.

> It is the error term. [@nielsen]

## BPTT {#bptt .both}

Backpropagation through time

## Which rule? {#rule tags="chain-rule"}

- [ ] The product rule
  > That one is for products.
- [x] The chain rule
  > Layer by layer.

## Pick the update rules. {#rules}

- [x] SGD
- [x] Adam
- [ ] Backpropagation

# Second section

## Gradients of a deep sigmoid network shrink. {#shrink}

- [x] True
- [ ] False

## {#slope}

The slope of the sigmoid is at most {{1|0.25|a number}}, so gradients {{2|vanish}}.

## Change of the weight {#change}

= 0.0208

## Name of the quantity {#name requires="change"}

= "error term" | "delta"
"""


@pytest.fixture
def deck_file(tmp_path: Path) -> Path:
    path = tmp_path / "small.md"
    path.write_text(DECK, encoding="utf-8")
    return path


@pytest.fixture
def open_desk(tmp_path: Path, clock: Clock, deck_file: Path) -> Iterator[Callable[..., Desk]]:
    """Open the desk; a second call stands for the next start of the program."""
    opened: list[Desk] = []

    def start(**preset: object) -> Desk:
        chosen = settings.changed(Settings(), "decks", [str(deck_file)])
        for name, value in {"fuzz": False, "bury_new_siblings": False, **preset}.items():
            chosen = settings.changed(chosen, name, value)
        settings.save(tmp_path / "home", chosen)
        desk = Desk.open(tmp_path / "home", clock, with_bundled=False)
        opened.append(desk)
        return desk

    yield start
    for desk in opened:
        desk.close()


@pytest.fixture
def desk(open_desk: Callable[..., Desk]) -> Desk:
    return open_desk()
