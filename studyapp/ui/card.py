"""One card with its answer and where it stands, and the acts that screens about single items share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.content import Content

from studyapp.memory.days import date_of
from studyapp.memory.model import ItemState, Phase
from studyapp.storage.errors import StorageError
from studyapp.study import words
from studyapp.study.asking import ask
from studyapp.ui import cells, editor
from studyapp.ui.actions import UNDO, Action
from studyapp.ui.base import Notice, StudyScreen
from studyapp.ui.question_screen import QuestionScreen
from studyapp.ui.widgets.drawn import Drawn
from studyapp.ui.widgets.question import QuestionView, sources

if TYPE_CHECKING:
    from studyapp.study.desk import Desk
    from studyapp.study.history import HistoryLine
    from studyapp.study.undoing import Undone

ACTS = (
    Action("suspend", "s", "Suspend or resume", "Ask it no more, or again.", "suspend"),
    Action("bury", "b", "Not today", "Bury: asked again tomorrow.", "bury"),
    Action("flag", "exclamation_mark", "Flag", "Set or take away a flag.", "flag"),
    Action("forget", "f", "Forget", "Begin anew with it; its history stays, and u brings it back.", "forget"),
    Action("edit", "e", "Edit", "Open the card in your editor."),
    UNDO,
    Action("redo", "ctrl+y", "Redo", "Do again what you took back."),
)
"""What can be done with a single item."""
PHASES = {
    Phase.NEW: "New: never asked",
    Phase.LEARNING: "Being learned",
    Phase.REVIEW: "In review",
    Phase.RELEARNING: "Being learned again",
}


class ItemScreen(StudyScreen):
    """A screen on which one item is in front at a time."""

    def item_key(self) -> str:
        """The item that acts are about; empty when there is none."""
        return ""

    def changed(self, sentence: str, key: str = "") -> None:
        """Something was written: show what stands now. Args: `key`: the item it was about."""

    async def _do(self, act: Callable[[str], object], sentence: str) -> None:
        """Run an act on the item. When the disk refuses, say so and leave everything as it is."""
        key = self.item_key()
        if key and await self.save(lambda: act(key)):
            self.study.forget_session()
            self.changed(sentence, key)

    def _state(self) -> ItemState:
        return self.desk.item_with_state(self.item_key())[1]

    async def action_suspend(self) -> None:
        """Suspend or resume."""
        if self.item_key() and self._state().suspended:
            await self._do(self.desk.resume, "Resumed.")
        else:
            await self._do(self.desk.suspend, "Suspended; u brings it back.")

    async def action_bury(self) -> None:
        """Not today."""
        await self._do(self.desk.bury, "Buried until tomorrow; u brings it back.")

    async def action_flag(self) -> None:
        """Set the flag, or take it away."""
        if self.item_key():
            number = 0 if self._state().flag else 1
            said = "Flagged." if number else "The flag is taken away."
            await self._do(lambda key: self.desk.flag(key, number), said)

    async def action_forget(self) -> None:
        """Begin anew."""
        await self._do(self.desk.forget, "Forgotten: it is new again; u brings back what was.")

    async def action_undo(self) -> None:
        """Take back the newest act of all."""
        await self._travel(self.desk.undo, "There is nothing to take back.")

    async def action_redo(self) -> None:
        """Do it again."""
        await self._travel(self.desk.redo, "There is nothing to do again.")

    async def _travel(self, step: Callable[[], Undone | None], nothing: str) -> None:
        found: list[Undone | None] = []
        if await self.save(lambda: found.append(step())):
            undone = found[0]
            self.study.forget_session()
            said = f"{cells.one_line(undone.words)}." if undone is not None else nothing
            self.changed(said, undone.item if undone is not None else "")

    def action_edit(self) -> None:
        """Open the card in the editor, then read its file again."""
        notice, item = self.query_one("#notice", Notice), self.desk.item(self.item_key())
        if item is None:
            return
        try:
            path, place, _text = self.desk.source(item.card)
        except OSError as error:
            notice.warn(str(error))
            return
        if trouble := editor.edit(self.app, path, place, self.desk.settings.editor):
            notice.warn(trouble)
            return
        try:
            self.desk.refresh()
        except (StorageError, OSError) as error:
            notice.warn(str(error))
            return
        self.study.forget_session()
        self.changed("Read again from its file.", item.key)


class CardScreen(QuestionScreen, ItemScreen):
    """The card, its answer, where it stands."""

    TITLE = "Card"
    ACTIONS = (*ACTS, Action("back", "escape,enter,q", "Back", "Back to the list.", "back", "Esc"))

    def __init__(self, key: str) -> None:
        """Show the item of that key."""
        super().__init__()
        self._item = key

    def body(self) -> ComposeResult:
        """Deck, card, facts."""
        yield Drawn(id="where")
        yield QuestionView(Drawn(id="facts"))
        yield Notice(id="notice")

    def arrived(self, desk: Desk) -> None:
        """Everything at once."""
        self.draw()

    def item_key(self) -> str:
        """The item."""
        return self._item

    def changed(self, sentence: str, key: str = "") -> None:
        """Draw it again; an undo may have been about another card."""
        self.draw()
        self.query_one(Notice).say(sentence)

    def draw(self) -> None:
        """The card as it stands now; nothing of it when it is gone from its deck."""
        item, state = self.desk.item_with_state(self._item)
        if item is None:
            self.leave()
            return
        view = self.view
        view.ask(ask(item, shuffle=False), answerable=False)
        view.answer(sources=sources(self.desk, view.question))
        self.set_focus(None)
        where = " · ".join(
            cells.one_line(part) for part in (self.desk.deck_title(item.card.deck), item.card.lesson) if part
        )
        kind = str(item.card.kind).replace("-", " ")
        self.query_one("#where", Drawn).show(
            lambda width: cells.spread(Content.styled(where, cells.MUTED), Content.styled(kind, cells.MUTED), width)
        )
        today = self.desk.moment().today
        past = self.desk.history(self._item)
        self.query_one("#facts", Drawn).show(
            lambda width: Content("\n\n").join([facts(self._item, state, today, width), *told(past, width)])
        )
        self.renew()

    def action_back(self) -> None:
        """To the list."""
        self.leave()


def facts(key: str, state: ItemState, today: int, width: int) -> Content:
    """Where an item stands, in sentences, and its key."""
    said = [PHASES[state.phase] + _due(state, today)]
    if state.reps:
        said.append(f"asked {words.plural(state.reps, 'time')}, forgotten {words.plural(state.lapses, 'time')}")
    if state.stability is not None:
        said.append(f"lasts about {words.wait(round(state.stability * words.DAY))}")
    if state.difficulty is not None:
        said.append(f"difficulty {state.difficulty:.1f} of 10")
    signs = [
        word
        for word, there in (
            ("suspended", state.suspended),
            ("buried until tomorrow", state.buried_until is not None and state.buried_until > today),
            (f"flag {state.flag}", state.flag),
            ("leech", state.leech),
        )
        if there
    ]
    lines = [*Content.styled(", ".join(said) + ".", cells.MUTED).wrap(max(10, width))]
    if signs:
        lines.append(Content.assemble(("! ", cells.CLOSE), " · ".join(signs)))
    lines.append(Content.styled(cells.clip(key, width), cells.MUTED))
    return Content("\n").join(lines)


def told(past: Sequence[HistoryLine], width: int) -> list[Content]:
    """What was done with an item, the newest act first; nothing before the first."""
    lines = []
    for line in reversed(past):
        said = cells.one_line(f"{line.at:%Y-%m-%d %H:%M}  {line.words}") + (" (taken back)" if line.void else "")
        lines.append(Content.styled(cells.clip(said, width), cells.MUTED))
    return [Content("\n").join(lines)] if lines else []


def _due(state: ItemState, today: int) -> str:
    if state.due_at is not None:
        return ", due today"
    if state.due_day is None:
        return ""
    if state.due_day <= today:
        return ", due today" if state.due_day == today else f", due since {_date(state.due_day)}"
    return f", due on {_date(state.due_day)}"


def _date(day: int) -> str:
    when = date_of(day)
    return f"{when.day} {when:%B %Y}"
