"""How an answer is checked: a `Question` and what the person did become a `Checked`. Pure.

Numbers are marked by `engine.marking`; words are compared after levelling (case, accents, spaces, hyphens, TeX dollars
and subscripts), and one slip of the finger in a longer word is forgiven and said.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from content.model import Kind, NumericAnswer
from studyapp.study.asking import Question, Way


class Verdict(StrEnum):
    """What became of an answer."""

    RIGHT = "right"
    CLOSE = "close"
    """Accepted, with a word about what was off."""
    PARTLY = "partly"
    WRONG = "wrong"
    RETRY = "retry"
    """Nothing is marked: the text could not be read, or has too few digits. Answer again."""
    YOURS = "yours"
    """The machine cannot tell; the person compares and judges."""


@dataclass(frozen=True)
class Checked:
    """The machine's word on one answer."""

    verdict: Verdict
    credit: float
    given: str = ""
    """What the person typed or picked, as it was read."""
    picks: tuple[int, ...] = ()
    """Indices (on the card) of the options picked."""
    reason: str = ""
    """A sentence for the person; empty when there is nothing to add."""
    feedback: tuple[str, ...] = ()
    """What the card says about the options picked or the wrong value given (Markdown)."""
    mistake: str = ""

    @property
    def right(self) -> bool:
        """Whether the answer counts as remembered."""
        return self.verdict in (Verdict.RIGHT, Verdict.CLOSE)


def check_picks(question: Question, picks: Sequence[int]) -> Checked:
    """Mark the options picked, given as places in `question.choices`.

    Several right options earn credit each, and each wrong one picked costs as much; never below zero.
    """
    chosen = [question.choices[place] for place in sorted(set(picks))]
    if not chosen and question.way is not Way.PICK_MANY:
        return Checked(Verdict.RETRY, 0.0, reason="Pick one of the options.")
    right = sum(choice.right for choice in question.choices)
    hits = sum(choice.right for choice in chosen)
    credit = max(0.0, (hits - (len(chosen) - hits)) / right) if right else float(not chosen)
    if hits == right == len(chosen):
        verdict = Verdict.RIGHT
    else:
        credit = min(credit, 0.99)
        verdict = Verdict.PARTLY if credit > 0 and question.way is Way.PICK_MANY else Verdict.WRONG
    return Checked(
        verdict,
        1.0 if verdict is Verdict.RIGHT else round(credit, 3),
        given=" ".join(choice.letter for choice in chosen),
        picks=tuple(choice.index for choice in chosen),
        feedback=tuple(choice.feedback for choice in chosen if choice.feedback),
    )


def check_text(question: Question, typed: str, accepted: Sequence[str] = ()) -> Checked:
    """Mark a typed answer; `accepted` are spellings that the person has had accepted before ("I was right")."""
    if not typed.strip():
        return Checked(Verdict.YOURS, 0.0)
    if question.numeric is not None:
        return _check_number(question, question.numeric, typed)
    if question.kind is Kind.CLOZE:
        return _check_gaps(question, typed) if len(question.expected) > 1 else _check_gap(question, 0, typed, accepted)
    spellings = [*question.expected, *accepted]
    known = next((one for one in question.card.wrong_words if level(one.text) == level(typed)), None)
    if known is not None and level(known.text) not in {level(one) for one in accepted}:
        return Checked(Verdict.WRONG, 0.0, given=typed.strip(), feedback=(known.feedback,) if known.feedback else ())
    return _check_words(typed, spellings, sayable=any(_sayable(text) for text in question.expected))


def _check_number(question: Question, numeric: NumericAnswer, typed: str) -> Checked:
    from engine.marking import Expected, mark  # the first card paints before the engine loads

    wrong = [
        Expected(f"card:{place}", entry.value, entry.feedback) for place, entry in enumerate(question.card.wrong_values)
    ]
    result = mark(
        typed,
        numeric.value,
        numeric.precision or "3sf",
        tolerance=numeric.tolerance,
        relative=numeric.relative,
        mistakes=wrong,
    )
    given = result.read or typed.strip()
    if result.credit is None:
        return Checked(Verdict.RETRY, 0.0, given=given, reason=result.reason)
    feedback = tuple(
        entry.sentence for entry in wrong if entry.sentence and entry.id in (result.mistake or "").split("|")
    )
    if result.credit >= 1:
        verdict = Verdict.RIGHT if result.verdict == "correct" else Verdict.CLOSE
    else:
        verdict = Verdict.PARTLY if result.credit > 0 else Verdict.WRONG
    return Checked(
        verdict,
        result.credit,
        given=given,
        reason="" if result.verdict == "correct" else result.reason,
        feedback=feedback,
        mistake=result.mistake or "",
    )


def _check_gaps(question: Question, typed: str) -> Checked:
    parts = [part.strip() for part in typed.split(";")]
    count = len(question.expected)
    if len(parts) != count:
        return Checked(Verdict.RETRY, 0.0, given=typed.strip(), reason=f"There are {count} gaps; separate them by ;")
    each = [_check_gap(question, place, part) for place, part in enumerate(parts)]
    reasons = " ".join(one.reason for one in each if one.reason)
    for stopping in (Verdict.RETRY, Verdict.YOURS):
        if any(one.verdict is stopping for one in each):
            return Checked(stopping, 0.0, given=typed.strip(), reason=reasons)
    credit = round(sum(one.credit for one in each) / len(each), 3)
    if credit == 1:
        close = any(one.verdict is Verdict.CLOSE for one in each)
        return Checked(Verdict.CLOSE if close else Verdict.RIGHT, 1.0, given=typed.strip(), reason=reasons)
    return Checked(Verdict.PARTLY if credit else Verdict.WRONG, credit, given=typed.strip(), reason=reasons)


def _check_gap(question: Question, place: int, typed: str, accepted: Sequence[str] = ()) -> Checked:
    """One blank: a number is marked as a number (`.25`, `1/4`, `0,25` are 0.25; more digits may follow), else words."""
    expected, others = question.expected[place], question.others[place]
    if any(level(typed) == level(other) for other in others):
        return Checked(Verdict.RIGHT, 1.0, given=typed.strip())
    plain = expected.strip().strip("$").replace("\u2212", "-")
    if _PLAIN_NUMBER.fullmatch(plain) and level(typed) != level(expected):
        decimals = len(plain.partition(".")[2])
        tolerance = 0.499 * 10.0**-decimals if decimals else 0.0
        return _check_number(question, NumericAnswer(plain, float(plain), tolerance=tolerance), typed)
    return _check_words(typed, [expected, *others, *accepted], sayable=_sayable(expected))


def _check_words(typed: str, spellings: Sequence[str], *, sayable: bool) -> Checked:
    given = typed.strip()
    levelled = level(given)
    if any(levelled == level(spelling) for spelling in spellings):
        return Checked(Verdict.RIGHT, 1.0, given=given)
    for spelling in spellings:
        if _is_slip(levelled, level(spelling)):
            return Checked(Verdict.CLOSE, 1.0, given=given, reason=f"Spelt {spelling}.")
    if not sayable:
        return Checked(Verdict.YOURS, 0.0, given=given, reason="Compare with the answer and judge yourself.")
    return Checked(Verdict.WRONG, 0.0, given=given)


_PLAIN_NUMBER = re.compile(r"-?\d{1,15}(\.\d{1,15})?")
_SCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉", "01234567890123456789")
_DASHES = re.compile("[-\u2010-\u2015\u2212_ \u00a0]+")
_TEX = re.compile(r"\\(?:mathrm|text|mathbf|operatorname)?|[${}^*`]")
_GREEK = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "eta": "η", "theta": "θ", "lambda": "λ",
    "mu": "μ", "pi": "π", "rho": "ρ", "sigma": "σ", "tau": "τ", "phi": "φ", "partial": "∂", "sum": "∑", "nabla": "∇",
}  # fmt: skip


def level(text: str) -> str:
    """`text` without what nobody should be marked down for: case, accents, spacing, hyphens, TeX's own marks.

    Signs and operators stay: `-x` and `x` are different answers.
    """
    text = text.translate(_SCRIPTS)
    text = re.sub(r"\\([A-Za-z]+)", lambda name: _GREEK.get(name[1], "\\" + name[1] + " "), text)
    text = _TEX.sub("", text)
    negative = text.lstrip()[:1] in ("-", "\u2212")
    text = unicodedata.normalize("NFKD", text).casefold()
    text = "".join(char for char in text if not unicodedata.combining(char))
    text = "".join(_GREEK.get(word, word) for word in re.split(r"(\W+)", text))
    text = text.replace("\u03c2", "\u03c3").strip()
    text = text.rstrip(" .!?") or text
    text = re.sub(r"^(the|an?)\s+", "", text)
    joined = _DASHES.sub("", text)
    return ("-" if negative else "") + joined


def _sayable(text: str) -> bool:
    """Whether a machine may call another spelling wrong: words, numbers and single symbols, but no long formula."""
    return not re.search(r"\\frac|\\sum|\\left|\\begin|\\sqrt|=|\s[-+*/·]\s|\^\{", text)


def _is_slip(typed: str, spelling: str) -> bool:
    """Whether the two differ by one slip of the finger: a letter too many, too few, wrong or swapped.

    Only within words of five letters or more, and never where a digit or sign is what differs.
    """
    if min(len(typed), len(spelling)) < 5 or abs(len(typed) - len(spelling)) > 1 or typed == spelling:
        return False
    start = 0
    while start < min(len(typed), len(spelling)) and typed[start] == spelling[start]:
        start += 1
    left, right = typed[start:], spelling[start:]
    touched = left[:2] + right[:2]
    if any(not char.isalpha() for char in touched):
        return False
    swapped = len(left) == len(right) >= 2 and left[:2] == right[1::-1] and left[2:] == right[2:]
    return swapped or left[1:] == right[1:] or left[1:] == right or left == right[1:]
