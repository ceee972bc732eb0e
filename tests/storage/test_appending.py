"""The answer path: what it writes, and that it finds its rows by their indices."""

from collections.abc import Callable
from typing import Any

import pytest

from studyapp.memory.model import ItemState
from studyapp.storage import appending, doctor
from studyapp.storage.entry import Draft
from studyapp.storage.store import Store

Review = Callable[..., Draft]


@pytest.mark.parametrize(
    ("query", "index"),
    [
        (appending.FIRST, "journal_device_seq"),
        (appending.FIRST, "sqlite_autoindex_memory_1"),
        (appending.STATE, "sqlite_autoindex_memory_1"),
        (appending.PLACE, "COVERING INDEX journal_item"),
    ],
)
def test_an_answer_finds_its_rows_by_their_indices(store: Store, query: str, index: str) -> None:
    with store.database.raw() as connection:
        plan = " / ".join(
            row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {query}", ("x",) * query.count("?"))
        )

    assert index in plan
    assert "TEMP B-TREE" not in plan


def test_looking_ahead_changes_nothing(store: Store, review: Review) -> None:
    store.journal.append(review("d/a"))
    before = store.database.written_so_far()

    store.journal.fetch("d/a")
    store.journal.fetch("d/never-asked")

    assert store.database.written_so_far() == before
    assert store.journal.state("d/never-asked") == ItemState()
    assert store.journal.append(review("d/a", day=14)).state.reps == 2


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"confidence": 4, "credit": 1.0},
        {"mistake": "sign-of-update"},
        {"buries": ["d/b", "d/c"]},
        {"due_at": 864_000_060_000, "phase": 1, "step": 1},
        {"leech": True, "value": 1},
    ],
)
def test_whatever_an_answer_brings_a_replay_brings_the_same(store: Store, review: Review, body: dict[str, Any]) -> None:
    """The tables after the answers are those that are made from the journal alone."""
    store.journal.append(review("d/a", day=3))
    recorded = [store.journal.append(review("d/a", day=10 + n, predicted=0.9, **body)) for n in range(3)]

    assert store.journal.state("d/a") == recorded[-1].state
    assert [entry.body.get("prev") for entry in store.journal.entries(item="d/a")[1:]] == [
        entry.id for entry in store.journal.entries(item="d/a")[:-1]
    ]
    assert doctor.examine(store.path).problems == ()


def test_several_answers_in_one_act_build_on_each_other(store: Store, review: Review) -> None:
    drafts = [review("d/a", day=2), review("d/b", day=2), review("d/a", day=6), Draft(7, "", "note", body={"day": 6})]

    recorded = store.journal.append_many(drafts)

    assert [one.entry.seq for one in recorded] == [1, 2, 3, 4]
    assert {one.entry.act for one in recorded} == {recorded[0].entry.id}
    assert recorded[2].entry.prev == recorded[0].entry.id
    assert recorded[2].state.reps == 2
    assert sum(day.reviews for day in store.statistics.days()) == 3
    assert doctor.examine(store.path).problems == ()
