"""Formulas in two dimensions, compared as they look."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from studyapp.typeset import ascii_display, cells, display

APPROVED = (Path(__file__).parent / "data" / "displays.txt").read_text(encoding="utf-8")


def approved() -> list[tuple[str, str]]:
    found = []
    for part in APPROVED.split("\n$ ")[1:]:
        tex, _, drawing = part.partition("\n")
        found.append((tex, drawing.rstrip("\n")))
    return found


@pytest.mark.parametrize(("tex", "drawing"), approved(), ids=[tex[:50] for tex, _ in approved()])
def test_a_formula_looks_as_approved(tex: str, drawing: str) -> None:
    assert display(tex, 60).text == drawing


def look(drawing: str) -> str:
    return dedent(drawing).strip("\n")


def test_adam_looks_as_in_a_book() -> None:
    tex = r"W_t = W_{t-1} - \eta\frac{\hat m_t}{\sqrt{\hat v_t}+\epsilon}"
    assert display(tex, 76).text == look("""
                         m̂ₜ
        Wₜ = Wₜ₋₁ − η ─────────
                        __
                       √v̂ₜ + ε
    """)


def test_cross_entropy_has_its_limits_above_and_below_the_sum() -> None:
    tex = r"H(p, q) = -\sum_{k=1}^{K} p_k \log q_k"
    assert display(tex, 76, big=False).text == look("""
                      K
        H(p, q) = −   ∑   pₖ log qₖ
                    k = 1
    """)


def test_a_hidden_error_term_looks_as_on_the_lesson_screen() -> None:
    tex = r"\delta_j = g'(z_j)\sum_k w_{kj}\delta_k"
    block = display(tex, 76, number="6.2")
    assert block.text == look("""
                    __
        δⱼ = g′(zⱼ) ╲  wₖⱼ δₖ                                                  (6.2)
                    ╱_
                     k
    """)
    assert block.baseline == 1


def test_cases_stand_under_one_another_behind_a_brace() -> None:
    assert display(r"f(x) = \begin{cases}x & x > 0\\0 & x \le 0\end{cases}", 76).text == look("""
               ⎧x  x > 0
        f(x) = ⎨
               ⎩0  x ≤ 0
    """)


def test_a_formula_that_is_too_wide_is_broken_at_its_relations() -> None:
    tex = (
        r"\frac{\partial L}{\partial w} = (y - t) \cdot y (1 - y) \cdot x = 0.1 \cdot 0.2 \cdot 0.3 \cdot 0.4 = 0.0024"
    )
    assert display(tex, 36).text == look("""
         ∂L
        ──── = (y − t) · y(1 − y) · x
         ∂w

             = 0.1 · 0.2 · 0.3 · 0.4

             = 0.0024
    """)


def test_aligned_lines_that_are_too_wide_are_broken_one_by_one() -> None:
    tex = r"\begin{aligned} z &= w_1 x_1 + w_2 x_2 + b \\ a &= \sigma(z) \end{aligned}"
    assert display(tex, 40).text == look("""
        z = w₁ x₁ + w₂ x₂ + b
        a = σ(z)
    """)
    assert display(tex, 16).text == look("""
        z = w₁ x₁
          + w₂ x₂ + b
        a = σ(z)
    """)


def test_a_sum_without_relations_is_broken_at_its_signs() -> None:
    assert display("a_1 + a_2 + a_3 - a_4", 10).text == look("""
        a₁ + a₂
         + a₃ − a₄
    """)


def test_a_formula_that_cannot_be_broken_is_wrapped_on_one_line_and_nothing_is_lost() -> None:
    block = display(r"\frac{a_1 + a_2 + a_3 + a_4 + a_5 + a_6}{b}", 12)
    assert block.width <= 12
    assert "".join(block.text.split()) == "(a₁+a₂+a₃+a₄+a₅+a₆)/b"


def test_a_long_quotient_is_wrapped_before_its_signs_and_not_within_a_term() -> None:
    tex = r"\frac{(a_1 - b_1)^2 + (a_2 - b_2)^2 + (a_3 - b_3)^2}{2N}"
    assert display(tex, 30).text == look("""
        ((a₁ − b₁)² + (a₂ − b₂)²
           + (a₃ − b₃)²)/(2N)
    """)


def test_bold_in_a_drawing_is_a_span_on_a_plain_letter() -> None:
    line = display(r"\mathbf{y} = \mathbf{W}\mathbf{x}", 40).lines[0]
    assert line.text == "y = Wx"
    assert [line.text[span.start : span.end] for span in line.spans if span.style == "bold"] == ["y", "Wx"]


def test_wide_letters_are_measured() -> None:
    block = display(r"\frac{\text{損失}}{n}", 40)
    assert block.text == look("""
         損失
        ──────
          n
    """)
    assert {cells(line.text) for line in block.lines} == {6}


def test_numbers_in_a_matrix_stand_point_under_point() -> None:
    assert display(r"\begin{bmatrix}0.5&-0.25\\1&10.125\end{bmatrix}", 40).text == look("""
        ⎡0.5  −0.25 ⎤
        ⎢           ⎥
        ⎣1    10.125⎦
    """)


def test_no_width_at_all_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one cell"):
        display("x", 0)


def test_ascii_keeps_the_shape() -> None:
    assert ascii_display(r"\sigma(z) = \left(\frac{1}{1+e^{-z}}\right)", 60).text == look(r"""
                   /     1      \
        sigma(z) = |------------|
                   \ 1 + e^(-z) /
    """)
