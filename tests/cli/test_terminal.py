"""The program at a real (pseudo-)terminal: when the screens open, and what plain mode does there."""

from __future__ import annotations

import os
import select
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

if sys.platform == "win32":
    pytest.skip("pseudo-terminals are POSIX", allow_module_level=True)

import fcntl
import pty
import struct
import termios

PROGRAM = """
import fcntl, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)  # so that Ctrl-C reaches the program
from studyapp.cli.main import main
main()
"""
ALTERNATE_SCREEN = b"\x1b[?1049h"


class Terminal:
    """A program on a terminal of 80 × 24."""

    def __init__(self, *arguments: str, term: str) -> None:
        self.ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        self.child = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, *arguments],
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
            env={**os.environ, "TERM": term, "PYTHONUTF8": "1", "TEXTUAL_ANIMATIONS": "none"},
        )
        os.close(theirs)
        self.heard = b""

    def wait_for(self, text: bytes) -> None:
        """Read until `text` was written (once more than before)."""
        fresh = b""
        while text not in fresh:
            piece = self._read()
            assert piece, self.heard
            fresh += piece
            self.heard += piece

    def type(self, keys: bytes) -> None:
        os.write(self.ours, keys)

    def interrupt(self) -> None:
        """Press Ctrl-C until it is heard: one that comes before the program waits for a key may go by unnoticed."""
        for _ in range(12):
            if self.child.poll() is not None:
                return
            self.type(b"\x03")
            with suppress(subprocess.TimeoutExpired):
                self.child.wait(5)

    def end(self) -> int:
        """Read until the program has ended. Returns: its exit code."""
        with suppress(OSError):  # how Linux says that the other end is closed
            while piece := self._read():
                self.heard += piece
        return self.child.wait(60)

    def _read(self) -> bytes:
        """What comes next; a program that says nothing for two minutes has failed, and must not hold up the others."""
        ready, _, _ = select.select([self.ours], [], [], 120)
        assert ready, f"nothing more came after {self.heard[-400:]!r}"
        return os.read(self.ours, 4096)


@pytest.fixture
def terminal(learner: Path) -> Iterator[Callable[..., Terminal]]:
    opened: list[Terminal] = []

    def start(*arguments: str, term: str = "xterm-256color") -> Terminal:
        opened.append(Terminal(*arguments, term=term))
        return opened[-1]

    yield start
    for one in opened:
        if one.child.poll() is None:
            one.child.kill()
            one.child.wait()
        os.close(one.ours)


@pytest.mark.parametrize("mode", [("review",), ("quiz",), ("cards", "small"), ("lesson", "small"), ("progress",)])
def test_at_a_terminal_the_screens_open(terminal: Callable[..., Terminal], mode: tuple[str, ...]) -> None:
    program = terminal(*mode)
    program.wait_for(ALTERNATE_SCREEN)


def test_a_deck_that_does_not_exist_opens_no_screen(terminal: Callable[..., Terminal], shell: Callable) -> None:
    """Before the first start the decks are looked up in their files, later in the database."""
    for _ in range(2):
        program = terminal("review", "smalll")
        assert program.end() == 1
        assert b"did you mean small?" in program.heard
        assert ALTERNATE_SCREEN not in program.heard
        shell("review", "small")


@pytest.mark.parametrize(
    ("arguments", "term"), [(("--plain",), "xterm-256color"), (("--speak",), "xterm"), ((), "dumb")]
)
def test_plain_mode_at_a_terminal_sends_no_escape(
    terminal: Callable[..., Terminal], kept: Callable, arguments: tuple[str, ...], term: str
) -> None:
    program = terminal("review", "small", *arguments, term=term)
    program.wait_for(b"Enter to see the answer:")
    program.type(b"\n")
    program.wait_for(b"Grade:")
    program.type(b"3\n")
    program.wait_for(b"Enter to see the answer:")
    program.type(b"\x04")

    assert program.end() == 0
    assert b"\x1b" not in program.heard
    assert b"Stopped; what you graded is kept." in program.heard
    assert [entry.grade for entry in kept()] == [3]


def test_ctrl_c_at_a_prompt_ends_politely(terminal: Callable[..., Terminal]) -> None:
    program = terminal("review", "small", "--plain")
    program.wait_for(b"Enter to see the answer:")
    program.interrupt()

    assert program.end() == 0
    assert b"Traceback" not in program.heard
