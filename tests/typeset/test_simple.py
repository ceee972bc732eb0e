"""A line of words and formulas is set without a Markdown parser, and looks the same as with one."""

from itertools import chain

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import content
from content.reader import read
from studyapp.typeset import prose
from studyapp.typeset.runs import run, simple, wrap

PIECES = (
    "a", "Why", " ", "  ", "\\", "$", "$$", "x_1", "*", "**", "_", "`", "[", "](", ")", "<", "&amp;", "&", "!", "~~",
    "#", "# ",
    "- ", "+ ", "1. ", "1) ", "\n", "\n\n", "=", "---", "|", "www.a.org", "https://a.org", "$x$", "$\\frac{1}{2}$",
    "$ x$",
    "$5", "5$", ".", "?", "é", "δ", "\t", "(c)", "...", '"', "'", "$a\\$", "{", "}", "@", "^", ":", "\u00a0", "\u2028",
)  # fmt: skip


def parsed_lines(markdown: str, width: int) -> list:
    """The lines as the Markdown parser gives them, for a text that is one paragraph."""
    from markdown_it.tree import SyntaxTreeNode

    from studyapp.typeset.markdown import parsed

    (paragraph,) = SyntaxTreeNode(parsed(markdown)).children
    assert paragraph.type == "paragraph"
    return wrap(run(paragraph.children[0].token.children or ()), width)


@settings(max_examples=400, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=8).map("".join), st.sampled_from([12, 40]))
def test_what_is_taken_for_simple_is_set_as_markdown_would_set_it(text: str, width: int) -> None:
    line = simple(text)
    if line is not None:
        assert wrap(line, width) == parsed_lines(text, width)


def test_every_question_of_the_course_that_is_taken_for_simple_is_set_as_markdown_would_set_it() -> None:
    decks = [read(path).deck for path in sorted((content.bundled() / "decks").glob("*.md"))]
    texts = list(chain.from_iterable((card.front, card.back) for deck in decks if deck for card in deck.cards))
    found = [text for text in texts if simple(text) is not None]

    assert len(found) > len(texts) / 4  # else it is not worth its while
    for text in found:
        assert wrap(simple(text), 40) == parsed_lines(text, 40)


@pytest.mark.parametrize("text", ["# Heading", "1. one", "a *b*", "a\nb", "", "a `b`", "$x$2", "a $ b"])
def test_anything_that_markdown_might_read_is_left_to_it(text: str) -> None:
    assert simple(text) is None


def test_a_simple_text_is_wrapped_in_its_width() -> None:
    lines = prose("Why is the sign of the update negative?", 12)
    assert [line.text for line in lines] == ["Why is the", "sign of the", "update", "negative?"]
