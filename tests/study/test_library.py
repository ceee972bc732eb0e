"""A deck file is read when it changes, and a broken one stops nothing."""

from pathlib import Path

import pytest

from studyapp.memory.model import Grade
from studyapp.storage import doctor
from studyapp.study.desk import Desk


def test_a_file_is_read_again_only_when_it_changed(desk: Desk, deck_file: Path) -> None:
    assert desk.refresh() is False

    deck_file.write_text(deck_file.read_text() + "\n## One more? {#more}\n\nYes.\n")

    assert desk.refresh() is True
    assert desk.item("small/more") is not None


def test_a_broken_card_is_named_and_the_others_are_there(desk: Desk, deck_file: Path) -> None:
    deck_file.write_text(deck_file.read_text() + "\n## No right option {#bad}\n\n- [ ] a\n- [ ] b\n")

    desk.refresh()

    assert [problem.code for problem in desk.problems] == ["no-right-option"]
    assert desk.item("small/bad") is None
    assert desk.item("small/delta") is not None


def test_a_file_that_stops_being_a_deck_keeps_what_was_known(desk: Desk, deck_file: Path) -> None:
    desk.review().grade(Grade.EASY)
    good = deck_file.read_text()
    deck_file.write_bytes(b"\xff\xfe\x00 not a deck")

    desk.refresh()

    assert [problem.code for problem in desk.problems] == ["not-text"]
    deck_file.write_text(good)
    desk.refresh()
    assert desk.problems == ()
    assert desk.store.journal.state("small/delta").reps == 1


def test_a_deck_taken_off_the_list_keeps_its_history(desk: Desk, deck_file: Path) -> None:
    desk.review().grade(Grade.EASY)
    desk.change("decks", [])
    assert desk.item("small/delta") is None

    desk.change("decks", [str(deck_file)])

    assert desk.store.journal.state("small/delta").reps == 1


def test_renaming_a_card_with_an_alias_keeps_its_history(desk: Desk, deck_file: Path) -> None:
    desk.review().grade(Grade.EASY)
    text = deck_file.read_text().replace("{#delta ", "{#error-term ")
    deck_file.write_text(text.replace("[sources]", '[aliases]\ndelta = "error-term"\n[sources]'))

    desk.refresh()

    assert desk.store.journal.state("small/error-term").reps == 1


@pytest.mark.parametrize("name", ["another.md", "zebra.md"])
def test_a_card_that_moves_to_another_deck_takes_its_history_along(desk: Desk, deck_file: Path, name: str) -> None:
    """Whichever of the two files is read first, and what is kept is what a replay gives."""
    desk.review().grade(Grade.EASY)
    text = deck_file.read_text()
    start, end = text.index("## What is δ?"), text.index("## BPTT")
    head = '+++\nid = "other"\ntitle = "Other"\n[aliases]\n"small/delta" = "error-term"\n+++\n\n'
    other = deck_file.with_name(name)
    other.write_text(head + text[start:end].replace("{#delta ", "{#error-term ").replace(" [@nielsen]", ""))
    deck_file.write_text(text[:start] + text[end:])

    desk.change("decks", [str(deck_file), str(other)])

    assert desk.problems == ()
    assert desk.item("small/delta") is None
    assert desk.store.journal.state("other/error-term").reps == 1
    caches = [one for one in doctor.examine(desk.store.path).problems if "backup" not in one.what]
    assert caches == []


def test_two_files_with_one_deck_id_are_told_apart(desk: Desk, deck_file: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.md"
    copy.write_text(deck_file.read_text())

    desk.change("decks", [str(deck_file), str(copy)])

    assert [problem.code for problem in desk.problems] == ["duplicate-deck"]
    assert len(desk.library.decks()) == 1


def test_a_file_that_is_away_for_now_is_named_and_its_cards_stay(desk: Desk, deck_file: Path) -> None:
    """A stick that is not plugged in must not empty the day's queue."""
    deck_file.rename(deck_file.with_suffix(".away"))

    desk.refresh()

    assert [problem.code for problem in desk.problems] == ["unreadable"]
    assert desk.item("small/delta") is not None
