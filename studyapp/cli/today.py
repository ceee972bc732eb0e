"""Today in lines: what bare `studyapp` says in a pipe, to a screen reader or with --plain."""

from __future__ import annotations

from typing import TYPE_CHECKING

from studyapp.cli.common import desk
from studyapp.cli.plain import Talk

if TYPE_CHECKING:
    from studyapp.study.today import DeckRow, Today

SHOWN = 3
"""Faults of decks that are told at once."""


def tell() -> None:
    """Say what the first page shows, and how to begin."""
    from studyapp.study import words
    from studyapp.study.assignments import assignments  # help must not cost it

    with desk(reading=True) as opened:
        today, assigned, problems = opened.today(), assignments(opened), opened.problems
    talk = Talk()
    talk.say(f"{today.date:%A} {today.date.day} {today.date:%B}.")
    if today.warning:
        talk.say(f"Take care: {today.warning}")
    wanted = [talk.one_line(one.words) for one in assigned]
    faults = [str(problem) for problem in problems[:SHOWN]]
    faults += [f"And {words.plural(len(problems) - SHOWN, 'fault')} more."] if len(problems) > SHOWN else []
    for sentence in (*_figures(today), *_decks(talk, today), *wanted, *faults, *_next(talk, today)):
        talk.say(sentence)


def _figures(today: Today) -> list[str]:
    from studyapp.study import words  # help must not cost the study room

    now = [f"{today.due_now} due now"] if today.due_now else []
    now += [words.plural(today.new_now, "new card")] if today.new_now else []
    about = f", {words.about(today.duration_ms)}" if now else ""
    said = [f"{' and '.join(now) or 'Nothing is due now'}{about}; {today.later_today} later today, "
            f"{today.tomorrow} tomorrow."]  # fmt: skip
    return [*said, today.backlog.words] if today.backlog else said


def _decks(talk: Talk, today: Today) -> list[str]:
    if not today.decks:
        return ["There are no decks yet. `studyapp deck new NAME.md` begins one; `studyapp deck add PATH` adds it."]
    return ["", *(f"- {talk.one_line(deck.title)} ({deck.id}): {_deck(talk, deck)}" for deck in today.decks), ""]


def _deck(talk: Talk, deck: DeckRow) -> str:
    from studyapp.study import words

    if deck.locked_by:
        return f"after {talk.one_line(deck.locked_by)}"
    waiting = [f"{deck.due} due"] if deck.due else []
    waiting += [f"{deck.new} new"] if deck.new else [f"{deck.alone} new by itself"] if deck.alone else []
    return ", ".join([*waiting, f"{words.percent(deck.known)} known"])


def _next(talk: Talk, today: Today) -> list[str]:
    from studyapp.study import words

    said = []
    if (lesson := today.next_lesson) is not None:
        said.append(f"Next lesson: {talk.one_line(lesson.title)} (studyapp lesson {lesson.deck}).")
    if (exercise := today.exercise) is not None:
        said.append(f"Exercise due: {talk.one_line(exercise.title)}, level {exercise.level}.")
    if today.streak_days > 1:
        said.append(f"{today.streak_days} days in a row.")
    if today.studied_today:
        said.append(f"{words.plural(today.studied_today, 'answer')} today.")
    if today.remembered is not None:
        said.append(f"{words.percent(today.remembered)} remembered this month.")
    if today.due_now or today.new_now:
        said.append("Begin with `studyapp review --plain`; `studyapp --help` names everything else.")
    return said
