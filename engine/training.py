"""Training loops on compiled programs: a lab advances one a few hundred updates at a time and draws the loss.

Imports the compiler and the rules.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine import rules
from engine.compiled import Compiled, compile_nodes
from engine.errors import NumberError, TaskError
from engine.evaluate import Value
from engine.graph import Node, Shape
from engine.prepared import Program
from engine.run import starting_state
from engine.solving import numbers, work


@dataclass(frozen=True)
class Training:
    """The outcome of a training run.

    Attributes:
        steps: Updates made.
        losses: The loss before every update, and after the last one.
        parameters: The parameters at the end.
        reached: Whether the loss fell below the threshold; True where none was set.
    """

    steps: int
    losses: np.ndarray[Any, np.dtype[np.float64]]
    parameters: dict[str, Value]
    reached: bool


class Trainer:
    """A training run that can be watched.

    Args:
        program: The program, with a loss.
        given: Data and the parameters' starting values.
        update: How parameters are updated.
        state: The rule's state at the start.
        batches: Givens that change from update to update, taken in turn and again from the start.

    Attributes:
        step: Updates made so far.
        losses: The loss before each of them.

    Raises:
        EngineError: the program, the update or a number is wrong.
    """

    def __init__(
        self,
        program: Program,
        given: Mapping[str, Any],
        update: rules.Update | Mapping[str, Any],
        *,
        state: Mapping[str, Any] | None = None,
        batches: Mapping[str, Sequence[Any]] | None = None,
    ) -> None:
        update = rules.update_from(update) if isinstance(update, Mapping) else update
        taken = {n: [numbers({n: v})[n] for v in values] for n, values in (batches or {}).items()}
        self._batches = list(taken.values())
        first = {n: values[0] for n, values in taken.items()}
        values = numbers({**given, **first})
        prepared = program.prepare(values, taken)
        layout = work(prepared, update)
        if layout.moves is None or prepared.loss is None:
            raise TaskError("a training run needs a loss and an [update]")
        leaves = starting_state(layout, values, state or {})
        self.step = int((state or {}).get("t", 0))
        self.losses: list[float] = []
        self._names = list(update.of)
        moving = [*update.of, *leaves]
        roots: dict[str, Node] = {n: layout.moves.new[n] for n in update.of}
        roots |= {leaf: layout.moves.state[n][part] for (n, part), leaf in layout.moves.leaves.items()}
        varying: list[tuple[str, Shape]] = [(n, np.shape(values[n] if n in values else leaves[n])) for n in moving]
        varying += [(n, np.shape(v)) for n, v in first.items()] + [(layout.moves.counter, ())]
        constants = {n: v for n, v in values.items() if n not in moving and n not in first}
        self._compiled: Compiled = compile_nodes(prepared, {**roots, "loss": prepared.loss}, varying, constants)
        start = self._compiled.pack({**values, **leaves, layout.moves.counter: 1.0})
        extra = sum(math.prod(s) for n, s in varying if n in first) if self._compiled.scalars else len(first)
        self._now: tuple[Any, ...] = tuple(start[: len(start) - extra - 1])

    def advance(self, count: int, until: float | None = None) -> bool:
        """Make up to `count` updates; stop when the loss is below `until`, and say whether it is.

        Raises:
            NumberError: the loss is no longer a finite number.
        """
        function, now, losses = self._compiled.function, self._now, self.losses
        try:
            with np.errstate(all="ignore"):
                for _ in range(count):
                    out = function(*now, *self._batch(), self.step + 1.0)
                    loss = float(out[-1])
                    if not math.isfinite(loss):
                        raise NumberError(
                            f"the loss is no longer finite after {self.step} updates", remedy="lower the rate"
                        )
                    if until is not None and loss < until:
                        return True
                    losses.append(loss)
                    now = out[:-1]
                    self.step += 1
        except (ZeroDivisionError, OverflowError, ValueError) as error:
            raise NumberError(f"no finite result after {self.step} updates: {error}", remedy="lower the rate") from None
        finally:
            self._now = now
        return until is None

    def loss(self) -> float:
        """The loss at the present parameters.

        Raises:
            NumberError: it is not finite.
        """
        try:
            return float(self._compiled.function(*self._now, *self._batch(), self.step + 1.0)[-1])
        except (ZeroDivisionError, OverflowError, ValueError) as error:
            raise NumberError(f"no finite loss: {error}", remedy="lower the rate") from None

    @property
    def parameters(self) -> dict[str, Value]:
        """The parameters as they are now."""
        values = self._compiled.unpack((*self._now, 0.0))
        return {n: values[n] for n in self._names}

    def _batch(self) -> list[Any]:
        if not self._batches:
            return []
        picked = [values[self.step % len(values)] for values in self._batches]
        return [v for p in picked for v in np.ravel(p).tolist()] if self._compiled.scalars else picked


def train(
    program: Program,
    given: Mapping[str, Any],
    update: rules.Update | Mapping[str, Any],
    *,
    steps: int = 1000,
    until: float | None = None,
    state: Mapping[str, Any] | None = None,
    batches: Mapping[str, Sequence[Any]] | None = None,
) -> Training:
    """Run a training loop: up to `steps` updates, or until the loss is below `until`.

    Raises:
        EngineError: the program is wrong, or the loss is no longer finite.
    """
    trainer = Trainer(program, given, update, state=state, batches=batches)
    reached = trainer.advance(steps, until)
    last = trainer.loss()
    reached = reached or (until is not None and last < until)
    return Training(trainer.step, np.array([*trainer.losses, last]), trainer.parameters, reached)


def compile_program(
    program: Program, given: Mapping[str, Any], update: rules.Update | Mapping[str, Any] | None = None
) -> Compiled:
    """Forward, backward and update as one plain function of all givens, for givens of these shapes.

    Its results are `loss`, `dw` for every given the loss depends on, and `w'` for every updated parameter; with a rule
    that keeps state, its arguments and results go on with the state.

    Raises:
        EngineError: the program or the update is wrong.
    """
    update = rules.update_from(update) if isinstance(update, Mapping) else update
    values = numbers(given)
    prepared = program.prepare(values)
    layout = work(prepared, update)
    if prepared.loss is None:
        raise TaskError('there is nothing to differentiate; say loss = "L"')
    roots: dict[str, Node] = {"loss": prepared.loss} | {f"d{n}": node for n, node in layout.gradients.items()}
    varying: list[tuple[str, Shape]] = [(n, np.shape(v)) for n, v in values.items()]
    if layout.moves is not None and update is not None:
        roots |= {f"{n}'": node for n, node in layout.moves.new.items()}
        roots |= {f"{leaf}'": layout.moves.state[n][part] for (n, part), leaf in layout.moves.leaves.items()}
        varying += [(leaf, np.shape(values[n])) for (n, _), leaf in layout.moves.leaves.items()]
        varying += [(layout.moves.counter, ())] if update.counts else []
    return compile_nodes(prepared, roots, varying, {layout.moves.counter: 1.0} if layout.moves else {})
