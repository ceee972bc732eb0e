"""The numbers of Progress, from small histories that can be counted by hand."""

from collections.abc import Callable
from dataclasses import replace

from studyapp.storage.entry import Draft
from studyapp.storage.statistics import Calibration, DaySums, DeckStanding, DeckStates, HardItem, Slip
from studyapp.storage.store import Store

Review = Callable[..., Draft]
Shelve = Callable[..., None]


def test_a_day_counts_answers_time_and_what_was_remembered(store: Store, review: Review) -> None:
    journal = store.journal
    journal.append(review("d/a", day=10, due_in=5))  # introduced
    journal.append(review("d/a", day=15, due_in=30, predicted=0.75))  # young, passed
    journal.append(review("d/b", day=15, grade=4, due_in=1))  # introduced
    journal.append(review("d/a", day=45, grade=1, due_in=1, predicted=0.5))  # mature, failed
    journal.append(review("d/a", day=45, grade=3, due_in=1))  # again on the same day: says little
    journal.append(review("e/c", day=45, grade=2, due_in=1))  # introduced

    assert store.statistics.days(11, 44) == (
        DaySums(15, 2, 4_000, good=1, easy=1, introduced=1, young_passed=1, predicted_count=1, predicted=0.75),
    )
    assert store.statistics.days(45, decks=["d"]) == (
        DaySums(45, 2, 4_000, again=1, good=1, mature_failed=1, predicted_count=1, predicted=0.5),
    )
    assert store.statistics.study_days() == (10, 15, 45)


def test_an_undone_review_counts_nowhere(store: Store, review: Review) -> None:
    store.journal.append(review("d/a", day=10))
    before = store.statistics.days()
    store.journal.append(review("d/a", day=13, grade=1, mistake="sign", confidence=5, credit=0))

    store.journal.undo()

    assert store.statistics.days() == before
    assert store.statistics.mistakes() == ()
    assert store.statistics.calibration() == ()


def test_items_stand_in_one_state_each(store: Store, review: Review, shelve: Shelve) -> None:
    shelve("d", "new", "step", "young", "mature", "off")
    shelve("empty", position=1)
    store.journal.append(review("d/step", phase=1))
    store.journal.append(review("d/young", due_in=20))
    store.journal.append(review("d/mature", due_in=21))
    store.journal.append(review("d/off", due_in=21, leech=True, value=1))

    assert store.statistics.states() == (
        DeckStates("d", "D", new=1, learning=1, young=1, mature=1, suspended=1, leeches=1),
        DeckStates("empty", "Empty"),
    )


def test_how_far_a_deck_is_known_agrees_with_where_its_items_stand(
    store: Store, review: Review, shelve: Shelve
) -> None:
    shelve("d", "new", "step", "known", "off", "undone")
    shelve("empty", position=1)
    store.journal.append(review("d/step", phase=1, due_at=10 * 86_400_000 + 600_000))
    store.journal.append(review("d/known"))
    store.journal.append(review("d/off", leech=True, value=1))
    store.journal.append(review("d/undone"))
    store.journal.undo()

    assert store.statistics.standing() == (
        DeckStanding("d", total=5, new=2, known=1),
        DeckStanding("empty", total=0, new=0, known=0),
    )


def test_the_hardest_items_were_forgotten_most(store: Store, review: Review, shelve: Shelve) -> None:
    shelve("d", "a", "b", "c")
    for name, grades in (("a", (3, 1)), ("b", (3, 1, 1)), ("c", (3, 3))):
        for day, grade in enumerate(grades):
            store.journal.append(review(f"d/{name}", day=10 + day, grade=grade))

    hardest = store.statistics.hardest()
    assert [(one.key, one.lapses) for one in hardest] == [("d/b", 2), ("d/a", 1)]
    assert isinstance(hardest[0], HardItem)
    assert hardest[0].front == "front b"


def test_slips_and_confidence_are_read_from_what_was_recorded(store: Store, review: Review) -> None:
    store.journal.append(review("d/a", mistake="flipped-sign", confidence=5, credit=0.0))
    store.journal.append(Draft(5, "d/x", "exercise-step", body={"mistake": "flipped-sign|factor-2", "credit": 0.5}))
    store.journal.append(review("d/b", confidence=5, credit=1.0))
    store.journal.append(review("d/c", confidence=2))

    assert store.statistics.mistakes() == (Slip("flipped-sign", 2), Slip("factor-2", 1))
    assert store.statistics.mistakes(since=6) == (Slip("flipped-sign", 1),)
    assert store.statistics.calibration() == (Calibration(2, 1, 0), Calibration(5, 2, 1))


def test_ones_own_time_for_a_kind_of_card_is_known_after_a_while(store: Store, review: Review, shelve: Shelve) -> None:
    shelve("d", "a")
    drafts = [replace(review("d/a", day=day), duration_ms=1_000 * (1 + day % 3)) for day in range(25)]
    store.journal.append_many(drafts[:19])
    assert store.statistics.median_ms("basic") is None

    store.journal.append_many(drafts[19:])

    assert store.statistics.median_ms("basic") == 2_000
    assert store.statistics.median_ms("cloze") is None
