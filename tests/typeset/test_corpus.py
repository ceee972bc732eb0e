"""Real formulas: a corpus as neural-network texts print them, and every formula of our own content."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from pathlib import Path

import pytest

from studyapp.typeset import ascii_display, ascii_inline, cells, display, formula_error, formulas, inline, prose, speak
from studyapp.typeset.letters import unstyled

HERE = Path(__file__).parent
CORPUS = [
    line
    for line in (HERE / "data" / "formulas.txt").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
]
CONTENT = HERE.parents[1] / "content"
DECKS = sorted((CONTENT / "decks").glob("*.md"))
TEMPLATES = sorted((CONTENT / "exercises").glob("*.toml"))


def set_in_every_way(tex: str) -> None:
    assert formula_error(tex) is None
    assert "\\" not in inline(tex).replace("\\ ", "")
    assert ascii_inline(tex).isascii()
    assert "<U+" not in ascii_inline(tex)
    assert "\\" not in speak(tex)
    for width in (72, 40):
        for block in (display(tex, width), ascii_display(tex, width)):
            assert {cells(line.text) for line in block.lines} == {block.width}
            assert block.width <= width


def test_the_corpus_is_large_enough_to_mean_something() -> None:
    assert len(set(CORPUS)) >= 300


@pytest.mark.parametrize("tex", CORPUS)
def test_a_formula_of_the_corpus_sets_in_every_form(tex: str) -> None:
    set_in_every_way(tex)


@pytest.mark.parametrize("tex", CORPUS)
def test_no_plain_letter_or_digit_of_a_formula_is_lost(tex: str) -> None:
    """Only commands may disappear; a letter that stands for itself must be seen, on one line and in two dimensions."""
    letters = _letters_for_themselves(tex)
    for shown in (unstyled(inline(tex)), display(tex, 200).text):
        seen = _big_letters(shown)
        assert all(seen.count(letter) >= letters.count(letter) for letter in set(letters)), (tex, shown)


def _letters_for_themselves(tex: str) -> str:
    bare = re.sub(r"\\(begin|end)\{\w+\*?\}(\{[clr|]+\})?|\\tag\{[^}]*\}|\\[A-Za-z]+|\\.", " ", tex)
    return "".join(c for c in bare if c.isascii() and c.isalnum())


def _big_letters(text: str) -> str:
    vulgar = {"½": "12", "¼": "14", "¾": "34", "⅓": "13", "⅔": "23"}
    return "".join(vulgar.get(c) or unicodedata.normalize("NFKD", c) for c in text)


@pytest.mark.parametrize("deck", DECKS, ids=[path.stem for path in DECKS])
def test_every_formula_of_a_deck_sets_in_every_form(deck: Path) -> None:
    text = deck.read_text(encoding="utf-8")
    found = formulas(text)
    problems = [f"line {one.line}: {formula_error(one.tex)}" for one in found if formula_error(one.tex)]
    assert problems == []
    for one in found:
        set_in_every_way(one.tex)
    assert not any(span.style == "error" for line in prose(text, 76) for span in line.spans)


def test_every_symbol_and_text_of_the_exercises_sets_in_every_form() -> None:
    for template in TEMPLATES:
        data = tomllib.loads(template.read_text(encoding="utf-8"))
        for tex in data.get("symbols", {}).values():
            set_in_every_way(str(tex))
        for value in data.values():
            for one in formulas(value) if isinstance(value, str) else ():
                set_in_every_way(one.tex)


FENCE = re.compile(r"```check\n(.*?)```", re.DOTALL)


@pytest.mark.parametrize("deck", DECKS, ids=[path.stem for path in DECKS])
def test_every_formula_that_the_engine_writes_for_a_deck_sets_in_every_form(deck: Path) -> None:
    """Symbolic and with the numbers put in: both stand on the screen of a worked solution."""
    tasks = pytest.importorskip("engine.tasks")
    written: set[str] = set()
    for fence in FENCE.findall(deck.read_text(encoding="utf-8")):
        task = tasks.task_from({key: value for key, value in tomllib.loads(fence).items() if key != "claims"})
        for step in task.solve().steps:
            written |= {text for text in (step.formula, step.substituted) if text}
    assert written or not FENCE.search(deck.read_text(encoding="utf-8"))
    for tex in written:
        set_in_every_way(tex)
