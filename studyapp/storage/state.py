"""An item's state as a row of the table `memory`, and back. Light: `studyapp due` and the first card read with it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from studyapp.memory.model import ItemState, Phase

STATE_COLUMNS = (
    "phase", "step", "stability", "difficulty", "due_day", "due_at", "last_at", "last_day", "reps", "lapses",
    "suspended", "buried_until", "flag", "leech", "level",
)  # fmt: skip


def state_of(row: Sequence[Any]) -> ItemState:
    """The state in a row of `STATE_COLUMNS`."""
    phase, step_, stability, difficulty, due_day, due_at, last_at, last_day, reps, lapses = row[:10]
    suspended, buried_until, flag, leech, level = row[10:15]
    return ItemState(
        Phase(phase), step_, stability, difficulty, due_day, due_at, last_at, last_day, reps, lapses,
        bool(suspended), buried_until, flag, bool(leech), level,
    )  # fmt: skip


def row_of(state: ItemState) -> tuple[Any, ...]:
    """The row of `STATE_COLUMNS` that holds `state`."""
    return (
        int(state.phase), state.step, state.stability, state.difficulty, state.due_day, state.due_at, state.last_at,
        state.last_day, state.reps, state.lapses, int(state.suspended), state.buried_until, state.flag,
        int(state.leech), state.level,
    )  # fmt: skip
