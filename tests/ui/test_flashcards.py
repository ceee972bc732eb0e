"""Leafing through a deck: question and answer, nothing written, a long answer to its end."""

LONG = (
    "\n## Say all of it {#all}\n\n"
    + "\n\n".join(f"Paragraph {number}." for number in range(14))
    + "\n\n> The last line.\n"
)


async def test_a_long_answer_is_read_to_its_end_below_the_question(start, screen_text, deck_text) -> None:
    async with start(deck=deck_text() + LONG, mode="flashcards") as pilot:
        await pilot.press("enter", "space")
        await pilot.pause()
        first = screen_text(pilot.app)
        await pilot.press("pagedown", "pagedown")
        last = screen_text(pilot.app)
        entries = pilot.app.desk.store.journal.entries()

    assert "Say all of it" in first
    assert "PgDn more" in first
    assert "The last line." not in first
    assert "Say all of it" in last
    assert "PgUp back" in last
    assert "The last line." in last
    assert list(entries) == []


async def test_space_turns_and_goes_on_until_the_last_card(start, screen_text) -> None:
    async with start("delta", "rule", mode="flashcards") as pilot:
        await pilot.press("enter")
        assert "What is δ?" in screen_text(pilot.app)
        await pilot.press("space", "space")
        assert "Which rule?" in screen_text(pilot.app)
        await pilot.press("space")
        assert "That was the last card." in screen_text(pilot.app)
        await pilot.press("left")
        assert "What is δ?" in screen_text(pilot.app)
