"""What can go wrong in mathematics given by a person: what, where, how to mend it. Imports nothing of ours."""

from __future__ import annotations

import re

_STEERING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


class EngineError(Exception):
    """Base of every error the engine raises for a person to read.

    It may quote a file that came from anywhere; what would steer a terminal is replaced in its text.
    """

    def __str__(self) -> str:
        return _STEERING.sub("\ufffd", super().__str__())


class ProgramError(EngineError):
    """A forward program that cannot be read or evaluated.

    Attributes:
        what: What is wrong, one sentence without a full stop.
        line: Line in the program, from 1; 0 where no line is to blame.
        column: Column in that line, from 1; 0 where unknown.
        piece: The offending text, as written.
        remedy: What to write instead.
    """

    def __init__(self, what: str, *, line: int = 0, column: int = 0, piece: str = "", remedy: str = "") -> None:
        """Compose the message from its parts."""
        self.what, self.line, self.column, self.remedy = what, line, column, remedy
        self.piece = piece if len(piece) <= 60 else piece[:57] + "..."
        super().__init__(self._text())

    def _text(self) -> str:
        where = f"line {self.line}, column {self.column}: " if self.line else ""
        piece = f" in `{self.piece}`" if self.piece else ""
        return f"{where}{self.what}{piece}" + (f"; {self.remedy}" if self.remedy else "")


class ShapeError(ProgramError):
    """Arrays whose shapes do not fit together, or one that is too large."""


class NumberError(ProgramError):
    """Arithmetic without a finite result: division by zero, overflow, the root or logarithm of a negative number."""


class TaskError(EngineError):
    """A solve file whose tables do not say what is needed. The message names the key and the remedy."""


class ProofError(EngineError):
    """The derived gradients disagree with central differences or with the compiled program."""
