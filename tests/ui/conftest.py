"""The application on a temporary home with a small deck of every kind, on a day and at an hour of our choosing."""

import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import pytest

os.environ["TEXTUAL_ANIMATIONS"] = "none"  # before Textual is imported

from textual.pilot import Pilot
from textual.widgets import Input

from studyapp.study import settings
from studyapp.study.clock import Clock
from studyapp.study.settings import Settings
from studyapp.ui.app import StudyApp
from studyapp.ui.trouble import TroubleScreen

FRONT_MATTER = """\
+++
id = "small"
title = "A small deck"
[sources]
nielsen = { title = "Neural Networks and Deep Learning", author = "Nielsen" }
+++

# First section

"""
CARDS = {
    "delta": """\
## What is δ? {#delta}

> [!TIP]
> Think of z.

The derivative of the loss with respect to $z$.

> It is the error term. [@nielsen]
""",
    "rule": """\
## Which rule? {#rule}

- [ ] The product rule
  > That one is for products.
- [x] The chain rule
  > Layer by layer.
""",
    "rules": """\
## Pick the update rules. {#rules}

- [x] SGD
- [x] Adam
- [ ] Backpropagation
  > It computes, it does not update.
""",
    "shrink": """\
## Gradients of a deep sigmoid network shrink. {#shrink}

- [x] True
- [ ] False
""",
    "slope": """\
## {#slope}

The slope of the sigmoid is at most {{1|0.25|a number}}, so gradients vanish.
""",
    "change": """\
## Change of the weight {#change}

= 0.0208
""",
    "name": """\
## Name of the quantity {#name}

= "error term" | "delta"
""",
    "exercise": """\
## One step of a linear neuron {#exercise}

```exercise
template = "linear-neuron"
```
""",
}


def deck_of(*cards: str) -> str:
    """A deck with the cards named."""
    return FRONT_MATTER + "\n".join(CARDS[card] for card in cards)


def _screen_text(app: StudyApp) -> str:
    """The screen as lines of text; the one place that touches Textual's private compositor.

    On a busy machine a layout that was asked for may still be waiting for an idle moment, so it is made now.
    """
    app.screen._refresh_layout()
    strips = app.screen._compositor.render_strips()
    return "\n".join("".join(part.text for part in strip).rstrip() for strip in strips)


@pytest.fixture
def screen_text() -> Callable[[StudyApp], str]:
    return _screen_text


async def _settle(app: StudyApp, pilot: Pilot[None]) -> None:
    """Wait until the desk is open, or the reason why not is told, and until what is looked up is shown."""
    while app.desk is None and not isinstance(app.screen, TroubleScreen):
        await pilot.pause()
        await app.workers.wait_for_complete()
    await pilot.pause()
    await app.workers.wait_for_complete()
    await pilot.pause()


@pytest.fixture
def settle() -> Callable[[StudyApp, Pilot[None]], Awaitable[None]]:
    return _settle


@pytest.fixture(autouse=True)
def quiet(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No blinking cursor, no colours or editors of whoever runs the tests."""
    monkeypatch.setattr(Input, "_toggle_cursor", lambda _self: None)
    monkeypatch.setenv("STUDYAPP_HOME", str(tmp_path / "home"))
    for name in ("NO_COLOR", "VISUAL", "EDITOR", "TEXTUAL_THEME"):
        monkeypatch.delenv(name, raising=False)


def _wait_for_plans(app: StudyApp, pilot: Pilot[None], monkeypatch: pytest.MonkeyPatch) -> None:
    """After each key and click wait for the review it may have asked for, as a person does before the next."""
    press, click = pilot.press, pilot.click

    async def planned() -> None:
        planning = [worker for worker in app.workers if worker.group == "plan"]
        if planning:
            await app.workers.wait_for_complete(planning)
            await pilot.pause()

    async def press_and_wait(*keys: str) -> None:
        for key in keys:
            await press(key)
            await planned()

    async def click_and_wait(*where: object, **how: object) -> bool:
        hit = await click(*where, **how)
        await planned()
        return hit

    monkeypatch.setattr(pilot, "press", press_and_wait)
    monkeypatch.setattr(pilot, "click", click_and_wait)


Start = Callable[..., AbstractAsyncContextManager[Pilot[None]]]


@pytest.fixture
def start(tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Start:
    """`async with start("delta", "rule") as pilot`: the application with a deck of those cards, the desk open."""

    @asynccontextmanager
    async def begin(
        *cards: str,
        size: tuple[int, int] = (80, 24),
        deck: str | None = None,
        mode: str = "today",
        opened: bool = True,
        named: tuple[str, ...] | None = None,
        asked: dict[str, object] | None = None,
        **chosen: object,
    ) -> AsyncIterator[Pilot[None]]:
        home, path = tmp_path / "home", tmp_path / "small.md"
        path.write_text(deck if deck is not None else deck_of(*(cards or CARDS)), encoding="utf-8")
        preset = {"fuzz": False, "bury_new_siblings": False, "decks": [str(path)], **chosen}
        made = Settings()
        for name, value in preset.items():
            made = settings.changed(made, name, value)
        settings.save(home, made)
        app = StudyApp(home, clock, with_bundled=False, start=mode, decks=named, options=asked)
        async with app.run_test(size=size, notifications=True) as pilot:
            if opened:
                await _settle(app, pilot)
                _wait_for_plans(app, pilot, monkeypatch)
            yield pilot

    return begin


@pytest.fixture
def deck_text() -> Callable[..., str]:
    return deck_of
