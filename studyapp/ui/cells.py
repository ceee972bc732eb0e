"""Typeset lines into Textual's `Content`: the one place where foreign text becomes something a widget shows.

Nothing here, and nothing that uses it, ever parses markup: `w[i]`, `[/]` and `[bold]` are shown as they are written.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from textual.content import Content
from textual.content import Span as ContentSpan

from studyapp.typeset.controls import seen
from studyapp.typeset.model import Line
from studyapp.typeset.width import cells, clip

MUTED = "dim"
RIGHT, CLOSE, WRONG = "$text-success", "$text-warning", "$text-error"
ACCENT = "bold $text-accent"

STYLES: dict[str, str] = {
    "bold": "bold",
    "italic": "italic",
    "strike": "strike",
    "code": "$text-secondary",
    "code-block": "$text-secondary",
    "link": "underline",
    "image": "italic",
    "math": "",
    "figure": "",
    "error": WRONG,
    "marker": MUTED,
    "quote": "",
    "rule": MUTED,
    "table-header": "bold",
    "axis": MUTED,
    "label": MUTED,
    "bar": "$text-accent",
    "done": "$text-accent",
    "rest": MUTED,
    "weight": "",
    "heat-0": MUTED,
    **{f"heat-{level}": "$text-accent" for level in range(1, 10)},
    **{f"heading{level}": "bold" for level in range(1, 7)},
    # Colours that are far apart in every theme; the marks tell the curves apart without them.
    "series-0": "$accent",
    "series-1": "$primary",
    "series-2": "$error",
    "series-3": "$secondary",
}
"""Name of a style (see `studyapp.typeset`) → how the screen shows it. Names that are not here stay unstyled."""


def harmless(drawn: Content) -> Content:
    """A drawing of which nothing can steer the terminal: a deck's title may hold an escape sequence.

    What shows foreign text calls it last, so that no text has to be thought of.
    """
    text = seen(drawn.plain)
    return drawn if text == drawn.plain else Content(text, spans=list(drawn.spans))


def content(lines: Iterable[Line], style: str = "") -> Content:
    """Typeset lines as content, one below another; `style` lies under their own styles."""
    texts: list[str] = []
    spans: list[ContentSpan] = []
    at = 0
    for line in lines:
        for span in line.spans:
            if look := STYLES.get(span.style):
                spans.append(ContentSpan(at + span.start, at + span.end, look))
        texts.append(line.text)
        at += len(line.text) + 1
    text = "\n".join(texts)
    under = [ContentSpan(0, len(text), style)] if style and text else []
    return Content(text, spans=[*under, *spans])


def prose(markdown: str, width: int, style: str = "") -> Content:
    """Markdown with TeX, set in `width` cells."""
    from studyapp.typeset.prose import prose as set_prose  # the first frame paints without it

    return content(set_prose(markdown, max(1, width)), style)


def one_line(markdown: str) -> str:
    """Markdown with TeX as a single line of text, for lists and titles."""
    from studyapp.typeset.prose import prose as set_prose

    return " ".join(line.text.strip() for line in set_prose(markdown, 10_000) if line.text.strip())


def title(markdown: str) -> str:
    """The first paragraph as a single line: what a card is called in a list."""
    return one_line(markdown.strip().partition("\n\n")[0])


def fit(text: str, width: int) -> str:
    """`text` cut to `width` cells with an ellipsis, or filled up with blanks."""
    shown = clip(text, width) if cells(text) > width else text
    return shown + " " * max(0, width - cells(shown))


def place(path: object, width: int) -> str:
    """A path in `width` cells, cut at the left: the file's own name is what a person looks for."""
    whole = Path(str(path))
    if whole.is_relative_to(Path.home()):
        whole = Path("~", whole.relative_to(Path.home()))
    if cells(str(whole)) <= width:
        return str(whole)
    parts = whole.parts
    for first in range(1, len(parts)):
        shorter = str(Path("…", *parts[first:]))
        if cells(shorter) <= width:
            return shorter
    name = parts[-1]
    while name and cells(name) > width - 1:
        name = name[1:]
    return f"…{name}"


def spread(left: Content | str, right: Content | str, width: int) -> Content:
    """One line: `left` at the left, `right` at the right margin; what is too long on the left is cut."""
    start = Content(left) if isinstance(left, str) else left
    end = Content(right) if isinstance(right, str) else right
    room = width - end.cell_length - (2 if end.cell_length else 0)
    if start.cell_length > room:
        start = start.truncate(max(0, room), ellipsis=True)
    gap = max(0, width - start.cell_length - end.cell_length)
    return Content.assemble(start, " " * gap, end)
