"""Figures of the past and the future, and each of them in words."""

from collections.abc import Callable

from studyapp.memory.model import Grade
from studyapp.storage.statistics import Slip
from studyapp.study.desk import Desk
from studyapp.study.progress import Retention, named, of, sentences


def test_before_the_first_review_every_figure_says_what_is_missing(desk: Desk) -> None:
    words = sentences(desk.progress())

    assert words["reviews"] == "No reviews in this period yet."
    assert "retention shows after" in words["retention"]
    assert words["forecast"] == "Nothing is planned for the next thirty days."


def test_reviews_retention_and_forecast_add_up(open_desk: Callable[..., Desk], clock) -> None:
    desk = open_desk(bury_review_siblings=False)
    session = desk.review()
    while session.current is not None:
        clock.on(seconds=6)
        session.grade(Grade.EASY)
    assert desk.progress().forecast[8] == 10
    clock.on(days=8)
    session = desk.review()
    assert session.left == 10
    session.grade(Grade.AGAIN)
    for _ in range(9):
        session.grade(Grade.GOOD)

    figures = desk.progress()

    assert figures.reviews == 20
    assert figures.duration_ms == 60_000
    assert (figures.young.passed, figures.young.total, figures.mature.total) == (9, 10, 0)
    assert 0.85 < figures.predicted < 0.95
    assert [hard.key for hard in figures.hardest] == ["small/delta"]
    words = sentences(figures)
    assert words["retention"].startswith("90.0 % (±19) of 10 reviews remembered, target 90 %; young 90 %.")
    assert "as expected" in words["retention"]
    assert words["hardest"] == "Hardest: What is δ? (1 lapse)."


def test_confidence_given_before_checking_shows_how_well_one_knows(desk: Desk) -> None:
    session = desk.review()
    while session.current.question.card.id != "shrink":
        session.bury()
    session.check_picks([0], confidence=5)
    session.grade()

    assert sentences(desk.progress())["calibration"] == "confidence 5: 100 % of 1 right."


def test_mistakes_are_counted_by_their_names_and_wrong_values_of_single_cards_are_not() -> None:
    slips = [Slip("D03", 4), Slip("D03+half", 2), Slip("sign_of_update", 1), Slip("card:small/change", 9)]

    assert [(one.name, one.count) for one in named(slips)] == [
        ("error with the opposite sign", 4),
        ("error with the opposite sign, with a factor ½", 2),
        ("sign of update", 1),
    ]


def test_few_answers_have_a_margin_and_many_have_none() -> None:
    assert Retention(9, 10).margin is not None
    assert 0.1 < Retention(9, 10).margin < 0.25
    assert Retention(900, 1000).margin is None
    assert Retention(0, 0).share is None


def test_of_one_deck_streak_and_forecast_are_its_own(open_desk: Callable[..., Desk], clock, tmp_path) -> None:
    other = tmp_path / "other.md"
    other.write_text('+++\nid = "other"\ntitle = "Other"\n+++\n\n## Q {#q}\n\nA\n', encoding="utf-8")
    desk = open_desk()
    desk.change("decks", [str(tmp_path / "small.md"), str(other)])
    for deck in ("small", "small", "other"):
        session = desk.review([deck])
        session.grade(Grade.EASY)
        clock.on(days=1)
    everywhere, small, other_deck = of(desk), of(desk, "small"), of(desk, "other")

    assert (everywhere.streak, small.streak, other_deck.streak) == (3, 0, 1)
    assert (small.longest_streak, other_deck.longest_streak) == (2, 1)
    assert [a + b for a, b in zip(small.forecast, other_deck.forecast, strict=True)] == list(everywhere.forecast)
    assert sum(other_deck.forecast) == 1


def test_of_one_deck_what_is_counted_everywhere_says_so(desk: Desk) -> None:
    session = desk.review()
    while session.current.question.card.id != "shrink":
        session.bury()
    session.check_picks([0], confidence=5)
    session.grade()

    assert sentences(of(desk, "small"))["calibration"].startswith("In all decks: ")
    assert not any(sentence.startswith("In all decks") for sentence in sentences(of(desk)).values())


def test_what_is_due_today_counts_the_learning_steps_as_the_first_page_does(desk: Desk) -> None:
    session = desk.review()
    session.grade(Grade.AGAIN)
    session.grade(Grade.GOOD)
    today = desk.today()

    assert of(desk).forecast[0] == today.due_now + today.later_today == 2
