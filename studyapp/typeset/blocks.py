"""Blocks of Markdown into lines: paragraphs, lists, tables, quotes, code and displayed formulas. See `prose`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from studyapp.typeset.display import display
from studyapp.typeset.markdown import parsed
from studyapp.typeset.model import Line, Span
from studyapp.typeset.runs import run, wrap
from studyapp.typeset.table import table
from studyapp.typeset.tree import TexError

if TYPE_CHECKING:
    from markdown_it.token import Token
    from markdown_it.tree import SyntaxTreeNode

INDENT = 4
"""Cells before a displayed formula."""
HIDDEN_FENCES = frozenset({"check", "exercise"})
"""Fences that are instructions to the program and are never shown."""
ALERTS = {"NOTE": "Note", "TIP": "Hint", "IMPORTANT": "Important", "WARNING": "Warning", "CAUTION": "Caution"}
_BULLETS = "•–·"
_NUMBER = re.compile(r"\s*\(([\w.\-]+)\)\s*$")
_ALERT = re.compile(r"\[!([A-Z]+)\]$")


def set_blocks(markdown: str, width: int) -> tuple[Line, ...]:
    """The text set in `width` cells; the arguments are those of `prose`."""
    from markdown_it.tree import SyntaxTreeNode  # takes 30 ms; needed by few

    root = SyntaxTreeNode(parsed(markdown))
    return tuple(_Setter().blocks(root.children, width))


class _Setter:
    """Sets block after block; the width shrinks on the way in."""

    def blocks(self, nodes: Sequence[SyntaxTreeNode], width: int, *, depth: int = 0) -> list[Line]:
        """Blocks one under another, a blank line between them except in tight lists."""
        lines: list[Line] = []
        after_tight = False
        for node in nodes:
            made = self.block(node, width, depth=depth)
            if not made:
                continue
            if lines and not (after_tight or _is_tight(node)):
                lines.append(Line(""))
            lines += made
            after_tight = node.type == "paragraph" and _is_tight(node)
        return lines

    def block(self, node: SyntaxTreeNode, width: int, *, depth: int) -> list[Line]:  # noqa: PLR0911 - a table of cases
        """The lines of one block."""
        kind = node.type
        if kind == "heading":
            return wrap(self.inline(node, f"heading{node.tag[1:]}"), width)
        if kind == "paragraph":
            return self.paragraph(node, width)
        if kind in ("bullet_list", "ordered_list"):
            return self.items(node, width, depth=depth)
        if kind == "blockquote":
            return self.quote(node, width)
        if kind in ("fence", "code_block"):
            return self.code(node, width)
        if kind in ("math_block", "math_block_label"):
            return self.formula(node.content, width, node.info if kind.endswith("label") else "")
        if kind == "table":
            return self.table(node, width)
        if kind == "hr":
            return [Line("─" * width).styled("rule")]
        return self.blocks(node.children, width, depth=depth)

    def inline(self, node: SyntaxTreeNode, *styles: str) -> Line:
        """The running text of a block as one line."""
        tokens = node.children[0].token.children if node.children and node.children[0].token else None
        return run(tokens or (), styles=styles)

    def paragraph(self, node: SyntaxTreeNode, width: int) -> list[Line]:
        """A paragraph; `$$…$$` within it stands on lines of its own."""
        tokens: Sequence[Token] = (node.children[0].token.children if node.children[0].token else None) or ()
        if not any(token.type == "math_inline_double" for token in tokens):
            return wrap(run(tokens), width)
        lines: list[Line] = []
        for part in _split_at_displays(tokens):
            if lines:
                lines.append(Line(""))
            if isinstance(part, tuple):
                lines += self.formula(part[0], width, part[1])
            else:
                lines += wrap(run(part), width)
        return lines

    def formula(self, tex: str, width: int, number: str) -> list[Line]:
        """A displayed formula with its number at the right margin."""
        tex = tex.strip()
        indent = INDENT if width > 5 * INDENT else 0
        try:
            block = display(tex, width - indent, number=number)
        except TexError:
            source = Line(f"$${tex}$$".replace("\n", " ") + (f" ({number})" if number else ""))
            return wrap(source.styled("error"), width)
        made = (Line(line.text, (Span(0, len(line.text), "math"), *line.spans)) for line in block.lines)
        return [Line(line.text.rstrip(" "), line.spans).indented(indent) for line in map(_trimmed, made)]

    def items(self, node: SyntaxTreeNode, width: int, *, depth: int) -> list[Line]:
        """A list, its markers hanging left of the text."""
        first = int(str(node.attrs.get("start", 1)))
        ordered = node.type == "ordered_list"
        last = first + len(node.children) - 1
        lines: list[Line] = []
        for place, item in enumerate(node.children):
            marker = f"{first + place}.".rjust(len(str(last)) + 1) if ordered else _BULLETS[min(depth, 2)]
            indent = len(marker) + 1 if width > 3 * len(marker) + 3 else 0
            inner = self.blocks(item.children, width - indent, depth=depth + 1) or [Line("")]
            if lines and not _is_written_tight(node):
                lines.append(Line(""))
            if not indent:
                lines += wrap(Line(marker).styled("marker"), width)
            for n, line in enumerate(inner):
                lead = Line(marker).styled("marker").padded(indent) if n == 0 and indent else Line(" " * indent)
                lines.append(lead + line if line.text or n == 0 else Line(""))
        return lines

    def quote(self, node: SyntaxTreeNode, width: int) -> list[Line]:
        """A block quote behind a bar; GitHub's alerts get a title instead of their mark."""
        room = width - 2 if width > 4 else width
        inner = self.blocks(node.children, room)
        alert = _ALERT.fullmatch(inner[0].text) if inner else None
        alert = alert or (_ALERT.match(inner[0].text.split(" ")[0]) if inner else None)
        if alert is not None and alert[1] in ALERTS:
            inner = self._titled(node, room, ALERTS[alert[1]])
        if room == width:
            return [line.styled("quote") for line in inner]
        return [Line(("▏ " + line.text).rstrip(" "), line.indented(2).spans).styled("quote") for line in inner]

    def _titled(self, node: SyntaxTreeNode, width: int, title: str) -> list[Line]:
        """The quote without its `[!TIP]` and under a title."""
        first = node.children[0]
        tokens: Sequence[Token] = (first.children[0].token.children if first.children[0].token else None) or ()
        rest = list(tokens[1:])
        if tokens and not _ALERT.fullmatch(tokens[0].content):
            return self.blocks(node.children, width)
        while rest and rest[0].type == "softbreak":
            rest = rest[1:]
        lines = [Line(title).styled("bold")]
        if rest:
            lines += wrap(run(rest), width)
        others = self.blocks(node.children[1:], width)
        return [*lines, *([Line("")] if others and rest else []), *others]

    def code(self, node: SyntaxTreeNode, width: int) -> list[Line]:
        """Code as it is; `text` fences are figures."""
        language = node.info.split(maxsplit=1)[0] if node.info.strip() else ""
        if language in HIDDEN_FENCES:
            return []
        style = "figure" if language == "text" else "code-block"
        content = node.content or node.markup + node.info  # an empty fence is somebody's text
        source = content.expandtabs(4).rstrip("\n").split("\n")
        lines = [Line(text) for text in source]
        indent = 2 if all(line.width + 2 <= width for line in lines) else 0
        return [line.indented(indent).styled(style) for line in lines]

    def table(self, node: SyntaxTreeNode, width: int) -> list[Line]:
        """A table, its header in its own style."""
        rows: list[list[Line]] = []
        aligns: list[str] = []
        for part in node.children:
            for row in part.children:
                styles = ("table-header",) if part.type == "thead" else ()
                rows.append([self.inline(cell, *styles) for cell in row.children])
                aligns = aligns or [
                    str(cell.attrs.get("style", "")).removeprefix("text-align:") for cell in row.children
                ]
        return table(rows, aligns, width)


def _trimmed(line: Line) -> Line:
    """A line of a formula without the blanks at its end, and its spans with it."""
    end = len(line.text.rstrip(" "))
    spans = tuple(Span(s.start, min(s.end, end), s.style, s.target) for s in line.spans if s.start < end)
    return Line(line.text[:end], spans)


def _is_tight(node: SyntaxTreeNode) -> bool:
    """Whether a list is written without blank lines, or a paragraph or list stands in such a one."""
    if node.type == "paragraph":
        return bool(node.hidden)
    if node.type in ("bullet_list", "ordered_list"):
        nested = node.parent is not None and node.parent.type == "list_item"
        return nested and _is_written_tight(node)
    return False


def _is_written_tight(node: SyntaxTreeNode) -> bool:
    """Whether the items of a list follow each other without blank lines."""
    return all(child.hidden for item in node.children for child in item.children if child.type == "paragraph")


def _split_at_displays(tokens: Sequence[Token]) -> list[list[Token] | tuple[str, str]]:
    """Running text and, as (TeX, number), the displayed formulas in it."""
    parts: list[list[Token] | tuple[str, str]] = []
    text: list[Token] = []
    for token in tokens:
        number = _NUMBER.match(token.content) if token.type == "text" and parts and not text else None
        if token.type == "math_inline_double":
            if _has_content(text):
                parts.append(text)
            parts.append((token.content, ""))
            text = []
        elif number is not None and isinstance(parts[-1], tuple):
            parts[-1] = (parts[-1][0], number[1])
        elif token.type != "softbreak" or text:
            text.append(token)
    if _has_content(text):
        parts.append(text)
    return parts


def _has_content(tokens: Sequence[Token]) -> bool:
    return any(token.type != "softbreak" for token in tokens)
