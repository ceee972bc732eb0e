"""A variant: one exercise with its numbers, steps, key, mistakes and hints. Imports templates and marking."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from engine.evaluate import listed, same
from engine.exercises.spelling import spellings
from engine.exercises.template import Network, Template
from engine.marking import Expected, Mark, Precision, may_carry
from engine.marking.arithmetic import FUNCTIONS
from engine.solution import Entry, Mistaken, Solution, Step

if TYPE_CHECKING:
    from engine.exercises.wrong_line import Misworked

SHOWN, ASKED, WAITING = "shown", "asked", "waiting"

Followed = tuple[Any, tuple[Expected, ...]]
"""What follows from earlier answers: a step's value and its mistakes."""


@dataclass(frozen=True)
class Line:
    """One line of a worked solution with a mistake in it.

    Attributes:
        number: From 1.
        name: The step.
        formula: LaTeX, always right: only the numbers are wrong.
        value: As it stands on the sheet.
    """

    number: int
    name: str
    formula: str
    value: Any


@dataclass(frozen=True)
class VariantStep:
    """One step of a variant.

    Attributes:
        name: `y`, `dL/dw`, `w'#2`, or the author's word for a question.
        kind: "number", "choose", "shape", "order" or "line".
        role: "shown" (solved for the learner), "asked", or "waiting" (asked only after a miss at the last step).
        prompt: The question. Text with TeX between dollar signs.
        precision: What the answer is marked to, as `3sf`.
        symbol: The left-hand side, LaTeX; empty where there is none.
        formula: Left- and right-hand side in symbols, LaTeX.
        substituted: The right-hand side with the numbers in it, LaTeX.
        value: The key: a float, a float64 array, a tuple of whole numbers (shape; order, as the numbers of the shown
            items; line: its number), or the place of the right option from 0.
        mistakes: Known wrong values.
        hints: Four texts: the goal, the formula, the numbers in it, the result and why.
        formula_shown: Whether the formula may stand beside the field at this level.
        name_shown: Whether the step may be named before it is asked at this level.
        entries: The single numbers of an array with their own formulas.
        options: What can be chosen, or ordered, as shown.
        feedback: What is said to who picks an option, one text for each.
        old: Where an updated parameter is asked, its value before; else None.
        lines: The sheet with the mistake in it, where the wrong line is sought.
        helpers: Steps that are not asked but needed for this one, in the order of working.
    """

    name: str
    kind: str
    role: str
    prompt: str
    precision: str
    symbol: str
    formula: str
    substituted: str
    value: Any
    mistakes: tuple[Expected, ...]
    hints: tuple[str, str, str, str]
    formula_shown: bool = True
    name_shown: bool = True
    entries: tuple[Entry, ...] = ()
    options: tuple[str, ...] = ()
    feedback: tuple[str, ...] = ()
    old: Any = None
    lines: tuple[Line, ...] = ()
    helpers: tuple[Step, ...] = ()

    def data(self) -> dict[str, Any]:
        """As it stands in JSON."""
        value = self.value if isinstance(self.value, int | float) else [*map(_plain, self.value)]
        made: dict[str, Any] = {
            "name": self.name,
            "kind": self.kind,
            "role": self.role,
            "prompt": self.prompt,
            "precision": self.precision,
            "formula": self.formula,
            "substituted": self.substituted,
            "value": value,
            "mistakes": [
                {"id": m.id, "value": listed(m.value), "sentence": m.sentence, "question": m.question}
                for m in self.mistakes
            ],
            "hints": list(self.hints),
        }
        if self.helpers:
            made["helpers"] = [s.data() for s in self.helpers]
        if self.options:
            made["options"] = list(self.options)
        if self.lines:
            made["lines"] = [
                {"number": r.number, "name": r.name, "formula": r.formula, "value": listed(r.value)} for r in self.lines
            ]
        return made


def _plain(value: Any) -> Any:
    return value if isinstance(value, int) else listed(value)


@dataclass(frozen=True, eq=False)
class Variant:
    """One exercise with its numbers.

    Attributes:
        template: What it was made from.
        seed: Which of its variants this is.
        level: 0 (the whole solution to read) to 5 (the givens alone).
        given: Name → number or array.
        solution: Worked out, with every step and every known mistake.
        precisions: Asked step → what its answer is marked to.
        own: The values of the template's own mistakes.
        wrong: The solution with a mistake, where the wrong line is sought.
        draws: How many draws it took.
        example: Whether these are the template's published numbers.
    """

    template: Template
    seed: int
    level: int
    given: Mapping[str, Any]
    solution: Solution
    precisions: Mapping[str, Precision]
    own: tuple[Mistaken, ...] = ()
    wrong: Misworked | None = None
    draws: int = 1
    example: bool = False
    _carried: dict[tuple[Any, ...], Followed | None] = field(default_factory=dict, init=False, repr=False)

    @property
    def version(self) -> int:
        """The template's version."""
        return self.template.version

    @property
    def title(self) -> str:
        """The template's title."""
        return self.template.title

    @property
    def conventions(self) -> str:
        """The line that every sheet prints."""
        return self.template.conventions

    @property
    def network(self) -> Network | None:
        """What a drawing of the network needs; None where there is none."""
        return self.template.network

    @cached_property
    def steps(self) -> tuple[VariantStep, ...]:
        """The steps in order, solved, asked or waiting as the level says; written when first looked at."""
        from engine.exercises.laying_out import laid_out  # it makes what this module defines

        return laid_out(self)

    @property
    def mistakes(self) -> tuple[Mistaken, ...]:
        """Every known mistake's value at every step it changes, without those that nobody would make here."""
        from engine.exercises.generating import spoken  # it makes what this module defines

        return spoken(self.template, (*self.solution.mistakes, *self.own))

    @property
    def givens(self) -> tuple[tuple[str, str, str], ...]:
        """The givens for a table: name, symbol and value as LaTeX; of some only the shape is told."""
        from engine.exercises.laying_out import given_table  # it makes what this module defines

        return given_table(self)

    @property
    def asked(self) -> tuple[int, ...]:
        """The places of the asked steps."""
        return tuple(i for i, step in enumerate(self.steps) if step.role == ASKED)

    def opened(self) -> tuple[int, ...]:
        """The places of the steps to work through after a miss at level 5: all that were waiting, and the last."""
        return tuple(i for i, step in enumerate(self.steps) if step.role != SHOWN)

    def carried(self, index: int, answers: Mapping[str, Any]) -> Followed | None:
        """What a step gives when the learner's earlier answers replace those steps: error carried forward.

        Args:
            index: The step.
            answers: Step name → value, of earlier steps that are settled: accepted ones as typed, wrong ones final.

        Returns: The value and the mistakes that follow from them; None where that is not offered, because an answer
            makes the rest trivial (see `engine.marking.may_carry`) or the step does not depend on a wrong one.
        """
        step = self.steps[index]
        true = self.solution.step_values
        used = {n: v for n, v in answers.items() if n in true and n != step.name}
        if step.kind != "number" or not used or not all(may_carry(v, true[n]) for n, v in used.items()):
            return None
        key = (step.name, *((n, repr(listed(v))) for n, v in used.items()))
        if key not in self._carried:
            from engine.exercises.carrying import carry  # rarely needed

            found = carry(self, step.name, used)
            self._carried.clear()  # the next answer to the same step follows from the same ones; others come later
            self._carried[key] = None if found is None or same(found[0], step.value) else found
        return self._carried[key]

    def names(self, settled: Mapping[str, Any]) -> dict[str, Any]:
        """What may be used by name in an answer: givens and settled steps, as the program and as the sheet name them.

        A symbol that stands for two of them is no name.

        Args:
            settled: Step name → its value.
        """
        printed = [(symbol, self.given[name]) for name, symbol, _ in self.givens]
        printed += [(s.symbol, settled[s.name]) for s in self.steps if s.name in settled and "#" not in s.name]
        said = [(word, value) for symbol, value in printed for word in spellings(symbol)]
        count = Counter(word for word, _ in said)
        found = {word: value for word, value in said if count[word] == 1 and word not in FUNCTIONS}
        # Where the sheet prints no e, whoever types e^z means Euler's number.
        named = {n: v for n, v in settled.items() if n.isidentifier() and (n != "e" or n in count)}
        return found | named | dict(self.given)

    def mark(
        self,
        index: int,
        answer: str,
        answers: Mapping[str, Any] | None = None,
        *,
        names: Mapping[str, Any] | None = None,
        expressions: bool = True,
    ) -> Mark:
        """Mark an answer to a step of any kind.

        Args:
            index: The step.
            answer: As typed. Options and lines are chosen by number, by letter, or by their text.
            answers: Earlier settled answers, for error carried forward (see `carried`).
            names: What may be used by name beside the givens: the values of settled steps.
            expressions: Whether arithmetic may be typed.
        """
        from engine.exercises.answers import mark_step  # the marking of other kinds than numbers

        return mark_step(self, index, answer, answers or {}, names=names or {}, expressions=expressions)

    def as_json(self) -> dict[str, Any]:
        """Everything, as plain numbers, texts and nested lists: the solution's form and what was drawn."""
        made: dict[str, Any] = {
            "template": self.template.id,
            "version": self.version,
            "seed": self.seed,
            "level": self.level,
            "example": self.example,
            "title": self.title,
            "conventions": self.conventions,
            "given": {n: listed(v) for n, v in self.given.items()},
            "ask": [step.data() for step in self.steps],
        }
        made |= self.solution.data()
        made["mistakes"] = [m.data() for m in self.mistakes]
        return made
