"""How a graded answer becomes a journal entry: the one place that makes a review's draft.

Looks the four outcomes up, notes what FSRS expected, and buries siblings with it; the caller appends.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from content.model import Item
from studyapp.memory import grading
from studyapp.memory.model import Grade, ItemState, Outlook
from studyapp.memory.schedule import outlook
from studyapp.storage.entry import Draft
from studyapp.study import planning

if TYPE_CHECKING:
    from studyapp.study.clock import Moment
    from studyapp.study.desk import Desk
    from studyapp.study.quiz import Answered


def look_ahead(
    desk: Desk,
    item: Item,
    state: ItemState,
    now: Moment,
    level: int | None = None,
    *,
    siblings: Mapping[str, ItemState] | None = None,
) -> Outlook:
    """What each grade of `item` would do now; it keeps away from the days of its siblings, which give it away.

    Args: `level`: of an exercise, by default that of its last review; `siblings`: where they stand, by
    default looked up.
    """
    others = planning.siblings(desk, item) if siblings is None else siblings
    return outlook(
        state,
        key=item.key,
        now_ms=now.now,
        today=now.today,
        next_day_at=now.day_end,
        preset=desk.preset,
        due_counts=desk.due_counts(),
        sibling_days=[other.due_day for other in others.values() if other.due_day is not None],
        level=level,
    )


def still_due(state: ItemState, now: Moment) -> bool:
    """Whether an item is new or due today, and not buried."""
    if state.buried_until is not None and state.buried_until > now.today:
        return False
    return state.due_at is not None or state.due_day is None or state.due_day <= now.today


def review_draft(
    desk: Desk,
    item: Item,
    state: ItemState,
    grade: Grade,
    now: Moment,
    *,
    duration_ms: int,
    body: Mapping[str, Any],
    shown: Outlook | None = None,
) -> Draft:
    """The entry that records `grade` for `item`; `buries` in its body are the siblings that wait until tomorrow.

    Args: `shown`: what the buttons said. A day that they promised is kept; minutes count from now.
    """
    kept = dict(body)
    if (recall := planning.recall(desk, state, now)) is not None:
        kept["predicted"] = recall
    siblings = planning.siblings(desk, item)
    if buried := planning.siblings_to_bury(desk, siblings, now):
        kept["buries"] = buried
    event = None if shown is None else shown[grade].event
    if event is None or event.due_at is not None or event.day != now.today:
        event = look_ahead(desk, item, state, now, body.get("level"), siblings=siblings)[grade].event
    return Draft.of(item.key, event, at=now.now, duration_ms=duration_ms, body=kept)


def quiz_review(desk: Desk, one: Answered, now: Moment) -> Draft | None:
    """The review that an answer in a quiz amounts to; None for an item that is not due: it is not pulled forward."""
    item = one.question.item
    state = desk.store.journal.state(item.key)
    if state.suspended or not still_due(state, now):
        return None
    checked = one.checked
    grade, _ = grading.derive(credit=checked.credit, kind=str(item.card.kind), confidence=one.confidence)
    body: dict[str, Any] = {"quiz": True, "answer": checked.given, "credit": checked.credit}
    if checked.mistake:
        body["mistake"] = checked.mistake
    if one.confidence is not None:
        body["confidence"] = one.confidence
    return review_draft(desk, item, state, grade, now, duration_ms=one.duration_ms, body=body)
