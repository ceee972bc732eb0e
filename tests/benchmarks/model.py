"""What a benchmark is made of: a row, its two sides, what a side measured. Plain values; touches nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

SEED = 20_261_121
"""Everything random starts here, so that every machine measures the same collection."""
REVIEWS_EACH = 10
"""Reviews in every item's history."""


@dataclass(frozen=True)
class Scale:
    """How much there is, and how often it is measured."""

    name: str
    items: int
    answers: int
    """Answers given in a round of an answering row."""
    starts: int
    """Processes started in a round of a starting row."""
    keys: int
    """Cards gone through on the screen in a round."""
    calls: int
    """Calls of a fast function in a round."""


SCALES: dict[str, Scale] = {
    "tiny": Scale("tiny", 80, answers=4, starts=1, keys=2, calls=3),
    "1k": Scale("1k", 1_000, answers=60, starts=5, keys=20, calls=300),
    "10k": Scale("10k", 10_000, answers=600, starts=7, keys=60, calls=2_000),
    "100k": Scale("100k", 100_000, answers=2_000, starts=7, keys=100, calls=2_000),
}


class MissingError(Exception):
    """This side cannot run here; the text says what it needs."""


@dataclass(frozen=True)
class Setting:
    """What a side is given: where the data lie, a folder of its own to write in, how much to do."""

    data: Path
    scratch: Path
    scale: Scale
    root: Path
    """The repository, where child processes run."""


@dataclass(frozen=True)
class Measured:
    """What one round of one side measured."""

    samples: list[float]
    """Milliseconds, each of one piece of work."""
    rss_mb: float | None = None
    """The peak of the process that did the work, where that is not the measuring one."""
    facts: Mapping[str, float] = field(default_factory=dict)
    """Further figures worth printing, such as the longest time the screen stood still."""


Side = Callable[[Setting], Measured]


@dataclass(frozen=True)
class Row:
    """One line of the table.

    `ratios` are targets against the peer (statistic → at most this multiple); `limits` are targets in milliseconds, and
    `a_second` in pieces of work a second.
    """

    name: str
    work: str
    ours: Side
    peer: Side | None = None
    against: str = ""
    ratios: Mapping[str, float] = field(default_factory=dict)
    limits: Mapping[str, float] = field(default_factory=dict)
    a_second: float | None = None
    grows: bool = True
    """Whether the size of the collection matters."""
    rounds: int = 3
