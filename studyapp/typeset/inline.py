"""One line of text from a formula, with as few brackets as the meaning allows: 1/(1 + e⁻ˣ), ∂L/∂W⁽ˡ⁾, ℝ^(n×m)."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from studyapp.typeset.letters import PLAIN, lowered, raised, to_line
from studyapp.typeset.model import Line
from studyapp.typeset.parse import parse
from studyapp.typeset.spacing import FACTORS, ONE, PRODUCT, VULGAR, Atom, atoms, has_limits, is_doubled, level, role
from studyapp.typeset.symbols import CHARACTERS, COMMANDS, DRAWN, Kind
from studyapp.typeset.tree import (
    CASES,
    MATRIX_BRACKETS,
    Accent,
    Boxed,
    Brace,
    Delimited,
    Frac,
    Grid,
    Node,
    Number,
    Root,
    Row,
    Script,
    Space,
    Stack,
    Sym,
    Word,
    items_of,
    single,
)

MARKS = {
    "hat": "\u0302",
    "widehat": "\u0302",
    "bar": "\u0304",
    "overline": "\u0304",
    "tilde": "\u0303",
    "widetilde": "\u0303",
    "dot": "\u0307",
    "ddot": "\u0308",
    "vec": "\u20d7",
    "overrightarrow": "\u20d7",
    "overleftarrow": "\u20d6",
    "check": "\u030c",
    "breve": "\u0306",
    "acute": "\u0301",
    "grave": "\u0300",
    "mathring": "\u030a",
    "underline": "\u0332",
    "cancel": "\u0338",
}
_ACROSS = {"bar": "\u0305", "overline": "\u0305", "underline": "\u0332", "cancel": "\u0338"}
"""Marks that join over neighbouring letters."""
_LONGEST_BARRED = 4
_UNCLEAR = re.compile("^[-−+±]|[ ,]")
"""In an entry of a matrix: what a neighbour would seem to belong to without a comma."""


@lru_cache(maxsize=4096)
def inline(tex: str) -> str:
    """The formula `tex` (without dollars) on one line. Bold and blackboard letters are characters of their own: 𝐖, 𝔼.

    Raises: TexError when the formula cannot be set.
    """
    return Setter().row(parse(tex).body)


@lru_cache(maxsize=4096)
def inline_line(tex: str) -> Line:
    """The same with spans for bold, which every font has, instead of special letters.

    Raises: TexError when the formula cannot be set.
    """
    return to_line(inline(tex))


class Setter:
    """Sets nodes on one line; with `plain`, in ASCII."""

    def __init__(self, *, plain: bool = False) -> None:
        self.plain = plain

    # --- rows

    def row(self, node: Node, *, tight: bool = False) -> str:
        """A row, or any node, as text; `tight` without the blanks that only please."""
        line = atoms(node, tight=tight, plain=self.plain)
        parts: list[str] = []
        bracketed = False
        for place, atom in enumerate(line):
            text = self.one(atom.node, tight=tight)
            gap = atom.gap
            if isinstance(atom.node, Frac) and atom.node.bar and text not in VULGAR.values():
                before = line[place - 1] if place else None
                wrapped = self._needs_wrap(atom.node, before, line[place + 1] if place + 1 < len(line) else None)
                if wrapped or (bracketed and gap):
                    text = f"({text})"
                    gap = 0 if bracketed or (before is not None and before.kind is Kind.FUNC) else gap
                    wrapped = True
            else:
                wrapped = False
                if bracketed and (atom.kind is Kind.OP or role(atom.node) == "bracket"):
                    gap = 0
            bracketed = wrapped
            parts.append(" " * gap + text)
        return "".join(parts)

    def _needs_wrap(self, frac: Frac, before: Atom | None, after: Atom | None) -> bool:
        """Whether a fraction in a row would be read wrongly without brackets."""
        if after is not None and after.kind in (Kind.ORD, Kind.OP, Kind.FUNC, Kind.OPEN):
            return role(after.node) != "text" and (after.kind is not Kind.ORD or role(after.node) != "dots")
        if before is None or before.unary:
            return False
        if before.kind is Kind.BIN:
            return self.row(frac.top).startswith("−")
        if before.kind is Kind.FUNC:
            return not has_limits(before.node)
        if before.kind in (Kind.ORD, Kind.CLOSE) and role(before.node) != "text":
            first = self.row(frac.top)[:1]
            return first.isdigit() or first in "−-(√∑"
        return False

    # --- single nodes

    def one(self, node: Node, *, tight: bool = False) -> str:  # noqa: PLR0911, PLR0912 - one case for each node
        """One node as text."""
        match node:
            case Sym():
                return self.symbol(node)
            case Number() | Word():
                return self.letters(node.text)
            case Space():
                return " " * node.width
            case Row() | Boxed():
                return self.row(node.body if isinstance(node, Boxed) else node, tight=tight)
            case Frac():
                return self.fraction(node, tight=tight)
            case Root():
                return self.root(node)
            case Script():
                return self.script(node)
            case Stack():
                return self.script(Script(node.base, node.under, node.over))
            case Accent():
                return self.accent(node)
            case Brace():
                body = self.bracketed(node.body, FACTORS)
                return f"{body} [{self.row(node.note)}]" if node.note is not None else body
            case Delimited() if is_doubled(node) or _is_square(node):
                return self.row(node.body, tight=tight)
            case Delimited():
                inside = self.row(node.body, tight=tight)
                return self.bracket(node.left) + inside + self.bracket(node.right, closing=True)
            case Grid():
                return self.grid(node, tight=tight)

    def symbol(self, node: Sym) -> str:
        """A symbol in letters or, in ASCII, in its spelling."""
        if not self.plain:
            return node.text
        row = COMMANDS.get(node.name) or CHARACTERS.get(node.name)
        if row is not None and row.char == node.text:
            return row.ascii
        return self.letters(node.text)

    def letters(self, text: str) -> str:
        """Text as it is or, in ASCII, with names for what ASCII lacks."""
        return to_ascii(text) if self.plain else text

    def bracket(self, char: str, *, closing: bool = False) -> str:
        """A bracket; in ASCII a floor is a function."""
        if not self.plain or char.isascii():
            return char
        if char == "‖":
            return "||"
        symbol = CHARACTERS.get(char)
        return symbol.ascii if symbol else (")" if closing else "(")

    def bracketed(self, node: Node, least: int) -> str:
        """The node, in round brackets when it holds together less than `least`."""
        text = self.row(node)
        return f"({text})" if level(node) < least else text

    def fraction(self, node: Frac, *, tight: bool = False) -> str:
        """a/b with the brackets that it needs; ½ where there is such a character."""
        if not node.bar:
            return f"{self.row(node.top)} choose {self.row(node.bottom)}"
        top, bottom = single(node.top), single(node.bottom)
        if isinstance(top, Number) and isinstance(bottom, Number) and not tight and not self.plain:
            small = VULGAR.get((top.text, bottom.text))
            if small:
                return small
        above = self.bracketed(node.top, PRODUCT)
        held = level(node.top)
        parted = (PRODUCT <= held < ONE or isinstance(top, Word)) and _is_parted(above)
        if isinstance(top, Frac) or parted or (held == PRODUCT and _divides(node.top)):
            above = f"({self.row(node.top)})"
        return f"{above}/{self.bracketed(node.bottom, ONE)}"

    def root(self, node: Root) -> str:
        """√x, √(x + 1), ³√x."""
        if self.plain:
            inside = self.row(node.body)
            return f"root({self.row(node.index)}, {inside})" if node.index is not None else f"sqrt({inside})"
        body = single(node.body)
        text = self.bracketed(node.body, ONE)
        simple = isinstance(body, Sym | Number | Accent | Delimited) or (
            isinstance(body, Script) and isinstance(body.base, Sym | Number | Accent | Delimited) and body.sup is None
        )
        if not simple and level(node.body) >= ONE:  # looser bodies have their brackets by now
            text = f"({text})"
        if node.index is None:
            return "√" + text
        index = self.row(node.index, tight=True)
        small = raised(index)
        return f"{small}√{text}" if small else f"root({index}, {self.row(node.body)})"

    def script(self, node: Script) -> str:
        """Small letters where Unicode has them, else x_new and ℝ^(n×m)."""
        base = self.script_base(node)
        sub = self.lowered(node.sub) if node.sub is not None else ""
        sup = self.raised(node.sup) if node.sup is not None else ""
        open_ended = sub.startswith("_") and not sub.endswith(")")
        first = open_ended and not sup.startswith("^") and sup.strip("'′ᵀ")  # x²_new, but m_W′ and W_qᵀ
        return base + (sup + sub if first else sub + sup)

    def script_base(self, node: Script) -> str:
        """What the scripts hang at, in brackets if it would be torn."""
        base = single(node.base) or node.base
        text = self.row(base)
        if isinstance(base, Script):
            torn = base.sup is not None or node.sub is not None
        else:
            torn = isinstance(base, Frac | Root) or (isinstance(base, Row) and bool(base.items) and level(base) < ONE)
            torn = torn or (isinstance(base, Row) and len(base.items) > 1)
        return f"({text})" if torn else text

    def lowered(self, node: Node) -> str:
        """A subscript."""
        text = self.row(node, tight=True)
        small = None if self.plain else lowered(text)
        return small if small is not None else "_" + self._held(node, text)

    def raised(self, node: Node) -> str:
        """A superscript."""
        text = self.row(node, tight=True)
        small = text if text and set(text) == {"'"} else None if self.plain else raised(text)
        if small is not None:
            return small
        return "^" + self._held(node, text)

    def _held(self, node: Node, text: str) -> str:
        """Script text that cannot be small: in brackets unless it is one word or has brackets of its own."""
        held = (
            isinstance(single(node), Delimited | Number) or len(text) == 1 or (text.isalnum() and not _has_small(text))
        )
        return text if held else f"({text})"

    def accent(self, node: Accent) -> str:
        """A mark over one letter; over several a bar over each or the mark's name as a function."""
        body = single(node.body) or node.body
        if isinstance(body, Script) and node.name not in _ACROSS:
            return self.script(Script(Accent(node.name, body.base), body.sub, body.sup, body.limits))
        text = self.row(body)
        if self.plain:
            return f"{node.name.removeprefix('wide')}({text})"
        letters = [character for character in text if not unicodedata.combining(character)]
        if len(letters) == 1:
            return unicodedata.normalize("NFC", text + MARKS[node.name])
        if node.name == "cancel" or (node.name in _ACROSS and len(letters) <= _LONGEST_BARRED and " " not in letters):
            return "".join(character + _ACROSS[node.name] for character in text)
        return f"{node.name.removeprefix('wide')}({text})"

    # --- several lines on one

    def grid(self, node: Grid, *, tight: bool = False) -> str:
        """Matrices as [a b; c d] or [a, −b; c, d], cases as "x if x > 0, 0 if x ≤ 0", lines parted by semicolons."""
        if node.name in CASES:
            return ", ".join(self.case(row) for row in node.rows)
        if node.name in MATRIX_BRACKETS:
            left, right = MATRIX_BRACKETS[node.name]
            left, right = ("[", "]") if left in ("", "(") else (left, right)
            rows = [[self.row(cell) for cell in row] for row in node.rows]
            clear = all(cell and not _UNCLEAR.search(cell) for row in rows for cell in row)
            parting = " " if clear else ", "
            inside = "; ".join(parting.join(row) for row in rows)
            return f"{self.bracket(left)}{inside}{self.bracket(right, closing=True)}"
        parting = ", " if node.name == "substack" else "; "
        lines = (self.row(joined(row), tight=tight) for row in node.rows)
        return parting.join(line for line in lines if line)

    def case(self, row: tuple[Node, ...]) -> str:
        """One line of cases."""
        value = self.row(row[0]).rstrip(" ,;")
        condition = " ".join(self.row(cell) for cell in row[1:]).strip(" ,;.")
        if not condition:
            return value
        first = condition.split(maxsplit=1)[0].lower()
        worded = first.rstrip(",:") in ("if", "for", "when", "where", "otherwise", "else", "in", "with", "and", "or")
        return f"{value} {condition}" if worded else f"{value} if {condition}"


def joined(row: tuple[Node, ...]) -> Row:
    """The cells of an aligned line as one row."""
    return Row(tuple(item for cell in row for item in items_of(cell)))


def _has_small(text: str) -> bool:
    """Whether some letter is already raised or lowered."""
    return any(unicodedata.category(character) in ("Lm", "No") for character in text)


def _is_square(node: Delimited) -> bool:
    """Whether round or square brackets are drawn around a matrix that gets square ones in a line anyway."""
    core = single(node.body)
    bare = isinstance(core, Grid) and MATRIX_BRACKETS.get(core.name) == ("", "")
    return bare and (node.left, node.right) in (("(", ")"), ("[", "]"))


def _is_parted(text: str) -> bool:
    """Whether a blank outside brackets parts the text, so that a stroke behind it seems to divide its end."""
    depth = 0
    for character in text:
        depth += (character in "([{⟨⌊⌈") - (character in ")]}⟩⌋⌉")
        if character == " " and depth == 0:
            return True
    return False


def _divides(node: Node) -> bool:
    return any(
        isinstance(atom.node, Frac) or (isinstance(atom.node, Sym) and atom.node.text in "/⊙⊗") for atom in atoms(node)
    )


@lru_cache(maxsize=1024)
def to_ascii(text: str) -> str:
    """`text` in ASCII: bold W is bold(W), é is e, and what has no likeness is named."""
    if text.isascii():
        return text
    found = []
    for character in text.translate(DRAWN):
        if character in PLAIN:
            letter, style = PLAIN[character]
            symbol = CHARACTERS.get(letter)
            spelt = symbol.ascii if symbol else letter
            found.append(f"bold({spelt})" if style == "bold" else spelt)
        elif character in CHARACTERS:
            found.append(CHARACTERS[character].ascii)
        else:
            alike = "".join(c for c in unicodedata.normalize("NFKD", character).replace("⁄", "/") if c.isascii())
            found.append(alike or _SPELT.get(character) or f"<U+{ord(character):04X}>")
    return "".join(found)


_SPELT = {"′": "'", "″": "''", "–": "-", "—": "--", "“": '"', "”": '"', "‘": "'", "’": "'", "√": "sqrt", "‖": "||"}
