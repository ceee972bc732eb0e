"""Labs that train: XOR, two moons, and the race of the optimisers. Their losses are the curves."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from engine import NumberError, Program, Trainer, Update, solve, update_from
from studyapp.study.labs.model import Curve, Experiment, Outcome, Worked, thinned

HOPELESS = 1e6
"""A run whose loss has grown by this factor is given up: it diverges, and its curve would flatten all others."""


@dataclass
class _Run:
    """One training run; `reached` and `trouble` say how it ended."""

    name: str
    program: Program
    given: dict[str, Any]
    update: Update
    trainer: Trainer
    reached: int | None = field(default=None)
    """Updates after which its loss was below the threshold."""
    trouble: str = ""
    """Why it could not go on."""

    steps: int = 0
    """Updates made."""

    @property
    def over(self) -> bool:
        """Whether it has ended before the last update."""
        return self.reached is not None or bool(self.trouble)

    def advance(self, count: int, until: float) -> None:
        """Make up to `count` updates; stop where the loss is below `until`, and where there is no hope for it."""
        trainer = self.trainer
        seen = len(trainer.losses)
        try:
            if trainer.advance(count, until):
                self.reached = trainer.step
        except NumberError as error:
            self.trouble = str(error)
        self.steps = trainer.step
        limit = HOPELESS * trainer.losses[0] if trainer.losses else math.inf
        over = next((place for place in range(seen, len(trainer.losses)) if trainer.losses[place] > limit), None)
        if over is not None:
            self.reached, self.steps = None, over
            self.trouble = f"the loss has grown more than a million times after {over} updates; lower the rate"

    @property
    def losses(self) -> list[float]:
        """The loss before every update, and now."""
        before = self.trainer.losses
        if self.trouble:
            return before[: self.steps + 1]
        try:
            return [*before, self.trainer.loss()]
        except NumberError:  # the next update will say so
            return before


class Training(Experiment):
    """One or several training runs side by side, until each is below a threshold, out of updates, or diverged."""

    def __init__(self, runs: Sequence[_Run], limit: int, until: float, judge: Callable[[Training], Outcome]) -> None:
        super().__init__()
        self.runs, self.limit, self.until, self._judge = list(runs), limit, until, judge

    @property
    def reached(self) -> dict[str, int]:
        """Run → updates after which its loss was below the threshold."""
        return {run.name: run.reached for run in self.runs if run.reached is not None}

    @property
    def diverged(self) -> dict[str, int]:
        """Run → updates after which there was no hope for it."""
        return {run.name: run.steps for run in self.runs if run.trouble}

    @property
    def made(self) -> int:
        """Updates made, by the run that made most."""
        return max(run.steps for run in self.runs)

    @property
    def progress(self) -> float:
        """Share of the updates made, or 1 when no run is left."""
        return max((run.steps / self.limit for run in self.runs if not run.over), default=1.0)

    def _advance(self, count: int) -> None:
        for run in self.runs:
            room = min(count, self.limit - run.steps)
            if not run.over and room > 0:
                run.advance(room, self.until)
        if all(run.trouble for run in self.runs):  # while one goes on, another that diverges is a result
            self.trouble = self.runs[0].trouble

    def curves(self) -> tuple[Curve, ...]:
        """The loss of every run."""
        return tuple(Curve(run.name, *thinned(run.losses)) for run in self.runs)

    def outcome(self) -> Outcome:
        """As the lab judges it."""
        return self._judge(self)

    def worked(self) -> tuple[Worked, ...]:
        """The next update of every run that is under way; a rule with a memory is followed from the start for it."""
        names = len(self.runs) > 1
        return tuple(
            Worked(
                run.name if names else "",
                solve(run.program, {**run.given, **run.trainer.parameters}, run.update, _memory(run)),
            )
            for run in self.runs
            if not run.over and run.steps < self.limit
        )


def _memory(run: _Run) -> Mapping[str, Any]:
    """What the rule of a run remembers, as m and v of Adam."""
    if run.update.rule == "sgd" or not run.trainer.step:
        return {}
    return solve(run.program, run.given, replace(run.update, steps=run.trainer.step)).state


def _run(name: str, forward: str, given: Mapping[str, Any], rule: Mapping[str, Any]) -> _Run:
    program, update = Program.parse(forward, "L"), update_from(dict(rule))
    return _Run(name, program, dict(given), update, Trainer(program, given, update))


_MLP = """
Z1 = X @ W1.T + b1
A1 = sigmoid(Z1)
z2 = A1 @ w2 + b2
y = sigmoid(z2)
"""


def xor(chosen: Mapping[str, str]) -> Experiment:
    """A 2-k-1 network on the four points of XOR. Controls: rate, hidden, start."""
    hidden, seed = int(chosen["hidden"]), chosen["start"]
    generator = np.random.Generator(np.random.PCG64(int(seed) if seed.isdigit() else 0))
    if seed == "all equal":
        weights = {"W1": np.full((hidden, 2), 0.5), "b1": np.zeros(hidden), "w2": np.full(hidden, 0.5), "b2": 0.0}
    else:
        weights = {
            "W1": generator.normal(size=(hidden, 2)).round(2),
            "b1": generator.normal(size=hidden).round(2),
            "w2": generator.normal(size=hidden).round(2),
            "b2": 0.05,
        }
    given = {"X": [[0, 0], [0, 1], [1, 0], [1, 1]], "t": [0, 1, 1, 0], "eta": float(chosen["rate"]), **weights}
    run = _run("loss", _MLP + "L = mean((y - t)**2)", given, {"rule": "sgd", "rate": "eta", "of": [*weights]})
    return Training([run], 20_000, 0.01, _judge_xor)


def _judge_xor(training: Training) -> Outcome:
    steps = training.reached.get("loss")
    if training.trouble:
        return Outcome(3, _sentence(training.trouble))
    if steps is None:
        last = training.runs[0].losses[-1]
        return Outcome(3, f"Not within {training.limit} updates: the loss stands at {last:.4f}.")
    right = 0 if steps < 100 else 1 if steps < 1_000 else 2
    return Outcome(right, f"The loss fell below {training.until:g} after {steps} updates.")


def _moons(count: int, seed: int) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Two half circles that reach into each other, with a little noise. Returns: points (n, 2), classes (n,)."""
    generator = np.random.Generator(np.random.PCG64(seed))
    half = count // 2
    angle = np.linspace(0, np.pi, half)
    upper = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    lower = np.stack([1 - np.cos(angle), 0.5 - np.sin(angle)], axis=1)
    points = np.concatenate([upper, lower]) + generator.normal(scale=0.1, size=(2 * half, 2))
    return points.round(3), np.repeat([0.0, 1.0], half)


def classify(chosen: Mapping[str, str]) -> Experiment:
    """One layer and a hidden layer on two moons. Controls: rate, seed."""
    seed = int(chosen["seed"])
    points, classes = _moons(40, seed)
    generator = np.random.Generator(np.random.PCG64(seed + 1))
    rule = {"rule": "sgd", "rate": "eta"}
    rate = float(chosen["rate"])
    flat = {"w": [0.0, 0.0], "b": 0.0}
    hidden = {"W1": generator.normal(size=(6, 2)), "b1": np.zeros(6), "w2": generator.normal(size=6), "b2": 0.0}
    shared = {"X": points, "t": classes, "eta": rate}
    runs = [
        _run("one layer", "y = sigmoid(X @ w + b)\nL = mean(bce(y, t))", {**shared, **flat}, {**rule, "of": [*flat]}),
        _run("six hidden units", _MLP + "L = mean(bce(y, t))", {**shared, **hidden}, {**rule, "of": [*hidden]}),
    ]
    return Training(runs, 4_000, 0.02, _judge_classify)


def _judge_classify(training: Training) -> Outcome:
    if training.trouble:
        return Outcome(0, _sentence(training.trouble))
    one, six = (run.losses[-1] for run in training.runs)
    right = 2 if one < 0.1 and six < 0.1 else 1 if six < one / 2 else 0
    return Outcome(right, f"Binary cross-entropy: one layer {one:.3f}, six hidden units {six:.3f}.")


_SURFACE = "L = (x**2 + 20 * y**2) / 2"
RULES: dict[str, dict[str, Any]] = {
    "gradient descent": {"rule": "sgd"},
    "momentum": {"rule": "momentum", "mu": 0.9},
    "RMSprop": {"rule": "rmsprop", "rho": 0.9},
    "Adam": {"rule": "adam"},
}


def race(chosen: Mapping[str, str]) -> Experiment:
    """Every rule from the same point of the same valley. Control: rate."""
    rate = float(chosen["rate"])
    given = {"x": -4.0, "y": 1.5, "eta": rate}
    runs = [_run(name, _SURFACE, given, {**rule, "rate": "eta", "of": ["x", "y"]}) for name, rule in RULES.items()]
    experiment = Training(runs, 400, 1e-3, _judge_race)
    experiment.log = True
    return experiment


def _judge_race(training: Training) -> Outcome:
    names = list(RULES)
    if training.trouble:
        return Outcome(len(names), _sentence(training.trouble))
    lost = ", ".join(f"{name} after {steps}" for name, steps in training.diverged.items())
    apart = f" Diverged: {lost}; a lower rate would keep them." if lost else ""
    if not training.reached:
        return Outcome(len(names), f"None of them came below 0.001.{apart}")
    order = sorted(training.reached, key=training.reached.__getitem__)
    figures = ", ".join(f"{name} after {training.reached[name]}" for name in order)
    missing = [name for name in names if name not in training.reached and name not in training.diverged]
    never = f"; not at all: {', '.join(missing)}" if missing else ""
    return Outcome(names.index(order[0]), f"Below 0.001: {figures}{never}.{apart}")


def _sentence(trouble: str) -> str:
    return f"{trouble[:1].upper()}{trouble[1:]}."
