"""Today: what is due, deck by deck, and what comes next. Space starts; nothing here changes anything by itself."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual import work
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content

from studyapp.study import words
from studyapp.ui import cells
from studyapp.ui.actions import UNDO, Action
from studyapp.ui.base import Notice, StudyScreen
from studyapp.ui.widgets.drawn import Drawn
from studyapp.ui.widgets.rows import Row, Rows

if TYPE_CHECKING:
    from studyapp.study.assignments import Assignment
    from studyapp.study.desk import Desk
    from studyapp.study.today import DeckRow, Today
    from studyapp.study.undoing import Undone

BLOCKS = "▁▂▃▄▅▆▇█"
BAR = 8
"""Cells of the bar that shows how much of a deck is known."""
WITH_BAR = 66
"""Cells from which a line has room for that bar."""
LEAST_AFTER = 14
"""Cells that are kept for what must come first, however long the title is."""
FEWEST_ROWS = 3
LONGEST_PLACE = 40
"""Cells of a path in a sentence."""
WELCOME = "New here? l reads the lesson first, Space asks its cards. Leave whenever you like: every answer is kept."
A_MINUTE = 60
"""Seconds between two looks at what is due."""


class TodayScreen(StudyScreen):
    """The first page."""

    TITLE = "Today"
    ACTIONS = (
        Action("start", "space", "Start", "Review what is due, then today's new cards.", "start"),
        Action("study-deck", "", "Study this deck", "Review this deck alone.", "study deck", "Enter"),
        Action("lessons", "l", "Lessons", "Read, deck by deck.", "lessons", call="go('lessons')", palette=False),
        Action("exercise", "x", "Exercise", "Work an exercise.", "exercise", call="go('exercise')", palette=False),
        Action("quiz", "z", "Quiz", "A quiz of any decks.", "quiz", call="go('quiz')", palette=False),
        Action("progress", "p", "Progress", "How it is going.", "progress", call="go('progress')", palette=False),
        Action("flashcards", "f", "Flashcards", "Leaf through a deck.", call="go('flashcards')", palette=False),
        Action("map", "m", "Map", "Lessons and concepts, and what they need.", call="go('map')", palette=False),
        Action("labs", "L", "Labs", "Predict what training does, and watch.", call="go('labs')", palette=False),
        Action("browse", "b,slash", "Browse", "Find any card.", call="go('browse')", palette=False),
        Action("settings", "comma", "Settings", "Your choices.", call="go('settings')", palette=False),
        UNDO,
        Action("refresh", "ctrl+r", "Read decks again", "Read the deck files that have changed."),
        Action("back", "", "Back", "", palette=False),
    )

    _today: Today | None = None
    _assigned: tuple[Assignment, ...] = ()
    """What a teacher wants learned."""
    _looks = 0
    """How often it was looked up; an answer to an earlier look is out of date."""

    def body(self) -> ComposeResult:
        """The head, the figures, the decks, what is next."""
        yield Drawn(id="head")
        with Vertical(id="today"):
            yield Notice(id="warning")
            yield Drawn(id="figures")
            yield Notice(id="plan")
            yield Rows(id="decks")
            yield Drawn(id="next")
            yield Notice(id="notice")

    def on_mount(self) -> None:
        """A first frame that says what is happening."""
        self.query_one("#head", Drawn).show(lambda width: cells.spread(Content.styled("studyapp", "bold"), "", width))
        self.query_one("#figures", Drawn).show(Content.styled("Opening your decks …", cells.MUTED))

    def show_counts(self, due: int, later: int, tomorrow: int) -> None:
        """The counts that are known before the desk is open; new cards and the decks come with it."""
        lines = [
            _figure("Due now", due, bold=True),
            _figure("Later today", later),
            _figure("Tomorrow", tomorrow),
            Content(""),
            Content.styled("Opening your decks …", cells.MUTED),
        ]
        self.query_one("#figures", Drawn).show(Content("\n").join(lines))

    def arrived(self, desk: Desk) -> None:
        """From now on, notice what falls due while the page is looked at."""
        self.set_interval(A_MINUTE, self._look_again)

    def resumed(self, desk: Desk) -> None:
        """Look up what there is; what was told before is over."""
        self._today = None
        self.look()
        self.query_one("#decks", Rows).focus()

    def look(self, said: str = "") -> None:
        """Look up what is due, away from the screen's own thread, and show it; `said` is told below."""
        self._looks += 1
        self._look_up(self.desk, self._looks, said)

    @work(thread=True, exit_on_error=False, group="today", description="Looking up what is due")
    def _look_up(self, desk: Desk, number: int, said: str) -> None:
        from studyapp.storage.errors import StorageError
        from studyapp.study.assignments import assignments

        try:
            with self.study.reading:
                today, assigned = desk.today(), assignments(desk)
        except StorageError as error:
            self.call_later(self.study.tell_trouble, str(error))
        else:
            self.call_later(self._looked_up, number, today, assigned, said)

    def _looked_up(self, number: int, today: Today, assigned: tuple[Assignment, ...], said: str) -> None:
        if number != self._looks:  # somebody has looked again meanwhile
            return
        if said or (today, assigned) != (self._today, self._assigned):
            self._assigned = assigned
            self.show_today(today)
        if said:
            self.query_one("#notice", Notice).say(said)

    def _look_again(self) -> None:
        if self.is_current and self.study.desk is not None:
            self.look()

    def show_today(self, today: Today) -> None:
        """Draw the page."""
        self._today = today
        date = f"{today.date:%a} {today.date.day} {today.date:%B}"
        self.query_one("#head", Drawn).show(
            lambda width: cells.spread(Content.styled("studyapp", "bold"), Content.styled(date, cells.MUTED), width)
        )
        self.query_one("#warning", Notice).warn(today.warning)
        self.query_one("#figures", Drawn).show(lambda width: figures(today, width))
        plan = self.query_one("#plan", Notice)
        plan.say(today.backlog.words if today.backlog else "", "▸", "$text-accent")
        rows = self.query_one("#decks", Rows)
        columns = Columns.of(today.decks)
        first = next((deck.id for deck in today.decks if deck.due or deck.new), None)
        rows.fill(
            [Row(deck.id, lambda width, deck=deck: deck_line(deck, width, columns)) for deck in today.decks],  # type: ignore[misc]
            None if rows.rows else first,
        )
        self.query_one("#next", Drawn).show(
            lambda width: what_next(today, width, lessons=self.study.has_mode("lessons"), assigned=self._assigned)
        )
        self._tell(today)
        self._fit()

    def _tell(self, today: Today) -> None:
        notice = self.query_one("#notice", Notice)
        if not today.decks:
            notice.say(
                "There are no decks yet. `studyapp deck new NAME.md` begins one; `studyapp deck add PATH` adds it."
            )
        elif self.desk.problems:
            first, *more = self.desk.problems
            where = cells.place(first.path, LONGEST_PLACE)
            rest = (
                f" And {words.plural(len(more), 'fault')} more: `studyapp deck check` with that path." if more else ""
            )
            notice.warn(f"{where}, line {first.line}: {first.message}; {first.remedy}. The other cards are here.{rest}")
        else:
            notice.say()

    def on_resize(self) -> None:
        """Give the decks the room that is there."""
        self._fit()

    def _fit(self) -> None:
        rows, box = self.query_one("#decks", Rows), self.query_one("#today")
        taken = sum(
            each.drawn(box.size.width).plain.count("\n") + 1 + each.styles.margin.height
            for each in box.query_children(Drawn).results(Drawn)
            if each.display
        )
        rows.styles.max_height = max(FEWEST_ROWS, box.size.height - taken - rows.styles.margin.height)
        rows.call_after_refresh(rows._show_cursor)

    # actions

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer only what there is."""
        if action == "back":
            return False
        if action == "go":
            return self.study.has_mode(str(parameters[0]))
        if action == "start":
            return not self.too_small
        if action in ("study_deck", "undo", "refresh"):
            return self.study.desk is not None and not self.too_small
        return super().check_action(action, parameters)

    def action_start(self) -> None:
        """Review what is due."""
        self.study.start_review()

    def action_study_deck(self) -> None:
        """Review the deck under the cursor."""
        row = self.query_one("#decks", Rows).current
        if row is not None:
            self.study.start_review((row.key,))

    def on_rows_chosen(self, message: Rows.Chosen) -> None:
        """Enter or a click on a deck."""
        if not self.too_small:
            self.study.start_review((message.key,))

    def action_go(self, mode: str) -> None:
        """Open another screen."""
        self.study.open_mode(mode)

    async def action_undo(self) -> None:
        """Take back the newest act of all."""
        found: list[Undone | None] = []
        if await self.save(lambda: found.append(self.desk.undo())):
            self.study.forget_session()
            self.look(f"{cells.one_line(found[0].words)}." if found[0] else "There is nothing to take back.")

    def action_refresh(self) -> None:
        """Read changed decks, away from the screen's own thread."""
        self.query_one("#notice", Notice).say("Reading the decks …")
        self.study.reread_decks()


def figures(today: Today, width: int) -> Content:
    """Due now, later, tomorrow, in aligned columns."""
    if not (today.due_now or today.new_now):
        rest = [
            one
            for one in (
                f"{today.later_today} later today" if today.later_today else "",
                f"{today.tomorrow} tomorrow" if today.tomorrow else "",
            )
            if one
        ]
        lines = [Content.assemble(("Nothing is due.", "bold"), (f"  {', '.join(rest)}." if rest else "", cells.MUTED))]
        lines.append(Content.styled(_idle(today), cells.MUTED))
        return Content("\n").join(lines)
    extra = [f"and {words.plural(today.new_now, 'new card')}"] if today.new_now and today.due_now else []
    name, number = ("Due now", today.due_now) if today.due_now else ("New cards", today.new_now)
    extra.append(words.about(today.duration_ms))
    lines = [_figure(name, number, " · ".join(extra), bold=True), _figure("Later today", today.later_today)]
    lines.append(
        _figure("Tomorrow", today.tomorrow, f"{spark(today.week)}  next seven days" if any(today.week) else "")
    )
    return Content("\n").join(line.truncate(width, ellipsis=True) for line in lines)


def _idle(today: Today) -> str:
    if not today.decks:
        return ""
    return "A good moment for a lesson (l) or a quiz (z); Enter studies a deck all the same."


def _figure(name: str, number: int, beside: str = "", *, bold: bool = False) -> Content:
    weight = "bold" if bold else ""
    return Content.assemble(
        (f"{name:<12}", weight), (f"{number:>5}", weight), (f"    {beside}" if beside else "", cells.MUTED)
    )


def spark(counts: tuple[int, ...]) -> str:
    """One block for each count, the highest full."""
    top = max(counts, default=0) or 1
    return "".join(BLOCKS[min(7, (count * 8 - 1) // top)] if count else "▁" for count in counts)


@dataclass(frozen=True)
class Columns:
    """Cells of the columns beside a deck's title; those that no deck needs take none."""

    due: int = 0
    new: int = 0

    @classmethod
    def of(cls, decks: Iterable[DeckRow]) -> Columns:
        """As wide as the decks need them."""
        shown = [deck for deck in decks if not deck.locked_by]
        return cls(
            max((len(_due(deck)) for deck in shown), default=0), max((len(_new(deck)) for deck in shown), default=0)
        )


def _due(deck: DeckRow) -> str:
    return f"{deck.due} due" if deck.due else ""


def _new(deck: DeckRow) -> str:
    return f"{deck.new or deck.alone} new" if deck.new or deck.alone else ""


def deck_line(deck: DeckRow, width: int, columns: Columns) -> Content:
    """A deck: title, due, new, how much is known; a title may use the columns in which its deck has nothing."""
    title = cells.one_line(deck.title)
    if deck.locked_by:
        room = max(LEAST_AFTER, width - cells.cells(title) - 2)
        after = cells.clip(f"after {cells.one_line(deck.locked_by)}", room)
        return cells.spread(Content.styled(title, cells.MUTED), Content.styled(after, cells.MUTED), width)
    due, new = _due(deck), _new(deck)
    parts: list[Content | str | tuple[str, str]] = []
    if due:
        parts += [(f"{due:>{columns.due}}", "bold"), "  "]
    if due or new:
        parts += [(f"{new:>{columns.new}}", "" if deck.new else cells.MUTED), "  "]
    if width >= WITH_BAR:
        full = int(deck.known) * BAR or min(BAR - 1, max(deck.known > 0, round(BAR * deck.known)))  # full only at 1
        parts += [("▰" * full, "$text-accent"), ("▱" * (BAR - full), cells.MUTED), " "]
    parts.append((f"{100 * deck.known:3.0f} %", cells.MUTED))
    return cells.spread(title, Content.assemble(*parts), width)


def what_next(today: Today, width: int, *, lessons: bool, assigned: Sequence[Assignment] = ()) -> Content:
    """What a teacher wants, the next lesson, the exercise that is due, the streak, the share remembered."""
    lines = [_assigned_line(assigned, width)] if assigned else []
    row = today.next_lesson
    if row is not None and lessons:
        size = [words.plural(row.cards, "card")] if row.cards else []
        size += [words.plural(row.exercises, "exercise")] if row.exercises else []
        lines.append(_next_line("Next lesson", row.title, "", size, width))
    if (due := today.exercise) is not None:
        lines.append(_next_line("Exercise", due.title, f" · level {due.level}", ["due today"], width))
    facts = []
    if today.streak_days > 1:
        facts.append(f"{today.streak_days} days in a row")
    if today.studied_today:
        facts.append(f"{words.plural(today.studied_today, 'answer')} today")
    if today.remembered is not None:
        facts.append(f"{words.percent(today.remembered)} remembered this month")
    quiet = [" · ".join(facts)] if facts else _welcome(today, width)
    lines += [Content("")] if lines and quiet else []
    return Content("\n").join([*lines, *(Content.styled(line, cells.MUTED) for line in quiet)])


def _welcome(today: Today, width: int) -> list[str]:
    """How to begin, for somebody who has answered nothing yet."""
    if not today.new_now or today.due_now or today.later_today or any(deck.known for deck in today.decks):
        return []
    return [line.plain for line in Content(WELCOME).wrap(max(10, width))]


def _assigned_line(assigned: Sequence[Assignment], width: int) -> Content:
    """The assignment that is due first; of the others only how many."""
    first = assigned[0]
    left = first.days_left
    when = "due today" if not left else f"due in {words.plural(left, 'day')}" if left > 0 else f"was due {first.due}"
    how = f"{first.begun} of {first.items} begun" if first.here else "the deck is not here"
    more = f" · and {len(assigned) - 1} more" if len(assigned) > 1 else ""
    return _next_line("Assigned", first.title, more, [when, how], width)


def _next_line(what: str, title: str, more: str, right: Sequence[str], width: int) -> Content:
    """What comes next: of what stands at the right only so much as leaves the title whole."""
    left = Content.assemble(f"{what:<14}", (cells.one_line(title), "bold"), (more, cells.MUTED))
    kept = list(right)
    while kept and left.cell_length + 2 + cells.cells(", ".join(kept)) > width:
        kept.pop()
    return cells.spread(left, Content.styled(", ".join(kept), cells.MUTED), width)
