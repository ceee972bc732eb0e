"""The names of the exercises for the shell's completion. Reads the bundled templates' titles, loads no engine."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import click
    from click.shell_completion import CompletionItem


def names() -> list[str]:
    """The bundled templates, in alphabetical order."""
    return sorted(path.stem for path in _folder().glob("*.toml"))


def complete(_ctx: click.Context, _parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Exercises that begin like that, each with its title; what none begins like is the path of a file."""
    from click.shell_completion import CompletionItem  # only the shell asks

    found = [name for name in names() if name.startswith(incomplete)]
    if not found:
        return [CompletionItem(incomplete, type="file")]
    return [CompletionItem(name, help=_title(name)) for name in found]


def complete_or_use(ctx: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """As `complete`, and what else `studyapp exercise` can do."""
    from click.shell_completion import CompletionItem  # only the shell asks

    from studyapp.cli.exercise import USES  # which is imported by whoever completes

    uses = [CompletionItem(use, help=line) for use, (_, line) in USES.items() if use.startswith(incomplete)]
    found = complete(ctx, parameter, incomplete)
    return [*uses, *(one for one in found if one.type != "file" or not uses)]


def _folder() -> Path:
    import content  # help must not cost it

    return content.bundled() / "exercises"


def _title(name: str) -> str:
    try:
        return str(tomllib.loads((_folder() / f"{name}.toml").read_text(encoding="utf-8")).get("title", ""))
    except (OSError, ValueError):
        return ""
