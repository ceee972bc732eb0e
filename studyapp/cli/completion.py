"""`studyapp completion`: the script that lets a shell complete commands, options, decks, exercises and labs."""

from __future__ import annotations

import click

SHELLS = ("bash", "zsh", "fish")


@click.command()
@click.argument("shell", type=click.Choice(SHELLS))
def command(*, shell: str) -> None:
    """Print the completion script for your SHELL.

    \b
    bash  echo 'eval "$(studyapp completion bash)"' >> ~/.bashrc
    zsh   echo 'eval "$(studyapp completion zsh)"' >> ~/.zshrc
    fish  studyapp completion fish > ~/.config/fish/completions/studyapp.fish
    """  # noqa: D301  click reads the backspace
    from click.shell_completion import get_completion_class  # help must not cost it

    from studyapp.cli.group import cli  # which imports this module

    kind = get_completion_class(shell)
    assert kind is not None
    click.echo(kind(cli, {}, "studyapp", "_STUDYAPP_COMPLETE").source())
