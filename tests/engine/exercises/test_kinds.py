"""Answers that are not numbers: choices, shapes, orders, wrong lines."""

import pytest

from engine.exercises import ExhaustedError, check_template, generate, wrong_line


def test_a_choice_is_taken_by_number_letter_or_text(template):
    variant = generate(template("sign-reasoning"), 3)
    step = variant.steps[0]
    right = step.options[step.value]
    for answer in (str(step.value + 1), "ab"[step.value], right, right.upper(), right[:4]):
        assert variant.mark(0, answer).verdict == "correct", answer
    wrong = variant.mark(0, step.options[1 - step.value])
    assert (wrong.credit, wrong.attempt) == (0.0, True)
    assert "output lies" in wrong.reason
    assert not variant.mark(0, "perhaps").attempt


@pytest.mark.parametrize("form", ["{0}x{1}", "{0} × {1}", "({0}, {1})", "{0},{1}", "[{0} {1}]", "{0} by {1}"])
def test_a_shape_is_read_as_people_write_it(template, form):
    variant = generate(template("shapes"), 2)
    rows, columns = variant.steps[0].value
    assert variant.mark(0, form.format(rows, columns)).verdict == "correct"
    assert variant.mark(0, form.format(columns, rows)).verdict == "transposed"


def test_a_shape_with_a_side_too_many_is_told_so(template):
    variant = generate(template("shapes"), 2)
    assert "2 sides" in variant.mark(0, "1x2x3").reason
    assert not variant.mark(0, "(2, 3").attempt


def test_an_order_says_how_far_it_is_right(template):
    variant = generate(template("backprop-order"), 1)
    key = [str(k) for k in variant.steps[0].value]
    assert variant.mark(0, " ".join(key)).verdict == "correct"
    key[-1], key[-2] = key[-2], key[-1]
    assert "first 4 are right" in variant.mark(0, ", ".join(key)).reason
    assert not variant.mark(0, "1 2 3").attempt


def test_the_wrong_line_is_wrong_and_all_before_it_are_right(template):
    for seed in range(5):
        variant = generate(template("wrong-line-mlp"), seed)
        line, fix = variant.steps
        true = variant.solution.step_values
        differs = [row.number for row in line.lines if abs(row.value - true[row.name]).max() > 1e-12]
        assert differs[0] == line.value
        assert variant.mark(0, str(line.value)).verdict == "correct"
        if line.value > 1:
            assert "This line is right" in variant.mark(0, "1").reason
        assert fix.name == line.lines[line.value - 1].name


def test_any_exercise_can_become_a_search_for_the_mistake_one_makes_most(template):
    found = wrong_line(template("logistic-neuron"), ["L03"])
    line, fix = generate(found, 2).steps
    assert line.lines[line.value - 1].name == fix.name == "dL/dz"
    slope = fix.value / line.lines[line.value - 1].value
    assert 0 < slope <= 0.25
    with pytest.raises(ExhaustedError, match="no mistake shows"):
        generate(wrong_line(template("logistic-neuron"), ["V01"]), 2)


def test_where_shapes_alone_are_asked_the_check_proves_the_gradients_once(template, monkeypatch):
    assert check_template(template("shapes"), range(3)).faults == ()

    monkeypatch.setattr("engine.exercises.checking.proved", lambda *_: False)
    assert "for none of these seeds" in check_template(template("shapes"), range(3)).faults[0]
    assert check_template(template("linear-neuron"), range(3)).faults == ()
