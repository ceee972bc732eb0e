"""What fits into how many cells."""

from pathlib import Path

import pytest
from textual.app import App, ComposeResult
from textual.content import Content

from studyapp.ui import cells
from studyapp.ui.widgets.drawn import Drawn
from studyapp.ui.widgets.rows import Row, Rows


@pytest.mark.parametrize(
    ("width", "shown"),
    [
        (40, "/very/long/folder/with/small.md:10"),
        (30, "…/long/folder/with/small.md:10"),
        (22, "…/with/small.md:10"),
        (14, "…/small.md:10"),
        (8, "…l.md:10"),
    ],
)
def test_a_path_is_cut_at_the_left_so_that_the_file_and_line_stay(width: int, shown: str) -> None:
    assert cells.place("/very/long/folder/with/small.md:10", width) == shown


def test_ones_own_folder_is_a_tilde() -> None:
    assert cells.place(Path.home() / "decks" / "small.md", 40) == "~/decks/small.md"


async def test_no_text_steers_the_terminal_whoever_forgot_to_clean_it() -> None:
    """A deck is a file from anywhere; an escape sequence in it could rename the window or fill the clipboard."""
    evil = Content.styled("a\x1b]0;x\x9b2J\u202eb", "bold")

    class Shown(App[None]):
        def compose(self) -> ComposeResult:
            yield Drawn(lambda _width: evil)
            yield Rows()

    async with Shown().run_test() as pilot:
        pilot.app.query_one(Rows).fill([Row("key", lambda _width: evil)])
        await pilot.pause()
        drawn = pilot.app.query_one(Drawn).render_line(0).text
        row = pilot.app.query_one(Rows).render_line(0).text

    assert drawn.strip() == "a␛]0;x\ufffd2J\ufffdb"
    assert row.strip(" ▸") == drawn.strip()
    assert cells.harmless(evil).spans == evil.spans
