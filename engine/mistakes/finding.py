"""Every fault that a program offers, sought once, laid out to be evaluated at once. Imports the graph and the rules."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from engine.evaluate import MAX_TOTAL
from engine.graph import Node, ordered, substitute
from engine.mistakes.backward import backward_faults
from engine.mistakes.fault import Fault, Ground
from engine.mistakes.forward import forward_faults
from engine.mistakes.rounding import rounded_steps
from engine.mistakes.runs import Run, run
from engine.mistakes.update import twisted, variants
from engine.often import Often
from engine.rules import Moves

if TYPE_CHECKING:
    from engine.solving import Work

Row: TypeAlias = tuple[str, str, str, Node]
"""What one fault gives at one step: id, site, step, node."""

MAX_SOUGHT = 250
"""Operations on the way forward up to which mistakes are sought at every one; beyond, only those of the update are."""
MAX_ANSWER = 1_000
"""Entries of a step whose wrong values are listed: nobody types more. Programs too large to repeat for every mistake
(a quarter of `evaluate.MAX_TOTAL` numbers) have none listed."""


@dataclass(frozen=True)
class Found:
    """All faults of one layout, laid out to be evaluated at once.

    Attributes:
        rows: (id, site, step, node), one for every step a fault reaches.
        numbers: Computes all of them.
        steps: The steps that the rows are about, and how many numbers each has.
        places: For every number of the rows, its place among the right numbers of `steps`.
        fitting: For every row, whether it has as many numbers as its step.
        runs: Every fault that reaches the update, for runs of several updates.
    """

    rows: tuple[Row, ...]
    numbers: Often
    steps: Mapping[str, int]
    places: NDArray[np.intp]
    fitting: NDArray[np.bool_]
    runs: tuple[Run, ...]


def found(layout: Work, only: frozenset[str] | None = None) -> Found:
    """The faults of a layout, sought once; those that reach some steps (all by default)."""
    key = ("mistakes", id(layout), only)
    cache = layout.prepared.cache
    if key not in cache:
        cache[key] = _seek(layout) if only is None else _reaching(found(layout), layout, only)
    made: Found = cache[key]
    return made


def _reaching(all_: Found, layout: Work, only: frozenset[str]) -> Found:
    return _laid_out(layout, tuple(r for r in all_.rows if r[2] in only), all_.runs)


def _laid_out(layout: Work, rows: tuple[Row, ...], runs: tuple[Run, ...]) -> Found:
    sizes = {name: math.prod(layout.steps[name].shape) for name in dict.fromkeys(row[2] for row in rows)}
    first = dict(zip(sizes, itertools.accumulate(sizes.values(), initial=0), strict=False))
    places: list[int] = []
    fitting = []
    for _, _, step, node in rows:
        size = math.prod(node.shape)
        fitting.append(size == sizes[step])
        places += range(first[step], first[step] + size) if fitting[-1] else [0] * size
    numbers = Often(layout.prepared, [row[3] for row in rows])
    return Found(rows, numbers, sizes, np.array(places, dtype=np.intp), np.array(fitting, dtype=bool), runs)


def _seek(layout: Work) -> Found:
    ground = Ground(layout)
    prepared = layout.prepared
    small = len(ordered(prepared.names[n] for n in prepared.defined)) <= MAX_SOUGHT
    faults = [*forward_faults(ground), *backward_faults(ground), *rounded_steps(ground)] if small else []
    runs = [run(layout, f) for f in faults if not f.steps] if layout.moves is not None else []
    for id_, update, twist, only in variants(ground):
        wrong = twisted(ground, update, twist, only)
        fault = Fault(id_, _moved(layout, wrong))
        faults.append(fault)
        runs.append(run(layout, fault, wrong))
    rows: dict[tuple[str, str, Node], Row] = {}
    for fault in faults:
        for row in _rows(layout, fault):
            if math.prod(row[3].shape) <= MAX_ANSWER:
                rows.setdefault((row[0], row[2], row[3]), row)
    work = sum(math.prod(n.shape) for n in ordered(r[3] for r in rows.values()))
    if work > MAX_TOTAL // 4:
        rows, runs = {}, []
    return _laid_out(layout, tuple(rows.values()), tuple(runs))


def _moved(layout: Work, wrong: Moves) -> dict[Node, Node]:
    assert layout.moves is not None
    theirs = {n.name: n for n in wrong.named}
    changes = {node: theirs[node.name] for node in layout.moves.named if node.name in theirs}
    changes |= {node: wrong.new[n] for n, node in layout.moves.new.items()}
    changes |= {node: wrong.delta[n] for n, node in layout.moves.delta.items()}
    return {a: b for a, b in changes.items() if a is not b}


def _rows(layout: Work, fault: Fault) -> list[Row]:
    steps: dict[str, Node]
    if fault.steps:
        steps = dict(fault.steps)
    else:
        became = substitute(layout.steps.values(), fault.changes)
        steps = {n: became[node] for n, node in layout.steps.items() if became.get(node, node) is not node}
    site = next((n for n in layout.steps if n in steps), "")
    return [(fault.id, site, name, node) for name, node in steps.items()]
