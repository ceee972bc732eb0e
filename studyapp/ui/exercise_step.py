"""The step that is open: what is asked, its field or options, what is said of the answer, the hints.

A widget of the sitting; it knows no journal and marks nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message

from studyapp.study import sheet
from studyapp.study.asking import Choice
from studyapp.ui import cells
from studyapp.ui import exercise_sheet as paper
from studyapp.ui.widgets.choices import Choices, OptionLine
from studyapp.ui.widgets.drawn import Drawn
from studyapp.ui.widgets.field import Field

if TYPE_CHECKING:
    from engine.marking import Mark
    from studyapp.study.sitting import StepView

LETTERS = "abcdefghi"
FIELD = 3
"""Rows of the field with its border."""


class StepChoices(Choices):
    """The options of a step. Space reads on everywhere else, so here it picks nothing by mistake."""

    def on_key(self, event: events.Key) -> None:
        """As for any options, but Space is no answer."""
        if event.key == "space":
            event.prevent_default()
            event.stop()


class OpenStep(Vertical):
    """The step to answer, with everything that opens below it."""

    DEFAULT_CSS = """
    OpenStep { height: auto; }
    OpenStep > Field { width: 1fr; margin: 0 0 0 3; }
    OpenStep > Choices { margin: 0; }
    """

    class Grown(Message):
        """The step takes more or less room than before."""

    def on_resize(self) -> None:
        """Say so."""
        self.post_message(self.Grown())

    def compose(self) -> ComposeResult:
        """From the question downwards."""
        yield Drawn(id="question")
        yield StepChoices(id="choices")
        yield Field(id="field")
        yield Drawn(id="said")
        yield Drawn(id="hints")

    def on_mount(self) -> None:
        """Nothing is asked yet."""
        self.clear()

    def clear(self) -> None:
        """Take everything away."""
        for part in ("#question", "#said", "#hints"):
            self.query_one(part, Drawn).show()
        self.choices.ask((), many=False)
        self.field.display = False

    def rows(self, width: int) -> int:
        """How many rows the open step takes at `width` cells, from the question to the last hint."""
        parts = [one for one in self.query(Drawn) if self.choices.display or not isinstance(one, OptionLine)]
        return sum(rows_of(one, width) for one in parts) + (FIELD if self.typing else 0)

    @property
    def field(self) -> Field:
        """Where numbers are typed."""
        return self.query_one(Field)

    @property
    def choices(self) -> Choices:
        """Where an option is picked."""
        return self.query_one(Choices)

    @property
    def typing(self) -> bool:
        """Whether the answer is typed."""
        return bool(self.field.display)

    def open(self, view: StepView, *, tall: bool, can_keep: bool) -> None:
        """Ask a step: its field empty, or with the answer that was not right yet."""
        self.clear()
        self.unread = False
        self.query_one("#question", Drawn).show(lambda width: paper.question(view, width, tall=tall))
        if view.step.kind == "choose":
            self.choices.ask(_choices(view), many=False)
        else:
            field = self.field
            field.ask("")
            field.border_title = sheet.wanted(view.step)
            self.write(view.tries[-1].typed if view.tries else "")
        if view.tries:
            self.say(view, view.tries[-1].mark, can_keep=can_keep)
        self.hint(view)

    def focus_answer(self) -> None:
        """The keys go to the field or to the options."""
        (self.field if self.typing else self.choices).focus(scroll_visible=False)

    def reopen(self) -> None:
        """Take another answer; what was typed stays."""
        if not self.typing:
            self.choices.reopen()
        self.focus_answer()

    unread = False
    """Whether the last thing said is that an answer could not be read."""
    written = ""
    """What the field held before the person typed."""

    def write(self, text: str) -> None:
        """Put a text into the field."""
        self.written = text
        self.field.value = text
        self.field.cursor_position = len(text)

    async def submit(self) -> None:
        """Answer with what stands there."""
        if self.typing:
            await self.field.action_submit()
        else:
            self.choices.answer()

    def say(self, view: StepView, mark: Mark, *, can_keep: bool) -> None:
        """Say what became of an answer."""
        self.unread = not mark.attempt
        self.query_one("#said", Drawn).show(lambda width: paper.verdict(view, mark, width, can_keep=can_keep))

    def calculated(self, value: str) -> None:
        """Show what a calculation came to."""
        self.query_one("#said", Drawn).show(
            lambda width: Content.assemble(
                " " * paper.INDENT,
                ("= ", cells.ACCENT),
                cells.clip(value, width - 26),
                ("   calculated, not marked", cells.MUTED),
            )
        )

    def hint(self, view: StepView) -> None:
        """Show the hints opened so far; the verdict above them leaves out what they say or make plain."""
        if view.hints and view.tries and not self.unread:
            self.say(view, view.tries[-1].mark, can_keep=False)
        self.query_one("#hints", Drawn).show((lambda width: paper.hints(view, width)) if view.hints else "")


def rows_of(drawn: Drawn, width: int) -> int:
    """How many rows a drawing takes at `width` cells; none while it is not shown."""
    text = drawn.drawn(width).plain if drawn.display else ""
    return text.count("\n") + 1 if text else 0


def _choices(view: StepView) -> tuple[Choice, ...]:
    """The options of a step as the widget takes them."""
    return tuple(
        Choice(letter, text, place == view.step.value, "", place)
        for place, (letter, text) in enumerate(zip(LETTERS, view.step.options, strict=False))
    )
