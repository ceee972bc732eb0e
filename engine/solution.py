"""What a solved program says: values, gradients, updates, steps and mistakes, as plain frozen values."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from engine.evaluate import Value, listed
from engine.mistakes.catalogue import Wording

if TYPE_CHECKING:
    from engine.mistakes.ways import Ways


@dataclass(frozen=True)
class Entry:
    """One number of a step whose value is an array.

    Attributes:
        name: As `w'[0]`.
        symbol: Its LaTeX.
        formula: How it is computed, in symbols.
        substituted: The same with the numbers in it.
        value: The number.
    """

    name: str
    symbol: str
    formula: str
    substituted: str
    value: float


@dataclass(frozen=True)
class Step:
    """One line of a worked solution.

    Attributes:
        name: `y`, `L`, `dL/dw`, `w'`; with `#2` behind it in the second of several updates.
        kind: "forward", "loss", "backward", "update" or "asked".
        prompt: What to compute, as a sentence.
        symbol: The left-hand side, LaTeX.
        formula: Left- and right-hand side in symbols, LaTeX.
        substituted: The right-hand side with the numbers in it, LaTeX.
        value: A float or a float64 array.
        asked: Whether the task asks for it.
        entries: The single numbers of a small array; empty for a number.
    """

    name: str
    kind: str
    prompt: str
    symbol: str
    formula: str
    substituted: str
    value: Value
    asked: bool = False
    entries: tuple[Entry, ...] = ()

    def data(self) -> dict[str, Any]:
        """As it stands in JSON."""
        return {
            "name": self.name,
            "prompt": self.prompt,
            "formula": self.formula,
            "substituted": self.substituted,
            "value": listed(self.value),
            "kind": self.kind,
            "asked": self.asked,
        }


class Mistaken(NamedTuple):
    """What one mistake gives at one step.

    Attributes:
        id: Stable, as `D04`.
        site: Where in the calculation it was done (the name of a step).
        step: The step whose value this is.
        value: The wrong value.
        wording: How it is talked about.
    """

    id: str
    site: str
    step: str
    value: Value
    wording: Wording

    @property
    def name(self) -> str:
        """What was done, in a few words."""
        return self.wording.name

    @property
    def sentence(self) -> str:
        """What was done, said to the person who did it."""
        return self.wording.sentence

    @property
    def question(self) -> str:
        """A question that leads back."""
        return self.wording.question

    def data(self) -> dict[str, Any]:
        """As it stands in JSON; the catalogue has the sentence and the question of every id."""
        return {
            "id": self.id,
            "name": self.name,
            "step": self.step,
            "value": listed(self.value),
            "site": self.site,
        }


@dataclass(frozen=True)
class Moment:
    """One update of several.

    Attributes:
        step: Its number, from 1.
        values: Every named value before the update.
        gradients: The loss by every given.
        updated: The parameters after it.
        state: The state after it.
    """

    step: int
    values: Mapping[str, Value]
    gradients: Mapping[str, Value]
    updated: Mapping[str, Value]
    state: Mapping[str, Any]

    def data(self) -> dict[str, Any]:
        """As it stands in JSON."""
        return {"step": self.step, **{k: tree(getattr(self, k)) for k in ("values", "gradients", "updated", "state")}}


@dataclass(frozen=True)
class Solution:
    """A program with its numbers.

    Attributes:
        given: The numbers it was solved with.
        values: Every name the program defines, and the labels of asked expressions.
        gradients: The loss by every given it depends on.
        updated: The parameters after the (last) update.
        state: The state of the rule after it.
        step_values: Step name → value, in the order of working; steps without their formulas.
        trajectory: Every update, where there are several; else empty.
    """

    given: Mapping[str, Value]
    values: Mapping[str, Value]
    gradients: Mapping[str, Value]
    updated: Mapping[str, Value]
    state: Mapping[str, Any]
    step_values: Mapping[str, Value]
    trajectory: tuple[Moment, ...] = ()
    _steps: Callable[[], tuple[Step, ...]] = field(default=tuple, repr=False, compare=False)
    _ways: Callable[[], Ways] | None = field(default=None, repr=False, compare=False)

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """The worked solution; written when first looked at."""
        return self._steps()

    @cached_property
    def ways(self) -> Ways:
        """The wrong ways, for who asks more than the mistakes' values."""
        assert self._ways is not None
        return self._ways()

    @cached_property
    def mistakes(self) -> tuple[Mistaken, ...]:
        """Every known mistake's value at every step it changes; evaluated when first looked at."""
        return self.ways.at()

    def mistakes_at(self, steps: Collection[str]) -> tuple[Mistaken, ...]:
        """The mistakes' values at some steps only, which is quicker where few of many steps are asked."""
        return self.ways.at(frozenset(steps))

    def data(self, *, trajectory: bool = False) -> dict[str, Any]:
        """As it stands in JSON: plain numbers and nested lists."""
        made: dict[str, Any] = {k: tree(getattr(self, k)) for k in ("values", "gradients", "updated", "state")}
        made["steps"] = [s.data() for s in self.steps]
        made["mistakes"] = [m.data() for m in self.mistakes]
        if self.trajectory or trajectory:
            made["trajectory"] = [m.data() for m in self.trajectory]
        return made


def tree(values: Mapping[str, Any]) -> dict[str, Any]:
    """Nested mappings of values as plain data."""
    return {k: tree(v) if isinstance(v, Mapping) else v if isinstance(v, int) else listed(v) for k, v in values.items()}
