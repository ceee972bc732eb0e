"""Reading lessons and finding the way between them: contents, reader, map, and leafing through the cards."""

import pytest

FIRST = """\
+++
id = "first"
title = "First steps"
description = "How it begins."
[sources]
nielsen = { title = "Neural Networks", author = "Nielsen" }
+++

# Opening

The *loss* is $L = \\frac{1}{2}(t - y)^2$, and `w[i]` or [/] stay as they are.

## Is the loss ever negative? {#guess tags="pre loss"}

- [ ] True
- [x] False

## What is the loss? {#what tags="loss"}

A number that is to become small.

# Second page

Here stands the word hyperplane.

## What divides the plane? {#plane tags="planes"}

A line.
"""
SECOND = """\
+++
id = "second"
title = "Second steps"
requires = ["first"]
+++

# Further on

More of it.

## What comes second? {#second tags="order"}

This.
"""


@pytest.fixture
def course(start, tmp_path):
    """`async with course("lessons") as pilot`: two lessons, the second after the first."""
    paths = []
    for name, text in (("first", FIRST), ("second", SECOND)):
        path = tmp_path / f"{name}.md"
        path.write_text(text, encoding="utf-8")
        paths.append(str(path))
    return lambda mode, **more: start("delta", mode=mode, decks=paths, **more)


async def test_the_contents_say_what_is_ready_and_what_comes_first(course, screen_text) -> None:
    async with course("lessons") as pilot:
        shown = screen_text(pilot.app)
        await pilot.press("down")
        below = " ".join(screen_text(pilot.app).split())

    assert "○ First steps" in shown
    assert "ready" in shown
    assert "after 1  locked" in shown
    assert "Best after First steps; you may read it all the same." in below


async def test_a_page_is_typeset_with_its_cards_offered_below(course, screen_text) -> None:
    async with course("lessons") as pilot:
        await pilot.press("enter")
        shown = screen_text(pilot.app)

    assert "page 1 of 2" in shown
    assert "1 question to guess, ungraded" in shown
    assert "The loss is L = ½ (t − y)², and" in shown
    assert "w[i] or [/] stay as they are" in shown
    assert "2 cards on this page" in shown


async def test_pages_run_on_into_the_next_lesson_and_back(course, screen_text) -> None:
    async with course("lessons") as pilot:
        await pilot.press("enter", "right")
        second_page = screen_text(pilot.app)
        await pilot.press("right")
        next_lesson = screen_text(pilot.app)
        await pilot.press("left")
        back = screen_text(pilot.app)

    assert "hyperplane" in second_page
    assert "Nielsen, Neural Networks" in second_page, "the sources stand at the end of a lesson"
    assert "Best after First steps. You may read it all the same." in next_lesson
    assert "page 2 of 2" in back


async def test_a_lesson_opens_where_it_was_left(course, screen_text) -> None:
    async with course("lessons") as pilot:
        await pilot.press("enter", "right", "escape", "enter")
        shown = screen_text(pilot.app)

    assert "page 2 of 2" in shown


async def test_the_questions_before_a_page_are_tried_without_being_graded(course, screen_text) -> None:
    async with course("lessons") as pilot:
        await pilot.press("enter", "p")
        asked = screen_text(pilot.app)
        await pilot.press("b", "space", "escape")
        read = screen_text(pilot.app)
        state = pilot.app.desk.item_with_state("first/guess")[1]

    assert "before you read" in asked
    assert "✓ tried first: 1 of 1 right" in read
    assert state.reps == 0


async def test_a_search_goes_to_the_page_with_the_word(course, screen_text) -> None:
    async with course("lessons") as pilot:
        await pilot.press("enter", "slash", *"hyperp", "enter")
        found = screen_text(pilot.app)
        await pilot.press("slash", *"zz", "enter")
        nothing = screen_text(pilot.app)

    assert "page 2 of 2" in found
    assert "n finds the next place" in found
    assert "does not stand in this lesson" in nothing


async def test_space_studies_the_page_and_the_reader_waits(course, screen_text) -> None:
    async with course("lessons") as pilot:
        await pilot.press("enter", "space")
        review = screen_text(pilot.app)
        pilot.app.open_mode("lessons")
        await pilot.pause()
        lesson = screen_text(pilot.app)

    assert "1 of 2" in review
    assert "page 1 of 2" in lesson


async def test_the_map_joins_a_lesson_to_what_it_needs_and_enter_goes_there(course, screen_text) -> None:
    async with course("map") as pilot:
        await pilot.app.workers.wait_for_complete()
        await pilot.pause()
        first = " ".join(screen_text(pilot.app).split())
        await pilot.press("down")
        second = screen_text(pilot.app)
        await pilot.press("up", "tab", "down", "enter")
        read = screen_text(pilot.app)

    assert "Nothing has to come first. Opens Second steps." in first
    assert "○ loss" in first
    assert "╭─  1 ○ First steps" in second
    assert "╰━  2 · Second steps" in second
    assert "· order" in second, "a concept of a locked lesson is locked"
    assert "page 2 of 2" in read, "the concept under the cursor is met on the second page"


async def test_leafing_turns_cards_and_writes_nothing(course, screen_text) -> None:
    async with course("flashcards") as pilot:
        await pilot.press("enter", "right")
        front = screen_text(pilot.app)
        await pilot.press("space")
        back = screen_text(pilot.app)
        await pilot.press("s")
        mixed = screen_text(pilot.app)
        entries = pilot.app.desk.store.journal.entries()

    assert "2 of 3" in front
    assert "What is the loss?" in front
    assert "become small" not in front
    assert "A number that is to become small." in back
    assert "shuffled" in mixed
    assert "1 of 3" in mixed
    assert not entries


@pytest.mark.parametrize(
    ("mode", "seen"),
    [("lessons", "More of it."), ("flashcards", "What comes second?"), ("quiz", "■ Second steps")],
)
async def test_a_deck_named_on_the_command_line_is_there_at_once(course, screen_text, mode, seen) -> None:
    async with course("today") as pilot:
        pilot.app.start_decks = ("second",)
        pilot.app.open_mode(mode)
        await pilot.pause()
        await pilot.pause()
        shown = screen_text(pilot.app)

    assert seen in shown
    assert "■ First steps" not in shown


async def test_the_lines_below_a_page_can_be_clicked(course, screen_text) -> None:
    async with course("lessons") as pilot:
        await pilot.press("enter")
        await pilot.click("#after", offset=(5, 1))
        await pilot.pause()
        shown = screen_text(pilot.app)

    assert "page 2 of 2" in shown


@pytest.mark.parametrize("mode", ["quiz", "flashcards", "lessons", "map", "progress", "browse"])
async def test_without_any_deck_every_screen_says_what_to_do(start, screen_text, mode) -> None:
    async with start("delta", mode=mode, decks=[]) as pilot:
        await pilot.app.workers.wait_for_complete()
        await pilot.press("down", "enter", "space", "tab", "escape")
        pilot.app.open_mode(mode)
        await pilot.pause()
        await pilot.app.workers.wait_for_complete()
        await pilot.pause()
        shown = " ".join(screen_text(pilot.app).split())

    assert "`studyapp deck add PATH` adds" in shown


async def test_a_figure_wider_than_the_window_can_be_seen_to_its_end(start, screen_text) -> None:
    deck = '+++\nid = "wide"\ntitle = "Wide"\n+++\n\n# Page\n\n```text\n' + "left" + "─" * 60 + "right\n```\n"
    async with start(deck=deck, mode="lessons", size=(60, 20)) as pilot:
        await pilot.press("enter")
        await pilot.pause()
        left = screen_text(pilot.app)
        await pilot.press("w")
        right = screen_text(pilot.app)

    assert "left──" in left
    assert "w shows its right part" in " ".join(left.split())
    assert "──right" in right
