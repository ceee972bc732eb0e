"""An array's formula taken apart into the scalar formulas of its entries. Imports numpy and the operation table.

The trick: NumPy computes with arrays of nodes as well as with arrays of numbers, so the same functions that evaluate
an operation write out what each entry is made of.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from engine.graph import Node, ordered
from engine.operations import OPERATIONS

Entries = Any
"""A node, or an object array of scalar nodes."""


def entries_of(node: Node) -> Entries:
    """The entries of a value that is shown as a whole, as `x[i]` nodes."""
    if node.shape == ():
        return node
    out = np.empty(node.shape, dtype=object)
    for at in np.ndindex(node.shape):
        out[at] = node.graph.make("index", node, attrs=(at,))
    return out


def expand(root: Node, leaf: Callable[[Node], bool]) -> Entries | None:
    """Scalar nodes for every entry of `root`; None where the entries depend on the numbers (as in max pooling).

    Args:
        root: What is taken apart.
        leaf: Which nodes are left whole.
    """
    made = expand_all([root], lambda n: entries_of(n) if n.op == "given" or leaf(n) else None)
    return None if made is None else made[root]


def expand_all(roots: Iterable[Node], whole: Callable[[Node], Entries | None]) -> dict[Node, Entries] | None:
    """Scalar nodes for every value below some roots.

    Args:
        roots: What is taken apart.
        whole: The entries of a node that is not entered; None for one that is.
    """
    values: dict[Node, Entries] = {}
    kept: dict[Node, Entries] = {}

    def stop(node: Node) -> bool:
        entries = whole(node)
        if entries is not None:
            kept[node] = entries
        return entries is not None

    for node in ordered(roots, stop=stop):
        if node in kept:
            values[node] = kept[node]
        elif node.op == "const":
            values[node] = node
        elif node.op == "fill":
            values[node] = np.full(node.shape, node.graph.const(node.attrs[0]), dtype=object)
        elif node.op == "named":
            values[node] = values[node.args[0]]
        else:
            rule = OPERATIONS[node.op].expand
            if rule is None:
                return None
            values[node] = rule(*(values[a] for a in node.args), *node.attrs)
    return values
