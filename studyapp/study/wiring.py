"""The drawing of an exercise's network, with its weights and with what the current step is about marked. Pure.

Typeset lines, for the screen and for the plain mode; knows variants, no sitting.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from studyapp.study.sheet import numeral
from studyapp.typeset import Drawing, inline_line

if TYPE_CHECKING:
    from engine.exercises import Variant, VariantStep
    from engine.exercises.template import Network


class Marked(NamedTuple):
    """What a step is about: places in the network."""

    layer: int | None = None
    """The layer of units, inputs 0."""
    weights: int | None = None
    """The layer to which the weights lead."""


def drawing(variant: Variant, width: int, *, step: VariantStep | None = None, notes: bool = False) -> Drawing | None:
    """The network with its weights; None where the template has none to draw.

    What `step` is about carries the style "emphasis"; with `notes` a table of the weights stands below.
    """
    from studyapp.typeset.network import Edge, Unit, network, neuron  # only where there is one to draw

    plan = variant.network
    if plan is None or not all(name in variant.given for name in plan.edges):
        return None
    here = Marked() if step is None else marked(variant, step)
    layers = [
        [
            Unit(name, _unit_value(variant, plan.labels[n], place), n == here.layer)
            for place, name in enumerate(_units(plan, n))
        ]
        for n in range(len(plan.layers))
    ]
    edges = []
    for n, name in enumerate(plan.edges):
        weights = variant.given[name]
        rows = [weights] if getattr(weights, "ndim", 0) == 1 else weights
        for j, row in enumerate(rows):
            for i, weight in enumerate(row):
                ends = layers[n][i].name, layers[n + 1][j].name
                edges.append(Edge(*ends, numeral(weight), _weight(name, i, j, rows), n + 1 == here.weights))
    if len(layers) == 2 and len(layers[1]) == 1:
        return neuron(list(zip(layers[0], edges, strict=True)), width=width, output=layers[1][0])
    return network(layers, edges, width=width, notes=notes)


def marked(variant: Variant, step: VariantStep) -> Marked:
    """What `step` is about: forward a layer and the weights into it, backward a layer and the weights out of it.

    A step about weights or biases marks the weights alone, or the units whose biases they are.
    """
    plan = variant.network
    if plan is None:
        return Marked()
    last = len(plan.layers) - 1
    author = next((ask.of for ask in variant.template.asks if ask.name == step.name), "")
    back = re.search(r"/d(\w+)", f"{step.name} {author}")
    text = back[1] if back else re.sub(r"#\d+", "", f"{step.name} {author}")
    names = re.findall(r"[^\W\d]\w*", text)
    for name in names:
        if name in plan.edges:
            return Marked(weights=plan.edges.index(name) + 1)
        if name in plan.biases:
            return Marked(layer=plan.biases.index(name) + 1)
    levels = _levels(variant, plan)
    reached = [levels[name] for name in names if levels.get(name)]
    if not reached:
        return Marked()
    layer = max(reached)
    if back:
        return Marked(layer, layer + 1 if layer < last else None)
    return Marked(layer, None if variant.template.program.loss in names else layer)


def _levels(variant: Variant, plan: Network) -> dict[str, int]:
    """Name of a value → the layer it belongs to: that of the latest weights it was made with."""
    levels = {name: n for n, name in enumerate(plan.edges, 1)} | {plan.labels[0]: 0}
    for line in variant.template.program.lines:
        levels[line.name] = max((levels.get(name, 0) for name in line.uses), default=0)
    return levels


def _units(plan: Network, layer: int) -> list[str]:
    """The names of a layer's units: x₁ x₂, and for a single one its plain name. Deep networks say the layer, too."""
    label, count = plan.labels[layer], plan.layers[layer]
    letter = label.rstrip("0123456789") or label
    inner = 0 < layer < len(plan.layers) - 1
    upper = f"^{{({layer})}}" if inner and len(plan.layers) > 3 else ""
    if count == 1:
        return [inline_line(letter + upper).text]
    return [inline_line(f"{letter}_{{{place}}}{upper}").text for place in range(1, count + 1)]


def _unit_value(variant: Variant, label: str, place: int) -> str:
    value = variant.given.get(label)
    return numeral(value[place]) if value is not None and getattr(value, "ndim", 0) == 1 else ""


def _weight(name: str, i: int, j: int, rows: Any) -> str:
    base = name.rstrip("0123456789") or name
    at = f"{i + 1}" if len(rows) == 1 else f"{j + 1}{i + 1}"
    return inline_line(f"{base}_{{{at}}}").text if len(base) == 1 else ""
