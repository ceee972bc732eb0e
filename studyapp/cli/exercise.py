"""`studyapp exercise`: work one, list them, and everything else about exercises; each use is imported when called.

A word that is not a use is the exercise to work: `studyapp exercise linear-neuron`, `studyapp exercise mine.toml`.
"""

from __future__ import annotations

import importlib

import click

USES: dict[str, tuple[str, str]] = {
    "new": ("studyapp.cli.exercise_new:new", "Print a variant of a template with its key, or a set of sheets."),
    "check": ("studyapp.cli.exercise_check:check", "Try templates with many seeds: are all keys and mistakes right?"),
    "list": ("studyapp.cli.exercise_work:list_", "List the exercises: level, due, begun, mastered."),
}
"""Use → (module:attribute, the help line)."""
WORK = "studyapp.cli.exercise_work:work"
"""What runs when no use is named."""


class Uses(click.Group):
    """A group whose uses are imported when they are called; help reads the table alone."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Anything but a use and a call for help is an exercise to work, or, with nothing, their list."""
        if not args or (args[0] not in USES and args[0] not in ctx.help_option_names):
            args = ["work", *args]
        return super().parse_args(ctx, args)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every use, in the order of the table."""
        return list(USES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The use's implementation, imported now."""
        if cmd_name not in USES and cmd_name != "work":
            return None
        module, _, attribute = (USES[cmd_name][0] if cmd_name in USES else WORK).partition(":")
        found: click.Command = getattr(importlib.import_module(module), attribute)
        return found

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Both ways to call it."""
        formatter.write_usage(ctx.command_path, "[NAME | FILE.toml] [OPTIONS]")
        formatter.write_usage(ctx.command_path, "COMMAND [ARGS]...", prefix="       ")

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The options of working an exercise, then the uses, without importing any of those."""
        work = self.get_command(ctx, "work")
        if work is not None:
            options = [one for one in work.get_params(ctx) if isinstance(one, click.Option)]
            rows = [row for row in (option.get_help_record(ctx) for option in options) if row]
            with formatter.section("Options"):
                formatter.write_dl(rows)
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in USES.items()])


@click.command("exercise", cls=Uses)
def command() -> None:
    """Work an exercise: fresh numbers, marked step by step. Without a NAME: those there are.

    A sitting that was left goes on where it was, unless a seed or a level is given. FILE.toml works an exercise of
    your own.
    """
