"""Several machines and a class, as people type it; and how to take out everything one did."""

from __future__ import annotations

import json
import os
import shutil
import stat
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from studyapp.storage.store import Store

Shell = Callable[..., Result]
Process = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def studied(learner: Path, shell: Shell) -> Path:
    """The home of somebody who did two things."""
    assert shell("review", "small", lines=("", "1", "u", "", "3")).exit_code == 0
    return learner


def entries(home: Path) -> int:
    with Store.open(home / "studyapp.db") as store:
        return len(store.journal.entries())


def test_two_machines_exchange_through_a_folder(studied: Path, shell: Shell, tmp_path: Path) -> None:
    shared, other = tmp_path / "shared", tmp_path / "other"

    first = shell("sync", str(shared))
    second = shell("--home", str(other), "sync", str(shared), "--json")

    assert first.stdout == "Received 0, sent 3.\n"
    assert first.stderr == f"Made the folder {shared}, which was not there.\n"
    assert second.stderr == ""
    assert json.loads(second.stdout) == {"received": 3, "sent": 0, "told": [], "assigned": {}}
    assert entries(other) == entries(studied) == 3


def test_what_is_wrong_in_the_folder_is_told_and_the_rest_is_exchanged(
    studied: Path, shell: Shell, tmp_path: Path
) -> None:
    (tmp_path / "shared").mkdir()
    (tmp_path / "shared" / "x.jsonl").write_bytes(b"\x1b[2J\n")

    done = shell("sync", str(tmp_path / "shared"))

    assert (done.exit_code, done.stdout) == (0, "Received 0, sent 3.\n")
    assert "x.jsonl: line 1" in done.stderr
    assert "\x1b" not in done.stderr


def test_a_folder_that_is_not_there_ends_with_1(studied: Path, shell: Shell, tmp_path: Path) -> None:
    done = shell("sync", str(tmp_path / "usb" / "studyapp"))

    assert done.exit_code == 1
    assert "is the disk mounted?" in done.stderr


def test_sync_without_a_target_is_misuse(studied: Path, shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("STUDYAPP_SYNC", raising=False)
    assert shell("sync").exit_code == 2


@pytest.mark.parametrize(
    "url",
    [
        "postgresql+psycopg://ada:geheim@host/db",
        "postgresql+psycopg://ada@host/db?password=geheim",
        "postgresql+psycopg://:geheim@host/db",
    ],
)
@pytest.mark.parametrize("words", [("sync",), ("class", "--server")])
def test_a_password_on_the_command_line_is_refused_and_not_repeated(
    studied: Path, shell: Shell, url: str, words: tuple[str, ...]
) -> None:
    done = shell(*words, url, *(["report"] if words[0] == "class" else []))

    assert done.exit_code == 2
    assert ".pgpass" in done.stderr
    assert "geheim" not in done.output


def test_without_the_extra_package_a_sentence_says_what_to_install(
    studied: Path, shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)

    done = shell("sync", "postgresql+psycopg://ada@localhost/db")

    assert done.exit_code == 1
    assert "pip install 'psycopg[binary]'" in done.stderr, "never a name that a stranger may have taken"


def test_an_export_is_for_its_owner_and_can_be_taken_in_again(studied: Path, shell: Shell, tmp_path: Path) -> None:
    target = tmp_path / "shared" / "export.jsonl"
    target.parent.mkdir()

    done = shell("export", "--journal", str(target))

    assert (done.exit_code, done.stdout) == (0, "")
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    again = shell("--home", str(tmp_path / "new"), "sync", str(target.parent))
    assert again.stdout == "Received 3, sent 0.\n"
    lines = target.read_text(encoding="utf-8").splitlines()
    assert shell("--home", str(studied), "export", "--journal").stdout.splitlines() == lines[1:]


def test_an_export_overwrites_nothing(studied: Path, shell: Shell, tmp_path: Path) -> None:
    target = tmp_path / "precious"
    target.write_text("precious")

    done = shell("export", "--journal", str(target))

    assert done.exit_code == 1
    assert str(target) in done.stderr
    assert target.read_text() == "precious"


AS_NOBODY = """
import importlib.util, os, sys, tempfile
from click.testing import CliRunner
from studyapp.cli.group import cli
from studyapp.cli.main import main
real = os.environ["STUDYAPP_HOME"]
with tempfile.TemporaryDirectory() as folder:  # everything is imported while it may be
    open(folder + "/config.toml", "w").close()
    for words in (["backup"], sys.argv[1:]):
        CliRunner().invoke(cli, ["--home", folder, *words])
os.environ["STUDYAPP_HOME"] = real
os.setuid(65534)  # root may write anywhere: be somebody else
main()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX permissions")
def test_on_a_read_only_disk_one_can_look_and_take_everything_out(studied: Path, tmp_path: Path) -> None:
    as_root = os.getuid() == 0
    away = Path(tempfile.mkdtemp())  # pytest's own folders are for one user
    home = away / "home"
    shutil.copytree(studied, home)
    content = (home / "studyapp.db").read_bytes()
    table = away / "table.csv"
    table.write_text("q,a\n")
    for each in (away, home, *home.rglob("*")):
        if as_root:
            os.chown(each, 65_534, 65_534)
        each.chmod(0o555 if each.is_dir() else 0o444)

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        code = AS_NOBODY if as_root else AS_NOBODY.replace("os.setuid(65534)", "")
        return subprocess.run(
            [sys.executable, "-c", code, *words],
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "STUDYAPP_HOME": str(home)},
        )

    try:
        seen = run("due")
        assert seen.returncode == 0, seen.stderr
        exported = run("export", "--journal")
        assert len(exported.stdout.splitlines()) == 3, exported.stderr
        for words in ((), ("stats", "--json"), ("search", "rule"), ("history",)):
            done = run(*words)
            assert done.returncode == 0, (words, done.stderr)
            assert done.stdout, words
            assert "read-only here" in done.stderr
        for words in (("review", "--plain"), ("sync", str(tmp_path)), ("undo",), ("import", str(table)), ("backup",)):
            done = run(*words)
            assert done.returncode == 3, (words, done.stdout, done.stderr)
            assert "allow" in done.stderr, words
            assert len(done.stderr.splitlines()) == 1, words
        assert (home / "studyapp.db").read_bytes() == content
    finally:
        for each in (away, home):
            each.chmod(0o700)
        shutil.rmtree(away)


def test_a_teacher_leads_a_class_and_a_learner_takes_part(
    studied: Path, shell: Shell, postgres: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    shell_url = postgres
    assert shell("class", "--server", shell_url, "create").exit_code == 0
    added = shell("class", "--server", shell_url, "add", "cleo")
    assert added.exit_code == 0
    assert added.stdout.startswith("localhost:")
    assert added.stdout.strip().rpartition(":")[2] not in added.stderr, "the password is printed once"
    assigned = shell("class", "--server", shell_url, "assign", "small", "--due", "2052-02-20")
    assert (assigned.exit_code, assigned.stdout) == (0, "Assigned small until 2052-02-20.\n")

    done = shell("sync", postgres.replace("//app@", "//cleo@"))
    monkeypatch.setenv("STUDYAPP_CLASS", postgres)
    words = shell("class", "report")
    table = shell("class", "report", "--csv")
    data = json.loads(shell("class", "report", "--json").stdout)

    received, line = done.stdout.splitlines()
    assert received == "Received 0, sent 3."
    assert line.startswith("Assigned: A small deck, due in ")
    assert line.endswith("2052-02-20 (1 of 8 begun).")
    assert shell("class", "assigned").stdout.strip() == line, "also without the server, and after a restart"
    assert "cleo" in words.stdout
    head, row = table.stdout.splitlines()
    assert dict(zip(head.split(","), row.split(","), strict=True))["begun: small"] == "1"
    assert data["learners"][0]["reviews"] == 1
    assert data["assignments"] == [{"deck": "small", "due": "2052-02-20"}]
    assert shell("class", "remove", "cleo", lines=("n",)).exit_code == 1
    assert shell("class", "remove", "cleo", lines=("y",)).stdout == "Removed cleo with 3 entries.\n"
    assert shell("class", "add", "Cleo Miller").exit_code == 1
    assert "there is a class already" in shell("class", "create").stderr
