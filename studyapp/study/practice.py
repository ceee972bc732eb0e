"""A sitting with its journal: every act written at once, and at the end a review, or practice alone.

An exercise of a deck is an item of the one queue. A sitting counts as its review when the item is due or new; any other
is practice: kept in the journal, without a say in the schedule.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from content.model import Item, Kind
from studyapp.memory.model import Act, Event, Grade, Phase
from studyapp.storage.entry import EXERCISE, EXERCISE_STEP, Draft
from studyapp.study import recording
from studyapp.study.levels import Sat, next_level

if TYPE_CHECKING:
    from engine.marking import Mark
    from studyapp.study.desk import Desk
    from studyapp.study.sitting import Result, Sitting

LONGEST_MS = 30 * 60_000
CREDIT = 0.4
"""Share of a review that a card gains from an exercise that needs it (fractional implicit repetition)."""


class Practice:
    """A sitting with its journal; see the module's first lines."""

    def __init__(
        self,
        desk: Desk,
        sitting: Sitting,
        item: Item | None,
        *,
        past: Sequence[Sat] = (),
        planted: Sequence[str] = (),
        worked_ms: int = 0,
    ) -> None:
        """Work `sitting`.

        Args: `item`: what it is scheduled as, None for practice alone; `past`: the sittings before it, oldest first;
        `planted`: where the wrong line is to be found, the mistakes one of which was put into it; `worked_ms`: how long
        it was worked before it was left.
        """
        self._desk, self.sitting, self.item = desk, sitting, item
        self._past, self.planted = tuple(past), tuple(planted)
        self._begun = desk.clock.now() - worked_ms

    @property
    def scheduled(self) -> bool:
        """Whether finishing counts as a review: the item is new or due."""
        if self.item is None:
            return False
        state = self._desk.store.journal.state(self.item.key)
        return not state.suspended and recording.still_due(state, self._desk.moment())

    def answer(self, typed: str) -> Mark:
        """Mark an answer to the current step; one that counts is on disk before this returns."""
        mark = self.sitting.answer(typed)
        if mark.attempt:
            self._note("answer", typed)
        return mark

    def hint(self) -> str:
        """The next hint."""
        text = self.sitting.hint()
        self._note("hint", number=self.sitting.last_hint)
        return text

    def tell(self) -> str:
        """All hints of the step, the result included."""
        text = self.sitting.tell()
        self._note("tell")
        return text

    def keep(self) -> None:
        """Go on with the wrong answer."""
        self.sitting.keep()
        self._note("keep")

    @property
    def result(self) -> Result:
        """What the finished sitting came to."""
        return self.sitting.result(duration_ms=self._duration(), median_ms=self._desk.median_ms(str(Kind.EXERCISE)))

    @property
    def next_level(self) -> int:
        """The level of the next sitting, this finished one counted."""
        result = self.result
        return next_level([*self._past, Sat(self.sitting.level, result.clean, result.missed)])

    def body(self) -> dict[str, Any]:
        """What the journal keeps of the finished sitting."""
        result = self.result
        return {
            **self.sitting.record(),
            **self._numbers(),
            "credit": result.credit,
            "clean": result.clean,
            "missed": result.missed,
            "hints": result.hints,
        }

    def finish(self, grade: Grade | None = None) -> None:
        """Write the sitting: a review when it is due (None takes the derived grade), else practice.

        Raises: StorageError; nothing is written then.
        """
        now = self._desk.moment()
        body, result = self.body(), self.result
        if self.item is None or not self.scheduled:
            key = self.item.key if self.item else ""
            draft = Draft(now.now, key, EXERCISE, duration_ms=self._duration(), body={**body, "day": now.today})
            self._desk.store.journal.append(draft)
            return
        chosen = grade or result.grade
        if chosen is not result.grade:
            body["derived"] = int(result.grade)
        state = self._desk.store.journal.state(self.item.key)
        draft = recording.review_draft(
            self._desk, self.item, state, chosen, now, duration_ms=self._duration(), body=body
        )
        variant = self.sitting.variant
        also = prerequisite_acts(self._desk, self.item, variant.template.requires, chosen)
        if self.next_level != self.sitting.level and chosen > Grade.AGAIN:
            # What is remembered is the skill at this level; at the next one it is tried tomorrow.
            event = Event(Act.SET_DUE, now.now, now.today, due_day=now.today + 1)
            also.append(Draft.of(self.item.key, event, body={"because": "level"}))
        self._desk.store.journal.append_many([draft, *also])

    def _duration(self) -> int:
        return min(self._desk.clock.now() - self._begun, LONGEST_MS)

    def _numbers(self) -> dict[str, Any]:
        """What makes the same variant again."""
        variant = self.sitting.variant
        numbers: dict[str, Any] = {
            "template": variant.template.id,
            "version": variant.version,
            "seed": variant.seed,
            "level": self.sitting.level,
            "example": variant.example,
        }
        return numbers | ({"planted": list(self.planted)} if self.planted else {})

    def _note(self, act: str, typed: str = "", number: int = 0) -> None:
        now = self._desk.moment()
        body = {
            **self._numbers(),
            "step_act": act,
            "typed": typed,
            "worked_ms": self._duration(),
            "day": now.today,
        }
        if number:
            body["hint"] = number
        self._desk.store.journal.append(Draft(now.now, self.item.key if self.item else "", EXERCISE_STEP, body=body))


def prerequisite_acts(desk: Desk, item: Item, requires: Sequence[str], grade: Grade) -> list[Draft]:
    """What an exercise's grade means for the cards it needs: a little credit when it went well, sooner when not.

    Good or Easy moves the due day of a card that is not due by part of what a review of its own would; Again brings it
    forward to tomorrow. Nothing is ever reset. Source: fractional implicit repetition, notes on exercises.
    """
    now = desk.moment()
    keys = {one if "/" in one else f"{item.card.deck}/{one}" for one in item.card.requires}
    keys |= {one.removeprefix("card:") for one in requires if one.startswith("card:")}
    drafts = []
    for key, state in desk.store.journal.states(sorted(keys)).items():
        if state.phase is not Phase.REVIEW or state.due_day is None or state.due_day <= now.today or state.suspended:
            continue
        needed = desk.item(key)
        if needed is None or needed.card.kind is Kind.EXERCISE:
            continue
        if grade is Grade.AGAIN:
            day = now.today + 1
        elif grade is Grade.HARD:
            continue
        else:
            alone = recording.look_ahead(desk, needed, state, now).good.event.due_day or state.due_day
            day = state.due_day + round(CREDIT * max(0, alone - state.due_day))
        if day != state.due_day:
            event = Event(Act.SET_DUE, now.now, now.today, due_day=day)
            drafts.append(Draft.of(key, event, body={"because": item.key}))
    return drafts
