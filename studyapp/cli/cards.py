"""`studyapp cards`: flashcards to leaf through, on the screen or line by line. Nothing is scheduled or written."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import click

from studyapp.cli import plain as talking
from studyapp.cli.common import complete_decks, decks_for_screen, decks_on, desk, interactive
from studyapp.cli.plain import Stop, Talk, plain_option, speak_option

if TYPE_CHECKING:
    from studyapp.study.asking import Question
    from studyapp.study.desk import Desk


@click.command()
@click.argument("decks", nargs=-1, required=True, metavar="DECK...", shell_complete=complete_decks)
@click.option("--shuffled", is_flag=True, help="In a drawn order instead of the deck's.")
@plain_option
@speak_option
def command(*, decks: tuple[str, ...], shuffled: bool, plain: bool, speak: bool) -> None:
    """Leaf through the cards of the DECKs. Nothing is graded, scheduled or kept."""
    if not (plain or speak) and interactive():
        from studyapp.cli.tui import run  # the screens are imported only where they are shown

        run("flashcards", decks_for_screen(decks), shuffled=shuffled)
        return
    with desk(reading=True) as opened:
        chosen = decks_on(opened, decks) or ()
        _leaf(Talk(speak=speak), opened, opened.flashcards(chosen, shuffled=shuffled, seed=time.time_ns()))


def _leaf(talk: Talk, opened: Desk, questions: tuple[Question, ...]) -> None:
    """Front, Enter, back, Enter, next; p goes back, q ends."""
    from studyapp.study.words import plural  # help must not cost it

    talk.say(f"{plural(len(questions), 'card')}. Enter turns and goes on, p goes back, q stops.")
    at = 0
    try:
        while at < len(questions):
            question = questions[at]
            talk.say()
            talk.say(f"{at + 1} of {len(questions)}.")
            talking.show_question(talk, question)
            step = _step(talk.ask("Enter turns the card:"))
            if step is None:
                talking.show_answer(talk, opened, question)
                step = _step(talk.ask("Enter goes on:")) or 1
            at = max(0, at + step)
        talk.say("That was the last card.")
    except (Stop, KeyboardInterrupt):
        pass


def _step(line: str) -> int | None:
    """Where a line goes: back for `p`, on for `n`, None for anything else. Raises: Stop for `q`."""
    word = line.casefold().lstrip(":")
    if word == "q":
        raise Stop
    return {"p": -1, "n": 1}.get(word)
