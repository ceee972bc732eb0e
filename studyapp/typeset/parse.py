r"""TeX tokens into a tree. Everything unknown is a TexError with its place; no text is ever dropped.

The grammar is the part of LaTeX and amsmath that mathematics in prose uses; groups, scripts and environments nest up to
`MAX_DEPTH`. What only moves ink (`\displaystyle`, `\label`) is read and has no node.
"""

from __future__ import annotations

from functools import lru_cache

from studyapp.typeset import commands
from studyapp.typeset.letters import styled
from studyapp.typeset.pairs import paired
from studyapp.typeset.symbols import CHARACTERS, COMMANDS, Kind
from studyapp.typeset.tokens import Token, tokens
from studyapp.typeset.tree import (
    ALIGNED,
    CASES,
    GATHERED,
    MATRIX_BRACKETS,
    Brace,
    Delimited,
    Formula,
    Frac,
    Grid,
    Node,
    Number,
    Row,
    Script,
    Space,
    Sym,
    TexError,
    Word,
)

MAX_DEPTH = 40
_REMEDIES = {
    "}": "'}' closes no group",
    "&": "'&' outside a table; write \\& for the sign",
    "$": "a dollar inside a formula; write \\$ for the sign",
}
_TEXT_ESCAPES = frozenset("%_$&#{} ,")


@lru_cache(maxsize=4096)
def parse(tex: str) -> Formula:
    """The tree of a formula (without the dollars).

    Raises: TexError with the place of whatever is unknown, missing or too deep.
    """
    return Parser(tex).formula()


class Parser:
    """A cursor over the tokens of one formula."""

    def __init__(self, tex: str) -> None:
        self.tex = tex
        self.tokens = tokens(tex)
        self.place = 0
        self.depth = 0
        self.style = ""
        self.tag = ""

    # --- tokens

    def error(self, message: str, token: Token | None = None) -> TexError:
        """An error at `token`, or at the cursor."""
        return TexError(message, (token or self.tokens[self.place]).position, self.tex)

    def peek(self) -> Token:
        """The next token that is not a blank; the cursor stands at it afterwards."""
        while self.tokens[self.place].kind == "blank":
            self.place += 1
        return self.tokens[self.place]

    def take(self) -> Token:
        """The next token that is not a blank, passed."""
        token = self.peek()
        if token.kind != "end":
            self.place += 1
        return token

    def is_next(self, kind: str, text: str) -> bool:
        """Whether the next token is this one."""
        return (self.peek().kind, self.peek().text) == (kind, text)

    def expect(self, text: str, after: str) -> Token:
        """Pass a character that must come now."""
        if not self.is_next("character", text):
            raise self.error(f"{text!r} is missing after {after}; found {self.peek()}")
        return self.take()

    # --- rows

    def formula(self) -> Formula:
        r"""The whole source. Lines that `\\` parts outside an environment are set one under another."""
        rows = [self.row("the end", "\\\\")]
        while self.is_next("command", "\\"):
            self.take()
            rows.append(self.row("the end", "\\\\"))
        if self.peek().kind != "end":
            raise self.error(f"{self.peek()} has no partner before it")
        rows = [row for row in rows if row.items] or rows[:1]
        body = rows[0] if len(rows) == 1 else Row((Grid("lines", tuple((row,) for row in rows)),))
        return Formula(body, self.tag)

    def row(self, *stops: str) -> Row:
        """What stands side by side up to, and without, one of `stops` (characters or commands)."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise self.error(f"more than {MAX_DEPTH} groups inside one another")
        style, items = self.style, list[Node]()
        above: list[Node] | None = None
        while (token := self.peek()).kind != "end" and str(token) not in stops:
            if token.kind == "character" and token.text in "^_'":
                items.append(self.scripted(items.pop() if items and not isinstance(items[-1], Space) else Row(())))
            elif token.kind == "command" and token.text in ("limits", "nolimits"):
                self.take()
                items.append(self.with_limits(items, token))
            elif token.kind == "command" and token.text == "over" and above is None:
                self.take()
                above, items = items, []
            else:
                node = self.item()
                if node is not None:
                    items.append(node)
        if token.kind == "end" and "the end" not in stops:
            raise self.error(f"{' or '.join(repr(stop) for stop in stops)} is missing at the end")
        if above is not None:
            items = [Frac(Row(paired(above)), Row(paired(items)))]
        self.style = style
        self.depth -= 1
        return Row(paired(items))

    def with_limits(self, items: list[Node], token: Token) -> Node:
        r"""The operator before `\limits`, told where its limits go."""
        base = items.pop() if items else None
        if not isinstance(base, Sym | Word | Script):
            raise self.error(f"{token} stands behind no operator", token)
        wanted = token.text == "limits"
        if isinstance(base, Script):
            return Script(base.base, base.sub, base.sup, wanted)
        return Script(base, None, None, wanted)

    def scripted(self, base: Node) -> Node:
        """`base` with all scripts and primes that follow it."""
        limits: bool | None = None
        sub: Node | None = None
        sup: Node | None = None
        if isinstance(base, Script) and base.sub is None and base.sup is None:
            limits, base = base.limits, base.base
        primes: list[Node] = []
        while (token := self.peek()).kind == "character" and token.text in "^_'":
            self.take()
            if token.text == "'":
                primes.append(Sym("′", Kind.ORD, "prime"))
            elif token.text == "_":
                if sub is not None:
                    raise self.error("two subscripts at one symbol; use braces", token)
                sub = self.argument("_")
            else:
                if sup is not None:
                    raise self.error("two superscripts at one symbol; use braces", token)
                sup = self.argument("^")
        if isinstance(base, Brace) and base.note is None and not primes:
            if base.over and sup is not None and sub is None:
                return Brace(base.body, sup, over=True)
            if not base.over and sub is not None and sup is None:
                return Brace(base.body, sub, over=False)
        if primes:
            sup = Row((*primes, *(() if sup is None else sup.items if isinstance(sup, Row) else (sup,))))
        return Script(base, sub, sup, limits)

    def argument(self, after: str) -> Node:
        """One argument: a group in braces or a single symbol."""
        token = self.peek()
        if token.kind == "end" or (token.kind == "character" and token.text in "}&^_'") or token.text == "\\":
            raise self.error(f"something is missing after {after}")
        if token.kind == "character" and token.text == "{":
            return self.group()
        if _is_digit(token):
            return Number(styled(self.take().text, self.style))
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise self.error(f"more than {MAX_DEPTH} groups inside one another")
        node = self.item()
        self.depth -= 1
        return Row(()) if node is None else node

    def group(self) -> Row:
        """What stands between braces."""
        self.expect("{", "this")
        row = self.row("}")
        self.expect("}", "the group")
        return row

    def optional(self) -> Row | None:
        """An argument in square brackets, if there is one."""
        if not self.is_next("character", "["):
            return None
        self.take()
        row = self.row("]")
        self.expect("]", "the optional argument")
        return row

    # --- single items

    def item(self) -> Node | None:
        """The next thing; None for commands that set nothing."""
        token = self.take()
        if token.kind == "command":
            return commands.read(self, token)
        if token.text == "{":
            self.place -= 1
            return self.group()
        if _is_digit(token):
            return self.number(token.text)
        return self.character(token)

    def number(self, text: str) -> Node:
        """Digits with a decimal point between them."""
        while True:
            here = self.tokens[self.place]
            following = self.tokens[min(self.place + 1, len(self.tokens) - 1)]
            point = here.text == "." and "." not in text and _is_digit(following)
            if here.kind != "character" or not (point or _is_digit(here)):
                return Number(styled(text, self.style))
            text += here.text
            self.place += 1

    def character(self, token: Token) -> Node:
        """A character that stands for itself."""
        text = token.text
        if text == "~":
            return Space(1)
        if text in "}&#$%" and text.isascii():
            raise self.error(_REMEDIES.get(text, f"a bare {text!r}; write \\{text}"), token)
        if text == ":" and self.tokens[self.place].text == "=":
            self.place += 1
            text = ":="
        symbol = CHARACTERS.get(text)
        if symbol is not None:
            return Sym(symbol.char, symbol.kind, text)
        return Sym(styled(text, self.style), Kind.ORD, text)

    def symbol(self, name: str) -> Sym:
        """The symbol that a command of the table stands for, in the present style."""
        row = COMMANDS[name]
        text = row.char
        if self.style == "bold":
            text = styled(text, "bold")
        return Sym(text, row.kind, name)

    def delimiter(self, after: str) -> str:
        r"""A bracket behind `\left`, `\right` or `\big`."""
        token = self.take()
        if token.kind == "command" and token.text in COMMANDS:
            return COMMANDS[token.text].char
        if token.kind == "character" and token.text in "()[]|/.<>⟨⟩‖⌊⌋⌈⌉":
            return {".": "", "<": "⟨", ">": "⟩"}.get(token.text, token.text)
        raise self.error(f"a bracket is missing after {after}; found {token}", token)

    def between(self) -> Node:
        r"""What stands between `\left` and `\right`."""
        left = self.delimiter("\\left")
        body = self.row("\\right")
        self.take()
        return Delimited(left, body, self.delimiter("\\right"))

    # --- raw text

    def raw(self, after: str) -> str:
        """The characters of a group, unread."""
        start = self.expect("{", after).position + 1
        level = 1
        while level:
            token = self.tokens[self.place]
            if token.kind == "end":
                raise self.error(f"'}}' is missing after {after}")
            level += {"{": 1, "}": -1}.get(token.text, 0) if token.kind == "character" else 0
            self.place += 1
        return self.tex[start : self.tokens[self.place - 1].position]

    def text(self, style: str, after: str) -> Node:
        r"""A `\text` group: blanks count; `$…$` inside is mathematics."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise self.error(f"more than {MAX_DEPTH} groups inside one another")
        self.expect("{", after)
        items: list[Node] = []
        letters = ""
        while True:
            token = self.tokens[self.place]
            self.place += 1
            if token.kind == "end":
                self.place -= 1
                raise self.error(f"'}}' is missing after {after}")
            nested = self.inside_text(token, style)
            if token.kind == "character" and token.text == "}":
                break
            if isinstance(nested, str):
                letters += nested
                continue
            if letters:
                items.append(Word(styled(letters, style), roman=False))
                letters = ""
            items.append(nested)
        if letters or not items:
            items.append(Word(styled(letters, style), roman=False))
        self.depth -= 1
        return items[0] if len(items) == 1 else Row(tuple(items))

    def inside_text(self, token: Token, style: str) -> str | Node:  # noqa: PLR0911 - a table of cases
        r"""What one token in a `\text` group means."""
        if token.kind == "blank":
            return " "
        if token.kind == "character" and token.text in "{}":
            if token.text == "{":
                self.place -= 1
                return self.text(style, "the brace")
            return ""
        if token.kind == "character" and token.text == "$":
            row = self.row("$")
            self.expect("$", "the formula")
            return row
        if token.kind == "character":
            return " " if token.text == "~" else token.text
        if token.text in _TEXT_ESCAPES:
            return " " if token.text == "," else token.text
        if token.text in commands.TEXT_STYLES:
            return self.text(commands.TEXT_STYLES[token.text] or style, str(token))
        if token.text in ("ldots", "dots", "textasciitilde"):
            return "~" if token.text.startswith("text") else "…"
        raise self.error(f"{token} cannot stand in text; put mathematics between dollars", token)

    # --- environments

    def environment(self, begin: Token) -> Node:
        r"""`\begin{…}` up to its `\end{…}`."""
        written = self.raw("\\begin")
        name = written.strip().removesuffix("*")
        columns = ""
        if name not in MATRIX_BRACKETS and name not in CASES | ALIGNED | GATHERED:
            raise self.error(f"the environment {written!r} is unknown", begin)
        if name == "array":
            columns = "".join(letter for letter in self.raw("\\begin{array}") if letter in "lcr")
        elif name in ("alignat", "alignedat"):
            self.raw("\\begin{alignat}")
        elif name in ("aligned", "gathered", "array") or name in MATRIX_BRACKETS:
            self.optional_position()
        rows = self.cells()
        ended = self.raw("\\end")
        if ended.strip() != written.strip():
            raise self.error(f"\\begin{{{written}}} ends with \\end{{{ended}}}", begin)
        return Grid(name, rows, columns)

    def optional_position(self) -> None:
        r"""Pass the `[t]` of `\begin{aligned}[t]`, which places the environment on its line."""
        following = "".join(token.text for token in self.tokens[self.place : self.place + 3])
        if following in ("[t]", "[c]", "[b]"):
            self.place += 3

    def cells(self, *, end: str = "end") -> tuple[tuple[Node, ...], ...]:
        r"""The cells of an environment, row by row, up to and past `\end` (or the closing brace of `\substack`)."""
        rows: list[tuple[Node, ...]] = []
        line: list[Node] = []
        while True:
            stops = ("&", "\\\\", "}") if end == "}" else ("&", "\\\\", "\\end")
            line.append(self.cell(stops))
            token = self.take()
            if token.text == "&":
                continue
            if len(line) > 1 or line[0] != Row(()) or token.text == "\\":
                rows.append(tuple(line))
            line = []
            if token.text != "\\":
                return tuple(rows) or ((Row(()),),)
            if self.tokens[self.place].text == "[":
                self.skip_measure()

    def cell(self, stops: tuple[str, ...]) -> Row:
        """One cell; the source may not end in it."""
        row = self.row(*stops, "the end")
        if self.peek().kind == "end":
            raise self.error("\\end is missing")
        return row

    def skip_measure(self) -> None:
        r"""Pass the `[2pt]` of `\\[2pt]`; any other bracket is text."""
        closing = next((t for t in self.tokens[self.place :] if t.text == "]"), None)
        if closing is None:
            return
        measure = self.tex[self.tokens[self.place].position + 1 : closing.position]
        if measure[-2:] in ("pt", "em", "ex", "mm", "cm") and measure[:-2].replace(".", "").lstrip("-").isdigit():
            self.place = self.tokens.index(closing) + 1


def _is_digit(token: Token) -> bool:
    return token.kind == "character" and token.text.isascii() and token.text.isdigit()
