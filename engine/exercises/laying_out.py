"""The steps of a variant as a level shows them: which are solved, which are asked, with prompts, hints and keys.

Imports the variant and the engine's notation. The fading: 0 everything solved and one choice that explains, 1 the last
step asked, 2 the last two, 3 all with formulas, 4 all without, 5 the last alone and the others waiting.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from engine.claims import values_of
from engine.exercises.drawing import Stream
from engine.exercises.errors import TemplateError
from engine.exercises.generating import registered
from engine.exercises.guard import typable
from engine.exercises.template import Ask, Explain, Option
from engine.exercises.variant import ASKED, SHOWN, WAITING, Line, Variant, VariantStep
from engine.graph import Node, ordered
from engine.marking import Expected
from engine.notation import array, number, symbol
from engine.solution import Step
from engine.solving import work
from engine.steps import style

if TYPE_CHECKING:
    from engine.exercises.wrong_line import Misworked


def laid_out(variant: Variant) -> tuple[VariantStep, ...]:
    """Every step, in order."""
    written = {s.name: s for s in variant.solution.steps}
    stream = Stream(variant.template.id, variant.version, variant.seed, "layout")
    by_step: dict[str, list[Expected]] = {}
    for m in registered(variant.template, variant.solution, variant.own):
        by_step.setdefault(m.step, []).extend(typable([m]))
    helpers = _helpers(variant, written)
    made: list[VariantStep] = []
    for ask in variant.template.asks:
        match ask.kind:
            case "number":
                step = written[ask.name]
                made.append(_number(variant, ask, step, by_step.get(ask.name, []), helpers[ask.name]))
            case "choose":
                made.append(_choice(variant, ask, stream))
            case "shape":
                made.append(_shape(variant, ask))
            case "order":
                made.append(_order(ask, stream))
            case "line":
                made += _wrong_line(variant, ask, written, by_step)
    return _faded(variant, made, stream)


def _faded(variant: Variant, made: Sequence[VariantStep], stream: Stream) -> tuple[VariantStep, ...]:
    level, count = variant.level, len(made)
    # A choice at the end could be guessed: the last number is asked with it.
    final = next((i for i, step in enumerate(reversed(made), 1) if step.kind == "number"), 1)
    asked = {0: 0, 1: 1, 2: 2, 5: final}.get(level, count)
    rest = WAITING if level == 5 else SHOWN
    out = [
        replace(
            step,
            role=ASKED if i >= count - asked else rest,
            formula_shown=level <= 3,
            name_shown=level <= 4,
        )
        for i, step in enumerate(made)
    ]
    if level == 0:
        out.append(_explanation(variant, made, stream))
    return tuple(out)


def _helpers(variant: Variant, written: Mapping[str, Step]) -> dict[str, tuple[Step, ...]]:
    """For every asked number the steps it is made of that nobody is asked for, each told once."""
    template = variant.template
    prepared = template.program.prepare(template.plain_given(variant.given))
    steps = work(prepared, template.update, template.questions).steps
    told = {a.name for a in template.asks}
    made: dict[str, tuple[Step, ...]] = {}
    for ask in template.asks:
        if ask.kind == "number":
            base, hash_, count = ask.name.partition("#")
            below = [f"{n}{hash_}{count}" for n in _needed(steps, base)]
            if count and template.update:
                # A later update starts from what the one before it has made.
                last = f"#{int(count) - 1}" if int(count) > 2 else ""
                moved = [f"{n}'" for n in template.update.of]
                below = [f"{n}{last}" for m in moved for n in (*_needed(steps, m), m)] + below
                below = list(dict.fromkeys(below))
            made[ask.name] = tuple(written[n] for n in below if n in written and n not in told)
            told |= set(below)
    return made


def _needed(steps: Mapping[str, Node], name: str) -> list[str]:
    """The steps that a step is made of, directly or through others, in the order of working."""
    root = steps[name]
    below = set(ordered([root])) - {root, root.args[0] if root.op == "named" else root}
    return [n for n, node in steps.items() if n != name and node in below and node.op == "named"]


def _number(
    variant: Variant, ask: Ask, step: Step, mistakes: Sequence[Expected], helpers: tuple[Step, ...] = ()
) -> VariantStep:
    prompt = ask.prompt or step.prompt
    formula = ask.formula or _told_once(step.formula)
    old = None
    base = step.name.partition("#")[0]
    if step.kind == "update" and base.endswith("'"):
        old = _before(variant, step.name)
    return VariantStep(
        name=step.name,
        kind="number",
        role=ASKED,
        prompt=prompt,
        precision=str(variant.precisions.get(ask.name, ask.precision)),
        symbol=step.symbol,
        formula=formula,
        substituted=step.substituted,
        value=step.value,
        mistakes=tuple(mistakes),
        hints=_hints(ask, step, prompt, formula, helpers),
        entries=step.entries,
        helpers=helpers,
        old=old,
    )


def _before(variant: Variant, name: str) -> Any:
    """A parameter's value before the update that a step asks for; None where it is no parameter."""
    base, _, count = name.partition("#")
    if not count:
        return variant.given.get(base[:-1])
    previous = base if count == "2" else f"{base}#{int(count) - 1}"
    return variant.solution.step_values.get(previous)


def _hints(ask: Ask, step: Step, prompt: str, formula: str, helpers: Sequence[Step]) -> tuple[str, str, str, str]:
    formulas = [f"${h.formula}$" for h in helpers if not ask.formula]
    before = [line for h in helpers for line in worked(h)]
    why = [ask.why] if ask.why else []
    symbols = "\n\n".join([*formulas, f"${formula}$"])
    told, numbers = worked(step), worked(step, "\\;?")
    # Where the numbers put in are the result already, the third hint stops before them.
    third = "\n\n".join(before if numbers == told else [*before, *numbers]) or symbols
    return ask.hint or prompt, symbols, third, "\n\n".join([*before, *told, *why])


def worked(step: Step, result: str = "") -> list[str]:
    """A step with its numbers, one line for each entry; `result` stands where the result is to stay open.

    Where the numbers put in are the result already, it is not written twice.
    """
    rows = [(e.symbol, e.substituted, number(e.value)) for e in step.entries]
    rows = rows or [(step.symbol, step.substituted, tex_value(step.value))]
    return [
        f"${symbol} = {value}$" if numbers == value else f"${symbol} = {numbers} = {result or value}$"
        for symbol, numbers, value in rows
    ]


def _told_once(formula: str) -> str:
    """A formula without its right-hand side where that says the same as the left: $e^z = e^z$ says nothing."""
    left, _, right = formula.partition(" = ")
    bare = [part.replace("\\left", "").replace("\\right", "").replace(" ", "") for part in (left, right)]
    return left if bare[0] == bare[1] else formula


def tex_value(value: Any) -> str:
    """A value as LaTeX, with six figures."""
    if np.shape(value) == ():
        return number(float(value))
    return array(value) or "\\dots"


def given_table(variant: Variant) -> tuple[tuple[str, str, str], ...]:
    """Name, symbol and value of every given; of those whose numbers play no part, the shape."""
    template = variant.template
    prepared = template.program.prepare(template.plain_given(variant.given))
    writing = style(work(prepared, template.update, template.questions), template.symbols)
    rows = []
    for name, value in variant.given.items():
        sample = template.samples.get(name)
        told = " \\times ".join(map(str, np.shape(value))) if sample and sample.as_shape else tex_value(value)
        rows.append((name, symbol(name, writing), told))
    return tuple(rows)


def _choice(variant: Variant, ask: Ask, stream: Stream) -> VariantStep:
    right = right_option(variant, ask)
    return _options(ask, ask.options, right, stream, keep_order=_yes_no(ask.options))


def _yes_no(options: Sequence[Option]) -> bool:
    """Short options such as rises, falls, stays keep the author's order."""
    return all(len(o.text) <= 24 for o in options)


def right_option(variant: Variant, ask: Ask) -> int:
    """The first option whose condition holds, in the author's order.

    Raises:
        TemplateError: none does.
    """
    template = variant.template
    given = {**template.plain_given(variant.given), **variant.given}
    conditions = [o.condition or "1" for o in ask.options]
    found = values_of(template.program, given, conditions, update=template.update, state=template.state)
    for i, (option, value) in enumerate(zip(ask.options, found, strict=True)):
        if option.condition and np.all(value):
            return i
    raise TemplateError(
        template.id,
        f"no option of `{ask.name}` is right for seed {variant.seed}",
        key="ask",
        remedy='let one condition always hold, as in ["It stays", "1 > 0"]',
    )


def _options(
    ask: Ask, options: Sequence[Option], right: int, stream: Stream, *, keep_order: bool = False
) -> VariantStep:
    order = list(range(len(options))) if keep_order else stream.shuffled(len(options))
    shown = [options[i] for i in order]
    answer = options[right].text
    # With a condition the option's own text is for whoever picks it while it is wrong.
    why = ask.why or ("" if options[right].condition else options[right].why)
    others = [o for i, o in enumerate(options) if i != right and o.why]
    # With two options, to rule out one is to tell the answer.
    out = f"Not “{others[0].text.rstrip('.')}”: {others[0].why}" if others and len(options) > 2 else ""
    told = f"{answer}{'' if answer.endswith(('.', '?', '!')) else '.'} {why}".strip()
    hints = (ask.hint or ask.prompt, why or out or ask.prompt, out or why or ask.prompt, told)
    return _worded(
        ask,
        "choose",
        order.index(right),
        hints,
        options=tuple(o.text for o in shown),
        feedback=tuple(o.why for o in shown),
    )


def _worded(
    ask: Ask,
    kind: str,
    value: Any,
    hints: tuple[str, str, str, str],
    *,
    options: tuple[str, ...] = (),
    feedback: tuple[str, ...] = (),
    lines: tuple[Line, ...] = (),
) -> VariantStep:
    """A question that is not answered with a number of the calculation: it has no formula and no known wrong values."""
    return VariantStep(
        name=ask.name,
        kind=kind,
        role=ASKED,
        prompt=ask.prompt,
        precision="int" if kind in {"shape", "line"} else "exact",
        symbol="",
        formula="",
        substituted="",
        value=value,
        mistakes=(),
        hints=hints,
        options=options,
        feedback=feedback,
        lines=lines,
    )


def _shape(variant: Variant, ask: Ask) -> VariantStep:
    values = {**variant.given, **variant.solution.step_values}
    for name, gradient in variant.solution.gradients.items():
        values.setdefault(f"d{variant.template.program.loss}/d{name}", gradient)
    if ask.of not in values:
        raise TemplateError(
            variant.template.id, f"there is no value `{ask.of}`", key="ask", remedy=f"name one of {', '.join(values)}"
        )
    shape = tuple(int(n) for n in np.shape(values[ask.of]))
    text = " × ".join(map(str, shape)) or "a single number"
    prompt = ask.prompt or f"Which shape has `{ask.of}`?"
    hints = (
        ask.hint or prompt,
        ask.why or "A product of shapes (n, k) and (k, m) has the shape (n, m).",
        f"It has {len(shape)} side{'s' if len(shape) != 1 else ''}.",
        f"{text}. {ask.why}".strip(),
    )
    return _worded(replace(ask, prompt=prompt), "shape", shape, hints)


def _order(ask: Ask, stream: Stream) -> VariantStep:
    order = stream.shuffled(len(ask.items))
    key = tuple(order.index(i) + 1 for i in range(len(ask.items)))
    right = " → ".join(ask.items)
    hints = (
        ask.hint or ask.prompt,
        f"It begins with: {ask.items[0]}.",
        f"It ends with: {ask.items[-1]}.",
        f"{right}. {ask.why}".strip(),
    )
    return _worded(ask, "order", key, hints, options=tuple(ask.items[i] for i in order))


def _wrong_line(
    variant: Variant, ask: Ask, written: Mapping[str, Step], by_step: Mapping[str, list[Expected]]
) -> list[VariantStep]:
    """Which line is wrong, and its right value."""
    wrong = variant.wrong
    if wrong is None:
        return []
    lines = tuple(
        Line(i, name, _told_once(written[name].formula), value)
        for i, (name, value) in enumerate(wrong.values.items(), 1)
    )
    step = written[wrong.mistake.site]
    prompt = ask.prompt or "One line of this solution is wrong; the lines below it go on from its number. Which is it?"
    near = f"It is one of the lines {max(1, wrong.line - 1)} to {min(len(lines), wrong.line + 1)}."
    told = f"Line {wrong.line}. {wrong.mistake.sentence}"
    said = _third_person(wrong)
    hints = (ask.hint or "Compute each line anew from the numbers above it.", near, wrong.mistake.question, told)
    first = _worded(replace(ask, prompt=prompt), "line", wrong.line, hints, feedback=(said,), lines=lines)
    fix = replace(
        ask, name=step.name, prompt=f"What should stand in line {wrong.line}?", hint=wrong.mistake.question, why=""
    )
    second = replace(
        _number(variant, fix, step, by_step.get(step.name, [])),
        name=step.name,
        lines=lines,
    )
    return [first, second]


def _third_person(wrong: Misworked) -> str:
    return f"Right: {wrong.mistake.name} ({wrong.mistake.id})."


def _explanation(variant: Variant, made: Sequence[VariantStep], stream: Stream) -> VariantStep:
    """The choice at the end of a worked example."""
    explain = variant.template.explain or _which_formula(made)
    ask = Ask("choose", "explain", prompt=explain.prompt, hint="Hold each answer against the lines above.")
    return replace(_options(ask, explain.options, 0, stream), formula_shown=True, name_shown=True)


def _which_formula(made: Sequence[VariantStep]) -> Explain:
    """Where the author asks nothing: which formula led to the last number."""
    numbers = [s for s in made if s.kind == "number" and s.formula]
    if not numbers:
        return Explain("Have you followed every line?", (Option("Yes"), Option("No", "", "Then read it once more.")))
    last = numbers[-1]
    others = dict.fromkeys(_right_side(s.formula) for s in numbers[:-1])
    wrong = [Option(f"${tex}$", "", "That line belongs to another step.") for tex in others if tex][-3:]
    if not wrong:
        wrong = [Option("It was given", "", "Only the numbers at the top were given.")]
    return Explain(
        f"Which formula gave ${last.symbol}$?",
        (Option(f"${_right_side(last.formula)}$"), *(w for w in wrong if w.text != f"${_right_side(last.formula)}$")),
    )


def _right_side(formula: str) -> str:
    return formula.partition(" = ")[2] or formula
