r"""Plain text as Markdown that reads back as that text: what looks like our syntax is escaped, formulas stay.

A formula is what stands between dollar signs by the deck's own rule and can be set; every other `$` is a dollar sign.
Pure.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from content.inline import formulas
from studyapp.typeset.markdown import formula_error

UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u200b\u2060\ufeff\u202a-\u202e\u2066-\u2069]")
"""Characters that nobody sees and that can steer a terminal or turn the direction of writing."""
_INLINE = re.compile(
    r"\\(?=[!-/:-@\[-`{-~\n]|$)|`|~(?=~)|(?<=~)~|\[|\$|<(?=[A-Za-z/!?])|&(?=#?\w+;)|\{(?=\{)"
    r"|(?<!\s)\*|\*(?!\s|$)|(?<![^\W_])_|_(?![^\W_])"
)
_OPENING = re.compile(
    r"(?:[#>=|]|[-+*](?=[\s:|-]|$)|\+(?=\+)|:(?=-)|(?P<number>\d{1,9})(?P<mark>[.)])(?=\s|$))", re.ASCII
)
"""What a line must not begin with: headings, quotes, answers, tables, lists, rules."""

_OURS = re.compile(r"\[@|\{\{\d+\||`")
"""A citation, a blank, code: what a deck looks for before it looks for formulas."""
_SIGNS = r"[^\\`*_\[\]<>&{}|~$\n]"
_FORMULA = r"\$(?![\s$])(?:[^$\\`@|\n]++|\\[^$`@\n])++(?<!\s)\$(?!\d)"
LINE = rf"(?!\d{{1,9}}[.)])[^\W_](?:{_SIGNS}++|{_FORMULA})*+(?<!\s)"
"""A line of words and formulas that means the same as text, as Markdown and wherever it stands in a deck."""
_ORDINARY = re.compile(LINE).fullmatch
_ALL_ORDINARY = re.compile(rf"{LINE}(?:\n{LINE})*+").fullmatch
_A_FORMULA = re.compile(_FORMULA).fullmatch
_PLAIN_SIGNS = b"\n" + bytes(code for code in range(32, 127) if re.fullmatch(_SIGNS, chr(code)))
_TEX = re.compile(r"\$([^$]+)\$").findall


def ordinary(text: str) -> bool:
    """Whether `text` is one line that needs no escaping: most lines of most tables. Formulas in it can be set."""
    return bool(_ORDINARY(text)) and text.isprintable() and ("$" not in text or all(map(can_be_set, _TEX(text))))


def all_ordinary(lines: Sequence[str]) -> bool:
    """Whether each of `lines`, of which there is one at least, is `ordinary`: quicker than to look at each."""
    joined = "\n".join(lines)
    if joined.count("\n") != len(lines) - 1:
        return False
    if joined.isascii() and _surely(lines, joined):
        return True
    return (
        bool(_ALL_ORDINARY(joined))
        and joined.replace("\n", "").isprintable()
        and ("$" not in joined or all(map(can_be_set, set(joined.split("$")[1::2]))))
    )


def _surely(lines: Sequence[str], joined: str) -> bool:
    """Whether all are seen to be ordinary without reading them sign by sign: what `LINE` says, of ASCII alone."""
    parts = joined.split("$")
    return (
        "".join([line[:1] or " " for line in lines]).isalpha()
        and " \n" not in joined
        and joined[-1] != " "
        and not "".join(parts[::2]).encode().translate(None, _PLAIN_SIGNS)
        and len(parts) % 2 == 1
        and not any(part[:1].isdigit() for part in parts[2::2])
        and all(map(_is_formula, set(parts[1::2])))
    )


@lru_cache(maxsize=4_096)
def _is_formula(tex: str) -> bool:
    return bool(_A_FORMULA(f"${tex}$")) and tex.isprintable() and can_be_set(tex)


def literal(text: str, *, dollars: bool = True) -> str:
    """`text` as Markdown: a line break is a hard one, empty lines part paragraphs.

    Args: `dollars=False`: no formula stands between dollar signs, each is one.
    """
    paragraphs = [
        "\\\n".join(line for raw in part.split("\n") if (line := raw.strip())) for part in re.split(r"\n[ \t]*\n", text)
    ]
    return inline("\n\n".join(part for part in paragraphs if part), dollars=dollars, breaks=True)


def inline(text: str, *, dollars: bool = True, breaks: bool = False) -> str:
    """`text` with its signs escaped, its lines left as they are.

    Args: `breaks`: a backslash at the end of a line is a line break and stays.
    """
    parts, at = [], 0
    for start, end in _settable(text) if dollars and "$" in text else ():
        parts += [_escaped(text[at:start], breaks=breaks), text[start:end]]
        at = end
    parts.append(_escaped(text[at:], breaks=breaks))
    return "\n".join(opened(line) for line in "".join(parts).split("\n"))


def opened(line: str) -> str:
    """`line` with an escape before what would make it something else than text."""
    found = _OPENING.match(line)
    if found is None:
        return line
    if found["mark"]:
        return f"{found['number']}\\{line[found.start('mark') :]}"
    return f"\\{line}"


def _escaped(text: str, *, breaks: bool) -> str:
    def mark(found: re.Match[str]) -> str:
        if breaks and found[0] == "\\" and text.startswith("\n", found.end()):
            return "\\"
        return "\\" + found[0]

    return _INLINE.sub(mark, text)


def _settable(text: str) -> list[tuple[int, int]]:
    """From and to of each formula with its dollar signs."""
    spans = []
    for formula in formulas(text):
        width = 2 if formula.display else 1
        start = text.rfind("$" * width, 0, formula.offset + 1)
        end = text.find("$" * width, formula.offset) + width
        tex = text[start + width : end - width]
        if can_be_set(tex) and not _OURS.search(tex):
            spans.append((start, end))
    return spans


@lru_cache(maxsize=4_096)
def can_be_set(tex: str) -> bool:
    """Whether a formula can be printed."""
    return bool(tex.strip()) and formula_error(tex) is None
