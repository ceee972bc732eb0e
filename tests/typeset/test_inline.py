"""Formulas on one line: the meaning must survive, with as few brackets as it allows."""

from __future__ import annotations

import pytest

from studyapp.typeset import TexError, inline, inline_line

LOOKS = {
    # the formulas on which every library that was measured fails
    r"\frac{1}{1+e^{-x}}": "1/(1 + e⁻ˣ)",
    r"-\sum_{k=1}^{K} p_k \log q_k": "−∑ₖ₌₁ᴷ pₖ log qₖ",
    r"\frac{\hat m_t}{\sqrt{\hat v_t}+\epsilon}": "m̂ₜ/(√v̂ₜ + ε)",
    r"f(x)=\begin{cases}x & x>0\\0 & x\le0\end{cases}": "f(x) = x if x > 0, 0 if x ≤ 0",
    r"\lVert x \rVert_2^2": "‖x‖₂²",
    r"\overline{x}": "x̄",
    r"e^{-x^2}": "e^(−x²)",
    # brackets only where the meaning needs them
    r"\frac1n\sum_i x_i": "(1/n)∑ᵢ xᵢ",
    r"\frac{\partial L}{\partial W^{(l)}}": "∂L/∂W⁽ˡ⁾",
    r"\frac{\partial L}{\partial y}\frac{\partial y}{\partial w}": "(∂L/∂y)(∂y/∂w)",
    r"w - \eta\frac{\partial L}{\partial w}": "w − η ∂L/∂w",
    r"\frac{a+b}{2n}": "(a + b)/(2n)",
    r"\frac{a}{\frac{b}{c}} \ne \frac{\frac{a}{b}}{c}": "a/(b/c) ≠ (a/b)/c",
    r"\log\frac{a}{b}": "log(a/b)",
    r"\frac{1}{n(n-1)} + \frac{1}{f(x)}": "1/(n(n − 1)) + 1/f(x)",
    r"\sqrt{2n} + \sqrt{x^2} + \sqrt[3]{x}": "√(2n) + √(x²) + ³√x",
    r"{a+b}^2": "(a + b)²",
    r"{x^2}^3": "(x²)³",
    # scripts that Unicode has no small letters for
    r"x_{new}": "x_new",
    r"\mathbb{R}^{n \times m}": "ℝ^(n×m)",
    r"\nabla_\theta J": "∇_θ J",
    r"\theta_{new}^2": "θ²_new",
    r"e^{z_i}": "e^(zᵢ)",
    r"w_{i,j}^{(l)}": "wᵢ,ⱼ⁽ˡ⁾",
    r"W^{[l]}": "W^[l]",
    r"e^{0.6}": "e^0.6",
    # signs and blanks
    r"-x + (-y) - |-z|": "−x + (−y) − |−z|",
    r"0.2413\cdot(0.40\cdot0.138+0.50\cdot(-0.038))": "0.2413 · (0.40·0.138 + 0.50·(−0.038))",
    r"w_{kj}\delta_k g'(z_j)": "wₖⱼ δₖ g′(zⱼ)",
    r"h f'(x) + x\,p(x)": "h f′(x) + x p(x)",
    r"p(y \mid x) = p(y|x)": "p(y | x) = p(y|x)",
    r"\lim_{h \to 0}\frac{f(x)}{h}": "lim_(h→0) f(x)/h",
    r"\theta := \theta - 1": "θ := θ − 1",
    r"3{,}5": "3,5",
    r"L = \frac12 (t-y)^2": "L = ½ (t − y)²",
    r"0.9 \cdot \begin{pmatrix}1\\2\end{pmatrix} + (1 - 0.9) \cdot g": "0.9 · [1; 2] + (1 − 0.9)·g",
    r"-\ln\left(\begin{pmatrix} 1 \\ 2 \end{pmatrix}\right)": "−ln[1; 2]",
    # matrices and notes on one line
    r"\begin{pmatrix}1&2\\3&4\end{pmatrix}": "[1 2; 3 4]",
    r"\begin{pmatrix}0.4&-0.3\\0.2&0.5\end{pmatrix}": "[0.4, −0.3; 0.2, 0.5]",
    r"\begin{pmatrix}a + b&c\\0&-1\end{pmatrix}": "[a + b, c; 0, −1]",
    r"\left(\begin{array}{cc}1&2\\3&4\end{array}\right)": "[1 2; 3 4]",
    r"\begin{vmatrix}a&b\\c&d\end{vmatrix}": "|a b; c d|",
    r"\frac{q \cdot k}{\sqrt{d}}": "(q · k)/√d",
    r"\frac{\log p\, q}{2}": "(log p q)/2",
    r"\frac{|a - b|}{2}": "|a − b|/2",
    r"\underbrace{Wx+b}_{z}": "(Wx + b) [z]",
    r"\text{loss if $x > 0$}": "loss if x > 0",
    r"\left.\frac{df}{dx}\right|_{x=0}": "df/dx|ₓ₌₀",
}


@pytest.mark.parametrize(("tex", "text"), LOOKS.items())
def test_a_formula_reads_well_on_one_line(tex: str, text: str) -> None:
    assert inline(tex) == text


def test_bold_is_a_span_where_there_are_spans_and_a_letter_of_its_own_where_not() -> None:
    """A vector that loses its bold becomes a number."""
    assert inline(r"\mathbf{W}x") == "𝐖x"
    line = inline_line(r"\mathbf{W}x")
    assert line.text == "Wx"
    assert [(span.start, span.end, span.style) for span in line.spans] == [(0, 1, "bold")]


@pytest.mark.parametrize(
    ("tex", "position", "words"),
    [
        (r"x + \foo{y}", 4, r"\foo is unknown"),
        (r"\frac{a}", 8, r"something is missing after \frac"),
        (r"\left( x", 8, "right"),
        (r"x_1_2", 3, "two subscripts"),
        (r"a & b", 2, "outside a table"),
        (r"50%", 2, r"write \%"),
        (r"\begin{foo}x\end{foo}", 0, "'foo' is unknown"),
        (r"\begin{cases}x", 14, "missing"),
        ("{x", 2, "'}' is missing"),
        ("x}", 1, "no group"),
        ("x\\", 1, "backslash"),
        (r"\text{a \frac b}", 8, "cannot stand in text"),
        ("{" * 60 + "}" * 60, 40, "groups inside one another"),
    ],
)
def test_what_cannot_be_set_is_named_with_its_place(tex: str, position: int, words: str) -> None:
    with pytest.raises(TexError) as caught:
        inline(tex)
    assert words in caught.value.message
    assert caught.value.position == position


def test_what_stands_under_a_root_is_plain_to_see() -> None:
    assert inline(r"\sqrt{\left(-4\right)^2}") == "√((−4)²)"
    assert inline(r"\sqrt{\left(a + b\right)}") == "√(a + b)"
    assert inline(r"\sqrt{a + b}") == "√(a + b)"
    assert inline(r"\sqrt{x_1}") == "√x₁"


def test_a_prime_and_a_transpose_stand_behind_a_subscript_that_has_no_small_letters() -> None:
    assert inline("m_W'") == "m_W′"
    assert inline(r"W_q^\top") == "W_qᵀ"
    assert inline("x_{new}^2") == "x²_new"


def test_a_fraction_behind_a_sign_keeps_its_own() -> None:
    assert inline(r"a + \frac{-b}{c}") == "a + (−b/c)"
    assert inline(r"\frac{-b}{c} + a") == "−b/c + a"
