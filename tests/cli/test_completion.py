"""What the shell offers when exercises and labs are completed."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import content
from studyapp.study.labs import LABS


@pytest.fixture
def completed(tmp_path: Path):
    """What the program answers the shell for a line whose last word is not finished: type and text of each offer."""

    def complete(line: str) -> list[tuple[str, str]]:
        environment = {
            **os.environ,
            "STUDYAPP_HOME": str(tmp_path),
            "_STUDYAPP_COMPLETE": "bash_complete",
            "COMP_WORDS": line,
            "COMP_CWORD": str(len(line.split(" ")) - 1),
        }
        program = [sys.executable, "-c", "from studyapp.cli.main import main; main()"]
        done = subprocess.run(program, env=environment, capture_output=True, text=True, check=False, timeout=60)
        assert done.stderr == ""
        return [(kind, text) for kind, _, text in (row.partition(",") for row in done.stdout.splitlines() if row)]

    return complete


def test_exercises_are_completed_beside_what_else_can_be_done_with_them(completed) -> None:
    templates = sorted(path.stem for path in (content.bundled() / "exercises").glob("*.toml"))

    offered = [text for _, text in completed("studyapp exercise ")]

    assert offered == ["new", "check", "list", *templates]
    assert [text for _, text in completed("studyapp exercise ne")] == ["new", "nesterov"]


def test_sheets_are_asked_for_by_the_names_of_templates(completed) -> None:
    assert completed("studyapp exercise new mlp") == [
        ("plain", "mlp-2-2-1"),
        ("plain", "mlp-2-2-2"),
        ("plain", "mlp-relu"),
    ]


def test_what_is_no_exercise_is_the_path_of_a_file(completed) -> None:
    assert completed("studyapp exercise ./mi") == [("file", "./mi")]


def test_labs_are_completed(completed) -> None:
    assert [text for _, text in completed("studyapp lab ")] == list(LABS)
    assert completed("studyapp lab ra") == [("plain", "race")]


def test_settings_are_completed(completed) -> None:
    assert completed("studyapp settings new_") == [("plain", "new_per_day")]
