"""Bad programs, files and numbers: one clear error each, with its place and its remedy, in a moment."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import engine

GOOD = {"w": [0.5, -0.2], "x": [1.0, 0.8], "t": 0.6}


def error_of(
    forward: str, given: dict[str, Any] | None = None, loss: str | None = None, **more: Any
) -> engine.EngineError:
    with pytest.raises(engine.EngineError) as caught:
        engine.solve(engine.Program.parse(forward, loss), GOOD if given is None else given, **more)
    return caught.value


@pytest.mark.parametrize(
    ("forward", "line", "column", "piece", "says"),
    [
        ("y = w @ x\nL = (t - q)**2", 2, 10, "q", "unknown name"),
        ("y = w @ X", 1, 9, "X", "did you mean `x`"),
        ("y = w @ x @ x", 1, 5, "w @ x @ x", "@ needs arrays"),
        ("y = w + x[0:1] * [1, 2, 3]", 1, 5, "w + x[0:1] * [1, 2, 3]", "do not fit together"),
        ("a = b\nb = a", 1, 5, "b", "cycle"),
        ("a = a + 1", 1, 5, "a + 1", "defined by itself"),
        ("a = 1\na = 2", 2, 1, "a = 2", "defined twice"),
        ("y = __import__('os')", 1, 5, "__import__", "cannot be a name"),
        ("y = x.__class__", 1, 5, "x.__class__", "not part of the language"),
        ("y = (lambda: 1)()", 1, 5, "(lambda: 1)()", "only functions of the language"),
        ("import os", 1, 1, "import os", "every line must be"),
        ("y = [i for i in x]", 1, 5, "[i for i in x]", "not part of the language"),
        ("y = 'text'", 1, 5, "'text'", "only numbers"),
        ("y = x if t else w", 1, 5, "x if t else w", "not part of the language"),
        ("y = sigmoyd(x)", 1, 5, "sigmoyd(x)", "did you mean `sigmoid`"),
        ("y = sum(x, axes=0)", 1, 5, "sum(x, axes=0)", "no argument"),
        ("y = x[5]", 1, 5, "x[5]", "outside a length of 2"),
        ("y = x[t]", 1, 7, "t", "whole number"),
        ("y = t[0]", 1, 5, "t[0]", "indices"),
        ("y = sum(x, axis=3)", 1, 5, "sum(x, axis=3)", "axis 3 does not exist"),
        ("y = softmax(t)", 1, 5, "softmax(t)", "needs an array"),
        ("sum = x", 1, 1, "sum = x", "cannot be a name"),
        ("y = x +", 1, 8, "y = x +", "not written as an expression"),
        ("y = 1e999", 1, 5, "1e999", "too large"),
        ("y = conv1d(x, [1, 2, 3])", 1, 5, "conv1d(x, [1, 2, 3])", "larger than the input"),
    ],
)  # fmt: skip
def test_a_wrong_line_is_named_with_its_column_and_piece(
    forward: str, line: int, column: int, piece: str, says: str
) -> None:
    error = error_of(forward)
    assert isinstance(error, engine.ProgramError)
    assert (error.line, error.column, error.piece) == (line, column, piece)
    assert says in str(error)
    assert error.remedy


@pytest.mark.parametrize(
    ("forward", "given", "says"),
    [
        ("y = 1 / t", {"t": 0.0}, "division by zero"),
        ("y = t ** -1", {"t": 0.0}, "division by zero"),
        ("y = log(t)", {"t": -1.0}, "logarithm"),
        ("y = sqrt(t)", {"t": -1.0}, "square root"),
        ("y = t ** 0.5", {"t": -1.0}, "fractional power"),
        ("a = exp(t)\ny = exp(a)", {"t": 10.0}, "overflow"),
        ("y = 9.0 ** 9.0 ** 9.0", {}, "overflow"),
        ("y = 1 / (x - x)", {"x": [1.0, 2.0]}, "division by zero"),
    ],
)
def test_arithmetic_without_a_result_says_where_and_why(forward: str, given: dict[str, Any], says: str) -> None:
    error = error_of(forward, given)
    assert isinstance(error, engine.NumberError)
    assert says in str(error)
    assert error.line == forward.count("\n") + 1


@pytest.mark.parametrize(
    ("forward", "given"),
    [
        ("y = outer(a, a)", {"a": list(range(40_000))}),
        ("y = reshape(a, 1000000000)", {"a": [1.0]}),
        ("y = " + "(" * 10_000 + "1" + ")" * 10_000, {}),
        ("y = " + "-" * 10_000 + "1", {}),
        ("y = " + " + ".join(["t"] * 4_000), {"t": 1.0}),
        ("y = " + "2 ** " * 900 + "2", {}),
        ("y = " + "9" * 10_000, {}),
        ("y = t\n" * 20_000, {"t": 1.0}),
        ("y = " + "sigmoid(" * 500 + "t" + ")" * 500, {"t": 1.0}),
        ("y = x" + ".T" * 4_000, {"x": [1.0]}),
        ("y = \x00", {}),
        ("", {}),
        ("y = conv2d(x, x)", {"x": [[1.0] * 900] * 900}),
    ],
    ids=range(13),
)  # fmt: skip
def test_a_program_that_is_too_large_or_deep_is_refused(forward: str, given: dict[str, Any]) -> None:
    assert 10 < len(str(error_of(forward, given))) < 4_000


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"w": [1.0, float("nan")]}, "finite"),
        ({"w": [[1.0], [1.0, 2.0]]}, "equal length"),
        ({"w": "12"}, "must be a number"),
        ({"w": True}, "must be a number"),
        ({"w": []}, "empty"),
        ({"w": None}, "must be a number"),
        ({"w": {"a": 1}}, "must be a number"),
        ({"w": 10**400}, "must be a number"),
    ],
)
def test_a_given_that_is_no_number_is_refused(given: dict[str, Any], says: str) -> None:
    assert says in str(error_of("y = w", given))


@pytest.mark.parametrize(
    ("update", "says"),
    [
        ({"rule": "sgdd", "of": ["w"]}, "sgdd"),
        ({"rate": 0.1, "of": ["v"]}, "`v`, which is not given"),
        ({"rate": 0.1}, "needs of"),
        ({"of": ["w"]}, 'learning rate; write rate = 0.1, or rate = "eta"'),
        ({"speed": 1, "of": ["w"]}, "no key `speed`"),
        ({"rate": "etta", "of": ["w"]}, "unknown name"),
        ({"rate": [1], "of": ["w"]}, "must be a number"),
        ({"steps": 0, "of": ["w"]}, "whole number"),
        ({"schedule": {"kind": "warm"}, "of": ["w"]}, "needs a kind"),
        ({"rule": "adam", "bias_correction": 1, "of": ["w"]}, "true or false"),
    ],
)
def test_an_update_that_is_not_known_says_what_is(update: dict[str, Any], says: str) -> None:
    assert says in str(error_of("y = w @ x\nL = (t - y)**2", loss="L", update=update))


def test_losses_that_cannot_be_differentiated_say_so() -> None:
    assert "add its entries" in str(error_of("y = w * x", loss="y"))
    assert "is not defined" in str(error_of("y = w * x", loss="L"))
    assert "needs a loss" in str(error_of("y = w @ x", update={"rate": 0.1, "of": ["w"]}))


def test_a_name_that_is_given_and_defined_is_refused() -> None:
    assert "given and also defined" in str(error_of("w = x"))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("forward = 3", "forward"),
        ("given = {}", "forward"),
        ('forward = "y = x"\nloss = 3', "loss must be"),
        ('forward = "y = x"\nask = "y"', "ask must be"),
        ('forward = "y = x"\nanswer = 42', "no key `answer`"),
        ('forward = "y = x"\ngiven = 3', "must be a table"),
        ('forward = "y = x"\nprecision = "3digits"', "3sf"),
        ("forward =", "not TOML"),
        ("x = " + "[" * 10_000, "TOML"),
        ("#" * 2_000_000, "at most"),
        ('forward = "y = x"\n[given]\nx = "linspace(0, 1, 1000000000)"', "linspace makes"),
        ('forward = "y = x"\n[given]\nx = "linspace(0, 1, 6, [2, 2])"', "does not hold"),
        ('forward = "y = x"\n[given]\nx = "__import__(1)"', "is not a number"),
        ('forward = "y = w * x"\nloss = "y"\n[given]\nw=1\nx=2\n[update]\nrate=1\nof=["w"]\n[state]\nq = 1', "no `q`"),
    ],
)
def test_a_file_that_says_something_else_is_refused(text: str, says: str) -> None:
    with pytest.raises(engine.EngineError) as caught:
        engine.load(text).solve()
    assert says in str(caught.value)


def test_a_file_of_ten_megabytes_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "large.toml"
    path.write_bytes(b"#" * 10_000_000)
    with pytest.raises(engine.TaskError, match="at most 1,000,000"):
        engine.load(path)
    with pytest.raises(engine.TaskError, match="cannot be read"):
        engine.load(tmp_path / "missing.toml")
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(engine.TaskError, match="UTF-8"):
        engine.load(path)


def test_the_engines_errors_do_not_depend_on_the_machines_recursion_limit() -> None:
    long = "y = " + " + ".join(f"t * {i}" for i in range(300))
    assert engine.solve(engine.Program.parse(long), {"t": 1.0}).values["y"] == sum(range(300))


def test_a_file_that_would_steer_the_terminal_cannot_do_so_through_an_error() -> None:
    with pytest.raises(engine.EngineError) as caught:
        engine.load('forward = "L = w**2"\n"a\\u001b]0;x\\u0007\\u202e" = 1\n[given]\nw = 1.0\n')

    assert "a\ufffd]0;x\ufffd" in str(caught.value)
    assert not {"\x1b", "\x07", "\u202e"} & set(str(caught.value))
