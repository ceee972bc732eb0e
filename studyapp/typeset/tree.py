"""What TeX mathematics becomes before it is set: a small tree of frozen nodes. Knows nothing of how it will look."""

from __future__ import annotations

from dataclasses import dataclass

from studyapp.typeset.symbols import Kind


class TexError(ValueError):
    """A formula that cannot be set: an unknown command, a bracket that never closes, a misplaced sign.

    `position` counts characters from the start of `tex`; `message` says what is wrong and how to mend it.
    """

    def __init__(self, message: str, position: int, tex: str) -> None:
        super().__init__(f"{message} (at character {position + 1} of “{tex}”)")
        self.message = message
        self.position = position
        self.tex = tex


@dataclass(frozen=True)
class Sym:
    """One symbol. `name` is its TeX command without backslash or the character itself; a `tall` one grows."""

    text: str
    kind: Kind
    name: str
    tall: bool = False


@dataclass(frozen=True)
class Number:
    """Digits that belong together: 0.25."""

    text: str


@dataclass(frozen=True)
class Word:
    r"""Upright letters: `\text` keeps its blanks (`roman` is False); `\mathrm` is a name."""

    text: str
    kind: Kind = Kind.ORD
    roman: bool = True
    limits: bool = False


@dataclass(frozen=True)
class Space:
    """A blank that the author asked for, `width` cells wide."""

    width: int


@dataclass(frozen=True)
class Row:
    """Things beside one another."""

    items: tuple[Node, ...]


@dataclass(frozen=True)
class Frac:
    """`size` is "" (as it fits), "d" (always tall) or "t" (always small). Without a `bar` it is a binomial."""

    top: Node
    bottom: Node
    size: str = ""
    bar: bool = True


@dataclass(frozen=True)
class Root:
    """A root, square when there is no `index`."""

    body: Node
    index: Node | None = None


@dataclass(frozen=True)
class Script:
    """`base` with something below and above at its right; `limits` True or False overrules the operator's habit."""

    base: Node
    sub: Node | None
    sup: Node | None
    limits: bool | None = None


@dataclass(frozen=True)
class Accent:
    """`name` is the TeX command: hat, bar, tilde, dot, ddot, vec, overline, underline and so on."""

    name: str
    body: Node


@dataclass(frozen=True)
class Brace:
    """A brace over or under `body`, perhaps with a `note` at it."""

    body: Node
    note: Node | None
    over: bool


@dataclass(frozen=True)
class Delimited:
    r"""Brackets that belong together; "" is the invisible bracket of `\left.`."""

    left: str
    body: Row
    right: str


@dataclass(frozen=True)
class Grid:
    """A matrix, cases or aligned lines. `name` is the environment; `columns` one of l, c, r for each column."""

    name: str
    rows: tuple[tuple[Node, ...], ...]
    columns: str = ""


@dataclass(frozen=True)
class Stack:
    r"""Something over or under a symbol: `\overset`, `\underset`, a labelled arrow."""

    base: Node
    over: Node | None
    under: Node | None


@dataclass(frozen=True)
class Boxed:
    """A framed formula."""

    body: Node


Node = Sym | Number | Word | Space | Row | Frac | Root | Script | Accent | Brace | Delimited | Grid | Stack | Boxed

MATRIX_BRACKETS = {
    "matrix": ("", ""),
    "smallmatrix": ("", ""),
    "array": ("", ""),
    "pmatrix": ("(", ")"),
    "bmatrix": ("[", "]"),
    "Bmatrix": ("{", "}"),
    "vmatrix": ("|", "|"),
    "Vmatrix": ("‖", "‖"),
}
CASES = frozenset({"cases", "dcases", "rcases"})
ALIGNED = frozenset({"aligned", "align", "alignat", "split", "eqnarray", "alignedat"})
GATHERED = frozenset({"gathered", "gather", "multline", "equation", "displaymath", "substack", "lines"})


@dataclass(frozen=True)
class Formula:
    r"""A parsed formula and its number, if it has one (`\tag{6.2}`)."""

    body: Row
    tag: str = ""


def items_of(node: Node | None) -> tuple[Node, ...]:
    """What stands side by side in `node`."""
    if node is None:
        return ()
    return node.items if isinstance(node, Row) else (node,)


def single(node: Node | None) -> Node | None:
    """The one thing that `node` consists of, without the rows around it; None when there are several or none."""
    while isinstance(node, Row):
        seen = [item for item in node.items if not isinstance(item, Space)]
        if len(seen) != 1:
            return None
        node = seen[0]
    return node
