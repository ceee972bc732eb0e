"""From the rows of a table to what their cards say; a row that makes no card says why. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache, partial
from hashlib import blake2b
from typing import NamedTuple

from content.header import ID
from content.inline import gaps
from studyapp.interop import tables
from studyapp.interop.html import Lost, to_markdown
from studyapp.interop.literal import literal, ordinary
from studyapp.interop.tables import Table
from studyapp.typeset.reading import plain as plain_text

LONGEST_TYPED = 80
"""Characters that anybody would type as an answer."""
MOST_WORDS, MOST_LINES = 60, 6
"""What `studyapp deck check` takes for the most that one can recall."""
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


EMPTY = "the question is empty"
NO_ANSWER = "there is no answer"
PICTURE = "it is only a picture or a sound"
BLANK = "a blank of it cannot be read"


def said(table: Table, lost: Lost) -> Iterator[Said | Skipped]:
    """What every row says, in order. What cannot be shown is counted in `lost`."""
    convert: Callable[[str], str] = (
        partial(to_markdown, lost=lost) if table.html else partial(literal, dollars=table.dollars)
    )
    role = table.roles.get
    front, back, hint, tags = role(tables.FRONT, 0), role(tables.BACK), role(tables.HINT), role(tables.TAGS)
    guid, deck, notetype = role(tables.GUID), role(tables.DECK), role(tables.NOTETYPE)
    extras = [column for column in (role(tables.EXTRA), *table.extras) if column is not None]
    width = max(column for column in (front, back, hint, tags, guid, deck, notetype, *extras) if column is not None) + 1
    known_tags = {"": _tags(table.tags)}
    both = _reversed(table.notetype)
    as_text = partial(_as_text, html=table.html, dollars=table.dollars)
    two = back is not None and hint is None and notetype is None and not extras and not both
    for line, cells in table.rows:
        if len(cells) < width:
            cells.extend([""] * (width - len(cells)))
        written = cells[tags] if tags is not None else ""
        if written not in known_tags:
            known_tags[written] = _tags((*table.tags, *written.split()))
        own = source(cells[guid], anki=not table.dollars) if guid is not None else ""
        to = cells[deck].strip() if deck is not None else table.deck
        question, answer = cells[front], cells[back] if back is not None else ""
        # Most rows are two lines of words; they are told from the others here, and converted no further.
        if (
            two
            and len(answer) <= 2 * MOST_WORDS
            and ordinary(question)
            and ordinary(answer)
            and as_text(question, answer)
        ):
            yield Said(line, question, answer, "", "", known_tags[written], own, to, plain=True)
            continue
        if not question.strip():
            yield Skipped(line, EMPTY, "")
            continue
        more = [text for column in extras if cells[column].strip() and (text := convert(cells[column]))]
        helped = convert(cells[hint]) if hint is not None and cells[hint] else ""
        turned = both or (notetype is not None and _reversed(cells[notetype]))
        one = Said(line, "", hint=helped, tags=known_tags[written], source=own, deck=to, both=turned)
        if "{{c" in question.casefold() and _CLOZE.search(question):
            yield _cloze(one, question, [text for text in (convert(answer), *more) if text], convert)
        else:
            kind = cells[notetype] if notetype is not None else table.notetype
            basic = _basic(one, question, convert(question), convert(answer), more)
            yield _to_type(basic) if isinstance(basic, Said) and "type in" in kind.casefold() else basic


def _as_text(question: str, answer: str, *, html: bool, dollars: bool) -> bool:
    """Whether two ordinary lines say the same in a file of that kind."""
    return (dollars or ("$" not in question and "$" not in answer)) and not (
        html and ("  " in question or "  " in answer)
    )


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
