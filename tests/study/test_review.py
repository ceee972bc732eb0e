"""A review session as a person lives it: asked, answered, graded, undone, left and taken up again."""

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from content.model import Kind
from studyapp.memory.model import Act, Event, Grade, Phase
from studyapp.storage.entry import Draft
from studyapp.storage.errors import Locked
from studyapp.storage.store import Store
from studyapp.study.asking import Way, ask
from studyapp.study.checking import Verdict
from studyapp.study.desk import Desk
from studyapp.study.review import ReviewSession


def to(session: ReviewSession, card: str) -> ReviewSession:
    """Bury what stands before `card`."""
    while session.current is not None and session.current.question.card.id != card:
        session.bury()
    assert session.current is not None, f"{card} never came"
    return session


def test_a_new_deck_is_asked_in_its_own_order(desk: Desk) -> None:
    session = desk.review()
    order = []
    while session.current is not None:
        order.append(session.current.question.key)
        session.bury()

    assert order == [
        "small/delta", "small/bptt", "small/bptt:r", "small/rule", "small/rules", "small/shrink", "small/slope:c1",
        "small/slope:c2", "small/change", "small/name",
    ]  # fmt: skip


def test_the_buttons_say_when_the_item_comes_back_and_it_does(desk: Desk, clock) -> None:
    session = desk.review()
    assert session.current is not None
    assert session.current.labels == {1: "<1 min", 2: "<6 min", 3: "<10 min", 4: "8 days"}

    session.grade(Grade.EASY)

    state = desk.store.journal.state("small/delta")
    assert (state.phase, state.due_day) == (Phase.REVIEW, desk.moment().today + 8)
    clock.on(days=7)
    assert "small/delta" not in desk.plan().main
    clock.on(days=1)
    assert "small/delta" in desk.plan().main


def test_an_item_graded_again_comes_back_in_the_same_session(desk: Desk, clock) -> None:
    session = to(desk.review(), "delta")
    session.grade(Grade.AGAIN)
    assert session.current.question.key != "small/delta"

    clock.on(minutes=2)
    session.bury()

    assert session.current.question.key == "small/delta"
    assert session.current.phase_word == "learning"


def test_a_session_left_at_any_moment_is_taken_up_where_it_was(open_desk: Callable[..., Desk]) -> None:
    first = open_desk()
    session = first.review()
    session.grade(Grade.GOOD)
    session.grade(Grade.EASY)
    waiting = session.current.question.key
    first.close()

    again = open_desk().review()

    assert again.current.question.key == waiting


def test_right_and_wrong_choices_propose_their_grade_and_show_the_feedback(desk: Desk) -> None:
    session = to(desk.review(), "rule")
    question = session.current.question
    wrong = next(place for place, choice in enumerate(question.choices) if not choice.right)

    checked = session.check_picks([wrong])

    assert checked.verdict is Verdict.WRONG
    assert checked.feedback == ("That one is for products.",)
    assert session.proposal == (Grade.AGAIN, "wrong")
    session.grade()
    entry = desk.store.journal.entries(item="small/rule")[-1]
    assert (entry.grade, entry.body["credit"], entry.body["picks"]) == (1, 0.0, [0])


def test_a_proposed_grade_can_be_overridden_and_both_are_kept(desk: Desk) -> None:
    session = to(desk.review(), "shrink")
    session.check_picks([0])
    assert session.proposal[0] is Grade.GOOD

    session.grade(Grade.HARD)

    entry = desk.store.journal.entries(item="small/shrink")[-1]
    assert (entry.grade, entry.body["derived"]) == (2, 3)


def test_a_guess_on_true_or_false_does_not_count_as_known(desk: Desk) -> None:
    session = to(desk.review(), "shrink")
    session.check_picks([0], confidence=1)

    assert session.proposal[0] is Grade.AGAIN


def test_a_number_with_too_few_digits_is_asked_again_without_cost(desk: Desk) -> None:
    session = to(desk.review(), "change")

    assert session.check_text("0.02").verdict is Verdict.RETRY
    assert session.checked is None
    assert session.check_text("0,0208").right
    assert session.proposal == (Grade.GOOD, "right at the first try")


def test_i_was_right_grades_good_and_is_remembered(desk: Desk, clock) -> None:
    session = desk.review()
    to(session, "change").grade(Grade.EASY)
    to(session, "name")
    assert session.check_text("local error").verdict is Verdict.WRONG

    session.i_was_right()

    assert desk.store.journal.state("small/name").phase is Phase.LEARNING
    clock.on(minutes=11)
    again = to(desk.review(), "name")
    assert again.check_text("Local error.").right


def test_undoing_i_was_right_takes_the_spelling_back_too(desk: Desk) -> None:
    session = desk.review()
    to(session, "change").grade(Grade.EASY)
    to(session, "name").check_text("local error")
    session.i_was_right()

    session.undo()

    assert desk.accepted("small/name") == ()
    assert session.current.question.key == "small/name"


def test_undo_brings_the_item_back_as_it_was(desk: Desk) -> None:
    session = desk.review()
    before = session.current
    session.grade(Grade.GOOD)

    assert session.undo() == "Good of “What is δ?” taken back"
    assert session.current.question == before.question
    assert session.current.state == before.state
    assert session.done == 0
    assert session.undo() is None


def test_undo_reaches_past_a_restart(open_desk: Callable[..., Desk]) -> None:
    """Anki forgets what can be undone when it is closed."""
    first = open_desk()
    first.review().grade(Grade.EASY)
    first.close()

    session = open_desk().review()

    assert session.undo() == "Easy of “What is δ?” taken back"
    assert session.current.question.key == "small/delta"


def test_undo_after_a_suspension_asks_the_item_again(desk: Desk) -> None:
    session = desk.review()
    session.suspend()
    assert session.current.question.key != "small/delta"

    session.undo()

    assert session.current.question.key == "small/delta"


def test_siblings_wait_until_tomorrow_when_the_learner_wants_that(open_desk: Callable[..., Desk], clock) -> None:
    desk = open_desk(bury_new_siblings=True)
    session = to(desk.review(), "bptt")
    session.grade(Grade.EASY)

    keys = set()
    while session.current is not None:
        keys.add(session.current.question.key)
        session.bury()

    assert "small/bptt:r" not in keys
    assert len({key for key in keys if key.startswith("small/slope")}) == 1
    clock.on(days=1)
    assert "small/bptt:r" in desk.plan().main


def test_a_card_waits_for_the_card_it_requires(open_desk: Callable[..., Desk]) -> None:
    desk = open_desk(new_per_day=3)
    session = desk.review()
    for _ in range(3):
        session.grade(Grade.EASY)

    assert session.current is None
    assert desk.plan().new == 0


def test_two_windows_do_not_ask_the_same_item_twice(desk: Desk) -> None:
    one, two = desk.review(), desk.review()
    one.grade(Grade.EASY)
    one.grade(Grade.EASY)

    two.grade(Grade.EASY)

    assert len(desk.store.journal.entries(item="small/delta")) == 2
    assert two.current.question.key == one.current.question.key


def test_what_was_looked_up_ahead_is_asked_without_looking_again(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    unprepared = [desk.review(only=["small/bptt"]).current]
    session = desk.review()
    session.prepare()
    monkeypatch.setattr(type(desk), "item_with_state", lambda *_: pytest.fail("the database was asked again"))

    session.grade(Grade.EASY)

    assert [session.current] == unprepared


def test_an_item_looked_up_ahead_is_not_asked_once_another_window_has_answered_it(
    desk: Desk, open_desk: Callable[..., Desk]
) -> None:
    session = desk.review()
    session.prepare()
    other = to(open_desk().review(), "bptt")
    assert other.current.question.key == "small/bptt"
    other.grade(Grade.EASY)

    session.grade(Grade.EASY)

    assert session.current.question.key == "small/bptt:r"


def test_an_item_looked_up_ahead_is_not_asked_once_another_screen_has_suspended_it(desk: Desk) -> None:
    session = desk.review()
    session.prepare()
    desk.suspend("small/bptt")

    session.skip()

    assert session.current.question.key == "small/bptt:r"


def test_buttons_looked_up_ahead_say_what_the_settings_say_by_then(desk: Desk) -> None:
    session = desk.review()
    session.prepare()
    desk.change("learning_steps", [300])

    session.grade(Grade.EASY)

    assert session.current.labels[Grade.AGAIN] == "<5 min"


def test_a_refused_grade_changes_nothing_and_the_next_try_works(desk: Desk, clock) -> None:
    """Whatever the disk refuses must cost nothing but patience."""
    with Store.open(desk.store.path, busy_ms=20) as store:
        hasty = Desk(desk.home, desk.settings, store, clock, [])
        session = hasty.review()
        before = session.current
        other = sqlite3.connect(store.path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")

        with pytest.raises(Locked):
            session.grade(Grade.GOOD)

        other.rollback()
        other.close()
        assert session.current is before
        session.grade(Grade.GOOD)
        assert len(store.journal.entries()) == 1


def test_an_edited_card_is_asked_as_it_stands_now(desk: Desk, deck_file: Path) -> None:
    session = desk.review()
    source = session.source()
    assert source.text.startswith("## What is δ? {#delta")
    deck_file.write_text(deck_file.read_text().replace("What is δ?", "What does δ stand for?"))

    session.reread()

    assert session.current.question.prompt == "What does δ stand for?"


def test_a_card_that_was_deleted_leaves_the_session(desk: Desk, deck_file: Path) -> None:
    session = desk.review()
    text = deck_file.read_text()
    deck_file.write_text(text[: text.index("## What is δ?")] + text[text.index("## BPTT") :])

    session.reread()

    assert session.current.question.key == "small/bptt"


def test_the_summary_says_what_happened_and_what_comes_next(desk: Desk) -> None:
    session = desk.review()
    session.grade(Grade.AGAIN)
    while session.current is not None and session.current.question.key != "small/delta":
        session.grade(Grade.EASY)

    summary = session.summary()

    assert (summary.reviews, summary.grades[Grade.AGAIN]) == (10, 1)
    assert summary.remembered == 0.9
    assert summary.slips == ("What is δ?",)


def test_every_kind_of_card_has_its_way_of_answering(desk: Desk) -> None:
    ways = {item.card.kind: ask(item).way for item in desk.library.items()}

    assert ways[Kind.BASIC] is Way.RECALL
    assert ways[Kind.CHOICE] is ways[Kind.TRUE_FALSE] is Way.PICK_ONE
    assert ways[Kind.ALL_THAT_APPLY] is Way.PICK_MANY
    assert ways[Kind.CLOZE] is ways[Kind.NUMERIC] is ways[Kind.TYPED] is Way.TYPE


def test_confidence_one_to_five_is_graded_and_kept(desk: Desk) -> None:
    session = desk.review()
    session.grade(confidence=2)

    entry = desk.store.journal.entries()[-1]
    assert (entry.grade, entry.body["rated"]) == (2, 2)


def test_a_skipped_item_comes_last_and_nothing_is_written_about_it(desk: Desk) -> None:
    session = desk.review()
    skipped = session.current.question.key
    waiting = session.left

    session.skip()

    assert session.left == waiting
    assert desk.store.journal.entries() == ()
    order = []
    while session.current.question.key != skipped:
        order.append(session.current.question.key)
        session.bury()
    assert len(order) == waiting - 1
    session.skip()
    assert session.current.question.key == skipped, "nothing else is left"
    session.grade(Grade.EASY)
    assert session.current is None


def test_undo_brings_a_skipped_and_graded_item_back_once(desk: Desk) -> None:
    session = to(desk.review(), "name")
    session.skip()
    session.grade(Grade.EASY)
    assert session.current is None
    session.undo()
    assert session.left == 1
    assert session.current.question.card.id == "name"


def test_what_was_graded_stands_when_the_next_item_cannot_be_read(desk: Desk, monkeypatch) -> None:
    session = desk.review()
    with monkeypatch.context() as broken:

        def refuse(*_args: object) -> None:
            raise Locked("another program is writing")

        broken.setattr(session._upcoming, "take", refuse)
        session.grade(Grade.GOOD)

        assert session.current is None
        assert isinstance(session.trouble, Locked)
        assert [entry.item for entry in desk.store.journal.entries(kinds=["review"])] == ["small/delta"]
        with pytest.raises(Locked):
            session.look_again()
    session.look_again()
    assert session.trouble is None
    assert session.current is not None
    assert session.current.question.key == "small/bptt"
    assert session.done == 1


def test_the_two_ways_of_a_card_do_not_come_back_on_one_day(open_desk: Callable[..., Desk]) -> None:
    """The one would give the other away."""
    desk = open_desk(fuzz=True)
    session = to(desk.review(), "bptt")
    assert session.current is not None
    asked = session.current.question.item
    other = next(one for one in asked.card.items if one.key != asked.key)
    alone = session.current.outlook[Grade.EASY].state.due_day
    assert alone is not None

    due = Event(Act.REVIEW, desk.clock.now(), desk.moment().today, grade=Grade.EASY, phase=Phase.REVIEW, due_day=alone)
    desk.store.journal.append(Draft.of(other.key, due))

    looked = to(desk.review(), "bptt").current
    assert looked is not None
    assert looked.question.key == asked.key
    found = looked.outlook[Grade.EASY].state.due_day
    assert found is not None
    assert abs(found - alone) >= 1
