"""The states of a whole collection at once, from arrays: the same as `fold` for each item, some fifty times as fast.

Stability and difficulty come from one batch call of the core; all else is read from arrays of a million acts. Equal to
`fold.fold` exactly but for stability and difficulty, which agree within a relative 1e-4. Items with rare acts (forget,
set-due, a level) are left to `fold`: see `plain`.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from studyapp.memory import fsrs
from studyapp.memory.model import Act, Parameters, Phase

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
_LIGHT = (Act.REVIEW, Act.SUSPEND, Act.RESUME, Act.BURY, Act.UNBURY, Act.FLAG)
_CODE = {kind: place for place, kind in enumerate(Act)}
ABSENT = -(1 << 62)
"""In an array of `Acts`: none."""


@dataclass(frozen=True)
class Acts:
    """Acts of many items, one after the other, each item's in order and without void ones. Arrays of one length.

    The fields are those of `model.Event`; None is `ABSENT`.
    """

    kind: Ints
    """Place of the kind in `Act`."""
    at: Ints
    day: Ints
    grade: Ints
    due_day: Ints
    due_at: Ints
    phase: Ints
    step: Ints
    leech: Bools
    value: Ints
    level: Ints


def plain(acts: Acts) -> Bools:
    """Which acts `states` understands; an item with any other is to be folded."""
    understood: Bools = np.isin(acts.kind, [_CODE[kind] for kind in _LIGHT])
    understood &= (acts.kind != _CODE[Act.REVIEW]) | (acts.level == ABSENT)
    return understood


@dataclass(frozen=True)
class Reviews:
    """The reviews among the acts, with what each of them met."""

    place: Ints
    """Where it stands among the acts."""
    item: Ints
    grade: Ints
    day: Ints
    first: Bools
    """The item's first: it was new."""
    gap: Ints
    """Study days since the item's review before, 0 when the clock was set back."""
    before: Ints
    """The phase the item was in."""
    interval: Ints
    """Days from the review before to the day that was due."""

    @property
    def later(self) -> Bools:
        """Of an item in review, on a later day than its review before: these tell what was remembered."""
        found: Bools = ~self.first & (self.before == Phase.REVIEW) & (self.gap > 0)
        return found


def reviews(acts: Acts, item: Ints) -> Reviews:
    """The reviews of plain items. Args: `item`: for each act the number of its item, rising."""
    place = np.flatnonzero(acts.kind == _CODE[Act.REVIEW])
    of, day = item[place], acts.day[place]
    first = np.ones(len(place), np.bool_)
    first[1:] = of[1:] != of[:-1]
    previous = np.arange(len(place)) - 1 + first  # itself for a first one, whose values are not used
    phase = _phase(acts.phase[place])
    due_day = acts.due_day[place]
    last_day = day[previous]
    return Reviews(
        place=place,
        item=of,
        grade=acts.grade[place],
        day=day,
        first=first,
        gap=np.maximum(day - last_day, 0),
        before=np.where(first, Phase.NEW, phase[previous]),
        interval=np.where(due_day == ABSENT, 0, due_day)[previous] - last_day,
    )


def states(acts: Acts, item: Ints, found: Reviews, count: int, parameters: Parameters) -> dict[str, list[Any]]:
    """The states of plain items, as one list for each field of `model.ItemState`.

    Args: `item`: for each act the number of its item, rising; `found`: their reviews; `count`: how many items.
    """
    reps = np.bincount(found.item, minlength=count)
    asked = reps > 0
    lapsed = (found.grade == 1) & (found.before == Phase.REVIEW)
    stability, difficulty = np.zeros(count), np.zeros(count)
    if asked.any():
        stability[asked], difficulty[asked] = zip(*memories(found, parameters), strict=True)

    is_kind = {kind: acts.kind == _CODE[kind] for kind in _LIGHT}
    review = is_kind[Act.REVIEW]
    switch = is_kind[Act.SUSPEND] | is_kind[Act.RESUME] | (review & acts.leech & (acts.value == 1))
    until = np.where(is_kind[Act.BURY], np.where(acts.value == 0, acts.day + 1, acts.value), ABSENT)

    def last(column: Ints, missing: int = ABSENT, which: Bools = review) -> Ints:
        """For each item the value of its last act among `which`."""
        values = np.full(count, missing)
        place = np.flatnonzero(which)
        values[item[place]] = column[place]  # of several for one item the last stays
        return values

    return {
        "phase": last(_phase(acts.phase), Phase.NEW).tolist(),
        "step": last(acts.step, 0).tolist(),
        "stability": _listed(stability, asked),
        "difficulty": _listed(difficulty, asked),
        "due_day": _given(last(acts.due_day)),
        "due_at": _given(last(acts.due_at)),
        "last_at": _given(last(acts.at)),
        "last_day": _given(last(acts.day)),
        "reps": reps.tolist(),
        "lapses": np.bincount(found.item[lapsed], minlength=count).tolist(),
        "suspended": last(np.where(is_kind[Act.RESUME], 0, 1), 0, switch).tolist(),
        "buried_until": _given(last(until, which=is_kind[Act.BURY] | is_kind[Act.UNBURY] | review)),
        "flag": last(acts.value, 0, is_kind[Act.FLAG]).tolist(),
        "leech": (np.bincount(item[review & acts.leech], minlength=count) > 0).astype(np.int64).tolist(),
        "level": [None] * count,
    }


def memories(found: Reviews, parameters: Parameters) -> list[fsrs.Memory]:
    """The memory that each item with reviews ends with, in the order of the items."""
    if not len(found.place):
        return []
    # The core wants an object for each review. There are few kinds of them, so a million are picked from a short list.
    code = found.gap * 4 + found.grade - 1
    used = np.zeros(code.max() + 1, np.bool_)
    used[code] = True
    made = np.array([fsrs.make_review(each % 4 + 1, each // 4) for each in np.flatnonzero(used).tolist()], np.object_)
    every = made[(np.cumsum(used) - 1)[code]].tolist()
    starts = [*np.flatnonzero(found.first).tolist(), len(every)]
    return fsrs.replay_made((every[start:end] for start, end in pairwise(starts)), parameters)


def _phase(column: Ints) -> Ints:
    """Phases, where one that is not told is review."""
    return np.where(column == ABSENT, Phase.REVIEW, column)


def _given(column: Ints) -> list[Any]:
    return _listed(column, column != ABSENT)


def _listed(column: NDArray[Any], present: Bools) -> list[Any]:
    """Python values, None where there is none."""
    if present.all():
        return column.tolist()  # type: ignore[no-any-return]
    values = column.astype(object)
    values[~present] = None
    return values.tolist()  # type: ignore[no-any-return]
