"""Progress: figures with their sentences, counted away from the screen's own thread."""

import pytest

from studyapp.memory.model import Grade, Phase


@pytest.fixture
def studied(clock):
    """Give the application days of history, every third review forgotten."""

    async def study(pilot, days: int = 40) -> None:
        desk, asked = pilot.app.desk, 0
        for _day in range(days):
            session = desk.review()
            while session.current is not None:
                clock.on(seconds=5)
                returned = session.current.state.phase is Phase.REVIEW
                asked += returned
                session.grade(Grade.AGAIN if returned and asked % 3 == 2 else Grade.GOOD)
                clock.on(minutes=11)
            clock.on(days=1)

    return study


async def shown_after(pilot, *keys: str) -> None:
    """Press keys and wait for the figures."""
    if keys:
        await pilot.press(*keys)
    await pilot.app.workers.wait_for_complete()
    await pilot.pause()


async def test_without_history_the_page_says_what_will_appear(start, screen_text) -> None:
    async with start("delta", "rule", mode="progress") as pilot:
        await shown_after(pilot)
        shown = " ".join(screen_text(pilot.app).split())

    assert "Nothing has been reviewed yet." in shown
    assert "this page shows what you remembered" in shown


async def test_every_figure_has_its_sentence(start, screen_text, studied) -> None:
    async with start("delta", "rule", "rules", "shrink", "change", "name", size=(80, 100)) as pilot:
        await studied(pilot)
        pilot.app.open_mode("progress")
        await shown_after(pilot)
        shown = " ".join(screen_text(pilot.app).split())

    for figure, sentence in (
        ("Overall", "target 90"),
        ("Due in the next 30 days", "in the days after."),
        ("Reviews", "The most on "),
        ("Minutes on each of the last 30 days", "The longest on "),
        ("Remembered week by week", "of these weeks"),
        ("new learning young mature", "6 items: "),
        ("Your slips", "No named mistake has been recognised yet."),
        ("How sure, how right", "Say how sure you are before checking"),
    ):
        assert figure in shown
        assert sentence in shown


async def test_the_range_and_the_deck_are_chosen_with_a_key_each(start, screen_text, studied) -> None:
    async with start("delta", mode="today", size=(80, 100)) as pilot:
        await studied(pilot, days=2)
        pilot.app.open_mode("progress")
        await shown_after(pilot)
        first = screen_text(pilot.app)
        await shown_after(pilot, "r", "d")
        second = screen_text(pilot.app)

    assert "all decks · last 90 days" in first
    assert "A small deck · last year" in second
    titles = [line.strip() for line in second.splitlines()]
    assert "Due in the next 30 days" in titles, "the forecast is of the deck"
    assert "Your slips  of all decks" in titles, "slips are counted everywhere, and that is said"


async def test_an_older_answer_never_overwrites_a_newer_question(start) -> None:
    async with start("delta", mode="progress") as pilot:
        await shown_after(pilot)
        screen = pilot.app.screen
        old = screen.Counted(pilot.app.desk.progress(None, 30), None, 30)
        screen.query_one("#notice").say("as it was")
        screen.post_message(old)
        await pilot.pause()

        assert "as it was" in screen.query_one("#notice").text


async def test_a_failing_count_is_told_on_the_page(start, screen_text, monkeypatch) -> None:
    async with start("delta", mode="today") as pilot:

        def refuse(*_args, **_more):
            raise OSError("the disk is gone")

        monkeypatch.setattr(pilot.app.desk, "progress", refuse)
        pilot.app.open_mode("progress")
        await pilot.pause()
        await pilot.pause()
        shown = screen_text(pilot.app)

    assert "The figures cannot be read just now. the disk is gone" in shown
