"""The outline of a deck's Markdown: which lines are headings, lists, quotes, fences. The only importer of markdown-it.

CommonMark decides the outline, so that a deck means here what it means on a Git host: a `## ` inside a fence is no
heading and a `- ` inside `$$` is no list. Left out on purpose: HTML and link definitions (they are text here), and
underlined headings (`---` is always a rule). Inline Markdown is never touched; text is cut out of the source as it
stands.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.token import Token
from mdit_py_plugins.dollarmath.index import math_block_dollar


@dataclass(frozen=True, slots=True)
class Block:
    """One block: lines `start` to `end` (from 0, end excluded).

    `kind` is heading, paragraph, list, item, quote, fence, math, rule or code. `level` is a heading's number of `#`.
    `marks` are a fence's backticks or tildes, `info` what stands behind them. `text` is a heading's text or a fence's
    content, `indent` where an item's text begins. `inside` holds a list's items and an item's blocks.
    """

    kind: str
    start: int
    end: int
    level: int = 0
    info: str = ""
    text: str = ""
    indent: int = 0
    marks: str = ""
    closed: bool = True
    inside: tuple[Block, ...] = ()


_KINDS = {
    "heading_open": "heading",
    "paragraph_open": "paragraph",
    "bullet_list_open": "list",
    "ordered_list_open": "list",
    "list_item_open": "item",
    "blockquote_open": "quote",
    "fence": "fence",
    "math_block": "math",
    "hr": "rule",
    "code_block": "code",
}
_ITEM = re.compile(r"[ \t>]*(?:[-+*]|\d{1,9}[.)])(?:[ ]{1,4}(?=\S)|\t|[ ]|$)")
_NBSP = re.compile(r"(?m)^( {0,3}(?:#{1,6}|[-+*]|>))\u00a0")


_dollars = math_block_dollar(allow_labels=False)


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark")
    parser.disable(["html_block", "reference", "lheading"])
    parser.block.ruler.before("fence", "math_block", _display, {"alt": ["paragraph", "blockquote", "list"]})
    return parser


def _display(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """The plugin's rule for `$$`; asked only whether a formula begins here (`silent`), it would leave one behind."""
    line, tokens = state.line, len(state.tokens)
    found = _dollars(state, start, end, silent)
    if silent:
        del state.tokens[tokens:]
        state.line = line
    return found


def outline(lines: Sequence[str], start: int = 0, end: int | None = None) -> list[Block]:
    """The top-level blocks of `lines[start:end]`; line numbers count in `lines`.

    A no-break space behind a `#`, `-` or `>` (easily typed on a Mac, and invisible) counts as a space.
    """
    tokens: list[Token] = []
    parser = _parser()
    parser.block.parse(_NBSP.sub(r"\1 ", "\n".join(lines[start:end])).replace("\0", "\ufffd"), parser, {}, tokens)
    blocks: list[Block] = []
    at = 0
    while at < len(tokens):
        block, at = _block(tokens, at, lines, start)
        blocks.append(block)
    return blocks


def _block(tokens: list[Token], at: int, lines: Sequence[str], offset: int) -> tuple[Block, int]:
    """The block that opens at token `at`, and the token after it."""
    token = tokens[at]
    first, last = token.map or (0, 0)
    first, last = first + offset, last + offset
    kind = _KINDS[token.type]
    if token.nesting == 0:
        closed = kind != "fence" or _is_closed(lines, first, last, token.markup)
        return Block(
            kind, first, last, info=token.info.strip(), text=token.content, marks=token.markup, closed=closed
        ), at + 1
    if kind in ("heading", "paragraph"):
        level = len(token.markup) if kind == "heading" else 0
        return Block(kind, first, last, level=level, text=tokens[at + 1].content), at + 3
    if kind == "quote":
        return Block(kind, first, _trimmed(lines, first, last)), _after(tokens, at)
    inside: list[Block] = []
    at += 1
    while tokens[at].nesting != -1:
        block, at = _block(tokens, at, lines, offset)
        inside.append(block)
    indent = 0
    if kind == "item":
        marker = _ITEM.match(lines[first].replace("\u00a0", " "))
        indent = marker.end() if marker else 2
    return Block(kind, first, _trimmed(lines, first, last), indent=indent, inside=tuple(inside)), at + 1


def _after(tokens: list[Token], at: int) -> int:
    level = tokens[at].level
    at += 1
    while tokens[at].level > level or tokens[at].nesting != -1:
        at += 1
    return at + 1


def _trimmed(lines: Sequence[str], first: int, last: int) -> int:
    while last > first + 1 and not lines[last - 1].strip():
        last -= 1
    return last


def _is_closed(lines: Sequence[str], first: int, last: int, markup: str) -> bool:
    closing = lines[last - 1].strip(" \t>")
    return last - first > 1 and len(closing) >= len(markup) and set(closing) == {markup[0]}


def unquoted(lines: Sequence[str]) -> list[str]:
    """The lines of a block quote without their `>`."""
    return [_blank(re.sub(r"^[ \t]*>[ \t\u00a0]?", "", line)) for line in lines]


def dedented(lines: Sequence[str], indent: int) -> list[str]:
    """The lines of a list item without its marker and indentation; lines that are indented less lose what they have."""
    first = lines[0][indent:]
    rest = [_blank(line[min(indent, len(line) - len(line.lstrip(" \t"))) :]) for line in lines[1:]]
    return [first, *rest]


def _blank(line: str) -> str:
    return line if line.strip() else ""


def joined(lines: Sequence[str], blocks: Sequence[Block]) -> str:
    """The source of `blocks`, with one empty line wherever there were any between them."""
    parts: list[str] = []
    end = -1
    for block in blocks:
        if parts:
            parts.append("\n" if block.start == end else "\n\n")
        parts.append("\n".join(lines[block.start : block.end]))
        end = block.end
    return "".join(parts).strip("\n").rstrip()
