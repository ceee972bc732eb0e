"""What a class wants learned is there on the learner's own machine, with how far it is."""

from collections.abc import Callable
from datetime import date
from typing import Any

from studyapp.memory.model import Grade
from studyapp.storage import assigned
from studyapp.study.assignments import assignments
from studyapp.study.desk import Desk


def test_an_assignment_is_there_after_a_restart_until_all_of_it_is_begun(
    open_desk: Callable[..., Desk], clock: Any
) -> None:
    with open_desk() as desk:
        assert assignments(desk) == ()
        assigned.remember(desk.store.database, "class:ada", [("small", "2026-03-09"), ("away", "2026-03-02")])

    with open_desk() as desk:
        away, small = assignments(desk)

        assert (small.title, small.due, small.days_left, small.begun) == ("A small deck", date(2026, 3, 9), 7, 0)
        assert small.items == len(desk.library.items(["small"]))
        assert (away.title, away.here, away.days_left) == ("away", False, 0)
        assert "the deck is not here" in away.words
        desk.review().grade(Grade.EASY)
        assert assignments(desk)[1].words == (
            f"Assigned: A small deck, due in 7 days, 2026-03-09 (1 of {small.items} begun)."
        )

        clock.on(days=9)
        assert assignments(desk)[1].words.startswith("Assigned: A small deck, due since 2 days, 2026-03-09")
        for item in desk.library.items(["small"]):
            desk.suspend(item.key)
        assert [one.deck for one in assignments(desk)] == ["away"], "done and past its day"


def test_what_the_teacher_takes_back_is_gone_with_the_next_exchange(desk: Desk) -> None:
    assigned.remember(desk.store.database, "class:ada", [("small", "2026-03-09")])
    assigned.remember(desk.store.database, "other:ada", [("small", "2026-03-05")])
    assigned.remember(desk.store.database, "class:ada", [])

    assert [str(one.due) for one in assignments(desk)] == ["2026-03-05"]
