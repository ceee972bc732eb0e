"""Settings: changed in place, kept in the file at once, and a sentence for what cannot be."""

from studyapp.study import settings


async def test_a_switch_is_switched_and_kept_in_the_file(start, screen_text, tmp_path) -> None:
    async with start("delta") as pilot:
        await pilot.press("comma", "down", "down")
        assert "Ask how sure you are" in screen_text(pilot.app)
        await pilot.press("enter")
        assert "✓ Kept." in screen_text(pilot.app)

    assert settings.load(tmp_path / "home").ask_confidence is True


async def test_a_value_out_of_range_is_told_and_the_old_one_stays(start, screen_text, tmp_path) -> None:
    async with start("delta") as pilot:
        await pilot.press("comma", "down", "down", "down", "enter", "end", "9", "9", "9", "enter")
        assert "must lie between" in screen_text(pilot.app)
        await pilot.press("escape")
        assert "New per day" in screen_text(pilot.app)

    assert settings.load(tmp_path / "home").preset.new_per_day == 20


async def test_the_theme_changes_at_once(start) -> None:
    async with start("delta", theme="dark") as pilot:
        assert pilot.app.theme == "studyapp-dark"
        await pilot.press("comma", "enter")
        assert pilot.app.theme == "studyapp-light"


async def test_an_unknown_theme_in_the_file_is_told_and_changes_nothing(start, screen_text) -> None:
    async with start("delta", theme="[mauve]") as pilot:
        assert pilot.app.theme == "studyapp-dark"
        assert "There is no theme '[mauve]'" in " ".join(screen_text(pilot.app).split())
