"""A card as the catalogue keeps it: JSON text, and back. Light, since the first card of all is read with it."""

from __future__ import annotations

from dataclasses import replace

import msgspec

from content.model import Card

_cards = msgspec.json.Decoder(Card)


def decode_card(text: str) -> Card:
    """The card that `encode_card` wrote."""
    return _cards.decode(text)


def encode_card(card: Card) -> str:
    """A card as the catalogue keeps it, without the checks that only authors need."""
    return msgspec.json.encode(replace(card, checks=())).decode()
