"""The values that marking takes and gives: a mark, an asked precision, an expected mistake, a number as typed.

Nothing here computes a verdict. Units of digits are kept as exponents of ten (`-3` means 0.001), so that comparing them
is exact; `None` stands for "exact, no last digit".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple, TypeAlias

Nested: TypeAlias = "float | Sequence[Nested]"
Names: TypeAlias = "Mapping[str, Nested]"
Index: TypeAlias = tuple[int, ...]

MOST_FIGURES = 15
MOST_AXES = 30
ENDLESS = 10**6
"""The significant figures of an exact number (a fraction, an expression): more than can be asked."""


class MarkingError(ValueError):
    """A key, a precision or a mistake that cannot be marked against; never raised for what a learner typed."""


class UnreadableError(ValueError):
    """An answer that cannot be read. `code` is the part after `invalid:`, the text is the sentence for the learner.

    What the learner typed may be quoted in it; control characters in that are replaced.
    """

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__("".join(character if character.isprintable() else "\ufffd" for character in sentence))
        self.code = code


class Number(NamedTuple):
    """A number as typed.

    `last`: exponent of the unit of its last digit (f); `least`: the same when trailing zeros of a whole number are only
    placeholders (c); both None for exact numbers. `figures`: its significant figures (s).
    """

    value: float
    last: int | None = None
    least: int | None = None
    figures: int = ENDLESS


@dataclass(frozen=True, slots=True)
class Expected:
    """A mistake that may be recognised: its stable id, the number (or array) it gives, and what to say.

    `sentence` says what the number equals, without giving the right one; `question` leads back to the way.
    """

    id: str
    value: Nested
    sentence: str = ""
    question: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """What an answer is worth and why.

    `verdict` is one of the words of the marking rule; `credit` is 0…1, or None when nothing was marked and the field
    stays open; `attempt` says whether a try was used; `read` is what was understood where the answer was not plain;
    `reason` is a sentence for the learner; `mistake` the recognised mistakes, several joined by `|`; `entries` the
    indices concerned, counted from 0: `(i,)` in a vector, `(row, column)` in a matrix.
    """

    verdict: str
    credit: float | None
    attempt: bool
    read: str = ""
    reason: str = ""
    mistake: str | None = None
    entries: tuple[Index, ...] = ()

    @property
    def accepted(self) -> bool:
        """Whether the answer settles the step with the credit of a right one."""
        return self.verdict.startswith(("correct", "close"))

    @property
    def invalid(self) -> str | None:
        """The code of an answer that could not be read, else None."""
        return self.verdict.removeprefix("invalid:") if self.verdict.startswith("invalid:") else None

    def as_json(self) -> dict[str, object]:
        """The mark as plain values for `json.dumps`; indices become lists."""
        return {
            "verdict": self.verdict,
            "credit": self.credit,
            "attempt": self.attempt,
            "read": self.read,
            "reason": self.reason,
            "mistake": self.mistake,
            "entries": [list(index) for index in self.entries],
        }


class Precision(NamedTuple):
    """How exactly an answer is asked: `kind` is "sf", "dp", "int" or "exact"; `digits` counts for the first two."""

    kind: str
    digits: int = 0

    @classmethod
    def parse(cls, text: str) -> Precision:
        """Read `3sf`, `2dp`, `int`, `exact`, or the same written `sf 3`, `dp 2`.

        Raises: MarkingError for anything else, and for more than 15 digits, which a float64 does not hold.
        """
        return _precision(text)

    @property
    def rounds(self) -> bool:
        """Whether digits are asked at all."""
        return self.kind in {"sf", "dp"}

    @property
    def words(self) -> str:
        """What is asked, in words: `3 significant figures`."""
        if self.kind == "sf":
            return f"{self.digits} significant figure{'s' if self.digits != 1 else ''}"
        if self.kind == "dp":
            return f"{self.digits} decimal{'s' if self.digits != 1 else ''}"
        return "a whole number" if self.kind == "int" else "the exact value"

    def __str__(self) -> str:
        return f"{self.digits}{self.kind}" if self.rounds else self.kind


@lru_cache(maxsize=64)
def _precision(text: str) -> Precision:
    word = text.strip().lower().replace(" ", "")
    if word in {"int", "exact"}:
        return Precision(word)
    for kind, fewest in (("sf", 1), ("dp", 0)):
        count = word.removesuffix(kind) if word.endswith(kind) else word.removeprefix(kind)
        if count != word and count.isascii() and count.isdigit() and len(count) <= 2 and int(count) >= fewest:
            if int(count) > MOST_FIGURES:
                raise MarkingError(f"precision {text!r}: at most {MOST_FIGURES} digits can be asked")
            return Precision(kind, int(count))
    raise MarkingError(f"precision {text!r} is not known: write 3sf, 2dp, int or exact")


def plain(value: Any, depth: int = 0) -> Any:
    """Nested lists of floats from nested sequences or anything with `tolist`, such as a NumPy array.

    Raises: MarkingError for what is neither, for a whole number beyond float64, and for more than 30 axes.
    """
    if isinstance(value, float):
        return value
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, Sequence) and not isinstance(value, (str, bytes)):
        if depth >= MOST_AXES:
            raise MarkingError(f"an array of more than {MOST_AXES} axes cannot be marked: give at most two")
        return [plain(entry, depth + 1) for entry in value]
    if not hasattr(value, "__float__"):
        raise MarkingError(f"{value!r:.60} is not a number: give a number or nested lists of numbers")
    try:
        return float(value)
    except OverflowError:
        raise MarkingError("a whole number beyond 10^308 cannot be marked: give a smaller one") from None


def expected(mistakes: Iterable[Expected | tuple[str, Nested]]) -> tuple[Expected, ...]:
    """Mistakes in one form; plain pairs `(id, value)` are taken too."""
    return tuple(entry if isinstance(entry, Expected) else Expected(entry[0], entry[1]) for entry in mistakes)
