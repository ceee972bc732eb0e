"""Solving: a program and its numbers in, the worked solution out. Imports every other part of the engine.

Everything that depends on shapes alone (graph, gradients, formulas, mistakes) is made once per program and kept;
solving again with other numbers only runs the plans.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine import rules
from engine.errors import TaskError
from engine.evaluate import Plan, Value
from engine.graph import MAX_ELEMENTS, Node, ordered
from engine.prepared import Prepared, Program, entry
from engine.solution import Mistaken, Moment, Solution, Step

MAX_WORKED = 6
"""Updates whose every step is written out; of longer runs only the first is, and the trajectory has the rest."""


@dataclass(frozen=True)
class Work:
    """One program with one kind of update, for givens of one shape: what is computed, in the order a person works.

    Attributes:
        prepared: The program's graph.
        update: The rule; None for a program without one.
        moves: The rule's nodes.
        gradients: Given → its gradient, for every given the loss depends on.
        steps: Step name → node, in order.
        kinds: Step name → kind.
        asked: Names of the steps the task asks for.
        labels: Labels of asked expressions.
        plan: Computes all of it.
    """

    prepared: Prepared
    update: rules.Update | None
    moves: rules.Moves | None
    gradients: dict[str, Node]
    steps: dict[str, Node]
    kinds: dict[str, str]
    asked: frozenset[str]
    labels: tuple[str, ...]
    plan: Plan


def work(prepared: Prepared, update: rules.Update | None = None, ask: Sequence[str] = ()) -> Work:
    """Lay out the work, once per program, update and questions."""
    key = ("work", update.key if update else None, tuple(ask))
    if key not in prepared.cache:
        prepared.cache[key] = _lay_out(prepared, update, ask)
    made: Work = prepared.cache[key]
    return made


def _lay_out(prepared: Prepared, update: rules.Update | None, ask: Sequence[str]) -> Work:
    gradients: dict[str, Node] = {}
    if prepared.loss is not None:
        backward = prepared.backward()
        gradients = {n: backward.adjoint[leaf] for n, leaf in prepared.givens.items() if leaf in backward.adjoint}
    moves = None
    if update is not None:
        if prepared.loss is None:
            raise TaskError('an [update] needs a loss to go down; say loss = "L"')
        needed = {n: prepared.backward().of(prepared.givens[n]) for n in update.of if n in prepared.givens}
        moves = rules.build(prepared, update, needed)
    questions = [prepared.asked(text) for text in ask]
    targets = list(update.of) if update else list(gradients)
    steps, kinds = _forward_steps(prepared)
    wanted = [gradients[n] for n in targets if n in gradients]
    wanted += [node for _, node in questions if isinstance(node, Node)]
    _backward_steps(prepared, wanted, [n for n in targets if n in gradients], steps, kinds)
    asked, labels = _asked_steps(questions, steps, kinds)
    if moves is not None:
        for node in moves.named:
            change = f"Δ{node.name[:-1]}"
            wanted_change = any(name.partition("[")[0].partition("#")[0] == change for name in asked)
            if node.name.endswith("'") and wanted_change and node.name[:-1] in moves.delta:
                steps[change], kinds[change] = moves.delta[node.name[:-1]], "update"
            steps[node.name], kinds[node.name] = node, "update"
    for name in sorted(asked):
        base, bracket, index = name.partition("[")
        if base.partition("#")[0] not in steps:
            raise TaskError(f"there is no step `{name}` to ask for; the steps are {', '.join(steps)}")
        if bracket and name not in steps:
            steps[name], kinds[name] = entry(steps[base], bracket + index), "asked"
    roots = [*(prepared.names[n] for n in prepared.defined), *gradients.values(), *steps.values()]
    if moves is not None:
        roots += [*moves.new.values(), *(n for s in moves.state.values() for n in s.values())]
    plan = Plan(dict.fromkeys(roots))
    return Work(prepared, update, moves, gradients, steps, kinds, frozenset(asked), tuple(labels), plan)


def _forward_steps(prepared: Prepared) -> tuple[dict[str, Node], dict[str, str]]:
    steps = {name: prepared.names[name] for name in prepared.defined}
    kinds = {name: "loss" if name == prepared.loss_name else "forward" for name in steps}
    return steps, kinds


def _backward_steps(
    prepared: Prepared, wanted: list[Node], targets: Sequence[str], steps: dict[str, Node], kinds: dict[str, str]
) -> None:
    """From the loss backwards: each intermediate gradient, then at once the parameters it settles."""
    if prepared.loss is None:
        return
    leaves = {f"d{prepared.loss_name}/d{n}": prepared.backward().of(prepared.givens[n]) for n in targets}
    inner = [n for n in ordered(wanted) if n.op == "named" and n.name not in steps and n.name not in leaves]
    place = _places(prepared)
    inner = [n for n in inner if n.name.startswith((f"d{prepared.loss_name}/d", "delta_"))]
    inner.sort(key=lambda n: place.get(n.name.rpartition("/d")[2].removeprefix("delta_"), (len(place), 0)))
    done: set[str] = set(steps)
    waiting = dict(leaves)
    for node in [None, *inner]:
        if node is not None:
            steps[node.name], kinds[node.name] = node, "backward"
            done.add(node.name)
        for name in list(waiting):
            if all(m.name in done for m in _named_below(waiting[name])):
                steps[name], kinds[name] = waiting.pop(name), "backward"
    for name, node in waiting.items():
        steps[name], kinds[name] = node, "backward"


def _places(prepared: Prepared) -> dict[str, tuple[int, int]]:
    """Name → how many named values lie between it and the loss at most, and its place in the program.

    So what is equally far from the loss (the neurons of a layer) comes in the order in which it is written.
    """
    far = dict.fromkeys(prepared.defined, 0)
    for name in reversed(prepared.defined):
        for node in _named_below(prepared.names[name]):
            far[node.name] = max(far[node.name], far[name] + 1)
    return {name: (far[name], place) for place, name in enumerate(prepared.defined)}


def _named_below(node: Node) -> list[Node]:
    """The named values a node is directly made of."""
    inner = node.args[0] if node.op == "named" else node
    return [n for n in ordered([inner], stop=lambda m: m.op == "named") if n.op == "named"]


def _asked_steps(
    questions: Sequence[tuple[str, Node | str]], steps: dict[str, Node], kinds: dict[str, str]
) -> tuple[set[str], list[str]]:
    """Give every question its step; an expression goes behind the last value it is made of."""
    asked: set[str] = set()
    labels: list[str] = []
    for label, node in questions:
        if isinstance(node, str):
            asked.add(node)
            continue
        found = next((name for name, n in steps.items() if name == label or n is node), None)
        if found is not None and steps[found] is node and (node.op in {"named", "given"} or found == label):
            asked.add(found)
            continue
        if found == label:
            raise TaskError(f"`{label}` is already the name of a step; give the asked expression another label")
        below = {m.name for m in _named_below(node)}
        at = max((i for i, name in enumerate(steps, 1) if name in below), default=0)
        items = [*steps.items()]
        items.insert(at, (label, node))
        steps.clear()
        steps.update(items)
        kinds[label] = "asked"
        asked.add(label)
        labels.append(label)
    return asked, labels


def numbers(given: Mapping[str, Any]) -> dict[str, Value]:
    """Givens as floats and float64 arrays.

    Raises:
        TaskError: one is not a number or a regular nested list of numbers, is not finite, or is too large.
    """
    return {name: _number(name, value) for name, value in given.items()}


def _number(name: str, value: Any) -> Value:
    if isinstance(value, float) and np.isfinite(value):
        return float(value)
    if isinstance(value, bool | str) or value is None:
        raise TaskError(f"[given] {name} must be a number or nested lists of numbers")
    try:
        array = np.asarray(value, dtype=np.float64)
    except (ValueError, TypeError, OverflowError, RecursionError):
        raise TaskError(f"[given] {name} must be a number or lists of numbers of equal length") from None
    if array.size > MAX_ELEMENTS or array.ndim > 8:
        raise TaskError(f"[given] {name} is too large; at most {MAX_ELEMENTS:,} numbers are allowed")
    if array.size == 0:
        raise TaskError(f"[given] {name} is empty; give at least one number")
    if not np.isfinite(array).all():
        raise TaskError(f"[given] {name} has an entry that is not a finite number")
    return float(array) if array.ndim == 0 else array


def solve(
    program: Program,
    given: Mapping[str, Any],
    update: rules.Update | Mapping[str, Any] | None = None,
    state: Mapping[str, Any] | None = None,
    *,
    ask: Sequence[str] = (),
    symbols: Mapping[str, str] | None = None,
    overrides: Mapping[str, Value] | None = None,
    series: Mapping[str, Sequence[Any]] | None = None,
) -> Solution:
    """Solve a program for its givens.

    Args:
        program: The program; it keeps what it learns about these shapes for the next call.
        given: Name → number or nested lists.
        update: How parameters are updated, as an `Update` or the keys of an `[update]` table.
        state: The rule's state before: `v`, `m`, `t`, or a table of them per parameter. Zero where left out.
        ask: What is asked for: step names, gradients, `w'`, or `label: expression`.
        symbols: LaTeX by name.
        overrides: Values a learner found for steps: later steps follow from them (error carried forward).
        series: Givens that change from update to update, one value for each.

    Raises:
        ProgramError: a name, a shape or a number of the program is wrong.
        TaskError: the update, the state or a question is.
    """
    from engine.run import run  # the parts import each other's values, not their work

    if isinstance(update, Mapping):
        update = rules.update_from(update)
    return run(program, numbers(given), update, state or {}, ask, symbols or {}, overrides or {}, series or {})


__all__ = ["Mistaken", "Moment", "Solution", "Step", "Work", "numbers", "solve", "work"]
