"""FSRS-6: how firmly an item is remembered and when that fades. The only importer of the Rust core, fsrs_rs_python.

The core is fast and right, and trusts its caller: ratings, retentions, elapsed days and parameters out of range are
used or bent without a word. Everything is therefore checked on this side. Stability S is in days, 0.001 to 36 500;
difficulty D is 1 to 10; elapsed days are whole study days; retention is a probability. The core calculates in 32-bit
floats, so compare its results with a relative tolerance of 1e-4.

Source: FSRS-6, github.com/open-spaced-repetition (the algorithm's wiki page and the crate `fsrs`).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

import fsrs_rs_python as core

from studyapp.memory.model import Grade, Parameters, SchedulingError

VERSION = "FSRS-6"
LOWEST_RETENTION, HIGHEST_RETENTION = 0.70, 0.99
LOWEST_STABILITY, HIGHEST_STABILITY = 0.001, 36_500.0
_LENGTHS = {"FSRS-4.5": 17, "FSRS-5": 19, "FSRS-6": 21}
_LIMITS = (
    *((0.001, 100.0),) * 4,
    (1.0, 10.0), (0.001, 4.0), (0.001, 4.0), (0.001, 0.75), (0.0, 4.5), (0.0, 0.8), (0.001, 3.5), (0.001, 5.0),
    (0.001, 0.25), (0.001, 0.9), (0.0, 4.0), (0.0, 1.0), (1.0, 6.0), (0.0, 2.0), (0.0, 2.0), (0.0, 0.8), (0.1, 0.8),
)  # fmt: skip

_NAMES = ("again", "hard", "good", "easy")

Review = tuple[int, int]
"""A graded review in a history: (grade 1 to 4, study days since the review before it)."""


class Memory(NamedTuple):
    """What the model knows of one item."""

    stability: float
    difficulty: float


class Next(NamedTuple):
    """What one grade leads to: the memory afterwards and the days until recall has faded to the desired retention."""

    memory: Memory
    interval: float


def fill(values: Sequence[float], version: str = VERSION) -> Parameters:
    """A parameter set as FSRS-6 has it, from one of any age.

    Args:
        values: none (the defaults), 17 (FSRS-4.5), 19 (FSRS-5) or 21 (FSRS-6) numbers.
        version: the model the set is said to belong to.

    Raises:
        SchedulingError: unknown version, another length, or something that is not a finite number.
    """
    if version not in _LENGTHS:
        raise SchedulingError(
            f"parameters of the model {version!r} are not known here (known: {', '.join(_LENGTHS)}); "
            "install a newer studyapp, or use FSRS-6 parameters"
        )
    lengths = sorted(_LENGTHS.values())
    if len(values) not in (0, *lengths):
        raise SchedulingError(
            f"an FSRS parameter set has 17, 19 or 21 numbers, this one has {len(values)}; copy it whole"
        )
    for position, value in enumerate(values):
        if not math.isfinite(value):
            raise SchedulingError(f"FSRS parameter w{position} is {value}, which is no number; copy the set again")
    if not values:
        return Parameters()
    return Parameters(
        VERSION, tuple(values) if len(values) == 21 else tuple(core.check_and_fill_parameters(list(values)))
    )


def clamp(parameters: Parameters) -> tuple[Parameters, tuple[str, ...]]:
    """The set with every weight inside its limits, and a sentence for each weight that had to be moved."""
    filled = fill(parameters.values, parameters.version)
    moved, told = [], []
    for position, (value, (low, high)) in enumerate(zip(filled.values, _LIMITS, strict=True)):
        moved.append(min(max(value, low), high))
        if moved[-1] != value:
            told.append(f"w{position} = {value:g} lies outside {low:g} to {high:g}; {moved[-1]:g} is used")
    return Parameters(VERSION, tuple(moved)), tuple(told)


def check_retention(retention: float) -> float:
    """`retention` itself. Raises SchedulingError outside 0.70 to 0.99."""
    if not LOWEST_RETENTION <= retention <= HIGHEST_RETENTION:
        raise SchedulingError(
            f"desired retention must lie between 0.70 and 0.99, not {retention}; change it in Settings"
        )
    return retention


@lru_cache(maxsize=16)
def _model(parameters: Parameters) -> core.FSRS:
    return core.FSRS(list(clamp(parameters)[0].values))


@lru_cache(maxsize=16)
def _curve(parameters: Parameters) -> tuple[float, float]:
    """Decay (negative) and factor of the forgetting curve R = (1 + factor·t/S)^decay."""
    decay = -clamp(parameters)[0].values[20]
    return decay, float(0.9 ** (1 / decay)) - 1


@lru_cache(maxsize=16)
def short_term(parameters: Parameters) -> bool:
    """Whether the set says anything about two reviews on one day (w17 and w18 above zero)."""
    values = fill(parameters.values, parameters.version).values
    return values[17] > 0 and values[18] > 0


def outcomes(
    memory: Memory | None, elapsed_days: int, retention: float, parameters: Parameters
) -> tuple[Next, Next, Next, Next]:
    """What Again, Hard, Good and Easy would lead to.

    Args:
        memory: None for an item never graded; `elapsed_days` means nothing then.
        elapsed_days: study days since the last graded review; negative (a clock set back) counts as 0.
        retention: probability of recall at which the interval ends, 0.70 to 0.99.
        parameters: the weights.

    Raises:
        SchedulingError: a retention or a memory out of range.
    """
    states = _next_states(memory, elapsed_days, check_retention(retention), parameters)
    again, hard, good, easy = (
        Next(Memory(s.memory.stability, s.memory.difficulty), s.interval)
        for s in (states.again, states.hard, states.good, states.easy)
    )
    return again, hard, good, easy


def after(memory: Memory | None, elapsed_days: int, grade: Grade, parameters: Parameters) -> Memory:
    """Memory after one graded review. Raises SchedulingError for a grade outside 1 to 4 or a memory out of range."""
    name = _NAMES[check_grade(grade) - 1]
    chosen = getattr(_next_states(memory, elapsed_days, 0.9, parameters), name).memory
    return Memory(chosen.stability, chosen.difficulty)


def check_grade(grade: int | None) -> int:
    """`grade` itself. Raises SchedulingError unless it is 1, 2, 3 or 4: the core would use a 9 as an Easy."""
    if grade not in (1, 2, 3, 4):
        raise SchedulingError(f"a review has a grade from 1 (Again) to 4 (Easy), this one has {grade}")
    return grade


def _next_states(memory: Memory | None, elapsed_days: int, retention: float, parameters: Parameters) -> core.NextStates:
    return _model(parameters).next_states(_native(memory), retention, max(0, elapsed_days))


def _native(memory: Memory | None) -> core.MemoryState | None:
    if memory is None:
        return None
    if not (0 < memory.stability <= HIGHEST_STABILITY * 1.001 and 1 <= memory.difficulty <= 10):
        raise SchedulingError(
            f"stability {memory.stability} and difficulty {memory.difficulty} are no FSRS memory "
            "(0.001 to 36500 and 1 to 10); repair it with `studyapp doctor --rebuild`"
        )
    return core.MemoryState(memory.stability, memory.difficulty)


def interval(stability: float, retention: float, parameters: Parameters) -> float:
    """Days until the probability of recall has fallen to `retention` (0.70 to 0.99); no upper limit is applied."""
    check_retention(retention)
    decay, factor = _curve(parameters)
    return stability / factor * (float(retention ** (1 / decay)) - 1)


def retrievability(elapsed_days: float, stability: float, parameters: Parameters) -> float:
    """Probability of recalling an item `elapsed_days` after its last review.

    Args:
        elapsed_days: days, negative counts as 0.
        stability: days, above 0.
        parameters: only w20, the decay, is used.

    Returns: a number in (0, 1]: 1.0 at zero days, 0.9 when `elapsed_days == stability`.
    """
    if stability <= 0:
        raise SchedulingError(f"a stability is above 0 days, this one is {stability}")
    decay, factor = _curve(parameters)
    return float((1 + factor * max(0.0, elapsed_days) / stability) ** decay)


def replay(histories: Iterable[Sequence[Review]], parameters: Parameters) -> list[Memory]:
    """The memory at the end of each history; one call of the core for all of them.

    Args:
        histories: for each item its reviews, oldest first, at least one; days are clamped to 0 and above.
        parameters: the weights.

    Raises:
        SchedulingError: an empty history or a grade outside 1 to 4.
    """
    return replay_made([[make_review(grade, days) for grade, days in history] for history in histories], parameters)


def replay_made(histories: Iterable[list[core.FSRSReview]], parameters: Parameters) -> list[Memory]:
    """As `replay`, for reviews that `make_review` made: spares a whole collection one tuple per review."""
    items = _items(histories)
    if not items:
        return []
    return [Memory(m.stability, m.difficulty) for m in _model(parameters).memory_state_batch(items)]


@lru_cache(maxsize=16_384)  # gaps of up to eleven years share one object per grade
def make_review(grade: int, days: int) -> core.FSRSReview:
    """The core's object for a review, shared: building them is most of the time of a replay.

    Raises:
        SchedulingError: a grade outside 1 to 4.
    """
    return core.FSRSReview(check_grade(grade), max(0, days))


def _items(histories: Iterable[list[core.FSRSReview]]) -> list[core.FSRSItem]:
    items = []
    for number, history in enumerate(histories):
        if not history:
            raise SchedulingError(f"history {number + 1} has no review; leave out items that were never graded")
        items.append(core.FSRSItem(history))
    return items


def train(
    items: Sequence[Sequence[Review]], owners: Sequence[int], parameters: Parameters, relearning_steps: int, epochs: int
) -> Parameters:
    """Parameters fitted to a learner's reviews. Minutes long at worst, and it holds the GIL: see `optimise`.

    Args:
        items: one history per prediction, in the order of time: the last review is predicted from those before it.
        owners: for each of `items`, a number that tells the study item it belongs to.
        parameters: the set in use.
        relearning_steps: how many there are; keeps a lapse and its repair from ending above the start.
        epochs: passes over the data.

    Raises:
        SchedulingError: a grade outside 1 to 4, or data the core cannot train on.
    """
    prepared = _items([[make_review(grade, days) for grade, days in history] for history in items])
    try:
        found = _model(parameters).compute_parameters(
            prepared, list(owners), True, relearning_steps, core.TrainingConfig(num_epochs=epochs)
        )
    except ValueError as error:
        raise SchedulingError(f"these reviews cannot be trained on: {error}") from error
    return fill(found)


def log_loss(items: Sequence[Sequence[Review]], parameters: Parameters) -> float:
    """How badly the parameters predict the last review of each history: mean log loss, lower is better.

    Raises:
        SchedulingError: no history that can be predicted.
    """
    prepared = _items([[make_review(grade, days) for grade, days in history] for history in items])
    try:
        return float(_model(parameters).evaluate(prepared).log_loss)
    except ValueError as error:
        raise SchedulingError(f"these reviews cannot be evaluated: {error}") from error
