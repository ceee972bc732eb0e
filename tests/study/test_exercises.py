"""A sitting is marked step by step, forgives what follows from one slip, and is never lost."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from studyapp.memory.model import Act, Grade, Phase
from studyapp.study import settings
from studyapp.study.desk import Desk
from studyapp.study.exercises import NoExerciseError, Practice
from studyapp.study.sitting import Status, shown_value

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
    return shown_value(practice.sitting.variant.steps[index].value)


def work_rightly(practice: Practice) -> None:
    while not practice.sitting.finished:
        assert practice.answer(right(practice)).accepted


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


def test_a_flipped_sign_is_named_and_the_step_can_be_repaired(desk: Desk) -> None:
    practice = desk.practice("linear-neuron", example=True, level=3)
    practice.answer("0.34")

    mark = practice.answer("-0.26")

    assert mark.credit == 0
    assert "sign" in (mark.verdict + mark.reason).lower() or mark.mistake
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
    practice = desk.practice("linear-neuron", example=True, level=3)
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


def test_at_a_new_level_the_exercise_is_tried_the_next_day(desk: Desk, clock) -> None:
    """What was remembered for weeks is the easier task."""
    for _ in range(2):
        practice = desk.practice("linear-neuron")
        work_rightly(practice)
        practice.finish(Grade.EASY)
        due = desk.store.journal.state("ex/step").due_day
        clock.on(days=10)

    assert due == desk.moment().today - 10 + 1


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
