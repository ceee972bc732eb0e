"""The program as it is started from a shell, in a process and a terminal of its own."""

import os
import select
import subprocess
import sys
import time
from pathlib import Path

import pytest

pty = pytest.importorskip("pty", reason="needs a pseudo-terminal")
RUN = "from studyapp.cli.main import main; main()"
PATIENCE = 60
"""Seconds after which a start counts as hanging, on however slow a machine."""


def start(home: Path) -> tuple[subprocess.Popen[bytes], int]:
    """Start the program on a terminal of 80×24. Returns: the process and our end of the terminal."""
    ours, theirs = pty.openpty()
    environment = {**os.environ, "STUDYAPP_HOME": str(home), "TERM": "xterm-256color", "COLUMNS": "80", "LINES": "24"}
    process = subprocess.Popen(
        [sys.executable, "-c", RUN], stdin=theirs, stdout=theirs, stderr=theirs, env=environment, close_fds=True
    )
    os.close(theirs)
    return process, ours


def read_until(terminal: int, wanted: bytes) -> bytes:
    """What the terminal shows, until `wanted` is among it."""
    seen, deadline = b"", time.monotonic() + PATIENCE
    while wanted not in seen:
        ready, _, _ = select.select([terminal], [], [], max(0.0, deadline - time.monotonic()))
        assert ready, f"{wanted!r} never came; the end of what did: {seen[-500:]!r}"
        seen += os.read(terminal, 65_536)
    return seen


def finish(process: subprocess.Popen[bytes], terminal: int) -> int:
    """Read on until the process has ended. Returns: its exit code."""
    try:
        while os.read(terminal, 65_536):
            pass
    except OSError:  # what a terminal answers when nobody is at its other end
        pass
    os.close(terminal)
    return process.wait(PATIENCE)


def test_without_a_command_the_screens_open_and_q_leaves(tmp_path: Path) -> None:
    process, terminal = start(tmp_path / "home")
    read_until(terminal, b"New cards")
    os.write(terminal, b"q")

    assert finish(process, terminal) == 0
    assert (tmp_path / "home" / "studyapp.db").exists()
    assert not (tmp_path / "home" / "studyapp.db-wal").exists()  # closed, not dropped


def test_a_database_that_cannot_be_used_ends_in_code_three_with_its_sentence(tmp_path: Path) -> None:
    (tmp_path / "studyapp.db").write_bytes(b"no database" * 400)
    process, terminal = start(tmp_path)
    read_until(terminal, b"try again")
    os.write(terminal, b"q")

    assert finish(process, terminal) == 3
    assert (tmp_path / "studyapp.db").read_bytes() == b"no database" * 400


def test_without_a_terminal_today_is_said_in_lines(tmp_path: Path) -> None:
    environment = {**os.environ, "STUDYAPP_HOME": str(tmp_path / "home")}
    done = subprocess.run(
        [sys.executable, "-c", RUN],
        capture_output=True,
        text=True,
        env=environment,
        check=False,
        stdin=subprocess.DEVNULL,
    )

    assert done.returncode == 0, done.stderr
    assert "20 new cards, about 4 minutes; 0 later today, 0 tomorrow." in done.stdout
    assert "- Forward pass (forward-pass): after" in done.stdout
    assert "Begin with `studyapp review --plain`" in done.stdout
    assert "\x1b" not in done.stdout


def test_the_first_frame_waits_for_no_database_no_numbers_and_no_markdown() -> None:
    """A deferred import is easily undone by one more line at the top of a module; nobody would notice but everybody."""
    code = (
        "import sys, studyapp.ui.app, studyapp.ui.today\n"
        "slow = {'sqlalchemy', 'alembic', 'numpy', 'markdown_it', 'msgspec', 'engine', 'content', 'sqlite3'}\n"
        "assert not slow & set(sys.modules), slow & set(sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(("arguments", "start"), [([], "today"), (["review"], "review")])
def test_the_commonest_starts_do_not_wait_for_the_command_line_to_be_read(arguments: list[str], start: str) -> None:
    code = (
        "import sys\n"
        "from studyapp.cli import main\n"
        f"sys.argv = ['studyapp', *{arguments}]\n"
        "main.interactive = lambda: True\n"
        "main.run = lambda start: print(start, *{'click', 'textual', 'sqlite3'} & set(sys.modules))\n"
        "main.main()"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    assert (done.stdout, done.stderr) == (f"{start}\n", "")
