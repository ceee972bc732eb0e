"""Template files: TOML text into a checked template; every error names line, key and remedy. Imports the engine."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from engine.errors import EngineError
from engine.exercises.asking import read_asks, read_explain
from engine.exercises.drawing import Stream
from engine.exercises.errors import TemplateError
from engine.exercises.file import File
from engine.exercises.sampling import read_samples
from engine.exercises.template import HIGHEST, Network, OwnMistake, Template
from engine.mistakes import CATALOGUE, Wording
from engine.prepared import Program
from engine.rules import Update, update_from
from engine.solving import numbers
from engine.tasks import MAX_FILE

SLACK = 1e-13
"""The margin of comparisons."""
_COMPARISON = re.compile(r"([^<>]+?)(<=|>=|<|>)([^<>]+)")
_ID = re.compile(r"\w[\w .-]{0,99}")
_KEYS = {
    "title", "description", "version", "family", "conventions", "requires", "forward", "loss", "update", "state",
    "series", "symbols", "given", "sample", "ask", "precision", "require", "mistake", "example", "explain", "network",
    "levels", "wrong",
}  # fmt: skip


def load_template(path: Path) -> Template:
    """Read a template; its id is the file's name. A solve file is one too: its numbers are then always the same.

    Raises:
        TemplateError: the file cannot be read, or something in it is wrong.
    """
    try:
        if path.stat().st_size > MAX_FILE:
            raise TemplateError(path.name, f"the file is larger than {MAX_FILE:,} bytes", remedy="split it")
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise TemplateError(path.name, f"the file cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise TemplateError(path.name, "the file is not UTF-8 text", remedy="save it as such") from None
    return read_template(text, path.stem)


def read_template(text: str, name: str) -> Template:
    """A template from the text of its file.

    Raises:
        TemplateError: something in it is wrong; the message names line, key and remedy.
    """
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise TemplateError(name, f"this is not TOML: {error}") from None
    except (RecursionError, ValueError, OverflowError):
        raise TemplateError(name, "lists are nested too deeply or a number is too long") from None
    file = File(name, text, table)
    if not _ID.fullmatch(name):
        raise file.error("", "a template's file is named in letters, digits and hyphens", "rename the file")
    file.known(table, _KEYS)
    file.known(file.table("require"), {"not_degenerate", "steep", "ignore", "without"}, "require")
    program, update = _program(file), _update(file)
    series, rows = _series(file)
    asks = read_asks(file, program, update)
    conditions = file.texts("not_degenerate", "require")
    made = Template(
        id=name,
        version=file.whole("version", 1, least=1),
        title=file.text("title") or name.replace("-", " "),
        description=file.text("description"),
        family=file.texts("family"),
        conventions=file.text("conventions"),
        requires=file.texts("requires"),
        program=program,
        update=update,
        state=file.table("state"),
        series=series,
        symbols=_text_table(file, "symbols"),
        fixed={**file.numbers("given"), **rows},
        samples=read_samples(file),
        asks=asks,
        conditions=conditions,
        tests=tuple(_robust(file, text) for text in conditions),
        steep=file.number("steep", 3.0, "require"),
        ignore=frozenset(file.texts("ignore", "require")),
        without=frozenset(file.texts("without", "require")),
        mistakes=_mistakes(file, program),
        wordings=_wordings(file),
        example=file.numbers("example"),
        explain=read_explain(file),
        network=_network(file),
        levels=_levels(file),
        wrong=file.texts("wrong"),
    )
    _try(file, made)
    return made


def _program(file: File) -> Program:
    forward, loss = file.text("forward", required=True), file.text("loss")
    try:
        return Program.parse(forward.strip("\n"), loss or None)
    except EngineError as error:
        raise file.error("forward", str(error)) from None


def _update(file: File) -> Update | None:
    if "update" not in file.data:
        return None
    try:
        return update_from(file.table("update"))
    except EngineError as error:
        raise file.error("update", str(error)) from None


def _series(file: File) -> tuple[dict[str, str], dict[str, Any]]:
    """Given → the vector with its values, and the vectors that the file writes out."""
    names: dict[str, str] = {}
    rows: dict[str, Any] = {}
    for name, value in file.table("series").items():
        names[name] = value if isinstance(value, str) else f"{name}_series"
        if not isinstance(value, str):
            try:
                rows |= numbers({names[name]: value})
            except EngineError as error:
                raise file.error(f"series.{name}", str(error), 'write g = [1.0, 0.5] or g = "gs"') from None
    return names, rows


def _robust(file: File, condition: str) -> str:
    """A comparison whose equality case is decided by a margin: two processors may round a sum otherwise."""
    match = _COMPARISON.fullmatch(condition)
    if match is None:
        raise file.error("require.not_degenerate", f"`{condition}` is not one comparison", 'write "abs(t - y) >= 0.1"')
    left, sign, right = match.groups()
    if sign[0] == "<":
        left, right = right, left
    return f"({left}) - ({right}) > {'-' if '=' in sign else ''}{SLACK}"


def _text_table(file: File, key: str) -> Mapping[str, str]:
    table = file.table(key)
    for name, value in table.items():
        if not isinstance(value, str):
            raise file.error(f"{key}.{name}", "must be a text", "put it in quotation marks")
    return table


def _mistakes(file: File, program: Program) -> tuple[OwnMistake, ...]:
    made = []
    for i, row in enumerate(file.tables("mistake")):
        file.known(row, {"id", "name", "sentence", "question", "lines"}, f"mistake[{i}]")
        if _reworded(row):
            continue
        id_, lines = row.get("id"), row.get("lines")
        if not isinstance(id_, str) or not isinstance(lines, Mapping) or not lines:
            raise file.error(
                f"mistake[{i}]", "needs an id and lines", 'write id = "O01" and lines = { v = "-eta * g" }'
            )
        wording = _wording(file, i, row)
        try:
            wrong = Program.parse(_replaced(program, lines), program.loss)
        except (EngineError, KeyError) as error:
            raise file.error(f"mistake[{i}] lines", str(error).strip("'")) from None
        made.append(OwnMistake(id_, wording, wrong))
    return tuple(made)


def _wordings(file: File) -> dict[str, Wording]:
    """Id → other words for a mistake of the catalogue: the `[[mistake]]` tables without lines."""
    rows = [(i, row) for i, row in enumerate(file.tables("mistake")) if _reworded(row)]
    return {row["id"]: _wording(file, i, row) for i, row in rows}


def _reworded(row: Mapping[str, Any]) -> bool:
    return "lines" not in row and "sentence" in row and isinstance(row.get("id"), str) and row["id"] in CATALOGUE


def _wording(file: File, i: int, row: Mapping[str, Any]) -> Wording:
    """What a `[[mistake]]` table says; what it leaves out is said as in the catalogue."""
    known = CATALOGUE.get(row["id"])
    name, sentence, question = (row.get(k, getattr(known, k, "")) for k in ("name", "sentence", "question"))
    if not all(isinstance(t, str) and t for t in (name, sentence, question)):
        raise file.error(
            f"mistake[{i}]", f"{row['id']} is not in the catalogue", "give it a name, a sentence and a question"
        )
    return Wording(name, sentence, question)


def _replaced(program: Program, lines: Mapping[str, Any]) -> str:
    """The program's text with some of its lines written otherwise."""
    for name, wrong in lines.items():
        if name not in program.defined or not isinstance(wrong, str):
            raise KeyError(f"`{name}` is no line of the program; there are {', '.join(program.defined)}")
    source, out = program.source.splitlines(), []
    for line in program.lines:
        text = lines.get(line.name)
        if text is None:
            first, last = line.expression.lineno, line.expression.end_lineno or line.expression.lineno
            out += source[first - 1 : last]
        else:
            out.append(f"{line.name} = {text}")
    return "\n".join(out)


def _network(file: File) -> Network | None:
    if "network" not in file.data:
        return None
    file.known(file.table("network"), {"layers", "edges", "biases", "labels"}, "network")
    layers = file.table("network").get("layers")
    if not isinstance(layers, list) or len(layers) < 2 or not all(type(n) is int and 0 < n <= 12 for n in layers):
        raise file.error("network.layers", "must list the units of two or more layers", "write layers = [2, 2, 1]")
    edges, biases = file.texts("edges", "network"), file.texts("biases", "network")
    if len(edges) != len(layers) - 1 or len(biases) not in {0, len(edges)}:
        raise file.error("network.edges", "names the weights of every gap between layers", 'write edges = ["W1", "W2"]')
    for name in (*edges, *biases):
        if name and name not in file.data.get("sample", {}) and name not in file.data.get("given", {}):
            raise file.error("network", f"`{name}` is not a given", "name givens of [sample] or [given]")
    return Network(tuple(layers), edges, biases or ("",) * len(edges), file.texts("labels", "network"))


def _levels(file: File) -> tuple[int, int, int]:
    table = file.table("levels")
    file.known(table, {"least", "most", "start"}, "levels")
    least = file.whole("least", 0, "levels")
    most = file.whole("most", HIGHEST, "levels")
    start = file.whole("start", max(1, least), "levels")
    if not 0 <= least <= start <= most <= HIGHEST:
        raise file.error("levels", f"0 ≤ least ≤ start ≤ most ≤ {HIGHEST} must hold")
    return least, most, start


def _try(file: File, made: Template) -> None:
    """One draw, so that names, shapes and questions are known to fit before anybody sits down."""
    given = _tried(file, made)
    try:
        prepared = made.program.prepare(numbers(made.plain_given(given)))
    except EngineError as error:
        raise file.error("forward", str(error)) from None
    for question in made.questions:
        try:
            prepared.asked(question)
        except EngineError as error:
            raise file.error("ask", f"`{question}`: {error}") from None
    try:
        solution = made.solve(given)
    except EngineError as error:
        raise file.error("", str(error)) from None
    for ask in made.asks:
        if ask.kind == "number" and ask.name not in solution.step_values:
            raise file.error("ask", f"there is no step `{ask.name}`", f"ask one of {', '.join(solution.step_values)}")


def _tried(file: File, made: Template) -> dict[str, Any]:
    """A first draw, after a look at whether everything is drawn."""
    missing = [n for n in made.program.givens if n not in made.plain_names]
    if missing:
        raise file.error("forward", f"nothing says how `{missing[0]}` is drawn", f"add [sample.{missing[0]}]")
    for name in made.series.values():
        if name not in made.samples and name not in made.fixed:
            raise file.error("series", f"`{name}` is not drawn", f"add [sample.{name}] with one entry for every update")
    given = made.draw(Stream(made.id, made.version, "try"))
    for name in made.series.values():
        if np.ndim(given[name]) == 0:
            raise file.error("series", f"`{name}` is a single number", "give it shape = [2], an entry for every update")
    if made.example:
        names = {*made.samples, *made.fixed}
        if {*made.fixed, *made.example} != names:
            raise file.error("example", "gives other names than [sample]", f"give {', '.join(made.samples)}")
    return given
