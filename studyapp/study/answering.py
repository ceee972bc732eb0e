"""What happens with one item between its being shown and its grade. Pure: it knows neither clock nor journal."""

from __future__ import annotations

from dataclasses import dataclass

from studyapp.memory.model import Grade
from studyapp.study.checking import Checked

LONGEST_ANSWER_MS = 60_000
"""Time beyond this is a cup of tea, not thinking."""


@dataclass
class Answering:
    """What has happened with the current item so far."""

    begun: int
    """When it was shown."""
    answered_at: int = 0
    checked: Checked | None = None
    """The machine's word, once there is one."""
    confidence: int | None = None
    """How sure the person said to be before the answer was checked."""
    hints: int = 0
    overridden: bool = False

    def duration(self, now: int) -> int:
        """Time to the answer (or until `now`), without the cup of tea."""
        return max(0, min((self.answered_at or now) - self.begun, LONGEST_ANSWER_MS))

    def body(self, grade: Grade, proposal: tuple[Grade, str] | None, rated: int | None) -> dict[str, object]:
        """What the journal keeps of the answer beside the grade."""
        body: dict[str, object] = {}
        if self.checked is not None:
            body |= {"answer": self.checked.given, "credit": self.checked.credit}
            if self.checked.mistake:
                body["mistake"] = self.checked.mistake
            if self.checked.picks:
                body["picks"] = list(self.checked.picks)
        if self.confidence is not None:
            body["confidence"] = self.confidence
        if rated is not None:
            body["rated"] = rated
        if self.hints:
            body["hints"] = self.hints
        if proposal is not None and (proposal[0] is not grade or self.overridden):
            body["derived"] = int(proposal[0])
        return body
