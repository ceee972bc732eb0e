"""The front door: every command has a help and stands in the README; errors are sentences, pipes may close."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from studyapp.cli.common import clean, near, print_json
from studyapp.cli.group import cli
from studyapp.cli.main import TABLE

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("name", list(TABLE))
def test_every_command_explains_itself_its_parts_and_its_options(name: str) -> None:
    context = click.Context(cli)
    command = cli.get_command(context, name)
    assert command is not None
    parts = (
        {part: command.get_command(context, part) for part in command.commands} if hasattr(command, "commands") else {}
    )

    for words, one in ((name, command), *((f"{name} {part}", found) for part, found in parts.items())):
        done = CliRunner().invoke(cli, [*words.split(), "--help"], prog_name="studyapp")
        assert done.exit_code == 0
        assert done.output.startswith(f"Usage: studyapp {words} ")
        assert len((one.help or "").split()) >= 3, f"{words} does not say what it is for"
        silent = [option.name for option in one.params if isinstance(option, click.Option) and not option.help]
        assert not silent, f"{words} does not explain {silent}"


@pytest.mark.parametrize("name", list(TABLE))
def test_every_command_stands_in_the_readme_and_in_the_help(name: str) -> None:
    assert re.search(rf"`studyapp {name}\b", (ROOT / "README.md").read_text(encoding="utf-8"))
    assert re.search(rf"^  {name}  +[A-Z]", CliRunner().invoke(cli, ["--help"]).output, re.MULTILINE)
    assert TABLE[name][1].endswith(".")


def test_the_version_is_printed() -> None:
    done = CliRunner().invoke(cli, ["--version"])

    assert re.fullmatch(r"studyapp \d+\.\d+\.\d+\n", done.output)


def test_a_command_that_does_not_exist_is_misuse_and_its_neighbours_are_named() -> None:
    done = CliRunner().invoke(cli, ["reveiw"], prog_name="studyapp")

    assert done.exit_code == 2
    assert "there is no command 'reveiw'; did you mean review" in done.stderr


def test_another_programs_package_in_place_of_ours_is_named(tmp_path: Path, learner: Path) -> None:
    """`content` and `engine` are common names; a second distribution with one of them overwrites ours."""
    (tmp_path / "engine").mkdir()
    (tmp_path / "engine" / "__init__.py").write_text("")
    code = f"import sys; sys.path.insert(0, {str(tmp_path)!r}); from studyapp.cli.main import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", code, "mark", "1", "--true", "1"], capture_output=True, text=True, check=False
    )

    assert done.returncode == 1
    assert f"{tmp_path / 'engine'} has taken its place" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_reader_that_goes_away_is_no_error_to_talk_about(process, learner: Path) -> None:
    """`studyapp lesson backprop | head -1`."""
    code = "from studyapp.cli.main import main; main()"
    with subprocess.Popen(
        [sys.executable, "-c", code, "lesson", "backprop"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as child:
        assert child.stdout is not None
        child.stdout.readline()
        child.stdout.close()
        assert child.stderr is not None
        said = child.stderr.read()
    assert said == b""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_output_that_cannot_be_written_is_said(learner: Path) -> None:
    code = "from studyapp.cli.main import main; main()"
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-c", code, "due"], stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )

    assert done.returncode == 1
    assert "No space left" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.skipif(os.name != "posix", reason="needs a shell that closes streams")
@pytest.mark.parametrize(
    "line", ["review <&-", "import - <&-", "wipe <&-", "due >&-", "export --journal >&-", "xyz 2>&-"]
)
def test_closed_streams_are_nothing_to_apologise_for(learner: Path, line: str) -> None:
    """As of a service or a cron job: whoever closed them wants to hear or say nothing there."""
    start = "from studyapp.cli.main import main; main()"
    subprocess.run([sys.executable, "-c", start, "history"], capture_output=True, check=True)
    done = subprocess.run(
        ["sh", "-c", f'exec "$0" -c "$1" {line}', sys.executable, start], capture_output=True, text=True, check=False
    )

    assert done.returncode in (0, 1, 2)
    assert "made a mistake" not in done.stderr


def test_an_empty_name_is_no_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`--home "$FOLDER"` with a variable that is not set would write into the present folder."""
    monkeypatch.chdir(tmp_path)

    assert CliRunner().invoke(cli, ["--home", "", "settings", "fuzz", "no"]).exit_code == 2
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "words", [("review", ""), ("quiz", ""), ("quiz", "--kinds", ""), ("cards", ""), ("stats", "--deck", "")]
)
def test_an_empty_name_is_a_slip_and_not_everything(shell, words: tuple[str, ...]) -> None:
    """As of a variable that is not set."""
    done = shell(*words)

    assert done.exit_code in (1, 2)
    assert done.stdout == ""
    assert "did you mean" not in done.stderr


def test_lists_of_commands_say_whole_sentences() -> None:
    for group in ("deck", "class", "exercise"):
        assert (
            "..." not in CliRunner().invoke(cli, [group, "--help"], prog_name="studyapp").output.partition("Options")[2]
        )


def test_bytes_that_are_no_text_are_an_answer_like_any_other(learner: Path) -> None:
    code = "from studyapp.cli.main import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", code, "review", "small"],
        input=b":b\n:b\n:b\n:b\n\xff\xfe\n\n",
        capture_output=True,
        env={**os.environ, "PYTHONUTF8": "1"},
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert b"Traceback" not in done.stderr


def poor(encoding: str, *words: str, typed: str = "") -> str:
    """What a terminal with an old encoding is given on stdout."""
    code = "from studyapp.cli.main import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", code, *words],
        input=typed,
        capture_output=True,
        encoding=encoding,
        env={**os.environ, "PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"},
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252"])
def test_a_terminal_without_mathematics_gets_formulas_as_one_types_them(learner: Path, encoding: str) -> None:
    said = poor(encoding, "review", "small", typed="\n")

    assert "dL/dz" in said
    assert "What is delta?" in said
    assert "?L" not in said
    assert "partial L over partial z" in poor(encoding, "review", "small", "--speak", typed="\n")


def test_a_program_is_worked_out_on_such_a_terminal_too(learner: Path) -> None:
    program = learner / "p.toml"
    program.write_text(
        'forward = "y = w @ x\\nL = (t - y)**2 / 2"\nloss = "L"\nupdate = { rule = "sgd", rate = "eta", of = ["w"] }\n'
        "[given]\nw = [0.5, -0.2]\nx = [1.0, 0.8]\nt = 0.6\neta = 0.1\n"
    )

    said = poor("latin-1", "solve", str(program))

    assert "dL/dy = " in said
    assert "?" not in said


def test_json_for_such_a_terminal_loses_nothing(learner: Path) -> None:
    found = json.loads(poor("latin-1", "search", "deck:small", "--json"))

    assert "What is δ?" in [row["front"] for row in found]


def test_a_fault_of_the_program_is_a_sentence_too(monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    from studyapp.cli import due, main

    def broken(*_given: object, **_named: object) -> None:
        raise ZeroDivisionError("division by zero")

    monkeypatch.setattr(due.command, "callback", broken)
    monkeypatch.setattr(sys, "argv", ["studyapp", "due"])
    monkeypatch.delenv("STUDYAPP_TRACEBACK", raising=False)

    with pytest.raises(SystemExit) as end:
        main.main()

    assert end.value.code == 70
    assert "ZeroDivisionError: division by zero" in capsys.readouterr().err


def test_names_that_nearly_exist_are_found() -> None:
    decks = ["backprop", "gradient-descent", "loss"]

    assert near("backprob", decks) == "did you mean backprop?"
    assert near("gradient", decks) == "did you mean gradient-descent?"
    assert near("zzz", decks) == "there are: backprop, gradient-descent, loss"
    assert near("", decks) == "the name is empty"
    assert near("ga", decks) == "there are: backprop, gradient-descent, loss", "two letters are in many names"
    assert near("zzz", [f"a{number}" for number in range(1000)]) == "there are 1000"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("reveiw", "review"), ("ude", "due"), ("sycn", "sync"), ("stat", "stats"), ("optimize", "optimise")],
)
def test_a_slip_of_the_finger_finds_the_command(typed: str, meant: str) -> None:
    assert near(typed, TABLE).startswith(f"did you mean {meant}")


@pytest.mark.parametrize("typed", ["today", "anki", "list", "study", "edit"])
def test_a_word_that_is_like_no_command_suggests_none(typed: str) -> None:
    assert near(typed, TABLE).startswith("there are: ")


def test_cleaned_text_keeps_letters_and_loses_commands() -> None:
    assert clean("∂L é 漢 \x1b[2J\x9b1m\u202eabc") == "∂L é 漢 ␛[2J\ufffd1m\ufffdabc"


def test_json_keeps_every_character_and_steers_no_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    value = {"∂": "a\x1b\x7f\x9b2J\u202e\u2066\u2028\ud800\U000e0001 é 漢 😀\n\t"}

    print_json(value)
    printed = capsys.readouterr().out

    assert all(line.isprintable() for line in printed.splitlines())
    assert "é 漢 😀" in printed
    assert "\\u009b2J\\u202e" in printed
    assert json.loads(printed) == value
