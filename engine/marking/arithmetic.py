"""Bounded arithmetic for typed expressions: exact rationals where they stay small, float64 otherwise.

Every result is checked: |v| <= 1e60 and finite, numerator and denominator at most 2048 bits (else float64). Both bounds
are needed: (10^60)^64 overflows, and ((1.0000001^64)^64)^64 stays near 1 while its numerator passes six million bits.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction

from engine.marking.digits import out_of_range
from engine.marking.model import UnreadableError

Value = Fraction | float

LARGEST_WHOLE_POWER = 64
LARGEST_VALUE = 10**60
MOST_BITS = 2048


def divided_by_zero() -> UnreadableError:
    """The refusal of a division by zero."""
    return UnreadableError("div0", "There is a division by zero in it: check what stands below the line, as in 1/4.")


def as_float(value: Value) -> float:
    """The nearest float64. Raises: UnreadableError (`range`)."""
    try:
        return float(value)
    except OverflowError:
        raise out_of_range() from None


def bounded(value: Value) -> Value:
    """The value, within the limits on size and bits. Raises: UnreadableError (`range`)."""
    if isinstance(value, float):
        if not abs(value) <= LARGEST_VALUE:  # also refuses what is not a number
            raise out_of_range()
        return value
    if abs(value.numerator) > LARGEST_VALUE * value.denominator:
        raise out_of_range()
    if max(value.numerator.bit_length(), value.denominator.bit_length()) > MOST_BITS:
        return as_float(value)
    return value


def exactly(value: float) -> Value:
    """A given as the decimal that is printed for it, so that 0.1*0.26 is exact. Raises: UnreadableError (`range`)."""
    if not math.isfinite(value):
        raise out_of_range()
    return Fraction(repr(value))


def add(left: Value, right: Value) -> Value:
    """The sum of two values."""
    return bounded(left + right)


def multiply(left: Value, right: Value) -> Value:
    """The product of two values."""
    return bounded(left * right)


def divide(left: Value, right: Value) -> Value:
    """The quotient of two values. Raises: UnreadableError (`div0`)."""
    if right == 0:
        raise divided_by_zero()
    return bounded(left / right)


def whole_power(exponent: Value) -> int | None:
    """The exponent as an integer when it is whole, exact and at most 64 in size, else None."""
    if isinstance(exponent, Fraction) and exponent.denominator == 1 and abs(exponent) <= LARGEST_WHOLE_POWER:
        return exponent.numerator
    return None


def raise_to(base: Value, exponent: Value) -> Value:
    """A power; exact for whole exponents up to 64 as long as it stays within the bits.

    Raises: UnreadableError: `div0` for 0 to a negative power, `range` for overflow and roots of negative numbers.
    """
    if base == 0 and exponent < 0:
        raise divided_by_zero()
    whole = whole_power(exponent)
    if whole is not None and isinstance(base, Fraction):
        bits = max(base.numerator.bit_length(), base.denominator.bit_length()) - 1
        if bits * abs(whole) <= MOST_BITS:
            return bounded(base**whole)
    try:
        return bounded(math.pow(as_float(base), as_float(exponent)))
    except (OverflowError, ValueError):
        raise out_of_range() from None


def sigmoid(argument: float) -> float:
    """1/(1 + exp(-argument)) without overflow for large negative arguments."""
    if argument >= 0:
        return 1 / (1 + math.exp(-argument))
    grown = math.exp(argument)
    return grown / (1 + grown)


FUNCTIONS: dict[str, Callable[[float], float]] = {
    "exp": math.exp,
    "ln": math.log,
    "sqrt": math.sqrt,
    "tanh": math.tanh,
    "sigmoid": sigmoid,
    "sig": sigmoid,
    "σ": sigmoid,
}


def call(name: str, argument: Value) -> Value:
    """A function of the grammar at a value. Raises: UnreadableError (`range`) outside its domain or on overflow."""
    try:
        return bounded(FUNCTIONS[name](as_float(argument)))
    except (OverflowError, ValueError) as failure:
        if isinstance(failure, UnreadableError):
            raise
        raise out_of_range() from None
