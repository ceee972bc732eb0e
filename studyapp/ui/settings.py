"""Settings: everything a learner can choose, each with its sentence; changed in place and kept at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Input

from studyapp.study.choices import Choice, data, listed, read
from studyapp.ui import cells, themes
from studyapp.ui.actions import Action
from studyapp.ui.base import Notice, StudyScreen
from studyapp.ui.widgets.drawn import Drawn, Prose
from studyapp.ui.widgets.field import Field
from studyapp.ui.widgets.rows import Row, Rows

if TYPE_CHECKING:
    from studyapp.study.desk import Desk


class SettingsScreen(StudyScreen):
    """The list, the sentence of the setting under the cursor, and a field while a value is typed."""

    TITLE = "Settings"
    ACTIONS = (
        Action("change", "", "Change", "Change the setting under the cursor.", "change", "Enter", palette=False),
        Action("keep", "", "Keep", "Keep what is typed.", "keep", "Enter", palette=False),
        Action("default", "d", "Default", "Back to the value that a new learner has.", "default"),
        Action("cancel", "", "Cancel", "Leave the value as it is.", "cancel", "Esc", palette=False, call="back"),
    )

    _editing: Choice | None = None

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

    def _listed(self) -> dict[str, Choice]:
        return {one.name: one for one in listed(self.desk.settings)}

    def _current(self) -> Choice | None:
        row = self.query_one(Rows).current
        return self._listed().get(row.key) if row else None

    def _explain(self) -> None:
        one = self._current()
        self.query_one("#sentence", Prose).prose(one.sentence if one else "", cells.MUTED)

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
            self._take(one.name, data(one.default))

    def on_input_submitted(self, message: Input.Submitted) -> None:
        """The value that was typed."""
        message.stop()
        if self._editing is None:
            return
        try:
            value = read(self._editing.name, message.value)
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


def _row(one: Choice) -> Callable[[int], Content]:
    style = cells.MUTED if one.value == one.default else "$text-accent"
    value = one.shown or "default"

    def draw(width: int) -> Content:
        right = Content.styled(cells.clip(value, max(8, width // 2)), style)
        return cells.spread(Content(one.label), right, width)

    return draw
