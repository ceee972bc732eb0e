"""How many terminal cells text takes. Pure; imports the standard library only.

Combining marks and format characters take no cell, East Asian wide and fullwidth characters two, all others one.
"Ambiguous" characters (Greek, arrows, boxes) count as one, which is right everywhere but in a few East Asian set-ups.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from functools import lru_cache

_JOINER = "\u200d"
_EMOJI_SELECTOR = "\ufe0f"
_FIRST_EMOJI = 0x203C
"""From here on the emoji selector makes a narrow character wide (a good approximation of Unicode's emoji list)."""


@lru_cache(maxsize=4096)
def _cell(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me", "Cf", "Cc", "Zl", "Zp"):
        return 1 if character == "\xad" else 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def cells(text: str) -> int:
    """Terminal cells that `text` takes on one line."""
    if text.isascii() and text.isprintable():
        return len(text)
    if _JOINER not in text and _EMOJI_SELECTOR not in text:
        return sum(map(_cell, text))
    return sum(_cells_of_cluster(cluster) for cluster in graphemes(text))


def _cells_of_cluster(cluster: str) -> int:
    first = max((_cell(character) for character in cluster), default=0)
    if _EMOJI_SELECTOR in cluster and ord(cluster[0]) >= _FIRST_EMOJI:
        return 2
    return first


def graphemes(text: str) -> Iterator[str]:
    """What a reader takes for one character: a letter with its marks, an emoji with its parts.

    A simplification of Unicode's annex 29 that never separates a mark from its letter.
    """
    start = 0
    for place in range(1, len(text) + 1):
        if place < len(text) and (not _starts_cluster(text[place]) or text[place - 1] == _JOINER):
            continue
        if start < place:
            yield text[start:place]
        start = place


def _starts_cluster(character: str) -> bool:
    return unicodedata.category(character) not in ("Mn", "Me", "Cf") or character == "\xad"


def clip(text: str, width: int, mark: str = "…") -> str:
    """`text` cut to at most `width` cells; `mark` at its end says that something is missing."""
    if cells(text) <= width:
        return text
    kept, used, room = [], 0, width - cells(mark)
    for cluster in graphemes(text):
        used += cells(cluster)
        if used > room:
            break
        kept.append(cluster)
    return "".join(kept) + (mark if room >= 0 else "")


def pad(text: str, width: int, align: str = "left") -> str:
    """`text` filled with blanks to `width` cells; `align` is "left", "right" or "center"."""
    missing = max(0, width - cells(text))
    if align == "right":
        return " " * missing + text
    if align == "center":
        before = missing // 2
        return " " * before + text + " " * (missing - before)
    return text + " " * missing
