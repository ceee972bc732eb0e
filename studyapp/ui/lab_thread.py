"""The thread of a lab: advances an experiment in small slices, tells how far it is, and stops at once when asked.

Knows no widget. Only one thread at a time touches an experiment; the others wait for it, which is never long.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from threading import Event, Lock
from time import monotonic
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from studyapp.study.labs import Experiment, Lab, Standing
    from studyapp.typeset.model import Line

FRAME = 0.1
"""Seconds between two tellings: the curves are drawn at most ten times a second."""
SLICE = 200
"""Units of work after which the thread looks whether it shall stop; a few milliseconds."""
SHARE = 10
"""Each frame adds a tenth of what is done: the start, where losses move most, can be followed, and the end comes."""

Tell = Callable[["Standing"], object]
TellWorked = Callable[["Standing", "tuple[Line, ...]"], object]


class Running:
    """One experiment under way. Every go and every step brings an event with it that stops it within a slice."""

    def __init__(self, lab: Lab, chosen: Mapping[str, str]) -> None:
        self.lab, self.chosen = lab, dict(chosen)
        self.experiment: Experiment | None = None
        """None until a thread has begun it; beginning imports the engine and compiles."""
        self._lock = Lock()

    def go(self, tell: Tell, halt: Event, *, hurry: bool) -> None:
        """Go on until the end or `halt`; with `hurry` as fast as it goes. For a thread of its own."""
        with self._lock:
            if halt.is_set():
                return
            experiment = self._begun()
            while not (experiment.done or halt.is_set()):
                until = monotonic() + FRAME
                wanted = SLICE if hurry else max(1, experiment.made // SHARE)
                while wanted > 0 and not (experiment.done or halt.is_set()):
                    experiment.advance(min(SLICE, wanted))
                    wanted = SLICE if hurry and monotonic() < until else wanted - SLICE
                tell(experiment.standing)
                if not experiment.done:
                    halt.wait(max(0.0, until - monotonic()))

    def step(self, tell: TellWorked, halt: Event, width: int) -> None:
        """Make one unit of work and tell it worked out, in `width` cells. For a thread of its own."""
        from studyapp.study.labs.drawing import worked_lines  # the first frame does without

        with self._lock:
            if halt.is_set():
                return
            experiment = self._begun()
            if not experiment.done:
                worked = worked_lines(experiment.worked(), width)
                experiment.advance(1)
                tell(experiment.standing, worked)

    def _begun(self) -> Experiment:
        if self.experiment is None:
            import_module("studyapp.study.labs.drawing")  # so that the screen's thread need not
            self.experiment = self.lab.start(self.chosen)
        return self.experiment
