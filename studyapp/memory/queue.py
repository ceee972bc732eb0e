"""The order of a session: which items come today, and which one comes next. Pure rules over what storage found.

Learning items that are due now come first, then the main queue of reviews with new items spread evenly among them,
then learning items that are nearly due. Suspended and buried items, and items whose prerequisites are not met, are left
out by the caller.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from studyapp.memory.fuzz import draw
from studyapp.memory.model import Phase, Preset


class Order(StrEnum):
    """In which order due items are asked. New items always come in the order of their deck."""

    DUE = "due"
    """Longest overdue first; within a day in an order that changes daily."""
    RETRIEVABILITY = "retrievability"
    """Nearest to being forgotten first: best for a backlog."""
    RANDOM = "random"
    """An order that changes daily."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """An item that could be asked."""

    key: str
    phase: Phase
    due_day: int | None = None
    due_at: int | None = None
    group: str = ""
    """What siblings share (their card); empty for an item without siblings."""
    retrievability: float | None = None
    position: int = 0
    """Place of a new item in its deck."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a session asks."""

    learning: tuple[tuple[int, str], ...]
    """(instant due, key) of items inside their steps today, earliest first, whether due yet or not."""
    main: tuple[str, ...]
    """Keys of reviews and new items in the order they are asked."""
    new: int
    """How many of `main` are new."""
    held_back: int
    """How many due or new items the limits or their siblings keep for another day."""


def plan(
    candidates: Iterable[Candidate],
    *,
    today: int,
    preset: Preset,
    new_done: int = 0,
    reviews_done: int = 0,
    order: Order = Order.DUE,
) -> Plan:
    """What is asked today, and in what order.

    Args:
        candidates: items that may be asked; those not due today are passed over.
        today: study day.
        preset: limits and sibling burying.
        new_done: new items introduced on this study day already.
        reviews_done: reviews done on this study day already.
        order: of the reviews.
    """
    steps, due, new = [], [], []
    for item in candidates:
        if item.phase is Phase.NEW:
            new.append(item)
        elif item.due_at is not None:
            steps.append(item)
        elif item.due_day is not None and item.due_day <= today:
            due.append(item)
    steps.sort(key=lambda item: (item.due_at or 0, item.key))
    due.sort(key=lambda item: (item.phase is Phase.REVIEW, *_place(item, order, today)))
    new.sort(key=lambda item: (item.position, item.key))

    met = {item.group for item in steps if item.group}
    reviews = _one_per_group(due, met, preset.bury_review_siblings)[: max(0, preset.reviews_per_day - reviews_done)]
    met.update(item.group for item in reviews if item.group)
    fresh = _one_per_group(new, met, preset.bury_new_siblings)[: max(0, preset.new_per_day - new_done)]
    reviews.sort(key=lambda item: _place(item, order, today))
    return Plan(
        learning=tuple((item.due_at or 0, item.key) for item in steps),
        main=tuple(item.key for item in spread(reviews, fresh)),
        new=len(fresh),
        held_back=len(due) + len(new) - len(reviews) - len(fresh),
    )


def next_key(
    learning: Iterable[tuple[int, str]],
    main: Sequence[str],
    *,
    now_ms: int,
    learn_ahead_seconds: int,
    last: str | None = None,
) -> str | None:
    """The item to ask now; None when nothing is left, or only items further ahead than `learn_ahead_seconds`.

    Args:
        learning: (instant due, key) of the items inside their steps.
        main: keys of the main queue, in order.
        now_ms: UTC epoch milliseconds.
        learn_ahead_seconds: how early a learning item may be asked when nothing else is left.
        last: the item just answered; it does not come again while another one waits.
    """
    waiting = sorted(entry for entry in learning if entry[0] <= now_ms + learn_ahead_seconds * 1000)
    now = [key for due_at, key in waiting if due_at <= now_ms]
    ahead = [key for due_at, key in waiting if due_at > now_ms]
    for key in (*now, *main[:2], *ahead):
        if key != last:
            return key
    return last if last in (*now, *main[:1], *ahead) else None


def spread(many: Sequence[Candidate], few: Sequence[Candidate]) -> list[Candidate]:
    """Both sequences in their own order, the shorter one spread evenly through the longer."""
    total = len(many) + len(few)
    mixed, used = [], 0
    for place in range(total):
        # After `place + 1` items the share of `few` is what it is overall, rounded down to begin with one of `many`.
        if used < len(few) * (place + 1) // total:
            mixed.append(few[used])
            used += 1
        else:
            mixed.append(many[place - used])
    return mixed


def _place(item: Candidate, order: Order, today: int) -> tuple[float, float, str]:
    shuffled = draw(item.key, today)
    if order is Order.RANDOM:
        return (0.0, shuffled, item.key)
    if order is Order.RETRIEVABILITY:
        return (0.0 if item.retrievability is None else item.retrievability, shuffled, item.key)
    return (float(item.due_day or 0), shuffled, item.key)


def _one_per_group(items: Sequence[Candidate], met: Iterable[str], bury: bool) -> list[Candidate]:
    """`items` without those whose sibling was met before; all of them when siblings are not buried."""
    if not bury:
        return list(items)
    seen, kept = set(met), []
    for item in items:
        if item.group and item.group in seen:
            continue
        seen.add(item.group)
        kept.append(item)
    return kept
