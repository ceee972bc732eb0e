"""A program made ready for givens of certain shapes: its graph, gradients and plans, made once and run many times.

Imports the graph, the reader and the reverse pass.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from engine.backward import Backward
from engine.errors import ProgramError, TaskError
from engine.evaluate import Plan, Value
from engine.graph import Graph, Node, Shape
from engine.program import Reader, Special, Statement, fail, parse, statements

_DERIVATIVE = re.compile(r"d(\w+)/d(\w+)(\[[-\d,\s]+\])?")
_STEP = re.compile(r"Δ?\w+'?(#\d+)?(\[[-\d,\s]+\])?")


@dataclass
class Prepared:
    """A program for givens of known shapes.

    Attributes:
        graph: All nodes, gradients and mistakes included.
        givens: Name → leaf.
        names: Every name that can be used → its node; the program's own are named nodes.
        defined: The names the program defines, in order.
        loss: The node of the loss; None where there is none.
        cache: Whatever other modules make once per program (steps, mistakes, compiled functions).
    """

    source: str
    graph: Graph
    givens: dict[str, Node]
    names: dict[str, Node]
    defined: tuple[str, ...]
    loss_name: str | None
    normalised: frozenset[str]
    cache: dict[Any, Any] = field(default_factory=dict)
    backwards: dict[str, Backward] = field(default_factory=dict)

    @property
    def loss(self) -> Node | None:
        """The node that is differentiated."""
        return self.names[self.loss_name] if self.loss_name else None

    def backward(self, name: str | None = None) -> Backward:
        """The reverse pass from a scalar of the program, by default the loss.

        Raises:
            TaskError: there is no loss, or it is not a single number.
        """
        name = name or self.loss_name
        if name is None:
            raise TaskError('there is no loss to differentiate; say loss = "L"')
        if name not in self.backwards:
            node = self.names.get(name)
            if node is None:
                raise TaskError(f"the loss `{name}` is not defined by the program; define it or name another")
            if node.shape != ():
                raise TaskError(f"the loss `{name}` has shape {node.shape}; add its entries with sum(...) or mean(...)")
            self.backwards[name] = Backward(node, name, self.normalised)
        return self.backwards[name]

    def gradient(self, of: str, wrt: str) -> Node:
        """The derivative of one name by another, as a node."""
        if wrt not in self.names:
            raise TaskError(f"there is no `{wrt}` to differentiate by; known are {', '.join(self.names)}")
        return self.backward(of).of(self.names[wrt])

    def expression(self, text: str, *, special: Mapping[str, Special] | None = None, comparisons: bool = False) -> Node:
        """The node of an expression over the program's names, with `d(L, w)` for a gradient.

        Raises:
            ProgramError: it cannot be read.
        """
        tree = parse(text.strip(), "eval")
        assert isinstance(tree, ast.Expression)
        known: dict[str, Special] = {"d": self._derivative, **(special or {})}
        return Reader(self.graph, self.names, text.strip(), known, comparisons=comparisons).read(tree.body)

    def _derivative(self, reader: Reader, call: ast.Call) -> Node:
        match call.args:
            case [ast.Name(id=of), ast.Name(id=wrt)] if of in self.names and wrt in self.names:
                return self.gradient(of, wrt)
        raise fail("d takes two names of the program", call, reader.source, "write d(L, w)")

    def asked(self, text: str) -> tuple[str, Node | str]:
        """What an `ask` entry means: its label, and a node or (for `w'`, `Δw`, `m_hat`, `y#2`) the name of a step.

        Raises:
            ProgramError: it cannot be read.
        """
        label, colon, body = text.partition(":")
        if not colon:
            label, body = text, text
        body, label = body.strip(), label.strip()
        if match := _DERIVATIVE.fullmatch(body):
            node = self.gradient(match[1], match[2])
            return label, node if match[3] is None else entry(node, match[3])
        if _STEP.fullmatch(body) and body.partition("[")[0] not in self.names and label == body:
            return label, body
        return label, self.expression(body)

    def plan(self, *roots: Node) -> Plan:
        """The plan for some roots, kept for next time."""
        key = ("plan", roots)
        if key not in self.cache:
            self.cache[key] = Plan(roots)
        found: Plan = self.cache[key]
        return found


class Program:
    """A forward program as text, checked, and prepared once for every set of shapes it is solved with.

    Attributes:
        source: The text.
        loss: The name that is differentiated; None for a program of values only.
        givens: The names it uses and does not define, in order.
        defined: The names it defines, in order.
    """

    def __init__(self, source: str, loss: str | None, lines: tuple[Statement, ...]) -> None:
        self.source, self.loss, self.lines = source, loss, lines
        self.defined = tuple(s.name for s in lines)
        self.givens = tuple(dict.fromkeys(n for s in lines for n in s.uses if n not in self.defined))
        self._targets = tuple(dict.fromkeys(_targets(lines)))
        self._prepared: dict[Any, Prepared] = {}

    @classmethod
    def parse(cls, forward: str, loss: str | None = None) -> Program:
        """Read a program.

        Raises:
            ProgramError: with line, column, the offending piece and the remedy.
        """
        lines = statements(forward)
        if loss is not None and loss not in {s.name for s in lines}:
            raise ProgramError(
                f"the loss `{loss}` is not defined by the program",
                remedy=f"choose one of {', '.join(s.name for s in lines)}",
            )
        return cls(forward, loss, lines)

    def prepare(self, given: Mapping[str, Value], changing: Mapping[str, Sequence[Value]] | None = None) -> Prepared:
        """The program's graph for givens of these shapes.

        Args:
            given: The numbers; only their shapes matter, and whether targets of a cross-entropy sum to 1.
            changing: Other values that some of them will take with the same graph.

        Raises:
            ProgramError: a name is unknown or shapes do not fit.
        """
        shapes = {name: np.shape(value) for name, value in given.items()}
        rows = {n: [given[n], *(changing or {}).get(n, ())] for n in self._targets if n in given}
        sums = frozenset(n for n, values in rows.items() if all(map(_normalised, values)))
        key = (tuple(shapes.items()), sums)
        if key not in self._prepared:
            self._prepared[key] = self._build(shapes, sums)
        return self._prepared[key]

    def _build(self, shapes: Mapping[str, Shape], sums: frozenset[str]) -> Prepared:
        graph = Graph()
        givens = {name: graph.given(name, shape) for name, shape in shapes.items()}
        names = dict(givens)
        reader = Reader(graph, names, self.source)
        for line in self.lines:
            if line.name in shapes:
                raise ProgramError(
                    f"`{line.name}` is given and also defined by the program",
                    line=line.expression.lineno,
                    column=1,
                    piece=line.name,
                    remedy="take it out of [given] or give it another name",
                )
            names[line.name] = graph.named(line.name, reader.read(line.expression))
            graph.where.setdefault(names[line.name], (self.source, line.expression))
        return Prepared(self.source, graph, givens, names, self.defined, self.loss, sums)


def entry(node: Node, index: str) -> Node:
    """One number of an array, as `[0, 1]` picks it."""
    return Reader(node.graph, {"value": node}, f"value{index}").read(parse(f"value{index}", "eval").body)  # type: ignore[arg-type]


def _targets(lines: tuple[Statement, ...]) -> list[str]:
    """The names that stand as targets of a cross-entropy."""
    calls = (n for s in lines for n in ast.walk(s.expression) if isinstance(n, ast.Call))
    return [
        c.args[1].id
        for c in calls
        if isinstance(c.func, ast.Name)
        and c.func.id == "cross_entropy"
        and len(c.args) > 1
        and isinstance(c.args[1], ast.Name)
    ]


def _normalised(value: Value) -> bool:
    """Whether a target's probabilities sum to 1 along the last axis."""
    array = np.asarray(value, dtype=float)
    return bool(array.shape) and bool((np.abs(array.sum(axis=-1) - 1.0) < 1e-12).all())
