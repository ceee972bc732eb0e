"""An exercise line by line: givens, drawing in words, one step after another, the worked solution at the end.

For screen readers, pipes and simple terminals; `studyapp exercise --plain` and the plain review both use it. Every act
is on disk before the next line is read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from studyapp.cli.plain import Command, Stop, Talk

if TYPE_CHECKING:
    from engine.exercises import VariantStep
    from engine.marking import Mark
    from studyapp.memory.model import Grade
    from studyapp.study.desk import Desk
    from studyapp.study.practice import Practice
    from studyapp.study.sitting import StepView

COMMANDS = (
    Command("h", "the next hint; the last one tells the result"),
    Command("w", "show this step worked out"),
    Command("k", "keep the wrong answer and go on; later steps follow from it"),
    Command("g", "say the givens again"),
    Command("q", "leave; everything answered is kept and goes on next time"),
)
HELP = """\
Type the answer: numbers, arithmetic, names of values; several numbers with commas or blanks, rows with ; between.
  = 0.5*0.8  only calculates; nothing is marked
"""
TAIL = "A value's name alone, where it is one of these letters: put it in brackets, (w)."
GRADES = "1 Again, 2 Hard, 3 Good, 4 Easy"


class Left(Stop):
    """The person leaves the sitting, not the program."""


class PlainSitting:
    """One sitting in lines."""

    def __init__(self, talk: Talk, desk: Desk, practice: Practice) -> None:
        """Work `practice` with the person at the other end of `talk`."""
        self.talk, self.desk, self.practice = talk, desk, practice
        self.graded: Grade | None = None
        """The grade that was written as a review; None while there is none."""
        self.refused = False
        """Whether the last thing done was refused by the database."""
        self._warned: int | None = None
        """The step of which it was said that the next hint is the result."""

    def run(self) -> None:
        """From where the sitting stands to its end.

        Raises: Left when the person leaves the sitting, Stop at the end of the input; what was answered is kept.
        """
        from studyapp.study.sitting import Status  # help must not cost the engine

        self._title()
        self._givens()
        sitting = self.practice.sitting
        if any(view.tries or view.hints for view in sitting.steps):
            self.talk.say("You go on where you left it.")
        told = set()
        while True:
            for view in self.practice.sitting.steps:
                if view.status is Status.SHOWN and view.index not in told:
                    self._worked(view)
                if view.status is Status.SHOWN:
                    told.add(view.index)
            if self.practice.sitting.finished:
                break
            self._step()
        self._end()

    # the sheet

    def _title(self) -> None:
        from studyapp.study import working
        from studyapp.study.levels import MEANINGS

        variant = self.practice.sitting.variant
        number = "The published example" if variant.example else f"Seed {variant.seed}"
        self.talk.show(f"{variant.title}.")
        level = self.practice.sitting.level
        meaning = "find the wrong line" if self.practice.planted else MEANINGS[level]
        self.talk.say(f"Level {level}: {meaning}. {number}. {working.counts(self.practice)}")
        self.talk.say("Type ? for help, q to leave.")

    def _givens(self) -> None:
        from studyapp.study import sheet, wiring

        variant = self.practice.sitting.variant
        self.talk.say()
        self.talk.say("Given:")
        for given in sheet.givens(variant):
            self.talk.say(f"  {self.talk.one_line(f'${given.name}$')} = {given.line}")
        drawn = wiring.drawing(variant, self.talk.width)
        if drawn is not None:
            self.talk.say(drawn.words)
        if variant.conventions:
            self.talk.show(variant.conventions)

    def _worked(self, view: StepView) -> None:
        from studyapp.study import sheet

        self.talk.say()
        self.talk.show(f"{self._number(view)} {view.step.prompt}")
        self._lines(sheet.worked_markdown(view.step))

    def _lines(self, markdown: str) -> None:
        """Markdown without its empty lines, a little indented."""
        for line in self.talk.text(markdown).split("\n"):
            if line.strip():
                self.talk.say(f"  {line.strip()}")

    def _number(self, view: StepView) -> str:
        count = max(one.number for one in self.practice.sitting.steps)
        return f"Step {view.number} of {count}." if view.number else "Step."

    # one step

    def _ask(self, view: StepView) -> None:
        step = view.step
        self.talk.say()
        self.talk.show(f"{self._number(view)} {step.prompt}")
        if view.formula:
            self.talk.show(f"  ${view.formula}$")
        self._misworked(step)
        for place, option in enumerate(step.options):
            sign = "abcdefghi"[place] if step.kind == "choose" else str(place + 1)
            self.talk.show(option, lead=f"  {sign})")

    def _misworked(self, step: VariantStep, *, found: bool = False) -> None:
        """The solution in which the wrong line is sought; see `sheet.misworked`."""
        from studyapp.study import sheet  # help must not cost the engine

        lines = {row.number: row for row in step.lines}
        for number, wrong, _symbols, _rows in sheet.misworked(step, found=found):
            left, end = self.talk.one_line(f"${lines[number].formula}$"), "   (the wrong line)" if wrong else ""
            self.talk.say(f"  {number}) {left} = {sheet.in_a_line(lines[number].value)}{end}")

    def _step(self) -> None:
        """Ask the current step until another one is current."""
        from studyapp.study import sheet, working

        view = working.current(self.practice)
        if view is None:
            return
        self._ask(view)
        while True:
            now = working.current(self.practice)
            if now is None or now.index != view.index:
                return
            line = self.talk.ask(f"Your answer ({sheet.wanted(view.step)}):")
            word = line.casefold().removeprefix(":")
            if not line:
                self._ask(now)
            elif word == "?":
                self._help()
            elif word in {command.letter for command in COMMANDS}:
                self._command(word)
            elif line.startswith("="):
                self.talk.say(f"= {self.practice.sitting.scratch(line[1:])}   (calculated, not marked)")
            elif working.repeated(self.practice, line):
                self._command("k")
            else:
                self._answer(now, line)

    def _help(self) -> None:
        self.talk.say(HELP + "\n".join([*(f"  {one.letter}  {one.words}" for one in COMMANDS), TAIL]))

    def _answer(self, view: StepView, line: str) -> None:
        from studyapp.storage.errors import StorageError
        from studyapp.study import working

        try:
            with working.kept_or_undone(self.practice):
                mark = self.practice.answer(line)
        except StorageError as error:
            self._refuse(error)
            return
        self.refused = False
        self._say(view, mark, line)

    def _say(self, view: StepView, mark: Mark, typed: str) -> None:
        """Say what became of an answer: the verdict, how it was read, the value that stands or what can be done."""
        from studyapp.study import sheet, working

        read, note = working.read_back(mark, typed), working.said(mark, view.step.kind)
        exact = sheet.in_a_line(view.step.value) if view.step.kind == "number" else ""
        if read and not (mark.accepted and read == exact):
            self.talk.say(f"Read as {read}.")
        if mark.accepted:
            known = mark.verdict == "correct_ecf" or exact == working.as_written(typed)
            value = f" To six figures: {exact}." if exact and not known else ""
            self.talk.show(f"Right.{value}" if not note else f"{note}{value}")
            return
        if not mark.attempt:
            self.talk.show(note)
            return
        self.talk.show(f"Not yet. {note}".strip())
        after = working.current(self.practice)
        if after is not None and after.index < view.index:
            self.talk.say("So step by step: the steps that lead there have opened.")
        elif self.practice.sitting.can_keep():
            self.talk.say("Change it, or go on with it: k keeps it.")

    def _command(self, letter: str) -> None:
        from studyapp.storage.errors import StorageError
        from studyapp.study import working

        if letter == "q":
            self.talk.say("Left; everything you answered is kept.")
            raise Left
        if letter == "g":
            self._givens()
            return
        if letter == "k" and not self.practice.sitting.can_keep():
            self.talk.say("There is no wrong answer to keep.")
            return
        if letter == "h" and self._tells_next():
            self.talk.say("The next hint is the result: look once more, or type h again.")
            return
        try:
            with working.kept_or_undone(self.practice):
                self._act(letter)
        except StorageError as error:
            self._refuse(error)
            return
        self.refused = False

    def _tells_next(self) -> bool:
        """Whether the next hint is the result, which is said once before it comes: the pause that the screen makes."""
        from studyapp.study.sitting import TELLS  # help must not cost the engine

        sitting = self.practice.sitting
        if sitting.next_hint < TELLS or self._warned == sitting.current:
            return False
        self._warned = sitting.current
        return True

    def _act(self, letter: str) -> None:
        if letter == "k":
            self.practice.keep()
            self.talk.say("Kept: later steps follow from it.")
            return
        told = self.practice.hint() if letter == "h" else self.practice.tell()
        self.talk.say("Hint:" if letter == "h" else "Worked out:")
        self._lines(told)

    def _refuse(self, error: Exception) -> None:
        self.refused = True
        self.talk.say(f"Not kept: {error}")
        self.talk.say("Nothing has changed; do it again.")

    # the end

    def _end(self) -> None:
        self._solution()
        by_when = self._finish_practice()
        if not by_when:
            return
        from studyapp.study import working

        result = self.practice.result
        if moved := working.moved(self.practice):
            self.talk.say(moved)
        self.talk.say(", ".join(f"{int(grade)} {grade.name.capitalize()} {label}" for grade, label in by_when.items()))
        proposed = result.grade.name.capitalize()
        try:
            while not self._graded(self.talk.ask(f"Grade, Enter for {proposed} ({result.reason}):"), by_when):
                pass
        except (Stop, KeyboardInterrupt):
            if self.graded is None and not self.refused:
                self._graded("", by_when)
            raise Stop from None

    def _finish_practice(self) -> dict[Grade, str]:
        """When each grade brings the exercise back; for practice alone it is written at once and there are none."""
        from studyapp.storage.errors import StorageError
        from studyapp.study import working

        by_when = working.labels(self.desk, self.practice)
        if by_when:
            return by_when
        waiting = True
        while waiting:
            try:
                self.practice.finish()
                self.refused = waiting = False
            except StorageError as error:
                self._refuse(error)
                self.talk.ask("Enter tries again:")
        said = working.summed_up(self.practice)
        self.talk.say(f"{said[:1].upper()}{said[1:]}")
        return {}

    def _graded(self, word: str, by_when: dict[Grade, str]) -> bool:
        from studyapp.memory.model import Grade
        from studyapp.storage.errors import StorageError

        if word not in ("", "1", "2", "3", "4"):
            self.talk.say(f"Grade it: {GRADES}; Enter takes the proposal.")
            return False
        grade = Grade(int(word)) if word else self.practice.result.grade
        try:
            self.practice.finish(grade)
        except StorageError as error:
            self._refuse(error)
            return False
        self.refused, self.graded = False, grade
        self.talk.say(f"{grade.name.capitalize()}: again in {by_when[grade].replace('<', 'less than ')}.")
        return True

    def _solution(self) -> None:
        from studyapp.study import sheet
        from studyapp.study.sitting import SETTLED

        self.talk.say()
        self.talk.say("The worked solution:")
        for view in self.practice.sitting.steps:
            self.talk.show(f"{view.number or view.index + 1}. {view.step.prompt}")
            self._misworked(view.step, found=True)
            self._lines(sheet.worked_markdown(view.step))
            if view.status in SETTLED:
                answers = ", then ".join(one.typed for one in view.tries)
                told = f"Your answer: {answers}" if answers else "You gave no answer"
                self.talk.say(f"  {told} ({view.status.value}).")
        self.talk.say()
