"""Solve files: TOML text into a checked task. Imports the standard library and the engine.

Keys: `forward`, `loss`, `[given]`, `[update]`, `[state]`, `[series]`, `[symbols]`, `ask`, `precision`, `steps`.
"""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from engine.errors import ProgramError, TaskError
from engine.graph import MAX_ELEMENTS
from engine.prepared import Program
from engine.program import parse
from engine.rules import Update, update_from
from engine.solution import Solution
from engine.solving import numbers, solve

MAX_FILE = 1_000_000
"""Bytes of a solve file."""
_PRECISION = re.compile(r"\d{1,2}(sf|dp)|int|exact")
_OTHER = {"title", "sample", "require", "levels", "version", "description", "hints", "conventions", "requires", "tags"}


@dataclass(frozen=True)
class Task:
    """A solve file, read and checked.

    Attributes:
        program: The forward program.
        given: Name → number or float64 array.
        update: The update rule, if any.
        state: The rule's state before.
        series: Givens that change from update to update.
        symbols: LaTeX by name.
        ask: The asked steps, as written.
        precision: What answers are marked to, as `3sf`.
        precisions: The same for single steps.
        title: What it is called.
    """

    program: Program
    given: Mapping[str, Any]
    update: Update | None = None
    state: Mapping[str, Any] = field(default_factory=dict)
    series: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    symbols: Mapping[str, str] = field(default_factory=dict)
    ask: tuple[str, ...] = ()
    precision: str = "3sf"
    precisions: Mapping[str, str] = field(default_factory=dict)
    title: str = ""

    def solve(self, given: Mapping[str, Any] | None = None, overrides: Mapping[str, Any] | None = None) -> Solution:
        """Solve it, with its own numbers or others of the same shapes.

        Raises:
            EngineError: the program cannot be evaluated for them.
        """
        return solve(
            self.program,
            self.given if given is None else given,
            self.update,
            self.state,
            ask=self.ask,
            symbols=self.symbols,
            overrides=overrides,
            series=self.series,
        )


def load(source: str | Path) -> Task:
    """Read a solve file, or its text (a text without any `=` is a path).

    Raises:
        TaskError: the file is too large, is no TOML, or says something that is not known.
        ProgramError: the forward program cannot be read.
    """
    if isinstance(source, str) and len(source) < 1_000 and "=" not in source and "\n" not in source:
        source = Path(source)
    if isinstance(source, Path):
        try:
            size = source.stat().st_size
            if size > MAX_FILE:
                raise TaskError(f"{source.name} has {size:,} bytes; at most {MAX_FILE:,} are read")
            source = source.read_text(encoding="utf-8")
        except OSError as error:
            raise TaskError(f"{source} cannot be read: {error.strerror}") from None
        except UnicodeDecodeError:
            raise TaskError(f"{source} is not UTF-8 text; save it as such") from None
    if len(source) > MAX_FILE:
        raise TaskError(f"the text has {len(source):,} characters; at most {MAX_FILE:,} are read")
    try:
        table = tomllib.loads(source)
    except tomllib.TOMLDecodeError as error:
        raise TaskError(f"this is not TOML: {error}") from None
    except (RecursionError, ValueError, OverflowError):
        raise TaskError("this is not TOML we can read: lists are nested too deeply or a number is too long") from None
    return task_from(table)


def task_from(table: Mapping[str, Any]) -> Task:
    """A task from the keys of a file.

    Raises:
        TaskError: a key has the wrong kind of value, or is missing.
    """
    known = {"forward", "loss", "given", "update", "state", "series", "symbols", "ask", "precision", "steps", *_OTHER}
    for key in table:
        if key not in known:
            raise TaskError(f"there is no key `{key}`; known are {', '.join(sorted(known - _OTHER))}")
    forward = table.get("forward")
    if not isinstance(forward, str):
        raise TaskError('forward = """...""" is missing: the program, one `name = expression` per line')
    loss = table.get("loss")
    if loss is not None and not isinstance(loss, str):
        raise TaskError('loss must be a name of the program, as in loss = "L"')
    program = Program.parse(forward.strip("\n"), loss)
    ask = table.get("ask", [])
    if not isinstance(ask, list) or not all(isinstance(a, str) for a in ask):
        raise TaskError('ask must be a list of texts, as in ask = ["y", "dL/dw", "w\'"]')
    symbols = _table(table, "symbols")
    if not all(isinstance(s, str) for s in symbols.values()):
        raise TaskError("[symbols] gives LaTeX as text, as in eta = '\\eta'")
    update = _update(table)
    precision, precisions = _precision(table.get("precision", "3sf"))
    return Task(
        program,
        _given(_table(table, "given")),
        update,
        _table(table, "state"),
        _series(_table(table, "series")),
        symbols,
        tuple(ask),
        precision,
        precisions,
        str(table.get("title", "")),
    )


def _table(table: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    found = table.get(key, {})
    if not isinstance(found, Mapping):
        raise TaskError(f"[{key}] must be a table of names and values")
    return found


def _update(table: Mapping[str, Any]) -> Update | None:
    """The `[update]` table; `steps` may also stand above all tables."""
    if "update" not in table:
        if "steps" in table:
            raise TaskError("steps counts updates, so an [update] is needed")
        return None
    keys = _table(table, "update")
    if "steps" in table and keys.get("steps", table["steps"]) != table["steps"]:
        raise TaskError(f"steps is {table['steps']} at the top and {keys['steps']} in [update]; say it once")
    return update_from({**keys, "steps": table["steps"]} if "steps" in table else keys)


def _given(table: Mapping[str, Any]) -> dict[str, Any]:
    return numbers({name: linspace(value) if isinstance(value, str) else value for name, value in table.items()})


def _series(table: Mapping[str, Any]) -> dict[str, Sequence[Any]]:
    for name, values in table.items():
        if not isinstance(values, list):
            raise TaskError(f"[series] {name} must be a list with one value for every update")
    return dict(table)


def _precision(value: object) -> tuple[str, dict[str, str]]:
    table = dict(value) if isinstance(value, Mapping) else {"default": value}
    kinds: dict[str, str] = {}
    for name, kind in table.items():
        if not isinstance(kind, str) or not _PRECISION.fullmatch(kind):
            raise TaskError(f"precision {name} = {kind!r} is not known; write 3sf, 3dp, int or exact")
        kinds[name] = kind
    return kinds.pop("default", "3sf"), kinds


def linspace(text: str) -> Any:
    """The array that `linspace(a, b, n, shape)` describes: n even steps from a to b, both included.

    Raises:
        TaskError: it is not written so, or is too large.
    """
    remedy = 'write a number, nested lists, or "linspace(a, b, n, [rows, columns])"'
    try:
        tree = parse(text, "eval")
    except ProgramError:
        raise TaskError(f"[given] `{text[:40]}` is not a number; {remedy}") from None
    body = tree.body
    if not (isinstance(body, ast.Call) and isinstance(body.func, ast.Name) and body.func.id == "linspace"):
        raise TaskError(f"[given] `{text[:40]}` is not a number; {remedy}")
    try:
        values = [ast.literal_eval(a) for a in body.args]
    except (ValueError, TypeError, RecursionError, MemoryError):
        raise TaskError(f"[given] `{text[:40]}` holds something else than numbers; {remedy}") from None
    if len(values) < 3 or body.keywords or not all(isinstance(v, int | float) for v in values[:3]):
        raise TaskError(f"[given] linspace takes a start, an end, a count and a shape; {remedy}")
    count = values[2]
    shape = values[3] if len(values) == 4 and not isinstance(values[3], int) else values[3:] or [count]
    shape = list(shape) if isinstance(shape, list | tuple) else [shape]
    if not isinstance(count, int) or not 1 <= count <= MAX_ELEMENTS:
        raise TaskError(f"[given] linspace makes 1 to {MAX_ELEMENTS:,} numbers, not {str(count)[:20]}")
    if not all(isinstance(n, int) and n > 0 for n in shape) or np.prod(shape, dtype=object) != count:
        raise TaskError(f"[given] linspace: the shape {shape} does not hold {count} numbers")
    return np.linspace(values[0], values[1], count).reshape(shape)
