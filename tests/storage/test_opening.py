"""A file that cannot be used is named in a sentence and stays as it is."""

import os
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from studyapp.storage import backup, doctor, places
from studyapp.storage.entry import Draft
from studyapp.storage.errors import (
    Damaged,
    DiskFull,
    Locked,
    NotOurs,
    StorageError,
    TooNew,
    Unreadable,
)
from studyapp.storage.glance import glance
from studyapp.storage.store import Store

Review = Callable[..., Draft]


def fill(path: Path, review: Review, count: int = 50) -> None:
    """A closed database with some history."""
    with Store.open(path) as store:
        store.journal.append_many([review(f"d/{number}", answer="x" * 200) for number in range(count)])


def spoil(path: Path, how: str) -> None:
    """Do to the file what happens to files."""
    match how:
        case "cut":
            with path.open("rb+") as file:
                file.truncate(path.stat().st_size // 2)
        case "cut-in-header":
            with path.open("rb+") as file:
                file.truncate(50)
        case "garbage":
            path.write_bytes(b"Dear diary, " * 1_000)
        case "newer":
            connection = sqlite3.connect(path)
            connection.execute("PRAGMA user_version=999")
            connection.commit()
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.close()
        case "other":
            path.unlink()
            connection = sqlite3.connect(path)
            connection.execute("CREATE TABLE recipes (name TEXT)")
            connection.commit()
            connection.close()


@pytest.mark.parametrize(
    ("how", "error", "sentence"),
    [
        ("cut", Damaged, "cut off"),
        ("cut-in-header", Damaged, "no database"),
        ("garbage", Damaged, "no database"),
        ("newer", TooNew, "update studyapp"),
        ("other", NotOurs, "another program"),
    ],
)
def test_a_file_that_cannot_be_used_is_left_as_it_is(
    path: Path, review: Review, how: str, error: type[StorageError], sentence: str
) -> None:
    fill(path, review)
    spoil(path, how)
    before = {each.name: each.read_bytes() for each in path.parent.iterdir() if each.is_file()}

    with pytest.raises(error, match=sentence) as caught:
        Store.open(path)
    with pytest.raises(error):
        glance(path, today=1, now_ms=1, next_day_at=2)

    assert str(path) in str(caught.value)
    assert {each.name: each.read_bytes() for each in path.parent.iterdir() if each.is_file()} == before


def test_overwritten_pages_are_reported_when_they_are_met(path: Path, review: Review) -> None:
    fill(path, review, 400)
    with path.open("rb+") as file:
        file.seek(3 * 4096)
        file.write(os.urandom(path.stat().st_size - 6 * 4096))

    with pytest.raises(Damaged, match="doctor"), Store.open(path) as store:
        store.journal.entries()


def test_a_folder_in_the_place_of_the_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "studyapp.db").mkdir()

    with pytest.raises(Unreadable, match=r"studyapp\.db"):
        Store.open(tmp_path / "studyapp.db")


def test_another_program_that_holds_the_file_is_waited_for_and_then_named(path: Path, review: Review) -> None:
    fill(path, review)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        with Store.open(path, busy_ms=20) as store:
            assert store.journal.state("d/1").reps == 1, "reading never waits"
            with pytest.raises(Locked, match="another program"):
                store.journal.append(review("d/1"))
            other.execute("ROLLBACK")
            assert store.journal.append(review("d/1")).state.reps == 2
    finally:
        other.close()


def test_a_grade_that_finds_no_room_is_refused_whole_and_the_next_try_works(store: Store, review: Review) -> None:
    with store.database.raw() as connection:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count={pages}")
    written = []

    def go_on() -> None:
        for number in range(1_000):
            written.append(store.journal.append(review("d/a", day=number, answer="x" * 900)))

    with pytest.raises(DiskFull, match="make room"):
        go_on()
    assert store.journal.state("d/a") == written[-1].state
    assert store.statistics.days()[-1].day == written[-1].entry.day

    with store.database.raw() as connection:
        connection.execute("PRAGMA max_page_count=1000000")
    assert store.journal.append(review("d/a", day=2_000)).state.reps == len(written) + 1
    assert [entry.seq for entry in store.journal.entries()] == list(range(1, len(written) + 2))


READ_ONLY = """
import os, sys, tempfile
from pathlib import Path
from studyapp.storage.entry import Draft
from studyapp.storage.errors import StorageError
from studyapp.storage.store import Store
with tempfile.TemporaryDirectory() as folder:
    Store.open(Path(folder) / "s.db").close()  # everything is imported while it may be
if len(sys.argv) > 2:
    os.setuid(int(sys.argv[2]))  # root may write anywhere: be somebody else
try:
    with Store.open(Path(sys.argv[1])) as store:
        print(store.journal.state("d/1").reps, flush=True)
        store.journal.append(Draft(1, "d/1", "review", 3, 1, {"day": 1, "due_day": 2}))
except StorageError as error:
    print(type(error).__name__, error)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX permissions")
@pytest.mark.parametrize("what", ["folder", "file"])
def test_a_place_without_permission_to_write_is_named(path: Path, review: Review, what: str) -> None:
    fill(path, review)
    content = path.read_bytes()
    target = path if what == "file" else path.parent
    target.chmod(0o444 if what == "file" else 0o555)
    somebody: list[str] = []
    if os.getuid() == 0:
        somebody = ["65534"]
        for each in (path.parent, *path.parent.iterdir()):
            os.chown(each, 65_534, 65_534)
        for parent in path.parents[1:]:
            if not parent.stat().st_mode & 0o001:  # pytest's own folders are for one user
                parent.chmod(parent.stat().st_mode | 0o011)
    try:
        done = subprocess.run(
            [sys.executable, "-c", READ_ONLY, str(path), *somebody],
            cwd=Path(__file__).parents[2],
            capture_output=True,
            text=True,
            check=False,
        )
    finally:
        target.chmod(0o700)
    assert done.stdout.split()[0] in ("ReadOnly", "Unreadable"), done.stdout + done.stderr
    assert str(path.parent) in done.stdout
    assert path.read_bytes() == content


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX permissions")
def test_what_one_learned_is_nobody_elses_business(path: Path, review: Review) -> None:
    with Store.open(path) as store:
        store.journal.append(review("d/1"))
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
        for each in path.parent.iterdir():
            assert stat.S_IMODE(each.stat().st_mode) == 0o600, each


def test_a_closed_database_is_one_file(path: Path, review: Review) -> None:
    fill(path, review)

    assert sorted(each.name for each in path.parent.iterdir() if each.is_file()) == ["device", "studyapp.db"]


def test_the_settings_that_keep_a_grade_on_disk_are_on(store: Store) -> None:
    with store.database.raw() as connection:
        settings = {
            name: connection.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout", "recursive_triggers")
        }
    assert settings == {
        "journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 5_000, "recursive_triggers": 1,
    }  # fmt: skip


def test_the_log_is_shortened_between_answers_and_not_within_one(store: Store, review: Review) -> None:
    for number in range(300):
        store.journal.append(review(f"d/{number}"))
    log = store.path.with_name("studyapp.db-wal")
    before = log.stat().st_size

    assert store.idle()
    assert not store.idle(), "there is nothing to do a second time"
    store.journal.append(review("d/1"))

    assert log.stat().st_size == before, "the log begins again at its start"


@pytest.mark.parametrize(
    ("folder", "word"),
    [("Dropbox/x", "Dropbox"), ("OneDrive - Work/x", "OneDrive"), ("Library/Mobile Documents/x", "Mobile Documents")],
)
def test_a_folder_that_something_else_copies_is_warned_of(tmp_path: Path, folder: str, word: str) -> None:
    warning = places.warning(tmp_path / folder / "studyapp.db")

    assert warning is not None
    assert word in warning
    assert "STUDYAPP_HOME" in warning


def test_a_syncthing_folder_and_a_network_disk_are_warned_of(tmp_path: Path) -> None:
    assert places.warning(tmp_path / "studyapp.db") is None
    mounts = f"/dev/sda1 / ext4 rw 0 0\nserver:/x {tmp_path} nfs4 rw 0 0\n"
    assert "network" in (places.warning(tmp_path / "sub" / "studyapp.db", mounts) or "")
    (tmp_path / ".stfolder").mkdir()
    assert ".stfolder" in (places.warning(tmp_path / "sub" / "studyapp.db") or "")


def test_the_home_folder_can_be_chosen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STUDYAPP_HOME", str(tmp_path / "here"))

    with Store.open() as store:
        assert store.path == tmp_path / "here" / "studyapp.db"


def test_a_first_look_loads_neither_sqlalchemy_nor_a_screen() -> None:
    code = (
        "import sys, studyapp.storage.glance\n"
        "slow = {'sqlalchemy', 'alembic', 'textual', 'numpy', 'platformdirs'} & set(sys.modules)\n"
        "assert not slow, slow"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr


def test_opening_a_present_database_does_not_load_alembic(path: Path, review: Review) -> None:
    fill(path, review)
    code = (
        "import sys; from pathlib import Path; from studyapp.storage.store import Store\n"
        f"Store.open(Path({str(path)!r})).close(); assert 'alembic' not in sys.modules"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr


@pytest.mark.skipif(os.name == "nt", reason="Windows lets nobody move a file that is open")
def test_nothing_is_written_into_a_file_that_was_moved_away_or_replaced(path: Path, review: Review) -> None:
    with Store.open(path) as store:
        store.journal.append(review("d/kept"))
        path.rename(path.with_name("elsewhere.db"))
        with pytest.raises(Unreadable, match="is not there any more"):
            store.journal.append(review("d/lost"))
        path.write_bytes(b"")
        with pytest.raises(Unreadable, match="was replaced by another file"):
            store.journal.append(review("d/lost"))
        path.with_name("elsewhere.db").rename(path)
        store.journal.append(review("d/again"))
        assert [entry.item for entry in store.journal.entries()] == ["d/kept", "d/again"]


@pytest.mark.parametrize("how", ["emptied", "blank", "emptied, with a log", "gone, with a log"])
def test_a_file_that_lost_everything_is_not_taken_for_a_first_start(path: Path, review: Review, how: str) -> None:
    fill(path, review)  # leaves a backup behind
    log = path.with_name(path.name + "-wal")
    path.write_bytes(b"")
    if how == "blank":  # a database without a table
        connection = sqlite3.connect(path)
        connection.execute("VACUUM")
        connection.close()
        assert path.stat().st_size
    if "log" in how:
        log.write_bytes(b"what was written last")
    if "gone" in how:
        path.unlink()
    before = {each.name: each.read_bytes() for each in path.parent.iterdir() if each.is_file()}

    with pytest.raises(Damaged, match=r"though .* `studyapp restore 1` brings back the newest backup") as caught:
        Store.open(path)
    assert str(path) in str(caught.value)
    with pytest.raises(Damaged):
        glance(path, today=10, now_ms=0, next_day_at=0)
    with pytest.raises(Damaged):
        backup.make(path)
    (told,) = doctor.examine(path).problems
    assert "restore 1" in told.remedy
    assert {each.name: each.read_bytes() for each in path.parent.iterdir() if each.is_file()} == before

    backup.restore(path, backup.backups(path)[0].path)

    with Store.open(path) as store:
        assert len(store.journal.entries()) == 50
    kept = {each.name[-7:] for each in places.backups(path).glob("damaged-*")}
    assert ("-wal" in "".join(kept)) is ("log" in how), "what the log held is kept, an empty file is not"


def test_a_first_start_that_was_cut_short_is_a_first_start(path: Path, review: Review) -> None:
    path.parent.mkdir()
    path.write_bytes(b"")

    assert glance(path, today=10, now_ms=0, next_day_at=0) is None
    fill(path, review)
