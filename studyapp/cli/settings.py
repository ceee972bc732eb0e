"""`studyapp settings`: show, explain and change what a learner can choose. Reads and writes `config.toml` only."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from studyapp.cli.common import clean, fail, near, print_json

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from studyapp.study.choices import Choice


def _complete(_ctx: click.Context, _parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    from click.shell_completion import CompletionItem  # only the shell asks

    from studyapp.study.choices import SENTENCES

    return [CompletionItem(name, help=told) for name, told in SENTENCES.items() if name.startswith(incomplete)]


@click.command()
@click.argument("name", required=False, shell_complete=_complete)
@click.argument("value", required=False)
@click.option("--reset", is_flag=True, help="Take the default again.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(*, name: str | None, value: str | None, reset: bool, as_json: bool) -> None:
    """Show all settings, explain one (NAME), or change it (NAME VALUE).

    Lists are written with commas, waits as 1m,10m, several decks with semicolons.
    """
    from studyapp.storage import places  # help must not cost them
    from studyapp.study import choices, settings

    home = places.home()
    try:
        chosen = settings.load(home)
    except settings.SettingsError as error:
        fail(str(error))
    if name is not None and name not in choices.SENTENCES:
        fail(f"there is no setting {name!r}; {near(name, choices.SENTENCES)}")
    if reset and (name is None or value is not None):
        raise click.UsageError("--reset takes one NAME and no VALUE")
    if name is not None and (reset or value is not None):
        default = next(one.default for one in choices.listed(chosen) if one.name == name)
        try:
            wanted = choices.data(default) if reset else choices.read(name, str(value))
            chosen = settings.changed(chosen, name, wanted)
            settings.save(home, chosen)
        except (TypeError, ValueError) as error:
            fail(str(error))
        except OSError as error:
            fail(f"the settings in {home} cannot be written: {error.strerror or error}")
    for odd in sorted(chosen.unknown) if name is None else ():
        click.echo(clean(f"config.toml: there is no setting {odd!r}; {near(odd, choices.SENTENCES)}"), err=True)
    _show([one for one in choices.listed(chosen) if name in (None, one.name)], as_json=as_json)


def _show(shown: list[Choice], *, as_json: bool) -> None:
    from studyapp.study.choices import data

    if as_json:
        print_json({one.name: data(one.value) for one in shown})
        return
    width = max(len(one.name) for one in shown)
    for one in shown:
        click.echo(f"{one.name:<{width}}  {one.shown or '(not set)'}")
    if len(shown) == 1:
        click.echo(shown[0].sentence)
