"""A worked solution with one mistake in it, for "find the wrong line". Imports solutions and the guard."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from engine.errors import NumberError
from engine.evaluate import Value
from engine.exercises.drawing import Stream
from engine.exercises.guard import apart, flat
from engine.exercises.template import Ask, Template
from engine.marking import Precision
from engine.solution import Mistaken, Solution


@dataclass(frozen=True)
class Misworked:
    """A solution worked with one mistake.

    Attributes:
        mistake: What was done, at the first step it changes.
        values: Step name → the value on the sheet, in the order of working.
    """

    mistake: Mistaken
    values: Mapping[str, Value]

    @property
    def line(self) -> int:
        """The number of the wrong line, from 1."""
        return list(self.values).index(self.mistake.site) + 1


def wrong_line(template: Template, ids: Iterable[str]) -> Template:
    """The same exercise as "find the wrong line", with one of these mistakes in the solution.

    `generate(wrong_line(template, ["L03"]), seed)` is a variant with two steps: the number of the wrong line, with the
    whole sheet as `lines`, and the right value of that line. Its identity is the template's id and version, the seed
    and the ids. A published example stays: `generate_example` gives the sheet with its numbers and the first mistake.

    Generating raises ExhaustedError where none of the mistakes can be made in it so that its line shows: one that only
    repeats an earlier number, that changes less than the asked digits, or whose first line comes out right by accident.
    """
    ask = Ask("line", "wrong line", precision=_asked_precision(template))
    return replace(
        template,
        title=f"Find the wrong line: {template.title[:1].lower()}{template.title[1:]}",
        asks=(ask,),
        wrong=tuple(ids),
        explain=None,
        levels=(3, 3, 3),
        cache={},
    )


def misworked(
    template: Template, given: Mapping[str, Any], solution: Solution, mistakes: Sequence[Mistaken], stream: Stream
) -> Misworked | None:
    """The solution with one of the template's mistakes in it; None where none of them can be seen.

    One line is wrong, whatever the mistake does elsewhere; the lines below go on from its number.
    """
    seen = [m for m in _visible(solution, mistakes, _asked_precision(template)) if m.id in template.wrong]
    if not seen:
        return None
    # First the kind of mistake, then the place: a mistake that can be made at many places is not met more often.
    ids = sorted({m.id for m in seen})
    chosen = ids[stream.below(len(ids))]
    places = [m for m in seen if m.id == chosen]
    mistake = places[stream.below(len(places))]
    try:
        return Misworked(mistake, template.solve(given, {mistake.site: mistake.value}).step_values)
    except NumberError:
        return None


def _asked_precision(template: Template) -> Precision:
    """That of the line, else that of the first number."""
    found = {a.kind: a.precision for a in reversed(template.asks)}
    return found.get("line") or found.get("number") or Precision("sf", 3)


def _visible(solution: Solution, mistakes: Sequence[Mistaken], precision: Precision) -> list[Mistaken]:
    """Every mistake at the line where it is made, where its number can be told from the right one.

    The engine lists them fault by fault, in the order of working: a fault's first line is where it is made.
    """
    place = {name: i for i, name in enumerate(solution.step_values)}
    found: list[Mistaken] = []
    last: Mistaken | None = None
    for mistake in mistakes:
        goes_on = last is not None and (last.id, last.site) == (mistake.id, mistake.site)
        first = not (goes_on and last is not None and place[last.step] < place[mistake.step])
        if first and mistake.step == mistake.site:
            right = solution.step_values[mistake.site]
            if apart(flat(mistake.value), flat(right), precision):
                found.append(mistake)
        last = mistake
    return found
