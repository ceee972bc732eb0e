"""Faults kept up over several updates: each goes on from the wrong parameters that it has made itself.

Imports the graph and the evaluation.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.evaluate import Value, finite, same
from engine.graph import Node, substitute
from engine.mistakes.catalogue import CATALOGUE
from engine.mistakes.fault import Fault
from engine.often import WORTH, Often
from engine.prepared import Prepared
from engine.rules import Moves
from engine.solution import Mistaken

if TYPE_CHECKING:
    from engine.solving import Work


@dataclass(frozen=True)
class Run:
    """A fault kept up over several updates.

    Attributes:
        id: As in the catalogue.
        steps: Step name → node.
        carried: Leaf → node of its next value.
    """

    id: str
    steps: Mapping[str, Node]
    carried: Mapping[str, Node]


def run(layout: Work, fault: Fault, wrong: Moves | None = None) -> Run:
    """A fault's steps and next values of parameters and state; `wrong` are those of a rule carried out wrongly."""
    moves = layout.moves
    assert moves is not None
    roots = [*layout.steps.values(), *moves.new.values(), *(n for s in moves.state.values() for n in s.values())]
    became = substitute(roots, fault.changes)
    new = wrong.new if wrong else {n: became.get(node, node) for n, node in moves.new.items()}
    carried = dict(new)
    for (name, part), leaf in moves.leaves.items():
        right = moves.state[name][part]
        carried[leaf] = wrong.state[name].get(part, right) if wrong else became.get(right, right)
    return Run(fault.id, {n: became.get(node, node) for n, node in layout.steps.items()}, carried)


class _Trails:
    """The faults of a layout that change a parameter, made ready for the steps that are looked at.

    Args:
        prepared: Whose nodes they are.
        runs: The faults.
        wanted: For every update the names of the steps that are looked at.
    """

    def __init__(self, prepared: Prepared, runs: Sequence[Run], wanted: Sequence[tuple[str, ...]]) -> None:
        self.runs, self.wanted = runs, wanted
        self.last = max((i for i, names in enumerate(wanted) if i and names), default=0)
        self._prepared = prepared
        self._first = Often(prepared, [node for r in runs for node in r.carried.values()], WORTH)
        self._later: dict[tuple[Node, ...], Often] = {}

    def start(self, leaves: Mapping[str, Value]) -> list[dict[str, Value]]:
        """What every fault makes of parameters and state in the first update, where all have the same numbers."""
        flat, places = self._first(leaves), itertools.count()
        return [{leaf: self._first.cut(flat, next(places)) for leaf in r.carried} for r in self.runs]

    def go_on(self, k: int, i: int, leaves: Mapping[str, Value]) -> tuple[list[Value], dict[str, Value]]:
        """The wanted steps of fault k in a later update, and what it carries on; nothing from the last update."""
        one = self.runs[k]
        carried = {} if i == self.last else one.carried
        nodes = (*(one.steps[name] for name in self.wanted[i]), *carried.values())  # often the same for many faults
        often = self._later.get(nodes)
        if often is None:
            often = self._later[nodes] = Often(self._prepared, nodes, WORTH)
        flat = often(leaves)
        values = [often.cut(flat, j) for j in range(len(often.roots))]
        count = len(self.wanted[i])
        return values[:count], dict(zip(carried, values[count:], strict=True))


def _trails(layout: Work, runs: Sequence[Run], wanted: Sequence[tuple[str, ...]]) -> _Trails:
    cache, key = layout.prepared.cache, ("trails", id(layout), tuple(wanted))
    if key not in cache:
        moves = layout.moves
        assert moves is not None
        moving = [r for r in runs if any(r.carried[n] is not node for n, node in moves.new.items())]
        cache[key] = _Trails(layout.prepared, moving, wanted)
    made: _Trails = cache[key]
    return made


def kept_up(
    layout: Work,
    runs: Sequence[Run],
    worked: Sequence[tuple[str, Mapping[str, Value], Mapping[Node, Value]]],
    results: Mapping[str, Value],
    only: frozenset[str] | None,
) -> Iterator[Mistaken]:
    """Every fault kept up over all updates, and the first change repeated; arguments as of `engine.mistakes.ways.Ways`.

    The first update's own values are not among them.
    """
    moves = layout.moves
    assert moves is not None
    wanted = [tuple(n for n in layout.steps if only is None or n + suffix in only) for suffix, _, _ in worked]
    trails = _trails(layout, runs, wanted)
    for k, carried in enumerate(trails.start(worked[0][1]) if trails.last else ()):
        for i in range(1, trails.last + 1):
            suffix, leaves, _ = worked[i]
            values, carried = trails.go_on(k, i, {**leaves, **carried})  # noqa: PLW2901 - what it goes on from
            for name, value in zip(wanted[i], values, strict=True):
                yield from _other(trails.runs[k].id, name, suffix, value, results)
    first = worked[0][1]
    for name in moves.new:
        change = results[f"{name}'"] - first[name]
        for i, (suffix, _, _) in enumerate(worked[1:], 2):
            if f"{name}'" in wanted[i - 1]:
                yield from _other("O14", f"{name}'", suffix, first[name] + i * change, results)


def _other(id_: str, step: str, suffix: str, value: Value, results: Mapping[str, Value]) -> Iterator[Mistaken]:
    if finite(value) and not same(value, results[step + suffix]):
        yield Mistaken(id_, step, step + suffix, value, CATALOGUE[id_])
