"""A sitting is marked step by step, forgives what follows from one slip, and is never lost."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from studyapp.memory.model import Act, Grade, Phase
from studyapp.study import settings, sheet, working
from studyapp.study.desk import Desk
from studyapp.study.exercises import NoExerciseError, Practice, once_more
from studyapp.study.levels import Sat, seeks_wrong_line
from studyapp.study.sitting import Status

DECK = """\
+++
id = "ex"
title = "Exercises"
+++

# One

## Delta rule {#rule}

It moves weights.

## One step {#step requires="rule"}

```exercise
template = "linear-neuron"
```
"""


@pytest.fixture
def start(tmp_path: Path, clock) -> Iterator[Callable[[], Desk]]:
    """Open the desk; a second call is the next start of the program."""
    (tmp_path / "ex.md").write_text(DECK)
    settings.save(tmp_path / "home", settings.changed(settings.Settings(), "decks", [str(tmp_path / "ex.md")]))
    opened: list[Desk] = []

    def begin() -> Desk:
        opened.append(Desk.open(tmp_path / "home", clock, with_bundled=False))
        return opened[-1]

    yield begin
    for desk in opened:
        desk.close()


@pytest.fixture
def desk(start: Callable[[], Desk]) -> Desk:
    return start()


def right(practice: Practice) -> str:
    """The answer to the current step, as a person would type it."""
    index = practice.sitting.current
    assert index is not None
    return sheet.in_a_line(practice.sitting.variant.steps[index].value)


def work_rightly(practice: Practice) -> None:
    while not practice.sitting.finished:
        assert practice.answer(right(practice)).accepted


def right_order(practice: Practice) -> str:
    """The numbers of the parts in their order."""
    return " ".join(map(str, practice.sitting.variant.steps[0].value))


def until_due(desk: Desk, clock) -> None:
    """Wait until the exercise is due again."""
    state = desk.store.journal.state("ex/step")
    clock.on(days=max(1, (state.due_day or 0) - desk.moment().today))


def test_the_two_input_problem_is_worked_as_published(desk: Desk) -> None:
    """x = (1.0, 0.8), w = (0.5, -0.2), t = 0.6, rate 0.1; three decimals accept 0.021 and -0.179."""
    practice = desk.practice("linear-neuron", example=True, level=3)
    for typed in ("0.34", "0.26", "0.026 0.021", "0.526, -0.179"):
        assert practice.answer(typed).accepted, typed

    assert practice.sitting.finished
    assert practice.result.grade is Grade.GOOD
    assert practice.result.clean


def test_the_key_earns_good_and_the_item_is_scheduled(desk: Desk) -> None:
    practice = desk.practice("linear-neuron")
    assert practice.scheduled
    work_rightly(practice)

    practice.finish()

    entry = desk.store.journal.entries(item="ex/step", kinds=("review",))[-1]
    assert (entry.grade, entry.body["template"], entry.body["clean"]) == (3, "linear-neuron", True)
    assert entry.body["given"].keys() == {"x", "w", "t", "eta"}
    assert desk.store.journal.state("ex/step").phase is Phase.LEARNING


def test_good_on_three_days_at_level_four_is_mastered_and_said(desk: Desk, clock) -> None:
    def row():
        return next(row for row in desk.exercises() if row.item == "ex/step")

    for count in range(3):
        assert not row().mastered
        assert row().mastery == (f"Good on {count} of 3 days at level 4 or above." if count else "")
        practice = desk.practice("linear-neuron", level=4, seed=10 + count)
        work_rightly(practice)
        practice.finish()
        clock.on(days=2)

    assert row().mastered
    assert row().mastery == "Mastered: good on 3 days at level 4 or above."


def test_the_end_says_at_which_level_the_next_sitting_is(desk: Desk) -> None:
    for count, said in ((0, ""), (1, "Next time at level 3: the formulas of every step.")):
        practice = desk.practice("linear-neuron", level=2, seed=10 + count)
        work_rightly(practice)
        assert working.moved(practice) == said
        assert working.summed_up(practice).endswith(said)
        assert not working.missed_the_end(practice)
        practice.finish()
    missed = desk.practice("linear-neuron", level=5, seed=3)
    missed.answer("9 9")
    while not missed.sitting.finished:
        missed.tell()
    assert working.moved(missed) == "Next time at level 4: the names of the steps."
    assert working.missed_the_end(missed)


def test_the_list_tells_the_level_of_the_sitting_that_was_begun(desk: Desk) -> None:
    desk.practice("linear-neuron", level=4, seed=3).answer("9")

    row = next(row for row in desk.exercises() if row.item == "ex/step")
    assert (row.begun, row.level) == (True, 4)


def test_a_review_that_the_person_calls_hard_is_no_good_day(desk: Desk) -> None:
    practice = desk.practice("linear-neuron", level=4, seed=3)
    work_rightly(practice)
    practice.finish(Grade.HARD)

    assert next(row for row in desk.exercises() if row.item == "ex/step").good_days == 0


def test_a_flipped_sign_is_named_and_the_step_can_be_repaired(desk: Desk) -> None:
    practice = desk.practice("linear-neuron", example=True, level=3)
    practice.answer("0.34")

    mark = practice.answer("-0.26")

    assert mark.credit == 0
    assert mark.mistake == "D03"
    assert "the other way round" in mark.reason
    assert practice.sitting.steps[1].status is Status.OPEN
    practice.answer("0.26")
    work_rightly(practice)
    assert practice.result.grade is Grade.HARD


def test_one_slip_is_not_punished_twice(desk: Desk) -> None:
    """A wrong error of 0.29, kept: the changes that follow from it are right as a consequence."""
    practice = desk.practice("linear-neuron", example=True, level=3)
    practice.answer("0.34")
    practice.answer("0.29")
    assert practice.sitting.can_keep()
    practice.keep()

    mark = practice.answer("0.029, 0.0232")

    assert mark.verdict == "correct_ecf"
    assert practice.sitting.steps[2].status is Status.FOLLOWS


def test_settled_values_and_arithmetic_can_be_used_in_an_answer(desk: Desk) -> None:
    practice = desk.practice("linear-neuron", example=True, level=3)

    assert practice.answer("0.5*1.0 - 0.2*0.8").accepted
    assert practice.answer("t - y").accepted
    assert practice.sitting.scratch("error * x1") == "0.26"
    assert practice.answer("eta*error*x1, eta*error*x2").accepted


def test_too_few_digits_and_nonsense_cost_nothing(desk: Desk) -> None:
    practice = desk.practice("linear-neuron", example=True, level=3)

    for typed in ("", "abc", "1/0", "[1, 2"):
        assert not practice.answer(typed).attempt
    work_rightly(practice)

    assert practice.result.clean


def test_hints_lead_from_the_goal_to_the_result(desk: Desk) -> None:
    practice = desk.practice("linear-neuron", example=True, level=4)
    texts = [practice.hint() for _ in range(4)]

    assert len(set(texts)) == 4
    assert "0.34" in texts[3]
    assert practice.sitting.steps[0].status is Status.TOLD
    work_rightly(practice)
    assert practice.result.grade is Grade.AGAIN


def test_a_sitting_that_is_left_goes_on_where_it_was(start: Callable[[], Desk]) -> None:
    first = start()
    practice = first.practice("linear-neuron", level=None)
    sitting = practice.sitting
    practice.hint()
    practice.answer("9, 9")
    first.close()

    again = start().practice("linear-neuron").sitting

    assert (again.variant.seed, again.variant.level) == (sitting.variant.seed, sitting.variant.level)
    current = again.steps[again.current]
    assert [entry.typed for entry in current.tries] == ["9, 9"]
    assert len(current.hints) == 1


def test_a_named_mistake_is_said_in_place_of_the_first_hint(desk: Desk) -> None:
    """The sentence says more than the goal would, so the formula comes next; the hints told stay the free two."""
    practice = desk.practice("linear-neuron", example=True, level=4)
    mark = practice.answer("-0.34 + 0.68 + 0.32")
    assert mark.mistake

    formula = practice.hint()

    view = practice.sitting.steps[0]
    assert formula == view.step.hints[1]
    assert view.hints == (mark.reason, formula)
    practice.answer("0.34")
    work_rightly(practice)
    assert practice.result.hints == 2


def test_hints_that_only_repeat_the_question_are_passed_over(desk: Desk, tmp_path: Path) -> None:
    """A choice without hints of its own has none to open before the answer; a number has its formula."""
    choice = '{ name = "rises", prompt = "Does y rise with x?", choose = [["Yes", "w > 0"], ["No", "w <= 0"]] }'
    (tmp_path / "mine.toml").write_text(
        f'title = "Mine"\nforward = "y = w * x"\nask = [{choice}, "y"]\n[given]\nw = 2.0\nx = 1.5\n'
    )
    for level, first in ((4, 2), (3, 3)):  # at level 3 the formula stands there
        practice = desk.practice(str(tmp_path / "mine.toml"), level=level)
        assert practice.sitting.next_hint == 4
        practice.answer("Yes")
        assert practice.sitting.next_hint == first


def test_a_choice_among_several_rules_one_out_before_the_result_is_told(desk: Desk) -> None:
    practice = desk.practice("backprop-order", seed=3)
    practice.answer(right_order(practice))
    for _ in range(3):
        told = practice.hint()

    step = practice.sitting.steps[1].step
    ruled_out = [place for place, option in enumerate(step.options) if option in told]
    assert len(ruled_out) == 1
    assert ruled_out != [step.value]


def test_an_unknown_mistake_leaves_the_first_hint_as_it_is(desk: Desk) -> None:
    practice = desk.practice("linear-neuron", example=True, level=3)
    assert practice.answer("77.7").mistake is None

    assert practice.hint() == practice.sitting.steps[0].step.hints[0]


def test_what_the_sheet_prints_may_be_typed_as_it_is_printed(desk: Desk) -> None:
    """The learner reads η and e and types them; the program's own names, eta and error, are read as well."""
    practice = desk.practice("linear-neuron", example=True, level=3)
    practice.answer("w₁·x₁ + w₂·x₂")
    practice.answer("t − y")

    assert practice.answer("η·e·x₁, eta*error*x2").accepted
    assert practice.sitting.scratch("η*e") == "0.026"


def test_the_error_term_with_its_index_may_be_typed(desk: Desk) -> None:
    practice = desk.practice("mlp-2-2-1", seed=3, level=3)
    for _ in range(3):
        practice.tell()

    assert practice.answer("δ₂*a1[0], δ2*a1[1]").accepted


def test_a_symbol_that_stands_for_two_values_is_no_name(desk: Desk) -> None:
    """Both slopes of smooth-activations are printed as δ."""
    practice = desk.practice("smooth-activations", seed=3, level=3)
    known = []
    while not practice.sitting.finished:
        known.append("δ" in practice.sitting.names)
        practice.tell()

    assert known == [False, False, True, True, False], "from the first slope to the second"
    assert "δ" not in practice.sitting.names
    assert {"z", "l", "g"} <= set(practice.sitting.names)


def test_e_is_eulers_number_where_the_sheet_has_no_e_of_its_own(desk: Desk) -> None:
    """The program calls the ELU e; the sheet does not."""
    practice = desk.practice("smooth-activations", seed=3, level=3)
    for _ in range(2):
        practice.tell()

    assert practice.answer("e^z - 1").accepted
    assert practice.answer("e^z").accepted


def test_two_hints_are_free_the_third_caps_the_grade_and_the_fourth_fails_the_step(desk: Desk) -> None:
    grades = []
    for count in (2, 3, 4):
        practice = desk.practice("linear-neuron", example=True, level=4)
        for _ in range(count):
            practice.hint()
        work_rightly(practice)
        grades.append(practice.result.grade)

    assert grades == [Grade.GOOD, Grade.HARD, Grade.AGAIN]


def test_hints_opened_after_a_named_mistake_are_the_same_after_a_break(start: Callable[[], Desk]) -> None:
    first = start()
    practice = first.practice("linear-neuron", example=True, level=4)
    practice.answer("0.66")
    practice.hint()
    practice.hint()
    opened = practice.sitting.steps[0].hints
    first.close()

    again = start().practice("linear-neuron").sitting

    assert len(opened) == 3
    assert again.steps[0].hints == opened
    assert again.current == 0


def test_values_that_follow_from_a_slip_are_used_by_name_as_they_stand(desk: Desk) -> None:
    """The error was kept as 0.29 and the change follows from it: `error` is 0.29 from then on, as later steps count."""
    practice = desk.practice("linear-neuron-bias", seed=3, level=3)
    sitting = practice.sitting
    practice.answer(right(practice))
    wrong = round(float(sitting.variant.steps[1].value) * 1.5, 4)
    practice.answer(str(wrong))
    practice.keep()

    assert sitting.scratch("error") == f"{wrong:.6g}"
    mark = practice.answer("-error*x1, -error*x2")

    assert mark.verdict == "correct_ecf"


def test_a_value_that_was_told_stands_for_the_steps_after_it(desk: Desk) -> None:
    """The output was kept wrong, then the error told: the changes follow from the error on the sheet."""
    practice = desk.practice("linear-neuron", example=True, level=3)
    practice.answer("0.4")
    practice.keep()
    practice.tell()
    assert practice.sitting.names["error"] == pytest.approx(0.26)

    assert practice.answer("eta*error*x1, eta*error*x2").verdict == "correct"


def test_a_grade_that_was_not_taken_is_offered_again(start: Callable[[], Desk], clock) -> None:
    first = start()
    practice = first.practice("linear-neuron")
    clock.on(minutes=9)
    work_rightly(practice)
    clock.on(hours=3)
    first.close()

    desk = start()
    again = desk.practice("linear-neuron")

    assert again.sitting.finished
    assert again.sitting.variant.seed == practice.sitting.variant.seed
    assert again.result.grade is Grade.GOOD
    again.finish()
    entry = desk.store.journal.entries(item="ex/step", kinds=("review",))[-1]
    assert entry.duration_ms == 9 * 60_000
    assert not desk.practice("linear-neuron").sitting.finished


def test_a_grade_that_was_undone_can_be_given_anew(desk: Desk) -> None:
    practice = desk.practice("linear-neuron")
    work_rightly(practice)
    practice.finish(Grade.EASY)
    desk.undo()

    again = desk.practice("linear-neuron")

    assert again.sitting.finished
    assert again.scheduled
    again.finish(Grade.HARD)
    assert [entry.grade for entry in desk.store.journal.entries(kinds=("review",), void=False)] == [2]


def test_every_fifth_review_from_level_four_on_seeks_the_wrong_line(start: Callable[[], Desk], clock) -> None:
    """With the mistake this learner has made most; the same when asked again, left, or taken with the same numbers."""
    desk = start()
    for turn in range(4):
        practice = desk.practice("linear-neuron", seed=turn, level=4)
        flipped = practice.sitting.variant.steps[1].mistakes
        practice.answer(right(practice))
        if turn < 3:
            sign = next(one for one in flipped if "D03" in one.id.split("|"))
            assert "D03" in (practice.answer(f"{float(sign.value):.6g}").mistake or "")
        work_rightly(practice)
        practice.finish(Grade.GOOD)
        until_due(desk, clock)

    practice = desk.practice("linear-neuron")
    sitting = practice.sitting
    assert practice.scheduled
    assert sitting.variant.title == "Find the wrong line: one step of a linear neuron"
    assert practice.planted == ("D03",)
    assert sitting.level == 4
    wrong = sitting.variant.steps[0]
    assert desk.practice("linear-neuron").sitting.variant.steps[0].data() == wrong.data()

    practice.answer(str(wrong.value % len(wrong.lines) + 1))
    desk.close()
    desk = start()
    left = desk.practice("linear-neuron")
    assert left.sitting.variant.steps[0].data() == wrong.data()
    assert len(left.sitting.steps[0].tries) == 1
    work_rightly(left)
    left.finish()

    entry = desk.store.journal.entries(kinds=("review",))[-1]
    assert (entry.body["planted"], entry.body["level"], entry.body["seed"]) == (["D03"], 4, sitting.variant.seed)
    same = once_more(desk, left, "linear-neuron")
    assert same.sitting.variant.steps[0].data() == wrong.data()
    assert not same.sitting.finished
    until_due(desk, clock)
    assert desk.practice("linear-neuron").planted == ()


def test_below_level_four_and_beyond_the_schedule_no_wrong_line_is_sought() -> None:
    reviews = [Sat(4, True, False)] * 4
    assert seeks_wrong_line(4, reviews)
    assert seeks_wrong_line(5, reviews)
    assert not seeks_wrong_line(3, reviews)
    assert not seeks_wrong_line(4, reviews[:3])
    assert not seeks_wrong_line(4, [*reviews[:3], Sat(4, True, False, counted=False)])
    assert not seeks_wrong_line(4, [*reviews[:3], Sat(3, True, False)])


def test_a_published_example_that_is_left_goes_on_with_its_own_numbers(start: Callable[[], Desk]) -> None:
    first = start()
    practice = first.practice("linear-neuron", example=True, level=3)
    assert practice.answer("0.34").accepted
    first.close()

    again = start().practice("linear-neuron").sitting

    assert again.variant.example
    assert again.current == 1


def test_the_next_sitting_has_fresh_numbers_and_a_chosen_seed_has_its_own(desk: Desk) -> None:
    first = desk.practice("linear-neuron")
    work_rightly(first)
    first.finish()

    second = desk.practice("linear-neuron")

    assert second.sitting.variant.seed != first.sitting.variant.seed
    assert desk.practice("linear-neuron", seed=4711).sitting.variant.seed == 4711


def test_two_clean_sittings_take_more_help_away(desk: Desk, clock) -> None:
    levels = []
    for _ in range(3):
        practice = desk.practice("linear-neuron")
        levels.append(practice.sitting.variant.level)
        work_rightly(practice)
        practice.finish()
        clock.on(days=2)

    assert levels == [1, 1, 2]


def test_at_a_new_level_the_exercise_is_due_the_next_day_and_learned_anew(desk: Desk, clock) -> None:
    """What was remembered for weeks is the easier task."""
    for _ in range(2):
        practice = desk.practice("linear-neuron")
        work_rightly(practice)
        practice.finish(Grade.EASY)
        until_due(desk, clock)
    easier = desk.store.journal.state("ex/step")
    assert easier.due_day == desk.moment().today
    assert easier.stability > 5

    practice = desk.practice("linear-neuron")
    assert practice.sitting.level == 2
    offered = working.labels(desk, practice)
    work_rightly(practice)
    practice.finish()

    state = desk.store.journal.state("ex/step")
    assert (state.level, state.phase, state.reps) == (2, Phase.LEARNING, 3)
    assert state.stability < 5
    assert offered[Grade.GOOD] == "<10 min"


def test_an_exercise_worked_before_it_is_due_offers_no_day_on_which_it_comes_back(desk: Desk) -> None:
    practice = desk.practice("linear-neuron")
    assert set(working.labels(desk, practice)) == set(Grade)
    work_rightly(practice)
    practice.finish(Grade.EASY)

    early = desk.practice("linear-neuron")

    assert early.item is not None
    assert not early.scheduled
    assert working.labels(desk, early) == {}


def test_undo_brings_the_memory_of_the_level_before_back(desk: Desk, clock) -> None:
    for _ in range(2):
        practice = desk.practice("linear-neuron")
        work_rightly(practice)
        practice.finish(Grade.EASY)
        until_due(desk, clock)
    before = desk.store.journal.state("ex/step")
    practice = desk.practice("linear-neuron")
    work_rightly(practice)
    practice.finish()
    assert desk.store.journal.state("ex/step").level == 2

    desk.undo()

    assert desk.store.journal.state("ex/step") == before
    assert before.level == 1


def test_two_sittings_with_misses_give_help_back_and_the_memory_begins_anew(desk: Desk, clock) -> None:
    for turn in range(2):
        practice = desk.practice("linear-neuron", seed=turn, level=3)
        practice.answer("77.7")
        work_rightly(practice)
        practice.finish()
        until_due(desk, clock)

    practice = desk.practice("linear-neuron")
    assert practice.sitting.level == 2
    work_rightly(practice)
    practice.finish()

    assert desk.store.journal.state("ex/step").level == 2
    assert desk.store.journal.state("ex/step").phase is Phase.LEARNING


def test_a_level_that_was_chosen_is_the_one_that_is_remembered(desk: Desk) -> None:
    practice = desk.practice("linear-neuron", level=4)
    assert practice.scheduled
    work_rightly(practice)
    practice.finish()

    assert desk.store.journal.state("ex/step").level == 4
    assert desk.practice("linear-neuron").sitting.level == 4


def test_practice_beyond_the_schedule_leaves_the_schedule_alone(desk: Desk) -> None:
    practice = desk.practice("linear-neuron")
    work_rightly(practice)
    practice.finish(Grade.EASY)
    state = desk.store.journal.state("ex/step")

    more = desk.practice("linear-neuron")
    assert not more.scheduled
    work_rightly(more)
    more.finish()

    assert desk.store.journal.state("ex/step") == state


def test_a_good_exercise_puts_its_card_off_and_a_failed_one_brings_it_forward(start: Callable[[], Desk]) -> None:
    desk = start()
    session = desk.review(["ex"])
    session.grade(Grade.EASY)
    before = desk.store.journal.state("ex/rule").due_day

    practice = desk.practice("linear-neuron")
    work_rightly(practice)
    practice.finish()
    assert desk.store.journal.state("ex/rule").due_day >= before

    desk.undo()
    practice = desk.practice("linear-neuron", seed=7)
    while not practice.sitting.finished:
        practice.tell()
    practice.finish()
    assert desk.store.journal.state("ex/rule").due_day == desk.moment().today + 1


def test_at_the_top_level_a_miss_opens_the_steps(desk: Desk) -> None:
    practice = desk.practice("linear-neuron", example=True, level=5)
    assert [view.status for view in practice.sitting.steps].count(Status.OPEN) == 1

    practice.answer("99, 99")

    assert [view.status for view in practice.sitting.steps].count(Status.OPEN) == 4


def test_an_exercise_that_does_not_exist_is_named(desk: Desk, tmp_path: Path) -> None:
    with pytest.raises(NoExerciseError, match="no exercise “flying”"):
        desk.practice("flying")
    (tmp_path / "bad.toml").write_text("title = 3")
    with pytest.raises(NoExerciseError):
        desk.practice(str(tmp_path / "bad.toml"))


def test_the_list_names_every_exercise_with_its_level(desk: Desk) -> None:
    rows = {row.template: row for row in desk.exercises()}

    assert (rows["linear-neuron"].item, rows["linear-neuron"].level) == ("ex/step", 1)
    assert rows["mlp-2-2-1"].item == ""


def test_in_a_review_a_worked_exercise_is_written_once_and_the_session_goes_on(desk: Desk) -> None:
    """The sitting writes the review and what it means for prerequisites; the session only takes note."""
    session = desk.review(["ex"])
    session.grade(Grade.EASY)
    assert session.current is not None
    assert session.current.question.key == "ex/step"
    practice = desk.practice("linear-neuron", item=session.current.question.item)
    work_rightly(practice)
    practice.finish(Grade.EASY)

    session.worked()

    reviews = desk.store.journal.entries(kinds=(Act.REVIEW,))
    assert [(one.item, one.grade) for one in reviews] == [("ex/rule", 4), ("ex/step", 4)]
    assert session.current is None
    assert session.summary().grades[Grade.EASY] == 2
    session.undo()
    assert session.current is not None
    assert session.current.question.key == "ex/step"
    assert session.done == 1


def test_an_index_that_cannot_be_set_low_is_typed_with_its_stroke(desk: Desk) -> None:
    """The sheet has z_f where there is no small f to set low."""
    practice = desk.practice("lstm-forward", seed=9, level=3)

    assert "can be used: c0, zf, zg, zi, zo." in practice.answer("q").reason
    assert practice.answer("1/(1 + exp(-z_f))").accepted
    assert practice.answer("sigmoid(zi)").accepted
