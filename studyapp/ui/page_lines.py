"""Lines of a lesson's page beside its prose, and figures that are wider than the window. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from textual.content import Content
from textual.style import Style

from studyapp.study import words
from studyapp.study.lessons import Page
from studyapp.typeset.model import Line, Span
from studyapp.ui import cells
from studyapp.ui.lessons import words_of

FIGURES = frozenset({"figure", "code-block"})
"""Styles of what is never wrapped."""


WIDE_FIGURE = "A figure here is wider than the window; w shows its right part."


@dataclass(frozen=True)
class Tried:
    """How the questions before a page went."""

    right: int
    total: int


def heading(title: str, width: int) -> Content:
    """The title of a page."""
    return cells.prose(title, width, "bold")


def offer(what: str, verb: str, key: str, action: str, width: int) -> Content:
    """A line that can be clicked: what there is, and at the right what to press."""
    left = Content.assemble(("▸ ", "$text-accent"), what)
    right = Content.assemble((f"{verb}  ", cells.MUTED), (f"{key:>5}", cells.ACCENT))
    return cells.spread(left, right, width).stylize(Style.from_meta({"@click": f"screen.{action}"}))


def before(first: Sequence[str], questions: int, tried: Tried | None, width: int) -> Content:
    """What stands above a page: the titles of the lessons that come first, and the questions to try before reading."""
    lines = []
    if first:
        after = f"Best after {words_of(tuple(first))}. You may read it all the same."
        lines += Content.styled(after, cells.MUTED).wrap(width)
    if questions and tried:
        lines.append(Content.assemble(("✓ ", cells.RIGHT), f"tried first: {tried.right} of {tried.total} right"))
    elif questions:
        what = f"{words.plural(questions, 'question')} to guess, ungraded"
        lines.append(offer(what, "try first", "p", "try_first", width))
    return Content("\n").join(lines)


def too_wide(lines: Iterable[Line], width: int) -> int:
    """Cells by which the widest line goes beyond `width`; only figures and code do."""
    return max(0, max((line.width for line in lines), default=0) - width)


def shifted(lines: Iterable[Line], by: int) -> list[Line]:
    """The lines with their figures moved to the left by `by` characters."""
    return [_moved(line, by) if any(span.style in FIGURES for span in line.spans) else line for line in lines]


def _moved(line: Line, by: int) -> Line:
    spans = [Span(max(0, span.start - by), span.end - by, span.style) for span in line.spans if span.end > by]
    return Line(line.text[by:], tuple(spans))


def next_place(pages: Sequence[Page], wanted: str, after: tuple[int, int], width: int) -> tuple[int, int] | None:
    """Page and line (set in `width` cells) where `wanted` stands next behind `after`; the search runs on and round."""
    wanted = wanted.casefold()
    for step in range(len(pages) + 1):
        page = (after[0] + step) % len(pages)
        begin = after[1] + 1 if step == 0 else 0
        lines = cells.prose(pages[page].prose, width).plain.casefold().split("\n")
        line = next((number for number, text in enumerate(lines) if number >= begin and wanted in text), None)
        if line is not None:
            return page, line
    return None


def cited(source: str, width: int) -> list[Content]:
    """A source behind a dot."""
    drawn = Content.styled(source, cells.MUTED).wrap(max(10, width - 2))
    return [Content.assemble(("· " if number == 0 else "  ", cells.MUTED), part) for number, part in enumerate(drawn)]
