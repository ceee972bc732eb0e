"""The application: modes, theme, and nothing that a learner does."""

from __future__ import annotations

from textual.app import App


class StudyApp(App[None]):
    """The screens of studyapp."""
