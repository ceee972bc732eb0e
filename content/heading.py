"""The heading of a card: its text and the attributes in braces at its end, such as `{#id tags="a b" rev=2 .both}`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from content.header import ID, Report

_ATTRIBUTES = re.compile(r"(?:^|(?<=\s))\{(\s*(?:#|\.[A-Za-z]|[A-Za-z][\w-]*=)(?:[^{}\"]|\"[^\"]*\")*)\}\s*$")
_TOKEN = re.compile(
    r'\s*(?:#(?P<id>[^\s"{}]+)|\.(?P<mark>[\w-]+)|(?P<key>[A-Za-z][\w-]*)=(?:"(?P<quoted>[^"]*)"|(?P<bare>[^\s"{}]+)))(?=\s|$)'
)
_KEYS = ("tags", "requires", "rev")


@dataclass(frozen=True)
class Heading:
    """A card's heading, read. `id` is "" where none is written."""

    text: str
    id: str = ""
    tags: tuple[str, ...] = ()
    requires: tuple[str, ...] = ()
    rev: int = 1
    both: bool = False


def attributes(text: str) -> re.Match[str] | None:
    """The braces at the end of a heading's text; group 1 is what stands in them.

    They count only behind a space (or alone) and when they begin with `#id`, `.mark` or `key=`: the `{b}` of a
    formula never does.
    """
    return _ATTRIBUTES.search(text)


def heading(text: str, raw: str, line: int, report: Report) -> Heading | None:
    """Read a heading's `text`; `raw` is its source line, for columns. None when its id cannot be used.

    A faulty attribute is noted and left out; the card stays.
    """
    found = attributes(text)
    if found is None:
        return None if _broken(text, raw, line, report) else Heading(text.strip())
    column = raw.rfind("{" + found[1]) + 1

    def wrong(at: int, message: str, remedy: str) -> None:
        report.add(line, "bad-attributes", message, remedy, column + 1 + at)

    identity, both, values = "", False, {}
    for token in _tokens(found[1].rstrip(), wrong):
        if token["id"]:
            if identity:
                wrong(token.start("id"), f"there is a second id, {token['id']}", "keep one")
            identity = identity or token["id"]
        elif token["mark"] == "both":
            both = True
        elif token["mark"] or token["key"] not in _KEYS:
            name = "." + token["mark"] if token["mark"] else token["key"]
            start = token.end() - len(token[0].lstrip())
            wrong(start, f"{name} is not known in a heading", "known are #id, tags, requires, rev and .both")
        else:
            values[token["key"]] = token["quoted"] if token["quoted"] is not None else token["bare"]
    if identity and not ID.fullmatch(identity):
        report.add(line, "bad-id", f"“{identity}” cannot be an id", "use letters, digits, hyphens and dots", column)
        return None
    rev = values.get("rev", "1")
    if not re.fullmatch(r"[1-9]\d{0,5}", rev):
        report.add(line, "bad-attributes", f"rev={rev} is no number", "write rev=2", column)
        rev = "1"
    return Heading(
        text[: found.start()].strip(),
        identity,
        _words(values.get("tags", "")),
        _words(values.get("requires", "")),
        int(rev),
        both,
    )


def _broken(text: str, raw: str, line: int, report: Report) -> bool:
    """Whether attributes were meant and are not understood; noted, if so. A formula or code is never meant."""
    meant = re.search(r"(?:^|\s)\{#[^}]*$|(?:^|\s)\{#[^{}]*\}\s*$|(?:^|\s)\{#[^}]*\}(?=\s*\S)|\S\{#[\w.-]+\s*\}$", text)
    if meant is None or "$" in text[meant.start() :] or "`" in text[meant.start() :]:
        return False
    message, remedy = (
        "the attributes of this heading are not understood",
        'end the heading with a space and {#id tags="a b"}',
    )
    report.add(line, "bad-attributes", message, remedy, raw.find("{#") + 1)
    return True


def _tokens(inner: str, wrong: Callable[[int, str, str], None]) -> Iterator[re.Match[str]]:
    """What stands in the braces, one by one, up to what is not understood; that is noted with its place."""
    at = 0
    while at < len(inner):
        token = _TOKEN.match(inner, at)
        if token is None:
            said = f"“{inner[at:].strip()[:40]}” is not understood"
            wrong(at, said, 'write {#id tags="a b" requires="x" rev=2 .both}')
            return
        at = token.end()
        yield token


def _words(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(re.split(r"[\s,]+", text.strip(" ,\t")))) if text.strip(" ,\t") else ()
