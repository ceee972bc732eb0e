"""What a session came to and what comes next, as lines of text. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from studyapp.memory.model import Grade
from studyapp.study import words
from studyapp.ui import cells

if TYPE_CHECKING:
    from studyapp.study.review import Summary

SHOWN_SLIPS = 5


def summary_lines(summary: Summary, width: int) -> Content:
    """The summary in `width` cells."""
    if not summary.reviews:
        lines = [Content.styled("Nothing is due here just now.", "bold"), Content("")]
    else:
        lines = [Content.styled("That is all for now.", "bold"), Content(""), *_figures(summary)]
    if summary.slips:
        lines += [Content(""), Content("Worth another look")]
        for front in summary.slips[:SHOWN_SLIPS]:
            lines.append(Content.assemble(("  ✗ ", cells.WRONG), cells.fit(cells.one_line(front), width - 4).rstrip()))
        if len(summary.slips) > SHOWN_SLIPS:
            lines.append(Content.styled(f"    and {len(summary.slips) - SHOWN_SLIPS} more", cells.MUTED))
    if summary.confident_slips:
        slips = words.plural(summary.confident_slips, "slip")
        lines += [
            Content(""),
            *Content(f"{slips} where you had been sure: the most useful ones to look at.").wrap(width),
        ]
    lines += [Content(""), *Content.styled(_next(summary), cells.MUTED).wrap(width)]
    return Content("\n").join(lines)


def _figures(summary: Summary) -> list[Content]:
    share = words.percent(summary.remembered)
    rows = [
        ("Reviews", f"{summary.reviews}", f"in {words.minutes(summary.duration_ms)}"),
        ("Remembered", share, ", ".join(_grades(summary))),
    ]
    return [
        Content.assemble(
            (f"{name:<12}", ""), (f"{figure:>6}", "bold"), (f"    {beside}" if beside else "", cells.MUTED)
        )
        for name, figure, beside in rows
    ]


def _grades(summary: Summary) -> list[str]:
    return [f"{summary.grades[grade]} {grade.name.lower()}" for grade in Grade if summary.grades.get(grade)]


def _next(summary: Summary) -> str:
    parts = []
    if summary.next_due:
        parts.append(f"The next one is due in {summary.next_due.replace('<', 'under ')}.")
    if summary.due_later_today:
        parts.append(f"{words.plural(summary.due_later_today, 'item')} later today.")
    if summary.due_tomorrow:
        parts.append(f"{words.plural(summary.due_tomorrow, 'item')} tomorrow.")
    if not parts:
        parts.append("Nothing is planned yet; a lesson (l on Today) brings new cards.")
    return " ".join(parts)
