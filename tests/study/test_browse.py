"""What a person looks for is found, by words and by where it stands."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studyapp.memory.model import Grade
from studyapp.study.browse import _read
from studyapp.study.desk import Desk


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


@given(st.text(max_size=30))
def test_any_text_is_a_query(query: str) -> None:
    _read(query)


@pytest.mark.parametrize("query", ['"', "-", "*", "NEAR(", "a AND", "w[i]", "%", "\x00"])
def test_query_syntax_of_the_database_is_never_meant(desk: Desk, query: str) -> None:
    assert isinstance(keys(desk, query), list)
