"""The marking rule from end to end: an answer as typed, a true value, what was asked → one mark.

The order of verdicts is the rule's: invalid, right, too few digits, carried forward, named mistakes, compositions,
generic slips, wrong. Plain decimals take a path of their own, without the grammar.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from engine.marking import sentences
from engine.marking.digits import plain_number
from engine.marking.judging import SHORT, Ask, judge
from engine.marking.model import (
    Expected,
    Mark,
    MarkingError,
    Names,
    Nested,
    Number,
    Precision,
    UnreadableError,
    expected,
    plain,
)
from engine.marking.slips import composed, follows, generic, is_unchanged, named

MistakeLike = Expected | tuple[str, Nested]
LONGEST_PLAIN = 42
_NO_NAMES: dict[str, Nested] = {}
_RIGHT = Mark("correct", 1.0, True, "", "Right.")


class Context(NamedTuple):
    """What is known beside the true value: expected mistakes, what follows from earlier answers, the old value."""

    mistakes: tuple[Expected, ...] = ()
    carried: Nested | None = None
    carried_mistakes: tuple[Expected, ...] = ()
    old: Nested | None = None


def mark(
    answer: str,
    true: Nested,
    precision: str | Precision = "3sf",
    *,
    names: Names | None = None,
    mistakes: Sequence[MistakeLike] = (),
    carried: Nested | None = None,
    carried_mistakes: Sequence[MistakeLike] = (),
    old: Nested | None = None,
    tolerance: float | None = None,
    relative: float | None = None,
    expressions: bool = True,
) -> Mark:
    """Mark one answer.

    Args:
        answer: as typed; no text makes this raise, hang or grow.
        true: the right value: a finite number, or nested sequences (or a NumPy array) of them.
        precision: `3sf`, `2dp`, `int` or `exact`; applies to every entry of an array.
        names: the givens that an answer may use, scalars or arrays.
        mistakes: named wrong ways and what each gives at this step, from the true givens.
        carried: the value of this step when the learner's earlier answers replace theirs; None where that is not
            offered (`may_carry` says when).
        carried_mistakes: the mistakes computed from the carried values.
        old: where the step asks for an updated parameter, its value before the update.
        tolerance: a plain interval, `|r - t| <= tolerance`, instead of asked digits.
        relative: the same as a share of the true value, `|r - t| <= relative·|t|`; with both, the wider one counts.
        expressions: False allows only numbers, one `/`, `%` and scientific notation.

    Raises: MarkingError when the key itself cannot be used; never because of the answer.
    """
    ask = Ask(precision if isinstance(precision, Precision) else Precision.parse(precision), tolerance, relative)
    if not getattr(true, "shape", ()):
        true = plain(true)
    if isinstance(true, float) and not math.isfinite(true):
        raise MarkingError(f"the true value is {true}: only a finite number can be asked")
    context = Context(
        expected(mistakes) if mistakes else (),
        carried,
        expected(carried_mistakes) if carried_mistakes else (),
        old,
    )
    try:
        if not isinstance(true, float):
            return _mark_array(answer, true, ask, names or _NO_NAMES, context, expressions=expressions)
        number, echo = _read(answer, ask.precision, names or _NO_NAMES, expressions)
        return decide(number, true, ask, context, echo)
    except UnreadableError as refusal:
        return Mark(f"invalid:{refusal.code}", None, False, "", str(refusal))


def evaluate(expression: str, names: Names | None = None) -> float:
    """The value of a number or expression, read as an answer would be: for a scratch field.

    Raises: UnreadableError, whose `code` is one of those of the `invalid:` verdicts.
    """
    return _read(expression, Precision("exact"), names or _NO_NAMES, True)[0].value


def evaluate_list(answer: str, names: Names | None = None) -> list[Nested]:
    """The values of a list or table as nested lists, read as an answer would be where no shape is asked.

    A table of one row or one column comes back as a flat list.
    Raises: UnreadableError, as `evaluate`.
    """
    from engine.marking.reading import nested, read_array

    read = read_array(answer, (0,), Precision("exact"), names or _NO_NAMES)
    return nested([number.value for number in read.numbers], read.shape)


def decide(number: Number, true: float, ask: Ask, context: Context, echo: str = "") -> Mark:
    """The mark of one number that has been read."""
    verdict = judge(number, true, ask)
    if verdict == "correct" and not echo and context.old is None:
        return _RIGHT
    found = _decide(number, true, ask, context, verdict)
    old = _old(context)
    unchanged = old is not None and is_unchanged(number, true, old) and found.verdict != "generic:unchanged"
    reason = f"{found.reason} {sentences.UNCHANGED}" if unchanged else found.reason
    return Mark(found.verdict, found.credit, found.attempt, echo, reason, found.mistake)


def _decide(number: Number, true: float, ask: Ask, context: Context, verdict: str) -> Mark:  # noqa: PLR0911  one return per verdict
    """The verdicts in their order; `verdict` is that of the number against the true value."""
    if verdict in SHORT:
        return Mark(verdict, None, False, "", sentences.too_few_digits(ask.precision, verdict, number, true))
    if verdict:
        return Mark(verdict, 1.0, True, "", sentences.correct(ask.precision, verdict, number, true))
    if ask.precision.kind == "int" and not ask.interval and number.value % 1:
        return Mark("wrong", 0.0, True, "", f"{sentences.WRONG} A whole number is asked.")
    carried = context.carried
    if carried is not None and follows(number, true, _one(carried, "the carried value"), ask):
        return Mark("correct_ecf", 1.0, True, "", sentences.follows(true))
    for mistakes in (context.mistakes, context.carried_mistakes):
        if fitting := named(number, mistakes, ask):
            return _diagnosis(fitting, sentences.mistakes(fitting))
    if fitting := composed(number, (*context.mistakes, *context.carried_mistakes), ask):
        return _diagnosis(fitting, sentences.mistakes(fitting, composed=True))
    if slip := generic(number, true, _old(context), ask):
        return Mark(f"generic:{slip}", 0.0, True, "", sentences.GENERIC[slip])
    return Mark("wrong", 0.0, True, "", sentences.WRONG)


def _diagnosis(fitting: Sequence[Expected], reason: str) -> Mark:
    identity = "|".join(mistake.id for mistake in fitting)
    return Mark(f"malrule:{identity}", 0.0, True, "", reason, identity)


def _old(context: Context) -> float | None:
    return None if context.old is None else _one(context.old, "the old value")


def _one(value: Nested, what: str) -> float:
    number = plain(value)
    if not isinstance(number, float):
        raise MarkingError(f"{what} is an array where the true value is one number: give one number")
    return number


def _read(answer: str, precision: Precision, names: Names, expressions: bool) -> tuple[Number, str]:
    """Read one number: by the plain path if it can be, else by the grammar."""
    if len(answer) <= LONGEST_PLAIN and not (precision.kind == "int" and "." in answer):
        number = plain_number(answer.strip(" "))
        if number is not None:
            return number, ""
    from engine.marking.reading import read_scalar  # most answers never need the grammar's import

    return read_scalar(answer, precision, names, expressions)


def _mark_array(answer: str, true: Nested, ask: Ask, names: Names, context: Context, *, expressions: bool) -> Mark:
    from engine.marking import arrays  # scalars are marked without it
    from engine.marking.reading import read_array

    key = arrays.key(true)
    if not all(map(math.isfinite, key.values)):
        raise MarkingError("the true value holds an entry that is not finite: only finite numbers can be asked")
    return arrays.mark_array(
        read_array(answer, key.shape, ask.precision, names, expressions),
        key,
        ask,
        mistakes=context.mistakes,
        carried=context.carried,
        carried_mistakes=context.carried_mistakes,
        old=context.old,
    )
