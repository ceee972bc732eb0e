"""Settings, directories, completion and export as a person types them."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest


def test_a_setting_is_shown_changed_and_reset(shell, learner: Path) -> None:
    assert json.loads(shell("settings", "--json").stdout)["new_per_day"] == 100

    assert shell("settings", "new_per_day", "7").stdout.split()[:2] == ["new_per_day", "7"]
    assert "new_per_day = 7" in (learner / "config.toml").read_text()
    assert shell("settings", "new_per_day", "--reset").stdout.split()[:2] == ["new_per_day", "20"]
    assert not (learner / "studyapp.db").exists(), "settings need no database"


@pytest.mark.parametrize(
    ("name", "typed", "value"),
    [
        ("learning_steps", "1m,10m,1h", [60, 600, 3600]),
        ("relearning_steps", "90", [90]),
        ("desired_retention", "0.85", 0.85),
        ("fuzz", "off", False),
        ("grade_by", "confidence", "confidence"),
        ("decks", "/a, b/c.md;/d", ["/a, b/c.md", "/d"]),
        ("easy_days", "1,1,1,1,1,0.5,0", [1, 1, 1, 1, 1, 0.5, 0]),
    ],
)
def test_values_are_typed_as_people_write_them(shell, name: str, typed: str, value: object) -> None:
    assert shell("settings", name, typed).exit_code == 0
    assert json.loads(shell("settings", name, "--json").stdout) == {name: value}


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        (("new_per_dya",), "did you mean new_per_day"),
        (("new_per_day", "many"), "new_per_day must be a number, not 'many'"),
        (("new_per_day", "1.5"), "new_per_day must be a whole number"),
        (("desired_retention", "2"), "between 0.7 and 0.99"),
        (("fuzz", "perhaps"), "fuzz must be yes or no"),
        (("grade_by", "feeling"), "grade_by must be one of grades, confidence"),
    ],
)
def test_a_value_that_cannot_be_is_refused_and_nothing_changes(
    shell, learner: Path, typed: tuple[str, ...], sentence: str
) -> None:
    before = (learner / "config.toml").read_text()

    done = shell("settings", *typed)

    assert done.exit_code == 1
    assert sentence in done.stderr
    assert (learner / "config.toml").read_text() == before


def test_a_setting_is_explained(shell) -> None:
    assert "Probability of recall" in shell("settings", "desired_retention").stdout
    assert "1 not at all" in shell("settings", "grade_by").stdout


def test_a_broken_settings_file_ends_every_command_with_one_sentence(shell, learner: Path) -> None:
    (learner / "config.toml").write_text("new_per_day = \n")

    for arguments in (("due",), ("settings",), ("review",), ("stats",)):
        done = shell(*arguments)
        assert done.exit_code == 1
        assert "config.toml" in done.stderr


def test_directories_name_every_place_and_make_nothing(shell, tmp_path: Path) -> None:
    home = tmp_path / "elsewhere"

    rows = json.loads(shell("--home", str(home), "directories", "--json").stdout)

    assert rows["database"] == str(home / "studyapp.db")
    assert Path(rows["bundled_decks"], "backprop.md").exists()
    assert not home.exists()


def test_export_holds_every_entry_undone_ones_too(shell, kept) -> None:
    assert shell("export", "--journal").exit_code == 1
    shell("review", "small", lines=("", "1", "u", "", "3"))

    rows = [json.loads(line) for line in shell("export", "--journal").stdout.splitlines()]

    assert [(row["kind"], row["grade"]) for row in rows] == [("review", 1), ("undo", None), ("review", 3)]
    assert rows[1]["body"]["voids"] == rows[0]["id"]
    assert [row["id"] for row in rows if row["id"] == kept()[0].id]


def test_export_without_a_choice_is_misuse(shell) -> None:
    assert shell("export").exit_code == 2


def completed(learner: Path, words: str) -> list[str]:
    """What bash offers after `words`."""
    parts = words.split(" ")
    done = subprocess.run(
        [sys.executable, "-c", "from studyapp.cli.main import main; main()"],
        capture_output=True,
        encoding="utf-8",
        env={
            **os.environ,
            "STUDYAPP_HOME": str(learner),
            "_STUDYAPP_COMPLETE": "bash_complete",
            "COMP_WORDS": words,
            "COMP_CWORD": str(len(parts) - 1),
        },
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return [line.partition(",")[2] for line in done.stdout.splitlines() if line]


def test_the_shell_completes_commands_options_and_decks(shell, learner: Path) -> None:
    assert {"review", "restore"} <= set(completed(learner, "studyapp re"))
    assert completed(learner, "studyapp quiz --se") == ["--seed"]
    assert completed(learner, "studyapp nosuch x") == []
    assert completed(learner, "studyapp review sm") == []
    shell("review", "small")
    assert completed(learner, "studyapp review sm") == ["small"]


@pytest.mark.parametrize("name", ["bash", "zsh", "fish"])
def test_the_completion_script_is_one_that_the_shell_accepts(shell, name: str, tmp_path: Path) -> None:
    script = shell("completion", name)

    assert script.exit_code == 0
    assert "_STUDYAPP_COMPLETE" in script.stdout
    if program := shutil.which(name):
        (tmp_path / "script").write_text(script.stdout)
        assert subprocess.run([program, "-n", tmp_path / "script"], check=False).returncode == 0


@pytest.mark.parametrize("typed", [("--reset",), ("new_per_day", "5", "--reset")])
def test_reset_wants_to_know_what_and_nothing_else(shell, learner: Path, typed: tuple[str, ...]) -> None:
    """Without a name it would say nothing and do nothing, which looks like a success."""
    before = (learner / "config.toml").read_text()

    assert shell("settings", *typed).exit_code == 2
    assert (learner / "config.toml").read_text() == before


def test_a_setting_that_does_not_exist_is_told_when_they_are_listed(shell, learner: Path) -> None:
    """A slip in the file would otherwise do nothing, without a word."""
    file = learner / "config.toml"
    file.write_text(file.read_text() + "new_cards_per_day = 5\n")

    done = shell("settings", "--json")

    assert "there is no setting 'new_cards_per_day'; did you mean new_per_day" in done.stderr
    assert "new_cards_per_day" not in json.loads(done.stdout)


@pytest.mark.parametrize("command", ["due", "review", "settings"])
def test_a_file_of_settings_that_cannot_be_read_is_said_in_words(shell, learner: Path, command: str) -> None:
    (learner / "config.toml").unlink()
    (learner / "config.toml").mkdir()

    done = shell(command)

    assert done.exit_code == 1
    assert done.stderr == f"{learner / 'config.toml'}: Is a directory; allow reading it, or name another folder\n"


def test_one_deck_written_without_brackets_is_not_taken_letter_by_letter(shell, learner: Path) -> None:
    """The letter / would bring in every Markdown file of the disk."""
    (learner / "config.toml").write_text('decks = "/a.md"\n')

    done = shell("deck", "list")

    assert done.exit_code == 1
    assert "decks must be a list" in done.stderr
