"""How a printed symbol is typed: η for eta, δ2 for delta with the index 2. Texts in, texts out; imports nothing."""

from __future__ import annotations

import re
import unicodedata

_SYMBOL = re.compile(r"(\\[A-Za-z]+|[A-Za-z])(?:_(?:\{(\w+)\}|(\w)))?")
_VARIANTS = {"lambda": "lamda", "varepsilon": "epsilon", "varphi": "phi"}
"""LaTeX's names of Greek letters where Unicode has others."""


def spellings(symbol: str) -> tuple[str, ...]:
    r"""The names that a person types who reads this symbol; none where it is no plain letter with an index.

    Args:
        symbol: LaTeX, as `\eta`, `\beta_{1}`, `h_0`, `e`.
    """
    match = _SYMBOL.fullmatch(symbol)
    if match is None:
        return ()
    base, index = match[1], match[2] or match[3]
    if base.startswith("\\"):
        if not base[1:].islower():  # a large letter stands for something else than the small one
            return ()
        try:
            base = unicodedata.lookup(f"GREEK SMALL LETTER {_VARIANTS.get(base[1:], base[1:])}")
        except KeyError:
            return ()
    return (base + index, f"{base}_{index}") if index else (base,)
