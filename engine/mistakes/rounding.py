"""P01: every intermediate value rounded before it is used. Imports the graph."""

from __future__ import annotations

from collections.abc import Iterator

from engine.graph import Node, ordered, rebuilt
from engine.mistakes.fault import Fault, Ground

DIGITS = 2


def rounded_steps(ground: Ground) -> Iterator[Fault]:
    """The whole calculation with every named value but the asked one carried with two digits."""
    became: dict[Node, Node] = {}
    roots = list(ground.layout.steps.values())
    exact: dict[Node, Node] = {}
    for node in ordered(roots):
        args = tuple(became.get(a, a) for a in node.args)
        made = rebuilt(node, args) if args != node.args else node
        exact[node] = made
        if node.op == "named":
            became[node] = node.graph.make("round", made, attrs=(DIGITS,))
        elif made is not node:
            became[node] = made
    steps = {name: exact[node] for name, node in ground.layout.steps.items() if exact[node] is not node}
    if steps:
        yield Fault("P01", steps=steps)
