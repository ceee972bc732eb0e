"""Mistakes at a product on the way back: weights, and what they are multiplied by. Imports the reverse pass."""

from __future__ import annotations

from engine.backward import Backward, Contribution
from engine.graph import Node, ordered, plain
from engine.mistakes.fault import Ground
from engine.mistakes.passing import Faults, Wrong, passed_on
from engine.operations import ACTIVATIONS


def factor_faults(ground: Ground, right: Backward, node: Node, i: int) -> Faults:
    """What a product may pass on wrongly to its argument `i`."""
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


def _to_weight(ground: Ground, right: Backward, node: Node, i: int) -> Faults:
    """The gradient of a parameter: upstream times what it multiplied."""
    graph, arg, other = node.graph, node.args[i], node.args[1 - i]

    def with_input(wrong: Node) -> Wrong:
        args = (arg, wrong) if i == 0 else (wrong, arg)
        return lambda path, y: passed_on(node, path.upstream, i, args=args)

    yield "D06", i, with_input(graph.fill(1.0, other.shape))
    yield "T07", i, lambda path, y: passed_on(node, graph.fill(1.0, node.shape), i)
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
        yield "H12", i, lambda path, y: path.node.T
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


def _through_weight(ground: Ground, right: Backward, node: Node, i: int) -> Faults:
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
        yield "H04", i, lambda path, y: passed_on(node, path.upstream, i, args=args)
    if len(weight.shape) == 2 and i == 1 and len(arg.shape) == 1:
        yield "H05", i, lambda path, y: _row(weight, 0) * _entry(path.upstream, 0)
        yield "H06", i, lambda path, y: _paths_multiplied(weight, path.upstream)
    raw = _raw_error(right, node)
    if raw is not None:
        yield "H07", i, lambda path, y: passed_on(node, raw, i)


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
