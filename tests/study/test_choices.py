"""Settings as people read and type them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studyapp.study import settings
from studyapp.study.choices import SENTENCES, STEPS, listed, read, shown
from studyapp.study.settings import PLAIN_FIELDS, PRESET_FIELDS, Settings


def test_every_setting_there_is_is_listed_with_a_sentence() -> None:
    assert {one.name for one in listed(Settings())} == {*PRESET_FIELDS, *PLAIN_FIELDS}
    assert all(sentence.endswith(".") for sentence in SENTENCES.values())


@pytest.mark.parametrize("name", SENTENCES)
def test_what_stands_on_the_line_may_be_typed_back_unchanged(name: str) -> None:
    before = next(one for one in listed(Settings()) if one.name == name)

    again = settings.changed(Settings(), name, read(name, before.shown))

    assert listed(again) == listed(Settings())


@given(st.lists(st.integers(min_value=1, max_value=30 * 86_400), max_size=4))
def test_waits_are_read_as_they_are_shown(waits: list[int]) -> None:
    for name in STEPS:
        assert read(name, shown(name, tuple(waits))) == waits


@pytest.mark.parametrize(
    ("name", "typed", "value"),
    [
        ("learning_steps", "1m 10m", [60, 600]),
        ("learning_steps", "1m, 2h, 1d", [60, 7_200, 86_400]),
        ("relearning_steps", "90", [90]),
        ("desired_retention", "85%", 0.85),
        ("desired_retention", "0,85", 0.85),
        ("fuzz", "Off", False),
        ("decks", "/a, b/c.md; /d", ["/a, b/c.md", "/d"]),
        ("easy_days", "1 1 1 1 1 0.5 0", [1, 1, 1, 1, 1, 0.5, 0]),
    ],
)
def test_values_are_typed_as_people_write_them(name: str, typed: str, value: object) -> None:
    assert read(name, typed) == value


@pytest.mark.parametrize(
    ("name", "typed", "sentence"),
    [
        ("new_per_day", "", "new_per_day must be a number, not ''"),
        ("learning_steps", "1m soon", "a wait such as 10m"),
        ("fuzz", "perhaps", "fuzz must be yes or no"),
    ],
)
def test_what_cannot_be_read_is_told_with_the_name_of_the_setting(name: str, typed: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        read(name, typed)


def test_few_values_are_gone_through_in_a_circle() -> None:
    seen, chosen = [], settings.changed(Settings(), "theme", "nord")
    for _ in range(4):
        theme = next(one for one in listed(chosen) if one.name == "theme")
        chosen = settings.changed(chosen, "theme", theme.next)
        seen.append(chosen.theme)

    assert seen == ["dark", "light", "terminal", "dark"]
