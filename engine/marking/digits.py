"""A written number to its value and its digits: the unit of the last one, the placeholders, the significant figures.

Takes digits that a grammar has already checked; integers only, so that values are correctly rounded from the
decimal text.
The plain path reads `-0.179` without the grammar and must agree with it exactly (a property test holds that).
"""

from __future__ import annotations

import re

from engine.marking.model import Number, UnreadableError

LONGEST_LITERAL = 40
LARGEST_EXPONENT = 60
LARGEST_ANSWER = 1e15

_PLAIN = re.compile(r"[+-]?(?:([0-9]+)(\.[0-9]*)?|(\.[0-9]+))", re.ASCII)


def literal_range_error() -> UnreadableError:
    """The refusal of a number that is too long or too large."""
    return UnreadableError("range", "That number is out of range: write at most 40 digits, and powers up to 10^60.")


def out_of_range() -> UnreadableError:
    """The refusal of a value beyond all bounds, or of a function outside its domain."""
    return UnreadableError("range", "The number is out of range: type a number between -10^15 and 10^15, such as 0.25.")


def digits_of(whole: str, fraction: str | None, exponent: int = 0) -> tuple[int, int, int]:
    """The digits of a literal: (last, least, figures).

    `whole` and `fraction` are ASCII digits; `fraction` is None where no decimal mark was typed. `last` and `least` are
    exponents of ten. The figures of a literal zero are its decimals, at least 1.
    """
    last = exponent - len(fraction or "")
    significant = (whole + (fraction or "")).lstrip("0")
    if not significant:
        return last, last, max(1, len(fraction or ""))
    placeholders = len(whole) - len(whole.rstrip("0")) if fraction is None else 0
    return last, last + placeholders, len(significant)


def decimal_parts(mantissa: str) -> tuple[str, str | None, str] | None:
    """Split `1.234,5` into ("1234", "5", ","): the last mark is the decimal one, others must group three digits each.

    Returns: whole digits, fraction digits (None without a mark), the decimal mark; None where the marks make no sense.
    """
    place = max(mantissa.rfind("."), mantissa.rfind(","))
    if place < 0:
        return mantissa, None, ""
    decimal = mantissa[place]
    whole, _, fraction = mantissa.partition(decimal)
    first, *groups = whole.replace(",", ".").split(".")
    grouped = not groups or (1 <= len(first) <= 3 and all(len(group) == 3 for group in groups))
    if mantissa.count(decimal) > 1 or not grouped:
        return None
    return first + "".join(groups), fraction, decimal


def plain_number(text: str) -> Number | None:
    """Read a plain decimal literal (`-0.179`, `.34`, `1230`); None for everything else.

    Raises: UnreadableError (`range`) for more than 40 characters or a value above 1e15.
    """
    found = _PLAIN.fullmatch(text)
    if found is None:
        return None
    whole, point, bare = found.groups()
    fraction = bare[1:] if bare else point[1:] if point else None
    whole = whole or ""
    if len(whole) + len(fraction or "") + (point is not None or bare is not None) > LONGEST_LITERAL:
        raise literal_range_error()
    size = int(whole + (fraction or "")) / 10 ** len(fraction or "")
    if size > LARGEST_ANSWER:
        raise out_of_range()
    last, least, figures = digits_of(whole, "" if point is not None and not fraction else fraction)
    return Number(-size if text[0] == "-" else size, last, least, figures)
