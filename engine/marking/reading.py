"""An answer as typed to numbers: levelled, cut, parsed, and echoed where it was not plain. Knows no true value.

The one entrance to the slow path; whatever is typed, it returns numbers or raises UnreadableError, in bounded time.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from engine.marking.digits import plain_number
from engine.marking.grammar import parse
from engine.marking.levelling import level
from engine.marking.lists import Texts, split
from engine.marking.model import Names, Nested, Number, Precision, UnreadableError

LONGEST_EXPRESSION = 200
LONGEST_LIST = 4000

_THOUSANDS = re.compile(r"[+-]?[1-9][0-9]{0,2}([,.'’ ])[0-9]{3}(?:\1[0-9]{3})*")
_SPACED = re.compile(r"([+-]?[1-9][0-9]{0,2}(?: [0-9]{3})+)([.,][0-9]*)?(?:[eE][+-]?[0-9]+)?")
_LIST_COMMA = re.compile(r",[ \n]|[ \n],")
_INDEX = re.compile(r"\[[0-9, ]*\]")
_LITERAL = r"[0-9.,]+(?:[eE][+-]?[0-9]+)?"
_EXAM = re.compile(rf"[+-]?{_LITERAL}%?(?:/{_LITERAL}%?)?(?:\*10(?:\^|\*\*)[+-]?[0-9]+)?")


class Entries(NamedTuple):
    """A list as read: its shape (a row or a column is a list), its numbers, and the echo ("" if plain)."""

    shape: tuple[int, ...]
    numbers: tuple[Number, ...]
    echo: str


def read_scalar(answer: str, precision: Precision, names: Names, expressions: bool = True) -> tuple[Number, str]:
    """Read one number or expression.

    Returns: the number, and the echo: what was read where it was not a plain decimal, else "".
    Raises: UnreadableError.
    """
    _limit(answer, LONGEST_EXPRESSION)
    text = _levelled(answer)
    outside_index = _INDEX.sub("", text)
    if text[0] in "[<" or ";" in text or "\n" in text or _LIST_COMMA.search(outside_index):
        raise UnreadableError("shape", "One number is asked, not a list. Write one number, such as 0.25.")
    grouped = _SPACED.fullmatch(text) or (precision.kind == "int" and _THOUSANDS.fullmatch(text))
    number = _entry(text.replace(" ", "") if grouped else text, precision, names, expressions)
    return number, "" if _is_plain(text, number) else _typed(number)


def read_array(
    answer: str, shape: Sequence[int], precision: Precision, names: Names, expressions: bool = True
) -> Entries:
    """Read a list or a table; `shape`, the asked one, decides between readings of a comma.

    Raises: UnreadableError, `ragged` and `brackets` among its codes; a wrong shape is not judged here.
    """
    _limit(answer, LONGEST_LIST)
    text = _levelled(answer)
    texts = split(text, shape)
    found_shape = vector_shape(_shape(texts))
    numbers = []
    for entry in _flat(texts):
        if not entry:
            raise UnreadableError("syntax", "An entry of the list is missing. Write a list as [0.1, 0.2].")
        _limit(entry, LONGEST_EXPRESSION)
        try:
            numbers.append(_entry(entry, precision, names, expressions))
        except UnreadableError as error:
            raise _in_a_list(error, entry) from None
    canonical = _nested_text([_typed(number) for number in numbers], found_shape)
    plain = re.sub(r"\s", "", text) == canonical.replace(" ", "")
    return Entries(found_shape, tuple(numbers), "" if plain else canonical)


def _in_a_list(error: UnreadableError, entry: str) -> UnreadableError:
    """What is wrong with an entry, said to somebody who writes a list."""
    if error.code == "shape":
        said = f"“{entry}” holds two numbers: write a comma and a blank between all numbers, as in [0.1, 0.2]."
    elif error.code == "comma":
        said = f"“{entry}” is not clear: write a blank behind every comma between numbers, as in [0.1, 0.2]."
    else:
        return error
    return UnreadableError(error.code, said)


def nested(values: Sequence[float], shape: Sequence[int]) -> list[Nested]:
    """Flat values, row by row, as nested lists of the given shape."""
    if len(shape) < 2:
        return list(values)
    size = len(values) // shape[0]
    return [nested(values[start : start + size], shape[1:]) for start in range(0, len(values), size)]


def vector_shape(shape: Sequence[int]) -> tuple[int, ...]:
    """The shape, a row or a column of a table taken as a list."""
    if len(shape) == 2 and 1 in shape:
        return (max(shape),)
    return tuple(shape)


def _limit(text: str, longest: int) -> None:
    if len(text) > longest:
        raise UnreadableError("long", f"That is too long: at most {longest} characters can be read.")


def _levelled(answer: str) -> str:
    text = level(answer)
    if not text:
        raise UnreadableError("empty", "Nothing was typed. Type a number such as 0.25.")
    return text


def _entry(text: str, precision: Precision, names: Names, expressions: bool) -> Number:
    if precision.kind == "int" and _THOUSANDS.fullmatch(text):
        text = re.sub("[^0-9+-]", "", text)
    number = plain_number(text) or parse(text, names)  # they agree; the first is quicker
    if not expressions and not _EXAM.fullmatch(text.replace(" ", "")):
        raise UnreadableError(
            "expression", "Only numbers are read here: a decimal, a fraction such as 1/4, a percentage or 2.5*10^-3."
        )
    return number


def _is_plain(text: str, number: Number) -> bool:
    """Whether the text is the decimal that was read; 1.234 taken as a whole number is not."""
    try:
        return plain_number(text) == number
    except UnreadableError:
        return False


def _typed(number: Number) -> str:
    """The number with the digits that were typed; an expression's value to 6 significant figures."""
    if number.last is None or number.last < -20:
        return f"{number.value:.6g}"
    return f"{number.value:.{max(0, -number.last)}f}"


def _shape(texts: Texts) -> tuple[int, ...]:
    """The shape of nested lists. Raises: UnreadableError (`ragged`)."""
    if not isinstance(texts, list):
        return ()
    shapes = [_shape(row) for row in texts]
    if any(shape != shapes[0] for shape in shapes):
        raise UnreadableError("ragged", "The rows have different lengths. Write a table as [1, 2; 3, 4].")
    return (len(texts), *shapes[0])


def _flat(texts: Texts) -> list[str]:
    return [entry for row in texts for entry in _flat(row)] if isinstance(texts, list) else [texts]


def _nested_text(entries: Sequence[str], shape: Sequence[int]) -> str:
    """`[0.1, 0.2]`, `[[0.1, 0.2], [0.3, 0.4]]`."""
    if len(shape) < 2:
        return f"[{', '.join(entries)}]"
    size = len(entries) // shape[0]
    rows = (_nested_text(entries[start : start + size], shape[1:]) for start in range(0, len(entries), size))
    return f"[{', '.join(rows)}]"
