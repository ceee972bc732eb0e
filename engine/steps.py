"""Writing a worked solution: each step's prompt, formula and numbers. Imports the notation and the expansion."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from engine.evaluate import Value
from engine.expand import expand
from engine.graph import Node, ordered, plain
from engine.notation import Style, Writer, subscripted, symbol
from engine.operations import ACTIVATIONS
from engine.solution import Entry, Step

if TYPE_CHECKING:
    from engine.solving import Work

MAX_ENTRIES = 12
"""Numbers of an array that get a formula each."""
MAX_TERMS = 24
"""Operations of a scalar formula that is written out instead of written with vectors."""


@dataclass(frozen=True)
class Shown:
    """What of a step does not depend on the numbers."""

    name: str
    kind: str
    prompt: str
    symbol: str
    formula: str
    body: Node
    entries: tuple[tuple[str, str, str, Node], ...]


def written(layout: Work, values: Sequence[Value], symbols: Mapping[str, str], suffix: str = "") -> list[Step]:
    """Every step of a layout with these values, in order."""
    made: list[Step] = []
    known = {n: values[i] for n, i in layout.plan.slots.items() if n.op in {"named", "given"}}
    writer = Writer(style(layout, symbols), known)
    for shown in _shown(layout, symbols):
        value = values[layout.plan.slots[layout.steps[shown.name]]]
        entries = tuple(
            Entry(name + suffix, lhs, formula, writer.write(node), float(np.asarray(value).ravel()[i]))
            for i, (name, lhs, formula, node) in enumerate(shown.entries)
        )
        prompt = shown.prompt if not suffix else f"Update {suffix[1:]}: {shown.prompt}"
        made.append(
            Step(
                shown.name + suffix,
                shown.kind,
                prompt,
                shown.symbol,
                shown.formula,
                writer.write(shown.body),
                value,
                shown.name in layout.asked or shown.name + suffix in layout.asked,
                entries,
            )
        )
    return made


def deltas(layout: Work) -> frozenset[str]:
    """The pre-activations: what an activation is applied to, and names that say so."""
    names = {n for n in layout.prepared.defined if n[:1] == "z"}
    roots = [layout.prepared.names[n] for n in layout.prepared.defined]
    used = {n.args[0] for n in ordered(roots) if (n.op in ACTIVATIONS or n.op == "softmax") and n.args}
    return frozenset(names | {n.name for n in used if n.op in {"named", "given"}})


def style(layout: Work, symbols: Mapping[str, str]) -> Style:
    """How this program's names are written."""
    numbered = {n for n, node in layout.prepared.names.items() if node.shape and n[-1:].isdigit() and "_" not in n}
    return Style(symbols, deltas(layout), frozenset(numbered))


def _shown(layout: Work, symbols: Mapping[str, str]) -> tuple[Shown, ...]:
    cache = layout.prepared.cache
    key = ("shown", id(layout), tuple(sorted(symbols.items())))
    if key not in cache:
        writer = Writer(style(layout, symbols))
        cache[key] = tuple(_one(layout, name, node, writer) for name, node in layout.steps.items())
    found: tuple[Shown, ...] = cache[key]
    return found


def _one(layout: Work, name: str, node: Node, writer: Writer) -> Shown:
    kind = layout.kinds[name]
    left = symbol(name, writer.style)
    body = node.args[0] if node.op == "named" else node
    entries: tuple[tuple[str, str, str, Node], ...] = ()
    if node.shape == ():
        scalar = _spelled_out(node)
        body = scalar if scalar is not None else body
    elif np.prod(node.shape) <= MAX_ENTRIES and len(node.shape) <= 2:
        entries = _entries(name, node, left, writer)
    formula = f"{left} = {writer.write(body)}"
    return Shown(name, kind, prompt(layout, name, kind, writer.style.deltas), left, formula, body, entries)


def _leaf(node: Node) -> bool:
    return node.op in {"named", "given"}


def _spelled_out(node: Node) -> Node | None:
    """A number that comes from short vectors, as the sum a person would compute."""
    inner = node.args[0] if node.op == "named" else node
    if not inner.args or not any(n.shape for n in ordered([inner], stop=_leaf)):
        return None
    if sum(int(np.prod(n.shape)) for n in ordered([inner], stop=_leaf) if n.shape) > 4 * MAX_TERMS:
        return None
    made: Any = expand(inner, _leaf)
    below = ordered([made], stop=lambda n: n.op == "index") if isinstance(made, Node) else []
    if not below or len(below) > 2 * MAX_TERMS or sum(n.op == "index" for n in below) > MAX_ENTRIES:
        return None
    return made if isinstance(made, Node) else None


def _entries(name: str, node: Node, left: str, writer: Writer) -> tuple[tuple[str, str, str, Node], ...]:
    inner = node.args[0] if node.op == "named" else node
    if not inner.args or sum(int(np.prod(n.shape)) for n in ordered([inner], stop=_leaf)) > 400:
        return ()
    made = expand(inner, _leaf)
    if made is None:
        return ()
    out = []
    for at in np.ndindex(node.shape):
        entry: Node = made[at]
        lhs = subscripted(left, ",".join(str(i + 1) for i in at))
        if len(ordered([entry], stop=lambda n: n.op == "index")) > 2 * MAX_TERMS:
            return ()
        out.append((f"{name}[{', '.join(map(str, at))}]", lhs, f"{lhs} = {writer.write(entry)}", entry))
    return tuple(out)


_DOING = {
    "matmul": "Multiply weights and inputs and add up",
    "sigmoid": "Apply the sigmoid",
    "tanh": "Apply tanh",
    "relu": "Apply the ReLU",
    "gelu": "Apply the GELU",
    "leaky_relu": "Apply the leaky ReLU",
    "softplus": "Apply softplus",
    "elu": "Apply the ELU",
    "softmax": "Turn the scores into probabilities with softmax",
    "conv": "Slide the kernel over the input",
    "maxpool": "Take the largest entry of every window",
    "avgpool": "Take the mean of every window",
    "mean": "Take the mean",
    "sum": "Add up",
    "outer": "Form the outer product",
}


_BACK = {
    "put_max": ": each window's goes to its largest entry",
    "avgpool_back": ": each window's is shared evenly among its entries",
    "conv_k": ": slide the error over the input",
    "conv_x": ": spread the error with the kernel",
}


def prompt(layout: Work, name: str, kind: str, marks: frozenset[str]) -> str:  # noqa: PLR0911
    """The sentence that asks for a step."""
    if kind == "backward":
        if name.startswith("delta_"):
            return f"Find the error term δ at the activation {name.removeprefix('delta_')}."
        of, _, by = name[1:].partition("/d")
        if by in marks:
            return f"Find the error term δ at {by}: how does {of} change with {by}?"
        kind_of = "parameter" if layout.update and by in layout.update.of else "value"
        how = _BACK.get(plain(layout.steps[name]).op, "")
        return f"Find the gradient of {of} with respect to the {kind_of} {by}{how}."
    if kind == "loss":
        return f"Compute the loss {name}."
    if kind == "asked":
        return f"Compute {name}."
    if kind == "update":
        return _update_prompt(name)
    below = plain(layout.steps[name])
    ops = [n.op for n in ordered([below], stop=_leaf)]
    doing = _DOING.get(below.op) or (_DOING["matmul"] if "matmul" in ops and set(ops) <= _LINEAR else "")
    return f"{doing} to get {name}." if doing else f"Compute {name}."


_LINEAR = {"matmul", "add", "given", "named"}


def _update_prompt(name: str) -> str:  # noqa: PLR0911
    base = name.removesuffix("'")
    if name.startswith("Δ"):
        return f"Find the change of {name[1:]}."
    if name == "eta_t":
        return "Find the learning rate of this update."
    if name == "norm":
        return "Find the length of the whole gradient."
    if base.startswith("clipped_"):
        return f"Clip the gradient of {base.removeprefix('clipped_')}."
    if base.startswith("g_"):
        return f"Add the weight decay to the gradient of {base.removeprefix('g_')}."
    if "_hat" in base:
        return f"Correct {base.replace('_hat', '')} for its start at zero."
    if name.endswith("'"):
        return f"Find the new value of {base}."
    return f"Compute {name}."
