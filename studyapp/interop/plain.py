"""The plainest card, a question and an answer of ordinary words: its text in a deck, and what the catalogue keeps.

Reading a deck costs a tenth of a millisecond a card, most of it to find out that nothing special is there. Here that is
known from the signs that occur, so both are written at once; a test holds them to what the reader makes of the text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from hashlib import blake2b
from unicodedata import normalize

import msgspec

from studyapp.interop.literal import LINE, can_be_set, ordinary
from studyapp.storage.catalogue import CatalogueItem

_LINES = re.compile(rf"{LINE}(?:(?:\\\n|\n\n){LINE})*").fullmatch
_TEX = re.compile(r"\$([^$]+)\$").findall


class _Kept(msgspec.Struct):
    """The fields of a card that differ from their defaults."""

    deck: str
    id: str
    kind: str
    front: str
    back: str
    digest: str
    tags: Sequence[str] = ()


_encode = msgspec.json.Encoder().encode


def is_plain(front: str, back: str) -> bool:
    """Whether a card of these two texts reads as just that, however it is written."""
    if not ordinary(front):
        return False
    if "\n" not in back:
        return ordinary(back)
    return bool(_LINES(back)) and back.replace("\n", "").isprintable() and all(map(can_be_set, _TEX(back)))


def text(identity: str, front: str, back: str, tags: Sequence[str]) -> str:
    """The card in a deck file."""
    marks = f' tags="{" ".join(tags)}"' if tags else ""
    return f"## {front} {{#{identity}{marks}}}\n\n{back}"


def item(deck: str, identity: str, front: str, back: str, tags: Sequence[str]) -> CatalogueItem:
    """What the catalogue keeps of the card; as `content.cards.digest` and the library make it."""
    said = f"basic\x1f{front}\x1f{back}\x1f\x1f"
    if "  " in said or "\n" in said or not said.isascii():
        said = normalize("NFC", "\x1f".join(" ".join(part.split()) for part in said.split("\x1f")))
    digest = blake2b(said.encode(), digest_size=16).hexdigest()
    card = _encode(_Kept(deck, identity, "basic", front, back, digest, tags)).decode()
    return CatalogueItem(
        f"{deck}/{identity}", "basic", front, digest, card, (), f"{front}\n{back}\n\n\n{' '.join(tags)}"
    )
