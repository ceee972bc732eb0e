"""A quiz asks what was chosen, scores it fairly and lets the missed ones be tried again."""

import pytest

from content.model import Card, Item, Kind, Option
from studyapp.storage.errors import DiskFull
from studyapp.study.asking import ask
from studyapp.study.checking import Verdict
from studyapp.study.desk import Desk
from studyapp.study.quiz import Quiz, draw

SIDES = (Option("True", True), Option("False", False))


def cards(count: int, kind: Kind = Kind.TRUE_FALSE) -> list[Item]:
    """Items of as many cards."""
    return [
        Item(f"d/{place}", Card("d", str(place), kind, f"Number {place}?", options=SIDES), "") for place in range(count)
    ]


def test_the_score_counts_right_answers_and_the_missed_come_again() -> None:
    quiz = Quiz([ask(item) for item in cards(3)])
    for pick in (0, 1, 0):
        quiz.answer_picks([pick])
        quiz.go_on()

    assert quiz.current is None
    assert (quiz.score().points, quiz.score().total) == (2, 3)
    assert [question.key for question in quiz.retry().questions] == ["d/1"]


def test_an_unreadable_answer_is_asked_again_and_no_answer_is_wrong() -> None:
    item = Item("d/t", Card("d", "t", Kind.TYPED, "Which?", typed=("delta",)), "")
    quiz = Quiz([ask(item)])

    assert quiz.answer_text("  ").verdict is Verdict.WRONG
    quiz.go_on()
    assert quiz.score().points == 0


def test_a_self_judged_card_waits_for_the_judgement() -> None:
    quiz = Quiz([ask(Item("d/b", Card("d", "b", Kind.BASIC, "Why?", back="Because."), ""))])

    with pytest.raises(RuntimeError, match="has not been answered"):
        quiz.go_on()

    quiz.judge(right=True)
    quiz.go_on()
    assert quiz.score().right == 1


def test_a_quiz_never_asks_one_card_twice_and_keeps_to_the_kinds() -> None:
    pair = Card("d", "p", Kind.BASIC, "BPTT", back="through time", both=True)
    items = [*cards(10), *pair.items]

    drawn = draw(items, 50, seed=1)

    assert len({question.card.key for question in drawn}) == len(drawn) == 11
    assert {question.kind for question in draw(items, 5, [Kind.BASIC], seed=1)} == {Kind.BASIC}
    assert draw(items, 5, seed=7) == draw(items, 5, seed=7) != draw(items, 5, seed=8)


def test_being_sure_is_compared_with_being_right() -> None:
    quiz = Quiz(draw(cards(4), 4, seed=1))
    for sure, right in ((5, True), (4, False), (2, False), (None, True)):
        question = quiz.current
        assert question is not None
        place = next(at for at, choice in enumerate(question.choices) if choice.right is right)
        quiz.answer_picks([place], confidence=sure)
        quiz.go_on()
    score = quiz.score()

    assert (score.sure, score.sure_right) == (2, 1)
    assert score.sure_words == "Sure 2 times, right 1 of them: 1 confident slip worth a second look."


def test_nothing_is_said_of_sureness_where_nobody_was_asked() -> None:
    quiz = Quiz(draw(cards(1), 1, seed=1))
    quiz.answer_picks([0])
    quiz.go_on()
    assert quiz.score().sure_words == ""


def test_the_rest_of_a_quiz_has_what_was_not_answered_and_still_counts_as_reviews() -> None:
    quiz = Quiz(draw(cards(3), 3, seed=1), as_reviews=True)
    quiz.answer_picks([0])
    quiz.go_on()
    rest = quiz.rest()

    assert rest.questions == quiz.questions[1:]
    assert rest.as_reviews


def test_each_answer_that_counts_as_a_review_is_on_disk_before_the_next_question(desk: Desk) -> None:
    """A quiz that ends with the power keeps what was answered; to take back, it is one act."""
    quiz = desk.quiz(["small"], 2, (Kind.TYPED, Kind.NUMERIC), seed=1, as_reviews=True)
    for answered in (1, 2):
        quiz.answer_text("12345")
        desk.next_question(quiz)
        assert len(desk.store.journal.entries(kinds=["review"])) == answered
    desk.record_quiz(quiz)

    assert [entry.act for entry in desk.store.journal.entries()] == [quiz.act] * 3
    undone = desk.undo()
    assert undone is not None
    assert undone.words == "The 2 reviews of a quiz taken back"
    assert not desk.store.journal.entries(kinds=["review"], void=False)
    assert desk.redo() is not None
    assert len(desk.store.journal.entries(kinds=["review"], void=False)) == 2


def test_an_answer_that_the_disk_refuses_stays_to_be_kept_later(desk: Desk, monkeypatch) -> None:
    quiz = desk.quiz(["small"], 1, (Kind.TYPED,), seed=1, as_reviews=True)
    quiz.answer_text("delta")
    with monkeypatch.context() as broken:

        def refuse(*_args: object, **_more: object) -> None:
            raise DiskFull("The disk is full.")

        broken.setattr(desk.store.journal, "append_many", refuse)
        with pytest.raises(DiskFull):
            desk.next_question(quiz)
    assert quiz.current is not None
    assert quiz.settled() is not None

    desk.next_question(quiz)
    assert quiz.current is None
    assert [entry.grade for entry in desk.store.journal.entries(kinds=["review"])] == [3]
