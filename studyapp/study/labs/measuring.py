"""Labs that measure: gradients by depth, and the mean behind dropout."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from engine import Program, Solution, solve
from engine.notation import number
from studyapp.study.labs.model import Curve, Experiment, Outcome, Worked, thinned


class Depth(Experiment):
    """The size of the loss gradient at every layer of a deep network, for two activations."""

    unit = "network"
    x_name = "layer, from the input"
    y_name = "size of the gradient"
    log = True
    WIDTH = 8

    def __init__(self, depth: int, scale: str, seed: int) -> None:
        super().__init__()
        self.depth, self._scale, self._seed = depth, scale, seed
        self._found: dict[str, list[float]] = {}
        self._todo = ["sigmoid", "relu"]

    @property
    def made(self) -> int:
        """Networks measured."""
        return len(self._found)

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

    def worked(self) -> tuple[Worked, ...]:
        """The gradients of the next network from the output back, and by how much each layer changes them."""
        if not self._todo:
            return ()
        name = self._todo[0]
        sizes = self._measure(name)
        lines = []
        for layer in range(self.depth, 0, -1):
            size, after = sizes[layer - 1], sizes[layer] if layer < self.depth else 0.0
            factor = rf"{number(size / after)} \cdot {number(after)} = " if after else ""
            lines.append(rf"\lVert \partial L/\partial W^{{({layer})}} \rVert = {factor}{number(size)}")
        return (Worked(name, figures=tuple(lines)),)

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


class Dropout(Experiment):
    """The running mean of a unit behind dropout, over random masks, in both conventions."""

    unit = "mask"
    x_name = "masks drawn"
    y_name = "mean in training"
    VALUE, MASKS = 2.0, 600

    def __init__(self, keep: float, seed: int) -> None:
        super().__init__()
        self.keep = keep
        self._generator = np.random.Generator(np.random.PCG64(seed))
        self._program = Program.parse("standard = h * mask\ninverted = dropout(h, mask, keep)")
        self._sums = {"standard": [0.0], "inverted": [0.0]}
        self._mask = self._drawn()

    def _drawn(self) -> float:
        return float(self._generator.random() < self.keep)

    def _solved(self) -> Solution:
        return solve(self._program, {"h": self.VALUE, "mask": self._mask, "keep": self.keep})

    @property
    def made(self) -> int:
        """Masks drawn."""
        return len(self._sums["standard"]) - 1

    @property
    def progress(self) -> float:
        """Share of the masks drawn."""
        return self.made / self.MASKS

    def _advance(self, count: int) -> None:
        for _ in range(min(count, self.MASKS - self.made)):
            values = self._solved().values
            for name, sums in self._sums.items():
                sums.append(sums[-1] + float(values[name]))
            self._mask = self._drawn()

    def worked(self) -> tuple[Worked, ...]:
        """The unit behind the next mask."""
        return (Worked("", self._solved()),)

    def curves(self) -> tuple[Curve, ...]:
        """Running mean of the unit in training."""
        return tuple(
            Curve(name, *thinned([total / place for place, total in enumerate(sums[1:], 1)], first=1))
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


def depth(chosen: Mapping[str, str]) -> Experiment:
    """Gradients by depth. Controls: depth, scale, seed."""
    return Depth(int(chosen["depth"]), chosen["scale"], int(chosen["seed"]))


def dropout(chosen: Mapping[str, str]) -> Experiment:
    """The mean behind dropout. Controls: keep, seed."""
    return Dropout(float(chosen["keep"]), int(chosen["seed"]))
