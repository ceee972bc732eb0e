"""A formula in two dimensions at a given width, broken at relations and signs when it is too wide.

What cannot be broken further falls back, in this order: sums and fractions in their small form; the one-line form,
wrapped at its blanks; and at last cut between letters. Nothing is dropped and no line is wider than asked.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from studyapp.typeset.boxes import Box, beside, blank, stacked, text_box
from studyapp.typeset.inline import Setter, joined
from studyapp.typeset.letters import to_line
from studyapp.typeset.model import Block
from studyapp.typeset.parse import parse
from studyapp.typeset.spacing import Atom, atoms
from studyapp.typeset.symbols import Kind
from studyapp.typeset.tall import TallSetter
from studyapp.typeset.tree import ALIGNED, GATHERED, Formula, Grid, Row, single
from studyapp.typeset.width import cells, graphemes, pad

_NUMBER_GAP = 2
_SIGNS = dict.fromkeys("=+−-≈≤≥<>←→∈∼", 0) | dict.fromkeys("·×⊙⊗*", 1)
"""Signs before which a line may well be broken, sums rather than products."""


@lru_cache(maxsize=2048)
def display(tex: str, width: int = 76, *, big: bool = True, number: str = "") -> Block:
    r"""The formula `tex` (without dollars) in at most `width` cells, its number (or `\tag`) at the right margin.

    `big` draws free-standing sums and products over several lines; without it they are single characters.

    Raises: TexError when the formula cannot be set; ValueError when the width is not positive.
    """
    formula = parse(tex)
    return to_block(set_box(Formula(formula.body, formula.tag or number), width, plain=False, big=big))


def set_box(formula: Formula, width: int, *, plain: bool, big: bool) -> Box:
    """The box of a formula with its number.

    Raises: ValueError when the width is not positive.
    """
    if width < 1:
        raise ValueError(f"a formula needs at least one cell, not {width}")
    tag = f"({formula.tag})" if formula.tag else ""
    if tag and cells(tag) + _NUMBER_GAP < width // 2:
        body = fitted(formula.body, width - cells(tag) - _NUMBER_GAP, plain=plain, big=big)
        return beside([body, blank(width - cells(tag) - body.width), text_box(tag)])
    body = fitted(formula.body, width, plain=plain, big=big)
    return stacked([body, wrapped(tag, width)], 0, "right") if tag else body


def to_block(box: Box) -> Block:
    """A box as lines with spans."""
    return Block(tuple(to_line(line) for line in box.lines), box.base, box.width)


def fitted(body: Row, width: int, *, plain: bool, big: bool) -> Box:
    """The body in at most `width` cells, by the first way that fits."""
    tall = TallSetter(plain=plain, big=big)
    line = atoms(body, tall=True, plain=plain)
    whole = tall.boxes(line)
    if whole.width <= width:
        return whole
    core = single(body)
    if isinstance(core, Grid) and core.name in ALIGNED | GATHERED and len(core.rows) > 1:
        return stacked([fitted(joined(row), width, plain=plain, big=big) for row in core.rows], 0, "left")
    for setter in (tall, TallSetter(plain=plain, big=False)):
        broken = _broken(line, width, setter.boxes)
        if broken is not None:
            return broken
    return wrapped(Setter(plain=plain).row(body), width, min(4, width // 8))


def _broken(line: list[Atom], width: int, setting: Callable[[list[Atom]], Box]) -> Box | None:
    """The atoms on several lines, each beginning with a relation, a sign or what follows a comma; None if too wide."""
    pieces = _pieces(line)
    if len(pieces) < 2:
        return None
    boxes = [setting(piece) for piece in pieces]
    indent = _indent(boxes, pieces, width)
    rows: list[list[Box]] = [[]]
    used = 0
    for chunk in _chunks(pieces, boxes):
        together = sum(box.width + piece[0].gap for piece, box in chunk) - chunk[0][0][0].gap
        keep = together <= width - indent
        for place, (piece, box) in enumerate(chunk):
            gap = piece[0].gap if rows[-1] else 0
            needed = (together if place == 0 else 0) if keep else box.width
            if rows[-1] and used + gap + needed > width:
                rows.append([])
                used, gap = indent, 0
            if used + gap + box.width > width:
                return None
            rows[-1] += [blank(gap), box]
            used += gap + box.width
    lines = [beside(row) if n == 0 else beside([blank(indent), *row]) for n, row in enumerate(rows)]
    if any(one.height > 1 for one in lines):
        lines = [part for n, one in enumerate(lines) for part in ((blank(1), one) if n else (one,))]
    return stacked(lines, 0, "left")


def _chunks(pieces: list[list[Atom]], boxes: list[Box]) -> list[list[tuple[list[Atom], Box]]]:
    """Pieces from one relation to the next, which are better not parted."""
    chunks: list[list[tuple[list[Atom], Box]]] = []
    for piece, box in zip(pieces, boxes, strict=True):
        if not chunks or piece[0].kind is not Kind.BIN:
            chunks.append([])
        chunks[-1].append((piece, box))
    return chunks


def _indent(boxes: list[Box], pieces: list[list[Atom]], width: int) -> int:
    """Cells before a continued line: up to the first relation when that leaves room, else four or two."""
    used = 0
    for piece, box in zip(pieces, boxes, strict=True):
        if piece[0].kind is Kind.REL and used:
            return used + piece[0].gap if used <= width // 3 else min(4, width // 8)
        used += box.width + piece[0].gap
    return min(4, width // 8)


def _pieces(line: list[Atom]) -> list[list[Atom]]:
    """The atoms in pieces that stay together; a new one begins at a relation, at a sum's sign and behind a comma."""
    pieces: list[list[Atom]] = [[]]
    for place, atom in enumerate(line):
        starts = atom.kind in (Kind.REL, Kind.BIN) or (place > 0 and line[place - 1].kind is Kind.PUNCT)
        if starts and pieces[-1] and place + 1 < len(line):
            pieces.append([])
        pieces[-1].append(atom)
    return pieces


def wrapped(text: str, width: int, indent: int = 0) -> Box:
    """One-line text wrapped at blanks, rather outside brackets and before a sign than within a term.

    The lines after the first begin with `indent` blanks. A piece longer than the width is cut between letters.
    """
    if cells(text) <= width:
        return text_box(text)
    first, width = width, width - indent
    words = [piece for word in text.split(" ") if word for piece in _cut(word, width)]
    depths, depth = [], 0
    for word in words:
        depths.append(depth)
        depth += sum(word.count(sign) for sign in "([{⟨⌊⌈") - sum(word.count(sign) for sign in ")]}⟩⌋⌉")
    lines: list[str] = []
    start = 0
    while start < len(words):
        end = start + 1
        room = width if lines else first
        while end < len(words) and cells(" ".join(words[start : end + 1])) <= room:
            end += 1
        if end < len(words):
            long_enough = [n for n in range(start + 1, end + 1) if 2 * cells(" ".join(words[start:n])) >= room]
            end = min(long_enough or [end], key=lambda n: (depths[n], _SIGNS.get(words[n], 2), -n))
        lines.append(" " * (indent if lines else 0) + " ".join(words[start:end]))
        start = end
    widest = max(map(cells, lines), default=0)
    return Box(tuple(pad(line, widest) for line in lines) or ("",), 0)


def _cut(word: str, width: int) -> list[str]:
    """A word in pieces of at most `width` cells; a letter that is wider than that becomes a question mark."""
    pieces = [""]
    for cluster in graphemes(word):
        shown = cluster if cells(cluster) <= width else "?"
        if cells(pieces[-1]) + cells(shown) > width:
            pieces.append("")
        pieces[-1] += shown
    return pieces
