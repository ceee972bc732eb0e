"""The `ask` list and the `[explain]` table of a template file. Imports the file reader."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from engine.exercises.file import File
from engine.exercises.template import Ask, Explain, Option
from engine.marking import MarkingError, Precision
from engine.prepared import Program
from engine.rules import Update

_NUMBER = re.compile(r"#\d+")
_COMMON = {"name", "precision", "prompt", "hint", "why"}
_KINDS = {
    "of": {"formula", "least", "most", "zero"},
    "choose": set[str](),
    "shape": set[str](),
    "order": set[str](),
    "line": set[str](),
}
"""The key that tells the kind of a question → the further keys it may have."""


def read_asks(file: File, program: Program, update: Update | None) -> tuple[Ask, ...]:
    """The asked steps; where the file names none, every value of the program, the gradients and the update.

    Raises:
        TemplateError: a question cannot be understood.
    """
    rows = file.data.get("ask", _everything(program, update))
    if not isinstance(rows, list) or not rows:
        raise file.error("ask", "nothing is asked", 'write ask = ["y", "dL/dw"]')
    default, single = _precisions(file)
    made = tuple(_ask(file, i, row, default, single) for i, row in enumerate(rows))
    names = [a.name for a in made]
    for name in names:
        if names.count(name) > 1:
            raise file.error("ask", f"`{name}` is asked twice", "give one of them a label, as in `again: y`")
    for name in single:
        if name not in names:
            raise file.error(f"precision.{name}", "is not asked", f"asked are {', '.join(names)}")
    return made


def _everything(program: Program, update: Update | None) -> list[str]:
    rows = list(program.defined)
    if program.loss is None:
        return rows
    weights = list(update.of) if update else [n for n in program.givens if n[0] in "wWvVuUkKbB"]
    rows += [f"d{program.loss}/d{n}" for n in weights or program.givens]
    return rows + [f"{n}'" for n in weights if update]


def _precisions(file: File) -> tuple[Precision, dict[str, Precision]]:
    found = file.data.get("precision", "3sf")
    table = dict(found) if isinstance(found, Mapping) else {"default": found}
    made = {name: _precision(file, f"precision.{name}", text) for name, text in table.items()}
    return made.pop("default", Precision("sf", 3)), made


def _precision(file: File, key: str, text: object) -> Precision:
    try:
        return Precision.parse(str(text))
    except MarkingError as error:
        raise file.error(key, str(error)) from None


def _ask(file: File, i: int, row: Any, default: Precision, single: Mapping[str, Precision]) -> Ask:
    at = f"ask[{i}]"
    row = {"of": row} if isinstance(row, str) else row
    if not isinstance(row, Mapping):
        raise file.error(at, "is neither a text nor a table", 'write "y" or { of = "y", precision = "3dp" }')
    kinds = [k for k in _KINDS if k in row]
    if len(kinds) != 1:
        raise file.error(at, f"needs one of {', '.join(_KINDS)}")
    kind = kinds[0]
    file.known(row, {kind, *_COMMON, *_KINDS[kind]}, at)
    for key in ("name", "prompt", "hint", "why", "formula"):
        if not isinstance(row.get(key, ""), str):
            raise file.error(f"{at}.{key}", "must be a text")
    made = _BUILD[kind](file, at, row)
    if "precision" in row:
        precision = _precision(file, f"{at}.precision", row["precision"])
    else:
        precision = single.get(made["name"], default if made["kind"] in {"number", "line"} else Precision("int"))
    texts = {k: row.get(k, "") for k in ("prompt", "hint", "why", "formula")}
    if made["kind"] in {"choose", "order"} and not texts["prompt"]:
        raise file.error(f"{at}.prompt", "is missing", 'write prompt = "Does the weight rise or fall?"')
    return Ask(**{"precision": precision, **texts, **made})


def _of(file: File, at: str, row: Mapping[str, Any]) -> dict[str, Any]:
    text = row["of"]
    if not isinstance(text, str) or not text.strip():
        raise file.error(at, "`of` must be a text such as `y` or `error: t - y`")
    label = text.partition(":")[0].strip()
    made: dict[str, Any] = {"kind": "number", "name": label, "of": _NUMBER.sub("", text).strip()}
    for key in ("least", "most"):
        if key in row:
            if isinstance(row[key], bool) or not isinstance(row[key], int | float) or not row[key] >= 0:
                raise file.error(f"{at}.{key}", "must be a number from 0")
            made[key] = float(row[key])
    if not isinstance(row.get("zero", False), bool):
        raise file.error(f"{at}.zero", "must be true or false")
    return made | {"zero": row.get("zero", False)}


def _choose(file: File, at: str, row: Mapping[str, Any]) -> dict[str, Any]:
    options = _options(file, f"{at}.choose", row["choose"], conditions=True)
    return {"kind": "choose", "name": _name(file, at, row), "options": options}


def _options(file: File, at: str, rows: Any, *, conditions: bool) -> tuple[Option, ...]:
    form = '[["It rises", "new(w) > w", "why not"], …]' if conditions else '[["right"], ["wrong", "why"], …]'
    if not isinstance(rows, list) or len(rows) < 2:
        raise file.error(at, "needs two or more options", f"write {form}")
    made = []
    for row in rows:
        most = 3 if conditions else 2
        if not isinstance(row, list) or not 1 <= len(row) <= most or not all(isinstance(t, str) for t in row):
            raise file.error(at, "an option is a list of texts", f"write {form}")
        made.append(Option(*row) if conditions else Option(row[0], "", *row[1:]))
    if len({o.text for o in made}) < len(made):
        raise file.error(at, "two options have the same text")
    return tuple(made)


def _shape(file: File, at: str, row: Mapping[str, Any]) -> dict[str, Any]:
    if not isinstance(row["shape"], str):
        raise file.error(f"{at}.shape", "must name a value, as in `dL/dW1`")
    return {"kind": "shape", "name": row.get("name", f"shape of {row['shape']}"), "of": row["shape"]}


def _order(file: File, at: str, row: Mapping[str, Any]) -> dict[str, Any]:
    items = row["order"]
    if not isinstance(items, list) or not 3 <= len(items) <= 9 or not all(isinstance(t, str) for t in items):
        raise file.error(f"{at}.order", "needs three to nine texts in their right order")
    return {"kind": "order", "name": _name(file, at, row), "items": tuple(items)}


def _line(file: File, at: str, row: Mapping[str, Any]) -> dict[str, Any]:
    if row["line"] is not True or not file.texts("wrong"):
        raise file.error(at, "asks for the wrong line", 'write { line = true } and wrong = ["D04", "D06"]')
    return {"kind": "line", "name": row.get("name", "line")}


def _name(file: File, at: str, row: Mapping[str, Any]) -> str:
    name = row.get("name")
    if not isinstance(name, str) or not name.strip():
        raise file.error(f"{at}.name", "is missing", 'write name = "direction"')
    return name.strip()


_BUILD = {"of": _of, "choose": _choose, "shape": _shape, "order": _order, "line": _line}


def read_explain(file: File) -> Explain | None:
    """The self-explanation choice of level 0; None where there is none."""
    if "explain" not in file.data:
        return None
    row = file.table("explain")
    file.known(row, {"prompt", "options"}, "explain")
    return Explain(
        file.text("prompt", "explain", required=True),
        _options(file, "explain.options", row.get("options"), conditions=False),
    )
