"""A database that cannot be used: every command says so in a sentence, ends with 3, and leaves the file as it is."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

Process = Callable[..., subprocess.CompletedProcess[str]]

COMMANDS = (
    ("due",), ("stats",), ("progress", "--plain"), ("review", "--plain"), ("quiz", "--plain"), ("cards", "neurons"),
    ("lesson",), ("search", "xor"), ("export", "--journal"),
)  # fmt: skip


@pytest.fixture
def database(learner: Path, process: Process) -> Path:
    """A sound database with one review in it."""
    done = process("review", "small", lines=("", "3"))
    assert done.returncode == 0, done.stderr
    return learner / "studyapp.db"


def truncated(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def overwritten(path: Path) -> None:
    path.write_bytes(b"Dear diary, " * 1_000)


def newer(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version=99")
    connection.close()


def foreign(path: Path) -> None:
    path.unlink()
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE theirs (x)")
        connection.execute("INSERT INTO theirs VALUES (1)")
        connection.execute("PRAGMA application_id=77")
    connection.close()


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (truncated, "is cut off"),
        (overwritten, "this is no database"),
        (newer, "a newer studyapp wrote this database"),
        (foreign, "belongs to another program"),
    ],
)
def test_every_command_names_the_fault_and_leaves_the_file(
    database: Path, process: Process, spoil: Callable[[Path], None], sentence: str
) -> None:
    spoil(database)
    content = database.read_bytes()

    for arguments in COMMANDS:
        done = process(*arguments)
        assert done.returncode == 3, (arguments, done.stdout, done.stderr)
        assert sentence in done.stderr
        assert str(database) in done.stderr
        assert len(done.stderr.splitlines()) == 1, done.stderr
        assert database.read_bytes() == content


def test_a_database_that_is_a_folder_is_named(database: Path, process: Process) -> None:
    database.unlink()
    database.mkdir()

    for arguments in (("due",), ("stats",)):
        done = process(*arguments)
        assert done.returncode == 3, done.stderr
        assert str(database) in done.stderr
        assert "Traceback" not in done.stderr


def test_a_home_that_cannot_be_made_is_named(process: Process, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    done = process("stats", home=tmp_path / "file" / "home")

    assert done.returncode in (1, 3)
    assert str(tmp_path / "file") in done.stderr
    assert "Traceback" not in done.stderr


def test_a_database_that_another_program_holds_is_waited_for_and_then_named(database: Path, process: Process) -> None:
    """What only reads goes on reading."""
    other = sqlite3.connect(database, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        assert process("due").returncode == 0
        done = process("review", "small", "--plain", lines=(":b",))
    finally:
        other.execute("ROLLBACK")
        other.close()

    assert done.returncode == 3
    assert "another program" in done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    assert process("review", "small", "--plain", lines=(":b",)).returncode == 0


AS_SOMEBODY = """
import os, sys, tempfile
from click.testing import CliRunner
from studyapp.cli.group import cli
from studyapp.cli.main import main
home = os.environ["STUDYAPP_HOME"]
with tempfile.TemporaryDirectory() as folder:
    for arguments in (["stats"], ["due"]):  # everything is imported while it may be
        CliRunner().invoke(cli, ["--home", folder, *arguments], catch_exceptions=False)
os.environ["STUDYAPP_HOME"] = home
if os.getuid() == 0:
    os.setuid(65_534)  # root may read and write anywhere: be somebody else
main()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX permissions")
@pytest.mark.parametrize(("mode", "command", "code"), [(0o444, "stats", 0), (0o000, "stats", 3), (0o000, "due", 3)])
def test_a_file_without_permission_is_named(database: Path, mode: int, command: str, code: int) -> None:
    content = database.read_bytes()
    if os.getuid() == 0:
        for each in (database.parent, *database.parent.iterdir()):
            os.chown(each, 65_534, 65_534)
        for parent in database.parents[1:]:
            if not parent.stat().st_mode & 0o001:  # pytest's own folders are for one user
                parent.chmod(parent.stat().st_mode | 0o011)
    database.chmod(mode)
    try:
        done = subprocess.run(
            [sys.executable, "-c", AS_SOMEBODY, command], capture_output=True, encoding="utf-8", check=False
        )
    finally:
        database.chmod(0o600)

    assert done.returncode == code, done.stdout + done.stderr
    assert str(database) in done.stderr
    assert "Traceback" not in done.stderr
    assert database.read_bytes() == content
