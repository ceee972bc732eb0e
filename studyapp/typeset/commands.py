"""What each TeX command that is more than a symbol reads and makes. Called by the parser, which it drives."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from studyapp.typeset.letters import is_letterlike, unstyled
from studyapp.typeset.symbols import COMMANDS, Kind
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
    Space,
    Stack,
    Sym,
    Word,
    items_of,
    single,
)

if TYPE_CHECKING:
    from studyapp.typeset.parse import Parser
    from studyapp.typeset.tokens import Token

SPACES = {" ": 1, ",": 1, ":": 1, ";": 1, ">": 1, "!": 0, "enspace": 1, "thinspace": 1, "quad": 2, "qquad": 4}
ACCENTS = frozenset(
    {"hat", "bar", "tilde", "dot", "ddot", "vec", "overline", "underline", "widehat", "widetilde", "check", "breve"}
    | {"acute", "grave", "mathring", "overrightarrow", "overleftarrow", "cancel"}
)
STYLES = {
    "mathbf": "bold",
    "boldsymbol": "bold",
    "bm": "bold",
    "pmb": "bold",
    "mathbb": "blackboard",
    "mathds": "blackboard",
    "mathcal": "calligraphic",
    "mathscr": "calligraphic",
    "mathfrak": "calligraphic",
    "mathit": "italic",
    "mathnormal": "",
}
SWITCHES = {"bf": "bold", "bfseries": "bold", "it": "italic", "cal": "calligraphic", "rm": ""}
UPRIGHT = frozenset({"mathrm", "mathsf", "mathtt", "textnormal"})
TEXT_STYLES = {
    "text": "",
    "textrm": "",
    "textnormal": "",
    "textsf": "",
    "texttt": "",
    "mbox": "",
    "textbf": "bold",
    "textit": "italic",
    "emph": "italic",
    "textsc": "",
}
_SILENT = frozenset(
    {"displaystyle", "textstyle", "scriptstyle", "scriptscriptstyle", "nonumber", "notag", "hline", "allowbreak"}
    | {"mathstrut", "strut", "noindent", "centering"}
)
_FRACTIONS = {"frac": "", "dfrac": "d", "tfrac": "t", "cfrac": "d"}
_BINOMIALS = {"binom": "", "dbinom": "d", "tbinom": "t"}
_CLASSES = frozenset(["mathop", "mathbin", "mathrel", "mathord", "mathopen", "mathclose", "mathpunct", "mathinner"])
_BIG = re.compile(r"[bB]igg?[lrm]?")
_ARROWS = {"xrightarrow": "→", "xleftarrow": "←", "xRightarrow": "⇒", "xmapsto": "↦"}


def read(parser: Parser, token: Token) -> Node | None:
    """The node of the command `token`, its arguments read; None when it sets nothing.

    Raises: TexError when the command is unknown or an argument is missing.
    """
    name = token.text
    if name in COMMANDS:
        return parser.symbol(name)
    if name in SPACES:
        return Space(SPACES[name])
    if name in _SILENT:
        return None
    for table, reader in _READERS:
        if name in table:
            return reader(parser, token)
    if _BIG.fullmatch(name):
        return _big(parser, token)
    remedy = {"right": "\\right without \\left", "end": "\\end without \\begin", "\\": "a line break in a group"}
    raise parser.error(remedy.get(name, f"{token} is unknown"), token)


def _fraction(parser: Parser, token: Token) -> Node:
    top = parser.argument(str(token))
    bottom = parser.argument(str(token))
    if token.text in _BINOMIALS:
        return Delimited("(", Row((Frac(top, bottom, _BINOMIALS[token.text], bar=False),)), ")")
    return Frac(top, bottom, _FRACTIONS[token.text])


def _root(parser: Parser, token: Token) -> Node:
    index = parser.optional()
    return Root(parser.argument(str(token)), index)


def _accent(parser: Parser, token: Token) -> Node:
    return Accent(token.text, parser.argument(str(token)))


def _styled(parser: Parser, token: Token) -> Node:
    before, parser.style = parser.style, STYLES[token.text]
    node = parser.argument(str(token))
    parser.style = before
    return node


def _switch(parser: Parser, token: Token) -> None:
    parser.style = SWITCHES[token.text]


def _upright(parser: Parser, token: Token) -> Node:
    r"""`\mathrm{ReLU}`: letters and digits that stand together become one word."""
    body = parser.argument(str(token))
    made: list[Node] = []
    for node in items_of(body):
        letters = _letters(node)
        if letters is None:
            made.append(node)
        elif made and isinstance(made[-1], Word) and made[-1].roman:
            made[-1] = Word(made[-1].text + letters)
        else:
            made.append(Word(letters))
    return made[0] if len(made) == 1 else Row(tuple(made))


def _letters(node: Node) -> str | None:
    if isinstance(node, Number):
        return node.text
    if isinstance(node, Sym) and (node.name == "_" or (node.kind is Kind.ORD and is_letterlike(node.text))):
        return node.text
    return None


def _operator(parser: Parser, token: Token) -> Node:
    r"""`\operatorname{softmax}`, `\operatorname*{arg\,max}`."""
    body = parser.argument(str(token))
    text = ""
    for node in items_of(body):
        if isinstance(node, Space):
            text += " " * min(1, node.width)
        elif isinstance(node, Sym | Number | Word):
            text += "-" if isinstance(node, Sym) and node.text == "−" else node.text
        else:
            raise parser.error(f"{token} takes a name of letters", token)
    limited = token.text.endswith("*") or text.replace(" ", "") in (
        "argmax",
        "argmin",
        "max",
        "min",
        "lim",
        "sup",
        "inf",
    )
    return Word(text, Kind.FUNC, limits=limited)


def _text(parser: Parser, token: Token) -> Node:
    return parser.text(TEXT_STYLES[token.text], str(token))


def _left(parser: Parser, _token: Token) -> Node:
    return parser.between()


def _middle(parser: Parser, token: Token) -> Node:
    return Sym(parser.delimiter(str(token)) or "|", Kind.REL, "mid", tall=True)


def _big(parser: Parser, token: Token) -> Node:
    char = parser.delimiter(str(token))
    kind = Kind.ORD
    if token.text.endswith("l") or char in "([{⟨⌊⌈":
        kind = Kind.OPEN
    elif token.text.endswith("r") or char in ")]}⟩⌋⌉":
        kind = Kind.CLOSE
    elif token.text.endswith("m"):
        kind = Kind.REL
    return Sym(char, kind, {"‖": "Vert"}.get(char, char)) if char else Row(())


def _environment(parser: Parser, token: Token) -> Node:
    return parser.environment(token)


def _brace(parser: Parser, token: Token) -> Node:
    return Brace(parser.argument(str(token)), None, over=token.text == "overbrace")


def _stack(parser: Parser, token: Token) -> Node:
    note = parser.argument(str(token))
    base = parser.argument(str(token))
    return Stack(base, None, note) if token.text == "underset" else Stack(base, note, None)


def _arrow(parser: Parser, token: Token) -> Node:
    under = parser.optional()
    over = parser.argument(str(token))
    over_or_none = over if items_of(over) else None
    return Stack(Sym(_ARROWS[token.text], Kind.REL, "to"), over_or_none, under)


def _substack(parser: Parser, token: Token) -> Node:
    parser.expect("{", str(token))
    return Grid("substack", parser.cells(end="}"))


def _boxed(parser: Parser, token: Token) -> Node:
    return Boxed(parser.argument(str(token)))


def _not(parser: Parser, token: Token) -> Node:
    symbol = single(parser.argument(str(token)))
    if isinstance(symbol, Sym):
        struck = unicodedata.normalize("NFC", symbol.text + "\u0338")
        if len(struck) == 1:
            return Sym(struck, Kind.REL, "not " + symbol.name)
    raise parser.error("\\not stands before a relation, such as = or \\in", token)


def _mod(parser: Parser, token: Token) -> Node:
    if token.text == "pmod":
        inside = Row((Word("mod", Kind.FUNC), Space(1), parser.argument("\\pmod")))
        return Row((Space(1), Delimited("(", inside, ")")))
    return Sym("mod", Kind.BIN, "bmod")


def _class(parser: Parser, token: Token) -> Node:
    body = parser.argument(str(token))
    core = single(body)
    if token.text == "mathop" and isinstance(core, Word):
        return Word(core.text, Kind.FUNC, limits=True)
    if isinstance(core, Sym):
        kind = {"mathop": Kind.OP, "mathbin": Kind.BIN, "mathrel": Kind.REL, "mathord": Kind.ORD}.get(token.text)
        return Sym(core.text, kind or core.kind, core.name)
    return body


def _blank(parser: Parser, token: Token) -> Node:
    r"""`\phantom{x}` leaves the room of x; `\hspace{2em}` that of its measure."""
    if "phantom" in token.text:
        body = items_of(parser.argument(str(token)))
        return Space(0 if token.text == "vphantom" else len(body))
    measure = re.fullmatch(r"\s*(-?[0-9.]+)\s*(em|ex|pt|cm|mm|mu)\s*", parser.raw(str(token)))
    if measure is None:
        raise parser.error(f"{token} takes a measure such as 1em", token)
    ems = float(measure[1].strip(".") or 0) / {"em": 1, "ex": 2, "pt": 10, "mm": 4, "cm": 0.4, "mu": 18}[measure[2]]
    return Space(max(0, min(8, round(2 * ems))))


def _coloured(parser: Parser, token: Token) -> Node | None:
    """Colours are decided by who shows the formula; what is coloured is set."""
    parser.raw(str(token))
    return parser.argument(str(token)) if token.text == "textcolor" else None


def _tag(parser: Parser, token: Token) -> None:
    text = unstyled(parser.raw(str(token))).strip()
    if token.text == "tag":
        parser.tag = text


_READERS = (
    (frozenset(_FRACTIONS) | frozenset(_BINOMIALS), _fraction),
    (frozenset({"sqrt"}), _root),
    (ACCENTS, _accent),
    (frozenset(STYLES), _styled),
    (frozenset(SWITCHES), _switch),
    (UPRIGHT, _upright),
    (frozenset(TEXT_STYLES), _text),
    (frozenset({"operatorname", "operatorname*"}), _operator),
    (frozenset({"left"}), _left),
    (frozenset({"middle"}), _middle),
    (frozenset({"begin"}), _environment),
    (frozenset({"underbrace", "overbrace"}), _brace),
    (frozenset({"overset", "underset", "stackrel"}), _stack),
    (frozenset(_ARROWS), _arrow),
    (frozenset({"substack"}), _substack),
    (frozenset({"boxed", "fbox"}), _boxed),
    (frozenset({"not"}), _not),
    (frozenset({"pmod", "bmod", "mod"}), _mod),
    (_CLASSES, _class),
    (frozenset({"phantom", "hphantom", "vphantom", "hspace", "hspace*"}), _blank),
    (frozenset({"textcolor", "color"}), _coloured),
    (frozenset({"tag", "label"}), _tag),
)
