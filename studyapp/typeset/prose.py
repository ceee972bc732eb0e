"""Markdown into lines of a given width, styles as spans: paragraphs, lists, tables, quotes, code and formulas.

Everything but code is at most `width` cells wide. Code and figures are verbatim: they are neither wrapped nor cut.
Styles: bold italic strike code link image math error · heading1–6 marker quote rule table-header code-block figure.
"""

from __future__ import annotations

from functools import lru_cache

from studyapp.typeset.model import Line
from studyapp.typeset.runs import simple, wrap


@lru_cache(maxsize=512)
def prose(markdown: str, width: int) -> tuple[Line, ...]:
    """The text set in `width` cells, without blank lines at its ends.

    A formula that cannot be set shows its source between dollars, in the style "error".

    Raises: ValueError when the width is not positive.
    """
    if width < 1:
        raise ValueError(f"prose needs at least one cell, not {width}")
    if (line := simple(markdown)) is not None:
        return tuple(wrap(line, width))
    from studyapp.typeset.blocks import set_blocks  # with a parser that takes 30 ms; many do without

    return set_blocks(markdown, width)
