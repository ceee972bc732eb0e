"""Mathematics, prose, charts and drawings into terminal cells: text in, lines of text out. No Textual, no Rich.

    inline(tex)            one line: 1/(1 + e⁻ˣ)           display(tex, width)   two dimensions, a baseline
    ascii_inline(tex)      the same in ASCII                ascii_display(…)
    speak(tex)             words for a screen reader        formula_error(tex)    what keeps it from being set, or None
    prose(markdown, width) lines with styles as spans       plain(markdown)       for pipes and screen readers
    formulas(markdown)     every formula with its place

All are pure and cached. Colours are never decided here: a style is a name in a span.
"""

from studyapp.typeset.ascii import ascii_display, ascii_inline
from studyapp.typeset.display import display
from studyapp.typeset.inline import inline, inline_line
from studyapp.typeset.markdown import Formula, formula_error, formulas
from studyapp.typeset.model import Block, Drawing, Line, Span
from studyapp.typeset.prose import prose
from studyapp.typeset.reading import plain
from studyapp.typeset.speak import speak
from studyapp.typeset.tree import TexError
from studyapp.typeset.width import cells

__all__ = [
    "Block",
    "Drawing",
    "Formula",
    "Line",
    "Span",
    "TexError",
    "ascii_display",
    "ascii_inline",
    "cells",
    "display",
    "formula_error",
    "formulas",
    "inline",
    "inline_line",
    "plain",
    "prose",
    "speak",
]
