"""The style sheet, parsed once: Textual would parse every rule again for each screen that is opened."""

from __future__ import annotations

from collections.abc import Mapping

from textual.css.stylesheet import Stylesheet


class Sheet(Stylesheet):
    """A style sheet that remembers what it has parsed as long as the variables of the theme stay the same."""

    def __init__(self, *, variables: Mapping[str, str]) -> None:
        self._known = dict(variables)
        super().__init__(variables=self._known)

    def set_variables(self, variables: dict[str, str]) -> None:
        """Take other colours: what was parsed is forgotten, unless they are the same."""
        if variables != self._known:
            self._known = dict(variables)
            super().set_variables(variables)

    def reparse(self) -> None:
        """Parse what has not been parsed with these variables yet."""
        self.parse()
