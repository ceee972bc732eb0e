"""The values that scheduling works on: plain, frozen, without a clock, a database or a generator.

Instants are UTC epoch milliseconds. A *study day* is a whole number: days since 1970-01-01 of the learner's local
calendar, less one before the roll-over hour (see `studyapp.memory.days`). Stability is in days.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum, StrEnum


class SchedulingError(ValueError):
    """Something that cannot be scheduled: what, where and how to mend it, in a sentence for a person."""


class Grade(IntEnum):
    """How well an item was remembered; FSRS's four grades."""

    AGAIN = 1
    HARD = 2
    GOOD = 3
    EASY = 4


class Phase(IntEnum):
    """Where an item stands."""

    NEW = 0
    LEARNING = 1
    REVIEW = 2
    RELEARNING = 3


class Act(StrEnum):
    """The kinds of journal entry that change an item's state; other kinds are kept and change nothing."""

    REVIEW = "review"
    SUSPEND = "suspend"
    RESUME = "resume"
    BURY = "bury"
    UNBURY = "unbury"
    FORGET = "forget"
    SET_DUE = "set-due"
    FLAG = "flag"


@dataclass(frozen=True, slots=True)
class ItemState:
    """All that is known of one item: the fold of its journal entries."""

    phase: Phase = Phase.NEW
    step: int = 0
    """Index of the learning or relearning step the item is on."""
    stability: float | None = None
    difficulty: float | None = None
    due_day: int | None = None
    """Study day on which the item falls due; None for a new item."""
    due_at: int | None = None
    """The instant, for items inside learning steps (due within the day); None otherwise."""
    last_at: int | None = None
    last_day: int | None = None
    reps: int = 0
    lapses: int = 0
    suspended: bool = False
    buried_until: int | None = None
    """The first study day on which a buried item is asked again."""
    flag: int = 0
    leech: bool = False
    level: int | None = None
    """An exercise's level at its last review, 0 to 5: what is remembered is the skill at that level. None for cards."""


@dataclass(frozen=True, slots=True)
class Event:
    """What the fold needs of one journal entry. `due_day`/`due_at` are those that were chosen when it was written."""

    kind: str
    at: int
    day: int
    grade: Grade | None = None
    due_day: int | None = None
    due_at: int | None = None
    phase: Phase | None = None
    """Phase and step after the review, as chosen then: a later change of steps must not shift the past."""
    step: int = 0
    leech: bool = False
    value: int = 0
    """The flag's number; the first day after a burial; or 1 when a review also suspended the item as a leech."""
    level: int | None = None
    """The level at which an exercise was reviewed; None where the entry does not say, as on cards."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one grade would do: the event to record, the state it leads to, and how long until the item returns."""

    event: Event
    state: ItemState
    wait_seconds: int
    """Until the item is due again, as shown on the button (days are 86 400 s). Inside the steps `event.due_at` may be
    up to a quarter later: see `steps.lengthened`."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """The four outcomes, computed before the buttons are drawn; one of them is then stored."""

    again: Outcome
    hard: Outcome
    good: Outcome
    easy: Outcome

    def __getitem__(self, grade: Grade) -> Outcome:
        """The outcome of `grade`."""
        return (self.again, self.hard, self.good, self.easy)[grade - 1]


@dataclass(frozen=True)
class Parameters:
    """A set of FSRS weights with the version of the model they belong to."""

    version: str = "FSRS-6"
    values: tuple[float, ...] = (
        0.212, 1.2931, 2.3065, 8.2956, 6.4133, 0.8334, 3.0194, 0.001, 1.8722, 0.1666, 0.796, 1.4835, 0.0614, 0.2629,
        1.6483, 0.6014, 1.8729, 0.5425, 0.0912, 0.0658, 0.1542,
    )  # fmt: skip


@dataclass(frozen=True)
class Preset:
    """A learner's choices about scheduling. Every field has the default that a new learner gets."""

    desired_retention: float = 0.90
    """Probability of recall at which an item falls due; 0.70 to 0.99."""
    learning_steps: tuple[int, ...] = (60, 600)
    """Seconds."""
    relearning_steps: tuple[int, ...] = (600,)
    """Seconds."""
    maximum_interval: int = 36_500
    """Days."""
    rollover_hour: int = 4
    """Local hour at which a study day begins; 0 to 23."""
    new_per_day: int = 20
    reviews_per_day: int = 200
    leech_lapses: int = 8
    """Lapses after which an item is a leech; 0 turns it off."""
    suspend_leeches: bool = False
    bury_new_siblings: bool = True
    bury_review_siblings: bool = True
    learn_ahead_seconds: int = 1_200
    fuzz: bool = True
    balance: bool = True
    """Spread due dates inside the fuzz range over days with less to do."""
    easy_days: tuple[float, ...] = (1.0,) * 7
    """Share of the usual load, Monday to Sunday: 1 normal, 0.5 reduced, 0 as little as possible."""
    parameters: Parameters = field(default_factory=Parameters)
