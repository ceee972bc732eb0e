"""Exercises on the desk: which there are, at which level, with which numbers, and the sitting that was left.

Without a wish the level follows from the past sittings and the numbers are fresh; every act of a sitting is on disk
(see `studyapp.study.practice`), so one that was left goes on where it was, the grade that was not taken included.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from content.model import Item, Kind
from studyapp.memory.model import Act, Grade, Phase
from studyapp.storage.entry import EXERCISE, EXERCISE_STEP, MS_PER_DAY, Entry
from studyapp.study import recording
from studyapp.study.levels import (
    MASTERED_DAYS,
    Sat,
    fresh_seed,
    good_days,
    mastery_level,
    next_level,
    seeks_wrong_line,
)
from studyapp.study.practice import Practice
from studyapp.study.today import ExerciseDue

if TYPE_CHECKING:
    from engine.exercises import Template, Variant
    from studyapp.study.desk import Desk
    from studyapp.study.sitting import Sitting

__all__ = ["ExerciseRow", "NoExerciseError", "Practice", "exercises", "longest_due", "practice", "template_path"]

KEPT_DAYS = 7
"""A sitting that was left is taken up again within so many days."""
TRIED = 3
"""Mistakes, the commonest first, that are tried in turn before any other may be put into a solution."""
NUMBERS = ("seed", "level", "version", "example", "planted")
"""What the acts of one sitting have in common."""
LATEST = 200
"""Mistakes that the learner made anywhere are looked at as far as this one."""


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
    good_days: int
    """How many of the days that make it mastered there are (see `levels.good_days`)."""
    highest: int
    """The highest level it has."""
    family: tuple[str, ...]
    version: int
    steps: int
    """How many steps are asked when all are."""
    requires: tuple[str, ...]

    @property
    def mastered(self) -> bool:
        """Whether it went well with little help on enough days."""
        return self.good_days >= MASTERED_DAYS

    @property
    def mastery(self) -> str:
        """How near to mastered, in a sentence; empty before the first good day."""
        least = mastery_level(self.highest)
        where = f"level {least}" if least == self.highest else f"level {least} or above"
        if self.mastered:
            return f"Mastered: good on {MASTERED_DAYS} days at {where}."
        return f"Good on {self.good_days} of {MASTERED_DAYS} days at {where}." if self.good_days else ""


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
    decks = [deck for deck, kinds in desk.library.kinds().items() if kinds.get(Kind.EXERCISE)]
    if not decks:
        return None
    queue = desk.store.queue
    found = [*queue.learning(now.today, now.now, decks=decks), *queue.reviews(now.today, decks=decks)]
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
    left = _left(desk, key, template.id)
    due = state is not None and not state.suspended and state.phase is not Phase.NEW
    return ExerciseRow(
        template=template.id,
        path=path,
        title=template.title,
        description=template.description,
        item=key,
        deck=item.card.deck if item else "",
        level=int(left[0].body["level"]) if left else _level(item, past, template),
        sittings=len(past),
        due=due and state is not None and recording.still_due(state, desk.moment()),
        begun=left is not None,
        good_days=good_days(past, template.levels[1]),
        highest=template.levels[1],
        family=template.family,
        version=template.version,
        steps=len(template.asks),
        requires=template.requires,
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
    sittings and the numbers are fresh; now and then the wrong line is to be found instead (`seeks_wrong_line`).

    Raises: NoExerciseError.
    """
    from engine.errors import EngineError  # the engine loads when an exercise is opened
    from engine.exercises import generate, generate_example
    from studyapp.study.sitting import Sitting

    template = _load(template_path(desk, name, item.card.deck if item else ""))
    item = item or _item_of(desk, template.id)
    key = item.key if item else ""
    before = _finished(desk, key, template.id)
    past = [_sat(entry) for entry in before]
    try:
        if example:
            return Practice(desk, Sitting(generate_example(template, level)), item, past=past)
        if seed is None and level is None and (left := _taken_up(desk, template, item, past)) is not None:
            return left
        wanted = level if level is not None else _level(item, past, template)
        number = seed if seed is not None else fresh_seed(key or template.id, past)
        variant = generate(template, number, wanted)
        if seed is None and level is None and item is not None and seeks_wrong_line(wanted, past):
            fresh = Practice(desk, Sitting(variant), item, past=past)
            if fresh.scheduled and (found := _wrong_line(desk, variant, before)) is not None:
                return Practice(desk, Sitting(found, wanted), item, past=past, planted=found.template.wrong)
        return Practice(desk, Sitting(variant), item, past=past)
    except EngineError as error:
        raise NoExerciseError(str(error)) from None


def once_more(desk: Desk, done: Practice, name: str) -> Practice:
    """The sitting again from its beginning, with the same numbers at the same level.

    Raises: NoExerciseError.
    """
    from studyapp.study.sitting import Sitting  # the engine loads when an exercise is opened

    variant, level = done.sitting.variant, done.sitting.level
    if not done.planted:
        seed = None if variant.example else variant.seed
        return practice(desk, name, item=done.item, seed=seed, level=level, example=variant.example)
    key = done.item.key if done.item else ""
    past = [_sat(entry) for entry in _finished(desk, key, variant.template.id)]
    return Practice(desk, Sitting(variant, level), done.item, past=past, planted=done.planted)


def _taken_up(desk: Desk, template: Template, item: Item | None, past: Sequence[Sat]) -> Practice | None:
    """The sitting that was left, as it stood; None where there is none, or the template has changed since.

    One that is at its end without a grade is such a sitting, too.
    """
    from engine.exercises import generate, generate_example, wrong_line
    from studyapp.study.sitting import Sitting

    left = _left(desk, item.key if item else "", template.id)
    if not left or left[0].body.get("version") != template.version:
        return None
    first = left[0].body
    level = int(first["level"])
    planted = tuple(map(str, first.get("planted", ())))
    if first.get("example") is True:
        variant = generate_example(template, level)
    else:
        variant = generate(wrong_line(template, planted) if planted else template, int(first["seed"]), level)
    sitting = Sitting(variant, level)
    _replay(sitting, left)
    worked = max(int(entry.body.get("worked_ms", 0)) for entry in left)
    return Practice(desk, sitting, item, past=past, planted=planted, worked_ms=worked)


def _wrong_line(desk: Desk, variant: Variant, before: Sequence[Entry]) -> Variant | None:
    """The same exercise with a mistake in its solution: the one this learner has made most, here or else anywhere.

    None where no known mistake can be put in.
    """
    from engine.exercises import ExhaustedError, generate, wrong_line  # the engine is loaded by now

    template = variant.template
    known = {mistake.id for mistake in variant.mistakes}
    kinds = {step.kind for step in variant.steps}
    if not template.samples or not known or "number" not in kinds or "line" in kinds:
        return None
    here = Counter(one for entry in before for one in str(entry.body.get("mistake", "")).split("|"))
    anywhere = Counter({slip.mistake: slip.count for slip in desk.store.statistics.mistakes(limit=LATEST)})
    made = sorted(known & (set(here) | set(anywhere)), key=lambda one: (-here[one], -anywhere[one], one))
    for ids in [*((one,) for one in made[:TRIED]), tuple(sorted(known))]:
        try:
            return generate(wrong_line(template, ids), variant.seed)
        except ExhaustedError:
            continue
    return None


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


def _load(path: Path) -> Template:
    from engine.errors import EngineError
    from engine.exercises import load_template

    key = (str(path), path.stat().st_mtime_ns)
    if key not in _TEMPLATES:
        try:
            _TEMPLATES[key] = load_template(path)
        except EngineError as error:
            raise NoExerciseError(str(error)) from None
    return _TEMPLATES[key]


_TEMPLATES: dict[tuple[str, int], Template] = {}


def _bundled() -> Path:
    from content import bundled

    return bundled() / "exercises"


def _item_of(desk: Desk, template: str) -> Item | None:
    found = (item for item in desk.library.items() if item.card.exercise and item.card.exercise.template == template)
    return next(found, None)


def _level(item: Item | None, past: Sequence[Sat], template: Template) -> int:
    if not past and item is not None and item.card.exercise and item.card.exercise.level is not None:
        return item.card.exercise.level
    lowest, highest, first = template.levels
    return min(highest, max(lowest, next_level(past) if past else first))


def _finished(desk: Desk, key: str, template: str) -> list[Entry]:
    """The sittings that came to their end, oldest first."""
    entries = desk.store.journal.entries(item=key or None, kinds=(Act.REVIEW, EXERCISE), void=False)
    return [entry for entry in entries if entry.body.get("template") == template]


def _past(desk: Desk, key: str, template: str) -> list[Sat]:
    return [_sat(entry) for entry in _finished(desk, key, template)]


def _sat(entry: Entry) -> Sat:
    body, counted = entry.body, entry.kind == Act.REVIEW
    clean = body.get("clean") is True
    return Sat(
        int(body.get("level", 1)),
        clean,
        body.get("missed") is True,
        int(body.get("seed", 0)),
        counted,
        good=(entry.grade or 0) >= Grade.GOOD if counted else clean,
        day=int(body.get("day", entry.at // MS_PER_DAY)),
    )


def _left(desk: Desk, key: str, template: str) -> list[Entry] | None:
    """The acts of a sitting that was begun and not written; None where there is none."""
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
        same = acts and all(acts[0].body.get(name) == entry.body.get(name) for name in NUMBERS)
        acts = [] if entry.kind != EXERCISE_STEP else [*acts, entry] if same else [entry]
    return acts or None


def _replay(sitting: Sitting, acts: Sequence[Entry]) -> None:
    for entry in acts:
        if (at := sitting.current) is None:
            return
        match entry.body.get("step_act"):
            case "answer":
                sitting.answer(str(entry.body.get("typed", "")))
            case "hint":
                sitting.hint(int(entry.body.get("hint", len(sitting.steps[at].hints) + 1)))
            case "tell":
                sitting.tell()
            case "keep" if sitting.can_keep():
                sitting.keep()
