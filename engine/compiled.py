"""Programs as one plain Python function: no graph, no dispatch, no array where a few floats do.

The source is written from the operation table's templates, our own variable names and numbers; nothing a person typed
is in it. Small programs fall apart into scalars first (a 2-2-1 network is some sixty float operations), larger ones
keep NumPy's arrays. Constants are folded in, so a zero in the data costs nothing.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.errors import NumberError
from engine.evaluate import Plan, Value, _bound
from engine.expand import expand_all
from engine.graph import Node, Shape, ordered
from engine.operations import OPERATIONS
from engine.prepared import Prepared

MAX_SCALARS = 4_000
"""Scalar operations up to which a program is taken apart; beyond, arrays are faster."""
MANY_SCALARS = 30_000
"""The same for the many small values of all mistakes together."""
MAX_INLINE = 12
"""How deep single-use expressions are nested into one line."""

_INFIX = {"add": "{0} + {1}", "sub": "{0} - {1}", "mul": "{0} * {1}", "matmul": "{0} @ {1}", "neg": "-{0}"}


def _sigmoid(z: float) -> float:
    if z >= 0.0:
        return 1.0 / (1.0 + math.exp(-z))
    e = math.exp(z)
    return e / (1.0 + e)


def _softplus(z: float) -> float:
    return max(z, 0.0) + math.log1p(math.exp(-abs(z)))


def _bce(p: float, t: float) -> float:
    return -((t * math.log(p) if t else 0.0) + ((1.0 - t) * math.log1p(-p) if t != 1.0 else 0.0))


def _round(x: float, digits: int) -> float:
    return float(f"{x:.{digits - 1}e}")


_HELPERS: dict[str, Any] = {
    "_exp": math.exp,
    "_log": math.log,
    "_sqrt": math.sqrt,
    "_tanh": math.tanh,
    "_sin": math.sin,
    "_cos": math.cos,
    "_pow": math.pow,
    "_expm1": math.expm1,
    "_floor": math.floor,
    "_sigmoid": _sigmoid,
    "_softplus": _softplus,
    "_bce": _bce,
    "_round": _round,
    "_sign": lambda x: float((x > 0.0) - (x < 0.0)),
    "_normal_cdf": lambda z: 0.5 * (1.0 + math.erf(z / math.sqrt(2.0))),
    "_normal_pdf": lambda z: math.exp(-0.5 * z * z) / math.sqrt(2.0 * math.pi),
}


_Made = tuple[list[str], list[str], dict[str, Any], list[str], bool]
"""Lines, results, namespace, arguments, and whether they are scalars."""


@dataclass(frozen=True)
class Compiled:
    """A function from some givens to some values.

    Attributes:
        inputs: Name and shape of every varying given, in the order of the function's arguments.
        outputs: Label and shape of every result, in the order of the function's results.
        scalars: Whether arguments and results are single floats (arrays row by row) or whole arrays.
        function: The plain function: flat arguments in, a tuple of flat results out.
        source: Its source, to look at.
    """

    inputs: tuple[tuple[str, Shape], ...]
    outputs: tuple[tuple[str, Shape], ...]
    scalars: bool
    function: Callable[..., tuple[Any, ...]]
    source: str

    def pack(self, values: Mapping[str, Value]) -> list[Any]:
        """The function's arguments from values by name."""
        if not self.scalars:
            return [values[name] for name, _ in self.inputs]
        flat: list[Any] = []
        for name, shape in self.inputs:
            value = values[name]
            flat.extend(np.asarray(value).ravel().tolist() if shape else (float(value),))
        return flat

    def unpack(self, results: Sequence[Any]) -> dict[str, Value]:
        """Values by label from the function's results."""
        if not self.scalars:
            return {label: value for (label, _), value in zip(self.outputs, results, strict=True)}
        out: dict[str, Value] = {}
        at = 0
        for label, shape in self.outputs:
            size = math.prod(shape)
            out[label] = np.array(results[at : at + size]).reshape(shape) if shape else results[at]
            at += size
        return out

    def __call__(self, values: Mapping[str, Value]) -> dict[str, Value]:
        """The results for values by name.

        Raises:
            NumberError: a division by zero, an overflow, a logarithm of a number that is not positive.
        """
        try:
            with np.errstate(all="ignore"):
                return self.unpack(self.function(*self.pack(values)))
        except (ZeroDivisionError, OverflowError, ValueError) as error:
            raise NumberError(f"no finite result: {error}", remedy="use other numbers") from None


def compile_nodes(
    prepared: Prepared, roots: Mapping[str, Node], varying: Sequence[tuple[str, Shape]], constants: Mapping[str, Value]
) -> Compiled:
    """One function for some nodes.

    Args:
        prepared: Whose nodes they are.
        roots: Label → node.
        varying: The givens (and state) that stay arguments, with their shapes.
        constants: All other givens, folded in.
    """
    made = _scalar(prepared, roots, varying, constants, MAX_SCALARS) or _arrays(roots, varying, constants)
    return _function(made, roots, varying)


def compile_scalars(
    prepared: Prepared, roots: Mapping[str, Node], varying: Sequence[tuple[str, Shape]]
) -> Compiled | None:
    """One function of floats for very many small nodes; None where they do not fall apart."""
    made = _scalar(prepared, roots, varying, {}, MANY_SCALARS)
    return None if made is None else _function(made, roots, varying)


def _function(made: _Made, roots: Mapping[str, Node], varying: Sequence[tuple[str, Shape]]) -> Compiled:
    lines, results, namespace, arguments, scalars = made
    body = "\n".join(f"    {line}" for line in [*lines, f"return ({''.join(r + ', ' for r in results)})"])
    source = f"def step({', '.join(arguments)}):\n{body}\n"
    exec(compile(source, "<compiled program>", "exec"), namespace)  # noqa: S102 - our own templates; see the module's text
    outputs = tuple((label, node.shape) for label, node in roots.items())
    return Compiled(tuple(varying), outputs, scalars, namespace["step"], source)


def _scalar(
    prepared: Prepared,
    roots: Mapping[str, Node],
    varying: Sequence[tuple[str, Shape]],
    constants: Mapping[str, Value],
    most: int,
) -> _Made | None:
    graph, names = prepared.graph, dict(varying)
    if sum(math.prod(n.shape) for n in ordered(roots.values())) > 4 * most:
        return None
    arguments: dict[Node, str] = {}

    def whole(node: Node) -> Any:
        if node.op != "given":
            return None
        if node.name not in names:
            return _constants(node, constants[node.name])
        out = np.empty(node.shape, dtype=object)
        for i, at in enumerate(np.ndindex(node.shape)):
            out[at] = graph.given(f"{node.name} entry {i}", ())
        return out if node.shape else out[()]

    values = expand_all(roots.values(), whole)
    if values is None:
        return None
    for name, shape in varying:
        for i in range(math.prod(shape)):
            arguments[graph.given(f"{name} entry {i}", ())] = f"a{len(arguments)}"
    flat = [n for node in roots.values() for n in (np.ravel(values[node]) if node.shape else [values[node]])]
    order = ordered(flat)
    if len(order) > most or any(n.args and OPERATIONS[n.op].code is None for n in order):
        return None
    lines, texts = _lines(order, flat, arguments)
    return lines, [texts[n] for n in flat], dict(_HELPERS), list(arguments.values()), True


def _constants(node: Node, value: Value) -> Any:
    array = np.asarray(value, dtype=float)
    out = np.empty(array.shape, dtype=object)
    for at in np.ndindex(array.shape):
        out[at] = node.graph.const(float(array[at]))
    return out if array.shape else out[()]


def _lines(
    order: Sequence[Node], flat: Sequence[Node], arguments: Mapping[Node, str]
) -> tuple[list[str], dict[Node, str]]:
    """Assignments for scalar nodes; what is used once goes straight into its place."""
    uses: dict[Node, int] = dict.fromkeys(order, 0)
    for node in order:
        template = _template(node)
        for i, arg in enumerate(node.args):
            uses[arg] += template.count(f"{{{i}}}")
    for node in flat:
        uses[node] += 1
    texts: dict[Node, str] = {}
    depth: dict[Node, int] = {}
    lines: list[str] = []
    for node in order:
        if node.op == "const":
            texts[node], depth[node] = repr(float(node.attrs[0])), 0
            if texts[node].startswith("-"):
                texts[node] = f"({texts[node]})"
        elif node.op == "given":
            texts[node], depth[node] = arguments[node], 0
        else:
            text = _template(node).format(*(texts[a] for a in node.args), *map(repr, node.attrs))
            level = 1 + max((depth[a] for a in node.args), default=0)
            if uses[node] > 1 or level > MAX_INLINE:
                lines.append(f"v{len(lines)} = {text}")
                text, level = f"v{len(lines) - 1}", 0
            texts[node], depth[node] = text, level
    return lines, texts


def _template(node: Node) -> str:
    if not node.args:
        return ""
    if node.op == "pow" and node.args[1].op == "const" and node.args[1].attrs[0] in {2, 3}:
        return "(" + " * ".join(["{0}"] * int(node.args[1].attrs[0])) + ")"
    code = OPERATIONS[node.op].code
    assert code is not None
    return code


def _arrays(roots: Mapping[str, Node], varying: Sequence[tuple[str, Shape]], constants: Mapping[str, Value]) -> _Made:
    names = {name: f"a{i}" for i, (name, _) in enumerate(varying)}
    namespace: dict[str, Any] = {}
    texts: dict[Node, str] = {}
    lines: list[str] = []
    for node in ordered(roots.values()):
        if node.op == "given" and node.name in names:
            texts[node] = names[node.name]
            continue
        if node.op == "named":
            texts[node] = texts[node.args[0]]
            continue
        texts[node] = f"v{len(texts)}"
        if not node.args:
            value = constants[node.name] if node.op == "given" else Plan([node]).run({})[0]
            namespace[texts[node]] = value
            continue
        args = [texts[a] for a in node.args]
        template = _INFIX.get(node.op)
        if template is None:
            namespace[f"f{len(texts)}"] = _bound(node)
            template = f"f{len(texts)}({', '.join(f'{{{i}}}' for i in range(len(args)))})"
        lines.append(f"{texts[node]} = {template.format(*args)}")
    return lines, [texts[n] for n in roots.values()], namespace, list(names.values()), False


assert all(re.fullmatch(r"_\w+", name) for name in _HELPERS)
