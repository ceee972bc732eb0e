"""Fitting the scheduler to one's own memory: what goes in, the run in a process of its own, what is kept.

The old parameters stay unless the new ones predict the same reviews better; a new set is an entry of the journal, so
it is undone like any other act, and due dates that stand are not moved.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from studyapp.memory.model import Act, Event
from studyapp.memory.optimise import Answered, Fit, Job, training_history, worth_offering
from studyapp.storage.entry import PARAMETERS, Draft, to_event

if TYPE_CHECKING:
    from studyapp.study.desk import Desk


def histories(desk: Desk) -> list[list[Answered]]:
    """What every item's reviews can teach. Walks through the whole journal: not for a screen's own thread."""
    by_item: dict[str, list[Event]] = {}
    for entry in desk.store.journal.entries(kinds=tuple(Act), void=False):
        event = to_event(entry)
        if event is not None:
            by_item.setdefault(entry.item, []).append(event)
    return [history for events in by_item.values() if (history := training_history(events))]


def offered(desk: Desk) -> bool:
    """Whether enough reviews have come since the last fit to make another worth while."""
    reviews = sum(day.reviews for day in desk.store.statistics.days())
    fits = desk.store.journal.entries(kinds=(PARAMETERS,), void=False, limit=1)
    before = int(fits[-1].body.get("reviews", 0)) if fits else 0
    return worth_offering(reviews, before)


def start(desk: Desk) -> Job:
    """Begin training in a process of its own; poll it, cancel it.

    Raises: SchedulingError with a sentence when there is too little to learn from.
    """
    return Job(
        histories(desk), desk.store.journal.parameters, relearning_steps=len(desk.settings.preset.relearning_steps)
    )


def keep(desk: Desk, fit: Fit) -> None:
    """Use the fitted parameters from now on: an entry of the journal. Nothing is written when they are no better."""
    if not fit.improved:
        return
    now = desk.moment()
    body = {
        "version": fit.parameters.version,
        "values": list(fit.parameters.values),
        "old_log_loss": fit.old_log_loss,
        "new_log_loss": fit.new_log_loss,
        "reviews": sum(day.reviews for day in desk.store.statistics.days()),
        "day": now.today,
    }
    desk.store.journal.append(Draft(now.now, "", PARAMETERS, body=body))
