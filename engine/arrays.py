"""Operations on whole arrays: products, broadcasting, picking and joining. Imports numpy.

Shapes are NumPy's. `W: (n_out, n_in)`, `x: (n_in,)`; a batch has its examples in rows.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import reduce
from typing import Any

import numpy as np

from engine.errors import ShapeError
from engine.graph import Node, Shape, add, bilinear, broadcast, scaled, split
from engine.table import ATOM, POWER, PRODUCT, SUM, Operation, Pen, Written, call, raised

Index = tuple[Any, ...]


def unpack(index: Index) -> tuple[Any, ...]:
    """An index attribute as NumPy takes it: integers and slices."""
    return tuple(slice(*i) if isinstance(i, tuple) else i for i in index)


def _matmul_shape(shapes: Sequence[Shape], attrs: tuple[Any, ...]) -> Shape:
    a, b = shapes
    if not a or not b:
        raise ShapeError(f"@ needs arrays, not the shapes {a} and {b}", remedy="use * for numbers")
    inner = b[0] if len(b) == 1 else b[-2]
    if a[-1] != inner:
        raise ShapeError(
            f"shapes {a} and {b} do not fit in a product: {a[-1]} columns meet {inner} rows",
            remedy="transpose one with .T or swap them",
        )
    batch = broadcast(a[:-2], b[:-2])
    return batch + (a[-2:-1] if len(a) > 1 else ()) + (b[-1:] if len(b) > 1 else ())


def _swap(node: Node) -> Node:
    if len(node.shape) == 2:
        return node.T
    return node.args[0] if node.op == "swap" else node.graph.make("swap", node)


def _matmul_vjp(u: Node, y: Node, n: Node) -> Sequence[Node | None]:
    a, b = n.args
    if len(a.shape) == 1 and len(b.shape) == 1:
        return u * b, u * a
    if len(a.shape) == 2 and len(b.shape) == 1:
        return _outer(u, b), a.T @ u
    if len(a.shape) == 1 and len(b.shape) == 2:
        return b @ u, _outer(a, u)
    if len(a.shape) == 1:
        a2 = reshaped(a, (1, *a.shape))
        left, right = _matmul_vjp(reshaped(u, (*u.shape[:-1], 1, u.shape[-1])), y, a2 @ b)
        return (None if left is None else reshaped(_summed(left, a2.shape), a.shape)), right
    if len(b.shape) == 1:
        b2 = reshaped(b, (*b.shape, 1))
        left, right = _matmul_vjp(reshaped(u, (*u.shape, 1)), y, a @ b2)
        return left, (None if right is None else reshaped(_summed(right, b2.shape), b.shape))
    return u @ _swap(b), _swap(a) @ u


def _outer(a: Node, b: Node) -> Node:
    return bilinear("outer", a, b)


def reshaped(node: Node, shape: Shape) -> Node:
    """`node` with another shape of as many entries."""
    return node if node.shape == shape else node.graph.make("reshape", node, attrs=(shape,))


def _summed(node: Node, shape: Shape) -> Node:
    """The sum of `node` over everything that broadcasting `shape` to it repeated."""
    if node.shape == shape:
        return node
    coefficient, core = split(node)
    if core is not None and coefficient != 1:
        return scaled(coefficient, _summed(core, shape), node.graph)
    lead = len(node.shape) - len(shape)
    axes = tuple(range(lead)) + tuple(i + lead for i, n in enumerate(shape) if n == 1 and node.shape[i + lead] != 1)
    return reshaped(node.graph.make("sum", node, attrs=(axes, False)), shape)


def summed_to(node: Node, shape: Shape) -> Node:
    """`node`, which has the shape of a broadcast result or can be broadcast to one, brought to an argument's shape."""
    if node.shape == shape:
        return node
    if broadcast(node.shape, shape) == shape:
        return spread(node, shape)
    full = broadcast(node.shape, shape)
    return _summed(node if node.shape == full else spread(node, full), shape)


def spread(node: Node, shape: Shape) -> Node:
    """`node` broadcast to `shape`."""
    if node.op == "const":
        return node.graph.fill(node.attrs[0], shape)
    if node.op == "neg":
        return -spread(node.args[0], shape)
    return node if node.shape == shape else node.graph.make("spread", node, attrs=(shape,))


def of_nodes(x: Any) -> bool:
    """Whether an array holds nodes, not numbers (see `engine.expand`)."""
    return isinstance(x, Node) or (isinstance(x, np.ndarray) and x.dtype.hasobject)


def place(x: Any, shape: Shape, index: Index) -> Any:
    """Zeros of `shape` with `x` at `index`."""
    out = np.zeros(shape) if not of_nodes(x) else _zeros(x, shape)
    out[unpack(index)] = x
    return out


def _zeros(like: Any, shape: Shape) -> Any:
    first = next(iter(np.asarray(like, dtype=object).flat))
    return np.full(shape, first.graph.const(0), dtype=object)


def _index_shape(shapes: Sequence[Shape], attrs: tuple[Any, ...]) -> Shape:
    shape, index = shapes[0], attrs[0]
    if len(index) > len(shape):
        raise ShapeError(f"{len(index)} indices into an array of shape {shape}", remedy="use fewer indices")
    out = []
    for n, i in zip(shape, index, strict=False):
        if isinstance(i, tuple):
            out.append(len(range(*slice(*i).indices(n))))
        elif not -n <= i < n:
            raise ShapeError(f"index {i} is outside a length of {n}", remedy=f"count from 0 to {n - 1}")
    if 0 in out:
        raise ShapeError("the slice is empty", remedy="widen it")
    return (*out, *shape[len(index) :])


def _reshape_shape(shapes: Sequence[Shape], attrs: tuple[Any, ...]) -> Shape:
    wanted: Shape = attrs[0]
    if np.prod(shapes[0], dtype=object) != np.prod(wanted, dtype=object):
        raise ShapeError(f"{shapes[0]} cannot be reshaped to {wanted}", remedy="keep the number of entries")
    return wanted


def _spread_shape(shapes: Sequence[Shape], attrs: tuple[Any, ...]) -> Shape:
    return tuple(attrs[0])


def _outer_shape(shapes: Sequence[Shape], attrs: tuple[Any, ...]) -> Shape:
    a, b = shapes
    if len(a) != 1 or len(b) != 1:
        raise ShapeError(f"outer needs two vectors, not shapes {a} and {b}", remedy="use @ or * with broadcasting")
    return (a[0], b[0])


_ALIKE = "all other lengths must be equal"


def _concat_shape(shapes: Sequence[Shape], attrs: tuple[Any, ...]) -> Shape:
    axis, first = attrs[0], shapes[0]
    if not first or not all(len(s) == len(first) for s in shapes) or not 0 <= axis < len(first):
        raise ShapeError(f"concat cannot join {', '.join(map(str, shapes))} along axis {axis}", remedy=_ALIKE)
    for shape in shapes[1:]:
        if shape[:axis] + shape[axis + 1 :] != first[:axis] + first[axis + 1 :]:
            raise ShapeError(f"concat cannot join {first} and {shape} along axis {axis}", remedy=_ALIKE)
    return (*first[:axis], sum(s[axis] for s in shapes), *first[axis + 1 :])


def _concat_vjp(u: Node, y: Node, n: Node) -> Sequence[Node | None]:
    axis, start, out = n.attrs[0], 0, []
    for arg in n.args:
        stop = start + arg.shape[axis]
        index = (*((None, None, None),) * axis, (start, stop, None))
        out.append(n.graph.make("index", u, attrs=(index,)))
        start = stop
    return out


def same_shape(shapes: Sequence[Shape], attrs: tuple[Any, ...]) -> Shape:
    """The shape rule of what changes values only."""
    return shapes[0]


def _reversed(shapes: Sequence[Shape], attrs: tuple[Any, ...]) -> Shape:
    return shapes[0][::-1]


# How they are written.


def _matmul(pen: Pen, node: Node) -> Written:
    a, b = node.args
    if len(a.shape) == 1 and len(b.shape) == 1:
        return f"{pen(0, PRODUCT)} \\cdot {pen(1, PRODUCT)}", PRODUCT
    left = pen(0, PRODUCT)
    return pen.product(left if len(a.shape) > 1 else raised(pen(0, ATOM), r"\top"), pen(1, PRODUCT)), PRODUCT


def _outer_latex(pen: Pen, node: Node) -> Written:
    return pen.product(pen(0, PRODUCT), raised(pen(1, ATOM), r"\top")), PRODUCT


def _transpose(pen: Pen, node: Node) -> Written:
    return raised(pen(0, ATOM), r"\top"), POWER


def _spread(pen: Pen, node: Node) -> Written:
    return (pen(0), SUM) if node.args[0].op in {"const", "given", "named"} else (pen(0, PRODUCT), PRODUCT)


def _index(pen: Pen, node: Node) -> Written:
    parts = []
    for i in node.attrs[0]:
        if not isinstance(i, tuple):
            parts.append(str(i + 1) if i >= 0 else f"n{i + 1:+d}" if i < -1 else "n")
        elif i == (None, None, None):
            parts.append(r"\cdot")
        else:
            parts.append(f"{'' if i[0] is None else i[0] + 1}:{'' if i[1] is None else i[1]}")
    return f"{pen(0, ATOM)}_{{{','.join(parts)}}}", ATOM


def _place(pen: Pen, node: Node) -> Written:
    """A number at one place is that multiple of a unit vector; for slices the zeros around are left to the reader."""
    index = node.attrs[1]
    if node.args[0].shape == () and not any(isinstance(i, tuple) for i in index):
        letter = "e" if len(index) == 1 else "E"
        return pen.product(pen(0, PRODUCT), f"{letter}_{{{','.join(str(i + 1) for i in index)}}}"), PRODUCT
    return f"\\operatorname{{place}}\\left({pen(0)}\\right)", ATOM


def _as_is(pen: Pen, node: Node) -> Written:
    return pen(0, ATOM), ATOM


def _row(name: str, evaluate: Callable[..., Any], shape: Any, latex: Any, vjp: Any, *mistakes: str) -> Operation:
    return Operation(name, evaluate, vjp, latex, shape, None, evaluate, mistakes)


def _place_vjp(u: Node, y: Node, n: Node) -> Sequence[Node | None]:
    return (u.graph.make("index", u, attrs=(n.attrs[1],)),)


def _index_vjp(u: Node, y: Node, n: Node) -> Sequence[Node | None]:
    return (u.graph.make("place", u, attrs=(n.args[0].shape, n.attrs[0])),)


OPERATIONS = (
    _row(
        "matmul",
        np.matmul,
        _matmul_shape,
        _matmul,
        _matmul_vjp,
        "D01",
        "D02",
        "D06",
        "D07",
        "D08",
        "H01",
        "H02",
        "H04",
        "H05",
        "H06",
        "H07",
        "H10",
        "H11",
        "H12",
        "B03",
        "T03",
    ),
    _row("outer", np.outer, _outer_shape, _outer_latex, lambda u, y, n: (u @ n.args[1], u.T @ n.args[0]), "H12"),
    _row("transpose", np.transpose, _reversed, _transpose, lambda u, y, n: (u.T,)),
    _row(
        "swap",
        lambda x: np.swapaxes(x, -1, -2),
        lambda s, a: (*s[0][:-2], s[0][-1], s[0][-2]),
        _transpose,
        lambda u, y, n: (_swap(u),),
    ),
    _row(
        "spread",
        np.broadcast_to,
        _spread_shape,
        _spread,
        lambda u, y, n: (summed_to(u, n.args[0].shape),),
    ),
    _row(
        "reshape",
        np.reshape,
        _reshape_shape,
        _as_is,
        lambda u, y, n: (reshaped(u, n.args[0].shape),),
    ),
    _row("index", lambda x, index: x[unpack(index)], _index_shape, _index, _index_vjp),
    _row("place", place, lambda s, a: a[0], _place, _place_vjp),
    _row(
        "concat",
        lambda *a: np.concatenate(a[:-1], axis=a[-1]),
        _concat_shape,
        lambda pen, n: (f"\\left[{'; '.join(pen(i) for i in range(len(n.args)))}\\right]", ATOM),
        _concat_vjp,
    ),
    _row(
        "flip",
        lambda x, axes: np.flip(x, axis=axes),
        same_shape,
        call(r"\operatorname{flip}"),
        lambda u, y, n: (n.graph.make("flip", u, attrs=n.attrs),),
    ),
    _row("named", lambda x: x, same_shape, _as_is, lambda u, y, n: (u,)),
)


def total(parts: Sequence[Node]) -> Node:
    """The sum of contributions."""
    return reduce(add, parts)
