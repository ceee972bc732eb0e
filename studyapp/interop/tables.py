"""Tables of text: TSV, CSV, pasted lines, Anki's notes text. From bytes to rows of cells; what the cells mean is told.

Anki's `#key:value` lines at the top are obeyed as its manual describes them (docs.ankiweb.net, "Importing text files").
Reads the bytes that it is given and nothing else.
"""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from studyapp.interop.errors import ImportRefusedError
from studyapp.interop.html import LOOKS_LIKE_HTML
from studyapp.interop.literal import UNSEEN

LARGEST = 256 * 1024 * 1024
"""Bytes of a file; beyond this it is refused rather than the memory filled."""
SEPARATORS = {
    "tab": "\t", "comma": ",", "semicolon": ";", "pipe": "|", "colon": ":", "space": " ",
}  # fmt: skip
FRONT, BACK, EXTRA, HINT, TAGS, GUID, DECK, NOTETYPE = "front", "back", "extra", "hint", "tags", "guid", "deck", "type"
_NAMES = {
    FRONT: ("front", "question", "term", "word", "prompt", "q"),
    BACK: ("back", "answer", "definition", "meaning", "translation", "a"),
    EXTRA: ("extra", "explanation", "notes", "note", "comment", "back extra"),
    HINT: ("hint",),
    TAGS: ("tags", "tag"),
    GUID: ("guid", "id"),
    DECK: ("deck",),
    NOTETYPE: ("notetype", "note type"),
}
_ROLE_OF = {name: role for role, names in _NAMES.items() for name in names}
_HEADER = re.compile(r"#([a-z][a-z ]*):(.*)", re.IGNORECASE)
_SPACES = re.compile("[\x85\u00a0\u2028\u2029\u202f]")
_ODD = bytes(code for code in range(256) if not 32 <= code < 127 and code not in b"\t\n\r")
"""What a file of plain words has none of."""
_SAMPLE = 200


@dataclass(frozen=True)
class Table:
    """Rows of cells with the line each begins on, and which column is what."""

    rows: list[tuple[int, list[str]]]
    roles: dict[str, int] = field(default_factory=dict)
    """Role (`front`, `back`, `tags`, `guid` …) → column, from 0."""
    extras: tuple[int, ...] = ()
    """Further columns with text of the card."""
    html: bool = False
    dollars: bool = True
    """Whether formulas may stand between dollar signs."""
    tags: tuple[str, ...] = ()
    """For every row."""
    deck: str = ""
    """The deck's name that the file gives for every row."""
    notetype: str = ""
    notices: tuple[str, ...] = ()


def read(data: bytes, *, separator: str | None = None) -> Table:
    """The table in a file's bytes.

    Args: `separator`: a name of `SEPARATORS` or the character itself; by default what the file says or looks like.
    Raises: ImportRefusedError.
    """
    if len(data) > LARGEST:
        raise ImportRefusedError(f"the file is larger than {LARGEST >> 20} MB; split it")
    text, notices = decoded(data)
    top, start = _top(text)
    said = separator if separator is not None else top.get("separator")
    sign = _separator(said) if said else detected(text[_offset(text, start) :][:100_000])
    if sign is None:
        raise ImportRefusedError(
            "no separator between question and answer is found; put a tab between them, or name it with --separator"
        )
    table = replace(_described(top), notices=notices)
    lines = text.split("\n")[start:]
    rows, odd = _rows(lines, sign, start, comments=bool(top))
    notices += odd
    if not rows:
        raise ImportRefusedError("there is no row in the file")
    width = max(len(rows[0][1]), *(column + 1 for column in table.roles.values())) if table.roles else len(rows[0][1])
    rows, table = _named(rows, table, top, sign)
    surplus = [line for line, cells in rows if len(cells) > width and any(cells[width:])]
    if surplus:
        notices += (
            f"{len(surplus)} rows have more columns than the first; the surplus is left out (line {surplus[0]}"
            f"{', …' if len(surplus) > 1 else ''})",
        )
    used = set(table.roles.values())
    extras = tuple(column for column in range(width) if column not in used)
    if FRONT not in table.roles:
        extras, table = extras[1:], replace(table, roles={**table.roles, FRONT: extras[0] if extras else 0})
    if BACK not in table.roles and extras:
        extras, table = extras[1:], replace(table, roles={**table.roles, BACK: extras[0]})
    marked = "<" in text or "&" in text
    html = top["html"].strip().casefold() == "true" if "html" in top else bool(marked and LOOKS_LIKE_HTML.search(text))
    return replace(table, rows=rows, extras=extras, html=html, dollars=not top, notices=notices)


def decoded(data: bytes) -> tuple[str, tuple[str, ...]]:
    """The text, whatever its encoding and line ends, without what cannot be seen; and what is to be told about it."""
    notices: tuple[str, ...] = ()
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        text = data.decode("utf-16", "replace")
    else:
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            text = data.decode("windows-1252", "replace")
            line = data.count(b"\n", 0, error.start) + 1
            notices = (f"this is no UTF-8 (line {line}); it was read as windows-1252: look at the accents",)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if len(data) != len(data.translate(None, _ODD)) and (not text.isascii() or UNSEEN.search(text)):
        text = _SPACES.sub(" ", UNSEEN.sub("", text))
    return text, notices


def _top(text: str) -> tuple[dict[str, str], int]:
    """The `#key:value` lines at the top, and how many lines they are."""
    found: dict[str, str] = {}
    number = 0
    for line in text.split("\n", 30)[:30]:
        if number == 0 and re.match(r"tags:", line, re.IGNORECASE):
            found["tags"] = line.partition(":")[2]
        elif header := _HEADER.fullmatch(line):
            found[header[1].strip().casefold()] = header[2]
        else:
            break
        number += 1
    return found, number


def _offset(text: str, lines: int) -> int:
    at = 0
    for _ in range(lines):
        at = text.find("\n", at) + 1
    return at


def _separator(said: str) -> str:
    word = said if said in ("\t", " ") else said.strip()
    sign = SEPARATORS.get(word.casefold(), {"\\t": "\t"}.get(word, word))
    if not sign:
        raise ImportRefusedError(
            f"{said!r} is no separator; write one of {', '.join(SEPARATORS)}, or the signs themselves"
        )
    return sign


def detected(sample: str) -> str | None:
    """The separator that parts most rows of `sample` alike."""
    lines = [line for line in sample.split("\n")[:_SAMPLE] if line.strip()]
    best: tuple[float, str] | None = None
    for sign in ("\t", ";", ",", "|", "::", " - ", " – ", ":"):
        counts = [len(row) for _, row in _rows(lines, sign, 0)[0]]
        parted = [count for count in counts if count > 1]
        if not parted:
            continue
        common = max(set(parted), key=parted.count)
        share = parted.count(common) / len(counts)
        if share >= 0.5 and (best is None or share > best[0] + 0.1):
            best = (share, sign)
    return best[1] if best else None


def _rows(
    lines: list[str], sign: str, start: int, *, comments: bool = False
) -> tuple[list[tuple[int, list[str]]], tuple[str, ...]]:
    """The rows with their lines; and what is to be told about them."""
    if len(sign) > 1:
        parted = ((number, line.split(sign, 1)) for number, line in enumerate(lines, start + 1))
        return [(number, cells) for number, cells in parted if any(cells)], ()
    told: tuple[str, ...] = ()
    if '"' in "".join(lines):
        try:
            return list(_quoted(lines, sign, start, comments)), ()
        except csv.Error:  # quotation marks that do not pair would swallow half of the file
            told = ("quotation marks do not pair; they were taken as they stand",)
    rows = enumerate([line.split(sign) for line in lines], start + 1)
    if comments:
        return [(at, cells) for at, cells in rows if any(cells) and cells[0][:1] != "#"], told
    return [(at, cells) for at, cells in rows if cells[0] or any(cells)], told


def _quoted(lines: list[str], sign: str, start: int, comments: bool) -> Iterator[tuple[int, list[str]]]:
    source = _without_comments(lines) if comments else iter(lines)
    reader = csv.reader((line + "\n" for line in source), delimiter=sign, strict=True)
    last = 0
    for cells in reader:
        if cells and any(cells):
            yield start + last + 1, cells
        last = reader.line_num


def _without_comments(lines: list[str]) -> Iterator[str]:
    inside = False
    for line in lines:
        if not inside and line.startswith("#"):
            yield ""
            continue
        inside ^= line.count('"') % 2 == 1
        yield line


def _described(top: dict[str, str]) -> Table:
    """What the lines at the top say about every row."""
    roles = {}
    for key, role in (("guid", GUID), ("notetype", NOTETYPE), ("deck", DECK), ("tags", TAGS)):
        value = top.get(f"{key} column", "").strip()
        if value.isdecimal() and int(value) > 0:
            roles[role] = int(value) - 1
    return Table(
        [],
        roles,
        tags=tuple(top.get("tags", "").split()),
        deck=top.get("deck", "").strip(),
        notetype=top.get("notetype", "").strip(),
    )


def _named(
    rows: list[tuple[int, list[str]]], table: Table, top: dict[str, str], sign: str
) -> tuple[list[tuple[int, list[str]]], Table]:
    """The rows without a first one that names the columns, and the roles by those names."""
    names = next(csv.reader([top["columns"]], delimiter=sign[0])) if "columns" in top else rows[0][1]
    roles = dict(table.roles)
    words = [" ".join(name.split()).casefold() for name in names]
    told = [_ROLE_OF.get(word) for word in words]
    is_head = "columns" in top or (
        len(words) > 1 and all(told) and len(set(told)) == len(told) and FRONT in told and BACK in told
    )
    if not is_head:
        return rows, table
    for column, role in enumerate(told):
        if role is not None and role not in roles and column not in roles.values():
            roles[role] = column
    return (rows if "columns" in top else rows[1:]), replace(table, roles=roles)
