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
from studyapp.interop.rows import Said
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
    tags: Sequence[str]


_encode = msgspec.json.Encoder().encode


Plain = tuple[str, Said]
"""The id of a card, and what its row says: two texts which are such that `is_plain`, and tags."""


def is_plain(front: str, back: str) -> bool:
    """Whether a card of these two texts reads as just that, however it is written."""
    if not ordinary(front):
        return False
    if "\n" not in back:
        return ordinary(back)
    return bool(_LINES(back)) and back.replace("\n", "").isprintable() and all(map(can_be_set, _TEX(back)))


def texts(cards: Sequence[Plain]) -> list[str]:
    """The cards in a deck file."""
    return [
        f"## {row.front} {{#{identity}{_marks(row.tags) if row.tags else ''}}}\n\n{row.back}" for identity, row in cards
    ]


def _marks(tags: Sequence[str]) -> str:
    return f' tags="{" ".join(tags)}"'


def items(deck: str, cards: Sequence[Plain]) -> list[CatalogueItem]:
    """What the catalogue keeps of the cards; as `content.cards.digest` and the library make it."""
    said = [f"basic\x1f{row.front}\x1f{row.back}\x1f\x1f" for _, row in cards]
    joined = "".join(said)
    if "  " in joined or "\n" in joined or not joined.isascii():
        said = [normalize("NFC", "\x1f".join(" ".join(part.split()) for part in one.split("\x1f"))) for one in said]
    digests = [blake2b(one.encode(), digest_size=16).hexdigest() for one in said]
    return [
        CatalogueItem(
            f"{deck}/{identity}",
            "basic",
            row.front,
            digest,
            # Without tags the catalogue finds the card in the question and the text.
            _card(deck, identity, row, digest) if row.tags else "",
            (),
            f"{row.front}\n{row.back}\n\n\n{' '.join(row.tags)}",
        )
        for (identity, row), digest in zip(cards, digests, strict=True)
    ]


def _card(deck: str, identity: str, row: Said, digest: str) -> str:
    return _encode(_Kept(deck, identity, "basic", row.front, row.back, digest, row.tags)).decode()
