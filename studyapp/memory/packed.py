"""An event as 34 bytes: what a replay of a whole collection reads in place of a million objects. Pure.

The journal keeps these bytes beside each entry. The layout is fixed: another one would need a migration.
"""

from __future__ import annotations

import struct
from math import nan

from studyapp.memory.model import Act, Event

FIELDS = {
    "seq": "u4", "day": "i4", "due_day": "i4", "due_at": "i4", "at": "i4", "number": "i4", "predicted": "f4",
    "kind": "u1", "grade": "u1", "phase": "u1", "step": "u1", "leech": "u1", "level": "u1",
}  # fmt: skip
"""Name → NumPy type, in order, little-endian. `at` and `due_at` are milliseconds after the UTC day `day` begins;
`number` is a review's time in milliseconds, or the `value` of another act; `kind` is a place in `KINDS`; `leech` is 1
or `SUSPENDED` in a review that made a leech."""
KINDS = tuple(kind.value for kind in Act)
ABSENT = -(1 << 31)
"""In `due_day` and `due_at`: none."""
NONE = 255
"""In `phase` and `level`: none. In `kind`: an entry that changes no state; of it only `seq` counts."""
SUSPENDED = 3
"""In `leech`: it was suspended as well."""
ODD = b""
"""For an event that does not fit: some number of it is beyond all measure."""
MS_PER_DAY = 86_400_000

_pack = struct.Struct(
    "<" + "".join({"u4": "I", "i4": "i", "f4": "f", "u1": "B"}[kind] for kind in FIELDS.values())
).pack
_PLACE = {kind: place for place, kind in enumerate(KINDS)}


def pack(event: Event | None, *, seq: int = 0, duration_ms: int = 0, predicted: float | None = None) -> bytes:
    """The bytes of `event`, or `ODD`; None stands for an entry that changes no state.

    Args: `seq`: the entry's number among those of its device; `duration_ms`: how long a review took; `predicted`: the
    probability of recall that was expected of it.
    """
    try:
        if event is None:
            return _pack(seq, 0, 0, 0, 0, 0, 0.0, NONE, 0, 0, 0, 0, 0)
        start = event.day * MS_PER_DAY
        review = event.kind == Act.REVIEW
        return _pack(
            seq, event.day, ABSENT if event.due_day is None else event.due_day,
            ABSENT if event.due_at is None else event.due_at - start, event.at - start,
            duration_ms if review else event.value, nan if predicted is None else predicted,
            _PLACE[event.kind], event.grade or 0, NONE if event.phase is None else event.phase, event.step,
            (SUSPENDED if event.value == 1 else 1) if event.leech and review else 0,
            NONE if event.level is None else event.level,
        )  # fmt: skip
    except struct.error:
        return ODD
