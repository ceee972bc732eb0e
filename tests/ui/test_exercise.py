"""Working an exercise on the screen: a sheet of paper, marked step by step, kept at every act."""

from dataclasses import replace

import pytest
from textual.widgets import Input

from studyapp.memory.model import Act, Grade
from studyapp.storage.errors import DiskFull
from studyapp.ui import exercise_sitting
from studyapp.ui.exercise_sitting import SittingScreen


@pytest.fixture(autouse=True)
def _quick_fingers(monkeypatch) -> None:
    """The same answer twice is meant, however fast it comes."""
    monkeypatch.setattr(exercise_sitting, "SECOND", 0.0)


@pytest.fixture
def sit(start, screen_text):
    """`async with sit(level=3, example=True) as pilot`: a sitting of the two-input problem, at its first step."""

    class Sat:
        def __init__(self, size=(80, 24), name="linear-neuron", **how) -> None:
            self.size, self.name, self.how = size, name, how

        async def __aenter__(self):
            self.around = start("exercise", "delta", size=self.size)
            pilot = await self.around.__aenter__()
            desk = pilot.app.desk
            screen = SittingScreen(lambda: desk.practice(self.name, **self.how), self.name)
            await pilot.app.push_screen(screen)
            await pilot.app.workers.wait_for_complete()
            await pilot.pause()
            return pilot

        async def __aexit__(self, *error):
            await self.around.__aexit__(*error)

    return Sat


def write(pilot, text: str) -> None:
    """Put an answer into the field, as if typed or pasted."""
    pilot.app.screen.paper.field.value = text


async def answer(pilot, *texts: str) -> None:
    for text in texts:
        write(pilot, text)
        await pilot.press("enter")


def reviews(pilot) -> list[Grade]:
    entries = pilot.app.desk.store.journal.entries(kinds=(Act.REVIEW,), void=False)
    return [Grade(entry.grade) for entry in entries]


async def test_the_sheet_shows_givens_drawing_conventions_and_every_step(sit, screen_text) -> None:
    async with sit(example=True, level=3) as pilot:
        shown = screen_text(pilot.app)
        for part in ("level 3", "published example", "step 1 of 4", "x₂ 0.8 ─── w₂ −0.2", "w  (0.5, −0.2)", "η  0.1"):
            assert part in shown, part
        assert "Loss L = ½ (t − y)²" in shown
        assert "y = w₁ x₁ + w₂ x₂" in shown
        assert "4  Find the new weights." in shown
        assert "This counts as a review." in shown


async def test_the_published_numbers_are_worked_to_the_end_and_scheduled(sit, screen_text) -> None:
    """Three decimals: 0.021 and -0.179 are right, as the source text has them."""
    async with sit(example=True, level=3) as pilot:
        await answer(pilot, "0.5*1.0 - 0.2*0.8")
        shown = screen_text(pilot.app)
        assert "0.34   ✓ right" in shown
        assert "step 2 of 4" in shown
        await answer(pilot, "t-y", "0.026 0.021", "0.526, -0.179")

        shown = screen_text(pilot.app)
        assert "worked solution" in shown
        assert "y = w₁ x₁ + w₂ x₂ = 0.5·1 + (−0.2)·0.8 = 0.34" in shown
        assert "your answer  t-y" in shown
        assert "▸3 Good" in shown
        assert "This counts as a review." in shown
        assert reviews(pilot) == []
        await pilot.press("enter")
        assert reviews(pilot) == [Grade.GOOD]


async def test_a_wrong_sign_is_named_kept_by_the_same_answer_and_carried_forward(sit, screen_text) -> None:
    async with sit(example=True, level=3) as pilot:
        await answer(pilot, "0.34", "-0.26")
        shown = screen_text(pilot.app)
        assert "✗ not yet" in shown
        assert "You took the difference the other way round." in shown
        assert "Enter once more keeps it." in shown
        assert pilot.app.screen.paper.field.value == "-0.26"
        await pilot.press("enter")
        assert "−0.26   ✗ kept" in screen_text(pilot.app)
        await answer(pilot, "-0.026, -0.0208")
        assert "~ follows" in screen_text(pilot.app)


async def test_figures_too_few_and_calculations_cost_nothing(sit, screen_text) -> None:
    async with sit(example=True, level=3) as pilot:
        await answer(pilot, "0.3")
        assert "Right so far: 3 decimals are asked" in screen_text(pilot.app)
        await answer(pilot, "= 0.5*1.0 - 0.2*0.8")
        assert "= 0.34   calculated, not marked" in screen_text(pilot.app)
        await answer(pilot, "0,34")
        assert "0.34   ✓ right" in screen_text(pilot.app)
        tries = pilot.app.screen.sat.sitting.steps[0].tries
        assert [one.typed for one in tries] == ["0,34"]


async def test_hints_open_one_by_one_and_the_last_settles_the_step_after_a_pause(sit, screen_text, monkeypatch) -> None:
    monkeypatch.setattr(exercise_sitting, "PAUSE", 0.01)
    async with sit(example=True, level=3) as pilot:
        await pilot.press("ctrl+t", "ctrl+t")
        shown = screen_text(pilot.app)
        assert "Hint  Each input has a weight of its own; mind its sign." in shown
        assert shown.count("y = w₁ x₁ + w₂ x₂") == 1  # the formula stands there already
        assert "Hint  y = 0.5·1 + (−0.2)·0.8 = ?" in shown
        assert "step 1 of 4" in shown
        await pilot.press("ctrl+t")
        while pilot.app.screen.step.index == 0:
            await pilot.pause(0.02)
        await pilot.pause()
        assert "· told" in screen_text(pilot.app)
        assert "step 2 of 4" in screen_text(pilot.app)


async def test_whoever_types_during_the_pause_is_not_told_the_result(sit, screen_text, monkeypatch) -> None:
    monkeypatch.setattr(exercise_sitting, "PAUSE", 0.2)
    async with sit(example=True, level=3) as pilot:
        await pilot.press("ctrl+t", "ctrl+t", "ctrl+t")
        assert "The result comes in a moment" in screen_text(pilot.app)
        await pilot.press("0", "full_stop", "3", "4")
        await pilot.pause(0.4)
        assert pilot.app.screen.step.index == 0
        await pilot.press("enter")
        assert "0.34   ✓ right" in screen_text(pilot.app)


async def test_a_worked_example_is_read_before_its_question_and_a_click_answers(sit, screen_text) -> None:
    async with sit(size=(80, 30), example=True, level=0) as pilot:
        shown = screen_text(pilot.app)
        assert "Δw₂ = −0.1 · (−0.208) = 0.0208" in shown
        while not pilot.app.screen.paper.choices.has_focus:
            await pilot.press("space")
        choices = pilot.app.screen.paper.choices
        right = next(place for place, choice in enumerate(choices.choices) if choice.right)
        await pilot.press("abc"[(right + 1) % 3])
        assert "✗ not yet" in screen_text(pilot.app)
        await pilot.click(choices.query("OptionLine")[right])
        assert "worked solution" in screen_text(pilot.app)


async def test_space_reads_on_and_never_picks_an_option(sit) -> None:
    """Whoever reads a worked example with Space must not have answered its question by one press too many."""
    async with sit(level=0) as pilot:
        for _ in range(12):
            await pilot.press("space")
        assert pilot.app.screen.sat.sitting.steps[-1].tries == ()
        assert pilot.app.screen.paper.choices.has_focus


async def test_enter_pressed_twice_by_mistake_keeps_no_wrong_answer(sit, screen_text, monkeypatch) -> None:
    monkeypatch.setattr(exercise_sitting, "SECOND", 3600.0)
    async with sit(example=True, level=3) as pilot:
        await answer(pilot, "0.34", "-0.26")
        await pilot.press("enter", "enter")
        assert "✗ not yet" in screen_text(pilot.app)
        assert pilot.app.screen.step.index == 1
        await pilot.press("ctrl+g")
        assert pilot.app.screen.step.index == 2


async def test_space_reads_the_solution_to_its_end_before_it_takes_the_grade(sit) -> None:
    async with sit(example=True, level=3) as pilot:
        await answer(pilot, "0.34", "0.26", "0.026 0.021", "0.526, -0.179")
        page = pilot.app.screen.page
        assert page.max_scroll_y > 0
        presses = 0
        while reviews(pilot) == []:
            read = page.scroll_offset.y >= page.max_scroll_y - 1
            await pilot.press("space")
            await pilot.pause()
            presses += 1
            assert read == (reviews(pilot) != [])
        assert presses > 1


async def test_a_grade_that_was_not_taken_stands_there_the_next_time(sit, screen_text) -> None:
    """Ctrl+Q at the proposal, a closed window, a crash: what was worked is not lost."""
    async with sit(example=True, level=3) as pilot:
        await answer(pilot, "0.34", "0.26", "0.026 0.021", "0.526, -0.179")
        assert "▸3 Good" in screen_text(pilot.app)
        assert reviews(pilot) == []
        desk = pilot.app.desk
        screen = SittingScreen(lambda: desk.practice("linear-neuron"), "linear-neuron")
        await pilot.app.push_screen(screen)
        await pilot.app.workers.wait_for_complete()
        await pilot.pause()
        shown = screen_text(pilot.app)
        assert "published example · worked solution" in shown
        assert "▸3 Good" in shown
        await pilot.press("2")
        assert reviews(pilot) == [Grade.HARD]


async def test_a_named_mistake_is_not_said_twice(sit, screen_text) -> None:
    async with sit(example=True, level=3) as pilot:
        await answer(pilot, "0.34", "-0.26")
        await pilot.press("ctrl+t")
        shown = screen_text(pilot.app)
        assert shown.count("You took the difference the other way round.") == 1
        assert "Hint  e = 0.6 − 0.34 = ?" in shown


async def test_a_hint_does_not_bring_back_what_was_said_of_another_answer(sit, screen_text) -> None:
    async with sit(example=True, level=3) as pilot:
        await answer(pilot, "0.66", "xyz")
        await pilot.press("ctrl+t")
        shown = screen_text(pilot.app)
        assert "“xyz” was not understood." in shown
        assert "not yet" not in shown


@pytest.mark.parametrize("size", [(80, 24), (60, 20)])
async def test_the_question_stays_in_sight_whatever_opens_below_it(sit, screen_text, size) -> None:
    async with sit(name="mlp-2-2-2", level=2, seed=7, size=size) as pilot:
        await answer(pilot, "9, 9; 9, 9")
        for _ in range(3):
            await pilot.press("ctrl+t")
            await pilot.pause()
            shown = screen_text(pilot.app)
            assert "8  Find the new output weights." in shown
            assert "0.5" in shown
            assert "Enter once more keeps it" not in shown


async def test_the_last_line_of_a_verdict_is_seen_when_the_question_has_scrolled_away(sit, screen_text) -> None:
    async with sit(name="wrong-line-linear", level=3, seed=7, size=(60, 20)) as pilot:
        await answer(pilot, "5")
        lines: list[str] = []
        for _ in range(100):  # the page is laid out anew until everything has its place
            await pilot.pause(0.02)
            lines = [line.strip() for line in screen_text(pilot.app).split("\n")]
            if "it." in lines:
                break
        assert "it." in lines
        assert "1  One line of this solution is wrong; the lines below …" in lines


async def test_whoever_types_sees_the_field_however_long_the_hints_are(sit, screen_text) -> None:
    async with sit(name="batch-norm", level=1, seed=7) as pilot:
        for _ in range(3):
            await pilot.press("ctrl+t")
            await pilot.pause()
        await pilot.press("1", "7", "comma")
        await pilot.pause()
        shown = screen_text(pilot.app)
        assert "│ 17, " in shown
        assert "7  Find the gradient of x." in shown


async def test_long_answers_stand_in_full_beside_the_solution(sit) -> None:
    wrong, right = "-1, -4, -3; 1, -1, -2; 2, 3, 1", "-2, -4, 6; 5, 0, -5; -2, 1, 1"
    async with sit(name="conv2d", level=2, seed=7) as pilot:
        await answer(pilot, wrong, right)
        await pilot.press("ctrl+o")
        await pilot.pause()
        solution = " ".join(pilot.app.screen.query_one("#before").text.split())
        assert f"your answers {wrong}, then {right}" in solution


async def test_the_sheet_gives_way_to_the_work_and_comes_back_with_the_next_step(sit, screen_text) -> None:
    async with sit(name="mlp-2-2-1", level=3, seed=7) as pilot:
        assert "⠤" in screen_text(pilot.app)
        await answer(pilot, "9, 9")
        for _ in range(3):
            await pilot.press("ctrl+t")
            await pilot.pause()
        assert "⠤" not in screen_text(pilot.app)
        await answer(pilot, "0.368188, 0.617748")
        await pilot.pause()
        shown = screen_text(pilot.app)
        assert "⠤" in shown
        assert "(0.368188, 0.617748)   ✓ right" in shown


async def test_a_wrong_line_is_not_given_away_and_stands_marked_once_found(sit, screen_text) -> None:
    async with sit(name="wrong-line-linear", level=3, seed=7, size=(80, 30)) as pilot:
        assert "What should stand in line" not in screen_text(pilot.app)
        await answer(pilot, "4")
        shown = screen_text(pilot.app)
        assert "✗ 4" in shown
        assert "What should stand in line 4?" in shown
        assert "(D" not in shown


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_a_long_misworked_solution_is_mended_and_read_to_the_end(sit, screen_text, size) -> None:
    """Seventeen lines: the mended one alone stands above the field; at the end the wrong one is marked."""
    async with sit(name="wrong-line-mlp", level=3, seed=7, size=size) as pilot:
        line, value = (step.value for step in pilot.app.screen.sat.sitting.variant.steps)
        await answer(pilot, str(line))
        await pilot.pause()
        shown = screen_text(pilot.app)
        assert f"2  What should stand in line {line}?" in shown
        assert f"✗ {line}  δ⁽¹⁾ = " in shown
        assert "2 numbers, 3 significant figures" in shown
        await answer(pilot, ", ".join(f"{one:.6g}" for one in value))
        await pilot.pause()
        assert "worked solution" in screen_text(pilot.app)
        solution = pilot.app.screen.query_one("#before").text
        assert f"✗ {line}  δ⁽¹⁾ = " in solution
        assert solution.count("z⁽¹⁾ = W⁽¹⁾ x + b⁽¹⁾") == 1
        assert "your answer" in solution


async def test_at_level_five_a_miss_opens_the_steps(sit, screen_text) -> None:
    async with sit(level=5, seed=1) as pilot:
        assert "step 1 of 1" in screen_text(pilot.app)
        assert "y = w₁ x₁" not in screen_text(pilot.app)
        await answer(pilot, "7, 7")
        shown = screen_text(pilot.app)
        assert "step 1 of 4" in shown
        assert "the steps that lead there have opened" in shown


async def test_leaving_keeps_every_answer_and_the_sitting_goes_on(sit, screen_text) -> None:
    async with sit() as pilot:
        screen = pilot.app.screen
        seed = screen.sat.sitting.variant.seed
        await answer(pilot, "7 7")
        await pilot.press("escape")
        again = SittingScreen(lambda: pilot.app.desk.practice("linear-neuron"), "linear-neuron")
        await pilot.app.push_screen(again)
        await pilot.app.workers.wait_for_complete()
        await pilot.pause()
        assert again.sat.sitting.variant.seed == seed
        assert again.paper.field.value == "7 7"
        assert "You go on where you left it." in screen_text(pilot.app)


async def test_an_enter_too_many_is_no_answer_to_the_next_step(sit, screen_text) -> None:
    async with sit(example=True, level=3) as pilot:
        screen = pilot.app.screen
        write(pilot, "0.34")
        for _ in range(2):  # both are on their way before the first is kept
            screen.post_message(Input.Submitted(screen.paper.field, "0.34"))
        await pilot.pause()
        shown = screen_text(pilot.app)
        assert "0.34   ✓ right" in shown
        assert "step 2 of 4" in shown
        assert "not yet" not in shown
        assert screen.paper.field.value == ""


async def test_a_refused_answer_has_not_happened_and_enter_tries_again(sit, screen_text, monkeypatch) -> None:
    """A half-kept sitting would be replayed with its answers at the wrong steps."""
    async with sit(example=True, level=3) as pilot:
        journal = pilot.app.desk.store.journal
        with monkeypatch.context() as broken:

            def refuse(*_args, **_more):
                raise DiskFull("The disk is full.")

            broken.setattr(journal, "append", refuse)
            await answer(pilot, "0.34")
            shown = screen_text(pilot.app)
            assert "Not saved: The disk is full." in shown
            assert "step 1 of 4" in shown
            assert pilot.app.screen.paper.field.value == "0.34"
        await pilot.press("enter")
        assert "0.34   ✓ right" in screen_text(pilot.app)


async def test_a_refused_grade_stays_and_the_next_try_works(sit, screen_text, monkeypatch) -> None:
    async with sit(example=True, level=3) as pilot:
        await answer(pilot, "0.34", "0.26", "0.026 0.0208", "0.526 -0.1792")
        journal = pilot.app.desk.store.journal
        with monkeypatch.context() as broken:

            def refuse(*_args, **_more):
                raise DiskFull("The disk is full.")

            broken.setattr(journal, "append_many", refuse)
            await pilot.press("2")
            assert "Not saved: The disk is full. Nothing is lost" in screen_text(pilot.app)
            assert reviews(pilot) == []
        await pilot.press("2")
        assert reviews(pilot) == [Grade.HARD]


async def test_the_same_numbers_again_are_practice_once_the_review_is_written(sit, screen_text) -> None:
    async with sit(level=3, seed=12) as pilot:
        await answer(pilot, "9", "9", "9", "9", "9 9", "9 9", "9 9", "9 9")
        assert "worked solution" in screen_text(pilot.app)
        await pilot.press("r")
        await pilot.app.workers.wait_for_complete()
        await pilot.pause()
        assert reviews(pilot) == [Grade.AGAIN]
        shown = screen_text(pilot.app)
        assert "seed 12" in shown
        assert "step 1 of 4" in shown


async def test_a_long_sheet_with_a_wrong_line_folds_the_drawing_and_shows_where_one_types(sit, screen_text) -> None:
    async with sit(name="wrong-line-mlp", level=3, seed=5) as pilot:
        shown = screen_text(pilot.app)
        assert "One line of this solution is wrong" in shown
        assert "⠤" not in shown
        assert "(the whole sheet: F2)" in shown
        right = pilot.app.screen.step.step.value
        await pilot.press(*str(right))
        assert "the number of the wrong line, 1 to" in screen_text(pilot.app)
        await pilot.press("enter")
        assert f"line {right}   ✓ right" in screen_text(pilot.app)


async def test_shapes_and_orders_are_typed_and_large_arrays_are_named_by_their_shape(sit, screen_text) -> None:
    async with sit(name="shapes", level=3, seed=5) as pilot:
        shown = screen_text(pilot.app)
        assert "the sides, as in 2×3" in shown
        assert "0.6" not in shown
    async with sit(name="backprop-order", level=3, seed=5) as pilot:
        await answer(pilot, "1 2")
        assert "Type the numbers 1 to 6 in the right order" in screen_text(pilot.app)
        await answer(pilot, " ".join(map(str, pilot.app.screen.step.step.value)))
        assert "✓ right" in screen_text(pilot.app)


async def test_sixty_columns_show_the_numbers_without_the_drawing_and_lose_nothing(sit, screen_text) -> None:
    async with sit(size=(60, 20), name="mlp-2-2-1", level=4, seed=3) as pilot:
        shown = screen_text(pilot.app)
        assert "level 4 · step 1 of 8" in shown
        assert "W⁽¹⁾  [" in shown
        assert "⠉" not in shown
        assert all(len(line) <= 60 for line in shown.splitlines())
        await pilot.press("f2")
        assert "⠤ a₁" in screen_text(pilot.app)


async def test_an_exercise_in_a_review_is_worked_and_the_review_goes_on(start, screen_text) -> None:
    async with start("exercise", "delta") as pilot:
        await pilot.press("space")
        assert "work it" in screen_text(pilot.app)
        await pilot.press("space")
        await pilot.app.workers.wait_for_complete()
        await pilot.pause()
        assert "step 4 of 4" in screen_text(pilot.app)
        await answer(pilot, "1 1")
        await pilot.press("escape")
        assert "Kept: Space goes on at the same step." in screen_text(pilot.app)
        await pilot.press("space")
        await pilot.app.workers.wait_for_complete()
        await pilot.pause()
        await pilot.press("enter", "3")
        assert reviews(pilot) == [Grade.GOOD]
        assert "What is δ?" in screen_text(pilot.app)
        await pilot.press("u")
        assert reviews(pilot) == []
        assert "One step of a linear neuron" in screen_text(pilot.app)


async def test_the_list_says_level_and_state_and_opens_at_a_chosen_level(start, screen_text) -> None:
    async with start("exercise", "delta", mode="exercise") as pilot:
        await pilot.app.workers.wait_for_complete()
        await pilot.pause()
        shown = screen_text(pilot.app)
        assert "▸ One step of a linear neuron" in shown
        assert "level 1   new" in shown
        assert "For practice: no deck schedules these" in shown
        assert "Level 1: all but the last step." in shown
        await pilot.press("l")
        assert "3  the formulas of every step" in screen_text(pilot.app)
        await pilot.press("3")
        await pilot.app.workers.wait_for_complete()
        await pilot.pause()
        assert "level 3" in screen_text(pilot.app)
        assert "step 1 of 4" in screen_text(pilot.app)
        await answer(pilot, "9")
        await pilot.press("escape")
        await pilot.app.workers.wait_for_complete()
        await pilot.pause()
        shown = screen_text(pilot.app)
        assert "begun" in shown
        assert "Kept: Enter goes on at the same step." in shown
        await pilot.press("down")
        assert "▸ For practice" not in screen_text(pilot.app)


async def test_the_list_says_what_is_mastered_and_how_near_it_is(start, screen_text) -> None:
    async with start("exercise", "delta", mode="exercise") as pilot:
        await pilot.app.workers.wait_for_complete()
        rows = pilot.app.desk.exercises()
        for days, standing in ((1, "Good on 1 of 3 days at level 4 or above."), (3, "Mastered: good on 3 days")):
            pilot.app.screen._found(tuple(replace(row, good_days=days, sittings=4) for row in rows))
            await pilot.pause()
            shown = screen_text(pilot.app)
            assert standing in " ".join(shown.split())
            assert ("level 1   mastered" in shown) is (days == 3)


async def test_text_of_a_persons_own_exercise_is_shown_as_written(start, screen_text, tmp_path) -> None:
    """Brackets in titles, prompts and options would crash or vanish if they were read as markup."""
    path = tmp_path / "mine.toml"
    path.write_text(
        'title = "w[i] and [/] and [bold]"\nconventions = "[red] stays"\nforward = """\ny = 3*x\nL = y**2\n"""\n'
        'loss = "L"\nask = [\n{ name = "c", prompt = "Is [/b] so?", choose = [\n["[/] yes", "x > 0", ""],\n'
        '["[i] no", "x <= 0", "Why [x]?"],\n] },\n{ of = "y", prompt = "Find [/y]." },\n]\n'
        "[sample.x]\none_of = [0.2, 0.3, 0.4]\n",
        encoding="utf-8",
    )
    async with start("delta") as pilot:
        desk = pilot.app.desk
        await pilot.app.push_screen(SittingScreen(lambda: desk.practice(str(path), level=3), str(path)))
        await pilot.app.workers.wait_for_complete()
        await pilot.pause()
        shown = screen_text(pilot.app)
        for part in ("w[i] and [/] and [bold]", "[red] stays", "Is [/b] so?", "[/] yes", "Find [/y]."):
            assert part in shown, part
        wrong = next(choice for choice in pilot.app.screen.paper.choices.choices if not choice.right)
        await pilot.press(wrong.letter)
        assert "Why [x]?" in screen_text(pilot.app)


async def test_an_exercise_that_cannot_be_opened_says_why_and_lets_one_leave(start, screen_text) -> None:
    async with start("delta") as pilot:
        desk = pilot.app.desk
        await pilot.app.push_screen(SittingScreen(lambda: desk.practice("flying"), "flying"))
        await pilot.app.workers.wait_for_complete()
        await pilot.pause()
        assert "there is no exercise “flying”" in screen_text(pilot.app)
        await pilot.press("escape")
        assert "A small deck" in screen_text(pilot.app)


async def test_signs_are_reasoned_from_the_numbers_and_a_right_pick_is_not_argued_with(sit, screen_text) -> None:
    """An option's own text is for those who pick it wrongly."""
    async with sit(name="sign-reasoning", level=3, seed=5) as pilot:
        assert "x  (" in screen_text(pilot.app)
        choices = pilot.app.screen.paper.choices
        right = next(choice for choice in choices.choices if choice.right)
        await pilot.press(right.letter)
        shown = screen_text(pilot.app)
        assert "✓ right" in shown
        assert pilot.app.screen.sat.sitting.steps[0].step.feedback[right.index] not in " ".join(shown.split())
