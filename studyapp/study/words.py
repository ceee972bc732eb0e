"""Figures as a person says them: waits, times, shares. Pure; used by the screens and the plain mode alike."""

from __future__ import annotations

from studyapp.memory.model import ItemState, Phase

MINUTE, HOUR, DAY = 60, 3_600, 86_400
PHASES = {Phase.NEW: "new", Phase.LEARNING: "learning", Phase.REVIEW: "review", Phase.RELEARNING: "relearning"}
"""What a person calls the phase an item is in."""
SURE_WORDS = {1: "a guess", 2: "unsure", 3: "half sure", 4: "sure", 5: "certain"}
"""Confidence given before an answer is checked → what a person calls it."""
SURE = 4
"""Confidence from which a slip is a confident one, worth a second look."""


def wait(seconds: int) -> str:
    """How long until an item comes back, as it stands on a grade's button.

    `<10 min`, `3 days`, `2.5 months`, `1.2 years`: at most two figures, never false precision.
    """
    if seconds < HOUR:
        return f"<{max(1, -(-seconds // MINUTE))} min"
    if seconds < DAY:
        return plural(round(seconds / HOUR), "hour")
    days = round(seconds / DAY)
    if days < 31:
        return plural(days, "day")
    if days < 365:
        return _figures(days / 30.44, "month")
    return _figures(days / 365.25, "year")


def plural(count: int, noun: str) -> str:
    """`1 card`, `2 cards`."""
    return f"{count} {noun}" if count == 1 else f"{count:,} {noun}s".replace(",", "\u202f")


def minutes(milliseconds: int) -> str:
    """A stretch of work: `under a minute`, `9 minutes`, `2 h 05 min`."""
    whole = round(milliseconds / 60_000)
    if whole < 1:
        return "under a minute"
    if whole < 60:
        return plural(whole, "minute")
    return f"{whole // 60} h {whole % 60:02} min"


def about(milliseconds: int) -> str:
    """A stretch of work that is guessed: `under a minute`, `about 9 minutes`."""
    said = minutes(milliseconds)
    return said if said.startswith("under") else f"about {said}"


def leech(front: str, state: ItemState) -> str:
    """What a person is told when a card has become a leech; `front` in a line."""
    then = "Suspended; undo brings it back." if state.suspended else "Better words help: is:leech finds it."
    return f"“{front}” is a leech, forgotten {plural(state.lapses, 'time')}. {then}"


def percent(share: float | None) -> str:
    """`87 %`, or a dash where there is nothing to share out."""
    return "–" if share is None else f"{100 * share:.0f} %"


def _figures(value: float, noun: str) -> str:
    shown = f"{value:.1f}" if value < 9.95 else f"{value:.0f}"
    shown = shown.removesuffix(".0")
    return f"{shown} {noun}" if shown == "1" else f"{shown} {noun}s"
