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

from studyapp.storage import backup, migrate, schema
from studyapp.storage.entry import Draft
from studyapp.storage.errors import StorageError
from studyapp.storage.migrate import SCRIPTS
from studyapp.storage.store import Store

Review = Callable[..., Draft]

NEXT = """
import os, signal
import sqlalchemy as sa
from alembic import op
revision, down_revision = "0002", "0001"

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
    (folder / "v0001_first.py").write_text((SCRIPTS / "versions" / "v0001_first.py").read_text())
    (folder / "v0002_next.py").write_text(NEXT.format(trouble=trouble))
    return folder


def upgrade(store: Store, versions: Path) -> None:
    """Upgrade to the coming version."""
    migrate.migrate(store.database, version=2, revisions={1: "0001", 2: "0002"}, versions=versions)


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
        assert connection.execute("PRAGMA user_version").fetchone()[0] == 2
        assert connection.execute("SELECT version_num FROM alembic_version").fetchone()[0] == "0002"
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
        f"migrate.migrate(store.database, version=2, revisions={{2: '0002'}}, versions=Path({str(versions)!r}))"
    )
    done = subprocess.run([sys.executable, "-c", code], check=False, env=dict(os.environ))

    assert done.returncode == -signal.SIGKILL
    with Store.open(store.path) as again:
        assert again.journal.entries() == (entry,)
        upgrade(again, newer(tmp_path / "good"))
        assert again.journal.entries() == (entry,)


def test_the_first_released_schema_opens_with_all_its_data(tmp_path: Path) -> None:
    """A real file of that version, as SQL text; it must open for ever."""
    path = tmp_path / "studyapp.db"
    connection = sqlite3.connect(path)
    connection.executescript((Path(__file__).parent / "data" / "version-1.sql").read_text(encoding="utf-8"))
    connection.close()

    with Store.open(path) as store:
        assert [entry.kind for entry in store.journal.entries()] == ["review", "review", "bury", "flag", "undo"]
        assert store.journal.state("d/a").reps == 1
        assert store.journal.state("d/b").buried_until == 12
        assert [deck.title for deck in store.catalogue.decks()] == ["D"]
        assert store.catalogue.item("d/b") is not None
        assert [day.reviews for day in store.statistics.days()] == [1, 1]
        assert store.search.find("text")
