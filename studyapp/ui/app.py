"""The application: its screens, its looks, the desk behind them, and nothing that a learner does.

The first frame is painted before anything slow is imported; the desk is opened in a thread meanwhile.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, ClassVar

from textual import work
from textual.app import SystemCommand
from textual.screen import Screen
from textual.worker import Worker, WorkerState, get_current_worker

from studyapp.ui import modes, themes
from studyapp.ui.base import Notice, StudyScreen
from studyapp.ui.styled import StyledApp

if TYPE_CHECKING:
    from textual.timer import Timer

    from studyapp.study.clock import Clock
    from studyapp.study.desk import Desk
    from studyapp.study.preview import FirstCard
    from studyapp.study.review import ReviewSession

A_WHILE = 2.0
"""Seconds."""
REST = 0.5
"""Seconds that a card has been looked at before the disk is put in order, for which an answer would have to wait."""
SWITCH = 0.001
"""Seconds until a thread that loads or calculates lets the screen's own thread go on; Python's 5 ms are felt."""


@dataclass(frozen=True)
class Scope:
    """What a review is of."""

    decks: tuple[str, ...] | None = None
    """Ids; None for all."""
    only: tuple[str, ...] | None = None
    """Keys of items; None for all of the decks."""


class StudyApp(StyledApp):
    """The screens of studyapp."""

    TITLE = "studyapp"
    CSS_PATH = "app.tcss"
    MODES: ClassVar[dict[str, str | Callable[[], Screen[Any]]]] = {
        mode: partial(modes.screen, place) for mode, place in modes.SCREENS.items()
    }
    DEFAULT_MODE = "today"
    HORIZONTAL_BREAKPOINTS = None
    ENABLE_COMMAND_PALETTE = True

    def __init__(
        self,
        home: Path | None = None,
        clock: Clock | None = None,
        *,
        start: str = "today",
        with_bundled: bool = True,
        decks: tuple[str, ...] | None = None,
        options: Mapping[str, Any] | None = None,
    ) -> None:
        """Open `home` (by default the learner's own folder) at the mode `start`.

        Args: `decks`: what the screen opened is of; `options`: what else was asked of it on the command line.
        """
        if start == "review":  # at once, not by way of Today: its first card is on the screen before the desk is open
            vars(self)["DEFAULT_MODE"] = "review"
        super().__init__(themes.chosen(home))
        self.desk: Desk | None = None
        """Everything the person has open; None until the thread has opened it."""
        self.session: ReviewSession | None = None
        """The review under way, which can be left and taken up again."""
        self.studied: Scope = Scope()
        """What that review is of."""
        self._session_day: int | None = None
        self._plans = 0
        """How often a review was planned; only the newest plan counts."""
        self.pages_read: dict[str, int] = {}
        """Lesson → the page at which it was left, counted from 0."""
        self.reading = Lock()
        """Held by a thread that reads from the desk, so that it is not closed underneath."""
        self._resting: Timer | None = None
        self._home, self._clock, self._with_bundled = home, clock, with_bundled
        self._start = "today" if start == "review" else start
        self._plans_review = start == "review"
        self._first: str | None = None
        self.start_decks = decks
        """The decks that the command line named for the screen it opened; None for all."""
        self._options = dict(options or {})

    # the desk

    def on_mount(self) -> None:
        """Open the desk as soon as the first frame is painted; a review that begins at once says itself when it is."""
        if not self._plans_review:
            self.call_after_refresh(self.open_desk)

    @work(thread=True, exit_on_error=False, group="desk", description="Opening the decks and the journal")
    def open_desk(self) -> None:
        """Open the desk; the imports this takes are what the first frame does not wait for.

        A thread only ever posts what it has found: a call that waits for the screen would hang when somebody quits.
        """
        from studyapp.storage.errors import StorageError
        from studyapp.storage.telling import listening

        worker = get_current_worker()
        if not self._plans_review:
            self._glance()
        if worker.is_cancelled:  # a thread that goes on importing would hold up the end of the program
            return
        from studyapp.study.desk import Desk
        from studyapp.study.settings import SettingsError

        try:
            with listening(lambda what, share: self.call_later(self._tell_how_far, what, share)):
                desk = Desk.open(self._home, self._clock, with_bundled=self._with_bundled)
            session = desk.review(self.start_decks, first=self._first) if self._plans_review else None
        except (StorageError, SettingsError, OSError) as error:
            self.call_later(self.tell_trouble, str(error))
            return
        for module in modes.NEEDED_FIRST:
            import_module(module)
        if not self.call_later(self._desk_opened, desk, session):  # the person has left meanwhile
            desk.close()
            return
        self._import(modes.NEEDED_SOON)
        if not worker.is_cancelled:
            import_module("studyapp.typeset.prose").prose("- a list", 40)  # loads the Markdown parser

    def _tell_how_far(self, what: str, share: float) -> None:
        """A history of an older version is brought up to date, which may take a minute."""
        for notice in self.screen.query("#notice").results(Notice):
            notice.say(f"{what}: {share * 100:.0f} %" if self.desk is None and share < 1 else "")

    def _import(self, modules: Iterable[str]) -> None:
        """In a thread: load modules before they are needed; not for somebody who has left."""
        worker = get_current_worker()
        for module in modules:
            if not worker.is_cancelled:
                import_module(module)

    @work(thread=True, exit_on_error=False, group="later", description="Loading what will be needed")
    def _prepare(self) -> None:
        self._import(modes.NEEDED_LATER)
        if not gc.isenabled():  # as the command line started us
            gc.freeze()  # what is loaded by now stays: a collection need not look through it again and again
            gc.enable()

    def _glance(self) -> None:
        """Show the counts at once, with the standard library's sqlite3; what is wrong, opening the desk will say."""
        from studyapp.storage import glance, places
        from studyapp.storage.errors import StorageError
        from studyapp.study import settings
        from studyapp.study.clock import SystemClock, moment

        home = self._home or places.home()
        try:
            now = moment(self._clock or SystemClock(), settings.load(home).preset.rollover_hour)
            seen = glance.glance(
                places.database(home), today=now.today, now_ms=now.now, next_day_at=now.day_end, with_first=False
            )
        except (StorageError, settings.SettingsError, OSError):
            return
        if seen is not None:
            due = sum(deck.learning + deck.review for deck in seen.decks)
            later, tomorrow = sum(deck.later_today for deck in seen.decks), sum(deck.tomorrow for deck in seen.decks)
            self.call_later(self._glanced, due, later, tomorrow)

    def _glanced(self, due: int, later: int, tomorrow: int) -> None:
        from studyapp.ui.today import TodayScreen

        if isinstance(self.screen, TodayScreen):
            self.screen.show_counts(due, later, tomorrow)

    def first_card(self) -> FirstCard | None:
        """The first card of a review of everything, before the desk is open; the review then begins with it."""
        from studyapp.study.preview import first_card

        if self.desk is not None or not self._plans_review or self.start_decks is not None:
            return None
        seen = first_card(self._home, self._clock)
        self._first = seen.key if seen else None
        return seen

    def _desk_opened(self, desk: Desk, session: ReviewSession | None) -> None:
        self.desk = desk
        self.set_timer(A_WHILE, self._prepare)
        if session is not None:
            self.session, self.studied = session, Scope(self.start_decks)
            self._session_day = desk.moment().today
        known = self.look(desk.settings.theme)
        if isinstance(self.screen, StudyScreen):
            self.screen.desk_ready()
        if not known:
            self.notify(f"There is no theme {desk.settings.theme!r}; the settings list those there are.", markup=False)
        if self._start != "today":
            self.call_later(self._open_at_start)

    def _open_at_start(self) -> None:
        if self._start == "review":
            self.start_review(self.start_decks)
        else:
            self.open_mode(self._start)

    def asked_for(self) -> dict[str, Any]:
        """What the command line asked of the screen it opened, by the names of its options; told once."""
        asked, self._options = self._options, {}
        return asked

    def tell_trouble(self, sentence: str) -> None:
        """Say calmly that the journal cannot be used just now; the person can try again or leave."""
        from studyapp.ui.trouble import TroubleScreen  # rarely needed, never at the first paint

        if not isinstance(self.screen, TroubleScreen):
            self.push_screen(TroubleScreen(sentence))

    def try_again(self) -> None:
        """Open the desk, or, where it is open, look everything up once more."""
        if self.desk is None:
            self.open_desk()
        elif isinstance(self.screen_stack[0], StudyScreen):
            self.screen_stack[0].desk_ready()

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """A thread that failed in a way nobody foresaw must not leave the person waiting."""
        if event.state is WorkerState.ERROR and event.worker.error is not None:
            kind = type(event.worker.error).__name__
            self.tell_trouble(f"{event.worker.description} failed: {event.worker.error} ({kind}).")

    def on_unmount(self) -> None:
        """Leave a single file behind."""
        if self.desk is not None:
            with self.reading:
                self.desk.close()

    @work(thread=True, exit_on_error=False, group="desk", description="Reading the decks that changed")
    def reread_decks(self) -> None:
        """Read changed deck files."""
        from studyapp.storage.errors import StorageError

        if self.desk is not None:
            try:
                with self.reading:
                    self.desk.refresh()
            except (StorageError, OSError) as error:
                self.call_later(self.tell_trouble, str(error))
                return
            self.call_later(self._decks_read)

    def _decks_read(self) -> None:
        self.forget_session()
        if isinstance(self.screen, StudyScreen):
            self.screen.desk_ready()

    def idle(self) -> None:
        """While somebody reads: look up what most likely comes next, and let the journal put itself in order."""
        self.call_after_refresh(self._while_reading)

    def _while_reading(self) -> None:
        from studyapp.storage.errors import StorageError

        if self.session is not None and self.desk is not None:
            with suppress(StorageError):  # what is wrong shows when the item is asked
                self.session.prepare()
        if self._resting is not None:
            self._resting.stop()
        self._resting = self.set_timer(REST, self._put_in_order)

    @work(thread=True, exit_on_error=False, group="idle", description="Housekeeping while somebody reads")
    def _put_in_order(self) -> None:
        if self.desk is not None:
            with self.reading:
                self.desk.idle()

    # where to go

    def has_mode(self, mode: str) -> bool:
        """Whether there is such a screen."""
        return mode in self._modes

    def open_mode(self, mode: str) -> None:
        """Bring a screen to the front; a review that is still being planned does not come after it.

        Pressed before everything is open, it comes as soon as it is.
        """
        self._plans += 1
        if self.desk is None:
            self._start = mode
        elif self.has_mode(mode):
            self.switch_mode(mode)

    def start_review(self, decks: tuple[str, ...] | None = None, *, only: Iterable[str] | None = None) -> None:
        """Review what is due in `decks` (None: everywhere), or go on where such a review was left.

        Args: `only`: the keys of items to review and learn alone, beyond any limit of the day.
        """
        self.review_of(Scope(decks, None if only is None else tuple(only)))

    def review_of(self, scope: Scope) -> None:
        """Review what is due in `scope`; planned away from the screens' own thread."""
        if self.desk is None:
            self._start, self.start_decks = "review", scope.decks
            return
        today = self.desk.moment().today
        going_on = self.session is not None and self.session.current is not None and self._session_day == today
        if going_on and self.studied == scope:
            self.open_mode("review")
        else:
            self._plans += 1
            self._plan(self.desk, scope, self._plans)

    @work(thread=True, exit_on_error=False, group="plan", description="Planning the review")
    def _plan(self, desk: Desk, scope: Scope, number: int) -> None:
        from studyapp.storage.errors import StorageError

        try:
            with self.reading:
                session, day = desk.review(scope.decks, scope.only), desk.moment().today
        except StorageError as error:
            self.call_later(self.tell_trouble, str(error))
        else:
            self.call_later(self._planned, session, scope, day, number)

    def _planned(self, session: ReviewSession, scope: Scope, day: int, number: int) -> None:
        if number != self._plans:  # something else was asked for meanwhile
            return
        self.session, self.studied, self._session_day = session, scope, day
        if self.current_mode == "review" and isinstance(self.screen, StudyScreen):
            self.screen.desk_ready()
        else:
            self.open_mode("review")

    def forget_session(self) -> None:
        """Plan the next review anew: something outside of it has changed."""
        self.session = None
        self._plans += 1

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """What the palette offers: the actions of the screen, then every place to go, then the looks."""
        if isinstance(screen, StudyScreen):
            for action in screen.offered():
                if action.palette:
                    yield SystemCommand(action.label, action.help, partial(self._run_on, screen, action.command))
        for mode in self.MODES:
            if mode != self.current_mode and self.desk is not None:
                where = mode.capitalize()
                go = self.start_review if mode == "review" else partial(self.open_mode, mode)
                yield SystemCommand(f"Go to {where}", f"Open {where}.", go)
        if not self.no_color:
            yield SystemCommand("Theme", "Choose the colours for now; the setting keeps them.", self.search_themes)

    async def _run_on(self, screen: StudyScreen, command: str) -> None:
        await self.run_action(command, screen)


def run(start: str = "today", decks: tuple[str, ...] | None = None, **options: object) -> int:
    """Run the application until the person leaves. Returns: the exit code."""
    sys.setswitchinterval(SWITCH)
    first = modes.SCREENS["review" if start == "review" else "today"]
    import_module(first.partition(":")[0])  # now, while nothing is painted yet that it could hold up
    app = StudyApp(start=start, decks=decks, options=options)
    app.run()
    return app.return_code or 0
