"""The sheet of an exercise, as it is written: givens, drawing, the form of an answer, the worked solution."""

from itertools import pairwise

import numpy as np
import pytest

from content import bundled
from engine.exercises import generate, generate_example, load_template, wrong_line
from engine.marking import mark
from engine.notation import array
from studyapp.study import sheet, wiring, working
from studyapp.typeset import inline_line

NAMES = sorted(path.stem for path in (bundled() / "exercises").glob("*.toml"))


def variant(name: str, *, level: int = 3, seed: int | None = None):
    template = load_template(bundled() / "exercises" / f"{name}.toml")
    return generate_example(template, level) if seed is None else generate(template, seed, level)


def lines(step, width: int = 70) -> list[str]:
    return [line.text for line in sheet.worked_lines(step, width)]


def test_a_step_stands_as_symbolic_is_substituted_is_result() -> None:
    first = variant("linear-neuron").steps[0]

    assert lines(first) == ["y = w₁ x₁ + w₂ x₂ = 0.5·1 + (−0.2)·0.8 = 0.34"]
    assert lines(first, 30) == ["y = w₁ x₁ + w₂ x₂", "  = 0.5·1 + (−0.2)·0.8", "  = 0.34"]


def test_what_was_not_asked_but_is_needed_stands_before_the_result() -> None:
    change = variant("linear-neuron").steps[2]

    assert lines(change)[0] == "Δw = −η ∂L/∂w = η (t − y) x"
    assert any(line.startswith("∂L/∂w₂ = ") and line.endswith("· 0.8 = −0.208") for line in lines(change))
    assert lines(change)[-1] == "Δw₂ = −0.1 · (−0.208) = 0.0208"


def test_the_rows_of_a_large_result_stand_below_one_another_behind_its_name() -> None:
    step = next(one for one in variant("conv2d", seed=7).steps if one.name == "dL/dX")

    first, *others = lines(step)[-len(step.value) :]
    assert first.startswith("∂L/∂X = [")
    assert others
    assert all(row.startswith(" " * len("∂L/∂X = ") + "[") for row in others)


def test_which_line_is_wrong_is_shown_only_once_it_was_found() -> None:
    step = next(one for one in variant("wrong-line-linear", seed=7).steps if one.kind == "line")
    before, after = sheet.misworked(step), sheet.misworked(step, found=True)

    assert [number for number, *_ in before] == [row.number for row in step.lines]
    assert not any(known for _, known, _, _ in before)
    assert [number for number, known, _, _ in after if known] == [step.value]


@pytest.mark.parametrize("name", ["pooling", "mlp-2-2-1", "attention", "losses-compared"])
def test_no_worked_line_is_wider_than_there_is_room(name: str) -> None:
    """A clipped number would be a wrong number."""
    for step in variant(name, seed=5).steps:
        for width in (45, 70):
            assert all(line.width <= width for line in sheet.worked_lines(step, width)), (step.name, width)


def test_givens_are_named_as_in_the_formulas_and_matrices_keep_their_rows() -> None:
    given = {one.name: one.rows for one in sheet.givens(variant("mlp-2-2-1", seed=3))}

    assert {"x", "W^{(1)}", "b^{(1)}", "w^{(2)}", "b_{2}", "t", "\\eta"} == set(given)
    assert len(given["W^{(1)}"]) == 2
    assert len({len(row) for row in given["W^{(1)}"]}) == 1


def test_where_shapes_are_asked_the_givens_are_shapes() -> None:
    given = {one.name: one.rows for one in sheet.givens(variant("shapes", seed=5))}

    assert given["X"][0].count("×") == 1
    assert given["b"][0].endswith("numbers")


def test_the_drawing_carries_every_weight_and_says_itself_in_words() -> None:
    drawn = wiring.drawing(variant("linear-neuron"), 44)

    assert drawn is not None
    assert "x₂ 0.8 ─── w₂ −0.2" in drawn.text
    assert "input x₂ 0.8 with weight w₂ −0.2" in drawn.words
    assert wiring.drawing(variant("pooling", seed=1), 44) is None


@pytest.mark.parametrize(
    ("name", "step", "layer", "weights"),
    [
        ("linear-neuron", "y", 1, 1),
        ("linear-neuron", "error", 1, 1),
        ("linear-neuron", "w'", None, 1),
        ("mlp-2-2-1", "a1", 1, 1),
        ("mlp-2-2-1", "dL/dz2", 2, None),
        ("mlp-2-2-1", "dL/dz1", 1, 2),
        ("mlp-2-2-1", "dL/dW1", None, 1),
        ("mlp-2-2-1", "w2'", None, 2),
        ("mlp-2-2-2", "L", 2, None),
        ("softmax-cross-entropy", "p", 1, 1),
        ("linear-neuron-bias", "b'", 1, None),
    ],
)
def test_the_drawing_marks_what_a_step_is_about(name: str, step: str, layer: int | None, weights: int | None) -> None:
    """Forward a layer and the weights into it, backward a layer and the weights its error comes through."""
    made = variant(name, seed=5)
    asked = next(one for one in made.steps if one.name == step)

    assert wiring.marked(made, asked) == (layer, weights)


def test_what_a_step_is_about_stands_out_in_the_drawing() -> None:
    made = variant("mlp-2-2-1", seed=3)
    back = next(one for one in made.steps if one.name == "dL/dz1")
    drawn = wiring.drawing(made, 50, step=back)

    assert drawn is not None
    lit = {line.text[s.start : s.end] for line in drawn.lines for s in line.spans if s.style == "emphasis"}
    assert {"a₁", "a₂"} <= {text.strip() for text in lit}
    assert not any("x" in text for text in lit)


def test_numbers_of_a_column_stand_on_their_points() -> None:
    assert sheet.rows_of(np.array([[0.75, -1.0], [0.5, 10.25]])) == ("[0.75  −1   ]", "[0.5   10.25]")


def test_the_form_of_an_answer_is_said() -> None:
    steps = {step.name: step for step in variant("mlp-2-2-1", seed=3).steps}

    assert sheet.wanted(steps["y"]).endswith("significant figures")
    assert sheet.wanted(steps["a1"]).startswith("2 numbers, ")
    assert sheet.wanted(steps["dL/dW1"]).startswith("2×2 numbers, a ; between rows, ")
    assert sheet.wanted(variant("backprop-order", seed=3).steps[0]) == "the numbers 1 to 6 in the right order"


@pytest.mark.parametrize(
    ("typed", "echo"),
    [("0.34", ""), ("0,34", "0.34"), ("34 %", "0.34"), ("17/50", "0.34"), ("0.5 - 0.16", "0.34")],
)
def test_an_answer_is_read_back_only_where_reading_was_not_plain(typed: str, echo: str) -> None:
    assert working.read_back(mark(typed, 0.34, "2dp"), typed) == echo


def test_numbers_in_a_verdict_have_the_sheets_minus() -> None:
    follows = mark("1.5", -0.86, "3sf", carried=1.5)

    assert working.said(follows).endswith("With the true earlier value it is −0.86.")


def test_lists_are_read_back_as_they_are_written_on_the_sheet() -> None:
    assert working.as_written("[-0.5, 1]") == "(−0.5, 1)"
    assert working.as_written("[[1, 2], [3, -4]]") == "[1, 2; 3, −4]"
    assert working.as_written("[[1,2],[3,-4]]") == "[1,2; 3,−4]"
    assert working.as_written("1 2; 3 4") == "1 2; 3 4"


@pytest.mark.parametrize("value", [-0.5, [1.0, -2.5], [[1.0, 2.0], [3.0, -4.25]], [[1.0], [2.0]]])
def test_a_value_in_a_line_is_written_as_in_formulas_and_may_be_typed_back(value) -> None:
    line = sheet.in_a_line(np.array(value))

    assert mark(line, np.array(value)[()], "exact").verdict == "correct"
    if np.ndim(value) == 2:
        assert line == inline_line(array(np.array(value)) or "").text


def said_twice(line: str) -> bool:
    """Whether a chain `a = b = c` has the same link twice in a row."""
    links = ["".join(link.split()) for link in line.split(" = ")]
    return any(one == other for one, other in pairwise(links))


@pytest.mark.parametrize("name", NAMES)
def test_no_line_of_a_worked_solution_says_the_same_twice(name: str) -> None:
    template = load_template(bundled() / "exercises" / f"{name}.toml")
    for seed in (0, 4, 9):
        for step in generate(template, seed, 3).steps:
            shown = lines(step, 200)
            told = [part for hint in step.hints for part in hint.split("\n\n")]
            shown += [inline_line(part[1:-1]).text for part in told if part[:1] + part[-1:] == "$$" and " " in part]
            shown += [inline_line(row.formula).text + f" = {sheet.in_a_line(row.value)}" for row in step.lines]
            shown.append(inline_line(step.formula).text)
            assert not [line for line in shown if said_twice(line)], (seed, step.name)


def test_a_name_that_is_its_own_formula_stands_once_where_the_wrong_line_is_sought() -> None:
    sought = wrong_line(load_template(bundled() / "exercises" / "activation-derivatives.toml"), ["L04"])
    (first, *_) = generate(sought, 2).steps[0].lines

    assert inline_line(first.formula).text == "σ(z)"
