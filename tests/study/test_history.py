"""A card's past can be read, what was taken back included."""

from studyapp.memory.model import Grade
from studyapp.study.desk import Desk


def test_every_act_on_a_card_is_told_in_order(desk: Desk, clock) -> None:
    session = desk.review()
    clock.on(seconds=90)
    session.grade(Grade.GOOD)
    session.undo()
    desk.flag("small/delta", 2)
    desk.suspend("small/delta")

    lines = desk.history("small/delta")

    assert [(line.words, line.void) for line in lines] == [
        ("Good, 1 minute", True),
        ("an act taken back", False),
        ("flag 2", False),
        ("suspended", False),
    ]
    assert lines[0].at.hour == 9


def test_only_chosen_items_are_asked_whatever_the_limits_say(open_desk) -> None:
    """Who asks for the cards of a page means it."""
    desk = open_desk(new_per_day=0)
    assert desk.review().current is None

    session = desk.review(only=["small/rule", "small/name"])

    assert session.left == 2
    assert session.current.question.key == "small/rule"
