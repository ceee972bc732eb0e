"""Today: what is due, what to do next, and what it says when there is nothing."""

import pytest


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 40)])
async def test_today_says_what_is_there_and_how_to_begin(start, screen_text, size) -> None:
    async with start("delta", "rule", "change", size=size) as pilot:
        shown = screen_text(pilot.app)

    lines = shown.splitlines()
    assert max(map(len, lines)) <= size[0]
    assert "Mon 2 March" in " ".join(lines[:2]).replace("Monday", "Mon")
    assert "New cards       3" in shown
    assert "▸ A small deck" in shown
    assert "3 new" in shown
    assert "Space start" in lines[-1]


async def test_with_nothing_due_it_says_so_and_what_to_do(start, screen_text, settle) -> None:
    async with start("delta") as pilot:
        await pilot.press("space", "space", "4", "space")
        await settle(pilot.app, pilot)
        shown = screen_text(pilot.app)

    assert "Nothing is due." in shown
    assert "quiz (z)" in shown
    assert "1 answer today" in shown


async def test_without_decks_it_says_how_to_get_one(start, screen_text) -> None:
    async with start(decks=[]) as pilot:
        assert "studyapp deck add PATH" in " ".join(screen_text(pilot.app).split())


async def test_a_broken_card_is_told_and_the_good_ones_are_there(start, screen_text, deck_text) -> None:
    broken = deck_text("delta") + "\n## No right option {#bad}\n\n- [ ] One\n- [ ] Two\n"
    async with start(deck=broken) as pilot:
        shown = " ".join(screen_text(pilot.app).split())
        assert "1 card could not be read: `studyapp deck check` says where." in shown
        await pilot.press("space")
        assert "What is δ?" in screen_text(pilot.app)


async def test_enter_studies_the_deck_under_the_cursor_even_when_nothing_is_due(start, screen_text) -> None:
    async with start("delta") as pilot:
        await pilot.press("enter")
        assert "What is δ?" in screen_text(pilot.app)
        await pilot.press("space", "4", "space", "enter")
        assert "Nothing is due here just now." in screen_text(pilot.app)


async def test_undo_on_today_takes_back_the_newest_act_and_says_which(start, screen_text, settle) -> None:
    async with start("delta") as pilot:
        await pilot.press("space", "space", "4", "space", "u")
        await settle(pilot.app, pilot)
        shown = screen_text(pilot.app)
        assert "Easy of “What is δ?” taken back." in shown
        assert "New cards       1" in shown


async def test_a_changed_deck_file_is_read_again_on_request(start, screen_text, deck_text, tmp_path, settle) -> None:
    async with start("delta") as pilot:
        (tmp_path / "small.md").write_text(deck_text("delta", "rule"), encoding="utf-8")
        await pilot.press("ctrl+r")
        await settle(pilot.app, pilot)
        assert "New cards       2" in screen_text(pilot.app)


async def test_keys_of_screens_that_are_not_there_are_not_offered(start, screen_text) -> None:
    async with start("delta") as pilot:
        for mode, key in (("quiz", "z"), ("lessons", "l"), ("progress", "p")):
            if not pilot.app.has_mode(mode):
                await pilot.press(key)
                assert "studyapp" in screen_text(pilot.app).splitlines()[0]


async def test_a_click_on_a_deck_studies_it(start, screen_text) -> None:
    async with start("delta") as pilot:
        row = next(y for y, line in enumerate(screen_text(pilot.app).splitlines()) if "A small deck" in line)
        await pilot.click(offset=(10, row))
        assert "What is δ?" in screen_text(pilot.app)


async def test_a_click_on_the_footer_does_what_its_key_does(start, screen_text) -> None:
    async with start("delta") as pilot:
        footer = screen_text(pilot.app).splitlines()[-1]
        await pilot.click(offset=(footer.index("start"), 23))
        assert "What is δ?" in screen_text(pilot.app)
        await pilot.click(offset=(screen_text(pilot.app).splitlines()[-1].index("hint"), 23))
        assert "Hint: Think of z." in screen_text(pilot.app)
