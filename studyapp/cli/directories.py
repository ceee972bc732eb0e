"""`studyapp directories`: where everything is kept. Makes nothing."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import click

from studyapp.cli.common import print_json


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(*, as_json: bool) -> None:
    """Say where your data, settings and backups are, and the decks that come with the program."""
    import content  # help must not cost it
    from studyapp.storage import places

    home = places.home()
    database = places.database(home)
    rows = {
        "home": home,
        "database": database,
        "settings": home / "config.toml",
        "backups": places.backups(database),
        "bundled decks": content.bundled() / "decks",
    }
    if as_json:
        print_json({name.replace(" ", "_"): str(path) for name, path in rows.items()})
    else:
        for name, path in rows.items():
            click.echo(f"{name + ':':15}{path}{_standing(path)}")
    with suppress(OSError):  # a folder that may not be read is told above
        if warning := places.warning(database):
            click.echo(warning, err=True)


def _standing(path: Path) -> str:
    """What is to be said of a path, other than its name."""
    try:
        return "" if path.exists() else " (not there yet)"
    except OSError as error:
        return f" ({error.strerror})"
