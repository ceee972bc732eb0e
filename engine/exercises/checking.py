"""The question tests of a template: is every key accepted, every mistake known, every earlier slip forgiven once?

For many seeds: the variant is drawn and proved, its key is typed in every notation and with too few figures, every
known mistake is typed, the first answer is made wrong and the rest carried on from it, and answers that cannot be read
are given. Imports the generator and marking.
"""

from __future__ import annotations

import math
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np

from engine.errors import EngineError
from engine.exercises.generating import generate, proved
from engine.exercises.reading import load_template
from engine.exercises.template import Template
from engine.exercises.variant import SHOWN, Variant, VariantStep
from engine.marking import Mark, Precision
from engine.mistakes import NEAR

MAX_FAULTS = 20
"""Faults that are listed; more are only counted."""
UNREADABLE = ("", "   ", "abc?", "[1; 2", "1 2 +", "10^99^9")
"""Answers that can be no number."""


@dataclass(frozen=True)
class Report:
    """What the question tests of one template found.

    Attributes:
        template: Its name.
        seeds: How many variants were made.
        draws: How many draws that took.
        seconds: How long drawing and proving took, without the tests.
        answers: Keys typed in all notations.
        mistakes: Values of mistakes typed.
        unique: How many of them were recognised as themselves alone.
        tied: How many were recognised together with others that give the same number.
        hidden: How many of mistakes that the template leaves near the truth were taken as right.
        carried: Steps marked after a wrong first answer.
        faults: What went wrong, the first few.
        count: How many faults there are.
    """

    template: str
    seeds: int
    draws: int
    seconds: float
    answers: int
    mistakes: int
    unique: int
    tied: int
    hidden: int
    carried: int
    faults: tuple[str, ...]
    count: int

    @property
    def kept(self) -> float:
        """Share of the draws that made a variant or a candidate for one."""
        return self.seeds / self.draws if self.draws else 0.0

    def __add__(self, other: Report) -> Report:
        """The same template's tests on further seeds, in one report."""
        counts = {f.name: getattr(self, f.name) + getattr(other, f.name) for f in fields(self) if f.name != "template"}
        return Report(self.template, **{**counts, "faults": counts["faults"][:MAX_FAULTS]})


class _Test:
    """The tests of one template, and what they count."""

    def __init__(self, template: Template) -> None:
        self.template, self.faults, self.found = template, list[str](), Counter[str]()

    def fault(self, variant: Variant, step: VariantStep, what: str) -> None:
        self.faults.append(f"{self.template.id}, seed {variant.seed}, {step.name}: {what}")

    def variant(self, variant: Variant) -> None:
        """Every test on one variant."""
        for i, step in enumerate(variant.steps):
            self._keys(variant, i, step)
            if step.kind == "number":
                self._short(variant, i, step)
                self._mistakes(variant, i, step)
            for text in UNREADABLE:
                mark = variant.mark(i, text)
                if mark.attempt:
                    self.fault(variant, step, f"{text!r} uses an attempt ({mark.verdict})")
        self._carried(variant)

    def _keys(self, variant: Variant, i: int, step: VariantStep) -> None:
        for text in notations(step):
            mark = variant.mark(i, text)
            self.found["answers"] += 1
            if not mark.accepted:
                self.fault(variant, step, f"the key typed as {text!r} is marked {mark.verdict}")

    def _short(self, variant: Variant, i: int, step: VariantStep) -> None:
        if not Precision.parse(step.precision).rounds:
            return
        for figures in (1, 2):
            mark = variant.mark(i, typed(step.value, figures))
            if mark.credit == 0.0 and not _rounds_away(step, figures):
                self.fault(variant, step, f"the key with {figures} figures is marked {mark.verdict}")

    def _mistakes(self, variant: Variant, i: int, step: VariantStep) -> None:
        for mistake in step.mistakes:
            if mistake.id in NEAR or np.shape(mistake.value) != np.shape(step.value):
                continue
            asked = Precision.parse(step.precision)
            if asked.kind == "int" and np.any(np.asarray(mistake.value) % 1):
                continue  # a field for whole numbers turns such a number away by itself
            mark = variant.mark(i, typed(mistake.value, 9 if asked.rounds else 15))
            self.found["mistakes"] += 1
            names = {name.partition("+")[0] for name in (mark.mistake or "").split("|")}
            if mistake.id in names:
                self.found["unique" if names == {mistake.id} else "tied"] += 1
            elif mistake.id in self.template.ignore or variant.example:
                self.found["hidden"] += 1
            elif mark.verdict != f"malrule:{mistake.id}":
                self.fault(variant, step, f"{mistake.id} = {mistake.value} is marked {mark.verdict}")

    def _carried(self, variant: Variant) -> None:
        numbers = [i for i, s in enumerate(variant.steps) if s.kind == "number" and s.role != SHOWN]
        if not numbers:
            return
        first = variant.steps[numbers[0]]
        wrong = np.asarray(first.value) * 1.5
        answers: dict[str, Any] = {first.name: np.ceil(wrong) if first.precision == "int" else wrong}
        for i in numbers[1:]:
            step = variant.steps[i]
            found = variant.carried(i, answers)
            if found is None or (step.precision == "int" and np.any(np.asarray(found[0]) % 1)):
                continue
            self.found["carried"] += 1
            mark = variant.mark(i, typed(found[0], 12), answers)
            if mark.credit != 1.0:
                self.fault(variant, step, f"what follows from a wrong {first.name} is marked {mark.verdict}")
            right = variant.mark(i, typed(step.value, 12), answers)
            if not right.accepted or right.verdict == "correct_ecf":
                self.fault(variant, step, f"the key after a wrong {first.name} is marked {right.verdict}")
            answers[step.name] = found[0]


def check_template(source: Path | Template, seeds: Iterable[int]) -> Report:
    """Run the question tests of a template.

    Raises:
        TemplateError: the file cannot be read; that a draw fails is a fault of the report.
    """
    template = source if isinstance(source, Template) else load_template(source)
    test = _Test(template)
    made = draws = 0
    seconds = 0.0
    unproved = template.numberless and template.program.loss is not None
    for seed in seeds:
        begun = time.perf_counter()
        try:
            variant = generate(template, seed, min(3, template.levels[1]))
        except EngineError as error:
            test.faults.append(str(error))
            break
        seconds += time.perf_counter() - begun
        made, draws = made + 1, draws + variant.draws
        test.variant(variant)
        # Where no number is asked, drawing proves none: one proof says that the program's shapes are its gradients'.
        unproved = unproved and not proved(template, variant.given)
    if made and unproved:
        test.faults.append(f"{template.id}: the gradients agree with measured ones for none of these seeds")
    found = test.found
    return Report(
        template=template.id,
        seeds=made,
        draws=draws,
        seconds=seconds,
        answers=found["answers"],
        mistakes=found["mistakes"],
        unique=found["unique"],
        tied=found["tied"],
        hidden=found["hidden"],
        carried=found["carried"],
        faults=tuple(test.faults[:MAX_FAULTS]),
        count=len(test.faults),
    )


def notations(step: VariantStep) -> Iterator[str]:
    """The key of a step in every notation a person may use."""
    match step.kind:
        case "choose":
            yield from (str(step.value + 1), "abcdefghi"[step.value], step.options[step.value])
        case "order":
            yield from (" ".join(map(str, step.value)), ", ".join(map(str, step.value)))
        case "line":
            yield from (str(step.value), f"line {step.value}")
        case "shape":
            yield from ("x".join(map(str, step.value)), f"({', '.join(map(str, step.value))})")
        case _:
            yield from _numbers(step)


def _numbers(step: VariantStep) -> Iterator[str]:
    precision = Precision.parse(step.precision)
    if not precision.rounds:
        yield _written(step.value, _exact)
        return
    least = precision.digits if precision.kind == "sf" else 0
    for figures in {n for n in (3, 4, 6, 8) if n >= least} | {max(least, 1)}:
        if precision.kind == "sf" or figures >= 6:
            yield typed(step.value, figures)
            yield _with_commas(typed(step.value, figures))
            yield _written(step.value, lambda v, n=figures: scientific(v, n))
    if precision.kind == "dp":
        yield _written(step.value, lambda v: f"{v:.{precision.digits}f}")


def _with_commas(text: str) -> str:
    """The same with decimal commas; the rows of a table then stand on lines of their own."""
    rows = text.strip("[]").split("; ") if ";" in text else [text]
    return "\n".join(row.replace(",", ";").replace(".", ",") for row in rows)


def typed(value: Any, figures: int) -> str:
    """A value as a person types it, with so many significant figures."""
    return _written(value, lambda v: plain(v, figures))


def _written(value: Any, one: Any) -> str:
    array = np.asarray(value, dtype=float)
    if array.ndim == 0:
        return str(one(float(array)))
    if array.ndim == 1:
        return "[" + ", ".join(one(v) for v in array.tolist()) + "]"
    return "[" + "; ".join(", ".join(one(v) for v in row) for row in array.tolist()) + "]"


def plain(value: float, figures: int) -> str:
    """A decimal with so many significant figures, without an exponent."""
    if value == 0.0 or not math.isfinite(value):
        return "0"
    rounded = float(f"{value:.{figures - 1}e}")
    places = figures - 1 - math.floor(math.log10(abs(rounded)) + 1e-12)
    return f"{rounded:.{max(places, 0)}f}"


def scientific(value: float, figures: int) -> str:
    """The same as m×10^k."""
    if value == 0.0:
        return "0"
    mantissa, _, exponent = f"{value:.{figures - 1}e}".partition("e")
    return f"{mantissa}×10^{int(exponent)}"


def _exact(value: float) -> str:
    return f"{value:.12g}"


def _rounds_away(step: VariantStep, figures: int) -> bool:
    """Whether rounding to so few figures gives a number that is another answer's too; it may then be called so."""
    wrong: Sequence[Any] = [m.value for m in step.mistakes]
    return any(typed(v, figures) == typed(step.value, figures) for v in wrong) or bool(step.old is not None)


__all__ = ["Mark", "Report", "check_template", "notations", "plain", "scientific", "typed"]
