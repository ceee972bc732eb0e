"""What was done with an item, act by act, in words. Reads the journal through the desk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from studyapp.memory.model import Act, Grade
from studyapp.storage.entry import ACCEPT_ANSWER, EXERCISE, EXERCISE_STEP, IMPORT, REDO, UNDO, Entry
from studyapp.study import words

if TYPE_CHECKING:
    from studyapp.study.desk import Desk

_WORDS = {
    IMPORT: "cards brought in",
    Act.SUSPEND: "suspended",
    Act.RESUME: "resumed",
    Act.BURY: "buried until the next day",
    Act.UNBURY: "brought back",
    Act.FORGET: "made new again",
    Act.SET_DUE: "due day moved",
    EXERCISE: "practised",
    UNDO: "an act taken back",
    REDO: "an act done again",
}


@dataclass(frozen=True)
class HistoryLine:
    """One act."""

    at: datetime
    """In the learner's own time zone."""
    words: str
    void: bool
    """Taken back since."""


def history(desk: Desk, key: str) -> tuple[HistoryLine, ...]:
    """Every act on the item of `key`, oldest first; the single answers inside a sitting are left out."""
    zone = desk.clock.zone()
    return tuple(
        HistoryLine(datetime.fromtimestamp(line.entry.at / 1000, zone), _in_words(line.entry), line.void)
        for line in desk.store.journal.history(item=key)
        if line.entry.kind != EXERCISE_STEP
    )


def _in_words(entry: Entry) -> str:
    if entry.kind == Act.REVIEW and entry.grade:
        said = Grade(entry.grade).name.capitalize()
        if entry.duration_ms:
            said += f", {words.minutes(entry.duration_ms)}"
        answer = entry.body.get("answer")
        return f"{said}: {answer}" if isinstance(answer, str) and answer else said
    if entry.kind == ACCEPT_ANSWER:
        return f"accepted: {entry.body.get('text', '')}"
    if entry.kind == Act.FLAG:
        number = entry.body.get("value", 0)
        return f"flag {number}" if number else "flag taken away"
    return _WORDS.get(entry.kind, entry.kind.replace("-", " "))
