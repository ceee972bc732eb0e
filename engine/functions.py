"""The functions a program may call, and what each of them puts into the graph. Imports the graph alone.

Most are one operation; losses and normalisations are short programs themselves, so their gradients, their written form
and their mistakes need no code of their own.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from engine.errors import ShapeError
from engine.graph import Node


@dataclass(frozen=True)
class Function:
    """A callable name of the language.

    Attributes:
        build: Nodes and static keyword values → node.
        least: The fewest nodes it takes.
        most: The most.
        statics: Names of the arguments that must be plain whole numbers or truth values, in order after the nodes.
        usage: How to write it.
    """

    build: Callable[..., Node]
    least: int
    most: int
    statics: tuple[str, ...]
    usage: str


def _axes(x: Node, axis: int | None) -> tuple[int, ...]:
    if axis is None:
        return tuple(range(len(x.shape)))
    if not -len(x.shape) <= axis < len(x.shape):
        raise ShapeError(
            f"axis {axis} does not exist in the shape {x.shape}", remedy="count axes from 0, or leave it out"
        )
    return (axis % len(x.shape),)


def _reduction(op: str) -> Callable[..., Node]:
    def build(x: Node, axis: int | None = None, keepdims: bool = False) -> Node:
        return x.graph.make(op, x, attrs=(_axes(x, axis), bool(keepdims))) if x.shape else x

    return build


_sum, _mean, _amax = _reduction("sum"), _reduction("mean"), _reduction("amax")


def _make(op: str, *args: Node, attrs: tuple[Any, ...] = ()) -> Node:
    return args[0].graph.make(op, *args, attrs=attrs)


def _const(x: Node, value: float) -> Node:
    return x.graph.const(value)


def _extreme(op: str) -> Callable[..., Node]:
    def build(*args: Node, axis: int | None = None, keepdims: bool = False) -> Node:
        if len(args) == 1:
            if op == "maximum":
                return _amax(args[0], axis, keepdims)
            return _make("neg", _amax(_make("neg", args[0]), axis, keepdims))
        out = args[0]
        for arg in args[1:]:
            out = _make(op, out, arg)
        return out

    return build


def _square(x: Node) -> Node:
    return _make("pow", x, _const(x, 2))


def _mse(y: Node, t: Node) -> Node:
    return _mean(_square(_make("sub", y, t)))


def _half_mse(y: Node, t: Node) -> Node:
    return _make("div", _mse(y, t), _const(y, 2))


def _var(x: Node, axis: int | None = None, keepdims: bool = False) -> Node:
    return _mean(_square(_make("sub", x, _mean(x, axis, True))), axis, keepdims)


def _normalise(x: Node, gamma: Node, beta: Node, eps: Node | None, axis: int) -> Node:
    variance = _var(x, axis, True)
    if eps is not None:
        variance = _make("add", variance, eps)
    scaled = _make("div", _make("sub", x, _mean(x, axis, True)), _make("sqrt", variance))
    return _make("add", _make("mul", gamma, scaled), beta)


def _batchnorm(x: Node, gamma: Node, beta: Node, eps: Node | None = None) -> Node:
    return _normalise(x, gamma, beta, eps, 0)


def _layernorm(x: Node, gamma: Node, beta: Node, eps: Node | None = None) -> Node:
    return _normalise(x, gamma, beta, eps, -1)


def _dropout(h: Node, mask: Node, keep: Node) -> Node:
    made = _make("div", _make("mul", h, mask), keep)
    made.graph.tags[made] = "dropout"
    return made


def _dropout_test(h: Node, keep: Node) -> Node:
    made = _make("reshape", h, attrs=(h.shape,))
    made.graph.tags[made] = "dropout at test time"
    made.graph.tagged[made] = keep
    return made


def _huber(y: Node, t: Node, d: Node | None = None) -> Node:
    d = d if d is not None else _const(y, 1)
    size = _make("abs", _make("sub", y, t))
    low = _make("minimum", size, d)
    return _make("mul", low, _make("sub", size, _make("div", low, _const(y, 2))))


def _concat(*args: Node, axis: int = 0) -> Node:
    parts = tuple(a if a.shape else _make("reshape", a, attrs=((1,),)) for a in args)
    return _make("concat", *parts, attrs=(axis % max(len(parts[0].shape), 1),))


def stack(*args: Node) -> Node:
    """What `[a, b, ...]` means in a program: the values as the entries of a new first axis."""
    for arg in args[1:]:
        if arg.shape != args[0].shape:
            raise ShapeError(
                f"a list needs entries of one shape, not {args[0].shape} and {arg.shape}",
                remedy="give entries of one shape, or use concat",
            )
    return _make("concat", *(_make("reshape", a, attrs=((1, *a.shape),)) for a in args), attrs=(0,))


def _conv(dims: int) -> Callable[..., Node]:
    def build(x: Node, k: Node, stride: int = 1, padding: int = 0) -> Node:
        return _make("conv", x, k, attrs=(dims, int(stride), int(padding)))

    return build


def _pool(op: str) -> Callable[..., Node]:
    def build(x: Node, size: int = 2, stride: int | None = None) -> Node:
        return _make(op, x, attrs=(int(size), int(size if stride is None else stride)))

    return build


def _reshape(x: Node, *dims: int) -> Node:
    if -1 in dims:
        known = -math.prod(dims)
        size = math.prod(x.shape)
        dims = tuple(size // known if d == -1 and known > 0 else d for d in dims)
    return _make("reshape", x, attrs=(tuple(dims),))


def _flip(x: Node, axis: int | None = None) -> Node:
    return _make("flip", x, attrs=(_axes(x, axis),))


def _softmax(z: Node, axis: int = -1) -> Node:
    return (
        _make("softmax", z, attrs=(_axes(z, axis)[0] - len(z.shape),)) if z.shape else _make("softmax", z, attrs=(-1,))
    )


def _with_default(op: str, default: float) -> Callable[..., Node]:
    return lambda z, a=None: _make(op, z, a if a is not None else _const(z, default))


def _unary(op: str) -> Function:
    return Function(lambda x: _make(op, x), 1, 1, (), f"{op}(x)")


def _binary(build: Callable[..., Node], usage: str) -> Function:
    return Function(build, 2, 2, (), usage)


_REDUCED = ("axis", "keepdims")
_UNARY = ("exp", "log", "sqrt", "abs", "sign", "floor", "sin", "cos", "sigmoid", "tanh", "relu", "gelu", "softplus")

FUNCTIONS: dict[str, Function] = {
    **{name: _unary(name) for name in _UNARY},
    "ln": _unary("log"),
    "log10": Function(lambda x: _make("div", _make("log", x), _const(x, math.log(10.0))), 1, 1, (), "log10(x)"),
    "step": Function(lambda z: _make("step", z, attrs=(0.0,)), 1, 1, (), "step(z)"),
    "leaky_relu": Function(_with_default("leaky_relu", 0.01), 1, 2, (), "leaky_relu(z, slope)"),
    "elu": Function(_with_default("elu", 1.0), 1, 2, (), "elu(z, a)"),
    "sum": Function(_sum, 1, 1, _REDUCED, "sum(x, axis=None)"),
    "mean": Function(_mean, 1, 1, _REDUCED, "mean(x, axis=None)"),
    "var": Function(_var, 1, 1, _REDUCED, "var(x, axis=None)"),
    "std": Function(lambda x, **k: _make("sqrt", _var(x, **k)), 1, 1, _REDUCED, "std(x, axis=None)"),
    "norm": Function(lambda x: _make("sqrt", _sum(_square(x))), 1, 1, (), "norm(x)"),
    "max": Function(_extreme("maximum"), 1, 8, (), "max(x, axis=None) or max(a, b)"),
    "min": Function(_extreme("minimum"), 1, 8, (), "min(x, axis=None) or min(a, b)"),
    "clip": Function(
        lambda x, low, high: _make("minimum", _make("maximum", x, low), high), 3, 3, (), "clip(x, low, high)"
    ),
    "softmax": Function(_softmax, 1, 1, ("axis",), "softmax(z, axis=-1)"),
    "cross_entropy": _binary(lambda p, t: _make("cross_entropy", p, t), "cross_entropy(p, t)"),
    "bce": _binary(lambda y, t: _make("bce", y, t), "bce(y, t)"),
    "mse": _binary(_mse, "mse(y, t)"),
    "half_mse": _binary(_half_mse, "half_mse(y, t)"),
    "huber": Function(_huber, 2, 3, (), "huber(y, t, d)"),
    "dot": _binary(lambda a, b: _make("matmul", a, b), "dot(a, b)"),
    "outer": _binary(lambda a, b: _make("outer", a, b), "outer(a, b)"),
    "concat": Function(_concat, 1, 64, (), "concat(a, b, axis=0)"),
    "transpose": Function(lambda x: _make("transpose", x), 1, 1, (), "transpose(x)"),
    "reshape": Function(_reshape, 1, 1, ("*",), "reshape(x, 2, 3)"),
    "flatten": Function(lambda x: _reshape(x, -1), 1, 1, (), "flatten(x)"),
    "flip": Function(_flip, 1, 1, ("axis",), "flip(x, axis=None)"),
    "conv1d": Function(_conv(1), 2, 2, ("stride", "padding"), "conv1d(x, k, stride=1, padding=0)"),
    "conv2d": Function(_conv(2), 2, 2, ("stride", "padding"), "conv2d(x, k, stride=1, padding=0)"),
    "maxpool": Function(_pool("maxpool"), 1, 1, ("size", "stride"), "maxpool(x, size, stride=size)"),
    "avgpool": Function(_pool("avgpool"), 1, 1, ("size", "stride"), "avgpool(x, size, stride=size)"),
    "batchnorm": Function(_batchnorm, 3, 4, (), "batchnorm(x, gamma, beta, eps)"),
    "layernorm": Function(_layernorm, 3, 4, (), "layernorm(x, gamma, beta, eps)"),
    "dropout": Function(_dropout, 3, 3, (), "dropout(h, mask, keep)"),
    "dropout_test": _binary(_dropout_test, "dropout_test(h, keep)"),
}
"""Name → what it builds."""

KEYWORDS = {"max": _REDUCED, "min": _REDUCED, "concat": ("axis",)}
"""Functions of any number of values, whose whole-number arguments must be named."""
