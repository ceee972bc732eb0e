"""What a session asks and must know of the day: candidates, prerequisites, siblings, what comes next.

Reads through the desk; the order itself is decided by `studyapp.memory.queue`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from content.model import Item
from studyapp.memory import fsrs, queue
from studyapp.memory.model import ItemState, Phase
from studyapp.storage.entry import MS_PER_DAY
from studyapp.study import today

if TYPE_CHECKING:
    from studyapp.storage.queue import Queued
    from studyapp.study.clock import Moment
    from studyapp.study.desk import Desk

SPARE = 60
"""Candidates fetched beyond a limit, since siblings and prerequisites hold some back."""


def plan(desk: Desk, decks: Sequence[str] | None = None, only: Collection[str] | None = None) -> queue.Plan:
    """What a session would ask now.

    Args: `decks`: of these alone; without them locked decks bring no new items. `only`: of these items alone, and all
    of them that are due or new: who asks for the cards of a page means it, whatever the limit of the day.
    """
    now, preset = desk.moment(), desk.settings.preset
    if only is not None:
        decks = sorted({key.partition("/")[0] for key in only})
    counts = desk.store.queue.counts(now.today, now.now, now.day_end)
    introduced, reviewed = sum(one.introduced for one in counts), sum(one.reviewed for one in counts)
    if only is not None:
        preset = replace(
            preset,
            new_per_day=introduced + len(only),
            reviews_per_day=reviewed + len(only),
            bury_new_siblings=False,
            bury_review_siblings=False,
        )
    new_left = max(0, preset.new_per_day - introduced)
    waiting = backlog(desk, sum(one.learning + one.review for one in counts), now.today) if decks is None else None
    if waiting:
        preset = replace(preset, reviews_per_day=waiting.per_day)
    found = [
        *desk.store.queue.learning(now.today, now.day_end, decks=decks),
        *desk.store.queue.reviews(
            now.today, decks=decks, limit=_most(only, waiting.waiting if waiting else preset.reviews_per_day + SPARE)
        ),
    ]
    fresh: tuple[Queued, ...] = ()
    if new_left:
        open_decks = [row.deck for row in desk.lessons() if not row.locked_by] if decks is None else list(decks)
        fresh = desk.store.queue.new(now.today, decks=open_decks, limit=_most(only, 2 * new_left + SPARE))
    ready = _ready(desk, [one.key for one in fresh]) if only is None else only
    candidates = [
        queue.Candidate(
            one.key,
            one.state.phase,
            one.state.due_day,
            one.state.due_at,
            group=_card_key(one.key),
            position=place,
            retrievability=recall(desk, one.state, now) if waiting else None,
        )
        for place, one in enumerate([*found, *(one for one in fresh if one.key in ready)])
        if only is None or one.key in only
    ]
    return queue.plan(
        candidates,
        today=now.today,
        preset=preset,
        new_done=introduced,
        reviews_done=reviewed,
        order=queue.Order.RETRIEVABILITY if waiting else queue.Order.DUE,
    )


EVERY = 1_000_000


def _most(only: Collection[str] | None, usual: int) -> int:
    """How many candidates to fetch: all, where some are picked out by their keys."""
    return usual if only is None else EVERY


def backlog(desk: Desk, due: int, day: int) -> today.Backlog | None:
    """The way back after an absence, when much has waited for days."""
    return today.backlog(due, sum(desk.store.queue.due_counts(0, day - today.LONG_OVERDUE).values()))


def _ready(desk: Desk, keys: Sequence[str]) -> set[str]:
    """Those new items whose required cards were asked before, or come before them in the same list."""
    rows = desk.store.catalogue.items(keys)
    required = {one for row in rows.values() for one in row.requires}
    there = desk.store.catalogue.items(sorted(required))
    states = desk.store.journal.states(sorted(there))
    seen = {key for key, state in states.items() if state.phase is not Phase.NEW or state.suspended}
    ready: set[str] = set()
    for key in keys:
        if key in rows and all(one in seen or one in ready or one not in there for one in rows[key].requires):
            ready.add(key)
    return ready


def recall(desk: Desk, state: ItemState, now: Moment) -> float | None:
    """The probability with which FSRS expects an item in review to be recalled now; None for others."""
    if state.phase is not Phase.REVIEW or state.stability is None or state.last_day is None:
        return None
    return round(fsrs.retrievability(now.today - state.last_day, state.stability, desk.preset.parameters), 4)


def siblings(desk: Desk, item: Item) -> dict[str, ItemState]:
    """Where the other items of its card stand, by their keys."""
    keys = [other.key for other in item.card.items if other.key != item.key]
    return desk.store.journal.states(keys) if keys else {}


def siblings_to_bury(desk: Desk, others: Mapping[str, ItemState], now: Moment) -> list[str]:
    """Of the siblings those that would be asked today as well and, by the settings, wait until tomorrow."""
    chosen = desk.settings.preset
    found = []
    for key, state in others.items():
        due = state.phase is Phase.REVIEW and state.due_day is not None and state.due_day <= now.today
        if (state.phase is Phase.NEW and chosen.bury_new_siblings) or (due and chosen.bury_review_siblings):
            found.append(key)
    return found


def coming_up(desk: Desk, decks: Sequence[str] | None = None) -> tuple[int, int, int | None]:
    """Items due later today, due tomorrow, and the instant at which the next one is due (None: nothing planned)."""
    now = desk.moment()
    chosen = None if decks is None else set(decks)
    counts = [
        one for one in desk.store.queue.counts(now.today, now.now, now.day_end) if chosen is None or one.deck in chosen
    ]
    later, tomorrow = sum(one.later_today for one in counts), sum(one.tomorrow for one in counts)
    soon = desk.store.queue.next_learning_at(now.today, now.now)
    if soon is not None and later:
        return later, tomorrow, soon
    ahead = desk.store.queue.forecast(now.today, 30)
    days = next((day for day in range(1, len(ahead)) if ahead[day]), None)
    return later, tomorrow, None if days is None else now.day_end + (days - 1) * MS_PER_DAY


def _card_key(item_key: str) -> str:
    return item_key.partition(":")[0]
