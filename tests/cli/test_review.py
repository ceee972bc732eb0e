"""A review line by line, as a screen reader's or a pipe's user lives it."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from studyapp.storage.entry import Entry
from studyapp.storage.errors import DiskFull
from studyapp.study.review import ReviewSession

Kept = Callable[[], tuple[Entry, ...]]
PLAIN = ("review", "small")


def grades(entries: tuple[Entry, ...]) -> list[tuple[str, int | None]]:
    return [(entry.item.partition("/")[2], entry.grade) for entry in entries if entry.kind == "review"]


def letter(output: str, option: str) -> str:
    """The letter under which an option was last shown."""
    return re.findall(rf"^  (\w)\) {option}$", output, re.MULTILINE)[-1]


def test_a_whole_session_asks_every_kind_grades_it_and_says_what_comes_next(shell, kept: Kept) -> None:
    lines = ("", "3", ":b", "", "2", "t", "", "0.25", "", "0,0208", "", "delta", "4", "q")
    done = shell(*PLAIN, lines=lines)

    assert done.exit_code == 0, done.output
    assert grades(kept()) == [
        ("delta", 3), ("rules", 2), ("shrink", 3), ("slope:c1", 3), ("change", 3), ("name", 4),
    ]  # fmt: skip
    out = done.stdout
    assert "What is δ?" in out
    assert "Answer: The derivative ∂L/∂z." in out
    assert "It is the error term." in out
    assert "Source: Nielsen, Neural Networks and Deep Learning" in out
    assert "1 Again" in out
    assert "Done." in out
    assert "6 reviews" in out
    assert "tomorrow" in out


def test_the_end_of_the_input_is_a_polite_end_and_loses_nothing(shell, kept: Kept) -> None:
    done = shell(*PLAIN, lines=("", "3", ""))

    assert done.exit_code == 0
    assert "Stopped; what you graded is kept." in done.stdout
    assert grades(kept()) == [("delta", 3)]
    again = shell(*PLAIN, lines=("q",))
    assert "Which rule?" in again.stdout
    assert "What is δ?" not in again.stdout


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
def test_ctrl_c_is_a_polite_end_too(interrupted, kept: Kept) -> None:
    done = interrupted(*PLAIN, lines=("", "3"), until="Pick a or b")

    assert done.returncode == 0, done.stderr
    assert "Stopped; what you graded is kept." in done.stdout
    assert "Traceback" not in done.stderr
    assert grades(kept()) == [("delta", 3)]


def test_a_wrong_choice_is_told_why_and_proposes_again(shell, kept: Kept) -> None:
    shown = shell(*PLAIN, lines=(":b",)).stdout
    wrong = letter(shown, "The product rule")
    right = letter(shown, "The chain rule")

    done = shell(*PLAIN, lines=(wrong.upper(), ""))

    assert "Wrong." in done.stdout
    assert "That one is for products." in done.stdout
    assert f"Answer: {right}) The chain rule" in done.stdout
    assert "Grade, Enter for Again (wrong)" in done.stdout
    assert grades(kept()) == [("rule", 1)]


def test_two_letters_where_one_is_asked_for_are_a_slip_of_the_finger(shell, kept: Kept) -> None:
    done = shell(*PLAIN, lines=(":b", "ab", "z"))

    assert done.stdout.count("That is not one of the answers here") == 2
    assert grades(kept()) == []


def test_thinking_aloud_shows_the_answer(shell) -> None:
    assert "Answer: The derivative" in shell(*PLAIN, lines=("the slope of the loss, I think",)).stdout


def test_several_letters_pick_all_that_apply(shell, kept: Kept) -> None:
    shown = shell(*PLAIN, lines=(":b", ":b")).stdout
    both = letter(shown, "SGD") + ", " + letter(shown, "Adam")

    shell(*PLAIN, lines=(both, ""))

    assert grades(kept()) == [("rules", 3)]


def test_a_letter_that_is_an_option_picks_it_and_only_the_colon_makes_it_a_command(shell, kept: Kept) -> None:
    """`b` must never bury the card whose answer is b."""
    shell(*PLAIN, lines=(":b", "b", ""))

    assert [entry.kind for entry in kept()] == ["bury", "review"]


def test_where_a_number_is_asked_a_letter_is_a_command_without_a_colon(shell, kept: Kept) -> None:
    """The first line says that q stops; “q was not understood” would contradict it."""
    done = shell(*PLAIN, lines=(*(":b",) * 5, "b", "q"))

    assert "not understood" not in done.stdout
    assert [entry.kind for entry in kept()] == ["bury"] * 6


def test_what_cannot_be_read_is_asked_again_and_costs_nothing(shell, kept: Kept) -> None:
    lines = (*(":b",) * 5, "two", "0.02", "0.0208", "", ":q")
    done = shell(*PLAIN, lines=lines)

    assert "not understood" in done.stdout
    assert done.stdout.count("Type 3 significant figures") == 3
    assert grades(kept()) == [("change", 3)]


def test_undo_takes_back_the_last_grade_and_asks_again(shell, kept: Kept) -> None:
    done = shell(*PLAIN, lines=("", "1", "u", "", "4"))

    assert "Again of “What is δ?” taken back." in done.stdout
    assert done.stdout.count("What is δ?\n") == 2
    assert grades(kept()) == [("delta", 4)]


def test_what_undo_takes_back_is_named_as_it_was_read(shell, learner: Path) -> None:
    """Formulas as the card showed them, not as their source."""
    deck = learner.parent / "small.md"
    deck.write_text(deck.read_text(encoding="utf-8").replace("What is δ?", r"What is $\delta_1$?"), encoding="utf-8")
    shell(*PLAIN, lines=("", "1", ":q"))

    assert shell("undo").stdout == "Again of “What is δ₁?” taken back.\n"
    assert shell("redo").stdout == "Again of “What is δ₁?” done again.\n"


def test_nothing_to_undo_is_said(shell) -> None:
    assert "There is nothing to undo." in shell(*PLAIN, lines=("u",)).stdout


def test_hint_flag_suspend_and_help(shell, kept: Kept) -> None:
    done = shell(*PLAIN, lines=("?", "h", "f", "v", "s"))

    assert "bury: not again today" in done.stdout
    assert "Hint: Think of z." in done.stdout
    assert "small.md, line 16" in "".join(done.stdout.split("\n"))
    assert [(entry.kind, entry.item) for entry in kept()] == [("flag", "small/delta"), ("suspend", "small/delta")]


def test_i_was_right_keeps_the_spelling(shell, kept: Kept) -> None:
    done = shell(*PLAIN, lines=(*(":b",) * 6, "local error", "o"))

    assert "Wrong." in done.stdout
    assert [entry.kind for entry in kept()][-2:] == ["accept-answer", "review"]
    assert grades(kept()) == [("name", 3)]


def test_grading_by_confidence_takes_one_to_five(shell, kept: Kept) -> None:
    shell("settings", "grade_by", "confidence")

    done = shell(*PLAIN, lines=("", "5"))

    assert "1 not at all … 5 perfectly" in done.stdout
    assert kept()[-1].body["rated"] == 5


def test_confidence_is_asked_before_the_answer_is_marked(shell, kept: Kept) -> None:
    shell("settings", "ask_confidence", "yes")

    done = shell(*PLAIN, lines=(":b", "a", "9", "5", ""))

    assert done.stdout.count("How sure are you") == 2
    assert kept()[-1].body["confidence"] == 5


def test_plain_text_has_nothing_that_draws(shell) -> None:
    """Box characters and escapes are noise in a screen reader and in a file."""
    for done in (shell(*PLAIN, lines=("",)), shell("lesson", "small")):
        assert not re.search("[\x00-\x09\x0b-\x1f\u2500-\u257f]", done.stdout), done.stdout
        assert max(map(len, done.stdout.splitlines())) <= 80
    assert "x --> y" in done.stdout


def test_formulas_are_spoken_on_request(shell) -> None:
    done = shell(*PLAIN, "--speak", lines=("",))

    assert "partial L over partial z" in done.stdout


def test_a_deck_cannot_move_the_cursor(shell, learner: Path) -> None:
    deck = learner.parent / "small.md"
    deck.write_text(deck.read_text(encoding="utf-8").replace("What is δ?", "What \x1b[31mis\x9b2J [bold]δ[/]?"))

    out = shell(*PLAIN).stdout

    assert "\x1b" not in out
    assert "\x9b" not in out
    assert "[bold]δ[/]?" in out


def test_a_refused_grade_leaves_the_item_and_the_next_try_works(
    shell, kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    refusals = [DiskFull("no room; make room")]
    whole = ReviewSession.grade

    def grade(self: ReviewSession, *given: object, **named: object) -> None:
        if refusals:
            raise refusals.pop()
        whole(self, *given, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(ReviewSession, "grade", grade)
    done = shell(*PLAIN, lines=("", "3", "3"))

    assert done.exit_code == 0
    assert "Not kept: no room; make room" in done.stdout
    assert grades(kept()) == [("delta", 3)]


def test_leaving_after_a_refused_grade_ends_with_three(shell, monkeypatch: pytest.MonkeyPatch) -> None:
    """A script must learn that the last line it sent is not kept."""

    def refuse(*_given: object, **_named: object) -> None:
        raise DiskFull("no room; make room")

    monkeypatch.setattr(ReviewSession, "grade", refuse)
    done = shell(*PLAIN, lines=("", "3"))

    assert done.exit_code == 3
    assert "could not be kept" in done.stderr


def test_a_deck_that_does_not_exist_is_named_with_its_neighbours(shell) -> None:
    done = shell("review", "smal")

    assert done.exit_code == 1
    assert "there is no deck 'smal'; did you mean small?" in done.stderr


def test_the_time_it_takes_and_a_plan_after_an_absence_are_said(shell) -> None:
    assert re.search(r"^\d+ to review, about (\d+ minutes|under a minute)\.", shell("review").stdout)


def test_slips_one_was_sure_about_are_counted(shell) -> None:
    shell("settings", "ask_confidence", "on")

    done = shell(*PLAIN, lines=(":b", ":b", ":b", "f", "5", ""))

    assert "1 slip you were sure about." in done.stdout


def test_a_deck_may_be_called_by_its_title(shell) -> None:
    assert "What is δ?" in shell("review", "a small DECK").stdout


def test_due_says_the_same_as_the_session(shell) -> None:
    shell(*PLAIN, lines=("", "3", "", "3"))

    due = json.loads(shell("due", "--json").stdout)

    small = next(deck for deck in due["decks"] if deck["deck"] == "small")
    assert small == {
        "deck": "small", "title": "A small deck", "due_now": 0, "later_today": 0, "tomorrow": 0, "unseen": 6,
    }  # fmt: skip
    assert due["new_now"] == 98


def test_an_exercise_that_was_left_is_told_once_at_the_end(process) -> None:
    done = process(*PLAIN, "--plain", lines=(*(":b",) * 7, "9 9", "q"))

    assert "1 exercise left for `studyapp exercise`." in done.stdout
    assert "left now" not in done.stdout


def test_a_database_that_is_taken_away_while_a_grade_is_given_keeps_nothing_and_says_so(
    shell, kept: Kept, learner: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = ReviewSession.grade
    file, away = learner / "studyapp.db", learner / "away.db"

    def answer(self: ReviewSession, *given: object, **named: object) -> None:
        whole(self, *given, **named)  # type: ignore[arg-type]
        if file.exists():
            file.rename(away)

    monkeypatch.setattr(ReviewSession, "grade", answer)
    done = shell(*PLAIN, lines=("", "3", "", "b", "2"))

    assert done.exit_code == 3
    assert "the database is not there any more" in " ".join(done.stdout.split())
    away.rename(file)
    assert grades(kept()) == [("delta", 3)]
