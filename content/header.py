"""The tables of a deck file: its front matter between `+++` lines, and the TOML in `exercise` and `check` fences."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from content.model import STEERING, Check, ExerciseRef, Problem, Source

ID = re.compile(r"\w[\w.-]*")
"""What a deck's or card's id looks like; `/`, `:` and `@` belong to item keys."""

_AT = re.compile(r"\s*\(at (?:line (\d+), column (\d+)|end of document)\)$")
_KEYS = {"id", "title", "order", "license", "description", "requires", "sources", "aliases", "tags"}
_SOURCE_KEYS = {"title", "url", "author", "year", "short"}
_CHECK_KEYS = {"forward", "loss", "given", "claims", "update", "state"}


@dataclass
class Report:
    """Collects what is wrong with one file."""

    path: Path
    problems: list[Problem] = field(default_factory=list)

    def add(self, line: int, code: str, message: str, remedy: str, column: int = 1) -> None:
        """Note one problem; `line` and `column` count from 1."""
        self.problems.append(Problem(self.path, line, column, code, message, remedy))


@dataclass(frozen=True)
class Header:
    """What the front matter says, checked. `end` is the line (from 0) after it."""

    id: str
    title: str
    end: int
    order: int = 0
    license: str = ""
    description: str = ""
    requires: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    sources: tuple[Source, ...] = ()
    aliases: dict[str, str] = field(default_factory=dict)
    places: dict[str, int] = field(default_factory=dict)


def table(text: str, line: int, report: Report, code: str) -> dict[str, Any] | None:
    """The TOML table in `text`, whose first line is line `line` of the file; None after a problem was noted."""
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        message = str(error) if isinstance(error, ValueError) else "nested too deeply"
        at = _AT.search(message)
        row, column = (int(at[1]), int(at[2])) if at and at[1] else (text.count("\n") + 1 if at else 1, 1)
        report.add(line + row - 1, code, f"this is no TOML: {_AT.sub('', message)}", "mend the line (toml.io)", column)
        return None


def header(lines: Sequence[str], report: Report) -> Header | None:
    """Read the front matter. None, with a problem noted, where there is none or it names no deck.

    Front matter that is no TOML still gives the deck its `id` and `title` if those two lines can be read, so that one
    slip of the pen does not take the whole deck away.
    """
    remedy = 'begin the file with +++, id = "my-deck", title = "My deck", +++'
    if lines[0].strip() != "+++":
        report.add(1, "no-front-matter", "there is no front matter", remedy)
        return None
    close = next((at for at, line in enumerate(lines[1:], 1) if line.strip() == "+++"), None)
    if close is None:
        report.add(1, "open-front-matter", "the front matter is not closed", "put a line +++ behind it")
        return None
    found = table("\n".join(lines[1:close]), 2, report, "bad-front-matter")
    if found is None:
        found = _rescued(lines[1:close])
        if "id" not in found:
            return None
    places = _places(lines[:close])
    wanted = found.get("id")
    if not isinstance(wanted, str) or not ID.fullmatch(wanted):
        said = "the deck has no id" if wanted is None else f"“{wanted}” cannot be a deck's id"
        report.add(places.get("id", 1), "bad-deck-id", said, 'write id = "my-deck": letters, digits, hyphens')
        return None
    return _checked(found, wanted, close + 1, places, report)


def _rescued(lines: Sequence[str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for line in lines:
        if line.startswith("["):
            break
        if re.match(r"(id|title)\s*=", line):
            try:
                found |= tomllib.loads(line)
            except ValueError:
                continue
    return found


def _places(lines: Sequence[str]) -> dict[str, int]:
    """Front-matter key (`requires`, `sources.nielsen`) → its line."""
    places: dict[str, int] = {}
    section = ""
    for number, line in enumerate(lines, 1):
        if opening := re.match(r"\s*\[\s*([\w.\"-]+)\s*\]", line):
            section = opening[1].replace('"', "") + "."
            places.setdefault(section[:-1], number)
        elif key := re.match(r"\s*\"?([\w./-]+)\"?\s*=", line):
            places.setdefault(section + key[1], number)
    return places


def _checked(found: dict[str, Any], deck: str, end: int, places: dict[str, int], report: Report) -> Header:
    def wrong(key: str, message: str, remedy: str) -> None:
        report.add(places.get(key, 1), "bad-front-matter", message, remedy)

    def text(key: str) -> str:
        value = found.get(key, "")
        if isinstance(value, str):
            return " ".join(value.split())
        wrong(key, f"{key} is not text", f'write {key} = "…"')
        return ""

    def texts(key: str) -> tuple[str, ...]:
        value = found.get(key, [])
        if isinstance(value, list) and all(isinstance(entry, str) for entry in value):
            return tuple(dict.fromkeys(value))
        wrong(key, f"{key} is not a list of texts", f'write {key} = ["one", "another"]')
        return ()

    for key, value in found.items():
        if (harmless := _harmless(value)) != value:
            wrong(key, f"{key} holds a character that steers terminals", "take it out")
            found = found | {key: harmless}
    order = found.get("order", 0)
    if type(order) is not int or order < 0:
        wrong("order", "order is not a whole number", "write order = 3")
        order = 0
    for key in found.keys() - _KEYS:
        wrong(key, f"{key} is not known in the front matter", f"known are {', '.join(sorted(_KEYS))}")
    aliases = found.get("aliases", {})
    if not isinstance(aliases, dict) or not all(isinstance(entry, str) for entry in aliases.values()):
        wrong("aliases", "aliases is not a table of ids", 'write [aliases] and lines such as old-id = "new-id"')
        aliases = {}
    return Header(
        id=deck,
        title=text("title") or deck,
        end=end,
        order=order,
        license=text("license"),
        description=text("description"),
        requires=texts("requires"),
        tags=texts("tags"),
        sources=_sources(found.get("sources", {}), wrong),
        aliases=aliases,
        places=places,
    )


def _harmless(value: Any) -> Any:
    """A value of the front matter, which is shown outside the typesetter too, with nothing that steers a terminal."""
    if isinstance(value, dict):
        return {key: _harmless(entry) for key, entry in value.items()}
    if isinstance(value, list):
        return [_harmless(entry) for entry in value]
    return STEERING.sub("\ufffd", value) if isinstance(value, str) else value


def _sources(found: Any, wrong: Any) -> tuple[Source, ...]:
    if not isinstance(found, dict):
        wrong("sources", "sources is not a table", 'write [sources] and lines such as key = { title = "…" }')
        return ()
    sources = []
    for key, written in found.items():
        place = f"sources.{key}"
        entry = {"title": written} if isinstance(written, str) else written
        if not isinstance(entry, dict) or not isinstance(entry.get("title"), str):
            wrong(place, f"the source {key} has no title", f'write {key} = {{ title = "…", url = "…" }}')
            continue
        odd = [name for name in entry if name not in _SOURCE_KEYS]
        odd += [name for name in ("url", "author", "short") if not isinstance(entry.get(name, ""), str)]
        odd += ["year"] if type(entry.get("year", 0)) is not int else []
        if odd:
            wrong(
                place,
                f"{', '.join(odd)} of the source {key} cannot be read",
                "known are title, url, author, short (text), year (number)",
            )
        good = {name: value for name, value in entry.items() if name in _SOURCE_KEYS and name not in odd}
        sources.append(Source(key=key, **good))
    return tuple(sources)


def exercise(text: str, line: int, report: Report) -> ExerciseRef | None:
    """Read an `exercise` fence: `template`, and perhaps `level` (0 to 5)."""
    found = table(text, line, report, "bad-exercise")
    if found is None:
        return None
    template, level = found.get("template"), found.get("level")
    if not isinstance(template, str) or not template.strip() or found.keys() - {"template", "level"}:
        report.add(
            line,
            "bad-exercise",
            "the exercise fence is not understood",
            'write template = "name" and perhaps level = 2',
        )
        return None
    if level is not None and (type(level) is not int or not 0 <= level <= 5):
        report.add(line, "bad-exercise", f"there is no level {level!r}", "write a level from 0 to 5, or leave it out")
        return None
    return ExerciseRef(template.strip(), level)


def check_block(text: str, line: int, report: Report) -> Check | None:
    """Read a `check` fence (its first line of TOML is line `line`); None after a problem was noted."""
    found = table(text, line, report, "bad-check")
    if found is None:
        return None
    claims = found.get("claims")
    faults = [f"{key} is not known" for key in sorted(found.keys() - _CHECK_KEYS)]
    faults += [f"{key} is not text" for key in ("forward", "loss") if not isinstance(found.get(key, ""), str)]
    faults += [
        f"{key} is not a table" for key in ("given", "update", "state") if not isinstance(found.get(key, {}), dict)
    ]
    if not isinstance(found.get("forward"), str):
        faults.append("forward is missing")
    if not isinstance(claims, dict) or not claims or not all(isinstance(claim, str) for claim in claims.values()):
        faults.append("there are no claims")
        claims = {}
    for fault in dict.fromkeys(faults):
        report.add(
            line,
            "bad-check",
            fault,
            'write forward = """…""", loss, given = { … } and [claims] of \'TeX\' = "left = right"',
        )
    if faults:
        return None
    return Check(
        forward=found["forward"].strip("\n"),
        loss=found.get("loss", ""),
        given=found.get("given", {}),
        claims=claims,
        line=line - 1,
        update=found.get("update", {}),
        state=found.get("state", {}),
    )
