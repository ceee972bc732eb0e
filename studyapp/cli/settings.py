"""`studyapp settings`: show, explain and change what a learner can choose. Reads and writes `config.toml` only."""

from __future__ import annotations

import ast
import inspect
import re
from typing import TYPE_CHECKING, Any

import click

from studyapp.cli.common import fail, near, print_json

if TYPE_CHECKING:
    from studyapp.study.settings import Settings

YES, NO = ("true", "yes", "on", "1"), ("false", "no", "off", "0")
UNITS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400}
STEPS = ("learning_steps", "relearning_steps")


@click.command()
@click.argument("name", required=False)
@click.argument("value", required=False)
@click.option("--reset", is_flag=True, help="Take the default again.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(*, name: str | None, value: str | None, reset: bool, as_json: bool) -> None:
    """Show all settings, explain one (NAME), or change it (NAME VALUE).

    Lists are written with commas; learning steps as 1m,10m.
    """
    from studyapp.storage import places  # noqa: PLC0415  help must not cost them
    from studyapp.study import settings  # noqa: PLC0415

    home = places.home()
    try:
        chosen = settings.load(home)
    except settings.SettingsError as error:
        fail(str(error))
    names = (*settings.PRESET_FIELDS, *settings.PLAIN_FIELDS)
    if name is not None and name not in names:
        fail(f"there is no setting {name!r}; {near(name, names)}")
    if name is not None and (reset or value is not None):
        wanted = _value(settings.Settings(), name) if reset else _parsed(name, str(value))
        try:
            chosen = settings.changed(chosen, name, wanted)
            settings.save(home, chosen)
        except (TypeError, ValueError) as error:
            fail(str(error))
        except OSError as error:
            fail(f"the settings in {home} cannot be written: {error.strerror or error}")
    _show(chosen, (name,) if name else names, as_json=as_json)


def _show(chosen: Settings, names: tuple[str, ...], *, as_json: bool) -> None:
    values = {name: _value(chosen, name) for name in names}
    if as_json:
        print_json(values)
        return
    texts = explanations()
    width = max(map(len, names))
    for name, value in values.items():
        click.echo(f"{name:<{width}}  {_written(name, value)}")
        if len(names) == 1 and texts.get(name):
            click.echo(texts[name])


def explanations() -> dict[str, str]:
    """Setting → what it means: the text below its field in the source."""
    from studyapp.memory.model import Preset  # noqa: PLC0415
    from studyapp.study.settings import Settings  # noqa: PLC0415

    found: dict[str, str] = {}
    for owner in (Preset, Settings):
        body = ast.parse(inspect.getsource(owner)).body[0]
        assert isinstance(body, ast.ClassDef)
        for field, text in zip(body.body, body.body[1:], strict=False):
            if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name) and isinstance(text, ast.Expr):
                found[field.target.id] = inspect.cleandoc(str(ast.literal_eval(text.value)))
    return found


def _value(chosen: Settings, name: str) -> Any:
    value = getattr(chosen.preset, name) if hasattr(chosen.preset, name) else getattr(chosen, name)
    return [str(entry) if name == "decks" else entry for entry in value] if isinstance(value, tuple) else value


def _written(name: str, value: Any) -> str:
    """A value as it can be typed again."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        joint = ";" if name == "decks" else ","  # paths may hold commas
        return joint.join(_duration(entry) if name in STEPS else str(entry) for entry in value) or "(none)"
    return str(value) if value != "" else "(empty)"


def _duration(seconds: int) -> str:
    unit = next(unit for unit in "dhms" if seconds % UNITS[unit] == 0)
    return f"{seconds // UNITS[unit]}{unit}"


def _parsed(name: str, text: str) -> Any:
    """What was typed, of the type that the setting has. Ends the command with 1 when it cannot be read."""
    from studyapp.study.settings import Settings  # noqa: PLC0415

    default = _value(Settings(), name)
    if isinstance(default, bool):
        word = text.casefold()
        return True if word in YES else False if word in NO else text
    if isinstance(default, list):
        parts = [part for part in re.split(r"[,\s]+" if name != "decks" else ";", text) if part]
        return [part if name == "decks" else _number(name, part) for part in parts]
    return _number(name, text) if isinstance(default, int | float) else text


def _number(name: str, text: str) -> float:
    match = re.fullmatch(r"(\d+)([smhd])", text) if name in STEPS else None
    if match:
        return int(match[1]) * UNITS[match[2]]
    try:
        return int(text) if re.fullmatch(r"[+-]?\d+", text) else float(text)
    except ValueError:
        fail(f"{name} must be a number, not {text!r}")
