"""One number or expression to an exact value: a recursive-descent parser with limits on everything it does.

    expr   := term (('+' | '-') term)*
    term   := unary (('*' | '/') unary)*
    unary  := ('+' | '-') unary | power
    power  := atom (('^' | '**') unary | '%')?
    atom   := number | name | '(' expr ')' | fn '(' expr ')'

Arithmetic is rational for + - * / and whole powers up to 64, float64 otherwise; every intermediate value is bounded, in
size and in bits, so that no text can make it slow. Nothing is handed to Python's own readers of numbers or code.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from fractions import Fraction
from typing import NamedTuple

from engine.marking.arithmetic import (
    FUNCTIONS,
    Value,
    add,
    as_float,
    bounded,
    call,
    divide,
    exactly,
    multiply,
    raise_to,
    whole_power,
)
from engine.marking.digits import (
    LARGEST_ANSWER,
    LARGEST_EXPONENT,
    LONGEST_LITERAL,
    decimal_parts,
    digits_of,
    literal_range_error,
    out_of_range,
)
from engine.marking.givens import look_up
from engine.marking.model import Names, Number, UnreadableError

DEEPEST = 30
_DIGIT_BOUND = 300

_TOKEN = re.compile(
    r"(?P<space>[ \n]+)"
    r"|(?P<number>(?:[0-9]|[.,][0-9])[0-9.,]*(?:[eE][+-]?[0-9]+)?)"
    r"|(?P<name>[^\W\d_]\w*(?:\[ *[0-9]{1,4} *(?:, *[0-9]{1,4} *)?\])*)"
    r"|(?P<mark>\*\*|[-+*/^%()])"
)
_LITERAL = re.compile(r"([0-9.,]+)(?:[eE]([+-]?[0-9]+))?")


class Token(NamedTuple):
    """A piece of the answer: its kind (`number`, `name`, `mark`, `end`), its text, whether space stood before it."""

    kind: str
    text: str
    spaced: bool


class Term(NamedTuple):
    """A value under way; `digits` (last, least, figures) while it is still one literal, `ten` = k while it is 10^k."""

    value: Value
    digits: tuple[int, int, int] | None = None
    ten: int | None = None


def parse(text: str, names: Names) -> Number:
    """Read one number or expression, already levelled; `names` are the givens that may be used.

    Raises: UnreadableError with the codes of the marking rule.
    """
    return _Parser(text, names).number()


def tokens(text: str) -> list[Token]:
    """Cut an answer into tokens, the last of kind `end`. Raises: UnreadableError (`syntax`)."""
    found: list[Token] = []
    place, spaced = 0, False
    while place < len(text):
        match = _TOKEN.match(text, place)
        if match is None:
            raise syntax(text[:place], f"“{text[place]}” cannot be read here")
        place = match.end()
        if match.lastgroup == "space":
            spaced = True
            continue
        found.append(Token(match.lastgroup or "", match[0], spaced))
        spaced = False
    found.append(Token("end", "", spaced))
    return found


def syntax(before: str, what: str) -> UnreadableError:
    """The refusal that says where reading stopped."""
    where = f" after “{before.strip()[-20:]}”" if before.strip() else ""
    return UnreadableError("syntax", f"Reading stopped{where}: {what}. Write a number such as 0.25 or 1/4.")


class _Parser:
    """One pass over the tokens of one expression."""

    def __init__(self, text: str, names: Names) -> None:
        self.tokens = tokens(text)
        self.names = names
        self.decimal = ""  # the decimal mark, once a literal has shown it
        self.place = 0
        self.depth = 0

    @property
    def token(self) -> Token:
        return self.tokens[self.place]

    def number(self) -> Number:
        term = self.expression()
        if self.token.kind != "end":
            raise self.left_over()
        value = as_float(term.value)
        if abs(value) > LARGEST_ANSWER:
            raise out_of_range()
        if term.digits is None:
            return Number(value)
        last, least, figures = term.digits
        return Number(value, _bounded(last), _bounded(least), figures)

    def left_over(self) -> UnreadableError:
        """Why something stands behind a complete expression."""
        token = self.token
        if token.kind == "number" and token.spaced:
            return UnreadableError("shape", "One number is asked, and there are two or more. Write one, such as 0.25.")
        if token.kind == "name":
            look_up(token.text, self.names)
            return syntax(self.before(), f"an operator is missing before “{token.text}”, write * to multiply")
        return syntax(self.before(), f"“{token.text}” does not fit there")

    def before(self) -> str:
        return " ".join(token.text for token in self.tokens[: self.place])

    def take(self, *marks: str) -> str:
        """The mark at this place if it is one of `marks`, moving on; else ""."""
        token = self.token
        if token.kind == "mark" and token.text in marks:
            self.place += 1
            return token.text
        return ""

    def deeper(self, rule: Callable[[], Term]) -> Term:
        self.depth += 1
        if self.depth > DEEPEST:
            raise UnreadableError("syntax", "That is nested too deeply: at most 30 levels can be read.")
        term = rule()
        self.depth -= 1
        return term

    def expression(self) -> Term:
        term = self.term()
        while mark := self.take("+", "-"):
            right = self.term()
            term = Term(add(term.value, right.value if mark == "+" else -right.value))
        return term

    def term(self) -> Term:
        term = self.unary()
        while mark := self.take("*", "/"):
            right = self.unary()
            if mark == "*" and term.digits is not None and right.ten is not None:
                last, least, figures = term.digits
                shifted = (last + right.ten, least + right.ten, figures)
                term = Term(multiply(term.value, right.value), shifted)
            else:
                term = Term((multiply if mark == "*" else divide)(term.value, right.value))
        return term

    def unary(self) -> Term:
        mark = self.take("+", "-")
        if not mark:
            return self.power()
        term = self.deeper(self.unary)
        return Term(-term.value if mark == "-" else term.value, term.digits)

    def power(self) -> Term:
        if self.euler():
            self.place += 2
            return Term(call("exp", self.deeper(self.unary).value))
        ten = self.token.text == "10"
        base = self.atom()
        if self.take("%"):
            digits = base.digits and (base.digits[0] - 2, base.digits[1] - 2, base.digits[2])
            return Term(divide(base.value, Fraction(100)), digits)
        if not self.take("^", "**"):
            return base
        exponent = self.deeper(self.unary)
        whole = whole_power(exponent.value) if ten and exponent.digits is not None else None
        return Term(raise_to(base.value, exponent.value), ten=whole)

    def euler(self) -> bool:
        """Whether Euler's number stands here with an exponent, as the sheet prints it; a given named e comes first."""
        if self.token.text != "e" or "e" in self.names:
            return False
        behind = self.tokens[self.place + 1]
        return behind.kind == "mark" and behind.text in ("^", "**")

    def atom(self) -> Term:
        token = self.token
        self.place += 1
        if token.kind == "number":
            return self.literal(token.text)
        if token.kind == "name":
            return self.named(token.text)
        if token.kind == "mark" and token.text == "(":
            term = self.deeper(self.expression)
            self.close()
            return Term(term.value, term.digits)
        self.place -= 1
        if token.kind == "end":
            raise syntax(self.before(), "a number is missing at the end")
        raise syntax(self.before(), f"a number is missing before “{token.text}”")

    def close(self) -> None:
        if not self.take(")"):
            raise syntax(self.before(), "a closing bracket is missing")

    def named(self, name: str) -> Term:
        called = self.token.kind == "mark" and self.token.text == "("
        if name == "log" and name not in self.names:
            raise UnreadableError("log", "The base of log is unclear: write ln for the natural logarithm, as in ln(2).")
        if called and name in FUNCTIONS:
            self.place += 1
            argument = self.deeper(self.expression)
            self.close()
            return Term(call(name, argument.value))
        if name in FUNCTIONS and name not in self.names:
            raise syntax(self.before(), f"“{name}” needs brackets, as in {name}(0.5)")
        return Term(bounded(exactly(look_up(name, self.names))))

    def literal(self, text: str) -> Term:
        found = _LITERAL.fullmatch(text)
        assert found is not None  # the tokens let nothing else through
        mantissa, power = found.groups()
        whole, fraction = self.decimals(mantissa)
        exponent = int(power or "0")  # at most 200 characters, so cheap
        if len(mantissa) > LONGEST_LITERAL or abs(exponent) > LARGEST_EXPONENT:
            raise literal_range_error()
        value = Fraction(int(whole + (fraction or "") or "0")) * Fraction(10) ** (exponent - len(fraction or ""))
        return Term(bounded(value), digits_of(whole, fraction, exponent))

    def decimals(self, mantissa: str) -> tuple[str, str | None]:
        """Split a mantissa at its decimal mark, dropping thousands; None where there is no mark."""
        parts = decimal_parts(mantissa)
        if parts is None or (self.decimal and parts[2] not in ("", self.decimal)):
            raise UnreadableError("comma", f"“{mantissa}” is not clear: use one decimal mark, as in 1234.5 or 1234,5.")
        self.decimal = parts[2] or self.decimal
        return parts[0], parts[1]


def _bounded(exponent: int) -> int:
    """An exponent inside the range of float64 units; digits that far out decide nothing."""
    return max(-_DIGIT_BOUND, min(_DIGIT_BOUND, exponent))
