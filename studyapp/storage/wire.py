"""An entry as machines exchange it: one JSON object on one line, version 1. Text and values only; touches no file.

A line has exactly these names; others are ignored:

    {"id": UUIDv7, "device": text, "seq": 1…, "at": UTC epoch ms, "item": text, "kind": text,
     "grade": number or null, "duration_ms": number or null, "body": object}

UTF-8, ended by a newline, at most 1 MiB. Before the entries a file may have one header,
`{"format": "studyapp-journal", "version": 1, "device": text}`; format and version will never be named otherwise, and a
reader leaves a file of a higher version alone. Kinds and names in a body that a program does not know are kept and
passed on. Whatever `decode` accepts, the journal can take in: that is what the limits are for.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Annotated, Any
from uuid import UUID

import msgspec

from studyapp.storage.entry import ACTS, Entry, is_id, whole

FORMAT, VERSION = "studyapp-journal", 1
LONGEST = 1 << 20
"""Bytes in a line."""
DEEPEST = 32
"""Objects within objects in a body."""
FIRST_DAY, LAST_DAY = -719_162, 2_932_896
"""The calendar's years 1 to 9999 as days since 1970."""
WITHHELD = "withheld"
"""In a body: what was left out of it before it was sent."""

_MS = 86_400_000
_Number = Annotated[int, msgspec.Meta(ge=-(2**63), le=2**63 - 1)]
_Text = Annotated[str, msgspec.Meta(max_length=1_000, pattern=r"^[^\x00]*$")]


class BadLine(ValueError):  # noqa: N818  says what is wrong
    """A line that is no entry; the text says why."""


class Newer(Exception):  # noqa: N818  says what is wrong
    """A newer program wrote this file."""


class _Line(msgspec.Struct):
    id: Annotated[str, msgspec.Meta(max_length=36)]
    device: Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9-]{1,64}$")]
    seq: Annotated[int, msgspec.Meta(ge=1, le=2**53)]
    at: Annotated[int, msgspec.Meta(ge=FIRST_DAY * _MS, le=LAST_DAY * _MS)]
    item: _Text
    kind: Annotated[str, msgspec.Meta(min_length=1, max_length=100, pattern=r"^[^\x00]*$")]
    body: dict[str, Any]
    grade: _Number | None = None
    duration_ms: _Number | None = None


class _Header(msgspec.Struct):
    format: str
    version: int


_decode_line = msgspec.json.Decoder(_Line).decode
_decode_header = msgspec.json.Decoder(_Header).decode
_quote = json.JSONEncoder(ensure_ascii=False).encode


def header(device: str) -> bytes:
    """The first line of a file, with its newline."""
    return f'{{"format":"{FORMAT}","version":{VERSION},"device":"{device}"}}\n'.encode()


def is_header(line: bytes) -> bool:
    """Whether `line` is a header that this program understands. Raises: Newer."""
    try:
        found = _decode_header(line)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return False
    if found.format == FORMAT and found.version > VERSION:
        raise Newer
    return found.format == FORMAT


def encode(row: Sequence[Any]) -> bytes:
    """The line, with its newline, of a row of `cache.ENTRY_COLUMNS`; the body goes as it is stored."""
    id_, device, seq, at, item, kind, grade, duration, body = row[:9]
    return (
        f'{{"id":"{UUID(bytes=id_)}","device":{_quote(device)},"seq":{seq},"at":{at},"item":{_quote(item)},'
        f'"kind":{_quote(kind)},"grade":{"null" if grade is None else grade},'
        f'"duration_ms":{"null" if duration is None else duration},"body":{body}}}\n'
    ).encode()


def decode(line: bytes) -> Entry:
    """The entry in a line.

    Raises: BadLine with the reason, whatever the line holds.
    """
    if len(line) > LONGEST:
        raise BadLine("it is longer than 1 MiB")
    try:
        found = _decode_line(line)
    except UnicodeDecodeError:
        raise BadLine("it is no UTF-8") from None
    except RecursionError:
        raise BadLine("it is nested too deeply") from None
    except msgspec.MsgspecError as error:
        raise BadLine(str(error)) from None
    except ValueError:  # a number of thousands of digits
        raise BadLine("it has a number that is too large") from None
    entry = Entry(
        found.id, found.device, found.seq, found.at, found.item, found.kind, found.grade, found.duration_ms, found.body
    )
    _check(entry)
    _check_body(found.body)
    return entry


def _check(entry: Entry) -> None:
    if not is_id(entry.id):
        raise BadLine("its id is no UUID")
    if entry.kind in ACTS:
        if not entry.item:
            raise BadLine(f"it is of kind {entry.kind} and names no item")
        for name in ("day", "due_day", "value"):
            if not FIRST_DAY <= whole(entry.body.get(name), 0) <= LAST_DAY:
                raise BadLine(f"its {name} is outside the calendar")
        if not FIRST_DAY * _MS <= whole(entry.body.get("due_at"), 0) <= LAST_DAY * _MS:
            raise BadLine("its due_at is outside the calendar")
    elif not FIRST_DAY <= whole(entry.body.get("day"), 0) <= LAST_DAY:
        raise BadLine("its day is outside the calendar")


def _check_body(body: dict[str, Any]) -> None:
    level: list[Any] = [body]
    for _ in range(DEEPEST):
        deeper: list[Any] = []
        for value in level:
            for inner in value.values() if isinstance(value, dict) else value:
                if isinstance(inner, dict | list):
                    deeper.append(inner)
                elif isinstance(inner, int) and not -(2**63) <= inner < 2**63:
                    raise BadLine("it has a number that is too large")
        if not deeper:
            return
        level = deeper
    raise BadLine("it is nested too deeply")


_NAMES = frozenset({"act", "prev", "voids", "template", "version", "mistake", "step_act"})
"""Texts in a body that the program chose, not the person."""
_LISTS = frozenset({"values", "picks"})


def without_answers(body: Mapping[str, Any]) -> dict[str, Any]:
    """`body` without what the person typed or wrote: numbers and names of ours stay; the rest is named in `withheld`.

    A name that is not known here is taken for the person's, so that a new kind of entry gives nothing away by default.
    """
    kept = {
        name: value
        for name, value in body.items()
        if isinstance(value, int | float)
        or value is None
        or (name in _NAMES and isinstance(value, str))
        or (name in _LISTS and isinstance(value, list) and all(isinstance(one, int | float) for one in value))
    }
    gone = sorted(body.keys() - kept.keys() - {WITHHELD})
    already = [one for one in body.get(WITHHELD, ()) if isinstance(one, str)]
    return {**kept, WITHHELD: sorted({*gone, *already})} if gone or already else kept


def same(one: Entry, other: Entry) -> bool:
    """Whether two entries say the same, as far as neither withholds anything."""
    if one == other:
        return True
    left, right = one.body, other.body
    if WITHHELD not in left and WITHHELD not in right:
        return False
    left, right = without_answers(left), without_answers(right)
    left.pop(WITHHELD, None)
    right.pop(WITHHELD, None)
    heads = [(e.id, e.device, e.seq, e.at, e.item, e.kind, e.grade, e.duration_ms) for e in (one, other)]
    return heads[0] == heads[1] and left == right
