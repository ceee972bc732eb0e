"""Quiz, flashcards, lessons, search and progress line by line."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest

from content.model import Kind
from studyapp.study.quiz import QUIZ_KINDS


def answer_all(done: str) -> list[str]:
    """The questions of a quiz in the order asked."""
    return re.findall(r"^Question \d+ of \d+\.\n(.*)$", done, re.MULTILINE)


def test_a_quiz_gives_a_score_and_asks_the_missed_ones_again(shell, kept: Callable) -> None:
    only = ("quiz", "small", "--kinds", "true-false,typed", "--seed", "5", "-n", "2")
    asked = answer_all(shell(*only, lines=("", "")).stdout)
    wrong_then_right = {"Name of the quantity": ("nonsense word", "delta"), "Gradients": ("f", "t")}
    order = [next(name for name in wrong_then_right if question.startswith(name)) for question in asked]
    first = [wrong_then_right[name][0] for name in order]
    second = [wrong_then_right[name][1] for name in order]

    done = shell(*only, lines=(*first, "y", *second))

    assert done.exit_code == 0
    assert "0 of 2 points, 0 %" in done.stdout
    assert "- Name of the quantity (you: nonsense word)" in done.stdout
    assert "2 of 2 points, 100 %" in done.stdout
    assert [entry.body["points"] for entry in kept() if entry.kind == "quiz"][-1] == 0


def test_the_same_seed_draws_the_same_quiz(shell) -> None:
    """A teacher can set one."""
    quizzes = [answer_all(shell("quiz", "small", "--seed", seed, lines=("",) * 12).stdout) for seed in ("4", "4", "6")]

    assert quizzes[0] == quizzes[1] != quizzes[2]


def test_a_quiz_left_early_keeps_the_score_of_what_was_answered(shell, kept: Callable) -> None:
    done = shell("quiz", "small", "--kinds", "true-false,typed,numeric", "--seed", "1", lines=("",))

    assert done.exit_code == 0
    assert "0 of 1 points, 0 %; 2 not asked." in done.stdout
    assert [entry.body["total"] for entry in kept() if entry.kind == "quiz"] == [1]
    assert not [entry for entry in kept() if entry.kind == "review"], "a quiz schedules nothing by itself"


def test_a_quiz_can_count_as_reviews(shell, kept: Callable) -> None:
    shell("quiz", "small", "--kinds", "typed", "--as-reviews", lines=("delta",))

    assert [(entry.item, entry.grade) for entry in kept() if entry.kind == "review"] == [("small/name", 3)]


def test_what_the_machine_cannot_judge_the_person_does(shell) -> None:
    done = shell("quiz", "small", "--kinds", "basic", lines=("", "maybe", "y"))

    assert "Answer: The derivative ∂L/∂z." in done.stdout
    assert done.stdout.count("Did you know it?") == 2
    assert "1 of 1 points, 100 %" in done.stdout


def test_a_kind_that_does_not_exist_is_misuse(shell) -> None:
    done = shell("quiz", "--kinds", "choise")

    assert done.exit_code == 2
    assert "did you mean choice" in done.stderr


def test_the_help_of_quiz_names_every_kind(shell) -> None:
    text = shell("quiz", "--help").stdout

    assert all(kind.value in text for kind in QUIZ_KINDS)
    assert Kind.EXERCISE.value not in text


def test_flashcards_turn_go_back_and_write_nothing(shell, kept: Callable) -> None:
    done = shell("cards", "small", lines=("", "", "", "p", "", "q"))

    assert done.exit_code == 0
    assert re.findall(r"^(\d) of 7\.$", done.stdout, re.MULTILINE) == ["1", "2", "1"]
    assert kept() == ()


def test_flashcards_end_at_the_last_card(shell) -> None:
    assert "That was the last card." in shell("cards", "small", lines=("",) * 14).stdout


def test_a_lesson_in_a_pipe_is_printed_whole(shell) -> None:
    done = shell("lesson", "small")

    assert done.exit_code == 0
    assert "Page 1 of 2. First section" in done.stdout
    assert "Try before you read:\n- What is δ?" in done.stdout
    assert "Prose about δ." in done.stdout
    assert "Page 2 of 2. Second section" in done.stdout
    assert "Source: Nielsen" in done.stdout


def test_without_a_deck_the_lessons_are_listed_in_order(shell) -> None:
    lines = shell("lesson").stdout.splitlines()

    assert lines[0].startswith(" 1. Neurons")
    assert any("A small deck (small): 7 cards, 1 exercise; ready, 0 % known" in line for line in lines)


def test_progress_in_words_and_as_json_says_the_same(shell) -> None:
    shell("review", "small", lines=("", "3", "", "1"))

    words = shell("progress", "--plain").stdout
    data = json.loads(shell("progress", "--json").stdout)

    assert "2 reviews on 1 day" in words
    assert data == json.loads(shell("stats", "--json").stdout)
    assert data["reviews"] == 2
    assert [(day["reviews"], day["again"], day["good"]) for day in data["days"]] == [(2, 1, 1)]
    assert data["days"][0]["day"] == data["last"]
    assert data["streak"] == 1
    assert len(data["forecast"]) == 30
    assert data["sentences"]["reviews"] in " ".join(words.split())
    states = next(one for one in data["states"] if one["deck"] == "small")
    assert (states["new"], states["young"] + states["learning"]) == (6, 2)


def test_stats_of_one_deck_leave_the_others_out(shell) -> None:
    shell("review", "small", lines=("", "3"))

    assert json.loads(shell("stats", "--deck", "small", "--json").stdout)["reviews"] == 1
    assert json.loads(shell("stats", "--deck", "neurons", "--json").stdout)["reviews"] == 0
    assert shell("stats", "--deck", "neuron").exit_code == 1


def test_search_finds_by_words_and_by_filters(shell) -> None:
    rows = json.loads(shell("search", "sigmoid", "deck:small", "--json").stdout)

    assert {row["key"] for row in rows} == {"small/shrink", "small/slope:c1"}
    assert (
        "small/slope:c1  The slope of the sigmoid is at most [a number].  (new)"
        in shell("search", "slope", "deck:small").stdout
    )
    assert shell("search", "deck:small", "kind:exercise").stdout.startswith("small/step")


def test_search_that_finds_nothing_says_so_and_an_unknown_filter_is_an_error(shell) -> None:
    nothing = shell("search", "zzzz")
    assert (nothing.exit_code, nothing.stdout) == (0, "")
    assert "No card" in nothing.stderr
    assert shell("search", "is:odd").exit_code == 1
    strange = shell("search", "deck:smal", "sigmoid")
    assert strange.exit_code == 1
    assert "did you mean small? `studyapp deck list` shows all" in strange.stderr
    assert "tag:calculus: read as words" in shell("search", "tag:calculus").stderr


@pytest.mark.parametrize("typed", ["", " ", ".", "?", "…", "( )"])
def test_search_for_what_every_card_has_asks_for_a_word(shell, typed: str) -> None:
    done = shell("search", typed)

    assert (done.exit_code, done.stdout) == (1, "")
    assert "type a word" in done.stderr
    assert shell("search", "δ", typed).exit_code == 0, "beside a word it does no harm"


def test_search_finds_signs_of_formulas(shell) -> None:
    (row,) = json.loads(shell("search", "\\partial", "deck:small", "--json").stdout)

    assert row["key"] == "small/delta"
    assert shell("search", "=").stdout
