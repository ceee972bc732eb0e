"""Statements in the engine's language, such as `d(L, w) = -(t - y)*x`: does it hold? Imports the engine."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine import rules
from engine.errors import ProgramError
from engine.evaluate import Value, same
from engine.graph import Node
from engine.often import WORTH, Often
from engine.prepared import Prepared, Program
from engine.program import Reader, fail
from engine.run import starting_state
from engine.solving import Work, numbers, work


@dataclass(frozen=True)
class Claim:
    """Both sides of a statement, evaluated.

    Attributes:
        left: The value of the left-hand side.
        right: The value of the right-hand side.
        ok: Whether they agree to 1e-9 (relative), entry for entry.
    """

    left: Value
    right: Value
    ok: bool


def holds(
    program: Program,
    given: Mapping[str, Any],
    statement: str,
    *,
    update: rules.Update | Mapping[str, Any] | None = None,
    state: Mapping[str, Any] | None = None,
) -> Claim:
    """Evaluate a statement `left = right` over the program's names and givens.

    Both sides may use `d(L, name)`, the engine's gradient, and `new(name)`, the value after the update.

    Raises:
        EngineError: a side cannot be read or evaluated.
    """
    sides = _split(statement)
    if len(sides) != 2:
        raise ProgramError("a claim is `left = right`", piece=statement, remedy="write one = between two expressions")
    left, right = values_of(program, given, sides, update=update, state=state)
    shape = np.broadcast_shapes(np.shape(left), np.shape(right)) if _fits(left, right) else None
    ok = shape is not None and shape in {np.shape(left), np.shape(right)}
    return Claim(left, right, ok and same(np.broadcast_to(left, shape or ()), np.broadcast_to(right, shape or ())))


evaluate_claim = holds


def _split(statement: str) -> list[str]:
    """Split at the one `=` outside brackets, where keyword arguments hold others."""
    depth, cuts = 0, []
    for i, char in enumerate(statement):
        depth += (char in "([") - (char in ")]")
        if char == "=" and depth == 0:
            cuts.append(i)
    return [statement[: cuts[0]], statement[cuts[0] + 1 :]] if len(cuts) == 1 else [statement]


def _fits(left: Value, right: Value) -> bool:
    try:
        np.broadcast_shapes(np.shape(left), np.shape(right))
    except ValueError:
        return False
    return True


def values_of(
    program: Program,
    given: Mapping[str, Any],
    texts: Sequence[str],
    *,
    update: rules.Update | Mapping[str, Any] | None = None,
    state: Mapping[str, Any] | None = None,
) -> list[Value]:
    """The values of expressions over the program's names, `d(L, name)` and `new(name)` included.

    Raises:
        EngineError: one cannot be read or evaluated.
    """
    prepared, nodes, leaves = _read(program, given, texts, update, state)
    plan = prepared.plan(*nodes)
    found = plan.run(leaves)
    plan.check(found)
    return [found[plan.slots[n]] for n in nodes]


def first_unmet(
    program: Program,
    given: Mapping[str, Any],
    conditions: Sequence[str],
    *,
    update: rules.Update | None = None,
    state: Mapping[str, Any] | None = None,
) -> int | None:
    """The place of the first comparison that does not hold at some entry; None when all do.

    Meant for drawing many givens: it becomes a compiled function, and what is not finite is only not greater.

    Raises:
        EngineError: one cannot be read or evaluated.
    """
    prepared, nodes, leaves = _read(program, given, conditions, update, state)
    key = ("unmet", nodes)
    if key not in prepared.cache:
        prepared.cache[key] = Often(prepared, nodes, WORTH)
    often: Often = prepared.cache[key]
    flat = often(leaves)
    return next((k for k in range(len(nodes)) if not all(flat[often.starts[k] : often.starts[k + 1]])), None)


def _read(
    program: Program,
    given: Mapping[str, Any],
    texts: Sequence[str],
    update: rules.Update | Mapping[str, Any] | None,
    state: Mapping[str, Any] | None,
) -> tuple[Prepared, tuple[Node, ...], dict[str, Value]]:
    """Expressions as nodes, and the values of all leaves."""
    values = numbers(given)
    prepared = program.prepare(values)
    if isinstance(update, Mapping):
        update = rules.update_from(update)
    layout = work(prepared, update) if update is not None else None
    key = ("expressions", tuple(texts), update.key if update else None)
    if key not in prepared.cache:
        special = {"new": _new(layout)}
        prepared.cache[key] = tuple(prepared.expression(t, special=special, comparisons=True) for t in texts)
    nodes: tuple[Node, ...] = prepared.cache[key]
    leaves = dict(values)
    if layout is not None and layout.moves is not None:
        leaves |= starting_state(layout, values, state or {})
        leaves[layout.moves.counter] = float((state or {}).get("t", 0)) + 1.0
    return prepared, nodes, leaves


def _new(layout: Work | None) -> Any:
    def read(reader: Reader, call: ast.Call) -> Node:
        match call.args:
            case [ast.Name(id=name)] if layout is not None and layout.moves is not None and name in layout.moves.new:
                return layout.moves.new[name]
        raise fail("new takes a parameter that [update] updates", call, reader.source, 'write new(w) and of = ["w"]')

    return read


def value_of(program: Program, given: Mapping[str, Any], text: str) -> Value:
    """The value of one expression over the program's names."""
    return values_of(program, given, [text])[0]


def condition(program: Program, given: Mapping[str, Any], text: str) -> bool:
    """Whether a comparison such as `abs(t - y) >= 0.1` holds (for arrays: everywhere).

    Raises:
        EngineError: it cannot be read or evaluated.
    """
    return bool(np.all(value_of(program, given, text)))


__all__ = ["Claim", "Prepared", "condition", "evaluate_claim", "first_unmet", "holds", "value_of", "values_of"]
