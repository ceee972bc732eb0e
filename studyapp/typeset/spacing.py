"""Blanks between neighbours, and how tightly a node holds together. Shared by the one-line and the tall setting.

The classes are TeX's; the blanks are what reads well in cells: one beside relations and binary signs, none between the
letters of a product, one where a script would otherwise run into the next name.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from studyapp.typeset.letters import is_letterlike, unstyled
from studyapp.typeset.symbols import CHARACTERS, COMMANDS, Kind
from studyapp.typeset.tree import (
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

VULGAR = {("1", "2"): "½", ("1", "3"): "⅓", ("2", "3"): "⅔", ("1", "4"): "¼", ("3", "4"): "¾"}
_DOTS = frozenset("…⋯")


@dataclass(slots=True)
class Atom:
    """A node with its class, and the `gap` of blanks before it."""

    node: Node
    kind: Kind
    gap: int = 0
    unary: bool = False


def kind_of(node: Node) -> Kind:
    """The class of a node; scripts and notes do not change that of their base."""
    while isinstance(node, Script | Stack):
        node = node.base
    if isinstance(node, Sym | Word):
        return node.kind
    inner = single(node) if isinstance(node, Row) else None
    return inner.kind if isinstance(inner, Sym | Word) and inner.kind in (Kind.FUNC, Kind.OP) else Kind.ORD


def flat(items: tuple[Node, ...]) -> Iterator[Node]:
    """The items without groups in groups. A sign alone in braces is ordinary: the comma of 0{,}25."""
    for item in items:
        if not isinstance(item, Row):
            yield item
        elif len(item.items) == 1 and isinstance(item.items[0], Sym):
            symbol = item.items[0]
            loose = symbol.kind in (Kind.PUNCT, Kind.BIN, Kind.REL)
            yield Sym(symbol.text, Kind.ORD, symbol.name) if loose else symbol
        else:
            yield from flat(item.items)


def atoms(node: Node, *, tight: bool = False, tall: bool = False, plain: bool = False) -> list[Atom]:
    """The things of a row with the blanks between them.

    `tight` is for scripts (no blanks but the needed ones), `tall` for two dimensions, `plain` for ASCII, where Greek
    letters are words.
    """
    row: list[Atom] = []
    asked = -1
    for item in flat(items_of(node)):
        if isinstance(item, Space):
            asked = max(asked, item.width)
            continue
        row.append(Atom(item, kind_of(item), max(asked, 0) if row else 0))
        asked = -1
    _find_signs(row)
    close = _close_products(row)
    for place, (left, right) in enumerate(pairwise(row)):
        beside_product = place in close or place + 1 in close
        right.gap = max(right.gap, 0 if beside_product else _gap(left, right, tight=tight, tall=tall, plain=plain))
    for before, name, after in zip(row, row[1:], row[2:], strict=False):
        if not tight and role(before.node) == "letter" and not _is_differential(before.node) and _is_call(name, after):
            name.gap = max(name.gap, 1)
    return row


def _find_signs(row: list[Atom]) -> None:
    """A plus or minus that has nothing before it is a sign and not an operation."""
    before = Kind.OPEN
    for place, atom in enumerate(row):
        following = row[place + 1].kind if place + 1 < len(row) else Kind.CLOSE
        if atom.kind is Kind.BIN and (
            before in (Kind.OPEN, Kind.BIN, Kind.REL, Kind.PUNCT, Kind.OP, Kind.FUNC)
            or following in (Kind.REL, Kind.CLOSE, Kind.PUNCT)
        ):
            atom.kind, atom.unary = Kind.ORD, True
        before = atom.kind


def _is_call(name: Atom, after: Atom) -> bool:
    """Whether f(x) or g′(x) stands here, so that h f(x) needs a blank."""
    core = name.node.base if isinstance(name.node, Script) else name.node
    if after.gap or role(after.node) != "bracket" or name.kind is not Kind.ORD:
        return False
    return _text(core) in _FUNCTION_LETTERS or (_has_prime(name.node) and role(core) == "letter")


_FUNCTION_LETTERS = frozenset("fghFGσφΦψ")


def _has_prime(node: Node) -> bool:
    return isinstance(node, Script) and any(_text(item) == "′" for item in items_of(node.sup))


def _close_products(row: list[Atom]) -> set[int]:
    """Places of dots and crosses that stand close between their factors, since there is a sum around them."""
    if not any(atom.kind is Kind.BIN and _text(atom.node) in ("+", "−", "±") for atom in row):
        return set()
    return {
        place
        for place, atom in enumerate(row[:-1])
        if atom.kind is Kind.BIN
        and _text(atom.node) in ("·", "×")
        and not {role(row[place - 1].node), role(row[place + 1].node)} & {"fraction", "block", "root"}
    }


def _text(node: Node) -> str:
    return node.text if isinstance(node, Sym | Number | Word) else ""


def role(node: Node) -> str:
    """What a node is to its neighbours: letter, number, word, text, bracket, fraction, root, dots, block or sign."""
    if isinstance(node, Script):
        return role(node.base)
    if isinstance(node, Sym):
        if node.text in _DOTS:
            return "dots"
        return "letter" if is_letterlike(unstyled(node.text)[:1]) else "sign"
    if isinstance(node, Word):
        return ("word" if len(node.text) > 1 else "letter") if node.roman else "text"
    if isinstance(node, Row):
        return "letter"
    names: dict[type[Node], str] = {
        Number: "number",
        Accent: "letter",
        Delimited: "bracket",
        Frac: "fraction",
        Root: "root",
        Grid: "block",
        Brace: "block",
        Boxed: "block",
        Stack: "block",
    }
    return names.get(type(node), "sign")


def _gap(left: Atom, right: Atom, *, tight: bool, tall: bool, plain: bool) -> int:  # noqa: PLR0911 - a table of cases
    """Blanks between two neighbours."""
    if _touches_blank(left.node, -1) or _touches_blank(right.node, 0):
        return 0
    kinds = (left.kind, right.kind)
    if left.kind is Kind.OPEN or right.kind in (Kind.CLOSE, Kind.PUNCT):
        return 0
    if Kind.BIN in kinds or Kind.REL in kinds or left.kind is Kind.PUNCT:
        word = any(len(_text(atom.node)) > 1 for atom in (left, right)) and Kind.BIN in kinds
        spelt = plain and (_is_spelt(left.node) or _is_spelt(right.node))
        return 1 if not tight or word or spelt else 0
    if left.unary:
        return 1 if tall and (right.kind is Kind.OP or role(right.node) in ("fraction", "block")) else 0
    if left.kind is Kind.OP:
        if right.kind is Kind.OP:
            return 1 if isinstance(left.node, Script) else 0
        return 0 if tight and role(right.node) == "bracket" else 1
    if Kind.FUNC in kinds:
        return _beside_function(left, right)
    if right.kind is Kind.OP:
        return 1
    if left.kind is Kind.CLOSE:
        return 1 if role(right.node) in ("letter", "number", "word", "fraction", "root") else 0
    if right.kind is Kind.OPEN:
        return 0
    return _between_factors(left.node, right.node, tight=tight, plain=plain)


def _touches_blank(node: Node, end: int) -> bool:
    """Whether a text brings its own blank along at this end."""
    return isinstance(node, Word) and not node.roman and (not node.text or node.text[end] == " ")


def _beside_function(left: Atom, right: Atom) -> int:
    if left.kind is Kind.FUNC:
        bracket = right.kind is Kind.OPEN or role(right.node) == "bracket"
        return 0 if bracket and not has_limits(left.node) else 1
    return 0 if role(left.node) == "sign" else 1


def has_limits(node: Node) -> bool:
    """Whether a node is an operator such as lim or max with something below it."""
    if not isinstance(node, Script) or node.sub is None:
        return False
    core = single(node.base)
    if isinstance(core, Word):
        return core.limits
    symbol = COMMANDS.get(core.name) if isinstance(core, Sym) else None
    return symbol is not None and symbol.limits


_NAMES = frozenset({"letter", "number", "word"})


def _between_factors(left: Node, right: Node, *, tight: bool, plain: bool) -> int:  # noqa: PLR0911 - a table of cases
    """Blanks between two ordinary things that stand side by side."""
    first, second = role(left), role(right)
    if "text" in (first, second):
        return 0
    if plain and _is_wordy(left) and second in _NAMES | {"sign"}:
        return 1
    if "sign" in (first, second):
        return 0
    if "dots" in (first, second) or "block" in (first, second):
        return 0 if tight else 1
    if "fraction" in (first, second):
        return 1
    if plain and first in _NAMES | {"bracket"} and second in _NAMES and (_is_long(left) or _is_long(right)):
        return 1
    if "word" in (first, second) and first in _NAMES | {"bracket"} and second in _NAMES:
        return 1
    if first == "bracket" and second == "bracket":
        return 0
    if (
        isinstance(left, Script)
        and not (_is_differential(left.base) and isinstance(left.sup, Number))
        and second != "bracket"
    ):
        return 0 if tight else 1
    if first in ("bracket", "root") and second in _NAMES | {"root", "bracket"}:
        return 0 if tight else 1
    return 0


def _is_spelt(node: Node) -> bool:
    """Whether ASCII writes a sign in letters: x for a cross, in, and."""
    symbol = COMMANDS.get(node.name) or CHARACTERS.get(node.name) if isinstance(node, Sym) else None
    return symbol is not None and symbol.kind in (Kind.BIN, Kind.REL) and symbol.ascii[0].isalpha()


def _is_wordy(node: Node) -> bool:
    """Whether ASCII writes a sign as a word of its own: forall."""
    symbol = COMMANDS.get(node.name) if isinstance(node, Sym) else None
    return symbol is not None and role(node) == "sign" and len(symbol.ascii) > 1 and symbol.ascii.isalpha()


def _is_long(node: Node) -> bool:
    """Whether a letter is written as a word in ASCII."""
    node = single(node) or node
    if isinstance(node, Script):
        return True
    return isinstance(node, Accent) or (isinstance(node, Sym) and not node.text.isascii() and node.text != "∂")


def _is_differential(node: Node) -> bool:
    return isinstance(node, Sym | Word) and unstyled(node.text) in ("∂", "d", "Δ")


def is_doubled(node: Delimited) -> bool:
    """Whether round brackets hold nothing but a matrix, which has brackets of its own."""
    core = single(node.body)
    return (node.left, node.right) == ("(", ")") and isinstance(core, Grid) and core.name in ("pmatrix", "bmatrix")


# --- how tightly a node holds together, for the brackets of one-line setting

SUM, PRODUCT, FACTORS, ONE = 0, 1, 2, 3


def level(node: Node) -> int:  # noqa: PLR0911 - a table of cases
    """SUM for a + b or a, b; PRODUCT for a · b, a/b; FACTORS for ab; ONE for a single thing, f(x), ∂x or dx."""
    row = atoms(node)
    if len(row) == 1:
        return _level_of_one(row[0].node)
    if not row:
        return ONE
    if any(atom.kind in (Kind.REL, Kind.PUNCT, Kind.OP, Kind.OPEN) for atom in row):
        return SUM
    if any(atom.kind is Kind.BIN and _text(atom.node) in ("+", "−", "±", "∓") for atom in row):
        return SUM
    if any(atom.kind is Kind.FUNC for atom in row) and not _is_application(row):
        return SUM
    if row[0].unary or any(
        atom.kind is Kind.BIN or isinstance(atom.node, Frac) or _text(atom.node) == "/" for atom in row
    ):
        return PRODUCT
    return ONE if _is_application(row) or _is_derivative(row) else FACTORS


def _level_of_one(node: Node) -> int:
    if isinstance(node, Frac):
        return PRODUCT if node.bar else ONE
    if isinstance(node, Grid):
        return ONE if node.name.endswith("matrix") else SUM
    if isinstance(node, Word) and not node.roman:
        return ONE if " " not in node.text.strip() else SUM
    return SUM if isinstance(node, Brace) else ONE


def _is_application(row: list[Atom]) -> bool:
    """f(x), σ′(z), log(x): a name and its bracket."""
    if len(row) != 2 or role(row[1].node) != "bracket":
        return False
    name = row[0].node
    base = name.base if isinstance(name, Script) else name
    return row[0].kind is Kind.FUNC or (
        isinstance(base, Sym | Word) and unstyled(_text(base)) not in "nmNKkijlT" and role(base) in ("letter", "word")
    )


def _is_derivative(row: list[Atom]) -> bool:
    """∂L, dx, ∂²L: a differential and one thing."""
    first = row[0].node
    base = first.base if isinstance(first, Script) else first
    return len(row) == 2 and _is_differential(base) and role(row[1].node) in _NAMES
