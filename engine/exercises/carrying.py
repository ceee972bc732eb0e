"""Error carried forward: a variant worked on from a learner's own values. Imports the variant."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.errors import EngineError
from engine.exercises.generating import own_mistakes, registered
from engine.exercises.guard import typable
from engine.exercises.variant import Variant
from engine.marking import Expected


def carry(variant: Variant, name: str, answers: Mapping[str, Any]) -> tuple[Any, tuple[Expected, ...]] | None:
    """A step's value and mistakes with earlier steps replaced; None where that has no finite value."""
    template = variant.template
    try:
        solution = template.solve(variant.given, answers)
        own = own_mistakes(template, variant.given, solution, answers)
        mistakes = registered(template, solution, own, name)
    except EngineError:
        return None
    return solution.step_values[name], tuple(typable(mistakes))
