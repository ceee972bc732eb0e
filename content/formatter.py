"""Ids for cards that have none: read once from the heading's words, written into the heading, never derived again.

Only insertions: every other byte of the file stays, its line ends, trailing spaces and byte order mark included.
"""

from __future__ import annotations

import errno
import os
import re
import stat
from collections.abc import Iterable
from pathlib import Path

from content.blocks import Block, joined
from content.header import ID, Report, header
from content.heading import attributes, heading
from content.reader import sections, split
from content.writing import write_whole

_LINE = re.compile(r"\r\n|\r|\n")
_COMMON = frozenset(
    ("a", "an", "and", "are", "be", "by", "did", "do", "does", "for", "how", "in", "is", "it", "its", "of", "on", "or",
     "the", "to", "was", "what", "when", "which", "who", "why", "with")
)  # fmt: skip
_WORDS = 6
_LENGTH = 48


def mint(text: str) -> str:
    """`text` with an id in every card heading that had none; `text` itself where nothing is missing.

    An id is the heading's first telling words (of the card's text where the heading is empty), made unique in the deck
    by a number; former ids in `aliases` are never given again. A text without front matter is no deck and stays as it
    is, and so does a heading whose attributes cannot be read.
    """
    starts = _line_starts(text)
    insertions: list[tuple[int, str]] = []
    for raw, block, identity in _missing(text):
        at, insertion = _insertion(raw, block.text, identity)
        insertions.append((starts[block.start] + at, insertion))
    return _inserted(text, insertions)


def _missing(text: str) -> list[tuple[str, Block, str]]:
    """The headings without an id: the line, the block, and the id that it should have."""
    lines = split(text)
    report = Report(Path())
    head = header(lines, report)
    if head is None:
        return []
    taken = {*head.aliases, *head.aliases.values()}
    bare: list[tuple[Block, str]] = []
    for block, under in sections(lines, head.end):
        if block is None or block.level != 2:
            continue
        read = heading(block.text, lines[block.start], block.start + 1, report)
        if read is None:
            continue
        if read.id:
            taken.add(read.id)
        else:
            bare.append((block, read.text or joined(lines, under)))
    missing = []
    for block, words in bare:
        identity = _unused(slug(words), taken)
        taken.add(identity)
        missing.append((lines[block.start], block, identity))
    return missing


def format_file(path: Path, *, write: bool = True) -> int:
    """Give every card of a deck file an id; returns how many were missing. Without `write` the file is only looked at.

    The new text is written beside the file, flushed to the disk and put in its place in one step, with the file's
    mode; a link is followed. Whatever happens meanwhile, the file is the old one or the new one.

    Raises: OSError when it cannot be read or written or is no ordinary file, UnicodeDecodeError when it is not UTF-8.
    """
    target = Path(os.path.realpath(path))  # not resolve(), which raises RuntimeError for links in a circle
    if not stat.S_ISREG(target.stat().st_mode):
        raise OSError(errno.EINVAL, "this is no ordinary file")
    text = target.read_bytes().decode("utf-8")
    minted = mint(text)
    if minted != text and write:
        write_whole(target, minted.encode("utf-8"), target.stat().st_mode & 0o7777)
    return len(_missing(text))


def slug(text: str) -> str:
    r"""An id from the words of `text`: `Which rule does backpropagation apply?` → `rule-backpropagation-apply`.

    Blanks give their answers, and TeX its letters: `$\partial L$` → `partial-l`.
    """
    text = re.sub(r"\{\{\d+\|", " ", text)[:2000]
    words = [word.strip("_").casefold() for word in re.findall(r"[^\W_]+", text)]
    telling = [word for word in words if word not in _COMMON] or words
    found = "-".join(telling[:_WORDS])[:_LENGTH].rstrip("-")
    return found if ID.fullmatch(found) else "card"


def _unused(wanted: str, taken: Iterable[str]) -> str:
    if wanted not in taken:
        return wanted
    number = 2
    while f"{wanted}-{number}" in taken:
        number += 1
    return f"{wanted}-{number}"


def _line_starts(text: str) -> list[int]:
    offset = 1 if text.startswith("\ufeff") else 0
    return [offset, *(end.end() for end in _LINE.finditer(text))]


def _insertion(raw: str, content: str, identity: str) -> tuple[int, str]:
    """Where in the heading's line `raw` the id goes, and how it is written."""
    marks = raw.index("##") + 2
    found = attributes(content)
    if found:
        return raw.rindex("{" + found[1]) + 1, f"#{identity} "
    if not content:
        return marks, f" {{#{identity}}}"
    return raw.index(content, marks) + len(content), f" {{#{identity}}}"


def _inserted(text: str, insertions: list[tuple[int, str]]) -> str:
    parts: list[str] = []
    done = 0
    for at, insertion in sorted(insertions):
        parts += [text[done:at], insertion]
        done = at
    return "".join(parts) + text[done:]
