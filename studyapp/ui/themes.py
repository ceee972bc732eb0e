"""The looks: a dark and a light theme of our own, the terminal's own colours, and all that Textual brings."""

from __future__ import annotations

import os
from pathlib import Path

from textual.theme import BUILTIN_THEMES, Theme

DARK = Theme(
    name="studyapp-dark",
    primary="#7aa2c8",
    secondary="#9fb8ad",
    accent="#d9a962",
    success="#86b37d",
    warning="#d6b25e",
    error="#d98079",
    foreground="#d9d5cc",
    background="#1b1c1e",
    surface="#212326",
    panel="#2a2d31",
    dark=True,
    variables={"block-cursor-text-style": "none", "input-selection-background": "#7aa2c8 35%"},
)
LIGHT = Theme(
    name="studyapp-light",
    primary="#2f628f",
    secondary="#3f6b5c",
    accent="#8a5a00",
    success="#2f6b2a",
    warning="#7d5b00",
    error="#a4322a",
    foreground="#2a2a28",
    background="#faf8f3",
    surface="#f2efe7",
    panel="#e7e3d8",
    dark=False,
    variables={"block-cursor-text-style": "none", "input-selection-background": "#2f628f 25%"},
)
OURS = {theme.name: theme for theme in (DARK, LIGHT)}
ALL = {**BUILTIN_THEMES, **OURS}
ALIASES = {
    "": DARK.name,
    "dark": DARK.name,
    "light": LIGHT.name,
    "terminal": "ansi-dark",
    "ansi": "ansi-dark",
}
"""What a person may write in the setting → the theme's name."""


def named(setting: str) -> str:
    """The theme that the setting asks for; without colours always the terminal's own."""
    if "NO_COLOR" in os.environ:
        return "ansi-dark"
    return ALIASES.get(setting.strip().lower(), setting.strip())


def known(setting: str) -> str:
    """As `named`, but our own dark theme where there is none of that name."""
    name = named(setting)
    return name if name in ALL else DARK.name


def chosen(home: Path | None) -> str:
    """What the settings in `home` say of the theme; what is wrong with them, opening the desk will say."""
    from studyapp.storage import places
    from studyapp.study import settings

    try:
        return settings.load(home or places.home()).theme
    except settings.SettingsError:
        return ""
