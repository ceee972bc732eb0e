"""A name in an answer to the number it stands for: `eta`, `x[0]`, `W[0,1]`, or as printed, counted from 1: `x1`, `w12`.

Reads the mapping of givens and nothing else.
"""

from __future__ import annotations

import re
from typing import Any

from engine.marking.model import Names, UnreadableError, plain

LISTED = 16
"""Names that are told to who typed one that there is not."""
_INDEXED = re.compile(r"(\w+?)((?:\[[0-9, ]+\])+)")
_PRINTED = re.compile(r"([^\W\d_]\w*?)_?([0-9]{1,4})")


def look_up(name: str, names: Names) -> float:
    """The number a name stands for. Raises: UnreadableError (`symbol`) for what is no given."""
    if name in names:
        return _scalar(name, plain(names[name]))
    if indexed := _INDEXED.fullmatch(name):
        base, places = indexed[1], [int(digits) for digits in re.findall("[0-9]+", indexed[2])]
    elif printed := _PRINTED.fullmatch(name):
        base, places = _as_printed(printed[1], printed[2], names)
    else:
        raise _unknown(name, names)
    if base not in names:
        raise _unknown(name, names)
    value = plain(names[base])
    for place in places:
        if not isinstance(value, list) or not 0 <= place < len(value):
            raise UnreadableError("symbol", f"“{name}” was not understood: {base} has no such entry.")
        value = value[place]
    return _scalar(name, value)


def _as_printed(base: str, digits: str, names: Names) -> tuple[str, list[int]]:
    """`x12` is entry 12 of a list, and row 1, column 2 of a table."""
    value = plain(names[base]) if base in names else None
    table = isinstance(value, list) and bool(value) and isinstance(value[0], list)
    return base, [int(digit) - 1 for digit in digits] if table else [int(digits) - 1]


def _scalar(name: str, value: Any) -> float:
    if isinstance(value, list):
        plainly = name[-1:].isalpha()  # behind a digit or a bracket another digit would say something else
        if value and isinstance(value[0], list):
            first = f"{name}{'12' if plainly else '[0][1]'} for row 1, column 2"
        else:
            first = f"{name}{'1' if plainly else '[0]'} for the first"
        raise UnreadableError("symbol", f"“{name}” stands for several numbers: name one of them, as in {first}.")
    return float(value)


def _unknown(name: str, names: Names) -> UnreadableError:
    """What can be used instead; of several names of one value the first."""
    first: dict[int, str] = {}
    for word, value in names.items():
        first.setdefault(id(value), word)
    words = sorted(first.values())
    known = ", ".join([*words[:LISTED], *(["…"] if len(words) > LISTED else [])])
    hint = f"The names that can be used: {known}." if known else "Type a number such as 0.25."
    return UnreadableError("symbol", f"“{name[:40]}” was not understood. {hint}")
