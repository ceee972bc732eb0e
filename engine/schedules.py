"""Schedules of the learning rate: their keys, and the line each of them is. Imports the errors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.errors import TaskError

_SCHEDULES = {
    "step": ("every", "factor"),
    "exponential": ("rate", "every", "staircase"),
    "cosine": ("steps", "low"),
    "inverse": ("decay",),
}
DEFAULTS = {
    "every": 1,
    "factor": 0.5,
    "rate": 0.96,
    "steps": 100,
    "low": 0.0,
    "decay": 1.0,
    "staircase": False,
}
"""What stands for a key that is left out."""


def check(schedule: object) -> None:
    """Raise for a table that is no schedule.

    Raises:
        TaskError: the kind or a key is not known, or a value is no number.
    """
    kinds = ", ".join(_SCHEDULES)
    if not isinstance(schedule, Mapping) or schedule.get("kind") not in _SCHEDULES:
        raise TaskError(f"[update] schedule needs a kind: {kinds}")
    allowed = _SCHEDULES[schedule["kind"]]
    for key, value in schedule.items():
        if key != "kind" and key not in allowed:
            raise TaskError(
                f"[update] a {schedule['kind']} schedule has no key `{key}`; known are {', '.join(allowed)}"
            )
        if key != "kind" and not isinstance(value, int | float | str):
            raise TaskError(f"[update] schedule {key} must be a number")


def line(schedule: Mapping[str, Any]) -> str:
    """The rate of update number t, of which t - 1 have been made."""
    match schedule["kind"]:
        case "step":
            return "eta * sched_factor ** floor((t - 1) / sched_every)"
        case "exponential" if schedule.get("staircase"):
            return "eta * sched_rate ** floor((t - 1) / sched_every)"
        case "exponential":
            return "eta * sched_rate ** ((t - 1) / sched_every)"
        case "cosine":
            return "sched_low + (eta - sched_low) * (1 + cos(pi * (t - 1) / sched_steps)) / 2"
    return "eta / (1 + sched_decay * (t - 1))"
