"""Everything a person has open: settings, decks and the journal, and the use cases on top of them.

The screens and the command line hold one `Desk` and nothing below it. Instants come from its clock, so tests can hand
in any day they like.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from types import TracebackType

from content import bundled
from content.model import Card, Deck, Item, Kind, Problem
from studyapp.memory import fsrs, queue
from studyapp.memory.model import Act, Event, Grade, ItemState, Phase, Preset
from studyapp.storage import places
from studyapp.storage.entry import ACCEPT_ANSWER, MS_PER_DAY, QUIZ, Draft, Entry
from studyapp.storage.errors import NothingToUndo
from studyapp.storage.store import Store
from studyapp.study import lessons, quiz, settings
from studyapp.study.asking import Question, ask
from studyapp.study.clock import Clock, Moment, SystemClock, moment
from studyapp.study.lessons import DeckCounts, LessonRow, LessonView, MapRow
from studyapp.study.library import Library
from studyapp.study.quiz import QUIZ_KINDS, Quiz
from studyapp.study.review import ReviewSession
from studyapp.study.settings import Settings

BALANCE_DAYS = 100
"""How far ahead load balancing looks; longer intervals are left to fuzz."""
RECENT = 500
"""Reviews that a median looks back on."""
SPARE = 60
"""Candidates fetched beyond a limit, since siblings and prerequisites hold some back."""


@dataclass(frozen=True)
class Undone:
    """An act taken back: the item it concerned, the act's id, and the whole in words."""

    item: str
    act: str
    words: str


class Desk:
    """See the module's first lines. Close it, or use it in a `with` block."""

    def __init__(self, home: Path, chosen: Settings, store: Store, clock: Clock, bundled_decks: Sequence[Path]) -> None:
        """Put the parts on the desk; `Desk.open` is the usual way."""
        self.home, self.settings, self.store, self.clock = home, chosen, store, clock
        self.library = Library(store, [*bundled_decks, *chosen.decks])
        self.library.refresh()
        self._bundled = tuple(bundled_decks)
        self._medians: dict[str, int] | None = None
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
        return cls(home, chosen, Store.open(places.database(home)), clock or SystemClock(), decks)

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
        return moment(self.clock, self.settings.preset.rollover_hour)

    @property
    def preset(self) -> Preset:
        """How to schedule: the settings, with the parameters that stand in the journal."""
        return replace(self.settings.preset, parameters=self.store.journal.parameters)

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
        return self.library.item(key), self.store.journal.state(key)

    def deck_title(self, deck_id: str) -> str:
        """A deck's title."""
        return next((deck.title for deck in self.library.decks() if deck.id == deck_id), deck_id)

    def source(self, card: Card) -> tuple[Path, int, str]:
        """File, line and text of a card, as it stands in its file now."""
        from content.reader import read  # noqa: PLC0415

        deck = next(deck for deck in self.library.decks() if deck.id == card.deck)
        reading = read(deck.path)
        found = next((one for one in reading.deck.cards if one.id == card.id), None) if reading.deck else None
        line = found.line if found else 1
        lines = deck.path.read_text(encoding="utf-8-sig").splitlines()
        end = next((at for at in range(line, len(lines)) if lines[at].startswith(("# ", "## "))), len(lines))
        return deck.path, line, "\n".join(lines[line - 1 : end]).rstrip()

    # studying

    def review(self, decks: Sequence[str] | None = None) -> ReviewSession:
        """A session of what is due in `decks`, or everywhere."""
        return ReviewSession(self, decks)

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

    def record_quiz(self, finished: Quiz) -> None:
        """Keep a quiz's score in the journal; with `as_reviews` each answer as a review too, undone together."""
        now = self.moment()
        score = finished.score()
        body: dict[str, object] = {
            "day": now.today,
            "points": score.points,
            "total": score.total,
            "missed": [one.question.key for one in score.missed],
        }
        drafts = [Draft(now.now, "", QUIZ, body=body)]
        if finished.as_reviews:
            from studyapp.study.review import quiz_reviews  # noqa: PLC0415

            drafts += quiz_reviews(self, finished.answers, now)
        self.store.journal.append_many(drafts)
        self._due = None

    def plan(self, decks: Sequence[str] | None = None) -> queue.Plan:
        """What a session of `decks` would ask now; without a choice, locked decks bring no new items."""
        now, preset = self.moment(), self.settings.preset
        counts = self.store.queue.counts(now.today, now.now, now.day_end)
        introduced, reviewed = sum(one.introduced for one in counts), sum(one.reviewed for one in counts)
        open_decks = [row.deck for row in self.lessons() if not row.locked_by] if decks is None else list(decks)
        new_left = max(0, preset.new_per_day - introduced)
        found = [
            *self.store.queue.learning(now.today, now.day_end, decks=decks),
            *self.store.queue.reviews(now.today, decks=decks, limit=preset.reviews_per_day + SPARE),
        ]
        fresh = self.store.queue.new(now.today, decks=open_decks, limit=2 * new_left + SPARE) if new_left else ()
        ready = self._ready([one.key for one in fresh])
        candidates = [
            queue.Candidate(
                one.key, one.state.phase, one.state.due_day, one.state.due_at, group=_card_key(one.key), position=place
            )
            for place, one in enumerate([*found, *(one for one in fresh if one.key in ready)])
        ]
        return queue.plan(
            candidates, today=now.today, preset=preset, new_done=introduced, reviews_done=max(0, reviewed)
        )

    def _ready(self, keys: Sequence[str]) -> set[str]:
        """Those new items whose required cards were asked before, or come before them in the same list."""
        rows = self.store.catalogue.items(keys)
        required = {one for row in rows.values() for one in row.requires}
        there = self.store.catalogue.items(sorted(required))
        states = self.store.journal.states(sorted(there))
        seen = {key for key, state in states.items() if state.phase is not Phase.NEW or state.suspended}
        ready: set[str] = set()
        for key in keys:
            if key in rows and all(one in seen or one in ready or one not in there for one in rows[key].requires):
                ready.add(key)
        return ready

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

    def undo(self) -> Undone | None:
        """Take back the newest act; None when there is none."""
        self._due = None
        with suppress(NothingToUndo):
            done = self.store.journal.undo(at=self.clock.now())
            first = done.acts[0]
            return Undone(first.item, first.act, f"{self._in_words(first)} taken back")
        return None

    def redo(self) -> Undone | None:
        """Bring back what the newest undo took back; None when there is nothing."""
        self._due = None
        with suppress(NothingToUndo):
            done = self.store.journal.redo(at=self.clock.now())
            first = done.acts[0]
            return Undone(first.item, first.act, f"{self._in_words(first)} done again")
        return None

    def _in_words(self, entry: Entry) -> str:
        item = self.item(entry.item) if entry.item else None
        what = f" of “{item.card.front or item.card.id}”" if item else ""
        if entry.kind == Act.REVIEW and entry.grade:
            return f"{Grade(entry.grade).name.capitalize()}{what}"
        return f"{entry.kind.replace('-', ' ').capitalize()}{what}"

    # what sessions look up

    def due_counts(self) -> Counter[int]:
        """Study day → items due on it, for load balance; asked once a day and kept up to date."""
        today = self.moment().today
        if self._due is None or self._due[0] != today:
            self._due = (today, Counter(self.store.queue.due_counts(today, today + BALANCE_DAYS)))
        return self._due[1]

    def noticed(self, state: ItemState) -> None:
        """Count an item's new due day, so that the next one is balanced against it."""
        if self._due is not None and state.due_at is None and state.due_day is not None:
            self._due[1][state.due_day] += 1

    def recall(self, state: ItemState, now: Moment) -> float | None:
        """The probability with which FSRS expects an item in review to be recalled now; None for others."""
        if state.phase is not Phase.REVIEW or state.stability is None or state.last_day is None:
            return None
        return round(fsrs.retrievability(now.today - state.last_day, state.stability, self.preset.parameters), 4)

    def siblings_to_bury(self, item: Item, now: Moment) -> list[str]:
        """Siblings that would be asked today as well and, by the settings, wait until tomorrow."""
        keys = [other.key for other in item.card.items if other.key != item.key]
        chosen = self.settings.preset
        found = []
        for key, state in self.store.journal.states(keys).items() if keys else ():
            due = state.phase is Phase.REVIEW and state.due_day is not None and state.due_day <= now.today
            if (state.phase is Phase.NEW and chosen.bury_new_siblings) or (due and chosen.bury_review_siblings):
                found.append(key)
        return found

    def median_ms(self, kind: str) -> int | None:
        """The person's own median time for a kind of card, from recent reviews; None before there are ten."""
        if self._medians is None:
            recent = self.store.journal.entries(kinds=(Act.REVIEW,), void=False, limit=RECENT)
            rows = self.store.catalogue.items(sorted({entry.item for entry in recent}))
            times: dict[str, list[int]] = {}
            for entry in recent:
                if entry.duration_ms and entry.item in rows:
                    times.setdefault(rows[entry.item].kind, []).append(entry.duration_ms)
            self._medians = {name: int(median(found)) for name, found in times.items() if len(found) >= 10}
        return self._medians.get(kind)

    def coming_up(self, decks: Sequence[str] | None = None) -> tuple[int, int, int | None]:
        """Items due later today, due tomorrow, and the instant at which the next one is due (None: nothing planned)."""
        now = self.moment()
        chosen = None if decks is None else set(decks)
        counts = [
            one
            for one in self.store.queue.counts(now.today, now.now, now.day_end)
            if chosen is None or one.deck in chosen
        ]
        later, tomorrow = sum(one.later_today for one in counts), sum(one.tomorrow for one in counts)
        soon = self.store.queue.next_learning_at(now.today, now.now)
        if soon is not None and later:
            return later, tomorrow, soon
        ahead = self.store.queue.forecast(now.today, 30)
        days = next((day for day in range(1, len(ahead)) if ahead[day]), None)
        return later, tomorrow, None if days is None else now.day_end + (days - 1) * MS_PER_DAY

    # lessons

    def lessons(self) -> tuple[LessonRow, ...]:
        """The table of contents."""
        now = self.moment()
        due = {one.deck: one.learning + one.review for one in self.store.queue.counts(now.today, now.now, now.day_end)}
        counts = {}
        for row in self.store.statistics.states():
            known = row.young + row.mature
            total = row.new + row.learning + known + row.suspended
            counts[row.deck] = DeckCounts(total, row.new, known, due.get(row.deck, 0))
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


def _card_key(item_key: str) -> str:
    return item_key.partition(":")[0]


def deck_of(decks: Sequence[Deck], deck_id: str) -> Deck | None:
    """The deck of that id."""
    return next((deck for deck in decks if deck.id == deck_id), None)
