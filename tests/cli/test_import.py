"""`import`, `undo` and `redo` as a person types them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from studyapp.cli.group import cli

Shell = Callable[..., Result]


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "French_words.csv"
    path.write_text("front,back,tags\nle chat,the cat,animals\nle chien,the dog,animals\n,nothing,\n", encoding="utf-8")
    return path


def test_a_look_first_changes_nothing(shell: Shell, learner: Path, table: Path) -> None:
    done = shell("import", str(table), "--dry-run")

    assert done.exit_code == 0
    assert done.stdout.splitlines() == [
        "French words (french-words): 2 new, 0 changed, 0 as they were",
        "  le chat  →  the cat",
        "  le chien  →  the dog",
        "1 row left out:",
        "  1 × the question is empty (line 4)",
    ]
    assert "Nothing was changed" in done.stderr
    assert not (learner / "decks").exists()


def test_cards_come_in_are_studied_taken_back_and_brought_again(shell: Shell, learner: Path, table: Path) -> None:
    assert shell("import", str(table)).exit_code == 0
    assert "le chat" in shell("search", "chat").stdout
    assert shell("review", "french-words", lines=("", "4", "q")).exit_code == 0
    assert shell("deck", "check", str(learner / "decks")).exit_code == 0
    listed = [row for row in json.loads(shell("deck", "list", "--json").stdout) if row["id"] == "french-words"]
    assert [(row["cards"], row["problems"]) for row in listed] == [(2, 0)]

    assert shell("undo").stdout.startswith("Easy of “le chat” taken back")
    assert shell("undo").stdout == "Import of 2 new cards into french-words taken back.\n"
    assert shell("search", "chat").stdout == ""
    assert shell("redo").stdout == "Import of 2 new cards into french-words done again.\n"
    assert shell("redo").stdout.startswith("Easy of “le chat” done again")
    assert shell("redo").exit_code == 1

    again = json.loads(shell("import", str(table), "--json").stdout)
    assert (again["new"], again["changed"], again["same"], again["act"]) == (0, 0, 2, None)
    history = shell("history").stdout
    assert "2 new cards into french-words" in history
    assert str(learner) not in history
    assert shell("doctor").stdout.endswith("All is well.\n")


def test_an_import_can_be_taken_back_by_its_id_after_other_acts(shell: Shell, learner: Path, table: Path) -> None:
    act = json.loads(shell("import", str(table), "--json").stdout)["act"]
    shell("review", "small", lines=("", "1", "q"))

    assert shell("undo", act).exit_code == 0
    assert not (learner / "decks" / "french-words.md").exists()
    assert "undone already" in shell("undo", act).stderr
    assert shell("undo", "nonsense").exit_code == 1


def test_what_is_pasted_can_be_brought_into_a_deck_of_a_name(shell: Shell, learner: Path) -> None:
    done = CliRunner().invoke(cli, ["import", "-", "--deck", "vocabulary"], input="hello - bonjour\nbye - au revoir\n")

    assert done.stdout == "Vocabulary (vocabulary): 2 new, 0 changed, 0 as they were\n"
    assert (learner / "decks" / "vocabulary.md").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("content", "options", "said"),
    [
        (b"", "", "nothing in it"),
        (b"one word\n", "", "no separator"),
        (b"a\tb\n", "--deck=no/deck", "cannot be a deck's id"),
        (b"a\tb\n", "--separator=;", "is the separator right?"),
        (b"a\tb\n", "--separator=; --dry-run", "is the separator right?"),
    ],
)
def test_what_is_wrong_is_said(shell: Shell, learner: Path, content: bytes, options: str, said: str) -> None:
    path = learner.parent / "x.txt"
    path.write_bytes(content)

    done = shell("import", str(path), *options.split())

    assert done.exit_code == 1
    assert said in done.stderr
    assert "Traceback" not in done.output
    assert not (learner / "decks").exists()


@pytest.mark.parametrize(("name", "said"), [("a.apkg", "Notes in Plain Text"), ("a.xlsx", "save it as CSV")])
def test_a_package_is_told_apart_from_a_table(shell: Shell, learner: Path, name: str, said: str) -> None:
    """What people of other programs try first; a separator is not what it lacks."""
    (learner.parent / name).write_bytes(b"PK\x03\x04\x14\x00")

    done = shell("import", str(learner.parent / name))

    assert done.exit_code == 1
    assert said in done.stderr


def test_a_home_named_from_here_is_found_from_there(
    shell: Shell, learner: Path, table: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("STUDYAPP_HOME", learner.name)
    assert shell("import", str(table)).exit_code == 0

    monkeypatch.chdir("/")
    monkeypatch.setenv("STUDYAPP_HOME", str(learner))

    assert "le chat" in shell("search", "chat").stdout
    assert json.loads(shell("import", str(table), "--json").stdout)["same"] == 2
    assert shell("undo").exit_code == 0
    assert not (learner / "decks" / "french-words.md").exists()


def test_a_file_that_is_not_there_is_named(shell: Shell, tmp_path: Path) -> None:
    done = shell("import", str(tmp_path / "away.tsv"))

    assert done.exit_code == 1
    assert "away.tsv" in done.stderr
