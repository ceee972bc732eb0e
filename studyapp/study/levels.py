"""How much of a worked example is given: levels 0 (all of it, to read) to 5 (the givens alone). Pure.

Backward fading with adaptive steps (Atkinson, Renkl & Merrill 2003; Salden et al. 2010): up after two clean sittings in
a row, down after two with misses; the person may always choose.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b

LOWEST, HIGHEST, FIRST = 0, 5, 1
MEANINGS = (
    "the whole worked example, to read",
    "all but the last step",
    "all but the last two steps",
    "the formulas of every step",
    "the names of the steps",
    "the givens alone",
)
"""What is given at each level."""
ERRORS_FROM, ERRORS_EVERY = 4, 5
"""From this level on, every so many sittings that count are "find the wrong line"."""
MASTERED_FROM, MASTERED_DAYS = 4, 3
"""An exercise is mastered when it went well on so many days, at this level or above, with other numbers each time."""
FRESH = 20
"""A seed is not drawn again within so many sittings."""


@dataclass(frozen=True)
class Sat:
    """One sitting of the past."""

    level: int
    clean: bool
    """Every step right at the first try, without a hint beyond the second."""
    missed: bool
    """At least one step was wrong, told or given up."""
    seed: int = 0
    counted: bool = True
    """Whether it was a review; practice beyond the schedule is none."""
    good: bool = False
    """Graded Good or Easy; practice alone has no grade and is good when it is clean."""
    day: int = 0
    """The study day."""


def next_level(past: Sequence[Sat]) -> int:
    """The level of the next sitting, by the past ones (oldest first)."""
    if not past:
        return FIRST
    level = past[-1].level
    run = []
    for sat in reversed(past):
        if sat.level != level:
            break
        run.append(sat)
    if level == LOWEST:
        return LOWEST + 1 if run[0].clean else LOWEST
    if level == HIGHEST and run[0].missed:
        return HIGHEST - 1
    if len(run) >= 2 and run[0].clean and run[1].clean:
        return min(HIGHEST, level + 1)
    if len(run) >= 2 and run[0].missed and run[1].missed:
        return max(LOWEST, level - 1)
    return level


def mastery_level(highest: int = HIGHEST) -> int:
    """From which level on a sitting counts towards mastery, for an exercise whose highest level is `highest`."""
    return min(MASTERED_FROM, highest)


def good_days(past: Sequence[Sat], highest: int = HIGHEST) -> int:
    """How many of the `MASTERED_DAYS` good days there are: none twice, none with the same numbers as another.

    Counted since the last sitting with more help: who falls below that level earns them anew.
    Source: successive relearning (Rawson & Dunlosky 2011).
    """
    seen: dict[int, int] = {}
    for sat in reversed(past):
        if sat.level < mastery_level(highest):
            break
        if sat.good and sat.seed not in seen.values():
            seen.setdefault(sat.day, sat.seed)
    return min(len(seen), MASTERED_DAYS)


def fresh_seed(item: str, past: Sequence[Sat]) -> int:
    """A seed for the next variant: the same when asked again, none of the last twenty."""
    recent = {sat.seed for sat in past[-FRESH:]}
    for attempt in range(FRESH + 1):
        digest = blake2b(f"{item}\0{len(past)}\0{attempt}".encode(), digest_size=4).digest()
        seed = int.from_bytes(digest, "big") % 100_000
        if seed not in recent:
            break
    return seed


def seeks_wrong_line(level: int, past: Sequence[Sat]) -> bool:
    """Whether the next review at `level` is to find the wrong line of a worked solution: every fifth from level 4 on.

    It follows from the journal alone, so it is the same when asked again.
    """
    high = sum(sat.counted and sat.level >= ERRORS_FROM for sat in past)
    return level >= ERRORS_FROM and high % ERRORS_EVERY == ERRORS_EVERY - 1
