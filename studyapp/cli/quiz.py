"""`studyapp quiz`: a number of questions and a score, on the screen or line by line."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import click

from studyapp.cli import plain as talking
from studyapp.cli.common import complete_decks, decks_for_screen, decks_on, desk, interactive, near
from studyapp.cli.plain import Command, Stop, Talk, plain_option, speak_option

if TYPE_CHECKING:
    from content.model import Kind
    from studyapp.study.asking import Question
    from studyapp.study.desk import Desk
    from studyapp.study.quiz import Quiz

USUAL = 10
"""How many questions a quiz has where nothing else is said."""
COMMANDS = (Command("q", "stop here; what you answered counts"),)


@click.command()
@click.argument("decks", nargs=-1, metavar="[DECK]...", shell_complete=complete_decks)
@click.option("--count", "-n", type=click.IntRange(min=1), default=USUAL, show_default=True, help="Questions.")
@click.option(
    "--kinds", metavar="KIND,…", help="Only these: choice, true-false, all-that-apply, typed, numeric, cloze, basic."
)
@click.option("--seed", type=int, help="Draw the same quiz again.")
@click.option("--as-reviews", is_flag=True, help="Let each answer count as a review, where the item is due.")
@plain_option
@speak_option
def command(
    *,
    decks: tuple[str, ...],
    count: int,
    kinds: str | None,
    seed: int | None,
    as_reviews: bool,
    plain: bool,
    speak: bool,
) -> None:
    """Take a quiz on the DECKs, or on all of them: a score, the missed questions, and those again if you like.

    With any option the quiz begins at once; without one the screen asks what it shall be like.
    """
    chosen_kinds = _kinds(kinds)
    set_up = seed is not None or as_reviews or kinds is not None or count != USUAL
    if not (plain or speak) and interactive():
        from studyapp.cli.tui import run  # the screens are imported only where they are shown

        asked = {"count": count, "kinds": chosen_kinds, "seed": seed, "as_reviews": as_reviews} if set_up else {}
        run("quiz", decks_for_screen(decks), **asked)
        return
    with desk() as opened:
        drawn = opened.quiz(
            decks_on(opened, decks),
            count,
            chosen_kinds,
            seed=time.time_ns() if seed is None else seed,
            as_reviews=as_reviews,
        )
        _Quizzing(Talk(speak=speak), opened).run(drawn)


def _kinds(names: str | None) -> tuple[Kind, ...]:
    from studyapp.study.quiz import QUIZ_KINDS  # help must not cost it

    if names is None:
        return QUIZ_KINDS
    known = {kind.value: kind for kind in QUIZ_KINDS}
    wanted = [name.strip() for name in names.split(",") if name.strip()]
    for name in wanted:
        if name not in known:
            raise click.BadParameter(f"there is no kind {name!r}; {near(name, known)}", param_hint="--kinds")
    if not wanted:
        raise click.BadParameter(f"no kind is named; there are: {', '.join(sorted(known))}", param_hint="--kinds")
    return tuple(known[name] for name in wanted)


class _Quizzing:
    """A quiz in lines."""

    def __init__(self, talk: Talk, opened: Desk) -> None:
        self.talk, self.desk = talk, opened

    def run(self, quiz: Quiz) -> None:
        """Ask all questions, keep the score, say what was missed, and ask that again as often as wished."""
        if not quiz.questions:
            self.talk.say("There is no such question in these decks.")
            return
        from studyapp.study.words import plural  # help must not cost it

        self.talk.say(f"{plural(len(quiz.questions), 'question')}. Type ? for help, q to stop.")
        kept, over = False, False
        try:
            while not over:
                whole = self._ask_all(quiz)
                if not kept and quiz.answers:
                    self.desk.record_quiz(quiz)
                    kept = True
                self._report(quiz)
                over = not whole or not quiz.score().missed or not self.talk.yes("The missed ones again?")
                quiz = quiz.retry()
        except (Stop, KeyboardInterrupt):
            self.talk.say("Stopped.")

    def _ask_all(self, quiz: Quiz) -> bool:
        """Ask until the end; whether it was reached."""
        try:
            while (question := quiz.current) is not None:
                self.talk.say()
                self.talk.say(f"Question {len(quiz.answers) + 1} of {len(quiz.questions)}.")
                talking.show_question(self.talk, question)
                self._answer(quiz, question)
                self.desk.next_question(quiz)
        except (Stop, KeyboardInterrupt):
            return False
        return True

    def _answer(self, quiz: Quiz, question: Question) -> None:
        begun = self.desk.clock.now()
        while True:
            line = self.talk.ask(talking.prompt_for(question))
            letter = talking.command_in(line, question, COMMANDS)
            if letter == "q":
                raise Stop
            if letter:
                self.talk.say(talking.help_text(COMMANDS))
                continue
            if self._checked(quiz, question, line, self.desk.clock.now() - begun):
                return

    def _checked(self, quiz: Quiz, question: Question, line: str, duration_ms: int) -> bool:
        """Mark a line; whether that settles the question."""
        from studyapp.study.checking import Verdict

        picks = talking.picks_in(line, question)
        by_oneself = question.way.value == "recall" or (question.kind.value == "cloze" and not line)
        if by_oneself:
            talking.show_answer(self.talk, self.desk, question)
            quiz.judge(right=self.talk.yes("Did you know it?"), duration_ms=duration_ms)
            return True
        if question.choices and line and picks is None:
            self.talk.say("That is not one of the options.")
            return False
        if not line:
            quiz.judge(right=False, duration_ms=duration_ms)
            self.talk.say("Not answered.")
        else:
            sure = talking.how_sure(self.talk) if self.desk.settings.ask_confidence else None
            checked = (
                quiz.answer_picks(picks or (), duration_ms, sure)
                if question.choices
                else quiz.answer_text(line, duration_ms, sure)
            )
            talking.show_checked(self.talk, checked)
            if checked.verdict is Verdict.RETRY:
                return False
            if checked.verdict is Verdict.YOURS:
                talking.show_answer(self.talk, self.desk, question)
                quiz.judge(right=self.talk.yes("Was it right?"), duration_ms=duration_ms)
                return True
        talking.show_answer(self.talk, self.desk, question)
        return True

    def _report(self, quiz: Quiz) -> None:
        score = quiz.score()
        if not score.total:
            return
        self.talk.say()
        unasked = len(quiz.questions) - score.total
        rest = f"; {unasked} not asked" if unasked else ""
        self.talk.say(f"{score.points:g} of {score.total} points, {score.share * 100:.0f} %{rest}.")
        if score.sure_words:
            self.talk.say(score.sure_words)
        for one in score.missed:
            given = f" (you: {self.talk.one_line(one.checked.given)})" if one.checked.given else ""
            self.talk.say(f"- {self.talk.one_line(one.question.prompt)}{given}")
