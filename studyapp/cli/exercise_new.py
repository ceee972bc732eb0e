"""`studyapp exercise new`: variants for a teacher or another program. Asks `engine.exercises`, prints."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from studyapp.cli.common import MISUSE, fail, print_json
from studyapp.cli.exercise_names import complete

if TYPE_CHECKING:
    from engine.exercises import Template

MOST = 1_000
"""Sheets of one call."""


def template_path(name: str) -> Path:
    """The file of a template: a path, or the name of a bundled one."""
    import content

    path = Path(name)
    if path.suffix == ".toml" or path.is_file():
        return path
    return content.bundled() / "exercises" / f"{name}.toml"


def opened(name: str) -> Template:
    """A template by name or path; ends the command with a sentence when it cannot be used."""
    from engine.errors import EngineError
    from engine.exercises import load_template

    path = template_path(name)
    if not path.is_file():
        fail(f"there is no template {name}; `studyapp exercise list` names the bundled ones, and a path works too")
    try:
        return load_template(path)
    except EngineError as error:
        fail(str(error))


@click.command("new")
@click.argument("template", shell_complete=complete)
@click.option("--seed", type=click.IntRange(0), help="Which variant; the same seed gives the same numbers for ever.")
@click.option("--level", type=click.IntRange(0, 5), help="0: the worked example … 5: the givens alone.")
@click.option("--example", is_flag=True, help="The template's published numbers instead of drawn ones.")
@click.option("--count", type=click.IntRange(1, MOST), default=1, help="That many variants, seeds counted up.")
@click.option("--json", "as_json", is_flag=True, help="Print variant and key as JSON (a list with --count).")
@click.option("--markdown", is_flag=True, help="Print a sheet with its key as Markdown (the default).")
def new(  # noqa: PLR0917 - click passes them by name
    template: str, seed: int | None, level: int | None, example: bool, count: int, as_json: bool, markdown: bool
) -> None:
    """Print a variant of TEMPLATE (a bundled name or a file) with its key.

    With --count a class set: every sheet has other numbers, and the keys follow the sheets.
    """
    from engine.errors import EngineError  # help is there before NumPy is
    from engine.exercises import generate, generate_example
    from studyapp.cli.exercise_sheet import document

    if as_json and markdown:
        fail("choose --json or --markdown", MISUSE)
    if example and (seed is not None or count > 1):
        fail("--example has no seed and no --count: there is one published example", MISUSE)
    found = opened(template)
    try:
        if example:
            variants = [generate_example(found, level)]
        else:
            variants = [generate(found, (seed or 0) + i, level) for i in range(count)]
        made = [v.as_json() for v in variants] if as_json else document(variants)
    except EngineError as error:
        fail(str(error))
    if isinstance(made, str):
        click.echo(made)
    else:
        print_json(made if count > 1 else made[0])
