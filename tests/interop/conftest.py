"""A desk without decks, on a fixed day, and an import as the command line does it."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path

import pytest

from studyapp.interop import bringing, tabling
from studyapp.interop.bringing import Brought
from studyapp.interop.planning import Preview
from studyapp.study.desk import Desk

Bring = Callable[..., tuple[Preview, Brought]]


class FakeClock:
    """A clock that moves a second with every look."""

    def __init__(self) -> None:
        self.at = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

    def now(self) -> int:
        self.at += timedelta(seconds=1)
        return int(self.at.timestamp() * 1000)

    def zone(self) -> tzinfo:
        return UTC


@pytest.fixture
def open_desk(tmp_path: Path) -> Iterator[Callable[[], Desk]]:
    """Open the desk; a second call stands for the next start of the program."""
    opened: list[Desk] = []

    def start() -> Desk:
        for desk in opened:
            desk.close()
        opened[:] = [Desk.open(tmp_path / "home", FakeClock(), with_bundled=False)]
        return opened[0]

    yield start
    for desk in opened:
        desk.close()


@pytest.fixture
def desk(open_desk: Callable[[], Desk]) -> Desk:
    return open_desk()


@pytest.fixture
def bring() -> Bring:
    """Import a file's text or bytes."""

    def run(desk: Desk, data: str | bytes, name: str = "words", **options: str) -> tuple[Preview, Brought]:
        content = data.encode() if isinstance(data, str) else data
        plan = tabling.look(desk, content, name=name, **options)
        return plan, bringing.bring(desk, plan, file=f"{name}.tsv")

    return run
