"""Named wrong ways: what a learner did, as the same graph with one fault in it. Imports the engine's graph and rules.

The faults of a program are found once (`found`) and evaluated together for each set of numbers (`evaluate`). A mistake
that changes nothing at a step is not listed there; two that give the same number are both listed, for the reader of an
answer to name both.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from engine.compiled import Compiled, compile_scalars
from engine.evaluate import MAX_TOTAL, Plan, Value, finite, same
from engine.graph import Node, Shape, ordered, substitute
from engine.mistakes.backward import backward_faults
from engine.mistakes.catalogue import CATALOGUE, Wording
from engine.mistakes.fault import Fault, Ground
from engine.mistakes.forward import forward_faults
from engine.mistakes.rounding import rounded_steps
from engine.mistakes.update import twisted, variants
from engine.prepared import Prepared
from engine.rules import Moves
from engine.solution import Mistaken

if TYPE_CHECKING:
    from engine.solving import Work

NEAR = frozenset({"P01"})
"""Mistakes that lie near the truth by nature; a variant need not keep them apart from it."""
MAX_SOUGHT = 250
"""Operations on the way forward up to which mistakes are sought at every one; beyond, only those of the update are."""
MAX_ANSWER = 1_000
"""Entries of a step whose wrong values are listed: nobody types more. Programs too large to repeat for every mistake
(a quarter of `evaluate.MAX_TOTAL` numbers) have none listed."""


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


@dataclass(frozen=True)
class Found:
    """All faults of one layout, laid out to be evaluated at once.

    Attributes:
        prepared: Whose faults they are.
        rows: (id, site, step, node), one for every step a fault reaches.
        shapes: The shape of every row's value.
        plan: Computes all of them.
        moves: Every fault that reaches the update, for runs of several updates.
    """

    prepared: Prepared
    rows: tuple[tuple[str, str, str, Node], ...]
    shapes: tuple[Shape, ...]
    plan: Plan
    moves: tuple[Run, ...]
    _uses: list[Compiled | None] = field(default_factory=list)

    def fast(self, leaves: Mapping[str, Value]) -> list[list[float]] | None:
        """Every row's numbers by the compiled function, made at the second use; None where it cannot be used."""
        if len(self._uses) < 2:
            self._uses.append(None)
            if len(self._uses) < 2:
                return None
            varying = [(name, np.shape(value)) for name, value in leaves.items()]
            roots = {str(i): row[3] for i, row in enumerate(self.rows)}
            self._uses[1] = compile_scalars(self.prepared, roots, varying)
        compiled = self._uses[1]
        if compiled is None:
            return None
        try:
            flat = compiled.function(*compiled.pack(leaves))
        except (ZeroDivisionError, OverflowError, ValueError):
            return None
        rows, at = [], 0
        for shape in self.shapes:
            size = math.prod(shape)
            rows.append([float(v) for v in flat[at : at + size]])
            at += size
        return rows


def found(layout: Work, only: frozenset[str] | None = None) -> Found:
    """The faults of a layout, sought once; those that reach some steps (all by default)."""
    key = ("mistakes", id(layout), only)
    cache = layout.prepared.cache
    if key not in cache:
        cache[key] = _seek(layout) if only is None else _reaching(found(layout), only)
    made: Found = cache[key]
    return made


def _reaching(all_: Found, only: frozenset[str]) -> Found:
    rows = tuple(r for r in all_.rows if r[2] in only)
    runs = tuple(replace(r, steps={n: node for n, node in r.steps.items() if n in only}) for r in all_.moves)
    return Found(all_.prepared, rows, tuple(r[3].shape for r in rows), Plan(dict.fromkeys(r[3] for r in rows)), runs)


def _seek(layout: Work) -> Found:
    ground = Ground(layout)
    prepared = layout.prepared
    small = len(ordered(prepared.names[n] for n in prepared.defined)) <= MAX_SOUGHT
    faults = [*forward_faults(ground), *backward_faults(ground), *rounded_steps(ground)] if small else []
    runs = [_run(layout, f) for f in faults if not f.steps] if layout.moves is not None else []
    for id_, update, twist, only in variants(ground):
        wrong = twisted(ground, update, twist, only)
        fault = Fault(id_, _moved(layout, wrong))
        faults.append(fault)
        runs.append(_run(layout, fault, wrong))
    rows: dict[tuple[str, str, Node], tuple[str, str, str, Node]] = {}
    for fault in faults:
        for row in _rows(layout, fault):
            if math.prod(row[3].shape) <= MAX_ANSWER:
                rows.setdefault((row[0], row[2], row[3]), row)
    work = sum(math.prod(n.shape) for n in ordered(r[3] for r in rows.values()))
    if work > MAX_TOTAL // 4:
        rows, runs = {}, []
    plan = Plan(dict.fromkeys(r[3] for r in rows.values()))
    return Found(layout.prepared, tuple(rows.values()), tuple(r[3].shape for r in rows.values()), plan, tuple(runs))


def _run(layout: Work, fault: Fault, wrong: Moves | None = None) -> Run:
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


def _moved(layout: Work, wrong: Moves) -> dict[Node, Node]:
    assert layout.moves is not None
    theirs = {n.name: n for n in wrong.named}
    changes = {node: theirs[node.name] for node in layout.moves.named if node.name in theirs}
    changes |= {node: wrong.new[n] for n, node in layout.moves.new.items()}
    changes |= {node: wrong.delta[n] for n, node in layout.moves.delta.items()}
    return {a: b for a, b in changes.items() if a is not b}


def _rows(layout: Work, fault: Fault) -> list[tuple[str, str, str, Node]]:
    steps: dict[str, Node]
    if fault.steps:
        steps = dict(fault.steps)
    else:
        became = substitute(layout.steps.values(), fault.changes)
        steps = {n: became[node] for n, node in layout.steps.items() if became.get(node, node) is not node}
    site = next((n for n in layout.steps if n in steps), "")
    return [(fault.id, site, name, node) for name, node in steps.items()]


def evaluate(  # noqa: PLR0917
    layout: Work,
    worked: Sequence[tuple[str, dict[str, Value], Work]],
    results: Mapping[str, Value],
    fixed: Mapping[int, Mapping[Node, Value]],
    count: int,
    only: frozenset[str] | None = None,
) -> tuple[Mistaken, ...]:
    """Every mistake's value at every step it changes.

    Args:
        layout: The right calculation.
        worked: For each update whose steps are shown: its suffix, its leaves, the layout.
        results: The right value of every step.
        fixed: For each of them, values a learner found earlier.
        count: How many updates there are.
        only: The steps that matter, as `w'` or `w'#2`; None for all.
    """
    all_ = found(layout, None if only is None else frozenset(name.partition("#")[0] for name in only))
    made: list[Mistaken] = []
    for i, (suffix, leaves, _) in enumerate(worked):
        rights = {name: _flat(results[name + suffix]) for name in layout.steps}
        for (id_, site, step, _), numbers, shape in zip(
            all_.rows, _values(all_, leaves, fixed.get(i) or {}), all_.shapes, strict=True
        ):
            if not _agree(numbers, rights[step]) and all(map(math.isfinite, numbers)):
                value: Value = np.array(numbers).reshape(shape) if shape else numbers[0]
                made.append(_mistaken(id_, site + suffix, step + suffix, value))
    if count > 1 and len(worked) == count:
        made += _trajectories(layout, all_, worked, results)
    return tuple(made) if only is None else tuple(m for m in made if m.step in only)


def _values(all_: Found, leaves: Mapping[str, Value], overrides: Mapping[Node, Value]) -> list[list[float]]:
    """The numbers of every row, in one list each."""
    if not overrides and (fast := all_.fast(leaves)) is not None:
        return fast
    by_name = {n.name: v for n, v in overrides.items() if n.name}
    pinned = {n: by_name[n.name] for n in all_.plan.order if n.op == "named" and n.name in by_name} if by_name else {}
    values = all_.plan.run(leaves, {**overrides, **pinned})
    return [_flat(values[all_.plan.slots[row[3]]]) for row in all_.rows]


def _flat(value: Value) -> list[float]:
    return [float(value)] if np.shape(value) == () else np.ravel(value).tolist()


def _agree(a: Sequence[float], b: Sequence[float]) -> bool:
    """As `engine.evaluate.same`, on lists: this runs some hundred times for every variant."""
    return len(a) == len(b) and all(
        x == y or abs(x - y) <= 1e-9 * max(abs(x), abs(y), 1e-12) for x, y in zip(a, b, strict=True)
    )


def _mistaken(id_: str, site: str, step: str, value: Value) -> Mistaken:
    wording = CATALOGUE[id_]
    return Mistaken(id_, wording.name, site, step, value, wording.sentence, wording.question)


def _add(made: list[Mistaken], id_: str, site: str, step: str, value: Value, right: Value) -> None:  # noqa: PLR0917
    if finite(value) and not same(value, right):
        made.append(_mistaken(id_, site, step, value))


def _trajectories(
    layout: Work, all_: Found, worked: Sequence[tuple[str, dict[str, Value], Work]], results: Mapping[str, Value]
) -> list[Mistaken]:
    """Every fault kept up over all updates, and the first change repeated."""
    made: list[Mistaken] = []
    moves = layout.moves
    assert moves is not None
    for run in all_.moves:
        if all(run.carried[n] is node for n, node in moves.new.items()):
            continue
        plan = layout.prepared.plan(*run.steps.values(), *run.carried.values())
        carried: dict[str, Value] = {}
        for i, (suffix, leaves, _) in enumerate(worked):
            values = plan.run({**leaves, **carried})
            if i:
                for name, node in run.steps.items():
                    _add(made, run.id, name, name + suffix, values[plan.slots[node]], results[name + suffix])
            carried = {leaf: values[plan.slots[node]] for leaf, node in run.carried.items()}
    first = worked[0][1]
    for name in moves.new:
        change = results[f"{name}'"] - first[name]
        for i, (suffix, _, _) in enumerate(worked[1:], 2):
            _add(made, "O14", f"{name}'", f"{name}'{suffix}", first[name] + i * change, results[f"{name}'{suffix}"])
    return made


__all__ = ["CATALOGUE", "NEAR", "Found", "Wording", "evaluate", "found"]
