"""Labs run, can be stepped, and come out as the theory says."""

import pytest

from studyapp.study.labs import LABS, Depth, Training


def run(lab: str, **chosen: str):
    """An experiment run to its end, a hundred units at a time."""
    experiment = LABS[lab].start(chosen)
    while not experiment.done:
        experiment.advance(100)
    return experiment


@pytest.mark.parametrize("lab", LABS)
def test_every_lab_ends_with_an_outcome_that_is_among_the_predictions(lab: str) -> None:
    experiment = run(lab)

    assert experiment.trouble == ""
    assert experiment.progress == 1
    outcome = experiment.outcome()
    assert 0 <= outcome.right < len(LABS[lab].predictions)
    assert all(curve.ys for curve in experiment.curves())
    assert LABS[lab].start().curves() == LABS[lab].start().curves()


def test_equal_weights_never_learn_xor() -> None:
    """Symmetry is not broken: both hidden units stay the same for ever."""
    assert run("xor", start="all equal").outcome().right == 3


def test_xor_is_learned_from_random_weights() -> None:
    experiment = run("xor")

    assert isinstance(experiment, Training)
    assert experiment.runs[0].trainer.loss() < 0.01


def test_hidden_units_separate_what_one_layer_cannot() -> None:
    assert run("classify").outcome().right == 1


def test_sigmoid_gradients_vanish_with_depth_and_more_so_in_deeper_networks() -> None:
    ratios = []
    for depth in ("4", "8", "16"):
        experiment = run("depth", depth=depth)
        assert isinstance(experiment, Depth)
        sizes = experiment.curves()[0].ys
        ratios.append(sizes[-1] / sizes[0])

    assert ratios == sorted(ratios)
    assert ratios[-1] > 1_000


def test_plain_descent_diverges_beyond_its_limit() -> None:
    """The curvature is 20, so a rate of 0.2 lies beyond 2/20."""
    experiment = run("race", rate="0.2")

    assert "gradient descent" in experiment.outcome().sentence.partition("not at all")[2]


def test_standard_dropout_settles_at_keep_probability_times_the_unit() -> None:
    standard, inverted = (curve.ys[-1] for curve in run("dropout").curves())

    assert standard == pytest.approx(1.6, abs=0.1)
    assert inverted == pytest.approx(2.0, abs=0.12)


def test_a_single_step_shows_its_worked_numbers() -> None:
    experiment = LABS["race"].start()
    experiment.advance(1)

    solution = experiment.worked()

    assert {"L", "dL/dx", "x'"} <= {step.name for step in solution.steps}


def test_an_option_that_there_is_not_is_refused() -> None:
    with pytest.raises(ValueError, match="xor has no rate '7'"):
        LABS["xor"].start({"rate": "7"})
