"""Named wrong ways: what a learner did, as the same graph with one fault in it. Imports the engine's graph and rules.

The faults of a program are found once (`finding`) and evaluated together for each set of numbers (`ways`). A mistake
that changes nothing at a step is not listed there; two that give the same number are both listed, for the reader of an
answer to name both.
"""

from engine.mistakes.catalogue import CATALOGUE, NEAR, Wording

__all__ = ["CATALOGUE", "NEAR", "Wording"]
