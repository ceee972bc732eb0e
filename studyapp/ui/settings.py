"""Settings: everything a learner can choose, each with its sentence; changed in place and kept at once."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Input

from studyapp.memory.model import Preset
from studyapp.study.settings import GRADE_BY, PLAIN_FIELDS, PRESET_FIELDS, Settings
from studyapp.ui import cells, themes
from studyapp.ui.actions import Action
from studyapp.ui.base import Notice, StudyScreen
from studyapp.ui.widgets.drawn import Drawn, Prose
from studyapp.ui.widgets.field import Field
from studyapp.ui.widgets.rows import Row, Rows

if TYPE_CHECKING:
    from studyapp.study.desk import Desk

ORDER = (
    "theme", "grade_by", "ask_confidence", "new_per_day", "reviews_per_day", "desired_retention", "learning_steps",
    "relearning_steps", "rollover_hour",
)  # fmt: skip
"""What people change most, first."""
STEPS = ("learning_steps", "relearning_steps")
UNITS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400}
HELP_WORDS = {
    "theme": "Colours: dark, light, terminal (your terminal's own), or the name of any theme of Textual.",
    "learning_steps": "Waits before a new card comes back on its first day: `1m 10m`.",
    "relearning_steps": "Waits before a card that was forgotten comes back: `10m`.",
    "decks": "Files and folders of your own decks, separated by `;`.",
    "new_per_day": "New cards a day at most; 0 brings none.",
    "reviews_per_day": "Reviews a day at most.",
    "maximum_interval": "Days after which every card comes back at the latest.",
    "bury_new_siblings": "Leave the other new items of a card until tomorrow.",
    "bury_review_siblings": "Leave the other due items of a card until tomorrow.",
    "suspend_leeches": "Suspend a leech instead of only marking it.",
    "learn_ahead_seconds": "With nothing else to do, steps that come due within so many seconds are asked at once.",
    "fuzz": "Vary intervals a little, so that cards learnt together do not stay together.",
}
"""Sentences for the screen where the docstring is for programmers."""
THEMES = ("dark", "light", "terminal")


@dataclass(frozen=True)
class Setting:
    """One line of the screen."""

    name: str
    value: object
    default: object
    help: str

    @property
    def label(self) -> str:
        """The name as words."""
        return self.name.replace("_", " ").capitalize()

    @property
    def shown(self) -> str:
        """The value as it is shown and typed."""
        return shown(self.name, self.value)

    @property
    def next(self) -> object | None:
        """The value that Enter switches to; None where a value is typed."""
        if isinstance(self.value, bool):
            return not self.value
        for name, values in (("grade_by", GRADE_BY), ("theme", THEMES)):
            if self.name == name:
                at = values.index(str(self.value)) if self.value in values else 0 if self.value == "" else -1
                return values[(at + 1) % len(values)]
        return None


@cache
def sentences() -> dict[str, str]:
    """Field → the docstring under it, with the screen's own sentences where they say it better."""
    found: dict[str, str] = {}
    for kind in (Preset, Settings):
        try:
            body = ast.parse(inspect.getsource(kind)).body[0]
        except OSError:  # installed without its source: the names must do
            continue
        assert isinstance(body, ast.ClassDef)
        for field, below in zip(body.body, body.body[1:], strict=False):
            if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name) and isinstance(below, ast.Expr):
                text = ast.literal_eval(below.value) if isinstance(below.value, ast.Constant) else ""
                found[field.target.id] = " ".join(str(text).split())
    return found | HELP_WORDS


def listed(settings: Settings) -> list[Setting]:
    """Every setting with its value, in the order of the screen."""
    default = Settings()
    names = [*ORDER, *(name for name in (*PRESET_FIELDS, *PLAIN_FIELDS) if name not in ORDER)]
    made = []
    for name in names:
        owner, origin = (settings.preset, default.preset) if name in PRESET_FIELDS else (settings, default)
        made.append(Setting(name, getattr(owner, name), getattr(origin, name), sentences().get(name, "")))
    return made


def shown(name: str, value: object) -> str:
    """A value as it is shown and typed."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if name == "decks" and isinstance(value, tuple):
        return "; ".join(str(path) for path in value)
    if name in STEPS and isinstance(value, tuple):
        return " ".join(_step(seconds) for seconds in value)
    if isinstance(value, tuple):
        return " ".join(f"{entry:g}" for entry in value)
    return f"{value:g}" if isinstance(value, float) else str(value)


def _step(seconds: int) -> str:
    unit = next(unit for unit in reversed(UNITS) if seconds % UNITS[unit] == 0)
    return f"{seconds // UNITS[unit]}{unit}"


def read(name: str, typed: str, like: object) -> object:
    """What was typed, as a value of the setting. Raises: ValueError with a sentence."""
    typed = typed.strip()
    if name == "decks":
        return [part.strip() for part in typed.split(";") if part.strip()]
    if name in STEPS:
        found = [re.fullmatch(r"(\d+)([smhd]?)", part) for part in re.split(r"[\s,]+", typed) if part]
        if not all(found):
            raise ValueError("write steps as `1m 10m`: a number and s, m, h or d")
        return [int(one[1]) * UNITS[one[2] or "s"] for one in found if one]
    try:
        if isinstance(like, tuple):
            return [float(part) for part in re.split(r"[\s;]+", typed) if part]
        if isinstance(like, int):
            return int(typed)
        if isinstance(like, float):
            number = float(typed.removesuffix("%").replace(",", "."))
            return number / 100 if typed.endswith("%") else number
    except ValueError:
        raise ValueError(f"{typed or 'nothing'} is not a number") from None
    return typed


class SettingsScreen(StudyScreen):
    """The list, the sentence of the setting under the cursor, and a field while a value is typed."""

    TITLE = "Settings"
    ACTIONS = (
        Action("change", "", "Change", "Change the setting under the cursor.", "change", "Enter", palette=False),
        Action("keep", "", "Keep", "Keep what is typed.", "keep", "Enter", palette=False),
        Action("default", "d", "Default", "Back to the value that a new learner has.", "default"),
        Action("cancel", "", "Cancel", "Leave the value as it is.", "cancel", "Esc", palette=False, call="back"),
    )

    _editing: Setting | None = None

    def body(self) -> ComposeResult:
        """Title, list, sentence, field, notice."""
        yield Drawn(lambda width: cells.spread(Content.styled("Settings", "bold"), "", width), id="head")
        yield Rows(id="settings")
        yield Prose(id="sentence")
        yield Field(id="field")
        yield Notice(id="notice")

    def resumed(self, desk: Desk) -> None:
        """Show the present values."""
        self.query_one(Field).display = False
        self._editing = None
        self.fill()
        self.query_one(Rows).focus()

    def possible(self, action: Action) -> bool:
        """While a value is typed, Enter keeps it and Esc leaves it."""
        editing = self._editing is not None
        if action.id in ("keep", "cancel", "change", "back"):
            return editing is (action.id in ("keep", "cancel"))
        return super().possible(action)

    async def action_keep(self) -> None:
        """Keep what is typed."""
        await self.query_one(Field).action_submit()

    def fill(self) -> None:
        """Draw the list."""
        settings = self._listed()
        self.query_one(Rows).fill(Row(one.name, _row(one)) for one in settings.values())
        self._explain()

    def _listed(self) -> dict[str, Setting]:
        return {one.name: one for one in listed(self.desk.settings)}

    def _current(self) -> Setting | None:
        row = self.query_one(Rows).current
        return self._listed().get(row.key) if row else None

    def _explain(self) -> None:
        one = self._current()
        self.query_one("#sentence", Prose).prose(one.help if one else "", cells.MUTED)

    def on_rows_moved(self, _message: Rows.Moved) -> None:
        """Explain the setting under the cursor."""
        self._explain()
        self.query_one("#notice", Notice).say()

    def on_rows_chosen(self, _message: Rows.Chosen) -> None:
        """Enter or a click."""
        self.action_change()

    def action_change(self) -> None:
        """Switch the value, or open the field for it."""
        one = self._current()
        if one is None or self.too_small:
            return
        if one.next is not None:
            self._take(one.name, one.next)
            return
        self._editing = one
        field = self.query_one(Field)
        field.ask("")
        field.value = one.shown
        field.focus()
        self.offer_keys()

    def action_default(self) -> None:
        """Back to the default."""
        if one := self._current():
            value = list(one.default) if isinstance(one.default, tuple) else one.default
            self._take(one.name, value)

    def on_input_submitted(self, message: Input.Submitted) -> None:
        """The value that was typed."""
        message.stop()
        if self._editing is None:
            return
        try:
            value = read(self._editing.name, message.value, self._editing.default)
        except ValueError as error:
            self.query_one("#notice", Notice).warn(f"{error}.")
            return
        if self._take(self._editing.name, value):
            self._close_field()

    def action_back(self) -> None:
        """Leave the field, or the screen."""
        if self._editing is not None:
            self._close_field()
            self.query_one("#notice", Notice).say()
        else:
            super().action_back()

    def _close_field(self) -> None:
        self._editing = None
        self.query_one(Field).display = False
        self.query_one(Rows).focus()
        self.offer_keys()

    def _take(self, name: str, value: Any) -> bool:
        """Keep a value; say what is wrong with one that cannot be."""
        notice = self.query_one("#notice", Notice)
        if name == "theme" and self._unknown_theme(str(value)):
            notice.warn(f"There is no theme {value!r}: dark, light and terminal are always there.")
            return False
        try:
            self.desk.change(name, value)
        except (ValueError, TypeError, OSError) as error:
            notice.warn(f"{error}.")
            return False
        self.study.forget_session()
        if name == "theme":
            self.study.look(self.desk.settings.theme)
        self.fill()
        notice.say("Kept.", "✓", cells.RIGHT)
        return True

    def _unknown_theme(self, setting: str) -> bool:
        return themes.named(setting) not in self.app.available_themes


def _row(one: Setting) -> Callable[[int], Content]:
    style = cells.MUTED if one.value == one.default else "$text-accent"
    value = one.shown or "default"

    def draw(width: int) -> Content:
        right = Content.styled(cells.clip(value, max(8, width // 2)), style)
        return cells.spread(Content(one.label), right, width)

    return draw
