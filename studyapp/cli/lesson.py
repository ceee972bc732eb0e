"""`studyapp lesson`: the table of contents, or a lesson to read, on the screen or as text."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from studyapp.cli.common import clean, complete_decks, decks_for_screen, decks_on, desk, interactive
from studyapp.cli.plain import Stop, Talk, plain_option, speak_option

if TYPE_CHECKING:
    from studyapp.study.lessons import LessonRow, LessonView, Page


@click.command()
@click.argument("deck", required=False, shell_complete=complete_decks)
@plain_option
@speak_option
def command(*, deck: str | None, plain: bool, speak: bool) -> None:
    """Read the lesson of a DECK; without one, list the lessons in their order.

    At a terminal, plain mode stops after each page; into a pipe or file it prints the whole lesson.
    """
    named = [deck] if deck else []
    if not (plain or speak) and interactive():
        from studyapp.cli.tui import run  # the screens are imported only where they are shown

        run("lessons", decks_for_screen(named))
        return
    with desk(reading=True) as opened:
        chosen = decks_on(opened, named)
        if chosen is None:
            for row in opened.lessons():
                click.echo(_row(row))
        elif (view := opened.lesson(chosen[0])) is not None:
            _read(Talk(speak=speak), view)


def _row(row: LessonRow) -> str:
    from studyapp.study.words import plural  # help must not cost it

    known = f"{row.known * 100:.0f} % known"
    wait = f", after {' and '.join(row.locked_by)}" if row.locked_by else ""
    exercises = f", {plural(row.exercises, 'exercise')}" if row.exercises else ""
    where = f"{row.state.value}{wait}, {known}"
    return clean(f"{row.number:>2}. {row.title} ({row.deck}): {plural(row.cards, 'card')}{exercises}; {where}")


def _read(talk: Talk, view: LessonView) -> None:
    row = view.row
    talk.say(f"Lesson {row.number}. {talk.text(row.title)}")
    talk.show(row.description)
    try:
        for number, page in enumerate(view.pages, 1):
            _page(talk, page, number, len(view.pages))
            if talk.at_terminal and number < len(view.pages) and talk.ask("Enter: the next page, q: stop") == "q":
                return
    except (Stop, KeyboardInterrupt):
        return
    talk.say()
    for source in view.sources.values():
        talk.say(f"Source: {source}")
    talk.say(f"Its cards: studyapp review {row.deck}")
    if view.next:
        talk.say(f"Next lesson: studyapp lesson {view.next}")


def _page(talk: Talk, page: Page, number: int, total: int) -> None:
    from studyapp.study.words import plural

    talk.say()
    talk.say(f"Page {number} of {total}. {talk.text(page.title)}")
    if page.pre:
        talk.say()
        talk.say("Try before you read:")
        for card in page.pre:
            talk.show(card.front, lead="-")
    talk.say()
    talk.show(page.prose)
    if page.cards:
        talk.say()
        talk.say(f"{plural(len(page.cards), 'card')} on this page.")
