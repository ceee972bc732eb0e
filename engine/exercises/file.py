"""Reading typed values from a TOML table, with errors that name line and key. Imports the errors."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Mapping
from typing import Any

from engine.errors import EngineError
from engine.exercises.errors import TemplateError
from engine.solving import numbers
from engine.tasks import linspace


class File:
    """A template's text and its table.

    Args:
        name: The template's name, for errors.
        text: The file.
        data: The same, read as TOML.
    """

    def __init__(self, name: str, text: str, data: Mapping[str, Any]) -> None:
        self.name, self.data = name, data
        self._lines = text.splitlines()

    def error(self, key: str, what: str, remedy: str = "") -> TemplateError:
        """An error at a key such as `title`, `sample.x.from`, `ask[2]`."""
        return TemplateError(self.name, what, key=key, line=self.line(key), remedy=remedy)

    def line(self, key: str) -> int:
        """Where a key stands; where it does not, its table; 0 where that is missing too."""
        parts = [p for p in re.split(r"[.\[\] ]+", key) if p]
        best, depth = 0, 0
        table: list[str] = []
        seen: dict[str, int] = {}
        for number, line in enumerate(self._lines, 1):
            if header := re.match(r"\s*(\[\[?)\s*([\w.\-']+)\s*\]", line):
                table = header[2].split(".")
                if header[1] == "[[":
                    seen[header[2]] = seen.get(header[2], -1) + 1
                    table.append(str(seen[header[2]]))
                here = table
            elif pair := re.match(r"\s*['\"]?([\w\-']+)['\"]?\s*=", line):
                here = [*table, pair[1]]
            else:
                continue
            if here == parts[: len(here)] and len(here) > depth:
                best, depth = number, len(here)
        return best

    def known(self, table: Mapping[str, Any], keys: Collection[str], at: str = "") -> None:
        """Refuse keys that mean nothing.

        Raises:
            TemplateError: with the nearest known key.
        """
        for key in table:
            if key not in keys:
                near = difflib.get_close_matches(key, keys, 1)
                remedy = f"did you mean `{near[0]}`?" if near else f"known are {', '.join(sorted(keys))}"
                raise self.error(f"{at}.{key}".strip("."), f"there is no key `{key}`", remedy)

    def table(self, key: str) -> Mapping[str, Any]:
        """A table, empty where it is missing."""
        found = self.data.get(key, {})
        if not isinstance(found, Mapping):
            raise self.error(key, "must be a table", f"write [{key}]")
        return found

    def tables(self, key: str) -> list[Mapping[str, Any]]:
        """A list of tables, empty where it is missing."""
        found = self.data.get(key, [])
        if not isinstance(found, list) or not all(isinstance(row, Mapping) for row in found):
            raise self.error(key, "must be a list of tables", f"write [[{key}]]")
        return found

    def _get(self, key: str, table: str) -> tuple[Any, str]:
        source = self.table(table) if table else self.data
        return source.get(key), f"{table}.{key}" if table else key

    def text(self, key: str, table: str = "", *, required: bool = False) -> str:
        """A text, empty where it is missing."""
        found, name = self._get(key, table)
        if found is None and not required:
            return ""
        if not isinstance(found, str) or (required and not found.strip()):
            raise self.error(name, "a text is needed here" if found is None else "must be a text", f'write {key} = "…"')
        return found.strip()

    def texts(self, key: str, table: str = "") -> tuple[str, ...]:
        """A list of texts; a single text is a list of one."""
        found, name = self._get(key, table)
        found = [] if found is None else [found] if isinstance(found, str) else found
        if not isinstance(found, list) or not all(isinstance(t, str) for t in found):
            raise self.error(name, "must be a list of texts", f'write {key} = ["…"]')
        return tuple(found)

    def whole(self, key: str, default: int, table: str = "", *, least: int = 0) -> int:
        """A whole number."""
        found, name = self._get(key, table)
        if found is None:
            return default
        if type(found) is not int or found < least:
            raise self.error(name, f"must be a whole number from {least}")
        return int(found)

    def number(self, key: str, default: float, table: str = "") -> float:
        """A positive number."""
        found, name = self._get(key, table)
        if found is None:
            return default
        if isinstance(found, bool) or not isinstance(found, int | float) or not 0 < found < float("inf"):
            raise self.error(name, "must be a positive number")
        return float(found)

    def numbers(self, key: str) -> dict[str, Any]:
        """A table of givens; `linspace(…)` may be written as in solve files."""
        try:
            return numbers({n: linspace(v) if isinstance(v, str) else v for n, v in self.table(key).items()})
        except EngineError as error:
            raise self.error(key, str(error)) from None
