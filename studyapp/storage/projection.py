"""From entries to what is known: the order of an item's entries, its state, and what each day adds up to.

Everything here can be thrown away and made again from the journal. `Journal` keeps it up to date act by act; `doctor`
makes it anew and compares.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from studyapp.memory import fold, packed
from studyapp.memory.model import Act, Event, ItemState, Parameters, Phase
from studyapp.storage.entry import Entry, to_event

LONGEST_ANSWER_MS = 3_600_000
"""An answer that took longer was left lying; more is not counted as study time."""
MATURE_DAYS = 21
"""From this interval on an item counts as mature, as in Anki."""

DAY_COLUMNS = (
    "reviews", "duration_ms", "again", "hard", "good", "easy", "introduced",
    "young_passed", "young_failed", "mature_passed", "mature_failed", "predicted_count", "predicted",
)  # fmt: skip

Sums = tuple[float, ...]
"""One number for each of `DAY_COLUMNS`."""
Days = dict[tuple[int, str], Sums]
"""(study day, deck) → sums."""


@dataclass(frozen=True)
class Folded:
    """What the entries of one item add up to."""

    state: ItemState = field(default_factory=ItemState)
    last_entry: str | None = None
    days: Days = field(default_factory=dict)


def in_order(entries: Iterable[Entry]) -> list[Entry]:
    """The entries of one item in the order in which they happened, the same on every machine.

    A device's own count outranks everything, then what a device knew when it wrote (`prev`), then the clock, then the
    id: a clock that runs wrong moves entries of one device only against those it had not seen.
    """
    pending = sorted(entries, key=lambda entry: (entry.device, entry.seq, entry.id))
    if len({entry.device for entry in pending}) < 2:
        return pending
    after: dict[str, list[Entry]] = defaultdict(list)
    waiting: dict[str, int] = dict.fromkeys((entry.id for entry in pending), 0)
    for earlier, later in pairwise(pending):
        if earlier.device == later.device:
            after[earlier.id].append(later)
            waiting[later.id] += 1
    for entry in pending:
        if entry.prev in waiting and entry.prev != entry.id:
            after[entry.prev].append(entry)
            waiting[entry.id] += 1
    ready = [(entry.at, entry.id, entry) for entry in pending if not waiting[entry.id]]
    heapq.heapify(ready)
    ordered: list[Entry] = []
    while ready:
        entry = heapq.heappop(ready)[2]
        ordered.append(entry)
        for later in after[entry.id]:
            waiting[later.id] -= 1
            if not waiting[later.id]:
                heapq.heappush(ready, (later.at, later.id, later))
    # Entries that claim to follow each other in a circle come from a forged file; by the clock, then, and none lost.
    seen = {entry.id for entry in ordered}
    return ordered + sorted(
        (entry for entry in pending if entry.id not in seen), key=lambda entry: (entry.at, entry.id)
    )


def step(state: ItemState, entry: Entry, event: Event | None, parameters: Parameters) -> tuple[ItemState, Sums | None]:
    """The state after `entry`, and what it adds to its day; None where it adds nothing.

    Args: `event`: what `to_event` says of it.
    """
    if event is None:
        return state, None
    after = fold.advance(state, event, parameters)
    return after, sums(state, entry, event.level) if event.kind == Act.REVIEW else None


def sums(before: ItemState, entry: Entry, level: int | None) -> Sums:
    """What one review adds to its day.

    Remembering is judged as true retention: by the first answer on a study day to an item that was in review and was
    last seen on an earlier day; repeats within the day say little. Such an answer is young or mature by the interval
    that it ends. `predicted` is the probability of recall that was noted in the body when the question was asked. An
    exercise at another `level` than before is another skill, so its first answer says nothing about remembering.
    """
    grade = entry.grade or 1
    passed = grade > 1
    met = fold.at_level(before, level)
    judged = met.phase is Phase.REVIEW and met.last_day is not None and entry.day > met.last_day
    mature = judged and (before.due_day or 0) - (before.last_day or 0) >= MATURE_DAYS
    predicted = probability(entry.body.get("predicted")) if judged else None
    return (
        1, counted_ms(entry.duration_ms),
        grade == 1, grade == 2, grade == 3, grade == 4, before.phase is Phase.NEW,
        judged and not mature and passed, judged and not mature and not passed,
        mature and passed, mature and not passed, predicted is not None, predicted or 0.0,
    )  # fmt: skip


def counted_ms(duration_ms: int | None) -> int:
    """What an answer of this length counts as study time."""
    return min(max(duration_ms or 0, 0), LONGEST_ANSWER_MS)


def probability(value: object) -> float | None:
    """`value` when it is a number from 0 to 1, else None: bodies come from other machines too."""
    return float(value) if isinstance(value, int | float) and 0 <= value <= 1 else None


def packed_event(entry: Entry, event: Event | None) -> bytes | None:
    """What a replay reads of `entry`; None where no item is concerned. Args: `event`: what `to_event` says of it."""
    if not entry.item:
        return None
    predicted = probability(entry.body.get("predicted"))
    return packed.pack(event, seq=entry.seq, duration_ms=counted_ms(entry.duration_ms), predicted=predicted)


def fold_item(entries: Sequence[Entry], void: set[str], deck: str, parameters: Parameters) -> Folded:
    """Fold all entries of one item.

    Args: `entries` in any order; `void`: ids of those that do not count; `deck`: where the days are booked.
    """
    state, days, last = ItemState(), Days(), None
    for entry in in_order(entries):
        last = entry.id
        if entry.id not in void:
            state, added = step(state, entry, to_event(entry), parameters)
            if added is not None:
                add(days, (entry.day, deck), added)
    return Folded(state, last, days)


def add(days: Days, key: tuple[int, str], added: Sums, sign: int = 1) -> None:
    """Add (or with `sign` -1 take away) sums in place."""
    known = days.get(key)
    days[key] = tuple(sign * value + old for value, old in zip(added, known or (0,) * len(added), strict=True))


def difference(new: Days, old: Days) -> Days:
    """What must be added to `old` to get `new`."""
    change = dict(new)
    for key, value in old.items():
        add(change, key, value, -1)
    return {key: value for key, value in change.items() if any(value)}
