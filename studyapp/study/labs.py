"""Labs: small experiments that run before one's eyes. First a prediction, then live curves, then the comparison. Pure.

    lab = LABS["xor"]; experiment = lab.start({"rate": "2"}); experiment.advance(100) … experiment.outcome()

An experiment is advanced a little at a time by whoever draws it, so it can be paused, stepped and cancelled. All
numbers come from the engine's programs; nothing here knows a screen.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from engine import EngineError, Program, Solution, Trainer, Update, solve, update_from


@dataclass(frozen=True)
class Control:
    """Something that can be chosen before the start."""

    name: str
    label: str
    options: tuple[str, ...]
    default: str


@dataclass(frozen=True)
class Curve:
    """One curve so far."""

    name: str
    xs: tuple[float, ...]
    ys: tuple[float, ...]


@dataclass(frozen=True)
class Outcome:
    """What came out: which of the predictions was right, and the figures in a sentence."""

    right: int
    sentence: str


class Experiment(ABC):
    """A lab under way. Subclasses advance it and say what came out."""

    x_name = "updates"
    log = False

    def __init__(self) -> None:
        self.trouble = ""
        """Why the experiment had to stop; empty while all is well."""

    @property
    def done(self) -> bool:
        """Whether there is nothing more to run."""
        return bool(self.trouble) or self.progress >= 1

    @property
    @abstractmethod
    def progress(self) -> float:
        """How much of the experiment is behind, 0 to 1."""

    def advance(self, count: int) -> None:
        """Go on by at most `count` units of work; a number that overflows ends the experiment with a sentence."""
        try:
            self._advance(count)
        except EngineError as error:
            self.trouble = str(error)

    @abstractmethod
    def _advance(self, count: int) -> None:
        """As `advance`; may raise EngineError."""

    @abstractmethod
    def curves(self) -> tuple[Curve, ...]:
        """The curves so far."""

    @abstractmethod
    def outcome(self) -> Outcome:
        """What came out, at the end."""

    def worked(self) -> Solution | None:
        """The next update worked out step by step; None where the experiment makes no updates."""
        return None


@dataclass(frozen=True)
class Lab:
    """An experiment on offer."""

    id: str
    title: str
    about: str
    """What happens, in Markdown."""
    question: str
    predictions: tuple[str, ...]
    controls: tuple[Control, ...]
    build: Callable[[Mapping[str, str]], Experiment] = field(compare=False)
    lesson: str = ""
    """The deck it belongs to."""

    def start(self, chosen: Mapping[str, str] | None = None) -> Experiment:
        """Begin with the chosen controls; the others have their defaults.

        Raises: ValueError for a control or an option that there is not.
        """
        values = {control.name: control.default for control in self.controls}
        for name, value in (chosen or {}).items():
            control = next((one for one in self.controls if one.name == name), None)
            if control is None or value not in control.options:
                raise ValueError(f"{self.id} has no {name} {value!r}")
            values[name] = value
        return self.build(values)


# training runs: XOR, classification, the race of the optimisers


@dataclass
class _Run:
    name: str
    program: Program
    given: dict[str, Any]
    update: Update
    trainer: Trainer


class Training(Experiment):
    """One or several training runs side by side, until each is below a threshold or out of updates."""

    def __init__(self, runs: Sequence[_Run], limit: int, until: float, judge: Callable[[Training], Outcome]) -> None:
        super().__init__()
        self.runs, self.limit, self.until, self._judge = list(runs), limit, until, judge
        self.reached: dict[str, int] = {}
        """Run → updates after which its loss was below the threshold."""

    @property
    def progress(self) -> float:
        """Share of the updates made, or 1 when every run has reached the threshold."""
        if len(self.reached) == len(self.runs):
            return 1.0
        return max(run.trainer.step for run in self.runs) / self.limit

    def _advance(self, count: int) -> None:
        for run in self.runs:
            room = min(count, self.limit - run.trainer.step)
            if run.name not in self.reached and room > 0 and run.trainer.advance(room, self.until):
                self.reached[run.name] = run.trainer.step

    def curves(self) -> tuple[Curve, ...]:
        """The loss of every run."""
        return tuple(Curve(run.name, *_thinned(run.trainer.losses)) for run in self.runs)

    def outcome(self) -> Outcome:
        """As the lab judges it."""
        return self._judge(self)

    def worked(self) -> Solution | None:
        """The next update of the first run."""
        run = self.runs[0]
        return solve(run.program, {**run.given, **run.trainer.parameters}, run.update)


_POINTS = 400


def _thinned(values: Sequence[float]) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """At most a few hundred points of a long curve, the last one among them."""
    step = max(1, len(values) // _POINTS)
    places = [*range(0, len(values), step)]
    if places and places[-1] != len(values) - 1:
        places.append(len(values) - 1)
    return tuple(float(place) for place in places), tuple(values[place] for place in places)


def _run(name: str, forward: str, given: Mapping[str, Any], rule: Mapping[str, Any]) -> _Run:
    program, update = Program.parse(forward, "L"), update_from(dict(rule))
    return _Run(name, program, dict(given), update, Trainer(program, given, update))


_MLP = """
Z1 = X @ W1.T + b1
A1 = sigmoid(Z1)
z2 = A1 @ w2 + b2
y = sigmoid(z2)
"""


def _xor(chosen: Mapping[str, str]) -> Experiment:
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
    if steps is None:
        last = training.runs[0].trainer.losses[-1]
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


def _classify(chosen: Mapping[str, str]) -> Experiment:
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
    one, six = (run.trainer.losses[-1] for run in training.runs)
    right = 2 if one < 0.1 and six < 0.1 else 1 if six < one / 2 else 0
    return Outcome(right, f"Binary cross-entropy: one layer {one:.3f}, six hidden units {six:.3f}.")


_SURFACE = "L = (x**2 + 20 * y**2) / 2"
_RULES: dict[str, dict[str, Any]] = {
    "gradient descent": {"rule": "sgd"},
    "momentum": {"rule": "momentum", "mu": 0.9},
    "RMSprop": {"rule": "rmsprop", "rho": 0.9},
    "Adam": {"rule": "adam"},
}


def _race(chosen: Mapping[str, str]) -> Experiment:
    rate = float(chosen["rate"])
    given = {"x": -4.0, "y": 1.5, "eta": rate}
    runs = [_run(name, _SURFACE, given, {**rule, "rate": "eta", "of": ["x", "y"]}) for name, rule in _RULES.items()]
    experiment = Training(runs, 400, 1e-3, _judge_race)
    experiment.log = True
    return experiment


def _judge_race(training: Training) -> Outcome:
    names = list(_RULES)
    if not training.reached:
        return Outcome(len(names), "None of them came below 0.001.")
    order = sorted(training.reached, key=training.reached.__getitem__)
    figures = ", ".join(f"{name} after {training.reached[name]}" for name in order)
    missing = [name for name in names if name not in training.reached]
    never = f"; not at all: {', '.join(missing)}" if missing else ""
    return Outcome(names.index(order[0]), f"Below 0.001: {figures}{never}.")


# gradients by depth


class Depth(Experiment):
    """The size of the loss gradient at every layer of a deep network, for two activations."""

    x_name = "layer, from the input"
    log = True
    WIDTH = 8

    def __init__(self, depth: int, scale: str, seed: int) -> None:
        super().__init__()
        self.depth, self._scale, self._seed = depth, scale, seed
        self._found: dict[str, list[float]] = {}
        self._todo = ["sigmoid", "relu"]

    @property
    def progress(self) -> float:
        """Share of the networks that are measured."""
        return 1 - len(self._todo) / 2

    def _advance(self, count: int) -> None:
        for _ in range(min(count, len(self._todo))):
            name = self._todo.pop(0)
            self._found[name] = self._measure(name)

    def _measure(self, activation: str) -> list[float]:
        generator = np.random.Generator(np.random.PCG64(self._seed))
        spread = {"Xavier": 1.0, "He": 2.0, "half of He": 0.5}[self._scale]
        lines, given = [], {"a0": generator.normal(size=self.WIDTH), "t": np.zeros(self.WIDTH)}
        for layer in range(1, self.depth + 1):
            given[f"W{layer}"] = generator.normal(size=(self.WIDTH, self.WIDTH)) * np.sqrt(spread / self.WIDTH)
            lines.append(f"a{layer} = {activation}(W{layer} @ a{layer - 1})")
        lines.append(f"L = half_mse(a{self.depth}, t)")
        gradients = solve(Program.parse("\n".join(lines), "L"), given).gradients
        return [float(np.linalg.norm(gradients[f"W{layer}"])) for layer in range(1, self.depth + 1)]

    def curves(self) -> tuple[Curve, ...]:
        """Norm of the gradient by layer."""
        layers = tuple(float(layer) for layer in range(1, self.depth + 1))
        return tuple(Curve(name, layers, tuple(sizes)) for name, sizes in self._found.items())

    def outcome(self) -> Outcome:
        """The ratio between the last and the first layer."""
        ratios = {name: sizes[-1] / sizes[0] if sizes[0] else np.inf for name, sizes in self._found.items()}
        sigmoid = ratios["sigmoid"]
        right = 0 if sigmoid < 10 else 1 if sigmoid < 1_000 else 2
        relu = "gradient gone" if not np.isfinite(ratios["relu"]) else f"{ratios['relu']:.3g} times"
        return Outcome(
            right, f"Last layer over first: sigmoid {sigmoid:.3g} times, ReLU {relu}, with {self.depth} layers."
        )


# dropout


class Dropout(Experiment):
    """The running mean of a unit behind dropout, over random masks, in both conventions."""

    x_name = "masks drawn"
    VALUE, MASKS = 2.0, 600

    def __init__(self, keep: float, seed: int) -> None:
        super().__init__()
        self.keep = keep
        self._generator = np.random.Generator(np.random.PCG64(seed))
        self._program = Program.parse("standard = h * mask\ninverted = dropout(h, mask, keep)")
        self._sums = {"standard": [0.0], "inverted": [0.0]}

    @property
    def progress(self) -> float:
        """Share of the masks drawn."""
        return (len(self._sums["standard"]) - 1) / self.MASKS

    def _advance(self, count: int) -> None:
        for _ in range(min(count, self.MASKS - len(self._sums["standard"]) + 1)):
            mask = float(self._generator.random() < self.keep)
            values = solve(self._program, {"h": self.VALUE, "mask": mask, "keep": self.keep}).values
            for name, sums in self._sums.items():
                sums.append(sums[-1] + float(values[name]))

    def curves(self) -> tuple[Curve, ...]:
        """Running mean of the unit in training."""
        return tuple(
            Curve(name, *_thinned([total / place for place, total in enumerate(sums[1:], 1)]))
            for name, sums in self._sums.items()
        )

    def outcome(self) -> Outcome:
        """The two means against the unit's value."""
        standard, inverted = (sums[-1] / max(1, len(sums) - 1) for sums in self._sums.values())
        return Outcome(
            0,
            f"The unit is {self.VALUE:g}. In training its mean is {standard:.2f} with standard dropout "
            f"(keep probability times the unit is {self.keep * self.VALUE:.2f}) and {inverted:.2f} with inverted "
            "dropout, which divides by the keep probability and so needs no change at test time.",
        )


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
            _xor,
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
            _classify,
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
            lambda chosen: Depth(int(chosen["depth"]), chosen["scale"], int(chosen["seed"])),
            "training-trouble",
        ),
        Lab(
            "race",
            "Four optimisers on one surface",
            r"All start at $(-4, 1.5)$ on $L = \frac{1}{2}(x^2 + 20 y^2)$, a valley twenty times steeper across than "
            "along.",
            "Which of them is the first below 0.001?",
            (*_RULES, "none of them"),
            (Control("rate", "learning rate η", ("0.01", "0.05", "0.09", "0.2"), "0.05"),),
            _race,
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
            lambda chosen: Dropout(float(chosen["keep"]), int(chosen["seed"])),
            "regularization",
        ),
    )
}
"""Every lab, by its id."""
