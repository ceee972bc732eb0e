"""A template in memory: what it asks, how its givens are drawn, what a draw must fulfil. Imports the engine.

Everything here is what a file says; `reading` makes it, `generating` uses it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from engine.exercises.drawing import Sample, Stream
from engine.marking import Precision
from engine.mistakes import Wording
from engine.prepared import Program
from engine.rules import Update
from engine.solution import Solution
from engine.solving import solve

HIGHEST = 5
"""The level that shows the givens alone."""


@dataclass(frozen=True)
class Option:
    """One answer that can be chosen.

    Attributes:
        text: As shown.
        condition: When it is the right one, in the engine's language; of several the first that holds.
        why: What is said to who picks it wrongly.
    """

    text: str
    condition: str = ""
    why: str = ""


@dataclass(frozen=True)
class Ask:
    """One asked step.

    Attributes:
        kind: "number", "choose", "shape", "order" or "line".
        name: The step's name: `y`, `error`, `dL/dw`, `w'#2`, or a word of the author's own.
        of: The `ask` text for the engine; for "shape" the name of the array.
        precision: What the answer is marked to.
        prompt: The question; empty for the engine's.
        hint: The goal in words, the first hint; empty for the prompt.
        why: What is added to the last hint.
        formula: LaTeX instead of the engine's.
        least: The smallest size an entry may have.
        most: The size every entry stays below.
        zero: Whether entries may be 0.
        options: Of a choice.
        items: Of an order, rightly ordered.
    """

    kind: str
    name: str
    of: str = ""
    precision: Precision = field(default_factory=lambda: Precision("sf", 3))
    prompt: str = ""
    hint: str = ""
    why: str = ""
    formula: str = ""
    least: float = 1e-3
    most: float = 100.0
    zero: bool = False
    options: tuple[Option, ...] = ()
    items: tuple[str, ...] = ()


@dataclass(frozen=True)
class OwnMistake:
    """A mistake that the template describes itself: lines of the program as somebody would wrongly write them.

    Attributes:
        id: An id of the catalogue, or the author's own.
        wording: How it is talked about.
        program: The program with these lines in it.
    """

    id: str
    wording: Wording
    program: Program


@dataclass(frozen=True)
class Network:
    """What a drawing of the network needs.

    Attributes:
        layers: Units per layer, inputs first.
        edges: For each gap between layers the given that holds its weights, `W[j][i]` to j from i.
        biases: For each layer after the first the given that holds its biases; "" for none.
        labels: For each layer the name of its values.
    """

    layers: tuple[int, ...]
    edges: tuple[str, ...]
    biases: tuple[str, ...]
    labels: tuple[str, ...]


@dataclass(frozen=True)
class Explain:
    """The self-explanation choice of level 0; the first option is the right one."""

    prompt: str
    options: tuple[Option, ...]


@dataclass(frozen=True, eq=False)
class Template:
    """An exercise template, read and checked.

    Attributes:
        id: The file's name without `.toml`.
        version: Counts changes that change what a seed gives.
        title: For lists.
        description: One sentence on what is practised.
        family: The families it belongs to, as `F02`.
        conventions: The line that every sheet prints.
        requires: Templates and cards that come first.
        program: The forward program.
        update: How parameters are updated; None where they are not.
        state: The update rule's state before.
        series: Given that changes from update to update → the sampled vector with its values.
        symbols: LaTeX by name.
        fixed: Givens with the same numbers in every variant.
        samples: How the others are drawn.
        asks: The asked steps, in order.
        conditions: What a draw must fulfil, in the engine's language, as written.
        tests: The same, so that the last bit of a number cannot decide.
        steep: The largest |z| of a pre-activation.
        ignore: Ids of mistakes that need not lie apart from the truth.
        without: Ids of mistakes that nobody would make here: neither guarded nor diagnosed.
        mistakes: Those that the template describes itself.
        wordings: How mistakes of the catalogue are talked about here, where its own words speak of something else.
        example: Published numbers, for level 0.
        explain: The self-explanation choice of level 0.
        network: For a drawing; None where there is none.
        levels: Lowest level, highest level, level to begin with.
        wrong: Ids of the mistakes of which one is built in, where the wrong line is sought.
        cache: What is found out about the template once.
    """

    id: str
    version: int
    title: str
    description: str
    family: tuple[str, ...]
    conventions: str
    requires: tuple[str, ...]
    program: Program
    update: Update | None
    state: Mapping[str, Any]
    series: Mapping[str, str]
    symbols: Mapping[str, str]
    fixed: Mapping[str, Any]
    samples: Mapping[str, Sample]
    asks: tuple[Ask, ...]
    conditions: tuple[str, ...] = ()
    tests: tuple[str, ...] = ()
    steep: float = 3.0
    ignore: frozenset[str] = frozenset()
    without: frozenset[str] = frozenset()
    mistakes: tuple[OwnMistake, ...] = ()
    wordings: Mapping[str, Wording] = field(default_factory=dict)
    example: Mapping[str, Any] = field(default_factory=dict)
    explain: Explain | None = None
    network: Network | None = None
    levels: tuple[int, int, int] = (0, HIGHEST, 1)
    wrong: tuple[str, ...] = ()
    cache: dict[str, Any] = field(default_factory=dict, repr=False)

    def draw(self, stream: Stream) -> dict[str, Any]:
        """Givens from the next words of a stream."""
        drawn = dict(self.fixed)
        for name, sample in self.samples.items():
            drawn[name] = sample.draw(stream, drawn)
        return drawn

    @cached_property
    def asked(self) -> frozenset[str]:
        """The names of the asked steps that are numbers."""
        return frozenset(a.name for a in self.asks if a.kind == "number")

    @cached_property
    def numberless(self) -> bool:
        """Whether no number decides an answer: shapes and orders alone are asked. Such a draw needs no proof."""
        return all(a.kind in {"shape", "order"} for a in self.asks)

    @cached_property
    def questions(self) -> tuple[str, ...]:
        """The `ask` texts for the engine: those of numbers, without the numbers of updates."""
        return tuple(dict.fromkeys(a.of for a in self.asks if a.kind == "number"))

    def solve(
        self, given: Mapping[str, Any], overrides: Mapping[str, Any] | None = None, program: Program | None = None
    ) -> Solution:
        """The worked solution for some givens.

        Raises:
            EngineError: the program has no finite value there.
        """
        series = {name: list(given[vector]) for name, vector in self.series.items()}
        inner = {n: v for n, v in given.items() if n not in self.series.values()}
        return solve(
            program or self.program,
            inner,
            self.update,
            self.state,
            ask=self.questions,
            symbols=self.symbols,
            overrides=overrides,
            series=series,
        )

    @property
    def plain_names(self) -> frozenset[str]:
        """The names that the program can use."""
        return frozenset({*self.fixed, *self.samples, *self.series} - {*self.series.values()})

    def plain_given(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """The givens as the program names them, at the first update."""
        inner = {n: v for n, v in given.items() if n not in self.series.values()}
        return inner | {name: given[vector][0] for name, vector in self.series.items()}
