"""One card from the blocks under its heading: the kind follows from the shape. Says what is wrong; guesses nothing."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from content import answers
from content.blocks import Block, dedented, joined, unquoted
from content.header import Report, check_block, exercise
from content.heading import Heading
from content.inline import Citation, cited, formulas, gaps, works
from content.model import Card, Check, ExerciseRef, Kind, NumericAnswer, Option, WrongValue

_BOX = re.compile(r"\[([ xX\u00a0])\](?=\s|$)[ \t\u00a0]*")
_STUCK_BOX = re.compile(r"\[[ xX]\](?=[^\s(\[:])")
_ANSWER = re.compile(r"=(?!=)[\s\u00a0]*")
_ALERT = re.compile(r"\s*\[!(TIP|NOTE|IMPORTANT|WARNING|CAUTION)\][ \t]*(?:\n|$)", re.IGNORECASE)
_LOOSE_ANSWER = re.compile(r'(?m)^ {0,3}=\s*(?:[-+\u2212]?[\d.]|\[|")')

_NO_QUESTION = "write it in the heading, before {#id}, or a blank into the text: {{1|answer}}"

_Fields = dict[str, Any]
"""Fields of a `Card` as they become known; one card is made of them at the end (a frozen copy at each step is slow)."""


@dataclass
class _Parts:
    """The blocks of a card, sorted by what they are for."""

    text: list[Block] = field(default_factory=list)
    strays: list[Block] = field(default_factory=list)
    quotes: list[Block] = field(default_factory=list)
    hints: list[str] = field(default_factory=list)
    lists: list[Block] = field(default_factory=list)
    answers: list[Block] = field(default_factory=list)
    exercises: list[Block] = field(default_factory=list)
    checks: list[Check] = field(default_factory=list)
    rule: int | None = None
    """How many blocks of `text` stand before the first `---`."""
    citations: list[Citation] = field(default_factory=list)
    """What the card cites, in the order of its texts."""

    def bare(self, text: str) -> str:
        """`text` without its `[@key]` marks, which are collected."""
        left, found = cited(text)
        self.citations += found
        return left

    @property
    def answered(self) -> bool:
        return bool(self.lists or self.answers or self.exercises)


def card(
    heading: Heading, body: Sequence[Block], lines: Sequence[str], report: Report, *, line: int, deck: str, lesson: str
) -> Card | None:
    """The card under one heading (on line `line`, from 1), or None when it cannot be asked; faults go to `report`."""
    parts = _sorted(body, lines, report)
    if parts is None:
        return None
    found: _Fields = {"kind": Kind.BASIC, "front": heading.text, "line": line}
    answered = _answered(found, parts, lines, report) if parts.answered else _written(found, parts, lines, report)
    if answered is None:
        return None
    if not answered["front"]:
        report.add(line, "no-question", "the card has no question", _NO_QUESTION)
        return None
    both = heading.both and answered["kind"] is Kind.BASIC
    if heading.both and not both:
        kind = answered["kind"]
        report.add(line, "bad-attributes", f".both does not fit a card of the kind {kind}", "remove .both")
    sources, locators = works(parts.citations)
    made = Card(
        deck=deck,
        id=heading.id,
        hint=_paragraphs(*parts.hints),
        tags=heading.tags,
        requires=heading.requires,
        lesson=lesson,
        rev=heading.rev,
        both=both,
        checks=tuple(parts.checks),
        sources=sources,
        locators=locators,
        **answered,
    )
    return replace(made, digest=digest(made))


def _sorted(body: Sequence[Block], lines: Sequence[str], report: Report) -> _Parts | None:
    parts = _Parts()
    for block in body:
        if not block.closed:
            report.add(
                block.start + 1, "open-fence", "this fence is never closed", "put the same marks on a line behind it"
            )
            return None
        word = block.info.split()[0] if block.kind == "fence" and block.info else ""
        if block.kind == "quote":
            _sort_quote(block, parts, lines, report)
        elif word == "exercise":
            parts.exercises.append(block)
        elif word == "check":
            check = check_block(block.text, block.start + 2, report)
            parts.checks += [check] if check else []
        elif block.kind == "list" and _has_options(block, lines):
            parts.lists.append(block)
        elif block.kind == "paragraph" and _ANSWER.match(block.text):
            parts.answers.append(block)
        elif parts.answered:
            parts.strays.append(block)
        else:
            if block.kind == "rule" and parts.rule is None:
                parts.rule = len(parts.text)
            parts.text.append(block)
    return parts


def _sort_quote(block: Block, parts: _Parts, lines: Sequence[str], report: Report) -> None:
    _check_quote(block, lines, report)
    text = "\n".join(unquoted(lines[block.start : block.end]))
    alert = _ALERT.match(text)
    if alert and alert[1].upper() == "TIP":
        parts.hints.append(parts.bare(text[alert.end() :].strip("\n").rstrip()))
        return
    parts.quotes.append(block)
    if not parts.answered:
        parts.text.append(block)


def _check_quote(block: Block, lines: Sequence[str], report: Report) -> None:
    for number in range(block.start, block.end):
        if not lines[number].lstrip().startswith(">"):
            report.add(
                number + 1, "lazy-line", "this line is taken into the block quote above it",
                "put an empty line before it, or begin it with >",
            )  # fmt: skip
            return


def _has_options(block: Block, lines: Sequence[str]) -> bool:
    """Whether a list offers options: an item has a box, or each has one that its text sticks to (`[x]text`)."""
    items = [lines[item.start][item.indent :] for item in block.inside]
    return any(map(_BOX.match, items)) or all(map(_STUCK_BOX.match, items))


def _written(found: _Fields, parts: _Parts, lines: Sequence[str], report: Report) -> _Fields | None:
    """A basic card or a cloze: what is not a quote is the text."""
    plain = [block for block in parts.text if block.kind != "quote"]
    front, body = parts.bare(found["front"]), parts.bare(joined(lines, plain))
    found = dict(found, front=front)
    whole = _paragraphs(front, body)
    blanks, never_closed = gaps(whole)
    if never_closed is not None:
        report.add(
            found["line"],
            "open-blank",
            f"the blank “{whole[never_closed : never_closed + 30]}” is never closed",
            "end it with }}; braces inside must pair up",
        )
        return None
    explanation = _explanation(parts, lines)
    if blanks:
        if any(not all((gap.blank.number, gap.blank.answer, *gap.blank.others)) for gap in blanks):
            report.add(found["line"], "bad-blank", "a blank is empty or has the number 0", "write {{1|answer}}")
            return None
        return dict(
            found, kind=Kind.CLOZE, front=whole, blanks=tuple(gap.blank for gap in blanks), explanation=explanation
        )
    if parts.rule is not None:
        question = parts.bare(joined(lines, parts.text[: parts.rule]))
        rest = [block for block in parts.text[parts.rule + 1 :] if block.kind != "quote"]
        quotes = [block for block in parts.quotes if block not in parts.text[: parts.rule]]
        found = dict(found, front=_paragraphs(front, question))
        body, explanation = parts.bare(joined(lines, rest)), _explanation(replace(parts, quotes=quotes), lines)
    if not body:
        report.add(
            found["line"],
            "no-answer",
            "the card has no answer",
            "write it under the heading; a block quote is only an explanation",
        )
        return None
    for block in plain:
        _check_loose_answer(block, report)
    return dict(found, back=body, explanation=explanation)


def _check_loose_answer(block: Block, report: Report) -> None:
    loose = _LOOSE_ANSWER.search(block.text) if block.kind == "paragraph" and "\n" in block.text else None
    if loose and not any(one.offset <= loose.start() <= one.offset + len(one.tex) for one in formulas(block.text)):
        line = block.start + 1 + block.text.count("\n", 0, loose.start() + 1)
        report.add(line, "loose-answer", "the answer sticks to the text above it", "put an empty line before the =")


def _explanation(parts: _Parts, lines: Sequence[str], strays: str = "") -> str:
    texts = []
    for block in parts.quotes:
        text = "\n".join(unquoted(lines[block.start : block.end]))
        alert = _ALERT.match(text)
        texts.append(parts.bare(text[alert.end() if alert else 0 :].strip("\n").rstrip()))
    return _paragraphs(*texts, strays)


def _paragraphs(*texts: str) -> str:
    return "\n\n".join(text for text in texts if text)


def _answered(found: _Fields, parts: _Parts, lines: Sequence[str], report: Report) -> _Fields | None:
    """A card that the machine marks: its question is the heading and the text before the answer."""
    line = found["line"]
    kinds = bool(parts.exercises) + bool(parts.answers)
    if kinds > 1 or len(parts.exercises) > 1 or len(parts.answers) > 1 or (parts.exercises and parts.lists):
        report.add(
            line, "two-answers", "the card has several answers of different kinds", "keep one, or make two cards"
        )
        return None
    if len(parts.lists) > 1:
        report.add(
            parts.lists[1].start + 1, "split-options", "the options fall into several lists",
            "indent feedback by two spaces under its option, and begin every option with the same mark",
        )  # fmt: skip
        return None
    if parts.strays:
        report.add(
            parts.strays[0].start + 1,
            "stray-text",
            "there is text behind the answer",
            "begin it with > to make it the explanation",
        )
    parts = replace(parts, quotes=[block for block in parts.quotes if block not in parts.text])
    front = _paragraphs(parts.bare(found["front"]), parts.bare(joined(lines, parts.text)))
    strays = parts.bare(joined(lines, parts.strays))
    found = dict(found, front=front, explanation=_explanation(parts, lines, strays))
    options = _options(parts, lines, report) if parts.lists else ()
    if options is None:
        return None
    if parts.exercises:
        block = parts.exercises[0]
        template = exercise(block.text, block.start + 2, report)
        return dict(found, kind=Kind.EXERCISE, exercise=template) if template else None
    if parts.answers:
        return _with_answer(found, parts.answers[0], options, report)
    return _with_options(found, options, report)


def _options(parts: _Parts, lines: Sequence[str], report: Report) -> tuple[Option, ...] | None:
    options = []
    for item in parts.lists[0].inside:
        line = item.start + 1
        box = _BOX.match(lines[item.start][item.indent :])
        if box is None:
            if _STUCK_BOX.match(lines[item.start][item.indent :]):
                report.add(line, "bad-option", "the text sticks to the box of this option", "put a space behind the ]")
            else:
                remedy = "begin it with - [ ] or, if it is right, - [x]"
                report.add(line, "bad-option", "this option has no box", remedy)
            return None
        quotes = [part for part in item.inside if part.kind == "quote"]
        end = quotes[0].start if quotes else item.end
        own = dedented(lines[item.start : end], item.indent)
        text = parts.bare("\n".join([own[0][box.end() :], *own[1:]]).strip())
        feedback = []
        for quote in quotes:
            feedback.append(parts.bare("\n".join(unquoted(lines[quote.start : quote.end])).strip("\n").rstrip()))
        if not text:
            report.add(line, "bad-option", "this option is empty", "write its text behind the box")
            return None
        last = item.inside[-1]
        if quotes and last.kind != "quote":
            report.add(
                last.start + 1, "stray-text", "there is text behind the feedback of this option", "begin it with >"
            )
        options.append(Option(text, box[1] in "xX", _paragraphs(*feedback), line))
    return tuple(options)


def _with_options(found: _Fields, options: tuple[Option, ...], report: Report) -> _Fields | None:
    right = sum(option.right for option in options)
    if not right:
        report.add(options[0].line, "no-right-option", "no option is right", "mark the right one with [x]")
        return None
    kind = Kind.CHOICE if right == 1 else Kind.ALL_THAT_APPLY
    if len(options) == 2 and {option.text for option in options} == {"True", "False"}:
        if right == 2:
            report.add(options[0].line, "two-answers", "True and False cannot both be right", "keep one [x]")
            return None
        kind = Kind.TRUE_FALSE
    return dict(found, kind=kind, options=options)


def _with_answer(found: _Fields, block: Block, wrong: tuple[Option, ...], report: Report) -> _Fields | None:
    opening = _ANSWER.match(block.text)
    assert opening is not None
    text = block.text[opening.end() :]
    line = block.start + 1
    for option in wrong:
        if option.right:
            report.add(
                option.line,
                "two-answers",
                "an option is right beside a written answer",
                "under = only known wrong answers stand: - [ ]",
            )
            return None
    try:
        if text.startswith('"'):
            return dict(found, kind=Kind.TYPED, typed=answers.typed(text), wrong_words=wrong)
        due: NumericAnswer = answers.numeric(text)
        values = []
        for option in wrong:
            line = option.line
            values.append(WrongValue(option.text, answers.number(option.text), option.feedback, option.line))
    except answers.AnswerError as error:
        message, _, remedy = str(error).partition("; ")
        report.add(line, "bad-answer", message, remedy)
        return None
    return dict(found, kind=Kind.NUMERIC, numeric=due, wrong_values=tuple(values))


def digest(found: Card) -> str:
    """BLAKE2b of everything the card says, without its id and attributes; spacing and Unicode form do not count."""
    parts: list[str] = [
        found.kind,
        found.front,
        found.back,
        found.hint,
        found.explanation,
        *found.typed,
        *found.sources,
        *(f"{key}, {place}" for key, place in found.locators),
    ]
    for option in (*found.options, *found.wrong_words):
        parts += ["[x]" if option.right else "[ ]", option.text, option.feedback]
    if found.numeric:
        due = found.numeric
        parts += [due.text, str(due.tolerance), str(due.relative), str(due.precision)]
    for value in found.wrong_values:
        parts += [value.text, value.feedback]
    if found.exercise:
        parts += [found.exercise.template, _level(found.exercise)]
    text = "\x1f".join(" ".join(part.split()) for part in parts)
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def _level(reference: ExerciseRef) -> str:
    return "" if reference.level is None else str(reference.level)
