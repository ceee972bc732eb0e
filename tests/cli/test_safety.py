"""`history`, `doctor`, `backup` and `restore` as a person types them."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from studyapp.storage.entry import Draft
from studyapp.storage.store import Store

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A learner's folder with three reviews, the last of them undone."""
    with Store.open(tmp_path / "studyapp.db") as store:
        for day, grade in ((10, 3), (13, 1), (14, 4)):
            store.journal.append(
                Draft(day * 86_400_000, "d/a", "review", grade, 900, {"day": day, "due_day": day + 3, "answer": "δ"})
            )
        store.journal.undo()
    return tmp_path


@pytest.fixture
def studyapp(home: Path) -> Run:
    """Run the program on that folder."""

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-c", "from studyapp.cli.main import main; main()", *arguments]
        environment = {**os.environ, "STUDYAPP_HOME": str(home), "PYTHONUTF8": "1"}
        return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", env=environment, check=False)

    return run


def test_history_shows_what_was_undone(studyapp: Run) -> None:
    done = studyapp("history", "d/a")

    assert done.returncode == 0, done.stderr
    assert [line.split()[2:] for line in done.stdout.splitlines()] == [
        ["Good", "d/a"],
        ["Again", "d/a"],
        ["undone", "Easy", "d/a"],
        ["undo", "d/a"],
    ]
    rows = json.loads(studyapp("history", "--json", "-n", "2").stdout)
    assert [(row["kind"], row["undone"]) for row in rows] == [("review", True), ("undo", False)]
    assert rows[0]["body"]["answer"] == "δ"
    assert studyapp("history", "d/zzz").returncode == 1


def test_doctor_finds_a_healthy_database_healthy(studyapp: Run) -> None:
    done = studyapp("doctor")

    assert done.returncode == 0, done.stdout
    assert "All is well." in done.stdout
    assert json.loads(studyapp("doctor", "--json").stdout)["ok"] is True


def test_doctor_names_a_drifted_state_and_mends_it(home: Path, studyapp: Run) -> None:
    with Store.open(home / "studyapp.db") as store, store.database.write() as connection:
        connection.exec_driver_sql("UPDATE memory SET reps = 99")

    done = studyapp("doctor")
    assert done.returncode == 3
    assert "✗" in done.stdout
    assert "d/a" in done.stdout
    assert studyapp("doctor", "--rebuild").returncode == 0
    assert studyapp("doctor").returncode == 0


def test_a_restore_is_taken_back_by_the_command_that_it_prints(home: Path, studyapp: Run) -> None:
    made = json.loads(studyapp("backup", "--json").stdout)
    assert made["entries"] == 4
    with Store.open(home / "studyapp.db") as store:
        store.journal.append(Draft(1, "d/b", "note"))

    done = studyapp("restore", Path(made["path"]).name)
    assert done.returncode == 0, done.stderr
    assert len(json.loads(studyapp("history", "--json").stdout)) == 4

    assert "1 entry is set aside" in done.stderr
    back = done.stderr.strip().rpartition("studyapp ")[2].split()
    assert studyapp(*back).returncode == 0
    assert len(json.loads(studyapp("history", "--json").stdout)) == 5
    listed = json.loads(studyapp("backup", "--list", "--json").stdout)
    assert {"asked", "before-restore"} <= {row["reason"] for row in listed}
    assert studyapp("restore", "77").returncode == 1


def test_what_can_be_read_of_a_damaged_file_is_saved_and_used(home: Path, studyapp: Run) -> None:
    path = home / "studyapp.db"
    with Store.open(path) as store:
        store.journal.append_many(
            [Draft(n, f"d/{n}", "note", body={"text": "x" * 500}) for n in range(500)], together=False
        )
    path.write_bytes(path.read_bytes()[: path.stat().st_size * 3 // 4])

    assert studyapp("history").returncode == 3
    assert studyapp("doctor").returncode == 3
    done = studyapp("doctor", "--salvage", str(path), "--json")
    assert done.returncode == 0, done.stderr
    saved = json.loads(done.stdout)
    assert saved["saved"] > 100
    restored = studyapp("restore", saved["path"])
    assert restored.returncode == 0
    (kept,) = (home / "backups").glob("damaged-*.db")
    assert f"studyapp doctor --salvage {kept}" in restored.stderr, "what the backup lacks may still be in there"
    assert len(json.loads(studyapp("history", "--all", "--json").stdout)) == saved["saved"]


def test_a_newer_database_ends_every_command_with_three_and_stays_as_it_is(home: Path, studyapp: Run) -> None:
    with Store.open(home / "studyapp.db") as store, store.database.write() as connection:
        connection.exec_driver_sql("PRAGMA user_version=99")
    content = (home / "studyapp.db").read_bytes()

    for arguments in (("history",), ("doctor",), ("doctor", "--rebuild"), ("backup",)):
        done = studyapp(*arguments)
        assert done.returncode == 3, arguments
        assert "update studyapp" in done.stdout + done.stderr
        assert "Traceback" not in done.stderr
    assert (home / "studyapp.db").read_bytes() == content


def test_before_the_first_review_there_is_nothing_and_nothing_is_made(tmp_path: Path) -> None:
    home = tmp_path / "empty"
    for arguments, code in ((("history",), 0), (("backup",), 1), (("doctor",), 0), (("restore",), 0)):
        command = [sys.executable, "-c", "from studyapp.cli.main import main; main()", *arguments]
        done = subprocess.run(command, capture_output=True, env={**os.environ, "STUDYAPP_HOME": str(home)}, check=False)
        assert done.returncode == code, done.stderr
        assert done.stdout or done.stderr, "silence is no answer"
    assert not home.exists()
