"""A quiz as a person lives it: start, answer, leave, look back, retry; nothing is lost, nothing scheduled unasked."""

from studyapp.storage.entry import QUIZ
from studyapp.storage.errors import DiskFull
from studyapp.storage.store import Store


def kept(pilot) -> list[dict]:
    """The bodies of the quizzes in the journal."""
    return [entry.body for entry in pilot.app.desk.store.journal.entries(kinds=(QUIZ,))]


async def test_enter_starts_a_quiz_with_sensible_choices_already_made(start, screen_text) -> None:
    async with start("rule", "change", mode="quiz") as pilot:
        setup = screen_text(pilot.app)
        await pilot.press("enter")
        asked = screen_text(pilot.app)

    assert "■ A small deck" in setup
    assert "2 of 2 questions; nothing is scheduled." in setup
    assert "1 of 2" in asked


async def test_a_wrong_pick_is_told_why_and_can_be_retried_from_the_score(start, screen_text) -> None:
    async with start("rule", mode="quiz") as pilot:
        await pilot.press("enter")
        wrong = next(one.letter for one in pilot.app.screen.quiz.current.choices if not one.right)
        await pilot.press(wrong)
        told = screen_text(pilot.app)
        await pilot.press("space")
        score = screen_text(pilot.app)
        await pilot.press("enter")
        opened = screen_text(pilot.app)
        await pilot.press("escape", "r")
        again = screen_text(pilot.app)
        bodies = kept(pilot)

    assert "✗" in told
    assert "That one is for products." in told
    assert "0 of 1 right" in score
    assert "not yet" in score
    assert "✓" in opened
    assert "Which rule?" in opened
    assert "Which rule?" in again
    assert "0 of 1 right" not in again
    assert [body["total"] for body in bodies] == [1], "a retry is practice and is not kept as another score"


async def test_a_card_without_a_machine_marked_answer_is_judged_by_the_person(start, screen_text) -> None:
    async with start("delta", mode="quiz") as pilot:
        await pilot.press("enter", "space")
        open_answer = screen_text(pilot.app)
        await pilot.press("y")
        score = screen_text(pilot.app)

    assert "I knew it" in open_answer
    assert "The derivative of the loss" in open_answer
    assert "1 of 1 right" in score


async def test_leaving_in_the_middle_shows_the_score_so_far_and_the_rest_can_still_be_answered(
    start, screen_text
) -> None:
    async with start("change", "name", mode="quiz") as pilot:
        await pilot.press("enter", "1", "enter", "space", "escape")
        so_far = screen_text(pilot.app)
        unkept = kept(pilot)
        await pilot.press("c")
        second = screen_text(pilot.app)
        await pilot.press("escape", "escape")
        setup = screen_text(pilot.app)
        bodies = kept(pilot)

    assert "1 of 2 answered" in so_far
    assert unkept == [], "a quiz that can go on is written once, when it is left"
    assert "2 of 2" in second
    assert "nothing is scheduled" in setup
    assert [body["total"] for body in bodies] == [1]


async def test_quitting_the_program_in_the_middle_keeps_what_was_answered(start) -> None:
    async with start("change", "name", mode="quiz") as pilot:
        await pilot.press("enter", "1", "enter", "space")
        pilot.app.exit()
        await pilot.pause()
        path = pilot.app.desk.store.path

    with Store.open(path) as store:
        assert len(store.journal.entries(kinds=(QUIZ,))) == 1


async def test_answers_count_as_reviews_only_when_that_is_switched_on(start) -> None:
    async with start("change", mode="quiz") as pilot:
        await pilot.press("r", "enter", *"0.0208", "enter", "space")
        state = pilot.app.desk.item_with_state("small/change")[1]

    assert state.reps == 1


async def test_with_no_question_of_the_chosen_kinds_the_page_says_what_to_do(start, screen_text) -> None:
    async with start("rule", mode="quiz") as pilot:
        await pilot.press("space", "enter")
        shown = screen_text(pilot.app)

    assert "switch on another deck or kind" in " ".join(shown.split())
    assert "Questions" in shown


async def test_the_mouse_switches_decks_and_picks_options(start, screen_text) -> None:
    async with start("rule", mode="quiz") as pilot:
        await pilot.click("#decks", offset=(6, 0))
        off = screen_text(pilot.app)
        await pilot.click("#decks", offset=(6, 0))
        on = screen_text(pilot.app)
        await pilot.press("enter")
        await pilot.click("#choices OptionLine", offset=(5, 0))
        answered = screen_text(pilot.app)

    assert "□ A small deck" in off
    assert "■ A small deck" in on
    assert "your answer" in answered


async def test_a_full_disk_at_the_end_is_told_and_the_next_try_keeps_the_score(start, screen_text, monkeypatch) -> None:
    async with start("change", mode="quiz") as pilot:
        desk = pilot.app.desk
        record = desk.record_quiz

        def refuse(_quiz):
            raise DiskFull("The disk is full.")

        monkeypatch.setattr(desk, "record_quiz", refuse)
        await pilot.press("enter", "1", "enter", "space")
        refused = screen_text(pilot.app)
        monkeypatch.setattr(desk, "record_quiz", record)
        await pilot.press("escape")
        bodies = kept(pilot)

    assert "Not saved. The disk is full." in refused
    assert len(bodies) == 1


async def test_how_sure_one_is_comes_before_the_verdict_and_counts_in_the_score(start, screen_text) -> None:
    async with start("rule", "name", mode="quiz", ask_confidence=True) as pilot:
        await pilot.press("enter")
        for _ in range(2):
            question = pilot.app.screen.quiz.current
            if question.choices:
                await pilot.press(next(one.letter for one in question.choices if not one.right))
            else:
                await pilot.press(*"delta", "enter")
            asked = screen_text(pilot.app)
            assert "How sure are you?" in asked
            assert "1–5 how sure" in asked
            assert not any(sign in asked for sign in ("✗", "✓ right"))
            await pilot.press("5")
            if question.choices:
                assert "You were certain." in screen_text(pilot.app)
            await pilot.press("space")
        score = screen_text(pilot.app)

    assert "1 of 2 right" in score
    assert "Sure 2 times, right 1 of them: 1 confident slip worth a second look." in " ".join(score.split())
    assert "not yet · certain" in score


async def test_an_answer_can_be_changed_instead_of_saying_how_sure(start, screen_text) -> None:
    async with start("name", mode="quiz", ask_confidence=True) as pilot:
        await pilot.press("enter", *"delt", "enter", "escape", "a", "enter")
        await pilot.click("GradeButton", offset=(2, 0))
        assert "✓ right" in screen_text(pilot.app)
        assert pilot.app.screen.quiz.pending.confidence == 1


async def test_a_quiz_left_half_way_goes_on_from_the_set_up_page_with_the_rest(start, screen_text) -> None:
    async with start("change", "name", "rule", mode="quiz") as pilot:
        await pilot.press("enter")
        first = pilot.app.screen.quiz.current
        await pilot.press(*(["a"] if first.choices else ["1", "enter"]), "space", "escape", "escape")
        setup = screen_text(pilot.app)
        await pilot.press("c")
        rest = pilot.app.screen.quiz
        asked = screen_text(pilot.app)

    assert "c goes on with the 2 left of the last quiz." in " ".join(setup.split())
    assert "1 of 2" in asked
    assert first.key not in {question.key for question in rest.questions}
