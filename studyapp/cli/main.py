"""The command line's front door: names, one-line helps, and nothing slow until a command is called.

Each row of `TABLE` names a module that is imported only when its command runs, so that `studyapp due` never pays for
the screens. Data go to stdout, talk to stderr. Exit codes: 0 done, 1 something is wrong with the input, 2 misuse,
3 the database cannot be used.
"""

from __future__ import annotations

import importlib
import os
from pathlib import Path

import click

TABLE: dict[str, tuple[str, str]] = {
    "deck": ("studyapp.cli.deck:command", "Check, format, list, begin, add and remove decks."),
    "solve": ("studyapp.cli.solve:command", "Work out a forward program: values, gradients, updates, step by step."),
    "mark": ("studyapp.cli.mark:command", "Mark one answer against a true value."),
    "history": ("studyapp.cli.history:command", "Show every act, undone ones too."),
    "doctor": ("studyapp.cli.doctor:command", "Examine the database, calculate anew, save damaged ones."),
    "backup": ("studyapp.cli.backup:command", "Back up everything now, or list the backups."),
    "restore": ("studyapp.cli.restore:command", "Bring back a backup."),
}
"""Command → (module:attribute, the help line)."""


class LazyGroup(click.Group):
    """A group whose commands are imported when they are called; help reads the table alone."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every command, in the order of the table."""
        return list(TABLE)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command's implementation, imported now."""
        if cmd_name not in TABLE:
            return None
        module, _, attribute = TABLE[cmd_name][0].partition(":")
        command: click.Command = getattr(importlib.import_module(module), attribute)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands without importing any of them."""
        if TABLE:
            with formatter.section("Commands"):
                formatter.write_dl([(name, line) for name, (_, line) in TABLE.items()])


@click.group(cls=LazyGroup, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--home", type=click.Path(path_type=Path), help="Keep everything in this folder (or set STUDYAPP_HOME).")
@click.version_option(package_name="studyapp", prog_name="studyapp", message="%(prog)s %(version)s")
@click.pass_context
def cli(ctx: click.Context, home: Path | None) -> None:
    """Learn from the terminal: flashcards, quizzes and worked exercises, with your progress over months."""
    if home is not None:
        os.environ["STUDYAPP_HOME"] = str(home.expanduser().resolve())
    if ctx.invoked_subcommand is None:
        from studyapp.cli.common import interactive  # noqa: PLC0415  the commands do without

        if interactive():
            from studyapp.cli.tui import run  # noqa: PLC0415

            run()
        else:
            click.echo(ctx.get_help())


def main() -> None:
    """Run the command line; the `studyapp` script."""
    cli()
