"""The doctor finds what is wrong, says it, and mends what can be mended."""

import random
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from studyapp.storage import doctor
from studyapp.storage.entry import Draft, Entry
from studyapp.storage.errors import Damaged, StorageError
from studyapp.storage.salvage import salvage
from studyapp.storage.schema import TRIGGERS
from studyapp.storage.store import Store

Review = Callable[..., Draft]


@pytest.fixture
def history(path: Path, review: Review, shelve: Callable[..., None], store: Store) -> Path:
    """A closed database with a deck and some weeks."""
    shelve("d", "a", "b", "c")
    for day in range(30):
        store.journal.append(review(f"d/{'ab'[day % 2]}", day=day, grade=1 + day % 4))
    store.journal.undo()
    store.close()
    return path


def tamper(path: Path, statement: str) -> None:
    """Change the file behind the program's back."""
    connection = sqlite3.connect(path)
    connection.execute(statement)
    connection.commit()
    connection.close()


def test_a_healthy_database_has_nothing_to_mend(history: Path) -> None:
    report = doctor.examine(history)

    assert report.problems == ()
    assert "31 entries of 1 device" in " ".join(finding.what for finding in report.findings)


@pytest.mark.parametrize(
    ("statement", "word"),
    [
        ("UPDATE memory SET due_day = due_day + 1 WHERE item = 'd/a'", "d/a"),
        ("UPDATE memory SET stability = stability * 1.01 WHERE item = 'd/b'", "d/b"),
        ("DELETE FROM memory WHERE item = 'd/c'", "d/c"),
        ("UPDATE day SET reviews = reviews + 1 WHERE day = 3", "day 3"),
        ("DELETE FROM day WHERE day = 4", "day 4"),
        ("UPDATE memory SET position = 9 WHERE item = 'd/a'", "queue"),
        ("INSERT INTO memory (item, last_entry) VALUES ('ghost', x'00112233445566778899aabbccddeeff')", "ghost"),
        ("INSERT INTO search (search, rowid, text) VALUES ('delete', 1, 'text of a')", "search"),
    ],
)
def test_a_cache_that_drifted_is_found_named_and_mended(history: Path, statement: str, word: str) -> None:
    tamper(history, statement)

    problems = doctor.examine(history).problems

    assert len(problems) == 1
    assert word in problems[0].what
    assert "--rebuild" in problems[0].remedy
    doctor.rebuild(history)
    assert doctor.examine(history).problems == ()


def test_a_copy_that_differs_from_its_entry_is_found_and_made_again(history: Path) -> None:
    tamper(history, "DROP TRIGGER journal_no_update")
    tamper(history, "UPDATE journal SET event = zeroblob(34) WHERE n = 7")
    tamper(history, TRIGGERS[0])

    assert any("1 copies" in problem.what for problem in doctor.examine(history).problems)
    doctor.rebuild(history)
    assert doctor.examine(history).problems == ()


def test_a_trigger_that_somebody_planted_in_a_backup_is_named(history: Path) -> None:
    """It would act with every answer; a database from elsewhere is the way one comes in."""
    tamper(history, "CREATE TRIGGER planted AFTER INSERT ON journal BEGIN DELETE FROM day; END")

    assert ["planted" in problem.what for problem in doctor.examine(history).problems] == [True]


def test_each_kind_of_trouble_has_its_own_remedy(history: Path) -> None:
    """A backup does not help against a newer version's database."""
    tamper(history, "PRAGMA user_version = 9999")
    assert "restore" not in doctor.examine(history).problems[0].remedy
    assert "update studyapp" in doctor.examine(history).problems[0].remedy

    history.write_bytes(b"no database")
    assert "restore" in doctor.examine(history).problems[0].remedy


def test_entries_that_did_not_arrive_are_missed(store: Store, review: Review) -> None:
    foreign = [Entry(f"0000000{n}-0000-7000-8000-000000000000", "tablet99", n, n, "d/a", "note") for n in (1, 2, 5)]
    store.journal.merge(foreign)

    report = doctor.examine(store.path)

    assert [note.what.partition(" are ")[0] for note in report.findings if note.note] == [
        "2 entries of device tablet99"
    ]
    assert report.problems == (), "nothing here can bring them back"


def test_a_clock_that_was_ahead_is_a_note_and_no_fault(store: Store, review: Review) -> None:
    store.journal.append(review("d/a", day=80_000))

    report = doctor.examine(store.path)

    assert ["clock" in finding.what for finding in report.findings if finding.note] == [True]
    assert report.problems == ()


def test_a_copied_machine_is_noticed(store: Store) -> None:
    twins = [Entry(f"0000000{n}-0000-7000-8000-000000000000", "tablet99", 1, n, "d/a", "note") for n in (1, 2)]
    store.journal.merge(twins)

    assert any("tablet99 has 1 numbers twice" in finding.what for finding in doctor.examine(store.path).findings)
    assert not doctor.examine(store.path).problems, "another machine's affair"

    own = [Entry(f"000000{n}0-0000-7000-8000-000000000000", store.journal.device, 1, n, "d/a", "note") for n in (1, 2)]
    store.journal.merge(own)
    assert "delete the file `device`" in doctor.examine(store.path).problems[0].remedy


def test_a_journal_without_its_guards_is_reported(history: Path) -> None:
    tamper(history, "DROP TRIGGER journal_no_delete")

    assert "journal_no_delete" in doctor.examine(history).problems[0].what


def test_looking_at_a_damaged_or_missing_file_is_no_crash(path: Path, history: Path, tmp_path: Path) -> None:
    content = history.read_bytes()
    history.write_bytes(content[: len(content) // 2])
    assert "cut off" in doctor.examine(history).problems[0].what
    history.write_bytes(content[:8_192] + b"\x00" * 20_480 + content[28_672:])
    assert doctor.examine(history).problems
    assert doctor.examine(tmp_path / "none.db").problems == ()
    assert not (tmp_path / "none.db").exists()


@pytest.mark.parametrize("seed", range(6))
def test_most_of_a_damaged_journal_is_saved_and_the_rest_is_counted(tmp_path: Path, review: Review, seed: int) -> None:
    path = tmp_path / "old" / "studyapp.db"
    with Store.open(path) as store:
        recorded = store.journal.append_many(
            [review(f"d/{number % 40}", day=number // 40, answer="x" * 300) for number in range(3_000)], together=False
        )
    written = {one.entry.id for one in recorded}
    damage(path, random.Random(seed), pages=3)

    saved = salvage(path, tmp_path / "new" / "studyapp.db")

    with Store.open(saved.path) as store:
        entries = {entry.id for entry in store.journal.entries()}
        assert entries <= written
        assert len(entries) == saved.saved
        assert not saved.exact or saved.saved + saved.lost == 3_000
        assert saved.saved > 2_500
        assert store.journal.state("d/1").reps > 0


def damage(path: Path, rng: random.Random, pages: int) -> None:
    """Overwrite some pages, but never the first."""
    count = path.stat().st_size // 4_096
    with path.open("rb+") as file:
        for page in rng.sample(range(8, count), pages):
            file.seek(page * 4_096)
            file.write(rng.randbytes(4_096))


def test_a_file_that_was_cut_off_gives_what_is_left(tmp_path: Path, review: Review) -> None:
    path = tmp_path / "old" / "studyapp.db"
    with Store.open(path) as store:
        store.journal.append_many([review(f"d/{n % 9}", day=n, answer="x" * 300) for n in range(1_000)], together=False)
    with path.open("rb+") as file:
        file.truncate(path.stat().st_size * 2 // 3)

    saved = salvage(path, tmp_path / "new" / "studyapp.db")

    assert 300 < saved.saved < 1_000
    assert doctor.examine(saved.path).problems == ()


def test_where_the_database_is_gone_the_newest_backup_is_named(history: Path) -> None:
    history.unlink()

    first, note = doctor.examine(history).findings

    assert "no database yet" in first.what
    assert "`studyapp restore 1` brings it back" in note.what


def test_a_file_without_its_beginning_is_named_as_it_was_given(tmp_path: Path) -> None:
    torn = tmp_path / "torn.db"
    torn.write_bytes(b"Dear diary, " * 50)

    with pytest.raises(Damaged, match=r"torn\.db: the beginning of the file is gone"):
        salvage(torn, tmp_path / "new.db")


def test_salvage_never_writes_over_a_file(history: Path, tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="name another"):
        salvage(history, history)
