"""Whatever stands in a table: what is stored is what the written deck says, and what it says is what stood there."""

from __future__ import annotations

import csv
import io
import tempfile
from dataclasses import replace
from pathlib import Path

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from content.checker import Judges, check
from content.header import ID
from content.reader import read
from studyapp.interop import bringing, tabling
from studyapp.interop.literal import all_ordinary, literal, ordinary
from studyapp.interop.planning import quick_slugs
from studyapp.study.cards import decode_card
from studyapp.study.desk import Desk
from studyapp.study.library import catalogue_items
from studyapp.typeset.markdown import formula_error
from studyapp.typeset.reading import plain

WORDS = [
    "weight", "w", "Größe", "δ", "$x_1$", "$5", "$", "12", "1.", "2)", "-", "+", "*", "_", "#", "##", ">", "=", "= 5",
    "+++", "---", "{{1|a}}", "{{c1::b}}", "{{", "}}", "{#id}", "{.both}", "[@a]", "- [ ] a", "[x]", "`", "```", "~~~",
    "~~", "\\", "\\\\", "\\*", "|", "<b>", "&amp;", "&", "<http://a.b>", "*a*", "__b__", "a_b", "!", "![c](d)",
    "[!TIP]", '= "x"', "“q”", "$\\frac{a}{b}$", "$$", "$\\nosuch{$", "C#", "…", "::", "你好", "é",
]  # fmt: skip
TEXT = st.one_of(
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=6).map(" ".join),
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=5).map("".join),
    st.lists(st.sampled_from(WORDS), min_size=2, max_size=4).map("\n".join),
    st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Cf", "Co", "Cn", "Zl", "Zp")), max_size=20),
)
ROWS = st.lists(st.tuples(TEXT, TEXT, st.sampled_from(["", "a", "a b,c"])), min_size=1, max_size=6)


def table(rows: list[tuple[str, ...]]) -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter="\t", lineterminator="\n").writerows([("front", "back", "tags"), *rows])
    return out.getvalue().encode()


@given(ROWS)
@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
def test_what_is_stored_is_what_reading_the_deck_gives_and_a_second_time_adds_nothing(
    rows: list[tuple[str, ...]],
) -> None:
    with tempfile.TemporaryDirectory() as folder, Desk.open(Path(folder), with_bundled=False) as desk:
        plan = tabling.look(desk, table(rows), name="w")
        done = bringing.bring(desk, plan, file="w")
        assert done.skipped == (), "every text can be said"
        path = Path(folder) / "decks" / "w.md"
        if not plan.new:
            assert not path.exists()
            return
        reading = read(path)
        assert check([reading], judges=Judges(formula=formula_error)) == ()
        assert reading.deck is not None
        (header,) = desk.library.decks()
        assert header == replace(reading.deck, cards=())
        stored = desk.store.catalogue.cards("w")
        fresh = catalogue_items(reading.deck)
        assert [one._replace(card="") for one in stored] == [one._replace(card="") for one in fresh]
        assert [decode_card(one.card) for one in stored] == [decode_card(one.card) for one in fresh]
        assert desk.library.kinds()["w"] == {
            str(kind): sum(card.kind is kind for card in reading.deck.cards)
            for kind in {card.kind for card in reading.deck.cards}
        }
        again = tabling.look(desk, table(rows), name="w")
        assert (again.new, again.changed, again.same) == (0, 0, plan.new)


@given(TEXT)
@settings(max_examples=300, deadline=None)
def test_plain_text_is_shown_as_it_stood(text: str) -> None:
    written = literal(text, dollars=False)

    assert plain(written).split() == text.split()
    if ordinary(text) and "$" not in text:
        assert written == text


def test_a_line_of_words_and_formulas_needs_no_escaping() -> None:
    for line in ("Which rule applies?", "δ of $w_2$ for $\\eta = 0.1$", "R = 5, C#", "20 % of “it” – (all)"):
        assert ordinary(line)
        assert literal(line) == line
    for line in ("1. first", "a [b](c)", "2 * 3", "$\\nosuch{$", "a\nb", "costs $5 and $6", "- x", "a\u202eb", "x "):
        assert not ordinary(line)


PIECES = [
    "<b>", "</b>", "<i>x</i>", "<br>", "<br/>", "<div>", "</div>", "<p>a", "<ul><li>b</li>", "</ul>", "<ol><li>",
    "</li>", "<sub>2</sub>", "<sup>ab</sup>", "<img src='a' alt='an alt'>", "<a href='https://x.y/z_(1)'>here</a>",
    "<style>p{}", "</style>", "<script>alert(1)</script>", "<!-- c -->", "&nbsp;", "&lt;b&gt;", "&amp;amp;", "&#x202e;",
    "\\(x^2\\)", "\\[\\frac{a}{b}\\]", "\\(\\nosuch{\\)", "[latex]x &lt; y[/latex]", "[$]a_b[/$]", "[sound:a.mp3]",
    "{{c1::", "}}", "::", "{{c2::a::b}}", "word", "*", "_", "$x$", "$", "# ", "- ", "= ", "> ", "1. ", "\\", "`", "|",
    "{", "}", " ", "<",
]  # fmt: skip
KINDS = ("Basic (and reversed card)", "Cloze", "Basic (type in the answer)")
HTML = st.lists(st.sampled_from(PIECES), max_size=7).map("".join)
NOTES = st.lists(st.tuples(HTML, HTML, HTML), min_size=1, max_size=5)


LINES = st.lists(
    st.one_of(
        TEXT, st.lists(st.sampled_from(["a", " ", "$x$", "$", "\t", "1", ".", "é", "-"]), max_size=6).map("".join)
    ),
    min_size=1,
    max_size=4,
)


@given(LINES)
@example(["a $x$", "b $x$"])
@example(["a$x$1"])
@example(["a$x\ty$"])
@example(["a", ""])
@example(["a\nb"])
@settings(max_examples=500, deadline=None)
def test_many_lines_are_judged_as_each_of_them(lines: list[str]) -> None:
    assert all_ordinary(lines) == all(map(ordinary, lines))


@given(st.lists(TEXT, min_size=1, max_size=6))
@settings(max_examples=200, deadline=None)
def test_a_question_has_an_id_of_its_own_words_whatever_stands_beside_it(fronts: list[str]) -> None:
    made = quick_slugs(fronts)

    assert made == [quick_slugs([front])[0] for front in fronts]
    assert all(ID.fullmatch(one) and len(one) <= 32 for one in made)


@given(NOTES)
@example([("<ul><li>b</li>", "", "$x$\\(x^2\\)\\[\\frac{a}{b}\\]"), ("\\(a\\)5\\(b\\)$", "\\(x\\)\\(y\\)", "")])
@example([("\\[latex]x &lt; y[/latex]<br>[latex]x &lt; y[/latex]", "\\\\\\(a\\)", "")])
@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
def test_whatever_html_a_note_holds_its_card_is_a_sound_one_without_any(notes: list[tuple[str, ...]]) -> None:
    out = io.StringIO()
    rows = [(f"g{number}", KINDS[number % 3], *note) for number, note in enumerate(notes)]
    csv.writer(out, delimiter="\t", lineterminator="\n").writerows(rows)
    data = b"#separator:tab\n#html:true\n#guid column:1\n#notetype column:2\n" + out.getvalue().encode()
    with tempfile.TemporaryDirectory() as folder, Desk.open(Path(folder), with_bundled=False) as desk:
        plan = tabling.look(desk, data, name="w")
        done = bringing.bring(desk, plan, file="w")
        assert done.skipped == ()
        assert plan.new + len(plan.skipped) == len(rows)
        if not plan.new:
            return
        reading = read(Path(folder) / "decks" / "w.md")
        assert check([reading], judges=Judges(formula=formula_error)) == ()
        assert reading.deck is not None
        fresh = catalogue_items(reading.deck)
        stored = desk.store.catalogue.cards("w")
        assert [(one.key, decode_card(one.card)) for one in stored] == [
            (one.key, decode_card(one.card)) for one in fresh
        ]
        for card in reading.deck.cards:
            shown = plain(f"{card.front}\n\n{card.back}\n\n{card.explanation}")
            assert "alert(1)" not in shown
            assert "<br" not in shown
            assert "\u202e" not in shown
        again = tabling.look(desk, data, name="w")
        assert (again.new, again.changed, again.same) == (0, 0, plan.new)
