"""Pictures of the screens from seeded data, to look at: `python tests/ui/pictures.py FOLDER [NAME…]`.

Writes one SVG for each screen, theme and size. A picture is judged by eyes, so nothing here is a test.
Where chromium is installed a PNG is made of each.
"""

from __future__ import annotations

import asyncio
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path

os.environ["TEXTUAL_ANIMATIONS"] = "none"  # before Textual is imported

from textual.pilot import Pilot

from studyapp.memory.model import Grade
from studyapp.study import settings
from studyapp.study.desk import Desk
from studyapp.study.settings import Settings
from studyapp.ui.app import StudyApp

SIZES = ((80, 24), (120, 40))
THEMES = ("dark", "light")
DAYS, PER_DAY = 90, 25
NOW = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)


class Calendar:
    """A clock that is set by hand."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self) -> int:
        """Milliseconds."""
        return int(self.at.timestamp() * 1000)

    def zone(self) -> tzinfo:
        """UTC."""
        return UTC


def history(home: Path, clock: Calendar) -> None:
    """Ninety days of somebody who studies most days and forgets one answer in eight."""
    draw = random.Random(7)
    end = clock.at
    with Desk.open(home, clock) as desk:
        for day in range(DAYS, 0, -1):
            clock.at = end - timedelta(days=day, hours=draw.uniform(0, 3))
            if draw.random() < 0.12:
                continue
            session = desk.review()
            for _ in range(PER_DAY):
                if session.current is None:
                    break
                clock.at += timedelta(seconds=draw.uniform(4, 25))
                way = session.current.question.way.value
                if way == "work" or draw.random() < 0.01:
                    session.bury()
                else:
                    session.grade(draw.choices(list(Grade), (12, 10, 68, 10))[0])
    clock.at = end


@dataclass(frozen=True)
class Picture:
    """A screen, and how to get there."""

    name: str
    go: Callable[[Pilot[None]], Awaitable[None]]
    learner: str = "seasoned"
    """Which home: "new" or "seasoned"."""
    away: int = 0
    """Days since the last of the history."""


def keys(*pressed: str) -> Callable[[Pilot[None]], Awaitable[None]]:
    """Press keys, and wait until everything asked for has come."""

    async def go(pilot: Pilot[None]) -> None:
        for key in pressed:
            await pilot.press(key)
            await settle(pilot)

    return go


async def settle(pilot: Pilot[None]) -> None:
    """Wait for threads and drawing."""
    await pilot.pause()
    await pilot.app.workers.wait_for_complete()
    await pilot.pause()


def card(key: str, *pressed: str) -> Callable[[Pilot[None]], Awaitable[None]]:
    """Put one card in front, whatever is due, then press keys."""

    async def go(pilot: Pilot[None]) -> None:
        await keys("space")(pilot)
        session = pilot.app.session  # type: ignore[attr-defined]
        session._show(key)
        pilot.app.screen.ask()  # type: ignore[attr-defined]
        await keys(*pressed)(pilot)

    return go


def wrong_choice(key: str) -> Callable[[Pilot[None]], Awaitable[None]]:
    """Pick a wrong option."""

    async def go(pilot: Pilot[None]) -> None:
        await card(key)(pilot)
        choices = pilot.app.session.current.question.choices  # type: ignore[attr-defined]
        await keys(next(choice.letter for choice in choices if not choice.right))(pilot)

    return go


def lesson(deck: str, *pressed: str) -> Callable[[Pilot[None]], Awaitable[None]]:
    """Open a lesson's first page."""

    async def go(pilot: Pilot[None]) -> None:
        from studyapp.ui.lessons import open_lesson

        open_lesson(pilot.app.screen, deck)
        await settle(pilot)
        await keys(*pressed)(pilot)

    return go


def mode(name: str, *pressed: str) -> Callable[[Pilot[None]], Awaitable[None]]:
    """Open a screen by its name."""

    async def go(pilot: Pilot[None]) -> None:
        pilot.app.open_mode(name)  # type: ignore[attr-defined]
        await settle(pilot)
        await keys(*pressed)(pilot)

    return go


async def quiz_result(pilot: Pilot[None]) -> None:
    """A quiz of ten, every third question missed."""
    await mode("quiz", "enter")(pilot)
    run = pilot.app.screen
    for number in range(10):
        run.quiz.judge(right=number % 3 != 0, duration_ms=4_000)  # type: ignore[attr-defined]
        run.quiz.go_on()  # type: ignore[attr-defined]
    run.ask()  # type: ignore[attr-defined]


def sure(go: Callable[[Pilot[None]], Awaitable[None]]) -> Callable[[Pilot[None]], Awaitable[None]]:
    """The same, with the question how sure one is."""

    async def asked(pilot: Pilot[None]) -> None:
        pilot.app.desk.change("ask_confidence", True)  # type: ignore[attr-defined]
        await go(pilot)

    return asked


PICTURES = (
    Picture("today-new", keys(), "new"),
    Picture("today", keys()),
    Picture("today-away", keys(), away=45),
    Picture("review-before", keys("space")),
    Picture("review-after", keys("space", "space")),
    Picture("choice-wrong", wrong_choice("backprop/mcq-relation"), "new"),
    Picture("matrix", card("autodiff/input-gradient", "1", "comma", "2", "comma", "3", "enter"), "new"),
    Picture("how-sure", sure(wrong_choice("backprop/mcq-relation")), "new"),
    Picture("lesson", lesson("backprop", "right", "right")),
    Picture("settings", mode("settings")),
    Picture("help", keys("question_mark")),
    Picture("lessons", mode("lessons")),
    Picture("map", mode("map")),
    Picture("progress", mode("progress")),
    Picture("progress-end", mode("progress", *["pagedown"] * 3)),
    Picture("quiz", mode("quiz")),
    Picture("quiz-result", quiz_result),
    Picture("labs", mode("labs")),
    Picture("lab", mode("labs", "enter")),
    Picture("exercise-list", mode("exercise")),
    Picture("exercise", mode("exercise", "enter")),
    Picture("exercise-wrong", mode("exercise", "enter", *"99", "enter")),
    Picture("browse", mode("browse")),
    Picture("flashcards", mode("flashcards")),
)


async def take(picture: Picture, home: Path, size: tuple[int, int], theme: str) -> str:
    """One picture, as SVG, of what the learner in `home` sees."""
    with tempfile.TemporaryDirectory() as away:
        copy = Path(shutil.copytree(home, Path(away) / "home"))
        settings.save(copy, settings.changed(settings.load(copy), "theme", theme))
        app = StudyApp(copy, Calendar(NOW + timedelta(days=picture.away)))
        async with app.run_test(size=size, notifications=True) as pilot:
            while app.desk is None:
                await settle(pilot)
            await settle(pilot)
            await picture.go(pilot)
            await settle(pilot)
            return app.export_screenshot()


def to_png(svg: Path) -> None:
    """A PNG beside the SVG, drawn by chromium; the font is one that is installed."""
    text = svg.read_text(encoding="utf-8").replace("Fira Code", "DejaVu Sans Mono")
    text = re.sub(r"@font-face\s*\{.*?\}", "", text, flags=re.DOTALL)
    found = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', text)
    if found is None:
        return
    width, height = (round(float(number)) for number in found.groups())
    page = svg.with_suffix(".html")
    page.write_text(f"<body style='margin:0'>{text}</body>", encoding="utf-8")
    subprocess.run(
        ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
         f"--window-size={width},{height}", f"--screenshot={svg.with_suffix('.png')}", page.as_uri()],
        check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    page.unlink()


def main(folder: Path, names: list[str]) -> None:
    """Take the pictures named, or all."""
    folder.mkdir(parents=True, exist_ok=True)
    clock = Calendar(NOW)
    homes = {"new": folder / ".new", "seasoned": folder / ".seasoned"}
    for name, home in homes.items():
        if not home.exists():
            settings.save(home, Settings())
            if name == "seasoned":
                history(home, clock)
    sizes = [SIZES[0]] if "STUDYAPP_SMALL" in os.environ else SIZES
    for picture in PICTURES:
        if names and picture.name not in names:
            continue
        for theme in THEMES:
            for size in sizes:
                svg = folder / f"{picture.name}-{theme}-{size[0]}x{size[1]}.svg"
                svg.write_text(asyncio.run(take(picture, homes[picture.learner], size, theme)), encoding="utf-8")
                if shutil.which("chromium"):
                    to_png(svg)
                sys.stdout.write(f"{svg}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
