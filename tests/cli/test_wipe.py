"""`wipe` takes everything away that is kept about a person, and nothing by accident."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import Result

from studyapp.storage.entry import Draft
from studyapp.storage.store import Store

Shell = Callable[..., Result]


@pytest.fixture
def studied(learner: Path, shell: Shell, tmp_path: Path) -> Path:
    """The home of somebody who studied, imported a deck, made a backup and put a file of their own there."""
    shell("review", "small", lines=("", "3", "q"))
    (tmp_path / "w.csv").write_text("chat,cat\n")
    shell("import", str(tmp_path / "w.csv"))
    shell("backup")
    (learner / "decks" / "mine.md").write_text("my own")
    return learner


def files(home: Path) -> set[str]:
    return {str(path.relative_to(home)) for path in home.rglob("*") if path.is_file()}


def test_nothing_goes_without_a_yes(studied: Path, shell: Shell) -> None:
    before = files(studied)

    assert shell("wipe", lines=("n",)).exit_code == 1
    done = shell("wipe")  # a script that does not say --yes

    assert done.exit_code == 1
    assert "2 entries" in done.stderr
    assert "w.md" in done.stderr
    assert "decks/mine.md" in done.stderr
    assert files(studied) == before
    assert not list(studied.parent.glob("home-wiped-*"))


def test_where_nothing_may_be_written_a_wipe_does_not_advise_to_give_the_copy_up(
    studied: Path, shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database is sound; only the folder is locked."""
    before = files(studied)
    monkeypatch.setattr("os.access", lambda _path, mode: mode != os.W_OK)

    done = shell("wipe", "--yes")

    assert done.exit_code == 3
    assert "allow writing" in done.stderr
    assert "--without-export" not in done.stderr
    assert files(studied) == before


def test_all_that_the_program_made_goes_and_comes_back_from_the_copy(studied: Path, shell: Shell) -> None:
    history = shell("history", "--json").stdout

    done = shell("wipe", lines=("y",))

    assert done.exit_code == 0, done.stderr
    assert files(studied) == {"decks/mine.md"}
    (copy,) = studied.parent.glob("home-wiped-*")
    assert {name for name in files(copy) if not name.startswith("imports/")} == {
        "studyapp.db", "config.toml", "decks/w.md",
    }  # fmt: skip
    assert {path.stat().st_mode & 0o077 for path in (copy, *copy.rglob("*"))} == {0}
    assert "config.toml, decks, imports you copy back yourself" in done.stderr
    back = done.stderr.strip().rpartition("studyapp ")[2].split()
    assert shell(*back).exit_code == 0
    assert json.loads(shell("history", "--json").stdout) == json.loads(history)


def test_what_a_copy_brings_back_can_be_undone_under_another_name(studied: Path, shell: Shell) -> None:
    shell("wipe", "--yes")
    (copy,) = studied.parent.glob("home-wiped-*")
    shell("restore", str(copy / "studyapp.db"))
    shutil.copytree(copy / "imports", studied / "imports")
    shutil.copytree(copy / "decks", studied / "decks", dirs_exist_ok=True)
    shutil.copy(copy / "config.toml", studied)

    done = shell("undo")

    assert "Import of 1 new card" in done.stdout, done.stderr
    assert not (studied / "decks" / "w.md").exists()
    assert "Good of" in shell("undo").stdout
    assert shell("undo").exit_code == 1
    with Store.open(studied / "studyapp.db") as store:
        numbers = [(entry.device, entry.seq) for entry in store.journal.entries()]
    assert len({device for device, _ in numbers}) == 2
    assert len(set(numbers)) == len(numbers)


def test_without_a_copy_nothing_stays_anywhere(studied: Path, shell: Shell) -> None:
    (studied / "decks" / "mine.md").unlink()
    around = {path.name for path in studied.parent.iterdir()} - {"home"}

    done = shell("wipe", "--without-export", "--yes")

    assert done.exit_code == 0
    assert "cannot be undone" in done.stderr
    assert {path.name for path in studied.parent.iterdir()} == around
    assert shell("wipe", "--yes").exit_code == 1, "there is nothing left"


def test_what_cannot_be_copied_is_not_deleted(studied: Path, shell: Shell, tmp_path: Path) -> None:
    before = files(studied)
    (tmp_path / "there").mkdir()
    assert shell("wipe", "--yes", "--export", str(tmp_path / "there")).exit_code == 3
    assert shell("wipe", "--yes", "--export", str(studied / "inside")).exit_code == 1
    assert files(studied) >= before

    database = studied / "studyapp.db"
    with closing(sqlite3.connect(database, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        locked = shell("wipe", "--yes", "--without-export")
        assert locked.exit_code == 3
        assert "another window has it open" in locked.stderr
        assert files(studied) >= before
        other.execute("ROLLBACK")

    with Store.open(database) as window:  # somebody is looking at Today
        window.journal.entries()
        assert shell("wipe", "--yes").exit_code == 3
        assert not list(studied.parent.glob("home-wiped-*"))
        window.journal.append(Draft(5, "small/delta", "note"))
        assert files(studied) >= before

    database.write_bytes(b"SQLite format 3\x00 torn")
    torn = shell("wipe", "--yes")
    assert torn.exit_code == 3
    assert "--salvage" in torn.stderr
    assert database.exists()
    assert shell("wipe", "--yes", "--without-export").exit_code == 0
    assert not database.exists()
