"""Mistakes on the way back: the reverse pass run again with one fault in it. Imports the reverse pass.

A fault is a function of one path (see `engine.backward.Pass`): what an operation passes on to one of its arguments.
Everything behind it follows by the right rules, so each mistake reaches the update as it would on paper.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from fractions import Fraction

from engine.backward import Backward, Contribution, Gather, Pass
from engine.errors import ShapeError
from engine.graph import Node, constant, divide, ordered, plain
from engine.mistakes.activations import activation_faults, softmax_faults
from engine.mistakes.fault import Fault, Ground
from engine.mistakes.forward import is_variance
from engine.mistakes.passing import Faults, Wrong, passed_on
from engine.mistakes.products import factor_faults
from engine.operations import ACTIVATIONS


def backward_faults(ground: Ground) -> Iterator[Fault]:
    """Every wrong reverse pass."""
    right = ground.backward
    if right is None:
        return
    forward = ordered([right.loss])
    for node in reversed(forward):
        if node in right.adjoint and node.args:
            for id_, argument, wrong in _at_operation(ground, right, node):
                yield from _rerun(right, id_, fault=_only(node, argument, wrong))
    yield from _updated_weights(ground, right)
    for node in forward:
        yield from _gathering(right, node)
    yield from _scaled_loss(ground, right)


def _only(node: Node, argument: int | None, wrong: Wrong) -> Pass:
    def fault(backward: Backward, path: Contribution) -> Node | None:
        if path.consumer is not node or argument not in {None, path.argument}:
            return None
        return wrong(path, backward.alias.get(node, node))

    return fault


def _rerun(
    right: Backward, id_: str, *, fault: Pass | None = None, gathering: Gather | None = None, seed: Node | None = None
) -> Iterator[Fault]:
    try:
        wrong = Backward(right.loss, right.prefix, right.normalised, seed, fault, gathering)
    except ShapeError:
        return  # this fault does not fit the shapes of this program: nobody can make it here
    changes = {
        node: wrong.adjoint[of] if of in wrong.adjoint else of.graph.fill(0.0, of.shape)
        for of, node in right.adjoint.items()
        # Only gradients that have a name: an unnamed one may be a node of the forward program too (t - y is both).
        if node.op == "named"
        and node is not of
        and (of.name or node.name.startswith("delta_"))
        and wrong.adjoint.get(of) is not node
    }
    if changes:
        yield Fault(id_, changes)


def _at_operation(ground: Ground, right: Backward, node: Node) -> Faults:
    if node.op in ACTIVATIONS:
        yield from activation_faults(ground, right, node)
    elif node.op == "softmax":
        yield from softmax_faults(right, node)
    elif node.op in {"matmul", "mul"}:
        for i in (0, 1):
            yield from factor_faults(ground, right, node, i)
    elif node.op == "pow":
        yield from _power(ground, node)
    elif node.op == "abs":
        yield "O13", 0, lambda path, y: path.upstream
    elif node.op in {"maximum", "minimum"}:
        yield "T08", None, lambda path, y: path.upstream
    elif node.op == "conv":
        yield from _conv(node)
    elif node.op in {"maxpool", "avgpool"}:
        shape = node.args[0].shape
        yield (
            "V04",
            0,
            lambda path, y: path.upstream.graph.make("spread_pool", path.upstream, attrs=(*node.attrs, shape)),
        )
    elif node.op == "add":
        for i, arg in enumerate(node.args):
            if arg.shape != node.shape and arg.op == "given":
                count = math.prod(node.shape) // math.prod(arg.shape)
                yield "V03", i, lambda path, y, n=count: path.upstream / n  # type: ignore[misc]


def _updated_weights(ground: Ground, right: Backward) -> Iterator[Fault]:
    """H01: all weights were updated first, and the new ones used for going back."""
    moves = ground.layout.moves
    if moves is None:
        return
    leaves = {ground.layout.prepared.givens[n]: new for n, new in moves.new.items()}

    def fault(backward: Backward, path: Contribution) -> Node | None:
        node = path.consumer
        if node.op not in {"matmul", "mul", "conv"} or path.argument > 1:
            return None
        weight = node.args[1 - path.argument]
        new = leaves.get(weight)
        if new is None or node.args[path.argument] not in ground.learned or node.args[path.argument] in leaves:
            return None
        args = (node.args[0], new) if path.argument == 0 else (new, node.args[1])
        return passed_on(node, path.upstream, path.argument, args=args)

    yield from _rerun(right, "H01", fault=fault)


# Powers, convolutions, sums of paths, the loss itself.


def _power(ground: Ground, node: Node) -> Faults:
    error, exponent = node.args
    if constant(exponent) != 2:
        return
    if error in ground.weights:
        yield "O12", 0, lambda path, y: path.node * 2
        return
    difference = plain(error)
    if error not in ground.learned or difference.op != "sub":
        return
    yield "D11", 0, lambda path, y: path.node * error
    yield "D03", 0, lambda path, y: -path.node
    first, second = difference.args
    if (first in ground.learned) == (second in ground.learned):
        return
    output, target = (first, second) if first in ground.learned else (second, first)
    sign = -1 if difference.args[0] is output else 1
    yield "D09", 0, lambda path, y: _instead(path.node, error, output, sign)
    yield "D10", 0, lambda path, y: _instead(path.node, error, target, sign)


def _instead(right: Node, error: Node, value: Node, sign: int) -> Node | None:
    factor = divide(right, error)
    return factor * value * sign if factor.op in {"const", "fill", "div", "neg", "spread"} or factor.args else None


def _conv(node: Node) -> Faults:
    graph = node.graph
    x, k = node.args
    axes = tuple(range(len(k.shape) - node.attrs[0], len(k.shape)))
    flipped = graph.make("flip", k, attrs=(axes,))
    yield "V02", 0, lambda path, y: graph.make("conv_x", path.upstream, flipped, attrs=(*node.attrs, x.shape))
    yield "V02", 1, lambda path, y: graph.make("flip", path.node, attrs=(axes,))


def _gathering(right: Backward, node: Node) -> Iterator[Fault]:
    paths = right.contributions.get(node, [])
    if len(paths) < 2 or node.op in {"const", "fill"}:
        if is_variance(node):
            yield from _constant_statistics(right, node)
        return

    def last(backward: Backward, of: Node, found: Sequence[Contribution]) -> Node | None:
        return found[-1].node if of is node and len(found) > 1 else None

    def first(backward: Backward, of: Node, found: Sequence[Contribution]) -> Node | None:
        return found[0].node if of is node and len(found) > 1 else None

    same = all(p.consumer is paths[0].consumer for p in paths)
    yield from _rerun(right, "T05" if same else "T04", gathering=last)
    if not same:
        yield from _rerun(right, "T01", gathering=first)
    if node.op == "given" and all(p.consumer.op in {"mul", "matmul"} for p in paths):
        yield from _own_states(right, node)
        yield from _no_recurrence(right, node)


def _no_recurrence(right: Backward, weight: Node) -> Iterator[Fault]:
    """T03: the weight that is used again and again, left out at every moment on the way back."""

    def fault(backward: Backward, path: Contribution) -> Node | None:
        node = path.consumer
        if path.argument > 1 or len(node.args) != 2 or node.args[1 - path.argument] is not weight:
            return None
        if node.op == "mul" or not path.upstream.shape:
            return path.upstream
        return path.upstream.graph.make("sum", path.upstream, attrs=((len(path.upstream.shape) - 1,), True))

    if weight.op == "given":
        yield from _rerun(right, "T03", fault=fault)


def _own_states(right: Backward, weight: Node) -> Iterator[Fault]:
    """T02: every moment's own state instead of the one before, for a weight that is used again and again."""
    forward = ordered([right.loss])

    def fault(backward: Backward, path: Contribution) -> Node | None:
        node = path.consumer
        if node.args[path.argument] is not weight:
            return None
        own = _next_activation(forward, node)
        other = node.args[1 - path.argument]
        if own is None or own.shape != other.shape:
            return None
        shown = backward.alias.get(own, own)
        args = (weight, shown) if path.argument == 0 else (shown, weight)
        return passed_on(node, path.upstream, path.argument, args=args)

    yield from _rerun(right, "T02", fault=fault)


def _next_activation(forward: Sequence[Node], node: Node) -> Node | None:
    below = {node}
    for candidate in forward[forward.index(node) + 1 :]:
        if any(a in below for a in candidate.args):
            if candidate.op in ACTIVATIONS:
                return candidate
            if candidate.op in {"add", "named"}:
                below.add(candidate)
    return None


def _constant_statistics(right: Backward, variance: Node) -> Iterator[Fault]:
    deviation = plain(plain(variance.args[0]).args[0])
    mean = plain(deviation.args[1])

    def dropped(*statistics: Node) -> Gather:
        def gather(backward: Backward, of: Node, found: Sequence[Contribution]) -> Node | None:
            return of.graph.fill(0.0, of.shape) if of in statistics else None

        return gather

    yield from _rerun(right, "N02", gathering=dropped(variance))
    yield from _rerun(right, "N01", gathering=dropped(variance, mean))


def _scaled_loss(ground: Ground, right: Backward) -> Iterator[Fault]:
    """D13, B01, B02: the gradient of another multiple of the loss than the stated one."""
    graph, loss = right.loss.graph, right.loss
    inside = [n for n in ordered([loss]) if n in ground.learned]
    errors = [n for n in inside if n.op == "pow" and constant(n.args[1]) == 2 and not is_variance(n)]
    if any(n.args[0] in ground.learned and n.args[0] not in ground.weights for n in errors):
        halved = any(_halves(n) for n in inside)
        yield from _multiple(right, "D13", Fraction(2) if halved else Fraction(1, 2))
    below = plain(loss)
    for node in (n for n in ordered([below], stop=lambda n: n.op == "named") if n.op in {"mean", "sum"}):
        count = math.prod(node.args[0].shape) // max(math.prod(node.shape), 1)
        if node in ground.learned and count > 1:
            mean = node.op == "mean"
            yield from _multiple(right, "B01" if mean else "B02", Fraction(count) if mean else Fraction(1, count))
    del graph


def _halves(node: Node) -> bool:
    if node.op == "div":
        return constant(node.args[1]) == 2
    return node.op == "mul" and Fraction(1, 2) in {constant(a) for a in node.args}


def _multiple(right: Backward, id_: str, factor: Fraction) -> Iterator[Fault]:
    graph, loss = right.loss.graph, right.loss
    for fault in _rerun(right, id_, seed=graph.const(factor)):
        value = graph.named(loss.name, loss.args[0] * graph.const(factor)) if loss.op == "named" else loss
        yield Fault(id_, {**fault.changes, loss: value})
