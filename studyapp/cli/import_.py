"""`studyapp import`: cards from a table of another program, looked at first if you like, and taken back in one go."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import click

from studyapp.cli.backup import in_words
from studyapp.cli.common import WRONG_INPUT, clean, complete_decks, desk, fail, print_json

if TYPE_CHECKING:
    from studyapp.interop.bringing import Brought
    from studyapp.interop.planning import Preview
    from studyapp.interop.rows import Skipped

SHOWN = 5
PACKED = b"PK\x03\x04"
"""How ZIP files begin: Anki's packages, spreadsheets."""


@click.command("import")
@click.argument("file", type=click.Path(readable=False, path_type=Path, allow_dash=True))
@click.option(
    "--deck", metavar="ID", shell_complete=complete_decks, help="The deck that takes the cards, new or yours."
)
@click.option("--separator", metavar="SIGN", help="What parts the columns: tab, comma, semicolon, pipe … or the sign.")
@click.option("--dry-run", is_flag=True, help="Only say what would be done.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(*, file: Path, deck: str | None, separator: str | None, dry_run: bool, as_json: bool) -> None:
    """Bring the cards in FILE (or `-`: what is pasted) into a deck of your own.

    FILE is a table of questions and answers: TSV, CSV, lines such as `term - definition`, or Anki's “Notes in Plain
    Text”, whose header lines count. A first line that names the columns (front, back, tags, hint, extra, id) is obeyed.
    Bringing the same file again adds nothing and updates what changed. Everything is one act: `studyapp undo` takes it
    back.
    """
    data, name = _read(file)
    if not data.strip():
        fail(f"{file}: there is nothing in it")
    if data.startswith(PACKED):
        fail(f"{file}: this is a package, not a text; {_as_text(file)}")
    with desk() as opened:
        from studyapp.interop import bringing, tabling  # help must not cost them
        from studyapp.interop.errors import ImportRefusedError

        try:
            plan = tabling.look(opened, data, name=name, deck=deck, separator=separator)
        except ImportRefusedError as error:
            fail(f"{file}: {error}")
        done = bringing.Brought() if dry_run else bringing.bring(opened, plan, file=file.name)
    if as_json:
        print_json(_data(plan, done, dry_run=dry_run))
    else:
        _tell(plan, done, dry_run=dry_run)
    if _skipped(plan, done) and not _brings(plan):
        sys.exit(WRONG_INPUT)


def _as_text(file: Path) -> str:
    """How to get a text out of the program that wrote a package."""
    if file.suffix.casefold() in (".apkg", ".colpkg"):
        return "in Anki choose File, Export, “Notes in Plain Text”, and bring that in"
    return "save it as CSV in the program that it is from, and bring that in"


def _brings(plan: Preview) -> bool:
    """Whether there is any card in the table, new or known."""
    return bool(plan.new + plan.changed + plan.same)


def _read(file: Path) -> tuple[bytes, str]:
    """The bytes of the file, and what a deck made of it is called."""
    if str(file) == "-":
        return sys.stdin.buffer.read(), "Pasted"
    try:
        if not file.is_file() and file.exists():
            fail(f"{file}: this is no ordinary file; name a table, or `-` for what is piped in")
        data = file.read_bytes()
    except OSError as error:
        fail(f"{file}: {error.strerror}; look at its name and permissions")
    return data, file.stem.replace("_", " ").replace("-", " ").strip() or "Imported"


def _skipped(plan: Preview, done: Brought) -> tuple[Skipped, ...]:
    return (*plan.skipped, *done.skipped)


def _data(plan: Preview, done: Brought, *, dry_run: bool) -> dict[str, object]:
    return {
        "done": not dry_run,
        "new": plan.new - len(done.skipped),
        "changed": plan.changed,
        "same": plan.same,
        "skipped": [
            {"line": one.line, "reason": one.reason, "front": one.front} for one in _skipped(plan, done)
        ],
        "decks": [
            {
                "deck": one.id, "title": one.title, "path": str(one.path), "new": len(one.new),
                "changed": len(one.changed), "same": one.same,
            }
            for one in plan.decks
        ],
        "notices": list(plan.notices),
        "act": done.act or None,
    }  # fmt: skip


def _tell(plan: Preview, done: Brought, *, dry_run: bool) -> None:
    for notice in plan.notices:
        click.echo(clean(notice), err=True)
    for one in plan.decks:
        counts = [f"{len(one.new)} new", f"{len(one.changed)} changed", f"{one.same} as they were"]
        click.echo(f"{clean(one.title)} ({one.id}): {', '.join(counts)}")
        if dry_run:
            for new in one.new[:SHOWN]:
                answer = new.said.back or new.said.typed or "a cloze"
                click.echo(f"  {clean(new.said.front.splitlines()[0])}  →  {clean(answer.splitlines()[0])}")
    skipped = _skipped(plan, done)
    if skipped:
        click.echo(f"{in_words(len(skipped), 'row', 'rows')} left out:")
        for reason, count in Counter(one.reason for one in skipped).most_common():
            lines = [str(one.line) for one in skipped if one.reason == reason and one.line][:SHOWN]
            where = f" (line {', '.join(lines)}{', …' if count > len(lines) else ''})" if lines else ""
            click.echo(f"  {count} × {reason}{where}")
    if dry_run and _brings(plan):
        click.echo("Nothing was changed; without --dry-run it is done.", err=True)
    elif done.act:
        click.echo("To take it back: studyapp undo", err=True)
    elif skipped and not _brings(plan):
        click.echo("No row could be brought in; is the separator right? See --separator.", err=True)
    else:
        click.echo("There was nothing to do.", err=True)
