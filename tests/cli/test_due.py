"""`studyapp due`: the numbers of Today without the program behind it."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from studyapp.study.desk import Desk


def test_before_the_first_start_it_says_what_to_do_and_makes_nothing(shell, learner: Path) -> None:
    before = sorted(learner.iterdir())

    assert shell("due").stdout == "Nothing yet: start with `studyapp`.\n"
    data = json.loads(shell("due", "--json").stdout)

    assert (data["started"], data["due_now"], data["decks"]) == (False, 0, [])
    assert sorted(learner.iterdir()) == before


@pytest.mark.parametrize("steps", ["[]", "[60, 600]", "[7200]"])
def test_it_says_the_same_as_today(shell, learner: Path, steps: str) -> None:
    """Long steps come back later today (or tomorrow, late in the evening); without steps tomorrow or later."""
    config = learner / "config.toml"
    config.write_text(config.read_text(encoding="utf-8").replace("learning_steps = []", f"learning_steps = {steps}", 1))
    shell("review", "small", lines=("", "1", "", "2", "", "3", "", "4", "", "1"))

    data = json.loads(shell("due", "--json").stdout)
    with Desk.open(learner) as desk:
        today = desk.today()

    assert data["started"]
    assert data["date"] == today.date.isoformat()
    assert (data["due_now"], data["later_today"], data["tomorrow"]) == (
        today.due_now,
        today.later_today,
        today.tomorrow,
    )
    assert data["due_now"] + data["later_today"] + data["tomorrow"] > 0
    assert {deck["deck"]: deck["due_now"] for deck in data["decks"]} == {deck.id: deck.due for deck in today.decks}


def test_new_items_stop_at_the_days_limit(shell, learner: Path) -> None:
    config = learner / "config.toml"
    config.write_text(config.read_text(encoding="utf-8").replace("new_per_day = 100", "new_per_day = 5"))
    shell("review", "small", lines=("", "3", "", "3"))

    assert json.loads(shell("due", "--json").stdout)["new_now"] == 3
    assert shell("due").stdout.startswith("0 due now and up to 3 new, 0 later today, ")


def test_a_prompt_gets_the_number_alone(shell, learner: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert shell("due", "--count").stdout == "0\n"
    config = learner / "config.toml"
    config.write_text(config.read_text(encoding="utf-8").replace("learning_steps = []", "learning_steps = [60]", 1))
    shell("review", "small", lines=("", "1", ":q"))
    later = time.time_ns() + 2 * 3600 * 10**9
    monkeypatch.setattr("time.time_ns", lambda: later)

    assert shell("due", "--count").stdout == "1\n"
    assert shell("due", "--count", "--json").exit_code == 2


@pytest.mark.parametrize("year", [10_000, 300_000])
def test_a_clock_that_no_calendar_reaches_is_said_in_a_sentence(
    shell, monkeypatch: pytest.MonkeyPatch, year: int
) -> None:
    monkeypatch.setattr("time.time_ns", lambda: (year - 1970) * 31_556_952 * 10**9 + 10**15)

    done = shell("due")

    assert done.exit_code == 1
    assert "clock is beyond the year 9999" in done.stderr


def test_the_table_names_every_deck(shell) -> None:
    shell("review", "small")

    lines = shell("due").stdout.splitlines()

    assert lines[2].split() == ["due", "now", "later", "today", "tomorrow", "unseen", "deck"]
    assert any(line.split() == ["0", "0", "0", "8", "A", "small", "deck", "(small)"] for line in lines)
    assert max(map(len, lines[:3])) <= 80
