"""Marking an answer to a step of any kind: numbers by the marking rule, choices by number, letter or text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from engine.exercises.variant import Variant, VariantStep
from engine.marking import Mark, mark

_TIMES = re.compile(r"\s*(?:[x×*·]|\bby\b)\s*", re.IGNORECASE)


def mark_step(
    variant: Variant,
    index: int,
    answer: str,
    answers: Mapping[str, Any],
    *,
    names: Mapping[str, Any],
    expressions: bool,
) -> Mark:
    """The mark of one answer; see `Variant.mark`."""
    step = variant.steps[index]
    match step.kind:
        case "choose":
            return _choice(step, answer)
        case "order":
            return _order(step, answer)
        case "line":
            return _line(step, answer)
        case "shape":
            return _shape(step, answer)
    carried = variant.carried(index, answers) if answers else None
    return mark(
        answer,
        step.value,
        step.precision,
        names={**names, **variant.given},
        mistakes=step.mistakes,
        carried=carried[0] if carried else None,
        carried_mistakes=carried[1] if carried else (),
        old=step.old,
        expressions=expressions,
    )


def _right(reason: str = "Right.") -> Mark:
    return Mark("correct", 1.0, True, "", reason)


def _wrong(reason: str) -> Mark:
    return Mark("wrong", 0.0, True, "", reason)


def _unread(reason: str) -> Mark:
    return Mark("invalid:choice", None, False, "", reason)


def _choice(step: VariantStep, answer: str) -> Mark:
    count = len(step.options)
    picked = pick(answer, step.options)
    if picked is None:
        return _unread(f"Choose one of a to {chr(ord('a') + count - 1)}, or type the option.")
    if picked == step.value:
        return _right()  # an option's own word is for who picks it wrongly
    return _wrong(step.feedback[picked] or "Not yet.")


def pick(answer: str, options: tuple[str, ...]) -> int | None:
    """Which option an answer means: its number, its letter, or its text; None for none of them."""
    text = answer.strip().rstrip(".)").casefold()
    if text.isascii() and text.isdigit() and 1 <= int(text) <= len(options):
        return int(text) - 1
    for i, option in enumerate(options):
        if text == option.casefold().rstrip("."):
            return i
    starting = [i for i, option in enumerate(options) if len(text) > 1 and option.casefold().startswith(text)]
    if len(starting) == 1:
        return starting[0]
    if len(text) == 1 and 0 <= ord(text) - ord("a") < len(options):
        return ord(text) - ord("a")
    return None


def _line(step: VariantStep, answer: str) -> Mark:
    text = answer.strip().casefold().removeprefix("line").strip()
    count = len(step.lines)
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= count):
        return _unread(f"Type the number of a line, 1 to {count}.")
    if int(text) == step.value:
        return _right(step.feedback[0])
    if int(text) < step.value:
        return _wrong("This line is right: its number follows from the lines above it.")
    return _wrong("This line follows rightly from the one that is wrong; look further up.")


def _order(step: VariantStep, answer: str) -> Mark:
    numbers = [int(t) for t in re.findall(r"\d{1,3}", answer)]
    if sorted(numbers) != list(range(1, len(step.options) + 1)):
        return _unread(f"Type the numbers 1 to {len(step.options)} in the right order, as in {_sample(step)}.")
    if tuple(numbers) == step.value:
        return _right()
    right = next(i for i, (a, b) in enumerate(zip(numbers, step.value, strict=True)) if a != b)
    before = f"The first {right} are right; what comes next?" if right else "What has to be known first?"
    return _wrong(before)


def _sample(step: VariantStep) -> str:
    return " ".join(str(i) for i in range(len(step.options), 0, -1))


def _shape(step: VariantStep, answer: str) -> Mark:
    inner = answer.strip()
    if inner[:1] + inner[-1:] in {"()", "[]"}:
        inner = inner[1:-1]
    text = _TIMES.sub(",", inner)
    parts = [p.strip() for p in re.split(r"[,;\s]+", text) if p.strip()]
    if not parts or not all(p.isascii() and p.isdigit() and len(p) < 7 for p in parts):
        return Mark("invalid:shape", None, False, "", "Type the sides, as in 2x3 or (2, 3).")
    given = tuple(int(p) for p in parts)
    if given == step.value:
        return _right()
    read = "×".join(map(str, given))
    if given == step.value[::-1]:
        return Mark("transposed", 0.0, True, read, "Rows and columns are exchanged.", "transposed")
    if len(given) != len(step.value):
        count = len(step.value)
        return Mark("wrong", 0.0, True, read, f"It has {count} side{'s' if count != 1 else ''}, not {len(given)}.")
    return Mark("wrong", 0.0, True, read, "Not yet. Which sizes does it have to fit?")
