"""A quiz asks what was chosen, scores it fairly and lets the missed ones be tried again."""

import pytest

from content.model import Card, Item, Kind, Option
from studyapp.study.asking import ask
from studyapp.study.checking import Verdict
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
