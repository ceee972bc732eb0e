"""Labs: small experiments that run before one's eyes. First a prediction, then live curves, then the comparison. Pure.

    lab = LABS["xor"]; experiment = lab.start({"rate": "2"}); experiment.advance(100) … experiment.outcome()

An experiment is advanced a little at a time by whoever draws it, so it can be paused, stepped and cancelled. All
numbers come from the engine's programs; nothing here knows a screen. The table of the labs costs nothing: the engine
is imported by the first `start`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module

from studyapp.study.labs.model import Control, Curve, Experiment, Lab, LabError, Outcome, Standing, Worked

__all__ = ["LABS", "Control", "Curve", "Experiment", "Lab", "LabError", "Outcome", "Standing", "Worked", "labs_of"]


def _by(module: str, function: str) -> Callable[[Mapping[str, str]], Experiment]:
    """The function that builds an experiment, imported when it is called."""

    def build(chosen: Mapping[str, str]) -> Experiment:
        made: Experiment = getattr(import_module(f"{__name__}.{module}"), function)(chosen)
        return made

    return build


_RATES = Control("rate", "learning rate η", ("0.5", "1", "2", "5", "10"), "2")
_SEED = Control("seed", "seed", ("1", "2", "3", "4", "5"), "1")

LABS: dict[str, Lab] = {
    lab.id: lab
    for lab in (
        Lab(
            "xor",
            "XOR until it is learned",
            "A 2-k-1 network of sigmoid units learns XOR from all four points at once. It stops when the mean squared "
            "error is below 0.01.",
            "How many updates will it take?",
            ("fewer than 100", "100 to 999", "1000 or more", "it will not get there"),
            (
                _RATES,
                Control("hidden", "hidden units", ("2", "3", "4"), "3"),
                Control("start", "starting weights", ("1", "2", "3", "4", "5", "all equal"), "1"),
            ),
            _by("training", "xor"),
            "backprop",
        ),
        Lab(
            "classify",
            "Two moons: one layer against a hidden one",
            "Forty points in two crescents. A single layer and a network with six hidden units lower the same binary "
            "cross-entropy.",
            "Which of them gets the loss close to zero?",
            ("neither does clearly better", "the one with hidden units", "both, below 0.1"),
            (Control("rate", "learning rate η", ("0.1", "0.5", "1", "3"), "3"), _SEED),
            _by("training", "classify"),
            "loss",
        ),
        Lab(
            "depth",
            "Gradients by depth",
            "The same deep network with sigmoid and with ReLU units: how large is the loss gradient of each layer's "
            "weights?",
            "With sigmoid units, how much larger is it at the last layer than at the first?",
            ("less than 10 times", "10 to 1000 times", "more than 1000 times"),
            (
                Control("depth", "layers", ("4", "8", "12", "16"), "8"),
                Control("scale", "starting weights", ("Xavier", "He", "half of He"), "Xavier"),
                _SEED,
            ),
            _by("measuring", "depth"),
            "training-trouble",
        ),
        Lab(
            "race",
            "Four optimisers on one surface",
            r"All start at $(-4, 1.5)$ on $L = \frac{1}{2}(x^2 + 20 y^2)$, a valley twenty times steeper across than "
            "along.",
            "Which of them is the first below 0.001?",
            ("gradient descent", "momentum", "RMSprop", "Adam", "none of them"),
            (Control("rate", "learning rate η", ("0.01", "0.05", "0.09", "0.2"), "0.05"),),
            _by("training", "race"),
            "optimizers",
        ),
        Lab(
            "dropout",
            "What dropout does to the mean",
            "A unit of value 2 behind dropout, mask after mask: standard dropout multiplies by the mask, inverted "
            "dropout also divides by the keep probability.",
            "With standard dropout, where will the mean in training settle?",
            ("at the keep probability times the unit", "at the unit itself", "at the unit over the keep probability"),
            (Control("keep", "keep probability", ("0.5", "0.8", "0.9"), "0.8"), _SEED),
            _by("measuring", "dropout"),
            "regularization",
        ),
    )
}
"""Every lab, by its id."""


def labs_of(deck: str) -> tuple[Lab, ...]:
    """The labs that belong to a deck."""
    return tuple(lab for lab in LABS.values() if lab.lesson == deck)
