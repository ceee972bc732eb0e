"""What all screens stand on: the reading column, the footer, help and palette from one list of actions.

A screen subclasses `StudyScreen`, lists its `ACTIONS` and fills `body()`; it draws what a use case returns in `arrived`
(called when the desk is open) and `resumed` (each time the screen comes to the front).
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from typing import TYPE_CHECKING, Any, ClassVar, cast

from textual.actions import parse
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.geometry import Size
from textual.keys import key_to_character
from textual.screen import ModalScreen, Screen

from studyapp.ui import cells
from studyapp.ui.actions import BACK, HELP, PALETTE, QUIT, SCROLL, Action
from studyapp.ui.widgets.drawn import Drawn
from studyapp.ui.widgets.keys import Keys

if TYPE_CHECKING:
    from studyapp.study.desk import Desk
    from studyapp.ui.app import StudyApp


A_MOMENT = 0.3
"""Seconds that writing may take before a word is said about it."""
SMALLEST = (60, 20)
"""Columns and rows that the screens need."""
WIDTHS = [(0, "-tiny"), (SMALLEST[0], "-narrow"), (80, "-normal"), (120, "-wide")]
HEIGHTS = [(0, "-flat"), (SMALLEST[1], "-low"), (30, "-high")]
BREAKPOINTS = (WIDTHS, HEIGHTS)
EVERYWHERE: tuple[Action, ...] = (*SCROLL, BACK, PALETTE, QUIT, HELP)
"""Actions that every screen has; a screen's own of the same id comes instead."""


def merged(own: tuple[Action, ...], shared: tuple[Action, ...] = EVERYWHERE) -> tuple[Action, ...]:
    """A screen's own actions and the shared ones it does not replace, by id or by key; the help stands last."""
    ids = {action.id for action in own}
    taken = {key for action in own for key in action.keys.split(",")}
    kept = []
    for action in shared:
        keys = [key for key in action.keys.split(",") if key not in taken]
        if action.id not in ids and (keys or not action.keys):
            kept.append(action)
    return (*(action for action in (*own, *kept) if action.id != HELP.id), HELP)


def fitting(size: Size) -> list[str]:
    """The classes that a terminal of this size brings; given from the beginning, nothing is styled again for them."""
    reached = (
        [name for least, name in steps if length >= least] for length, steps in zip(size, BREAKPOINTS, strict=True)
    )
    return [names[-1] for names in reached if names]


class Page(VerticalScroll, can_focus=False):
    """The reading column: at most 76 cells wide, scrolling when it is longer than the screen."""


class Notice(Drawn):
    """A sentence in place: what happened, what went wrong and how to mend it. Never markup."""

    DEFAULT_CSS = """
    Notice { text-wrap: wrap; }
    """

    def say(self, sentence: str = "", sign: str = "·", style: str = cells.MUTED) -> None:
        """Show `sentence` behind a sign; an empty one clears the place."""
        if not sentence:
            self.show("")
            return
        self.show(lambda width: _wrapped(sentence, sign, style, width))

    def warn(self, sentence: str) -> None:
        """Show what went wrong."""
        self.say(sentence, "!", cells.CLOSE)


def _wrapped(sentence: str, sign: str, style: str, width: int) -> Content:
    lines = Content(" ".join(sentence.split())).wrap(max(10, width - 2))
    drawn = [Content.assemble((sign if number == 0 else " ", style), " ", part) for number, part in enumerate(lines)]
    return Content("\n").join(drawn)


class TooSmall(Drawn):
    """Covers the screen while the terminal is too small, and says so; the style sheet decides when."""

    def __init__(self) -> None:
        super().__init__(_too_small, id="too-small")


def _too_small(width: int) -> Content:
    sentence = f"Please make the window larger: studyapp needs {SMALLEST[0]} columns and {SMALLEST[1]} rows."
    return Content("\n").join(Content(sentence).wrap(max(1, width)))


class StudyScreen(Screen[None]):
    """A screen of the application; see the module's first lines."""

    ACTIONS: ClassVar[tuple[Action, ...]] = ()
    TITLE: ClassVar[str | None] = ""
    HORIZONTAL_BREAKPOINTS = WIDTHS
    VERTICAL_BREAKPOINTS = HEIGHTS
    AUTO_FOCUS = ""

    def __init__(self) -> None:
        super().__init__()
        self.add_class(*fitting(self.app.size), update=False)

    def __init_subclass__(cls, **options: Any) -> None:
        """Make the key bindings from the actions."""
        cls.ACTIONS = merged(cls.ACTIONS)
        cls.BINDINGS = [action.binding() for action in cls.ACTIONS if action.keys]
        super().__init_subclass__(**options)

    # what a screen fills in

    def body(self) -> ComposeResult:
        """The widgets between the top of the column and the footer."""
        yield Page(id="page")

    def arrived(self, desk: Desk) -> None:
        """The desk is open: look up what the screen shows. Called once."""

    def resumed(self, desk: Desk) -> None:
        """The screen has come to the front with an open desk; called after `arrived` too."""

    # the frame

    def compose(self) -> ComposeResult:
        """The column, the footer, and the cover for a terminal that is too small."""
        with Vertical(id="column"):
            yield from self.body()
            yield Keys(id="keys")
        yield TooSmall()

    @property
    def study(self) -> StudyApp:
        """The application."""
        return cast("StudyApp", self.app)

    @property
    def desk(self) -> Desk:
        """What the person has open. Raises: RuntimeError before it is."""
        if self.study.desk is None:
            raise RuntimeError("the desk is not open yet")
        return self.study.desk

    @property
    def page(self) -> Page:
        """The reading column."""
        return self.query_one("#page", Page)

    _arrived = False

    def on_mount(self) -> None:
        """Follow the keys that are there."""
        self.bindings_updated_signal.subscribe(self, lambda _screen: self.offer_keys())
        self.offer_keys()

    _in_front = False

    def on_screen_resume(self) -> None:
        """Show what is there now; Textual says it twice of a screen that is opened first."""
        if self.is_mounted and not self._in_front:
            self._in_front = True
            self.desk_ready()

    def on_screen_suspend(self) -> None:
        """Something else is in front."""
        self._in_front = False

    def desk_ready(self) -> None:
        """Called by the application when the desk is open, and whenever this screen comes to the front."""
        desk = self.study.desk
        if desk is None or not self.is_mounted:
            return
        from studyapp.storage.errors import StorageError  # there is a desk, so it is imported already

        try:
            if not self._arrived:
                self.arrived(desk)
                self._arrived = True
            self.resumed(desk)
        except StorageError as error:
            self.study.tell_trouble(str(error))
        self.offer_keys()

    def offered(self) -> Iterator[Action]:
        """The actions that are possible now, the most important first."""
        for action in self.ACTIONS:
            if self.possible(action):
                yield action.without(self._taken)

    def _taken(self, key: str) -> bool:
        """Whether the focused widget keeps the key for itself, as a field does with letters."""
        return self.focused is not None and self.focused.check_consume_key(key, key_to_character(key))

    def possible(self, action: Action) -> bool:
        """Whether the action can be done now."""
        _namespace, name, parameters = parse(action.command)
        return action.command.startswith("app.") or bool(self.check_action(name, parameters))

    def offer_keys(self) -> None:
        """Bring the footer up to date."""
        for keys in self.query("#keys").results(Keys):
            keys.offer(action for action in self.offered() if action.footer)

    @property
    def too_small(self) -> bool:
        """Whether the cover is up, so that nobody grades what they cannot see."""
        return self.size.width < SMALLEST[0] or self.size.height < SMALLEST[1]

    _saving = False

    async def save(self, act: Callable[[], object], *, refused: str = "Not saved. {error}") -> bool:
        """Run an act that writes, and so waits for the disk, away from the screens' own thread.

        Await it in an action: keys that are pressed meanwhile wait their turn, and the screens go on painting. A
        handler of a message hands over by `self.app.call_later`, for keys would not wait for it.

        Args: `act`: touches no widget; `refused`: what is said below when the disk refuses.
        Returns: whether to go on: not when it was refused, when another act is being saved (nothing has happened then),
        or when the person has left meanwhile.
        """
        from studyapp.storage.errors import StorageError  # there is something to write, so it is imported

        if self._saving:  # a second click; a second key waits
            return False
        self._saving, notice = True, self.query_one("#notice", Notice)
        slow = self.set_timer(A_MOMENT, lambda: notice.say("Saving …"))
        try:
            await asyncio.to_thread(act)
        except StorageError as error:
            notice.warn(refused.format(error=error))
            return False
        finally:
            slow.stop()
            self._saving = False
        return self.is_attached

    def leave(self) -> None:
        """Close this screen; not while another one lies over it, which may have come while something was saved."""
        if self.is_active:
            self.dismiss()

    # actions that all share

    def action_back(self) -> Awaitable[None] | None:
        """To Today."""
        self.study.open_mode("today")
        return None

    def action_help(self) -> None:
        """Show what can be done here."""
        from studyapp.ui.help import HelpScreen  # rarely needed, never at the first paint

        self.app.push_screen(HelpScreen(self.title or "", tuple(self.offered())))

    def action_scroll_page(self, direction: int, whole: bool) -> None:
        """Scroll the page by a line or by what is in sight."""
        scroll(self, direction, whole=whole)


class Overlay(ModalScreen[None]):
    """Something to read over a screen; Esc, Enter or q leave it."""

    HORIZONTAL_BREAKPOINTS = WIDTHS
    VERTICAL_BREAKPOINTS = HEIGHTS
    ACTIONS: ClassVar[tuple[Action, ...]] = (
        Action("close", "escape,enter,space,q,question_mark", "Close", "Back to where you were.", "close", "Esc"),
        *SCROLL,
    )

    def __init__(self) -> None:
        super().__init__()
        self.add_class(*fitting(self.app.size), update=False)

    def __init_subclass__(cls, **options: Any) -> None:
        """Make the key bindings from the actions."""
        cls.BINDINGS = [action.binding() for action in cls.ACTIONS if action.keys]
        super().__init_subclass__(**options)

    def draw(self, width: int) -> Content:
        """What there is to read; each overlay says its own."""
        return Content("")

    def compose(self) -> ComposeResult:
        """A column with the text and the way out."""
        with Vertical(id="column"):
            with Page(id="page"):
                yield Drawn(self.draw)
            yield Keys(id="keys")

    def on_mount(self) -> None:
        """Say how to leave."""
        self.query_one("#keys", Keys).offer(action for action in self.ACTIONS if action.footer)

    def action_close(self) -> None:
        """Leave."""
        self.dismiss()

    def action_scroll_page(self, direction: int, whole: bool) -> None:
        """Scroll the page by a line or by what is in sight."""
        scroll(self, direction, whole=whole)


def scroll(where: Screen[Any], direction: int, *, whole: bool) -> None:
    """Scroll the page of a screen down (1) or up (-1), by a line or by what is in sight."""
    for page in where.query("#page").results(Page):
        page.scroll_relative(y=direction * (max(1, page.size.height - 2) if whole else 1), animate=False)
