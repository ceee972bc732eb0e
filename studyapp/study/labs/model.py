"""What a lab is: an experiment that is advanced a little at a time, with a question asked before it starts. Pure."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from engine import EngineError, Solution


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


class Experiment(ABC):
    """A lab under way. Subclasses advance it and say what came out."""

    x_name = "updates"
    log = False

    def __init__(self) -> None:
        self.trouble = ""
        """Why the experiment had to stop; empty while all is well."""

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

    def worked(self) -> Solution | None:
        """The next update worked out step by step; None where the experiment makes no updates."""
        return None


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

        Raises: ValueError for a control or an option that there is not.
        """
        values = {control.name: control.default for control in self.controls}
        for name, value in (chosen or {}).items():
            control = next((one for one in self.controls if one.name == name), None)
            if control is None or value not in control.options:
                raise ValueError(f"{self.id} has no {name} {value!r}")
            values[name] = value
        return self.build(values)


_POINTS = 400


def thinned(values: Sequence[float]) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """At most a few hundred points of a long curve, the last one among them."""
    step = max(1, len(values) // _POINTS)
    places = [*range(0, len(values), step)]
    if places and places[-1] != len(values) - 1:
        places.append(len(values) - 1)
    return tuple(float(place) for place in places), tuple(values[place] for place in places)
