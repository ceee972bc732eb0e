"""Lessons and cards as lines: what is written stays readable at every width, and nothing vanishes."""

from __future__ import annotations

from textwrap import dedent

import pytest
from rich.cells import cell_len

from studyapp.typeset import cells, formula_error, formulas, plain, prose
from studyapp.typeset.model import Line


def look(drawing: str) -> str:
    return dedent(drawing).strip("\n")


def text_of(lines: tuple[Line, ...]) -> str:
    return "\n".join(line.text for line in lines)


def styles(line: Line, style: str) -> list[str]:
    return [line.text[span.start : span.end] for span in line.spans if span.style == style]


LESSON = r"""
# The hidden error term

A hidden unit has **no target** of its own. It is responsible for the loss only through the units it feeds, so its
error term collects theirs:

$$\delta_j = g'(z_j)\sum_k w_{kj}\delta_k$$ (6.2)

- one
- two, which is long enough to need another line of its own
  1. inner
  2. inner

| function | formula | at 0 |
|:---------|:-------:|-----:|
| sigmoid  | $\frac{1}{1+e^{-x}}$ | 0.5 |
| ReLU     | $\max(0, x)$ | 0 |

> [!TIP]
> Think of blame.

```text
x ── w ──╮
```
"""


def test_a_lesson_page_looks_like_a_page() -> None:
    assert text_of(prose(LESSON, 56)) == look("""
        The hidden error term

        A hidden unit has no target of its own. It is
        responsible for the loss only through the units it
        feeds, so its error term collects theirs:

                        __
            δⱼ = g′(zⱼ) ╲  wₖⱼ δₖ                          (6.2)
                        ╱_
                         k

        • one
        • two, which is long enough to need another line of its
          own
          1. inner
          2. inner

        function    formula    at 0
        ────────  ───────────  ────
        sigmoid   1/(1 + e⁻ˣ)   0.5
        ReLU       max(0, x)      0

        ▏ Hint
        ▏ Think of blame.

          x ── w ──╮
    """)


def test_styles_are_names_beside_the_text() -> None:
    line = prose(r"**bold**, *italic*, `code`, ~~gone~~, [link](http://x.y) and $\mathbf{W}x$", 100)[0]
    assert line.text == "bold, italic, code, gone, link and Wx"
    assert [styles(line, style) for style in ("bold", "italic", "code", "strike", "link", "math")] == [
        ["bold", "W"],
        ["italic"],
        ["code"],
        ["gone"],
        ["link"],
        ["Wx"],
    ]
    assert [span.target for span in line.spans if span.style == "link"] == ["http://x.y"]
    assert styles(prose("## Title", 40)[0], "heading2") == ["Title"]


def test_a_formula_in_running_text_is_not_torn_at_the_margin() -> None:
    lines = prose(r"The sum of products is $w_1 x_1 + w_2 x_2$ here.", 30)
    assert text_of(lines) == "The sum of products is\nw₁ x₁ + w₂ x₂ here."


def test_a_formula_wider_than_the_line_is_broken_at_its_blanks() -> None:
    lines = prose("$a + b + c + d + e + f$", 9)
    assert [line.text for line in lines] == ["a + b + c", "+ d + e +", "f"]


@pytest.mark.parametrize(
    "text", ["[…]", "[/]", "[bold]", "w[i]", "a [b] c", "[@nielsen]", "<b>x</b>", "[foo]: bar", "5 < 6 & 7"]
)
def test_text_comes_out_exactly_as_written(text: str) -> None:
    """Deck text is never markup of the screen, and no rule of Markdown makes it vanish."""
    assert text_of(prose(text, 60)) == text
    assert plain(text) == text


def test_a_fence_with_nothing_in_it_is_text() -> None:
    assert text_of(prose("```a", 60)).strip() == "```a"
    assert plain("```a") == "```a"


def test_prices_are_not_formulas() -> None:
    text = "It costs $5 and $6, or $5–$10."
    assert text_of(prose(text, 60)) == text
    assert formulas(text) == ()


def test_a_bad_formula_shows_its_source_and_is_reported() -> None:
    markdown = "Look: $\\foo{x}$ here.\n\n$$\\bar$$\n"
    lines = prose(markdown, 40)
    assert [line.text for line in lines] == ["Look: $\\foo{x}$ here.", "", "$$\\bar$$"]
    assert styles(lines[0], "error") == ["$\\foo{x}$"]
    found = formulas(markdown)
    assert [(one.tex, one.offset, one.line, one.display) for one in found] == [
        ("\\foo{x}", 6, 1, False),
        ("\\bar", 23, 3, True),
    ]
    assert formula_error("\\foo{x}") == "\\foo is unknown (at character 1 of “\\foo{x}”)"
    assert formula_error("x") is None


def test_formulas_in_code_are_no_formulas() -> None:
    markdown = "`$x$` and $x$\n\n```\n$y$\n```\n"
    assert [(one.tex, one.line) for one in formulas(markdown)] == [("x", 1)]


def test_figures_and_code_are_neither_wrapped_nor_cut() -> None:
    figure = "x₁ ──── w₁ ────╮\n               ├── Σ"
    assert text_of(prose(f"```text\n{figure}\n```", 10)) == figure


def test_checks_for_the_engine_are_not_shown() -> None:
    assert prose("Seen.\n\n```check\nforward = 1\n```\n", 40) == prose("Seen.", 40)
    assert plain("Seen.\n\n```check\nforward = 1\n```\n") == "Seen."


def test_a_table_too_wide_wraps_in_its_cells_and_then_stands_one_under_another() -> None:
    table = "| name | meaning |\n|---|---|\n| eta | the learning rate of the update |\n"
    assert text_of(prose(table, 24)) == look("""
        name  meaning
        ────  ──────────────────
        eta   the learning rate
              of the update
    """)
    assert text_of(prose(table, 8)) == look("""
        name:
        eta
        meaning:
        the
        learning
        rate of
        the
        update
    """)


def test_feedback_stands_directly_under_its_option() -> None:
    assert text_of(prose("- [ ] one\n  > Why not.\n- [x] two\n  > Why.\n", 40)) == look("""
        • [ ] one
          ▏ Why not.
        • [x] two
          ▏ Why.
    """)


def test_control_characters_cannot_reach_the_terminal() -> None:
    assert text_of(prose("a\x1b[31mred", 40)) == "a␛[31mred"
    assert text_of(prose("a\x9b2J\u202eb", 40)) == "a\ufffd2J\ufffdb"
    assert [line.text for line in prose("one\r\n\r\ntwo\r\rthree", 40) if line.text] == ["one", "two", "three"]


def test_a_picture_is_told_by_its_words_or_else_by_its_name() -> None:
    assert text_of(prose("![](net.png) and ![a net](b.png)", 40)) == "net.png and a net"


def test_for_poor_terminals_formulas_are_ascii_and_the_words_as_written() -> None:
    text = plain(LESSON + "\n\nfür $x \\to 0$", spoken=False, poor=True)
    assert "1/(1 + e^(-x))" in text
    assert text.endswith("für x -> 0")


def test_plain_text_speaks_formulas_and_reads_tables_row_by_row() -> None:
    assert plain(LESSON).split("\n\n") == [
        "The hidden error term",
        "A hidden unit has no target of its own. It is responsible for the loss only through the units it feeds, so "
        "its error term collects theirs:",
        "delta sub j equals g prime of z sub j sum over k of w sub k j delta sub k (number 6.2)",
        "- one\n- two, which is long enough to need another line of its own\n  1. inner\n  2. inner",
        "function: sigmoid; formula: the fraction 1 over 1 plus e to the power of minus x, end fraction; at 0: 0.5\n"
        "function: ReLU; formula: maximum of open bracket 0, x close bracket; at 0: 0",
        "Hint: Think of blame.",
        "x ── w ──╮",
    ]
    assert plain(r"Let $\sigma'(z)$ be", spoken=False) == "Let σ′(z) be"
    assert plain("[book](http://x.y)") == "book (http://x.y)"


SAMPLES = ["plain", "m̂ₜ − ŷ", "損失 loss", "ｗｉｄｅ", "ᵀ⁽ˡ⁾", "√v̂ₜ", "─│╮▰▱⠤", "👍 ok", "é\u0301", "w⃗", "𝐖𝔼𝒩"]


@pytest.mark.parametrize("text", SAMPLES)
def test_widths_agree_with_the_terminal_library(text: str) -> None:
    """Rich measures for the screen; another count here would break every frame."""
    assert cells(text) == cell_len(text)
