"""Nodes into boxes: fractions, roots, limits, matrices and brackets that grow. Used by `display`."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from studyapp.typeset.boxes import (
    Box,
    beside,
    blank,
    bracket,
    enclosed,
    fraction,
    grid,
    root,
    scripted,
    stacked,
    text_box,
)
from studyapp.typeset.inline import MARKS, Setter, joined
from studyapp.typeset.letters import lowered, raised
from studyapp.typeset.spacing import ONE, PRODUCT, Atom, atoms, is_doubled, level
from studyapp.typeset.symbols import COMMANDS, Kind
from studyapp.typeset.tree import (
    ALIGNED,
    CASES,
    MATRIX_BRACKETS,
    Accent,
    Boxed,
    Brace,
    Delimited,
    Frac,
    Grid,
    Node,
    Root,
    Row,
    Script,
    Stack,
    Sym,
    Word,
    single,
)
from studyapp.typeset.width import cells

_BIG_SIGNS = {
    "∑": Box(("__", "╲ ", "╱_"), 1),
    "∏": Box(("┬──┬", "│  │"), 1),
}
_MARKS_ABOVE = {
    "hat": "^",
    "widehat": "^",
    "tilde": "~",
    "widetilde": "~",
    "check": "ˇ",
    "breve": "˘",
    "dot": "˙",
    "ddot": "¨",
}


class TallSetter:
    """Sets nodes in two dimensions. `big` draws sums and products that stand free over several lines."""

    def __init__(self, *, plain: bool = False, big: bool = True) -> None:
        self.plain = plain
        self.big = big
        self.line = Setter(plain=plain)

    def row(self, node: Node, *, small: bool = False) -> Box:
        """A row as one box; `small` inside fractions, matrices and roots."""
        return self.boxes(atoms(node, tall=True, plain=self.plain), small=small)

    def boxes(self, line: Sequence[Atom], *, small: bool = False) -> Box:
        """Atoms side by side, the first without its gap."""
        parts: list[Box] = []
        text = ""
        for place, atom in enumerate(line):
            box = self.one(atom.node, small=small)
            gap = " " * atom.gap if place else ""
            if box.height == 1:
                text += gap + box.lines[0]
            else:
                if text or gap:
                    parts.append(text_box(text + gap))
                text = ""
                parts.append(box)
        if text or not parts:
            parts.append(text_box(text))
        return beside(parts)

    def one(self, node: Node, *, small: bool = False) -> Box:  # noqa: PLR0911, PLR0912 - one case for each node
        """One node as a box."""
        match node:
            case Frac():
                return self.fraction(node, small=small)
            case Root():
                if self.plain:
                    return text_box(self.line.one(node))
                index = None if node.index is None else text_box(self._small_index(node.index))
                return root(self.row(node.body, small=small), index)
            case Script():
                return self.script(node, small=small)
            case Stack():
                return self.limits(self.one(node.base, small=small), node.under, node.over)
            case Accent():
                return self.accent(node, small=small)
            case Brace():
                return self.brace(node, small=small)
            case Delimited() if is_doubled(node):
                return self.row(node.body, small=small)
            case Delimited():
                return self.delimited(node, small=small)
            case Grid():
                return self.grid(node)
            case Boxed():
                return framed(self.row(node.body, small=small))
            case Row():
                return self.row(node, small=small)
            case Sym() if self.big and not small and not self.plain and node.text in _BIG_SIGNS:
                return _BIG_SIGNS[node.text]
            case _:
                return text_box(self.line.one(node))

    def _small_index(self, index: Node) -> str:
        text = self.line.row(index, tight=True)
        return raised(text) or text

    def fraction(self, node: Frac, *, small: bool) -> Box:
        """Over each other; on one line when asked for, or inside something small when no bracket is needed."""
        if not node.bar:
            return stacked([self.row(node.top, small=True), blank(1), self.row(node.bottom, small=True)], 1)
        simple = level(node.top) >= PRODUCT and level(node.bottom) >= ONE
        if node.size == "t" or (small and not node.size and simple):
            text = self.line.fraction(node)
            top = self.row(node.top, small=True)
            if top.height == 1 and self.row(node.bottom, small=True).height <= 2:
                return text_box(text)
        return fraction(self.row(node.top, small=True), self.row(node.bottom, small=True))

    # --- scripts

    def script(self, node: Script, *, small: bool) -> Box:
        """Limits above and below where the operator has them, else small letters, else raised and lowered lines."""
        if self._has_limits(node, small=small):
            return self.limits(self.one(node.base, small=small), node.sub, node.sup)
        base = single(node.base) or node.base
        if isinstance(base, Sym) and base.text in "∫∬∭∮" and not small and not self.plain:
            return self.integral(base, node)
        box = self.one(base, small=small)
        if isinstance(base, Frac | Root) or (isinstance(base, Row) and len(base.items) > 1) or self._torn(base, node):
            box = enclosed("(", box, ")")
        return self.hung(box, node)

    @staticmethod
    def _torn(base: Node, node: Script) -> bool:
        return isinstance(base, Script) and (base.sup is not None or node.sub is not None)

    def hung(self, box: Box, node: Script) -> Box:
        """`box` with the scripts of `node` at its right."""
        if self.plain and box.height == 1:
            return text_box(box.lines[0] + self.line.one(Script(Row(()), node.sub, node.sup)))
        sub = None if node.sub is None else self.line.row(node.sub, tight=True)
        sup = None if node.sup is None else self.line.row(node.sup, tight=True)
        low = "" if sub is None else None if self.plain else lowered(sub)
        high = "" if sup is None else None if self.plain else raised(sup)
        if box.height > 1:
            return self._hung_at_corners(box, sub=sub, sup=sup, low=low, high=high)
        if low is not None and high is not None:
            return text_box(box.lines[0] + low + high)
        if low is None and high is None:
            return scripted(box, text_box(sub or ""), text_box(sup or ""))
        # One of them has letters of its own: it stays on the line, the other stands above or below where it begins.
        width = max(
            cells(sub if low is None and sub else low or ""), cells(sup if high is None and sup else high or "")
        )
        rest = box.lines[0] + (low or high or "")
        rest += " " * (box.width + width - cells(rest))
        over = " " * box.width + (sup or "") if high is None else None
        under = " " * box.width + (sub or "") if low is None else None
        rows = [row for row in (over, rest, under) if row is not None]
        return Box(tuple(row + " " * (cells(rest) - cells(row)) for row in rows), 0 if over is None else 1)

    @staticmethod
    def _hung_at_corners(box: Box, *, sub: str | None, sup: str | None, low: str | None, high: str | None) -> Box:
        """Scripts of something tall: small letters beside its first and last line, others above and below it."""
        small = [" "] * box.height
        small[0] = high or " "
        small[-1] = low or " "
        if sup or sub:
            width = max(map(cells, small))
            corner = Box(tuple(text + " " * (width - cells(text)) for text in small), box.base)
            box = beside([box, corner]) if high or low else box
        over = text_box(sup) if sup and high is None else None
        under = text_box(sub) if sub and low is None else None
        return scripted(box, under, over) if over or under else box

    def _has_limits(self, node: Script, *, small: bool) -> bool:
        if node.limits is not None:
            return node.limits
        base = single(node.base) or node.base
        if isinstance(base, Word):
            return base.limits
        if isinstance(base, Stack):
            return True
        if not isinstance(base, Sym) or base.kind not in (Kind.OP, Kind.FUNC):
            return False
        symbol = COMMANDS.get(base.name)
        return symbol is not None and symbol.limits and not (small and base.kind is Kind.OP and self._fits_beside(node))

    def _fits_beside(self, node: Script) -> bool:
        """Whether the limits of a small sum can stand beside it in small letters: ∑ₖ."""
        low = "" if node.sub is None else lowered(self.line.row(node.sub, tight=True))
        high = "" if node.sup is None else raised(self.line.row(node.sup, tight=True))
        return low is not None and high is not None

    def limits(self, base: Box, under: Node | None, over: Node | None) -> Box:
        """`under` and `over` centred below and above."""
        parts, level_of_base = [base], 0
        if over is not None:
            parts.insert(0, _centred(self.row(over, small=True), base.width))
            level_of_base = 1
        if under is not None:
            parts.append(_centred(self.row(under, small=True), base.width))
        return stacked(parts, level_of_base)

    def integral(self, base: Sym, node: Script) -> Box:
        """A tall integral sign with its limits at the right."""
        sign = Box(("⌠", "⎮", "⌡"), 1) if base.text == "∫" else Box((" ", base.text, " "), 1)
        over = "" if node.sup is None else self.line.row(node.sup, tight=True)
        under = "" if node.sub is None else self.line.row(node.sub, tight=True)
        width = max(cells(over), cells(under))
        lines = (over + " " * (width - cells(over)), " " * width, under + " " * (width - cells(under)))
        return beside([sign, Box(lines, 1)])

    # --- marks, braces, brackets

    def accent(self, node: Accent, *, small: bool) -> Box:
        """A mark over one letter, or a line of its own over several."""
        body = single(node.body) or node.body
        if self.plain or node.name == "cancel":
            return text_box(self.line.accent(node))
        box = self.row(node.body, small=small)
        if isinstance(body, Script) and node.name not in ("overline", "underline", "bar", "overrightarrow"):
            return self.script(Script(Accent(node.name, body.base), body.sub, body.sup, body.limits), small=small)
        if box.height == 1 and sum(not unicodedata.combining(c) for c in box.lines[0]) == 1:
            return text_box(unicodedata.normalize("NFC", box.lines[0] + MARKS[node.name]))
        if node.name == "underline":
            return Box((*box.lines, "‾" * box.width), box.base)
        if node.name in ("overline", "bar"):
            mark = "_" * box.width
        elif node.name in ("vec", "overrightarrow"):
            mark = "─" * (box.width - 1) + "→"
        elif node.name == "overleftarrow":
            mark = "←" + "─" * (box.width - 1)
        else:
            mark = _MARKS_ABOVE.get(node.name, "^").center(box.width)
        return Box((mark, *box.lines), box.base + 1) if box.width else box

    def brace(self, node: Brace, *, small: bool) -> Box:
        """╰──┬──╯ with its note."""
        body = self.row(node.body, small=small)
        if self.plain:
            return text_box(self.line.one(node)) if body.height == 1 else body
        width = max(3, body.width)
        half = (width - 1) // 2
        waist = "┴" if node.over else "┬"
        left, right = ("╭", "╮") if node.over else ("╰", "╯")
        line = text_box(left + "─" * (half - 1) + waist + "─" * (width - half - 2) + right)
        note = [] if node.note is None else [self.row(node.note, small=True)]
        return stacked([*note, line, body], len(note) + 1) if node.over else stacked([body, line, *note], 0)

    def delimited(self, node: Delimited, *, small: bool) -> Box:
        r"""Brackets as tall as what they hold; a `\middle` bar grows too."""
        pieces: list[list[Atom]] = [[]]
        bars: list[str] = []
        for atom in atoms(node.body, tall=True, plain=self.plain):
            if isinstance(atom.node, Sym) and atom.node.tall:
                bars.append(atom.node.text)
                pieces.append([])
            else:
                pieces[-1].append(atom)
        inner = [self.boxes(piece, small=small) for piece in pieces]
        height_over = max(box.base for box in inner)
        height = height_over + 1 + max(box.below for box in inner)
        parts: list[Box] = [inner[0]]
        for char, box in zip(bars, inner[1:], strict=True):
            bar = bracket(self.line.bracket(char), height, height_over)
            parts += [blank(1), Box(bar.lines, height_over if bar.height > 1 else 0), blank(1), box]
        body = beside(parts)
        left, right = node.left, node.right
        if body.height == 1:
            left, right = self.line.bracket(left), self.line.bracket(right, closing=True)
        return enclosed(left, body, right)

    # --- grids

    def grid(self, node: Grid) -> Box:
        """Matrices, cases, aligned lines."""
        if node.name in MATRIX_BRACKETS:
            rows = self._numbers_aligned([[self.row(cell, small=True) for cell in row] for row in node.rows])
            count = max(len(row) for row in rows)
            sides = {"l": "left", "c": "center", "r": "right"}
            aligns = [sides[node.columns[n]] if n < len(node.columns) else "center" for n in range(count)]
            left, right = MATRIX_BRACKETS[node.name]
            return enclosed(left, grid(rows, aligns, [0] + [2] * (count - 1), airy=bool(left)), right)
        if node.name in CASES:
            rows = [[self.row(cell, small=True) for cell in row] for row in node.rows]
            count = max(len(row) for row in rows)
            body = grid(rows, ["left"] * count, [0] + [2] * (count - 1), airy=True)
            return enclosed("", body, "}") if node.name == "rcases" else enclosed("{", body, "")
        if node.name in ALIGNED:
            return self.aligned(node)
        rows = [[self.row(joined(row))] for row in node.rows]
        return grid(rows, ["left" if node.name == "lines" else "center"], [0], airy=False)

    def aligned(self, node: Grid) -> Box:
        """Columns by turns flush right and flush left, so that the relations stand under one another."""
        count = max(len(row) for row in node.rows)
        rows: list[list[Box]] = []
        for row in node.rows:
            boxes: list[Box] = []
            for n, cell in enumerate(row):
                first = next(iter(atoms(cell)), None)
                opens = n % 2 == 1 and first is not None and (first.kind in (Kind.REL, Kind.BIN) or first.unary)
                box = self.row(Row((Row(()), cell)))
                boxes.append(beside([blank(1), self._led(cell) if opens else box]) if opens else box)
            rows.append(boxes)
        aligns = ["right" if n % 2 == 0 else "left" for n in range(count)]
        return grid(rows, aligns, [0 if n % 2 or n == 0 else 3 for n in range(count)], airy=False)

    def _led(self, cell: Node) -> Box:
        """A cell that begins with a relation or sign: `= a`, `+ b`, as it stands behind what went before."""
        line = atoms(cell, tall=True, plain=self.plain)
        if line[0].unary and len(line) > 1:
            line[1].gap = max(1, line[1].gap)
        return self.boxes(line)

    @staticmethod
    def _numbers_aligned(rows: list[list[Box]]) -> list[list[Box]]:
        """Columns of nothing but numbers stand with their points under one another."""
        for n in range(max(len(row) for row in rows)):
            column = [row[n].lines[0] for row in rows if n < len(row) and row[n].height == 1]
            if len(column) < len(rows) or not all(is_number(text) for text in column):
                continue
            after = [len(text.partition(".")[2]) + ("." in text) for text in column]
            widest = max(len(text) + max(after) - tail for text, tail in zip(column, after, strict=True))
            for row, text, tail in zip(rows, column, after, strict=True):
                row[n] = text_box((text + " " * (max(after) - tail)).rjust(widest))
        return rows


def _centred(limit: Box, width: int) -> Box:
    """A limit that is narrower than its sign, rather right of the middle than left of it, as in TeX."""
    missing = max(0, width - limit.width)
    return beside(
        [blank((missing + 1) // 2, limit.height, limit.base), limit, blank(missing // 2, limit.height, limit.base)]
    )


def is_number(text: str) -> bool:
    """Whether a cell is a plain decimal number, perhaps with a sign."""
    bare = text.lstrip("+−-")
    return bare.isascii() and bare.replace(".", "", 1).isdigit()


def framed(box: Box) -> Box:
    """A frame around a box."""
    line = "─" * (box.width + 2)
    lines = ("┌" + line + "┐", *(f"│ {row} │" for row in box.lines), "└" + line + "┘")
    return Box(lines, box.base + 1)
