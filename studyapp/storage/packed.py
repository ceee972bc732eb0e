"""An entry that changes an item's state as 34 bytes, in the journal's column `event`: what a replay needs of it.

A million bodies take seconds to parse; these are read as one block of memory (see `replaying`). The body stays what
counts: the column is copied from it when an entry is written, and by `replaying.copy_again` where it is missing.
"""

from __future__ import annotations

import struct
from math import nan
from typing import Any

from studyapp.memory.model import Act
from studyapp.storage.entry import MS_PER_DAY, Entry, to_event

FIELDS = {
    "seq": "u4", "day": "i4", "due_day": "i4", "due_at": "i4", "at": "i4", "number": "i4", "predicted": "f4",
    "kind": "u1", "grade": "u1", "phase": "u1", "step": "u1", "leech": "u1", "level": "u1",
}  # fmt: skip
"""Name → NumPy type, in order, little-endian. `at` and `due_at` are milliseconds after the UTC day `day` begins;
`number` is a review's time in milliseconds, or the `value` of another act; `kind` is a place in `KINDS`; `leech` is 1
or `SUSPENDED` in a review that made a leech."""
KINDS = tuple(Act)
ABSENT = -(1 << 31)
"""In `due_day` and `due_at`: none."""
NONE = 255
"""In `phase` and `level`: none."""
SUSPENDED = 3
"""In `leech`: it was suspended as well."""
ODD = b""
"""For an entry that does not fit, which has to be read from its body."""
LONGEST_ANSWER_MS = 3_600_000
"""An answer that took longer was left lying; more is not counted as study time."""

_PLACE = {kind.value: place for place, kind in enumerate(KINDS)}
_pack = struct.Struct(
    "<" + "".join({"u4": "I", "i4": "i", "f4": "f", "u1": "B"}[kind] for kind in FIELDS.values())
).pack


def pack(entry: Entry) -> bytes | None:
    """The bytes of `entry`; None when it changes no state, `ODD` when it holds numbers beyond all measure."""
    event = to_event(entry)
    if event is None:
        return None
    start = event.day * MS_PER_DAY
    due_day = ABSENT if event.due_day is None else event.due_day
    due_at = ABSENT if event.due_at is None else event.due_at - start
    review = event.kind == Act.REVIEW
    predicted = probability(entry.body.get("predicted"))
    try:
        return _pack(
            entry.seq, event.day, due_day, due_at, event.at - start,
            counted_ms(entry.duration_ms) if review else event.value, nan if predicted is None else predicted,
            _PLACE[event.kind], event.grade or 0, NONE if event.phase is None else event.phase, event.step,
            (SUSPENDED if event.value == 1 else 1) if event.leech and review else 0,
            NONE if event.level is None else event.level,
        )  # fmt: skip
    except struct.error:
        return ODD


def probability(value: Any) -> float | None:
    """`value` when it is a number from 0 to 1, else None: bodies come from other machines too."""
    return float(value) if isinstance(value, int | float) and 0 <= value <= 1 else None


def counted_ms(duration_ms: int | None) -> int:
    """What an answer of this length counts as study time."""
    return min(max(duration_ms or 0, 0), LONGEST_ANSWER_MS)
