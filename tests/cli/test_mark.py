"""`studyapp mark` as a person at a shell meets it."""

import json

import pytest
from click.testing import CliRunner, Result

from studyapp.cli.mark import command


def marked(*arguments: str) -> Result:
    return CliRunner().invoke(command, list(arguments), prog_name="studyapp mark")


@pytest.mark.parametrize("answer", ["-0.179", "−0.179", "-.179", "-0,179", "-179/1000", "-(0.179)"])
def test_a_negative_answer_is_no_option(answer: str) -> None:
    """Every second gradient is negative, and nobody thinks of typing `--` first."""
    done = marked(answer, "--true", "-0.1792", "--json")

    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["verdict"] == "correct"


def test_options_may_stand_before_behind_and_joined() -> None:
    for arguments in (
        ("--true", "-0.1792", "--precision", "2sf", "-0.18"),
        ("-0.18", "--precision=2sf", "--true=-0.1792"),
        ("--precision", "2sf", "--true", "-0.1792", "--", "-0.18"),
    ):
        assert marked(*arguments).stdout.startswith("✓ right"), arguments


def test_the_json_mark_has_every_field_and_a_null_credit() -> None:
    done = marked("[0.526, -0.18]", "--true", "[0.526, -0.1792]", "--json")

    given = json.loads(done.stdout)
    assert list(given) == ["verdict", "credit", "attempt", "read", "reason", "mistake", "entries"]
    assert (given["verdict"], given["credit"], given["attempt"]) == ("too_few_digits", None, False)
    assert given["entries"] == [[1]]


def test_every_mark_leaves_with_0_and_misuse_with_2() -> None:
    """A wrong or unreadable answer is data; a wrong key is a mistake of who called."""
    for answer in ("0.34", "0.9", "abc", "", "1/0"):
        assert marked(answer, "--true", "0.34").exit_code == 0
    for arguments in (
        ("0.34",),
        ("0.34", "0.35", "--true", "0.34"),
        ("0.34", "--true", "abc"),
        ("0.34", "--true", "NaN"),
        ("0.34", "--true", "1e999"),
        ("0.34", "--true", "[]"),
        ("0.34", "--true", "[[1, 2], [3]]"),
        ("0.34", "--true", "[" * 900 + "1" + "]" * 900),
        ("0.34", "--true", "[" * 9000),
        ("0.34", "--true", "9" * 5000),
        ("0.34", "--true", '["1"]'),
        ("0.34", "--true", "0.34", "--precision", "3st"),
        ("0.34", "--true", "0.34", "--precision", "99sf"),
        ("0.34", "--true", "0.34", "--tolerance", "-1"),
        ("0.34", "--true", "0.34", "--given", "eta"),
        ("0.34", "--true", "0.34", "--nope"),
    ):
        done = marked(*arguments)
        assert done.exit_code == 2, arguments
        assert done.stdout == ""
        assert "Error:" in done.stderr


def test_what_was_read_comes_before_the_verdict() -> None:
    done = marked("0,1*x[1]", "--true", "0.02", "--given", "x=[1, 0.2]")

    assert done.stdout.splitlines() == ["read as 0.02", "✓ right (correct; credit 1)", "Right."]


def test_an_interval_takes_the_place_of_digits() -> None:
    assert marked("26.4", "--true", "26", "--tolerance", "0.5").stdout.startswith("✓")
    assert marked("26.6", "--true", "26", "--tolerance", "0.5").stdout.startswith("✗")
    assert marked("26.2", "--true", "26", "--relative", "0.01").stdout.startswith("✓")


def test_an_answer_that_no_terminal_can_show_is_still_marked() -> None:
    """Bytes that are no UTF-8 reach Python as lone surrogates, control characters as themselves."""
    for answer in ("\udc80", "\x1b[31m", "1\x00"):
        done = marked(answer, "--true", "1")
        assert done.exit_code == 0
        assert "invalid:" in done.stdout
        assert "\x1b" not in done.stdout
