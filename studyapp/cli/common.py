"""What commands share: where the learner's things are, how errors end a command, how JSON is printed.

Nothing here imports a screen or SQLAlchemy; a command that needs the desk opens it with `desk()`.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, NoReturn

import click

from studyapp.cli.tui import interactive as interactive  # noqa: PLC0414  commands find it here

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from studyapp.study.desk import Desk

WRONG_INPUT, MISUSE, DATABASE = 1, 2, 3
MANY = 40
"""Names beyond which a mistake does not list them all."""
NEAR = 0.66
"""How alike names are, by difflib's ratio, for one to be meant by the other: `ude` is `due`, `today` not `history`."""


def fail(sentence: str, code: int = WRONG_INPUT) -> NoReturn:
    """End the command: the sentence, cleaned, to stderr, `code` to the shell."""
    click.echo(clean(sentence), err=True)
    sys.exit(code)


def shows_mathematics() -> bool:
    """Whether stdout can carry what formulas are made of; where not, they are set in ASCII."""
    return _carries("∂δⱼ⁻∑")


def _carries(text: str) -> bool:
    try:
        text.encode(getattr(sys.stdout, "encoding", None) or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def print_json(value: object) -> None:
    """Print `value` for another program: one document, keys in the order given.

    What is no visible character, or none that stdout can carry, is written as a JSON escape: nothing is lost, and a
    terminal is not steered by it.
    """
    lines = json.dumps(value, ensure_ascii=False, indent=2).split("\n")
    text = "\n".join(line if line.isprintable() else _escaped(line) for line in lines)
    click.echo(text if _carries(text) else json.dumps(value, indent=2))


def _escaped(line: str) -> str:
    """A line of JSON with escapes for what is no visible character; outside strings there is none."""
    return "".join(char if char.isprintable() else json.dumps(char)[1:-1] for char in line)


@contextmanager
def desk(*, reading: bool = False) -> Iterator[Desk]:
    """Everything a person has open, closed again at the end.

    Args: `reading`: the command only looks, so that it works where nothing may be written too.
    Ends the command with 3 when the database cannot be used, and with 1 when the settings cannot be read.
    """
    from studyapp.storage.errors import StorageError  # only commands that open the database pay for it
    from studyapp.study.desk import Desk
    from studyapp.study.settings import SettingsError

    try:
        with told():
            found = Desk.look() if reading and read_only() else Desk.open()
        with found as opened:
            yield opened
    except StorageError as error:
        fail(str(error), DATABASE)
    except SettingsError as error:
        fail(str(error))


@contextmanager
def told() -> Iterator[None]:
    """Say how far it is, on a terminal's stderr, when work in this block takes longer than a moment."""
    from studyapp.storage.telling import listening

    written = ""

    def hear(what: str, share: float) -> None:
        nonlocal written
        line = f"{what}: {int(share * 100)} %"
        if line != written:
            click.echo(f"\r{line}", nl=False, err=True)
            written = line

    if not sys.stderr.isatty():
        yield
        return
    try:
        with listening(hear):
            yield
    finally:
        if written:
            click.echo(err=True)


def read_only() -> bool:
    """Whether there is a database that may be read and not written; said, if so."""
    from studyapp.storage import places

    path = places.database()
    allowed = os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)
    if allowed or not os.access(path, os.R_OK):
        return False
    click.echo(f"{path}: read-only here; this is how it was left. Nothing can be studied or changed.", err=True)
    return True


def clean(text: str) -> str:
    """`text` without what would move a terminal's cursor, change its colours or turn its writing direction."""
    if text.isprintable():
        return text
    from studyapp.typeset.controls import seen  # `due` seldom needs it

    return seen(text)


def near(name: str, known: Iterable[str]) -> str:
    """A remedy for a name that does not exist: the most similar ones, or all of a few (and of many how many)."""
    from difflib import get_close_matches  # only for mistakes

    names = sorted(set(known))
    folded = {one.casefold(): one for one in names}
    if not name.strip():
        return "the name is empty"
    close = [folded[one] for one in get_close_matches(name.casefold(), folded, n=3, cutoff=NEAR)]
    parts = [one for one in names if name.casefold() in one.casefold()] if len(name.strip()) > 2 else []
    close += [one for one in parts if one not in close][: 3 - len(close)]
    if close:
        return f"did you mean {' or '.join(close)}?"
    if len(names) > MANY:
        return f"there are {len(names)}"
    return f"there are: {', '.join(names)}" if names else "there are none"


def chosen_decks(names: Iterable[str], titles: Mapping[str, str]) -> tuple[str, ...] | None:
    """The ids of the decks named (by id or title, in any case); None when nothing was named.

    Args: `titles` by id. Ends the command with 1 when there is no such deck.
    """
    known = {title.casefold(): deck for deck, title in titles.items()} | {deck.casefold(): deck for deck in titles}
    found: dict[str, None] = {}
    for name in names:
        if name.casefold() not in known:
            hint = near(name, titles)
            fail(f"there is no deck {name!r}; {hint}{'' if hint.endswith('?') else ';'} `studyapp deck list` shows all")
        found[known[name.casefold()]] = None
    return tuple(found) or None


def decks_on(opened: Desk, names: Iterable[str]) -> tuple[str, ...] | None:
    """The ids of the decks named, of those on the desk; see `chosen_decks`."""
    return chosen_decks(names, {deck.id: deck.title for deck in opened.library.decks()})


def decks_for_screen(names: Sequence[str]) -> tuple[str, ...] | None:
    """The ids of the decks named, for a screen that is about to open; see `chosen_decks`.

    Looks at the database without SQLAlchemy, so that the screen does not wait; only a name that is not there yet is
    looked up in the files.
    """
    if not names:
        return None
    from studyapp.storage.errors import StorageError  # only where decks are named

    try:
        titles = _titles()
    except StorageError as error:
        fail(str(error), DATABASE)
    known = {text.casefold() for text in (*titles, *titles.values())}
    if all(name.casefold() in known for name in names):
        return chosen_decks(names, titles)
    with desk() as opened:
        return decks_on(opened, names)


def _titles() -> dict[str, str]:
    """Deck id → title, as the database has them. Raises: StorageError."""
    from studyapp.storage import places
    from studyapp.storage.glance import glance

    seen = glance(places.database(), today=0, now_ms=0, next_day_at=0, with_first=False)
    return {one.deck: one.title for one in seen.decks} if seen else {}


def complete_decks(_ctx: click.Context, _parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Deck ids for the shell's completion; quick, and silent whatever is wrong."""
    from click.shell_completion import CompletionItem

    from studyapp.storage.errors import StorageError

    try:
        titles = _titles()
    except StorageError:
        return []
    return [CompletionItem(deck, help=clean(title)) for deck, title in titles.items() if deck.startswith(incomplete)]
