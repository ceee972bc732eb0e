"""What a learner has chosen: read from and written to `config.toml` in the home folder.

A setting is a field of `Settings` or of its `Preset`; `studyapp.study.choices` explains each to people. Nothing here
opens the database. Unknown keys in the file are kept when it is written, so that an older program loses nothing of a
newer one.
"""

from __future__ import annotations

import dataclasses
import os
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from studyapp.memory.model import Preset
from studyapp.storage import places

FILE = "config.toml"
GRADE_BY = ("grades", "confidence")


class SettingsError(Exception):
    """The configuration file cannot be read, or says what cannot be; the text says how to mend it."""


@dataclass(frozen=True)
class Settings:
    """Everything a learner can choose."""

    preset: Preset = field(default_factory=Preset)
    grade_by: str = "grades"
    """"grades" (Again, Hard, Good, Easy) or "confidence" (1 not at all … 5 perfectly)."""
    ask_confidence: bool = False
    """Ask how sure you are before a machine-marked answer is checked; feeds the calibration curve."""
    theme: str = ""
    """A theme of the screens by name; empty follows the terminal (dark)."""
    editor: str = ""
    """The command that edits a card; empty takes $VISUAL, then $EDITOR."""
    decks: tuple[Path, ...] = ()
    """Files and folders of your own decks. In the file, what lies in the home folder is named from there."""
    unknown: dict[str, Any] = field(default_factory=dict, repr=False)


PRESET_FIELDS = tuple(item.name for item in dataclasses.fields(Preset) if item.name != "parameters")
PLAIN_FIELDS = ("grade_by", "ask_confidence", "theme", "editor", "decks")


def load(home: Path) -> Settings:
    """The settings in `home/config.toml`, or the defaults where there is no such file.

    Raises: SettingsError when the file is not TOML, or a value is of the wrong type or out of its range.
    """
    path = home / FILE
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Settings()
    except OSError as error:
        raise SettingsError(f"{path}: {error.strerror}; allow reading it, or name another folder") from None
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        said = error if isinstance(error, tomllib.TOMLDecodeError) else "this is no UTF-8 text"
        raise SettingsError(
            f"{path}: {said}; mend the line, or move the file away to begin with the defaults"
        ) from None
    try:
        chosen = _from_table(table)
        decks = dict.fromkeys(places.found(home, str(deck)) for deck in chosen.decks)  # two may be one by now
        return dataclasses.replace(chosen, decks=tuple(decks))
    except (TypeError, ValueError) as error:
        raise SettingsError(f"{path}: {error}") from None


def save(home: Path, settings: Settings) -> None:
    """Write the settings: to a temporary file first, so that a full disk leaves the old ones whole."""
    from content.writing import write_whole  # `studyapp due` reads settings and writes none

    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    lines = ["# studyapp's settings; `studyapp settings` explains each."]
    defaults = _to_table(Settings())
    written = _to_table(settings) | {"decks": [places.written(home, path) for path in settings.decks]}
    for name, value in written.items():
        if value != defaults.get(name):
            lines.append(f"{name} = {_toml(value)}")
    write_whole(home / FILE, ("\n".join(lines) + "\n").encode())


def changed(settings: Settings, name: str, value: object) -> Settings:
    """The settings with one of them changed. Paths are as one types them: from the folder one is in.

    Raises: ValueError when there is no such setting, or the value cannot be.
    """
    if name not in (*PRESET_FIELDS, *PLAIN_FIELDS):
        raise ValueError(f"there is no setting {name!r}")
    chosen = _from_table({**_to_table(settings), name: value})
    if name != "decks":
        return chosen
    return dataclasses.replace(chosen, decks=tuple(map(_typed, chosen.decks)))


def _typed(path: Path) -> Path:
    at_home = os.path.expanduser(path)  # noqa: PTH111  takes ~nobody as a name, where Path's raises
    return Path(os.path.abspath(at_home))  # noqa: PTH100  a link among the decks stays one


def _to_table(settings: Settings) -> dict[str, Any]:
    table: dict[str, Any] = dict(settings.unknown)
    for name in PRESET_FIELDS:
        value = getattr(settings.preset, name)
        table[name] = list(value) if isinstance(value, tuple) else value
    for name in PLAIN_FIELDS:
        value = getattr(settings, name)
        table[name] = [str(path) for path in value] if name == "decks" else value
    return table


def _from_table(table: dict[str, Any]) -> Settings:
    preset_defaults = Preset()
    preset: dict[str, Any] = {}
    for name in PRESET_FIELDS:
        if name in table:
            preset[name] = _like(name, table[name], getattr(preset_defaults, name))
    plain: dict[str, Any] = {}
    for name in PLAIN_FIELDS:
        if name not in table:
            continue
        if name == "decks":
            if not isinstance(table[name], list | tuple):  # a text would be taken letter by letter, "/" among them
                raise TypeError('decks must be a list, as ["/path/to/deck.md"]')
            plain[name] = tuple(Path(_like(name, entry, "")) for entry in table[name])
        else:
            plain[name] = _like(name, table[name], getattr(Settings, name))
    unknown = {name: value for name, value in table.items() if name not in (*PRESET_FIELDS, *PLAIN_FIELDS)}
    settings = Settings(preset=Preset(**preset), unknown=unknown, **plain)
    _check(settings)
    return settings


def _like(name: str, value: Any, default: Any) -> Any:
    """`value`, of the default's type (whole numbers pass as floats).

    Raises: TypeError that names the setting.
    """
    if isinstance(default, tuple):
        if not isinstance(value, list | tuple):
            raise TypeError(f"{name} must be a list")
        kind = type(default[0])
        return tuple(_like(name, entry, kind()) for entry in value)
    if isinstance(default, float) and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if type(value) is not type(default):
        raise TypeError(f"{name} must be {_WORDS[type(default)]}, not {value!r}")
    return value


_WORDS = {bool: "true or false", int: "a whole number", float: "a number", str: "text"}

_RANGES: dict[str, tuple[float, float]] = {
    "desired_retention": (0.70, 0.99),
    "maximum_interval": (1, 36_500),
    "rollover_hour": (0, 23),
    "new_per_day": (0, 9_999),
    "reviews_per_day": (0, 9_999),
    "leech_lapses": (0, 99),
    "learn_ahead_seconds": (0, 86_400),
}


def _check(settings: Settings) -> None:
    preset = settings.preset
    for name, (low, high) in _RANGES.items():
        if not low <= getattr(preset, name) <= high:
            raise ValueError(f"{name} must lie between {low:g} and {high:g}, not {getattr(preset, name)!r}")
    for name in ("learning_steps", "relearning_steps"):
        if any(not 1 <= step <= 30 * 86_400 for step in getattr(preset, name)):
            raise ValueError(f"{name} must be seconds, each between 1 and 2592000 (30 days)")
    if len(preset.easy_days) != 7 or any(not 0 <= share <= 1 for share in preset.easy_days):
        raise ValueError("easy_days must be seven numbers between 0 and 1, Monday first")
    if settings.grade_by not in GRADE_BY:
        raise ValueError(f"grade_by must be one of {', '.join(GRADE_BY)}, not {settings.grade_by!r}")


def _toml(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return "[" + ", ".join(_toml(entry) for entry in value) + "]"
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{_toml(str(name))} = {_toml(entry)}" for name, entry in value.items()) + " }"
    if isinstance(value, str):
        escaped = "".join(f"\\u{ord(char):04x}" if ord(char) < 32 or char in '"\\\x7f' else char for char in value)
        return f'"{escaped}"'
    return str(value)
