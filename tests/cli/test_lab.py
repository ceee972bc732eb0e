"""Labs in lines: the list, the prediction first, the comparison, and the same as JSON."""

import json

import pytest


def test_the_labs_are_listed_with_the_deck_they_belong_to(shell) -> None:
    listed = shell("lab")
    data = json.loads(shell("lab", "--json").stdout)

    assert "xor       XOR until it is learned (backprop)" in listed.stdout
    assert {"lab": "xor", "lesson": "backprop"}.items() <= data[0].items()
    assert data[0]["controls"]["rate"] == ["0.5", "1", "2", "5", "10"]


def test_the_prediction_is_asked_before_anything_runs_and_compared_at_the_end(shell) -> None:
    ran = shell("lab", "xor", "--plain", lines=("maybe", "a"))

    said = " ".join(ran.stdout.split())
    assert said.index("How many updates will it take?") < said.index("Your prediction") < said.index("loss falls from")
    assert "That is none of the predictions: type a letter from a to d." in said
    assert "You predicted: fewer than 100. It is: 100 to 999." in said
    assert "The loss fell below 0.01 after 526 updates." in said
    assert "┤" not in ran.stdout
    assert ran.exit_code == 0


def test_without_an_answer_nothing_runs(shell) -> None:
    ran = shell("lab", "xor")

    assert "Stopped." in ran.stdout
    assert "falls from" not in ran.stdout


def test_an_empty_line_passes(shell) -> None:
    assert "It is: the one with hidden units." in shell("lab", "classify", lines=("",)).stdout


def test_controls_are_options_and_news_go_to_stderr(shell) -> None:
    """Equal weights never learn XOR, so all the updates are made and there is something to report on the way."""
    ran = shell("lab", "xor", "--start", "all equal", "--predict", "it will not get there")

    assert "As you predicted: it will not get there." in ran.stdout
    assert "5\u202f000 updates: loss 0.168" in ran.stderr
    assert "updates: loss" not in ran.stdout


def test_a_step_is_worked_out_in_symbols_or_in_words(shell) -> None:
    shown = shell("lab", "race", "--worked", "1", "--predict", "b").stdout
    spoken = shell("lab", "race", "--worked", "1", "--predict", "b", "--speak").stdout

    assert "x′ = x − η ∂L/∂x = −4 − 0.05·(−4) = −3.8" in shown
    assert "Adam" in shown.partition("worked out")[2]
    assert "equals minus 3.8" in " ".join(spoken.split())


def test_json_has_the_outcome_the_prediction_and_the_curves(shell) -> None:
    ran = shell("lab", "dropout", "--keep", "0.5", "--predict", "c", "--json")
    data = json.loads(ran.stdout)

    assert data["controls"] == {"keep": "0.5", "seed": "1"}
    assert data["prediction"] == "at the unit over the keep probability"
    assert data["outcome"] == "at the keep probability times the unit"
    assert data["as_predicted"] is False
    assert data["curves"][0]["y"][-1] == pytest.approx(1.0, abs=0.1)


@pytest.mark.parametrize(
    ("arguments", "sentence", "code"),
    [
        (["lab", "xorr"], "there is no lab 'xorr'; did you mean xor?", 1),
        (["lab", "xor", "--rate", "7"], "xor has no rate '7'; it has 0.5, 1, 2, 5, 10", 1),
        (["lab", "xor", "--keep", "0.5"], "xor has no control 'keep'; it has rate, hidden, start", 1),
        (["lab", "xor", "--predict", "z"], "xor has no prediction 'z'; there are: a) fewer than 100", 1),
        (["lab", "--rate", "1"], "name the lab; there are: xor, classify", 2),
    ],
)
def test_what_there_is_not_is_refused_with_what_there_is(shell, arguments, sentence, code) -> None:
    ran = shell(*arguments)

    assert sentence in ran.stderr
    assert ran.exit_code == code
