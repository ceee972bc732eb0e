"""Cycles among prerequisites. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence


def cycles(edges: Mapping[str, Sequence[str]]) -> list[tuple[str, ...]]:
    """One cycle for each way back that a depth-first walk meets; none when the graph has none.

    `edges` maps a node to the nodes it requires. The walk keeps its own stack, so that a chain of any length will do.
    """
    found: list[tuple[str, ...]] = []
    done: set[str] = set()
    for start in edges:
        if start in done:
            continue
        path = [start]
        on_path = {start: 0}
        walk = [iter(edges[start])]
        while walk:
            following = next(walk[-1], None)
            if following is None:
                walk.pop()
                node = path.pop()
                del on_path[node]
                done.add(node)
            elif following in on_path:
                found.append(tuple(path[on_path[following] :]))
            elif following not in done and following in edges:
                on_path[following] = len(path)
                path.append(following)
                walk.append(iter(edges[following]))
    return found
