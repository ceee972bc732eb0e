"""The one door from the command line to the screens."""

from __future__ import annotations


def run(mode: str = "today") -> None:
    """Open the screens at `mode`; Textual is imported only now."""
    from studyapp.ui.app import StudyApp  # noqa: PLC0415  the deferred import is the point

    StudyApp().run()
