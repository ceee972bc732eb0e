"""What the decks hold, kept so that 100 000 items are there without reading a single file. A cache of text files.

Content comes in and goes out as plain values; this room does not know what a card means.
"""
# ruff: noqa: S608  the SQL is put together from constants of our own; values are always bound

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, count, islice, repeat
from typing import Any, NamedTuple

from sqlalchemy import Connection

from studyapp.storage import cache, search
from studyapp.storage.bulk import ahead
from studyapp.storage.cache import CHUNK
from studyapp.storage.database import Database, driver
from studyapp.storage.entry import dump
from studyapp.storage.kept import CARD
from studyapp.storage.projection import Days, add, difference
from studyapp.storage.schema import queue_case

Stamp = tuple[int, int]
"""Modification time in nanoseconds and size in bytes of a deck's file: when they are as before, so is the text."""


@dataclass(frozen=True)
class CatalogueDeck:
    """A deck as it was last read."""

    id: str
    path: str
    stamp: Stamp
    title: str
    position: int = 0
    body: Mapping[str, Any] = field(default_factory=dict)
    """Whatever the reader wants to find again (lessons, prerequisites, sources); JSON."""


class CatalogueItem(NamedTuple):
    """An item as it was last read. A named tuple, since they come by the hundred thousand."""

    key: str
    kind: str
    front: str
    """Plain text for lists."""
    digest: str = ""
    card: str = "{}"
    """The whole card as JSON text, enough to ask it. May be stored empty where the rest says it all: see `kept`."""
    requires: tuple[str, ...] = ()
    text: str = ""
    """All that the search looks through."""


class Catalogue:
    """The decks and items of one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def decks(self) -> tuple[CatalogueDeck, ...]:
        """All decks, in their order."""
        with self._database.read() as connection:
            rows = connection.exec_driver_sql(
                "SELECT id, path, stamp_ns, stamp_size, title, position, body FROM deck ORDER BY position, id"
            ).all()
        return tuple(
            CatalogueDeck(row[0], row[1], (row[2], row[3]), row[4], row[5], json.loads(row[6])) for row in rows
        )

    def replace_deck(
        self, deck: CatalogueDeck, items: Iterable[CatalogueItem], aliases: Mapping[str, str] | None = None
    ) -> None:
        """Store a deck as it reads now, in one transaction. Items that it no longer has keep their history.

        Args: `items` in the order of the deck; `aliases`: former key of a card or item → present one. Every face of a
        renamed card (`:r`, `:c1`) is renamed with it.
        """
        with self._database.write() as connection:
            # A file holds one deck: when its id was changed, the deck of the former id is gone.
            for row in connection.exec_driver_sql(
                "SELECT id FROM deck WHERE path = ? AND id <> ?", (deck.path, deck.id)
            ).all():
                _remove(connection, row[0])
            number = connection.exec_driver_sql(
                "INSERT INTO deck (id, path, stamp_ns, stamp_size, title, position, body) VALUES (?, ?, ?, ?, ?, ?, ?) "
                "ON CONFLICT (id) DO UPDATE SET path = excluded.path, stamp_ns = excluded.stamp_ns, "
                "stamp_size = excluded.stamp_size, title = excluded.title, position = excluded.position, "
                "body = excluded.body RETURNING n",
                (deck.id, deck.path, *deck.stamp, deck.title, deck.position, dump(deck.body)),
            ).scalar_one()
            search.forget(connection, number)
            connection.exec_driver_sql("DELETE FROM item WHERE deck = ?", (number,))
            _fill(connection, number, items)
            search.learn(connection, number)
            _rename(connection, number, _faces(connection, number, aliases or {}))
            _place(connection, number)

    def arrange(self, deck_ids: Sequence[str]) -> None:
        """Put the decks into this order."""
        with self._database.write() as connection:
            for place, deck_id in enumerate(deck_ids):
                connection.exec_driver_sql(
                    "UPDATE deck SET position = ? WHERE id = ? AND position <> ?", (place, deck_id, place)
                )

    def remove_deck(self, deck_id: str) -> None:
        """Forget a deck's text; the history of its items stays, and is shown again when the text returns."""
        with self._database.write() as connection:
            _remove(connection, deck_id)

    def item(self, key: str) -> CatalogueItem | None:
        """One item, or None when no deck has it."""
        return self.items((key,)).get(key)

    def items(self, keys: Sequence[str]) -> dict[str, CatalogueItem]:
        """Those of `keys` that a deck has."""
        found: dict[str, CatalogueItem] = {}
        with self._database.read() as connection:
            for start in range(0, len(keys), CHUNK):
                part = tuple(keys[start : start + CHUNK])
                found |= {
                    row[0]: _item(row)
                    for row in connection.exec_driver_sql(f"{_ITEM} WHERE key IN ({', '.join('?' * len(part))})", part)
                }
        return found

    def cards(self, deck_id: str) -> tuple[CatalogueItem, ...]:
        """Every item of a deck, in its order."""
        with self._database.read() as connection:
            rows = connection.exec_driver_sql(
                f"{_ITEM} WHERE deck = (SELECT n FROM deck WHERE id = ?) ORDER BY position", (deck_id,)
            ).all()
        return tuple(_item(row) for row in rows)


def _remove(connection: Connection, deck_id: str) -> None:
    number = connection.exec_driver_sql("SELECT n FROM deck WHERE id = ?", (deck_id,)).scalar()
    if number is None:
        return
    search.forget(connection, number)
    connection.exec_driver_sql("DELETE FROM item WHERE deck = ?", (number,))
    _rename(connection, number, {})
    _place(connection, number)
    connection.exec_driver_sql("DELETE FROM deck WHERE n = ?", (number,))


_ITEM = f"SELECT i.key, i.kind, i.front, i.digest, {CARD}, i.requires, i.text FROM item i"


def _item(row: Any) -> CatalogueItem:
    key, kind, front, digest, card, requires, text = row
    return CatalogueItem(key, kind, front, digest, card, tuple(json.loads(requires)), text)


def _fill(connection: Connection, number: int, items: Iterable[CatalogueItem]) -> None:
    """Store the items of a deck, many with one statement; the rows of the next are made while SQLite stores those."""
    raw = driver(connection)
    for many, values in ahead(_batches(number, items)):
        raw.execute(f"{_INSERT} {', '.join([_VALUES] * many)}", values)


_INSERT = "INSERT INTO item (key, deck, position, kind, front, text, digest, requires, card) VALUES"
_VALUES = "(?, ?, ?, ?, ?, ?, ?, ?, ?)"


def _batches(number: int, items: Iterable[CatalogueItem]) -> Iterator[tuple[int, tuple[Any, ...]]]:
    """How many rows, and their values one after another, of `items` of deck `number`.

    By columns, so that nothing is called for every item.
    """
    coming, place = iter(items), 0
    while batch := tuple(islice(coming, CHUNK)):
        keys, kinds, fronts, digests, cards, requires, texts = zip(*batch, strict=True)
        needed = [dump(list(one)) if one else "[]" for one in requires]  # type: ignore[arg-type]
        rows = zip(keys, repeat(number), count(place), kinds, fronts, texts, digests, needed, cards)
        yield len(batch), tuple(chain.from_iterable(rows))
        place += len(batch)


def _place(connection: Connection, number: int) -> None:
    """Note in `memory` which items the deck has, and where."""
    connection.exec_driver_sql(
        "UPDATE memory SET deck = NULL, position = NULL, queue = NULL WHERE deck = ? "
        "AND item NOT IN (SELECT key FROM item WHERE deck = ?)",
        (number, number),
    )
    connection.exec_driver_sql(
        "INSERT INTO memory (item, deck, position, queue) SELECT key, deck, position, 0 FROM item WHERE deck = ? "
        "ON CONFLICT (item) DO UPDATE SET deck = excluded.deck, position = excluded.position, "
        f"queue = {queue_case('suspended', 'excluded.deck', 'phase', 'due_at')} "
        "WHERE deck IS NOT excluded.deck OR position IS NOT excluded.position",
        (number,),
    )
    connection.exec_driver_sql("DELETE FROM memory WHERE deck IS NULL AND last_entry IS NULL")


def _faces(connection: Connection, number: int, aliases: Mapping[str, str]) -> dict[str, str]:
    """The aliases of all items of the renamed cards: `d/old` → `d/new` also renames `d/old:r`."""
    if not aliases:
        return {}
    by_card: dict[str, list[str]] = {}
    for (key,) in connection.exec_driver_sql("SELECT key FROM item WHERE deck = ? ORDER BY position", (number,)):
        by_card.setdefault(key.partition(":")[0], []).append(key)
    found = dict(aliases)
    for former, item in aliases.items():
        card, former_card = item.partition(":")[0], former.partition(":")[0]
        for key in by_card.get(card, ()):
            found.setdefault(former_card + key[len(card) :], key)
    return found


def _rename(connection: Connection, number: int, aliases: dict[str, str]) -> None:
    """Let the history of former keys count for the present ones."""
    aliases = {former: item for former, item in aliases.items() if former != item}
    rows = connection.exec_driver_sql("SELECT former, item FROM alias WHERE deck = ?", (number,))
    known = {row[0]: row[1] for row in rows}
    changed = [pair for pair in known.items() ^ aliases.items() if cache.has_entries(connection, pair[0])]
    touched = sorted({key for pair in changed for key in pair})
    parameters = cache.current_parameters(connection)
    before = {key: cache.fold_stored(connection, key, parameters) for key in touched}
    connection.exec_driver_sql("DELETE FROM alias WHERE deck = ?", (number,))
    if aliases:
        connection.exec_driver_sql(
            "INSERT OR REPLACE INTO alias (former, item, deck) VALUES (?, ?, ?)",
            [(former, item, number) for former, item in aliases.items()],
        )
    days: Days = {}
    for key in touched:
        after = cache.fold_stored(connection, key, parameters)
        cache.save(connection, {key: (after.state, after.last_entry)})
        for place, change in difference(after.days, before[key].days).items():
            add(days, place, change)
    cache.book(connection, days)
