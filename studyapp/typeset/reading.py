"""Markdown as plain text, one line for each paragraph: for screen readers, pipes and terminals without layout."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from studyapp.typeset.ascii import ascii_inline
from studyapp.typeset.blocks import ALERTS, HIDDEN_FENCES
from studyapp.typeset.inline import inline
from studyapp.typeset.markdown import parsed
from studyapp.typeset.speak import speak
from studyapp.typeset.tree import TexError

if TYPE_CHECKING:
    from markdown_it.token import Token
    from markdown_it.tree import SyntaxTreeNode


@lru_cache(maxsize=1024)
def plain(markdown: str, *, spoken: bool = True, poor: bool = False) -> str:
    """The text without marks: formulas in words or, with `spoken=False`, on one line of symbols, `poor` ones in ASCII.

    Links carry their address, tables are read row by row, code stays as it is. A formula that cannot be read shows
    its source between dollars.
    """
    from markdown_it.tree import SyntaxTreeNode  # takes 30 ms; needed by few

    return _Reader(speak if spoken else ascii_inline if poor else inline).blocks(
        SyntaxTreeNode(parsed(markdown)).children
    )


class _Reader:
    def __init__(self, setter: Callable[[str], str]) -> None:
        """Args: `setter`: what makes text of a formula's TeX; raises TexError where it cannot."""
        self.setter = setter

    def blocks(self, nodes: Sequence[SyntaxTreeNode], join: str = "\n\n") -> str:
        """Blocks with blank lines between them."""
        return join.join(text for text in map(self.block, nodes) if text)

    def block(self, node: SyntaxTreeNode) -> str:  # noqa: PLR0911 - a table of cases
        """One block."""
        kind = node.type
        if kind in ("paragraph", "heading"):
            return self.inline(node)
        if kind in ("bullet_list", "ordered_list"):
            first = int(str(node.attrs.get("start", 1)))
            marks = [f"{first + n}." if kind == "ordered_list" else "-" for n in range(len(node.children))]
            parts = (self.blocks(item.children, "\n").replace("\n", "\n  ") for item in node.children)
            return "\n".join(f"{mark} {text}" for mark, text in zip(marks, parts, strict=True))
        if kind == "blockquote":
            text = self.blocks(node.children)
            for mark, title in ALERTS.items():
                if text.startswith(f"[!{mark}]"):
                    return f"{title}: {text.removeprefix(f'[!{mark}]').lstrip()}"
            return text
        if kind in ("fence", "code_block"):
            hidden = (node.info.split() or [""])[0] in HIDDEN_FENCES
            return "" if hidden else (node.content or node.markup + node.info).rstrip("\n")
        if kind in ("math_block", "math_block_label"):
            number = f" (number {node.info})" if kind.endswith("label") else ""
            return self.formula(node.content.strip(), "$$") + number
        if kind == "table":
            return self.table(node)
        return "" if kind == "hr" else self.blocks(node.children)

    def inline(self, node: SyntaxTreeNode) -> str:
        """Running text."""
        token_of_text = node.children[0].token if node.children else None
        tokens: Sequence[Token] = (token_of_text.children if token_of_text else None) or ()
        parts: list[str] = []
        targets: list[str] = []
        for token in tokens:
            if token.type in ("math_inline", "math_inline_double"):
                parts.append(self.formula(token.content.strip(), token.markup or "$"))
            elif token.type == "link_open":
                targets.append(str(token.attrGet("href") or ""))
            elif token.type == "link_close":
                target = targets.pop()
                parts.append(f" ({target})" if target and target not in "".join(parts[-1:]) else "")
            elif token.type in ("softbreak", "hardbreak"):
                parts.append(" " if token.type == "softbreak" else "\n")
            else:
                parts.append(token.content)
        return "".join(parts)

    def formula(self, tex: str, dollars: str) -> str:
        """A formula, in words or symbols."""
        try:
            return self.setter(tex)
        except TexError:
            return f"{dollars}{tex}{dollars}"

    def table(self, node: SyntaxTreeNode) -> str:
        """Rows as "header: cell; header: cell"."""
        rows = [[self.inline(cell) for cell in row.children] for part in node.children for row in part.children]
        header, *body = rows
        if not body:
            return "; ".join(header)
        named = ([f"{name}: {cell}" if name else cell for name, cell in zip(header, row, strict=False)] for row in body)
        return "\n".join("; ".join(row) for row in named)
