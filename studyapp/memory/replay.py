"""The states of a whole collection at once, from packed events: as `fold` item by item, a hundred times as fast.

Stability and difficulty come from one batch call of the core; all else is read from arrays of a million events. Equal
to `fold.fold` exactly but for stability and difficulty, which agree within a relative 1e-4. Items with rare acts
(forget, set-due, a level) are left to `fold`: see `plain`.

Everywhere `events` is an array of `EVENT`: those of many items, one after the other, each item's in order and without
void ones; and `item` says for each of them which item it belongs to, a number that rises from 0.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from studyapp.memory import fsrs
from studyapp.memory.model import Act, Parameters, Phase
from studyapp.memory.packed import ABSENT, FIELDS, KINDS, MS_PER_DAY, NONE, SUSPENDED

Events = NDArray[np.void]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
EVENT = np.dtype([(name, f"<{kind}") for name, kind in FIELDS.items()])
_CODE = {kind: KINDS.index(kind) for kind in Act}
_IS_RARE = np.isin(np.arange(256), [_CODE[Act.FORGET], _CODE[Act.SET_DUE]])


def plain(events: Events) -> Bools:
    """Which events `states` understands; an item with any other is to be folded."""
    rare: Bools = _IS_RARE[events["kind"]] | (events["level"] != NONE)
    return ~rare


@dataclass(frozen=True)
class Reviews:
    """The reviews among the events, with what each of them met."""

    place: Ints
    """Where it stands among the events."""
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
        found: Bools = (self.before == Phase.REVIEW) & (self.gap > 0)
        return found


def reviews(events: Events, item: Ints) -> Reviews:
    """The reviews of plain items."""
    place = np.flatnonzero(events["kind"] == _CODE[Act.REVIEW])
    if len(place) < len(events):
        events, item = events[place], item[place]
    first = np.ones(len(place), np.bool_)
    first[1:] = item[1:] != item[:-1]
    day = events["day"].astype(np.int64)
    last_day = _before(day, first)
    due_day = events["due_day"].astype(np.int64)
    due_day[due_day == ABSENT] = 0
    before = _before(_phase(events["phase"]), first)
    before[first] = Phase.NEW
    return Reviews(
        place=place,
        item=item,
        grade=events["grade"].astype(np.int64),
        day=day,
        first=first,
        gap=np.maximum(day - last_day, 0),
        before=before,
        interval=_before(due_day, first) - last_day,
    )


def _before(column: Ints, first: Bools) -> Ints:
    """The value of the review before; of a first one its own."""
    shifted = column.copy()
    shifted[1:] = np.where(first[1:], column[1:], column[:-1])
    return shifted


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


def states(events: Events, item: Ints, found: Reviews, count: int, parameters: Parameters) -> dict[str, list[Any]]:
    """The states of plain items, as one list for each field of `model.ItemState`.

    Args: `found`: their reviews; `count`: how many items there are.
    """
    reps = np.bincount(found.item, minlength=count)
    asked = reps > 0
    lapsed = (found.grade == 1) & (found.before == Phase.REVIEW)
    stability, difficulty = np.zeros(count), np.zeros(count)
    if asked.any():
        stability[asked], difficulty[asked] = zip(*memories(found, parameters), strict=True)

    kind, leech = events["kind"], events["leech"]
    last_review = _last(found.place, item, count)
    switch = np.isin(kind, [_CODE[Act.SUSPEND], _CODE[Act.RESUME]]) | (leech == SUSPENDED)
    last_switch = _last(np.flatnonzero(switch), item, count)
    last_flag = _last(np.flatnonzero(kind == _CODE[Act.FLAG]), item, count)
    burials = np.flatnonzero((kind == _CODE[Act.BURY]) | (kind == _CODE[Act.UNBURY]))
    last_burial = _last(burials, item, count)
    # Another bury, an unbury and a review end a burial.
    buried = (last_burial > last_review) & (kind[last_burial] == _CODE[Act.BURY]) if len(burials) else ~asked & asked

    ended = events[last_review[asked]]
    start = ended["day"].astype(np.int64) * MS_PER_DAY
    return {
        "phase": _spread(_phase(ended["phase"]), asked, 0),
        "step": _spread(ended["step"], asked, 0),
        "stability": _spread(stability[asked], asked),
        "difficulty": _spread(difficulty[asked], asked),
        "due_day": _spread(ended["due_day"], asked, absent=ended["due_day"] == ABSENT),
        "due_at": _spread(ended["due_at"] + start, asked, absent=ended["due_at"] == ABSENT),
        "last_at": _spread(ended["at"] + start, asked),
        "last_day": _spread(ended["day"], asked),
        "reps": reps.tolist(),
        "lapses": np.bincount(found.item[lapsed], minlength=count).tolist(),
        "suspended": _spread(kind[last_switch[last_switch >= 0]] != _CODE[Act.RESUME], last_switch >= 0, False),
        "buried_until": _spread(_until(events[last_burial[buried]]), buried),
        "flag": _spread(events["number"][last_flag[last_flag >= 0]], last_flag >= 0, 0),
        "leech": (np.bincount(item[leech > 0], minlength=count) > 0).tolist(),
        "level": [None] * count,
    }


def _phase(column: NDArray[np.uint8]) -> Ints:
    """Phases, where one that is not told is review."""
    phases = column.astype(np.int64)
    phases[phases == NONE] = Phase.REVIEW
    return phases


def _until(buried: Events) -> Ints:
    """The first day after each burial."""
    return np.where(buried["number"] == 0, buried["day"].astype(np.int64) + 1, buried["number"])


def _last(place: Ints, item: Ints, count: int) -> Ints:
    """For each item the last of the places that are its own; -1 without one."""
    found = np.full(count, -1)
    found[item[place]] = place  # of several for one item the last stays
    return found


def _spread(column: NDArray[Any], to: Bools, missing: Any = None, absent: Bools | None = None) -> list[Any]:
    """A Python value for every item: those of `column` for the items `to`, else `missing`; None where `absent`."""
    if absent is None and len(column) == len(to):
        return column.tolist()  # type: ignore[no-any-return]
    values = np.full(len(to), missing, np.object_)
    given = column.astype(np.object_)
    if absent is not None:
        given[absent] = None
    values[to] = given
    return values.tolist()
