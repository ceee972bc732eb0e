"""The question tests, on a few seeds of every bundled template; `studyapp exercise check` runs them on many."""

import pytest

import content
from engine.exercises import check_template, generate
from engine.exercises.variant import ASKED, SHOWN, WAITING

NAMES = sorted(p.stem for p in (content.bundled() / "exercises").glob("*.toml"))
FAMILIES = {f"F{n:02d}" for n in range(1, 41)}


def test_every_family_has_a_template(template):
    assert {f for name in NAMES for f in template(name).family} == FAMILIES


@pytest.mark.parametrize("name", NAMES)
def test_keys_mistakes_and_slips_are_marked_as_they_should(template, name):
    report = check_template(template(name), range(100, 104))
    assert report.faults == ()
    assert report.seeds == 4
    assert report.answers > 0


@pytest.mark.parametrize("name", NAMES)
def test_a_bundled_template_says_what_it_is_and_which_conventions_hold(template, name):
    found = template(name)
    assert name == name.lower()
    assert found.description.endswith((".", "?"))
    assert found.conventions.endswith((".", ")"))
    assert found.title != name.replace("-", " ")


@pytest.mark.parametrize("name", NAMES)
def test_prerequisites_exist(template, name):
    decks = content.bundled() / "decks"
    for wanted in template(name).requires:
        if wanted.startswith("card:"):
            deck, _, card = wanted.removeprefix("card:").partition("/")
            assert f"{{#{card}" in (decks / f"{deck}.md").read_text(encoding="utf-8"), wanted
        else:
            assert wanted in NAMES, wanted


@pytest.mark.parametrize("name", NAMES)
def test_each_level_asks_what_it_should(template, name):
    found = template(name)
    least, most, _ = found.levels
    for level in range(least, most + 1):
        variant = generate(found, 7, level)
        roles = [s.role for s in variant.steps]
        last = max((i for i, s in enumerate(variant.steps) if s.kind == "number"), default=len(roles) - 1)
        count = {0: 1, 1: 1, 2: 2, 5: len(roles) - last}.get(level, len(roles))
        assert roles.count(ASKED) == min(count, len(roles))
        assert set(roles[:-count]) <= ({WAITING} if level == 5 else {SHOWN})
        for step in variant.steps:
            assert all(step.hints), step.name
            assert step.prompt


def test_the_level_changes_what_is_shown_and_never_the_numbers(template):
    variants = [generate(template("logistic-neuron"), 11, level) for level in range(1, 6)]
    assert len({str(v.as_json()["given"]) for v in variants}) == 1
    assert [sum(s.formula_shown for s in v.steps) > 0 for v in variants] == [True, True, True, False, False]


@pytest.mark.parametrize(
    ("name", "seed"),
    # Of a thousand seeds of every template: what rounding left of 0 or of a division by 0 as a mistake's value, and
    # what follows from a slip within a unit of the true value.
    [("logistic-neuron", 198), ("softmax-cross-entropy", 317), ("forward-2-2-1", 329), ("mlp-2-2-1", 705)],
)
def test_rare_numbers_are_marked_as_they_should(template, name, seed):
    assert check_template(template(name), [seed]).faults == ()


def plain(text):
    """The letters and digits of a hint, so that another dollar sign or blank makes no other sentence."""
    return "".join(c for c in text.casefold() if c.isalnum())


@pytest.mark.parametrize("name", NAMES)
def test_every_hint_on_the_way_to_the_result_says_more_than_the_question(template, name):
    found = template(name)
    least, most, _ = found.levels
    for level in {least, min(3, most), most}:
        for step in generate(found, 5, level).steps:
            goal, second, third, result = step.hints
            assert plain(goal) not in plain(step.prompt), (level, step.name)
            if step.kind == "number":
                # A formula whose right side is missing, or only the asked name again, is none.
                assert plain(second) not in plain(step.prompt), (level, step.name)
                assert plain(second) != plain(step.symbol), (level, step.name)
            assert plain(result) not in {plain(goal), plain(second), plain(third)}, (level, step.name)
