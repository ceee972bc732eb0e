"""A list or table as typed to rows of texts: brackets, rows, and what a comma means. Computes no value.

Commas are the difficulty: `0,526 -0,1792` holds two numbers, `0.526,-0.1792` too, `1,5; 2,5` as well. Where only the
asked number of entries tells two readings apart, that decides; where it does not, the learner is asked.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import TypeAlias

from engine.marking.digits import decimal_parts
from engine.marking.model import UnreadableError

Texts: TypeAlias = "str | list[Texts]"

_PAIRS = {"[": "]", "(": ")", "<": ">"}
_CLOSING = frozenset(_PAIRS.values())
_ONE_NUMBER = re.compile(r"[+-]?(?:[0-9]|[.,][0-9])[0-9.,]*(?:[eE][+-]?[0-9]+)?%?")
_FUNCTION_BEHIND = re.compile(r"(?:exp|ln|sqrt|tanh|sigmoid|sig|σ|log) *$")
_LITERAL = re.compile(r"[0-9.,]+")
_BRACKET = re.compile(r"[][()<>]")
DEEPEST = 30


def split(text: str, shape: Sequence[int]) -> Texts:
    """Cut a levelled answer into nested lists of entry texts; one row comes back as a flat list.

    Args: `shape`, the asked shape, which decides between readings of a comma.
    Raises: UnreadableError: `brackets`, `ragged`, `ambiguous`, `syntax`, `comma`.
    """
    depths = _depths(text)
    inner = text.strip()
    if _encloses(text, depths):
        inner = text.strip()[1:-1].strip()
    groups = _groups(inner)
    if groups is not None:
        return [split_group(group, shape[1:] or shape, 1) for group in groups]
    lines = [line.strip().rstrip(";,") for line in inner.split("\n") if line.strip()]
    if len(lines) > 1:
        return [split_row(line, shape[-1] if len(shape) > 1 else 1) for line in lines]
    return _rows_by_semicolon(inner, shape)


def split_group(text: str, shape: Sequence[int], depth: int) -> Texts:
    """Cut one bracketed row, or deeper table, of a nested list."""
    if depth > DEEPEST:
        raise UnreadableError("syntax", "That is nested too deeply: at most 30 levels can be read.")
    groups = _groups(text)
    if groups is None:
        return split_row(text, shape[-1])
    return [split_group(group, shape[1:] or shape, depth + 1) for group in groups]


def _depths(text: str) -> list[int]:
    """For each character, how many brackets are open before it. Raises: UnreadableError (`brackets`)."""
    if _BRACKET.search(text) is None:
        return [0] * len(text)
    open_marks: list[str] = []
    depths = []
    for character in text:
        if character in _CLOSING:
            if not open_marks or _PAIRS[open_marks.pop()] != character:
                raise _unbalanced(character)
            depths.append(len(open_marks))
            continue
        depths.append(len(open_marks))
        if character in _PAIRS:
            open_marks.append(character)
    if open_marks:
        raise _unbalanced(open_marks[-1])
    return depths


def _unbalanced(mark: str) -> UnreadableError:
    return UnreadableError("brackets", f"The bracket “{mark}” has no partner. Write a list as [0.1, 0.2].")


def _encloses(text: str, depths: Sequence[int]) -> bool:
    """Whether the first bracket closes with the last character."""
    return len(text) >= 2 and text[0] in _PAIRS and all(depth > 0 for depth in depths[1:-1]) and text[-1] in _CLOSING


def _groups(text: str) -> list[str] | None:
    """The insides of bracketed rows, where the text consists of nothing else; None where it does not."""
    if text[:1] not in _PAIRS:
        return None
    depths = _depths(text)
    groups: list[str] = []
    between, start = "", 0
    for place, (character, depth) in enumerate(zip(text, depths, strict=True)):
        if depth == 0 and character in _PAIRS:
            if between.strip(" \n") not in ("", *(",;" if groups else "")):
                return None
            start, between = place + 1, ""
        elif depth == 0 and character in _CLOSING:
            groups.append(text[start:place].strip())
        elif depth == 0:
            between += character
    if between.strip(" \n,;"):
        return None
    round_ones = text[0] == "("  # (1/2) (1/4) are two numbers, (1, 2) (3, 4) two rows
    if round_ones and not all(_is_list(group) for group in groups):
        return None
    return groups


def _is_list(text: str) -> bool:
    return "," in text or ";" in text or len(_by_space(text)) > 1


def _rows_by_semicolon(text: str, shape: Sequence[int]) -> Texts:
    """`;` between entries where each piece is one entry, between rows where a table is asked or pieces are lists."""
    pieces = _cut(text, ";")
    if len(pieces) == 1:
        return split_row(text, shape[-1])
    entries: list[Texts] = [piece.strip() for piece in pieces]
    single = all(_is_one_entry(piece) for piece in pieces)
    table = len(shape) > 1 and shape[0] > 1 and shape[1] > 1
    if single and not table:
        return entries
    rows: list[Texts] = [split_row(piece, shape[-1]) for piece in pieces]
    if table and single and all(len(row) == 1 for row in rows):
        return entries
    return rows


def _is_one_entry(text: str) -> bool:
    """Whether a piece between semicolons is one number or expression, commas being decimal."""
    text = text.strip()
    return (
        ", " not in text
        and " ," not in text
        and len(_by_space(text)) == 1
        and all(decimal_parts(literal) is not None for literal in _LITERAL.findall(text))
    )


def split_row(text: str, count: int) -> list[Texts]:
    """Cut one row into entry texts; `count` is how many are asked.

    Raises: UnreadableError (`ambiguous`) where two readings fit and the count does not decide.
    """
    text = text.strip()
    if len(pieces := _cut(text, ";")) > 1:
        return _stripped(pieces)
    places = _top_commas(text)
    if not places:
        return _stripped(_by_space(text))
    if beside_space := [place for place in places if " " in text[max(place - 1, 0) : place + 2]]:
        return _stripped(_cut_at(text, beside_space))
    if "." in text:
        return _stripped(_cut_at(text, places))
    by_comma, by_space = _stripped(_cut_at(text, places)), _stripped(_by_space(text))
    return _fitting(by_comma, by_space, count)


def _fitting(by_comma: list[Texts], by_space: list[Texts], count: int) -> list[Texts]:
    """Of two readings, the one with the asked number of entries, each of them one number."""
    for strict in (True, False):
        fits = [
            reading
            for reading in (by_comma, by_space)
            if len(reading) == count and (not strict or all(_ONE_NUMBER.fullmatch(str(entry)) for entry in reading))
        ]
        if len(fits) == 1:
            return fits[0]
        if len(fits) == 2:
            first, second = ("; ".join(str(entry) for entry in reading) for reading in fits)
            raise UnreadableError(
                "ambiguous", f"That can be read as {first} or as {second}: write the list with semicolons."
            )
    sound = all(decimal_parts(literal) is not None for entry in by_space for literal in _LITERAL.findall(str(entry)))
    return by_space if sound and not all(_ONE_NUMBER.fullmatch(str(entry)) for entry in by_comma) else by_comma


def _stripped(pieces: Sequence[str]) -> list[Texts]:
    return [piece.strip() for piece in pieces]


def _top_commas(text: str) -> list[int]:
    return [place for place, depth in enumerate(_depths(text)) if depth == 0 and text[place] == ","]


def _cut(text: str, mark: str) -> list[str]:
    """Cut at every `mark` that stands in no bracket."""
    return _cut_at(text, [place for place, depth in enumerate(_depths(text)) if depth == 0 and text[place] == mark])


def _cut_at(text: str, places: Sequence[int]) -> list[str]:
    edges = [-1, *places, len(text)]
    return [text[left + 1 : right] for left, right in pairwise(edges)]


def _by_space(text: str) -> list[str]:
    """Cut at white space, unless it stands beside an operator: `1 -2` is two entries, `1 - 2` and `1 * 2` are one."""
    text = text.strip()
    depths = _depths(text)
    places = []
    for found in re.finditer(r"[ \n]+", text):
        before, after = text[found.start() - 1], text[found.end() :]
        joined = (
            depths[found.start()] > 0
            or before in "+-*/^"
            or after[0] in "*/^%)"
            or (after[0] in "+-" and after[1:2] == " ")
            or (after[0] == "(" and _FUNCTION_BEHIND.search(text, max(0, found.start() - 8), found.start()) is not None)
        )
        if not joined:
            places.append((found.start(), found.end()))
    edges = [0, *(edge for place in places for edge in place), len(text)]
    return [text[left:right] for left, right in zip(edges[::2], edges[1::2], strict=True)]
