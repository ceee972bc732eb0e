"""The two fallbacks: ASCII for poor terminals and words for those who listen."""

from __future__ import annotations

import pytest

from studyapp.typeset import ascii_inline, speak
from studyapp.typeset.ascii import spelt

ASCII = {
    r"\frac{\partial L}{\partial W^{(l)}} = \delta_j": "dL/d W^(l) = delta_j",
    r"\frac{1}{1+e^{-x}}": "1/(1 + e^(-x))",
    r"\mathbf{W}\hat y \odot \eta\delta": "bold(W) hat(y) (.) eta delta",
    r"x \in \mathbb{R}^{n \times m}": "x in R^(n x m)",
    r"\sum_{i \in B} \lfloor x \rfloor": "sum_(i in B) floor(x)",
    r"\frac12 x \le \infty": "(1/2) x <= inf",
    r"\text{für}": "fur",
}
SPOKEN = {
    r"\frac{\partial L}{\partial w}": "partial L over partial w",
    r"\frac{1}{1+e^{-x}}": "the fraction 1 over 1 plus e to the power of minus x, end fraction",
    r"-\sum_{k=1}^{K} p_k \log q_k": "minus sum from k equals 1 to K of p sub k log q sub k",
    r"g'(z_j)": "g prime of z sub j",
    r"(t - y)^2": "open bracket t minus y close bracket squared",
    r"\mathbf{W}^\top \delta": "bold W transposed delta",
    r"W^{(l)}": "W superscript l",
    r"\lVert w \rVert_2^2": "the norm of w end norm sub 2 squared",
    r"f(x) = \begin{cases}x & x>0\\0 & x\le0\end{cases}": "f of x equals x if x is greater than 0; 0 if x is at most 0",
    r"\hat y \approx 0.25": "y hat is approximately 0.25",
    r"n(n-1)": "n open bracket n minus 1 close bracket",
    r"\frac12 S": "one half S",
    r"a \leftarrow b \tag{2.1}": "a becomes b, number 2.1",
    r"p(y \mid x)": "p of y given x",
    r"\left.\frac{df}{dx}\right|_{x=0}": "d f over d x, at x equals 0",
}


@pytest.mark.parametrize(("tex", "text"), ASCII.items())
def test_ascii_says_the_same(tex: str, text: str) -> None:
    assert ascii_inline(tex) == text


@pytest.mark.parametrize(
    ("text", "typed"),
    [("1.2×10⁻³", "1.2x10^-3"), ("w₁₂ → δⱼ", "w_12 > delta_j"), ("“für”", '"fur"'), ("½ ≤ 1 – ok", "1/2 <= 1 - ok")],
)
def test_text_is_spelt_as_one_would_type_it(text: str, typed: str) -> None:
    assert spelt(text) == typed


def test_what_has_no_likeness_is_one_question_mark_each() -> None:
    assert spelt("漢字 \ud800 a") == "?? ? a"


@pytest.mark.parametrize(("tex", "words"), SPOKEN.items())
def test_a_formula_can_be_read_aloud(tex: str, words: str) -> None:
    assert speak(tex) == words
