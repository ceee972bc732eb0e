"""A screen with a question on it: the question stays in sight, the rest scrolls, and the footer says by which key."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from textual import events
from textual.content import Content

from studyapp.ui import wording
from studyapp.ui.actions import Action
from studyapp.ui.base import Notice, Page, StudyScreen
from studyapp.ui.widgets.grades import Grades
from studyapp.ui.widgets.question import QuestionView


class QuestionScreen(StudyScreen):
    """What review, quiz, flashcards and the view of a single card share."""

    def on_mount(self) -> None:
        """Other keys when the page becomes too long, and at its end than at its beginning."""
        for what in ("show_vertical_scrollbar", "scroll_y"):
            self.watch(self.view, what, lambda _before, _now: self.offer_keys(), init=False)

    def on_descendant_focus(self, _event: events.DescendantFocus) -> None:
        """Other keys once the options or the field have the focus."""
        self.offer_keys()

    @property
    def view(self) -> QuestionView:
        """Where the question stands, with everything that opens below it."""
        return self.query_one(QuestionView)

    def renew(self) -> None:
        """Other keys are possible now."""
        self.refresh_bindings()
        self.offer_keys()

    def ask_how_sure(self) -> None:
        """Answered, and not checked before a number says how sure the person is."""
        self.set_focus(None)
        self.query_one("#notice", Notice).say(wording.HOW_SURE, "?")
        self.query_one(Grades).offer(wording.SURE_BUTTONS)
        self.renew()

    def reopen(self, how: Content) -> None:
        """Back to the unanswered question, with what was typed or picked. Args: `how`: the line on how to answer."""
        self.query_one("#notice", Notice).say()
        self.query_one(Grades).say(how)
        self.view.reopen()
        self.renew()

    def offered(self) -> Iterator[Action]:
        """As everywhere, with the key that scrolls while there is more than fits."""
        yield from with_scrolling(super().offered(), self.view)

    def action_scroll_page(self, direction: int, whole: bool) -> None:
        """Scroll by a line, or by what is in sight below the question."""
        self.view.scroll_relative(y=direction * (max(1, self.view.room - 2) if whole else 1), animate=False)


def with_scrolling(actions: Iterable[Action], page: Page) -> Iterator[Action]:
    """The actions, with the key that scrolls on, or at the end back, third in the footer where the page is too long."""
    offered = list(actions)
    if page.show_vertical_scrollbar:
        end = 0 < page.max_scroll_y <= page.scroll_offset.y
        name, shown, word = ("page-up", "PgUp", "back") if end else ("page-down", "PgDn", "more")
        for action in offered:
            if action.id == name:
                offered.remove(action)
                first = [place for place, other in enumerate(offered) if other.footer][:2]
                offered.insert(first[-1] + 1 if first else 0, replace(action, footer=word, shown=shown))
                break
    yield from offered
