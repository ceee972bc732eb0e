"""Fitting the FSRS parameters to a learner's own reviews, in a process of its own.

Training holds Python's global lock for as long as it takes, has no progress and cannot be interrupted; so it runs in
a child (`python -m studyapp.memory.optimise`, plain JSON in and out), which the caller polls and may kill at any time.
The old parameters are kept unless the new ones predict the same reviews better. Nothing here reads a database.

What goes in (the rules of Anki, which the core's defaults were found with): the reviews of an item since it was last
forgotten, if they begin with its first learning; one prediction for every review on a later study day than the one
before; all predictions in the order of time, since later ones weigh more.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import IO, Any

from studyapp.memory import fsrs
from studyapp.memory.model import Act, Event, Parameters, SchedulingError

LEAST_PREDICTIONS = 400
GROWTH = 1.25
"""Reviews must have grown by this factor since the last fit before another is offered."""
EPOCHS = 8
_FIRST_INTERVALS = 4

Answered = tuple[int, int, int]
"""A graded review: (instant in UTC epoch milliseconds, study day, grade)."""


@dataclass(frozen=True, slots=True)
class Fit:
    """What came of a training run. Both log losses are over the same predictions; lower is better."""

    parameters: Parameters
    """The better of the two sets."""
    old_log_loss: float
    new_log_loss: float
    predictions: int
    improved: bool
    summary: str
    """One sentence for the learner."""


def training_history(events: Sequence[Event]) -> list[Answered]:
    """The reviews of one item that may be trained on; none when its learning was not seen.

    Args:
        events: the item's events, in order and without void ones.
    """
    history: list[Answered] = []
    begun_in_review = False
    for event in events:
        if event.kind == Act.FORGET:
            history, begun_in_review = [], False
        elif event.kind == Act.SET_DUE and not history:
            begun_in_review = True
        elif event.kind == Act.REVIEW and event.grade is not None:
            history.append((event.at, event.day, int(event.grade)))
    return [] if begun_in_review else history


def predictions(histories: Iterable[Sequence[Answered]]) -> tuple[list[list[fsrs.Review]], list[int]]:
    """What is trained on: a history per review to predict, in the order of time, and the item each belongs to."""
    found: list[tuple[int, int, list[fsrs.Review]]] = []
    for owner, history in enumerate(histories):
        reviews: list[fsrs.Review] = []
        for place, (at, day, grade) in enumerate(history):
            gap = max(0, day - history[place - 1][1]) if place else 0
            reviews.append((grade, gap))
            if gap > 0:
                found.append((at, owner, list(reviews)))
    found.sort(key=lambda prediction: prediction[:2])
    return [reviews for _, _, reviews in found], [owner for _, owner, _ in found]


def refusal(histories: Iterable[Sequence[Answered]]) -> str:
    """Why these reviews are not enough, in a sentence; empty when they are."""
    count = passes = 0
    for history in histories:
        for before, (_, day, grade) in pairwise(history):
            if day > before[1]:
                count += 1
                passes += grade > 1
    if count < LEAST_PREDICTIONS:
        return (
            f"Too little to learn from: {count} reviews came a day or more after the one before, "
            f"{LEAST_PREDICTIONS} are needed. The default parameters serve well until then."
        )
    if passes in (0, count):
        missing = "forgotten" if passes else "remembered"
        return f"Nothing to learn from: in {count} reviews nothing was {missing}, so the fit would be arbitrary."
    return ""


def worth_offering(reviews_now: int, reviews_at_last_fit: int) -> bool:
    """Whether enough reviews came since the last fit (0 before the first)."""
    return reviews_now >= max(LEAST_PREDICTIONS, reviews_at_last_fit * GROWTH)


class Job:
    """A training run in a child process. Poll it; cancel it; or use it in a `with` block, which ends it in any case."""

    def __init__(
        self, histories: Sequence[Sequence[Answered]], current: Parameters, *, relearning_steps: int = 1
    ) -> None:
        """Start training.

        Args:
            histories: `training_history` of each item; empty ones are fine.
            current: the set in use.
            relearning_steps: how many the preset has.

        Raises:
            SchedulingError: too little data (the sentence of `refusal`), or unusable parameters.
        """
        if reason := refusal(histories):
            raise SchedulingError(reason)
        request = {
            "histories": [list(history) for history in histories if history],
            "parameters": fsrs.fill(current.values, current.version).values,
            "relearning_steps": relearning_steps,
        }
        # Files, not pipes: the child never waits for a reader, and polling never blocks.
        self._said: str | None = None
        self._output: IO[str] = tempfile.TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115 - closed by _finish
        with tempfile.TemporaryFile("w+", encoding="utf-8") as question:
            json.dump(request, question)
            question.seek(0)
            self._process = subprocess.Popen(  # our own module, no shell
                [sys.executable, "-P", "-m", "studyapp.memory.optimise"],  # -P: not from the learner's folder
                stdin=question,
                stdout=self._output,
                stderr=subprocess.DEVNULL,
            )

    def __enter__(self) -> Job:
        return self

    def __exit__(self, *_: object) -> None:
        self.cancel()

    def poll(self) -> Fit | None:
        """The result, or None while it is not there.

        Raises:
            SchedulingError: the training failed, or was cancelled.
        """
        return None if self._process.poll() is None else self._result()

    def wait(self, seconds: float) -> Fit:
        """The result; a run that takes longer than `seconds` is ended.

        Raises:
            SchedulingError: the training failed, was cancelled or took too long.
        """
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.cancel()
            raise SchedulingError(f"Training was ended after {seconds:g} s; the parameters stay as they are.") from None
        return self._result()

    def cancel(self) -> None:
        """End the run, whether it is done or not; a result that is there stays."""
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()
        self._finish()

    def _finish(self) -> str:
        """What the child said; its file is closed once that is read."""
        if self._said is None:
            with self._output as output:
                output.seek(0)
                self._said = output.read()
        return self._said

    def _result(self) -> Fit:
        said = self._finish()
        if not said or self._process.returncode != 0:
            raise SchedulingError("Training was ended before it was done; the parameters stay as they are.")
        answer = json.loads(said)
        if "error" in answer:
            raise SchedulingError(f"Training failed: {answer['error']}. The parameters stay as they are.")
        return Fit(Parameters(fsrs.VERSION, tuple(answer.pop("parameters"))), **answer)


def fit(histories: Sequence[Sequence[Answered]], current: Parameters, relearning_steps: int) -> Fit:
    """The run itself; blocks the whole process while it lasts. Use `Job`."""
    items, owners = predictions(histories)
    found = fsrs.train(items, owners, current, relearning_steps, EPOCHS)
    old, new = fsrs.log_loss(items, current), fsrs.log_loss(items, found)
    improved = new < old
    only_first = improved and all(
        abs(a - b) < 1e-6
        for a, b in zip(found.values[_FIRST_INTERVALS:], Parameters().values[_FIRST_INTERVALS:], strict=True)
    )
    if not improved:
        summary = f"The parameters in use predict just as well (log loss {old:.4f}, trained ones {new:.4f}); they stay."
    elif only_first:
        summary = f"Only the first intervals could be fitted yet: log loss {old:.4f} → {new:.4f}."
    else:
        summary = f"The new parameters predict better: log loss {old:.4f} → {new:.4f}."
    return Fit(found if improved else current, old, new, len(items), improved, summary)


def answer(request: dict[str, Any]) -> dict[str, Any]:
    """What the child process says to a request; an error is an answer as well."""
    try:
        found = fit(
            request["histories"], fsrs.fill(request["parameters"]), relearning_steps=request["relearning_steps"]
        )
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # a panic of the Rust core is not an Exception
        return {"error": str(error) or type(error).__name__}
    return {
        "parameters": found.parameters.values,
        "old_log_loss": found.old_log_loss,
        "new_log_loss": found.new_log_loss,
        "predictions": found.predictions,
        "improved": found.improved,
        "summary": found.summary,
    }


if __name__ == "__main__":
    json.dump(answer(json.load(sys.stdin)), sys.stdout)
