"""An import that is killed on its way is done or not done; the next start knows which, and undo with it."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from studyapp.memory.model import Grade
from studyapp.storage.errors import DiskFull
from studyapp.study.desk import Desk

Bring = Callable[..., Any]
START = Callable[[], Desk]

KILLED = """
import os, signal, sys
from pathlib import Path
from studyapp.interop import bringing, tabling
from studyapp.storage.catalogue import Catalogue
from studyapp.storage.journal import Journal
from studyapp.study import importing
from studyapp.study.desk import Desk

def killed(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)

def killed_after(owner, name):
    work = getattr(owner, name)
    def run(*values, **named):
        work(*values, **named)
        killed()
    setattr(owner, name, run)

point = sys.argv[2]
with Desk.open(Path(sys.argv[1]), with_bundled=False) as desk:
    plan = tabling.look(desk, sys.argv[3].encode(), name="w")
    match point:
        case "texts": importing._note = killed
        case "note": killed_after(importing, "_note")
        case "catalogue": killed_after(Catalogue, "replace_deck")
        case "append": Journal.append = killed
        case "journal": killed_after(Journal, "append")
        case "places": killed_after(importing, "_take_places")
        case "settings": killed_after(importing, "_follow")
    bringing.bring(desk, plan, file="w.tsv")
"""
DONE = ("journal", "places", "settings")


def kill(home: Path, point: str, table: str) -> None:
    done = subprocess.run([sys.executable, "-c", KILLED, home, point, table], check=False, capture_output=True)
    assert done.returncode == -9, done.stderr


def words(desk: Desk) -> dict[str, str]:
    return {item.card.front: item.card.back for item in desk.library.items()}


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals kill")
@pytest.mark.parametrize("point", ["texts", "note", "catalogue", "append", *DONE])
def test_a_new_deck_is_there_with_its_undo_or_not_at_all(
    tmp_path: Path, open_desk: START, bring: Bring, point: str
) -> None:
    home = tmp_path / "home"
    open_desk().close()
    kill(home, point, "a\t1\nb\t2\n")

    desk = open_desk()

    assert words(desk) == ({"a": "1", "b": "2"} if point in DONE else {})
    assert desk.problems == ()
    undone = desk.undo()
    assert (undone is not None) is (point in DONE)
    assert words(desk) == {}
    assert not (home / "decks" / "w.md").exists()
    if undone is not None:
        assert desk.redo() is not None
        assert words(open_desk()) == {"a": "1", "b": "2"}
    plan, _ = bring(open_desk(), "a\t1\nb\t2\nc\t3\n", name="w")
    assert (plan.new, plan.same) == ((1, 2) if point in DONE else (3, 0))
    assert words(open_desk()) == {"a": "1", "b": "2", "c": "3"}


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals kill")
@pytest.mark.parametrize("point", ["note", "append", *DONE])
def test_a_deck_that_was_there_says_what_was_or_what_came_and_keeps_its_progress(
    tmp_path: Path, open_desk: START, bring: Bring, point: str
) -> None:
    home = tmp_path / "home"
    desk = open_desk()
    bring(desk, "a\t1\n", name="w")
    desk.review(["w"]).grade(Grade.EASY)
    before = (home / "decks" / "w.md").read_bytes()
    desk.close()
    kill(home, point, "a\tone\nb\t2\n")

    desk = open_desk()

    assert words(desk) == ({"a": "one", "b": "2"} if point in DONE else {"a": "1"})
    assert desk.store.journal.state("w/a").reps == 1
    undone = desk.undo()
    assert undone is not None
    assert undone.words.startswith("Import of 1 new card and 1 changed" if point in DONE else "Easy of")
    assert (home / "decks" / "w.md").read_bytes() == before


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals kill")
def test_what_a_killed_import_leaves_is_no_deck_and_goes_when_nobody_can_be_at_it_any_more(
    tmp_path: Path, open_desk: START
) -> None:
    home = tmp_path / "home"
    open_desk().close()
    kill(home, "catalogue", "a\t1\n")
    left = [*(home / "decks").iterdir(), *(home / "imports").glob("unfinished-*")]
    assert len(left) == 2

    open_desk().close()
    assert all(one.exists() for one in left), "another window may be just at it"
    for one in left:
        os.utime(one, (time.time() - 7_200,) * 2)
    open_desk()

    assert not any(one.exists() for one in left)


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals kill")
def test_an_import_that_stopped_half_way_is_taken_back_and_done_again_in_a_window_that_is_open(
    tmp_path: Path, open_desk: START
) -> None:
    desk = open_desk()
    kill(tmp_path / "home", "journal", "a\t1\n")

    assert desk.undo() is not None
    assert words(desk) == {}
    assert desk.redo() is not None
    assert words(desk) == {"a": "1"}


def test_a_text_that_cannot_take_its_place_leaves_everything_as_it_was(
    desk: Desk, bring: Bring, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring(desk, "a\t1\n", name="w")
    before = (desk.home / "decks" / "w.md").read_bytes()

    really = Path.replace

    def refuse(self: Path, target: Path) -> None:
        if target.name == "w.md" and b"one" in self.read_bytes():
            raise PermissionError(13, "Permission denied", str(target))
        really(self, target)

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(Exception, match="Permission denied"):
        bring(desk, "a\tone\n", name="w")

    assert (desk.home / "decks" / "w.md").read_bytes() == before
    assert words(desk) == {"a": "1"}
    assert [one.name for one in (desk.home / "decks").iterdir()] == ["w.md"]
    assert desk.undo().words == "Import of 1 new card into w taken back"


def test_where_the_journal_cannot_be_written_nothing_came_in(
    desk: Desk, bring: Bring, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: object) -> None:
        raise DiskFull("the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(desk.store.journal, "append", refuse)
        with pytest.raises(DiskFull):
            bring(desk, "a\t1\n", name="w")

    assert words(desk) == {}
    assert list((desk.home / "decks").iterdir()) == []
    assert list((desk.home / "imports").glob("unfinished-*")) == []
    bring(desk, "a\t1\n", name="w")
    assert words(desk) == {"a": "1"}


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals kill")
def test_an_import_that_cannot_be_finished_now_keeps_nobody_from_studying(
    tmp_path: Path, open_desk: START, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_desk().close()
    kill(tmp_path / "home", "journal", "a\t1\n")

    def refuse(self: Path, _: Path) -> None:
        raise PermissionError(13, "Permission denied", str(self))

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", refuse)
        assert words(open_desk()) == {}
    assert words(open_desk()) == {"a": "1"}
