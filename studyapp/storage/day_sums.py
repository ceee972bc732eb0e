"""The sums of the study days from arrays of reviews: `projection.sums`, a million at a time. Pure; needs NumPy."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from studyapp.memory.model import Phase
from studyapp.memory.replay import Events, Ints, Reviews
from studyapp.storage.projection import DAY_COLUMNS, MATURE_DAYS, Days

_TABLE = 1 << 22
"""So many sums are counted in a plain table; days lie close together, unless a foreign entry's are in another age."""
_OTHER, _NEW, _YOUNG, _MATURE = range(4)
"""What a review was of, for the sums."""


class DaySums:
    """Adds up part after part of the journal; each part brings other items."""

    def __init__(self) -> None:
        self._decks: dict[str, int] = {}
        self._keys: list[NDArray[Any]] = []
        """Of each part: rows of deck and day."""
        self._sums: list[NDArray[Any]] = []
        """Of each part: for each of its keys a number for each of `DAY_COLUMNS`."""

    def add(self, reviews: Reviews, events: Events, names: list[str]) -> None:
        """Count the reviews of a part. Args: `events`: all of the part; `names`: its items."""
        if not len(reviews.place):
            return
        decks = [self._decks.setdefault(name.partition("/")[0], len(self._decks)) for name in names]
        first = int(reviews.day.min())
        span = int(reviews.day.max()) - first + 1
        keys, place = _numbered(np.array(decks)[reviews.item] * span + (reviews.day - first), len(self._decks) * span)
        count = len(keys)

        later = reviews.later
        what = np.where(reviews.before == Phase.NEW, _NEW, _OTHER)
        what[later] = np.where(reviews.interval[later] >= MATURE_DAYS, _MATURE, _YOUNG)
        each = np.bincount(place * 16 + (what * 4 + reviews.grade - 1), minlength=count * 16).reshape(count, 4, 4)
        passed, failed, grades = each[:, :, 1:].sum(2), each[:, :, 0], each.sum(1)
        expected = events["predicted"][reviews.place]
        noted = np.flatnonzero(later & ~np.isnan(expected))
        columns = {
            "reviews": grades.sum(1),
            "duration_ms": np.bincount(place, events["number"][reviews.place], count),
            **{name: grades[:, grade] for grade, name in enumerate(("again", "hard", "good", "easy"))},
            "introduced": each[:, _NEW].sum(1),
            "young_passed": passed[:, _YOUNG],
            "young_failed": failed[:, _YOUNG],
            "mature_passed": passed[:, _MATURE],
            "mature_failed": failed[:, _MATURE],
            "predicted_count": np.bincount(place[noted], minlength=count),
            "predicted": np.bincount(place[noted], expected[noted], count),
        }
        self._keys.append(np.stack([keys // span, keys % span + first]))
        self._sums.append(np.stack([columns[name] for name in DAY_COLUMNS]))

    def total(self) -> Days:
        """The sums of all parts."""
        if not self._keys:
            return {}
        keys, place = np.unique(np.concatenate(self._keys, axis=1), axis=1, return_inverse=True)
        every = np.concatenate(self._sums, axis=1)
        sums = [np.bincount(place.reshape(-1), column, keys.shape[1]) for column in every]
        # All but the last, the sum of probabilities, are whole numbers.
        lists: list[list[Any]] = [column.astype(np.int64).tolist() for column in sums[:-1]]
        known = tuple(self._decks)
        where = [(day, known[deck]) for deck, day in keys.T.tolist()]
        return dict(zip(where, zip(*lists, sums[-1].tolist(), strict=True), strict=True))


def _numbered(keys: Ints, limit: int) -> tuple[Ints, Ints]:
    """The different keys in order, and for each key its place among them. Args: `limit`: all keys are below it."""
    if limit > _TABLE:
        found, place = np.unique(keys, return_inverse=True)
        return found, place
    used = np.zeros(limit, np.bool_)
    used[keys] = True
    return np.flatnonzero(used), (np.cumsum(used) - 1)[keys]
