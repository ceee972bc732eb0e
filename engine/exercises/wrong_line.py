"""A worked solution with one mistake in it, for "find the wrong line". Imports solutions and the guard."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

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

    Generating raises ExhaustedError where none of them can be made in it.
    """
    precision = next((a.precision for a in template.asks if a.kind == "number"), Precision("sf", 3))
    ask = Ask("line", "wrong line", precision=precision)
    return replace(
        template,
        title=f"Find the wrong line: {template.title[:1].lower()}{template.title[1:]}",
        asks=(ask,),
        wrong=tuple(ids),
        example={},
        explain=None,
        levels=(3, 3, 3),
        cache={},
    )


def misworked(template: Template, solution: Solution, mistakes: Sequence[Mistaken], stream: Stream) -> Misworked | None:
    """The solution with one of the template's mistakes in it; None where none of them can be seen."""
    precision = next(a.precision for a in template.asks if a.kind == "line")
    runs = [
        run
        for run in _runs(solution, mistakes)
        if run[0].id in template.wrong and apart(flat(run[0].value), flat(solution.step_values[run[0].site]), precision)
    ]
    if not runs:
        return None
    # First the kind of mistake, then the place: a mistake that can be made at many places is not met more often.
    ids = sorted({run[0].id for run in runs})
    chosen = ids[stream.below(len(ids))]
    runs = [run for run in runs if run[0].id == chosen]
    run = runs[stream.below(len(runs))]
    changed = {m.step: m.value for m in run}
    return Misworked(run[0], {name: changed.get(name, value) for name, value in solution.step_values.items()})


def _runs(solution: Solution, mistakes: Sequence[Mistaken]) -> list[list[Mistaken]]:
    """Each fault's values by itself; the engine lists them fault by fault, in the order of working."""
    place = {name: i for i, name in enumerate(solution.step_values)}
    runs: list[list[Mistaken]] = []
    for mistake in mistakes:
        last = runs[-1][-1] if runs else None
        same = last is not None and (last.id, last.site) == (mistake.id, mistake.site)
        if same and last is not None and place[last.step] < place[mistake.step]:
            runs[-1].append(mistake)
        else:
            runs.append([mistake])
    return [run for run in runs if run[0].step == run[0].site]
