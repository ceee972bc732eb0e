"""`studyapp restore`: put a backup in the place of the database, which is backed up first."""

from __future__ import annotations

from pathlib import Path

import click

from studyapp.cli.backup import in_words, print_backups
from studyapp.cli.common import DATABASE, fail


@click.command()
@click.argument("backup", required=False, metavar="[BACKUP]")
def command(backup: str | None) -> None:
    """Bring back BACKUP: its number in the list, its name or a path. Without one, list the backups.

    What you have now is backed up first, so a restore can itself be taken back. A restore mends; it takes nothing back
    for good: what you had sent to a folder or a server comes from there again with the next sync. `studyapp undo` is
    for acts that should not count.
    """
    from studyapp.storage import backup as backups  # help must not cost the database
    from studyapp.storage import places
    from studyapp.storage.errors import StorageError

    database = places.database()
    try:
        known = backups.backups(database)
        if backup is None:
            print_backups(known, as_json=False)
            return
        chosen = _choose(backup, [one.path for one in known])
        if chosen is None:
            fail(f"{backup}: there is no such backup; `studyapp restore` lists them")
        entries = backups.verify(chosen)
        damaged = _damaged(places.backups(database))
        before = backups.restore(database, chosen)
    except StorageError as error:
        fail(str(error), DATABASE)
    for kept in sorted(_damaged(places.backups(database)) - damaged):
        click.echo(
            f"What could not be read is kept as {kept}; perhaps more can be saved: studyapp doctor --salvage {kept}",
            err=True,
        )
    click.echo(f"Restored {chosen.name} with {in_words(entries, 'entry', 'entries')}.")
    if before is not None:
        later = before.entries() - entries
        if later > 0:
            click.echo(
                f"{in_words(later, 'entry is', 'entries are')} set aside with that; what was synchronised comes back "
                "with the next `studyapp sync`.",
                err=True,
            )
        click.echo(f"To take it back: studyapp restore {before.path.name}", err=True)


def _damaged(folder: Path) -> set[Path]:
    """The databases that restores have set aside because they could not be read."""
    return set(folder.glob("damaged-*.db"))


def _choose(wanted: str, known: list[Path]) -> Path | None:
    if wanted.isdecimal():
        return known[int(wanted) - 1] if 1 <= int(wanted) <= len(known) else None
    for path in known:
        if wanted in (path.name, path.stem):
            return path
    return Path(wanted).expanduser() if Path(wanted).expanduser().is_file() else None
