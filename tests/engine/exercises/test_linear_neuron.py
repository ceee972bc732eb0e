"""The two-input problem of the course, and fresh variants of it."""

import numpy as np
import pytest

from engine.exercises import generate, generate_example

# As printed in the source and corrected there: y, error, change, new weights.
PUBLISHED = {"y": "0.34", "error": "0.26", "Δw": "0.026, 0.021", "w'": "0.526, -0.179"}


def test_the_published_exercise_has_the_published_answers(template):
    variant = generate_example(template("linear-neuron"))
    assert dict(variant.given) | {"x": variant.given["x"].tolist(), "w": variant.given["w"].tolist()} == {
        "x": [1.0, 0.8],
        "w": [0.5, -0.2],
        "t": 0.6,
        "eta": 0.1,
    }
    for i, step in enumerate(variant.steps):
        mark = variant.mark(i, PUBLISHED[step.name])
        assert mark.verdict == "correct", (step.name, mark)
    assert np.allclose(variant.solution.step_values["w'"], [0.526, -0.1792])


def test_going_up_the_gradient_is_said(template):
    variant = generate_example(template("linear-neuron"))
    mark = variant.mark(3, "0.474, -0.221")
    assert mark.mistake is not None
    assert "D04" in mark.mistake.split("|")


def test_a_seed_gives_the_same_numbers_every_time(template):
    first, second = (generate(template("linear-neuron"), 5) for _ in range(2))
    assert first.as_json()["given"] == second.as_json()["given"]
    assert [s.data() for s in first.steps] == [s.data() for s in second.steps]
    assert generate(template("linear-neuron"), 6).as_json()["given"] != first.as_json()["given"]


def test_what_follows_from_an_own_wrong_output_is_right(template):
    variant = generate(template("linear-neuron"), 3)
    true = variant.solution.step_values
    wrong = 1.5 * float(true["y"])
    error = float(variant.given["t"]) - wrong
    mark = variant.mark(1, f"{error:.8f}", {"y": wrong})
    assert mark.verdict == "correct_ecf"
    assert variant.mark(1, f"{true['error']:.8f}", {"y": wrong}).verdict == "correct"


@pytest.mark.parametrize("trivial", [0.0, 1.0, -1.0, 1e6])
def test_a_value_that_makes_the_rest_trivial_is_not_carried(template, trivial):
    variant = generate(template("linear-neuron"), 3)
    assert variant.carried(1, {"y": trivial}) is None
