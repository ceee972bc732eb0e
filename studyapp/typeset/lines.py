"""Line charts in braille dots with axes; several curves carry marks of their own, so that colour is never needed.

Styles: series-0, series-1, … for the curves and their marks, axis, label.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from studyapp.typeset.model import Drawing, Line, Span
from studyapp.typeset.scale import listed, number, ticks
from studyapp.typeset.width import cells, pad

MARKS = "●□▲◇×+"
_DOTS = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))
"""Braille bits by line and column of a cell."""


@dataclass(frozen=True)
class Series:
    """One curve: `ys` over `xs`, or over 1, 2, 3, … when `xs` is empty. Points that are not finite are gaps."""

    name: str
    ys: Sequence[float]
    xs: Sequence[float] = ()

    @property
    def points(self) -> list[tuple[float, float]]:
        """The points in order."""
        xs = self.xs or range(1, len(self.ys) + 1)
        return [(float(x), float(y)) for x, y in zip(xs, self.ys, strict=True)]


def curves(
    series: Sequence[Series],
    *,
    width: int,
    height: int = 8,
    log: bool = False,
    x_name: str = "",
    title: str = "Curve",
    finals: bool = False,
) -> Drawing:
    """The curves over one pair of axes, `height` lines of plot, two of axis and, for several, one of legend.

    With `log` the y axis is logarithmic and values that are not positive are gaps. `x_name` stands at the right end
    of the axis; `title` begins the sentence. With `finals` the legend gives every curve's last value, a single one's
    too.

    Raises: ValueError when the room is less than 12 cells by 2 lines, or two coordinates differ in length.
    """
    if width < 12 or height < 2:
        raise ValueError(f"a chart needs at least 12 cells by 2 lines, not {width} by {height}")
    plotted = [[_transformed(point, log) for point in one.points] for one in series]
    finite = [point for one in plotted for point in one if point is not None]
    words = f"{title}: {listed([_words(one) for one in series])}." if series else f"{title}: nothing to show yet."
    if not finite:
        return Drawing((Line("nothing to show yet").styled("label"),), words)
    scale = ticks(min(y for _, y in finite), max(y for _, y in finite), max(1, min(4, height // 2)))
    names = [
        number(10.0 ** min(300.0, max(-300.0, tick))) if log else number(tick, scale[1] - scale[0]) for tick in scale
    ]
    gutter = max(map(cells, names))
    left, right = min(x for x, _ in finite), max(x for x, _ in finite)
    canvas = _Canvas(width - gutter - 1, height, (left, right), (scale[0], scale[-1]))
    for index, one in enumerate(plotted):
        canvas.curve(one, index)
    for index, one in enumerate(plotted if len(series) > 1 else ()):
        canvas.marks(one, index, len(series))
    rows = {canvas.row_of(tick): name for tick, name in zip(scale, names, strict=True)}
    lines = [_plot_line(canvas, row, pad(rows.get(row, ""), gutter, "right") + "┤") for row in range(height)]
    lines.append(Line(" " * gutter + "└" + "─" * canvas.width).styled("axis"))
    lines.append(Line(" " * (gutter + 1) + _x_labels(left, right, x_name, canvas.width)).styled("label"))
    if len(series) > 1 or finals:
        lines += _legend(series, gutter + 1, width, finals=finals)
    return Drawing(tuple(lines), words)


def _transformed(point: tuple[float, float], log: bool) -> tuple[float, float] | None:
    x, y = point
    if not (math.isfinite(x) and math.isfinite(y)) or (log and y <= 0):
        return None
    return x, math.log10(y) if log else y


class _Canvas:
    """Braille cells, each with the curve that touched it last, and marks over them."""

    def __init__(self, width: int, height: int, xs: tuple[float, float], ys: tuple[float, float]) -> None:
        self.width, self.height = width, height
        self.xs, self.ys = xs, ys
        self.dots: dict[tuple[int, int], int] = {}
        self.owner: dict[tuple[int, int], int] = {}
        self.sign: dict[tuple[int, int], str] = {}

    def dot_of(self, point: tuple[float, float]) -> tuple[int, int]:
        """Column and line of the dot of a point."""
        across = (self.xs[1] - self.xs[0]) or 1.0
        x = (point[0] - self.xs[0]) / across * (2 * self.width - 1)
        y = (self.ys[1] - point[1]) / (self.ys[1] - self.ys[0]) * (4 * self.height - 1)
        return round(x), round(y)

    def row_of(self, tick: float) -> int:
        """The line of cells at which a value of the y axis lies."""
        return self.dot_of((self.xs[0], tick))[1] // 4

    def curve(self, points: Sequence[tuple[float, float] | None], index: int) -> None:
        """Dots along the lines between neighbours."""
        before: tuple[int, int] | None = None
        for point in points:
            here = None if point is None else self.dot_of(point)
            if here is not None:
                x0, y0 = before or here
                steps = max(abs(here[0] - x0), abs(here[1] - y0), 1)
                for step in range(steps + 1):
                    x = round(x0 + (here[0] - x0) * step / steps)
                    y = round(y0 + (here[1] - y0) * step / steps)
                    cell = (x // 2, y // 4)
                    self.dots[cell] = self.dots.get(cell, 0) | _DOTS[y % 4][x % 2]
                    self.owner[cell] = index
            before = here

    def marks(self, points: Sequence[tuple[float, float] | None], index: int, count: int) -> None:
        """The sign of a curve every few columns, at other columns for every curve."""
        cells_of = [self.dot_of(point) for point in points if point is not None]
        stride = max(4 * count, 10)
        wanted = [stride * n + index * (stride // count) + 2 for n in range(self.width // stride + 1)]
        own = {}
        for (x0, y0), (x1, y1) in zip(cells_of, cells_of[1:] or cells_of, strict=False):
            for column in range(x0 // 2, x1 // 2 + 1):
                share = 0 if x1 == x0 else min(1.0, max(0.0, (2 * column - x0) / (x1 - x0)))
                own[column] = round(y0 + (y1 - y0) * share) // 4
        placed = [column for column in wanted if column in own] or list(own)[:1]
        for column in placed:
            cell = (column, own[column])
            self.sign[cell], self.owner[cell] = MARKS[index % len(MARKS)], index


def _plot_line(canvas: _Canvas, row: int, axis: str) -> Line:
    text = axis
    spans = [Span(0, len(axis), "axis")]
    for column in range(canvas.width):
        cell = (column, row)
        dots = canvas.dots.get(cell, 0)
        text += canvas.sign.get(cell) or (chr(0x2800 + dots) if dots else " ")
        if dots or cell in canvas.sign:
            style = f"series-{canvas.owner[cell]}"
            if spans[-1].style == style and spans[-1].end == len(text) - 1:
                spans[-1] = Span(spans[-1].start, len(text), style)
            else:
                spans.append(Span(len(text) - 1, len(text), style))
    kept = text.rstrip()
    return Line(kept, tuple(spans))


def _x_labels(left: float, right: float, name: str, width: int) -> str:
    first, last = number(left), number(right) + (f" {name}" if name else "")
    if cells(first) + 1 + cells(last) > width:
        last = number(right)
    if cells(first) + 1 + cells(last) > width or left == right:
        return first
    return first + " " * (width - cells(first) - cells(last)) + last


def _legend(series: Sequence[Series], indent: int, width: int, *, finals: bool) -> list[Line]:
    """Marks and names, with their last values where those are wanted, on as many lines as they need."""
    lines: list[Line] = []
    for index, one in enumerate(series):
        entry = Line(one.name)
        if len(series) > 1:
            entry = Line(f"{MARKS[index % len(MARKS)]} ", (Span(0, 1, f"series-{index}"),)) + entry
        if finals and (last := next((y for _, y in reversed(one.points) if math.isfinite(y)), None)) is not None:
            entry = entry + Line(f" {number(float(f'{last:.3g}'))}").styled("label")
        if lines and lines[-1].width + 3 + entry.width <= width:
            lines[-1] = lines[-1] + Line("   ") + entry
        else:
            lines.append(entry.indented(indent))
    return lines


def _words(one: Series) -> str:
    values = [(x, y) for x, y in one.points if math.isfinite(y)]
    if not values:
        return f"{one.name} has no values"
    (x0, first), (x1, last) = values[0], values[-1]
    if len(values) == 1:
        return f"{one.name} is {number(first)} at {number(x0)}"
    verb = "falls" if last < first else "rises" if last > first else "stays"
    low, high = min(y for _, y in values), max(y for _, y in values)
    words = f"{one.name} {verb} from {number(first)} to {number(last)} between {number(x0)} and {number(x1)}"
    if verb == "stays":
        words = f"{one.name} is {number(first)} at {number(x0)} and at {number(x1)}"
    if low < min(first, last):
        words += f", lowest {number(low)}"
    if high > max(first, last):
        words += f", highest {number(high)}"
    return words
