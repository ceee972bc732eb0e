"""A draw is refused for a mistake that hides: the quick way, before mistakes are listed, refuses what the long does."""

import pytest

from engine.errors import EngineError
from engine.exercises.drawing import Stream
from engine.exercises.generating import attempt
from engine.exercises.guard import Beside, apart, distances, finer, flat
from engine.marking import Precision
from engine.mistakes import NEAR, Wording
from engine.solution import Mistaken


@pytest.mark.parametrize("name", ["mlp-2-2-1", "rnn-bptt", "two-updates", "logistic-neuron"])
def test_what_hides_is_what_no_number_tells_from_the_truth(template, name):
    found = template(name)
    stream = Stream("guard", 1, 7)
    precisions = {a.name: finer(a.precision) or a.precision for a in found.asks}
    spared = NEAR | found.ignore | found.without
    seen = set()
    for _ in range(40):
        try:
            solution = found.solve(found.draw(stream))
        except EngineError:
            continue
        right = {n: flat(solution.step_values[n]) for n in found.asked}
        hidden = solution.ways.hidden({n: distances(right[n], precisions[n]) for n in found.asked}, spared)
        first_updates = [m for m in solution.mistakes_at(found.asked) if m.id not in spared]
        near = [(m.id, m.step) for m in first_updates if not apart(flat(m.value), right[m.step], precisions[m.step])]
        assert hidden is None or hidden in near
        assert hidden is not None or all("#" in step for _, step in near)
        seen.add(hidden is None)
    assert seen == {True, False}


def test_ties_are_mistakes_of_one_rounded_value():
    wording = Wording("n", "s", "q")
    values = {"A": 0.1234, "B": 0.12341, "C": 0.2, "D": -0.1234, "E": 1e13, "F": 2e13}
    beside = Beside([Mistaken(id_, "y", "y", v, wording) for id_, v in values.items()], [0.15])
    assert beside.ties(Precision("sf", 3)) == 4  # A with B, and the two that are too large to be typed
    assert beside.hidden(Precision("sf", 3)) == ""
    assert Beside([Mistaken("A", "y", "y", 0.1496, wording)], [0.15]).hidden(Precision("sf", 3)) == "A"


def test_a_refused_draw_says_which_mistake_hides_where(template):
    found = template("mlp-2-2-1")
    stream = Stream("guard", 1, 7)
    refusals = {r for _ in range(30) if isinstance(r := attempt(found, found.draw(stream), stream), str)}
    assert any(" hides at " in r for r in refusals)
