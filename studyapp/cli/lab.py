"""`studyapp lab`: the list of the labs, or one of them to run, on the screen or line by line."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from studyapp.cli.common import clean, fail, interactive, near, print_json, shows_mathematics
from studyapp.cli.plain import Stop, Talk, plain_option, speak_option
from studyapp.study.labs import LABS, Lab, LabError

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from studyapp.study.labs import Experiment, Worked

LETTERS = "abcdefgh"
SLICE = 100
"""Units of work between two looks at how far the lab is."""
NEWS = 4
"""How often an experiment says how far it is, in all."""


def _complete(_ctx: click.Context, _parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    from click.shell_completion import CompletionItem  # only the shell asks

    return [CompletionItem(lab.id, help=lab.title) for lab in LABS.values() if lab.id.startswith(incomplete)]


def _control_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add an option for every control of any lab, as `--rate` and `--seed`."""
    labels: dict[str, str] = {}
    ranges: dict[str, list[str]] = {}
    for lab in LABS.values():
        for control in lab.controls:
            labels.setdefault(control.name, control.label)
            ranges.setdefault(control.name, []).append(f"{lab.id}: {', '.join(control.options)}")
    for name, label in reversed(labels.items()):
        told = f"{label[:1].upper()}{label[1:]} ({'; '.join(ranges[name])})."
        command = click.option(f"--{name}", metavar="VALUE", help=told)(command)
    return command


@click.command("lab")
@click.argument("name", required=False, shell_complete=_complete)
@click.option("--predict", metavar="CHOICE", help="Your prediction: its letter or its words; asked for otherwise.")
@click.option("--worked", metavar="N", type=click.IntRange(min=1), help="Show step N worked out, too (1: the first).")
@_control_options
@click.option("--json", "as_json", is_flag=True, help="Print the list, or what came out with its curves, as JSON.")
@plain_option
@speak_option
def command(
    *,
    name: str | None,
    predict: str | None,
    worked: int | None,
    as_json: bool,
    plain: bool,
    speak: bool,
    **controls: str | None,
) -> None:
    """Run the lab NAME: predict, watch, compare. Without a name, list the labs.

    Line by line where there is no terminal, and with --plain, --predict, --worked or --json.
    """
    chosen = {control: value for control, value in controls.items() if value is not None}
    lab = _named(name) if name else None
    if lab is None and (chosen or predict or worked):
        raise click.UsageError(f"name the lab; there are: {', '.join(LABS)}")
    try:
        settled = lab.settled(chosen) if lab else {}
    except LabError as error:
        fail(str(error))
    if not (plain or speak or as_json or predict or worked) and interactive():
        from studyapp.cli.tui import run  # the screens are imported only where they are shown

        if lab is None:
            run("labs")
        else:
            run("labs", lab=lab.id, chosen=chosen)
    elif lab is None:
        _list(as_json=as_json)
    elif as_json:
        _print(lab, settled, _prediction(lab, predict) if predict else None)
    else:
        _Lab(Talk(speak=speak), lab, settled).run(predict, worked)


def _named(name: str) -> Lab:
    if name.casefold() not in LABS:
        fail(f"there is no lab {name!r}; {near(name, LABS)}")
    return LABS[name.casefold()]


def _prediction(lab: Lab, typed: str) -> int:
    """The place of a prediction. Ends the command with 1 when it is none of them."""
    place = _place(lab, typed)
    if place is None:
        fail(f"{lab.id} has no prediction {typed!r}; there are: {', '.join(_lettered(lab))}")
    return place


def _place(lab: Lab, typed: str) -> int | None:
    word = typed.strip().casefold()
    letters = LETTERS[: len(lab.predictions)]
    if len(word) == 1 and word in letters:
        return letters.index(word)
    return next((place for place, text in enumerate(lab.predictions) if text.casefold() == word), None)


def _lettered(lab: Lab) -> list[str]:
    return [f"{letter}) {text}" for letter, text in zip(LETTERS, lab.predictions, strict=False)]


def _list(*, as_json: bool) -> None:
    if as_json:
        print_json(
            [
                {
                    "lab": lab.id,
                    "title": lab.title,
                    "lesson": lab.lesson,
                    "question": lab.question,
                    "predictions": list(lab.predictions),
                    "controls": {control.name: list(control.options) for control in lab.controls},
                }
                for lab in LABS.values()
            ]
        )
        return
    width = max(map(len, LABS))
    for lab in LABS.values():
        click.echo(f"{lab.id:<{width}}  {lab.title} ({lab.lesson})")


def _print(lab: Lab, chosen: dict[str, str], prediction: int | None) -> None:
    experiment = lab.start(chosen)
    while not experiment.done:
        experiment.advance(SLICE)
    standing = experiment.standing
    outcome = standing.outcome
    assert outcome is not None
    print_json(
        {
            "lab": lab.id,
            "controls": chosen,
            "question": lab.question,
            "predictions": list(lab.predictions),
            "prediction": None if prediction is None else lab.predictions[prediction],
            "outcome": lab.predictions[outcome.right],
            "as_predicted": None if prediction is None else prediction == outcome.right,
            "sentence": outcome.sentence,
            "trouble": standing.trouble or None,
            "unit": experiment.unit,
            "made": standing.made,
            "curves": [{"name": one.name, "x": list(one.xs), "y": list(one.ys)} for one in standing.curves],
        }
    )


class _Lab:
    """A lab in lines."""

    def __init__(self, talk: Talk, lab: Lab, chosen: dict[str, str]) -> None:
        self.talk, self.lab, self.chosen = talk, lab, chosen

    def run(self, predict: str | None, worked: int | None) -> None:
        """Say what happens, ask, run, compare."""
        talk, lab = self.talk, self.lab
        given = _prediction(lab, predict) if predict else None
        talk.say(f"{lab.title}.")
        talk.show(lab.about)
        talk.say(", ".join(f"{one.label} {self.chosen[one.name]}" for one in lab.controls) + ".")
        talk.say()
        talk.show(lab.question)
        for line in _lettered(lab):
            talk.say(f"  {line}")
        try:
            prediction = self._ask() if given is None else given
            self._go(lab.start(self.chosen), prediction, worked)
        except (Stop, KeyboardInterrupt):
            talk.say("Stopped.")

    def _ask(self) -> int | None:
        """The person's prediction; None when they pass. Raises: Stop."""
        while True:
            typed = self.talk.ask("Your prediction, or Enter to pass:")
            if not typed:
                return None
            if typed.casefold() in ("q", ":q"):
                raise Stop
            place = _place(self.lab, typed)
            if place is not None:
                return place
            self.talk.say(f"That is none of the predictions: type a letter from a to {LETTERS[self._last]}.")

    @property
    def _last(self) -> int:
        return len(self.lab.predictions) - 1

    def _go(self, experiment: Experiment, prediction: int | None, worked: int | None) -> None:
        from studyapp.study.labs.drawing import against, chart, figures, made  # help must not cost it

        if prediction is not None:
            self.talk.say(f"You predict: {self.lab.predictions[prediction]}.")
        if worked:
            self._show_worked(experiment, worked)
        told = 0
        while not experiment.done:
            experiment.advance(SLICE)
            if (quarter := int(experiment.progress * NEWS)) > told and not experiment.done:
                told = quarter
                standing = experiment.standing
                click.echo(clean(f"{made(experiment, standing)}: {figures(standing)}"), err=True)
        standing = experiment.standing
        assert standing.outcome is not None
        self.talk.say()
        self.talk.say(chart(experiment, standing.curves, 60, 8).words)
        self.talk.say(against(self.lab.predictions, prediction, standing.outcome))
        self.talk.show(standing.outcome.sentence)

    def _show_worked(self, experiment: Experiment, number: int) -> None:
        from studyapp.study.labs.drawing import worked_lines  # help must not cost it

        experiment.advance(number - 1)
        steps = experiment.worked()
        self.talk.say()
        if experiment.done or not steps:
            self.talk.say(f"There is no {experiment.unit} {number} to work out.")
            return
        self.talk.say(f"{experiment.unit.capitalize()} {number}, worked out:")
        if self.talk.speak or not shows_mathematics():
            for one in steps:
                self._spoken(one)
            return
        for line in worked_lines(steps, self.talk.width):
            self.talk.say(line.text)

    def _spoken(self, worked: Worked) -> None:
        """The steps of an update, every formula on a line of its own, in words if asked for."""
        from engine.notation import number  # comes with the experiment
        from studyapp.study.sheet import brief_rows

        if worked.name:
            self.talk.say(f"{worked.name}:")
        for tex in worked.figures:
            self.talk.show(f"${tex}$")
        for place, step in enumerate(worked.solution.steps if worked.solution else (), 1):
            self.talk.say(f"{place}. {step.prompt}")
            if getattr(step.value, "shape", ()):
                self.talk.show(f"${step.formula}$")
                self.talk.say("; ".join(brief_rows(step.value)))
            else:
                result = number(float(step.value))
                parts = dict.fromkeys((step.formula, *((step.substituted,) if step.substituted else ()), result))
                self.talk.show(f"${' = '.join(parts)}$")
