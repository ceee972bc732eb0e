"""Today: what is due, what to do next, and what it says when there is nothing."""

import asyncio
import threading

import pytest

from studyapp.storage import assigned, telling
from studyapp.study.desk import Desk
from studyapp.study.today import DeckRow
from studyapp.ui.today import Columns, deck_line


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
        line = broken.splitlines().index("- [ ] One") + 1
        assert f"small.md, line {line}: no option is right; mark the right one with [x]." in shown
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


def row(title: str, due: int = 0, new: int = 0, locked_by: str = "") -> DeckRow:
    """A deck on the page."""
    return DeckRow(title.casefold(), title, due, new, 0.5, locked_by, 20)


def test_a_title_has_the_room_of_the_columns_that_its_deck_leaves_empty() -> None:
    long = "Neurons, layers and why depth needs nonlinearity"
    columns = Columns.of([row(long, new=1), row("Forward pass", due=12, new=8)])

    first, second = (
        deck_line(deck, 74, columns).plain for deck in (row(long, new=1), row("Forward pass", due=12, new=8))
    )

    assert long in first
    assert len(first) == len(second) == 74
    assert first.index("new") == second.index("new")
    assert second.index("new") < second.index("▰") == first.index("▰")


def test_what_comes_first_is_cut_before_the_title_is() -> None:
    long = "Recurrent networks and backpropagation through time"
    shown = deck_line(row(long, locked_by="When training goes wrong"), 74, Columns()).plain

    assert long in shown
    assert "after When training" in shown
    assert len(shown) == 74


async def test_the_exercise_that_is_due_is_named_with_its_level(start, screen_text, clock, settle) -> None:
    async with start("exercise") as pilot:
        assert "due today" not in screen_text(pilot.app)
        practice = pilot.app.desk.practice("linear-neuron")
        while not practice.sitting.finished:
            practice.tell()
        practice.finish()
        clock.on(days=2)
        pilot.app.open_mode("settings")
        await pilot.press("escape")
        await settle(pilot.app, pilot)
        shown = screen_text(pilot.app)

    line = next(line for line in shown.splitlines() if "due today" in line)
    assert "Exercise      One step of a linear neuron · level 1" in line


async def test_a_journal_in_a_bad_place_is_told_above_everything(start, screen_text, settle) -> None:
    async with start("delta") as pilot:
        pilot.app.desk.store.warning = "The journal lies on a network drive."
        pilot.app.screen.look()
        await settle(pilot.app, pilot)
        lines = screen_text(pilot.app).splitlines()

    told = next(place for place, line in enumerate(lines) if "! The journal lies on a network drive." in line)
    assert told < next(place for place, line in enumerate(lines) if "New cards" in line)


async def test_a_review_asked_for_and_left_again_while_it_is_planned_does_not_come_after(
    start, screen_text, monkeypatch
) -> None:
    async with start("delta") as pilot:
        app = pilot.app
        app.start_review()
        app.open_mode("settings")
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert "Settings" in screen_text(app).splitlines()[0]


async def test_what_the_class_wants_learned_is_one_quiet_line(start, screen_text, settle) -> None:
    async with start("delta", "rule") as pilot:
        assert "Assigned" not in screen_text(pilot.app)
        wanted = [("small", "2026-03-05"), ("away", "2026-03-09")]
        assigned.remember(pilot.app.desk.store.database, "class:ada", wanted)
        await pilot.press("p", "escape")
        await settle(pilot.app, pilot)
        lines = [line for line in screen_text(pilot.app).splitlines() if "Assigned" in line]

    assert len(lines) == 1
    assert " ".join(lines[0].split()) == "Assigned A small deck · and 1 more due in 3 days, 0 of 2 begun"


async def test_with_many_decks_all_that_comes_next_stays_in_sight(start, screen_text, tmp_path, settle) -> None:
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(30):
        (folder / f"d{number}.md").write_text(
            f'+++\nid = "d{number}"\ntitle = "Deck {number}"\n+++\n\n## Q {{#q}}\n\nA\n', encoding="utf-8"
        )
    async with start("delta", decks=[str(folder)]) as pilot:
        for size in ((80, 24), (60, 20)):
            await pilot.resize_terminal(*size)
            await settle(pilot.app, pilot)
            lines = screen_text(pilot.app).splitlines()
            assert any("Next lesson" in line for line in lines)
            assert any("Deck 0" in line for line in lines)
            assert lines[-2] == ""


async def test_a_new_learner_is_told_how_to_begin_and_only_then(start, screen_text, settle) -> None:
    async with start("delta", "rule") as pilot:
        assert "New here? l reads the lesson first, Space asks its cards." in " ".join(screen_text(pilot.app).split())
        await pilot.press("space", "space", "3", "escape")
        await settle(pilot.app, pilot)
        assert "New here?" not in screen_text(pilot.app)


@pytest.mark.parametrize("mode", ["today", "review"])
async def test_an_older_history_says_how_far_it_is_while_it_is_brought_up_to_date(
    start, screen_text, settle, monkeypatch, mode
) -> None:
    told, go_on = threading.Event(), threading.Event()
    open_desk = Desk.open

    def slow(*where: object, **how: object) -> Desk:
        telling.tell("Bringing your history up to date", 0.4)
        told.set()
        assert go_on.wait(30)
        telling.tell("Bringing your history up to date", 1.0)
        return open_desk(*where, **how)

    monkeypatch.setattr(Desk, "open", slow)
    async with start("delta", mode=mode, opened=False) as pilot:
        await asyncio.to_thread(told.wait, 30)
        await pilot.pause()
        waiting = screen_text(pilot.app)
        go_on.set()
        await settle(pilot.app, pilot)
        opened = screen_text(pilot.app)

    assert "Bringing your history up to date: 40 %" in waiting
    assert "up to date" not in opened
