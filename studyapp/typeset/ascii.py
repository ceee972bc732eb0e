"""The ASCII fallback: formulas in both settings, and any text, for terminals and files without other characters."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from itertools import groupby

from studyapp.typeset.boxes import Box
from studyapp.typeset.display import set_box, to_block
from studyapp.typeset.inline import Setter, to_ascii
from studyapp.typeset.model import Block
from studyapp.typeset.parse import parse
from studyapp.typeset.symbols import DRAWN
from studyapp.typeset.tree import Formula


@lru_cache(maxsize=1024)
def ascii_inline(tex: str) -> str:
    """The formula `tex` on one line of ASCII: `1/(1 + e^(-x))`, `dL/dW^(l)`.

    Raises: TexError when the formula cannot be set.
    """
    return Setter(plain=True).row(parse(tex).body)


@lru_cache(maxsize=1024)
def ascii_display(tex: str, width: int = 76) -> Block:
    """The formula `tex` in two dimensions of ASCII, at most `width` cells wide.

    Raises: TexError when the formula cannot be set; ValueError when the width is not positive.
    """
    formula = parse(tex)
    box = set_box(Formula(formula.body, to_ascii(formula.tag)), width, plain=True, big=False)
    return to_block(Box(tuple(line.translate(DRAWN) for line in box.lines), box.base))


def spelt(text: str) -> str:
    """`text` in ASCII as one would type it: → is >, é is e, 10⁻³ is 10^-3; `?` for what has no likeness.

    For text that is set already; of formulas in TeX `ascii_inline` keeps more.
    """
    parts = []
    for place, run in groupby(text, _place):
        chars = "".join(run)
        parts.append(place + "".join(map(_likeness, unicodedata.normalize("NFKC", chars) if place else chars)))
    return "".join(parts)


def _place(char: str) -> str:
    """`^` for a raised character, `_` for a lowered one, else nothing."""
    kind = unicodedata.decomposition(char).partition(" ")[0]
    return {"<super>": "^", "<sub>": "_"}.get(kind, "")


def _likeness(char: str) -> str:
    found = to_ascii(char)
    return "?" if found.startswith("<U+") else found
