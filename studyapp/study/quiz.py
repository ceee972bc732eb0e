"""A quiz: a fixed list of questions, a score, the missed ones again. Nothing is scheduled unless it is asked for.

The quiz holds no database: `Desk.record_quiz` writes what is to be kept.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from content.model import Item, Kind
from studyapp.study.asking import Question, Way, ask
from studyapp.study.checking import Checked, Verdict, check_picks, check_text
from studyapp.study.words import SURE, plural

QUIZ_KINDS = (Kind.CHOICE, Kind.TRUE_FALSE, Kind.ALL_THAT_APPLY, Kind.TYPED, Kind.NUMERIC, Kind.CLOZE, Kind.BASIC)
"""Kinds that a quiz can ask; exercises have sittings of their own."""


@dataclass(frozen=True)
class Answered:
    """One question of a quiz with what became of it."""

    question: Question
    checked: Checked
    duration_ms: int = 0
    confidence: int | None = None


@dataclass(frozen=True)
class Score:
    """What a quiz came to."""

    points: float
    total: int
    right: int
    missed: tuple[Answered, ...]
    sure: int = 0
    """Answers of which the person was sure before they were checked."""
    sure_right: int = 0

    @property
    def share(self) -> float:
        """Points of the total, 0 to 1."""
        return self.points / self.total if self.total else 0.0

    @property
    def sure_words(self) -> str:
        """How far being sure meant being right; empty where nobody was asked, or was never sure."""
        if not self.sure:
            return ""
        if self.sure_right == self.sure:
            return f"Sure {plural(self.sure, 'time')}, and right each time."
        slips = plural(self.sure - self.sure_right, "confident slip")
        return f"Sure {plural(self.sure, 'time')}, right {self.sure_right} of them: {slips} worth a second look."


class Quiz:
    """The questions in order, the answers so far."""

    def __init__(self, questions: Sequence[Question], *, as_reviews: bool = False) -> None:
        """Begin with the first of `questions`; `as_reviews` says whether each answer is to count as a review."""
        self.questions = tuple(questions)
        self.as_reviews = as_reviews
        self.act: str | None = None
        """The journal's act that its reviews belong to, once there is one."""
        self.answers: list[Answered] = []
        self._pending: Answered | None = None

    @property
    def current(self) -> Question | None:
        """The question to answer now; None at the end."""
        return self.questions[len(self.answers)] if len(self.answers) < len(self.questions) else None

    @property
    def pending(self) -> Answered | None:
        """The answer that has been checked but not yet left."""
        return self._pending

    def answer_picks(self, picks: Sequence[int], duration_ms: int = 0, confidence: int | None = None) -> Checked:
        """Check the options picked; the quiz moves on with `go_on`."""
        return self._check(check_picks(self._asked(), picks), duration_ms, confidence)

    def answer_text(self, typed: str, duration_ms: int = 0, confidence: int | None = None) -> Checked:
        """Check a typed answer; one that cannot be read is asked again and costs nothing."""
        checked = check_text(self._asked(), typed)
        if checked.verdict is Verdict.YOURS and not typed.strip() and self._asked().way is Way.TYPE:
            checked = replace(checked, verdict=Verdict.WRONG, reason="No answer given.")
        return self._check(checked, duration_ms, confidence)

    def judge(self, *, right: bool, duration_ms: int = 0) -> None:
        """The person's own word, where the machine cannot tell or was wrong."""
        before = self._pending or Answered(self._asked(), Checked(Verdict.YOURS, 0.0), duration_ms)
        checked = replace(before.checked, verdict=Verdict.RIGHT if right else Verdict.WRONG, credit=float(right))
        self._pending = replace(before, checked=checked)

    def settled(self) -> Answered | None:
        """The answer that waits to be left, if it has a verdict."""
        pending = self._pending
        return None if pending is None or pending.checked.verdict is Verdict.YOURS else pending

    def go_on(self) -> None:
        """Leave the checked question for the next one (see `Desk.next_question`, which keeps its answer).

        Raises: RuntimeError when the current question has no verdict yet.
        """
        if (one := self.settled()) is None:
            raise RuntimeError("the current question has not been answered")
        self.answers.append(one)
        self._pending = None

    def score(self) -> Score:
        """Points so far, and the questions missed."""
        missed = tuple(one for one in self.answers if not one.checked.right)
        points = sum(one.checked.credit for one in self.answers)
        sure = [one for one in self.answers if (one.confidence or 0) >= SURE]
        return Score(
            points=round(points, 3),
            total=len(self.answers),
            right=len(self.answers) - len(missed),
            missed=missed,
            sure=len(sure),
            sure_right=sum(one.checked.right for one in sure),
        )

    def retry(self) -> Quiz:
        """A quiz of the missed questions."""
        return Quiz([one.question for one in self.score().missed])

    def rest(self) -> Quiz:
        """A quiz of the questions that were not answered."""
        return Quiz(self.questions[len(self.answers) :], as_reviews=self.as_reviews)

    def _asked(self) -> Question:
        if self.current is None:
            raise RuntimeError("the quiz is over")
        return self.current

    def _check(self, checked: Checked, duration_ms: int, confidence: int | None) -> Checked:
        if checked.verdict is not Verdict.RETRY:
            self._pending = Answered(self._asked(), checked, duration_ms, confidence)
        return checked


def draw(items: Iterable[Item], count: int, kinds: Iterable[Kind] = QUIZ_KINDS, *, seed: int) -> tuple[Question, ...]:
    """At most `count` questions drawn from `items`, no two of one card, each kind in its share.

    The same seed draws the same quiz from the same items.
    """
    wanted = set(kinds)
    generator = random.Random(seed)  # noqa: S311  a quiz, not a secret
    by_card: dict[str, list[Item]] = {}
    for item in items:
        if item.card.kind in wanted and item.card.kind in QUIZ_KINDS:
            by_card.setdefault(item.card.key, []).append(item)
    cards = list(by_card)
    generator.shuffle(cards)
    return tuple(ask(generator.choice(by_card[card]), seed) for card in cards[:count])
