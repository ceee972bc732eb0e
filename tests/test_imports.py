"""What each quick command imports, read in fresh interpreters: a shell prompt must not wait for a screen."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from studyapp.cli.main import TABLE

SCREEN = {"textual", "rich"}
SLOW = SCREEN | {"sqlalchemy", "alembic", "numpy", "markdown_it"}


def imported(home: Path, *arguments: str) -> set[str]:
    """The top-level packages and our own modules that a command has imported when it ends."""
    code = (
        "import json, sys\n"
        "from studyapp.cli.group import cli\n"
        "try:\n"
        f"    cli({list(arguments)!r}, prog_name='studyapp')\n"
        "finally:\n"
        "    print(json.dumps(sorted(sys.modules)), file=sys.stderr)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        input="",
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "STUDYAPP_HOME": str(home), "PYTHONUTF8": "1"},
        check=False,
    )
    lines = done.stderr.splitlines()
    assert done.returncode == 0, done.stderr
    names = set(json.loads(lines[-1]))
    return {name.partition(".")[0] for name in names} | {name for name in names if name.startswith("studyapp.")}


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home in which the program was started before."""
    from studyapp.study.desk import Desk

    home = tmp_path_factory.mktemp("home")
    Desk.open(home).close()
    return home


def test_due_reads_the_database_with_the_standard_library_alone(started: Path) -> None:
    loaded = imported(started, "due")

    assert "sqlite3" in loaded
    assert not loaded & (SLOW | {"msgspec", "tomllib", "content", "engine", "studyapp.typeset"})


def test_due_with_settings_reads_them_and_nothing_more(started: Path, tmp_path: Path) -> None:
    for file in started.iterdir():
        if file.is_file():
            (tmp_path / file.name).write_bytes(file.read_bytes())
    (tmp_path / "config.toml").write_text("new_per_day = 3\n")

    loaded = imported(tmp_path, "due")

    assert "tomllib" in loaded
    assert not loaded & (SLOW | {"msgspec", "content", "engine"})


@pytest.mark.parametrize("arguments", [("--version",), ("--help",)])
def test_version_and_help_import_no_command(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    loaded = imported(tmp_path, *arguments)

    assert not loaded & (SLOW | {"sqlite3", "msgspec", "engine", "content"})
    assert not {name for name in loaded if name.startswith(("studyapp.storage", "studyapp.study", "studyapp.ui"))}


def test_mark_needs_neither_numpy_nor_the_database(tmp_path: Path) -> None:
    loaded = imported(tmp_path, "mark", "0.25", "--true", "0.25")

    assert "engine" in loaded
    assert not loaded & (SLOW | {"sqlite3", "msgspec"})


@pytest.mark.parametrize("name", list(TABLE))
def test_the_help_of_a_command_imports_no_screen_and_no_database(tmp_path: Path, name: str) -> None:
    loaded = imported(tmp_path, name, "--help")

    assert not loaded & {*SCREEN, "sqlalchemy", "alembic"}


@pytest.mark.parametrize(
    "arguments",
    [
        ("review", "--plain"), ("quiz", "--plain"), ("cards", "neurons", "--plain"), ("lesson", "neurons"),
        ("progress",), ("stats", "--json"), ("search", "xor"), ("settings",), ("directories",),
    ],
)  # fmt: skip
def test_what_needs_no_screen_imports_none(started: Path, arguments: tuple[str, ...]) -> None:
    assert not imported(started, *arguments) & SCREEN
