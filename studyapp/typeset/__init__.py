"""Mathematics, prose, charts and drawings into terminal cells: text in, lines of text out. No Textual, no Rich.

    inline(tex)            one line: 1/(1 + e⁻ˣ)           display(tex, width)   two dimensions, a baseline
    ascii_inline(tex)      the same in ASCII                ascii_display(…)
    speak(tex)             words for a screen reader        formula_error(tex)    why it cannot be set, or None
    prose(markdown, width) lines with styles as spans       plain(markdown)       for pipes and screen readers
    formulas(markdown)     every formula with its place

Charts and figures have modules of their own: bars, heatmap, lines, network. All are pure; formulas and prose are kept.
Colours are never decided here: a style is a name in a span. Each name is loaded when it is first asked for, since the
first frame of the screen needs lines and widths but no formula.
"""

from __future__ import annotations

import importlib
import sys
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
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

_HOMES = {
    "ascii": ("ascii_display", "ascii_inline"),
    "display": ("display",),
    "inline": ("inline", "inline_line"),
    "markdown": ("Formula", "formula_error", "formulas"),
    "model": ("Block", "Drawing", "Line", "Span"),
    "prose": ("prose",),
    "reading": ("plain",),
    "speak": ("speak",),
    "tree": ("TexError",),
    "width": ("cells",),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> object:
    """Load what is asked for from the module it lives in."""
    if name not in _HOME_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found: object = getattr(importlib.import_module(f"{__name__}.{_HOME_OF[name]}"), name)
    globals()[name] = found
    return found


class _Package(ModuleType):
    """Four functions are named like their modules; importing such a module must not hide its function."""

    def __setattr__(self, name: str, value: object) -> None:
        if not (name in _HOME_OF and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package
