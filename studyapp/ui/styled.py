"""An application that knows its theme before its style sheet is read, and parses the sheet once.

Textual would parse every rule again for each screen that is opened: a tenth of a second at the start.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any
from weakref import WeakKeyDictionary

from textual.app import App
from textual.css.stylesheet import Stylesheet
from textual.reactive import Initialize, Reactive
from textual.screen import Screen
from textual.theme import Theme

from studyapp.ui import themes


class Sheet(Stylesheet):
    """A style sheet that remembers what it has parsed as long as the variables of the theme stay the same."""

    def __init__(self, *, variables: Mapping[str, str]) -> None:
        self._known = dict(variables)
        self.version = 0
        """Another number for other colours."""
        super().__init__(variables=self._known)

    def set_variables(self, variables: dict[str, str]) -> None:
        """Take other colours: what was parsed is forgotten, unless they are the same."""
        if variables != self._known:
            self._known = dict(variables)
            self.version += 1
            super().set_variables(variables)

    def reparse(self) -> None:
        """Parse what has not been parsed with these variables yet."""
        self.parse()


def _first_theme(app: Any) -> str:
    return str(app.first_theme)


class StyledApp(App[None]):
    """See the module's first lines."""

    # Known from the beginning: a theme that is set later means parsing every rule again.
    theme: Reactive[str] = Reactive(Initialize(_first_theme))

    def __init__(self, setting: str) -> None:
        """Begin in the theme that the setting names, or in our own where there is none of that name."""
        self.first_theme = themes.known(setting)
        super().__init__(ansi_color=True if "NO_COLOR" in os.environ else None)
        self.sheet = Sheet(variables=self.theme_variables)
        self.stylesheet = self.sheet
        self._coloured = self.theme
        """The theme whose colours the sheet has."""
        self._styled: WeakKeyDictionary[Screen[Any], int] = WeakKeyDictionary()
        """Screen → the version of the sheet that it was styled with."""

    @property
    def available_themes(self) -> dict[str, Theme]:
        """Textual's themes and ours, by name."""
        return themes.ALL

    def look(self, setting: str) -> bool:
        """Take the theme that the setting names. Returns False, and keeps the present one, when there is none."""
        name = themes.named(setting)
        if name not in self.available_themes:
            return False
        self.theme = name
        return True

    def refresh_css(self, animate: bool = True) -> None:
        """Style anew what stands there in other colours.

        Textual asks for it, and styles everything in sight twice, whenever a screen is opened first, although a screen
        takes its styles when it is mounted.
        """
        if self._coloured != self.theme:
            self._coloured = self.theme
            self.sheet.set_variables(self.get_css_variables())
        version, screens = self.sheet.version, self.screen_stack
        stale = [one for one in screens if one.is_mounted and self._styled.get(one) != version]
        self._styled.update(dict.fromkeys(screens, version))
        if stale:
            super().refresh_css(animate)
