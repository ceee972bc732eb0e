"""A review session: one item after another until nothing is due. The only way by which a review is written.

    session.current → reveal / check → grade → current …

Each grade is on disk before `current` changes; a session that is left at any moment is taken up by starting again.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from studyapp.memory import grading, queue
from studyapp.memory.model import Act, Grade
from studyapp.storage.entry import Draft
from studyapp.storage.errors import StorageError
from studyapp.study import planning, recording, words
from studyapp.study.answering import Answering
from studyapp.study.asked import Asked as Asked  # noqa: PLC0414  who asks finds it here
from studyapp.study.asked import Upcoming
from studyapp.study.checking import Checked, Verdict, check_picks, check_text

if TYPE_CHECKING:
    from studyapp.study.desk import Desk

SURE = 4
"""Confidence from which a wrong answer is a confident slip, worth a second look."""


@dataclass(frozen=True)
class SourceView:
    """Where the current card is written."""

    path: Path
    line: int
    text: str


@dataclass(frozen=True)
class Summary:
    """What a session came to, and what comes next."""

    reviews: int
    duration_ms: int
    grades: dict[Grade, int]
    slips: tuple[str, ...]
    """Fronts of the items graded Again, each once."""
    confident_slips: int
    due_later_today: int
    due_tomorrow: int
    next_due: str
    """When the next item is due, in words; empty when nothing is planned."""

    @property
    def remembered(self) -> float | None:
        """Share of the reviews that were not Again."""
        return None if not self.reviews else 1 - self.grades.get(Grade.AGAIN, 0) / self.reviews


@dataclass(frozen=True)
class _Done:
    """One act of this session, so that undo can put the item back in front."""

    key: str
    act: str
    grade: Grade | None
    duration_ms: int
    confident_slip: bool
    front: str


class ReviewSession:
    """Asks what is due in the chosen decks; see the module's first lines."""

    def __init__(
        self,
        desk: Desk,
        decks: Sequence[str] | None = None,
        only: Collection[str] | None = None,
        *,
        first: str | None = None,
    ) -> None:
        """Plan the session of `decks` (None: all) or of the items in `only`; see `planning.plan`.

        Args: `first`: the key of an item due that is shown already (see `preview`), to begin with.
        """
        self._desk = desk
        self._decks = tuple(decks) if decks is not None else None
        self._learning: dict[str, int] = {}
        self._main: deque[str] = deque()
        self._skipped: deque[str] = deque()
        self._acts: list[_Done] = []
        self._last: str | None = None
        self._asked: Asked | None = None
        self._upcoming = Upcoming(desk)
        self.answering = Answering(0)
        """What has happened with the current item so far."""
        self.trouble: StorageError | None = None
        """Why nothing is in front though something may be left: what was done last is kept, but the next item could not
        be read. `look_again` mends it."""
        plan = desk.plan(self._decks, only)
        self._learning.update((key, due_at) for due_at, key in plan.learning)
        self._main.extend(plan.main)
        if first is not None and first not in self._learning and self._main:
            # The plan may have chosen another of the items that are due; the number of reviews stays what it is.
            self._main = deque([first, *(key for key in self._main if key != first)][: len(self._main)])
        self._advance()

    # what is asked

    @property
    def current(self) -> Asked | None:
        """The item to answer; None when nothing is left for now."""
        return self._asked

    @property
    def done(self) -> int:
        """Reviews of this session that stand."""
        return sum(act.grade is not None for act in self._acts)

    @property
    def left(self) -> int:
        """Items still to come, the current one included."""
        return len(self._main) + len(self._skipped) + len(self._soon())

    def look_again(self) -> None:
        """Where nothing is in front, put there what is to be asked by now. Raises: StorageError, as before."""
        if self._asked is None:
            self._go_on()
            if self.trouble is not None:
                raise self.trouble

    def prepare(self) -> None:
        """Look up what most likely comes next; for a moment in which nobody waits. Raises: StorageError."""
        if self._asked is not None and (key := self._next(without=self._asked.question.key)) is not None:
            self._upcoming.prepare(key)

    def show_hint(self) -> str:
        """The card's hint; opening it is remembered with the review."""
        self.answering.hints = max(self.answering.hints, 1)
        return self._need().question.card.hint

    # answers that the machine checks

    def check_picks(self, picks: Sequence[int], confidence: int | None = None) -> Checked:
        """Check the options picked (places in `question.choices`)."""
        return self._checked(check_picks(self._need().question, picks), confidence)

    def check_text(self, typed: str, confidence: int | None = None) -> Checked:
        """Check a typed answer. RETRY leaves the question open and costs nothing."""
        asked = self._need()
        accepted = self._desk.accepted(asked.question.key) if asked.question.expected else ()
        return self._checked(check_text(asked.question, typed, accepted), confidence)

    @property
    def checked(self) -> Checked | None:
        """The machine's word on the current item, once there is one."""
        return self.answering.checked

    @property
    def proposal(self) -> tuple[Grade, str] | None:
        """The grade that the checked answer earns, and why; None where the person judges."""
        answer = self.answering
        if answer.checked is None or answer.checked.verdict is Verdict.YOURS:
            return None
        kind = str(self._need().question.kind)
        return grading.derive(
            credit=answer.checked.credit,
            kind=kind,
            hints=answer.hints,
            confidence=answer.confidence,
            duration_ms=answer.duration(self._desk.clock.now()),
            median_ms=self._desk.median_ms(kind),
        )

    # acts

    def grade(self, grade: Grade | None = None, *, confidence: int | None = None) -> None:
        """Write the review and go on; None takes the proposal. With `confidence` (1 to 5) the person rates that way.

        Raises: StorageError when it cannot be written: nothing has changed then, and the item stays.
        """
        if grade is None:
            grade = grading.of_confidence(confidence) if confidence else self._proposed()
        self._write(grade, confidence)

    def i_was_right(self) -> None:
        """Grade Good, and take the typed answer as right from now on: one act, undone together.

        Raises: StorageError as `grade` does.
        """
        asked, checked = self._need(), self.checked
        accepted = []
        if checked is not None and checked.given and asked.question.expected:
            accepted.append(self._desk.acceptance(asked.question.key, checked.given))
        self.answering.overridden = True
        self._write(Grade.GOOD, None, accepted)

    def _write(self, grade: Grade, rated: int | None, before: Sequence[Draft] = ()) -> None:
        asked, answer, now = self._need(), self.answering, self._desk.moment()
        key = asked.question.key
        duration = answer.duration(now.now)
        draft = recording.review_draft(
            self._desk,
            asked.question.item,
            asked.state,
            grade,
            now,
            duration_ms=duration,
            body=answer.body(grade, self.proposal, rated),
            shown=asked.outlook,
        )
        siblings = draft.body.get("buries", ())
        written = self._desk.store.journal.append_many([*before, draft])
        recorded = next(one for one in written if one.entry.kind == Act.REVIEW)
        slip = (answer.confidence or 0) >= SURE and grade is Grade.AGAIN
        self._acts.append(_Done(key, recorded.entry.act, grade, duration, slip, asked.question.prompt))
        for gone in (key, *siblings):
            self._leave(gone)
        if recorded.state.due_at is not None and not recorded.state.suspended:
            self._learning[key] = recorded.state.due_at
        self._desk.noticed(asked.state, recorded.state)
        self._last = key
        self._go_on(written=1)

    def skip(self) -> None:
        """Put the current item at the end of this session. Nothing is written: it is as due as it was."""
        key = self._need().question.key
        self._leave(key)
        self._skipped.append(key)
        self._last = key
        self._advance()

    def suspend(self) -> None:
        """Ask the current item no more until it is resumed."""
        self._act(self._desk.suspend)

    def bury(self) -> None:
        """Ask the current item no more today."""
        self._act(self._desk.bury)

    def flag(self, number: int = 1) -> None:
        """Flag the current item, or take its flag away; it stays in front."""
        asked = self._need()
        number = 0 if asked.state.flag == number else number
        self._desk.flag(asked.question.key, number)
        self._asked = replace(asked, state=replace(asked.state, flag=number))

    def undo(self) -> str | None:
        """Take back the newest act, in words; its item is in front again. None when there is nothing to take back."""
        undone = self._desk.undo()
        if undone is None:
            return None
        if undone.item and self._desk.item(undone.item) is not None:
            self._acts = [act for act in self._acts if act.act != undone.act]
            self._leave(undone.item)
            self._main.appendleft(undone.item)
            self._last = None
            self._go_on(first=undone.item)
        elif self._asked is not None and self._desk.item(self._asked.question.key) is None:
            self._leave(self._asked.question.key)  # the import that brought it was taken back
            self._go_on()
        return undone.words

    def source(self) -> SourceView:
        """Where the current card stands, to read or edit."""
        card = self._need().question.card
        path, line, text = self._desk.source(card)
        return SourceView(path, line, text)

    def reread(self) -> None:
        """Take the current card from its file again, after it was edited."""
        self._desk.refresh()
        asked = self._need()
        if self._desk.item(asked.question.key) is None:
            self._leave(asked.question.key)
            self._advance()
        else:
            self._show(asked.question.key)

    def summary(self) -> Summary:
        """What this session came to so far."""
        graded = [act for act in self._acts if act.grade is not None]
        counts = {grade: sum(act.grade is grade for act in graded) for grade in Grade}
        later, tomorrow, upcoming = planning.coming_up(self._desk, self._decks)
        return Summary(
            reviews=len(graded),
            duration_ms=sum(act.duration_ms for act in graded),
            grades=counts,
            slips=tuple(dict.fromkeys(act.front for act in graded if act.grade is Grade.AGAIN)),
            confident_slips=sum(act.confident_slip for act in graded),
            due_later_today=later,
            due_tomorrow=tomorrow,
            next_due="" if upcoming is None else words.wait(max(0, upcoming - self._desk.clock.now()) // 1000),
        )

    def worked(self) -> None:
        """Go on after the current exercise was worked and its sitting written (see `exercises.Practice.finish`).

        The review stands in the journal already, with what it means for the cards the exercise needs; here it only
        joins the session's own account. Without one, as when another window was quicker, the item is left for now.
        """
        asked, journal = self._need(), self._desk.store.journal
        key = asked.question.key
        found = journal.entries(item=key, kinds=(Act.REVIEW,), since=self.answering.begun, void=False)
        if found:
            entry, state = found[-1], journal.state(key)
            grade = Grade(entry.grade) if entry.grade else None
            self._acts.append(_Done(key, entry.act, grade, entry.duration_ms or 0, False, asked.question.prompt))
            for sibling in entry.body.get("buries", ()):
                self._leave(sibling)
            self._leave(key)
            if state.due_at is not None and not state.suspended:
                self._learning[key] = state.due_at
            self._desk.noticed(asked.state, state)
        else:
            self._leave(key)
        self._last = key
        self._go_on()

    # inside

    def _need(self) -> Asked:
        if self._asked is None:
            raise RuntimeError("nothing is left to answer")
        return self._asked

    def _proposed(self) -> Grade:
        if self.proposal is None:
            raise RuntimeError("this item is graded by the person")
        return self.proposal[0]

    def _checked(self, checked: Checked, confidence: int | None) -> Checked:
        if checked.verdict is Verdict.RETRY:
            return checked
        answer = self.answering
        answer.answered_at, answer.checked, answer.confidence = self._desk.clock.now(), checked, confidence
        return checked

    def _act(self, act: Callable[[str], str]) -> None:
        asked = self._need()
        self._acts.append(_Done(asked.question.key, act(asked.question.key), None, 0, False, asked.question.prompt))
        self._leave(asked.question.key)
        self._last = asked.question.key
        self._go_on(written=1)

    def _leave(self, key: str) -> None:
        self._learning.pop(key, None)
        for waiting in (self._main, self._skipped):
            if key in waiting:
                waiting.remove(key)

    def _soon(self) -> list[str]:
        horizon = self._desk.clock.now() + self._desk.settings.preset.learn_ahead_seconds * 1000
        return [key for key, due_at in self._learning.items() if due_at <= horizon]

    def _go_on(self, *, first: str | None = None, written: int = 0) -> None:
        """After something was written: it stands, whatever becomes of looking up the next item (see `trouble`)."""
        self.trouble = None
        try:
            if first is None or (not self._show(first, written) and self._asked is None):
                self._advance(written)
        except StorageError as error:
            self._asked, self.trouble = None, error

    def _advance(self, written: int = 0) -> None:
        """Put the next item in front. Args: `written`: transactions that this session has just written."""
        while (key := self._next()) is not None:
            if self._show(key, written):
                return
            self._leave(key)
        self._asked = None

    def _next(self, without: str | None = None) -> str | None:
        """The item to ask now, or the one that would come after `without`."""
        main = [key for key in islice(self._main, 3) if key != without]
        key = queue.next_key(
            ((due_at, key) for key, due_at in self._learning.items() if key != without),
            main,
            now_ms=self._desk.clock.now(),
            learn_ahead_seconds=self._desk.settings.preset.learn_ahead_seconds,
            last=self._last if without is None else without,
        )
        return key if key is not None else next((key for key in self._skipped if key != without), None)

    def _show(self, key: str, written: int = 0) -> bool:
        """Put an item in front; False when it is gone or another window has answered it meanwhile."""
        now = self._desk.moment()
        asked = self._upcoming.take(key, now, written)
        if asked is None:
            return False
        self._asked, self.answering = asked, Answering(now.now)
        return True
