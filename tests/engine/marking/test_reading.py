"""How an answer is read: what people type, what it is taken for, and what is refused without costing a try."""

import math
import os
import random
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.marking import MarkingError, Precision, UnreadableError, evaluate, evaluate_list, mark

CALLS = int(os.environ.get("STUDYAPP_MARKING_STRINGS", "3000"))


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("−0.5", -0.5),
        ("–0.5", -0.5),
        ("＋3．４", 3.4),
        ("3.4×10⁻³", 0.0034),
        ("3.4·10^-3", 0.0034),
        ("3,4X10^-3", 0.0034),
        ("10⁻³", 0.001),
        ("½", 0.5),
        ("2/½", 4.0),
        ("4^½", 2.0),
        ("1⁄2", 0.5),
        ("1÷8", 0.125),
        ("34 %", 0.34),
        ("2,5%", 0.025),
        ("1 234,5", 1234.5),
        ("1.234.567,8", 1234567.8),
        ("1,5*0,2", 0.3),
        ("-2^2", -4.0),
        ("2^3^2", 512.0),
        ("2**-1", 0.5),
        ("2^0.5", math.sqrt(2)),
        ("--5", 5.0),
        ("1/3+1/3+1/3-1", 0.0),
        ("0.1+0.2-0.3", 0.0),
        ("0^0", 1.0),
        ("sig(0)+σ(0)+sigmoid(0)", 1.5),
        ("sigmoid(-100000)", 0.0),
        ("ln(exp(2))", 2.0),
        ("tanh (0)", 0.0),
        ("1e15*1e15/1e15/1e15", 1.0),
        ("((1.0000001^64)^64)^64", math.exp(64**3 * math.log1p(1e-7))),
    ],
)
def test_what_people_type_is_the_number_they_mean(typed: str, value: float) -> None:
    assert evaluate(typed) == pytest.approx(value, rel=1e-12, abs=1e-15)


GIVENS = {"eta": 0.1, "x": [1.0, 0.8], "W": [[1.0, 2.0], [3.0, 4.0]], "w_out": [0.5], "x1": 7.0}


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("eta*x[1]", 0.08),
        ("x₂", 0.8),
        ("x2", 0.8),
        ("x1", 7.0),  # a given of that very name comes first
        ("W12+W₂₁", 5.0),
        ("W[1,0]", 3.0),
        ("W[ 1 ][0]", 3.0),
        ("w_out1", 0.5),
        ("w_out_1", 0.5),
    ],
)
def test_the_givens_can_be_used_by_name(typed: str, value: float) -> None:
    assert evaluate(typed, GIVENS) == pytest.approx(value)


@pytest.mark.parametrize(
    ("code", "typed"),
    [
        ("empty", ""),
        ("empty", " \t\u3000\n"),
        ("symbol", "abc"),
        ("symbol", "nan"),
        ("symbol", "inf"),
        ("symbol", "3 apples"),
        ("symbol", "x[2]"),
        ("symbol", "x"),
        ("symbol", "x0"),
        ("symbol", "Eta"),
        ("syntax", "1_0"),
        ("syntax", "2eta"),
        ("syntax", "(1+2"),
        ("syntax", "1+"),
        ("syntax", "1+*2"),
        ("syntax", "exp"),
        ("syntax", "٣"),
        ("syntax", "__import__('os')"),
        ("syntax", "1\x00"),
        ("syntax", "(" * 31 + "1" + ")" * 31),
        ("syntax", "-" * 100 + "1"),
        ("superscript", "x²"),
        ("superscript", "210⁻³"),
        ("mixed", "2½"),
        ("mixed", "½½"),
        ("mixed", "½5"),
        ("log", "log(2)"),
        ("range", "1e999"),
        ("range", "1e61"),
        ("range", "9" * 41),
        ("range", "1e16"),
        ("range", "(10^60)^64"),
        ("range", "9^9^9"),
        ("range", "exp(1000)"),
        ("range", "ln(0)"),
        ("range", "ln(-1)"),
        ("range", "sqrt(-1)"),
        ("range", "(-8)^(1/3)"),
        ("div0", "1/0"),
        ("div0", "0^-1"),
        ("div0", "1/(0.1+0.2-0.3)"),
        ("comma", "1,2,3"),
        ("comma", "1.2.3"),
        ("comma", "1,5*0.2"),
        ("comma", "12,34.5"),
        ("shape", "0.34, 0.26"),
        ("shape", "0.34 0.26"),
        ("shape", "0,34; 0,26"),
        ("shape", "[0.34]"),
        ("shape", "1\n2"),
        ("long", "1" * 201),
    ],
)
def test_what_cannot_be_read_says_why_and_costs_nothing(code: str, typed: str) -> None:
    given = mark(typed, 0.34, names=GIVENS)

    assert given.invalid == code, given
    assert (given.credit, given.attempt) == (None, False)
    assert len(given.reason) < 400


def test_a_scratch_field_reads_lists_without_knowing_what_is_asked() -> None:
    assert evaluate_list("0,5; 0,25") == [0.5, 0.25]
    assert evaluate_list("[1, 2; 3, 4]") == evaluate_list("1 2\n3 4") == [[1.0, 2.0], [3.0, 4.0]]
    assert evaluate_list("[[[1, 2]], [[3, 4]]]") == [[[1.0, 2.0]], [[3.0, 4.0]]]
    assert evaluate_list("eta*x[0] 2", GIVENS) == [0.1, 2.0]
    with pytest.raises(UnreadableError) as uneven:
        evaluate_list("[1, 2; 3]")
    assert uneven.value.code == "ragged"


def test_exam_practice_can_switch_expressions_off() -> None:
    for typed in ("0.34", "0,34", "34%", "17/50", "3.4e-1", "3.4×10⁻¹", "-0.34"):
        assert mark(typed, 0.34, expressions=False).invalid is None, typed
    for typed in ("0.17*2", "sqrt(2)", "eta", "1/2/2", "(0.34)"):
        assert mark(typed, 0.34, names=GIVENS, expressions=False).invalid == "expression", typed


def test_thousands_are_marks_in_whole_number_fields_only() -> None:
    for typed in ("138,357,544", "138.357.544", "138 357 544", "138'357'544", "138357544", "138357544.0"):
        assert mark(typed, 138357544, "int").verdict == "correct", typed
    assert mark("1,234", 1234, "int").read == "1234"
    assert mark("1,234", 1234).verdict != "correct"


@pytest.mark.parametrize("asked", ["3", "sf", "0sf", "16sf", "-1dp", "3 s f x", "", "²sf", "float"])
def test_a_precision_that_is_none_is_refused_with_examples(asked: str) -> None:
    with pytest.raises(MarkingError, match=r"3sf|at most 15"):
        Precision.parse(asked)


def test_both_ways_of_writing_a_precision_mean_the_same() -> None:
    assert Precision.parse("sf 3") == Precision.parse("3sf") == Precision("sf", 3)
    assert str(Precision.parse("dp 2")) == "2dp"


ALPHABET = (
    "0123456789" * 2 + "..,,--++**//^%()[]<>;: \n\t'eExX_=" + "−–×·÷½⅓²⁻¹₁⁄１．，＋٣σπ€√\u00a0\u202f\u3000\x00\ud800"
)


def test_no_string_of_look_alikes_makes_marking_fail() -> None:
    """Random strings of 0 to 14 characters, each read as a number, a list and a table."""
    generator = random.Random(20)
    for _ in range(CALLS):
        typed = "".join(generator.choices(ALPHABET, k=generator.randint(0, 14)))
        for true in (0.34, [0.526, -0.1792], [[0.1, 0.2], [0.3, 0.4]]):
            given = mark(typed, true, generator.choice(("3sf", "2dp", "int", "exact")), names=GIVENS)
            assert given.verdict


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=60), st.sampled_from([0.34, [0.5, 0.2], [[0.1, 0.2], [0.3, 0.4]], [[[1.0]], [[2.0]]]]))
def test_no_text_at_all_makes_marking_fail(typed: str, true: object) -> None:
    assert mark(typed, true, names=GIVENS).verdict  # type: ignore[arg-type]


PIECES = ["1", "9", "0,5", "2.5", "1e60", "x", "x[1]", "W12", "(", ")", "[", "]", "^64", "^", "**", "*", "/", "-", "+"]
PIECES += ["%", " ", ", ", ";", "\n", "exp(", "ln(", "sigmoid(", "½", "10⁻³", "1e-60", "1.0000001"]


@settings(max_examples=400, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=60).map("".join), st.sampled_from([0.34, [0.5, 0.2]]))
def test_no_heap_of_operators_makes_marking_fail(typed: str, true: object) -> None:
    assert mark(typed, true, names=GIVENS).verdict  # type: ignore[arg-type]


MONSTERS = [
    "9" * 10**7,
    "(" * 10**6,
    "-" * 200,
    "2^" * 99 + "2",
    "(1.0000001^64)" * 13,
    "((((((1.0000001^64)^64)^64)^64)^64)^64)",
    "1.0000001^64*" * 15 + "1",
    "(1/3)^64+" * 22 + "1",
    "\ufdfa" * 200,
    "½" * 200,
    "[" * 4000,
    "[" * 2000 + "]" * 2000,
    "(" * 2000 + ")" * 2000,
    "1 " * 2000,
    "1,2 " * 1000,
    "1,2;" * 1000,
    "1\n" * 2000,
    "exp (" * 800,
    " " * 3999 + "1",
    "1" + " " * 3998 + "1",
    "[" + " " * 3990 + ",,]",
    "[1]" * 1333,
    "x" * 4000,
    "x" * 200,
    "1e" * 100,
    "," * 4000,
    "10^" * 66 + "1",
]


@pytest.mark.parametrize("typed", MONSTERS, ids=lambda typed: f"{typed[:12]!r}x{len(typed)}")
def test_no_answer_makes_memory_grow(typed: str) -> None:
    """Numerators of millions of digits and nested copies of a list would show here, whatever the machine is doing."""
    tracemalloc.start()
    try:
        for true in (0.34, [0.526, -0.1792], [[0.1, 0.2], [0.3, 0.4]]):
            assert mark(typed, true, names=GIVENS).verdict
        assert tracemalloc.get_traced_memory()[1] < 8_000_000
    finally:
        tracemalloc.stop()


def test_limits_are_told_apart_by_name() -> None:
    with pytest.raises(UnreadableError, match="30 levels") as deep:
        evaluate("(" * 31 + "1" + ")" * 31)
    assert deep.value.code == "syntax"
    assert evaluate("(" * 29 + "1" + ")" * 29) == 1.0
    assert evaluate("9" * 15) == 10.0**15 - 1
    assert mark("0" * 39 + "1", 1).accepted
    assert mark("[" + "0.25, " * 660 + "0.25]", [0.25] * 661).verdict == "correct"
    assert mark("[" + "0.25, " * 700 + "0.25]", [0.25] * 701).invalid == "long"


def test_control_characters_never_come_back_in_a_sentence() -> None:
    """An answer pasted from a terminal must not be able to clear the screen it is shown on."""
    for typed in ("\x1b[2J", "1\x1b]0;x\x07", "[\x1b, 1]", "1,\x1b 2,3"):
        for true in (0.34, [1.0, 2.0]):
            assert mark(typed, true).reason.isprintable()
