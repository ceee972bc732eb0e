"""Mistakes on the way forward: the definition of one value with a fault in it. Imports the graph."""

from __future__ import annotations

import contextlib
import math
from collections.abc import Callable, Iterator

from engine.errors import ShapeError
from engine.graph import Graph, Node, constant, ordered, plain, substitute
from engine.mistakes.fault import Fault, Ground
from engine.operations import ACTIVATIONS

Found = Iterator[tuple[str, Node]]
"""(id, what the node becomes)."""


def forward_faults(ground: Ground) -> Iterator[Fault]:
    """Every way to compute one named value, or an asked expression, wrongly."""
    for named in ground.named_values():
        inner = named.args[0]
        for node in ordered([inner], stop=lambda n: n.op in {"named", "given"}):
            for id_, wrong in faults_of(ground, node):
                with contextlib.suppress(ShapeError):  # a fault that does not fit these shapes cannot be made here
                    changed = substitute([inner], {node: wrong}).get(inner, inner)
                    if changed.shape == inner.shape:
                        yield Fault(id_, {named: named.graph.named(named.name, changed)})
    for label in ground.layout.labels:
        node = ground.layout.steps[label]
        if node.op == "sub":
            a, b = node.args
            yield Fault("D03", {node: node.graph.make("sub", b, a)})


def faults_of(ground: Ground, node: Node) -> Found:
    """The faults at one operation."""
    finder = _FINDERS.get(node.op)
    if finder is not None:
        yield from finder(ground, node)
    if node.op in ACTIVATIONS:
        yield "L02", plain(node.args[0]) if node.args[0].op != "named" else node.args[0]
    tag = node.graph.tags.get(node)
    if tag is not None:
        yield from _dropout(node, tag)


def _matmul(ground: Ground, node: Node) -> Found:
    graph = node.graph
    for i, (weight, other) in enumerate((node.args, node.args[::-1])):
        if ground.is_weight(weight) and not ground.is_weight(other):
            ones = graph.fill(1.0, other.shape)
            yield "D01", graph.make("matmul", *((weight, ones) if i == 0 else (ones, weight)))
            size = graph.make("abs", weight)
            yield "D02", graph.make("matmul", *((size, other) if i == 0 else (other, size)))


def _mul(ground: Ground, node: Node) -> Found:
    graph = node.graph
    a, b = node.args
    for gate, other in ((a, b), (b, a)):
        if plain(gate).op == "sigmoid" and plain(other).op not in {"const"} and other.shape == node.shape:
            yield "K03", other
        if ground.is_weight(gate) and not ground.is_weight(other) and other.op != "const" and gate.shape == node.shape:
            yield "D01", gate
            yield "D02", graph.make("mul", graph.make("abs", gate), other)
    if ground.layout.prepared.loss is None:
        if constant(a) == 2 and b.op == "given":
            yield "V06", b
        factors = _factors(node)
        if len([f for f in factors if f.op == "given"]) >= 3 and all(f.op in {"given", "const"} for f in factors):
            for left_out in dict.fromkeys(f for f in factors if f.op == "given"):
                rest = list(factors)
                rest.remove(left_out)
                yield "V08", _product(graph, rest)


def _factors(node: Node) -> list[Node]:
    out, stack = [], [node]
    while stack:
        top = stack.pop()
        if top.op == "mul":
            stack.extend(reversed(top.args))
        else:
            out.append(top)
    return out


def _product(graph: Graph, factors: list[Node]) -> Node:
    made = factors[0]
    for factor in factors[1:]:
        made = graph.make("mul", made, factor)
    return made


def _terms(node: Node) -> list[Node]:
    out, stack = [], [node]
    while stack:
        top = stack.pop()
        if top.op == "add":
            stack.extend(reversed(top.args))
        else:
            out.append(top)
    return out


def _add(ground: Ground, node: Node) -> Found:
    loss = ground.layout.prepared.loss
    if loss is None and constant(node.args[1]) == 1:
        yield "V05", node.args[0]
    if any(node in user.args and user.op == "add" for user in ground.users.get(node, ())):
        return
    terms = _terms(node)
    kept = [t for t in terms if t.op != "given"]
    if 0 < len(kept) < len(terms) and any(plain(t).op in {"mul", "matmul", "conv", "sum"} for t in kept):
        made = kept[0]
        for term in kept[1:]:
            made = node.graph.make("add", made, term)
        if made.shape == node.shape:
            yield "V07", made


def _sub(ground: Ground, node: Node) -> Found:
    a, b = node.args
    if (a in ground.learned) != (b in ground.learned):
        yield "D03", node.graph.make("sub", b, a)


def _div(ground: Ground, node: Node) -> Found:
    top, bottom = node.args
    if any(user.op == "softmax" for user in ground.users.get(node, ())):
        yield "A01", top
    if bottom.op == "mul" and constant(bottom.args[0]) == 2:
        yield "G01", node.graph.make("div", top, bottom.args[1])


def _pow(ground: Ground, node: Node) -> Found:
    base, exponent = node.args
    number = constant(exponent)
    if exponent.op == "given" or (number is not None and number >= 3):
        yield "G02", node.graph.make("mul", exponent, base)


def _sigmoid(ground: Ground, node: Node) -> Found:
    yield "L01", node.graph.make("sigmoid", node.graph.make("neg", node.args[0]))


def _softmax(ground: Ground, node: Node) -> Found:
    graph, z = node.graph, node.args[0]
    dims = len(node.shape)
    axis = node.attrs[0] % dims
    total = graph.make("sum", z, attrs=((axis,), dims > 1))
    yield "S04", graph.make("div", z, total)
    yield "S05", graph.make("sigmoid", z)
    if dims == 1:
        yield "A03", graph.fill(1.0, node.shape)
    else:
        yield "A03", graph.make("softmax", z, attrs=(-2 if axis == dims - 1 else -1,))


def _bce(ground: Ground, node: Node) -> Found:
    graph = node.graph
    p, t = node.args
    yield from _logarithm(ground, node)
    yield "L12", graph.make("neg", graph.make("mul", t, graph.make("log", p)))


def _logarithm(ground: Ground, node: Node) -> Found:
    yield "L10", node.graph.make("div", node, node.graph.const(math.log(10.0)))
    yield "L11", node.graph.make("neg", node)


def _mean(ground: Ground, node: Node) -> Found:
    if is_variance(node):
        count = math.prod(node.args[0].shape) // max(math.prod(node.shape), 1)
        if count > 1:
            yield "N03", node * count / (count - 1)


def is_variance(node: Node) -> bool:
    """Whether a node is the mean of squared deviations from a mean."""
    square = plain(node.args[0]) if node.op == "mean" else None
    if square is None or square.op != "pow" or constant(square.args[1]) != 2:
        return False
    deviation = plain(square.args[0])
    return deviation.op == "sub" and plain(deviation.args[1]).op in {"mean", "reshape"}


def _conv(ground: Ground, node: Node) -> Found:
    x, k = node.args
    axes = tuple(range(len(k.shape) - node.attrs[0], len(k.shape)))
    yield "V01", node.graph.make("conv", x, node.graph.make("flip", k, attrs=(axes,)), attrs=node.attrs)


def _dropout(node: Node, tag: str) -> Found:
    graph = node.graph
    if tag == "dropout":
        product, keep = node.args
        yield "R01", product
        yield "R02", graph.make("div", product, graph.make("sub", graph.const(1), keep))
    else:
        yield "R04", graph.make("mul", node.args[0], graph.tagged[node])


_FINDERS: dict[str, Callable[[Ground, Node], Found]] = {
    "matmul": _matmul,
    "mul": _mul,
    "add": _add,
    "sub": _sub,
    "div": _div,
    "pow": _pow,
    "sigmoid": _sigmoid,
    "softmax": _softmax,
    "bce": _bce,
    "cross_entropy": _logarithm,
    "mean": _mean,
    "conv": _conv,
}
