"""Browsing: find a card by words or by where it stands, look at it, act on it, take the act back."""

import pytest


@pytest.fixture
def searched():
    """Type into the field, wait for the search, go on with other keys."""

    async def search(pilot, query: str = "", *keys: str) -> None:
        screen = pilot.app.screen
        screen.query_one("#field").value = query
        await pilot.pause()
        screen.search()
        await settle(pilot)
        for key in keys:
            await pilot.press(key)
            await settle(pilot)

    async def settle(pilot) -> None:
        await pilot.app.workers.wait_for_complete()
        await pilot.pause()

    return search


async def test_every_card_is_listed_until_words_or_filters_narrow_it(start, screen_text, searched) -> None:
    async with start("delta", "rule", "slope", mode="browse") as pilot:
        await searched(pilot)
        everything = screen_text(pilot.app)
        await searched(pilot, "is:new rule")
        narrowed = screen_text(pilot.app)
        await searched(pilot, "is:due")
        nothing = screen_text(pilot.app)
        await searched(pilot, "is:nonsense")
        unknown = screen_text(pilot.app)

    assert "3 items" in everything
    assert "The slope of the sigmoid is at most [a numb" in everything, "a gap stays a gap"
    assert "1 item" in narrowed
    assert "What is δ?" not in narrowed
    assert "Nothing is found." in nothing
    assert "is:nonsense is no filter" in unknown


async def test_typing_searches_by_itself_after_a_moment(start, screen_text) -> None:
    async with start("delta", "rule", mode="browse") as pilot:
        await pilot.press(*"rule")
        await pilot.pause(0.3)
        await pilot.app.workers.wait_for_complete()
        await pilot.pause()
        shown = screen_text(pilot.app)

    assert "1 item" in shown


async def test_enter_opens_the_card_with_its_answer_and_where_it_stands(start, screen_text, searched) -> None:
    async with start("delta", mode="browse") as pilot:
        await searched(pilot, "", "enter", "enter")
        shown = screen_text(pilot.app)

    assert "The derivative of the loss with respect to z." in shown
    assert "It is the error term." in shown
    assert "Nielsen" in shown
    assert "New: never asked." in shown
    assert "small/delta" in shown


@pytest.mark.parametrize(
    ("key", "there"),
    [("s", "suspended"), ("exclamation_mark", "! What is δ?"), ("b", "Buried until tomorrow"), ("f", "Forgotten")],
)
async def test_every_act_on_a_row_can_be_taken_back(start, screen_text, searched, key, there) -> None:
    async with start("delta", mode="browse") as pilot:
        before = pilot.app.desk.item_with_state("small/delta")[1]
        await searched(pilot, "", "down", key)
        acted = screen_text(pilot.app)
        await searched(pilot, "", "u")
        undone = screen_text(pilot.app)
        after = pilot.app.desk.item_with_state("small/delta")[1]

    assert there in acted
    assert "taken back" in undone
    assert after == before


async def test_letters_go_into_the_field_and_do_nothing_to_cards(start, searched) -> None:
    async with start("delta", mode="browse") as pilot:
        await searched(pilot)
        await pilot.press(*"sbf!u")
        typed = pilot.app.screen.query_one("#field").value
        entries = pilot.app.desk.store.journal.entries()

    assert typed == "sbf!u"
    assert not entries


ODD = """\
+++
id = "odd"
title = "Odd [bold]deck[/]"
+++

# Lesson [/] with w[i]

Prose with [/] in it.

## Is `w[i]` or [/] odd \\[b] {#odd tags="brackets"}

No [/].
"""


async def test_text_that_looks_like_markup_is_shown_as_it_is_written(start, screen_text, searched) -> None:
    async with start(deck=ODD, mode="browse") as pilot:
        await searched(pilot, "", "enter")
        listed = screen_text(pilot.app)
        await searched(pilot, "", "enter")
        opened = screen_text(pilot.app)

    assert "Is w[i] or [/] odd" in listed
    assert "No [/]." in opened
    assert "Odd [bold]deck[/]" in opened


@pytest.mark.parametrize(
    ("mode", "keys"),
    [
        ("quiz", ["enter", "space", "y"]),
        ("flashcards", ["enter", "space"]),
        ("lessons", ["enter"]),
        ("map", ["enter"]),
        ("progress", ["d"]),
    ],
)
async def test_no_screen_takes_a_deck_for_markup(start, screen_text, mode, keys) -> None:
    """A `[/]` in a deck would end the program if it were parsed."""
    async with start(deck=ODD, mode=mode) as pilot:
        await pilot.app.workers.wait_for_complete()
        seen = [screen_text(pilot.app)]
        for key in keys:
            await pilot.press(key)
            await pilot.app.workers.wait_for_complete()
            await pilot.pause()
            seen.append(screen_text(pilot.app))

    assert "[bold]deck[/]" in "".join(seen)


async def test_a_long_list_is_cut_and_says_how_to_see_more(start, screen_text, searched) -> None:
    cards = "\n".join(f"## Question {number} {{#q{number}}}\n\nAnswer.\n" for number in range(230))
    deck = f'+++\nid = "long"\ntitle = "Long"\n+++\n\n# L\n\n{cards}'
    async with start(deck=deck, mode="browse") as pilot:
        await searched(pilot, "", "down", "end")
        cut = screen_text(pilot.app)
        await searched(pilot, "", "enter")
        whole = screen_text(pilot.app)

    assert "the first 200" in cut
    assert "… more than 200: Enter shows the next 200" in cut
    assert "230 items" in whole
