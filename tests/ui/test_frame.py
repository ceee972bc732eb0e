"""What all screens share: the footer, the help, the palette, foreign text, small windows, and a start that fails."""

import asyncio
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from studyapp.storage.store import Store
from studyapp.ui import cells
from studyapp.ui.actions import Action
from studyapp.ui.app import StudyApp
from studyapp.ui.base import StudyScreen
from studyapp.ui.review import ReviewScreen
from studyapp.ui.settings import SettingsScreen
from studyapp.ui.today import TodayScreen
from studyapp.ui.widgets.keys import line

SCREENS: list[type[StudyScreen]] = [TodayScreen, ReviewScreen, SettingsScreen]
MARKUP = ("w[i] [1, 2]", "[bold]x[/] [/]", "[@click=app.quit]x [$accent]\\[")


@pytest.mark.parametrize("width", [60, 80, 120])
@pytest.mark.parametrize("screen", SCREENS)
def test_a_footer_of_every_action_fits_and_ends_with_the_help(screen: type[StudyScreen], width: int) -> None:
    """At 60 columns the last keys are left out, never the help, and no word is cut."""
    shown = line([action for action in screen.ACTIONS if action.footer], width - 4).plain

    assert len(shown) <= width - 4
    assert shown.endswith("? help")
    words = {f"{action.key_names} {action.footer}" for action in screen.ACTIONS if action.footer}
    assert set(shown.split(" · ")) <= words
    assert 3 <= len(shown.split(" · ")) <= 6


@pytest.mark.parametrize("screen", SCREENS)
def test_every_action_has_a_label_and_a_sentence_and_its_own_id(screen: type[StudyScreen]) -> None:
    """The help and the palette are made of them."""
    offered = [action for action in screen.ACTIONS if action.keys or action.palette]
    ids = [action.id for action in screen.ACTIONS]

    assert len(ids) == len(set(ids))
    for action in offered:
        assert action.label
        assert action.help.endswith("."), action


@pytest.mark.parametrize("screen", SCREENS)
def test_no_key_means_two_things_on_a_screen(screen: type[StudyScreen]) -> None:
    keys = [key for action in screen.ACTIONS if action.keys for key in action.keys.split(",")]

    assert sorted(keys) == sorted(set(keys))


def test_an_action_whose_letter_a_field_takes_shows_the_key_that_is_left() -> None:
    hint = Action("hint", "h,ctrl+t", "Hint", "A hint.", "hint", "h")
    edit = Action("edit", "e", "Edit", "Edit the card.", "edit")

    assert hint.without(lambda key: len(key) == 1).key_names == "Ctrl+T"
    assert edit.without(lambda key: len(key) == 1).footer == ""


async def test_help_lists_what_can_be_done_now_and_nothing_else(start, screen_text) -> None:
    async with start("delta", size=(80, 40)) as pilot:
        await pilot.press("space", "question_mark")
        shown = screen_text(pilot.app)
        assert "Review: what you can do here" in shown
        assert "Bury: asked again tomorrow." in shown
        assert "Not remembered." not in shown
        await pilot.press("escape", "space", "question_mark")
        assert "Not remembered." in screen_text(pilot.app)


async def test_the_palette_finds_an_action_and_does_it(start, screen_text) -> None:
    async with start("delta", "rule") as pilot:
        await pilot.press("space", "ctrl+p", *"suspend")
        await pilot.app.workers.wait_for_complete()
        await pilot.pause(0.2)
        await pilot.press("down", "enter")
        await pilot.pause()
        assert pilot.app.desk.store.journal.state("small/delta").suspended


async def test_a_window_that_is_too_small_says_so_and_recovers(start, screen_text) -> None:
    async with start("delta") as pilot:
        await pilot.press("space", "space")
        await pilot.resize_terminal(59, 24)
        await pilot.pause()
        shown = screen_text(pilot.app)
        assert "60 columns and 20 rows" in " ".join(shown.split())
        assert "What is δ?" not in shown
        await pilot.press("3")
        assert pilot.app.desk.store.journal.entries() == ()  # nobody grades what they cannot see

        await pilot.resize_terminal(60, 20)
        await pilot.pause()
        shown = screen_text(pilot.app)
        assert "What is δ?" in shown
        assert "60 columns" not in shown
        await pilot.press("3")
        assert len(pilot.app.desk.store.journal.entries()) == 1


async def test_prose_is_set_anew_when_the_window_changes(start, screen_text) -> None:
    long = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
    deck = f'+++\nid = "small"\ntitle = "Small"\n+++\n\n# S\n\n## {long}? {{#long}}\n\nYes.\n'
    async with start(deck=deck, size=(120, 40)) as pilot:
        await pilot.press("space")
        wide = screen_text(pilot.app)
        await pilot.resize_terminal(60, 20)
        await pilot.pause()
        narrow = screen_text(pilot.app)

    for shown, width in ((wide, 120), (narrow, 60)):
        assert "sixteen?" in shown
        assert max(map(len, shown.splitlines())) <= width
    wide_line = next(line for line in wide.splitlines() if "nine" in line)
    narrow_line = next(line for line in narrow.splitlines() if "nine" in line)
    assert len(narrow_line) < len(wide_line)


HOSTILE = """\
+++
id = "small"
title = "Deck {title}"
+++

# Part {title}

## Which one is {text}? {{#one}}

> [!TIP]
> hint {text}

- [ ] left {text}
  > feedback {text}
- [x] right {text}

> explained {text}

## Say {text} {{#two}}

= "xyzzy {text}"

## And {text} {{#three}}

back {text}
"""


def spoken(text: str) -> str:
    """Text as Markdown that shows exactly these characters."""
    return "".join(f"\\{char}" if char in "\\[]`*_$<&!(){}|~#^@" else char for char in text)


@pytest.mark.parametrize("text", MARKUP)
async def test_text_that_looks_like_markup_is_shown_as_it_is_written(start, screen_text, text: str) -> None:
    deck = HOSTILE.replace("{{", "{").replace("}}", "}").replace("{text}", spoken(text))
    async with start(deck=deck.replace("{title}", text.replace("\\", "")), size=(100, 40)) as pilot:
        if "\\" not in text:
            assert f"Deck {text}" in screen_text(pilot.app)
        await pilot.press("space", "h")
        shown = screen_text(pilot.app)
        for wanted in (f"Which one is {text}?", f"left {text}", f"right {text}", f"hint {text}"):
            assert wanted in shown
        wrong = next(choice for choice in pilot.app.screen.asked.question.choices if not choice.right)
        await pilot.press(wrong.letter)
        shown = screen_text(pilot.app)
        for wanted in (f"feedback {text}", f"explained {text}"):
            assert wanted in shown
        await pilot.press("1", *text.replace("\\", ""), "enter")
        shown = screen_text(pilot.app)
        assert f"Say {text}" in shown
        assert f"xyzzy {text}" in shown
        assert text.replace("\\", "") in shown
        await pilot.press("v")
        assert f"## Say {spoken(text)} {{#two}}" in screen_text(pilot.app), "the card as its file has it"
        await pilot.press("escape", "1", "space", "1")
        await pilot.press("u")
        assert f"And {text}" in screen_text(pilot.app)


@hypothesis_settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text("[]/\\abc@$=.*`'\" \n", max_size=30), st.integers(1, 90))
def test_no_text_ever_raises_or_vanishes_as_content(text: str, width: int) -> None:
    """The door through which all foreign text goes: whatever letters are in it come out."""
    assume("```" not in text)  # behind it stands the name of a language, which is not shown
    made = cells.prose(text, width)

    assert [char for char in text if char in "abc"] == [char for char in made.plain if char in "abc"]
    list(made.render())


@pytest.mark.parametrize(
    "keys_and_screen", [(("u", "enter"), "There are no decks yet."), (("comma",), "Settings"), (("z",), "Quiz")]
)
async def test_the_first_frame_stands_before_the_desk_is_open_and_takes_keys(
    tmp_path: Path, screen_text, monkeypatch, settle, keys_and_screen
) -> None:
    """Nobody looks at an empty terminal while the database is opened, nor presses a key for nothing."""
    from studyapp.study.desk import Desk

    gate, opened = asyncio.Event(), Desk.open
    loop = asyncio.get_running_loop()

    def slow(*arguments: object, **named: object) -> Desk:
        asyncio.run_coroutine_threadsafe(gate.wait(), loop).result()
        return opened(*arguments, **named)

    monkeypatch.setattr(Desk, "open", slow)
    app = StudyApp(tmp_path / "home", with_bundled=False)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        before = screen_text(app)
        keys, then = keys_and_screen
        await pilot.press(*keys)
        gate.set()
        await settle(app, pilot)
        after = screen_text(app)

    assert "Opening your decks" in before
    assert then in after


async def test_space_pressed_too_early_begins_as_soon_as_it_can(start, screen_text, settle) -> None:
    """People know the key before the screen is full."""
    async with start("delta") as pilot:
        await pilot.press("space", "space", "1")
        home, clock = pilot.app._home, pilot.app._clock
    clock.on(hours=2)
    app = StudyApp(home, clock, with_bundled=False)
    async with app.run_test(size=(80, 24)) as pilot:
        app.start_review()
        await settle(app, pilot)
        await pilot.pause()
        assert "What is δ?" in screen_text(app)


async def test_a_database_that_cannot_be_used_is_a_calm_sentence(tmp_path: Path, screen_text, settle) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / "studyapp.db").write_bytes(b"this is no database at all" * 100)
    app = StudyApp(home, with_bundled=False)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(app, pilot)
        shown = screen_text(app)
        assert "cannot be used just now" in shown
        assert "studyapp.db" in "".join(shown.split())
        assert "Traceback" not in shown
        assert (home / "studyapp.db").read_bytes() == b"this is no database at all" * 100

        (home / "studyapp.db").unlink()
        await pilot.press("r")
        await settle(app, pilot)
        assert "There are no decks yet." in screen_text(app)


async def test_leaving_because_of_the_database_exits_with_three(tmp_path: Path, settle) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / "studyapp.db").write_bytes(b"nothing" * 1000)
    app = StudyApp(home, with_bundled=False)
    async with app.run_test() as pilot:
        await settle(app, pilot)
        await pilot.press("q")

    assert app.return_code == 3


async def test_settings_that_cannot_be_read_name_the_file_and_the_remedy(tmp_path: Path, screen_text, settle) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / "config.toml").write_text("new_per_day = [", encoding="utf-8")
    app = StudyApp(home, with_bundled=False)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(app, pilot)
        assert "config.toml" in "".join(screen_text(app).split())


async def test_the_journal_is_closed_when_the_person_leaves(start, tmp_path: Path) -> None:
    async with start("delta") as pilot:
        await pilot.press("space", "space", "4", "escape", "q")

    with Store.open(tmp_path / "home" / "studyapp.db") as store:
        assert len(store.journal.entries()) == 1


async def test_without_colours_everything_is_still_there(start, screen_text, monkeypatch) -> None:
    """NO_COLOR: the terminal's own theme, and signs that carry the meaning."""
    monkeypatch.setenv("NO_COLOR", "")
    async with start("rule") as pilot:
        assert pilot.app.theme == "ansi-dark"
        await pilot.press("space", "a")
        shown = screen_text(pilot.app)
        assert "✓" in shown
        assert "▸" in shown
        strips = pilot.app.screen._compositor.render_strips()
        filtered = [segment for strip in strips for segment in strip.apply_filter(pilot.app._filters[-1], None)]
        assert not [part for part in filtered if part.style and part.style.color and part.style.color.triplet]
