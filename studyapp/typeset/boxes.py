"""Rectangles of text with a baseline, and the ways to put them together. Imports `width` only.

A box is `width` cells wide in every line; `base` is the line that stands level with its neighbours.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from studyapp.typeset.width import cells, pad


@dataclass(frozen=True)
class Box:
    """Lines of equal width and the line that is the baseline."""

    lines: tuple[str, ...]
    base: int = 0

    @cached_property
    def width(self) -> int:
        """Cells of every line."""
        return cells(self.lines[0]) if self.lines else 0

    @property
    def height(self) -> int:
        """Number of lines."""
        return len(self.lines)

    @property
    def below(self) -> int:
        """Lines under the baseline."""
        return len(self.lines) - 1 - self.base

    def padded(self, width: int, align: str = "center") -> Box:
        """The box in a wider one."""
        return self if self.width >= width else Box(tuple(pad(line, width, align) for line in self.lines), self.base)


def text_box(text: str) -> Box:
    """One line."""
    return Box((text,))


def blank(width: int, height: int = 1, base: int = 0) -> Box:
    """Nothing, of a given size."""
    return Box((" " * width,) * height, base)


def beside(boxes: Sequence[Box]) -> Box:
    """Boxes side by side, baselines level."""
    if len(boxes) == 1:
        return boxes[0]
    over = max((box.base for box in boxes), default=0)
    under = max((box.below for box in boxes), default=0)
    if over == under == 0:
        return Box(("".join(box.lines[0] for box in boxes),))
    rows = []
    for row in range(-over, under + 1):
        parts = (box.lines[box.base + row] if -box.base <= row <= box.below else " " * box.width for box in boxes)
        rows.append("".join(parts))
    return Box(tuple(rows), over)


def stacked(boxes: Sequence[Box], base: int, align: str = "center") -> Box:
    """Boxes one under another; the baseline is that of the box with index `base`."""
    width = max(box.width for box in boxes)
    lines: list[str] = []
    level = 0
    for place, box in enumerate(boxes):
        if place == base:
            level = len(lines) + box.base
        lines += box.padded(width, align).lines
    return Box(tuple(lines), level)


def scripted(base: Box, sub: Box | None, sup: Box | None) -> Box:
    """`sub` below and `sup` above at the right of `base`, on lines of their own."""
    width = max(box.width for box in (sub, sup) if box is not None)
    column: list[Box] = [blank(width, base.height, base.base)]
    level = 0
    if sup is not None:
        column.insert(0, sup.padded(width, "left"))
        level = 1
    if sub is not None:
        column.append(sub.padded(width, "left"))
    return beside([base, stacked(column, level, "left")])


def fraction(top: Box, bottom: Box) -> Box:
    """One over the other with a bar that stands out at both ends."""
    bar = "─" * (max(top.width, bottom.width) + 2)
    return stacked([top, text_box(bar), bottom], 1)


def root(body: Box, index: Box | None) -> Box:
    """A root sign before and a line over `body`."""
    if body.height == 1:
        sign = Box((" " + "_" * body.width, "√" + body.lines[0]), 1)
        return sign if index is None else beside([Box(index.lines, index.height - 1), sign])
    roof = "┌" + "─" * (body.width + 1)
    lines = [" " + roof, *(" │ " + line for line in body.lines)]
    lines[-1] = "╲" + lines[-1][1:]
    made = Box(tuple(lines), body.base + 1)
    if index is None:
        return made
    before = [" " * index.width] * made.height
    before[-2] = index.lines[-1]
    return beside([Box(tuple(before), made.base), made])


_TALL: dict[str, str] = {
    "(": "⎛⎜⎝",
    ")": "⎞⎟⎠",
    "[": "⎡⎢⎣",
    "]": "⎤⎥⎦",
    "⌊": "⎢⎢⎣",
    "⌋": "⎥⎥⎦",
    "⌈": "⎡⎢⎢",
    "⌉": "⎤⎥⎥",
    "|": "│││",
    "‖": "‖‖‖",
}
_BRACES = {"{": "⎧⎨⎩⎪", "}": "⎫⎬⎭⎪"}
_ANGLES = {"⟨": ("╱", "╲"), "⟩": ("╲", "╱")}


def bracket(char: str, height: int, base: int) -> Box:
    """One bracket, `height` lines tall; braces point at the baseline."""
    if not char:
        return blank(0, height, base)
    if height == 1:
        return text_box(char)
    if char in _TALL:
        top, middle, bottom = tuple(_TALL[char])
        lines = [top, *[middle] * (height - 2), bottom]
    elif char in _BRACES:
        top, waist, bottom, bar = tuple(_BRACES[char])
        lines = [top, *[bar] * (height - 2), bottom]
        if height > 2:
            lines[min(max(base, 1), height - 2)] = waist
    elif char in _ANGLES:
        upper, lower = _ANGLES[char]
        half = height // 2
        return _angle(upper, lower, half, height, opening=char == "⟨")
    else:
        lines = [" "] * height
        lines[base] = char
        return Box(tuple(pad(line, cells(char)) for line in lines), base)
    return Box(tuple(lines), base)


def _angle(upper: str, lower: str, half: int, height: int, *, opening: bool) -> Box:
    """Tall angle brackets are two diagonals that meet in the middle."""
    lines = []
    for row in range(height):
        step = row if row < half else height - 1 - row
        place = max(0, half - 1 - step) if opening else min(step, half - 1)
        middle = height % 2 == 1 and row == half
        sign = ("⟨" if opening else "⟩") if middle else upper if row < half else lower
        lines.append(pad(" " * (place if not middle else (0 if opening else max(0, half - 1))) + sign, max(1, half)))
    return Box(tuple(lines), half)


def enclosed(left: str, body: Box, right: str) -> Box:
    """Brackets around `body`, as tall as it is; braces get three lines so that they have a waist."""
    if body.height == 2 and (left in _BRACES or right in _BRACES):
        body = Box((body.lines[0], " " * body.width, body.lines[1]), 1)
    opening = bracket(left, body.height, body.base)
    closing = bracket(right, body.height, body.base)
    return beside([Box(opening.lines, body.base), body, Box(closing.lines, body.base)])


def grid(rows: Sequence[Sequence[Box]], aligns: Sequence[str], gaps: Sequence[int], *, airy: bool) -> Box:
    """Cells in columns; `gaps[n]` blanks stand before column n. Baselines of a row are level.

    With `airy` a blank line parts two rows that would otherwise leave the middle of the grid between lines, and rows
    of which one is tall.
    """
    count = max(len(row) for row in rows)
    widths = [max((row[n].width for row in rows if n < len(row)), default=0) for n in range(count)]
    lines: list[Box] = []
    tall = any(box.height > 1 for row in rows for box in row)
    for place, row in enumerate(rows):
        if place and (tall or (airy and len(rows) == 2)):
            lines.append(blank(1))
        parts: list[Box] = []
        for n in range(count):
            box = row[n] if n < len(row) else blank(0)
            parts += [blank(gaps[n]), box.padded(widths[n], aligns[n])]
        lines.append(beside(parts))
    made = stacked(lines, 0, "left")
    return Box(made.lines, (made.height - 1) // 2)
