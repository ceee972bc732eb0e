"""Numbers for a graph: an order of work made once, then run for any givens. Imports numpy and the graph."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from engine.errors import NumberError
from engine.graph import Node, ordered
from engine.operations import OPERATIONS
from engine.program import where

Value = Any
"""A float or a float64 array."""

MAX_TOTAL = 20_000_000
"""Elements all values of one run may hold together."""


class Plan:
    """What to compute, in order, so that every root has its value.

    Args:
        roots: The nodes whose values are wanted.
    """

    def __init__(self, roots: Iterable[Node]) -> None:
        self.roots = tuple(roots)
        self.order = ordered(self.roots)
        self.slots = {node: i for i, node in enumerate(self.order)}
        self._initial: list[Value] = [None] * len(self.order)
        self._givens: list[tuple[int, str]] = []
        self._calls: list[tuple[int, Callable[..., Value], tuple[int, ...]]] = []
        if sum(math.prod(n.shape) for n in self.order) > MAX_TOTAL:
            raise NumberError(f"the program needs more than {MAX_TOTAL:,} numbers at once", remedy="use smaller arrays")
        for slot, node in enumerate(self.order):
            if node.op == "given":
                self._givens.append((slot, node.name))
            elif node.op == "const":
                self._initial[slot] = float(node.attrs[0])
            elif node.op == "fill":
                self._initial[slot] = np.full(node.attrs[1], float(node.attrs[0]))
            else:
                self._calls.append((slot, _bound(node), tuple(self.slots[a] for a in node.args)))

    def run(self, given: Mapping[str, Value], overrides: Mapping[Node, Value] | None = None) -> list[Value]:
        """Every value of the plan, by slot; those of `overrides` are taken instead of computed."""
        values = list(self._initial)
        for slot, name in self._givens:
            values[slot] = given[name]
        with np.errstate(all="ignore"):
            if overrides:
                fixed = {self.slots[n]: v for n, v in overrides.items() if n in self.slots}
                for slot, function, args in self._calls:
                    values[slot] = fixed[slot] if slot in fixed else function(*[values[i] for i in args])
            else:
                for slot, function, args in self._calls:
                    values[slot] = function(*[values[i] for i in args])
        return values

    def check(self, values: Sequence[Value]) -> None:
        """Raise for the first value that is not a finite number.

        Raises:
            NumberError: with the place in the program and what happened there.
        """
        for node, value in zip(self.order, values, strict=True):
            if node.op in {"named", "given"} and not finite(value):
                raise self._blame(values)

    def _blame(self, values: Sequence[Value]) -> NumberError:
        for node, value in zip(self.order, values, strict=True):
            if finite(value):
                continue
            what, remedy = _cause(node, [values[self.slots[a]] for a in node.args])
            place = node.graph.where.get(node)
            if place is None:
                return NumberError(f"{what} while computing the gradients", remedy=remedy)
            line, column, piece = where(place[1], place[0])
            return NumberError(what, line=line, column=column, piece=piece, remedy=remedy)
        return NumberError("a value is not a finite number")


def _bound(node: Node) -> Callable[..., Value]:
    function = OPERATIONS[node.op].evaluate
    if not node.attrs or node.op == "named":
        return function
    attrs = node.attrs
    return lambda *args: function(*args, *attrs)


def finite(value: Value) -> bool:
    """Whether a number, or every entry of an array, is finite."""
    return math.isfinite(value) if isinstance(value, float) else bool(np.isfinite(value).all())


def _cause(node: Node, args: Sequence[Value]) -> tuple[str, str]:  # noqa: PLR0911
    last = np.asarray(args[-1]) if args else np.zeros(())
    match node.op:
        case "given":
            return f"`{node.name}` is not a finite number", "give finite numbers"
        case "div" if (last == 0).any():
            return "division by zero", "change the numbers so that the denominator is not 0"
        case "log" if (last <= 0).any():
            return "the logarithm of a number that is not positive", "change the numbers"
        case "sqrt" if (last < 0).any():
            return "the square root of a negative number", "change the numbers"
        case "pow" if finite(last) and (np.asarray(args[0]) < 0).any() and (last != np.floor(last)).any():
            return "a fractional power of a negative number", "change the numbers"
        case "pow" if (np.asarray(args[0]) == 0).any():
            return "division by zero (a negative power of 0)", "change the numbers"
        case "bce" | "cross_entropy":
            return "the logarithm of 0 in the cross-entropy: a prediction is exactly 0 or 1", "use less extreme numbers"
    return "overflow: the number is too large for float64", "use smaller numbers"


def listed(value: Value) -> Any:
    """A value as plain floats in nested lists."""
    return np.asarray(value, dtype=float).tolist()


def same(a: Value, b: Value, relative: float = 1e-9) -> bool:
    """Whether two values agree entry for entry."""
    a, b = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    if a.shape != b.shape:
        return False
    if a.shape == ():
        x, y = float(a), float(b)
        return x == y or abs(x - y) <= relative * max(abs(x), abs(y), 1e-12)
    return bool((np.abs(a - b) <= relative * np.maximum(np.maximum(np.abs(a), np.abs(b)), 1e-12)).all())
