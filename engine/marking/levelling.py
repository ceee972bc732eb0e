"""An answer to plain characters: typographic minus and times signs, full-width digits, odd spaces, fractions.

Text in, text out, in the order the marking rule gives; nothing is evaluated. What would silently change its meaning
(2½, x²) is refused here, before Unicode's own folding can do the damage.
"""

from __future__ import annotations

import re
import unicodedata

from engine.marking.model import UnreadableError

_SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻"
_POWER_OF_TEN = re.compile(rf"(?<![0-9.,])10([⁺⁻]?[{_SUPERSCRIPTS[:10]}]+)")
_FLATTEN = str.maketrans(_SUPERSCRIPTS, "0123456789+-")
_FRACTION_SLASH = "\u2044"
_SIGNS = str.maketrans(
    dict.fromkeys("\u2212\u2010\u2011\u2012\u2013\u2014\ufe63\uff0d", "-")
    | dict.fromkeys("\u00d7\u00b7\u22c5\u2217\u2219\u2715", "*")
)
_AFTER_FOLDING = str.maketrans(
    dict.fromkeys("\u00f7\u2215\u2044", "/")
    | dict.fromkeys("\t\u00a0\u2007\u2008\u2009\u200a\u202f\u3000", " ")
    | {"\u2212": "-"}
)
_LETTER_TIMES = re.compile(r"([0-9][.,]?|[)\]])( *)[xX]( *)(?=10 *(?:\^|\*\*))")


def level(text: str) -> str:
    """The answer in plain characters, stripped; line ends stay, as line feeds.

    Raises: UnreadableError: `superscript` for one elsewhere than in 10ⁿ, `mixed` for a digit before a vulgar fraction.
    """
    if not text.isascii():
        text = _POWER_OF_TEN.sub(lambda found: "10^" + found[1].translate(_FLATTEN), text)
        text = _open_vulgar_fractions(text)
        text = unicodedata.normalize("NFKC", text.translate(_SIGNS))
    text = text.replace("\r\n", "\n").translate(_AFTER_FOLDING)
    if "x" in text or "X" in text:
        text = _LETTER_TIMES.sub(r"\1\2*\3", text)
    return text.strip(" \n")


def _open_vulgar_fractions(text: str) -> str:
    """Refuse stray superscripts and mixed numbers; write ½ as 1/2, in brackets where an operator would split it."""
    pieces = []
    for place, character in enumerate(text):
        if unicodedata.decomposition(character).startswith("<super>"):
            raise UnreadableError("superscript", f"“{character}” is a superscript: write powers with ^, as in 10^3.")
        opened = unicodedata.normalize("NFKC", character)
        if _FRACTION_SLASH not in opened or character == _FRACTION_SLASH:
            pieces.append(character)
            continue
        before, after = text[:place], text[place + 1 :]
        if _touches_a_number(before[-1:]) or _touches_a_number(after[:1]):
            raise UnreadableError("mixed", "A number beside a fraction sign has two readings: write 2.5 or 5/2.")
        beside_operator = before.rstrip(" ")[-1:] in tuple("*/^×·÷:⋅∗∙✕") or after.lstrip(" ")[:1] in ("^", "*", "%")
        pieces.append(f"({opened})" if beside_operator else opened)
    return "".join(pieces)


def _touches_a_number(character: str) -> bool:
    """Whether a fraction sign beside this character would run into it when folded."""
    return bool(character) and (
        character.isalnum() or character in ".,_" or _FRACTION_SLASH in unicodedata.normalize("NFKC", character)
    )
