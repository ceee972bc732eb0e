"""What fits into how many cells."""

from pathlib import Path

import pytest

from studyapp.ui import cells


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
