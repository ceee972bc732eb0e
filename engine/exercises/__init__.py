"""Exercises: a template and a seed in, fresh numbers with proved answers, mistakes and hints out. Imports the engine.

`load_template(path)`, `generate(template, seed, level=…) -> Variant`, `variant.mark(index, answer)`,
`check_template(path, seeds)`. "Find the wrong line" with mistakes of one's choice: `wrong_line(template, ids) ->
Template`. The file format is described in content/README.md.
"""

from engine.exercises.checking import Report, check_template
from engine.exercises.errors import ExhaustedError, TemplateError
from engine.exercises.generating import generate, generate_example
from engine.exercises.reading import load_template, read_template
from engine.exercises.template import Template
from engine.exercises.variant import Variant, VariantStep
from engine.exercises.wrong_line import wrong_line

__all__ = [
    "ExhaustedError",
    "Report",
    "Template",
    "TemplateError",
    "Variant",
    "VariantStep",
    "check_template",
    "generate",
    "generate_example",
    "load_template",
    "read_template",
    "wrong_line",
]
