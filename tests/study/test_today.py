"""The first page tells the truth about today and offers a way back after an absence."""

from collections.abc import Callable
from pathlib import Path

from studyapp.memory.model import Grade
from studyapp.study import today
from studyapp.study.desk import Desk


def study_all(desk: Desk, grade: Grade = Grade.EASY) -> int:
    """Grade everything that a session asks; the number of reviews."""
    session = desk.review()
    while session.current is not None:
        session.grade(grade)
    return session.done


def test_a_new_learner_sees_what_there_is_to_begin_with(desk: Desk) -> None:
    page = desk.today()

    assert (page.due_now, page.new_now, page.later_today, page.tomorrow) == (0, 10, 0, 0)
    assert (page.streak_days, page.remembered, page.backlog) == (0, None, None)
    assert [(deck.id, deck.new, deck.total) for deck in page.decks] == [("small", 10, 8)]
    assert page.next_lesson is not None
    assert page.next_lesson.deck == "small"


def test_new_items_today_are_those_the_limit_still_admits(open_desk: Callable[..., Desk]) -> None:
    desk = open_desk(new_per_day=4)
    session = desk.review()
    session.grade(Grade.EASY)

    assert desk.today().new_now == 3
    assert session.left == 3


def test_todays_new_cards_come_from_the_open_decks_in_their_order(
    open_desk: Callable[..., Desk], tmp_path: Path
) -> None:
    decks = [tmp_path / "small.md", tmp_path / "later.md", tmp_path / "free.md"]
    for path, requires in ((decks[1], '["small"]'), (decks[2], "[]")):
        path.write_text(f'+++\nid = "{path.stem}"\ntitle = "T"\nrequires = {requires}\n+++\n\n## Q {{#q}}\n\nA\n')
    desk = open_desk(new_per_day=11)
    desk.change("decks", [str(path) for path in decks])

    assert {deck.id: (deck.new, deck.alone) for deck in desk.today().decks} == {
        "small": (10, 10),
        "later": (0, 0),
        "free": (1, 1),
    }


def test_learning_steps_are_due_later_today(desk: Desk, clock) -> None:
    session = desk.review()
    session.grade(Grade.GOOD)

    assert (desk.today().due_now, desk.today().later_today) == (0, 1)
    clock.on(minutes=13)
    assert (desk.today().due_now, desk.today().later_today) == (1, 0)


def test_studying_day_after_day_makes_a_streak_and_a_gap_ends_it(desk: Desk, clock) -> None:
    for _ in range(3):
        session = desk.review()
        session.grade(Grade.EASY)
        clock.on(days=1)

    assert desk.today().streak_days == 3
    clock.on(days=1)
    assert desk.today().streak_days == 0


def test_streaks_of_the_past_are_remembered() -> None:
    assert today.streaks([1, 2, 3, 4, 8, 9], today=10) == (2, 4)
    assert today.streaks([1, 2, 3], today=9) == (0, 3)
    assert today.streaks([], today=9) == (0, 0)


def test_after_an_absence_the_day_is_capped_and_the_most_fragile_come_first(tmp_path, clock) -> None:
    """A wall of overdue items makes people stop for good."""
    cards = "\n\n".join(f"## Question {n}? {{#q{n}}}\n\nAnswer {n}" for n in range(150))
    deck = tmp_path / "many.md"
    deck.write_text(f'+++\nid = "many"\ntitle = "Many"\n+++\n\n# One\n\n{cards}\n')
    from studyapp.study import settings

    chosen = settings.changed(settings.Settings(), "decks", [str(deck)])
    settings.save(tmp_path / "home", settings.changed(chosen, "new_per_day", 150))
    with Desk.open(tmp_path / "home", clock, with_bundled=False) as desk:
        assert study_all(desk) == 150
        clock.on(days=30)

        page, plan = desk.today(), desk.plan()

        assert page.due_now == 150
        assert page.backlog is not None
        assert page.backlog.words == "150 waiting: 40 a day clears it in 4 days, the most fragile first."
        assert len(plan.main) == 40
        study_all(desk)
        assert desk.review().current is None
        assert len(desk.plan(["many"]).main) == 110


def test_the_pace_is_the_persons_own_once_it_is_known(desk: Desk) -> None:
    assert today.pace_ms([]) == today.USUAL_MS


def test_a_deck_beyond_todays_new_cards_says_what_it_would_bring_alone(
    open_desk: Callable[..., Desk], tmp_path
) -> None:
    own = tmp_path / "own.md"
    cards = "\n".join(f"## Q{number} {{#q{number}}}\n\nA{number}\n" for number in range(9))
    own.write_text(f'+++\nid = "own"\ntitle = "Own"\n+++\n\n{cards}', encoding="utf-8")
    desk = open_desk(new_per_day=4)
    desk.change("decks", [str(tmp_path / "small.md"), str(own)])
    small, other = desk.today().decks

    assert (small.new, other.new, other.alone) == (4, 0, 4)
    assert desk.today().new_now == desk.review().left == 4
    assert desk.review(["own"]).left == 4
