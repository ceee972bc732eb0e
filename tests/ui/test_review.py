"""A review on the screen, as a person lives it: every kind of card, every act, and what the disk may refuse."""


async def test_the_question_stays_in_sight_when_its_answer_opens_below(start, screen_text) -> None:
    async with start("delta") as pilot:
        await pilot.press("space")
        before = screen_text(pilot.app)
        await pilot.press("space")
        after = screen_text(pilot.app)

    assert "What is δ?" in before
    assert "derivative of the loss" not in before
    line = next(line for line in after.splitlines() if "What is δ?" in line)
    assert before.splitlines().index(line) == after.splitlines().index(line)
    assert "The derivative of the loss with respect to z." in after
    assert "Nielsen, Neural Networks and Deep Learning" in after
    for shown in ("1 Again", "2 Hard", "3 Good", "4 Easy", "<1 min", "<10 min", "8 days"):
        assert shown in after
