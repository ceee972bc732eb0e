"""Which screens there are, where they are, and what is imported when. Imports nothing else of this room.

Nothing slow is loaded before the first frame; what the next key needs is loaded while the person reads.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

from textual.screen import Screen

SCREENS: dict[str, str] = {
    "today": "studyapp.ui.today:TodayScreen",
    "review": "studyapp.ui.review:ReviewScreen",
    "settings": "studyapp.ui.settings:SettingsScreen",
    "quiz": "studyapp.ui.quiz:QuizScreen",
    "flashcards": "studyapp.ui.flashcards:FlashcardsScreen",
    "lessons": "studyapp.ui.lessons:LessonsScreen",
    "map": "studyapp.ui.concept_map:MapScreen",
    "progress": "studyapp.ui.progress:ProgressScreen",
    "exercise": "studyapp.ui.exercise:ExerciseScreen",
    "browse": "studyapp.ui.browse:BrowseScreen",
    "labs": "studyapp.ui.labs:LabsScreen",
}
"""Mode → where its screen is. A screen is imported when it is opened first; to add one, add a row."""

NEEDED_FIRST = ("studyapp.typeset.blocks", "studyapp.typeset.prose", "markdown_it.tree", "mdit_py_plugins.dollarmath")
"""Imported before a screen is told that the desk is open: what any question may need to be set."""
NEEDED_SOON = ("studyapp.ui.review", "studyapp.memory.schedule", "engine.marking")
"""Imported while the first page is read: what the first question and the first answer need."""
NEEDED_LATER = ("studyapp.ui.exercise", "studyapp.ui.exercise_sitting")
"""Imported once somebody has stayed for a while: the engine takes too long for the moment a key is pressed."""


def screen(place: str) -> Screen[Any]:
    """The screen that `place` ("module:class") names."""
    module, _, name = place.partition(":")
    made: Screen[Any] = getattr(import_module(module), name)()
    return made
