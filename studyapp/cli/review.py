"""`studyapp review`: what is due, on the screen or line by line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from studyapp.cli import plain as talking
from studyapp.cli.common import DATABASE, complete_decks, decks_for_screen, decks_on, desk, fail, interactive
from studyapp.cli.plain import Command, Stop, Talk, plain_option, speak_option

if TYPE_CHECKING:
    from studyapp.memory.model import Grade
    from studyapp.study.desk import Desk
    from studyapp.study.review import Asked

COMMANDS = (
    Command("h", "show the hint"),
    Command("u", "undo the last thing done"),
    Command("b", "bury: not again today"),
    Command("s", "suspend: not again until you resume it"),
    Command("f", "flag it, or take the flag away"),
    Command("v", "say where the card is written"),
    Command("o", "after an answer was marked: I was right"),
    Command("q", "quit; everything so far is kept"),
)
GRADES = "1 Again, 2 Hard, 3 Good, 4 Easy"
CONFIDENCE = "1 not at all … 5 perfectly"


@click.command()
@click.argument("decks", nargs=-1, metavar="[DECK]...", shell_complete=complete_decks)
@plain_option
@speak_option
def command(*, decks: tuple[str, ...], plain: bool, speak: bool) -> None:
    """Review what is due in the DECKs, or in all of them.

    Line by line: Enter shows the answer, then 1 to 4 grades it; letters pick options; ? lists the rest. A grade is
    kept as soon as it is given, so leaving at any moment loses nothing.
    """
    if not (plain or speak) and interactive():
        from studyapp.cli.tui import run  # the screens are imported only where they are shown

        run("review", decks_for_screen(decks))
        return
    with desk() as opened:
        chosen = decks_on(opened, decks)
        refused = Review(Talk(speak=speak), opened, chosen).run()
    if refused:
        fail("The last grade could not be kept.", DATABASE)


class Review:
    """A review session in lines."""

    def __init__(self, talk: Talk, opened: Desk, decks: tuple[str, ...] | None) -> None:
        """Plan the session."""
        self.talk, self.desk, self.decks = talk, opened, decks
        self.session = opened.review(decks)
        self.skipped: set[str] = set()
        """Exercises that were left; once nothing else remains, the session ends without them."""
        self.refused = False
        """Whether the last thing done was refused by the database."""

    def run(self) -> bool:
        """Ask until nothing is left or the person leaves. Returns whether the last act was refused and not repeated."""
        for problem in self.desk.problems[:3]:
            self.talk.say(str(problem))
        left = self.session.left
        if self.session.current is None:
            self.talk.say("Nothing is due now.")
            self._what_is_next()
            return False
        self.talk.say(f"{left} to review{self._time()}. Type ? for help, q to stop.")
        try:
            while (asked := self.session.current) is not None and asked.question.key not in self.skipped:
                self._item(asked)
            if self.session.trouble is not None:  # what was graded before it is kept
                raise self.session.trouble
            self.talk.say()
            self.talk.say("Done.")
        except (Stop, KeyboardInterrupt):
            self.talk.say("Stopped; what you graded is kept.")
        self._summary()
        return self.refused

    def _time(self) -> str:
        """How long it will take, where that is known: for all decks together."""
        from studyapp.study import words

        if self.decks is not None:
            return ""
        today = self.desk.today()
        plan = f". {today.backlog.words.rstrip('.')}" if today.backlog else ""
        return f", {words.about(today.duration_ms)}{plan}"

    # one item

    def _item(self, asked: Asked) -> None:
        self.talk.say()
        where = ". ".join(part for part in (asked.deck_title, asked.lesson_title) if part)
        self.talk.say(f"{self.session.left} left. {self.talk.text(where)}. {asked.phase_word.capitalize()}.")
        if asked.question.way.value == "work":
            self._work(asked)
            return
        talking.show_question(self.talk, asked.question)
        if self._answer(asked):
            talking.show_answer(self.talk, self.desk, asked.question)
            self._rate(asked)

    def _work(self, asked: Asked) -> None:
        """Work an exercise step by step; left half-way it stays due, and what was answered is kept."""
        from studyapp.cli.exercise_plain import Left, PlainSitting  # needs the study room
        from studyapp.study.exercises import NoExerciseError

        card = asked.question.card
        try:
            practice = self.desk.practice(card.exercise.template if card.exercise else "", item=asked.question.item)
        except NoExerciseError as error:
            self.talk.say(f"This exercise cannot be opened: {error}")
            self._skip(asked)
            return
        sitting = PlainSitting(self.talk, self.desk, practice)
        try:
            sitting.run()
        except Left:
            pass
        finally:
            self.refused = sitting.refused
            if sitting.graded is not None:
                self.session.worked()
        if sitting.graded is None:
            self._skip(asked)

    def _skip(self, asked: Asked) -> None:
        self.session.skip()
        self.skipped.add(asked.question.key)

    def _answer(self, asked: Asked) -> bool:
        """Hear an answer and mark it where the machine can; False when another item is in front now."""
        question, confidence = asked.question, None
        while True:
            line = self.talk.ask(talking.prompt_for(question))
            if letter := talking.command_in(line, question, COMMANDS):
                if self._command(letter):
                    return False
                continue
            if not line or question.way.value == "recall":  # there, words are thinking aloud
                return True
            picks = talking.picks_in(line, question)
            if question.choices and picks is None:
                self.talk.say("That is not one of the answers here; ? says what is.")
                continue
            if confidence is None and self.desk.settings.ask_confidence:
                confidence = talking.how_sure(self.talk)
            if question.choices:
                checked = self.session.check_picks(picks or (), confidence)
            else:
                checked = self.session.check_text(line, confidence)
            talking.show_checked(self.talk, checked)
            if checked.verdict.value != "retry":
                return True

    def _rate(self, asked: Asked) -> None:
        """Hear a grade and write it. A grade that the database refuses leaves the item where it is."""
        while True:
            self.talk.say(self._scale(asked))
            line = self.talk.ask(self._rating_prompt())
            letter = talking.command_in(line, None, COMMANDS)
            if letter and letter != "o":
                if self._command(letter):
                    return
            elif self._graded(asked, letter or line):
                return

    def _graded(self, asked: Asked, word: str) -> bool:
        """Grade by `word` when it is a grade; whether the item is done."""
        from studyapp.memory import grading
        from studyapp.memory.model import Grade

        grade: Grade | None = None
        confidence = None
        if word == "o" and self.session.checked is not None:
            grade = Grade.GOOD
        elif not word and self.session.proposal is not None:
            grade = self.session.proposal[0]
        elif self._by_confidence and word in tuple("12345"):
            confidence = int(word)
            grade = grading.of_confidence(confidence)
        elif not self._by_confidence and word in tuple("1234"):
            grade = Grade(int(word))
        if grade is None:
            self.talk.say(f"Grade it: {CONFIDENCE if self._by_confidence else GRADES}; ? says what else you can do.")
            return False
        return self._written(asked, grade, confidence, accept=word == "o")

    def _written(self, asked: Asked, grade: Grade, confidence: int | None, *, accept: bool) -> bool:
        from studyapp.memory.model import Grade
        from studyapp.storage.errors import StorageError
        from studyapp.study import words

        try:
            if accept:
                self.session.i_was_right()
            else:
                self.session.grade(grade, confidence=confidence)
        except StorageError as error:
            self._refuse(error)
            return False
        self.refused = False
        self.talk.say(f"{grade.name.capitalize()}: again in {asked.labels[grade].replace('<', 'less than ')}.")
        if grade is Grade.AGAIN and asked.outlook[grade].event.leech:
            state = self.desk.item_with_state(asked.question.key)[1]
            self.talk.say(words.leech(self.talk.one_line(asked.question.prompt), state))
        return True

    @property
    def _by_confidence(self) -> bool:
        return self.desk.settings.grade_by == "confidence"

    def _scale(self, asked: Asked) -> str:
        if self._by_confidence:
            return f"How well did you know it? {CONFIDENCE}"
        return ", ".join(f"{int(grade)} {grade.name.capitalize()} {label}" for grade, label in asked.labels.items())

    def _rating_prompt(self) -> str:
        if self.session.proposal is None:
            return "Grade:"
        grade, reason = self.session.proposal
        return f"Grade, Enter for {grade.name.capitalize()} ({reason}), o for I was right:"

    # commands

    def _command(self, letter: str) -> bool:
        """Do what a letter says; whether another item (or this one anew) is in front."""
        from studyapp.storage.errors import StorageError

        if letter == "q":
            raise Stop
        if letter == "h":
            hint = self.session.show_hint()
            self.talk.show(hint or "There is no hint.", lead="Hint:" if hint else "")
            return False
        if letter == "v":
            source = self.session.source()
            self.talk.say(f"{source.path}, line {source.line}")
            return False
        if letter not in "usbf":
            self.talk.say("  1–4  grade, after the answer\n" + talking.help_text(COMMANDS))
            return False
        try:
            moved = self._act(letter)
        except StorageError as error:
            self._refuse(error)
            return False
        self.refused = False
        return moved

    def _act(self, letter: str) -> bool:
        if letter == "u":
            words = self.session.undo()
            self.talk.say(f"{self.talk.one_line(words)}." if words else "There is nothing to undo.")
            return words is not None
        if letter == "f":
            self.session.flag()
            flagged = self.session.current is not None and self.session.current.state.flag
            self.talk.say("Flagged." if flagged else "The flag is gone.")
            return False
        if letter == "b":
            self.session.bury()
            self.talk.say("Buried: not again today.")
        else:
            self.session.suspend()
            self.talk.say("Suspended: not again until you resume it.")
        return True

    def _refuse(self, error: Exception) -> None:
        self.refused = True
        self.talk.say(f"Not kept: {error}")
        self.talk.say("The item stays; do it again.")

    # the end

    def _summary(self) -> None:
        from studyapp.study import words

        summary = self.session.summary()
        if summary.reviews:
            grades = ", ".join(f"{count} {grade.name.capitalize()}" for grade, count in summary.grades.items() if count)
            self.talk.say(
                f"{words.plural(summary.reviews, 'review')} in {words.minutes(summary.duration_ms)}: {grades}."
            )
        if summary.confident_slips:
            self.talk.say(f"{words.plural(summary.confident_slips, 'slip')} you were sure about.")
        if summary.slips:
            self.talk.say("Worth a second look:")
            for slip in summary.slips[:5]:
                self.talk.say(f"- {self.talk.one_line(slip)}")
        if self.skipped:
            self.talk.say(f"{words.plural(len(self.skipped), 'exercise')} left for `studyapp exercise`.")
        self._what_is_next()

    def _what_is_next(self) -> None:
        summary = self.session.summary()
        parts, left = [], self.session.left - len(self.skipped)  # those are told above already
        if left > 0:
            parts.append(f"{left} left now")
        if summary.due_later_today:
            parts.append(f"{summary.due_later_today} later today")
        parts.append(f"{summary.due_tomorrow} tomorrow")
        when = f" The next one comes in {summary.next_due.replace('<', 'less than ')}." if summary.next_due else ""
        self.talk.say(", ".join(parts).capitalize() + f".{when}")
