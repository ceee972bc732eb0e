"""A formula in words, for screen readers and lines without layout: "partial L over partial w".

Brackets are spoken only where the ear could group wrongly; a fraction or root with a sum in it says where it ends.
"""

from __future__ import annotations

import re
from functools import lru_cache

from studyapp.typeset.letters import PLAIN, unstyled
from studyapp.typeset.parse import parse
from studyapp.typeset.spacing import FACTORS, ONE, Atom, atoms, level, role
from studyapp.typeset.symbols import CHARACTERS, COMMANDS, Kind
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

_ACCENTS = {
    "widehat": "hat",
    "widetilde": "tilde",
    "overline": "bar",
    "ddot": "double dot",
    "vec": "vector",
    "mathring": "ring",
    "overrightarrow": "arrow",
    "overleftarrow": "left arrow",
    "underline": "underlined",
    "cancel": "cancelled",
}
_PAIRS = {
    ("|", "|"): ("the absolute value of", "end absolute value"),
    ("‖", "‖"): ("the norm of", "end norm"),
    ("⌊", "⌋"): ("the floor of", "end floor"),
    ("⌈", "⌉"): ("the ceiling of", "end ceiling"),
    ("(", ")"): ("open bracket", "close bracket"),
    ("[", "]"): ("open square bracket", "close square bracket"),
    ("{", "}"): ("open brace", "close brace"),
    ("⟨", "⟩"): ("open angle bracket", "close angle bracket"),
}
_FRACTIONS = {
    ("1", "2"): "one half",
    ("1", "3"): "one third",
    ("2", "3"): "two thirds",
    ("1", "4"): "one quarter",
    ("3", "4"): "three quarters",
}
_POWERS = {"2": "squared", "3": "cubed", "⊤": "transposed", "T": "transposed", "∗": "star", "*": "star"}
_STYLES = {"bold": "bold ", "calligraphic": "script ", "blackboard": "", "italic": ""}

_QUANTITIES = frozenset(("", *"abcdeijklmnrstuvwxyzNKTαβγηλμεδω∂∇"))
"""Letters that name numbers: a bracket behind them is a factor and not an argument."""


@lru_cache(maxsize=4096)
def speak(tex: str) -> str:
    """The formula `tex` (without dollars) in words.

    Raises: TexError when the formula cannot be read.
    """
    formula = parse(tex)
    words = re.sub(r"\s+", " ", re.sub(r"\s+([,;])", r"\1", _row(formula.body))).strip(" ,")
    return f"{words}, number {formula.tag}" if formula.tag else words


def _row(node: Node) -> str:
    """What stands side by side, in words."""
    line = atoms(node)
    spoken = []
    for place, atom in enumerate(line):
        before = line[place - 1] if place else None
        if isinstance(atom.node, Delimited):
            spoken.append(_delimited(atom.node, before))
        elif isinstance(atom.node, Script) and isinstance(atom.node.base, Delimited):
            spoken.append(_script(atom.node, _delimited(atom.node.base, before, scripted=True)))
        elif atom.unary and isinstance(atom.node, Sym) and atom.node.text == "−":
            spoken.append("minus")
        elif place and isinstance(atom.node, Sym) and atom.node.text == "|" and atom.kind is Kind.ORD:
            spoken.append("given")
        else:
            spoken.append(_one(atom.node))
    return " ".join(spoken).replace(" of of ", " of ")


def _one(node: Node) -> str:  # noqa: PLR0911, PLR0912 - one case for each node
    match node:
        case Sym():
            return _symbol(node)
        case Number():
            return _letters(node.text)
        case Word():
            return f" {_letters(node.text)} "
        case Space():
            return ""
        case Frac():
            return _fraction(node)
        case Root():
            return _root(node)
        case Script():
            return _script(node)
        case Stack():
            return _script(Script(node.base, node.under, node.over))
        case Accent():
            return f"{_held(node.body)} {_ACCENTS.get(node.name, node.name)}"
        case Brace():
            note = f", called {_row(node.note)}," if node.note is not None else ""
            return _held(node.body) + note
        case Delimited():
            return _delimited(node, None)
        case Grid():
            return _grid(node)
        case Row():
            return _row(node)
        case Boxed():
            return _row(node.body)


def _symbol(node: Sym) -> str:
    if node.text == "," and node.kind is Kind.ORD:
        return "point"
    rows = (COMMANDS.get(node.name), CHARACTERS.get(node.name))
    row = next((one for one in rows if one is not None and one.char == unstyled(node.text)), None)
    if row is not None:
        bold = "bold " if PLAIN.get(node.text, ("", ""))[1] == "bold" else ""
        return bold + row.words
    if node.name.startswith("not "):
        inner = COMMANDS.get(node.name[4:]) or CHARACTERS.get(node.name[4:])
        return "not " + (inner.words if inner else node.name[4:])
    if node.text == "′":
        return "prime"
    return _letters(node.text)


def _letters(text: str) -> str:
    """Letters with their style named before them."""
    styles = {PLAIN[character][1] for character in text if character in PLAIN}
    style = _STYLES.get(styles.pop(), "") if len(styles) == 1 else ""
    return style + unstyled(text)


def _held(node: Node) -> str:
    """Words for a part that must be heard as one."""
    return _row(node) if level(node) >= FACTORS else f"open bracket {_row(node)} close bracket"


def _fraction(node: Frac) -> str:
    top, bottom = single(node.top), single(node.bottom)
    if not node.bar:
        return f"{_row(node.top)} choose {_row(node.bottom)}"
    if isinstance(top, Number) and isinstance(bottom, Number) and (top.text, bottom.text) in _FRACTIONS:
        return _FRACTIONS[top.text, bottom.text]
    if level(node.top) >= FACTORS and level(node.bottom) >= ONE and not isinstance(top, Frac):
        return f"{_row(node.top)} over {_row(node.bottom)}"
    return f"the fraction {_row(node.top)} over {_row(node.bottom)}, end fraction,"


def _root(node: Root) -> str:
    name = "the square root of"
    if node.index is not None:
        index = _row(node.index)
        name = {"3": "the cube root of"}.get(index, f"the root of order {index} of")
    return f"{name} {_row(node.body)}" + ("" if level(node.body) >= ONE else ", end root,")


def _script(node: Script, base: str | None = None) -> str:
    """A base with what hangs at it: limits of sums, indices, powers, primes."""
    core = single(node.base) or node.base
    kind = core.kind if isinstance(core, Sym | Word) else Kind.ORD
    if isinstance(core, Delimited) and not core.left and core.right == "|" and node.sub is not None:
        return f"{_row(core.body)}, at {_row(node.sub)},"
    words = base if base is not None else _held(node.base) if items_of(node.base) else ""
    if kind is Kind.OP or (kind is Kind.FUNC and node.sub is not None and _takes_limits(core)):
        return words + _limits(node, summing=kind is Kind.OP)
    if kind is Kind.REL:
        notes = [_row(part) for part in (node.sub, node.sup) if part is not None]
        return f"{words} ({', '.join(note.strip() for note in notes)})"
    primes, power = _split_primes(node.sup)
    words += " prime" * (primes == 1) + " double prime" * (primes == 2) + f" {primes} primes" * (primes > 2)
    if node.sub is not None:
        words += f" sub {_subscript(node.sub)}"
    if power is not None and items_of(power):
        words += " " + _power(power)
    return words


def _takes_limits(core: Node) -> bool:
    if isinstance(core, Word):
        return core.limits
    symbol = COMMANDS.get(core.name) if isinstance(core, Sym) else None
    return symbol is not None and symbol.limits


def _limits(node: Script, *, summing: bool) -> str:
    """The range of a sum: "from k equals 1 to K of"."""
    words = ""
    if node.sub is not None:
        below = _row(node.sub)
        words += f" from {below}" if node.sup is not None else f" over {below}"
    if node.sup is not None:
        words += f" to {_row(node.sup)}"
    return words + (" of" if summing or words else "")


def _split_primes(node: Node | None) -> tuple[int, Node | None]:
    """Leading primes of a superscript, counted, and the rest."""
    items = items_of(node)
    count = 0
    while count < len(items) and isinstance(items[count], Sym) and items[count] == Sym("′", Kind.ORD, "prime"):
        count += 1
    return count, (node if not count else Row(items[count:]) if len(items) > count else None)


def _subscript(node: Node) -> str:
    """An index: several letters are spelt (w sub k j), a word is read."""
    letters = [atom.node for atom in atoms(node)]
    names = [item.text for item in letters if isinstance(item, Sym) and item.kind is Kind.ORD and item.text.isascii()]
    if len(names) == len(letters) > 2 and all(name.isalpha() for name in names):
        return "".join(names)
    return _row(node)


def _power(node: Node) -> str:  # noqa: PLR0911 - a table of cases
    """A superscript: a power, a transposition or, in brackets, an index."""
    core = single(node)
    if isinstance(core, Delimited) and core.left not in "([⟨":
        return f"to the power of {_row(node)}"
    if isinstance(core, Sym | Number) and core.text in _POWERS:
        return _POWERS[core.text]
    if isinstance(core, Sym) and core.text in ("+", "−", "†", "∘", "°", "⊥"):
        return {"∘": "degrees", "°": "degrees"}.get(core.text, f"superscript {_symbol(core)}")
    if isinstance(core, Delimited):
        return f"superscript {_row(core.body)}"
    items = items_of(node)
    if len(items) > 1 and isinstance(items[0], Delimited):
        return f"superscript {_row(items[0].body)} {_power(Row(items[1:]))}"
    words = _row(node)
    if any(isinstance(item, Sym) and item.text in "lLℓ" for item in items):
        return f"superscript {words}"
    return f"to the power of {words}" + (", end power," if level(node) < FACTORS and not _is_signed(node) else "")


def _is_signed(node: Node) -> bool:
    line = atoms(node)
    return len(line) == 2 and line[0].unary


def _delimited(node: Delimited, before: Atom | None, *, scripted: bool = False) -> str:
    """Brackets: "f of x" behind a name, else spoken where they hold more than one thing."""
    inside = _row(node.body)
    if node.left in ("(", "[") and before is not None and _is_function(before):
        return f"of {inside}" if not scripted and _is_simple(node.body) else f"of open bracket {inside} close bracket"
    opening, closing = _PAIRS.get((node.left, node.right), ("", ""))
    if not opening:
        opening = _bracket(node.left, "open bracket")
        closing = _bracket(node.right, "close bracket")
    if (node.left, node.right) in _PAIRS and node.left in "|‖⌊⌈" and level(node.body) >= ONE and not scripted:
        return f"{opening} {inside}"
    if node.left == "(" and level(node.body) >= ONE and not scripted and isinstance(single(node.body), Grid | Frac):
        return inside
    return f"{opening} {inside} {closing}"


def _is_simple(body: Row) -> bool:
    """Whether an argument is heard as one: x, 2x, y given x."""
    return all(
        (atom.kind is Kind.ORD and not atom.unary and not isinstance(atom.node, Frac))
        or (isinstance(atom.node, Sym) and atom.node.text == "|")
        for atom in atoms(body)
    )


def _bracket(char: str, fallback: str) -> str:
    if not char:
        return ""
    symbol = CHARACTERS.get(char)
    return symbol.words if symbol else fallback


def _is_function(atom: Atom) -> bool:
    """Whether a bracket behind this is an argument: f(x), σ′(z), log(x); n(n − 1) is a product."""
    core = atom.node
    while isinstance(core, Script | Accent):
        core = core.base if isinstance(core, Script) else core.body
    if atom.kind in (Kind.FUNC, Kind.OP):
        return atom.kind is Kind.FUNC
    name = unstyled(core.text) if isinstance(core, Sym | Word) else ""
    return role(atom.node) in ("letter", "word", "text") and name not in _QUANTITIES


def _grid(node: Grid) -> str:
    """Matrices by rows, cases by conditions, lines by commas."""
    if node.name in CASES:
        return "; ".join(_case(row) for row in node.rows)
    if node.name in MATRIX_BRACKETS:
        columns = max(len(row) for row in node.rows)
        rows = "; ".join(f"row {n}: " + ", ".join(_row(cell) for cell in row) for n, row in enumerate(node.rows, 1))
        kind = "determinant" if node.name == "vmatrix" else "matrix"
        if columns == 1:
            entries = ", ".join(_row(row[0]) for row in node.rows)
            return f"the column vector {entries}, end vector,"
        return f"the {len(node.rows)} by {columns} {kind}: {rows}; end {kind},"
    lines = [" ".join(_row(cell) for cell in row) for row in node.rows]
    return ("; next line: " if node.name in ALIGNED else "; ").join(line for line in lines if line.strip())


def _case(row: tuple[Node, ...]) -> str:
    value = _row(row[0]).rstrip(" ,;")
    condition = " ".join(_row(cell) for cell in row[1:]).strip(" ,;.").removesuffix(" point")
    first = condition.split(maxsplit=1)[0].lower() if condition else ""
    if not condition or first in ("if", "for", "when", "where", "otherwise", "else"):
        return f"{value} {condition}".rstrip()
    return f"{value} if {condition}"
