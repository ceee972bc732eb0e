"""A question with everything that opens below it: for the quiz, for leafing through cards, for one card of a list.

What was asked stays where it is when the answer appears, and in sight when a long answer is scrolled. The widget knows
no session and writes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.content import Content
from textual.widget import Widget

from content.model import Kind
from studyapp.study.asking import Question, Way
from studyapp.study.checking import Checked, Verdict
from studyapp.ui import cells
from studyapp.ui.base import Page
from studyapp.ui.widgets.choices import Choices
from studyapp.ui.widgets.drawn import Drawn, Prose
from studyapp.ui.widgets.field import Field

if TYPE_CHECKING:
    from studyapp.study.desk import Desk

VERDICTS = {
    Verdict.RIGHT: ("✓", "right", cells.RIGHT),
    Verdict.CLOSE: ("!", "close enough", cells.CLOSE),
    Verdict.PARTLY: ("!", "partly right", cells.CLOSE),
    Verdict.WRONG: ("✗", "not yet", cells.WRONG),
    Verdict.RETRY: ("!", "once more", cells.CLOSE),
    Verdict.YOURS: ("·", "compare and judge yourself", cells.MUTED),
}
"""What became of an answer → sign, word, style."""


COLUMN = 76
"""Cells of the reading column; the last one keeps the text off the scroll bar."""
FIXED_SHARE = 3
"""A question that takes at most the third part of the page stays in sight while the rest is scrolled."""


class QuestionView(Page):
    """A page that asks a question and shows its answer below."""

    DEFAULT_CSS = """
    QuestionView > Drawn, QuestionView > Choices { padding: 0 1 0 0; }
    QuestionView > .part { margin: 0 0 1 0; }
    QuestionView > #prompt { padding: 0 1 1 0; }
    QuestionView > #prompt.-fixed { dock: top; }
    QuestionView > Field, QuestionView > Choices { margin: 0 0 1 0; }
    """

    question: Question | None = None
    """What is asked."""

    def __init__(self, *below: Widget) -> None:
        """Args: `below`: what the screen adds at the end of the page."""
        super().__init__(id="page")
        self._below = below

    def compose(self) -> ComposeResult:
        """From the question downwards; nothing is asked yet."""
        for part in (
            Prose(id="prompt"),
            Prose(id="hint", classes="part"),
            Choices(id="choices"),
            Field(id="field"),
            Drawn(id="verdict", classes="part"),
            Prose(id="answer", classes="part"),
            Prose(id="explanation", classes="part"),
            Drawn(id="source"),
        ):
            part.display = False
            yield part
        yield from self._below

    def clear(self) -> None:
        """Empty every part."""
        self.question = None
        for part in ("#prompt", "#hint", "#verdict", "#answer", "#explanation", "#source"):
            self.query_one(part, Drawn).show()
        self.query_one(Choices).ask((), many=False)
        self.query_one(Field).display = False

    def ask(self, question: Question, *, answerable: bool = True) -> None:
        """Show a question; with `answerable=False` there is no field and the options cannot be picked."""
        self.clear()
        self.question = question
        self.query_one("#prompt", Prose).prose(question.prompt)
        self._fix_prompt()
        if question.choices:
            choices = self.query_one(Choices)
            choices.ask(question.choices, many=question.way is Way.PICK_MANY)
            if answerable:  # at once, for a key that waits already is meant for the options
                self.screen.set_focus(choices, scroll_visible=False)
        elif question.way is Way.TYPE and answerable:
            field = self.query_one(Field)
            field.ask(question.wanted)
            self.screen.set_focus(field, scroll_visible=False)

    def on_resize(self) -> None:
        """Another height may have another share for the question."""
        self._fix_prompt()

    def _fix_prompt(self) -> None:
        """Keep the question in sight while the rest is scrolled, unless it would leave too little room."""
        prompt = self.query_one("#prompt", Prose)
        lines = prompt.drawn(min(COLUMN, self.scrollable_content_region.width) - 1).plain.count("\n") + 1
        prompt.set_class(lines * FIXED_SHARE <= self.size.height, "-fixed")

    @property
    def room(self) -> int:
        """Lines that scroll: those of the page without the question, where it keeps its place."""
        prompt = self.query_one("#prompt", Prose)
        return self.size.height - (prompt.outer_size.height if prompt.has_class("-fixed") else 0)

    def hint(self, text: str) -> None:
        """Show a hint below the question."""
        self.query_one("#hint", Prose).prose(f"*Hint:* {text}")

    def reopen(self) -> None:
        """Let the person answer again, with what was typed or picked still there."""
        if self.question is not None and self.question.way is Way.TYPE:
            self.screen.set_focus(self.query_one(Field), scroll_visible=False)
        else:
            choices = self.query_one(Choices)
            choices.reopen()
            self.screen.set_focus(choices, scroll_visible=False)

    async def submit(self) -> None:
        """Answer with what stands in the field, or with the options picked."""
        if self.question is not None and self.question.way is Way.TYPE:
            await self.query_one(Field).action_submit()
        else:
            self.query_one(Choices).answer()

    def answer(
        self, checked: Checked | None = None, sources: Mapping[str, str] | None = None, notes: Sequence[str] = ()
    ) -> None:
        """Open the answer.

        Args: `checked`: the verdict on what the person did; `sources`: key → title, to cite; `notes`: what else is
        said below the verdict.
        """
        question = self.question
        if question is None:
            return
        if question.choices:
            picks = checked.picks if checked else ()
            places = [place for place, choice in enumerate(question.choices) if choice.index in picks]
            self.query_one(Choices).mark(places)
        field = self.query_one(Field)
        if field.display:
            field.settle()
        self.say(checked, notes=notes)
        self.query_one("#answer", Prose).prose(_answer(question, checked))
        card = question.card
        told = [] if question.choices or checked is None else list(checked.feedback)
        self.query_one("#explanation", Prose).prose(
            "\n\n".join([*told, card.explanation] if card.explanation else told)
        )
        cited = "; ".join(sources[key] for key in card.sources if key in sources) if sources else ""
        if cited:
            self.query_one("#source", Drawn).show(lambda width: _at_the_right(cited, width))

    def say(self, checked: Checked | None, given: str = "", notes: Sequence[str] = ()) -> None:
        """Show the verdict, with what was `given` as an answer and `notes` below; None takes it away."""
        if checked is None:
            self.query_one("#verdict", Drawn).show()
            return
        sign, word, style = VERDICTS[checked.verdict]
        known = checked.reason.rstrip(".").casefold() == word or checked.verdict is Verdict.YOURS
        said = [*([] if known or not checked.reason else [checked.reason]), *notes]

        def draw(width: int) -> Content:
            typed = f"    your answer: {given}" if given else ""
            first = Content.assemble((f"{sign} ", style), (word, f"bold {style}"), (typed, cells.MUTED))
            lines = [first.truncate(width, ellipsis=True)]
            for text in said:
                body = cells.prose(text, max(10, width - 2)).split("\n", allow_blank=True)
                lines += [Content.assemble("  ", part) for part in body]
            return Content("\n").join(lines)

        self.query_one("#verdict", Drawn).show(draw)


def _answer(question: Question, checked: Checked | None) -> str:
    """The answer as it is shown: not again when it has just been typed, and named where it would stand alone."""
    if question.way is not Way.TYPE or question.kind is Kind.CLOZE:
        return question.answer
    if checked is not None and checked.verdict is Verdict.RIGHT and checked.given == question.answer:
        return ""
    shown = question.answer.replace("-", "−") if question.kind is Kind.NUMERIC else question.answer
    return f"The answer: **{shown}**"


def _at_the_right(text: str, width: int) -> Content:
    """The text at the right margin; of several lines none is left with a single word."""
    whole, room = Content.styled(text, cells.MUTED), max(10, width)
    lines = whole.wrap(room)
    while room > width // 2 and len(narrower := whole.wrap(room - 1)) == len(lines) > 1:
        room, lines = room - 1, narrower
    return Content("\n").join(cells.spread("", line.rstrip(), width) for line in lines)


def sources(desk: Desk, question: Question | None) -> dict[str, str]:
    """The works that the question's deck cites, each in a line."""
    if question is None or not question.card.sources:
        return {}
    from studyapp.study.lessons import cite  # the first question can be shown without it

    deck = next((deck for deck in desk.library.decks() if deck.id == question.card.deck), None)
    return cite(deck, question.card) if deck else {}
