"""Sheets for a class, and variants for other programs, from the shell."""

import json

import pytest
from click.testing import CliRunner

from studyapp.cli.group import cli


@pytest.fixture
def shell():
    """Run `studyapp exercise …`."""
    return lambda *words: CliRunner().invoke(cli, ["exercise", *words])


def test_a_variant_and_its_key_as_json(shell):
    data = json.loads(shell("new", "linear-neuron", "--seed", "7", "--json").stdout)
    assert (data["template"], data["version"], data["seed"], data["level"]) == ("linear-neuron", 1, 7, 3)
    assert set(data) >= {"given", "values", "gradients", "updated", "steps", "mistakes", "ask"}
    w, x, eta = (data["given"][n] for n in ("w", "x", "eta"))
    y = sum(a * b for a, b in zip(w, x, strict=True))
    expected = [a + eta * (data["given"]["t"] - y) * b for a, b in zip(w, x, strict=True)]
    assert data["updated"]["w"] == pytest.approx(expected)
    assert shell("new", "linear-neuron", "--seed", "7", "--json").stdout.startswith("{")


def test_the_published_example_is_one_flag_away(shell):
    data = json.loads(shell("new", "linear-neuron", "--example", "--json").stdout)
    assert data["given"] == {"x": [1.0, 0.8], "w": [0.5, -0.2], "t": 0.6, "eta": 0.1}
    assert data["updated"]["w"] == pytest.approx([0.526, -0.1792])


def test_a_class_set_has_different_sheets_and_the_keys_behind_them(shell):
    pages = shell("new", "linear-neuron", "--count", "3", "--seed", "5").stdout.split("\n---\n")
    assert [page.strip().splitlines()[0] for page in pages] == [
        "# One step of a linear neuron" if i < 3 else "# Key: One step of a linear neuron" for i in range(6)
    ]
    assert len({page.split("| given |")[1] for page in pages[:3]}) == 3
    assert all("________" in page for page in pages[:3])
    assert not any("________" in page for page in pages[3:])


@pytest.mark.parametrize("level", range(6))
def test_every_level_makes_a_sheet(shell, level):
    done = shell("new", "logistic-neuron", "--seed", "1", "--level", str(level))
    assert done.exit_code == 0
    assert f"level {level}" in done.stdout


def test_an_unknown_template_is_named_and_the_list_offered(shell):
    done = shell("new", "linear-nueron", "--seed", "1")
    assert done.exit_code == 1
    assert "linear-nueron" in done.stderr
    assert "exercise list" in done.stderr


def test_a_broken_file_is_named_with_line_and_key(shell, tmp_path):
    file = tmp_path / "mine.toml"
    file.write_text('title = "x"\nconventions = 3\nforward = "y = 2"\nask = ["y"]\n', encoding="utf-8")
    done = shell("new", str(file))
    assert done.exit_code == 1
    assert "mine, line 2: conventions: must be a text" in done.stderr


def test_flags_that_contradict_each_other_are_misuse(shell):
    assert shell("new", "linear-neuron", "--json", "--markdown").exit_code == 2
    assert shell("new", "linear-neuron", "--example", "--seed", "3").exit_code == 2


def test_the_list_names_every_bundled_template(shell):
    rows = json.loads(shell("list", "--json").stdout)
    assert {"linear-neuron", "mlp-2-2-1", "adam"} <= {row["template"] for row in rows}
    assert all(row["title"] and row["description"] and row["family"] for row in rows)


def test_the_check_prints_a_row_for_each_template_and_exits_1_for_faults(shell, tmp_path):
    done = shell("check", "linear-neuron", "shapes", "--seeds", "2")
    assert done.exit_code == 0
    assert [line.split()[0] for line in done.stdout.splitlines()] == ["template", "linear-neuron", "shapes"]
    assert "no faults" in done.stderr
    hopeless = tmp_path / "hopeless.toml"
    hopeless.write_text(
        'title = "x"\nconventions = "x"\nforward = "y = 2 * x"\nask = ["y"]\n[sample.x]\none_of = [3]\n'
        '[require]\nnot_degenerate = ["y > 7"]\n',
        encoding="utf-8",
    )
    done = shell("check", str(hopeless), "--seeds", "2")
    assert done.exit_code == 1
    assert "none of 200 draws" in done.stdout
    assert "1 template, 0 variants, 0 keys, no mistakes, 1 fault," in done.stderr


def test_deck_check_tries_the_templates_of_a_deck(tmp_path):
    (tmp_path / "mine.toml").write_text('title = "x"\n', encoding="utf-8")
    deck = tmp_path / "d.md"
    deck.write_text(
        '+++\nid = "d"\ntitle = "D"\nlicense = "MIT"\n+++\n\n## a {#a}\n\n```exercise\ntemplate = "mine"\n```\n'
    )
    done = CliRunner().invoke(cli, ["deck", "check", str(deck)])
    assert done.exit_code == 1
    assert "the template mine cannot be used" in done.stdout
    assert "forward" in done.stdout


def test_a_printed_sheet_does_not_tell_which_line_is_wrong(shell):
    sheet, key = shell("new", "wrong-line-linear", "--seed", "3").stdout.split("\n---\n")
    assert "What should stand in that line?" in sheet
    assert "line 3" not in sheet
    assert "Line 3." in key


def test_a_printed_sheet_says_how_many_numbers_are_asked(shell):
    sheet = shell("new", "mlp-2-2-1").stdout
    assert "Answer (2 numbers, 3 significant figures): ________" in sheet
    assert "Answer (2×2 numbers, " in sheet
