"""The first card can be seen before anything is open, and it is the one that is asked."""

from collections.abc import Callable
from pathlib import Path

from studyapp.memory.model import Grade
from studyapp.study.desk import Desk
from studyapp.study.preview import first_card


def study(desk: Desk, clock, *, days: int) -> None:
    """Learn everything that is new, then let days pass."""
    session = desk.review()
    while session.current is not None:
        session.grade(Grade.EASY)
    clock.on(days=days)


def test_the_card_seen_first_is_the_card_that_is_asked_first(desk: Desk, clock, tmp_path: Path) -> None:
    study(desk, clock, days=40)

    seen = first_card(tmp_path / "home", clock)
    assert seen is not None
    asked = desk.review(first=seen.key).current

    assert asked is not None
    assert (seen.key, seen.question) == (asked.question.key, asked.question)  # options in the same order, too
    assert (seen.deck_title, seen.lesson_title, seen.phase_word) == (
        asked.deck_title,
        asked.lesson_title,
        asked.phase_word,
    )


def test_beginning_with_a_card_asks_no_more_and_no_other_cards(
    open_desk: Callable[..., Desk], clock, tmp_path: Path
) -> None:
    study(open_desk(), clock, days=40)
    desk = open_desk(reviews_per_day=3)

    seen = first_card(tmp_path / "home", clock)
    assert seen is not None
    session = desk.review(first=seen.key)
    keys = []
    while session.current is not None:
        keys.append(session.current.question.key)
        session.grade(Grade.EASY)

    assert len(keys) == len(set(keys)) == 3
    assert keys[0] == seen.key
    assert first_card(tmp_path / "home", clock) is None  # the day's limit is reached: nothing would be asked


def test_nothing_is_seen_where_a_session_alone_can_tell(open_desk: Callable[..., Desk], clock, tmp_path: Path) -> None:
    assert first_card(tmp_path / "nowhere", clock) is None
    open_desk()
    assert first_card(tmp_path / "home", clock) is None  # only new cards: which one comes depends on what is known
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "studyapp.db").write_bytes(b"no database" * 400)
    assert first_card(tmp_path / "broken", clock) is None


def test_a_card_that_was_answered_elsewhere_meanwhile_is_passed_over(desk: Desk, clock, tmp_path: Path) -> None:
    study(desk, clock, days=40)
    seen = first_card(tmp_path / "home", clock)
    assert seen is not None
    desk.review(first=seen.key).grade(Grade.EASY)

    asked = desk.review(first=seen.key).current

    assert asked is not None
    assert asked.question.key != seen.key
