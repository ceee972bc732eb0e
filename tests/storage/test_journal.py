"""Every act is kept, and every act can be taken back."""

import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from studyapp.memory.model import ItemState, Parameters, Phase
from studyapp.storage import parts, undoing
from studyapp.storage.cache import _VOID_ACTS, VOID
from studyapp.storage.entry import Draft, Ids
from studyapp.storage.errors import NothingToUndo
from studyapp.storage.store import Store

Review = Callable[..., Draft]


def test_a_review_is_there_after_the_program_was_closed(path: Path, review: Review) -> None:
    with Store.open(path) as store:
        recorded = store.journal.append(review("d/a", answer="chain rule"))
    with Store.open(path) as store:
        assert store.journal.entries() == (recorded.entry,)
        assert store.journal.state("d/a") == recorded.state
        assert recorded.state.due_day == 13
        assert recorded.entry.body["answer"] == "chain rule"


def test_undo_leaves_no_trace_in_the_state_and_both_lines_in_the_journal(store: Store, review: Review) -> None:
    first = store.journal.append(review("d/a", day=10))
    store.journal.append(review("d/a", day=13, grade=1))

    undone = store.journal.undo()

    assert undone.states == {"d/a": first.state}
    assert store.journal.state("d/a") == first.state
    assert [entry.kind for entry in store.journal.entries(item="d/a")] == ["review", "review", "undo"]
    assert [line.void for line in store.journal.history(item="d/a")] == [False, True, False]
    assert store.journal.entries(kinds=["review"], void=False) == (first.entry,)


def test_undo_has_no_limit_and_survives_a_restart(path: Path, review: Review) -> None:
    """Anki forgets after thirty steps or at the end of the program."""
    with Store.open(path) as store:
        for number in range(60):
            store.journal.append(review(f"d/{number % 7}", day=10 + number))
    with Store.open(path) as store:
        for _ in range(60):
            store.journal.undo()
        assert set(store.journal.states([f"d/{n}" for n in range(7)]).values()) == {ItemState()}
        with pytest.raises(NothingToUndo):
            store.journal.undo()
    with Store.open(path) as store:
        for _ in range(60):
            store.journal.redo()
        assert store.journal.state("d/3").reps == 9
        with pytest.raises(NothingToUndo):
            store.journal.redo()


def test_a_new_act_ends_what_can_be_redone(store: Store, review: Review) -> None:
    store.journal.append(review("d/a"))
    store.journal.undo()
    store.journal.append(review("d/b"))

    with pytest.raises(NothingToUndo):
        store.journal.redo()


def test_undo_after_redo_takes_the_same_act_back_again(store: Store, review: Review) -> None:
    store.journal.append(review("d/a"))
    store.journal.undo()
    store.journal.redo()
    assert store.journal.state("d/a").reps == 1

    store.journal.undo()

    assert store.journal.state("d/a") == ItemState()


def test_undo_lifts_the_burials_that_the_review_made(store: Store, review: Review) -> None:
    store.journal.append(review("d/a", buries=["d/a:r", "d/b"]))
    assert store.journal.state("d/a:r").buried_until == 11

    store.journal.undo()

    assert set(store.journal.states(["d/a", "d/a:r", "d/b"]).values()) == {ItemState()}
    with pytest.raises(NothingToUndo):
        store.journal.undo()


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("suspend", {}),
        ("bury", {"value": 12}),
        ("flag", {"value": 2}),
        ("forget", {}),
        ("set-due", {"due_day": 99}),
        ("accept-answer", {"text": "delta"}),
    ],
)
def test_whatever_is_done_to_a_card_can_be_undone(
    store: Store, review: Review, kind: str, body: dict[str, object]
) -> None:
    before = store.journal.append(review("d/a")).state
    store.journal.append(Draft(11, "d/a", kind, body={"day": 11, **body}))
    assert kind == "accept-answer" or store.journal.state("d/a") != before
    assert store.journal.accepted("d/a") == (("delta",) if kind == "accept-answer" else ())

    store.journal.undo()

    assert store.journal.state("d/a") == before
    assert store.journal.accepted("d/a") == ()


def test_an_older_review_can_be_undone_by_its_id_and_the_later_ones_build_on_what_is_left(
    store: Store, review: Review
) -> None:
    slip = store.journal.append(review("d/a", day=10, grade=1)).entry
    store.journal.append(review("d/a", day=13))

    store.journal.undo(slip.id)

    with Store.open(store.path.parent / "other.db") as other:
        assert store.journal.state("d/a") == other.journal.append(review("d/a", day=13)).state
    with pytest.raises(NothingToUndo):
        store.journal.undo(slip.id)


def test_a_derived_grade_is_overridden_by_a_further_entry(store: Store, review: Review) -> None:
    derived = store.journal.append(review("d/a", grade=1)).entry

    recorded = store.journal.replace(derived.id, review("d/a", grade=3))

    assert recorded.state.reps == 1
    assert [(line.entry.grade, line.void) for line in store.journal.history(kinds=["review"])] == [
        (1, True),
        (3, False),
    ]


def test_the_database_itself_refuses_to_change_history(path: Path, store: Store, review: Review) -> None:
    entry = store.journal.append(review("d/a")).entry
    store.close()
    connection = sqlite3.connect(path)
    for statement in (
        "UPDATE journal SET grade = 4",
        "DELETE FROM journal",
        "REPLACE INTO journal (n, id, device, seq, at, item, kind, body) VALUES (1, x'00', '', 1, 1, '', '', '')",
    ):
        connection.execute("PRAGMA recursive_triggers=ON")
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            connection.execute(statement)
    connection.close()
    with Store.open(path) as again:
        assert again.journal.entries() == (entry,)


def test_an_entry_of_a_newer_program_is_kept_and_changes_nothing(store: Store, review: Review) -> None:
    state = store.journal.append(review("d/a")).state

    kept = store.journal.append(Draft(12, "d/a", "hologram", body={"x": [1, {"y": None}]})).entry

    assert store.journal.state("d/a") == state
    assert store.journal.entries(kinds=["hologram"]) == (kept,)


def test_new_parameters_change_stability_and_no_due_day(store: Store, review: Review) -> None:
    """Calculating better must not shift what was promised."""
    before = store.journal.append(review("d/a")).state
    values = (0.5, 2.0, 9.0, 20.0, *Parameters().values[4:])

    store.journal.append(Draft(11, "", "parameters", body={"version": "FSRS-6", "values": list(values)}))

    after = store.journal.state("d/a")
    assert after.stability == pytest.approx(9.0)
    assert (after.due_day, after.reps, after.phase) == (before.due_day, 1, Phase.REVIEW)
    assert store.journal.parameters.values == values


@pytest.mark.parametrize("grade", [None, 0, 5])
def test_a_review_without_a_grade_is_refused_and_nothing_is_written(store: Store, grade: int | None) -> None:
    with pytest.raises(ValueError, match="grade"):
        store.journal.append(Draft(1, "d/a", "review", grade))

    assert store.journal.entries() == ()


def test_ids_rise_even_when_the_clock_goes_back() -> None:
    ids = Ids()
    given = [str(ids.next(at)) for at in [2_000, 1_000, 1_000, *[500] * 9_000, 3_000]]

    assert given == sorted(set(given))
    assert {one[14] for one in given} == {"7"}


def test_the_count_of_a_device_has_no_gaps(store: Store, review: Review) -> None:
    store.journal.append_many([review("d/a"), review("d/b")])
    store.journal.undo()
    store.journal.append(review("d/a"))

    assert [entry.seq for entry in store.journal.entries()] == [1, 2, 3, 4]


def test_a_clock_that_was_set_back_is_told_and_changes_no_order(store: Store, review: Review) -> None:
    hour = 3_600_000
    for day, at in ((10, 50 * hour), (10, 3 * hour)):
        assert store.journal.clock_warning(at - 4 * 60_000) is None or at == 3 * hour
        store.journal.append(review("d/a", day=day, at=at))

    assert [entry.at for entry in store.journal.entries()] == [50 * hour, 3 * hour]
    assert store.journal.clock_warning(3 * hour) is None
    assert "2 hours behind" in (store.journal.clock_warning(hour) or "")
    assert "60 minutes behind" in (store.journal.clock_warning(2 * hour) or "")


def test_an_import_is_one_act_however_large(store: Store, review: Review) -> None:
    kept = store.journal.append(review("d/1", day=1)).state
    store.journal.append_many([review(f"d/{number}", day=2) for number in range(700)])

    undone = store.journal.undo()

    assert len(undone.acts) == 700
    assert store.journal.state("d/1") == kept
    assert store.journal.state("d/2") == ItemState()
    assert [day.reviews for day in store.statistics.days()] == [1]
    assert store.journal.redo().states["d/2"].reps == 1


def test_several_threads_may_write(store: Store, review: Review) -> None:
    """The screen writes while a worker imports."""
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda number: store.journal.append(review(f"d/{number % 3}", day=number)), range(80)))

    assert [entry.seq for entry in store.journal.entries()] == list(range(1, 81))
    assert sum(state.reps for state in store.journal.states(["d/0", "d/1", "d/2"]).values()) == 80


def test_two_windows_see_each_others_work(path: Path, store: Store, review: Review) -> None:
    values = (0.5, 2.0, 9.0, 20.0, *Parameters().values[4:])
    with Store.open(path) as other:
        store.journal.append(review("d/a"))
        assert other.journal.append(review("d/a", day=13)).state.reps == 2
        other.journal.append(Draft(11, "", "parameters", body={"version": "FSRS-6", "values": list(values)}))

        assert store.journal.append(review("d/new")).state.stability == pytest.approx(9.0)
        assert other.journal.undo().acts[0].item == "d/new"
        assert store.journal.state("d/new") == ItemState()


def test_what_cannot_be_written_down_is_refused_whole(store: Store, review: Review) -> None:
    with pytest.raises(ValueError, match="JSON"):
        store.journal.append_many([review("d/a"), review("d/b", credit=float("nan"))])

    assert store.journal.entries() == ()
    assert store.journal.state("d/a") == ItemState()


@pytest.mark.parametrize(
    ("query", "index"),
    [
        (undoing.LAST_UNDOABLE, "journal_device_seq"),
        (undoing.LAST_UNDO, "journal_device_seq"),
        (f"SELECT 1 FROM journal j WHERE {VOID}", "journal_voids"),
        ("SELECT n FROM journal WHERE item = ?", "journal_item"),
        (parts.READ, "COVERING INDEX journal_item"),
        (_VOID_ACTS, "journal_voids"),
    ],
)
def test_a_million_entries_are_found_by_their_indices(store: Store, query: str, index: str) -> None:
    """Undo must not become slower with the years."""
    with store.database.raw() as connection:
        count = query.count("?")
        values = {"device": "x"} if ":device" in query else ("x",) * count
        plan = " / ".join(row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {query}", values))

    assert index in plan
    assert "TEMP B-TREE" not in plan


def test_parameters_that_another_window_found_are_used_from_the_next_answer_on(
    store: Store, path: Path, review: Callable[..., Draft]
) -> None:
    before = store.journal.parameters
    values = tuple(value * 1.01 for value in before.values)
    body = {"version": before.version, "values": list(values)}
    with Store.open(path) as other:
        other.journal.append(Draft(5, "", "parameters", body=body))
        assert other.journal.parameters.values == values

    store.journal.append(review("d/a"))

    assert store.journal.parameters.values == values
    store.journal.undo(store.journal.entries(kinds=["parameters"])[0].id)
    assert store.journal.parameters == before
