"""The command line's front door: names, one-line helps, and nothing slow until a command is called.

Each row of `TABLE` names a module that is imported only when its command runs, so that `studyapp due` never pays for
the screens. `studyapp` and `studyapp review` alone go straight to the screens; whatever else stands on the line, click
reads (see `group`), which takes a tenth of the time until the first card.

Data go to stdout, talk to stderr. Exit codes: 0 done, 1 something is wrong with the input, 2 misuse, 3 the database
cannot be used; 70 (EX_SOFTWARE) for a fault of the program itself.
"""

from __future__ import annotations

import codecs
import io
import os
import sys
from pathlib import Path

from studyapp.cli.tui import interactive, run

TABLE: dict[str, tuple[str, str]] = {
    "review": ("studyapp.cli.review:command", "Review what is due: spaced repetition."),
    "quiz": ("studyapp.cli.quiz:command", "Take a quiz and get a score."),
    "cards": ("studyapp.cli.cards:command", "Leaf through flashcards; nothing is scheduled."),
    "lesson": ("studyapp.cli.lesson:command", "Read a lesson, or list them all."),
    "due": ("studyapp.cli.due:command", "Say what is due; quick enough for a shell prompt."),
    "progress": ("studyapp.cli.progress:command", "See how far you have come."),
    "stats": ("studyapp.cli.stats:command", "Print every figure of your progress."),
    "search": ("studyapp.cli.search:command", "Find cards by words and by where they stand."),
    "deck": ("studyapp.cli.deck:command", "Check, format, list, begin, add and remove decks."),
    "exercise": ("studyapp.cli.exercise:command", "Exercises with fresh numbers for every go."),
    "lab": ("studyapp.cli.lab:command", "Predict what training does, watch it, compare."),
    "solve": ("studyapp.cli.solve:command", "Work out a forward program: values, gradients, updates, step by step."),
    "mark": ("studyapp.cli.mark:command", "Mark one answer against a true value."),
    "optimise": ("studyapp.cli.optimise:command", "Fit the scheduler to your own memory."),
    "import": ("studyapp.cli.import_:command", "Bring in cards from a table or from Anki's notes text."),
    "undo": ("studyapp.cli.undo:command", "Take back the newest act, whenever it was done."),
    "redo": ("studyapp.cli.undo:redo", "Do again what the newest undo took back."),
    "history": ("studyapp.cli.history:command", "Show every act, undone ones too."),
    "doctor": ("studyapp.cli.doctor:command", "Examine the database, calculate anew, save damaged ones."),
    "backup": ("studyapp.cli.backup:command", "Back up everything now, or list the backups."),
    "restore": ("studyapp.cli.restore:command", "Bring back a backup."),
    "wipe": ("studyapp.cli.wipe:command", "Delete everything that is kept about you, after a copy."),
    "sync": ("studyapp.cli.sync:command", "Exchange what you did with your other machines, or with a class."),
    "class": ("studyapp.cli.class_:command", "Lead a class: learners, assignments, how it goes."),
    "export": ("studyapp.cli.export:command", "Print everything you have done, for other programs."),
    "settings": ("studyapp.cli.settings:command", "Show, explain and change the settings."),
    "directories": ("studyapp.cli.directories:command", "Say where everything is kept."),
    "completion": ("studyapp.cli.completion:command", "Print the completion script for your shell."),
}
"""Command → (module:attribute, the help line)."""
COMPLETING = "_STUDYAPP_COMPLETE"
"""What a shell sets when it wants to know how a line could go on."""


def main() -> None:
    """Run the command line; the `studyapp` script. Whatever goes wrong ends in a sentence, never in a traceback."""
    for name in ("stdin", "stdout", "stderr"):
        if getattr(sys, name) is None:  # closed by who called (`>&-`): nothing is read, and what is said goes nowhere
            nowhere = Path(os.devnull).open("r" if name == "stdin" else "w", encoding="utf-8")  # noqa: SIM115
            setattr(sys, name, nowhere)
    codecs.register_error("studyapp.spell", _spell)
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace" if stream is sys.stdin else "studyapp.spell")
    try:
        if sys.argv[1:] in ([], ["review"]) and interactive() and COMPLETING not in os.environ:
            run("review" if sys.argv[1:] else "today")
        else:
            from studyapp.cli.group import cli  # the commonest starts do without

            cli(prog_name="studyapp")
    except KeyboardInterrupt:  # while the screens were loading; click has its own way
        sys.exit(1)
    except Exception as error:
        if os.environ.get("STUDYAPP_TRACEBACK"):
            raise
        sentence, code = explain(error)
        print(sentence, file=sys.stderr)
        sys.exit(code)


def _spell(error: UnicodeError) -> tuple[str, int]:
    """What is printed for characters that the terminal's encoding does not have: the likest ones of ASCII."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    from studyapp.typeset.ascii import spelt  # only for poor terminals

    return spelt(error.object[error.start : error.end]), error.end


def stranger() -> str:
    """A sentence when another program's package has taken the place of one of ours; empty when all is well.

    `content` and `engine` are common names: another distribution with one of them overwrites ours in the same
    environment.
    """
    from importlib.util import find_spec  # only for mistakes

    here = Path(__file__).resolve().parents[2]
    for name in ("content", "engine"):
        spec = find_spec(name)
        place = Path(spec.origin).resolve() if spec and spec.origin else None
        if place is None or place.parent.parent != here:
            found = f"{place.parent} has taken its place" if place else "it is not there"
            return (
                f"studyapp's own package {name!r} cannot be used: {found}. "
                "Install studyapp in an environment of its own, with pipx or `uv tool install`."
            )
    return ""


def explain(error: Exception) -> tuple[str, int]:
    """The sentence and the exit code for an error that no command has dealt with."""
    kinds = (
        ("studyapp.storage.errors", "StorageError", 3),
        ("studyapp.study.settings", "SettingsError", 1),
    )
    for module, name, code in kinds:
        if module in sys.modules and isinstance(error, getattr(sys.modules[module], name)):
            return str(error), code
    if sentence := stranger():
        return sentence, 1
    if isinstance(error, OSError):
        where = f"{error.filename}: " if error.filename else "not everything could be read or written: "
        return f"{where}{error.strerror or error}", 1
    what = f"{type(error).__name__}: {error}"
    return (
        f"studyapp made a mistake ({what}). What you had done before is kept. "
        "Please report it with what `STUDYAPP_TRACEBACK=1 studyapp …` shows.",
        70,
    )
