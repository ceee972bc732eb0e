"""`studyapp sync`: exchange what was done with your other machines, through a folder or a PostgreSQL server."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from studyapp.cli.common import DATABASE, MISUSE, clean, desk, fail, print_json, told

if TYPE_CHECKING:
    from studyapp.storage.exchange import Exchanged
    from studyapp.storage.store import Store

VARIABLE = "STUDYAPP_SYNC"


@click.command()
@click.argument("target", required=False, metavar="[FOLDER|URL]")
@click.option("--with-answers", is_flag=True, help="To a server: send also what you typed and wrote.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(*, target: str | None, with_answers: bool, as_json: bool) -> None:
    """Exchange everything you did with your other machines. Nothing is overwritten, and both sides end up with all.

    FOLDER is one that Syncthing, Dropbox, git or a USB stick carries between your machines; each writes one file
    there. URL is a PostgreSQL server: postgresql+psycopg://you@host/database. The password belongs in ~/.pgpass, or
    in PGPASSWORD. Without FOLDER or URL the variable STUDYAPP_SYNC is taken.
    """
    from studyapp.storage import places  # help must not cost the database
    from studyapp.storage.errors import StorageError, SyncError
    from studyapp.storage.store import Store

    chosen = target or os.environ.get(VARIABLE, "")
    if not chosen:
        fail(f"Name a folder or a URL, or set {VARIABLE}.", MISUSE)
    if "://" in chosen and target and has_password(target):
        fail(
            "Other people on this machine can read a command line, so a password must not stand there: put it into "
            f"~/.pgpass, into PGPASSWORD, or the whole URL into {VARIABLE}. If it was a real one, change it.",
            MISUSE,
        )
    try:
        with told(), Store.open(places.database()) as store:
            done = _with_server(store, chosen, with_answers) if "://" in chosen else _with_folder(store, chosen)
    except StorageError as error:
        fail(str(error), DATABASE)
    except SyncError as error:
        fail(str(error))
    if as_json:
        print_json({"received": done.received, "sent": done.sent, "told": done.told, "assigned": dict(done.assigned)})
        return
    click.echo(f"Received {done.received}, sent {done.sent}.")
    if done.assigned:
        from studyapp.study.assignments import assignments  # learners of a class alone pay for it

        with desk() as opened:
            for one in assignments(opened):
                click.echo(clean(one.words))
    for sentence in done.told:
        click.echo(clean(sentence), err=True)


def has_password(url: str) -> bool:
    """Whether a URL holds a password, by whatever way libpq would find it there."""
    from urllib.parse import parse_qs, urlsplit

    parts = urlsplit(url)
    return ":" in parts.netloc.rpartition("@")[0] or "password" in parse_qs(parts.query, keep_blank_values=True)


def _with_folder(store: Store, folder: str) -> Exchanged:
    from studyapp.storage.exchange import exchange

    place = Path(folder).expanduser()
    new = not place.exists()
    done = exchange(store, place, now_ms=time.time_ns() // 1_000_000)
    if new:  # a slip of the pen would otherwise look like a success
        click.echo(clean(f"Made the folder {place}, which was not there."), err=True)
    return done


def _with_server(store: Store, url: str, with_answers: bool) -> Exchanged:
    from studyapp.storage.server import connected, exchange

    with connected(url) as server:
        return exchange(store, server, now_ms=time.time_ns() // 1_000_000, with_answers=with_answers)
