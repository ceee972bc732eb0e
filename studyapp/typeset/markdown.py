"""The Markdown dialect of decks and lessons, and the formulas in it. The only importer of markdown-it, when first used.

CommonMark with tables and `$…$`, `$$…$$`; no HTML and no reference definitions, so that nothing written vanishes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from studyapp.typeset.controls import seen
from studyapp.typeset.parse import parse
from studyapp.typeset.tree import TexError

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_inline import StateInline
    from markdown_it.token import Token

_DOLLARS = re.compile(
    r"\$\$(?P<double>(?:\\.|[^$\\])+?)\$\$|\$(?!\s)(?P<single>(?:\\.|[^$\\])+?)(?<!\s)\$(?!\d)", re.DOTALL
)
MATH = frozenset({"math_inline", "math_inline_double", "math_block", "math_block_label"})


@dataclass(frozen=True)
class Formula:
    """A formula as it stands in a text: `offset` is the place of its first dollar, `line` counts from 1."""

    tex: str
    offset: int
    line: int
    display: bool


def formulas(markdown: str) -> tuple[Formula, ...]:
    """Every formula of a text in the order of writing; those in code are no formulas."""
    found: list[Formula] = []
    starts = [0, *(match.end() for match in re.finditer("\n", markdown))]
    cursor = 0
    for token, line in _math_tokens(parsed(markdown)):
        if line is not None and line < len(starts):
            cursor = max(cursor, starts[line])
        cursor = _find(markdown, token.content, cursor)
        display = token.type != "math_inline"
        found.append(Formula(token.content.strip(), cursor, markdown.count("\n", 0, cursor) + 1, display))
        cursor += 1 + len(token.content.strip().split("\n", maxsplit=1)[0]) + (1 if not display else 2)
    return tuple(found)


def _find(markdown: str, tex: str, cursor: int) -> int:
    """The place of the dollars before `tex`, at or after `cursor`."""
    first_line = tex.strip().split("\n", maxsplit=1)[0].strip()
    match = re.compile(r"\$\$?[\s>]*" + re.escape(first_line)).search(markdown, cursor)
    return match.start() if match else cursor


def _math_tokens(tokens: list[Token]) -> Iterator[tuple[Token, int | None]]:
    for token in tokens:
        line = token.map[0] if token.map else None
        if token.type in MATH:
            yield token, line
        for child in token.children or ():
            if child.type in MATH:
                yield child, line


def formula_error(tex: str) -> str | None:
    """What keeps a formula (without dollars) from being set, in words; None when all is well."""
    try:
        parse(tex.strip())
    except TexError as error:
        return str(error)
    return None


def parsed(markdown: str) -> list[Token]:
    """The tokens of a text, of which nothing can steer the terminal."""
    return _parser().parse(seen(markdown.replace("\r\n", "\n").replace("\r", "\n")))


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt  # takes 30 ms; needed by few
    from mdit_py_plugins.dollarmath import dollarmath_plugin

    parser = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    parser.disable(["reference", "html_block", "html_inline"])
    dollarmath_plugin(parser, allow_labels=True, label_normalizer=str)
    parser.inline.ruler.at("math_inline", _dollars)
    return parser


def _dollars(state: StateInline, silent: bool) -> bool:
    """`$…$` as in Pandoc: no blank inside at either end and no digit behind, so that $5 and $6 stay prices."""
    if state.src[state.pos] != "$":
        return False
    match = _DOLLARS.match(state.src, state.pos)
    if match is None:
        return False
    if not silent:
        kind = "single" if match["double"] is None else "double"
        token = state.push("math_inline" if kind == "single" else "math_inline_double", "math", 0)
        token.content = match[kind]
        token.markup = "$" if kind == "single" else "$$"
    state.pos = match.end()
    return True
