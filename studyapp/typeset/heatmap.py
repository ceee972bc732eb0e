"""A calendar of counts: weeks from left to right, weekdays from top to bottom. Styles: heat-0 to heat-4, label."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from studyapp.typeset.model import Drawing, Line, Span
from studyapp.typeset.scale import MONTHS, label_line
from studyapp.typeset.width import cells, pad

WEEKDAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
SHADES = "·░▒▓█"
"""Nothing, then four shades: the signs differ without colour too."""
_SHOWN_DAYS = frozenset({0, 2, 4})


def heatmap(
    counts: Mapping[date, int],
    *,
    end: date,
    width: int,
    weeks: int = 53,
    cell: int = 1,
) -> Drawing:
    """The last weeks up to `end`: seven lines of days and one of months, as many weeks as fit into `width`.

    A week begins on Monday. A month is named under the week in which it begins, and not at all where its name would
    touch another. A day takes `cell` cells, the last of them blank where there are several.

    Raises: ValueError when not even one week fits.
    """
    gutter = max(cells(name) for name in WEEKDAYS) + 1
    weeks = min(weeks, (width - gutter) // cell)
    if weeks < 1:
        raise ValueError(f"a calendar needs more than {width} cells")
    last_start = end - timedelta(days=end.weekday())
    start = last_start - timedelta(weeks=weeks - 1)
    shown = {day: count for day, count in counts.items() if start <= day <= end and count > 0}
    top = max(shown.values(), default=0)
    lines = []
    for row in range(7):
        days = [start + timedelta(days=7 * week + row) for week in range(weeks)]
        levels = [heat(shown.get(day, 0), top) for day in days if day <= end]
        lines.append(_weekday(pad(WEEKDAYS[row] if row in _SHOWN_DAYS else "", gutter), levels, cell))
    months = _months(start, weeks, end)
    below = label_line([(week * cell, name) for week, name in months], weeks * cell)
    if below:
        lines.append(Line(" " * gutter + below).styled("label"))
    return Drawing(tuple(lines), _words(shown, start, end))


def _weekday(name: str, levels: Sequence[int], cell: int) -> Line:
    """One line: the same weekday of every week."""
    label = (Span(0, len(name.rstrip()), "label"),) if name.strip() else ()
    filled = max(1, cell - 1)
    places = ((len(name) + n * cell, level) for n, level in enumerate(levels))
    heats = (Span(at, at + filled, f"heat-{level}") for at, level in places)
    days = "".join((SHADES[level] * filled if level else SHADES[0]).ljust(cell) for level in levels)
    return Line((name + days).rstrip(), (*label, *heats))


def heat(count: int, top: int) -> int:
    """0 for nothing, else 1 to 4 by quarters of the busiest day."""
    return 0 if count <= 0 or top <= 0 else min(4, -(-4 * count // top))


def _months(start: date, weeks: int, end: date) -> list[tuple[int, str]]:
    """Weeks in which a month begins, with its name."""
    found = []
    for week in range(weeks):
        days = [start + timedelta(days=7 * week + n) for n in range(7)]
        firsts = [day for day in days if day.day == 1 and day <= end]
        if firsts:
            found.append((week, MONTHS[firsts[0].month - 1]))
    return found


def day_words(day: date) -> str:
    """20 Nov 2026."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def _words(shown: Mapping[date, int], start: date, end: date) -> str:
    span = f"Reviews from {day_words(start)} to {day_words(end)}"
    if not shown:
        return f"{span}: none."
    busiest = max(shown, key=lambda day: (shown[day], day))
    days = "day" if len(shown) == 1 else "days"
    return f"{span}: {sum(shown.values())} on {len(shown)} {days}, most on {day_words(busiest)} ({shown[busiest]})."
