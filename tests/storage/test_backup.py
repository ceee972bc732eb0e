"""A backup counts only when it can be restored."""

import os
import shutil
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from studyapp.storage import backup, places
from studyapp.storage.backup import Backup
from studyapp.storage.entry import Draft
from studyapp.storage.errors import Damaged, NothingToUndo, StorageError, TooNew
from studyapp.storage.store import Store

Review = Callable[..., Draft]
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


def test_a_backup_made_while_studying_holds_everything_and_is_one_private_file(store: Store, review: Review) -> None:
    """Copying the file by hand would miss what is still in the log."""
    for number in range(30):
        store.journal.append(review(f"d/{number}"))

    made = backup.make(store.path, now=NOW)

    assert made.entries() == 30
    assert backup.backups(store.path) == (made,)
    assert (made.at, made.reason) == (NOW, "asked")
    folder = places.backups(store.path)
    assert [each.name for each in folder.iterdir()] == ["20261121T120000000Z-asked.db"]
    assert made.path.stat().st_mode & 0o777 == 0o600
    assert folder.stat().st_mode & 0o777 == 0o700


def test_a_restore_brings_back_what_was_and_keeps_what_is(store: Store, review: Review) -> None:
    store.journal.append(review("d/a"))
    old = backup.make(store.path, now=NOW)
    store.journal.append(review("d/b"))

    before = backup.restore(store.path, old.path, now=NOW + timedelta(seconds=1))

    assert [entry.item for entry in store.journal.entries()] == ["d/a"], "a window that is open sees it too"
    assert before is not None
    assert before.reason == "before-restore"
    backup.restore(store.path, before.path, now=NOW + timedelta(seconds=2))
    assert [entry.item for entry in store.journal.entries()] == ["d/a", "d/b"], "a restore is undone by another"


def test_after_a_restore_the_machine_counts_under_a_new_name(path: Path, review: Review) -> None:
    """Its numbers begin again at an earlier one; another machine may know the old ones with other contents."""
    with Store.open(path) as store:
        store.journal.append(review("d/a"))
        old = backup.make(path, now=NOW)
        first = store.journal.append(review("d/b")).entry
    backup.restore(path, old.path, now=NOW + timedelta(seconds=1))
    with Store.open(path) as store:
        second = store.journal.append(review("d/c")).entry

    assert (first.device, first.seq) != (second.device, second.seq)


def test_a_damaged_database_is_replaced_and_its_remains_are_kept(path: Path, review: Review) -> None:
    with Store.open(path) as store:
        store.journal.append(review("d/a"))
        old = backup.make(path, now=NOW)
    path.write_bytes(b"no database at all")

    assert backup.restore(path, old.path, now=NOW) is None

    with Store.open(path) as store:
        assert [entry.item for entry in store.journal.entries()] == ["d/a"]
    kept = places.backups(path) / "damaged-20261121T120000.db"
    assert kept.read_bytes() == b"no database at all"


@pytest.mark.parametrize("how", ["damaged", "newer", "missing"])
def test_a_bad_backup_is_refused_and_nothing_is_touched(store: Store, review: Review, how: str) -> None:
    store.journal.append_many([review(f"d/{number}", answer="x" * 500) for number in range(200)])
    made = backup.make(store.path, now=NOW)
    if how == "damaged":
        with made.path.open("rb+") as file:
            file.seek(8_192)
            file.write(b"\xff" * 40_000)
    elif how == "newer":
        connection = sqlite3.connect(made.path)
        connection.execute("PRAGMA user_version=99")
        connection.close()
    else:
        made.path.unlink()
    entries = store.journal.entries()

    with pytest.raises(StorageError) as caught:
        backup.restore(store.path, made.path)

    if how != "missing":
        assert isinstance(caught.value, TooNew if how == "newer" else Damaged)
    assert store.journal.entries() == entries


def test_automatic_backups_keep_their_distance(store: Store) -> None:
    assert backup.automatic(store.path, now=NOW) is not None
    assert backup.automatic(store.path, now=NOW + timedelta(minutes=29)) is None
    assert backup.automatic(store.path, now=NOW + timedelta(minutes=31)) is not None


def test_thinning_keeps_what_a_person_would_look_for() -> None:
    """All of two days, then one a day, one a week, one a month; what was asked for always."""
    made = [
        Backup(Path(f"{hours}.db"), NOW - timedelta(hours=hours), "asked" if hours == 5_000 else "auto", 1)
        for hours in range(0, 24 * 400, 4)
    ]

    dropped = set(backup.superfluous(made, NOW))
    kept = [one for one in made if one not in dropped]

    ages = [(NOW - one.at) / timedelta(days=1) for one in kept]
    assert sum(age < 2 for age in ages) == 12
    assert sum(2 <= age < 14 for age in ages) == 12
    assert sum(14 <= age < 14 + 71 for age in ages) in (10, 11)
    assert 330 < max(ages) < 366, "almost a year back"
    assert len(kept) == 12 + 12 + 10 + 9 + 1
    assert any(one.reason == "asked" for one in kept)
    assert len(set(backup.superfluous(kept, NOW))) == 0, "thinning twice changes nothing"


def test_a_file_that_is_no_backup_of_ours_is_not_listed(store: Store) -> None:
    made = backup.make(store.path, now=NOW)
    shutil.copy(made.path, made.path.with_name("holiday.db"))

    assert backup.backups(store.path) == (made,)


def test_leaving_a_session_backs_up_what_was_done_and_looking_around_does_not(path: Path, review: Review) -> None:
    with Store.open(path) as store:
        store.journal.append(review("d/a"))
    (made,) = backup.backups(path)
    assert (made.reason, made.entries()) == ("auto", 1)
    made.path.unlink()

    with Store.open(path) as store:
        store.journal.state("d/a")
    assert backup.backups(path) == ()


def test_what_a_killed_backup_left_is_cleared_away(store: Store) -> None:
    made = backup.make(store.path, now=NOW)
    old, fresh = made.path.with_name("old.part"), made.path.with_name("fresh.part")
    restoring = store.path.with_name("studyapp.part")
    log = made.path.with_name("old.part-journal")
    for part, age in (
        (old, timedelta(hours=2)),
        (fresh, timedelta(minutes=1)),
        *((one, timedelta(hours=1)) for one in (restoring, log)),
    ):
        part.write_bytes(b"half")
        when = (NOW + timedelta(hours=1) - age).timestamp()
        os.utime(part, (when, when))

    backup.make(store.path, now=NOW + timedelta(hours=1))

    assert not any(part.exists() for part in (old, restoring, log))
    assert fresh.exists(), "another program may be at it"


def test_what_a_restore_brought_back_can_be_undone_as_before(path: Path, review: Review) -> None:
    with Store.open(path) as window:
        window.journal.append(review("d/a"))
        window.journal.append(review("d/b"))
        window.journal.undo()
        saved = backup.make(path)
        window.journal.append(review("d/c"))
        backup.restore(path, saved.path)

        window.journal.redo()
        assert window.journal.state("d/b").reps == 1
        for _ in range(2):
            window.journal.undo()
        assert window.journal.state("d/a").reps == 0
        with pytest.raises(NothingToUndo):
            window.journal.undo()
        numbers = [(entry.device, entry.seq) for entry in window.journal.entries()]
        assert len(numbers) == len(set(numbers)) == 6


def test_a_backup_of_what_a_newer_program_wrote_names_the_database(path: Path, review: Review) -> None:
    with Store.open(path) as store:
        store.journal.append(review("d/a"))
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version=99")
    connection.close()

    with pytest.raises(TooNew) as caught:
        backup.make(path)

    assert str(caught.value).startswith(f"{path}: ")
