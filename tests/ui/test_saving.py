"""What a person notices of the disk while they review: nothing, as a rule; never a frozen screen, never a lost key."""

import asyncio
import threading

import pytest

from studyapp.memory.model import Grade
from studyapp.storage.errors import StorageError
from studyapp.ui.quiz import QuizScreen
from studyapp.ui.quiz_score import AnsweredScreen
from studyapp.ui.trouble import TroubleScreen
from studyapp.ui.widgets.grades import GradeButton
from studyapp.ui.widgets.rows import Rows


@pytest.fixture
def slow_disk(monkeypatch):
    """Make the journal of a desk wait before it writes. Returns: by which call, with the event that lets it go on."""

    def slow(desk) -> threading.Event:
        journal, ready = desk.store.journal, threading.Event()
        append = journal.append_many

        def wait(drafts, **more):
            assert ready.wait(30)
            return append(drafts, **more)

        monkeypatch.setattr(journal, "append_many", wait)
        return ready

    return slow


def grades_of(app) -> list[int]:
    entries = app.desk.store.journal.entries(kinds=["review"], void=False)
    return [entry.grade for entry in entries]


async def until(holds) -> None:
    """Wait, as the screen's own thread, until `holds()`."""
    async with asyncio.timeout(30):
        while not holds():  # noqa: ASYNC110  what is looked at has no event
            await asyncio.sleep(0.01)


async def test_while_the_disk_is_slow_the_screen_lives_says_so_and_keeps_the_next_key(
    start, screen_text, slow_disk
) -> None:
    async with start("delta", "rule") as pilot:
        app = pilot.app
        await pilot.press("space", "space")
        ready = slow_disk(app.desk)
        app.simulate_key("3")
        await until(lambda: app.screen._saving)
        app.simulate_key("a")  # in a hurry: an option of the card that is not there yet
        await until(lambda: "Saving …" in screen_text(app))
        assert "What is δ?" in screen_text(app)
        assert grades_of(app) == []

        ready.set()
        await until(lambda: "What is δ?" not in screen_text(app))
        await pilot.pause()
        assert grades_of(app) == [Grade.GOOD]
        assert "Saving …" not in screen_text(app)
        assert "1 Again" in screen_text(app)  # the key that waited has answered


async def test_a_grade_clicked_twice_is_one_review(start, slow_disk) -> None:
    async with start("delta", "rule") as pilot:
        app = pilot.app
        await pilot.press("space", "space")
        ready = slow_disk(app.desk)
        good = app.screen.query(GradeButton)[2]
        first = asyncio.create_task(pilot.click(good))
        second = asyncio.create_task(pilot.click(good))
        await asyncio.sleep(0.05)
        ready.set()
        await asyncio.gather(first, second)
        await pilot.pause()
        assert grades_of(app) == [Grade.GOOD]


async def test_somebody_who_quits_while_the_disk_is_slow_has_their_grade(start, slow_disk, tmp_path) -> None:
    async with start("delta") as pilot:
        app = pilot.app
        await pilot.press("space", "space")
        path, ready = app.desk.store.path, slow_disk(app.desk)
        app.simulate_key("3")
        await until(lambda: app.screen._saving)
        app.simulate_key("ctrl+q")
        await asyncio.sleep(0.05)
        assert app.return_code is None
        ready.set()
        await until(lambda: app.return_code == 0)

    from studyapp.storage.store import Store

    with Store.open(path) as store:
        assert [entry.grade for entry in store.journal.entries(kinds=["review"])] == [Grade.GOOD]


async def test_a_grade_that_is_kept_is_never_asked_for_again_when_the_next_card_cannot_be_read(
    start, screen_text, monkeypatch
) -> None:
    async with start("delta", "rule") as pilot:
        app = pilot.app
        await pilot.press("space", "space")
        with monkeypatch.context() as broken:

            def refuse(*_args, **_more):
                raise StorageError("The disk cannot be read.")

            broken.setattr(app.session._upcoming, "take", refuse)
            await pilot.press("3")
            assert isinstance(app.screen, TroubleScreen)
            told = " ".join(screen_text(app).split())
            assert "What you did last is kept, but the next card cannot be read. The disk cannot be read." in told
            await pilot.press("r")
            assert isinstance(app.screen, TroubleScreen)
            assert grades_of(app) == [Grade.GOOD]
        await pilot.press("r")
        shown = screen_text(app)
        assert not isinstance(app.screen, TroubleScreen)
        assert "What is δ?" not in shown
        assert "Which rule?" in shown
        assert grades_of(app) == [Grade.GOOD]


async def test_what_was_opened_while_a_score_was_saved_stays_and_nothing_is_closed_twice(start, slow_disk) -> None:
    async with start("change", "name", mode="quiz") as pilot:
        app = pilot.app
        await pilot.press("enter", "1", "enter", "space", "escape")  # the score so far
        ready = slow_disk(app.desk)
        app.simulate_key("escape")
        await until(lambda: app.screen._saving)
        app.screen.query_one("#lines", Rows).action_choose()  # chosen a moment before
        await until(lambda: isinstance(app.screen, AnsweredScreen))
        ready.set()
        await pilot.pause()
        assert isinstance(app.screen, AnsweredScreen)
        await pilot.press("escape", "escape")
        assert isinstance(app.screen, QuizScreen)
        assert len(app.desk.store.journal.entries(kinds=["quiz"])) == 1
