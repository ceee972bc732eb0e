"""Forward programs as text: what may be written, and the graph it becomes for given shapes. Imports ast, never eval.

A program is lines `name = expression` in a subset of Python's expressions, read with `ast` and walked by an allow-list.
Loops are written out (`h1 = ...`, `h2 = ...`): every moment of an unrolled network then has its own name, formula, step
and mistakes, and nothing a person could ask about hides in a counter.
"""

from __future__ import annotations

import ast
import difflib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from engine.errors import ProgramError, ShapeError
from engine.functions import FUNCTIONS, KEYWORDS, stack
from engine.graph import Graph, Node

MAX_SOURCE = 20_000
"""Characters of a program."""
MAX_DEPTH = 60
"""Brackets within brackets."""
MAX_SYNTAX = 5_000
"""Pieces of syntax in a program."""

_BINARY = {ast.Add: "add", ast.Sub: "sub", ast.Mult: "mul", ast.Div: "div", ast.Pow: "pow", ast.MatMult: "matmul"}
_NAME = re.compile(r"[^\W\d_]\w{0,39}")
_CONSTANTS = {"pi": 3.141592653589793}

Special = Callable[["Reader", ast.Call], Node]


def where(node: ast.AST, source: str) -> tuple[int, int, str]:
    """Line, column (both from 1) and text of a piece of syntax."""
    line, column = getattr(node, "lineno", 0), getattr(node, "col_offset", 0)
    if not line:
        return 0, 0, ""
    text = ast.get_source_segment(source, node) or ""
    prefix = source.splitlines()[line - 1].encode()[:column].decode(errors="ignore")
    return line, len(prefix) + 1, text.split("\n")[0]


def fail(what: str, node: ast.AST, source: str, remedy: str = "") -> ProgramError:
    """The error of a piece of syntax."""
    line, column, piece = where(node, source)
    return ProgramError(what, line=line, column=column, piece=piece, remedy=remedy)


def parse(source: str, mode: str = "exec") -> ast.Module | ast.Expression:
    """Python's syntax tree of a text, after the checks that keep the parser itself safe.

    Raises:
        ProgramError: too long, nested too deeply, or not an expression.
    """
    if len(source) > MAX_SOURCE:
        raise ProgramError(f"the program has {len(source):,} characters; at most {MAX_SOURCE:,} are allowed")
    _check_brackets(source)
    try:
        tree = ast.parse(source, mode=mode)
    except SyntaxError as error:
        raise ProgramError(
            f"this is not written as an expression ({error.msg})",
            line=error.lineno or 1,
            column=error.offset or 1,
            piece=(error.text or "").strip(),
            remedy="write lines such as `y = w @ x + b`",
        ) from None
    except (ValueError, RecursionError, MemoryError, OverflowError):
        raise ProgramError(
            "the program is nested too deeply or holds a number that is too long",
            line=1,
            remedy="split it into several lines",
        ) from None
    if sum(1 for _ in ast.walk(tree)) > 4 * MAX_SYNTAX:
        raise ProgramError("the program is too large", remedy=f"use at most {MAX_SYNTAX:,} operations")
    assert isinstance(tree, ast.Module | ast.Expression)
    return tree


def _check_brackets(source: str) -> None:
    depth = 0
    for number, line in enumerate(source.splitlines(), 1):
        for column, char in enumerate(line, 1):
            if char in "([{":
                depth += 1
                if depth > MAX_DEPTH:
                    raise ProgramError(
                        f"brackets are nested more than {MAX_DEPTH} deep",
                        line=number,
                        column=column,
                        piece=line[max(0, column - 10) : column],
                        remedy="give the inner parts names of their own",
                    )
            elif char in ")]}":
                depth -= 1


class Reader:
    """Turns checked syntax into nodes of one graph.

    Args:
        graph: Where the nodes go.
        names: What each known name stands for.
        source: The text, for errors.
        special: Extra functions whose arguments are read in their own way (`d(L, w)`, `new(w)` in claims).
        comparisons: Whether `a >= b` may be written (it becomes 1 or 0).
    """

    def __init__(
        self,
        graph: Graph,
        names: Mapping[str, Node],
        source: str,
        special: Mapping[str, Special] | None = None,
        *,
        comparisons: bool = False,
    ) -> None:
        self.graph, self.names, self.source = graph, names, source
        self.special, self.comparisons = special or {}, comparisons

    def read(self, node: ast.expr, depth: int = 0) -> Node:
        """The node an expression means.

        Raises:
            ProgramError: something is not allowed or does not fit.
        """
        if depth > MAX_DEPTH:
            raise fail(f"the expression is nested more than {MAX_DEPTH} deep", node, self.source, "split the line")
        try:
            made = self._read(node, depth)
        except ShapeError as error:
            if error.line:
                raise
            line, column, piece = where(node, self.source)
            raise ShapeError(error.what, line=line, column=column, piece=piece, remedy=error.remedy) from None
        self.graph.where.setdefault(made, (self.source, node))
        return made

    def _read(self, node: ast.expr, depth: int) -> Node:  # noqa: PLR0911
        match node:
            case ast.Constant():
                return self._number(node)
            case ast.Name():
                return self._name(node)
            case ast.BinOp():
                return self._binary(node, depth)
            case ast.UnaryOp(op=ast.USub()):
                return self.graph.make("neg", self.read(node.operand, depth + 1))
            case ast.UnaryOp(op=ast.UAdd()):
                return self.read(node.operand, depth + 1)
            case ast.Attribute(attr="T"):
                return self.graph.make("transpose", self.read(node.value, depth + 1))
            case ast.Subscript():
                inner = self.read(node.value, depth + 1)
                return self.graph.make("index", inner, attrs=(tuple(self._index(node.slice)),))
            case ast.List() if node.elts:
                return stack(*(self.read(e, depth + 1) for e in node.elts))
            case ast.Call():
                return self._call(node, depth)
            case ast.Compare() if self.comparisons and len(node.ops) == 1:
                return self._compare(node, depth)
        raise fail("this is not part of the language", node, self.source, _ALLOWED)

    def _number(self, node: ast.Constant) -> Node:
        if isinstance(node.value, bool) or not isinstance(node.value, int | float):
            raise fail("only numbers can be written here", node, self.source, "give texts and truth values no place")
        try:
            value = float(node.value)
        except OverflowError:
            value = float("inf")
        if value in {float("inf"), float("-inf")}:
            raise fail("this number is too large", node, self.source, "use at most 1e300")
        if isinstance(node.value, float) and (abs(value) > 1e30 or 0 < abs(value) < 1e-30):
            return self.graph.const(Fraction(value))
        return self.graph.const(node.value)

    def _name(self, node: ast.Name) -> Node:
        if node.id in self.names:
            return self.names[node.id]
        if node.id in _CONSTANTS:
            return self.graph.const(_CONSTANTS[node.id])
        alike = [n for n in self.names if n.lower() == node.id.lower()]
        near = alike or difflib.get_close_matches(node.id, [*self.names, *FUNCTIONS], 1)
        hint = (
            f"did you mean `{near[0]}`?" if near else f"give it in [given]; known are {', '.join(self.names) or 'none'}"
        )
        raise fail(f"unknown name `{node.id}`", node, self.source, hint)

    def _binary(self, node: ast.BinOp, depth: int) -> Node:
        spine: list[ast.BinOp] = []
        left: ast.expr = node
        while isinstance(left, ast.BinOp) and not (spine and isinstance(left.op, ast.Pow)):
            spine.append(left)
            left = left.left
        made = self.read(left, depth + 1)
        for part in reversed(spine):
            name = _BINARY.get(type(part.op))
            if name is None:
                raise fail("this operator is not part of the language", part, self.source, _ALLOWED)
            right = self.read(part.right, depth + 1)
            try:
                made = self.graph.make(name, made, right)
            except ShapeError as error:
                line, column, piece = where(part, self.source)
                raise ShapeError(error.what, line=line, column=column, piece=piece, remedy=error.remedy) from None
            self.graph.where.setdefault(made, (self.source, part))
        return made

    def _compare(self, node: ast.Compare, depth: int) -> Node:
        a, b = self.read(node.left, depth + 1), self.read(node.comparators[0], depth + 1)
        one, make = self.graph.const(1), self.graph.make
        match node.ops[0]:
            case ast.Gt():
                return make("greater", a, b)
            case ast.Lt():
                return make("greater", b, a)
            case ast.GtE():
                return make("sub", one, make("greater", b, a))
            case ast.LtE():
                return make("sub", one, make("greater", a, b))
        raise fail("this comparison is not part of the language", node, self.source, "use < <= > >=")

    def _index(self, node: ast.expr) -> Iterator[object]:
        for part in node.elts if isinstance(node, ast.Tuple) else (node,):
            if isinstance(part, ast.Slice):
                yield tuple(None if p is None else self._whole(p) for p in (part.lower, part.upper, part.step))
            else:
                yield self._whole(part)

    def _whole(self, node: ast.expr) -> int:
        match node:
            case ast.Constant(value=int() as value) if not isinstance(value, bool) and abs(value) < 10**7:
                return value
            case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() as value)) if abs(value) < 10**7:
                return -value
        raise fail("a whole number must stand here", node, self.source, "write it out, as in x[0]")

    def _static(self, node: ast.expr) -> int | bool | None:
        if isinstance(node, ast.Constant) and (node.value is None or isinstance(node.value, bool)):
            return node.value
        return self._whole(node)

    def _call(self, node: ast.Call, depth: int) -> Node:
        if not isinstance(node.func, ast.Name):
            raise fail("only functions of the language can be called", node, self.source, _ALLOWED)
        name = node.func.id
        if name in self.special:
            return self.special[name](self, node)
        function = FUNCTIONS.get(name)
        if function is None:
            near = difflib.get_close_matches(name, FUNCTIONS, 1)
            hint = f"did you mean `{near[0]}`?" if near else f"there are {', '.join(FUNCTIONS)}"
            raise fail(f"there is no function `{name}`", node, self.source, hint)
        known = (*function.statics, *KEYWORDS.get(name, ()))
        statics: dict[str, int | bool | None] = {}
        values = list(node.args)
        if any(isinstance(v, ast.Starred) for v in values):
            raise fail("* is not allowed here", node, self.source, function.usage)
        extra = values[function.most :] if name not in KEYWORDS else []
        values = values[: function.most]
        positional: Sequence[int | bool | None] = [self._static(v) for v in extra]
        if "*" in function.statics:
            return function.build(self.read(values[0], depth + 1), *positional)
        if len(values) < function.least or len(positional) > len(function.statics):
            raise fail(f"`{name}` takes other arguments", node, self.source, f"write {function.usage}")
        statics.update(zip(function.statics, positional, strict=False))
        named: dict[str, Node] = {}
        for keyword in node.keywords:
            if keyword.arg in known and keyword.arg not in statics:
                statics[keyword.arg] = self._static(keyword.value)
            elif keyword.arg is not None and f"{keyword.arg}" in function.usage and len(values) < function.most:
                named[{"slope": "a"}.get(keyword.arg, keyword.arg)] = self.read(keyword.value, depth + 1)
            else:
                raise fail(f"`{name}` has no argument `{keyword.arg}`", node, self.source, f"write {function.usage}")
        return function.build(*(self.read(v, depth + 1) for v in values), **statics, **named)


_ALLOWED = f"use + - * / ** @, a[i], a.T, numbers, names and {', '.join(FUNCTIONS)}"


@dataclass(frozen=True)
class Statement:
    """One line of a program: the name it defines, its expression, and the names it uses."""

    name: str
    expression: ast.expr
    uses: tuple[str, ...]


def statements(source: str) -> tuple[Statement, ...]:
    """The assignments of a program, each name defined once and before it is used.

    Raises:
        ProgramError: with line, column, the piece and the remedy.
    """
    tree = parse(source)
    assert isinstance(tree, ast.Module)
    made: list[Statement] = []
    for line in tree.body:
        if not (isinstance(line, ast.Assign) and len(line.targets) == 1 and isinstance(line.targets[0], ast.Name)):
            raise fail("every line must be `name = expression`", line, source, "give the value a name")
        name = line.targets[0].id
        if not _NAME.fullmatch(name) or name in FUNCTIONS:
            raise fail(
                f"`{name}` cannot be a name here", line, source, "use letters, digits and _, and no function's name"
            )
        if any(name == s.name for s in made):
            raise fail(f"`{name}` is defined twice", line, source, "give the second one a name of its own")
        made.append(Statement(name, line.value, tuple(_names(line.value, source))))
    if not made:
        raise ProgramError("the program is empty", remedy="write lines such as `y = w @ x + b`")
    _check_order(made, source)
    return tuple(made)


def _names(expression: ast.expr, source: str) -> dict[str, None]:
    """The names an expression uses, in order; private ones are refused."""
    used: dict[str, None] = {}
    functions = {id(n.func) for n in ast.walk(expression) if isinstance(n, ast.Call)}
    for node in ast.walk(expression):
        if isinstance(node, ast.Name):
            if not _NAME.fullmatch(node.id):
                raise fail(f"`{node.id}` cannot be a name here", node, source, "begin names with a letter")
            if id(node) not in functions and node.id not in _CONSTANTS:
                used[node.id] = None
    return used


def _check_order(made: Sequence[Statement], source: str) -> None:
    later = {s.name for s in made}
    for statement in made:
        for name in statement.uses:
            if name in later:
                raise fail(
                    f"`{name}` is used before it has a value (a cycle)"
                    if name != statement.name
                    else f"`{name}` is defined by itself (a cycle)",
                    statement.expression,
                    source,
                    "define it on an earlier line, or give it in [given] under another name",
                )
        later.discard(statement.name)
