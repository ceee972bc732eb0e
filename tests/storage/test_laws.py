"""Whatever a person does, in whatever order: what is stored is what the journal adds up to."""

import sqlite3
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studyapp.memory.model import Parameters
from studyapp.storage import parts, replaying
from studyapp.storage.entry import Draft, Entry
from studyapp.storage.errors import NothingToUndo
from studyapp.storage.projection import in_order
from studyapp.storage.store import Store

ITEMS = ["d/a", "d/b", "d/b:r", "e/c"]
items = st.sampled_from(ITEMS)
days = st.integers(0, 60)
acts = st.one_of(
    st.tuples(
        st.just("review"),
        items,
        days,
        st.integers(1, 4),
        st.integers(0, 40),
        st.sets(items, max_size=2),
        st.booleans(),
        st.sampled_from([None, None, 0, 1]),
    ),
    st.tuples(st.sampled_from(["suspend", "resume", "unbury", "forget", "bury", "flag", "set-due", "x"]), items, days),
    st.tuples(st.just("parameters"), st.sampled_from([1.0, 1.05])),
    st.just(("undo",)),
    st.just(("redo",)),
    st.tuples(st.just("undo-one"), st.integers(0, 30)),
)


def do(store: Store, act: tuple[Any, ...]) -> None:
    """Carry out one act; an undo with nothing to undo is no act."""
    try:
        match act:
            case ("review", item, day, grade, due_in, buries, steps, level):
                body = {"day": day, "due_day": day + due_in, "phase": 1 if steps else 2, "buries": sorted(buries)}
                body |= {"due_at": day * 1_000 + 60} if steps else {"predicted": 0.9}
                body |= {} if level is None else {"level": level}
                store.journal.append(Draft(day * 1_000, item, "review", grade, 700, body))
            case ("parameters", factor):
                values = [value * factor for value in Parameters().values]
                store.journal.append(Draft(1, "", "parameters", body={"version": "FSRS-6", "values": values}))
            case ("undo",):
                store.journal.undo(at=1)
            case ("redo",):
                store.journal.redo(at=1)
            case ("undo-one", number):
                entries = store.journal.entries()
                store.journal.undo(entries[number % len(entries)].id if entries else None, at=1)
            case (kind, item, day):
                store.journal.append(
                    Draft(day * 1_000, item, kind, body={"day": day, "value": day + 1, "due_day": day})
                )
    except NothingToUndo:
        pass


def projections(path: Path) -> tuple[list[Any], list[Any]]:
    """The rows made from the journal, with floats rounded as far as the core calculates."""
    connection = sqlite3.connect(path)
    columns = "item, phase, step, due_day, due_at, last_at, last_day, reps, lapses, suspended, buried_until, flag"
    memory = connection.execute(
        f"SELECT {columns}, leech, level, last_entry, round(stability, 3), round(difficulty, 3) "
        "FROM memory ORDER BY item"
    ).fetchall()
    day = connection.execute("SELECT *, round(predicted, 6) FROM day ORDER BY day, deck").fetchall()
    connection.close()
    return memory, [row[:-2] + row[-1:] for row in day]


DAMAGE = [
    "SELECT 1",
    "DELETE FROM memory",
    "DELETE FROM memory WHERE item >= 'd/b'",
    "UPDATE memory SET stability = 5 WHERE reps > 0",
    "UPDATE memory SET reps = reps + 1, due_day = 3, suspended = 1, queue = NULL",
    "INSERT INTO memory (item, reps) VALUES ('d/ab', 3)",
    "DELETE FROM day",
    "UPDATE day SET reviews = reviews + 1",
]
"""What may have happened to the caches."""


@settings(max_examples=50, deadline=None)
@given(st.lists(acts, max_size=25), st.sampled_from(DAMAGE), st.sampled_from([1, 2, parts.ITEMS]))
def test_what_is_stored_is_what_a_replay_gives(script: list[tuple[Any, ...]], damage: str, at_once: int) -> None:
    """Whatever stood there before, and however many items are taken at a time."""
    with (
        TemporaryDirectory() as folder,
        Store.open(Path(folder) / "studyapp.db") as store,
        pytest.MonkeyPatch.context() as patch,
    ):
        patch.setattr(parts, "ITEMS", at_once)
        for act in script:
            do(store, act)
        kept = projections(store.path)

        with store.database.write() as connection:
            assert replaying.copy_again(connection) == 0
            connection.exec_driver_sql(damage)
        store.journal.rebuild()

        assert projections(store.path) == kept


@settings(max_examples=25, deadline=None)
@given(st.lists(acts, max_size=12), st.lists(acts, max_size=12), st.randoms(use_true_random=False))
def test_two_machines_agree_in_whatever_order_and_however_often_they_exchange(
    one: list[tuple[Any, ...]], two: list[tuple[Any, ...]], random: Any
) -> None:
    """Both reviewed offline, both undid things; nothing is lost and nothing counts twice."""
    with TemporaryDirectory() as folder:
        stores = [Store.open(Path(folder) / name / "studyapp.db", device=name * 8) for name in ("a", "b", "c")]
        try:
            for store, script in zip(stores, (one, two), strict=False):
                for act in script:
                    do(store, act)
            mixed = [*stores[0].journal.entries(), *stores[1].journal.entries()]
            for store in stores:
                random.shuffle(mixed)
                half = len(mixed) // 2
                for part in (mixed[:half], mixed[half // 2 :], mixed):
                    store.journal.merge(part)
            kept = [projections(store.path) for store in stores]

            assert kept[0] == kept[1] == kept[2]
            assert {len(store.journal.entries()) for store in stores} == {len({entry.id for entry in mixed})}
        finally:
            for store in stores:
                store.close()


@given(st.permutations(range(6)), st.integers(-(10**12), 10**12))
def test_a_wrong_clock_never_turns_round_what_a_device_knew(order: list[int], skew: int) -> None:
    """Device b saw a's second entry before it wrote, although its clock says otherwise."""
    ids = [f"{number:08x}-0000-7000-8000-000000000000" for number in range(6)]
    entries = [
        Entry(ids[0], "a", 1, 1_000, "d/x", "review", 3),
        Entry(ids[1], "a", 2, 2_000, "d/x", "review", 3, body={"prev": ids[0]}),
        Entry(ids[2], "b", 1, 3_000 + skew, "d/x", "review", 3, body={"prev": ids[1]}),
        Entry(ids[3], "b", 2, 2_500 + skew, "d/x", "review", 3, body={"prev": ids[2]}),
        Entry(ids[4], "a", 3, 4_000, "d/x", "review", 3, body={"prev": ids[3]}),
        Entry(ids[5], "a", 4, 3_900, "d/x", "review", 3, body={"prev": ids[4]}),
    ]
    assert [entry.id for entry in in_order(entries[place] for place in order)] == ids


def test_entries_that_claim_to_follow_each_other_are_kept_all_the_same() -> None:
    ids = [f"{number:08x}-0000-7000-8000-000000000000" for number in range(2)]
    entries = [
        Entry(ids[0], "a", 1, 2, "d/x", "review", 3, body={"prev": ids[1]}),
        Entry(ids[1], "b", 1, 1, "d/x", "review", 3, body={"prev": ids[0]}),
    ]
    assert [entry.id for entry in in_order(entries)] == [ids[1], ids[0]]


def test_an_undo_that_arrives_before_what_it_undoes_waits_for_it(tmp_path: Path, review: Callable[..., Draft]) -> None:
    with Store.open(tmp_path / "a" / "studyapp.db") as here, Store.open(tmp_path / "b" / "studyapp.db") as there:
        there.journal.append(review("d/a"))
        there.journal.undo()
        first, undo = there.journal.entries()

        here.journal.merge([undo])
        here.journal.merge([first])

        assert here.journal.state("d/a").reps == 0
        assert here.statistics.days() == ()


def test_an_entry_that_says_something_else_under_a_known_id_is_reported_and_not_taken(
    store: Store, review: Callable[..., Draft]
) -> None:
    entry = store.journal.append(review("d/a", grade=3)).entry
    forged = Entry(
        entry.id, entry.device, entry.seq, entry.at, entry.item, entry.kind, 4, entry.duration_ms, entry.body
    )

    merged = store.journal.merge([forged, entry])

    assert (merged.added, merged.known, merged.conflicting) == (0, 1, (entry.id,))
    assert store.journal.entries() == (entry,)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"day": "tomorrow", "due_day": [], "phase": 9, "step": None, "leech": "yes", "act": 5, "prev": {}, "voids": 1},
        {"day": 1.5, "predicted": "high", "mistake": 7, "confidence": "sure"},
    ],
)
def test_nonsense_in_a_foreign_body_does_no_harm(store: Store, body: dict[str, Any]) -> None:
    entry = Entry("00000001-0000-7000-8000-000000000000", "other123", 1, 86_400_000, "d/a", "review", 3, None, body)

    assert store.journal.merge([entry]).added == 1

    assert store.journal.state("d/a").reps == 1
    assert store.journal.entries() == (entry,)
