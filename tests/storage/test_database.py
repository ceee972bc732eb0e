"""Transactions: whole or not at all, whatever breaks them off."""

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from studyapp.memory.model import ItemState
from studyapp.storage import appending
from studyapp.storage.database import Database, driver
from studyapp.storage.entry import Draft
from studyapp.storage.errors import StorageError
from studyapp.storage.store import Store

Review = Callable[..., Draft]
WAYS = ["write", "directly"]


def put(database: Database, way: str, name: str, meanwhile: Callable[[], object] = lambda: None) -> None:
    """Write a row of `meta` in one of the two ways; `meanwhile` happens before the transaction ends."""

    def work(raw: sqlite3.Connection) -> None:
        raw.execute("INSERT INTO meta VALUES (?, '')", (name,))
        meanwhile()

    if way == "directly":
        database.write_directly(work)
        return
    with database.write() as connection:
        work(driver(connection))


def names(database: Database) -> list[str]:
    """The rows that are there."""
    with database.read() as connection:
        return [row[0] for row in connection.exec_driver_sql("SELECT name FROM meta ORDER BY rowid")]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    ("stops", "told"),
    [
        (KeyboardInterrupt(), KeyboardInterrupt),
        (ValueError("no"), ValueError),
        (sqlite3.OperationalError("no"), StorageError),
    ],
)
def test_what_is_broken_off_leaves_nothing_and_the_next_is_written(
    store: Store, way: str, stops: BaseException, told: type[BaseException]
) -> None:
    def stop() -> None:
        raise stops

    before = store.database.written_so_far()
    with pytest.raises(told):
        put(store.database, way, "lost", stop)

    assert names(store.database) == []
    assert store.database.written_so_far() == before
    put(store.database, way, "kept")
    assert names(store.database) == ["kept"]


@pytest.mark.parametrize("outer", WAYS)
@pytest.mark.parametrize("inner", WAYS)
def test_one_transaction_inside_another_is_refused_and_the_outer_one_stands(
    store: Store, outer: str, inner: str
) -> None:
    def nest() -> None:
        with pytest.raises(RuntimeError, match="inside another"):
            put(store.database, inner, "inner")

    put(store.database, outer, "outer", nest)

    assert names(store.database) == ["outer"]
    put(store.database, inner, "after")
    assert names(store.database) == ["outer", "after"]


@pytest.mark.parametrize("way", WAYS)
def test_a_transaction_that_sqlite_itself_ended_is_an_error_and_nothing_is_written(store: Store, way: str) -> None:
    def end() -> None:
        with store.database.raw() as raw:
            raw.rollback()

    with pytest.raises(StorageError):
        put(store.database, way, "lost", end)

    assert names(store.database) == []
    put(store.database, way, "kept")
    assert names(store.database) == ["kept"]


@pytest.mark.parametrize("way", WAYS)
def test_while_one_thing_is_written_nobody_else_can_write(store: Store, path: Path, way: str) -> None:
    with Store.open(path, busy_ms=10) as other:

        def meet() -> None:
            with pytest.raises(StorageError, match="another program"):
                put(other.database, way, "second")

        put(store.database, way, "first", meet)
        put(other.database, way, "third")

    assert names(store.database) == ["first", "third"]


@pytest.mark.parametrize("way", WAYS)
def test_it_is_known_whether_another_window_wrote_before_ones_own_last_act(store: Store, path: Path, way: str) -> None:
    database = store.database
    put(database, way, "a")
    assert database.last_written == database.written_so_far()

    before = database.written_so_far()
    put(database, way, "b")
    assert database.last_written == before._replace(here=before.here + 1), "nobody else wrote"

    before = database.written_so_far()
    with Store.open(path) as other:
        put(other.database, way, "c")
    put(database, way, "d")
    assert database.last_written is not None
    assert database.last_written.elsewhere != before.elsewhere


@pytest.mark.parametrize("at", ["_save", "_book"])
def test_an_answer_that_is_interrupted_is_not_there_and_can_be_given_again(
    store: Store, review: Review, monkeypatch: pytest.MonkeyPatch, at: str
) -> None:
    store.journal.append(review("d/a", day=1))
    before = store.journal.state("d/a")

    def interrupt(*_: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(appending, at, interrupt)
        with pytest.raises(KeyboardInterrupt):
            store.journal.append(review("d/a", day=4, buries=["d/b"]))

    assert store.journal.state("d/a") == before
    assert store.journal.state("d/b") == ItemState()
    assert [entry.seq for entry in store.journal.entries()] == [1]
    again = store.journal.append(review("d/a", day=4))
    assert (again.entry.seq, again.entry.prev) == (2, store.journal.entries()[0].id)
