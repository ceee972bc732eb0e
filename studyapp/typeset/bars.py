"""Bar charts in eighth blocks and ratio bars. Numbers in, a `Drawing` out; colours are named, not chosen.

Styles: bar, axis, label; done and rest of a ratio.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from studyapp.typeset.model import Drawing, Line, Span
from studyapp.typeset.scale import label_line, number, ticks
from studyapp.typeset.width import cells, pad

_EIGHTHS = " ▁▂▃▄▅▆▇█"
_WIDEST_BAR = 6


def bars(
    values: Sequence[float], *, width: int, height: int = 4, labels: Sequence[str] = (), title: str = "Bars"
) -> Drawing:
    """Vertical bars over an axis, a gap between any two, in `height` lines of bars and two of axis.

    `values` are finite and not negative; `labels[n]` names value n ("" for none) and is left out where it would touch
    another. When the bars do not fit side by side, neighbours are added up and the words say so. `title` begins the
    sentence: "Due in the next 30 days".

    Raises: ValueError for a value that is negative or not finite, and for less room than one bar needs.
    """
    if any(not math.isfinite(value) or value < 0 for value in values):
        raise ValueError("bars need finite values that are not negative")
    if not values:
        return Drawing((Line("nothing to show yet").styled("label"),), f"{title}: nothing to show yet.")
    grouped, group, scale = _grouped(values, width, height)
    gutter = max(cells(number(tick, scale[1])) for tick in scale)
    room = width - gutter - 1
    unit = min(_WIDEST_BAR + 1, (room + 1) // len(grouped))
    if height < 1 or (unit < 2 and len(grouped) > 1) or room < 1:
        raise ValueError(f"bars need more room than {width} cells by {height} lines")
    lines = _columns(grouped, scale, gutter=gutter, height=height, thick=max(1, unit - 1), room=room)
    starts = [n * unit for n in range(len(grouped))]
    names = [labels[n * group] if n * group < len(labels) else "" for n in range(len(grouped))]
    below = label_line(zip(starts, names, strict=True), room)
    marks = "".join(
        "┬" if _is_labelled(below, place, names, starts) else "─" for place in range(starts[-1] + max(1, unit - 1))
    )
    lines.append(Line(" " * gutter + "└" + marks).styled("axis"))
    if below:
        lines.append(Line(" " * (gutter + 1) + below).styled("label"))
    return Drawing(tuple(lines), _words(values, labels, title, group))


def _grouped(values: Sequence[float], width: int, height: int) -> tuple[list[float], int, tuple[float, ...]]:
    """The values added up in groups as small as the width allows, the size of a group, and the ticks."""
    group = 1
    while True:
        sums = [sum(values[n : n + group]) for n in range(0, len(values), group)]
        most = max(1, min(4, height // 2))
        if all(isinstance(value, int) for value in values):  # a half of something counted is never on the axis
            most = max(1, min(most, int(max(sums))))
        scale = ticks(0, max(sums) or 1, most)
        room = width - max(cells(number(tick, scale[1])) for tick in scale) - 1
        if len(sums) == 1 or 2 * len(sums) - 1 <= room:
            return sums, group, scale
        group += 1


def _columns(
    values: Sequence[float], scale: Sequence[float], *, gutter: int, height: int, thick: int, room: int
) -> list[Line]:
    """The lines above the axis, from the top."""
    top = scale[-1]
    marked = {round(tick / top * height) - 1: number(tick, scale[1]) for tick in scale if tick}
    eighths = [max(1, round(value / top * height * 8)) if value else 0 for value in values]
    lines = []
    for row in range(height - 1, -1, -1):
        axis = pad(marked.get(row, ""), gutter, "right") + "┤"
        drawn = " ".join(_EIGHTHS[min(8, max(0, size - 8 * row))] * thick for size in eighths).rstrip()[:room]
        spans = (Span(0, len(axis), "axis"), *((Span(len(axis), len(axis) + len(drawn), "bar"),) if drawn else ()))
        lines.append(Line(axis + drawn, spans))
    return lines


def _is_labelled(below: str, place: int, names: Sequence[str], starts: Sequence[int]) -> bool:
    name = names[starts.index(place)] if place in starts else ""
    return bool(name) and below[place : place + len(name)] == name


def _words(values: Sequence[float], labels: Sequence[str], title: str, group: int) -> str:
    most = max(range(len(values)), key=lambda n: values[n])
    where = labels[most] if most < len(labels) and labels[most] else f"place {most + 1}"
    merged = f" Each bar is {group} of them added up." if group > 1 else ""
    if not any(values):
        return f"{title}: {len(values)} values, all 0.{merged}"
    return (
        f"{title}: {len(values)} values, {number(sum(values))} in all, most at {where} ({number(values[most])}), "
        f"least {number(min(values))}.{merged}"
    )


def ratio(share: float, *, width: int = 8) -> Drawing:
    """A bar ▰▰▰▱▱ for a share between 0 and 1. It is full only at 1 and empty only at 0.

    Raises: ValueError when the share is not between 0 and 1 or the width not positive.
    """
    if not 0 <= share <= 1 or width < 1:
        raise ValueError(f"a share lies between 0 and 1, not {share}, and needs a cell to be drawn in")
    filled = round(share * width)
    if width > 1:
        filled = min(max(filled, 1 if share > 0 else 0), width - (1 if share < 1 else 0))
    spans = (Span(0, filled, "done"), Span(filled, width, "rest"))
    line = Line("▰" * filled + "▱" * (width - filled), tuple(span for span in spans if span.start < span.end))
    return Drawing((line,), f"{math.floor(100 * share + 1e-9)} percent.")
