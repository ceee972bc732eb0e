"""Named wrong ways: what a learner did, as the same graph with one fault in it. Imports the engine's graph and rules.

The faults of a program are found once (`finding`) and evaluated together for each set of numbers (`ways`). A mistake
that changes nothing at a step is not listed there; two that give the same number are both listed, for the reader of an
answer to name both.
"""

from engine.mistakes.catalogue import CATALOGUE
from engine.mistakes.finding import Found, found
from engine.mistakes.ways import Ways
from engine.solution import Wording

NEAR = frozenset({"P01"})
"""Mistakes that lie near the truth by nature; a variant need not keep them apart from it."""

__all__ = ["CATALOGUE", "NEAR", "Found", "Ways", "Wording", "found"]
