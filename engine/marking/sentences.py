"""The sentences of a mark: what a person at a desk beside the learner would say. Strings only, no verdict is made here.

A wrong answer's sentence never holds the right number. A settled one may: the exact value is shown then anyway.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from engine.marking.judging import unit_exponent
from engine.marking.model import Expected, Index, Number, Precision

GENERIC = {
    "sign": "It may be only the sign: which way does it go?",
    "factor2": "It may be a factor of 2 too many, as where a ½ is left out. Which convention is used here?",
    "half": "It may be a factor of 2 too few, as where a ½ is put in. Which convention is used here?",
    "power10": "It may be the power of ten: where does the decimal point belong?",
    "reciprocal": "It may be upside down: was something divided the wrong way round?",
}
UNCHANGED = "This is the unchanged value from before the step: has the step been made?"
GENERIC["unchanged"] = UNCHANGED
COMPOSED = {
    "sign": "Perhaps two slips, the sign and this",
    "factor2": "Perhaps two slips, a factor of 2 too many and this",
    "half": "Perhaps two slips, a factor of 2 too few and this",
}
WRONG = "Not yet."
TRANSPOSED = "The entries look right, but rows and columns are exchanged. Which index is the row?"
PERMUTED = "The entries look right, but in another order. Which one comes first?"
ALL_SIGNS = "It may be only the sign of every entry: which way does it go?"


def correct(precision: Precision, verdict: str, number: Number | None = None, true: float = 0.0) -> str:
    """Right, with a note where further digits are off or the last asked one is."""
    if verdict == "correct_extra_digits_off" and number is not None and number.last is not None:
        return f"Right to the {precision.words} asked. {_off_digit(number, true, precision)}"
    if verdict == "close_truncated":
        return "Accepted, but the number was cut off instead of rounded: the last asked digit is off by one."
    if verdict == "close":
        return "Accepted, but the last asked digit is off by one: keep more digits on the way."
    return "Right."


def _off_digit(number: Number, true: float, asked: Precision) -> str:
    """Which of the typed digits is the first to be off, and what it should be."""
    last = number.last or 0
    decimals = max(0, -last)
    scale = 10.0 ** max(0, last)
    typed, rounded = (f"{abs(value) / scale:.{decimals}f}" for value in (number.value, true))
    place = next((place for place, (one, two) in enumerate(zip(typed, rounded, strict=False)) if one != two), None)
    if place is not None and len(typed) == len(rounded):
        figure = sum(digit.isdigit() for digit in typed[: place + 1].lstrip("0."))
        decimal = place - typed.find(".")
        if (figure if asked.kind == "sf" else decimal) > asked.digits:
            place_word = f"{_ordinal(figure)} figure" if asked.kind == "sf" else f"{_ordinal(decimal)} decimal"
            return f"Your {place_word} should be {rounded[place]}."
    return f"To as many digits as you typed, it is {'-' if true < 0 else ''}{rounded}{'0' * max(0, last)}."


def _ordinal(count: int) -> str:
    ending = {1: "st", 2: "nd", 3: "rd"}.get(count % 10 if count not in (11, 12, 13) else 0, "th")
    return f"{count}{ending}"


def too_few_digits(precision: Precision, verdict: str, number: Number, true: float) -> str:
    """Right so far; how many digits are asked and how many were typed."""
    exponent = unit_exponent(true, precision)
    typed = ""
    if exponent is not None and number.least is not None:
        count = precision.digits - (number.least - exponent)
        typed = f", you typed {count}" if count > 0 else ""
    cut = " Round the last digit instead of cutting off." if verdict.endswith("_truncated") else ""
    return f"Right so far: {precision.words} {_are(precision)} asked{typed}.{cut}"


def _are(precision: Precision) -> str:
    return "is" if precision.digits == 1 else "are"


def follows(true: float | None) -> str:
    """Right for the learner's own earlier answer; what the true one would have given."""
    exact = "" if true is None else f" With the true earlier value it is {true:.6g}."
    return f"Right for your earlier value, which was used here.{exact}"


def mistakes(found: Sequence[Expected], composed: bool = False) -> str:
    """What the number equals, and a question; several that fit are offered as A or B.

    With `composed`, each id ends in `+sign`, `+factor2` or `+half`, which is said before its sentence.
    """
    said: dict[str, str] = {}
    for mistake in found:
        identity, _, change = mistake.id.rpartition("+") if composed else (mistake.id, "", "")
        sentence = mistake.sentence.strip().rstrip(".") or _unnamed(identity)
        said.setdefault(f"{COMPOSED[change]}: {sentence}." if composed else f"{sentence}.", mistake.question.strip())
    questions = dict.fromkeys(question for question in said.values() if question)
    if len(questions) == len(said):  # each beside its own sentence
        return " Or: ".join(f"{sentence} {question}" for sentence, question in said.items())
    return " ".join([" Or: ".join(said), *questions])


def _unnamed(identity: str) -> str:
    """A mistake without a sentence of its own, by its id."""
    return f"That is what comes of “{identity.replace('_', ' ')}”"


def entries(indices: Iterable[Index]) -> str:
    """`entry 2`, `entries 1 and 3`, `entry (1, 2)`: counted from 1, as people do."""
    words = [
        str(index[0] + 1) if len(index) == 1 else f"({', '.join(str(place + 1) for place in index)})"
        for index in indices
    ]
    if len(words) > 8:
        words = [*words[:8], "others"]
    listed = " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)
    return f"{'entry' if len(words) == 1 else 'entries'} {listed}"


def dimensions(shape: Sequence[int]) -> str:
    """`2×3` for a table, `3 numbers` for a list, `one number` for a scalar."""
    if not shape:
        return "one number"
    if len(shape) == 1:
        return f"{shape[0]} number{'s' if shape[0] != 1 else ''}"
    return "×".join(str(count) for count in shape)
