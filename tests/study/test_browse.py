"""What a person looks for is found, by words and by where it stands."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studyapp.memory.model import Grade
from studyapp.study.browse import _read
from studyapp.study.desk import Desk

_FILTER = re.compile(r"(is|deck|kind|flag):.")


def keys(desk: Desk, query: str) -> list[str]:
    return [row.key for row in desk.browse(query).rows]


def test_words_find_cards_in_question_answer_and_feedback(desk: Desk) -> None:
    assert keys(desk, "loss respect") == ["small/delta"]
    assert keys(desk, "layer by layer") == ["small/rule"]
    assert keys(desk, "nothing-like-this") == []


def test_filters_say_where_items_stand(desk: Desk) -> None:
    session = desk.review()
    session.grade(Grade.GOOD)
    session.suspend()
    desk.flag("small/rule", 2)

    assert keys(desk, "is:learning") == ["small/delta"]
    assert keys(desk, "is:suspended") == ["small/bptt"]
    assert keys(desk, "flag:2") == keys(desk, "is:flagged") == ["small/rule"]
    assert keys(desk, "kind:numeric deck:small") == ["small/change"]
    assert keys(desk, "deck:other") == []
    assert [row.standing for row in desk.browse("is:new").rows][:2] == ["suspended", "new"]


def test_a_filter_that_is_not_known_is_named(desk: Desk) -> None:
    assert desk.browse("is:wonderful").unknown == ("is:wonderful",)


def test_a_long_list_says_that_there_is_more(desk: Desk) -> None:
    found = desk.browse(limit=3)

    assert (len(found.rows), found.more) == (3, True)


def test_the_last_of_many_cards_is_found_as_the_first_is(open_desk: Callable[..., Desk], deck_file: Path) -> None:
    """The states of many items are looked up five hundred at a time."""
    cards = "".join(f"\n## Question {number} {{#q{number}}}\n\nanswer\n" for number in range(520))
    deck_file.write_text(f'+++\nid = "small"\ntitle = "Many"\n+++\n{cards}', encoding="utf-8")

    found = open_desk().browse("is:new", limit=1_000)

    assert [row.key for row in found.rows] == [f"small/q{number}" for number in range(520)]
    assert not found.more


@given(st.text(max_size=30))
def test_any_text_is_a_query_that_keeps_every_word(query: str) -> None:
    assert _read(query).words.split() == [term for term in query.split() if not _FILTER.match(term)]


@pytest.mark.parametrize("query", ['"', "-", "*", "NEAR(", "a AND", "w[i]", "%", "\x00"])
def test_query_syntax_of_the_database_is_never_meant(desk: Desk, query: str) -> None:
    assert isinstance(keys(desk, query), list)
