"""`studyapp doctor`: examine the database and say in words what was found; mend what can be mended."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from studyapp.cli.backup import in_words
from studyapp.cli.common import DATABASE, clean, fail, print_json, told


@click.command()
@click.option("--rebuild", is_flag=True, help="Calculate all states, days and the search index anew from the journal.")
@click.option(
    "--salvage",
    "damaged",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    metavar="FILE",
    help="Save what can be read of a damaged database.",
)
@click.option("--into", type=click.Path(path_type=Path), metavar="FILE", help="Where --salvage writes; a new file.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(*, rebuild: bool, damaged: Path | None, into: Path | None, as_json: bool) -> None:
    """Examine your database.

    Checks the file, the rules of the journal, and that everything calculated from it is what it adds up to. Exits with
    3 when something is wrong.
    """
    from studyapp.storage import doctor, places  # help must not cost the database
    from studyapp.storage.errors import StorageError

    if into is not None and damaged is None:
        raise click.UsageError("--into says where --salvage writes: give --salvage too")
    if damaged is not None and not damaged.is_file():
        raise click.UsageError(f"{damaged}: this is no ordinary file")
    path = places.database()
    try:
        if damaged is not None:
            _salvage(damaged, into or damaged.with_name(f"{damaged.stem}-salvaged.db"), as_json=as_json)
            return
        if rebuild:
            with told():
                count = doctor.rebuild(path)
            click.echo(f"Calculated {in_words(count, 'item', 'items')} anew from the journal.", err=True)
        with told():
            report = doctor.examine(path)
    except StorageError as error:
        fail(str(error), DATABASE)
    if as_json:
        rows = [{"ok": not one.wrong, "what": one.what, "remedy": one.remedy or None} for one in report.findings]
        print_json({"ok": not report.problems, "findings": rows})
    else:
        for one in report.findings:
            click.echo(clean(f"{'✗' if one.wrong else '!' if one.note else '✓'} {one.what}"))
            if one.wrong:
                click.echo(clean(f"  {one.remedy}"))
        click.echo("All is well." if not report.problems else f"{len(report.problems)} to mend.")
    if report.problems:
        sys.exit(DATABASE)


def _salvage(damaged: Path, target: Path, *, as_json: bool) -> None:
    from studyapp.storage.salvage import salvage

    saved = salvage(damaged, target)
    if as_json:
        print_json({"saved": saved.saved, "lost": saved.lost, "exact": saved.exact, "path": str(saved.path)})
        return
    least = "" if saved.exact else "at least "
    click.echo(f"Saved {in_words(saved.saved, 'entry', 'entries')} into {saved.path}; {least}{saved.lost} lost.")
    click.echo(f"To use it: studyapp restore {saved.path}", err=True)
