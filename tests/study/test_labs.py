"""Labs run, can be stepped, and come out as the theory says."""

import pytest

import content
from studyapp.study.labs import LABS, LabError, labs_of
from studyapp.study.labs.drawing import worked_lines
from studyapp.study.labs.measuring import Depth
from studyapp.study.labs.training import RULES, Training


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


@pytest.mark.parametrize(("rate", "start", "right"), [("10", "3", 0), ("2", "1", 1), ("1", "1", 2)])
def test_who_predicted_the_range_in_which_xor_was_learned_was_right(rate: str, start: str, right: int) -> None:
    experiment = run("xor", rate=rate, hidden="2", start=start)
    lowest, highest = [(0, 99), (100, 999), (1_000, 10**9)][right]

    updates = int(experiment.outcome().sentence.split(" after ")[1].split()[0])
    assert lowest <= updates <= highest
    assert experiment.outcome().right == right
    assert LABS["xor"].predictions[:3] == ("fewer than 100", "100 to 999", "1000 or more")


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


def test_plain_descent_diverges_beyond_its_limit_and_the_others_go_on() -> None:
    """The curvature is 20, so a rate of 0.2 lies beyond 2/20; RMSprop and Adam divide by the size of the gradient."""
    experiment = run("race", rate="0.2")

    assert isinstance(experiment, Training)
    assert set(experiment.diverged) == {"gradient descent", "momentum"}
    assert max(curve.ys[-1] for curve in experiment.curves()) < 1e9, "the others stay legible beside it"
    assert set(experiment.reached) == {"RMSprop", "Adam"}
    assert experiment.log, "losses of a thousand and of a thousandth are seen side by side"
    assert "Diverged: gradient descent after" in experiment.outcome().sentence
    assert experiment.trouble == ""


@pytest.mark.parametrize("rate", ["0.01", "0.05", "0.09", "0.2"])
def test_however_it_is_sliced_the_same_comes_out(rate: str) -> None:
    """Pausing and stepping must not change the experiment."""
    whole = run("race", rate=rate)
    for slices in (1, 7):
        sliced = LABS["race"].start({"rate": rate})
        while not sliced.done:
            sliced.advance(slices)
        assert sliced.standing == whole.standing


def test_the_curve_of_a_run_that_got_there_ends_below_the_threshold() -> None:
    experiment = run("xor")
    [curve] = experiment.curves()

    assert curve.ys[-1] < 0.01 <= curve.ys[-2]
    assert curve.xs[-1] == experiment.made


def test_standard_dropout_settles_at_keep_probability_times_the_unit() -> None:
    standard, inverted = (curve.ys[-1] for curve in run("dropout").curves())

    assert standard == pytest.approx(1.6, abs=0.1)
    assert inverted == pytest.approx(2.0, abs=0.12)


def test_a_single_step_shows_the_worked_numbers_of_the_update_that_is_made() -> None:
    """Rules with a memory too: what is shown for update 31 is what update 31 does."""
    experiment = LABS["race"].start()
    experiment.advance(30)

    worked = experiment.worked()
    experiment.advance(1)

    assert isinstance(experiment, Training)
    assert [one.name for one in worked] == list(RULES)
    for one, made in zip(worked, experiment.runs, strict=True):
        assert {"L", "dL/dx", "x'"} <= {step.name for step in one.solution.steps}
        assert float(one.solution.updated["x"]) == pytest.approx(float(made.trainer.parameters["x"]), rel=1e-12)


def test_a_step_of_the_depth_lab_shows_what_each_layer_does_to_the_gradient() -> None:
    experiment = LABS["depth"].start({})
    lines = [line.text.strip() for line in worked_lines(experiment.worked(), 76) if line.text]
    experiment.advance(1)
    sizes = experiment.curves()[0].ys

    assert lines[0] == "sigmoid"
    assert len(lines) == 1 + len(sizes)
    first, last = lines[1].split(" = "), lines[-1].split(" = ")
    assert float(first[1]) == pytest.approx(sizes[-1], rel=1e-5)
    assert "·" in last[1]
    assert first[0] == "‖∂L/∂W⁽⁸⁾‖"


def test_a_long_vector_is_shown_by_its_ends() -> None:
    """Forty outputs would push everything else off the screen."""
    lines = [line.text for line in worked_lines(LABS["classify"].start({}).worked(), 76)]

    assert any(line.endswith("40 numbers") and "…" in line for line in lines)
    assert all(len(line) <= 76 for line in lines)


def test_the_mask_that_is_worked_out_is_the_mask_that_is_drawn() -> None:
    experiment = LABS["dropout"].start()
    [shown] = experiment.worked()
    experiment.advance(1)

    assert experiment.curves()[0].ys == (pytest.approx(float(shown.solution.values["standard"])),)


def test_the_predictions_of_the_race_are_its_runners() -> None:
    assert LABS["race"].predictions[:-1] == tuple(RULES)


def test_every_lab_belongs_to_a_deck_of_the_course() -> None:
    bundled = {path.stem for path in (content.bundled() / "decks").glob("*.md")}

    for lab in LABS.values():
        assert lab in labs_of(lab.lesson)
        assert lab.lesson in bundled


def test_an_option_that_there_is_not_is_refused_with_those_there_are() -> None:
    with pytest.raises(LabError, match=r"xor has no rate '7'; it has 0\.5, 1, 2, 5, 10"):
        LABS["xor"].start({"rate": "7"})
    with pytest.raises(LabError, match="race has no control 'seed'; it has rate"):
        LABS["race"].start({"seed": "1"})
