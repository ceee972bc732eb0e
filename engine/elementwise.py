"""Operations that work on every entry alone: arithmetic, activations, logarithms. Imports numpy.

Convention: z is a pre-activation, a an activation, u the upstream gradient. The derivative stands beside the value.
At the kink of `relu`, `abs` and their kin the derivative is 0; where `max(a, b)` ties, each side gets half.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from engine.graph import Node, Shape, broadcast, is_one, is_zero
from engine.table import ATOM, ELEMENTWISE, POWER, PRODUCT, SUM, Operation, Pen, Pull, Written, call, raised

_ERF = np.frompyfunc(math.erf, 1, 1)


def logistic(z: Any) -> Any:
    """1/(1 + e^-z), finite and silent for every z."""
    small = np.exp(-np.abs(z))
    return np.where(np.asarray(z) >= 0, 1.0, small)[()] / (1.0 + small)


def normal_cdf(z: Any) -> Any:
    """The share of a standard normal distribution below z."""
    return np.asarray(0.5 * (1.0 + np.asarray(_ERF(np.asarray(z) / math.sqrt(2.0)), dtype=float)))[()]


def normal_pdf(z: Any) -> Any:
    """The density of a standard normal distribution at z."""
    return np.exp(-0.5 * np.square(z)) / math.sqrt(2.0 * math.pi)


def heaviside(z: Any, at_zero: float) -> Any:
    """1 for z > 0, 0 for z < 0, and `at_zero` there."""
    return np.heaviside(z, at_zero)


def rounded(x: Any, digits: int) -> Any:
    """Every entry rounded to so many significant digits."""
    x = np.asarray(x, dtype=float)
    with np.errstate(divide="ignore", invalid="ignore"):
        size = 10.0 ** (digits - 1 - np.floor(np.log10(np.abs(x))))
        return np.where((x == 0) | ~np.isfinite(size), x, np.round(x * size) / size)[()]


def binary_cross_entropy(p: Any, t: Any) -> Any:
    """-(t ln p + (1 - t) ln(1 - p)), where 0 ln 0 counts 0."""
    p, t = np.asarray(p, dtype=float), np.asarray(t, dtype=float)
    return -(np.where(t == 0, 0.0, t * np.log(p)) + np.where(t == 1, 0.0, (1 - t) * np.log1p(-p)))[()]


def _common(shapes: Sequence[Shape], attrs: tuple[Any, ...]) -> Shape:
    out: Shape = ()
    for shape in shapes:
        out = broadcast(out, shape)
    return out


def _expand(name: str) -> Callable[..., Any]:
    def scalar(*args: Any) -> Node:
        graph = next(a for a in args if isinstance(a, Node)).graph
        nodes = [a for a in args if isinstance(a, Node)]
        if name in _ALGEBRA:
            return _ALGEBRA[name](*nodes)
        return graph.make(name, *nodes, attrs=tuple(a for a in args if not isinstance(a, Node)))

    def expand(*args: Any) -> Any:
        return np.frompyfunc(scalar, len(args), 1)(*args)

    return expand


def _kept(op: str, simpler: Callable[[Node, Node], Node]) -> Callable[..., Node]:
    """As written, except where a zero or a one makes it simpler."""

    def scalar(a: Node, b: Node) -> Node:
        trivial = any(is_zero(n) or is_one(n) for n in (a, b))
        return simpler(a, b) if trivial else a.graph.make(op, a, b)

    return scalar


_ALGEBRA: dict[str, Callable[..., Node]] = {
    "add": _kept("add", lambda a, b: a + b),
    "sub": lambda a, b: a - b if is_zero(a) or is_zero(b) else a.graph.make("sub", a, b),
    "mul": _kept("mul", lambda a, b: a * b),
}


def _neg(pen: Pen, node: Node) -> Written:
    return f"-{pen(0, ELEMENTWISE)}", SUM


def _add(pen: Pen, node: Node) -> Written:
    right = pen(1, SUM)
    if right.startswith("-"):
        right = f"\\left({right}\\right)"
    return f"{pen(0, SUM)} + {right}", SUM


def _sub(pen: Pen, node: Node) -> Written:
    return f"{pen(0, SUM)} - {pen(1, ELEMENTWISE)}", SUM


def _mul(pen: Pen, node: Node) -> Written:
    if all(a.shape != () for a in node.args):
        return pen.product(pen(0, ELEMENTWISE), pen(1, ELEMENTWISE), elementwise=True), ELEMENTWISE
    return pen.product(pen(0, PRODUCT), pen(1, PRODUCT)), PRODUCT


def _div(pen: Pen, node: Node) -> Written:
    return f"\\frac{{{pen(0)}}}{{{pen(1)}}}", POWER


def _pow(pen: Pen, node: Node) -> Written:
    return raised(pen(0, ATOM), pen(1)), POWER


def _exp(pen: Pen, node: Node) -> Written:
    return f"e^{{{pen(0)}}}", POWER


def _sqrt(pen: Pen, node: Node) -> Written:
    return f"\\sqrt{{{pen(0)}}}", ATOM


def _abs(pen: Pen, node: Node) -> Written:
    return f"\\left|{pen(0)}\\right|", ATOM


def _step(pen: Pen, node: Node) -> Written:
    return f"\\left[{pen(0)} > 0\\right]", ATOM


def _bce(pen: Pen, node: Node) -> Written:
    p, t = pen(0, ATOM), pen(1, ATOM)
    left = pen.product(t, f"\\ln {p}")
    right = pen.product(f"\\left(1 - {pen(1, PRODUCT)}\\right)", f"\\ln\\left(1 - {pen(0, PRODUCT)}\\right)")
    return f"-\\left[{left} + {right}\\right]", SUM


def _pow_vjp(u: Node, y: Node, n: Node) -> Sequence[Node | None]:
    base, exponent = n.args
    power = base ** (exponent - 1)
    return u * (exponent * power), u * y * n.graph.make("log", base)


def _max_vjp(u: Node, y: Node, n: Node) -> Sequence[Node | None]:
    a, b = n.args
    share = n.graph.make("step", a - b, attrs=(0.5,)), n.graph.make("step", b - a, attrs=(0.5,))
    return (u * share[0], u * share[1]) if n.op == "maximum" else (u * share[1], u * share[0])


def _bce_vjp(u: Node, y: Node, n: Node) -> Sequence[Node | None]:
    p, t = n.args
    log = n.graph.make
    return u * ((p - t) / (p * (1 - p))), u * (log("log", 1 - p) - log("log", p))


def _of(name: str) -> Callable[..., Node]:
    return lambda x, *attrs: x.graph.make(name, x, attrs=attrs)


def _row(
    name: str,
    evaluate: Callable[..., Any],
    code: str | None,
    latex: Callable[[Pen, Node], Written],
    vjp: Pull | None,
    *mistakes: str,
) -> Operation:
    return Operation(name, evaluate, vjp, latex, _common, code, _expand(name), mistakes)


_LEAKY = "({0} if {0} > 0.0 else {1} * {0})"
_ACTIVATION = ("L02", "L03", "L04", "L05", "L06", "L07", "L09", "H03", "H08", "H09")

OPERATIONS = (
    _row("neg", np.negative, "(-{0})", _neg, lambda u, y, n: (-u,)),
    _row("add", np.add, "({0} + {1})", _add, lambda u, y, n: (u, u), "V05", "V07"),
    _row("sub", np.subtract, "({0} - {1})", _sub, lambda u, y, n: (u, -u), "D03", "D09", "D10", "D11"),
    _row(
        "mul",
        np.multiply,
        "({0} * {1})",
        _mul,
        lambda u, y, n: (u * n.args[1], u * n.args[0]),
        "D06",
        "D07",
        "K03",
        "T06",
        "T07",
        "V06",
        "V08",
        "R03",
        "H01",
        "H02",
    ),
    _row(
        "div",
        np.divide,
        "({0} / {1})",
        _div,
        lambda u, y, n: (u / n.args[1], -(u * n.args[0]) / n.args[1] ** 2),
        "A01",
        "G01",
        "R01",
        "R02",
    ),
    _row("pow", np.power, "_pow({0}, {1})", _pow, _pow_vjp, "D13", "G02", "O12"),
    _row("exp", np.exp, "_exp({0})", _exp, lambda u, y, n: (u * y,)),
    _row("log", np.log, "_log({0})", call(r"\ln"), lambda u, y, n: (u / n.args[0],)),
    _row("sqrt", np.sqrt, "_sqrt({0})", _sqrt, lambda u, y, n: (u / (2 * y),)),
    _row("abs", np.abs, "abs({0})", _abs, lambda u, y, n: (u * _of("sign")(n.args[0]),), "O13"),
    _row("sign", np.sign, "_sign({0})", call(r"\operatorname{sign}"), None),
    _row("floor", np.floor, "float(_floor({0}))", call(r"\operatorname{floor}"), None),
    _row("sin", np.sin, "_sin({0})", call(r"\sin"), lambda u, y, n: (u * _of("cos")(n.args[0]),)),
    _row("cos", np.cos, "_cos({0})", call(r"\cos"), lambda u, y, n: (-(u * _of("sin")(n.args[0])),)),
    _row(
        "sigmoid",
        logistic,
        "_sigmoid({0})",
        call(r"\sigma"),
        lambda u, y, n: (u * (y * (1 - y)),),
        "L01",
        *_ACTIVATION,
    ),
    _row("tanh", np.tanh, "_tanh({0})", call(r"\tanh"), lambda u, y, n: (u * (1 - y**2),), "K01", "K02", *_ACTIVATION),
    _row(
        "relu",
        lambda z: np.maximum(z, 0.0),
        "({0} if {0} > 0.0 else 0.0)",
        call(r"\operatorname{ReLU}"),
        lambda u, y, n: (u * _of("step")(n.args[0], 0.0),),
        "L02",
        "L03",
        "H03",
    ),
    _row("step", heaviside, "(1.0 if {0} > 0.0 else {1} if {0} == 0.0 else 0.0)", _step, None),
    _row(
        "leaky_relu",
        lambda z, a: np.where(np.asarray(z) > 0, z, a * z)[()],
        _LEAKY,
        call(r"\operatorname{LReLU}"),
        lambda u, y, n: (
            u * n.graph.make("leaky_slope", *n.args),
            u * (n.args[0] * (1 - _of("step")(n.args[0], 0.0))),
        ),
        "L02",
        "L03",
        "H03",
    ),
    _row(
        "leaky_slope",
        lambda z, a: np.where(np.asarray(z) > 0, 1.0, a)[()],
        "(1.0 if {0} > 0.0 else {1})",
        call(r"\operatorname{LReLU}'"),
        lambda u, y, n: (None, u * (1 - _of("step")(n.args[0], 0.0))),
    ),
    _row(
        "elu",
        lambda z, a: np.where(np.asarray(z) > 0, z, a * np.expm1(np.minimum(z, 0.0)))[()],
        "({0} if {0} > 0.0 else {1} * _expm1({0}))",
        call(r"\operatorname{ELU}"),
        lambda u, y, n: (
            u * (_of("step")(n.args[0], 0.0) + (1 - _of("step")(n.args[0], 0.0)) * (y + n.args[1])),
            u * (1 - _of("step")(n.args[0], 0.0)) * (_of("exp")(n.args[0]) - 1),
        ),
        "L02",
        "L03",
        "H03",
    ),
    _row(
        "gelu",
        lambda z: z * normal_cdf(z),
        "({0} * _normal_cdf({0}))",
        call(r"\operatorname{GELU}"),
        lambda u, y, n: (u * (_of("normal_cdf")(n.args[0]) + n.args[0] * _of("normal_pdf")(n.args[0])),),
        "L02",
        "L03",
        "H03",
    ),
    _row(
        "normal_cdf",
        normal_cdf,
        "_normal_cdf({0})",
        call(r"\Phi"),
        lambda u, y, n: (u * _of("normal_pdf")(n.args[0]),),
    ),
    _row("normal_pdf", normal_pdf, "_normal_pdf({0})", call(r"\varphi"), lambda u, y, n: (-(u * (n.args[0] * y)),)),
    _row(
        "softplus",
        lambda z: np.logaddexp(0.0, z),
        "_softplus({0})",
        call(r"\operatorname{softplus}"),
        lambda u, y, n: (u * _of("sigmoid")(n.args[0]),),
        "L02",
        "L03",
    ),
    _row("maximum", np.maximum, "({0} if {0} >= {1} else {1})", call(r"\max"), _max_vjp, "T08"),
    _row("minimum", np.minimum, "({0} if {0} <= {1} else {1})", call(r"\min"), _max_vjp, "T08"),
    _row("bce", binary_cross_entropy, "_bce({0}, {1})", _bce, _bce_vjp, "L08", "L10", "L11", "L12"),
    _row(
        "greater",
        lambda a, b: np.asarray(np.greater(a, b), dtype=float)[()],
        "float({0} > {1})",
        lambda pen, n: (f"\\left[{pen(0)} > {pen(1)}\\right]", ATOM),
        None,
    ),
    _row("round", rounded, "_round({0}, {1})", call(r"\operatorname{round}"), None),
)
