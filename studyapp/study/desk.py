"""Everything a person has open: settings, decks and the journal, and the use cases on top of them.

The screens and the command line hold one `Desk` and nothing below it. Instants come from its clock, so tests can hand
in any day they like.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from types import TracebackType

from content import bundled
from content.model import Card, Item, Kind, Problem
from studyapp.memory import queue
from studyapp.memory.model import Act, Event, ItemState, Parameters, Preset
from studyapp.storage import places
from studyapp.storage.due import DeckCounts as Waiting
from studyapp.storage.entry import ACCEPT_ANSWER, QUIZ, Draft
from studyapp.storage.store import Store
from studyapp.study import exercises, lessons, planning, progress, quiz, recording, settings, today, undoing
from studyapp.study.asking import Question, ask
from studyapp.study.browse import Found, browse
from studyapp.study.clock import Clock, Moment, SystemClock, moment
from studyapp.study.exercises import ExerciseRow, Practice
from studyapp.study.history import HistoryLine, history
from studyapp.study.lessons import DeckCounts, LessonRow, LessonView, MapRow
from studyapp.study.library import Library
from studyapp.study.progress import Progress
from studyapp.study.quiz import QUIZ_KINDS, Quiz
from studyapp.study.review import ReviewSession
from studyapp.study.settings import Settings
from studyapp.study.today import Today
from studyapp.study.undoing import Undone

BALANCE_DAYS = 100
"""How far ahead load balancing looks; longer intervals are left to fuzz."""


class Desk:
    """See the module's first lines. Close it, or use it in a `with` block."""

    def __init__(self, home: Path, chosen: Settings, store: Store, clock: Clock, bundled_decks: Sequence[Path]) -> None:
        """Put the parts on the desk; `Desk.open` is the usual way."""
        self.home, self.settings, self.store, self.clock = home, chosen, store, clock
        self.library = Library(store, [*bundled_decks, *chosen.decks])
        self.library.refresh()
        self._bundled = tuple(bundled_decks)
        self._moment: Moment | None = None
        self._preset: tuple[Preset, Parameters, Preset] | None = None
        self._medians: dict[str, int | None] = {}
        self._due: tuple[int, Counter[int]] | None = None

    @classmethod
    def open(cls, home: Path | None = None, clock: Clock | None = None, *, with_bundled: bool = True) -> Desk:
        """Open what lies in `home` (by default the learner's own folder), made now where there is nothing yet.

        Args: `with_bundled=False` leaves out the decks that come with the program.
        Raises: StorageError when the database cannot be used; SettingsError when `config.toml` cannot be read.
        """
        home = home or places.home()
        chosen = settings.load(home)
        decks = [bundled() / "decks"] if with_bundled else []
        desk = cls(home, chosen, Store.open(places.database(home)), clock or SystemClock(), decks)
        if any((home / "imports").glob("unfinished-*")):
            from studyapp.study import importing  # a start does without

            importing.finish(desk)
        return desk

    @classmethod
    def look(cls, home: Path | None = None, clock: Clock | None = None) -> Desk:
        """As `open`, where nothing may be written: everything as it was left, and every act raises ReadOnly."""
        home = home or places.home()
        return cls(home, settings.load(home), Store.look(places.database(home)), clock or SystemClock(), ())

    def __enter__(self) -> Desk:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the database."""
        self.store.close()

    def idle(self) -> None:
        """Housekeeping for moments when nobody waits."""
        self.store.idle()

    # time and settings

    def moment(self) -> Moment:
        """The present moment."""
        self._moment = moment(self.clock, self.settings.preset.rollover_hour, self._moment)
        return self._moment

    @property
    def preset(self) -> Preset:
        """How to schedule: the settings, with the parameters that stand in the journal."""
        chosen, parameters = self.settings.preset, self.store.journal.parameters
        if self._preset is None or self._preset[0] is not chosen or self._preset[1] is not parameters:
            self._preset = chosen, parameters, replace(chosen, parameters=parameters)
        return self._preset[2]

    def change(self, name: str, value: object) -> None:
        """Change one setting and save it. Raises: ValueError with a sentence."""
        chosen = settings.changed(self.settings, name, value)
        settings.save(self.home, chosen)
        self.settings = chosen
        if name == "decks":
            self.library = Library(self.store, [*self._bundled, *chosen.decks])
            self.library.refresh()

    # decks

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What is wrong in the decks."""
        return self.library.problems

    def refresh(self) -> bool:
        """Read the deck files that changed."""
        return self.library.refresh()

    def item(self, key: str) -> Item | None:
        """The item of that key."""
        return self.library.item(key)

    def item_with_state(self, key: str) -> tuple[Item | None, ItemState]:
        """An item and where it stands."""
        found = self.store.queue.asked(key)
        return (None, ItemState()) if found is None else (self.library.read_item(key, found[0]), found[1])

    def deck_title(self, deck_id: str) -> str:
        """A deck's title."""
        return next((deck.title for deck in self.library.decks() if deck.id == deck_id), deck_id)

    def source(self, card: Card) -> tuple[Path, int, str]:
        """File, line and text of a card, as it stands in its file now."""
        from content.reader import read

        deck = next(deck for deck in self.library.decks() if deck.id == card.deck)
        reading = read(deck.path)
        found = next((one for one in reading.deck.cards if one.id == card.id), None) if reading.deck else None
        line = found.line if found else 1
        lines = deck.path.read_text(encoding="utf-8-sig").splitlines()
        end = next((at for at in range(line, len(lines)) if lines[at].startswith(("# ", "## "))), len(lines))
        return deck.path, line, "\n".join(lines[line - 1 : end]).rstrip()

    # studying

    def review(
        self,
        decks: Sequence[str] | None = None,
        only: Collection[str] | None = None,
        *,
        first: str | None = None,
    ) -> ReviewSession:
        """A session of what is due in `decks`, or everywhere; with `only`, of these items' keys, beyond any limit.

        It begins with the item `first`, if that is due.
        """
        return ReviewSession(self, decks, only, first=first)

    def flashcards(self, decks: Sequence[str], *, shuffled: bool = False, seed: int = 0) -> tuple[Question, ...]:
        """Every card of the decks to leaf through; nothing is scheduled."""
        items = [item for item in self.library.items(decks) if item.card.kind is not Kind.EXERCISE]
        if shuffled:
            return quiz.draw(items, len(items), seed=seed)
        return tuple(ask(item, shuffle=False) for item in items)

    def quiz(
        self,
        decks: Sequence[str] | None = None,
        count: int = 10,
        kinds: Iterable[Kind] = QUIZ_KINDS,
        *,
        seed: int,
        as_reviews: bool = False,
    ) -> Quiz:
        """A quiz of questions drawn from the decks."""
        return Quiz(quiz.draw(self.library.items(decks), count, kinds, seed=seed), as_reviews=as_reviews)

    def next_question(self, running: Quiz) -> None:
        """Leave the question answered for the next one; with `as_reviews` its review is on disk before that.

        The reviews of a quiz are one act, undone together. Raises: StorageError; the question stays then.
        """
        if running.as_reviews and (one := running.settled()) is not None:
            draft = recording.quiz_review(self, one, self.moment())
            if draft is not None:
                running.act = self.store.journal.append_many([draft], act=running.act)[0].entry.act
                self._due = None
        running.go_on()

    def record_quiz(self, finished: Quiz) -> None:
        """Keep a quiz's score in the journal. Raises: StorageError."""
        now = self.moment()
        score = finished.score()
        body: dict[str, object] = {
            "day": now.today,
            "points": score.points,
            "total": score.total,
            "missed": [one.question.key for one in score.missed],
        }
        self.store.journal.append_many([Draft(now.now, "", QUIZ, body=body)], act=finished.act)

    def exercises(self) -> tuple[ExerciseRow, ...]:
        """Every exercise there is, with its level and whether it is due. Reads every template: slow."""
        return exercises.exercises(self)

    def practice(
        self,
        name: str,
        *,
        item: Item | None = None,
        seed: int | None = None,
        level: int | None = None,
        example: bool = False,
    ) -> Practice:
        """A sitting of an exercise; see `exercises.practice`. Raises: NoExerciseError."""
        return exercises.practice(self, name, item=item, seed=seed, level=level, example=example)

    def plan(self, decks: Sequence[str] | None = None, only: Collection[str] | None = None) -> queue.Plan:
        """What a session would ask now; see `planning.plan`."""
        return planning.plan(self, decks, only)

    # acts

    def act(self, kind: Act, key: str, *, value: int = 0, due_day: int | None = None) -> str:
        """Write one act on an item. Returns: the act's id. Raises: StorageError."""
        now = self.moment()
        event = Event(kind, now.now, now.today, value=value, due_day=due_day)
        entry = self.store.journal.append(Draft.of(key, event)).entry
        self._due = None
        return entry.act

    def suspend(self, key: str) -> str:
        """Ask an item no more until it is resumed."""
        return self.act(Act.SUSPEND, key)

    def resume(self, key: str) -> str:
        """Ask a suspended item again."""
        return self.act(Act.RESUME, key)

    def bury(self, key: str) -> str:
        """Ask an item no more today."""
        return self.act(Act.BURY, key, value=self.moment().today + 1)

    def flag(self, key: str, number: int) -> str:
        """Flag an item with a number from 1 to 7; 0 takes the flag away."""
        return self.act(Act.FLAG, key, value=number)

    def forget(self, key: str) -> str:
        """Make an item new again; its history stays."""
        return self.act(Act.FORGET, key)

    def acceptance(self, key: str, text: str) -> Draft:
        """The entry that takes `text` as a right answer to the item from now on."""
        now = self.moment()
        return Draft(now.now, key, ACCEPT_ANSWER, body={"text": text, "day": now.today})

    def accepted(self, key: str) -> tuple[str, ...]:
        """Answers that the person had accepted for the item."""
        return self.store.journal.accepted(key)

    def history(self, key: str) -> tuple[HistoryLine, ...]:
        """Every act on an item, oldest first, in words."""
        return history(self, key)

    def undo(self, act: str | None = None) -> Undone | None:
        """Take back the newest act, or that of the id `act`; None when there is none. Raises: StorageError."""
        self._due = None
        return undoing.undo(self, act)

    def redo(self) -> Undone | None:
        """Bring back what the newest undo took back; None when there is nothing. Raises: StorageError."""
        self._due = None
        return undoing.redo(self)

    # what sessions look up

    def due_counts(self) -> Counter[int]:
        """Study day → items due on it, for load balance; asked once a day and kept up to date."""
        today = self.moment().today
        if self._due is None or self._due[0] != today:
            self._due = (today, Counter(self.store.queue.due_counts(today, today + BALANCE_DAYS)))
        return self._due[1]

    def noticed(self, before: ItemState, after: ItemState) -> None:
        """Move an item from its old due day to its new one, so that the next one is balanced against it."""
        if self._due is None:
            return
        for state, change in ((before, -1), (after, 1)):
            if state.due_at is None and state.due_day is not None:
                self._due[1][state.due_day] += change

    def median_ms(self, kind: str) -> int | None:
        """The person's own median time for a kind of card, asked once; None before there are enough answers."""
        if kind not in self._medians:
            self._medians[kind] = self.store.statistics.median_ms(kind)
        return self._medians[kind]

    # overviews

    def today(self) -> Today:
        """The first page."""
        now, preset = self.moment(), self.settings.preset
        counts = self.store.queue.counts(now.today, now.now, now.day_end)
        rows = self._lessons(counts)
        month = self.store.statistics.days(now.today - 29, now.today)
        due = sum(one.learning + one.review for one in counts)
        decks = today.deck_rows(rows, max(0, preset.new_per_day - sum(one.introduced for one in counts)))
        waiting = planning.backlog(self, due, now.today)
        fresh = sum(deck.new for deck in decks)
        now_due = min(due, waiting.per_day) if waiting else due
        return Today(
            date=now.date,
            due_now=due,
            new_now=fresh,
            duration_ms=(now_due + fresh) * today.pace_ms(month),
            later_today=sum(one.later_today for one in counts),
            tomorrow=sum(one.tomorrow for one in counts),
            week=self.store.queue.forecast(now.today, 8)[1:],
            decks=decks,
            next_lesson=today.next_lesson(rows),
            streak_days=today.streaks(self.store.statistics.study_days(), now.today)[0],
            remembered=today.remembered(month),
            studied_today=sum(one.answers for one in counts),
            backlog=waiting,
            problems=len(self.problems),
            warning=self.store.warning or self.store.journal.clock_warning(now.now) or "",
            exercise=exercises.longest_due(self) if due else None,
        )

    def progress(self, deck: str | None = None, days: int = 90) -> Progress:
        """The figures of the last `days` days, of one deck or of all. Not for a screen's own thread."""
        return progress.of(self, deck, days)

    def browse(self, query: str = "", *, limit: int = 200) -> Found:
        """Items found by words and filters; see `studyapp.study.browse`."""
        return browse(self, query, limit=limit)

    # lessons

    def lessons(self) -> tuple[LessonRow, ...]:
        """The table of contents."""
        now = self.moment()
        return self._lessons(self.store.queue.counts(now.today, now.now, now.day_end))

    def _lessons(self, waiting: Iterable[Waiting]) -> tuple[LessonRow, ...]:
        now_due = {one.deck: one.learning + one.review for one in waiting}
        counts = {}
        for row in self.store.statistics.standing():
            counts[row.deck] = DeckCounts(row.total, row.new, row.known, now_due.get(row.deck, 0))
        return tuple(lessons.rows(self.library.decks(), counts, self.library.kinds()))

    def lesson(self, deck_id: str) -> LessonView | None:
        """A lesson with its pages; None when there is no such deck."""
        deck, rows = self.library.deck(deck_id), self.lessons()
        at = next((at for at, row in enumerate(rows) if row.deck == deck_id), None)
        if deck is None or at is None:
            return None
        return LessonView(
            row=rows[at],
            pages=lessons.pages(deck),
            sources=lessons.cite(deck),
            previous=rows[at - 1].deck if at else "",
            next=rows[at + 1].deck if at + 1 < len(rows) else "",
        )

    def concept_map(self) -> tuple[MapRow, ...]:
        """Lessons with their concepts and how much of each is known."""
        made = []
        for row in self.lessons():
            deck = self.library.deck(row.deck)
            cards = deck.cards if deck else ()
            keys = [item.key for card in cards for item in card.items]
            phases = {key: state.phase for key, state in self.store.journal.states(keys).items()}
            made.append(MapRow(row, deck.requires if deck else (), lessons.concepts(cards, phases)))
        return tuple(made)
