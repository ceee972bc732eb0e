"""A lab: first the prediction, then the curves as they grow, then the one against the other.

The controls are chosen with the arrows; nothing starts before there is a prediction, or the person passes. The
experiment runs in a thread; each frame it says how far it is, and only the newest frame is drawn.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from threading import Event
from typing import TYPE_CHECKING

from textual import work
from textual.app import ComposeResult
from textual.content import Content
from textual.message import Message
from textual.worker import Worker, WorkerState

from studyapp.study.asking import Choice
from studyapp.study.labs import Lab, Standing
from studyapp.ui import cells, lab_sheet
from studyapp.ui.actions import Action
from studyapp.ui.base import Notice, Page, StudyScreen
from studyapp.ui.lab_thread import Running
from studyapp.ui.widgets.bar import SessionBar
from studyapp.ui.widgets.choices import Choices
from studyapp.ui.widgets.drawn import Drawn

if TYPE_CHECKING:
    from studyapp.study.desk import Desk
    from studyapp.typeset.model import Line

AROUND = 10
"""Rows of progress, title, axes, footer and the empty lines between."""
COMES_OUT = 3
"""Rows kept for what comes out, before it has."""
AXES = 3
"""Lines of a chart below the plot: axis, labels, legend."""
LOWEST, HIGHEST = 4, 16
"""Rows of the plot; half as many while a step is worked out below it."""


class Stage(StrEnum):
    """How far the person is."""

    ASKING = "asking"
    READY = "ready"
    """There is a prediction, or the person passed."""
    RUNNING = "running"
    PAUSED = "paused"
    STOPPED = "stopped"
    ENDED = "ended"


UNDER_WAY = (Stage.RUNNING, Stage.PAUSED)
OVER = (Stage.STOPPED, Stage.ENDED)


class LabScreen(StudyScreen):
    """One lab."""

    DEFAULT_CSS = """
    LabScreen #keys { margin: 1 0 0 0; }
    """

    TITLE = "Lab"
    ACTIONS = (
        Action("predict", "", "Predict", "Say what will come out, before you see it.", "predict", "a b c",
               palette=False),
        Action("start", "space,enter", "Start", "Start the experiment.", "start", "Space"),
        Action("pause", "space", "Pause", "Hold the experiment.", "pause", "Space"),
        Action("resume", "space", "Go on", "Go on with the experiment.", "go on", "Space"),
        Action("again", "r", "Again", "Once more, with other controls if you like.", "again"),
        Action("step", "full_stop", "One step", "Make one step and show it worked out.", "one step", "."),
        Action("finish", "enter", "To the end", "As fast as it goes, to the end.", "to the end", "Enter"),
        Action("change", "right", "Next value", "Another value of the control marked ▸.", "change", "← →",
               call="change(1)"),
        Action("change-back", "left", "Value before", "The value before.", call="change(-1)", palette=False),
        Action("control", "tab", "Next control", "Mark the next control.", "next control", "Tab", call="control(1)"),
        Action("control-back", "shift+tab", "Control before", "Mark the control before.", call="control(-1)",
               palette=False),
        Action("pass", "p", "Pass", "Start without a prediction.", "pass"),
        Action("stop", "escape", "Stop", "End the experiment here.", "stop"),
        Action("back", "escape", "Back", "Close the lab.", "back"),
    )  # fmt: skip

    @dataclass
    class Told(Message):
        """How far an experiment is; only the newest counts."""

        running: Running
        standing: Standing

        def can_replace(self, message: Message) -> bool:
            """Later news come instead of earlier ones."""
            return isinstance(message, LabScreen.Told)

    @dataclass
    class Stepped(Message):
        """One step was made; `worked` is how."""

        running: Running
        standing: Standing
        worked: tuple[Line, ...]

    stage = Stage.ASKING
    prediction: int | None = None
    """Place of the prediction; None while there is none, or when the person passed."""
    standing: Standing | None = None
    """The newest news."""

    def __init__(self, lab: Lab, chosen: dict[str, str] | None = None) -> None:
        """Run `lab`. Raises: LabError for a control or value that there is not."""
        super().__init__()
        self.lab = lab
        self.chosen = lab.settled(chosen or {})
        """The value of every control."""
        self.marked = 0
        """Place of the control that the arrows change."""
        self.running = Running(lab, self.chosen)
        self._halt = Event()
        self._worked: tuple[Line, ...] = ()

    def body(self) -> ComposeResult:
        """Progress, title, what was asked, the curves; below them what is asked, worked out, or came out."""
        yield SessionBar(id="bar")
        yield Drawn(id="where")
        yield Drawn(id="said")
        yield Drawn(id="chart")
        with Page(id="page"):
            yield Drawn(id="about", classes="part")
            yield Drawn(id="controls", classes="part")
            yield Drawn(id="question", classes="part")
            yield lab_sheet.Predictions(id="predictions")
            yield Drawn(id="result", classes="part")
            yield Drawn(id="worked")
        yield Notice(id="notice")

    def arrived(self, desk: Desk) -> None:
        """Ask."""
        del desk
        self.query_one("#controls", Drawn).auto_links = False
        self.ask()

    # drawing

    def ask(self) -> None:
        """Show what happens, the controls and the question; nothing runs."""
        self.stage, self.prediction, self.standing, self._worked = Stage.ASKING, None, None, ()
        self.running = Running(self.lab, self.chosen)
        for place in ("#said", "#chart", "#result", "#worked"):
            self.query_one(place, Drawn).show()
        self.query_one("#about", Drawn).prose(self.lab.about)
        self.query_one("#controls", Drawn).show(self._draw_controls)
        self.query_one("#question", Drawn).show(lambda width: cells.prose(self.lab.question, width, "bold"))
        choices = [Choice("abcdefgh"[n], text, False, "", n) for n, text in enumerate(self.lab.predictions)]
        predictions = self.query_one(lab_sheet.Predictions)
        predictions.ask(choices, many=False)
        predictions.focus()
        self.page.scroll_home(animate=False)
        self._head()

    def show_run(self) -> None:
        """Show the curves instead of the question, which stays in sight above them."""
        for place in ("#about", "#controls", "#question"):
            self.query_one(place, Drawn).show()
        self.query_one(lab_sheet.Predictions).display = False
        self.set_focus(None)
        self.query_one("#said", Drawn).show(self._draw_said)
        self._head()

    def _head(self) -> None:
        words = {Stage.PAUSED: "paused", Stage.STOPPED: "stopped", Stage.ENDED: "done"}.get(self.stage, "")
        title = Content.styled(self.lab.title, "bold")
        self.query_one("#where", Drawn).show(
            lambda width: cells.spread(title, Content.styled(words, cells.MUTED), width)
        )
        standing, experiment = self.standing, self.running.experiment
        if standing is None or experiment is None:
            self.query_one(SessionBar).set_to(0, 1, "starting" if self.stage is Stage.RUNNING else "not started")
        else:
            from studyapp.study.labs.drawing import made  # with the engine only

            self.query_one(SessionBar).set_to(round(1000 * standing.progress), 1000, made(experiment, standing))
        self._advise()
        self.refresh_bindings()
        self.offer_keys()

    def _advise(self) -> None:
        notice = self.query_one("#notice", Notice)
        if self.stage is Stage.ASKING:
            notice.say("First your prediction: a letter, or the arrows and Enter.")
        elif self.stage is Stage.READY:
            notice.say("Space starts." if self.prediction is not None else "Passed. Space starts.")
        elif self.stage is Stage.STOPPED:
            notice.say("Stopped before the end: the question stays open. r runs it again.")
        else:
            notice.say()

    def _draw_controls(self, width: int) -> Content:
        return lab_sheet.controls(self.lab, self.chosen, self.marked, width)

    def _draw_said(self, width: int) -> Content:
        return lab_sheet.said(self.lab, self.chosen, self.prediction, width)

    def _draw_chart(self, width: int) -> Content:
        from studyapp.study.labs.drawing import chart  # the list of the labs does without

        if self.standing is None or self.running.experiment is None:
            return Content("")
        said = self._draw_said(width).plain.count("\n") + 1
        out = self._draw_result(width - 1).plain.count("\n") + 1 if self.standing.outcome else COMES_OUT
        rows = self.size.height - AROUND - said - max(out, COMES_OUT)
        halved = bool(self._worked) and self.standing.outcome is None
        rows = max(LOWEST, min(rows, HIGHEST) // (2 if halved else 1))
        lines = chart(self.running.experiment, self.standing.curves, width, rows).lines
        if (more := len(lines) - rows - AXES) > 0 and rows - more >= LOWEST:  # a legend of several lines
            lines = chart(self.running.experiment, self.standing.curves, width, rows - more).lines
        return cells.content(lines)

    def _draw_result(self, width: int) -> Content:
        outcome = self.standing.outcome if self.standing else None
        return lab_sheet.result(self.lab, self.prediction, outcome, width) if outcome else Content("")

    # acts

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer what the stage allows."""
        stage = self.stage
        before = stage in (Stage.ASKING, Stage.READY) and self._arrived and not self.too_small
        possible = {
            "predict": stage is Stage.ASKING and before,
            "start": stage is Stage.READY and before,
            "pass": stage is Stage.ASKING and before,
            "change": before,
            "choose": before,
            "control": before and len(self.lab.controls) > 1,
            "pause": stage is Stage.RUNNING,
            "resume": stage is Stage.PAUSED,
            "step": (stage is Stage.READY and before) or stage in UNDER_WAY,
            "finish": stage in UNDER_WAY,
            "stop": stage in UNDER_WAY,
            "again": stage in OVER,
            "back": stage not in UNDER_WAY,
        }
        return possible.get(action, super().check_action(action, parameters))

    def on_choices_picked(self, message: Choices.Picked) -> None:
        """The prediction; it can be changed until the start."""
        message.stop()
        self.prediction, self.stage = message.picks[0], Stage.READY
        self._head()

    def action_predict(self) -> None:
        """The prediction is picked in the list."""
        self.query_one(lab_sheet.Predictions).focus()

    def action_pass(self) -> None:
        """No prediction."""
        self.stage = Stage.READY
        self.set_focus(None)
        self._head()

    def action_change(self, by: int) -> None:
        """Another value of the marked control."""
        control = self.lab.controls[self.marked]
        place = (control.options.index(self.chosen[control.name]) + by) % len(control.options)
        self.action_choose(self.marked, place)

    def action_choose(self, control: int, option: int) -> None:
        """Set a control, as a click does."""
        self.marked = control
        one = self.lab.controls[control]
        self.chosen = {**self.chosen, one.name: one.options[option]}
        self.running = Running(self.lab, self.chosen)
        self.query_one("#controls", Drawn).show(self._draw_controls)

    def action_control(self, by: int) -> None:
        """Mark another control."""
        self.marked = (self.marked + by) % len(self.lab.controls)
        self.query_one("#controls", Drawn).show(self._draw_controls)

    def action_start(self) -> None:
        """Begin."""
        self._go(hurry=False)

    def action_resume(self) -> None:
        """Go on."""
        self._go(hurry=False)

    def action_finish(self) -> None:
        """To the end without waiting."""
        self._go(hurry=True)

    def action_pause(self) -> None:
        """Hold."""
        self._halt.set()
        self.stage = Stage.PAUSED
        self._head()

    def action_step(self) -> None:
        """One step, worked out; the rest waits."""
        self._halt.set()
        self._halt = Event()
        self.stage = Stage.PAUSED
        self.show_run()
        self.make_step(self.running, self._halt, self.page.scrollable_content_region.width)

    def action_stop(self) -> None:
        """End it here."""
        self._halt.set()
        self.stage = Stage.STOPPED
        self._head()

    def action_again(self) -> None:
        """To the controls and the question."""
        self.ask()

    def action_back(self) -> None:
        """Close the lab."""
        self._halt.set()
        self.leave()

    def on_resize(self) -> None:
        """The plot follows the height of the window."""
        if self.standing is not None:
            self.query_one("#chart", Drawn).show(self._draw_chart)

    def on_screen_suspend(self) -> None:
        """Nothing runs on while the person looks elsewhere."""
        if self.stage is Stage.RUNNING:
            self.action_pause()

    def on_unmount(self) -> None:
        """No thread outlives the screen."""
        self._halt.set()

    # the experiment

    def _go(self, *, hurry: bool) -> None:
        self._halt.set()
        self._halt = Event()
        self.stage, self._worked = Stage.RUNNING, ()
        self.query_one("#worked", Drawn).show()
        self.show_run()
        self.advance(self.running, self._halt, hurry=hurry)

    @work(thread=True, exit_on_error=False, group="lab", description="Running the lab")
    def advance(self, running: Running, halt: Event, *, hurry: bool) -> None:
        """Advance the experiment and tell how far it is, until it ends or is halted."""
        running.go(lambda standing: self.post_message(self.Told(running, standing)), halt, hurry=hurry)

    @work(thread=True, exit_on_error=False, group="lab", description="Working out a step")
    def make_step(self, running: Running, halt: Event, width: int) -> None:
        """Make one step and tell it worked out."""
        running.step(lambda *told: self.post_message(self.Stepped(running, *told)), halt, width)

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """A thread that failed in a way nobody foresaw must not leave the person waiting."""
        if event.state is WorkerState.ERROR and event.worker.error is not None:
            self.stage = Stage.STOPPED
            self._head()
            self.query_one("#notice", Notice).warn(f"{event.worker.description} failed: {event.worker.error}.")

    def on_lab_screen_told(self, message: Told) -> None:
        """Draw the newest curves."""
        if message.running is self.running and self.stage in UNDER_WAY:
            self._news(message.standing)

    def on_lab_screen_stepped(self, message: Stepped) -> None:
        """Draw the curves, and the step worked out below them."""
        if message.running is not self.running or self.stage is not Stage.PAUSED:
            return
        self._worked = message.worked
        worked = self.query_one("#worked", Drawn)
        if message.worked:
            head = Content.styled(f"{self._unit} {message.standing.made}, worked out", cells.ACCENT)
            drawn = Content("\n").join([head, Content(""), cells.content(message.worked)])
            worked.show(drawn)
        else:
            worked.show(Content.styled(f"One more {self._unit.lower()}; it has no formula of its own.", cells.MUTED))
        self.page.scroll_home(animate=False)
        self._news(message.standing)

    @property
    def _unit(self) -> str:
        experiment = self.running.experiment
        return experiment.unit.capitalize() if experiment is not None else ""

    def _news(self, standing: Standing) -> None:
        self.standing = standing
        self.query_one("#chart", Drawn).show(self._draw_chart)
        if standing.outcome is not None:
            self.stage = Stage.ENDED
            self.query_one("#result", Drawn).show(self._draw_result)
        self.query_one("#worked").set_class(standing.outcome is not None, "-below")
        self._head()
