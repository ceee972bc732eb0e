"""The options of a choice: a letter, the arrows or a click picks; afterwards signs and words say what was right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual import events
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message

from studyapp.study.asking import Choice
from studyapp.ui import cells
from studyapp.ui.widgets.drawn import Drawn

INDENT = 5
"""Cells before an option's text: the sign, the letter, the gap."""


class OptionLine(Drawn):
    """One option; it may run over several lines."""

    def __init__(self, place: int) -> None:
        """`place` is its place in the question."""
        super().__init__()
        self.place = place

    def on_click(self, event: events.Click) -> None:
        """Picked by the mouse."""
        event.stop()
        if isinstance(self.parent, Choices):
            self.parent.pick(self.place)


class Choices(Vertical, can_focus=True):
    """The options of one question. Posts `Choices.Picked` when the answer stands."""

    DEFAULT_CSS = """
    Choices { height: auto; }
    """

    @dataclass
    class Picked(Message):
        """The answer: places in the question's choices."""

        picks: tuple[int, ...]

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.choices: tuple[Choice, ...] = ()
        self.many = False
        """Whether several options may be right; then letters switch, and Enter answers."""
        self.cursor = 0
        self.picked: set[int] = set()
        self.marked = False
        """Whether the answer has been checked; from then on nothing can be picked."""

    def ask(self, choices: Sequence[Choice], *, many: bool) -> None:
        """Show the options of a new question; with none the widget disappears."""
        self.choices, self.many = tuple(choices[:26]), many
        self.cursor, self.picked, self.marked = 0, set(), False
        self.display = bool(choices)
        there = len(self.query(OptionLine))  # made when they are needed: most questions have no options
        if there < len(self.choices):
            self.mount_all(OptionLine(place) for place in range(there, len(self.choices)))
        self._draw_all()

    def mark(self, picks: Sequence[int]) -> None:
        """Show what was right; `picks` are the places that were picked."""
        self.picked, self.marked = set(picks), True
        self._draw_all()

    def reopen(self) -> None:
        """Let the person pick again."""
        self.marked = False
        if not self.many:
            self.picked = set()
        self._draw_all()

    def pick(self, place: int) -> None:
        """Pick an option: answers where only one can be right, else switches it."""
        if self.marked or not 0 <= place < len(self.choices):
            return
        self.cursor = place
        if self.many:
            self.picked ^= {place}
            self._draw_all()
        else:
            self.picked = {place}
            self._draw_all()
            self.post_message(self.Picked((place,)))

    def answer(self) -> None:
        """Take what is picked as the answer; where one can be right, what the cursor is on."""
        if self.many and not self.marked:
            self.post_message(self.Picked(tuple(sorted(self.picked))))
        elif not self.many:
            self.pick(self.cursor)

    def check_consume_key(self, key: str, character: str | None) -> bool:
        """Letters of options are ours while there is something to pick."""
        return self._place_of(key) is not None

    def _place_of(self, key: str) -> int | None:
        if self.marked:
            return None
        return next((place for place, choice in enumerate(self.choices) if choice.letter == key.lower()), None)

    def on_key(self, event: events.Key) -> None:
        """Letters pick, arrows move, Enter answers, Space picks or switches what the cursor is on."""
        if self.marked or not self.choices:
            return
        key = event.key
        place = self._place_of(key)
        if place is not None:
            self.pick(place)
        elif key in ("up", "down"):
            self.cursor = (self.cursor + (1 if key == "down" else -1)) % len(self.choices)
            self._draw_all()
            self.query(OptionLine)[self.cursor].scroll_visible(animate=False)
        elif key == "space":
            self.pick(self.cursor)
        elif key == "enter":
            self.answer()
        else:
            return
        event.stop()
        event.prevent_default()

    def on_focus(self) -> None:
        """Show the cursor."""
        self._draw_all()

    def on_blur(self) -> None:
        """Hide the cursor."""
        self._draw_all()

    def _draw_all(self) -> None:
        for line in self.query(OptionLine):
            line.display = line.place < len(self.choices)
            if line.display:
                place = line.place
                line.show(lambda width, place=place: self._draw_one(place, width))  # type: ignore[misc]

    def _draw_one(self, place: int, width: int) -> Content:
        choice = self.choices[place]
        picked, here = place in self.picked, place == self.cursor and self.has_focus and not self.marked
        sign, style, word = " ", "", ""
        if self.marked:
            sign, style, word = _verdict(choice.right, picked, self.many)
        elif self.many:
            sign, style = ("■", "$text-accent") if picked else ("□", cells.MUTED)
        elif picked:
            sign, style = "▸", "$text-accent"
        quiet = cells.MUTED if self.marked and not (picked or choice.right) else ""
        letter_style = "bold $text-accent reverse" if here else quiet or "bold"
        room = width - INDENT - (len(word) + 2 if word else 0)
        body = cells.prose(choice.text, max(10, room), quiet).split("\n", allow_blank=True) or [Content("")]
        lines = []
        for number, part in enumerate(body):
            if number == 0:
                start = Content.assemble((sign, style), " ", (choice.letter, letter_style), "  ", part)
                lines.append(cells.spread(start, Content.styled(word, style or cells.MUTED), width) if word else start)
            else:
                lines.append(Content.assemble(" " * INDENT, part))
        if self.marked and choice.feedback and (picked or (self.many and choice.right)):
            told = cells.prose(choice.feedback, max(10, width - INDENT)).split("\n", allow_blank=True)
            lines += [Content.assemble(" " * INDENT, part) for part in told]
        return Content("\n").join(lines)


def _verdict(right: bool, picked: bool, many: bool) -> tuple[str, str, str]:
    """Sign, style and word of an option after the answer."""
    if picked and right:
        return "✓", cells.RIGHT, "your answer"
    if picked:
        return "✗", cells.WRONG, "your answer"
    if right:
        return "✓", cells.CLOSE if many else cells.RIGHT, "belongs too" if many else ""
    return " ", "", ""
