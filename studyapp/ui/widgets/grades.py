"""The grades at the bottom of a review: each with its key and when the item comes back; keys and mouse."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message

from studyapp.memory.grading import of_confidence
from studyapp.memory.model import Grade
from studyapp.ui import cells
from studyapp.ui.widgets.drawn import Drawn

RECALL_WORDS = {1: "not at all", 2: "barely", 3: "partly", 4: "well", 5: "perfectly"}
CONFIDENCE_OF = {Grade.AGAIN: 1, Grade.HARD: 2, Grade.GOOD: 4, Grade.EASY: 5}
"""Grade → the confidence that stands for it where a person grades by confidence."""


@dataclass(frozen=True)
class Button:
    """One grade: the number that is its key, its word, and the line below."""

    number: int
    word: str
    below: str = ""

    @property
    def width(self) -> int:
        """Cells it needs: sign, number, blank, word."""
        return 4 + max(len(self.word), len(self.below))


class GradeButton(Drawn):
    """One button; the proposed one is marked by a sign, bold letters and the accent colour."""

    def __init__(self, number: int) -> None:
        """`number` is its key."""
        super().__init__(classes="grade")
        self.number = number

    def put(self, button: Button, proposed: bool) -> None:
        """Show a grade."""
        self.display = True
        self.set_class(proposed, "-proposed")
        sign = "▸" if proposed else " "
        number = ("bold " if proposed else "") + "$text-accent"
        first = Content.assemble(
            (sign, number), (str(button.number), number), " ", (button.word, "bold" if proposed else "")
        )
        self.show(
            Content("\n").join([first, Content.styled(f"   {button.below}" if button.below else "", cells.MUTED)])
        )

    def on_click(self, event: events.Click) -> None:
        """Chosen by the mouse."""
        event.stop()
        self.post_message(Grades.Chosen(self.number))


class Grades(Horizontal):
    """A row of buttons, or, where there is nothing to grade yet, a quiet line. Always the same height."""

    DEFAULT_CSS = """
    Grades { height: 2; }
    Grades GradeButton { width: 1fr; height: 2; }
    """

    @dataclass
    class Chosen(Message):
        """A button was pressed with the mouse."""

        number: int

    def compose(self) -> ComposeResult:
        """Five places, and the line."""
        yield Drawn(id="prompt")
        for number in range(1, 6):
            button = GradeButton(number)
            button.display = False
            yield button

    def say(self, line: Content | str = "") -> None:
        """Show a line instead of buttons."""
        for button in self.query(GradeButton):
            button.display = False
        prompt = self.query_one("#prompt", Drawn)
        prompt.display = True
        prompt.show(line)

    def offer(self, buttons: Sequence[Button], proposed: int | None = None) -> None:
        """Show buttons, one of them proposed."""
        self.query_one("#prompt", Drawn).display = False
        shown = {button.number: button for button in buttons}
        for place in self.query(GradeButton):
            place.display = place.number in shown
            if place.number in shown:
                button = shown[place.number]
                place.put(button, place.number == proposed)
                place.styles.width = f"{button.width if len(buttons) > len(Grade) else 1}fr"


def grade_buttons(labels: Mapping[Grade, str], *, confidence: bool = False) -> list[Button]:
    """The buttons of a grade each, with the wait that `labels` gives it; with `confidence` the five from 1 to 5."""
    if confidence:
        return [Button(number, word, labels[of_confidence(number)]) for number, word in RECALL_WORDS.items()]
    return [Button(int(grade), grade.name.capitalize(), labels[grade]) for grade in Grade]
