"""A person who presses anything at any moment: the screen, the journal and the memory never tell different stories."""

import random

import pytest

from studyapp.storage.doctor import examine
from studyapp.ui.trouble import TroubleScreen

EVERY_KIND = ("delta", "rule", "rules", "shrink", "slope", "change", "name")
KEYS = (
    "space", "space", "space", "enter", "enter", "1", "2", "3", "3", "4", "5", "u", "ctrl+z", "ctrl+z", "b", "s",
    "exclamation_mark", "h", "ctrl+t", "o", "v", "question_mark", "pagedown", "escape", "a", "b", "c", "0", "full_stop",
)  # fmt: skip


def standing(pilot) -> list:
    """The reviews that stand."""
    return list(pilot.app.desk.store.journal.entries(kinds=["review"], void=False))


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("chosen", [{}, {"ask_confidence": True, "grade_by": "confidence"}])
async def test_any_keys_in_any_order_keep_screen_and_journal_together(start, screen_text, seed, chosen) -> None:
    draw, most = random.Random(seed), 0
    async with start(*EVERY_KIND, size=draw.choice([(60, 20), (80, 24)]), **chosen) as pilot:
        for _ in range(60):
            before = len(standing(pilot))
            onwards = "enter" if pilot.app.screen.focused is not None else "space"
            key = draw.choice(KEYS) if draw.random() < 0.5 else onwards
            await pilot.press(key)
            assert not isinstance(pilot.app.screen, TroubleScreen), key
            after = len(standing(pilot))
            most = max(most, after)
            assert abs(after - before) <= 1, f"{key} wrote {after - before} reviews"
            assert after >= before or key in ("u", "ctrl+z"), f"{key} took a review away"
            session, lines = pilot.app.session, screen_text(pilot.app).splitlines()
            assert any(sign in lines[-1] for sign in ("? help", "F1 help", "Esc close")), lines[-1]
            if session is not None and session.current is not None and pilot.app.screen.title == "Review":
                assert session.done <= after
                assert pilot.app.screen.asked is session.current
        assert most >= 2, "the walk has hardly studied"
        for _ in range(200):  # back to the beginning: undo has no limit
            if pilot.app.desk.undo() is None:
                break
        assert standing(pilot) == []
        path = pilot.app.desk.store.path
    assert examine(path).problems == ()
