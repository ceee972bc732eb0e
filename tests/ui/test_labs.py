"""A lab as a person lives it: predict first, watch, step, compare; whatever is running stops at once."""

import pytest

from studyapp.study.labs import LABS, Control, Curve, Experiment, Lab, Outcome
from studyapp.ui import lab_run, labs


class Counting(Experiment):
    """Counts to a number; diverges on the way when it is told to."""

    def __init__(self, end: int, bad: bool) -> None:
        super().__init__()
        self.at, self.end, self.bad = 0, end, bad

    @property
    def made(self) -> int:
        return self.at

    @property
    def progress(self) -> float:
        return self.at / self.end

    def _advance(self, count: int) -> None:
        self.at = min(self.end, self.at + count)
        if self.bad and self.at > 1:
            self.trouble = "the loss is no longer finite after 1 update; lower the rate"

    def curves(self) -> tuple[Curve, ...]:
        return (Curve("loss", (0.0, 1.0), (1.0, 1.0 / (1 + self.at))),)

    def outcome(self) -> Outcome:
        return Outcome(1, "The loss is no longer finite." if self.trouble else f"Counted to {self.at}.")


FAKE = Lab(
    "fake",
    "A counting lab",
    "It counts.",
    "How far will it count?",
    ("to three", "somewhere else"),
    (
        Control("end", "end of counting", ("3", "1000000000"), "3"),
        Control("bad", "diverges", ("no", "yes"), "no"),
    ),
    lambda chosen: Counting(int(chosen["end"]), chosen["bad"] == "yes"),
)


@pytest.fixture
def lab(start, monkeypatch):
    """`async with lab(end="3") as pilot`: that lab, open, with those controls."""
    monkeypatch.setitem(LABS, "fake", FAKE)

    class Opened:
        def __init__(self, **chosen: str) -> None:
            self.inner, self.chosen = start("delta", mode="labs"), chosen

        async def __aenter__(self):
            pilot = await self.inner.__aenter__()
            assert labs.open_lab(pilot.app.screen, "fake", self.chosen)
            await pilot.pause()
            return pilot

        async def __aexit__(self, *error: object):
            return await self.inner.__aexit__(*error)

    return Opened


async def ended(pilot) -> None:
    """Wait until no thread runs and the news are drawn."""
    await pilot.app.workers.wait_for_complete()
    await pilot.pause()


async def test_the_list_opens_a_lab_and_says_what_it_is_about(start, screen_text) -> None:
    async with start("delta", mode="labs") as pilot:
        listed = screen_text(pilot.app)
        await pilot.press("down", "enter")
        opened = screen_text(pilot.app)

    assert "▸ XOR until it is learned" in listed
    assert "learns XOR from all four points" in listed
    assert "Which of them gets the loss close to zero?" in opened
    assert "─  not started" in opened


async def test_a_lesson_offers_its_lab_and_waits_for_it(start, screen_text, deck_text) -> None:
    async with start(deck=deck_text("delta").replace('"small"', '"backprop"'), mode="lessons") as pilot:
        await pilot.press("enter")
        lesson = screen_text(pilot.app)
        await pilot.press("enter")
        opened = screen_text(pilot.app)
        await pilot.press("escape")
        back = screen_text(pilot.app)

    assert "▸ Lab: XOR until it is learned" in lesson
    assert "How many updates will it take?" in opened
    assert back == lesson


async def test_nothing_starts_before_there_is_a_prediction(lab, screen_text) -> None:
    async with lab() as pilot:
        await pilot.press("tab", "right", "left")
        asked = screen_text(pilot.app)
        await pilot.press("full_stop", "r")
        still = screen_text(pilot.app)
        running = pilot.app.screen.running.experiment

    assert "How far will it count?" in asked
    assert "First your prediction" in asked
    assert "Space start" not in asked
    assert still == asked
    assert running is None


async def test_the_prediction_is_compared_with_what_came_out(lab, screen_text) -> None:
    async with lab() as pilot:
        await pilot.press("a")
        ready = screen_text(pilot.app)
        await pilot.press("space")
        await ended(pilot)
        shown = screen_text(pilot.app)
        await pilot.press("r")
        again = screen_text(pilot.app)

    assert "Space start" in ready
    assert "How far will it count?" in shown, "the question stays in sight"
    assert "Your prediction  to three" in shown
    assert "✗ You predicted: to three. It is: somewhere else." in shown
    assert "Counted to 3." in shown
    assert "loss 0.25" in shown
    assert "3 updates" in shown
    assert "First your prediction" in again


async def test_a_run_that_diverges_is_a_result_and_not_an_error(lab, screen_text) -> None:
    async with lab() as pilot:
        await pilot.press("tab", "right", "b", "space")
        await ended(pilot)
        shown = screen_text(pilot.app)

    assert "diverges yes" in shown
    assert "✓ As you predicted: somewhere else." in shown
    assert "The loss is no longer finite." in shown
    assert "failed" not in shown


async def test_a_run_can_be_paused_and_gone_on_with(lab, screen_text) -> None:
    """What is paused stands still, and a pause just after a start is not lost."""
    async with lab(end="1000000000") as pilot:
        await pilot.press("a", "space", "space")
        await ended(pilot)
        experiment = pilot.app.screen.running.experiment
        before = experiment.made if experiment else 0
        paused = screen_text(pilot.app)
        await pilot.press("space")
        while not (pilot.app.screen.running.experiment and pilot.app.screen.running.experiment.made > before):
            await pilot.pause()
        going = screen_text(pilot.app)
        await pilot.press("escape")
        await ended(pilot)
        stopped = screen_text(pilot.app)

    assert "paused" in paused
    assert "Space go on" in paused
    assert "Space pause" in going
    assert "Stopped before the end: the question stays open." in " ".join(stopped.split())


async def test_leaving_ends_the_thread(lab) -> None:
    """Leaving the context waits for every thread: one that ran on would hang this test for years."""
    async with lab(end="1000000000") as pilot:
        await pilot.press("a", "space", "enter")
        await pilot.press("escape", "escape")
        await ended(pilot)
        left = type(pilot.app.screen).__name__

    assert left == "LabsScreen"


async def test_quitting_in_the_middle_ends_the_thread(lab) -> None:
    async with lab(end="1000000000") as pilot:
        await pilot.press("p", "space", "enter")
        screen = pilot.app.screen
        pilot.app.exit()

    made = screen.running.experiment.made if screen.running.experiment else 0
    assert made < 1_000_000_000


async def test_looking_at_the_help_pauses(lab, screen_text) -> None:
    async with lab(end="1000000000") as pilot:
        await pilot.press("p", "space", "question_mark")
        helped = screen_text(pilot.app)
        await pilot.press("escape")
        shown = screen_text(pilot.app)

    assert "One step" in helped
    assert "paused" in shown


async def test_a_single_step_shows_its_worked_numbers_and_waits(start, screen_text) -> None:
    async with start("delta", mode="labs") as pilot:
        labs.open_lab(pilot.app.screen, "race")
        await pilot.pause()
        await pilot.press("b", "full_stop")
        await ended(pilot)
        first = screen_text(pilot.app)
        await pilot.press("pagedown", "pagedown", "pagedown")
        below = screen_text(pilot.app)

    assert "Update 1, worked out" in first
    assert "L = (x² + 20 y²)/2 = ((−4)² + 20·1.5²)/2 = 30.5" in first
    assert "paused" in first
    assert "1 update" in first
    assert "x′ = x − η ∂L/∂x = −4 − 0.05·(−4) = −3.8" in below


@pytest.mark.parametrize("lab_id", LABS)
async def test_every_lab_fits_the_smallest_window_to_its_end(lab_id, start, screen_text) -> None:
    async with start("delta", mode="labs", size=(60, 20)) as pilot:
        labs.open_lab(pilot.app.screen, lab_id)
        await pilot.pause()
        asked = screen_text(pilot.app)
        await pilot.press("a", "space", "enter")
        await ended(pilot)
        stage = pilot.app.screen.stage
        shown = screen_text(pilot.app)

    assert "a  " in asked
    assert stage is lab_run.Stage.ENDED
    assert "It is: " in " ".join(shown.split()) or "As you predicted: " in shown
    assert "└──" in shown


def test_a_lab_that_there_is_not_is_not_opened() -> None:
    assert labs.open_lab(None, "nowhere") is False  # type: ignore[arg-type]
