"""What becomes of a draft before it is written: it is checked, and the burials it brings become entries. Pure."""

from __future__ import annotations

from studyapp.memory.model import Act
from studyapp.storage import cache
from studyapp.storage.entry import ACTS, PARAMETERS, REDO, UNDO, Draft, Entry

Expanded = list[tuple[Draft, bool]]
"""Drafts, each with whether it belongs to the act of the one before it."""


def expand(draft: Draft) -> Expanded:
    """The draft, and the burials that it brings.

    Raises: ValueError for a draft that makes no sense.
    """
    _check(draft)
    buried = draft.body.get("buries", ())
    if not buried:
        return [(draft, False)]
    day = Entry("", "", 0, draft.at, draft.item, draft.kind, body=draft.body).day
    return [
        (draft, False),
        *((Draft(draft.at, key, Act.BURY, body={"day": day, "value": day + 1}), True) for key in buried),
    ]


def _check(draft: Draft) -> None:
    if draft.kind in (UNDO, REDO):
        raise ValueError(f"{draft.kind} is not appended: call Journal.{draft.kind}()")
    if draft.kind == PARAMETERS:
        cache.parameters_of(draft.body)
    if draft.kind in ACTS and not draft.item:
        raise ValueError(f"an entry of kind {draft.kind} needs an item")
    if draft.kind == Act.REVIEW and draft.grade not in (1, 2, 3, 4):
        raise ValueError(f"{draft.item}: a review needs a grade from 1 to 4, not {draft.grade}")
