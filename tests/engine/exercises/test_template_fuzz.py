"""Whatever stands in a template file, its author gets a sentence and nobody a traceback."""

import contextlib
import tomllib

from hypothesis import given, settings
from hypothesis import strategies as st

import content
from engine.errors import EngineError
from engine.exercises import generate, read_template

FOLDER = content.bundled() / "exercises"
TEXTS = [(FOLDER / f"{n}.toml").read_text(encoding="utf-8") for n in ("linear-neuron", "adam", "shapes", "clipping")]
TEXTS += [(FOLDER / f"{n}.toml").read_text(encoding="utf-8") for n in ("wrong-line-linear", "quadratic-descent")]
JUNK = ["3", "-1", "true", "[]", "[1]", '"x"', '["x"]', "[[1, 2], [3]]", "{}", "{ a = 1 }", "1e400", "nan", '""', "''"]


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(TEXTS), st.data())
def test_a_value_replaced_by_something_else_ends_in_a_sentence(text, data):
    lines = text.splitlines()
    places = [i for i, line in enumerate(lines) if " = " in line and not line.startswith((" ", "y =", "L ="))]
    place = data.draw(st.sampled_from(places))
    lines[place] = lines[place].partition(" = ")[0] + " = " + data.draw(st.sampled_from(JUNK))
    with contextlib.suppress(EngineError):
        made = read_template("\n".join(lines), "fuzzed")
        with contextlib.suppress(EngineError):
            _ = generate(made, 1).steps


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(TEXTS), st.data())
def test_a_line_left_out_or_doubled_ends_in_a_sentence(text, data):
    lines = text.splitlines()
    place = data.draw(st.integers(0, len(lines) - 1))
    lines[place : place + 1] = [lines[place]] * data.draw(st.sampled_from([0, 2]))
    with contextlib.suppress(EngineError):
        made = read_template("\n".join(lines), "fuzzed")
        with contextlib.suppress(EngineError):
            _ = generate(made, 1).steps


def test_the_texts_that_are_broken_here_are_whole_before():
    for text in TEXTS:
        assert tomllib.loads(text)
        assert read_template(text, "whole").asks
