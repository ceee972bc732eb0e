"""`studyapp exercise [NAME]`: work one, on the screen or line by line; without a name those there are, as by `list`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from studyapp.cli.common import DATABASE, MISUSE, desk, fail, interactive, near, print_json
from studyapp.cli.exercise_names import complete_or_use, names
from studyapp.cli.plain import Stop, Talk, plain_option, speak_option

if TYPE_CHECKING:
    from studyapp.study.desk import Desk
    from studyapp.study.practice import Practice


@click.command("work")
@click.argument("name", required=False, metavar="[NAME|FILE.toml]", shell_complete=complete_or_use)
@click.option("--level", type=click.IntRange(0, 5), help="0: the worked example … 5: the givens alone.")
@click.option("--seed", type=click.IntRange(0), help="Which numbers; the same seed gives the same for ever.")
@click.option("--example", is_flag=True, help="The published numbers instead of drawn ones.")
@click.option("--json", "as_json", is_flag=True, help="List the exercises as JSON, with level, due, begun, mastered.")
@plain_option
@speak_option
def work(  # noqa: PLR0917 - click passes them by name
    name: str | None, level: int | None, seed: int | None, example: bool, as_json: bool, plain: bool, speak: bool
) -> None:
    """Work an exercise, or list them."""
    if example and seed is not None:
        fail("--example has no seed: there is one published example", MISUSE)
    if as_json and name is not None:
        fail("--json lists the exercises; `studyapp exercise new NAME --json` prints one with its key", MISUSE)
    if not (plain or speak or as_json) and interactive():
        _on_screen(name, seed, level, example)
        return
    with desk() as opened:
        if name is None:
            _list(opened, as_json)
            return
        practice = _practice(opened, name, seed, level, example)
        refused = _sit(Talk(speak=speak), opened, practice, name)
    if refused:
        fail("The last thing done could not be kept.", DATABASE)


@click.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON, with what each template asks.")
def list_(as_json: bool) -> None:
    """List the exercises: those of your decks, then those for practice; level, due, begun, mastered."""
    with desk() as opened:
        _list(opened, as_json)


def _on_screen(name: str | None, seed: int | None, level: int | None, example: bool) -> None:
    from studyapp.cli.tui import run  # the screens are imported only where they are shown

    if name is None:
        run("exercise")
        return
    with desk() as opened:
        _practice(opened, name, seed, level, example)
    run("exercise", name=name, seed=seed, level=level, example=example)


def _practice(opened: Desk, name: str, seed: int | None, level: int | None, example: bool) -> Practice:
    """A sitting; ends the command with a sentence when there is no such exercise."""
    from studyapp.study.exercises import NoExerciseError  # help must not cost it

    try:
        return opened.practice(name, seed=seed, level=level, example=example)
    except NoExerciseError as error:
        known = "" if "/" in name or name.endswith(".toml") else f" ({near(name, names())})"
        fail(f"{error}{known}")


def _sit(talk: Talk, opened: Desk, practice: Practice, name: str) -> bool:
    """Work it, then again as often as is wanted. Returns whether the last act was refused and not repeated."""
    from studyapp.cli.exercise_plain import PlainSitting
    from studyapp.study import working

    while True:
        sitting = PlainSitting(talk, opened, practice)
        try:
            sitting.run()
            word = talk.ask("Enter leaves; a: again with other numbers; r: the same numbers again:").casefold()
        except (Stop, KeyboardInterrupt):
            return sitting.refused
        if word not in ("a", "r"):
            return sitting.refused
        talk.say()
        practice = working.again(opened, practice, name, same=word == "r")


def _list(opened: Desk, as_json: bool) -> None:
    """Every exercise: those of the decks first."""
    rows = opened.exercises()
    if as_json:
        print_json(
            [
                {
                    "template": row.template,
                    "title": row.title,
                    "description": row.description,
                    "family": list(row.family),
                    "version": row.version,
                    "steps": row.steps,
                    "requires": list(row.requires),
                    "deck": row.deck,
                    "item": row.item,
                    "level": row.level,
                    "sittings": row.sittings,
                    "due": row.due,
                    "begun": row.begun,
                    "good_days": row.good_days,
                    "mastered": row.mastered,
                }
                for row in rows
            ]
        )
        return
    talk = Talk()
    free = False
    for row in rows:
        if not row.item and not free:
            talk.say("\nFor practice: no deck schedules these")
            free = True
        state = "begun" if row.begun else "due" if row.due else "" if row.sittings else "new"
        said = [f"level {row.level}", state, "mastered" if row.mastered else ""]
        click.echo(f"{row.template:<24}{talk.one_line(row.title)} ({', '.join(filter(None, said))})")
