"""The graph every part of the engine speaks: nodes, how they are shared, and the algebra that keeps them readable.

A node is an operation on nodes with static attributes and a known shape. Nodes of one graph are shared: the same
operation on the same nodes is the same node, so a graph with one fault in it costs only what the fault changes.
`Graph.make` writes exactly what is asked (a person's program); the operators `+ - * / ** @` on nodes write what a
textbook would (no `1 *`, no `+ 0`, no double transposes): gradients are made with them. Traversals never recurse.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from typing import Any

from engine.errors import ShapeError

Shape = tuple[int, ...]

MAX_ELEMENTS = 1_000_000
"""The largest array a program may make."""
MAX_NODES = 200_000
"""The largest graph: a program, its gradients and all its mistakes."""


class Node:
    """One value of the graph: `op` applied to `args`. Made by `Graph`; never changed."""

    __slots__ = ("args", "attrs", "graph", "op", "serial", "shape")

    def __init__(self, graph: Graph, op: str, args: tuple[Node, ...], attrs: tuple[Any, ...], shape: Shape) -> None:
        self.graph, self.op, self.args, self.attrs, self.shape = graph, op, args, attrs, shape
        self.serial = len(graph)

    def __repr__(self) -> str:
        inside = ", ".join([*(f"#{a.serial}" for a in self.args), *(repr(a) for a in self.attrs)])
        return f"#{self.serial} {self.op}({inside}) {self.shape}"

    @property
    def name(self) -> str:
        """The name of a given or of a named value; empty for all others."""
        return str(self.attrs[0]) if self.op in {"given", "named"} else ""

    @property
    def T(self) -> Node:  # noqa: N802 - NumPy's name
        """The transpose; of a vector, itself."""
        if len(self.shape) < 2:
            return self
        if self.op == "transpose":
            return self.args[0]
        if self.op == "matmul" and all(len(a.shape) == 2 for a in self.args):
            return self.args[1].T @ self.args[0].T
        return self.graph.make("transpose", self)

    def __add__(self, other: object) -> Node:
        return add(self, self.graph.node(other))

    def __radd__(self, other: object) -> Node:
        return add(self.graph.node(other), self)

    def __sub__(self, other: object) -> Node:
        return add(self, -self.graph.node(other))

    def __rsub__(self, other: object) -> Node:
        return add(self.graph.node(other), -self)

    def __mul__(self, other: object) -> Node:
        return multiply(self, self.graph.node(other))

    def __rmul__(self, other: object) -> Node:
        return multiply(self.graph.node(other), self)

    def __truediv__(self, other: object) -> Node:
        return divide(self, self.graph.node(other))

    def __rtruediv__(self, other: object) -> Node:
        return divide(self.graph.node(other), self)

    def __neg__(self) -> Node:
        return multiply(self.graph.const(-1), self)

    def __pow__(self, other: object) -> Node:
        exponent = self.graph.node(other)
        if constant(exponent) == 1:
            return self
        if constant(exponent) == 2 and self.op == "sqrt":
            return self.args[0]
        return self.graph.make("pow", self, exponent)

    def __matmul__(self, other: Node) -> Node:
        return bilinear("matmul", self, other)


class Graph:
    """A set of shared nodes.

    `where` remembers the source and the syntax a node was written as, `tags`
    what a person meant by it where the operation alone does not say (`dropout`), `tagged` a value that goes with it.
    """

    def __init__(self) -> None:
        from engine.operations import OPERATIONS  # the table is written in terms of nodes

        self._table = OPERATIONS
        self._nodes: dict[tuple[Any, ...], Node] = {}
        self.where: dict[Node, tuple[str, Any]] = {}
        self.tags: dict[Node, str] = {}
        self.tagged: dict[Node, Node] = {}

    def __len__(self) -> int:
        return len(self._nodes)

    def make(self, op: str, *args: Node, attrs: tuple[Any, ...] = ()) -> Node:
        """The node of `op` on `args`, exactly as asked.

        Raises:
            ShapeError: the shapes do not fit or the result is too large.
        """
        key = (op, args, attrs)
        found = self._nodes.get(key)
        if found is not None:
            return found
        return self._keep(key, self._table[op].shape([a.shape for a in args], attrs))

    def given(self, name: str, shape: Shape) -> Node:
        """The leaf for a number or array that is given."""
        return self._keep(("given", (), (name, shape)), shape)

    def named(self, name: str, node: Node) -> Node:
        """`node` under a name: a value of its own in the worked solution, where answers and overrides attach."""
        return self._keep(("named", (node,), (name,)), node.shape)

    def const(self, value: Fraction | int | float) -> Node:
        """A constant number, exact where it was written exactly."""
        exact = value if isinstance(value, Fraction) else Fraction(repr(value))
        return self._keep(("const", (), (exact,)), ())

    def fill(self, value: Fraction | int | float, shape: Shape) -> Node:
        """An array of one number."""
        constant_ = self.const(value)
        return constant_ if shape == () else self._keep(("fill", (), (constant_.attrs[0], shape)), shape)

    def node(self, value: object) -> Node:
        """A node as it is, a number as a constant."""
        return value if isinstance(value, Node) else self.const(value)  # type: ignore[arg-type]

    def _keep(self, key: tuple[Any, ...], shape: Shape) -> Node:
        found = self._nodes.get(key)
        if found is not None:
            return found
        size = 1
        for length in shape:
            size *= length
        if size > MAX_ELEMENTS:
            raise ShapeError(
                f"an array of shape {shape} has {size:,} elements; at most {MAX_ELEMENTS:,} are allowed",
                remedy="make it smaller",
            )
        if len(self._nodes) >= MAX_NODES:
            raise ShapeError(f"the program grows beyond {MAX_NODES:,} operations", remedy="make it smaller")
        node = Node(self, key[0], key[1], key[2], shape)
        self._nodes[key] = node
        return node


def constant(node: Node) -> Fraction | None:
    """The number of a constant node, else None."""
    return node.attrs[0] if node.op == "const" else None


def split(node: Node) -> tuple[Fraction, Node | None]:
    """A node as coefficient times the rest; the rest is None for a constant."""
    coefficient = Fraction(1)
    while True:
        if node.op == "const":
            return coefficient * node.attrs[0], None
        if node.op == "neg":
            coefficient, node = -coefficient, node.args[0]
        elif node.op == "mul" and node.args[0].op == "const":
            coefficient, node = coefficient * node.args[0].attrs[0], node.args[1]
        elif node.op == "mul" and node.args[1].op == "const":
            coefficient, node = coefficient * node.args[1].attrs[0], node.args[0]
        elif node.op == "div" and node.args[1].op == "const" and node.args[1].attrs[0] != 0:
            coefficient, node = coefficient / node.args[1].attrs[0], node.args[0]
        else:
            return coefficient, node


def scaled(coefficient: Fraction, node: Node | None, graph: Graph) -> Node:
    """Coefficient times node, written as a person writes it: -x, 2x, x/3, 2x/3."""
    if node is None:
        return graph.const(coefficient)
    if coefficient == 0:
        return graph.fill(0.0, node.shape)
    if coefficient < 0:
        return graph.make("neg", scaled(-coefficient, node, graph))
    if coefficient.numerator != 1 and _written_as_decimal(coefficient):
        return graph.make("mul", graph.const(coefficient), node)
    if coefficient.numerator != 1:
        node = graph.make("mul", graph.const(coefficient.numerator), node)
    if coefficient.denominator != 1:
        node = graph.make("div", node, graph.const(coefficient.denominator))
    return node


def _written_as_decimal(value: Fraction) -> bool:
    """0.3 x, but 3x/2 and 2x/3: decimals where they end, fractions where the denominator is a small power of two."""
    rest = value.denominator
    while rest % 2 == 0:
        rest //= 2
    while rest % 5 == 0:
        rest //= 5
    return rest == 1 and value.denominator not in {1, 2, 4, 8}


def multiply(a: Node, b: Node) -> Node:
    """The elementwise product, coefficients gathered in front."""
    graph = a.graph
    shape = broadcast(a.shape, b.shape)
    if is_zero(a) or is_zero(b):
        return graph.fill(0.0, shape)
    (ca, xa), (cb, xb) = split(a), split(b)
    ca, xa = _thinned(ca, xa, xb, shape)
    cb, xb = _thinned(cb, xb, xa, shape)
    if xa is None or xb is None:
        core = xb if xa is None else xa
        return graph.fill(ca * cb, shape) if core is None and shape else scaled(ca * cb, core, graph)
    if xb.op == "div" and constant(xb.args[0]) == 1:
        return scaled(ca * cb, divide(xa, xb.args[1]), graph)
    if xa.op == "div" and constant(xa.args[0]) == 1:
        return scaled(ca * cb, divide(xb, xa.args[1]), graph)
    return scaled(ca * cb, graph.make("mul", xa, xb), graph)


def bilinear(op: str, a: Node, b: Node) -> Node:
    """A product of arrays with its coefficients in front: X @ (-u / 3) is -(X @ u) / 3."""
    (ca, xa), (cb, xb) = split(a), split(b)
    if xa is None or xb is None:
        return a.graph.make(op, a, b)
    return scaled(ca * cb, a.graph.make(op, xa, xb), a.graph)


def _thinned(
    coefficient: Fraction, node: Node | None, other: Node | None, shape: Shape
) -> tuple[Fraction, Node | None]:
    """A factor without the copies that broadcasting makes anyway when the other factor already has the shape."""
    if node is None or other is None or other.shape != shape:
        return coefficient, node
    if node.op == "fill":
        return coefficient * node.attrs[0], None
    if node.op == "spread" and node.args[0].shape == ():
        inner, rest = split(node.args[0])
        return coefficient * inner, rest
    return coefficient, node


def divide(a: Node, b: Node) -> Node:
    """The elementwise quotient, signs and coefficients gathered in front."""
    graph = a.graph
    (ca, xa), (cb, xb) = split(a), split(b)
    if cb == 0:
        return graph.make("div", a, b)
    if is_zero(a):
        return graph.fill(0.0, broadcast(a.shape, b.shape))
    if xb is None:
        return scaled(ca / cb, xa, graph)
    if xa is xb and xa is not None:
        return scaled(ca / cb, graph.fill(1.0, xa.shape) if xa.shape else None, graph)
    c = ca / cb
    sign = 1 if c > 0 else -1
    top = scaled(Fraction(abs(c).numerator), xa, graph)
    return scaled(Fraction(sign), graph.make("div", top, scaled(Fraction(abs(c).denominator), xb, graph)), graph)


def add(a: Node, b: Node) -> Node:
    """The elementwise sum; what is zero is left out, what is alike is gathered, a negative is subtracted."""
    graph = a.graph
    shape = broadcast(a.shape, b.shape)
    if is_zero(a) and b.shape == shape:
        return b
    if is_zero(b) and a.shape == shape:
        return a
    (ca, xa), (cb, xb) = split(a), split(b)
    if xa is xb and (xa is None or xa.shape == shape):
        return scaled(ca + cb, xa, graph)
    if cb < 0:
        return -add(-a, -b) if ca < 0 else graph.make("sub", a, -b)
    if ca < 0:
        return graph.make("sub", b, -a)
    return graph.make("add", a, b)


def is_zero(node: Node) -> bool:
    """Whether the node is the number zero or an array of zeros."""
    return (node.op == "const" and node.attrs[0] == 0) or (node.op == "fill" and node.attrs[0] == 0.0)


def is_one(node: Node) -> bool:
    """Whether the node is the number one or an array of ones."""
    return (node.op == "const" and node.attrs[0] == 1) or (node.op == "fill" and node.attrs[0] == 1.0)


def broadcast(a: Shape, b: Shape) -> Shape:
    """The common shape of two arrays by NumPy's rule.

    Raises:
        ShapeError: there is none.
    """
    if a == b or not b:
        return a
    if not a:
        return b
    longer, shorter = (a, b) if len(a) >= len(b) else (b, a)
    padded = (1,) * (len(longer) - len(shorter)) + shorter
    out = []
    for m, n in zip(longer, padded, strict=True):
        if m not in {n, 1} and n != 1:
            raise ShapeError(
                f"shapes {a} and {b} do not fit together", remedy="make the lengths equal, or one of them 1"
            )
        out.append(n if m == 1 else m)
    return tuple(out)


def ordered(roots: Iterable[Node], stop: Callable[[Node], bool] | None = None) -> list[Node]:
    """Every node the roots need, arguments first. Nodes for which `stop` holds are kept but not entered."""
    seen: set[Node] = set()
    order: list[Node] = []
    for root in roots:
        stack: list[tuple[Node, bool]] = [(root, False)]
        while stack:
            node, ready = stack.pop()
            if ready:
                order.append(node)
            elif node not in seen:
                seen.add(node)
                stack.append((node, True))
                if stop is None or not stop(node):
                    stack.extend((a, False) for a in reversed(node.args) if a not in seen)
    return order


def substitute(roots: Iterable[Node], changes: Mapping[Node, Node]) -> dict[Node, Node]:
    """The same graph with some nodes replaced: from every node that changes to what it becomes.

    A replacement is taken as it is, so it may itself use the node it replaces.
    """
    became: dict[Node, Node] = dict(changes)
    for node in ordered(roots, stop=lambda n: n in changes):
        if node in became:
            continue
        args = tuple(became.get(a, a) for a in node.args)
        if args != node.args:
            became[node] = rebuilt(node, args)
    return became


def rebuilt(node: Node, args: tuple[Node, ...]) -> Node:
    """The node's operation on other arguments."""
    if node.op == "named":
        return node.graph.named(node.name, args[0])
    return node.graph.make(node.op, *args, attrs=node.attrs)


def plain(node: Node) -> Node:
    """The node below any names."""
    while node.op == "named":
        node = node.args[0]
    return node
