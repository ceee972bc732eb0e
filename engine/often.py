"""Numbers that are wanted again and again: from a plan at first, from a compiled function once that is worth it.

Imports plans and the compiler.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np

from engine.compiled import Compiled, compile_scalars
from engine.evaluate import Plan, Value
from engine.graph import Node, ordered
from engine.prepared import Prepared

WORTH = 40
"""Uses after which compiling is worth it for what one exercise needs a few times: a class set needs it more often."""


class Often:
    """The values of some nodes as one flat list of floats, root after root, row by row.

    Attributes:
        roots: The nodes; one may stand there twice.
        starts: For every root the place of its first number; behind them the count of all numbers.
    """

    def __init__(self, prepared: Prepared, roots: Sequence[Node], after: int = 1) -> None:
        """`after` so many uses the function is made; a node that does not fall apart into floats keeps its plan."""
        self.roots = tuple(roots)
        self.starts = [0]
        for node in self.roots:
            self.starts.append(self.starts[-1] + math.prod(node.shape))
        self._prepared, self._left = prepared, after
        self._plan = Plan(dict.fromkeys(self.roots))
        self._compiled: Compiled | None = None

    def __call__(self, leaves: Mapping[str, Value], fixed: Mapping[Node, Value] | None = None) -> list[float]:
        """The numbers for some leaves; what is not finite stands there as it came out.

        Args:
            leaves: Name → value of every given, of the state and of the counter.
            fixed: Values that are taken instead of computed: for a plan only.
        """
        if not fixed and self._ready():
            assert self._compiled is not None
            try:
                return list(map(float, self._compiled.function(*self._compiled.pack(leaves))))
            except (ZeroDivisionError, OverflowError, ValueError):
                pass  # a plan gives infinities and NaN where a float operation raises
        values = self._plan.run(leaves, self._pinned(fixed) if fixed else None)
        flat: list[float] = []
        for node in self.roots:
            value = values[self._plan.slots[node]]
            flat.extend(np.ravel(value).tolist())
        return flat

    def cut(self, flat: Sequence[float], k: int) -> Value:
        """The value of root `k` out of the numbers of a call."""
        shape = self.roots[k].shape
        start, stop = self.starts[k], self.starts[k + 1]
        return np.array(flat[start:stop]).reshape(shape) if shape else flat[start]

    def _ready(self) -> bool:
        if self._left == 0:
            self._left = -1
            leaves = [n for n in ordered(self.roots) if n.op == "given"]
            labelled = {str(i): node for i, node in enumerate(self.roots)}
            self._compiled = compile_scalars(self._prepared, labelled, [(n.name, n.shape) for n in leaves])
        elif self._left > 0:
            self._left -= 1
        return self._compiled is not None

    def _pinned(self, fixed: Mapping[Node, Value]) -> dict[Node, Value]:
        """What is fixed under a name is so in every version of the calculation that has a value of that name."""
        by_name = {n.name: v for n, v in fixed.items() if n.name}
        named = {n: by_name[n.name] for n in self._plan.order if n.op == "named" and n.name in by_name}
        return {**fixed, **named}
