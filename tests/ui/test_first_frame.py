"""What stands between the start and the first frame: nothing that could be done once, or later."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from textual.css import stylesheet
from textual.css.model import RuleSet


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


async def test_the_first_frame_has_the_chosen_colours(start, parsed) -> None:
    async with start("delta", theme="light", opened=False) as pilot:
        assert pilot.app.theme == "studyapp-light"
        assert parsed["app.tcss"] == 1


async def test_a_theme_that_is_not_there_leaves_the_dark_one(start) -> None:
    async with start("delta", theme="solarised-plaid") as pilot:
        assert pilot.app.theme == "studyapp-dark"
