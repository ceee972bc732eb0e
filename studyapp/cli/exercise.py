"""`studyapp exercise`: the group of everything about exercises; each use is imported only when it is called."""

from __future__ import annotations

import importlib

import click

USES: dict[str, tuple[str, str]] = {
    "new": ("studyapp.cli.exercise_new:new", "Print a variant of a template with its key, or a set of sheets."),
    "check": ("studyapp.cli.exercise_check:check", "Try templates with many seeds: are all keys and mistakes right?"),
    "list": ("studyapp.cli.exercise_new:list_", "List the bundled templates."),
}
"""Use → (module:attribute, the help line)."""


class Uses(click.Group):
    """A group whose uses are imported when they are called; help reads the table alone."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every use, in the order of the table."""
        return list(USES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The use's implementation, imported now."""
        if cmd_name not in USES:
            return None
        module, _, attribute = USES[cmd_name][0].partition(":")
        found: click.Command = getattr(importlib.import_module(module), attribute)
        return found

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of uses without importing any of them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in USES.items()])


@click.command("exercise", cls=Uses)
def command() -> None:
    """Exercises with fresh numbers: print them, list them, check their templates."""
