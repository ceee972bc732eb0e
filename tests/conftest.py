"""A clock that tests move, and a PostgreSQL server of our own, skipped where there are no binaries."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path

import pytest


class FakeClock:
    """A clock that moves when it is told to."""

    def __init__(self) -> None:
        self.at = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

    def now(self) -> int:
        return int(self.at.timestamp() * 1000)

    def zone(self) -> tzinfo:
        return UTC

    def on(self, **delta: float) -> None:
        self.at += timedelta(**delta)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


def _binaries() -> Path | None:
    """TEST_PG_BIN, or the newest folder with initdb and pg_ctl; Debian keeps them off PATH."""
    if chosen := os.environ.get("TEST_PG_BIN"):
        return Path(chosen)
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: path.parts[-3].zfill(4))
    on_path = shutil.which("initdb")
    candidates = [*found[::-1], *([Path(on_path)] if on_path else [])]
    return next((path.parent for path in candidates if (path.parent / "pg_ctl").exists()), None)


@contextmanager
def postgres_server() -> Iterator[str]:
    """A server on a local socket in a folder of its own; its superuser's URL. Raises: LookupError without binaries.

    PostgreSQL refuses to run as root, so then everything runs as the user `postgres`.
    """
    binaries = _binaries()
    if binaries is None:
        raise LookupError("no PostgreSQL server here (Debian: apt-get install postgresql)")
    base = Path(tempfile.mkdtemp(prefix="pg"))  # short: a socket's path has room for some 100 bytes
    who: dict[str, object] = {}
    if os.getuid() == 0:
        import pwd  # not on Windows

        account = pwd.getpwnam("postgres")
        os.chown(base, account.pw_uid, account.pw_gid)
        who = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}

    def run(*command: object) -> None:
        with (base / "out").open("ab") as out:  # a pipe would stay open in the server
            done = subprocess.run(
                [str(part) for part in command], cwd=base, stdout=out, stderr=out, check=False,
                env={**os.environ, "LC_ALL": "C"}, **who,
            )  # fmt: skip
        assert done.returncode == 0, (base / "out").read_text(errors="replace")

    data = base / "d"
    try:
        run(binaries / "initdb", "-D", data, "-U", "app", "-A", "trust", "-E", "UTF8", "--no-sync")
        options = f"-k {base} -c listen_addresses='' -c fsync=off -c synchronous_commit=off -c log_statement=all"
        run(binaries / "pg_ctl", "-D", data, "-w", "-l", base / "log", "-o", options, "start")
        try:
            yield f"postgresql+psycopg://app@/postgres?host={base}"
        finally:
            run(binaries / "pg_ctl", "-D", data, "-m", "immediate", "stop")
    finally:
        shutil.rmtree(base, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The URL of a superuser on a server of our own; TEST_PG_URL names another."""
    if given := os.environ.get("TEST_PG_URL"):
        yield given
        return
    pytest.importorskip("psycopg", reason="psycopg is not installed")
    if _binaries() is None:
        pytest.skip("no PostgreSQL server here (Debian: apt-get install postgresql)")
    with postgres_server() as url:
        yield url
