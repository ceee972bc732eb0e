"""Styled running text: from Markdown's inline tokens to one long line, and from that to lines of a given width."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from studyapp.typeset.model import Line, Span
from studyapp.typeset.width import cells, graphemes

if TYPE_CHECKING:
    from markdown_it.token import Token

KEPT = "\ufdd0"
"""A blank inside a formula: the line is broken there only when it alone is too wide."""
BREAK = "\n"

_OPENING = {"strong_open": "bold", "em_open": "italic", "s_open": "strike", "link_open": "link"}


def run(tokens: Sequence[Token], *, styles: Sequence[str] = ()) -> Line:
    """Inline tokens as one line with spans; forced breaks are line feeds in it, blanks of formulas are `KEPT`."""
    pieces: list[str] = []
    spans: list[Span] = []
    length = 0
    open_spans: list[tuple[int, str, str]] = [(0, style, "") for style in styles]

    def add(line: Line) -> None:
        nonlocal length
        pieces.append(line.text)
        spans.extend(span.moved(length) for span in line.spans)
        length += len(line.text)

    for token in tokens:
        if token.type in _OPENING:
            open_spans.append((length, _OPENING[token.type], str(token.attrGet("href") or "")))
        elif token.type.endswith("_close"):
            start, style, target = open_spans.pop()
            spans.append(Span(start, length, style, target))
        else:
            add(_leaf(token))
    spans += [Span(start, length, style, target) for start, style, target in open_spans]
    ordered = sorted((span for span in spans if span.start < span.end), key=lambda span: (span.start, -span.end))
    return Line("".join(pieces), tuple(ordered))


_SIMPLE_TEXT = re.compile(r"[\w ,.;:?()/%'’“”–—…=+-]*")
_SIMPLE_FORMULA = re.compile(r"\$(?!\s)([^$\n]*[^$\s\\])\$(?!\d)")


def simple(markdown: str) -> Line | None:
    """A single line of words and formulas as `run` would set it; None for anything that Markdown might read.

    Most questions are nothing else, and the first card of all need not wait for a Markdown parser.
    """
    text = markdown.strip(" \n")
    if not text[:1].isalpha() and text[:1] != "$":
        return None
    pieces: list[Line] = []
    place = 0
    while place < len(text):
        words = _SIMPLE_TEXT.match(text, place)
        if words is not None and words.end() > place:
            if "_" in words[0] or "www." in words[0]:
                return None
            pieces.append(Line(words[0]))
            place = words.end()
            continue
        tex = _SIMPLE_FORMULA.match(text, place)
        if tex is None:
            return None
        pieces.append(formula(tex[1]))
        place = tex.end()
    spans, length = [], 0
    for piece in pieces:
        spans += [span.moved(length) for span in piece.spans]
        length += len(piece.text)
    spans.sort(key=lambda span: (span.start, -span.end))
    return Line("".join(piece.text for piece in pieces), tuple(spans))


def _leaf(token: Token) -> Line:
    """A token without others in it."""
    if token.type in ("math_inline", "math_inline_double"):
        return formula(token.content)
    if token.type == "softbreak":
        return Line(" ")
    if token.type == "hardbreak":
        return Line(BREAK)
    text = token.content
    if token.type == "code_inline":
        return Line(text).styled("code")
    if token.type == "image":
        return Line(text or str(token.attrGet("src") or "")).styled("image")
    return Line(text)


def formula(tex: str) -> Line:
    """A formula in running text; one that cannot be set shows its source between dollars."""
    # Imported here: a text without formulas, as many a first question is, need not wait for what sets them.
    from studyapp.typeset.tree import TexError

    try:
        from studyapp.typeset.inline import inline_line

        line = inline_line(tex)
    except TexError:
        return Line(f"${tex}$".replace("\n", " ")).styled("error")
    return Line(line.text.replace(" ", KEPT), line.spans).styled("math")


def cut(line: Line, start: int, end: int) -> Line:
    """The part of a line between two characters, its formulas' blanks made ordinary."""
    spans = tuple(
        Span(max(span.start, start) - start, min(span.end, end) - start, span.style, span.target)
        for span in line.spans
        if span.start < end and span.end > start
    )
    return Line(line.text[start:end].replace(KEPT, " "), spans)


def wrap(line: Line, width: int) -> list[Line]:
    """The line broken at blanks into lines of at most `width` cells.

    A formula stays in one piece unless it is wider than the width; a word that is wider is cut between letters.
    """
    wrapped: list[Line] = []
    start = 0
    for part in line.text.split(BREAK):
        wrapped += _wrap_part(line, start, start + len(part), width)
        start += len(part) + 1
    return wrapped


def _wrap_part(line: Line, start: int, end: int, width: int) -> list[Line]:
    lines: list[Line] = []
    first = last = -1
    used = 0
    for begin, stop in _words(line.text, start, end, width):
        size = cells(line.text[begin:stop].replace(KEPT, " "))
        joint = begin - last
        if first >= 0 and used + joint + size <= width:
            used += joint + size
        else:
            if first >= 0:
                lines.append(cut(line, first, last))
            first, used = begin, size
        last = stop
    lines.append(cut(line, first, last) if first >= 0 else Line(""))
    return lines


def _words(text: str, start: int, end: int, width: int) -> list[tuple[int, int]]:
    """Beginnings and ends of what may not be broken."""
    words: list[tuple[int, int]] = []
    for begin, stop in _split(text, start, end, " "):
        if cells(text[begin:stop].replace(KEPT, " ")) <= width:
            words.append((begin, stop))
            continue
        for inner, outer in _split(text, begin, stop, KEPT):
            words += _letters(text, inner, outer, width)
    return words


def _split(text: str, start: int, end: int, blank: str) -> list[tuple[int, int]]:
    found = []
    for piece in text[start:end].split(blank):
        if piece:
            found.append((start, start + len(piece)))
        start += len(piece) + 1
    return found


def _letters(text: str, start: int, end: int, width: int) -> list[tuple[int, int]]:
    """A word in pieces that fit: as many letters as go on a line."""
    pieces = []
    begin, used = start, 0
    place = start
    for cluster in graphemes(text[start:end]):
        size = cells(cluster)
        if place > begin and used + size > width:
            pieces.append((begin, place))
            begin, used = place, 0
        used += size
        place += len(cluster)
    pieces.append((begin, end))
    return pieces
