"""The rows of the marking rule: what is asked, what was typed, what it is worth. They are the contract."""

import json
from pathlib import Path
from typing import Any

import pytest

from engine.marking import mark

ROWS = json.loads((Path(__file__).parent / "data" / "marking_cases.json").read_text(encoding="utf-8"))
FROM_THE_ENGINE: dict[int, dict[str, Any]] = {
    19: {"mistakes": [("sign_of_update", -0.2208), ("no_lr", 0.008)]},
    20: {"mistakes": [("sign_of_update", -0.2208), ("no_lr", 0.008)]},
    25: {"mistakes": [("no_input", 0.026), ("no_lr", 0.208)]},
    26: {"mistakes": [("no_input", 0.026), ("no_lr", 0.208)]},
    80: {"carried": 0.272392},
}


def test_every_row_is_there() -> None:
    """A file that was cut short would let everything pass."""
    assert len(ROWS) == 69


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"row{row['n']}")
def test_each_row_gets_its_verdict_and_credit(row: dict[str, Any]) -> None:
    kind, _, digits = row["asked"].partition(" ")

    given = mark(row["response"], row["true"], digits + kind, **FROM_THE_ENGINE.get(row["n"], {}))

    assert (given.verdict, given.credit) == (row["verdict"], row["credit"]), row["reason"]
    assert given.reason.endswith((".", "?"))
    assert given.attempt == (row["credit"] is not None)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"row{row['n']}")
def test_what_was_plain_is_not_echoed_and_the_rest_is(row: dict[str, Any]) -> None:
    kind, _, digits = row["asked"].partition(" ")
    plain = row["response"].replace("−", "-").lstrip("-").replace(".", "", 1)

    given = mark(row["response"], row["true"], digits + kind)

    if plain.isascii() and plain.isdigit():
        assert given.read == ""
    elif given.invalid is None and not isinstance(row["true"], list):
        assert given.read
