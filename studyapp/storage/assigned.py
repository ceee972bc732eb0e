"""What a teacher wants learned, as the last exchange with a server told it; kept with the database, asked at the start.

A note beside the journal, not a part of it: the server has the last word, and the next exchange replaces it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from studyapp.storage.database import Database
from studyapp.storage.entry import dump

_NAME = "assigned:"


def remember(database: Database, server: str, assigned: Sequence[tuple[str, str]]) -> None:
    """Keep the decks that the class on `server` wants learned now, each with its date (YYYY-MM-DD)."""
    name, rows = _NAME + server, [list(pair) for pair in assigned]
    with database.read() as connection:
        before = connection.exec_driver_sql("SELECT value FROM meta WHERE name = ?", (name,)).scalar()
    if before == dump({"decks": rows}) or (before is None and not rows):
        return
    with database.write() as connection:
        connection.exec_driver_sql(
            "INSERT INTO meta (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            (name, dump({"decks": rows})),
        )


def assigned(database: Database) -> tuple[tuple[str, str], ...]:
    """Deck and date (YYYY-MM-DD) of all that is assigned, the earliest date first."""
    with database.read() as connection:
        rows = connection.exec_driver_sql(
            "SELECT value FROM meta WHERE name >= ? AND name < ?", (_NAME, _NAME[:-1] + chr(ord(_NAME[-1]) + 1))
        ).all()
    found = {(str(deck), str(due)) for row in rows for deck, due in json.loads(row[0])["decks"]}
    return tuple(sorted(found, key=lambda pair: (pair[1], pair[0])))
