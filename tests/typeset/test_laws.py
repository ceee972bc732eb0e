"""What holds for every text, however strange: a formula is set or refused with a place, and nothing is too wide."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studyapp.typeset import (
    TexError,
    ascii_display,
    ascii_inline,
    cells,
    display,
    formulas,
    inline,
    plain,
    prose,
    speak,
)

SOURCE = r"""
\frac \sqrt \sqrt[3] \sum \prod \int _ ^ ' { } ( ) [ ] | \| \left( \right) \left. \right| \hat \bar \vec \overline x
1 23 0.5 + - = , ; \cdot \times \odot \alpha \delta \partial \mathbf \mathbb \mathcal \mathrm \text{if } & \\
\begin{pmatrix} \end{pmatrix} \begin{cases} \end{cases} \begin{aligned} \end{aligned} \underbrace \overset \log
\max \operatorname{f} \limits \quad \, \not \tag{1} \big( \middle| \boxed \binom \substack{a\\b} \xrightarrow{d}
\bf \over \langle \rangle δ é 漢 … / : < !
"""
PIECES = SOURCE.split()
texish = st.lists(st.sampled_from(PIECES), max_size=14).map(" ".join)
LEAVES = ["x", "12", r"\delta_j", "w_{ij}^{(l)}", r"\mathbf{W}", "+", "=", r"\cdot", r"\text{loss }", "漢", r"\sum_{k}"]
balanced = st.recursive(
    st.sampled_from([*LEAVES, "-"]),
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(lambda ab: rf"\frac{{{ab[0]}}}{{{ab[1]}}}"),
        st.tuples(inner, inner).map(lambda ab: f"{{{ab[0]}}}_{{{ab[1]}}}"),
        st.tuples(inner, inner).map(lambda ab: f"{{{ab[0]}}}^{{{ab[1]}}}"),
        st.tuples(inner, inner).map(lambda ab: f"{ab[0]} {ab[1]}"),
        st.tuples(inner, inner).map(lambda ab: rf"\begin{{bmatrix}}{ab[0]} & {ab[1]}\\{ab[1]}\end{{bmatrix}}"),
        inner.map(lambda a: rf"\sqrt{{{a}}}"),
        inner.map(lambda a: rf"\left\{{{a}\right)"),
        inner.map(lambda a: rf"\hat{{{a}}}"),
        inner.map(lambda a: rf"\underbrace{{{a}}}_{{n}}"),
        inner.map(lambda a: rf"f({a})"),
    ),
    max_leaves=10,
)


def refused_alike(tex: str) -> None:
    """Every form refuses what one refuses, and points into the source."""
    with pytest.raises(TexError) as caught:
        display(tex, 40)
    assert 0 <= caught.value.position <= len(tex)
    with pytest.raises(TexError):
        speak(tex)


@given(st.one_of(st.text(max_size=40), texish))
@settings(max_examples=300, deadline=None)
def test_any_string_is_set_or_refused_with_its_place(tex: str) -> None:
    try:
        one_line = inline(tex)
    except TexError:
        refused_alike(tex)
        return
    assert "\n" not in one_line
    assert ascii_inline(tex).isascii()
    assert isinstance(speak(tex), str)


@given(balanced, st.integers(1, 90))
@settings(max_examples=200, deadline=None)
def test_every_line_of_a_formula_has_the_width_that_the_block_says(tex: str, width: int) -> None:
    for block in (display(tex, width), ascii_display(tex, width)):
        assert block.width <= width
        assert {cells(line.text) for line in block.lines} == {block.width}
        assert 0 <= block.baseline < len(block.lines)
        for line in block.lines:
            assert all(0 <= span.start < span.end <= len(line.text) for span in line.spans)
    assert all(line.text.isascii() for line in ascii_display(tex, width).lines)


@given(balanced)
@settings(max_examples=150, deadline=None)
def test_no_letter_of_a_formula_is_lost_when_it_is_broken_into_lines(tex: str) -> None:
    """Dropped text is the worst fault, because nobody sees it."""
    narrow, wide = display(tex, 12).text, display(tex, 400).text
    for sign in ("loss", "漢", "W"):
        assert narrow.replace("\n", "").count(sign[0]) >= min(1, wide.count(sign[0]))


@given(st.text(max_size=120), st.integers(2, 80))
@settings(max_examples=200, deadline=None)
def test_any_text_becomes_lines_that_fit(markdown: str, width: int) -> None:
    for line in prose(markdown, width):
        assert "\n" not in line.text
        assert "\x1b" not in line.text
        code = any(span.style in ("code-block", "figure") for span in line.spans)
        assert code or cells(line.text) <= width
        assert all(0 <= span.start < span.end <= len(line.text) for span in line.spans)
    assert isinstance(plain(markdown), str)


SIGNS = st.lists(
    st.sampled_from(["[", "]", "[/]", "[bold]", "w[i]", "[…]", "[0]", "[1, 2]", "x"]), min_size=1, max_size=6
)


@given(SIGNS)
@settings(max_examples=60, deadline=None)
def test_square_brackets_come_out_exactly_as_written(parts: list[str]) -> None:
    text = " ".join(parts)
    assert prose(text, 200)[0].text == text
    assert plain(text) == text


WORDS = st.lists(
    st.sampled_from(["word", "$x_1$", "`code $y$`", r"$\frac{1}{n}$", "**bold $z$**", "$5", "| a"]), max_size=8
)


@given(st.lists(WORDS.map(" ".join), max_size=4))
@settings(max_examples=80, deadline=None)
def test_every_formula_is_found_where_it_stands(paragraphs: list[str]) -> None:
    markdown = "\n\n".join(paragraphs)
    for formula in formulas(markdown):
        assert markdown[formula.offset] == "$"
        assert markdown[formula.offset + 1 :].startswith(formula.tex)
        assert markdown.count("\n", 0, formula.offset) + 1 == formula.line
