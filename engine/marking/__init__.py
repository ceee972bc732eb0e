"""Marking: how an answer is read and what it is worth. Knows numbers and names, no card and no learner.

`mark` gives one `Mark` for one answer and never raises because of what was typed. `evaluate` and
`evaluate_list` read an expression or a list as an answer would be read, for a scratch field; they raise
`UnreadableError`, whose `code` is that of the `invalid:` verdict.
`Precision.parse` reads `3sf`, `2dp`, `int`, `exact`. `may_carry` guards error carried forward.
Nothing of NumPy is needed; arrays are taken through their `tolist`.
"""

from engine.marking.model import Expected, Mark, MarkingError, Names, Nested, Precision, UnreadableError
from engine.marking.rule import evaluate, evaluate_list, mark
from engine.marking.slips import may_carry

__all__ = [
    "Expected",
    "Mark",
    "MarkingError",
    "Names",
    "Nested",
    "Precision",
    "UnreadableError",
    "evaluate",
    "evaluate_list",
    "mark",
    "may_carry",
]
