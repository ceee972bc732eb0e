"""What an author notices when a deck is read: every kind by its shape, and a slip that costs one card and no more."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from content.finding import files
from content.formatter import format_file
from content.model import Kind, Reading
from content.reader import read, read_text

HEAD = '+++\nid = "d"\ntitle = "D"\n[sources]\nbook = "A book"\n+++\n\n'


def deck(body: str, head: str = HEAD) -> Reading:
    return read_text(head + body, Path("d.md"))


def only(body: str):
    reading = deck(body)
    assert reading.problems == ()
    assert reading.deck is not None
    (card,) = reading.deck.cards
    return card


def codes(reading: Reading) -> list[str]:
    return [problem.code for problem in reading.problems]


def test_the_kind_of_a_card_follows_from_its_shape(every_kind: str) -> None:
    reading = read_text(every_kind, Path("d.md"))

    assert reading.problems == ()
    assert reading.deck is not None
    assert [(card.id, card.kind) for card in reading.deck.cards] == [
        ("chain-rule", Kind.CHOICE),
        ("bptt", Kind.BASIC),
        ("sigmoid-max", Kind.CLOZE),
        ("negative-gradient", Kind.TRUE_FALSE),
        ("delta-w2", Kind.NUMERIC),
        ("delta-name", Kind.TYPED),
        ("prime", Kind.ALL_THAT_APPLY),
        ("ex-linear-neuron", Kind.EXERCISE),
    ]
    assert [item.key for item in reading.deck.items][:5] == [
        "backprop/chain-rule", "backprop/bptt", "backprop/bptt:r", "backprop/sigmoid-max:c1", "backprop/sigmoid-max:c2",
    ]  # fmt: skip


def test_a_choice_keeps_hint_feedback_explanation_and_source_apart() -> None:
    card = only(
        "## Which? {#a}\n\n> [!TIP]\n> Think.\n\n- [ ] one\n  > no, **why**\n- [x] two\n\n> Because. [@book]\n> More.\n"
    )

    assert (card.hint, card.explanation, card.sources) == ("Think.", "Because.\nMore.", ("book",))
    assert [(option.text, option.right, option.feedback) for option in card.options] == [
        ("one", False, "no, **why**"),
        ("two", True, ""),
    ]


def test_a_quote_before_the_options_belongs_to_the_question() -> None:
    card = only("## Who said it? {#a}\n\n> Nature abhors a vacuum.\n\n- [x] A\n- [ ] B\n")

    assert card.front == "Who said it?\n\n> Nature abhors a vacuum."
    assert card.explanation == ""


def test_a_rule_parts_a_long_question_from_its_answer() -> None:
    card = only("## Name this. {#a}\n\n$$\n- x\n= y\n$$\n\n---\n\nthe answer\n")

    assert (card.front, card.back) == ("Name this.\n\n$$\n- x\n= y\n$$", "the answer")


def test_nothing_inside_a_fence_or_a_formula_counts_as_structure() -> None:
    body = "## a {#a}\n\n```\n## no card {#x}\n= 3\n- [x] no option\n{{1|no blank}}\n```\n\n$$\n- a_{i}*b*\n= c\n$$\n"
    card = only(body)

    assert card.kind is Kind.BASIC
    assert card.back == body.partition("\n\n")[2].strip()


@pytest.mark.parametrize(
    ("text", "blanks"),
    [
        ("{{1|0.25|a number}} and {{2|vanish}}", [(1, "0.25", "a number"), (2, "vanish", "")]),
        (r"{{1|$\frac{a}{b}$}}", [(1, r"$\frac{a}{b}$", "")]),
        (r"$y = {{1|\frac{1}{2}}} x$", [(1, r"\frac{1}{2}", "")]),
        ("{{1|$|x|$|its size}}", [(1, "$|x|$", "its size")]),
        (r"$\frac{{a}}{b}$ is {{1|a ratio}}", [(1, "a ratio", "")]),
        ("`{{1|code}}` and {{1|text}}", [(1, "text", "")]),
        (r"\{{1|not}} but {{2|this}}", [(2, "this", "")]),
        ("it costs {{1|$5}} or {{2|$6}}", [(1, "$5", ""), (2, "$6", "")]),
        (r"a {{3|set $\{1\}$}}", [(3, r"set $\{1\}$", "")]),
        ("``a ` {{1|x}}`` {{2|`}}`|code}}", [(2, "`}}`", "code")]),
    ],
)
def test_blanks_may_hold_tex_with_braces_and_bars(text: str, blanks: list[tuple[int, str, str]]) -> None:
    card = only(f"## {{#a}}\n\n{text}\n")

    assert card.front == text
    assert [(blank.number, blank.answer, blank.hint) for blank in card.blanks] == blanks


@pytest.mark.parametrize(
    ("blank", "answers", "hint"),
    [
        ('{{1|"optimiser" | "optimizer"}}', ["optimiser", "optimizer"], ""),
        ('{{1|"optimiser"|"optimizer"|who?}}', ["optimiser", "optimizer"], "who?"),
        (r'{{1|"$|x|$" | "$\max(x, -x)$" | its size}}', ["$|x|$", r"$\max(x, -x)$"], "its size"),
        (r'{{1|"the \"delta\"" | "δ"}}', ['the "delta"', "δ"], ""),
        ('{{1|"one quoted word"|hint}}', ['"one quoted word"'], "hint"),
        ('{{1|"a" b | "c"}}', ['"a" b'], '"c"'),
        ("{{1|a | b | c}}", ["a"], "b | c"),
    ],
)
def test_a_blank_may_have_several_right_answers_in_quotation_marks(blank: str, answers: list[str], hint: str) -> None:
    found = only(f"## {{#a}}\n\nthis is {blank}\n").blanks[0]

    assert [found.answer, *found.others] == answers
    assert found.hint == hint


@pytest.mark.parametrize(
    ("written", "value", "rule"),
    [
        ("0.0208", 0.0208, "3sf"),
        ("26", 26.0, "int"),
        ("−1.50", -1.5, "3sf"),
        ("1e-3", 0.001, "1sf"),
        ("0.00", 0.0, "2dp"),
        ("1/3", 1 / 3, "3sf"),
        ("[0.026, 0.0208]", (0.026, 0.0208), "3sf"),
        ("[[1, 2], [3, 4]]", ((1.0, 2.0), (3.0, 4.0)), "int"),
        ("0.34 {2dp}", 0.34, "2dp"),
        ("0.34 ± 0.01", 0.34, 0.01),
        ("0.34 ±1%", 0.34, "1%"),
        ("0.34 +/- 5 %", 0.34, "5%"),
    ],
)
def test_a_number_asks_for_the_digits_it_is_written_with_unless_it_says_otherwise(
    written: str, value: object, rule: object
) -> None:
    due = only(f"## n {{#a}}\n\n= {written}\n").numeric

    assert due is not None
    assert due.value == value
    shown = due.precision or due.tolerance or f"{(due.relative or 0) * 100:g}%"
    assert shown == rule


def test_known_wrong_answers_stand_under_the_right_one() -> None:
    numeric = only("## n {#a}\n\n= 0.026\n\n- [ ] -0.026\n  > wrong way\n")
    typed = only('## n {#a}\n\n= "loss" | "a \\"cost\\""\n\n- [ ] error\n  > that is one case\n')

    assert [(wrong.value, wrong.feedback) for wrong in numeric.wrong_values] == [(-0.026, "wrong way")]
    assert typed.typed == ("loss", 'a "cost"')
    assert [(wrong.text, wrong.feedback) for wrong in typed.wrong_words] == [("error", "that is one case")]


def test_a_check_is_read_and_never_shown() -> None:
    program = 'forward = "y = w * x"\nloss = "y"\ngiven = { w = 2.0, x = 3.0 }'
    fence = f"```check\n{program}\n[claims]\n'y = wx' = \"y = w*x\"\n```"
    reading = deck(f"# L\n\nprose $y = wx$\n\n{fence}\n\nmore\n\n## a {{#a}}\n\n$y = wx$\n\n{fence}\n")

    assert reading.deck is not None
    (lesson,), (card,) = reading.deck.lessons, reading.deck.cards
    assert (lesson.prose, card.back) == ("prose $y = wx$\n\nmore", "$y = wx$")
    assert lesson.checks == card.checks
    assert card.checks[0].claims == {"y = wx": "y = w*x"}


def test_rewording_changes_the_digest_and_new_spacing_or_tags_do_not() -> None:
    plain = only("## a  b {#a}\n\nback\n")

    assert only('## a b {#z tags="x" rev=2}\n\nback\n').digest == plain.digest
    assert only("## a b {#a}\n\nbacks\n").digest != plain.digest


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("- [x] one\n- [ ] two\n", "- [x] one\n- [ ] three\n"),
        ("- [x] one\n- [ ] two\n", "- [ ] one\n- [x] two\n"),
        ("- [ ] one\n  > no\n- [x] two\n", "- [ ] one\n  > never\n- [x] two\n"),
        ("= 0.5\n", "= 0.5 ± 0.1\n"),
        ("= 0.5\n\n- [ ] 5\n  > no\n", "= 0.5\n\n- [ ] 5\n  > never\n"),
        ('= "a"\n', '= "a" | "b"\n'),
        ("back\n\n> why\n", "back\n\n> because\n"),
        ("> [!TIP]\n> think\n\nback\n", "> [!TIP]\n> look\n\nback\n"),
        ("back\n\n> why [@book]\n", "back\n\n> why\n"),
        ('```exercise\ntemplate = "a"\n```\n', '```exercise\ntemplate = "b"\n```\n'),
    ],
)
def test_whatever_a_card_says_is_in_its_digest(before: str, after: str) -> None:
    assert only(f"## Q {{#a}}\n\n{before}").digest != only(f"## Q {{#a}}\n\n{after}").digest


def test_rev_is_part_of_the_key() -> None:
    assert only("## a {#a rev=2}\n\nback\n").key == "d/a@2"


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_byte_order_mark_and_line_ends_do_not_matter(ending: str, every_kind: str, tmp_path: Path) -> None:
    file = tmp_path / "d.md"
    file.write_bytes(b"\xef\xbb\xbf" + every_kind.replace("\n", ending).encode())

    reading = read(file)
    plain = read_text(every_kind, file)

    assert reading == plain
    assert [card.line for card in reading.deck.cards] == [card.line for card in plain.deck.cards]


def test_an_invisible_no_break_space_after_the_marks_is_a_space() -> None:
    card = only("##\u00a0a {#a}\n\n-\u00a0[ ] x\n-\u00a0[x]\u00a0y\n\n>\u00a0because\n")

    assert [option.text for option in card.options] == ["x", "y"]
    assert card.explanation == "because"


@pytest.mark.parametrize(
    ("body", "line", "column", "code"),
    [
        ("## a\n\nb\n", 8, 1, "missing-id"),
        ("## a {#a}\n\n- [ ] b\n- [ ] c\n", 10, 1, "no-right-option"),
        ("## a {#a}\n\n- [x] b\n- c\n", 11, 1, "bad-option"),
        ("## a {#a}\n\n- [ ] b\n> why\n- [x] c\n", 12, 1, "split-options"),
        ("## a {#a}\n", 8, 1, "no-answer"),
        ("## {#a}\n\nb\n", 8, 1, "no-question"),
        ("## a {#a}\n\n= five\n", 10, 1, "bad-answer"),
        ("## a {#a}\n\n= [1, [2]]\n", 10, 1, "bad-answer"),
        ('## a {#a}\n\n= "x" "y"\n', 10, 1, "bad-answer"),
        ("## a {#a}\n\n{{1|open\n", 8, 1, "open-blank"),
        ("## a {#a\n\nb\n", 8, 6, "bad-attributes"),
        ("## a {#a/b}\n\nb\n", 8, 6, "bad-id"),
        ("## a {#a}\n\n```exercise\ntemplate = 3\n```\n", 11, 1, "bad-exercise"),
        ("## a {#a}\n\n```exercise\nx\n```\n", 11, 2, "bad-exercise"),
        ("## a {#a}\n\n= 1\n\n```exercise\ntemplate = 'x'\n```\n", 8, 1, "two-answers"),
        ("## a {#a}\n\n```\nopen\n", 10, 1, "open-fence"),
        ("## a {#a}\n\ntext\n= 0.5\n", 11, 1, "loose-answer"),
        ("## a {#a}\n\n= 0.5\n\ntext\n", 12, 1, "stray-text"),
        ("## a {#a}\n\nb\n\n> why\nlazy\n", 13, 1, "lazy-line"),
        ("## a {#a colour=red}\n\nb\n", 8, 10, "bad-attributes"),
        ('## a {#a tags="b}\n\nb\n', 8, 6, "bad-attributes"),
        ("##a {#a}\n\nb\n", 8, 1, "no-heading"),
        ("a {#a}\n---\n\nb\n", 8, 1, "no-heading"),
        ("a {#a}\n======\n\nb\n", 8, 1, "no-heading"),
        ("## a {#a}\n\nb\n\n$$\nx\n", 12, 1, "open-formula"),
        ("## a {#a}\n\n- [x]b\n- [ ]c\n", 10, 1, "bad-option"),
        ("## a {#a}\n\n= 1e-400\n", 10, 1, "bad-answer"),
    ],
)
def test_a_slip_is_named_with_its_place_and_the_next_card_still_loads(
    body: str, line: int, column: int, code: str
) -> None:
    """Peers stop at the first error or swallow it; both lose somebody's evening."""
    reading = deck(body + "\n## good {#good}\n\nstill here\n")

    assert [(problem.line, problem.column, problem.code) for problem in reading.problems] == [(line, column, code)]
    assert reading.problems[0].remedy
    assert reading.deck is not None
    assert reading.deck.cards[-1].id == "good"


@pytest.mark.parametrize(
    "body",
    ["text\n---\n\nb\n", "b ##c\n", "- [x](http://b)\n- [ ](http://c)\n", "- []\n- [ ]: b\n", "$$\nx\n$$\n", "= 0\n"],
)
def test_what_only_looks_like_a_slip_is_left_alone(body: str) -> None:
    assert deck("## a {#a}\n\n" + body).problems == ()


def test_a_decimal_comma_is_told_with_the_number_that_was_meant() -> None:
    (problem,) = deck("## a {#a}\n\n= 1,50 ± 0.1\n").problems

    assert (problem.message, problem.remedy) == ("“1,50” has a decimal comma", "write 1.50")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes with a name are a Unix thing")
def test_a_pipe_by_the_name_of_a_deck_is_named_and_not_waited_for(tmp_path: Path) -> None:
    """Reading it would last until somebody writes into it, and reading a device for ever."""
    os.mkfifo(tmp_path / "pipe.md")

    assert codes(read(tmp_path / "pipe.md")) == ["unreadable"]
    with pytest.raises(OSError, match="no ordinary file"):
        format_file(tmp_path / "pipe.md")


def test_of_two_cards_with_one_id_the_first_is_kept() -> None:
    reading = deck("## a {#a}\n\nfirst\n\n## b {#a}\n\nsecond\n")

    assert [(problem.line, problem.column, problem.code) for problem in reading.problems] == [(12, 7, "duplicate-id")]
    assert [card.back for card in reading.deck.cards] == ["first"]


@pytest.mark.parametrize(
    ("head", "line", "column", "code"),
    [
        ("# no front matter\n", 1, 1, "no-front-matter"),
        ('+++\nid = "d"\n', 1, 1, "open-front-matter"),
        ("+++\ntitle = 'x'\n+++\n", 1, 1, "bad-deck-id"),
        ("+++\n\nid = 'a b'\n+++\n", 3, 1, "bad-deck-id"),
        ('+++\nid = "d\n+++\n', 2, 1, "bad-front-matter"),
        ("", 1, 1, "empty"),
        ("\ufeff \r\n", 1, 1, "empty"),
        ("+++\nid = 'd'\n+++\n\0", 4, 1, "not-text"),
    ],
)
def test_a_file_that_is_no_deck_says_so(head: str, line: int, column: int, code: str) -> None:
    reading = deck("", head)

    assert reading.deck is None
    assert [(problem.line, problem.column, problem.code) for problem in reading.problems] == [(line, column, code)]


def test_a_slip_in_the_front_matter_does_not_take_the_cards_away() -> None:
    reading = deck("## a {#a}\n\nb\n", '+++\nid = "d"\ntitle = "D"\nlicense = CC\n+++\n')

    assert [(problem.line, problem.column, problem.code) for problem in reading.problems] == [
        (4, 11, "bad-front-matter")
    ]
    assert reading.deck is not None
    assert (reading.deck.id, len(reading.deck.cards)) == ("d", 1)


def test_files_that_cannot_be_text_are_named_and_never_raise(tmp_path: Path) -> None:
    (tmp_path / "latin.md").write_bytes(b"+++\nid = '\xe9'\n+++\n")
    (tmp_path / "picture.md").write_bytes(bytes(range(256)))

    assert [(p.line, p.column, p.code) for p in read(tmp_path / "latin.md").problems] == [(2, 7, "not-text")]
    assert codes(read(tmp_path / "picture.md")) == ["not-text"]
    assert codes(read(tmp_path / "gone.md")) == ["unreadable"]
    assert codes(read(tmp_path)) == ["unreadable"]


@pytest.mark.parametrize(
    "piece", ["a", ">", "- ", "[", "{{1|", "$", "`a", "# ", "## {#a", "$$\n\n", "```\n", "\n", "\\"]
)
def test_a_long_run_of_anything_is_read_to_its_end(piece: str) -> None:
    """A quadratic corner would hang here: 200 000 characters of one thing."""
    reading = deck("## a {#a}\n\n" + piece * (200_000 // len(piece)) + "\n\n## good {#good}\n\nb\n")

    assert reading.deck is not None
    assert reading.deck.cards[-1].id == "good"


def test_folders_give_their_decks_without_readme_and_hidden_files(tmp_path: Path) -> None:
    for name in ("b.md", "a.md", "README.md", ".hidden.md", "sub/c.md", ".git/d.md", "e.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()

    assert [path.relative_to(tmp_path).as_posix() for path in files([tmp_path])] == ["a.md", "b.md", "sub/c.md"]


def test_a_display_formula_right_under_a_line_is_there_once() -> None:
    text = '+++\nid = "d"\ntitle = "D"\n+++\n\n# L\n\nThus\n$$\nx = 1\n$$\nand on.\n\n## Q {#q}\n\nSo\n$$x$$\n'
    deck = read_text(text, Path("d.md")).deck
    assert deck is not None
    assert deck.lessons[0].prose == "Thus\n$$\nx = 1\n$$\nand on."
    assert deck.cards[0].back == "So\n$$x$$"


def test_a_citation_behind_a_number_is_taken_out_of_the_text() -> None:
    text = '+++\nid = "d"\ntitle = "D"\n[sources]\nk = { title = "K" }\n+++\n\n## Q {#q}\n\n= 0.47\n\n> 0.470. [@k]\n'
    deck = read_text(text, Path("d.md")).deck
    assert deck is not None
    assert (deck.cards[0].explanation, deck.cards[0].sources) == ("0.470.", ("k",))


@pytest.mark.parametrize(
    ("mark", "sources", "locators"),
    [
        ("[@k, p. 3]", ("k",), (("k", "p. 3"),)),
        ("[@k, chapter 2, pp. 3–5; @l]", ("k", "l"), (("k", "chapter 2, pp. 3–5"),)),
        ("[@l; @k, § 6.5]", ("l", "k"), (("k", "§ 6.5"),)),
        ("[@k, p. 3] again [@k] and again [@k, p. 9; @k, p. 3]", ("k",), (("k", "p. 3, p. 9"),)),
    ],
)
def test_a_citation_may_say_where_in_the_work(mark: str, sources: tuple[str, ...], locators: tuple[str, ...]) -> None:
    card = only(f"## Q {{#a}}\n\nanswer\n\n> Because. {mark}\n")

    assert "[@" not in card.explanation
    assert (card.sources, card.locators) == (sources, locators)


def test_front_matter_that_would_steer_the_terminal_is_told_and_read_harmlessly() -> None:
    """Titles and sources are shown in lists too, outside the typesetter, and TOML can write what no editor shows."""
    title, source = 'title = "T\\u001b]0;x\\u0007"', 's = { title = "S\\u009b2J\\u202e" }'
    reading = deck("## Q {#\x1b}\n\nA\n", f'+++\nid = "d"\n{title}\n[sources]\n{source}\n+++\n\n')

    assert codes(reading)[:2] == ["bad-front-matter", "bad-front-matter"]
    assert [problem.line for problem in reading.problems[:2]] == [3, 4]
    assert reading.deck is not None
    assert reading.deck.title == "T\ufffd]0;x\ufffd"
    assert reading.deck.sources[0].title == "S\ufffd2J\ufffd"
    assert "\x1b" not in " ".join(map(str, reading.problems))
