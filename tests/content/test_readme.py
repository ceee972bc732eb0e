"""The style page's examples are decks: each is read as what the page says it is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from content import bundled
from content.checker import check
from content.reader import read, read_text

PAGE = (bundled() / "README.md").read_text(encoding="utf-8")
BLOCKS = [found[2] for found in re.finditer(r"(?ms)^(`{3,4})markdown\n(.*?)^\1$", PAGE)]
HEAD = '+++\nid = "d"\n[sources]\nnielsen = "N"\n+++\n\n'


@pytest.mark.parametrize("block", [block for block in BLOCKS if block.startswith("## ")], ids=lambda block: block[:30])
def test_an_example_of_a_card_reads_without_faults(block: str, tmp_path: Path) -> None:
    (tmp_path / "linear-neuron.toml").touch()

    assert check([read_text(HEAD + block, tmp_path / "d.md")]) == ()


def test_the_example_of_a_file_reads_without_faults(tmp_path: Path) -> None:
    (whole,) = [block for block in BLOCKS if block.startswith("+++")]
    reading = read_text(whole, tmp_path / "d.md")
    required = read(bundled() / "decks" / "gradient-descent.md").deck

    assert required is not None
    assert check([reading], known=[required]) == ()


def test_the_example_of_a_check_is_read() -> None:
    (fence,) = [block for block in BLOCKS if block.startswith("```check")]
    reading = read_text(HEAD + fence, Path("d.md"))

    assert reading.problems == ()
    assert reading.deck is not None
    assert list(reading.deck.lessons[0].checks[0].claims) == [
        r"\frac{\partial L}{\partial w} = -(t - y)\,x",
        r"w' = w + \eta (t - y) x",
    ]


def test_every_kind_is_shown() -> None:
    page = "\n".join(block for block in BLOCKS if block.startswith("## "))
    reading = read_text(HEAD + page, Path("d.md"))

    assert reading.problems == ()
    assert reading.deck is not None
    assert len({card.kind for card in reading.deck.cards}) == 7  # all that apply is a choice with more crosses
