"""Operations with a sliding window: cross-correlation in one and two dimensions, pooling. Imports numpy.

"Convolution" is cross-correlation, as in the libraries: y_i = Σ_j x_(i·stride + j) k_j, after `padding` zeros on each
side. A signal is (length), (channels, length) or (examples, channels, length); an image has (height, width) instead of
the length; a kernel with channels is (out, in, ...). The three operations conv, conv_x and conv_k are the three ways to
leave one factor out of Σ y u = Σ x k u, so each one's derivatives are the other two.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from engine.errors import ShapeError
from engine.graph import Node, Shape
from engine.table import ATOM, PRODUCT, Operation, Pen, Written, call

MAX_WORK = 100_000_000
"""Multiplications one convolution may take."""
MAX_PLACES = 10_000
"""Places of a kernel, or windows of a pooling: each is one turn of a loop."""


def _output(size: int, window: int, stride: int, padding: int) -> int:
    return (size + 2 * padding - window) // stride + 1


def _conv_shape(shapes: Sequence[Shape], attrs: tuple[Any, ...]) -> Shape:
    x, k = shapes
    dims, stride, padding = attrs
    if stride < 1 or padding < 0:
        raise ShapeError(f"conv{dims}d needs stride >= 1 and padding >= 0", remedy="change them")
    channels = len(k) == dims + 2
    if len(k) not in {dims, dims + 2} or len(x) not in ({dims + 1, dims + 2} if channels else {dims}):
        raise ShapeError(
            f"conv{dims}d cannot slide a kernel of shape {k} over {x}",
            remedy=f"give both {dims} dimensions, or x (channels, ...) and k (out, in, ...)",
        )
    if channels and x[-dims - 1] != k[1]:
        raise ShapeError(
            f"conv{dims}d: x {x} has {x[-dims - 1]} channels, the kernel {k} takes {k[1]}",
            remedy="make the channels equal",
        )
    out = tuple(_output(n, m, stride, padding) for n, m in zip(x[-dims:], k[-dims:], strict=True))
    if min(out) < 1:
        raise ShapeError(
            f"conv{dims}d: the kernel {k} is larger than the input {x}", remedy="use a smaller kernel or padding"
        )
    work = int(np.prod(out, dtype=object)) * int(np.prod(k, dtype=object))
    if work > MAX_WORK or int(np.prod(k[-dims:], dtype=object)) > MAX_PLACES:
        raise ShapeError(f"conv{dims}d of {x} with {k} takes too much work", remedy="make it smaller")
    return (*x[: -dims - 1], k[0], *out) if channels else out


def _full(x: Any, dims: int, channels: bool) -> Any:
    """The array as (examples, channels, ...), or (out, in, ...) for a kernel."""
    return x if x.ndim == dims + 2 else x[None] if channels else x[None, None]


def _pad(x: Any, dims: int, padding: int) -> Any:
    if padding == 0:
        return x
    if x.dtype == object:
        zero = next(iter(x.flat)).graph.const(0)
        return np.pad(x, [(0, 0)] * 2 + [(padding, padding)] * dims, constant_values=zero)
    return np.pad(x, [(0, 0)] * 2 + [(padding, padding)] * dims)


def _windows(kernel: Shape, out: Shape, stride: int) -> Iterator[tuple[Any, Any]]:
    """For each place in the kernel: that place, and the part of the padded input that meets it."""
    for at in itertools.product(*map(range, kernel)):
        yield at, tuple(slice(i, i + stride * (n - 1) + 1, stride) for i, n in zip(at, out, strict=True))


def conv(x: Any, k: Any, dims: int, stride: int, padding: int) -> Any:
    """Slide k over x."""
    shape = _conv_shape([x.shape, k.shape], (dims, stride, padding))
    channels = k.ndim == dims + 2
    xs, ks = _pad(_full(x, dims, channels), dims, padding), _full(k, dims, True) if channels else k[None, None]
    out = shape[-dims:]
    y: Any = None
    for at, part in _windows(ks.shape[2:], out, stride):
        piece = np.moveaxis(
            np.tensordot(xs[(slice(None), slice(None), *part)], ks[(slice(None), slice(None), *at)], axes=(1, 1)), -1, 1
        )
        y = piece if y is None else y + piece
    return y.reshape(shape)


def conv_x(u: Any, k: Any, dims: int, stride: int, padding: int, shape: Shape) -> Any:  # noqa: PLR0917
    """What reaches the input: each entry of u spreads the kernel over the place it was computed from."""
    channels = k.ndim == dims + 2
    us, ks = _full(u, dims, channels), k if channels else k[None, None]
    padded = (us.shape[0], ks.shape[1], *(n + 2 * padding for n in shape[-dims:]))
    xs: Any = (
        np.zeros(padded) if u.dtype != object else np.full(padded, next(iter(u.flat)).graph.const(0), dtype=object)
    )
    for at, part in _windows(ks.shape[2:], us.shape[2:], stride):
        piece = np.tensordot(us, ks[(slice(None), slice(None), *at)], axes=(1, 0))
        where = (slice(None), slice(None), *part)
        xs[where] = xs[where] + np.moveaxis(piece, -1, 1)
    inner = tuple(slice(padding, n - padding) for n in padded[2:])
    return xs[(slice(None), slice(None), *inner)].reshape(shape)


def conv_k(x: Any, u: Any, dims: int, stride: int, padding: int, shape: Shape) -> Any:  # noqa: PLR0917
    """What reaches the kernel: u slid over the input."""
    channels = len(shape) == dims + 2
    xs, us = _pad(_full(x, dims, channels), dims, padding), _full(u, dims, channels)
    full = shape if channels else (1, 1, *shape)
    ks = np.empty(full, dtype=u.dtype)
    over = (0, *range(2, dims + 2))
    for at, part in _windows(full[2:], us.shape[2:], stride):
        ks[(slice(None), slice(None), *at)] = np.tensordot(us, xs[(slice(None), slice(None), *part)], axes=(over, over))
    return ks.reshape(shape)


def _conv_vjp(u: Node, y: Node, n: Node) -> Sequence[Node | None]:
    x, k = n.args
    make = n.graph.make
    return make("conv_x", u, k, attrs=(*n.attrs, x.shape)), make("conv_k", x, u, attrs=(*n.attrs, k.shape))


def _conv_x_vjp(g: Node, y: Node, n: Node) -> Sequence[Node | None]:
    u, k = n.args
    make = n.graph.make
    return make("conv", g, k, attrs=n.attrs[:3]), make("conv_k", g, u, attrs=(*n.attrs[:3], k.shape))


def _conv_k_vjp(g: Node, y: Node, n: Node) -> Sequence[Node | None]:
    x, u = n.args
    make = n.graph.make
    return make("conv_x", u, g, attrs=(*n.attrs[:3], x.shape)), make("conv", x, g, attrs=n.attrs[:3])


# Pooling works on the last axis of a vector and on the last two of everything else.


def _pool_dims(shape: Shape) -> int:
    return 1 if len(shape) == 1 else 2


def _pool_shape(shapes: Sequence[Shape], attrs: tuple[Any, ...]) -> Shape:
    x, (size, stride) = shapes[0], attrs[:2]
    if not x:
        raise ShapeError("pooling needs an array", remedy="give a vector, a matrix or channels of them")
    dims = _pool_dims(x)
    if size < 1 or stride < 1 or min(x[-dims:]) < size:
        raise ShapeError(
            f"a pooling window of {size} with stride {stride} does not fit the shape {x}", remedy="use a smaller window"
        )
    out = [_output(n, size, stride, 0) for n in x[-dims:]]
    if int(np.prod(out, dtype=object)) > MAX_PLACES:
        raise ShapeError(f"pooling {x} makes more than {MAX_PLACES:,} windows", remedy="make it smaller")
    return (*x[:-dims], *out)


def _places(shape: Shape, size: int, stride: int) -> Iterator[tuple[tuple[int, ...], tuple[Any, ...]]]:
    """For each window: where its result stands, and where it lies in the input."""
    dims = _pool_dims(shape)
    out = [_output(n, size, stride, 0) for n in shape[-dims:]]
    for at in itertools.product(*map(range, out)):
        yield at, tuple(slice(i * stride, i * stride + size) for i in at)


def avgpool(x: Any, size: int, stride: int) -> Any:
    """The mean of every window."""
    out: Any = np.empty(_pool_shape([x.shape], (size, stride)), dtype=x.dtype)
    axes = tuple(range(-_pool_dims(x.shape), 0))
    for at, part in _places(x.shape, size, stride):
        out[(..., *at)] = np.sum(x[(..., *part)], axis=axes) / size ** len(axes)
    return out


def avgpool_back(u: Any, size: int, stride: int, shape: Shape) -> Any:
    """Each window's upstream, shared evenly over its entries."""
    out: Any = np.zeros(shape)
    dims = _pool_dims(shape)
    for at, part in _places(shape, size, stride):
        out[(..., *part)] += np.asarray(u[(..., *at)])[(..., *(None,) * dims)] / size**dims
    return out


def _first_max(window: Any, dims: int) -> Any:
    """A mask that is true once, at the first of the largest entries of a window."""
    flat = window.reshape(*window.shape[:-dims], -1)
    return np.equal(np.arange(flat.shape[-1]), flat.argmax(axis=-1)[..., None]).reshape(window.shape)


def pick_max(x: Any, values: Any, size: int, stride: int) -> Any:
    """From every window of `values` the entry that stands where x is largest in it."""
    dims = _pool_dims(x.shape)
    axes = tuple(range(-dims, 0))
    out: Any = np.empty(_pool_shape([x.shape], (size, stride)))
    for at, part in _places(x.shape, size, stride):
        mask = _first_max(x[(..., *part)], dims)
        out[(..., *at)] = np.where(mask, values[(..., *part)], 0.0).sum(axis=axes)
    return out


def put_max(x: Any, u: Any, size: int, stride: int) -> Any:
    """Each window's upstream given to the entry where x is largest in it; zeros elsewhere."""
    dims = _pool_dims(x.shape)
    out: Any = np.zeros(x.shape)
    for at, part in _places(x.shape, size, stride):
        out[(..., *part)] += _first_max(x[(..., *part)], dims) * np.asarray(u[(..., *at)])[(..., *(None,) * dims)]
    return out


def spread_pool(u: Any, size: int, stride: int, shape: Shape) -> Any:
    """Each window's upstream given to every entry of it: what a mistaken pooling gradient does."""
    return avgpool_back(u, size, stride, shape) * size ** _pool_dims(shape)


def _maxpool_vjp(u: Node, y: Node, n: Node) -> Sequence[Node | None]:
    return (n.graph.make("put_max", n.args[0], u, attrs=n.attrs),)


def _conv(pen: Pen, node: Node) -> Written:
    return f"{pen(0, PRODUCT)} \\star {pen(1, PRODUCT)}", PRODUCT


def _conv_x(pen: Pen, node: Node) -> Written:
    return f"{pen(0, PRODUCT)} * {pen(1, PRODUCT)}", PRODUCT


def _last(shapes: Sequence[Shape], attrs: tuple[Any, ...]) -> Shape:
    return tuple(attrs[-1])


def _pool_latex(name: str) -> Any:
    def latex(pen: Pen, node: Node) -> Written:
        return f"\\operatorname{{{name}}}_{{{node.attrs[0]}}}\\left({pen(0)}\\right)", ATOM

    return latex


OPERATIONS = (
    Operation("conv", conv, _conv_vjp, _conv, _conv_shape, None, conv, ("V01", "V02")),
    Operation("conv_x", conv_x, _conv_x_vjp, _conv_x, _last, None, conv_x),
    Operation("conv_k", conv_k, _conv_k_vjp, _conv, _last, None, conv_k),
    Operation(
        "avgpool",
        avgpool,
        lambda u, y, n: (n.graph.make("avgpool_back", u, attrs=(*n.attrs, n.args[0].shape)),),
        _pool_latex("avgpool"),
        _pool_shape,
        None,
        avgpool,
        ("V04",),
    ),
    Operation(
        "avgpool_back",
        avgpool_back,
        lambda g, y, n: (n.graph.make("avgpool", g, attrs=n.attrs[:2]),),
        call(r"\operatorname{spread}"),
        _last,
    ),
    Operation(
        "maxpool",
        lambda x, size, stride: pick_max(x, x, size, stride),
        _maxpool_vjp,
        _pool_latex("maxpool"),
        _pool_shape,
        None,
        None,
        ("V04",),
    ),
    Operation(
        "put_max",
        put_max,
        lambda g, y, n: (None, n.graph.make("pick_max", n.args[0], g, attrs=n.attrs)),
        call(r"\operatorname{route}"),
        lambda s, a: s[0],
    ),
    Operation(
        "pick_max",
        pick_max,
        lambda u, y, n: (None, n.graph.make("put_max", n.args[0], u, attrs=n.attrs)),
        call(r"\operatorname{pick}"),
        _pool_shape,
    ),
    Operation("spread_pool", spread_pool, None, call(r"\operatorname{spread}"), _last),
)
