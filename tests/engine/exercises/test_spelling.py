"""A symbol on the sheet is typed as it is printed."""

import pytest

from engine.exercises.spelling import spellings


@pytest.mark.parametrize(
    ("symbol", "names"),
    [
        ("\\eta", "η"),
        ("\\lambda", "λ"),
        ("\\varepsilon", "ε"),
        ("\\beta_{1}", "β1 β_1"),
        ("\\delta_{2}", "δ2 δ_2"),
        ("\\delta_H", "δH δ_H"),
        ("z_{f}", "zf z_f"),
        ("h_0", "h0 h_0"),
        ("e", "e"),
        ("\\Sigma", ""),  # no σ
        ("w'", ""),
        ("\\frac{\\partial L}{\\partial w}", ""),
        ("\\sigma(z)", ""),
        ("\\hat{m}", ""),
        ("a_{\\text{train}}", ""),
        ("\\cdot", ""),
        ("", ""),
    ],
)
def test_a_letter_with_an_index_is_typed_as_it_is_printed_and_anything_else_has_no_name(symbol, names):
    assert " ".join(spellings(symbol)) == names
