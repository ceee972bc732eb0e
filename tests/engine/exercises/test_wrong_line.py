"""Find the wrong line, with any mistake of any exercise: one line is wrong, and the rest follows from it."""

import numpy as np
import pytest

import content
from engine.evaluate import same
from engine.exercises import ExhaustedError, generate, generate_example, wrong_line
from engine.exercises.drawing import Stream
from engine.exercises.wrong_line import misworked

NAMES = sorted(p.stem for p in (content.bundled() / "exercises").glob("*.toml"))
HIDDEN = {"O14", "P01"}
"""No line of their own: the first change repeated is wrong in a later update only, rounding lies near the truth."""
HIDDEN_HERE = {
    "adagrad": {"O06"},  # so small a constant does not show in three figures
    "adam": {"O06"},
    "adamw": {"O06"},
    "batch-norm": {"N01", "N02"},  # the line where they are made comes out right: its parts cancel
}


def plantable(variant):
    """Ids of the mistakes that can be built into the variant as it is."""
    solved = variant.given, variant.solution, variant.mistakes, Stream("any")
    known = {mistake.id for mistake in variant.mistakes}
    return sorted(id_ for id_ in known if misworked(wrong_line(variant.template, [id_]), *solved) is not None)


def assert_one_line_is_wrong(variant):
    """What the sheet says of itself: right above the line, wrong in it, and going on from its number below."""
    line, fix = variant.steps
    true = variant.solution.step_values
    names = [row.name for row in line.lines]
    assert names == list(true)
    wrong = line.lines[line.value - 1]
    assert fix.name == wrong.name
    assert not same(wrong.value, true[wrong.name])
    follows = variant.template.solve(variant.given, {wrong.name: wrong.value}).step_values
    for row in line.lines:
        assert same(row.value, follows[row.name], 1e-7), row.name
    assert variant.mark(0, str(line.value)).verdict == "correct"
    assert variant.mark(1, f"{float(np.ravel(fix.value)[0]):.9g}").verdict in {"correct", "invalid:shape"}


@pytest.mark.parametrize("name", NAMES)
def test_every_known_mistake_can_be_the_wrong_line_but_those_named_here(template, name):
    variants = [generate(template(name), seed) for seed in range(4)]
    known = {m.id for v in variants for m in v.mistakes}
    shown = {id_ for v in variants for id_ in plantable(v)}
    assert known - shown - HIDDEN == HIDDEN_HERE.get(name, set())


@pytest.mark.parametrize("name", [n for n in NAMES if not n.startswith("wrong-line")])
def test_one_line_is_wrong_and_the_lines_below_go_on_from_it(template, name):
    found = template(name)
    ids = plantable(generate(found, 1)) if found.asked else ()
    for id_ in {*ids[:1], *ids[len(ids) // 2 : len(ids) // 2 + 1], *ids[-1:]}:
        assert_one_line_is_wrong(generate(wrong_line(found, [id_]), 1))


@pytest.mark.parametrize("name", [n for n in NAMES if n.startswith("wrong-line")])
def test_the_bundled_sheets_have_one_wrong_line(template, name):
    for seed in range(12):
        assert_one_line_is_wrong(generate(template(name), seed))


def test_a_sign_flipped_in_every_update_is_shown_in_one_line_only(template):
    variant = generate(wrong_line(template("mlp-2-2-1"), ["D04"]), 1)
    assert_one_line_is_wrong(variant)
    true = variant.solution.step_values
    wrong = [row.name for row in variant.steps[0].lines if not same(row.value, true[row.name])]
    assert wrong == ["W1'"]


def test_a_published_sheet_holds_the_mistake_that_its_page_made(template):
    # Matt Mazur's page goes back through output weights that are already updated: with its hidden weights the loss
    # after the step is the page's 0.291027924, where 0.291027774 is right.
    variant = generate_example(template("wrong-line-2-2-2"))
    line, fix = variant.steps
    assert variant.example
    assert (fix.name, variant.wrong.mistake.id) == ("dL/da1", "H01")
    assert_one_line_is_wrong(variant)
    sheet = {row.name: row.value for row in line.lines}
    for weights, loss in ((sheet, 0.291027924), (variant.solution.step_values, 0.291027774)):
        after = {**variant.given, "W1": weights["W1'"], "W2": weights["W2'"]}
        assert np.isclose(variant.template.solve(after).values["L"], loss, atol=5e-10)


def test_an_example_becomes_a_sheet_with_its_published_numbers(template):
    variant = generate_example(wrong_line(template("linear-neuron"), ["D04"]))
    assert variant.given["x"].tolist() == [1.0, 0.8]
    assert_one_line_is_wrong(variant)


def test_a_mistake_that_no_line_shows_is_refused_with_the_reason(template):
    with pytest.raises(ExhaustedError, match="none of O14 shows"):
        generate_example(wrong_line(template("linear-neuron"), ["O14"]))
