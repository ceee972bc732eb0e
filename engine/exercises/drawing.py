"""Drawing givens from a seed, the same for ever. Imports numpy's bit generator and nothing of ours.

NumPy keeps the raw stream of PCG64 stable but not what `Generator` makes of it, so the few lines from raw words to
choices are our own.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

BLOCK = 64
"""Raw words fetched at once."""


class Stream:
    """Choices that depend on a template, its version and a seed alone."""

    def __init__(self, *identity: object) -> None:
        digest = hashlib.sha256("\0".join(map(str, identity)).encode()).digest()
        self._bits = np.random.PCG64(int.from_bytes(digest[:16], "big"))
        self._words: list[int] = []

    def below(self, count: int) -> int:
        """A whole number from 0 to count - 1."""
        if not self._words:
            self._words = self._bits.random_raw(BLOCK).tolist()[::-1]
        return (self._words.pop() * count) >> 64

    def shuffled(self, count: int) -> list[int]:
        """0 … count - 1 in some order."""
        order = list(range(count))
        for i in range(count - 1, 0, -1):
            j = self.below(i + 1)
            order[i], order[j] = order[j], order[i]
        return order


@dataclass(frozen=True)
class Sample:
    """How one given is drawn.

    Attributes:
        values: What an entry may be; where `whole`, what the given as a whole may be.
        shape: () for a number; a side may be the name of a given drawn before.
        signs: Whether each entry gets a sign by chance.
        distinct: Whether entries differ from each other (in size, where they get signs).
        whole: Whether `values` are complete arrays.
        as_shape: Whether only its shape is shown, because the numbers play no part.
    """

    values: tuple[Any, ...]
    shape: tuple[int | str, ...] = ()
    signs: bool = False
    distinct: bool = False
    whole: bool = False
    as_shape: bool = False

    def draw(self, stream: Stream, drawn: Mapping[str, Any]) -> Any:
        """A number, or a float64 array; `drawn` holds the givens drawn before."""
        if self.whole:
            return _value(self.values[stream.below(len(self.values))])
        if not self.shape:
            return self._signed(self.values[stream.below(len(self.values))], stream)
        shape = tuple(int(drawn[n]) if isinstance(n, str) else n for n in self.shape)
        size = math.prod(shape)
        picks: Sequence[float]
        if self.distinct:
            rest = list(self.values)
            picks = [rest.pop(stream.below(len(rest))) for _ in range(size)]
        else:
            picks = [self.values[stream.below(len(self.values))] for _ in range(size)]
        return np.array([self._signed(v, stream) for v in picks]).reshape(shape)

    def _signed(self, value: float, stream: Stream) -> float:
        return -value if self.signs and stream.below(2) else value


def _value(value: Any) -> Any:
    return float(value) if isinstance(value, int | float) else np.array(value, dtype=float)
