"""A learner with a small deck of every kind, and the program as that person calls it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from studyapp.cli.group import cli
from studyapp.storage.entry import Entry
from studyapp.storage.store import Store

DECK = """\
+++
id = "small"
title = "A small deck"
[sources]
nielsen = { title = "Neural Networks and Deep Learning", author = "Nielsen" }
+++

# First section

Prose about $\\delta$.

```text
 x ──▶ y
```

## What is δ? {#delta tags="pre"}

> [!TIP]
> Think of z.

The derivative $\\frac{\\partial L}{\\partial z}$.

> It is the error term. [@nielsen]

## Which rule? {#rule}

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

The slope of the sigmoid is at most {{1|0.25|a number}}.

## Change of the weight {#change}

= 0.0208

## Name of the quantity {#name}

= "error term" | "delta"

## One step {#step}

```exercise
template = "linear-neuron"
```
"""

SETTINGS = 'fuzz = false\nlearning_steps = []\nrelearning_steps = []\nnew_per_day = 100\ndecks = ["{deck}"]\n'
"""Without steps every grade finishes its item for the day, so that a session ends."""

Shell = Callable[..., Result]
Process = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def learner(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home with that deck among the bundled ones; nothing was studied yet."""
    deck = tmp_path / "small.md"
    deck.write_text(DECK, encoding="utf-8")
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    (home / "config.toml").write_text(SETTINGS.format(deck=deck), encoding="utf-8")
    monkeypatch.setenv("STUDYAPP_HOME", str(home))
    monkeypatch.delenv("COLUMNS", raising=False)
    return home


@pytest.fixture
def shell(learner: Path) -> Shell:
    """Run a command; `lines` are what the person types."""

    def run(*arguments: str, lines: tuple[str, ...] = ()) -> Result:
        typed = "".join(f"{line}\n" for line in lines)
        return CliRunner().invoke(cli, list(arguments), input=typed, catch_exceptions=False)

    return run


@pytest.fixture
def process(learner: Path) -> Process:
    """Run a command as a process of its own."""

    def run(*arguments: str, home: Path = learner, lines: tuple[str, ...] = ()) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-c", "from studyapp.cli.main import main; main()", *arguments],
            input="".join(f"{line}\n" for line in lines),
            capture_output=True,
            encoding="utf-8",
            env={**os.environ, "STUDYAPP_HOME": str(home), "PYTHONUTF8": "1"},
            check=False,
        )

    return run


@pytest.fixture
def interrupted(learner: Path) -> Process:
    """Run a command, type `lines`, and press Ctrl-C when it has said `until`."""

    def run(*arguments: str, lines: tuple[str, ...], until: str) -> subprocess.CompletedProcess[str]:
        with subprocess.Popen(
            [sys.executable, "-u", "-c", "from studyapp.cli.main import main; main()", *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            env={**os.environ, "PYTHONUTF8": "1"},
        ) as child:
            assert child.stdin is not None
            assert child.stdout is not None
            child.stdin.write("".join(f"{line}\n" for line in lines))
            child.stdin.flush()
            heard = ""
            while until not in heard:
                letter = child.stdout.read(1)
                assert letter, heard
                heard += letter
            child.send_signal(signal.SIGINT)
            rest, errors = child.communicate(timeout=60)
        return subprocess.CompletedProcess(child.args, child.returncode, heard + rest, errors)

    return run


@pytest.fixture
def kept(learner: Path) -> Callable[[], tuple[Entry, ...]]:
    """What the journal holds."""

    def read() -> tuple[Entry, ...]:
        with Store.open(learner / "studyapp.db") as store:
            return store.journal.entries(void=False)

    return read
