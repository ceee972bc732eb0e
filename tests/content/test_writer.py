"""Law: a deck that was read, written and read again is the same deck, whatever people put into their cards."""

from __future__ import annotations

import string
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from content.model import Card, Deck, Kind, Lesson, Option
from content.reader import read_text
from content.writer import WriteError, write

PATH = Path("d.md")
HEAD = '+++\nid = "d"\ntitle = "D"\n+++\n\n'
HOSTILE = [
    "a", "b c", " ", "  ", "\t", "\u00a0", "*x*", "_y_", "$w_{i}*x$", "$$\n- a\n= b\n$$", "`{{1|c}}`", "```\n## x\n```",
    "~~~", "> q", "- l", "* l", "1. n", "= 3", '= "w"', "---", "***", "# h", "### h", "{#i}", "{.both}", "{{2|b|h}}",
    r"{{1|$\frac{{a}}{b}$}}", "[@k]", "[@k; @l]", "[@k, p. 3]", "[@l, ch. 2, p. 3; @k]",
    '"v"', '{{1|"a" | "b" | h}}', "\\", "|", "}}", "{{", "[x]", "[ ]", "[bold]", "[/]", "<b>", "&amp;",
    "0.470.", "δ", "\u2028", "\x0b", "'''", '"""', "+++",
]  # fmt: skip
inline = st.lists(st.sampled_from([piece for piece in HOSTILE if "\n" not in piece]), min_size=1, max_size=4).map(
    "".join
)
text = st.lists(st.sampled_from([*HOSTILE, "\n", "\n\n", "\n    ", "\n> ", "\n- "]), min_size=1, max_size=8).map(
    "".join
)


def indented(body: str, by: str = "  ") -> str:
    return body.replace("\n", "\n" + by)


def quoted(body: str) -> str:
    return "> " + body.replace("\n", "\n> ")


@st.composite
def cards(draw: st.DrawFn) -> str:
    """The text of one card of any kind, some of them broken."""
    identity = draw(st.sampled_from(string.ascii_letters))
    marks = draw(st.sampled_from(["", " .both", ' tags="t u"', " rev=3", ' requires="a d/b"']))
    parts = [f"## {draw(st.one_of(inline, st.just('')))} {{#{identity}{marks}}}"]
    if draw(st.booleans()):
        parts.append(quoted("[!TIP]\n" + draw(text)))
    option = st.tuples(st.sampled_from("x "), text, st.one_of(st.just(""), text))
    kind = draw(st.sampled_from(["text", "rule", "choice", "numeric", "typed", "exercise", "cloze"]))
    parts.append(draw(text) if draw(st.booleans()) or kind == "text" else "")
    if kind == "rule":
        parts += ["---", draw(text)]
    if kind == "cloze":
        parts.append(f"so {{{{1|{draw(inline)}}}}} and {{{{2|{draw(inline)}|{draw(inline)}}}}}")
        parts.append(f'or {{{{3|"{draw(inline)}" | "{draw(inline)}" | {draw(inline)}}}}}')
    if kind == "numeric":
        parts.append(
            draw(st.sampled_from(["= 0.5", "= [1, 2] ± 0.1", "= 3 ±0.7%", "= −1/3 {2dp}", "= [[1, 2], [3, 4e-3]]"]))
        )
    if kind == "typed":
        parts.append("= " + " | ".join(f'"{word}"' for word in draw(st.lists(inline, min_size=1, max_size=3))))
    if kind == "exercise":
        parts.append('```exercise\ntemplate = "linear-neuron"\n```')
    if kind in ("choice", "numeric", "typed"):
        lines = []
        for box, said, feedback in draw(st.lists(option, max_size=3)):
            lines.append(f"- [{box}] {indented(said)}" + (f"\n  {indented(quoted(feedback))}" if feedback else ""))
        parts.append("\n".join(lines))
    if draw(st.booleans()):
        parts.append(quoted(draw(text)))
    if draw(st.booleans()):
        parts.append("```check\nforward = '''\ny = x\n'''\n[claims]\n'\\hat{y} = x' = \"y = x\"\n```")
    return "\n\n".join(parts)


decks = st.lists(st.one_of(cards(), text.map("# {}".format), text), min_size=1, max_size=4).map("\n\n".join)


@settings(max_examples=400, deadline=None)
@given(decks)
@example(
    "## a {#a}\n\n- [x] $$\n  - a\n  = b\n  $$\n  \n  > a$$\n  > - a\n  > = b\n  > $$"
)  # $$ that pair with the next
@example('## a {#a}\n\n= "a"\n\n- [ ] $$\n  - a\n  = b\n  $$\n  a\n  \n  > $$\n  > - a\n  > = b\n  > $$')
@example(
    "## a {#a}\n\n- [x] a\n\n> ```\n> a\n>\n> > [!TIP]\n> > a\n> ```"
)  # an alert is one only at the beginning of a quote
@example("## {#b}\n\n> {{2|b|h}}\n\n---\n\na")  # a quoted blank makes no cloze
@example('## = 3{{2|b|h}} {#a}\n\n```exercise\ntemplate = "linear-neuron"\n```')
@example("## = 3\\{{2|b|h}} {#a}\n\na")
@example("# a\n\na\n$$\n- a\n= b\n$$")  # a formula that ends a paragraph
@example("## a {#a}\n\n- [x] [@k]a\n\n> '''")  # a citation behind no letter would stay in the text
@example("# \n[@l; @k]\n\n[@k]*x*")  # a mark that stays is text
@example("## a {#a}\n\n[@k]\n[@k]")  # the first mark goes when the one below it is gone
def test_reading_what_was_written_gives_the_same_deck(body: str) -> None:
    first = read_text(HEAD + body, PATH).deck
    assert first is not None

    assert read_text(write(first), PATH).deck == first


@settings(max_examples=200, deadline=None)
@given(cards())
def test_a_card_is_never_lost_without_a_word(body: str) -> None:
    reading = read_text(HEAD + body, PATH)

    assert reading.deck is not None
    assert reading.deck.cards or reading.problems


def test_a_deck_of_every_kind_comes_back_whole(every_kind: str) -> None:
    deck = read_text(every_kind, PATH).deck
    assert deck is not None

    again = read_text(write(deck), PATH)

    assert again.problems == ()
    assert again.deck == deck


word = st.text(alphabet=st.characters(categories=["L", "N"]), min_size=1, max_size=12)


@settings(max_examples=100, deadline=None)
@given(word, word, st.lists(word, min_size=2, max_size=4, unique=True))
def test_a_deck_made_by_a_program_is_read_as_it_was_made(front: str, back: str, options: list[str]) -> None:
    """Importers build decks without digests and lessons' lines."""
    made = (
        Card("d", "a", Kind.BASIC, front, back, both=True, tags=("t",)),
        Card("d", "b", Kind.TYPED, front, typed=(back,), explanation=front),
        Card("d", "c", Kind.CHOICE, front + "?", options=tuple(Option(o, o == options[0], back) for o in options)),
    )
    if {*options} == {"True", "False"}:
        return
    deck = Deck("d", "D", PATH, cards=made, lessons=(Lesson("L", back, ("b", "c"), 0),))
    deck = Deck(
        "d", "D", PATH, cards=(made[0], *(Card(**{**vars(c), "lesson": "L"}) for c in made[1:])), lessons=deck.lessons
    )

    again = read_text(write(deck), PATH).deck

    assert again is not None
    assert [(c.id, c.kind, c.front, c.back, c.typed, c.options) for c in again.cards] == [
        (c.id, c.kind, c.front, c.back, c.typed, c.options) for c in deck.cards
    ]


def test_a_card_that_would_read_as_something_else_is_refused_by_name() -> None:
    deck = Deck("d", "D", PATH, cards=(Card("d", "trap", Kind.BASIC, "How much?", "= 5"),))

    with pytest.raises(WriteError, match="trap"):
        write(deck)
