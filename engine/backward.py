"""Gradients as graphs: reverse mode that makes nodes. Imports the graph and the table.

Every gradient of a named value or a given becomes a named node, `dL/dz`, so that it can be shown, evaluated, replaced,
mutated and differentiated again. A mere constant on the way is not worth a name.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from engine.arrays import summed_to, total
from engine.graph import Node, constant, is_zero, ordered
from engine.operations import ACTIVATIONS, OPERATIONS


@dataclass(frozen=True)
class Contribution:
    """One path by which a gradient reaches a node.

    Attributes:
        consumer: The operation that used the node.
        argument: As which of its arguments.
        upstream: What reached the consumer.
        node: What it passes on.
    """

    consumer: Node
    argument: int
    upstream: Node
    node: Node


Pass = Callable[["Backward", Contribution], Node | None]
"""A fault in one operation's backward rule: another node to pass on, or None to leave it right."""
Gather = Callable[["Backward", Node, Sequence[Contribution]], Node | None]
"""A fault in adding up what reaches a node."""


@dataclass
class Backward:
    """One reverse pass from a scalar.

    Attributes:
        loss: What is differentiated.
        prefix: Its name, for the names of the gradients.
        normalised: Targets known to sum to 1, so that softmax with cross-entropy gives p - t.
        seed: The gradient of the loss with respect to itself; not 1 only in a mistake.
        fault: How one operation passes its gradient on wrongly.
        gathering: How contributions are added up wrongly.
        fused: Whether sigmoid + bce and softmax + cross_entropy are differentiated in one step.
        adjoint: For every node on the way, the gradient of the loss with respect to it.
        contributions: For every node, the paths that reached it, in the order of going back.
    """

    loss: Node
    prefix: str
    normalised: frozenset[str] = frozenset()
    seed: Node | None = None
    fault: Pass | None = None
    gathering: Gather | None = None
    fused: bool = True
    adjoint: dict[Node, Node] = field(default_factory=dict)
    contributions: dict[Node, list[Contribution]] = field(default_factory=dict)
    alias: dict[Node, Node] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Run the pass."""
        order = ordered([self.loss])
        for node in order:
            if node.op == "named":
                self.alias.setdefault(node.args[0], node)
        self.adjoint[self.loss] = self.seed or self.loss.graph.const(1)
        for node in reversed(order):
            if node is not self.loss:
                self._gather(node)
            if node in self.adjoint and node.args:
                self._pass(node)
        for node in order:
            if node.op == "given" and node not in self.adjoint:
                zero = node.graph.fill(0.0, node.shape)
                self.adjoint[node] = node.graph.named(self.step_name(node), zero)

    def of(self, node: Node) -> Node:
        """The gradient with respect to a node, zeros where the loss does not depend on it."""
        found = self.adjoint.get(node)
        return found if found is not None else node.graph.fill(0.0, node.shape)

    def step_name(self, node: Node) -> str:
        """The name of the gradient with respect to a node; empty where it gets none."""
        if node.name:
            return f"d{self.prefix}/d{node.name}"
        return ""

    def _gather(self, node: Node) -> None:
        paths = self.contributions.get(node)
        if not paths or node.op in {"const", "fill"}:
            return
        made = self.gathering(self, node, paths) if self.gathering else None
        if made is None:
            made = total([p.node for p in reversed(paths)])  # in the order of the program
        name = self.step_name(node) or self._delta_name(node, paths)
        if name and (node.op == "given" or (constant(made) is None and made.op != "fill")):
            made = node.graph.named(name, made)
        self.adjoint[node] = made

    def _delta_name(self, node: Node, paths: Sequence[Contribution]) -> str:
        """An unnamed pre-activation still has a δ, called after its activation."""
        consumer = paths[0].consumer
        if len(paths) != 1 or consumer.op not in ACTIVATIONS or not node.args or paths[0].argument:
            return ""
        out = self.alias.get(consumer)
        return f"delta_{out.name}" if out is not None else ""

    def _pass(self, node: Node) -> None:
        rule = OPERATIONS[node.op].vjp
        if rule is None:
            return
        upstream = self.adjoint[node]
        shown = self.alias.get(node, node)
        parts = self._fused_parts(node, shown) or rule(upstream, shown, node)
        for i, (arg, part) in enumerate(zip(node.args, parts, strict=True)):
            if part is None:
                continue
            part = summed_to(part, arg.shape)  # noqa: PLW2901 - what broadcasting repeated is added up
            path = Contribution(node, i, upstream, part)
            if self.fault is not None:
                wrong = self.fault(self, path)
                if wrong is not None:
                    path = Contribution(node, i, upstream, summed_to(wrong, arg.shape))
            if not is_zero(path.node):
                self.contributions.setdefault(arg, []).append(path)

    def fused_with(self, node: Node) -> Contribution | None:
        """The cross-entropy that alone uses this activation, where the pair has the short derivative."""
        wanted = {"sigmoid": "bce", "softmax": "cross_entropy"}.get(node.op)
        if wanted is None or not self.fused:
            return None
        paths = self.contributions.get(self.alias.get(node, node), [])
        if len(paths) != 1 or paths[0].consumer.op != wanted or paths[0].argument != 0:
            return None
        consumer = paths[0].consumer
        if node.op == "softmax" and (
            node.attrs[0] not in {-1, len(node.shape) - 1} or consumer.args[1].shape != node.shape
        ):
            return None
        return paths[0] if node.op == "softmax" or consumer.args[1].shape in {(), node.shape} else None

    def _fused_parts(self, node: Node, shown: Node) -> list[Node] | None:
        path = self.fused_with(node)
        if path is None:
            return None
        target, upstream = path.consumer.args[1], path.upstream
        if node.op == "softmax":
            axis = len(node.shape) - 1
            if upstream.shape:
                upstream = upstream.graph.make("reshape", upstream, attrs=((*upstream.shape, 1),))
            mass = target.graph.make("sum", target, attrs=((axis,), axis > 0))
            if target.name in self.normalised:
                return [upstream * (shown - target)]
            return [upstream * (shown * mass - target)]
        return [upstream * (shown - target)]
