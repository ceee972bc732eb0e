"""Operations that make few numbers of many: sums, means, maxima, softmax and cross-entropy. Imports numpy.

The attributes of a reduction are the axes it runs over and whether they are kept with length 1.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import reduce
from typing import Any

import numpy as np

from engine.arrays import of_nodes, reshaped, same_shape, spread
from engine.errors import ShapeError
from engine.graph import Node, Shape, broadcast
from engine.table import ATOM, ELEMENTWISE, PRODUCT, SUM, Operation, Pen, Written, call


def _reduced(shape: Shape, axes: tuple[int, ...], keepdims: bool) -> Shape:
    if keepdims:
        return tuple(1 if i in axes else n for i, n in enumerate(shape))
    return tuple(n for i, n in enumerate(shape) if i not in axes)


def _reduce_shape(shapes: Sequence[Shape], attrs: tuple[Any, ...]) -> Shape:
    return _reduced(shapes[0], attrs[0], attrs[1])


def _kept(u: Node, n: Node) -> Node:
    """The upstream of a reduction with the reduced axes back as ones."""
    return reshaped(u, _reduced(n.args[0].shape, n.attrs[0], True)) if u.shape else u


def _count(n: Node) -> int:
    return int(np.prod([n.args[0].shape[i] for i in n.attrs[0]], dtype=int)) if n.attrs[0] else 1


def _amax_vjp(u: Node, y: Node, n: Node) -> Sequence[Node | None]:
    return (_kept(u, n) * n.graph.make("share_of_max", n.args[0], attrs=(n.attrs[0],)),)


def share_of_max(x: Any, axes: tuple[int, ...]) -> Any:
    """1 where the largest entry along the axes stands (shared evenly where it ties), 0 elsewhere."""
    top = np.equal(x, np.max(x, axis=axes, keepdims=True)).astype(float)
    return top / np.sum(top, axis=axes, keepdims=True)


def softmax(z: Any, axis: int = -1) -> Any:
    """e^z / Σ e^z along an axis; the largest entry is subtracted first, so nothing overflows."""
    e = np.exp(z - np.max(z, axis=axis, keepdims=True))
    return e / np.sum(e, axis=axis, keepdims=True)


def cross_entropy(p: Any, t: Any) -> Any:
    """-Σ t ln p over the last axis, where 0 ln 0 counts 0."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return -np.sum(np.where(np.equal(t, 0), 0.0, t * np.log(p)), axis=-1)


def _softmax_vjp(u: Node, y: Node, n: Node) -> Sequence[Node | None]:
    axis = n.attrs[0] % len(n.shape)
    return (y * (u - n.graph.make("sum", u * y, attrs=((axis,), len(n.shape) > 1))),)


def _softmax_expand(z: Any, axis: int) -> Any:
    e = np.frompyfunc(lambda s: s.graph.make("exp", s), 1, 1)(z)
    return e / np.sum(e, axis=axis, keepdims=True)


def _cross_entropy_vjp(u: Node, y: Node, n: Node) -> Sequence[Node | None]:
    p, t = n.args
    if u.shape:
        u = reshaped(u, (*u.shape, 1))
    return -(u * (t / p)), -(u * n.graph.make("log", p))


def _cross_entropy_shape(shapes: Sequence[Shape], attrs: tuple[Any, ...]) -> Shape:
    shape = broadcast(*shapes)
    if not shape:
        raise ShapeError("cross_entropy needs vectors of probabilities", remedy="use bce for a single probability")
    return shape[:-1]


def _softmax_shape(shapes: Sequence[Shape], attrs: tuple[Any, ...]) -> Shape:
    if not shapes[0]:
        raise ShapeError("softmax needs an array", remedy="use sigmoid for a single number")
    return shapes[0]


def _sum(pen: Pen, node: Node) -> Written:
    return f"\\sum {pen(0, ELEMENTWISE)}", PRODUCT


def _mean(pen: Pen, node: Node) -> Written:
    return f"\\frac{{1}}{{{_count(node)}}} \\sum {pen(0, ELEMENTWISE)}", PRODUCT


def _cross_entropy(pen: Pen, node: Node) -> Written:
    logarithm = f"\\ln {pen(0, ATOM)}"
    return f"-\\sum {pen.product(pen(1, ATOM), logarithm)}", SUM


def _sum_all(x: Any, axes: tuple[int, ...], keepdims: bool) -> Any:
    return np.sum(x, axis=axes, keepdims=keepdims)


def _mean_all(x: Any, axes: tuple[int, ...], keepdims: bool) -> Any:
    if of_nodes(x):
        total = np.sum(x, axis=axes, keepdims=keepdims)
        return total / (np.size(x) // np.size(total))
    return np.mean(x, axis=axes, keepdims=keepdims)


def _amax_expand(x: Any, axes: tuple[int, ...], keepdims: bool) -> Any:
    pick = np.frompyfunc(lambda a, b: a.graph.make("maximum", a, b), 2, 1)
    for axis in sorted(axes, reverse=True):
        slices = [np.take(x, [i], axis=axis) for i in range(x.shape[axis])]
        x = reduce(pick, slices)
    return x if keepdims else x.reshape(_reduced(x.shape, axes, False))


def _row(name: str, evaluate: Callable[..., Any], shape: Any, latex: Any, vjp: Any, *mistakes: str) -> Operation:
    return Operation(name, evaluate, vjp, latex, shape, None, evaluate, mistakes)


OPERATIONS = (
    _row("sum", _sum_all, _reduce_shape, _sum, lambda u, y, n: (spread(_kept(u, n), n.args[0].shape),), "B02"),
    _row(
        "mean",
        _mean_all,
        _reduce_shape,
        _mean,
        lambda u, y, n: (spread(_kept(u, n) / _count(n), n.args[0].shape),),
        "B01",
        "N01",
        "N02",
        "N03",
    ),
    Operation(
        "amax",
        lambda x, a, k: np.max(x, axis=a, keepdims=k),
        _amax_vjp,
        call(r"\max"),
        _reduce_shape,
        None,
        _amax_expand,
    ),
    Operation("share_of_max", share_of_max, None, call(r"\operatorname{argmax}"), same_shape),
    Operation(
        "softmax",
        softmax,
        _softmax_vjp,
        call(r"\operatorname{softmax}"),
        _softmax_shape,
        None,
        _softmax_expand,
        ("S03", "S04", "S05", "A02", "A03"),
    ),
    Operation(
        "cross_entropy",
        cross_entropy,
        _cross_entropy_vjp,
        _cross_entropy,
        _cross_entropy_shape,
        None,
        lambda p, t: -np.sum(t * np.frompyfunc(lambda s: s.graph.make("log", s), 1, 1)(p), axis=-1),
        ("L10", "L11", "S01", "S02"),
    ),
)
