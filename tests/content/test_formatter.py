"""What `deck fmt` does to a file that a person wrote: it adds ids and touches nothing else."""

from __future__ import annotations

import re
import stat
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from content.formatter import format_file, mint, slug
from content.reader import read_text

HEAD = '+++\nid = "d"\n[aliases]\nold = "bptt"\n+++\n'


def minted(heading: str, body: str = "b") -> str:
    return mint(f"{HEAD}{heading}\n\n{body}\n").split("\n")[5]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("## Which rule does it apply?", "## Which rule does it apply? {#rule-apply}"),
        ("## BPTT {.both}", "## BPTT {#bptt-2 .both}"),
        ("## a  ", "## a {#a}  "),
        ("## C++ ##", "## C++ {#c} ##"),
        ("   ## Old", "   ## Old {#old-2}"),
        (r"## $\partial L$", r"## $\partial L$ {#partial-l}"),
        ("## ???", "## ??? {#card}"),
        ("##", "## {#b}"),
        ("## a {#kept}", "## a {#kept}"),
        ("## a {#broken", "## a {#broken"),
        ("### a", "### a"),
    ],
)  # fmt: skip
def test_an_id_is_read_from_the_heading_and_stands_behind_it(before: str, after: str) -> None:
    assert minted(before) == after


def test_a_cloze_is_named_by_its_text() -> None:
    assert minted("##", "The sigmoid is at most {{1|0.25}}.") == "## {#sigmoid-at-most-0-25}"


def test_headings_in_code_and_files_that_are_no_decks_are_left_alone() -> None:
    fenced = HEAD + "## a {#a}\n\n```\n## b\n```\n"
    readme = "# Read me\n\n## Install\n\npip\n"

    assert (mint(fenced), mint(readme)) == (fenced, readme)


pieces = st.sampled_from(
    ["## a", "## a", "## A b {.both}", "##", "## x {#a}", "## ü ##", "# L", "```", "$$", "> q", "- [x] o", "= 3",
     "{{1|x}}", "text", "## a {#", "\t", " ", "\u00a0", "## a\u00a0", "##\u00a0n", "\u2028", "\x0c"]
)  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(pieces, st.sampled_from(["\n", "\r\n", "\n\n", "  \n", "\r"])), max_size=25), st.booleans())
@example([(piece, "\n") for piece in ("```", "## a", "```", "##", "```", "## a", "```", "## a", "```")], False)
def test_minting_only_inserts_and_once_is_enough(parts: list[tuple[str, str]], mark: bool) -> None:
    text = ("\ufeff" if mark else "") + HEAD + "".join(piece + end for piece, end in parts)

    after = mint(text)

    assert mint(after) == after
    assert re.sub(r" ?\{#[^\s{}]+\}|#[^\s{}]+ (?=\.both)", "", after) == re.sub(
        r" ?\{#[^\s{}]+\}|#[^\s{}]+ (?=\.both)", "", text
    )
    problems = read_text(after, Path("d.md")).problems
    assert [problem for problem in problems if problem.code == "missing-id"] == []
    before = {problem.message for problem in read_text(text, Path("d.md")).problems if problem.code == "duplicate-id"}
    assert {problem.message for problem in problems if problem.code == "duplicate-id"} <= before


def test_a_file_is_replaced_whole_and_keeps_its_mode_and_bytes(tmp_path: Path) -> None:
    file = tmp_path / "d.md"
    file.write_bytes(b"\xef\xbb\xbf" + HEAD.replace("\n", "\r\n").encode() + b"## a \r\n\r\nb\x0c")
    file.chmod(0o640)
    link = tmp_path / "link.md"
    link.symlink_to(file)

    assert format_file(link, write=False) == 1
    assert format_file(link) == 1

    assert file.read_bytes() == b"\xef\xbb\xbf" + HEAD.replace("\n", "\r\n").encode() + b"## a {#a} \r\n\r\nb\x0c"
    assert stat.S_IMODE(file.stat().st_mode) == 0o640
    assert link.is_symlink()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["d.md", "link.md"]
    assert format_file(file) == 0


def test_when_the_disk_is_full_the_old_file_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "d.md"
    file.write_text(HEAD + "## a\n\nb\n")
    before = file.read_bytes()

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        format_file(file)

    assert file.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["d.md"]


def test_links_in_a_circle_are_no_file(tmp_path: Path) -> None:
    (tmp_path / "d.md").symlink_to("d.md")

    with pytest.raises(OSError, match="symbolic links"):
        format_file(tmp_path / "d.md")


def test_a_slug_is_short_and_readable() -> None:
    assert slug("What is the derivative of the sigmoid function at the point zero exactly?") == (
        "derivative-sigmoid-function-at-point-zero"
    )
    assert len(slug("antidisestablishmentarianism " * 9)) <= 48
