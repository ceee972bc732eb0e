"""Where an answer is typed. Enter marks it; what was typed stays in sight afterwards."""

from __future__ import annotations

from textual.widgets import Input


class Field(Input):
    """A line to type in. Posts `Input.Submitted` on Enter."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id, select_on_focus=False, compact=False)

    def ask(self, wanted: str) -> None:
        """Empty, ready for an answer; `wanted` says what form is asked for."""
        self.value = ""
        self.placeholder = wanted
        self.disabled = False
        self.display = True
        self.remove_class("-done")

    def settle(self) -> None:
        """Keep what was typed and take no more."""
        self.disabled = True
        self.add_class("-done")
