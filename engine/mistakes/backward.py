"""Mistakes on the way back: the reverse pass run again with one fault in it. Imports the reverse pass.

A fault is a function of one path (see `engine.backward.Pass`): what an operation passes on to one of its arguments.
Everything behind it follows by the right rules, so each mistake reaches the update as it would on paper.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction

from engine.backward import Backward, Contribution, Gather, Pass
from engine.graph import Node, constant, divide, ordered, plain
from engine.mistakes.fault import Fault, Ground
from engine.mistakes.forward import is_variance
from engine.operations import ACTIVATIONS, OPERATIONS

Wrong = Callable[[Contribution, Node], Node | None]
"""(path, the operation's value under its name) → what is passed on."""


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
    except ValueError:
        return
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


def _vjp(
    node: Node, upstream: Node, argument: int, *, args: Sequence[Node] | None = None, out: Node | None = None
) -> Node | None:
    """What the operation would pass on with other arguments or another value; None where shapes do not allow it."""
    changed = node if args is None else node.graph.make(node.op, *args, attrs=node.attrs)
    rule = OPERATIONS[node.op].vjp
    assert rule is not None
    parts = rule(upstream, out if out is not None else changed, changed)
    return parts[argument]


def _at_operation(ground: Ground, right: Backward, node: Node) -> Iterator[tuple[str, int | None, Wrong]]:
    if node.op in ACTIVATIONS:
        yield from _activation(ground, right, node)
    elif node.op == "softmax":
        yield from _softmax(right, node)
    elif node.op in {"matmul", "mul"}:
        for i in (0, 1):
            yield from _factor(ground, right, node, i)
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


# Activations.


def _activation(ground: Ground, right: Backward, node: Node) -> Iterator[tuple[str, int | None, Wrong]]:
    hidden, gated = _hidden(ground, node), _gated(ground, node)
    if right.fused_with(node) is not None:
        yield "L08", 0, lambda path, y: path.node * (y * (1 - y))
        target = _fused_target(right, node)
        scale = _fused_scale(right, node)
        yield "D03", 0, lambda path, y: -path.node
        yield "S02", 0, lambda path, y: scale * y
        yield "D10", 0, lambda path, y: -(scale * target)
        return
    forgotten = "K02" if gated and node.op == "tanh" else "H03" if hidden else "L03"
    yield forgotten, 0, lambda path, y: path.upstream
    z = node.args[0]
    if node.op == "sigmoid":
        yield "H09" if hidden else "L04", 0, lambda path, y: path.upstream * (z * (1 - z))
        yield "L05", 0, lambda path, y: _vjp(node, path.upstream, 0, args=(y,))
        yield "L06", 0, lambda path, y: path.upstream * y
        yield "L07", 0, lambda path, y: path.upstream * (y * (1 + y))
        yield "L09", 0, lambda path, y: path.upstream * (1 - y**2)
    if node.op == "tanh":
        yield "H09" if hidden else "L04", 0, lambda path, y: path.upstream * (1 - z**2)
        yield "L05", 0, lambda path, y: _vjp(node, path.upstream, 0, args=(y,))
        yield "K01", 0, lambda path, y: path.upstream * (y * (1 - y))
    last = _output_unit(ground, node)
    if hidden and last is not None and last.op == node.op and node.op in {"sigmoid", "tanh"}:
        shown = right.alias.get(last, last)
        if shown.shape in {node.shape, ()}:
            yield "H08", 0, lambda path, y: _vjp(node, path.upstream, 0, out=shown)


def _hidden(ground: Ground, node: Node) -> bool:
    """Whether the activation feeds further weights."""
    return any(
        u.op in {"matmul", "mul", "conv"} and any(ground.is_weight(a) for a in u.args)
        for u in ground.users.get(node, ())
    )


def _gated(ground: Ground, node: Node) -> bool:
    """Whether the activation is multiplied by a gate."""
    users = [u for u in ground.users.get(node, ()) if u.op == "mul"]
    return any(plain(a).op == "sigmoid" for u in users for a in u.args if plain(a) is not node)


def _output_unit(ground: Ground, node: Node) -> Node | None:
    """The activation nearest to the loss, if it is another one."""
    loss = ground.layout.prepared.loss
    assert loss is not None
    outputs = [n for n in ordered([loss]) if n.op in ACTIVATIONS]
    return outputs[-1] if outputs and outputs[-1] is not node else None


def _fused_target(right: Backward, node: Node) -> Node:
    path = right.fused_with(node)
    assert path is not None
    return path.consumer.args[1]


def _fused_scale(right: Backward, node: Node) -> Node:
    path = right.fused_with(node)
    assert path is not None
    upstream = path.upstream
    if node.op == "softmax" and upstream.shape:
        return upstream.graph.make("reshape", upstream, attrs=((*upstream.shape, 1),))
    return upstream


def _softmax(right: Backward, node: Node) -> Iterator[tuple[str, int | None, Wrong]]:
    if right.fused_with(node) is None:
        yield "A02", 0, lambda path, y: path.upstream * (y * (1 - y))
        return
    target, scale = _fused_target(right, node), _fused_scale(right, node)
    yield "S01", 0, lambda path, y: -path.node
    yield "S02", 0, lambda path, y: scale * y
    yield "S03", 0, lambda path, y: -(scale * (target * (1 - y)))


# Products: weights and what they are multiplied by.


def _factor(ground: Ground, right: Backward, node: Node, i: int) -> Iterator[tuple[str, int | None, Wrong]]:
    arg, other = node.args[i], node.args[1 - i]
    if other.op in {"const", "fill"}:
        return
    if ground.is_weight(arg):
        yield from _to_weight(ground, right, node, i)
    elif ground.is_weight(other):
        yield from _through_weight(ground, right, node, i)
    elif node.op == "mul":
        if right.loss.graph.tags.get(_dropout_of(ground, node)) == "dropout" and i == 0:
            yield "R03", i, lambda path, y: path.upstream
        if arg.shape == other.shape:
            yield "T06", i, lambda path, y: path.upstream * arg
        yield "T07", i, lambda path, y: other
        if plain(other).op == "sigmoid":
            yield "K03", i, lambda path, y: path.upstream


def _dropout_of(ground: Ground, node: Node) -> Node:
    return next((u for u in ground.users.get(node, ()) if u.op == "div"), node)


def _to_weight(ground: Ground, right: Backward, node: Node, i: int) -> Iterator[tuple[str, int | None, Wrong]]:
    """The gradient of a parameter: upstream times what it multiplied."""
    graph, arg, other = node.graph, node.args[i], node.args[1 - i]

    def with_input(wrong: Node) -> Wrong:
        args = (arg, wrong) if i == 0 else (wrong, arg)
        return lambda path, y: _vjp(node, path.upstream, i, args=args)

    yield "D06", i, with_input(graph.fill(1.0, other.shape))
    yield "T07", i, lambda path, y: _vjp(node, graph.fill(1.0, node.shape), i)
    if other.shape == arg.shape:
        yield "D07", i, with_input(arg)
    if len(other.shape) == 1 and other.shape[0] > 1:
        yield "D08", i, with_input(graph.make("flip", other, attrs=((0,),)))
    inner = plain(other)
    if inner.op in ACTIVATIONS:
        yield "H11", i, with_input(inner.args[0])
    output = _own_activation(ground, right, node)
    if output is not None and output.shape == other.shape:
        yield "H10", i, with_input(output)
    if len(arg.shape) == 2 and arg.shape[0] == arg.shape[1] and node.op == "matmul":
        yield "H12", i, lambda path, y: None if path.node.op != "outer" else path.node.T
    if node.op == "matmul" and i == 1 and len(other.shape) == 2 and len(arg.shape) == 1:
        count = _averaged(right, other.shape[0])
        yield "B03", i, lambda path, y: _entry(other, 0) * (_entry(path.upstream, 0) * count)


def _own_activation(ground: Ground, right: Backward, node: Node) -> Node | None:
    """The activation that the product `node` ends in."""
    seen, current = 0, node
    while seen < 4:
        users = ground.users.get(current, [])
        step = next((u for u in users if u.op in ACTIVATIONS), None) or next((u for u in users if u.op == "add"), None)
        if step is None:
            return None
        if step.op in ACTIVATIONS:
            return right.alias.get(step, step)
        current, seen = step, seen + 1
    return None


def _entry(node: Node, i: int) -> Node:
    return node.graph.make("index", node, attrs=((i,),)) if node.shape else node


def _averaged(right: Backward, examples: int) -> int:
    """How much larger one example's gradient is when the loss was no mean."""
    means = [n for n in ordered([right.loss]) if n.op == "mean"]
    return examples if means else 1


def _through_weight(ground: Ground, right: Backward, node: Node, i: int) -> Iterator[tuple[str, int | None, Wrong]]:
    """The error going back through a parameter to the layer before."""
    weight, arg = node.args[1 - i], node.args[i]
    if arg not in ground.learned and plain(arg).op == "given":
        return
    again = len([u for u in ground.users.get(plain(weight), ()) if u.op == node.op]) > 1

    def none(path: Contribution, y: Node) -> Node | None:
        if node.op == "mul" or len(weight.shape) == 1:
            return path.upstream
        return path.upstream.graph.make("sum", path.upstream, attrs=((len(path.upstream.shape) - 1,), True))

    if not again:
        yield "H02", i, none
    if node.op != "matmul":
        return
    if len(weight.shape) == 2 and weight.shape[0] == weight.shape[1]:
        args = (weight.T, arg) if i == 1 else (arg, weight.T)
        yield "H04", i, lambda path, y: _vjp(node, path.upstream, i, args=args)
    if len(weight.shape) == 2 and i == 1 and len(arg.shape) == 1:
        yield "H05", i, lambda path, y: _row(weight, 0) * _entry(path.upstream, 0)
        yield "H06", i, lambda path, y: _paths_multiplied(weight, path.upstream)
    raw = _raw_error(right, node)
    if raw is not None:
        yield "H07", i, lambda path, y: _vjp(node, raw, i)


def _row(weight: Node, i: int) -> Node:
    return weight.graph.make("index", weight, attrs=((i,),))


def _paths_multiplied(weight: Node, upstream: Node) -> Node | None:
    if weight.shape[0] > 8 or not upstream.shape:
        return None
    made = _row(weight, 0) * _entry(upstream, 0)
    for j in range(1, weight.shape[0]):
        made = made * (_row(weight, j) * _entry(upstream, j))
    return made


def _raw_error(right: Backward, node: Node) -> Node | None:
    """What reached the activation behind the product, before its derivative."""
    current = node
    for _ in range(6):
        paths = right.contributions.get(right.alias.get(current, current)) or right.contributions.get(current)
        if not paths or len(paths) != 1:
            return None
        path = paths[0]
        if path.consumer.op in ACTIVATIONS:
            return path.upstream if path.upstream.shape == node.shape else None
        if path.consumer.op not in {"add", "named"}:
            return None
        current = path.consumer
    return None


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
        return _vjp(node, path.upstream, path.argument, args=args)

    yield from _rerun(right, "H01", fault=fault)


# Powers, convolutions, sums of paths, the loss itself.


def _power(ground: Ground, node: Node) -> Iterator[tuple[str, int | None, Wrong]]:
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


def _conv(node: Node) -> Iterator[tuple[str, int | None, Wrong]]:
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
        return _vjp(node, path.upstream, path.argument, args=args)

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
