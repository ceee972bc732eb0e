"""Brackets that belong together become one node, so that they can grow and need no brackets around them again."""

from __future__ import annotations

from collections.abc import Sequence

from studyapp.typeset.symbols import Kind
from studyapp.typeset.tree import Delimited, Node, Row, Script, Space, Sym

_CLOSERS = frozenset(")]}⟩⌋⌉‖|")
_BARS = frozenset("|‖")


def _bracket(node: Node) -> Sym | None:
    """The bracket that `node` is, perhaps with scripts at it."""
    base = node.base if isinstance(node, Script) else node
    return base if isinstance(base, Sym) and not base.tall else None


def paired(items: Sequence[Node]) -> tuple[Node, ...]:
    """`items` with every matching pair of brackets made into a `Delimited`; brackets without partner stay symbols."""
    levels: list[list[Node]] = [[]]
    openers: list[Sym] = []
    for node in items:
        symbol = _bracket(node)
        if symbol is not None and symbol.kind is Kind.OPEN and node is symbol:
            openers.append(symbol)
            levels.append([])
        elif symbol is not None and symbol.kind is Kind.CLOSE and symbol.text in _CLOSERS and openers:
            body = Row(_bars_paired(levels.pop()))
            levels[-1].append(_closed(openers.pop().text, body, node))
        else:
            levels[-1].append(node)
    while openers:  # never closed on this line: the bracket is a sign like any other
        inner = levels.pop()
        levels[-1] += [openers.pop(), *inner]
    return _bars_paired(levels[0])


def _closed(left: str, body: Row, closing: Node) -> Node:
    symbol = _bracket(closing)
    assert symbol is not None
    pair = Delimited(left, body, symbol.text)
    if isinstance(closing, Script):
        return Script(pair, closing.sub, closing.sup, closing.limits)
    return pair


def _bars_paired(items: list[Node]) -> tuple[Node, ...]:
    """|x| and ‖x‖, when the bars of a row come in pairs; a single bar reads "given"."""
    for bar in _BARS:
        places = [n for n, node in enumerate(items) if _is_bar(node, bar)]
        if not places or len(places) % 2 or not all(_is_plain_bar(items[n], bar) for n in places[::2]):
            continue
        for start, end in reversed(list(zip(places[::2], places[1::2], strict=True))):
            inside = items[start + 1 : end]
            if any(not isinstance(node, Space) for node in inside):
                items[start : end + 1] = [_closed(bar, Row(tuple(inside)), items[end])]
    return tuple(items)


def _is_bar(node: Node, bar: str) -> bool:
    symbol = _bracket(node)
    return symbol is not None and symbol.kind is Kind.ORD and symbol.text == bar


def _is_plain_bar(node: Node, bar: str) -> bool:
    return isinstance(node, Sym) and node.text == bar
