"""Bold, blackboard and calligraphic letters, and small raised and lowered ones: tables and look-ups.

Inside typesetting a bold W is the single character 𝐖, so that styles cannot get lost on the way. What leaves as a
`Line` is turned back into W with a span, since many fonts lack those characters; what leaves as
a bare string keeps them.
"""

from __future__ import annotations

import unicodedata

from studyapp.typeset.model import Line, Span

_CAPITALS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_SMALL = _CAPITALS.lower()
_GREEK_CAPITALS = "ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡϴΣΤΥΦΧΨΩ∇"
_GREEK_SMALL = "αβγδεζηθικλμνξοπρςστυφχψω∂ϵϑϰϕϱϖ"
_DIGITS = "0123456789"


def _run(start: int, letters: str) -> dict[str, str]:
    return {letter: chr(start + place) for place, letter in enumerate(letters)}


_STYLED: dict[str, dict[str, str]] = {
    "bold": {
        **_run(0x1D400, _CAPITALS + _SMALL),
        **_run(0x1D6A8, _GREEK_CAPITALS + _GREEK_SMALL),
        **_run(0x1D7CE, _DIGITS),
        "ε": chr(0x1D6C6),
        "φ": chr(0x1D6D7),
    },
    "italic": {**_run(0x1D434, _CAPITALS + _SMALL), "h": "ℎ"},
    "calligraphic": {
        **_run(0x1D49C, _CAPITALS + _SMALL),
        **dict(zip("BEFHILMRego", "ℬℰℱℋℐℒℳℛℯℊℴ", strict=True)),
    },
    "blackboard": {
        **_run(0x1D538, _CAPITALS + _SMALL),
        **_run(0x1D7D8, _DIGITS),
        **dict(zip("CHNPQRZ", "ℂℍℕℙℚℝℤ", strict=True)),
    },
}
SPAN_OF = {"bold": "bold", "italic": "italic", "calligraphic": "italic", "blackboard": "bold"}
"""The span that stands for a style where the letter itself cannot."""

PLAIN: dict[str, tuple[str, str]] = {
    styled: (letter, style) for style, table in _STYLED.items() for letter, styled in table.items()
}
"""Styled letter → (plain letter, style)."""
_OUTSIDE = frozenset(letter for letter in PLAIN if ord(letter) > 0xFFFF)


def styled(text: str, style: str) -> str:
    """`text` in the letters of a style; characters that have no such letter stay as they are."""
    table = _STYLED.get(style)
    return "".join(table.get(character, character) for character in text) if table else text


def unstyled(text: str) -> str:
    """`text` with plain letters, without any trace of their style."""
    return "".join(PLAIN[character][0] if character in PLAIN else character for character in text)


def to_line(text: str) -> Line:
    """`text` as a line in which styled letters outside the basic plane have become plain letters under a span."""
    if _OUTSIDE.isdisjoint(text):
        return Line(text)
    letters: list[str] = []
    spans: list[Span] = []
    for place, character in enumerate(text):
        letter, style = PLAIN[character] if character in _OUTSIDE else (character, "")
        letters.append(letter)
        if not style:
            if spans and spans[-1].end == place and unicodedata.combining(character):
                spans[-1] = Span(spans[-1].start, place + 1, spans[-1].style)
            continue
        if spans and spans[-1].end == place and spans[-1].style == SPAN_OF[style]:
            spans[-1] = Span(spans[-1].start, place + 1, SPAN_OF[style])
        else:
            spans.append(Span(place, place + 1, SPAN_OF[style]))
    return Line("".join(letters), tuple(spans))


_RAISED = {
    **dict(zip(_DIGITS + "+−=()", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾", strict=True)),
    **dict(zip("abcdefghijklmnoprstuvwxyz", "ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻ", strict=True)),
    **dict(zip("ABDEGHIJKLMNOPRTUVW", "ᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁⱽᵂ", strict=True)),
    **dict(zip("βγδθφχ", "ᵝᵞᵟᶿᵠᵡ", strict=True)),
    **{"ℓ": "ˡ", "⊤": "ᵀ", "∘": "°", "°": "°", "-": "⁻"},
    **{sign: sign for sign in "′*†‡∗⋆"},
}
_LOWERED = {
    **dict(zip(_DIGITS + "+−=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎", strict=True)),
    **dict(zip("aehijklmnoprstuvx", "ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ", strict=True)),
    **dict(zip("βγρφχ", "ᵦᵧᵨᵩᵪ", strict=True)),
    **{"-": "₋"},
}


def raised(text: str) -> str | None:
    """`text` in superscript characters, or None when Unicode lacks one of them."""
    return _changed(text, _RAISED)


def lowered(text: str) -> str | None:
    """`text` in subscript characters, or None. A comma between two of them may stand on the line: wᵢ,ⱼ."""
    pieces = text.split(",")
    if len(pieces) > 1 and all(pieces):
        changed = [_changed(piece, _LOWERED) for piece in pieces]
        return ",".join(piece for piece in changed if piece) if all(changed) else None
    return _changed(text, _LOWERED)


def _changed(text: str, table: dict[str, str]) -> str | None:
    found = [table.get(character) for character in text]
    return None if None in found else "".join(piece for piece in found if piece)


def is_letterlike(character: str) -> bool:
    """Whether a character reads as part of a name or number: a letter, a digit, ∂, ∇, ∞."""
    return character.isalnum() or character in "∂∇∞" or unicodedata.category(character) in ("Mn", "Lm", "No")
