"""The verdict over a list or a table: entry by entry, then what the whole may have come from (section 8 of the rule).

Takes numbers already read and a key as flat values with a shape; a row and a column are the same list.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import permutations
from typing import Any, NamedTuple

from engine.marking import sentences
from engine.marking.judging import CLOSE, RIGHT, SHORT, Ask, differ, judge, margin
from engine.marking.model import (
    MOST_AXES,
    Expected,
    Index,
    Mark,
    MarkingError,
    Nested,
    Number,
    Precision,
    UnreadableError,
    plain,
)
from engine.marking.reading import Entries, vector_shape
from engine.marking.slips import fits, is_unchanged

MOST_NAMED = 2
"""Mistakes that are named for single entries: of many whole numbers some are always those of some mistake."""
LARGEST_PERMUTED = 6
_EXACT = Ask(Precision("exact"))


class Key(NamedTuple):
    """An array as flat values, row by row, with its shape; lists of one row or column have one axis."""

    shape: tuple[int, ...]
    values: tuple[float, ...]

    @property
    def indices(self) -> list[Index]:
        """The index of every value, in order."""
        found: list[Index] = [()]
        for count in self.shape:
            found = [(*index, place) for index in found for place in range(count)]
        return found


def key(value: Nested, what: str = "the true value") -> Key:
    """Flatten nested sequences. Raises: MarkingError for rows of different lengths or an empty array."""
    if _is_floats(value):
        array: Any = value
        return Key(vector_shape(array.shape), tuple(array.ravel().tolist()))  # no rows to compare
    nested = plain(value)
    shape: list[int] = []
    probe: Any = nested
    while isinstance(probe, list):
        if not probe:
            raise MarkingError(f"{what} is an empty array: nothing can be asked")
        shape.append(len(probe))
        probe = probe[0]
    return Key(vector_shape(shape), tuple(_flatten(nested, shape, what)))


def _is_floats(value: Any) -> bool:
    """Whether a value is a NumPy array of floats, which has one shape for certain."""
    return getattr(getattr(value, "dtype", None), "kind", "") == "f" and value.size > 0 and value.ndim <= MOST_AXES


def _flatten(nested: Any, shape: Sequence[int], what: str) -> list[float]:
    if not shape:
        if isinstance(nested, list):
            raise MarkingError(f"{what} has rows of different depth: give every row the same shape")
        return [nested]
    if not isinstance(nested, list) or len(nested) != shape[0]:
        raise MarkingError(f"{what} has rows of different lengths: give every row the same shape")
    return [value for row in nested for value in _flatten(row, shape[1:], what)]


def mark_array(
    read: Entries,
    true: Key,
    ask: Ask,
    *,
    mistakes: Sequence[Expected] = (),
    carried: Nested | None = None,
    carried_mistakes: Sequence[Expected] = (),
    old: Nested | None = None,
) -> Mark:
    """The mark of a list or table. Raises: UnreadableError (`shape`)."""
    numbers = read.numbers
    shape = read.shape
    if shape != true.shape:
        if len(shape) == 2 and shape == true.shape[::-1] and _all_right(_transposed(numbers, shape), true, ask):
            return Mark("transposed", 0.0, True, read.echo, sentences.TRANSPOSED)
        raise UnreadableError(
            "shape", f"Expected {sentences.dimensions(true.shape)}, you gave {sentences.dimensions(shape)}."
        )
    verdicts = [judge(number, value, ask) for number, value in zip(numbers, true.values, strict=True)]
    found = (
        _accepted(verdicts, true, ask)
        or _followed(numbers, true, ask, carried)
        or _named(numbers, true, ask, mistakes)
        or _named(numbers, true, ask, carried_mistakes)
        or _rearranged(numbers, true, ask)
        or _partial(numbers, verdicts, true, ask, mistakes)
    )
    reason = found.reason + (f" {sentences.UNCHANGED}" if _all_unchanged(numbers, true, old) else "")
    return Mark(found.verdict, found.credit, found.attempt, read.echo, reason, found.mistake, found.entries)


def _accepted(verdicts: Sequence[str], true: Key, ask: Ask) -> Mark | None:
    """All entries right or close, or at worst over-rounded."""
    if not all(verdicts):
        return None
    short = _where(verdicts, true, SHORT)
    if short:
        asked = f"{ask.precision.words} {'is' if ask.precision.digits == 1 else 'are'} asked"
        return Mark(
            "too_few_digits", None, False, "", f"Right so far: {asked}; see {sentences.entries(short)}.", None, short
        )
    close = _where(verdicts, true, CLOSE)
    note = f" Accepted with the last asked digit off by one: {sentences.entries(close)}." if close else ""
    return Mark("correct", 1.0, True, "", f"Right.{note}", None, close)


def _where(verdicts: Sequence[str], true: Key, wanted: frozenset[str]) -> tuple[Index, ...]:
    return tuple(index for index, verdict in zip(true.indices, verdicts, strict=True) if verdict in wanted)


def _followed(numbers: Sequence[Number], true: Key, ask: Ask, carried: Nested | None) -> Mark | None:
    """Every entry right against what follows from the learner's earlier answers."""
    if carried is None:
        return None
    other = key(carried, "the carried value")
    if other.shape != true.shape or not all(map(math.isfinite, other.values)):
        return None
    moved = _moved(true, other, ask) or _moved(true, other, _EXACT)
    if moved and _all_right(numbers, other, ask):
        return Mark("correct_ecf", 1.0, True, "", sentences.follows(None), None, moved)
    return None


def _moved(true: Key, other: Key, ask: Ask) -> tuple[Index, ...]:
    return tuple(
        index for index, one, two in zip(true.indices, true.values, other.values, strict=True) if differ(one, two, ask)
    )


def _named(numbers: Sequence[Number], true: Key, ask: Ask, mistakes: Sequence[Expected]) -> Mark | None:
    """Every mistake whose whole array the answer fits."""
    found: dict[str, tuple[Expected, tuple[Index, ...]]] = {}
    for mistake in mistakes:
        # Most mistakes are ruled out by the first entry, so what they change is asked last.
        if _is_floats(mistake.value) and not fits(numbers[0], mistake.value.item(0), ask):  # type: ignore[union-attr]
            continue
        value = key(mistake.value, f"mistake {mistake.id!r}")
        if value.shape != true.shape or not fits(numbers[0], value.values[0], ask):
            continue
        if not all(fits(number, one, ask) for number, one in zip(numbers, value.values, strict=True)):
            continue
        if moved := _moved(true, value, ask):
            found.setdefault(mistake.id, (mistake, moved))
    if not found:
        return None
    identity = "|".join(found)
    moved = tuple(dict.fromkeys(index for _, indices in found.values() for index in indices))
    reason = sentences.mistakes([mistake for mistake, _ in found.values()])
    return Mark(f"malrule:{identity}", 0.0, True, "", reason, identity, moved)


def _rearranged(numbers: Sequence[Number], true: Key, ask: Ask) -> Mark | None:
    """Right entries in the wrong places, or all with the other sign."""
    shape = true.shape
    if len(shape) == 2 and shape[0] == shape[1] and _all_right(_transposed(numbers, shape), true, ask):
        return Mark("transposed", 0.0, True, "", sentences.TRANSPOSED)
    if len(shape) == 1 and shape[0] <= LARGEST_PERMUTED and _permuted(numbers, true, ask):
        return Mark("permuted", 0.0, True, "", sentences.PERMUTED)
    if _all_right(numbers, Key(shape, tuple(-value for value in true.values)), ask):
        return Mark("generic:sign", 0.0, True, "", sentences.ALL_SIGNS)
    return None


def _partial(
    numbers: Sequence[Number], verdicts: Sequence[str], true: Key, ask: Ask, mistakes: Sequence[Expected]
) -> Mark:
    """Credit for the entries that are right; a mistake that a wrong one fits is named in the text."""
    wrong = tuple(
        index
        for index, verdict in zip(true.indices, verdicts, strict=True)
        if verdict not in RIGHT and verdict not in CLOSE
    )
    right = len(verdicts) - len(wrong)
    short = _where(verdicts, true, SHORT)
    missed = tuple(index for index in wrong if index not in short)
    notes = [f"Right so far, with too few digits: {sentences.entries(short)}."] if short else []
    named = 0
    for mistake in mistakes:
        value = key(mistake.value, f"mistake {mistake.id!r}")
        if value.shape != true.shape:
            continue
        hits = [
            index
            for index, number, verdict, one, other in zip(
                true.indices, numbers, verdicts, true.values, value.values, strict=True
            )
            if not verdict and fits(number, other, ask) and differ(one, other, ask)
        ]
        if hits and named < MOST_NAMED:
            named += 1
            where = sentences.entries(hits).capitalize()
            notes.append(f"{where} may come from this: {sentences.mistakes([mistake])}")
    if not right:
        which = [f"Not yet right: {sentences.entries(missed)}."] if short else []
        return Mark("wrong", 0.0, True, "", " ".join([sentences.WRONG, *which, *notes]), None, wrong)
    are = "is" if right == 1 else "are"
    head = f"{right} of {len(verdicts)} entries {are} right; not yet right: {sentences.entries(missed)}."
    return Mark("partial", round(right / len(verdicts), 3), True, "", " ".join([head, *notes]), None, wrong)


def _all_right(numbers: Sequence[Number], true: Key, ask: Ask) -> bool:
    return all(judge(number, value, ask) in RIGHT for number, value in zip(numbers, true.values, strict=True))


def _transposed(numbers: Sequence[Number], shape: Sequence[int]) -> list[Number]:
    rows, columns = shape
    return [numbers[row * columns + column] for column in range(columns) for row in range(rows)]


def _permuted(numbers: Sequence[Number], true: Key, ask: Ask) -> bool:
    right = [[judge(number, value, ask) in RIGHT for value in true.values] for number in numbers]
    return any(
        all(right[place][goal] for place, goal in enumerate(order)) for order in permutations(range(len(numbers)))
    )


def _all_unchanged(numbers: Sequence[Number], true: Key, old: Nested | None) -> bool:
    if old is None:
        return False
    before = key(old, "the old value")
    if before.shape != true.shape:
        return False
    pairs = list(zip(numbers, true.values, before.values, strict=True))
    return all(abs(number.value - value) <= margin(value) for number, _, value in pairs) and any(
        is_unchanged(number, one, value) for number, one, value in pairs
    )
