"""Charts as text: what a person reads off them, with their sentence for those who do not see them."""

from __future__ import annotations

from datetime import date, timedelta
from textwrap import dedent

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from studyapp.typeset.bars import bars, ratio
from studyapp.typeset.heatmap import SHADES, heatmap
from studyapp.typeset.lines import Series, curves
from studyapp.typeset.scale import label_line, number, ticks


def look(drawing: str) -> str:
    return dedent(drawing).strip("\n")


DUE = [18, 9, 14, 7, 12, 5, 3, 6, 1, 3, 0, 2, 4]


def test_bars_stand_apart_over_round_ticks_and_named_days() -> None:
    drawing = bars(DUE, width=32, labels=["20 Nov", *[""] * 9, "30 Nov"], title="Due in the next 13 days")
    assert drawing.text == look("""
        20┤▅
          ┤█   ▆   ▃
        10┤█ ▆ █ ▃ █     ▂
          ┤█ █ █ █ █ █ ▅ █ ▂ ▅   ▃ ▆
          └┬───────────────────┬────
           20 Nov              30 Nov
    """)
    assert drawing.words == "Due in the next 13 days: 13 values, 84 in all, most at 20 Nov (18), least 0."


def test_bars_that_do_not_fit_are_added_up_and_the_words_say_so() -> None:
    drawing = bars([1.0] * 30, width=20, height=2)
    assert "Each bar is 4 of them added up." in drawing.words
    assert all(line.width <= 20 for line in drawing.lines)


def test_no_values_say_so_instead_of_an_empty_frame() -> None:
    assert bars([], width=20, title="Due").words == "Due: nothing to show yet."
    assert bars([0, 0], width=20, title="Due").words == "Due: 2 values, all 0."
    assert curves([Series("loss", [])], width=20).text == "nothing to show yet"


@given(st.lists(st.floats(0, 1e9), min_size=1, max_size=60), st.integers(14, 90), st.integers(1, 8))
@settings(max_examples=80, deadline=None)
def test_bars_fit_and_never_touch(values: list[float], width: int, height: int) -> None:
    drawing = bars(values, width=width, height=height)
    plot = [line.text.partition("┤")[2] for line in drawing.lines if "┤" in line.text]
    assert all(line.width <= width for line in drawing.lines)
    starts = {column for row in plot for column in range(len(row)) if row[column] != " "}
    assert len(drawing.lines) >= height + 1
    if len(values) > 1 and starts:
        unit = next(n for n in range(1, 9) if all(column % n != n - 1 for column in starts) or n == 8)
        assert unit > 1


@pytest.mark.parametrize(
    ("share", "bar"), [(0.61, "▰▰▰▰▰▱▱▱"), (0, "▱" * 8), (1, "▰" * 8), (0.001, "▰▱▱▱▱▱▱▱"), (0.999, "▰▰▰▰▰▰▰▱")]
)
def test_a_ratio_is_full_only_when_all_is_done(share: float, bar: str) -> None:
    drawing = ratio(share)
    assert drawing.text == bar
    assert drawing.words == f"{int(100 * share)} percent."


@given(st.lists(st.integers(0, 9), min_size=1, max_size=20), st.integers(3, 8))
@settings(max_examples=60, deadline=None)
def test_the_axis_of_counts_has_whole_numbers_only(values: list[int], height: int) -> None:
    drawing = bars(values, width=60, height=height)
    axis = [line.text.partition("┤")[0].strip() for line in drawing.lines if "┤" in line.text]
    assert not any("." in label for label in axis)


def test_the_calendar_shows_weeks_and_months_that_never_touch() -> None:
    end = date(2026, 11, 20)
    counts = {end - timedelta(days=n): n % 5 for n in range(60)}
    drawing = heatmap(counts, end=end, width=24, weeks=20)
    lines = drawing.text.split("\n")
    assert [line[:2] for line in lines[:7]] == ["Mo", "  ", "We", "  ", "Fr", "  ", "  "]
    assert len(lines[4]) == 3 + 20
    assert len(lines[5]) == 3 + 19, "days after the end are not drawn"
    assert lines[7] == "      Aug  Sep Oct Nov", "July began before the first week"
    assert drawing.words == "Reviews from 6 Jul 2026 to 20 Nov 2026: 120 on 48 days, most on 16 Nov 2026 (4)."


@given(st.integers(1, 5), st.integers(12, 76))
@settings(max_examples=40, deadline=None)
def test_a_wide_day_is_as_many_cells_and_the_same_calendar(cell: int, width: int) -> None:
    end = date(2026, 11, 22)
    counts = {end - timedelta(days=n): n % 5 for n in range(60)}
    weeks = min(60, (width - 3) // cell)
    wide = heatmap(counts, end=end, width=width, weeks=60, cell=cell)
    thin = heatmap(counts, end=end, width=3 + weeks, weeks=weeks)
    assert all(line.width <= width for line in wide.lines)
    assert wide.words == thin.words
    for one, other in zip(wide.lines[:7], thin.lines[:7], strict=True):
        assert one.text[3::cell].rstrip() == other.text[3:].rstrip()
        heats = [span for span in one.spans if span.style.startswith("heat")]
        assert [SHADES[int(span.style[-1])] for span in heats] == list(other.text[3:]), "each day has its colour"
        assert [span.start for span in heats] == list(range(3, len(one.text), cell))


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(5, 70))
@settings(max_examples=60, deadline=None)
def test_every_day_stands_in_the_line_of_its_weekday(end: date, width: int) -> None:
    drawing = heatmap({end: 3}, end=end, width=width)
    assert drawing.lines[end.weekday()].text.endswith("█")
    assert sum(line.text.count("█") for line in drawing.lines) == 1
    assert all(line.width <= width for line in drawing.lines)


def test_a_loss_curve_falls_from_left_to_right_under_its_axis() -> None:
    drawing = curves([Series("loss", [1.0, 0.5, 0.25, 0.0])], width=20, height=4, x_name="epochs", title="Training")
    assert drawing.text == look("""
        1.0┤⠑⠤⡀
           ┤  ⠈⠢⢄
        0.5┤     ⠉⠒⠒⠤⠤⣀⡀
        0.0┤           ⠈⠑⠒⠤⣀
           └────────────────
            1       4 epochs
    """)
    assert drawing.words == "Training: loss falls from 1 to 0 between 1 and 4."


def test_the_legend_can_give_the_last_value_of_every_curve() -> None:
    two = curves([Series("one", [3.0, 0.28471]), Series("two", [3.0, float("nan")])], width=40, finals=True)
    alone = curves([Series("loss", [1.0, 0.01])], width=40, finals=True)

    assert two.text.splitlines()[-1].strip() == "● one 0.285   □ two 3"
    assert alone.text.splitlines()[-1].strip() == "loss 0.01"


def test_several_curves_are_told_apart_without_colour() -> None:
    drawing = curves([Series("train", [3, 2, 1] * 9), Series("test", [1, 2, 3] * 9)], width=60)
    assert "● train   □ test" in drawing.lines[-1].text
    plot = "".join(line.text for line in drawing.lines[:-1])
    assert plot.count("●") >= 2
    assert plot.count("□") >= 2
    styles = {span.style for line in drawing.lines for span in line.spans}
    assert {"series-0", "series-1", "axis", "label"} <= styles


@given(
    st.lists(st.lists(st.floats(-1e6, 1e6) | st.just(float("nan")), max_size=30), max_size=3),
    st.integers(24, 90),
    st.integers(2, 12),
    st.booleans(),
)
@settings(max_examples=80, deadline=None)
@example([[0.0, 5e-324]], 40, 6, False)  # the smallest number there is; a sixth of it is none
def test_curves_of_any_numbers_fit(values: list[list[float]], width: int, height: int, log: bool) -> None:
    drawing = curves([Series(f"s{n}", ys) for n, ys in enumerate(values)], width=width, height=height, log=log)
    assert all(line.width <= width for line in drawing.lines)
    assert drawing.words.endswith(".")


@given(st.floats(-1e6, 1e6), st.floats(1e-3, 1e6), st.integers(1, 6))
@settings(max_examples=120, deadline=None)
def test_ticks_are_round_and_enclose_the_data(low: float, span: float, most: int) -> None:
    found = ticks(low, low + span, most)
    step = found[1] - found[0]
    assert found[0] <= low + 1e-6 * span
    assert found[-1] >= low + span - 1e-6 * span
    assert f"{step:e}"[0] in "125" or f"{step:.6e}"[:8] in ("9.999999", "1.999999", "4.999999")


def test_labels_never_touch_each_other_or_the_edge() -> None:
    assert label_line([(0, "May"), (3, "Jun"), (7, "Jul"), (10, "August")], 14) == "May    Jul"


def test_numbers_have_true_minus_signs_and_the_decimals_of_their_step() -> None:
    assert [number(-0.5, 0.5), number(0.30000000000000004, 0.1), number(-0.0), number(1234567.0)] == [
        "−0.5",
        "0.3",
        "0",
        "1.2e+06",
    ]
