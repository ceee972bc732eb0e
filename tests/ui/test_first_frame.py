"""What keeps the screens quick: nothing is done twice before the first frame, and what takes long is done apart."""

import gc
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from textual.css import stylesheet
from textual.css.model import RuleSet

from studyapp.study.desk import Desk
from studyapp.ui.base import BREAKPOINTS, fitting


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """Style sheet (its file) → how often it was parsed."""
    times: Counter[str] = Counter()
    parse = stylesheet.parse

    def counted(scope: str, css: str, read_from: tuple[str, str], **options: Any) -> Iterator[RuleSet]:
        times[read_from[0].rpartition("/")[2]] += 1
        return iter(parse(scope, css, read_from, **options))

    monkeypatch.setattr(stylesheet, "parse", counted)
    return times


async def test_the_style_sheet_is_parsed_once_however_many_screens_are_opened(start, parsed) -> None:
    async with start("delta", mode="review") as pilot:
        pilot.app.open_mode("quiz")
        await pilot.pause()
        pilot.app.open_mode("review")
        await pilot.pause()

        assert parsed["app.tcss"] == 1


async def test_other_colours_are_taken_over_by_every_rule(start, parsed) -> None:
    async with start("delta", mode="review") as pilot:
        before = pilot.app.screen.styles.background
        pilot.app.look("light")
        await pilot.pause()

        assert pilot.app.screen.styles.background != before
        assert parsed["app.tcss"] == 2


async def test_a_screen_that_was_hidden_while_the_colours_changed_has_them_too(start) -> None:
    async with start("delta", mode="review") as pilot:
        review, before = pilot.app.screen, pilot.app.screen.styles.background
        pilot.app.open_mode("quiz")
        await pilot.pause()
        pilot.app.look("light")
        await pilot.pause()
        quiz = pilot.app.screen.styles.background
        pilot.app.open_mode("review")
        await pilot.pause()

        assert pilot.app.screen is review
        assert review.styles.background == quiz != before


async def test_the_first_frame_has_the_chosen_colours(start, parsed) -> None:
    async with start("delta", theme="light", opened=False) as pilot:
        assert pilot.app.theme == "studyapp-light"
        assert parsed["app.tcss"] == 1


async def test_a_theme_that_is_not_there_leaves_the_dark_one(start) -> None:
    async with start("delta", theme="solarised-plaid") as pilot:
        assert pilot.app.theme == "studyapp-dark"


async def test_a_screen_looks_up_what_it_shows_once_each_time_it_comes_to_the_front(start, monkeypatch) -> None:
    looked: list[str] = []
    lessons = Desk.lessons
    monkeypatch.setattr(Desk, "lessons", lambda desk: looked.append("") or lessons(desk))
    async with start("delta") as pilot:
        looked.clear()
        for times in (1, 2):
            pilot.app.open_mode("lessons")
            await pilot.pause()
            await pilot.press("question_mark", "escape")  # the help comes and goes

            assert len(looked) == 2 * times
            await pilot.press("escape")


@pytest.mark.parametrize("size", [(50, 15), (60, 20), (80, 24), (130, 40)])
async def test_a_screen_knows_its_size_before_it_is_laid_out(start, size) -> None:
    async with start("delta", size=size) as pilot:
        told = {name for steps in BREAKPOINTS for _, name in steps} & pilot.app.screen.classes

        assert set(fitting(pilot.app.size)) == told  # what Textual says once it is laid out


async def test_garbage_is_collected_again_once_everything_is_loaded(start) -> None:
    gc.disable()  # as the command line does before it loads the screens
    try:
        async with start("delta") as pilot:
            pilot.app._prepare()
            await pilot.app.workers.wait_for_complete()

            assert gc.isenabled()
    finally:
        gc.unfreeze()
        gc.enable()
