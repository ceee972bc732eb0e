"""The settings as people meet them: in which order, explained by which sentence, shown and typed how.

The screen and the command line both speak from here; what a setting is and which values it may have says `settings`.
Pure: nothing here reads or writes a file.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from studyapp.study.settings import GRADE_BY, PRESET_FIELDS, Settings

SENTENCES: dict[str, str] = {
    "theme": "Colours: dark, light, terminal (your terminal's own), or the name of any theme of Textual.",
    "grade_by": "`grades` (Again, Hard, Good, Easy) or `confidence` (1 not at all … 5 perfectly).",
    "ask_confidence": "Ask how sure you are before an answer is checked; quiz and progress show how well you judge it.",
    "new_per_day": "New cards a day at most; 0 brings none.",
    "reviews_per_day": "Reviews a day at most.",
    "desired_retention": "Probability of recall at which an item falls due, from 0.70 to 0.99; higher means more work.",
    "learning_steps": "Waits before a new card comes back on its first day, such as `1m,10m`.",
    "relearning_steps": "Waits before a card that was forgotten comes back, such as `10m`.",
    "rollover_hour": "Hour at which a study day begins, from 0 to 23.",
    "maximum_interval": "Days after which every card comes back at the latest.",
    "leech_lapses": "How often a card may be forgotten until it is marked as a leech; 0 marks none.",
    "suspend_leeches": "Suspend a leech instead of only marking it.",
    "bury_new_siblings": "Leave the other new items of a card until tomorrow.",
    "bury_review_siblings": "Leave the other due items of a card until tomorrow.",
    "learn_ahead_seconds": "With nothing else to do, steps that come due within so many seconds are asked at once.",
    "fuzz": "Vary intervals a little, so that cards learnt together do not stay together.",
    "balance": "Choose the day with less to do where an interval may vary.",
    "easy_days": "Share of the usual load from Monday to Sunday: 1 normal, 0.5 reduced, 0 as little as possible.",
    "editor": "The command that edits a card; empty takes $VISUAL, then $EDITOR.",
    "decks": "Files and folders of your own decks, separated by `;`.",
}
"""Every setting → its sentence, in the order in which they are listed: what people change most comes first."""
THEMES = ("dark", "light", "terminal")
"""The themes that are always there."""
STEPS = ("learning_steps", "relearning_steps")
"""Settings that are lists of waits."""
UNITS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400}
"""Letter after a wait → seconds."""
YES, NO = ("yes", "true", "on", "1"), ("no", "false", "off", "0")


@dataclass(frozen=True)
class Choice:
    """One setting with its present value."""

    name: str
    value: Any
    default: Any

    @property
    def label(self) -> str:
        """The name as words."""
        return self.name.replace("_", " ").capitalize()

    @property
    def sentence(self) -> str:
        """What it means."""
        return SENTENCES[self.name]

    @property
    def shown(self) -> str:
        """The value as it is shown and typed; empty where nothing is set."""
        return shown(self.name, self.value)

    @property
    def next(self) -> object | None:
        """The value after the present one, where there are only a few; None where a value is typed."""
        if isinstance(self.value, bool):
            return not self.value
        few = {"grade_by": GRADE_BY, "theme": THEMES}.get(self.name)
        if few is None:
            return None
        return few[(few.index(self.value) + 1) % len(few) if self.value in few else 1 if self.value == "" else 0]


def listed(settings: Settings) -> tuple[Choice, ...]:
    """Every setting, in the order of `SENTENCES`."""
    default = Settings()
    return tuple(Choice(name, _value(settings, name), _value(default, name)) for name in SENTENCES)


def data(value: object) -> object:
    """A value as JSON and the file have it: lists for tuples, text for paths."""
    if isinstance(value, tuple):
        return [entry if isinstance(entry, int | float) else str(entry) for entry in value]
    return value


def shown(name: str, value: object) -> str:
    """A value as it is shown and typed: `yes`, `1m,10m`, `0.9`."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        if name == "decks":
            return "; ".join(str(path) for path in value)  # paths may hold commas
        return ",".join(_wait(entry) if name in STEPS else f"{entry:g}" for entry in value)
    return f"{value:g}" if isinstance(value, float) else str(value)


def read(name: str, typed: str) -> object:
    """What was typed, as a value of the setting; whether it may have that value says `settings.changed`.

    Lists may be written with commas, semicolons or blanks, a probability also as 85%.
    Raises: ValueError with a sentence that names the setting.
    """
    default, typed = _value(Settings(), name), typed.strip()
    if isinstance(default, bool):
        word = typed.casefold()
        if word not in (*YES, *NO):
            raise ValueError(f"{name} must be yes or no, not {typed!r}")
        return word in YES
    if name == "decks":
        return [part.strip() for part in typed.split(";") if part.strip()]
    if isinstance(default, tuple):
        return [_number(name, part) for part in re.split(r"[\s,;]+", typed) if part]
    if isinstance(default, float):
        return float(_number(name, typed.replace(",", ".")))
    return _number(name, typed) if isinstance(default, int) else typed


def _value(settings: Settings, name: str) -> Any:
    return getattr(settings.preset if name in PRESET_FIELDS else settings, name)


def _wait(seconds: int) -> str:
    unit = next(unit for unit in reversed(UNITS) if seconds % UNITS[unit] == 0)
    return f"{seconds // UNITS[unit]}{unit}"


def _number(name: str, typed: str) -> float:
    if name in STEPS and (wait := re.fullmatch(r"(\d+)([smhd])", typed)):
        return int(wait[1]) * UNITS[wait[2]]
    try:
        if re.fullmatch(r"[+-]?\d+", typed):
            return int(typed)
        return float(typed.removesuffix("%")) / (100 if typed.endswith("%") else 1)
    except ValueError:
        how = "a wait such as 10m (s, m, h or d)" if name in STEPS else "a number"
        raise ValueError(f"{name} must be {how}, not {typed!r}") from None
