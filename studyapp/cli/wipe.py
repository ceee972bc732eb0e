"""`studyapp wipe`: delete everything that is kept about you, after a copy was set aside. Nothing goes by accident."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from studyapp.cli.backup import in_words
from studyapp.cli.common import DATABASE, MISUSE, clean, fail

if TYPE_CHECKING:
    from studyapp.storage.wiping import Belongings

SHOWN = 5


@click.command()
@click.option(
    "--export",
    "folder",
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    help="Where the copy goes; by default beside the folder of your data.",
)
@click.option("--without-export", is_flag=True, help="Keep no copy. What goes then is gone for good.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def command(*, folder: Path | None, without_export: bool, yes: bool) -> None:
    """Delete everything studyapp keeps about you on this machine: history, backups, settings, imported decks.

    A verified copy is set aside first, so that you can change your mind, unless you say --without-export. Your own deck
    files elsewhere stay, and so does what you have sent to a folder or a server with `studyapp sync`.
    """
    from studyapp.storage import places, wiping  # help must not cost them
    from studyapp.storage.errors import StorageError

    if folder is not None and without_export:
        fail("--export and --without-export exclude each other", MISUSE)
    home = places.home().absolute()
    target = (folder or home.with_name(f"{home.name}-wiped-{datetime.now():%Y%m%d-%H%M%S}")).expanduser().absolute()
    if not without_export and target.is_relative_to(home):
        fail(f"{target}: this lies in the folder that is deleted; name another")
    try:
        found = wiping.belongings(home)
        if not found.files:
            fail(f"{home}: there is nothing of studyapp's")
        if not (os.access(home, os.W_OK) and all(os.access(one.parent, os.W_OK) for one in found.files)):
            fail(f"{home}: nothing can be deleted there; allow writing", DATABASE)
        if found.entries is None and not without_export:
            fail(
                f"{places.database(home)}: this cannot be read, so no copy of it can be verified; `studyapp doctor "
                "--salvage` saves what can be saved, `studyapp wipe --without-export` deletes it as it is",
                DATABASE,
            )
        _name(found, None if without_export else target)
        if not yes:
            click.confirm("Delete all of this?", abort=True, err=True)
        wiping.alone(places.database(home))
        copy = None if without_export or not places.database(home).exists() else wiping.set_aside(home, target)
        wiping.wipe(home)
    except StorageError as error:
        fail(str(error), DATABASE)
    click.echo(f"Deleted. {_rest(found)}".strip())
    if copy is not None:
        others = clean(", ".join(sorted(one.name for one in target.iterdir() if one != copy)))
        by_hand = f" A restore brings back what you did; {others} you copy back yourself." if others else ""
        click.echo(f"The copy: {target}; delete it when you are sure.{by_hand}", err=True)
        click.echo(f"To go back: studyapp restore {copy}", err=True)


def _name(found: Belongings, target: Path | None) -> None:
    entries = "a database that cannot be read" if found.entries is None else in_words(found.entries, "entry", "entries")
    click.echo(f"In {found.home}:", err=True)
    click.echo(f"  everything you did ({entries}), {in_words(found.backups, 'backup', 'backups')}, settings", err=True)
    for deck in found.decks:
        click.echo(f"  the imported deck {clean(deck.name)}", err=True)
    if found.strange:
        names = ", ".join(clean(str(one.relative_to(found.home))) for one in found.strange[:SHOWN])
        more = f" and {len(found.strange) - SHOWN} more" if len(found.strange) > SHOWN else ""
        click.echo(f"What studyapp has not made stays: {names}{more}", err=True)
    kept = f"A verified copy goes to {target} first." if target else "No copy is kept: this cannot be undone."
    click.echo(kept, err=True)


def _rest(found: Belongings) -> str:
    return f"{found.home} still has files that studyapp has not made." if found.strange else ""
