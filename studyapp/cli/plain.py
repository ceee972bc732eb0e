"""Plain mode: a conversation in lines, for screen readers, pipes and terminals that can do no more.

Nothing moves the cursor, nothing is drawn, no colour, no box characters; formulas stand on one line or, on request, in
words. Every line that is read may be the last one: the end of the input and Ctrl-C raise `Stop`, and what was done
until then is already on disk.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import click

from studyapp.cli.common import clean, shows_mathematics

if TYPE_CHECKING:
    from content.model import Card
    from studyapp.study.asking import Question
    from studyapp.study.checking import Checked
    from studyapp.study.desk import Desk

NARROWEST, WIDEST = 30, 100
"""Columns between which a line is wrapped, whatever the terminal says."""

plain_option = click.option(
    "--plain", is_flag=True, help="Line by line, without a screen; by itself where there is no terminal."
)
speak_option = click.option("--speak", is_flag=True, help="Formulas in words (implies --plain).")


class Stop(Exception):  # noqa: N818  nothing is wrong: the person leaves
    """The person wants to leave, or there is nothing more to read."""


class Talk:
    """One conversation: says text on stdout, reads answers from stdin."""

    def __init__(self, *, speak: bool = False, width: int | None = None) -> None:
        """Args: `speak`: formulas in words; `width`: columns to wrap at, by default the terminal's, else 80."""
        columns = width or shutil.get_terminal_size((80, 24)).columns
        self.width = max(NARROWEST, min(columns, WIDEST))
        self.speak = speak
        self.at_terminal = sys.stdin.isatty() and sys.stdout.isatty()

    def say(self, text: str = "") -> None:
        """Print plain text, wrapped at blanks; a line that begins with blanks or a list mark hangs."""
        for line in clean(text).translate(_LINES).split("\n"):
            click.echo("\n".join(_wrapped(line, self.width)))

    def show(self, markdown: str, *, lead: str = "") -> None:
        """Print Markdown with TeX, `lead` before its first line."""
        text = self.text(markdown)
        if text or lead:
            self.say(f"{lead} {text}".rstrip() if lead else text)

    def text(self, markdown: str) -> str:
        """Markdown with TeX as plain text."""
        from studyapp.typeset.reading import plain  # takes 60 ms; help must not cost it

        return plain(markdown, spoken=self.speak, poor=not shows_mathematics())

    def one_line(self, markdown: str) -> str:
        """The first line of a text, for lists."""
        return clean(self.text(markdown).split("\n")[0])

    def ask(self, prompt: str) -> str:
        """One line from the person, without blanks around it. Raises: Stop at the end of the input and at Ctrl-C."""
        question = clean(prompt).translate(_LINES)
        try:
            if self.at_terminal:
                _line_editing()
                return input(f"{question} ").strip()
            click.echo(f"{question} ", nl=False)
            line = sys.stdin.readline()
            click.echo("")
        except (EOFError, KeyboardInterrupt):
            click.echo("")
            raise Stop from None
        if not line:
            raise Stop
        return line.strip()

    def yes(self, question: str) -> bool:
        """A question with a yes or a no; an empty line is no."""
        while True:
            answer = self.ask(f"{question} (y/n)").casefold()
            if answer in ("y", "yes"):
                return True
            if answer in ("", "n", "no"):
                return False


@dataclass(frozen=True)
class Command:
    """A letter that does something instead of answering."""

    letter: str
    words: str


def command_in(line: str, question: Question | None, known: Sequence[Command]) -> str:
    """The command that a line is, else "".

    A letter that could be an answer (an option's letter, anything where words are typed) needs a colon before it: `:b`.
    No letter is a number.
    Args: `question`: the one being answered; None where nothing but commands and grades is expected.
    """
    letters = {command.letter for command in known}
    word = line.casefold()
    if word.startswith(":"):
        return word[1:].strip() if word[1:].strip() in letters else "?"
    if word == "?":
        return "?"
    if word not in letters or (question is not None and _takes_words(question)):
        return ""
    return "" if question is not None and picks_in(word, question) is not None else word


def _takes_words(question: Question) -> bool:
    return question.way.value == "type" and question.kind.value != "numeric"


def picks_in(line: str, question: Question) -> tuple[int, ...] | None:
    """The options that a line picks, as places in `question.choices`; None when it is none.

    Letters in any case, together or apart; an option's text; `t` and `f` for True and False. Several letters where
    one is asked for are a slip of the finger, not an answer.
    """
    texts = {choice.text.casefold(): place for place, choice in enumerate(question.choices)}
    word = line.casefold().strip()
    if question.kind.value == "true-false":
        texts |= {text[:1]: place for text, place in texts.items() if text in ("true", "false")}
    places = {choice.letter: place for place, choice in enumerate(question.choices)}
    letters = [letter for letter in word if letter not in " ,;"]
    if letters and all(letter in places for letter in letters):
        picked = tuple(sorted({places[letter] for letter in letters}))
        return None if len(picked) > 1 and question.way.value == "pick-one" else picked
    return (texts[word],) if word in texts else None


def how_sure(talk: Talk) -> int | None:
    """Ask how sure the person is of an answer, before it is checked; None when they do not say."""
    while True:
        line = talk.ask("How sure are you, 1 guessed … 5 certain? (Enter: do not say)")
        if not line:
            return None
        if line in "12345" and len(line) == 1:
            return int(line)


def show_question(talk: Talk, question: Question) -> None:
    """Say a question with its options."""
    talk.show(question.prompt)
    for choice in question.choices:
        talk.show(choice.text, lead=f"  {choice.letter})")


def prompt_for(question: Question) -> str:
    """What to do with a question, in the words of a prompt."""
    way = question.way.value
    if way == "pick-one":
        return f"Pick {_letters(question)}, or Enter to see the answer:"
    if way == "pick-many":
        return f"Pick all that apply of {_letters(question)}, or Enter to see the answer:"
    if way == "type":
        return f"Type {question.wanted or 'the answer'}, or Enter to see it:"
    return "Think, then Enter to see the answer:"


def show_checked(talk: Talk, checked: Checked) -> None:
    """Say what became of an answer, and what the card says about it."""
    words = {
        "right": "Right.",
        "close": "Right.",
        "partly": f"Partly right: {checked.credit * 100:.0f} %.",
        "wrong": "Wrong.",
    }
    talk.show(checked.reason, lead=words.get(checked.verdict.value, ""))
    for feedback in checked.feedback:
        talk.show(feedback)


def show_answer(talk: Talk, desk: Desk, question: Question) -> None:
    """Say the answer, the explanation and where it is from."""
    right = [choice for choice in question.choices if choice.right]
    if right:
        talk.say("Answer:" if len(right) > 1 else "")
        for choice in right:
            talk.show(choice.text, lead=f"  {choice.letter})" if len(right) > 1 else f"Answer: {choice.letter})")
    else:
        talk.say()
        answer = talk.text(question.answer)
        talk.say(f"Answer:\n{answer}" if "\n" in answer else f"Answer: {answer}")
    if question.card.explanation:
        talk.say()
        talk.show(question.card.explanation)
    for source in sources(desk, question.card):
        talk.say(f"Source: {source}")


def sources(desk: Desk, card: Card) -> tuple[str, ...]:
    """What the card cites, one work a line."""
    from studyapp.study.lessons import cite  # needed only where a card is shown

    deck = next((deck for deck in desk.library.decks() if deck.id == card.deck), None)
    known = cite(deck, card) if deck else {}
    return tuple(known[key] for key in card.sources if key in known)


def help_text(commands: Sequence[Command]) -> str:
    """The commands, one a line."""
    lines = [f"  {command.letter}  {command.words}" for command in commands]
    return "\n".join([*lines, "Where letters are answers, put a colon before a command: :q"])


def _letters(question: Question) -> str:
    letters = [choice.letter for choice in question.choices]
    return f"{', '.join(letters[:-1])} or {letters[-1]}" if len(letters) > 1 else "".join(letters)


_LINES = {
    **dict.fromkeys(range(0x2500, 0x2580), "+"),
    **dict.fromkeys(map(ord, "─━┄┅┈┉╌╍═╴╶╸╺╼╾"), "-"),
    **dict.fromkeys(map(ord, "│┃┆┇┊┋╎╏║╵╷╹╻╽╿"), "|"),
    **dict.fromkeys(map(ord, "▶►"), ">"),
    **dict.fromkeys(map(ord, "◀◄"), "<"),
    ord("▲"): "^",
    ord("▼"): "v",
    ord("▏"): "|",
}
"""Drawn lines as ASCII: a screen reader says the name of each box character."""


def _wrapped(line: str, width: int) -> list[str]:
    from studyapp.typeset.model import Line
    from studyapp.typeset.runs import wrap
    from studyapp.typeset.width import cells

    if cells(line) <= width:
        return [line.rstrip()]
    text = line.lstrip(" ")
    indent = len(line) - len(text)
    first, _, rest = text.partition(" ")
    marked = first == "-" or (len(first) < 5 and first[:-1].isalnum() and first[-1] in ".)")
    hang = indent + len(first) + 1 if rest and marked else indent
    lines = [str(one).rstrip() for one in wrap(Line(line[hang:]), width - hang)]
    return [line[:hang] + lines[0], *(" " * hang + one for one in lines[1:])]


@lru_cache(maxsize=1)
def _line_editing() -> None:
    """Arrow keys and history while typing, without the escape sequences that readline would print around a prompt."""
    with suppress(ImportError):  # Windows has its own
        import readline

        readline.parse_and_bind("set enable-bracketed-paste off")
