"""A program run in a pseudo-terminal and watched from outside: when does it show what, and how long after a key."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import termios
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

COLUMNS, ROWS = 80, 24
PATIENCE = 60.0
"""Seconds until a sign that does not come counts as never coming."""
KEPT_OUT = ("COLUMNS", "LINES", "NO_COLOR", "PYTHONDONTWRITEBYTECODE", "PYTHONPYCACHEPREFIX")
"""Variables of whoever measures that would change what is measured: an installed program has its byte-code."""


def environment(added: Mapping[str, str]) -> dict[str, str]:
    """The variables of a program that is measured."""
    return {**{name: value for name, value in os.environ.items() if name not in KEPT_OUT}, **added}


class Terminal:
    """A running program and everything that it has written. Use it in a `with` block."""

    def __init__(self, command: Sequence[str], variables: Mapping[str, str], folder: Path) -> None:
        """Start the program now, with a terminal of 80 columns and 24 rows for all its streams."""
        self._end, inner = pty.openpty()
        fcntl.ioctl(inner, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
        self.seen = bytearray()
        self.begun = time.perf_counter()
        self._process = subprocess.Popen(
            command,
            stdin=inner,
            stdout=inner,
            stderr=inner,
            cwd=folder,
            env=environment({"TERM": "xterm-256color", **variables}),
            start_new_session=True,
        )
        os.close(inner)

    def __enter__(self) -> Terminal:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()
        os.close(self._end)

    def wait(self, sign: bytes, since: int = 0) -> tuple[float, bytes]:
        """Read until the pattern `sign` stands in what was written from the byte `since` on.

        Returns: when it was read (perf_counter), and what matched. Raises: TimeoutError with what was written.
        """
        pattern = re.compile(sign)
        until = time.perf_counter() + PATIENCE
        while True:
            if found := pattern.search(self.seen, since):
                return time.perf_counter(), found.group()
            ready, _, _ = select.select([self._end], [], [], max(0.0, until - time.perf_counter()))
            if not ready:
                raise TimeoutError(f"{sign!r} never came; the end of what was written: {bytes(self.seen[-2_000:])!r}")
            try:
                chunk = os.read(self._end, 65_536)
            except OSError:
                chunk = b""
            if not chunk:
                raise EOFError(f"the program ended before {sign!r}: {bytes(self.seen[-2_000:])!r}")
            self.seen += chunk

    def rest(self, seconds: float) -> None:
        """Go on reading for a while, as a person reads before the next key."""
        until = time.perf_counter() + seconds
        while (left := until - time.perf_counter()) > 0:
            if select.select([self._end], [], [], left)[0]:
                try:
                    self.seen += os.read(self._end, 65_536)
                except OSError:
                    return

    def press(self, keys: bytes) -> tuple[int, float]:
        """Press keys. Returns: how much was written before, and when they were pressed."""
        place, now = len(self.seen), time.perf_counter()
        os.write(self._end, keys)
        return place, now

    def ended(self, seconds: float = 10.0) -> bool:
        """Whether the program ends by itself within some seconds."""
        until = time.perf_counter() + seconds
        while time.perf_counter() < until and self._process.poll() is None:
            self.rest(0.02)
        return self._process.poll() is not None

    def processor_ms(self) -> float | None:
        """How long the program has had a processor until now: the figure to compare on a machine that others use."""
        try:
            threads = list(Path(f"/proc/{self._process.pid}/task").iterdir())
            return sum(int((one / "schedstat").read_text(encoding="ascii").split()[0]) for one in threads) / 1e6
        except OSError:  # not Linux, or a thread has just ended
            return None

    def peak_mb(self) -> float | None:
        """The peak of the program's memory until now."""
        return peak_mb(self._process.pid)


def peak_mb(process: int | str = "self") -> float | None:
    """Peak resident memory of a process in MB, by the kernel's own mark (`ru_maxrss` counts the parent's as well)."""
    try:
        status = Path(f"/proc/{process}/status").read_text(encoding="ascii")
    except OSError:
        return None
    found = re.search(r"VmHWM:\s+(\d+)", status)
    return int(found[1]) / 1_024 if found else None
