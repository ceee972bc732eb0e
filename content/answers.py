"""Machine-marked answers as a deck writes them: numbers, vectors and matrices, and quoted words."""

from __future__ import annotations

import math
import re
from decimal import Decimal

from content.model import NumericAnswer

Value = float | tuple[float | tuple[float, ...], ...]


class AnswerError(ValueError):
    """An answer that cannot be read; the text says why and what to write."""


_NUMBER = r"[-+\u2212]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+\u2212]?\d{1,3})?"
_SCALAR = re.compile(rf"{_NUMBER}(?:\s*/\s*{_NUMBER})?")
_RULE = re.compile(
    rf"\s*(?:(?:±|\+/-)\s*(?P<plus>{_NUMBER})\s*(?P<percent>%)?|\{{(?P<precision>[^}}]*)\}})?\s*$", re.DOTALL
)
_COMMA = re.compile(r",(\d+)(?=\s|$)")
_PRECISION = re.compile(r"(?:[1-9]|1[0-5])sf|(?:\d|1[0-5])dp|int|exact")
_QUOTED = re.compile(r'\s*"((?:[^"\\]|\\.)*)"\s*', re.DOTALL)


def numeric(text: str) -> NumericAnswer:
    """Read what stands behind `=`: a number or an array, then perhaps `± 0.001`, `±1%`, `{3sf}`, `{2dp}`, `{int}`.

    Without a rule the digits as written are asked for: `0.0208` is three significant figures, `26` a whole number.

    Raises: AnswerError.
    """
    text = text.strip()
    end = _end_of_array(text) if text.startswith("[") else _end_of_number(text)
    written, rule = " ".join(text[:end].split()), _RULE.match(text[end:])
    value = number(written)
    if rule is None and (comma := _COMMA.match(text[end:])):
        raise AnswerError(f"“{written}{comma[0]}” has a decimal comma; write {written}.{comma[1]}")
    if rule is None:
        raise AnswerError(
            f"“{text[end:].strip()[:40]}” behind the number is not understood; write ± 0.001, ±1%, {{3sf}} or {{2dp}}"
        )
    if rule["plus"]:
        width = _scalar(rule["plus"])
        if width < 0:
            raise AnswerError("a tolerance is not negative; write ± 0.001")
        if rule["percent"]:
            return NumericAnswer(written, value, relative=float(Decimal(str(width)) / 100))
        return NumericAnswer(written, value, tolerance=width)
    if rule["precision"] is not None:
        precision = rule["precision"].strip()
        if not _PRECISION.fullmatch(precision):
            raise AnswerError(f"“{{{precision[:40]}}}” is no precision; write {{3sf}}, {{2dp}}, {{int}} or {{exact}}")
        return NumericAnswer(written, value, precision=precision)
    return NumericAnswer(written, value, precision=as_written(written))


def number(text: str) -> Value:
    """A number, a fraction `a/b`, a vector `[a, b]` or a matrix `[[a, b], [c, d]]`; the minus may be `−`.

    Raises: AnswerError when it is none of these, has rows of unequal length, or is not finite.
    """
    text = text.strip()
    if not text.startswith("["):
        return _scalar(text)
    if not text.endswith("]"):
        raise AnswerError(f"the bracket of “{text[:40]}” is not closed; write [0.1, 0.2]")
    inner = text[1:-1].strip()
    if inner.startswith("["):
        rows = re.split(r"\]\s*,\s*\[", inner.removeprefix("[").removesuffix("]"))
        if not inner.endswith("]"):
            raise AnswerError(f"the rows of “{text[:40]}” are not closed; write [[1, 2], [3, 4]]")
        matrix = tuple(_row(row) for row in rows)
        if len({len(row) for row in matrix}) > 1:
            raise AnswerError(f"the rows of “{text[:40]}” have unequal lengths; give each as many numbers")
        return matrix
    return _row(inner)


def as_written(text: str) -> str:
    """The precision that a number asks for by its digits: `int`, or as many significant figures as its longest entry.

    A fraction asks for three figures, and a zero with decimals for as many decimals.
    """
    if "/" in text:
        return "3sf"
    entries = re.findall(_NUMBER, text)
    if all(re.fullmatch(r"[-+\u2212]?\d+", entry) for entry in entries):
        return "int"
    digits = [re.sub(r"[eE].*|[^\d]", "", entry).lstrip("0") for entry in entries]
    figures = max((len(entry) for entry in digits), default=0)
    if figures == 0:
        return f"{min(max(len(entry.partition('.')[2]) for entry in entries), 15)}dp"
    return f"{min(figures, 15)}sf"


def accepts(answer: NumericAnswer, value: Value) -> bool:
    """Whether `value` lies inside the interval that `answer` takes as right; shapes must agree."""
    due, given = _entries(answer.value), _entries(value)
    if due.keys() != given.keys():
        return False
    return all(abs(given[place] - due[place]) <= _width(answer, due[place]) * (1 + 1e-9) for place in due)


def _entries(value: Value) -> dict[tuple[int, ...], float]:
    """Index → entry; the empty index for a number."""
    if not isinstance(value, tuple):
        return {(): value}
    found: dict[tuple[int, ...], float] = {}
    row: float | tuple[float, ...]
    for at, row in enumerate(value):
        if isinstance(row, tuple):
            found |= {(at, column): entry for column, entry in enumerate(row)}
        else:
            found[at,] = row
    return found


def typed(text: str) -> tuple[str, ...]:
    r"""Read `"error term" | "delta"`: the accepted spellings. `\"` is a quotation mark, `\\` a backslash.

    Raises: AnswerError.
    """
    answers: list[str] = []
    at = 0
    while True:
        quoted = _QUOTED.match(text, at)
        if not quoted:
            raise AnswerError('a typed answer stands in straight quotation marks; write = "one" | "another"')
        word = " ".join(re.sub(r'\\(["\\])', r"\1", quoted[1]).split())
        if not word:
            raise AnswerError("an accepted answer is empty; write something between the quotation marks or drop it")
        answers.append(word)
        at = quoted.end()
        if at == len(text):
            return tuple(dict.fromkeys(answers))
        if text[at] != "|":
            raise AnswerError(f"“{text[at : at + 20]}” stands between the answers; separate them by |")
        at += 1


def _width(answer: NumericAnswer, due: float) -> float:
    """How far from `due` an answer may lie and be right: half a unit of the asked digit, or the tolerance."""
    if answer.tolerance is not None:
        return answer.tolerance
    if answer.relative is not None:
        return answer.relative * abs(due)
    precision = answer.precision or "exact"
    if precision.endswith("dp"):
        return float(0.5 * 10.0 ** -int(precision[:-2]))
    if precision.endswith("sf") and due:
        return float(0.5 * 10.0 ** (math.floor(math.log10(abs(due)) + 1e-12) - int(precision[:-2]) + 1))
    return 0.0


def _end_of_array(text: str) -> int:
    depth = 0
    for at, char in enumerate(text):
        depth += (char == "[") - (char == "]")
        if depth == 0:
            return at + 1
    return len(text)


def _end_of_number(text: str) -> int:
    found = _SCALAR.match(text)
    if not found:
        raise AnswerError(f"“{text[:40]}” is no number; write = 0.25, = [0.1, 0.2], or put words in quotation marks")
    return found.end()


def _row(text: str) -> tuple[float, ...]:
    return tuple(_scalar(entry) for entry in text.split(","))


def _scalar(text: str) -> float:
    text = text.strip().replace("\u2212", "-")
    if not _SCALAR.fullmatch(text):
        raise AnswerError(f"“{text[:40]}” is no number; write digits with a decimal point, such as 0.25 or 1e-3")
    top, _, bottom = text.partition("/")
    if bottom and float(bottom) == 0:
        raise AnswerError(f"“{text[:40]}” divides by zero; write a number that exists")
    value = float(top) / float(bottom) if bottom else float(top)
    if not math.isfinite(value):
        raise AnswerError(f"“{text[:40]}” is too large; write a number below 1e308")
    if value == 0 and re.search(r"[1-9]", re.sub(r"[eE].*", "", top)):
        raise AnswerError(f"“{text[:40]}” is too small; write a number above 1e-308")
    return value
