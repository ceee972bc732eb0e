"""Everything a sheet prints can be typeset, whatever the level."""

import re

import pytest

import content
from engine.exercises import generate, load_template
from studyapp.cli.exercise_sheet import document
from studyapp.typeset.markdown import formula_error

NAMES = sorted(p.stem for p in (content.bundled() / "exercises").glob("*.toml"))


@pytest.mark.parametrize("name", NAMES)
def test_every_formula_of_a_template_can_be_set(name):
    template = load_template(content.bundled() / "exercises" / f"{name}.toml")
    for level in (0, 3):
        variant = generate(template, 3, level)
        formulas = [tex for _, symbol, value in variant.givens for tex in (symbol, value)]
        texts = [template.title, template.description, variant.conventions, document([variant])]
        for step in variant.steps:
            texts += [step.prompt, *step.hints, *step.options, *step.feedback]
            formulas += [step.formula, step.substituted, step.symbol]
            formulas += [tex for e in step.entries for tex in (e.symbol, e.formula, e.substituted)]
        for text in texts:
            assert text.count("$") % 2 == 0, text
            formulas += re.findall(r"\$([^$]+)\$", text)
        for tex in filter(None, formulas):
            assert formula_error(tex) is None, tex
