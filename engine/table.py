"""The operation table: what a row of it says (rows: elementwise, arrays, reductions, windows). Imports none.

One entry says everything the rest of the engine needs: how it evaluates, its vector-Jacobian product written as nodes,
how it is written, its shape rule, how it falls apart into scalars, and the mistakes people make at it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from engine.graph import Node, Shape

SUM, ELEMENTWISE, PRODUCT, POWER, ATOM = 1, 2, 3, 4, 5
"""How tightly a written piece holds together; an argument looser than its place gets brackets."""


class Pen(Protocol):
    """What an operation's `latex` writes with."""

    def __call__(self, argument: int, level: int = SUM) -> str:
        """The text of an argument, in brackets where it is looser than `level`."""

    def product(self, left: str, right: str, *, elementwise: bool = False) -> str:
        """Two factors side by side, with a dot where they would run together."""


Written = tuple[str, int]
Pull = Callable[["Node", "Node", "Node"], Sequence["Node | None"]]
"""(upstream, the value under its name, the operation's node) → what each argument receives."""


@dataclass(frozen=True)
class Operation:
    """One row of the table.

    Attributes:
        name: As in programs, where it can be written there.
        evaluate: Values of the arguments, then the attributes → value, by NumPy.
        vjp: The vector-Jacobian product as graph nodes; None where the derivative is zero almost everywhere.
        latex: How it is written.
        shape: Shapes of the arguments and the attributes → shape; raises ShapeError.
        code: The same on Python floats, as a template with {0}, {1} (arguments, then attributes); None for none.
        expand: Arguments as object arrays of scalar nodes → the result as such; None where they depend on numbers.
        mistakes: Ids of the mistakes people make at it (see `engine.mistakes`).
    """

    name: str
    evaluate: Callable[..., Any]
    vjp: Pull | None
    latex: Callable[[Pen, Node], Written]
    shape: Callable[[Sequence[Shape], tuple[Any, ...]], Shape]
    code: str | None = None
    expand: Callable[..., Any] | None = None
    mistakes: tuple[str, ...] = ()


def call(command: str) -> Callable[[Pen, Node], Written]:
    """Written as a function: command(arguments)."""

    def latex(pen: Pen, node: Node) -> Written:
        return f"{command}\\left({', '.join(pen(i) for i in range(len(node.args)))}\\right)", ATOM

    return latex


def raised(base: str, exponent: str) -> str:
    """A power; beside the layer number of W^{(2)} only a transpose has room, a number needs brackets."""
    layer = re.fullmatch(r"(.*)\^\{(\([^{}]*\))\}(_\{[^{}]*\})?", base)
    if layer is None or ("{" in layer[1].replace("\\", "") and base.startswith("\\left")):
        return f"{base}^{{{exponent}}}"
    if exponent == r"\top":
        return f"{layer[1]}^{{{layer[2]}\\top}}{layer[3] or ''}"
    return f"\\left({base}\\right)^{{{exponent}}}"
