"""From the text of a deck file to a `Deck`: the good cards and, beside them, everything that is wrong.

`read` never raises for what a file holds: a broken card is left out and named by a `Problem` with its line, column and
remedy, and the cards around it load. Nothing is written here, and nothing is judged that needs another file
(`content.checker` does that).
"""

from __future__ import annotations

import re
import stat
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from content.blocks import Block, joined, outline
from content.cards import card as read_card
from content.header import Report, check_block, header
from content.heading import heading as read_heading
from content.inline import cited, works
from content.model import Card, Check, Deck, Lesson, Reading

_HEADING = re.compile(r"##?(?:[ \t]|$)")
_STUCK = re.compile(r" {0,3}##[^#\s]")
_UNDERLINE = re.compile(r" {0,3}(?:-{3,}|={3,})[ \t]*")
_MEANT = re.compile(r".*\S\s+\{#[\w.-]+[^{}]*\}[ \t]*")
LARGEST = 256 * 1024 * 1024
"""Bytes of a deck file; beyond this it is refused rather than the memory filled."""


def read(path: Path) -> Reading:
    """Read one deck file. A file that cannot be opened, or is no text, comes back as a problem without a deck."""
    report = Report(path)
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):  # a pipe or a device would be read for ever
            report.add(1, "unreadable", "this is no ordinary file", "name a text file")
            return Reading(None, tuple(report.problems))
        if found.st_size > LARGEST:
            report.add(1, "too-large", f"the file is larger than {LARGEST >> 20} MB", "split it into several decks")
            return Reading(None, tuple(report.problems))
        data = path.read_bytes()
    except FileNotFoundError:
        remedy = f"check its name; if your deck is gone for good, `studyapp deck remove {path}`"
        report.add(1, "unreadable", "there is no such file", remedy)
        return Reading(None, tuple(report.problems))
    except OSError as error:
        report.add(
            1, "unreadable", f"the file cannot be read: {error.strerror or error}", "check its name and permissions"
        )
        return Reading(None, tuple(report.problems))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        column = error.start - (data.rfind(b"\n", 0, error.start) + 1) + 1
        report.add(line, "not-text", "this is no UTF-8 text", "save the file as UTF-8", column)
        return Reading(None, tuple(report.problems))
    return read_text(text, path)


def read_text(text: str, path: Path) -> Reading:
    """Read the text of a deck file; `path` is where it came from. Any of the usual line ends will do."""
    report = Report(path)
    lines = split(text)
    if not text.strip("\ufeff \t\r\n"):
        report.add(1, "empty", "the file is empty", "`studyapp deck new` writes a deck to begin with")
        return Reading(None, tuple(report.problems))
    if "\0" in text:
        at = next(number for number, line in enumerate(lines, 1) if "\0" in line)
        report.add(at, "not-text", "the file holds a NUL byte and is no text", "give the deck as a UTF-8 text file")
        return Reading(None, tuple(report.problems))
    head = header(lines, report)
    if head is None:
        return Reading(None, tuple(sorted(report.problems)))
    lessons, cards = _body(lines, head.end, head.id, head.title, report)
    deck = Deck(
        id=head.id,
        title=head.title,
        path=path,
        order=head.order,
        license=head.license,
        description=head.description,
        requires=head.requires,
        tags=head.tags,
        sources=head.sources,
        aliases=head.aliases,
        lessons=lessons,
        cards=cards,
        places=head.places,
    )
    return Reading(deck, tuple(sorted(report.problems)))


def split(text: str) -> list[str]:
    """The lines of a file: without a byte order mark, whatever the line ends (LF, CRLF, CR).

    A line of nothing but white space is empty, even where the white space is one that CommonMark takes for a letter.
    """
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return [line if line and not line.isspace() else "" for line in lines]


def sections(lines: Sequence[str], start: int) -> Iterator[tuple[Block | None, list[Block]]]:
    """The `#` and `##` headings from line `start` on, each with the blocks under it; first those before any heading.

    The file is outlined piece by piece, cut where a line begins with `#` or `##`: such a line ends every block but a
    fence. A fence that is never closed would swallow the rest of the file; here it ends at the cut, so that only its
    own card is lost.
    """
    opening: Block | None = None
    under: list[Block] = []
    while start < len(lines):
        end = _cut(lines, start + 1)
        blocks = outline(lines, start, end)
        if blocks and not blocks[-1].closed and (closing := _closing(lines, blocks[-1], end)) is not None:
            end = _cut(lines, closing + 1)
            blocks = outline(lines, start, end)
        for block in blocks:
            if block.kind == "heading" and block.level <= 2:
                yield opening, under
                opening, under = block, []
            else:
                under.append(block)
        start = end
    yield opening, under


def _cut(lines: Sequence[str], start: int) -> int:
    for number in range(start, len(lines)):
        if lines[number].startswith("#") and _HEADING.match(lines[number]):
            return number
    return len(lines)


def _closing(lines: Sequence[str], fence: Block, start: int) -> int | None:
    """The line from `start` on that closes a fence which is still open there."""
    closing = re.compile(rf" {{0,3}}{re.escape(fence.marks)}{re.escape(fence.marks[0])}*[ \t]*$")
    return next((number for number in range(start, len(lines)) if closing.match(lines[number])), None)


def _body(
    lines: Sequence[str], start: int, deck: str, title: str, report: Report
) -> tuple[tuple[Lesson, ...], tuple[Card, ...]]:
    lessons: list[Lesson] = []
    cards: list[Card] = []
    mine: list[str] = []
    seen: dict[str, int] = {}
    current: Lesson | None = None

    def close() -> None:
        if current is not None:
            lessons.append(replace(current, cards=tuple(mine)))

    for opening, blocks in sections(lines, start):
        _check_meant(blocks, lines, report)
        if opening is None or opening.level == 1:
            if opening is None and not blocks:
                continue
            close()
            mine = []
            name = opening.text.strip() if opening else ""
            current = _lesson(name or title, (opening.start if opening else blocks[0].start) + 1, blocks, lines, report)
            continue
        number = opening.start + 1
        head = read_heading(opening.text, lines[opening.start], number, report)
        if head is None:
            continue
        if not head.id:
            report.add(
                number,
                "missing-id",
                "the card has no id",
                "write {#id} at the end of the heading, or run `studyapp deck fmt`",
            )
            continue
        if head.id in seen:
            column = lines[opening.start].rfind("#" + head.id) + 1
            report.add(
                number, "duplicate-id", f"the id {head.id} is used before, on line {seen[head.id]}",
                "give one of the two cards another id", column,
            )  # fmt: skip
            continue
        seen[head.id] = number
        made = read_card(head, blocks, lines, report, line=number, deck=deck, lesson=current.title if current else "")
        if made is not None:
            cards.append(made)
            mine.append(made.id)
    close()
    return tuple(lessons), tuple(cards)


def _check_meant(blocks: Sequence[Block], lines: Sequence[str], report: Report) -> None:
    """Note what was meant as a heading or a formula and is read as text, so that no card is lost in silence."""
    for block in blocks:
        if block.kind != "paragraph":
            continue
        for number in range(block.start, block.end):
            line, below = lines[number], lines[number + 1] if number + 1 < len(lines) else ""
            if _STUCK.match(line):
                report.add(number + 1, "no-heading", "this is read as text, not as a card", "put a space behind the ##")
            elif _UNDERLINE.fullmatch(below) and _MEANT.fullmatch(line):
                report.add(
                    number + 1, "no-heading", "an underlined heading is read as text", "write ## before it instead"
                )
            elif line.strip() == "$$":
                remedy = "put $$ on a line behind it, without empty lines between"
                report.add(number + 1, "open-formula", "this formula is never closed", remedy)


def _lesson(title: str, line: int, blocks: Sequence[Block], lines: Sequence[str], report: Report) -> Lesson:
    prose: list[Block] = []
    checks: list[Check] = []
    for block in blocks:
        if not block.closed:
            report.add(
                block.start + 1, "open-fence", "this fence is never closed", "put the same marks on a line behind it"
            )
            continue
        if block.kind == "fence" and block.info.split()[:1] == ["check"]:
            if found := check_block(block.text, block.start + 2, report):
                checks.append(found)
        else:
            prose.append(block)
    text, citations = cited(joined(lines, prose))
    return Lesson(title, text, (), line, tuple(checks), *works(citations))
