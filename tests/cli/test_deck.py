"""What a person who writes decks sees at the shell: faults by place, ids minted, own decks added and removed."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from studyapp.cli.group import cli

GOOD = '+++\nid = "mine"\ntitle = "Mine"\n+++\n\n## a {#a .both}\n\nb\n'


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("STUDYAPP_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)

    def run(*words: str) -> Result:
        return CliRunner().invoke(cli, ["deck", *words], catch_exceptions=False)

    return run


def test_check_prints_every_fault_with_its_place_and_ends_with_1(shell, tmp_path: Path) -> None:
    (tmp_path / "d.md").write_text(GOOD + "\n## b\n\nc\n\n## d {#d}\n\n- [ ] e\n\n## f {#f}\n\n$\\nosuchthing{x}$\n")

    result = shell("check", "d.md")

    assert result.exit_code == 1
    lines = result.stdout.splitlines()
    assert [line.split(": ")[0] for line in lines] == ["d.md:10:1", "d.md:16:1", "d.md:20:2"]
    assert all("; " in line for line in lines)
    assert "2 cards" in result.stderr
    assert "3 faults" in result.stderr


def test_check_of_a_sound_deck_counts_and_ends_with_0(shell, tmp_path: Path) -> None:
    (tmp_path / "d.md").write_text(GOOD)

    result = shell("check", ".")

    assert result.exit_code == 0
    assert result.stdout.startswith("1 deck, 0 lessons, 1 card (1 basic), 2 items, ")
    assert result.stdout.endswith("no faults\n")


def test_check_of_all_there_is_takes_in_the_decks_that_were_added(shell, tmp_path: Path) -> None:
    (tmp_path / "d.md").write_text(GOOD)
    assert shell("add", "d.md").exit_code == 0
    (tmp_path / "d.md").write_text(GOOD + "\n## b\n\nc\n")

    result = shell("check")

    assert result.exit_code == 1
    assert result.stdout.splitlines() == [line for line in result.stdout.splitlines() if "d.md:10:1" in line]


def test_check_as_json_holds_the_same(shell, tmp_path: Path) -> None:
    (tmp_path / "d.md").write_text(GOOD + "\n## b\n\nc\n")

    found = json.loads(shell("check", "--json", "d.md").stdout)

    assert [(problem["line"], problem["code"]) for problem in found["problems"]] == [(10, "missing-id")]
    assert found["counts"]["items"] == 2


@pytest.mark.parametrize("words", [("check", "gone.md"), ("fmt", "gone.md"), ("add", "gone.md"), ("check", "empty")])
def test_a_path_without_a_deck_is_a_sentence_and_not_a_traceback(shell, tmp_path: Path, words: tuple[str, ...]) -> None:
    (tmp_path / "empty").mkdir()

    result = shell(*words)

    assert result.exit_code == 1
    assert words[1] in result.output
    assert len(result.output.splitlines()) <= 2


def test_fmt_writes_ids_and_with_check_only_looks(shell, tmp_path: Path) -> None:
    file = tmp_path / "d.md"
    file.write_bytes(GOOD.encode() + b"\n## Chain rule\n\nc\n")
    before = file.read_bytes()

    looked = shell("fmt", "--check", "d.md")
    assert (looked.exit_code, looked.stdout, file.read_bytes()) == (1, "d.md: 1 id missing\n", before)

    wrote = shell("fmt", "d.md")
    assert (wrote.exit_code, wrote.stdout) == (0, "d.md: 1 id written\n")
    assert file.read_bytes() == GOOD.encode() + b"\n## Chain rule {#chain-rule}\n\nc\n"
    assert shell("fmt", "--check", "d.md").exit_code == 0


def test_new_writes_a_deck_and_never_over_an_old_one(shell, tmp_path: Path) -> None:
    assert shell("new", "sub/my-first").stdout == "sub/my-first.md\n"
    text = (tmp_path / "sub/my-first.md").read_text()
    assert 'title = "My first"' in text

    again = shell("new", "sub/my-first.md", "--title", "Other")

    assert again.exit_code == 1
    assert "already there" in again.stderr
    assert (tmp_path / "sub/my-first.md").read_text() == text


def test_a_deck_that_was_added_is_listed_from_where_it_lies_until_it_is_removed(shell, tmp_path: Path) -> None:
    (tmp_path / "decks").mkdir()
    (tmp_path / "decks" / "d.md").write_text(GOOD)

    assert shell("add", "decks").exit_code == 0
    assert "before" in shell("add", "decks").stderr
    mine = [row for row in json.loads(shell("list", "--json").stdout) if row["origin"] == "added"]
    assert [(row["id"], row["cards"], row["items"], row["path"]) for row in mine] == [
        ("mine", 1, 2, str(tmp_path / "decks" / "d.md"))
    ]
    assert "Mine" in shell("list").stdout

    assert shell("remove", "decks").exit_code == 0
    assert "Mine" not in shell("list").stdout
    assert (tmp_path / "decks" / "d.md").read_text() == GOOD
    assert shell("remove", "decks").exit_code == 1


def test_cards_and_exercises_are_counted_apart_in_words_and_for_programs(shell, tmp_path: Path) -> None:
    (tmp_path / "d.md").write_text(GOOD + '\n## One step {#step}\n\n```exercise\ntemplate = "linear-neuron"\n```\n')

    assert "added mine: 1 card, 1 exercise" in shell("add", "d.md").stderr
    row = next(row for row in json.loads(shell("list", "--json").stdout) if row["id"] == "mine")
    line = next(line for line in shell("list").stdout.splitlines() if line.startswith("mine "))

    assert (row["cards"], row["exercises"], row["items"]) == (1, 1, 3)
    assert line.split()[1:7] == ["1", "card", "1", "exercise", "3", "items"]


@pytest.mark.parametrize("guide", ["README.md", "content/README.md"])
def test_the_decks_that_the_guides_show_have_no_faults(shell, tmp_path: Path, guide: str) -> None:
    page = (Path(__file__).parents[2] / guide).read_text(encoding="utf-8")
    samples = [found[2] for found in re.finditer(r"(?ms)^(`{3,})markdown\n(\+\+\+\n.*?)^\1$", page)]

    assert len(samples) == 1
    (tmp_path / "d.md").write_text(samples[0], encoding="utf-8")
    done = shell("check", "d.md")
    assert (done.exit_code, done.stderr) == (0, ""), done.stdout


def test_a_deck_is_removed_by_its_id_too(shell, tmp_path: Path) -> None:
    (tmp_path / "d.md").write_text(GOOD)
    shell("add", "d.md")

    assert shell("remove", "mine").exit_code == 0
    assert "Mine" not in shell("list").stdout


def test_a_bundled_deck_stays_and_that_is_said(shell) -> None:
    refused = shell("remove", "loss")

    assert refused.exit_code == 1
    assert "comes with the program" in refused.stderr


def test_a_deck_whose_id_is_taken_is_refused_when_it_is_added(shell, tmp_path: Path) -> None:
    """The second of two decks with one id would never be shown."""
    for name, text in (("d.md", GOOD), ("copy.md", GOOD), ("loss.md", GOOD.replace("mine", "loss"))):
        (tmp_path / name).write_text(text)
    assert shell("add", "d.md").exit_code == 0

    for name in ("copy.md", "loss.md"):
        refused = shell("add", name)
        assert refused.exit_code == 1
        assert "give this deck another id" in refused.stderr
    assert [row["id"] for row in json.loads(shell("list", "--json").stdout) if row["origin"] == "added"] == ["mine"]

    (tmp_path / "twins").mkdir()
    for name in ("one.md", "two.md"):
        (tmp_path / "twins" / name).write_text(GOOD.replace("mine", "twin"))
    assert shell("add", "twins").exit_code == 1

    (tmp_path / "d.md").rename(tmp_path / "moved.md")
    assert shell("add", "moved.md").exit_code == 0, "a deck that was moved is no second one"


def test_one_is_not_counted_as_many(shell, tmp_path: Path) -> None:
    (tmp_path / "d.md").write_text(GOOD)

    assert "added mine: 1 card\n" in shell("add", "d.md").stderr
    row = next(line for line in shell("list").stdout.splitlines() if line.startswith("mine"))
    assert row.split()[1:7] == ["1", "card", "0", "exercises", "2", "items"]


def test_what_a_deck_or_its_name_holds_does_not_steer_the_terminal(shell, tmp_path: Path) -> None:
    """A deck is often somebody else's: titles of windows, colours and links in it stay text."""
    (tmp_path / "a\x1b]0;b\x07.md").write_text(GOOD + "\n## c {#c \x1b]0;d\x07}\n\ne\n")

    for words in (("check", "."), ("add", "a\x1b]0;b\x07.md"), ("list",), ("remove", "nothing"), ("fmt", ".")):
        said = shell(*words).output
        assert not {"\x1b", "\x07"} & set(said), words


def test_links_in_a_circle_and_names_that_are_no_text_end_in_a_sentence(shell, tmp_path: Path) -> None:
    (tmp_path / "circle.md").symlink_to("circle.md")
    assert [shell(word, "circle.md").exit_code for word in ("check", "fmt", "add")] == [1, 1, 1]
    try:
        (tmp_path / "a\udcff.md").write_text(GOOD)
    except OSError:
        pytest.skip("this file system takes no such names")

    refused = shell("add", "a\udcff.md")

    assert (refused.exit_code, refused.stderr) == (1, "the name of this file is no text; rename it\n")


def test_a_file_in_another_encoding_is_told_in_the_same_words_by_check_and_fmt(shell, tmp_path: Path) -> None:
    (tmp_path / "d.md").write_bytes(GOOD.encode() + b"\n## \xc4pfel\n\nc\n")

    assert "this is no UTF-8 text; save the file as UTF-8" in shell("check", "d.md").stdout
    assert shell("fmt", "d.md").stderr == "d.md: this is no UTF-8 text; save the file as UTF-8\n"


def test_a_new_deck_on_a_full_disk_leaves_nothing_in_the_way(
    shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("os.fsync", full)
        failed = shell("new", "d.md")
    assert (failed.exit_code, failed.stderr) == (1, "d.md cannot be written: No space left on device\n")

    assert shell("new", "d.md").exit_code == 0
    assert shell("new", "").exit_code == 1


@pytest.mark.parametrize(("name", "typed"), [("a b.md", "'a b.md'"), ("-x.md", "./-x.md")])
def test_the_line_that_new_proposes_can_be_typed(shell, name: str, typed: str) -> None:
    assert f"studyapp deck check {typed} && studyapp deck add {typed}" in shell("new", "--", name).stderr


def test_a_file_that_is_no_deck_is_not_added(shell, tmp_path: Path) -> None:
    (tmp_path / "notes.md").write_text("# Just notes\n")

    result = shell("add", "notes.md")

    assert result.exit_code == 1
    assert "notes.md:1:1: there is no front matter" in result.stderr


def test_a_list_names_a_deck_whose_file_is_gone_and_how_to_be_rid_of_it(shell, tmp_path: Path) -> None:
    (tmp_path / "d.md").write_text(GOOD)
    shell("add", "d.md")
    (tmp_path / "d.md").unlink()
    remedy = f"studyapp deck remove {tmp_path / 'd.md'}"

    assert remedy in shell("list").stdout
    found = shell("check")
    assert found.exit_code == 1
    assert "there is no such file" in found.stdout
    assert remedy in found.stdout

    row = next(row for row in json.loads(shell("list", "--json").stdout) if row["origin"] == "added")

    assert (row["path"], row["problems"]) == (str(tmp_path / "d.md"), 1)


CHECKED = r"""+++
id = "c"
+++

## a {#a}

$w' = w + 0.1 (t - y) x$ and $y = w x$ and $\frac{\partial L}{\partial w} = (t - y)\,x$

```check
forward = '''
y = w @ x
L = (t - y)**2 / 2
'''
loss = "L"
given = { w = [0.5, -0.2], x = [1.0, 0.8], t = 0.6, eta = 0.1 }
update = { rule = "sgd", rate = "eta", of = ["w"] }
[claims]
"w' = w + 0.1 (t - y) x" = "new(w) = w + eta * (t - y) * x"
'y = w x' = "y = 0.34"
'\frac{\partial L}{\partial w} = (t - y)\,x' = "d(L, w) = (t - y) * x"
```
"""


def test_a_flipped_sign_in_a_formula_is_found_by_the_engine(shell, tmp_path: Path) -> None:
    """The first two claims hold; the third says that the gradient goes up the error."""
    (tmp_path / "c.md").write_text(CHECKED)

    result = shell("check", "c.md")

    assert result.exit_code == 1
    (line,) = result.stdout.splitlines()
    assert line.startswith("c.md:20:1: ")
    assert "does not hold" in line
    assert "0.26" in line
    assert "3 claims checked" in result.stderr


def test_a_check_whose_program_cannot_be_read_is_named_once(shell, tmp_path: Path) -> None:
    (tmp_path / "c.md").write_text(CHECKED.replace("y = w @ x\n", "y = import os\n"))

    result = shell("check", "c.md")

    (line,) = result.stdout.splitlines()
    assert line.startswith("c.md:9:1: the check does not run: line 1")
