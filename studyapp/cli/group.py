"""The command line as click reads it: the commands of `main.TABLE`, each imported when it is called."""

from __future__ import annotations

import importlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from studyapp.cli.main import TABLE
from studyapp.cli.tui import interactive, run

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem


@contextmanager
def _cleaned() -> Iterator[None]:
    """What click says of a wrong line repeats what was typed: never so that it steers the terminal."""
    try:
        yield
    except click.ClickException as error:
        from studyapp.cli.common import clean  # only for mistakes

        error.message = clean(error.message)  # type: ignore[misc]  # final for who catches it, but it is on its way out
        raise


class LazyGroup(click.Group):
    """A group whose commands are imported when they are called; help reads the table alone."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """The options before the command."""
        with _cleaned():
            return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> object:
        """The command, with its own options."""
        with _cleaned():
            return super().invoke(ctx)

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

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command called, or an error that names the nearest ones."""
        name = args[0]
        if name not in TABLE and name[:1].isalnum() and not ctx.resilient_parsing:
            from studyapp.cli.common import near  # only for mistakes

            ctx.fail(f"there is no command {name!r}; {near(name, TABLE)}")
        return super().resolve_command(ctx, args)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """The names and helps of the table, so that completing a command imports none of them."""
        from click.shell_completion import CompletionItem  # only the shell asks

        found = [CompletionItem(name, help=line) for name, (_, line) in TABLE.items() if name.startswith(incomplete)]
        return [*found, *click.Command.shell_complete(self, ctx, incomplete)]

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands without importing any of them."""
        if TABLE:
            with formatter.section("Commands"):
                formatter.write_dl([(name, line) for name, (_, line) in TABLE.items()])


def _folder(_ctx: click.Context, _parameter: click.Parameter, typed: str | None) -> Path | None:
    """The folder named; an empty name, as of a variable that is not set, would be the present folder."""
    if typed == "":
        raise click.BadParameter("the name is empty; name a folder")
    return None if typed is None else Path(typed)


@click.group(cls=LazyGroup, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--home",
    type=click.Path(),
    callback=_folder,
    help="Keep everything in this folder (or set STUDYAPP_HOME).",
)
@click.option("--plain", is_flag=True, help="Say Today in lines; by itself where there is no terminal.")
@click.version_option(package_name="studyapp", prog_name="studyapp", message="%(prog)s %(version)s")
@click.pass_context
def cli(ctx: click.Context, home: Path | None, *, plain: bool) -> None:
    """Learn from the terminal: flashcards, quizzes and worked exercises, with your progress over months.

    Without a COMMAND: Today, what is due and what comes next.
    """
    if home is not None:
        os.environ["STUDYAPP_HOME"] = str(home.expanduser().resolve())
    if ctx.invoked_subcommand is None:
        if interactive() and not plain:
            run()
        else:
            from studyapp.cli.today import tell

            tell()
