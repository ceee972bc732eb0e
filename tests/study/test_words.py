"""Figures read as a person says them."""

import pytest

from studyapp.study import words


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "<1 min"), (60, "<1 min"), (61, "<2 min"), (600, "<10 min"), (3_600, "1 hour"), (7_200, "2 hours"),
        (86_400, "1 day"), (3 * 86_400, "3 days"), (30 * 86_400, "30 days"), (31 * 86_400, "1 month"),
        (76 * 86_400, "2.5 months"), (400 * 86_400, "1.1 years"), (36_500 * 86_400, "100 years"),
    ],
)  # fmt: skip
def test_a_wait_is_said_with_at_most_two_figures_below_a_century(seconds: int, said: str) -> None:
    assert words.wait(seconds) == said


def test_shares_and_times() -> None:
    assert words.percent(None) == "–"
    assert words.percent(0.873) == "87 %"
    assert words.minutes(20_000) == "under a minute"
    assert words.minutes(9 * 60_000) == "9 minutes"
    assert words.minutes(125 * 60_000) == "2 h 05 min"
    assert words.plural(1, "card") == "1 card"
    assert words.plural(1_200, "card") == "1\u202f200 cards"


def test_a_guessed_time_is_said_as_a_person_would() -> None:
    assert words.about(20_000) == "under a minute"
    assert words.about(9 * 60_000) == "about 9 minutes"
