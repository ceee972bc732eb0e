"""What is due is found at once, and nothing else is."""

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from studyapp.storage import due
from studyapp.storage.due import DeckCounts
from studyapp.storage.entry import Draft
from studyapp.storage.glance import glance
from studyapp.storage.store import Store

Review = Callable[..., Draft]
Shelve = Callable[..., None]
TODAY = 20
NOW = TODAY * 86_400_000
TONIGHT = NOW + 3_600_000


@pytest.fixture
def shelf(store: Store, review: Review, shelve: Shelve) -> Store:
    """Two decks with an item in every place a queue knows."""
    shelve("b", "x", position=1)
    shelve("a", "new", "new2", "due", "overdue", "tomorrow", "later", "step", "step-later", "off", "buried")
    journal = store.journal
    journal.append(review("a/due", day=19, due_in=1))
    journal.append(review("a/overdue", day=10, due_in=2))
    journal.append(review("a/tomorrow", day=19, due_in=2))
    journal.append(review("a/later", day=19, due_in=9))
    journal.append(review("a/step", day=20, at=NOW - 9, phase=1, due_at=NOW - 5, due_day=20))
    journal.append(review("a/step-later", day=20, at=NOW - 9, phase=1, due_at=NOW + 5, due_day=20))
    journal.append(review("a/off", day=19, due_in=1))
    journal.append(Draft(NOW, "a/off", "suspend", body={"day": 20}))
    journal.append(review("a/buried", day=19, due_in=1))
    journal.append(Draft(NOW, "a/buried", "bury", body={"day": 20, "value": 21}))
    return store


def test_today_counts_each_item_once_where_it_belongs(shelf: Store) -> None:
    a, b = shelf.queue.counts(TODAY, NOW, TONIGHT)

    assert a == DeckCounts(
        "a", "A", new=2, learning=1, review=2, later_today=1, tomorrow=2, introduced=2, reviewed=0, answers=2,
        duration_ms=4_000,
    )  # fmt: skip
    assert b == DeckCounts("b", "B", new=1)


def test_the_queues_come_in_the_order_in_which_they_are_asked(shelf: Store) -> None:
    assert [one.key for one in shelf.queue.reviews(TODAY)] == ["a/overdue", "a/due"]
    assert [one.key for one in shelf.queue.learning(TODAY, NOW)] == ["a/step"]
    assert [one.key for one in shelf.queue.new(TODAY)] == ["a/new", "a/new2", "b/x"]
    assert [one.key for one in shelf.queue.new(TODAY, decks=["b"])] == ["b/x"]
    assert shelf.queue.reviews(TODAY, decks=[]) == ()
    assert [one.key for one in shelf.queue.reviews(TODAY + 1)] == ["a/overdue", "a/due", "a/buried", "a/tomorrow"]
    assert shelf.queue.next_learning_at(TODAY, NOW) == NOW + 5


def test_the_forecast_has_the_overdue_in_its_first_day(shelf: Store) -> None:
    """A buried item is due all the same, and tomorrow's load must show it."""
    assert shelf.queue.forecast(TODAY, 10) == (3, 1, 0, 0, 0, 0, 0, 0, 1, 0)


def test_an_item_that_was_answered_today_is_counted_as_reviewed(shelf: Store, review: Review) -> None:
    shelf.journal.append(review("a/due", day=20, grade=1))
    assert shelf.queue.counts(TODAY, NOW, TONIGHT)[0].reviewed == 1

    shelf.journal.undo()
    assert shelf.queue.counts(TODAY, NOW, TONIGHT)[0].reviewed == 0


def test_a_glance_says_the_same_as_the_store_and_leaves_no_file_behind(shelf: Store, path: Path) -> None:
    counts = shelf.queue.counts(TODAY, NOW, TONIGHT)
    for _ in range(2):  # while the store is open, and after
        seen = glance(path, today=TODAY, now_ms=NOW, next_day_at=TONIGHT)
        assert seen is not None
        assert seen.decks == counts
        assert seen.first is not None
        assert (seen.first.key, seen.first.deck, seen.first.card) == ("a/step", "a", '{"id":"step"}')
        state = seen.first.state
        if shelf.database is not None:
            shelf.close()
    before = {each.name: each.read_bytes() for each in path.parent.iterdir() if each.is_file()}
    assert set(before) == {"studyapp.db", "device"}
    glance(path, today=TODAY, now_ms=NOW, next_day_at=TONIGHT)
    assert {each.name: each.read_bytes() for each in path.parent.iterdir() if each.is_file()} == before
    with Store.open(path) as store:
        assert store.journal.state("a/step") == state


def test_a_glance_at_nothing_makes_nothing(path: Path) -> None:
    assert glance(path, today=1, now_ms=1, next_day_at=2) is None
    assert not path.parent.exists()


def test_the_first_item_respects_the_days_limit_of_new_ones(store: Store, path: Path, shelve: Shelve) -> None:
    shelve("d", "a")

    seen = glance(path, today=1, now_ms=1, next_day_at=2)
    assert seen is not None
    assert seen.first is not None
    assert seen.first.key == "d/a"
    none_left = glance(path, today=1, now_ms=1, next_day_at=2, new_left=0)
    assert none_left is not None
    assert none_left.first is None


@pytest.mark.parametrize(
    ("query", "index"),
    [
        (due.COUNT_NEW, "COVERING INDEX memory_new"),
        (due.COUNT_LEARNING, "COVERING INDEX memory_learning"),
        (due.COUNT_DUE, "COVERING INDEX memory_due"),
        (due.DUE_PER_DAY, "COVERING INDEX memory_due"),
        (due.NEXT_LEARNING, "COVERING INDEX memory_learning"),
        (due.LEARNING.format(decks=""), "INDEX memory_learning"),
        (due.REVIEWS.format(decks=""), "INDEX memory_due"),
        (due.REVIEWS.format(decks="AND m.deck IN (1)"), "INDEX memory_due "),
        (due.NEW.format(decks=""), "INDEX memory_new"),
    ],
)
def test_every_question_about_what_is_due_uses_its_index(store: Store, path: Path, query: str, index: str) -> None:
    """A partial index is silently left unused when a term is missing or written otherwise."""
    store.close()
    values = dict.fromkeys(("today", "now", "next_day_at", "until", "limit", "first", "last"), 1)
    connection = sqlite3.connect(path)
    plan = " / ".join(row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {query}", values))
    connection.close()

    assert index in plan
    assert "SCAN m " not in plan + " "
    assert "memory_new" not in index or "TEMP B-TREE" not in plan, "the first new card must not wait for a sort"
