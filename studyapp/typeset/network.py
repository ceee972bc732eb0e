"""Drawings of small networks: a single neuron, and layers with the weights on their edges or in a table.

Edges are braille lines; a weight stands on its own edge at a place where it hides no other label and no unit. Where
there is no such place, and beyond `MOST` units in a layer, the weights are listed instead. The sign is always written.

Styles: unit, value, edge, weight, emphasis.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from studyapp.typeset.letters import to_line
from studyapp.typeset.model import Drawing, Line, Span
from studyapp.typeset.scale import listed
from studyapp.typeset.width import cells, pad

MOST = 4
"""Units in a layer that can be drawn with their edges told apart."""
CROWDED = 6
"""Edges between two layers above which a table stands below the drawing."""
_DOTS = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))
_ROWS_APART = 4


@dataclass(frozen=True)
class Unit:
    """A unit of a network: its name ("x₁", "h₂", "y") and, perhaps, its value as it is shown."""

    name: str
    value: str = ""
    strong: bool = False
    """Whether it is what is spoken of."""

    @property
    def label(self) -> str:
        """Name and value."""
        return f"{self.name} {self.value}".rstrip()


@dataclass(frozen=True)
class Edge:
    """A weight from one unit to another: `name` ("w₁", may be empty) and `value` ("0.5", "−0.3")."""

    source: str
    target: str
    value: str
    name: str = ""
    strong: bool = False
    """Whether it is what is spoken of."""

    @property
    def label(self) -> str:
        """The weight with its sign written: +0.50, −0.30."""
        return signed(self.value) if self.value else self.name


def signed(value: str) -> str:
    """A number with its sign; what is no number stays as it is."""
    text = value.strip().replace("-", "−", 1) if value.strip().startswith("-") else value.strip()
    return text if not text or text[0] in "+−" or not (text[0].isdigit() or text[0] == ".") else "+" + text


def neuron(inputs: Sequence[tuple[Unit, Edge]], *, width: int, output: str | Unit = "y", sign: str = "Σ") -> Drawing:
    """One neuron: each input with its weight on a line of its own, gathered into Σ.

    `sign` is what the neuron does ("Σ", "Σ → tanh"). Inputs, weights and an output that are strong carry the style
    "emphasis". Too narrow a width gives the table of weights.

    Raises: ValueError when there are no inputs.
    """
    if not inputs:
        raise ValueError("a neuron needs at least one input")
    names = [pad(unit.name, max(cells(u.name) for u, _ in inputs)) for unit, _ in inputs]
    values = [pad(unit.value, max(cells(u.value) for u, _ in inputs), "right") for unit, _ in inputs]
    weights = [f"{edge.name} {edge.value.replace('-', '−')}".strip() for _, edge in inputs]
    stem = max(map(cells, weights))
    middle = len(inputs) - 1
    count = 2 * len(inputs) - 1
    end = output if isinstance(output, Unit) else Unit(output)
    lines: list[str] = []
    spans: list[list[Span]] = [[] for _ in range(count)]
    for row in range(count):
        joint = "─" if count == 1 else "╮" if row == 0 else "╯" if row == count - 1 else "│"
        if row % 2 == 0:
            n = row // 2
            shown = f"{names[n]} {values[n]}" if any(value.strip() for value in values) else names[n]
            text = f"{shown} ─── {weights[n]} {'─' * (stem - cells(weights[n]))}──"
            unit, edge = inputs[n]
            at = len(f"{shown} ─── ")
            spans[row] += [Span(0, len(shown), "emphasis")] if unit.strong else []
            spans[row] += [Span(at, at + len(weights[n]), "emphasis")] if edge.strong else []
            joint = "┤" if 0 < row < count - 1 else joint
        else:
            text = " " * cells(lines[0][:-1])
        lines.append(text + joint)
    tip = {"│": "├", "┤": "┼", "─": "─"}[lines[middle][-1]]
    lines[middle] = f"{lines[middle][:-1]}{tip}── {sign} ── {end.name}"
    if end.strong:
        spans[middle].append(Span(len(lines[middle]) - len(end.name), len(lines[middle]), "emphasis"))
    words = f"A neuron with the output {end.name}: " + listed(
        [f"input {unit.label} with weight {edge.name + ' ' if edge.name else ''}{edge.label}" for unit, edge in inputs]
    )
    drawn = tuple(_spanned(to_line(line), own) for line, own in zip(lines, spans, strict=True))
    if max(line.width for line in drawn) > width:
        return Drawing(_table([edge for _, edge in inputs], {}, width), words + ".")
    return Drawing(drawn, words + ".")


def network(layers: Sequence[Sequence[Unit]], edges: Sequence[Edge], *, width: int, notes: bool = True) -> Drawing:
    """Layers from left to right with all edges, at most `width` cells wide.

    Units and edges that are strong carry the style "emphasis". When labels would not all find a place, or with more
    than `CROWDED` edges between two layers, a table of the weights stands below (with `notes`); with more than `MOST`
    units in a layer it stands alone.

    Raises: ValueError for an edge between units that do not exist, or for two units of one name.
    """
    names = [unit.name for layer in layers for unit in layer]
    if len(set(names)) != len(names):
        raise ValueError("two units have the same name")
    for edge in edges:
        if edge.source not in names or edge.target not in names:
            raise ValueError(f"the edge {edge.source} → {edge.target} joins a unit that does not exist")
    words = _words(layers, edges)
    units = {unit.name: unit for layer in layers for unit in layer}
    table = _table(edges, units, width)
    if not layers or max(map(len, layers), default=0) > MOST:
        return Drawing(table, words)
    canvas = _Canvas(layers, edges, width)
    if canvas.span < 8 and len(layers) > 1:
        return Drawing(table, words)
    canvas.draw()
    complete = canvas.label()
    lines = canvas.lines()
    crowded = max((len(one) * len(other) for one, other in pairwise(layers)), default=0) > CROWDED
    return Drawing((*lines, Line(""), *table) if notes and (crowded or not complete) else lines, words)


def _spanned(line: Line, spans: Sequence[Span]) -> Line:
    return Line(line.text, (*line.spans, *spans))


class _Canvas:
    """Cells with braille dots under signs, and what may no longer be written over."""

    def __init__(self, layers: Sequence[Sequence[Unit]], edges: Sequence[Edge], width: int) -> None:
        self.edges = edges
        widths = [max((cells(unit.label) for unit in layer), default=0) for layer in layers]
        free = width - sum(widths)
        self.span = min(24, free // max(1, len(layers) - 1))
        tallest = max(map(len, layers), default=0)
        self.height = max(1, (tallest - 1) * _ROWS_APART + 1)
        self.dots: dict[tuple[int, int], int] = {}
        self.style: dict[tuple[int, int], str] = {}
        self.signs: dict[tuple[int, int], tuple[str, str]] = {}
        self.ends: dict[str, tuple[int, int, int]] = {}
        left = 0
        for layer, size in zip(layers, widths, strict=True):
            gap = (self.height - 1) / len(layer) if layer else 0
            for n, unit in enumerate(layer):
                row = round(gap * (n + 0.5)) if len(layer) < tallest else n * _ROWS_APART
                self.ends[unit.name] = (row, left, left + size)
                self.write(row, left, pad(unit.label, size), "emphasis" if unit.strong else "unit")
            left += size + self.span

    def write(self, row: int, column: int, text: str, style: str) -> None:
        """Signs over the dots; a letter's marks stay with it."""
        place = column
        for character in text:
            if cells(character) == 0:
                sign, _ = self.signs[place - 1, row]
                self.signs[place - 1, row] = (sign + character, style)
                continue
            self.signs[place, row] = (character, style)
            if cells(character) == 2:
                self.signs[place + 1, row] = ("", style)
            place += cells(character)

    def draw(self) -> None:
        """All edges as lines of dots; strong ones last, so that they keep their style."""
        for edge in sorted(self.edges, key=lambda one: one.strong):
            style = "emphasis" if edge.strong else "edge"
            for x, y in self._path(edge):
                cell = (x // 2, y // 4)
                self.dots[cell] = self.dots.get(cell, 0) | _DOTS[y % 4][x % 2]
                self.style[cell] = style

    def _path(self, edge: Edge) -> list[tuple[int, int]]:
        row, _, start = self.ends[edge.source]
        goal_row, end, _ = self.ends[edge.target]
        x0, x1 = 2 * (start + 1), 2 * (end - 1) - 1
        y0, y1 = 4 * row + 2, 4 * goal_row + 2
        steps = max(abs(x1 - x0), abs(y1 - y0), 1)
        return [(round(x0 + (x1 - x0) * n / steps), round(y0 + (y1 - y0) * n / steps)) for n in range(steps + 1)]

    def label(self) -> bool:
        """Write each weight on its edge; False when one finds no place (then none of them is written)."""
        before = dict(self.signs)
        for edge in sorted(self.edges, key=lambda one: len(self._free_places(one))):
            places = self._free_places(edge)
            if edge.label and not places:
                self.signs = before
                return False
            if edge.label:
                style = "emphasis" if edge.strong else "weight"
                self.write(places[0][1], places[0][0], edge.label, style)
        return True

    def _free_places(self, edge: Edge) -> list[tuple[int, int]]:
        """Cells where the label lies on its own edge and touches no sign and no other edge's label, best first."""
        size = cells(edge.label)
        path = [(x // 2, y // 4) for x, y in self._path(edge)]
        lowest, highest = path[0][0] + 1, path[-1][0] - 1
        found = []
        for share in (0.25, 0.3, 0.2, 0.35, 0.15, 0.4, 0.7, 0.75, 0.65, 0.8, 0.6, 0.5):
            column, row = path[round(share * (len(path) - 1))]
            column -= size // 2
            around = [(x, row) for x in range(column - 1, column + size + 1)]
            if column >= lowest and column + size - 1 <= highest and not any(cell in self.signs for cell in around):
                crossed = sum(1 for cell in around[1:-1] if cell in self.dots and cell not in path)
                found.append((crossed, column, row))
        found.sort(key=lambda place: place[0])
        return [(column, row) for _, column, row in found]

    def lines(self) -> tuple[Line, ...]:
        """The drawing as lines with spans."""
        drawn = []
        for row in range(self.height):
            text, spans = "", list[Span]()
            last = max((x for x, y in (*self.signs, *self.dots) if y == row), default=-1)
            for column in range(last + 1):
                sign, style = self.signs.get((column, row), ("", "-"))
                if style == "-":
                    dots = self.dots.get((column, row), 0)
                    sign, style = (chr(0x2800 + dots), self.style[column, row]) if dots else (" ", "")
                if style and sign:
                    if spans and spans[-1].style == style and spans[-1].end == len(text):
                        spans[-1] = Span(spans[-1].start, len(text) + len(sign), style)
                    else:
                        spans.append(Span(len(text), len(text) + len(sign), style))
                text += sign
            kept = text.rstrip()
            drawn.append(
                Line(kept, tuple(Span(s.start, min(s.end, len(kept)), s.style) for s in spans if s.start < len(kept)))
            )
        return tuple(drawn)


def _table(edges: Sequence[Edge], units: Mapping[str, Unit], width: int) -> tuple[Line, ...]:
    """The weights as lines "x₁ → h₁  w₁ = +0.5", in as many columns as fit."""
    entries = []
    for edge in edges:
        weight = f"{edge.name} = {signed(edge.value)}" if edge.name and edge.value else edge.label
        entries.append(f"{edge.source} → {edge.target}  {weight}")
    unnamed = [unit.label for unit in units.values() if unit.value]
    widest = max(map(cells, [*entries, *unnamed]), default=0)
    columns = max(1, (width + 3) // (widest + 3))
    lines: list[Line] = []
    for group in (unnamed, entries):
        rows = -(-len(group) // columns)
        for row in range(rows):
            parts = [pad(group[n], widest) for n in range(row, len(group), rows)]
            lines.append(Line("   ".join(parts).rstrip()).styled("weight"))
    return tuple(lines) or (Line(""),)


def _words(layers: Sequence[Sequence[Unit]], edges: Sequence[Edge]) -> str:
    """All of it in a sentence for each layer."""
    sizes = "-".join(str(len(layer)) for layer in layers)
    told = "; ".join(
        f"layer {n}: " + listed([unit.label for unit in layer]) for n, layer in enumerate(layers, 1) if layer
    )
    weights = "; ".join(f"{edge.source} to {edge.target} {edge.label}" for edge in edges)
    return f"A {sizes} network. {told}." + (f" Weights: {weights}." if weights else "")
