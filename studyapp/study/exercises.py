"""Exercises on the desk: which there are, at which level, with which numbers; a sitting begun, kept and recorded.

An exercise of a deck is an item of the one queue. A sitting counts as its review when the item is due or new; any other
is practice: kept in the journal, without a say in the schedule. Every act of a sitting is written at once, so a sitting
that is left goes on where it was.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from content.model import Item, Kind
from studyapp.memory.model import Act, Event, Grade, Phase
from studyapp.storage.entry import EXERCISE, EXERCISE_STEP, MS_PER_DAY, Draft, Entry
from studyapp.study import recording
from studyapp.study.levels import Sat, fresh_seed, next_level
from studyapp.study.today import ExerciseDue

if TYPE_CHECKING:
    from engine.exercises import Template
    from engine.marking import Mark
    from studyapp.study.desk import Desk
    from studyapp.study.sitting import Result, Sitting

KEPT_DAYS = 7
"""A sitting that was left is taken up again within so many days."""
LONGEST_MS = 30 * 60_000
CREDIT = 0.4
"""Share of a review that a card gains from an exercise that needs it (fractional implicit repetition)."""


class NoExerciseError(Exception):
    """There is no such exercise, or its file cannot be read; the text says which and what to do."""


@dataclass(frozen=True)
class ExerciseRow:
    """An exercise in the list."""

    template: str
    path: Path
    title: str
    description: str
    item: str
    """The item's key; empty for an exercise that no deck schedules."""
    deck: str
    level: int
    sittings: int
    due: bool
    begun: bool
    """A sitting was left half-way."""


class Practice:
    """A sitting with its journal; see the module's first lines."""

    def __init__(self, desk: Desk, sitting: Sitting, item: Item | None) -> None:
        """Work `sitting`; `item` is what it is scheduled as, None for practice alone."""
        self._desk, self.sitting, self.item = desk, sitting, item
        self._begun = desk.clock.now()

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
        self._note("hint")
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

    def body(self) -> dict[str, Any]:
        """What the journal keeps of the finished sitting."""
        result = self.result
        return {
            **self.sitting.record(),
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
        past = _past(self._desk, self.item.key, variant.template.id)
        if next_level([*past, _sat(body)]) != variant.level and chosen > Grade.AGAIN:
            # What was remembered was the skill at this level; at the next one it is tried tomorrow.
            event = Event(Act.SET_DUE, now.now, now.today, due_day=now.today + 1)
            also.append(Draft.of(self.item.key, event, body={"because": "level"}))
        self._desk.store.journal.append_many([draft, *also])

    def _duration(self) -> int:
        return min(self._desk.clock.now() - self._begun, LONGEST_MS)

    def _note(self, act: str, typed: str = "") -> None:
        now, variant = self._desk.moment(), self.sitting.variant
        body = {
            "template": variant.template.id,
            "version": variant.version,
            "seed": variant.seed,
            "level": variant.level,
            "example": variant.example,
            "step_act": act,
            "typed": typed,
            "day": now.today,
        }
        self._desk.store.journal.append(Draft(now.now, self.item.key if self.item else "", EXERCISE_STEP, body=body))


def exercises(desk: Desk) -> tuple[ExerciseRow, ...]:
    """Every exercise there is: those of the decks in their order, then those that no deck schedules."""
    found: list[ExerciseRow] = []
    bound: set[str] = set()
    for item in desk.library.items():
        if item.card.exercise is not None:
            bound.add(item.card.exercise.template)
            try:
                found.append(_row(desk, template_path(desk, item.card.exercise.template, item.card.deck), item))
            except NoExerciseError:
                continue
    free = (path for path in sorted(_bundled().glob("*.toml")) if path.stem not in bound)
    return (*found, *(_row(desk, path, None) for path in free))


def longest_due(desk: Desk) -> ExerciseDue | None:
    """The exercise that has been due for longest. Reads no template, so it is quick."""
    now = desk.moment()
    found = [*desk.store.queue.learning(now.today, now.now), *desk.store.queue.reviews(now.today)]
    rows = desk.store.catalogue.items([one.key for one in found])
    for row in rows.values():
        if row.kind != Kind.EXERCISE or (item := desk.item(row.key)) is None or item.card.exercise is None:
            continue
        past = _past(desk, item.key, item.card.exercise.template)
        level = next_level(past) if past or item.card.exercise.level is None else item.card.exercise.level
        return ExerciseDue(item.key, row.front, level)
    return None


def _row(desk: Desk, path: Path, item: Item | None) -> ExerciseRow:
    template = _load(path)
    key = item.key if item else ""
    past = _past(desk, key, template.id)
    state = desk.store.journal.state(key) if key else None
    due = state is not None and not state.suspended and state.phase is not Phase.NEW
    return ExerciseRow(
        template=template.id,
        path=path,
        title=template.title,
        description=template.description,
        item=key,
        deck=item.card.deck if item else "",
        level=_level(item, past, template),
        sittings=len(past),
        due=due and state is not None and recording.still_due(state, desk.moment()),
        begun=_left(desk, key, template.id) is not None,
    )


def practice(
    desk: Desk,
    name: str,
    *,
    item: Item | None = None,
    seed: int | None = None,
    level: int | None = None,
    example: bool = False,
) -> Practice:
    """A sitting of the exercise `name` (a template's name or the path of a TOML file).

    A sitting that was left goes on, unless a seed or level is given. Without them the level follows from the past
    sittings and the numbers are fresh.

    Raises: NoExerciseError.
    """
    from engine.errors import EngineError  # noqa: PLC0415  the engine loads when an exercise is opened
    from engine.exercises import generate, generate_example  # noqa: PLC0415
    from studyapp.study.sitting import Sitting  # noqa: PLC0415

    path = template_path(desk, name, item.card.deck if item else "")
    template = _load(path)
    item = item or _item_of(desk, template.id)
    key = item.key if item else ""
    past = _past(desk, key, template.id)
    left = None if seed is not None or level is not None or example else _left(desk, key, template.id)
    try:
        if example:
            return Practice(desk, Sitting(generate_example(template, level)), item)
        if left and left[0].body.get("version") == template.version:
            first = left[0].body
            begun = int(first["level"])
            if first.get("example") is True:
                sitting = Sitting(generate_example(template, begun))
            else:
                sitting = Sitting(generate(template, int(first["seed"]), begun))
            _replay(sitting, left)
            if not sitting.finished:
                return Practice(desk, sitting, item)
        wanted = level if level is not None else _level(item, past, template)
        number = seed if seed is not None else fresh_seed(key or template.id, past)
        return Practice(desk, Sitting(generate(template, number, wanted)), item)
    except EngineError as error:
        raise NoExerciseError(str(error)) from None


def template_path(desk: Desk, name: str, deck_id: str = "") -> Path:
    """The file of a template: a path as it is, beside its deck, or among the bundled ones.

    Raises: NoExerciseError when there is none.
    """
    if name.endswith(".toml") or "/" in name:
        path = Path(name).expanduser()
        if path.is_file():
            return path
        raise NoExerciseError(f"there is no file {path}")
    places = [_bundled()]
    deck = next((deck for deck in desk.library.decks() if deck.id == deck_id), None)
    if deck is not None:
        places.insert(0, deck.path.parent)
    for place in places:
        if (place / f"{name}.toml").is_file():
            return place / f"{name}.toml"
    raise NoExerciseError(f"there is no exercise “{name}”; `studyapp exercise list` names those there are")


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


def _load(path: Path) -> Template:
    from engine.errors import EngineError  # noqa: PLC0415
    from engine.exercises import load_template  # noqa: PLC0415

    key = (str(path), path.stat().st_mtime_ns)
    if key not in _TEMPLATES:
        try:
            _TEMPLATES[key] = load_template(path)
        except EngineError as error:
            raise NoExerciseError(str(error)) from None
    return _TEMPLATES[key]


_TEMPLATES: dict[tuple[str, int], Template] = {}


def _bundled() -> Path:
    from content import bundled  # noqa: PLC0415

    return bundled() / "exercises"


def _item_of(desk: Desk, template: str) -> Item | None:
    found = (item for item in desk.library.items() if item.card.exercise and item.card.exercise.template == template)
    return next(found, None)


def _level(item: Item | None, past: Sequence[Sat], template: Template) -> int:
    if not past and item is not None and item.card.exercise and item.card.exercise.level is not None:
        return item.card.exercise.level
    lowest, highest, first = template.levels
    return min(highest, max(lowest, next_level(past) if past else first))


def _past(desk: Desk, key: str, template: str) -> list[Sat]:
    entries = desk.store.journal.entries(item=key or None, kinds=(Act.REVIEW, EXERCISE), void=False)
    return [_sat(entry.body) for entry in entries if entry.body.get("template") == template]


def _sat(body: Mapping[str, Any]) -> Sat:
    return Sat(
        int(body.get("level", 1)), body.get("clean") is True, body.get("missed") is True, int(body.get("seed", 0))
    )


def _left(desk: Desk, key: str, template: str) -> list[Entry] | None:
    """The acts of a sitting that was begun and not finished; None where there is none."""
    entries = desk.store.journal.entries(
        item=key or None,
        kinds=(EXERCISE_STEP, EXERCISE, Act.REVIEW),
        since=desk.clock.now() - KEPT_DAYS * MS_PER_DAY,
        void=False,
    )
    acts: list[Entry] = []
    for entry in entries:
        if entry.item != key or entry.body.get("template") != template:
            continue
        same = acts and all(
            acts[0].body.get(name) == entry.body.get(name) for name in ("seed", "level", "version", "example")
        )
        acts = [] if entry.kind != EXERCISE_STEP else [*acts, entry] if same else [entry]
    return acts or None


def _replay(sitting: Sitting, acts: Sequence[Entry]) -> None:
    for entry in acts:
        if sitting.finished:
            return
        match entry.body.get("step_act"):
            case "answer":
                sitting.answer(str(entry.body.get("typed", "")))
            case "hint":
                sitting.hint()
            case "tell":
                sitting.tell()
            case "keep" if sitting.can_keep():
                sitting.keep()
