"""From a template and a seed to a variant: draw, refuse what is not humane or not diagnosable, prove it.

A draw is kept when the template's conditions hold, no pre-activation is saturated, every asked value has a readable
size and every mistake lies at least five units of the asked digit from the truth. Givens are round; nothing else is.
Imports the engine.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from engine.claims import first_unmet
from engine.errors import EngineError, NumberError
from engine.exercises.drawing import Stream
from engine.exercises.errors import ExhaustedError, TemplateError
from engine.exercises.guard import MARGIN, Beside, Flat, distances, finer, flat, readable
from engine.exercises.template import HIGHEST, Template
from engine.exercises.variant import Variant
from engine.exercises.wrong_line import Misworked, misworked
from engine.marking import Precision
from engine.mistakes import NEAR
from engine.proof import prove
from engine.solution import Mistaken, Solution

MAX_DRAWS = 200
"""Draws before a template is given up."""
MAX_CANDIDATES = 2
"""Usable draws that are compared for mistakes that coincide with each other."""
BASELINE_DRAWS = 24
"""Draws by which a template learns how many of its mistakes coincide in any case."""


@dataclass(frozen=True)
class Kept:
    """A draw that can be asked.

    Attributes:
        given: The numbers.
        solution: Worked out.
        precisions: Asked step → precision, raised where mistakes would hide.
        own: The values of the template's own mistakes.
        ties: How many mistakes share their value with another.
        wrong: The worked solution with a mistake in it, where the wrong line is sought.
    """

    given: Mapping[str, Any]
    solution: Solution
    precisions: Mapping[str, Precision]
    own: tuple[Mistaken, ...]
    ties: int
    wrong: Misworked | None


def generate(template: Template, seed: int, level: int | None = None) -> Variant:
    """The variant of a template for a seed: the same for ever, at every level above 0.

    Level 0 shows the template's published example where it has one. A template that draws nothing has one variant.

    Raises:
        ExhaustedError: no draw within the limit was usable.
        TemplateError: the level does not exist.
    """
    level = _level(template, level)
    if level == 0 and template.example:
        return generate_example(template, level)
    if not template.samples:
        return _variant(template, seed, level, _as_given(template, template.fixed, seed), 1)
    stream = Stream(template.id, template.version, seed)
    best: Kept | None = None
    candidates, draws, refusals = 0, 0, dict[str, int]()
    enough = baseline(template)
    while draws < MAX_DRAWS and candidates < MAX_CANDIDATES and not (best and best.ties <= enough):
        draws += 1
        found = attempt(template, template.draw(stream), stream)
        if isinstance(found, Kept):
            candidates += 1
            best = found if best is None or found.ties < best.ties else best
        else:
            refusals[found] = refusals.get(found, 0) + 1
    if best is None:
        reason = max(refusals, key=lambda r: refusals[r])
        raise ExhaustedError(
            template.id,
            f"none of {MAX_DRAWS} draws for seed {seed} can be asked; most often: {reason}",
            key="sample",
            remedy="let more numbers be drawn, or require less",
        )
    return _variant(template, seed, level, best, draws)


def generate_example(template: Template, level: int | None = None) -> Variant:
    """The template's published example (seed 0); its mistakes may coincide with the truth.

    Raises:
        TemplateError: it has none.
        ExhaustedError: the wrong line is sought, and none of the mistakes shows in it.
    """
    level = _level(template, level)
    if not template.example:
        raise TemplateError(template.id, "has no published example", key="example", remedy="ask for a seed instead")
    kept = _as_given(template, {**template.fixed, **template.example}, None)
    return _variant(template, 0, level, kept, 0, example=True)


def _as_given(template: Template, given: Mapping[str, Any], seed: int | None) -> Kept:
    """Numbers that somebody chose, as they are.

    Where the wrong line is sought, the seed chooses the mistake; in an example it is the first one of the template.
    """
    solution = template.solve(given)
    precisions = {a.name: a.precision for a in template.asks}
    own = own_mistakes(template, given, solution)
    if not template.wrong:
        return Kept(given, solution, precisions, own, 0, None)
    first = replace(template, wrong=template.wrong[:1]) if seed is None else template
    stream = Stream(template.id, template.version, seed)
    wrong = misworked(first, given, solution, registered(template, solution, own), stream)
    if wrong is None:
        what = f"none of {', '.join(first.wrong)} shows in these numbers"
        raise ExhaustedError(template.id, what, key="wrong", remedy="put another one first")
    precisions[wrong.mistake.site] = next(a.precision for a in template.asks if a.kind == "line")
    return Kept(given, solution, precisions, own, 0, wrong)


def _level(template: Template, level: int | None) -> int:
    least, most, start = template.levels
    if level is None:
        return max(start, min(most, 3))
    if not 0 <= level <= HIGHEST:
        raise TemplateError(template.id, f"there is no level {level}", remedy=f"choose 0 to {HIGHEST}")
    return min(max(level, least), most)


def _variant(template: Template, seed: int, level: int, kept: Kept, draws: int, *, example: bool = False) -> Variant:
    return Variant(
        template=template,
        seed=seed,
        level=level,
        given=kept.given,
        solution=kept.solution,
        precisions=kept.precisions,
        own=kept.own,
        wrong=kept.wrong,
        draws=draws,
        example=example,
    )


def attempt(template: Template, given: Mapping[str, Any], stream: Stream) -> Kept | str:  # noqa: PLR0911 - reasons
    """One draw: kept, or the reason why not, in a few words."""
    try:
        if refusal := _unmet(template, given):
            return refusal
        solution = template.solve(given)
    except NumberError as error:
        return error.what
    rights = {a.name: flat(solution.step_values[a.name]) for a in template.asks if a.kind == "number"}
    if refusal := _saturated(template, solution) or _unreadable(template, rights):
        return refusal
    if rights and not template.wrong and (refusal := _hiding(template, solution, rights)):
        return refusal
    own = own_mistakes(template, given, solution)
    mistakes = registered(template, solution, own) if rights or template.wrong else ()
    precisions, shared, refusal = _guarded(template, rights, mistakes)
    if refusal:
        return refusal
    wrong = None
    if template.wrong:
        wrong = misworked(template, given, solution, mistakes, stream)
        if wrong is None:
            return "no mistake shows"
        site = wrong.mistake.site
        found, _, refusal = _guarded(template, {site: flat(solution.step_values[site])}, mistakes)
        if refusal:
            return refusal
        precisions |= {site: found[site]}
    if template.program.loss is not None and not template.numberless and not proved(template, given):
        return "the gradient is not proved there"
    return Kept(given, solution, precisions, own, shared, wrong)


def registered(
    template: Template, solution: Solution, own: tuple[Mistaken, ...], step: str = ""
) -> tuple[Mistaken, ...]:
    """The engine's mistakes and the template's own, without those that nobody would make here.

    Where the wrong line is sought, at every step; else at the asked ones; or at one `step` alone.
    """
    if step:
        found, own = solution.mistakes_at({step}), tuple(m for m in own if m.step == step)
    else:
        found = solution.mistakes if template.wrong else solution.mistakes_at(template.asked)
    return spoken(template, (*found, *own))


def spoken(template: Template, mistakes: Iterable[Mistaken]) -> tuple[Mistaken, ...]:
    """Those that somebody could make here, in the template's words where it has words of its own for them."""
    words = template.wordings
    made = (m._replace(wording=words[m.id]) if m.id in words else m for m in mistakes)
    return tuple(m for m in made if m.id not in template.without)


def _unmet(template: Template, given: Mapping[str, Any]) -> str:
    if not template.conditions:
        return ""
    unmet = first_unmet(
        template.program,
        {**template.plain_given(given), **given},
        template.tests,
        update=template.update,
        state=template.state,
    )
    return "" if unmet is None else f"not {template.conditions[unmet]}"


def _saturated(template: Template, solution: Solution) -> str:
    for name, value in solution.step_values.items():
        if name[0] == "z" and max(map(abs, flat(value))) > template.steep * (1 + MARGIN):
            return f"|{name}| > {template.steep:g}"
    return ""


def _unreadable(template: Template, rights: Mapping[str, Flat]) -> str:
    for ask in template.asks:
        if ask.kind == "number" and not readable(rights[ask.name], ask):
            return f"{ask.name} is too small or too large"
    return ""


def _hiding(template: Template, solution: Solution, rights: Mapping[str, Flat]) -> str:
    """What `_guarded` would refuse at once, found without listing every mistake: most draws end here."""
    asked = {a.name: finer(a.precision) or a.precision for a in template.asks if a.kind == "number"}
    least = {name: distances(rights[name], precision) for name, precision in asked.items()}
    hidden = solution.ways.hidden(least, NEAR | template.ignore | template.without)
    return f"{hidden[0]} hides at {hidden[1]}" if hidden else ""


def _guarded(
    template: Template, rights: Mapping[str, Flat], mistakes: tuple[Mistaken, ...]
) -> tuple[dict[str, Precision], int, str]:
    """The precision of every asked step, how many mistakes coincide, and why the draw is refused, if it is."""
    precisions = {a.name: a.precision for a in template.asks}
    line = next((a.precision for a in template.asks if a.kind == "line"), None)
    precisions |= {name: line for name in rights if line is not None}
    spared = NEAR | template.ignore
    by_step: dict[str, list[Mistaken]] = {name: [] for name in rights}
    for mistake in mistakes:
        if mistake.step in by_step and mistake.id not in spared:
            by_step[mistake.step].append(mistake)
    beside = {name: Beside(here, rights[name]) for name, here in by_step.items()}
    for name, found in beside.items():
        hidden = found.hidden(precisions[name])
        if hidden and (finest := finer(precisions[name])):
            precisions[name] = finest
            hidden = found.hidden(finest)
        if hidden:
            return precisions, 0, f"{hidden} hides at {name}"
    return precisions, sum(found.ties(precisions[name]) for name, found in beside.items()), ""


def proved(template: Template, given: Mapping[str, Any]) -> bool:
    """Whether the gradients agree with measured ones at these numbers."""
    try:
        return prove(template.program, template.plain_given(given), template.update).ok
    except EngineError:
        return False


def own_mistakes(
    template: Template, given: Mapping[str, Any], solution: Solution, overrides: Mapping[str, Any] | None = None
) -> tuple[Mistaken, ...]:
    """What the template's own mistakes give at every step they change."""
    made = []
    for mistake in template.mistakes:
        try:
            wrong = template.solve(given, overrides, mistake.program).step_values
        except NumberError:
            continue
        site = ""
        for step, value in solution.step_values.items():
            if step in wrong and np.shape(wrong[step]) == np.shape(value):
                off = max(abs(a - b) for a, b in zip(flat(wrong[step]), flat(value), strict=True))
                if off > MARGIN:
                    site = site or step
                    made.append(Mistaken(mistake.id, site, step, wrong[step], mistake.wording))
    return tuple(made)


def baseline(template: Template) -> int:
    """How many mistakes coincide in the better half of some first draws: some do whatever the numbers are."""
    if not template.asked and not template.wrong:
        return 0  # no number is asked, so no mistakes can coincide
    if "baseline" not in template.cache:
        stream = Stream(template.id, template.version, "baseline")
        found = (attempt(template, template.draw(stream), stream) for _ in range(BASELINE_DRAWS))
        kept = sorted(k.ties for k in found if isinstance(k, Kept))
        template.cache["baseline"] = kept[len(kept) // 2] if kept else 0
    return int(template.cache["baseline"])
