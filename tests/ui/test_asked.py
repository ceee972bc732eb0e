"""What the command line asks of the screen that it opens."""

from content.model import Kind
from studyapp.study.quiz import QUIZ_KINDS


async def test_a_quiz_with_options_begins_at_once_as_it_was_asked_for(start, screen_text) -> None:
    asked = {"count": 2, "kinds": (Kind.CHOICE, Kind.TRUE_FALSE), "seed": 7, "as_reviews": True}
    async with start(mode="quiz", asked=asked) as pilot:
        first = screen_text(pilot.app)
        quiz = pilot.app.screen.quiz
        assert "1 of 2" in first
        assert quiz.as_reviews
        assert {question.kind for question in quiz.questions} == {Kind.CHOICE, Kind.TRUE_FALSE}

    async with start(mode="quiz", asked=asked) as pilot:
        assert screen_text(pilot.app) == first, "the same seed draws the same quiz"


async def test_after_a_quiz_of_any_number_the_choice_goes_on_in_steps(start, screen_text) -> None:
    asked = {"count": 7, "kinds": QUIZ_KINDS, "seed": None, "as_reviews": False}
    async with start(mode="quiz", asked=asked) as pilot:
        pilot.app.pop_screen()
        await pilot.press("n")
        assert "Questions" in screen_text(pilot.app)
        assert pilot.app.screen.count == 10


async def test_progress_opens_with_the_deck_and_the_days_named(start, screen_text) -> None:
    async with start(mode="progress", named=("small",), asked={"days": 45}) as pilot:
        assert "A small deck · last 45 days" in screen_text(pilot.app)
        await pilot.press("r")
        assert "last 90 days" in screen_text(pilot.app)


async def test_cards_are_shuffled_when_that_was_asked_for(start) -> None:
    async with start(mode="flashcards", named=("small",), asked={"shuffled": True}) as pilot:
        assert pilot.app.screen._shuffled


async def test_an_exercise_asked_for_opens_with_its_numbers_and_level(start, settle) -> None:
    asked = {"name": "linear-neuron", "seed": 7, "level": 2, "example": False}
    async with start(mode="exercise", asked=asked) as pilot:
        await settle(pilot.app, pilot)
        sat = pilot.app.screen.sat

    assert (sat.sitting.variant.template.id, sat.sitting.variant.seed, sat.sitting.level) == ("linear-neuron", 7, 2)


async def test_a_lab_asked_for_opens_with_what_was_chosen(start, settle, screen_text) -> None:
    async with start(mode="labs", asked={"lab": "race", "chosen": {"rate": "0.09"}}) as pilot:
        await settle(pilot.app, pilot)
        shown = screen_text(pilot.app)

    assert "0.09" in shown
