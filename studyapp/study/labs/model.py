"""What a lab is: an experiment that is advanced a little at a time, with a question asked before it starts. Pure."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine import Solution


class LabError(ValueError):
    """A control or an option that there is not; the sentence says which there are."""


@dataclass(frozen=True)
class Control:
    """Something that can be chosen before the start."""

    name: str
    label: str
    options: tuple[str, ...]
    default: str


@dataclass(frozen=True)
class Curve:
    """One curve so far."""

    name: str
    xs: tuple[float, ...]
    ys: tuple[float, ...]


@dataclass(frozen=True)
class Outcome:
    """What came out: which of the predictions was right, and the figures in a sentence."""

    right: int
    sentence: str


@dataclass(frozen=True)
class Worked:
    """One unit of work of one run, worked out step by step; `name` is the run's."""

    name: str
    solution: Solution | None = None
    figures: tuple[str, ...] = ()
    """In place of steps, where these would fill pages: lines of TeX with the numbers in them."""


@dataclass(frozen=True)
class Standing:
    """How far an experiment is: what a screen draws."""

    made: int
    progress: float
    curves: tuple[Curve, ...]
    trouble: str = ""
    outcome: Outcome | None = None
    """What came out; None before the end."""


class Experiment(ABC):
    """A lab under way. Subclasses advance it and say what came out."""

    unit = "update"
    """What `advance` counts, in the singular."""
    x_name = "updates"
    y_name = "loss"
    log = False
    """Whether the curves want a logarithmic axis."""

    def __init__(self) -> None:
        self.trouble = ""
        """Why the experiment had to stop; empty while all is well."""

    @property
    def standing(self) -> Standing:
        """How far it is, as a value that no longer changes."""
        outcome = self.outcome() if self.done else None
        return Standing(self.made, min(1.0, self.progress), self.curves(), self.trouble, outcome)

    @property
    @abstractmethod
    def made(self) -> int:
        """Units of work done."""

    @property
    def done(self) -> bool:
        """Whether there is nothing more to run."""
        return bool(self.trouble) or self.progress >= 1

    @property
    @abstractmethod
    def progress(self) -> float:
        """How much of the experiment is behind, 0 to 1."""

    def advance(self, count: int) -> None:
        """Go on by at most `count` units of work; a number that overflows ends the experiment with a sentence."""
        from engine import EngineError  # the list of the labs must not cost the engine

        try:
            self._advance(count)
        except EngineError as error:
            self.trouble = str(error)

    @abstractmethod
    def _advance(self, count: int) -> None:
        """As `advance`; may raise EngineError."""

    @abstractmethod
    def curves(self) -> tuple[Curve, ...]:
        """The curves so far."""

    @abstractmethod
    def outcome(self) -> Outcome:
        """What came out, at the end."""

    def worked(self) -> tuple[Worked, ...]:
        """The next unit of work, worked out for every run that is still under way; none where there is no formula."""
        return ()


@dataclass(frozen=True)
class Lab:
    """An experiment on offer."""

    id: str
    title: str
    about: str
    """What happens, in Markdown."""
    question: str
    predictions: tuple[str, ...]
    controls: tuple[Control, ...]
    build: Callable[[Mapping[str, str]], Experiment] = field(compare=False)
    lesson: str = ""
    """The deck it belongs to."""

    def start(self, chosen: Mapping[str, str] | None = None) -> Experiment:
        """Begin with the chosen controls; the others have their defaults.

        Raises: LabError for a control or an option that there is not.
        """
        return self.build(self.settled(chosen or {}))

    def settled(self, chosen: Mapping[str, str]) -> dict[str, str]:
        """The value of every control: as chosen, else its default.

        Raises: LabError for a control or an option that there is not.
        """
        values = {control.name: control.default for control in self.controls}
        for name, value in chosen.items():
            control = next((one for one in self.controls if one.name == name), None)
            if control is None:
                raise LabError(f"{self.id} has no control {name!r}; it has {', '.join(values)}")
            if value not in control.options:
                raise LabError(f"{self.id} has no {name} {value!r}; it has {', '.join(control.options)}")
            values[name] = value
        return values


_POINTS = 400


def thinned(values: Sequence[float], first: int = 0) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """At most a few hundred points of a long curve, the last one among them; `first` is the x of the first value."""
    step = max(1, len(values) // _POINTS)
    places = [*range(0, len(values), step)]
    if places and places[-1] != len(values) - 1:
        places.append(len(values) - 1)
    return tuple(float(first + place) for place in places), tuple(values[place] for place in places)
