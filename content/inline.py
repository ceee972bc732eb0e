"""What stands inside a line of a deck: blanks, formulas, citations. Code is never looked into; nothing is rendered."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, takewhile

from content.model import Blank

_FENCE = re.compile(r"[ \t>]*(`{3,}(?=[^`]*$)|~{3,})(.*)$")
_RUN = re.compile(r"\\`|`+")
_BREAK = re.compile(r"\n[ \t]*\n")
_OPEN = re.compile(r"(?<!\\)((?:\\\\)*)\{\{(\d{1,3})\|")
_WORD = re.compile(r"\s{0,3}[^\W\d_]")
_LONGEST = 4000
"""Characters of a formula; without a limit a page of lone dollar signs would take for ever."""
_WORK = r"[\w.:-]+(?:\s*,[^\[\];@\0`$\\{}<>|]*[^\W_][^\[\];@\0`$\\{}<>|]*)?"
_CITATION = re.compile(rf"(?:^|[ \t]+)\[@({_WORK}(?:\s*;\s*@{_WORK})*)\]")
_QUOTED = re.compile(r'\s*"((?:[^"\\]|\\.)*)"\s*', re.DOTALL)


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula of a text: its TeX without the dollar signs, whether it stands alone, and where it begins."""

    tex: str
    display: bool
    offset: int


@dataclass(frozen=True, slots=True)
class Gap:
    """A blank and its place in the text: `text[start:end]` is `{{n|answer|hint}}`."""

    blank: Blank
    start: int
    end: int


def without_code(text: str) -> str:
    """`text` with every character of code spans and fences replaced by a NUL: same length, same lines."""
    if "`" not in text and "~~~" not in text:
        return text
    text = _without_fences(text)
    runs = [match for match in _RUN.finditer(text) if match[0] != "\\`"]
    places: dict[int, list[int]] = {}
    for run in runs:
        places.setdefault(len(run[0]), []).append(run.start())
    breaks = [match.start() for match in _BREAK.finditer(text)]
    parts: list[str] = []
    done = 0
    for run in runs:
        if run.start() < done:
            continue
        same = places[len(run[0])]
        next_one = bisect_left(same, run.end())
        if next_one == len(same):
            continue
        end = same[next_one] + len(run[0])
        limit = bisect_left(breaks, run.end())
        if limit < len(breaks) and breaks[limit] < end:
            continue
        parts += [text[done : run.start()], re.sub(r"[^\n]", "\0", text[run.start() : end])]
        done = end
    return "".join(parts) + text[done:]


def _without_fences(text: str) -> str:
    if "```" not in text and "~~~" not in text:
        return text
    lines = text.split("\n")
    opening, quoted = "", False
    for number, line in enumerate(lines):
        if opening and quoted and not line.lstrip().startswith(">"):
            opening = ""
        fence = _FENCE.match(line)
        if opening:
            lines[number] = "\0" * len(line)
            if fence and fence[1].startswith(opening) and not fence[2].strip():
                opening = ""
        elif fence:
            opening, quoted = fence[1], line.lstrip().startswith(">")
            lines[number] = "\0" * len(line)
    return "\n".join(lines)


def formulas(text: str) -> tuple[Formula, ...]:
    r"""Every `$…$` and `$$…$$` outside code.

    `\$` is a dollar sign. As in Pandoc, an opening `$` has no space behind it, a closing one no space before it and no
    digit behind it, so "costs $5 and $6" holds no formula; no formula runs over an empty line.
    """
    if "$" not in text:
        return ()
    return tuple(_formulas(without_code(text), text))


def _formulas(masked: str, text: str) -> Iterator[Formula]:
    at = 0
    limit = -1
    while (at := masked.find("$", at)) >= 0:
        if at > limit:
            found = _BREAK.search(masked, at)
            limit = found.start() if found else len(masked)
        end = formula_end(masked, at, limit)
        if end is None:
            at += 2 if masked.startswith("$$", at) else 1
            continue
        width = 2 if masked.startswith("$$", at) else 1
        tex = text[at + width : end - width]
        if tex.strip():
            yield Formula(tex.strip() if width == 2 else tex, width == 2, at + width)
        at = end


def formula_end(masked: str, at: int, limit: int) -> int | None:
    """Where the formula that opens at `masked[at] == "$"` ends, or None where that is only a dollar sign."""
    if _escaped(masked, at):
        return None
    limit = min(limit, at + _LONGEST)
    if masked.startswith("$$", at):
        end = masked.find("$$", at + 2, limit)
        return end + 2 if end >= 0 else None
    if masked[at + 1 : at + 2].isspace():
        return None
    end = at
    while (end := masked.find("$", end + 1, limit)) >= 0:
        if not (_escaped(masked, end) or masked[end - 1].isspace() or masked[end + 1 : end + 2].isdigit()):
            return end + 1
    return None


def _escaped(text: str, at: int) -> bool:
    """Whether an odd number of backslashes stands before `at`."""
    first = at
    while first > 0 and text[first - 1] == "\\":
        first -= 1
    return (at - first) % 2 == 1


def gaps(text: str) -> tuple[tuple[Gap, ...], int | None]:
    r"""The blanks of a cloze, and the offset of the first that is never closed (None when all are).

    A blank is `{{`, a number, `|`, the answer, perhaps `|` and a hint, `}}`. Two or more answers in quotation marks,
    separated by `|`, are all right: `{{1|"optimiser" | "optimizer" | who?}}`. Inside it `{` and `}` pair up as in TeX,
    a backslash takes the next character with it, and formulas and code spans are passed over whole: so a `|` in
    `$|x|$` separates nothing and the `}}` of `\frac{1}{2}}}` closes at the right place. Without a number and a `|`
    (as in `\frac{{a}}{b}`), inside code, and behind a backslash, `{{` is ordinary text.
    """
    if "{{" not in text:
        return (), None
    masked = without_code(text)
    found: list[Gap] = []
    at = 0
    while opening := _OPEN.search(masked, at):
        start = opening.end(1)
        bars, end = _inside(masked, opening.end())
        if end is None:
            return tuple(found), start
        found.append(Gap(_blank(int(opening[2]), text, [opening.end() - 1, *bars, end - 2]), start, end))
        at = end
    return tuple(found), None


def _blank(number: int, text: str, cuts: Sequence[int]) -> Blank:
    """The blank whose parts stand between the places `cuts` of its bars and of its end."""
    parts = [text[left + 1 : right] for left, right in pairwise(cuts)]
    quoted = list(takewhile(bool, map(_QUOTED.fullmatch, parts)))
    if len(quoted) < 2:
        return Blank(number, parts[0].strip(), text[cuts[1] + 1 : cuts[-1]].strip())
    answers = [re.sub(r'\\(["\\])', r"\1", one[1]).strip() for one in quoted if one]
    first, *others = dict.fromkeys(answers)
    return Blank(number, first, text[cuts[len(quoted)] + 1 : cuts[-1]].strip(), tuple(others))


def filled(text: str) -> str:
    """`text` with every blank replaced by its answer: what the learner reads at the end."""
    parts, at = [], 0
    for gap in gaps(text)[0]:
        parts += [text[at : gap.start], gap.blank.answer]
        at = gap.end
    return "".join([*parts, text[at:]])


def _inside(masked: str, at: int) -> tuple[list[int], int | None]:
    """The places of the `|` that separate, and where the blank ends."""
    bars: list[int] = []
    depth = 0
    found = _BREAK.search(masked, at)
    limit = found.start() if found else len(masked)
    while at < limit:
        char = masked[at]
        if char == "\\":
            at += 2
            continue
        if char == "$" and (end := formula_end(masked, at, limit)) is not None:
            at = end
            continue
        if char == "{":
            depth += 1
        elif char == "}":
            if depth == 0:
                return bars, at + 2 if masked.startswith("}}", at) else None
            depth -= 1
        elif char == "|" and depth == 0:
            bars.append(at)
        at += 1
    return bars, None


def _says(before: str) -> bool:
    """Whether a line begins alike with and without what stands behind `before`: no `---`, `1.` or `$$` is bared."""
    if re.search(r"[^\W\d_]", before):
        return True
    return bool(re.search(r"\d", before)) and not re.search(r"[$`~]|(?:^|[\s>])\d{1,9}[.)]\s*$", before)


Citation = tuple[str, str]
"""The key of a source, and where in it: "chapter 2, p. 3", or "" for the whole work."""


def works(citations: Sequence[Citation]) -> tuple[tuple[str, ...], tuple[Citation, ...]]:
    """The keys that are cited, each once, and for those that are cited with a place the key and all its places."""
    keys = dict.fromkeys(key for key, _ in citations)
    places = {key: dict.fromkeys(place for other, place in citations if other == key and place) for key in keys}
    return tuple(keys), tuple((key, ", ".join(found)) for key, found in places.items() if found)


def cited(text: str) -> tuple[str, tuple[Citation, ...]]:
    """`text` without its `[@key]`, `[@key, p. 3]` and `[@one; @two]` marks, and what is cited, in its order.

    A mark stands behind a space or at the beginning of a line. One whose removal would leave something else at the
    beginning of a line than a word or a number stays text, because `[@key] = 5` must not turn into an answer.
    """
    if "[@" not in text:
        return text, ()
    lines = text.split("\n")
    marks = [list(_CITATION.finditer(masked)) for masked in without_code(text).split("\n")]
    following = ""
    gone: list[re.Match[str]] = []
    for number in reversed(range(len(lines))):  # what is below decides whether a mark may go, so the last comes first
        for mark in reversed(marks[number]):
            before, behind = lines[number][: mark.start()], lines[number][mark.end() :]
            alone = not before.strip() and not behind.strip()
            if _says(before) or _WORD.match(following if alone else behind) or (alone and not following.strip()):
                lines[number] = before + behind
                gone.append(mark)
        if lines[number].strip() or not marks[number]:
            following = lines[number]
    kept: list[str] = []
    for line, mine in zip(lines, marks, strict=True):
        if line.strip() or not mine:
            kept.append(line)
        elif kept and not kept[-1].strip():
            kept.pop()
    found = [_citation(work) for mark in reversed(gone) for work in mark[1].split(";")]
    return "\n".join(kept).strip("\n").rstrip() if found else text, tuple(found)


def _citation(work: str) -> Citation:
    key, _, place = work.partition(",")
    return key.strip().lstrip("@"), " ".join(place.split())
