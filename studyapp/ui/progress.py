"""Progress: what has been done, what was remembered, what is coming; every figure with its sentence.

The figures are counted in a thread, so the screen never waits for them; a newer question makes an older answer void.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.content import Content
from textual.message import Message
from textual.worker import Worker, WorkerState, get_current_worker

from studyapp.study.progress import Progress, sentences
from studyapp.ui import cells
from studyapp.ui.actions import Action
from studyapp.ui.base import Notice, Page, StudyScreen
from studyapp.ui.progress_drawings import SECTIONS
from studyapp.ui.widgets.drawn import Drawn, nothing

if TYPE_CHECKING:
    from studyapp.study.desk import Desk

EVER = 36_500
"""Days that stand for all of them."""
RANGES = {30: "last 30 days", 90: "last 90 days", 365: "last year", EVER: "all time"}
"""Days looked back on → what the head of the page calls them."""


class Section(Drawn):
    """A heading with its figures and sentence; the one that Tab reached is marked."""

    def __init__(self, name: str) -> None:
        """`name` is its key among the sections."""
        super().__init__(id=name, classes="part")
        self._figures: Callable[[int], Content] = nothing
        self.reached = False

    def fill(self, draw: Callable[[int], Content]) -> None:
        """Show what `draw` gives, a heading in its first line."""
        self._figures = draw
        self.show(self._with_mark)

    def reach(self, reached: bool) -> None:
        """Whether Tab stands here."""
        if reached != self.reached:
            self.reached = reached
            self.fill(self._figures)

    def _with_mark(self, width: int) -> Content:
        lines = self._figures(width - 2).split("\n", allow_blank=True)
        mark = ("▸ ", cells.ACCENT) if self.reached else ("  ", "")
        return Content("\n").join(
            Content.assemble(mark if number == 0 else "  ", line) for number, line in enumerate(lines)
        )


class ProgressScreen(StudyScreen):
    """The page; it scrolls, and Tab goes from section to section."""

    TITLE = "Progress"
    ACTIONS = (
        Action("section", "tab", "Next section", "The next part of the page.", "section", call="section(1)"),
        Action("section-back", "shift+tab", "Previous section", "The part before.", call="section(-1)", palette=False),
        Action("deck", "d", "Deck", "Of all decks, or of one after another.", "deck", call="deck(1)"),
        Action("deck-back", "D", "Deck before", "The deck before.", call="deck(-1)", palette=False),
        Action("range", "r", "Range", "The last 30, 90 or 365 days, or all of them.", "range"),
        Action("back", "escape", "Back", "Back to Today.", "today"),
    )

    @dataclass
    class Counted(Message):
        """The figures that were asked for."""

        progress: Progress
        deck: str | None
        days: int

    deck: str | None = None
    """The deck looked at; None for all."""
    days = 90
    """Days looked back on."""
    at = 0
    """The section that Tab reached."""

    def body(self) -> ComposeResult:
        """The head, the sections, and a sentence while nothing is there."""
        yield Drawn(id="head")
        yield Notice(id="notice")
        with Page(id="page"):
            for name in SECTIONS:
                yield Section(name)

    def on_mount(self) -> None:
        """Nothing is counted yet."""
        self._clear()

    def _clear(self) -> None:
        for section in self.query(Section):
            section.show()

    def arrived(self, desk: Desk) -> None:
        """Begin with the deck and the days that the command line named."""
        asked, self.study.start_decks = self.study.start_decks, None
        self.deck = asked[0] if asked else None
        self.days = self.study.asked_for().get("days", self.days)

    def resumed(self, desk: Desk) -> None:
        """Count anew."""
        self.count()

    def count(self) -> None:
        """Ask for the figures; they arrive as a message."""
        if self.deck is not None and self.deck not in self._decks():
            self.deck = None
        title = "all decks" if self.deck is None else self.desk.deck_title(self.deck)
        period = RANGES.get(self.days, f"last {self.days} days")

        def head(width: int) -> Content:
            chosen = Content.assemble(
                (cells.clip(cells.one_line(title), max(10, width - 30)), "$text-accent"), (" · ", cells.MUTED),
                (period, "$text-accent"),
            )  # fmt: skip
            return cells.spread(Content.styled("Progress", "bold"), chosen, width)

        self.query_one("#head", Drawn).show(head)
        self.run_worker(
            partial(self._count, self.desk, self.deck, self.days),
            thread=True, exclusive=True, exit_on_error=False, group="figures", description="Counting",
        )  # fmt: skip

    def _count(self, desk: Desk, deck: str | None, days: int) -> None:
        """In the thread: count, and say so unless something else has been asked for meanwhile."""
        worker = get_current_worker()
        with self.study.reading:
            if worker.is_cancelled:
                return
            figures = desk.progress(deck, days)
        if not worker.is_cancelled:
            self.post_message(self.Counted(figures, deck, days))

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Counting failed: say what happened."""
        if event.state is WorkerState.ERROR and event.worker.group == "figures":
            event.stop()
            self._clear()
            self.query_one(Notice).warn(f"The figures cannot be read just now. {event.worker.error}")

    def on_progress_screen_counted(self, message: Counted) -> None:
        """Draw the figures, unless they answer an older question."""
        if (message.deck, message.days) != (self.deck, self.days):
            return
        progress, notice = message.progress, self.query_one(Notice)
        self._clear()
        if not any(one.new + one.learning + one.young + one.mature + one.suspended for one in progress.states):
            notice.say("There are no cards yet. `studyapp deck add PATH` adds a deck.")
            return
        if not progress.reviews:
            notice.say(_nothing_yet(progress, self.days))
        else:
            notice.say()
        told = sentences(progress)
        for name, draw in SECTIONS.items():
            if drawn := draw(progress, told, self.deck is None):
                self.query_one(f"#{name}", Section).fill(drawn)
        self._mark()

    # acts

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Nothing before the desk is open."""
        if action in ("section", "deck", "range"):
            return self.study.desk is not None and not self.too_small
        return super().check_action(action, parameters)

    def _decks(self) -> list[str]:
        return [deck.id for deck in self.desk.library.decks()]

    def action_deck(self, by: int) -> None:
        """Another deck; after the last one all of them."""
        choices: list[str | None] = [None, *self._decks()]
        self.deck = choices[(choices.index(self.deck) + by) % len(choices)]
        self.count()

    def action_range(self) -> None:
        """Another range."""
        self.days = next((days for days in RANGES if days > self.days), min(RANGES))
        self.count()

    def action_section(self, by: int) -> None:
        """To the next section."""
        there = self._there()
        if there:
            self.at = (min(self.at, len(there) - 1) + by) % len(there)
            self._mark()
            self.page.scroll_to(y=there[self.at].virtual_region.y, animate=False)

    def _there(self) -> list[Section]:
        return [section for section in self.query(Section) if section.display]

    def _mark(self) -> None:
        for place, section in enumerate(self._there()):
            section.reach(place == self.at)


def _nothing_yet(progress: Progress, days: int) -> str:
    if days < EVER and (progress.streak or progress.longest_streak):
        return "No reviews in this period; r looks further back."
    return (
        "Nothing has been reviewed yet. Esc, then Space on Today begins. After the first reviews this page shows what "
        "you remembered, the days you studied, the hardest cards and your slips."
    )
