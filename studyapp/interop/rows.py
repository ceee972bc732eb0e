"""From the rows of a table to what their cards say; a row that makes no card says why. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from hashlib import blake2b
from itertools import repeat
from typing import NamedTuple

from content.header import ID
from content.inline import gaps
from studyapp.interop import tables
from studyapp.interop.html import Lost, to_markdown
from studyapp.interop.literal import all_ordinary, literal, ordinary
from studyapp.interop.tables import Table
from studyapp.typeset.reading import plain as plain_text

LONGEST_TYPED = 80
"""Characters that anybody would type as an answer."""
MOST_WORDS, MOST_LINES = 60, 6
"""What `studyapp deck check` takes for the most that one can recall."""
BLOCK = 500
"""Rows that are looked at together."""
_CLOZE = re.compile(r"\{\{c(\d{1,3})::", re.IGNORECASE)
_HOLD = "\ue002{}\ue003"
_HELD = re.compile("\ue002(\\d+)\ue003")
_CUT = re.compile(r"(?<=[.!?;:])\s+|\\\n|\n\n")


class Said(NamedTuple):
    """What a row says, in Markdown."""

    line: int
    front: str
    back: str = ""
    explanation: str = ""
    hint: str = ""
    tags: tuple[str, ...] = ()
    source: str = ""
    """The id made of the row's own, which stays the same when its text changes; empty where it has none."""
    deck: str = ""
    cloze: bool = False
    both: bool = False
    typed: str = ""
    """The answer as it is to be typed, where the note asks for that."""
    plain: bool = False
    """Two ordinary lines and nothing else: see `studyapp.interop.plain`."""


@dataclass(frozen=True)
class Skipped:
    """A row that makes no card."""

    line: int
    reason: str
    front: str
    earlier: int = 0
    """The line of the row that came in its stead, where there is one."""


EMPTY = "the question is empty"
NO_ANSWER = "there is no answer"
PICTURE = "it is only a picture or a sound"
BLANK = "a blank of it cannot be read"


def said(table: Table, lost: Lost) -> Iterator[Said | Skipped]:
    """What every row says, in order. What cannot be shown is counted in `lost`."""
    reader = _Reader(table, lost)
    for start in range(0, len(table.rows), BLOCK):
        block = table.rows[start : start + BLOCK]
        yield from reader.plainly(block) or (reader.row(line, cells) for line, cells in block)


class _Reader:
    """What the columns of a table mean."""

    def __init__(self, table: Table, lost: Lost) -> None:
        role = table.roles.get
        self.table = table
        self.convert: Callable[[str], str] = (
            partial(to_markdown, lost=lost) if table.html else partial(literal, dollars=table.dollars)
        )
        self.front, self.back = role(tables.FRONT, 0), role(tables.BACK)
        self.hint, self.tags, self.guid = role(tables.HINT), role(tables.TAGS), role(tables.GUID)
        self.deck, self.notetype = role(tables.DECK), role(tables.NOTETYPE)
        self.extras = [column for column in (role(tables.EXTRA), *table.extras) if column is not None]
        named = (self.front, self.back, self.hint, self.tags, self.guid, self.deck, self.notetype, *self.extras)
        self.width = max(column for column in named if column is not None) + 1
        self.known_tags = {"": _tags(table.tags)}
        self.both = _reversed(table.notetype)
        self.two = (
            self.back is not None and self.hint is None and self.notetype is None and not self.extras and not self.both
        )
        """Whether a row is a question and an answer and nothing else that the card would show."""

    def plainly(self, block: Sequence[tuple[int, list[str]]]) -> list[Said] | None:
        """The rows of `block` where all are two lines of words, as they mostly are; they need no converting.

        None where one is not. Many rows are looked at in one go, since each look costs more than what is looked at.
        """
        if not self.two or self.back is None or min(len(cells) for _, cells in block) < self.width:
            return None
        fronts = [cells[self.front] for _, cells in block]
        backs = [cells[self.back] for _, cells in block]
        if max(map(len, backs)) > 2 * MOST_WORDS or not all_ordinary(lines := [*fronts, *backs]):
            return None
        if (not self.table.dollars or self.table.html) and not self._as_text("\n".join(lines)):
            return None
        return list(
            map(
                Said._make,
                zip(
                    (line for line, _ in block), fronts, backs, repeat(""), repeat(""),
                    repeat(self.known_tags[""]) if self.tags is None else [self._tags_of(cells) for _, cells in block],
                    repeat("") if self.guid is None else [self._own(cells) for _, cells in block],
                    repeat(self.table.deck) if self.deck is None else [self._to(cells) for _, cells in block],
                    repeat(False), repeat(False), repeat(""), repeat(True),
                ),
            )
        )  # fmt: skip

    def row(self, line: int, cells: list[str]) -> Said | Skipped:
        """What one row says."""
        if len(cells) < self.width:
            cells.extend([""] * (self.width - len(cells)))
        question, answer = cells[self.front], cells[self.back] if self.back is not None else ""
        tags, own, to = self._tags_of(cells), self._own(cells), self._to(cells)
        if (
            self.two
            and len(answer) <= 2 * MOST_WORDS
            and ordinary(question)
            and ordinary(answer)
            and self._as_text(f"{question}\n{answer}")
        ):
            return Said(line, question, answer, "", "", tags, own, to, plain=True)
        if not question.strip():
            return Skipped(line, EMPTY, "")
        convert = self.convert
        more = [text for column in self.extras if cells[column].strip() and (text := convert(cells[column]))]
        helped = convert(cells[self.hint]) if self.hint is not None and cells[self.hint] else ""
        turned = self.both or (self.notetype is not None and _reversed(cells[self.notetype]))
        one = Said(line, "", hint=helped, tags=tags, source=own, deck=to, both=turned)
        if "{{c" in question.casefold() and _CLOZE.search(question):
            return _cloze(one, question, [text for text in (convert(answer), *more) if text], convert)
        kind = cells[self.notetype] if self.notetype is not None else self.table.notetype
        basic = _basic(one, question, convert(question), convert(answer), more)
        return _to_type(basic) if isinstance(basic, Said) and "type in" in kind.casefold() else basic

    def _tags_of(self, cells: list[str]) -> tuple[str, ...]:
        written = cells[self.tags] if self.tags is not None else ""
        if written not in self.known_tags:
            self.known_tags[written] = _tags((*self.table.tags, *written.split()))
        return self.known_tags[written]

    def _own(self, cells: list[str]) -> str:
        return source(cells[self.guid], anki=not self.table.dollars) if self.guid is not None else ""

    def _to(self, cells: list[str]) -> str:
        return cells[self.deck].strip() if self.deck is not None else self.table.deck

    def _as_text(self, lines: str) -> bool:
        """Whether ordinary lines say the same in a file of that kind."""
        return (self.table.dollars or "$" not in lines) and not (self.table.html and "  " in lines)


@lru_cache
def _reversed(notetype: str) -> bool:
    """Whether cards of this type of Anki's are asked in both directions, by its usual names."""
    return "reversed" in notetype.casefold() or "umgekehrt" in notetype.casefold()


def _basic(one: Said, written: str, front: str, back: str, more: list[str]) -> Said | Skipped:
    if not front:
        return Skipped(one.line, PICTURE if written.strip() else EMPTY, "")
    if not back and more:
        back, more = more[0], more[1:]
    if not back:
        return Skipped(one.line, NO_ANSWER, front)
    if len(back) > 2 * MOST_WORDS or back.count("\n") >= MOST_LINES:
        back, rest = shortened(back)
        more = [rest, *more] if rest else more
    return one._replace(front=front, back=back, explanation="\n\n".join(more))


def _to_type(one: Said) -> Said:
    """A note whose answer is typed, where that can be: a few words without a formula."""
    words = plain_text(one.back).strip()
    if "$" in one.back or "\n" in words or not 0 < len(words) <= LONGEST_TYPED:
        return one
    return one._replace(typed=" ".join(words.split()), back="", both=False)


def _cloze(one: Said, question: str, more: list[str], convert: Callable[[str], str]) -> Said | Skipped:
    blanks: list[str] = []
    held = _hold(question, blanks, convert)
    front = _HELD.sub(lambda found: blanks[int(found[1])], convert(held))
    found, never_closed = gaps(front)
    if never_closed is not None or not found or any(not gap.blank.answer or not gap.blank.number for gap in found):
        return Skipped(one.line, BLANK, question[:60])
    return one._replace(front=front, explanation="\n\n".join(more), cloze=True, both=False)


def _hold(text: str, blanks: list[str], convert: Callable[[str], str]) -> str:
    """`text` with each `{{c1::answer::hint}}` replaced by a sign; the blanks as we write them go into `blanks`."""
    parts, at = [], 0
    while found := _CLOZE.search(text, at):
        end = _end_of_blank(text, found.end())
        if end is None:
            break
        inside = text[found.end() : end]
        answer, _, hint = inside.rpartition("::") if "::" in inside else (inside, "", "")
        answer = _HELD.sub("", _hold(answer, [], convert)) if _CLOZE.search(answer) else answer
        said_hint = f"|{_inside(convert(hint))}" if hint else ""
        blanks.append(f"{{{{{int(found[1])}|{_inside(convert(answer))}{said_hint}}}}}")
        parts += [text[at : found.start()], _HOLD.format(len(blanks) - 1)]
        at = end + 2
    return "".join(parts) + text[at:]


def _end_of_blank(text: str, at: int) -> int | None:
    """Where the `}}` stands that closes a blank; braces of TeX and of blanks inside it pair up."""
    depth, start = 0, at
    while at < len(text):
        if text[at] == "{":
            depth += 1
        elif text[at] == "}":
            if depth == 0 and text.startswith("}}", at):
                return at
            depth -= 1
        at += 1
    first = text.find("}}", start)
    return first if first >= 0 else None


def _inside(text: str) -> str:
    """Markdown for the inside of a blank: on one line; bars and braces outside formulas do not count."""
    pieces = re.split(r"(\$[^$]+\$)", text.replace("\\\n", " ").replace("\n\n", " ").replace("\n", " "))
    return "".join(one if one.startswith("$") else re.sub(r"(?<!\\)([|{}])", r"\\\1", one) for one in pieces)


def shortened(back: str) -> tuple[str, str]:
    """An answer that is short enough to recall, and the rest of it: cut between sentences or lines."""
    if len(back.split()) <= MOST_WORDS and back.count("\n") < MOST_LINES:
        return back, ""
    best = None
    for cut in _CUT.finditer(back):
        head = back[: cut.start()]
        if len(head.split()) > MOST_WORDS or head.count("\\\n") + head.count("\n\n") >= MOST_LINES:
            break
        if _whole(head):
            best = cut
    if best is not None and len(back[: best.start()].split()) >= 3:
        return back[: best.start()], back[best.end() :]
    words = re.split(r"(?<=\S) (?=\S)", back.replace("\\\n", " "))
    for count in range(min(MOST_WORDS - 10, len(words) - 1), 10, -1):
        head = " ".join(words[:count])
        if "\n" not in head and _whole(head):
            return f"{head} …", f"… {' '.join(words[count:])}"
    return back, ""


def _whole(text: str) -> bool:
    """Whether nothing is open at the end of `text`: no formula, no emphasis."""
    return text.count("$") % 2 == 0 and text.count("**") % 2 == 0 and text.count("*") % 2 == 0 and "`" not in text


def source(guid: str, *, anki: bool) -> str:
    """The id of a card from its id in the other program, from which that can be read again.

    Letters, digits, `-` and `_` stand for themselves, anything else is `.` and two or more hexadecimal digits, `.`.
    """
    guid = guid.strip()
    if not guid:
        return ""
    if not anki and ID.fullmatch(guid) and len(guid) <= 60:
        return guid
    kept = "".join(
        char if char.isascii() and (char.isalnum() or char in "-_") else f".{ord(char):02x}." for char in guid
    )
    if len(kept) > 80:
        kept = blake2b(guid.encode("utf-8", "surrogatepass"), digest_size=10).hexdigest()
    return f"anki-{kept}" if anki else f"id-{kept}"


def _tags(written: tuple[str, ...]) -> tuple[str, ...]:
    cleaned = (re.sub(r'[",\s{}]+', "-", tag).strip("-") for tag in written)
    return tuple(dict.fromkeys(tag for tag in cleaned if tag))
