"""Tables in cells: columns as wide as they need, narrowed and wrapped when the whole is too wide. Knows no Markdown."""

from __future__ import annotations

from collections.abc import Sequence

from studyapp.typeset.model import Line
from studyapp.typeset.runs import BREAK, KEPT, wrap
from studyapp.typeset.width import cells

_GAP = 2


def table(rows: Sequence[Sequence[Line]], aligns: Sequence[str], width: int) -> list[Line]:
    """Rows of cells (the first is the header) as lines of at most `width` cells; `aligns` is left, right or center."""
    count = max((len(row) for row in rows), default=0)
    if not count:
        return []
    full = [[*row, *[Line("")] * (count - len(row))] for row in rows]
    natural = [max(1, *(_natural(row[n]) for row in full)) for n in range(count)]
    least = [max(1, *(_longest_word(row[n]) for row in full)) for n in range(count)]
    widths = _shared(natural, least, width - _GAP * (count - 1))
    if widths is None:
        return _one_under_another(full, width)
    lines: list[Line] = []
    for place, row in enumerate(full):
        lines += _row(row, widths, aligns)
        if place == 0:
            bars = (" " * _GAP).join("─" * size for size in widths)
            lines.append(Line(bars).styled("rule"))
    return lines


def _natural(line: Line) -> int:
    return max(cells(part.replace(KEPT, " ")) for part in line.text.split(BREAK))


def _longest_word(line: Line) -> int:
    return max(cells(word.replace(KEPT, " ")) for word in line.text.replace(BREAK, " ").split(" "))


def _shared(natural: list[int], least: list[int], room: int) -> list[int] | None:
    """Widths of columns that fit into `room`: the widest give way first; None if hopeless."""
    widths = list(natural)
    floor = [min(size, max(6, min(word, 12))) for size, word in zip(natural, least, strict=True)]
    while sum(widths) > room:
        loose = [n for n in range(len(widths)) if widths[n] > max(floor[n], least[n])]
        loose = loose or [n for n in range(len(widths)) if widths[n] > floor[n]]
        if not loose:
            return None
        widest = max(loose, key=lambda n: widths[n])
        widths[widest] -= 1
    return widths


def _row(row: Sequence[Line], widths: Sequence[int], aligns: Sequence[str]) -> list[Line]:
    """One row, its cells wrapped side by side."""
    columns = [wrap(cell, size) for cell, size in zip(row, widths, strict=True)]
    lines = []
    for n in range(max(len(column) for column in columns)):
        line = Line("")
        for place, (column, size) in enumerate(zip(columns, widths, strict=True)):
            part = column[n] if n < len(column) else Line("")
            line = line + (Line(" " * _GAP) if place else Line("")) + _aligned(part, size, aligns[place])
        lines.append(Line(line.text.rstrip(" "), line.spans))
    return lines


def _aligned(line: Line, width: int, align: str) -> Line:
    missing = max(0, width - line.width)
    before = missing if align == "right" else missing // 2 if align == "center" else 0
    return line.indented(before).padded(width)


def _one_under_another(rows: Sequence[Sequence[Line]], width: int) -> list[Line]:
    """Where no table fits: each row as lines "header: cell"."""
    lines: list[Line] = []
    header = rows[0]
    for place, row in enumerate(rows[1:]):
        if place:
            lines.append(Line(""))
        for name, cell in zip(header, row, strict=True):
            label = name + Line(": ") if name.text else Line("")
            lines += wrap(label + cell, width)
    return lines or [line for cell in header for line in wrap(cell, width)]
