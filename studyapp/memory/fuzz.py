"""Fuzz: a due day a little before or after the calculated one, so that items learned together do not stay together.

The draw depends on the item's key and its count of reviews alone: the day on the button is the day that is kept, on
every machine and after every restart.
"""

from __future__ import annotations

import math
from hashlib import blake2b

_RANGES = ((2.5, 7.0, 0.15), (7.0, 20.0, 0.10), (20.0, math.inf, 0.05))


def draw(key: str, reps: int) -> float:
    """A number in [0, 1) for the item `key` at its review number `reps`: 53 bits of a hash, equally likely."""
    digest = blake2b(f"{key}\0{reps}".encode("utf-8", "surrogatepass"), digest_size=8, person=b"studyapp").digest()
    return (int.from_bytes(digest, "big") >> 11) / (1 << 53)


def whole(days: float) -> int:
    """Nearest whole number of days, halves upwards (Python's `round` goes to the even one)."""
    return math.floor(days + 0.5)


def bounds(interval: float, minimum: int, maximum: int) -> tuple[int, int]:
    """First and last day that fuzz may choose for an interval.

    Args:
        interval: days, as calculated.
        minimum: least days allowed; yields to `maximum`.
        maximum: most days allowed.

    Source: FSRS; the same table as Anki's (rslib/src/scheduler/states/fuzz.rs).
    """
    minimum = min(minimum, maximum)
    interval = min(max(interval, minimum), maximum)
    spread = 0.0
    if interval >= 2.5:
        spread = 1.0 + sum(share * max(0.0, min(interval, end) - start) for start, end, share in _RANGES)
    lower = min(max(whole(interval - spread), minimum), maximum)
    upper = min(max(whole(interval + spread), minimum), maximum)
    return lower, upper


def choose(lower: int, upper: int, u: float) -> int:
    """A day from `lower` to `upper`, both included, each equally likely, for `u` in [0, 1)."""
    return lower + int(u * (1 + upper - lower))
