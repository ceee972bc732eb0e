"""Everything calculated anew from the journal: as act by act, and nothing is written that is right already."""

from collections.abc import Callable
from typing import Any

import pytest

from studyapp.storage import doctor, parts
from studyapp.storage.database import driver
from studyapp.storage.entry import Draft, Entry
from studyapp.storage.replaying import rebuild
from studyapp.storage.store import Store

Review = Callable[..., Draft]
Shelve = Callable[..., None]


@pytest.fixture
def studied(store: Store, review: Review, shelve: Shelve) -> Store:
    """Two decks with some weeks behind them, an item that is not in them any more, and one that was never asked."""
    shelve("d", "a", "b", "c")
    shelve("e", "a")
    keys = ("d/a", "d/b", "e/a", "gone/x")
    for day in range(12, 40):
        store.journal.append(review(keys[day % 4], day=day, grade=1 + day % 4))
    store.journal.undo()
    return store


def rows(store: Store) -> tuple[list[Any], list[Any]]:
    """Both tables that are made from the journal, whole."""
    with store.database.read() as connection:
        raw = driver(connection)
        memory = raw.execute("SELECT * FROM memory ORDER BY item").fetchall()
        return memory, raw.execute("SELECT * FROM day ORDER BY day, deck").fetchall()


def written(store: Store) -> int:
    """How many rows a rebuild writes."""
    with store.database.write() as connection:
        before = driver(connection).total_changes
        rebuild(connection)
        return driver(connection).total_changes - before


def test_where_nothing_is_wrong_nothing_is_written(studied: Store) -> None:
    studied.journal.rebuild()  # the batch may round a stability otherwise than answer after answer did

    assert written(studied) == 1, "which parameters were used, and nothing else"


@pytest.mark.parametrize(
    ("damage", "rows_written"),
    [
        ("UPDATE memory SET stability = stability * 1.01 WHERE item = 'd/b'", 1),
        ("UPDATE memory SET due_day = due_day + 1 WHERE item = 'd/a'", 1),
        ("UPDATE memory SET reps = 4, last_entry = zeroblob(16) WHERE item = 'd/c'", 1),
        ("UPDATE memory SET position = 9 WHERE item = 'd/a'", 1),
        ("UPDATE memory SET deck = NULL, queue = NULL WHERE item IN ('d/a', 'd/c')", 2),
        ("UPDATE memory SET deck = 1, queue = 2 WHERE item = 'gone/x'", 1),
        ("UPDATE memory SET queue = 1 WHERE item = 'd/a'", 1),
        ("DELETE FROM memory WHERE item IN ('d/a', 'd/c', 'gone/x')", 3),
        ("DELETE FROM memory", 5),
        ("INSERT INTO memory (item, reps, phase, last_entry) VALUES ('ghost', 3, 2, zeroblob(16))", 2),
    ],
)
def test_each_row_that_is_wrong_is_mended_and_no_other(studied: Store, damage: str, rows_written: int) -> None:
    studied.journal.rebuild()
    right = rows(studied)
    with studied.database.raw() as connection:
        connection.execute("PRAGMA ignore_check_constraints=ON")
        connection.execute(damage)
        connection.execute("PRAGMA ignore_check_constraints=OFF")
    assert rows(studied) != right

    assert written(studied) == 1 + rows_written

    assert rows(studied) == right
    assert not doctor.examine(studied.path).problems


def test_what_does_not_fit_into_arrays_counts_all_the_same(
    store: Store, review: Review, shelve: Shelve, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Numbers beyond all measure, as many as would look like whole entries; a second machine; a former name."""
    monkeypatch.setattr(parts, "ITEMS", 2)
    store.journal.append_many(
        [review(f"d/{name}", day=day) for name in "abcdef" for day in range(12, 15)], together=False
    )
    odd = {"day": 20, "due_day": 24, "phase": 2, "step": 1_000}
    foreign = [
        Entry(f"{number:08x}-0000-7000-8000-000000000000", "tablet99", number, number, "d/odd", "review", 3, 700, odd)
        for number in range(1, 26)
    ]
    foreign.append(Entry(f"{99:08x}-0000-7000-8000-000000000000", "tablet99", 26, 99, "d/b", "review", 3, 700, odd))
    store.journal.merge(foreign)
    shelve("d", "a", "new", aliases={"d/f": "d/new"})
    before = rows(store)

    store.journal.rebuild()

    reps = {row[0]: row[11] for row in rows(store)[0]}
    assert reps == {"d/a": 3, "d/b": 4, "d/c": 3, "d/d": 3, "d/e": 3, "d/new": 3, "d/odd": 25}
    assert rows(store)[1] == before[1]
    assert not doctor.examine(store.path).problems


def test_the_own_machines_odd_numbers_are_noticed_too(store: Store, review: Review) -> None:
    store.journal.append_many([review("d/a", day=day) for day in range(12, 15)], together=False)
    store.journal.append_many(
        [review("d/odd", day=20, step=1_000) for _ in range(25)] + [review("d/z", day=20)], together=False
    )
    before = rows(store)

    store.journal.rebuild()

    assert [(row[0], row[11]) for row in rows(store)[0]] == [("d/a", 3), ("d/odd", 25), ("d/z", 1)]
    assert rows(store)[1] == before[1]
