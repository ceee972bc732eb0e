"""An exercise line by line, over a real pipe: for those who cannot or do not want to see a screen."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from studyapp.storage.errors import DiskFull
from studyapp.storage.journal import Journal

PUBLISHED = ("exercise", "linear-neuron", "--example", "--level", "3", "--plain")


def test_the_published_numbers_are_worked_over_a_pipe_and_scheduled(process, kept: Callable) -> None:
    done = process(*PUBLISHED, lines=("0.5*1.0 - 0.2*0.8", "t-y", "0.026 0.021", "0.526, -0.179", "", ""))

    assert done.returncode == 0, done.stderr
    for part in (
        "Level 3: the formulas of every step. The published example. This counts as a review.",
        "  w = (0.5, −0.2)",
        "input x₂ 0.8 with weight w₂ −0.2",
        "Step 1 of 4. Multiply weights and inputs and add up to get y.",
        "Right. To six figures: 0.34.",
        "The worked solution:",
        "y = 0.5·1 + (−0.2)·0.8 = 0.34",
        "Your answer: t-y (right).",
        "Good: again in",
    ):
        assert part in " ".join(done.stdout.split("\n")) or part in done.stdout, part
    assert [(entry.body["template"], entry.grade) for entry in kept() if entry.kind == "review"] == [
        ("linear-neuron", 3)
    ]


def test_a_mistake_is_named_and_can_be_kept(process) -> None:
    done = process(*PUBLISHED, lines=("0.34", "-0.26", "k", "-0.026 -0.0208", "q"))

    assert "Not yet. You took the difference the other way round." in done.stdout
    assert "Kept: later steps follow from it." in done.stdout
    assert "Right for your earlier value" in done.stdout
    assert "Left; everything you answered is kept." in done.stdout
    assert "The worked solution" not in done.stdout


def test_hints_scratch_and_help_are_lines_too(process) -> None:
    done = process(*PUBLISHED, lines=("?", "= 0.5*0.8", "h", "h", "h", "h", "w", "g"))

    assert "  h  the next hint; the last one tells the result" in done.stdout
    assert "= 0.4   (calculated, not marked)" in done.stdout
    assert "y = 0.5·1 + (−0.2)·0.8 = ?" in done.stdout
    assert done.stdout.index("Step 2 of 4") > done.stdout.index("y = 0.5·1 + (−0.2)·0.8 = 0.34")
    assert done.stdout.count("Given:") == 2
    assert done.returncode == 0


def test_the_result_is_not_told_before_it_was_said_that_it_comes_next(process) -> None:
    done = process(*PUBLISHED, lines=("h", "h", "h", "0.34", "h", "h", "h", "h", "q"))

    assert done.stdout.count("The next hint is the result") == 2
    assert "Right." in done.stdout
    assert "Step 3 of 4" in done.stdout
    assert "e = 0.6 − 0.34 = 0.26" in done.stdout


def test_a_worked_sitting_whose_grade_was_not_taken_is_graded_the_next_time(process, kept: Callable) -> None:
    """Two published steps more: the sitting is at its end in the journal, and only the grade is missing."""
    first = process(*PUBLISHED, lines=("0.34", "t-y", "0.026 0.021", "0.526, -0.179", "2"))
    assert first.returncode == 0
    process("undo")

    second = process("exercise", "linear-neuron", "--plain", lines=("1", ""))

    assert "The worked solution:" in second.stdout
    assert "Again: again in" in second.stdout
    assert [entry.grade for entry in kept() if entry.kind == "review"][-1] == 1


def test_what_was_left_goes_on_and_the_end_of_the_input_takes_the_proposed_grade(process, kept: Callable) -> None:
    first = process("exercise", "linear-neuron", lines=("7 7",))
    assert "Not yet." in first.stdout
    assert not [entry for entry in kept() if entry.kind == "review"]

    second = process("exercise", "linear-neuron", lines=("w",))

    assert "You go on where you left it." in second.stdout
    assert [entry.grade for entry in kept() if entry.kind == "review"] == [1]


def test_formulas_are_spoken_and_nothing_is_drawn(process) -> None:
    done = process("exercise", "mlp-2-2-1", "--level", "3", "--seed", "5", "--speak", lines=("q",))

    assert "a superscript 1 equals sigma of z superscript 1" in done.stdout
    assert "A 2-2-1 network." in done.stdout
    assert not any(0x2800 <= ord(sign) < 0x2900 or 0x2500 <= ord(sign) < 0x2580 for sign in done.stdout)


def test_a_file_of_ones_own_is_an_exercise_and_a_wrong_name_is_told(shell, tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(
        'title = "Mine"\nforward = "y = 3*x\\nL = y**2"\nloss = "L"\nask = ["y"]\n'
        "[sample.x]\none_of = [0.2, 0.3, 0.4]\n",
        encoding="utf-8",
    )

    done = shell("exercise", str(path), "--level", "3", lines=("= 3*x", "3*x", ""))
    assert "Mine." in done.stdout
    assert "Practice only: no deck schedules it." in done.stdout
    assert "The worked solution:" in done.stdout

    wrong = shell("exercise", "linear-neuro")
    assert wrong.exit_code == 1
    assert "did you mean linear-neuron" in wrong.stderr


def test_without_a_name_the_exercises_are_listed_with_level_and_state(shell) -> None:
    listed = shell("exercise").stdout
    assert "One step (level 1" in listed or "One step of a linear neuron (level 1, new)" in listed

    rows = {row["item"]: row for row in json.loads(shell("exercise", "--json").stdout)}
    assert (rows["small/step"]["template"], rows["small/step"]["due"]) == ("linear-neuron", False)
    assert (rows["small/step"]["good_days"], rows["small/step"]["mastered"]) == (0, False)


def test_the_end_says_at_which_level_one_goes_on(shell) -> None:
    ended = [
        shell(*PUBLISHED, lines=("0.34", "0.26", "0.026 0.021", "0.526, -0.179", "3")).stdout,
        shell(*PUBLISHED, lines=("0.34", "0.26", "0.026 0.021", "0.526, -0.179", "3")).stdout,
    ]

    said = "Next time at level 4: the names of the steps."
    assert [said in " ".join(one.split()) for one in ended] == [False, True]


def test_the_list_tells_what_is_mastered(shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("studyapp.study.exercises.good_days", lambda past, highest: 3 if past else 0)
    shell(*PUBLISHED, lines=("0.34", "0.26", "0.026 0.021", "0.526, -0.179", ""))
    listed = shell("exercise", "list").stdout

    assert "One step of a linear neuron (level 3, mastered)" in listed
    assert listed.count("mastered") == 1
    assert listed == shell("exercise").stdout


def test_a_plain_review_works_its_exercises_step_by_step(process, kept: Callable) -> None:
    """It used to pass them by."""
    before = (":b",) * 7
    done = process("review", "small", "--plain", lines=(*before, "?", "9 9", "k", "3"))

    assert "Step 4 of 4." in done.stdout
    assert [(entry.item, entry.grade) for entry in kept() if entry.kind == "review"] == [("small/step", 3)]


def test_an_exercise_left_in_a_plain_review_stays_due_and_the_rest_goes_on(process, kept: Callable) -> None:
    done = process("review", "small", "--plain", lines=(*(":b",) * 7, "9 9", "q"))

    assert "Left; everything you answered is kept." in done.stdout
    assert "1 exercise left for `studyapp exercise`." in done.stdout
    assert not [entry for entry in kept() if entry.kind == "review"]


def test_a_refused_act_is_said_changes_nothing_and_ends_with_the_database_code(
    shell, kept: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_args: object, **_more: object) -> None:
        raise DiskFull("The disk is full.")

    with monkeypatch.context() as broken:
        broken.setattr(Journal, "append", refuse)
        done = shell(*PUBLISHED, lines=("0.34", "w"))

    assert done.stdout.count("Not kept: The disk is full.") == 2
    assert "Step 2 of 4" not in done.stdout
    assert done.exit_code == 3
    assert kept() == ()


def test_at_level_five_only_the_result_is_asked_until_it_is_missed(shell) -> None:
    done = shell("exercise", "linear-neuron", "--level", "5", "--seed", "1", lines=("7 7", "q"))

    assert "Step 1 of 1. Find the new weights." in done.stdout
    assert "So step by step: the steps that lead there have opened." in done.stdout
    assert "Step 1 of 4. Multiply weights and inputs" in done.stdout


def test_a_seed_and_the_published_numbers_exclude_each_other(shell) -> None:
    assert shell("exercise", "linear-neuron", "--example", "--seed", "3").exit_code == 2
    assert shell("exercise", "linear-neuron", "--json").exit_code == 2
