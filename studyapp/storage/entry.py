"""One line of the journal: what a person did, never changed afterwards. Pure values; touches nothing.

An entry is what machines exchange, so everything that must survive a merge is in it: `body` holds the study day, the
due day that was chosen, and whatever the act itself brought (the answer given, the mark, the seed, …). Unknown kinds
are kept and change nothing.
"""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from studyapp.memory.model import Act, Event, Grade, Phase

UNDO = "undo"
REDO = "redo"
ACCEPT_ANSWER = "accept-answer"
PARAMETERS = "parameters"
QUIZ = "quiz"
EXERCISE_STEP = "exercise-step"
EXERCISE = "exercise"
SETTINGS = "settings"
NOTE = "note"
IMPORT = "import"

ACTS = frozenset(Act)
"""Kinds that change an item's state."""
UNDOABLE = ACTS | {ACCEPT_ANSWER, NOTE, IMPORT}
"""Kinds that `undo` without an id takes back; anything else but undo and redo can be undone by its id."""

MS_PER_DAY = 86_400_000
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode


@dataclass(frozen=True, slots=True)
class Draft:
    """An entry before it is written."""

    at: int
    """UTC epoch milliseconds."""
    item: str
    """The item's key; empty where no item is concerned."""
    kind: str
    grade: int | None = None
    duration_ms: int | None = None
    body: Mapping[str, Any] = field(default_factory=dict)
    """Values that JSON can carry. The event's fields live here (`day`, `due_day`, `due_at`, `phase`, `step`, `leech`,
    `value`, `level`); see `Draft.of`. In a review `buries` may list items that are buried until the next day with
    it."""

    @classmethod
    def of(
        cls,
        item: str,
        event: Event,
        *,
        at: int | None = None,
        duration_ms: int | None = None,
        body: Mapping[str, Any] | None = None,
    ) -> Draft:
        """The draft that records `event` (one of the four of an `Outlook`, say) of `item`.

        Args: `at`: the instant of the act, where it is not the event's (an outlook is made before the answer); `body`:
        what else is to be remembered, such as `answer`, `credit`, `confidence`, `seed`.
        """
        kept = event_body(event)
        if body:
            kept.update(body)
        return cls(
            event.at if at is None else at,
            item,
            str(event.kind),
            event.grade and int(event.grade),
            duration_ms,
            kept,
        )


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry as it stands in the journal."""

    id: str
    """UUIDv7, in the usual 36 characters."""
    device: str
    seq: int
    """Counts the entries of `device` from 1 without gaps."""
    at: int
    item: str
    kind: str
    grade: int | None = None
    duration_ms: int | None = None
    body: Mapping[str, Any] = field(default_factory=dict)

    @property
    def act(self) -> str:
        """The id that entries written and undone together share: that of the first of them."""
        act = self.body.get("act")
        return act if isinstance(act, str) and is_id(act) else self.id

    @property
    def voids(self) -> str | None:
        """What an undo voids (an act), or what a redo voids (an undo)."""
        target = self.body.get("voids") if self.kind in (UNDO, REDO) else None
        return target if isinstance(target, str) and is_id(target) else None

    @property
    def prev(self) -> str | None:
        """The id of the item's last entry that the device knew when it wrote this one."""
        prev = self.body.get("prev")
        return prev if isinstance(prev, str) else None

    @property
    def deck(self) -> str:
        """The part of the item's key that names its deck."""
        return self.item.partition("/")[0]

    @property
    def day(self) -> int:
        """The study day it was written on; the UTC day where a foreign entry does not say."""
        day: int = whole(self.body.get("day"), self.at // MS_PER_DAY)
        return day


def event_body(event: Event) -> dict[str, Any]:
    """The fields of `event` that an entry carries in its body; defaults are left out."""
    body: dict[str, Any] = {"day": event.day}
    if event.due_day is not None:
        body["due_day"] = event.due_day
    if event.due_at is not None:
        body["due_at"] = event.due_at
    if event.phase is not None:
        body["phase"] = int(event.phase)
    if event.step:
        body["step"] = event.step
    if event.leech:
        body["leech"] = True
    if event.value:
        body["value"] = event.value
    if event.level is not None:
        body["level"] = event.level
    return body


def to_event(entry: Entry) -> Event | None:
    """What the fold needs of `entry`; None when its kind changes no state, or a foreign entry makes no sense."""
    kind, look = entry.kind, entry.body.get
    if kind not in ACTS:
        return None
    review = kind == Act.REVIEW
    grade = Grade(entry.grade) if entry.grade in (1, 2, 3, 4) else None
    if review and grade is None:
        return None
    phase = look("phase")
    return Event(
        kind,
        entry.at,
        entry.day,
        grade,
        whole(look("due_day")),
        whole(look("due_at")),
        Phase(phase) if phase in (0, 1, 2, 3) else None,
        whole(look("step"), 0),
        look("leech") is True,
        whole(look("value"), 0),
        whole(look("level")) if review else None,
    )


def whole(value: object, default: Any = None) -> Any:
    """`value` when it is a whole number, else `default`: bodies come from other machines too."""
    return value if isinstance(value, int) and not isinstance(value, bool) else default


def dump(body: Mapping[str, Any]) -> str:
    """The body as it is stored.

    Raises: TypeError or ValueError for what JSON cannot carry (a NaN, say).
    """
    return _encode(body)


def is_id(text: str) -> bool:
    """Whether `text` is the canonical form of a UUID."""
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False


def id_bytes(text: str) -> bytes:
    """An id as the journal stores it. Quicker than by way of a UUID, which an answer would wait for several times."""
    return bytes.fromhex(text.replace("-", ""))


def id_text(data: bytes) -> str:
    """An id as it is written, from what the journal stores."""
    return _dashed(data.hex())


def _dashed(digits: str) -> str:
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


class Ids:
    """Makes ids, UUIDv7 (RFC 9562): 48 bits of milliseconds, a 12-bit counter, 62 random bits.

    They rise within a process whatever the clock does. `uuid.uuid7` of the standard library comes only with 3.14.
    """

    def __init__(self) -> None:
        self._last = 0
        self._lock = threading.Lock()

    def next(self, at_ms: int | None = None) -> str:
        """A new id in its canonical form, above all that this generator gave before."""
        milliseconds = time.time_ns() // 1_000_000 if at_ms is None else at_ms
        noise = int.from_bytes(os.urandom(9), "big")
        with self._lock:
            # Time and counter are one number, so that a full counter borrows from the next millisecond.
            self._last = max(self._last + 1, milliseconds << 12 | noise >> 62 & 0x3FF)
            high = self._last
        number = (high >> 12) << 80 | 0x7 << 76 | (high & 0xFFF) << 64 | 0x2 << 62 | noise & (1 << 62) - 1
        return _dashed(f"{number:032x}")
