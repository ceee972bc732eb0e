"""What a fault is to the graph: some nodes replaced. Imports the graph."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from engine.backward import Backward
from engine.graph import Node, ordered, plain

if TYPE_CHECKING:
    from engine.solving import Work


@dataclass(frozen=True)
class Fault:
    """One mistake at one place.

    Attributes:
        id: As in the catalogue.
        changes: Node → what the mistake makes of it.
        steps: Step name → node, where a fault does not act by replacing nodes.
    """

    id: str
    changes: Mapping[Node, Node] = field(default_factory=dict)
    steps: Mapping[str, Node] = field(default_factory=dict)


@dataclass(frozen=True)
class Ground:
    """What the finders of faults look at, for one layout of work."""

    layout: Work

    @property
    def backward(self) -> Backward | None:
        """The right reverse pass."""
        return self.layout.prepared.backward() if self.layout.prepared.loss is not None else None

    @cached_property
    def weights(self) -> frozenset[Node]:
        """The parameters: what is updated; without an update, the givens that are named like weights."""
        prepared, update = self.layout.prepared, self.layout.update
        if update is not None:
            return frozenset(prepared.givens[n] for n in update.of)
        return frozenset(n for name, n in prepared.givens.items() if name[:1] in "wWvVuUkK")

    @cached_property
    def learned(self) -> frozenset[Node]:
        """Every forward node that depends on a parameter."""
        prepared = self.layout.prepared
        found: set[Node] = set(self.weights)
        for node in ordered([prepared.names[n] for n in prepared.defined]):
            if any(a in found for a in node.args):
                found.add(node)
        return frozenset(found)

    @cached_property
    def users(self) -> Mapping[Node, list[Node]]:
        """Forward node → the operations that use it (through names)."""
        prepared = self.layout.prepared
        found: dict[Node, list[Node]] = {}
        for node in ordered([prepared.names[n] for n in prepared.defined]):
            if node.op != "named":
                for arg in node.args:
                    found.setdefault(plain(arg), []).append(node)
        return found

    def is_weight(self, node: Node) -> bool:
        """Whether a node is a parameter itself, transposed or not."""
        inner = plain(node)
        return inner in self.weights or (inner.op in {"transpose", "index"} and plain(inner.args[0]) in self.weights)

    def named_values(self) -> Iterable[Node]:
        """The program's named nodes, in order."""
        prepared = self.layout.prepared
        return (prepared.names[n] for n in prepared.defined)
