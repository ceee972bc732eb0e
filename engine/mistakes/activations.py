"""Mistakes at an activation on the way back: its derivative forgotten, taken elsewhere, or another function's.

Imports the reverse pass.
"""

from __future__ import annotations

from engine.backward import Backward
from engine.graph import Node, ordered, plain
from engine.mistakes.fault import Ground
from engine.mistakes.passing import Faults, passed_on
from engine.operations import ACTIVATIONS


def activation_faults(ground: Ground, right: Backward, node: Node) -> Faults:
    """What an elementwise activation may pass on wrongly."""
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
        yield "L05", 0, lambda path, y: passed_on(node, path.upstream, 0, args=(y,))
        yield "L06", 0, lambda path, y: path.upstream * y
        yield "L07", 0, lambda path, y: path.upstream * (y * (1 + y))
        yield "L09", 0, lambda path, y: path.upstream * (1 - y**2)
    if node.op == "tanh":
        yield "H09" if hidden else "L04", 0, lambda path, y: path.upstream * (1 - z**2)
        yield "L05", 0, lambda path, y: passed_on(node, path.upstream, 0, args=(y,))
        yield "K01", 0, lambda path, y: path.upstream * (y * (1 - y))
    last = _output_unit(ground, node)
    if hidden and last is not None and last.op == node.op and node.op in {"sigmoid", "tanh"}:
        shown = right.alias.get(last, last)
        if shown.shape in {node.shape, ()}:
            yield "H08", 0, lambda path, y: passed_on(node, path.upstream, 0, out=shown)


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


def softmax_faults(right: Backward, node: Node) -> Faults:
    """What softmax may pass on wrongly, alone or with the cross-entropy."""
    if right.fused_with(node) is None:
        yield "A02", 0, lambda path, y: path.upstream * (y * (1 - y))
        return
    target, scale = _fused_target(right, node), _fused_scale(right, node)
    yield "S01", 0, lambda path, y: -path.node
    yield "S02", 0, lambda path, y: scale * y
    yield "S03", 0, lambda path, y: -(scale * (target * (1 - y)))
