"""Sheets and keys in Markdown, for a class. Imports the engine's variants and its notation of numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from engine.exercises import Variant, VariantStep

LETTERS = "abcdefghi"


def document(variants: Sequence[Variant]) -> str:
    """All sheets, then all keys, with a rule between pages."""
    pages = [_sheet(v) for v in variants] + [_key(v) for v in variants]
    return "\n\n---\n\n".join(pages)


def _sheet(variant: Variant) -> str:
    out = [f"# {variant.title}", _which(variant), variant.template.description, _givens(variant), variant.conventions]
    if variant.wrong is not None:
        out.append(_lines(variant))
    found = next((i for i, step in enumerate(variant.steps) if step.kind == "line"), len(variant.steps))
    out += [_question(i + 1, step, mends=i > found) for i, step in enumerate(variant.steps)]
    return "\n\n".join(part for part in out if part)


def _which(variant: Variant) -> str:
    number = "published example" if variant.example else f"variant {variant.seed}"
    return f"{number} · version {variant.version} · level {variant.level}"


def _givens(variant: Variant) -> str:
    rows = [f"| ${symbol}$ | ${value}$ |" for _, symbol, value in variant.givens]
    return "\n".join(["| given | |", "|---|---|", *rows])


def _lines(variant: Variant) -> str:
    from engine.exercises.laying_out import tex_value

    lines = next((s.lines for s in variant.steps if s.lines), ())
    return "\n".join(f"{r.number}. ${r.formula} = {tex_value(r.value)}$" for r in lines)


def _question(i: int, step: VariantStep, *, mends: bool = False) -> str:
    if mends:  # what the step is called would tell which line is wrong
        return f"**{i}.** What should stand in that line?\n\nAnswer{_asked(step)}: ________"
    name = f" ${step.symbol}$" if step.symbol and step.name_shown else ""
    head = f"**{i}.{name}** {step.prompt}" if step.name_shown or not step.formula else f"**{i}.**"
    if step.role == "shown":
        return f"{head}\n\n{step.hints[3]}"
    parts = [head]
    if step.formula and step.formula_shown:
        parts.append(step.hints[1])
    if step.kind == "choose":
        parts.append("\n".join(f"- {LETTERS[k]}) {text}" for k, text in enumerate(step.options)))
    if step.kind == "order":
        parts.append("\n".join(f"{k}. {text}" for k, text in enumerate(step.options, 1)))
    parts.append(f"Answer{_asked(step)}: ________")
    return "\n\n".join(parts)


def _asked(step: VariantStep) -> str:
    from engine.marking import Precision

    if step.kind != "number":
        return ""
    shape: tuple[int, ...] = getattr(step.value, "shape", ())
    count = f"{'×'.join(map(str, shape))} numbers, " if shape else ""
    return f" ({count}{Precision.parse(step.precision).words})"


def _key(variant: Variant) -> str:
    out = [f"# Key: {variant.title}", _which(variant)]
    for i, step in enumerate(variant.steps, 1):
        out.append(f"**{i}.** {step.hints[3] if step.formula else _with_reason(step)}")
    return "\n\n".join(out)


def _with_reason(step: VariantStep) -> str:
    """The key of a step without a formula, and why it is so where there is more to say than the answer."""
    told = step.hints[3]
    if step.kind == "line":
        return told
    if step.kind == "choose" and told.startswith(step.options[step.value].rstrip(".")):
        return f"{LETTERS[step.value]}) {told}"
    return answer_text(step)


def answer_text(step: VariantStep) -> str:
    """The key of a step that has no formula, in words."""
    match step.kind:
        case "choose":
            return f"{LETTERS[step.value]}) {step.options[step.value]}"
        case "order":
            return f"{_joined(step.value)}: {' → '.join(step.options[k - 1] for k in step.value)}"
        case "shape":
            return " × ".join(map(str, step.value)) or "a single number"
    return f"line {step.value}"


def _joined(value: Sequence[Any]) -> str:
    return " ".join(map(str, value))
