"""`studyapp deck`: check, format, list, begin, add and remove decks. Reads files and settings, never the database."""

from __future__ import annotations

import dataclasses
import functools
import os
import shlex
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from studyapp.cli.common import clean, fail, print_json

if TYPE_CHECKING:
    from content.checker import Counts, Judges
    from content.model import Check, Deck, Problem, Reading
    from studyapp.study.settings import Settings

TEMPLATE_SEEDS = 2
"""Variants by which a deck's templates are judged."""
FILE = click.Path(readable=False, path_type=Path)
"""A path that is looked at later: what cannot be read is told there, with what is wrong in other files."""
PATHS = click.argument("paths", nargs=-1, type=FILE)


@click.group("deck")
def command() -> None:
    """Check, format, list, begin, add and remove decks."""


@command.command(short_help="Tell everything that is wrong with decks.")
@PATHS
@click.option("--json", "as_json", is_flag=True, help="Print the faults and the counts as JSON.")
def check(paths: tuple[Path, ...], as_json: bool) -> None:
    """Tell everything that is wrong with decks (files or folders; without PATHS all there are, your own included).

    Every fault is a line FILE:LINE:COLUMN: what; remedy. Exits 1 when there are any.
    """
    import content
    from content import checker

    bundled = content.bundled()
    readings = _read(paths or (bundled / "decks", *_settings()[1].decks))
    known = [] if not paths else [reading.deck for reading in _read((bundled / "decks",)) if reading.deck]
    problems = checker.check(readings, known=known, templates=[bundled / "exercises"], judges=_judges())
    counts = checker.count([reading.deck for reading in readings if reading.deck])
    if as_json:
        print_json({"problems": [_as_dict(problem) for problem in problems], "counts": dataclasses.asdict(counts)})
    else:
        for problem in problems:
            click.echo(clean(str(problem)))
        click.echo(_summary(counts, len(problems)), err=bool(problems))
    if problems:
        raise SystemExit(1)


@command.command(short_help="Write an id into every heading that has none.")
@click.argument("paths", nargs=-1, required=True, type=FILE)
@click.option("--check", "only_look", is_flag=True, help="Write nothing; exit 1 when an id is missing.")
def fmt(paths: tuple[Path, ...], only_look: bool) -> None:
    """Give every card without an id one, in the files themselves; every other byte stays."""
    from content.formatter import format_file

    total = failed = 0
    for path in _files(paths):
        try:
            missing = format_file(path, write=not only_look)
        except (OSError, UnicodeDecodeError) as error:
            reason = getattr(error, "strerror", None) or "this is no UTF-8 text; save the file as UTF-8"
            click.echo(clean(f"{path}: {reason}"), err=True)
            failed += 1
            continue
        total += missing
        if missing:
            verb = "missing" if only_look else "written"
            click.echo(clean(f"{path}: {_number(missing, 'id')} {verb}"))
    if not total and not failed:
        click.echo("every card has its id", err=True)
    if failed or (only_look and total):
        raise SystemExit(1)


@command.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print the decks as JSON.")
def list_decks(as_json: bool) -> None:
    """List the bundled decks and your own."""
    import content

    own = _settings()[1].decks
    rows = [
        _row(reading, origin)
        for origin, paths in (("bundled", (content.bundled() / "decks",)), ("added", own))
        for reading in _read(paths, missing_ok=True)
    ]
    if as_json:
        print_json(rows)
        return
    width = max((len(str(row["id"])) for row in rows), default=2)
    for row in rows:
        faults = f"  ({_remedy(row)})" if row["problems"] else ""
        numbers = " ".join(
            _column(number, word, wide)
            for number, word, wide in (
                (row["cards"], "card", 5),
                (row["exercises"], "exercise", 3),
                (row["items"], "item", 5),
            )
        )
        click.echo(clean(f"{row['id']!s:<{width}}  {numbers}  {row['origin']:<7}  {row['title']}{faults}"))


@command.command(short_help="Begin a deck, with one card of each kind.")
@click.argument("path", type=FILE)
@click.option("--title", help="The deck's title; by default from the file's name.")
def new(path: Path, title: str | None) -> None:
    """Write a first deck at PATH: one card of each kind, with a word on how it is made."""
    from content.formatter import slug
    from content.starter import starter

    if not path.name:
        fail("name the file that the deck is written to, such as my-deck.md")
    path = path if path.suffix else path.with_suffix(".md")
    name = title or path.stem.replace("-", " ").replace("_", " ").strip().capitalize() or "My deck"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _write_new(path, starter(slug(path.stem), name))
    except FileExistsError:
        fail(f"{path} is already there; choose another name")
    except OSError as error:
        fail(f"{path} cannot be written: {error.strerror or error}")
    click.echo(clean(str(path)))
    typed = _typed(path)
    click.echo(clean(f"edit it, then: studyapp deck check {typed} && studyapp deck add {typed}"), err=True)


def _write_new(path: Path, text: str) -> None:
    """Write a new file; nothing of it stays when the disk cannot take it whole."""
    with path.open("x", encoding="utf-8", newline="\n") as file:
        try:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        except OSError:
            path.unlink(missing_ok=True)
            raise


def _typed(path: Path) -> str:
    """A path as one types it at a shell."""
    text = str(path)
    return shlex.quote(f"./{text}" if text.startswith("-") else text)


@command.command(short_help="Study a deck, or a folder of decks, of your own.")
@click.argument("path", type=FILE)
def add(path: Path) -> None:
    """Study the deck at PATH, or every deck in the folder PATH, from where it lies."""
    path = Path(os.path.realpath(path.expanduser()))  # not resolve(), which raises for links in a circle
    if not os.path.lexists(path):
        fail(f"{path} is not there; check the name")
    readings = _read((path,))
    good = [reading.deck for reading in readings if reading.deck]
    for reading in readings:
        for problem in reading.problems:
            click.echo(clean(str(problem)), err=True)
    if not good:
        fail(f"there is no deck in {path}; mend that first, or begin one with `studyapp deck new NAME.md`")
    home, settings = _settings()
    if path in settings.decks:
        click.echo(clean(f"{path} was added before"), err=True)
        return
    _refuse_taken(good, settings.decks)
    _save(home, dataclasses.replace(settings, decks=(*settings.decks, path)))
    for deck in good:
        click.echo(clean(f"added {deck.id}: {_cards_of(deck)}"), err=True)
    first = good[0].id if len(good) == 1 else ""
    click.echo(f"to study now: studyapp review {first}".rstrip(), err=True)


def _refuse_taken(new: Iterable[Deck], own: Iterable[Path]) -> None:
    """End the command when another deck has the id of a new one: the second of two is never shown."""
    import content

    there = _read((content.bundled() / "decks", *own), missing_ok=True)
    owners = {reading.deck.id: reading.deck.path for reading in reversed(there) if reading.deck}
    for deck in new:
        owner = owners.get(deck.id)
        if owner is not None and Path(os.path.realpath(owner)) != Path(os.path.realpath(deck.path)):
            fail(f"{deck.path}: the deck id {deck.id} belongs to {owner}; give this deck another id")
        owners[deck.id] = deck.path


@command.command(short_help="Study a deck of your own no longer.")
@click.argument("path")
def remove(path: str) -> None:
    """Study a deck of your own no longer (PATH as it was added, or the deck's id). Your progress and the file stay."""
    home, settings = _settings()
    wanted = Path(os.path.realpath(Path(path).expanduser()))
    gone = [one for one in settings.decks if one == wanted]
    if not gone:
        gone = [one for one in settings.decks if one.is_file() and _id_of(one) == path]
    if not gone and path in _bundled_ids():
        fail(f"{path} comes with the program and stays; `studyapp review DECK` studies only the decks you name")
    if not gone:
        own = "; your decks are: " + ", ".join(map(str, settings.decks)) if settings.decks else "; you have added none"
        fail(f"{path} is not among your decks{own}")
    _save(home, dataclasses.replace(settings, decks=tuple(one for one in settings.decks if one not in gone)))
    click.echo(clean(f"removed {gone[0]}; the file and your progress stay"), err=True)


def _files(paths: Iterable[Path]) -> tuple[Path, ...]:
    from content.finding import files

    found = files(paths)
    if not found:
        fail(f"there is no deck in {', '.join(map(str, paths))}; decks are files that end in .md")
    return found


def _read(paths: Iterable[Path], *, missing_ok: bool = False) -> list[Reading]:
    from content.finding import files
    from content.reader import read

    found = files(paths) if missing_ok else _files(paths)
    return [read(path) for path in found]


def _id_of(path: Path) -> str:
    deck = _read((path,), missing_ok=True)[0].deck
    return deck.id if deck else ""


def _bundled_ids() -> set[str]:
    import content

    return {reading.deck.id for reading in _read((content.bundled() / "decks",)) if reading.deck}


def _row(reading: Reading, origin: str) -> dict[str, Any]:
    deck = reading.deck
    path = deck.path if deck else reading.problems[0].path
    exercises = _exercises(deck) if deck else 0
    return {
        "id": deck.id if deck else path.stem,
        "title": deck.title if deck else "",
        "origin": origin,
        "path": str(path),
        "cards": len(deck.cards) - exercises if deck else 0,
        "exercises": exercises,
        "items": len(deck.items) if deck else 0,
        "problems": len(reading.problems),
    }


def _exercises(deck: Deck) -> int:
    return sum(card.exercise is not None for card in deck.cards)


def _cards_of(deck: Deck) -> str:
    """The cards of a deck and, apart from them, its exercises, in words."""
    exercises = _exercises(deck)
    cards = _number(len(deck.cards) - exercises, "card")
    return f"{cards}, {_number(exercises, 'exercise')}" if exercises else cards


def _remedy(row: Mapping[str, Any]) -> str:
    """What is wrong with a listed deck, and what to do."""
    if not os.path.lexists(row["path"]):
        return f"gone: put it back, or studyapp deck remove {_typed(Path(row['path']))}"
    return f"{_number(row['problems'], 'fault')}: studyapp deck check"


def _settings() -> tuple[Path, Settings]:
    from studyapp.storage import places
    from studyapp.study import settings

    try:
        return places.home(), settings.load(places.home())
    except settings.SettingsError as error:
        fail(str(error))


def _save(home: Path, changed: Settings) -> None:
    from studyapp.study import settings

    try:
        settings.save(home, changed)
    except OSError as error:
        fail(f"the settings in {home} cannot be written: {error.strerror or error}")
    except UnicodeEncodeError:
        fail("the name of this file is no text; rename it")


def _as_dict(problem: Problem) -> dict[str, object]:
    return {**dataclasses.asdict(problem), "path": str(problem.path)}


def _summary(counts: Counts, faults: int) -> str:
    kinds = ", ".join(f"{number} {kind}" for kind, number in counts.kinds.items())
    parts = [
        _number(counts.decks, "deck"),
        _number(counts.lessons, "lesson"),
        _number(counts.cards, "card") + (f" ({kinds})" if kinds else ""),
        _number(counts.items, "item"),
        _number(counts.options_with_feedback, "option") + " with feedback",
        _number(counts.formulas, "formula") + " checked",
        _number(counts.claims, "claim") + " checked",
    ]
    return ", ".join(parts) + ": " + (_number(faults, "fault") if faults else "no faults")


def _number(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


def _column(number: int, word: str, wide: int) -> str:
    """A number with its noun, as wide for one as for many."""
    return f"{number:>{wide}} {word + ('' if number == 1 else 's'):<{len(word) + 1}}"


def _judges() -> Judges:
    """What judges mathematics: the typesetter for formulas, the engine for claims and exercise templates."""
    from content.checker import Judges
    from studyapp.typeset.markdown import formula_error

    return Judges(formula=formula_error, claims=_claim_errors, template=functools.cache(_template_error))


def _template_error(path: Path) -> str | None:
    """Why a template cannot be used: it is tried with a few seeds, as `studyapp exercise check` tries it with many."""
    import engine  # NumPy loads only where there is something to compute
    from engine.exercises import check_template

    try:
        report = check_template(path, range(TEMPLATE_SEEDS))
    except engine.EngineError as error:
        return str(error)
    return report.faults[0] if report.faults else None


def _claim_errors(found: Check) -> Mapping[str, str]:
    """Why claims of a check do not hold, by their TeX; under "" why its program does not run."""
    import engine  # NumPy loads only where there is something to compute

    try:
        program = engine.Program.parse(found.forward, found.loss or None)
    except engine.EngineError as error:
        return {"": str(error)}
    wrong = {}
    for tex, statement in found.claims.items():
        try:
            claim = engine.evaluate_claim(
                program, found.given, statement, update=found.update or None, state=found.state or None
            )
        except engine.EngineError as error:
            wrong[tex] = f"`{statement}`: {error}"
            continue
        if not claim.ok:
            wrong[tex] = f"in `{statement}` the left side is {claim.left} and the right side {claim.right}"
    return wrong
