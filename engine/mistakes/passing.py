"""How a fault in one operation's backward rule is written. Imports the reverse pass."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from engine.backward import Contribution
from engine.graph import Node
from engine.operations import OPERATIONS

Wrong = Callable[[Contribution, Node], Node | None]
"""(path, the operation's value under its name) → what is passed on."""
Faults = Iterator[tuple[str, int | None, Wrong]]
"""(id, the argument it concerns or None for all, what is passed on)."""


def passed_on(
    node: Node, upstream: Node, argument: int, *, args: Sequence[Node] | None = None, out: Node | None = None
) -> Node | None:
    """What the operation would pass on with other arguments or another value; None where shapes do not allow it."""
    changed = node if args is None else node.graph.make(node.op, *args, attrs=node.attrs)
    rule = OPERATIONS[node.op].vjp
    assert rule is not None
    parts = rule(upstream, out if out is not None else changed, changed)
    return parts[argument]
