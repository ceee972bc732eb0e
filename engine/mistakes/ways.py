"""The wrong ways of one solution: what every fault gives at every step. Imports the faults found and the evaluation."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from engine.evaluate import Value
from engine.graph import Node
from engine.mistakes.catalogue import CATALOGUE
from engine.mistakes.finding import Found, found
from engine.mistakes.runs import kept_up
from engine.solution import Mistaken

if TYPE_CHECKING:
    from engine.solving import Work

Worked = tuple[str, Mapping[str, Value], Mapping[Node, Value]]
"""One update whose steps are shown: the suffix of their names, all leaves, what a learner found earlier."""


@dataclass(frozen=True)
class _Compared:
    """All faults' numbers beside the right ones, for one update.

    Attributes:
        all_: The faults.
        suffix: Of the update's steps.
        wrong: Their numbers, row after row.
        right: What should stand there.
        rows: Those whose numbers are finite and not the right ones (to 1e-9, as `engine.evaluate.same`).
    """

    all_: Found
    suffix: str
    wrong: NDArray[np.float64]
    right: NDArray[np.float64]
    rows: list[int]

    def mistakes(self, only: Collection[str] | None) -> Iterator[Mistaken]:
        """The mistakes at some steps."""
        starts = self.all_.numbers.starts
        for k in self.rows:
            id_, site, step, node = self.all_.rows[k]
            name = step + self.suffix
            if only is None or name in only:
                flat = self.wrong[starts[k] : starts[k + 1]]
                value = flat.reshape(node.shape) if node.shape else float(flat[0])
                yield Mistaken(id_, site + self.suffix, name, value, CATALOGUE[id_])

    def hidden(self, least: Mapping[str, Sequence[float]], spared: Collection[str]) -> tuple[str, str] | None:
        """The first row none of whose numbers is `least` away from the right one: its id and step."""
        all_ = self.all_
        far = [least.get(step + self.suffix) or [-1.0] * size for step, size in all_.steps.items()]
        with np.errstate(invalid="ignore"):  # rows that are not finite are not looked at
            off = np.abs(self.wrong - self.right) >= np.concatenate(far)[all_.places]
        apart = np.logical_or.reduceat(off, all_.numbers.starts[:-1]) | ~all_.fitting
        for k in self.rows:
            id_, _, step, _ = all_.rows[k]
            if not apart[k] and id_ not in spared:
                return id_, step + self.suffix
        return None


class Ways:
    """The wrong ways of one solution, evaluated when they are first asked for.

    Args:
        layout: The right calculation.
        worked: The updates whose steps are shown.
        results: The right value of every step.
        count: How many updates there are.
    """

    def __init__(self, layout: Work, worked: Sequence[Worked], results: Mapping[str, Value], count: int) -> None:
        self._layout, self._worked, self._results, self._count = layout, worked, results, count
        self._compared: dict[frozenset[str] | None, list[_Compared]] = {}
        self._made: dict[frozenset[str] | None, tuple[Mistaken, ...]] = {}

    def at(self, only: frozenset[str] | None = None) -> tuple[Mistaken, ...]:
        """Every mistake's value at every step it changes; `only` at some, as `w'` or `w'#2`."""
        if only not in self._made:
            made = [m for one in self._compare(only) for m in one.mistakes(only)]
            if self._count > 1 and len(self._worked) == self._count:
                made += kept_up(self._layout, found(self._layout).runs, self._worked, self._results, only)
            self._made[only] = tuple(made)
        return self._made[only]

    def hidden(self, least: Mapping[str, Sequence[float]], spared: Collection[str]) -> tuple[str, str] | None:
        """A mistake that lies nearer to the truth than it should, or None: its id and step.

        Looks at each update by itself, not at what a mistake kept up leads to.

        Args:
            least: For every step that matters, how far at least one of its numbers must be off, number by number.
            spared: Ids of mistakes that may lie as near as they will.
        """
        every = (one.hidden(least, spared) for one in self._compare(frozenset(least)))
        return next((pair for pair in every if pair is not None), None)

    def _compare(self, only: frozenset[str] | None) -> list[_Compared]:
        if only not in self._compared:
            bases = None if only is None else frozenset(name.partition("#")[0] for name in only)
            all_ = found(self._layout, bases)
            self._compared[only] = [self._one(all_, *part) for part in self._worked if all_.rows]
        return self._compared[only]

    def _one(self, all_: Found, suffix: str, leaves: Mapping[str, Value], fixed: Mapping[Node, Value]) -> _Compared:
        """All rows are compared at once: there are some hundred for every variant."""
        wrong = np.array(all_.numbers(leaves, fixed))
        right = np.concatenate([np.ravel(self._results[name + suffix]) for name in all_.steps])[all_.places]
        starts = all_.numbers.starts[:-1]
        with np.errstate(invalid="ignore"):
            size = np.maximum(np.maximum(np.abs(wrong), np.abs(right)), 1e-12)
            other = ~(np.abs(wrong - right) <= 1e-9 * size)
        other_rows = np.logical_or.reduceat(other, starts) | ~all_.fitting
        finite = np.logical_and.reduceat(np.isfinite(wrong), starts)
        return _Compared(all_, suffix, wrong, right, np.flatnonzero(other_rows & finite).tolist())
