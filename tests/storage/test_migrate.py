"""An older database is brought up to date whole, or stays as it is."""

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine

from studyapp.storage import backup, doctor, migrate, replaying, schema
from studyapp.storage.entry import Draft
from studyapp.storage.errors import StorageError
from studyapp.storage.glance import glance
from studyapp.storage.migrate import SCRIPTS
from studyapp.storage.statistics import Calibration
from studyapp.storage.store import Store
from studyapp.storage.telling import listening

Review = Callable[..., Draft]

NEXT = """
import os, signal
import sqlalchemy as sa
from alembic import op
revision, down_revision = "0003", "0002"

def upgrade():
    op.add_column("journal", sa.Column("extra", sa.Text))
    with op.batch_alter_table("item") as batch:
        batch.add_column(sa.Column("extra", sa.Text))
        batch.alter_column("front", new_column_name="question")
    {trouble}
"""


def statements(path: Path) -> set[str]:
    """The schema as SQLite keeps it, without layout."""
    connection = sqlite3.connect(path)
    rows = connection.execute(
        "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'alembic%' AND name NOT LIKE 'search%'"
    ).fetchall()
    connection.close()
    return {" ".join(row[0].split()).replace("( ", "(").replace(" )", ")") for row in rows}


def newer(folder: Path, trouble: str = "pass") -> Path:
    """A folder with the released migrations and one that a coming version might bring."""
    folder.mkdir()
    for released in (SCRIPTS / "versions").glob("v*.py"):
        (folder / released.name).write_text(released.read_text())
    (folder / "v0003_next.py").write_text(NEXT.format(trouble=trouble))
    return folder


def upgrade(store: Store, versions: Path) -> None:
    """Upgrade to the coming version."""
    migrate.migrate(store.database, version=3, revisions={**schema.REVISIONS, 3: "0003"}, versions=versions)


def test_a_fresh_database_is_the_same_as_one_brought_up_from_the_first_release(tmp_path: Path, path: Path) -> None:
    Store.open(path).close()
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    config.set_main_option("path_separator", "newline")
    config.set_main_option("version_locations", str(SCRIPTS / "versions"))
    engine = create_engine(f"sqlite:///{tmp_path / 'old.db'}")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    engine.dispose()

    assert statements(tmp_path / "old.db") == statements(path)
    assert set(schema.REVISIONS) == set(range(1, max(schema.REVISIONS) + 1))


def test_an_upgrade_keeps_every_row_and_leaves_a_backup(
    store: Store, tmp_path: Path, review: Review, shelve: Callable[..., None]
) -> None:
    shelve("d", "a", "b")
    store.journal.append_many([review("d/a"), review("d/b")])
    entries, days = store.journal.entries(), store.statistics.days()

    upgrade(store, newer(tmp_path / "versions"))

    assert store.journal.entries() == entries
    assert store.statistics.days() == days
    with store.database.raw() as connection:
        assert connection.execute("PRAGMA user_version").fetchone()[0] == 3
        assert connection.execute("SELECT version_num FROM alembic_version").fetchone()[0] == "0003"
        assert connection.execute("PRAGMA foreign_keys").fetchone()[0] == 1
        assert connection.execute("SELECT question FROM item ORDER BY n").fetchall() == [("front a",), ("front b",)]
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            connection.execute("DELETE FROM journal")
    made = backup.backups(store.path)
    assert [(one.reason, one.entries()) for one in made] == [("before-migration", 2)]


@pytest.mark.parametrize(
    ("trouble", "error"),
    [
        ("raise RuntimeError('half-way')", RuntimeError),
        ("op.execute('DROP TRIGGER journal_no_delete'); op.execute('DELETE FROM journal')", StorageError),
        ("op.execute('SELECT * FROM nowhere')", StorageError),
    ],
)
def test_an_upgrade_that_goes_wrong_leaves_the_old_version(
    store: Store, tmp_path: Path, review: Review, trouble: str, error: type[Exception]
) -> None:
    entry = store.journal.append(review("d/a")).entry
    before = statements(store.path)

    with pytest.raises(error):
        upgrade(store, newer(tmp_path / "versions", trouble))

    assert statements(store.path) == before
    store.close()
    with Store.open(store.path) as again:
        assert again.journal.entries() == (entry,)
        assert again.journal.append(review("d/a")).state.reps == 2


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
def test_an_upgrade_that_is_killed_half_way_leaves_the_old_version(
    store: Store, tmp_path: Path, review: Review
) -> None:
    entry = store.journal.append(review("d/a")).entry
    store.close()
    versions = newer(tmp_path / "versions", "os.kill(os.getpid(), signal.SIGKILL)")
    code = (
        "from pathlib import Path; from studyapp.storage.store import Store; from studyapp.storage import migrate\n"
        f"store = Store.open(Path({str(store.path)!r}))\n"
        f"migrate.migrate(store.database, version=3, revisions={{3: '0003'}}, versions=Path({str(versions)!r}))"
    )
    done = subprocess.run([sys.executable, "-c", code], check=False, env=dict(os.environ))

    assert done.returncode == -signal.SIGKILL
    with Store.open(store.path) as again:
        assert again.journal.entries() == (entry,)
        upgrade(again, newer(tmp_path / "good"))
        assert again.journal.entries() == (entry,)


@pytest.fixture
def first_release(tmp_path: Path) -> Path:
    """A real file of version 1, kept as SQL text, with rows in every table; it must open for ever."""
    path = tmp_path / "old" / "studyapp.db"
    path.parent.mkdir()
    connection = sqlite3.connect(path)
    connection.executescript((Path(__file__).parent / "data" / "version-1.sql").read_text(encoding="utf-8"))
    connection.close()
    return path


def test_the_first_released_schema_opens_with_all_its_data(first_release: Path) -> None:
    with Store.open(first_release) as store:
        assert [entry.kind for entry in store.journal.entries()] == ["review", "review", "bury", "flag", "undo"]
        assert store.journal.state("d/a").reps == 1
        assert store.journal.state("d/b").buried_until == 12
        assert [deck.title for deck in store.catalogue.decks()] == ["D"]
        assert store.catalogue.item("d/b") is not None
        assert [day.reviews for day in store.statistics.days()] == [1, 1]
        assert store.search.find("text")
        assert store.statistics.calibration() == (Calibration(4, 1, 0),)
    made = backup.backups(first_release)
    assert [(one.reason, one.entries()) for one in made] == [("before-migration", 5)]
    assert doctor.examine(first_release).problems == ()


def test_what_version_1_wrote_counts_as_if_it_had_been_written_now(first_release: Path, tmp_path: Path) -> None:
    """An exercise at two levels, an answer that was sure, and one with numbers that nobody could have meant."""
    bodies = [
        ("d/ex", 100, '{"day":20,"due_day":24,"phase":2,"level":0,"confidence":5,"credit":1.0}'),
        ("d/ex", 101, '{"day":24,"due_day":40,"phase":2,"level":1,"predicted":0.9}'),
        ("d/ex", 102, '{"day":40,"due_day":41,"phase":2,"level":1,"predicted":0.8}'),
        ("d/b", 103, '{"day":24,"due_day":30,"phase":2,"step":1000,"predicted":0.7}'),
    ]
    connection = sqlite3.connect(first_release)
    with connection:
        for number, (item, seq, body) in enumerate(bodies, 1):
            connection.execute(
                "INSERT INTO journal (id, device, seq, at, item, kind, grade, duration_ms, body, confidence) "
                "VALUES (?, '0123456789abcdef', ?, ?, ?, 'review', 3, 700, ?, ?)",
                (
                    bytes([number] * 16),
                    seq,
                    86_400_000 * (20 + number),
                    item,
                    body,
                    5 if "confidence" in body else None,
                ),
            )
    connection.close()

    with Store.open(first_release) as old, Store.open(tmp_path / "new" / "studyapp.db") as new:
        old.catalogue.remove_deck("d")
        new.journal.merge(old.journal.entries())

        for item in ("d/ex", "d/b"):
            assert old.journal.state(item) == new.journal.state(item)
        assert (old.journal.state("d/ex").reps, old.journal.state("d/ex").level) == (3, 1)
        assert old.statistics.days() == new.statistics.days()
        assert [day.young_passed for day in old.statistics.days(20)] == [0, 0, 1], "another level is no remembering"
        assert old.statistics.calibration() == (Calibration(4, 1, 0), Calibration(5, 1, 1))
        columns = "SELECT item, mistake, confidence, correct, event FROM journal ORDER BY id"
        with old.database.raw() as left, new.database.raw() as right:
            assert left.execute(columns).fetchall() == right.execute(columns).fetchall()


def test_what_is_due_is_seen_before_the_first_release_is_brought_up_to_date(first_release: Path) -> None:
    before = first_release.read_bytes()

    seen = glance(first_release, today=13, now_ms=13 * 86_400_000, next_day_at=14 * 86_400_000)

    assert seen is not None
    assert seen.first is not None
    assert (seen.first.key, seen.first.state.level) == ("d/b", None)
    assert first_release.read_bytes() == before


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
@pytest.mark.parametrize("share", [0.0, 0.05, 0.15, 0.5, 0.75, 0.8, 0.97])
def test_the_first_release_killed_while_it_is_brought_up_to_date_is_brought_up_at_the_next_start(
    first_release: Path, share: float
) -> None:
    before = statements(first_release)
    code = (
        "import os, signal; from pathlib import Path\n"
        "from studyapp.storage.store import Store; from studyapp.storage.telling import listening\n"
        f"hear = lambda _, share: share >= {share} and os.kill(os.getpid(), signal.SIGKILL)\n"
        f"with listening(hear): Store.open(Path({str(first_release)!r}))"
    )
    done = subprocess.run([sys.executable, "-c", code], check=False, env=dict(os.environ))

    assert done.returncode == -signal.SIGKILL
    assert statements(first_release) == before
    with Store.open(first_release) as again:
        assert len(again.journal.entries()) == 5
        assert again.statistics.calibration() == (Calibration(4, 1, 0),)


def test_who_waits_hears_how_far_it_is_and_may_leave(
    first_release: Path, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = statements(first_release)
    heard: list[tuple[str, float]] = []

    def leave(what: str, share: float) -> None:
        heard.append((what, share))
        if share > 0.5:
            raise KeyboardInterrupt

    monkeypatch.setattr(replaying, "AT_ONCE", 2)  # so that five entries are told of bit by bit
    with pytest.raises(KeyboardInterrupt), listening(leave):
        Store.open(first_release)
    assert statements(first_release) == before

    heard.clear()
    with listening(lambda what, share: heard.append((what, share))):
        Store.open(first_release).close()
    with listening(leave):
        Store.open(first_release).close()  # nothing is left to do, so nothing is told
    Store.open(path).close()

    assert {what for what, _ in heard} == {"Bringing your history up to date"}
    shares = [share for _, share in heard]
    assert shares == sorted(shares)
    assert shares[0] == 0
    assert shares[-1] == 1
    assert len([share for share in shares if 0.15 < share < 0.75]) == 3
    indices = [{one for one in statements(each) if one.startswith("CREATE INDEX")} for each in (first_release, path)]
    assert indices[0] == indices[1], "those that were dropped on the way are back"
