"""Running a layout of work on numbers: one update or several, with the state carried along. Imports solve's layout."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from engine.errors import TaskError
from engine.evaluate import Value, listed
from engine.graph import Node
from engine.prepared import Program
from engine.rules import RULES, Update
from engine.solution import Moment, Solution, Step
from engine.solving import MAX_WORKED, Work, numbers, work
from engine.steps import written

if TYPE_CHECKING:
    from engine.mistakes.ways import Ways

STATE_KEYS = {"velocity": "v", "momentum": "v", "s": "v", "accumulator": "v"}


def run(  # noqa: PLR0917
    program: Program,
    given: dict[str, Value],
    update: Update | None,
    state: Mapping[str, Any],
    ask: Sequence[str],
    symbols: Mapping[str, str],
    overrides: Mapping[str, Value],
    series: Mapping[str, Sequence[Any]],
) -> Solution:
    """Solve with checked numbers; see `engine.solving.solve`."""
    count = _count(update, series)
    changing = {name: [numbers({name: v})[name] for v in values] for name, values in series.items()}
    given = {**given, **{name: values[0] for name, values in changing.items()}}
    prepared = program.prepare(given, changing)
    layout = work(prepared, update, ask)
    carried = starting_state(layout, given, state)
    done = _updates(state, layout)
    moments: list[Moment] = []
    worked: list[tuple[str, dict[str, Value], dict[Node, Value]]] = []
    now = dict(given)
    results: dict[str, Value] = {}
    values: list[Value] = []
    for i in range(count):
        if changing:
            now.update({name: row[i] for name, row in changing.items()})
        suffix = f"#{i + 1}" if i else ""
        leaves = {**now, **carried}
        if layout.moves is not None:
            leaves[layout.moves.counter] = float(done + i + 1)
        fixed = _fixed(layout, overrides, suffix)
        values = layout.plan.run(leaves, fixed)
        layout.plan.check(values)
        if i < MAX_WORKED:
            results.update(_named(layout, values, suffix))
            worked.append((suffix, leaves, fixed))
        updated = {n: _at(layout, values, node) for n, node in layout.moves.new.items()} if layout.moves else {}
        state_now = _next_state(layout, values, done + i + 1)
        if count > 1:
            moments.append(Moment(i + 1, *_tables(layout, values), updated, state_now))
        now.update(updated)
        carried = _carry(layout, values)
    first = moments[0] if moments else None
    tables = (first.values, first.gradients) if first else _tables(layout, values)
    return Solution(
        given=given,
        values=tables[0],
        gradients=tables[1],
        updated=updated,
        state=state_now,
        step_values=results,
        trajectory=tuple(moments),
        _steps=lambda: tuple(s for part in worked for s in _written(layout, symbols, *part)),
        _ways=lambda: _ways(layout, worked, results, count),
    )


def _written(
    layout: Work, symbols: Mapping[str, str], suffix: str, leaves: dict[str, Value], fixed: dict[Node, Value]
) -> list[Step]:
    return written(layout, layout.plan.run(leaves, fixed), symbols, suffix)


def _ways(
    layout: Work,
    worked: Sequence[tuple[str, dict[str, Value], dict[Node, Value]]],
    results: Mapping[str, Value],
    count: int,
) -> Ways:
    from engine.mistakes.ways import Ways  # only when somebody wants them

    return Ways(layout, worked, results, count)


def _count(update: Update | None, series: Mapping[str, Sequence[Any]]) -> int:
    lengths = {len(values) for values in series.values()}
    if len(lengths) > 1 or 0 in lengths:
        raise TaskError("[series] lists must be equally long and not empty: one value for every update")
    steps = update.steps if update else 1
    if not lengths:
        return steps
    if update is None:
        raise TaskError("[series] gives one value for every update, so an [update] is needed")
    length = lengths.pop()
    if steps not in {1, length}:
        raise TaskError(f"[series] has {length} values but steps = {steps}; make them equal or leave steps out")
    return length


def _fixed(layout: Work, overrides: Mapping[str, Value], suffix: str) -> dict[Node, Value]:
    if not overrides:
        return {}
    fixed: dict[Node, Value] = {}
    for name, node in layout.steps.items():
        if name + suffix in overrides:
            value = np.asarray(overrides[name + suffix], dtype=float)
            if value.shape != node.shape:
                raise TaskError(f"the value for `{name + suffix}` has shape {value.shape}, the step has {node.shape}")
            fixed[node] = value[()]
    return fixed


def _at(layout: Work, values: Sequence[Value], node: Node) -> Value:
    return values[layout.plan.slots[node]]


def _named(layout: Work, values: Sequence[Value], suffix: str) -> dict[str, Value]:
    return {name + suffix: _at(layout, values, node) for name, node in layout.steps.items()}


def _tables(layout: Work, values: Sequence[Value]) -> tuple[dict[str, Value], dict[str, Value]]:
    names = [*layout.prepared.defined, *layout.labels]
    nodes = {n: layout.prepared.names.get(n) or layout.steps[n] for n in names}
    return (
        {n: _at(layout, values, node) for n, node in nodes.items()},
        {n: _at(layout, values, node) for n, node in layout.gradients.items()},
    )


# The state of a rule: flat for one parameter, a table per parameter for several.


def starting_state(layout: Work, given: Mapping[str, Value], state: Mapping[str, Any]) -> dict[str, Value]:
    """The leaves of the rule's state, zero where nothing is said."""
    update, moves = layout.update, layout.moves
    if update is None or moves is None:
        return {}
    aliases = {*STATE_KEYS, "m"} if RULES[update.rule] else set()
    known = {*RULES[update.rule], *update.of, "t", *aliases}
    for key in state:
        if key not in known:
            kept = ", ".join([*RULES[update.rule], "t", *(f"{name} (a table)" for name in update.of)])
            raise TaskError(f"[state] has no `{key}` under rule {update.rule}; known are {kept}")
    leaves: dict[str, Value] = {}
    for (name, part), leaf in moves.leaves.items():
        table = state.get(name)
        found = _state_value(table if isinstance(table, Mapping) else state, part, name, len(update.of))
        shape = np.shape(given[name])
        if found is None:
            leaves[leaf] = np.zeros(shape) if shape else 0.0
            continue
        value = numbers({f"state {part}": found})[f"state {part}"]
        if np.shape(value) not in {shape, ()}:
            raise TaskError(f"[state] {part} has shape {np.shape(value)} but {name} has {shape}")
        leaves[leaf] = np.full(shape, value) if shape and not np.shape(value) else value
    return leaves


def _state_value(table: Mapping[str, Any], part: str, name: str, parameters: int) -> Any:
    names = [part, *(alias for alias, of in STATE_KEYS.items() if of == part)]
    if part == "v" and "m" in table and "v" not in table:
        names.append("m")
    for key in names:
        if key in table:
            found = table[key]
            if isinstance(found, Mapping):
                return found.get(name)
            return found if parameters == 1 or not isinstance(table.get(name), Mapping) else None
    return None


def _updates(state: Mapping[str, Any], layout: Work) -> int:
    """How many updates were made before."""
    of = layout.update.of if layout.update else ()
    inner = next((state[n]["t"] for n in of if isinstance(state.get(n), Mapping) and "t" in state[n]), 0)
    count = state.get("t", inner)
    count = inner if isinstance(count, Mapping) else count
    if isinstance(count, bool) or not isinstance(count, int | float) or count != int(count) or not 0 <= count < 10**9:
        raise TaskError("[state] t counts the updates already made: a whole number from 0")
    return int(count)


def _carry(layout: Work, values: Sequence[Value]) -> dict[str, Value]:
    if layout.moves is None:
        return {}
    return {
        leaf: _at(layout, values, layout.moves.state[name][part]) for (name, part), leaf in layout.moves.leaves.items()
    }


def _next_state(layout: Work, values: Sequence[Value], count: int) -> dict[str, Any]:
    if layout.moves is None or layout.update is None:
        return {}
    tables: dict[str, dict[str, Any]] = {
        name: {part: _at(layout, values, node) for part, node in parts.items()}
        for name, parts in layout.moves.state.items()
    }
    for table in tables.values():
        if layout.update.form == "average" and layout.update.rule in {"momentum", "nesterov"}:
            table["m"] = table["v"]  # this velocity is a moving average of gradients: both names are in use for it
        if layout.update.counts:
            table["t"] = count
    if len(tables) == 1:
        return tables[layout.update.of[0]]
    kept: dict[str, Any] = {n: t for n, t in tables.items() if t}
    return kept | ({"t": count} if layout.update.counts and "t" not in tables else {})


__all__ = ["listed", "run"]
