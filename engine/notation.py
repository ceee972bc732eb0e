"""Formulas as LaTeX, in symbols or with the numbers in them. Imports the graph and the operation table.

Negative numbers are bracketed where they meet another sign, products of numbers have a dot, vectors are columns.
Written from the leaves upwards, so a deep formula costs no deep recursion; one that grows beyond a page is cut short.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import numpy as np

from engine.graph import Node, ordered
from engine.operations import OPERATIONS
from engine.table import ATOM, PRODUCT, SUM, Written

MAX_TEX = 1_200
"""Characters of one formula; what is longer becomes an ellipsis."""
MAX_SIDE = 6
"""Longest side of an array that is written out."""

_GREEK = {
    "alpha",
    "beta",
    "gamma",
    "delta",
    "epsilon",
    "zeta",
    "eta",
    "theta",
    "iota",
    "kappa",
    "lambda",
    "mu",
    "nu",
    "xi",
    "pi",
    "rho",
    "sigma",
    "tau",
    "upsilon",
    "phi",
    "chi",
    "psi",
    "omega",
    "Gamma",
    "Delta",
    "Theta",
    "Lambda",
    "Sigma",
    "Phi",
    "Psi",
    "Omega",
}
_LETTERS = {
    "α": "alpha",
    "β": "beta",
    "γ": "gamma",
    "δ": "delta",
    "ε": "varepsilon",
    "η": "eta",
    "θ": "theta",
    "λ": "lambda",
    "μ": "mu",
    "ρ": "rho",
    "σ": "sigma",
    "τ": "tau",
    "φ": "varphi",
    "ω": "omega",
    "Δ": "Delta",
}
_SPECIAL = {"eps": r"\varepsilon", "epsilon": r"\varepsilon", "lam": r"\lambda", "lr": r"\eta", "theta": r"\theta"}
_NAME = re.compile(r"([^\W\d_]+?)(\d*)((?:_\w+)?)('*)")
_LAYER = re.compile(r"([^\W\d_]+)(\d+)")
_GRADIENT = re.compile(r"d(\w+)/d(\w+)")
_PI = Fraction("3.141592653589793")
"""What `pi` stands for in a program; products and quotients of it with small numbers are written with a π."""
_OPENING = re.compile(r"^\\left\((-[\d.]+)\\right\)(?= \\cdot| \\odot|\\,|$)")


@dataclass(frozen=True)
class Style:
    """How the names of a program are written.

    Attributes:
        symbols: The author's own LaTeX by name.
        deltas: Names of pre-activations, whose gradient is written δ.
        layered: Names of arrays with a number, which is the layer: W1 → W^{(1)}.
    """

    symbols: Mapping[str, str] = field(default_factory=dict)
    deltas: frozenset[str] = frozenset()
    layered: frozenset[str] = frozenset()


PLAIN = Style()


def symbol(name: str, style: Style = PLAIN) -> str:  # noqa: PLR0911
    """The LaTeX of a name: w1 → w_{1}, W1 → W^{(1)}, eta → η, dL/dw → ∂L/∂w, w' → w'."""
    symbols = style.symbols
    if name in symbols:
        return symbols[name]
    if match := _GRADIENT.fullmatch(name):
        if match[2] in style.deltas:
            return _delta(match[2], match[2] in style.layered)
        return f"\\frac{{\\partial {symbol(match[1], style)}}}{{\\partial {symbol(match[2], style)}}}"
    if name.startswith("Δ") and len(name) > 1:
        return f"\\Delta {symbol(name[1:], style)}"
    if name.endswith("'") and name.rstrip("'") in symbols:
        return symbols[name.rstrip("'")] + name[len(name.rstrip("'")) :]
    if name.rstrip("'") in style.layered and (match := _LAYER.fullmatch(name.rstrip("'"))):
        primes = "\\prime" * (len(name) - len(name.rstrip("'")))
        return f"{_base(match[1])}^{{({match[2]}){primes}}}"
    match = _NAME.fullmatch(name)
    if match is None:
        return f"\\mathrm{{{re.sub(r'[^A-Za-z0-9 ]', ' ', name)}}}"
    base, digits, rest, primes = match.groups()
    parts = [p for p in rest.split("_") if p]
    hat = base.endswith("hat") and len(base) > 3
    if hat:
        base = base[:-3]
    if parts[:1] in (["hat"], ["new"]):
        hat, primes = hat or parts[0] == "hat", primes + ("'" if parts[0] == "new" else "")
        parts = parts[1:]
    lower = ",".join(([digits] if digits else []) + [_subscript(p) for p in parts])
    text = f"\\hat{{{_base(base)}}}" if hat else _base(base)
    return text + (f"_{{{lower}}}" if lower else "") + primes


def _base(base: str) -> str:
    if base in _SPECIAL:
        return _SPECIAL[base]
    if base in _GREEK:
        return f"\\{base}"
    if base in _LETTERS:
        return f"\\{_LETTERS[base]}"
    if len(base) == 2 and base[0] in "wubvWUBV":
        return f"{base[0]}_{{{base[1]}}}"  # wf, bo: the weight and the bias of a gate
    return base if len(base) == 1 else f"\\mathrm{{{base}}}"


def _subscript(part: str) -> str:
    if part in _GREEK or part in _SPECIAL:
        return _base(part)
    return part if re.fullmatch(r"\w|\d+|[A-Za-z]\d+", part) else f"\\mathrm{{{part}}}"


def _delta(of: str, layered: bool) -> str:
    if layered and (match := _LAYER.fullmatch(of)) and match[1] in {"z", "Z"}:
        return f"\\delta^{{({match[2]})}}"
    rest = of[1:].lstrip("_") if of[:1] in {"z", "Z"} else of
    return f"\\delta_{{{rest}}}" if rest else r"\delta"


def number(value: float) -> str:
    """Six significant digits; powers of ten where a decimal would be long."""
    text = f"{value:.6g}"
    if "e" in text:
        mantissa, _, exponent = text.partition("e")
        power = f"10^{{{int(exponent)}}}"
        return {"1": power, "-1": f"-{power}"}.get(mantissa, f"{mantissa} \\cdot {power}")
    return "0" if text == "-0" else text


def array(value: Any) -> str | None:
    """A small array as a column or a matrix, one of a single entry as a number; None where it is too large to write."""
    value = np.asarray(value)
    if value.size == 1:
        return number(float(value.item()))
    if value.ndim > 2 or max(value.shape) > MAX_SIDE:
        return None
    rows = value.reshape(-1, 1) if value.ndim == 1 else value
    body = r" \\ ".join(" & ".join(number(float(v)) for v in row) for row in rows)
    return f"\\begin{{pmatrix}} {body} \\end{{pmatrix}}"


class Pen:
    """What an operation writes one node with. See `engine.table.Pen`."""

    def __init__(self, node: Node, written: Mapping[Node, Written], numbers: bool) -> None:
        self._node, self._written, self._numbers = node, written, numbers

    def __call__(self, argument: int, level: int = SUM) -> str:
        """The text of an argument, bracketed where it is looser than `level`."""
        text, own = self._written[self._node.args[argument]]
        return text if own >= level else f"\\left({text}\\right)"

    def product(self, left: str, right: str, *, elementwise: bool = False) -> str:
        """Two factors side by side."""
        if elementwise:
            return f"{left} \\odot {right}"
        if self._numbers or right[:1].isdigit() or (left[-1:].isdigit() and right[:1] in "\\-" and "frac" in right[:5]):
            return f"{left} \\cdot {right}"
        return f"{left}\\,{right}"


class Writer:
    """Writes formulas of one program.

    Args:
        style: How names are written.
        values: Node → its number; where given, names are replaced by numbers.
    """

    def __init__(self, style: Style = PLAIN, values: Mapping[Node, Any] | None = None) -> None:
        self.style, self.values = style, values

    def write(self, root: Node) -> str:
        """The formula of a node. Named nodes below it, and itself if it has a name, are written as their symbols."""
        written: dict[Node, Written] = {}
        for node in ordered([root], stop=self._whole):
            text, level = self._leaf(node)
            if text is None:
                text, level = OPERATIONS[node.op].latex(Pen(node, written, self.values is not None), node)
            written[node] = (text, level) if len(text) <= MAX_TEX else (r"\cdots", ATOM)
        return _OPENING.sub(r"\1", written[root][0]) if written[root][0].startswith(r"\left(-") else written[root][0]

    def _whole(self, node: Node) -> bool:
        return node.op in {"named", "given"} or is_entry(node)

    def _symbol(self, node: Node) -> Written:
        return symbol(node.name, self.style), ATOM

    def _leaf(self, node: Node) -> tuple[str | None, int]:
        if node.op in {"const", "fill"}:
            exact, level = _exact(node.attrs[0])
            if node.op == "const":
                return exact, level
            ones = "\\mathbf{1}"
            return (ones, ATOM) if exact == "1" else (f"{exact}\\,{ones}", min(level, PRODUCT))
        if is_entry(node):
            return self._entry(node)
        if not self._whole(node):
            return None, ATOM
        if self.values is not None and node in self.values:
            value = self.values[node]
            text = array(value) if np.shape(value) else number(float(value))
            if text is not None:
                return (text, ATOM) if np.size(value) > 1 else _signed(text)
        return self._symbol(node)

    def _entry(self, node: Node) -> tuple[str | None, int]:
        whole, index = node.args[0], node.attrs[0]
        if self.values is not None and whole in self.values:
            return _signed(number(float(self.values[whole][tuple(index)])))
        at = ",".join(str(i + 1 if i >= 0 else i + 1 + n) for i, n in zip(index, whole.shape, strict=True))
        return subscripted(self._symbol(whole)[0], at), ATOM


def is_entry(node: Node) -> bool:
    """Whether a node is one number of a named array, as x[0] is."""
    if node.op != "index" or node.args[0].op not in {"named", "given"}:
        return False
    return len(node.attrs[0]) == len(node.args[0].shape) and not any(isinstance(i, tuple) for i in node.attrs[0])


def subscripted(text: str, at: str) -> str:
    """A symbol with an index: x → x_{1}, w' → w_{1}', w_{1} → w_{1,2}, W_{q} → (W_{q})_{1,2}.

    A fraction's lower name takes the index.
    """
    if match := re.fullmatch(r"(\\frac\{.*\}\{\\partial )(.*)(\})", text):
        return match[1] + subscripted(match[2], at) + match[3]
    if match := re.fullmatch(r"([^_]*)_\{([\d,]+)\}('*)", text):
        return f"{match[1]}_{{{match[2]},{at}}}{match[3]}"
    if "_" in text:
        return f"({text})_{{{at}}}"
    if match := re.fullmatch(r"(.*?)('+)", text):
        return f"{match[1]}_{{{at}}}{match[2]}"
    return f"{text}_{{{at}}}"


def _exact(value: Fraction) -> Written:
    if value.denominator == 1 or len(f"{float(value):.12g}") <= 8:
        return _signed(number(float(value)))
    for power in (1, 2):
        times = value / _PI**power
        if max(abs(times.numerator), times.denominator) <= 1000:
            return _of_pi(times, power)
    sign, top = ("-", SUM) if value < 0 else ("", ATOM)
    return f"{sign}\\frac{{{abs(value.numerator)}}}{{{value.denominator}}}", top


def _of_pi(times: Fraction, power: int) -> Written:
    pi = r"\pi" if power == 1 else f"\\pi^{{{power}}}"
    above = pi if abs(times.numerator) == 1 else f"{abs(times.numerator)}\\,{pi}"
    text = above if times.denominator == 1 else f"\\frac{{{above}}}{{{times.denominator}}}"
    return (f"-{text}", SUM) if times < 0 else (text, ATOM if text == r"\pi" else PRODUCT)


def _signed(text: str) -> Written:
    if text.startswith("-"):
        return text, SUM
    return text, PRODUCT if "10^" in text else ATOM
