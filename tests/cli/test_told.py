"""Work that takes longer than a moment says on the terminal how far it is."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from studyapp.cli.common import told
from studyapp.storage.telling import tell

OLD = Path(__file__).parents[1] / "storage" / "data" / "version-1.sql"
PROGRAM = "from studyapp.cli.main import main; main()"


def work() -> None:
    """Some long work."""
    with told():
        for share in (0.0, 0.1, 0.104, 1.0):
            tell("Digging", share)


def test_a_person_sees_each_percent_once_in_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    work()
    tell("Digging", 0.5)  # nobody listens any more

    assert capsys.readouterr() == ("", "\rDigging: 0 %\rDigging: 10 %\rDigging: 100 %\n")


def test_a_file_gets_nothing_of_it(capsys: pytest.CaptureFixture[str]) -> None:
    work()

    assert capsys.readouterr() == ("", "")


def test_work_that_says_nothing_leaves_no_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    with told():
        pass

    assert capsys.readouterr() == ("", "")


@pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals are POSIX")
@pytest.mark.parametrize("words", [("history",), ("due",), ("search", "text"), ("doctor", "--rebuild")])
def test_an_older_database_says_that_it_is_brought_up_to_date(tmp_path: Path, words: tuple[str, ...]) -> None:
    import pty

    with closing(sqlite3.connect(tmp_path / "studyapp.db")) as connection:
        connection.executescript(OLD.read_text(encoding="utf-8"))
    ours, theirs = pty.openpty()
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, *words],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=theirs,
        env={**os.environ, "STUDYAPP_HOME": str(tmp_path), "PYTHONUTF8": "1"},
        check=False,
    )
    os.close(theirs)
    said = b""
    try:
        while piece := os.read(ours, 4_096):
            said += piece
    except OSError:  # Linux: the other end is closed
        pass
    finally:
        os.close(ours)

    assert done.returncode == 0, done.stdout
    if words == ("due",):
        assert b"%" not in said, "it only looks"
    else:
        assert said.count(b"Bringing your history up to date: 100 %") == 1
    if words[0] == "doctor":
        assert said.index(b"Calculating everything anew: 100 %") < said.index(b"Examining everything: 100 %")
    assert b"%" not in done.stdout
