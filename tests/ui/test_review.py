"""A review on the screen, as a person lives it: every kind of card, every act, and what the disk may refuse."""

import sqlite3

import pytest

from studyapp.memory.model import Grade, Phase
from studyapp.storage.errors import Unreadable
from studyapp.ui.app import StudyApp
from studyapp.ui.widgets.choices import OptionLine
from studyapp.ui.widgets.field import Field
from studyapp.ui.widgets.grades import GradeButton


def grades_of(pilot) -> list[int]:
    """The reviews that stand in the journal."""
    entries = pilot.app.desk.store.journal.entries(kinds=["review"], void=False)
    return [entry.grade for entry in reversed(entries)][::-1]


def line_of(text: str, wanted: str) -> int:
    """The row on which `wanted` stands."""
    return next(row for row, line in enumerate(text.splitlines()) if wanted in line)


async def test_the_question_stays_in_sight_when_its_answer_opens_below(start, screen_text) -> None:
    async with start("delta") as pilot:
        await pilot.press("space")
        before = screen_text(pilot.app)
        await pilot.press("space")
        after = screen_text(pilot.app)

    assert "derivative of the loss" not in before
    assert line_of(before, "What is δ?") == line_of(after, "What is δ?")
    assert "The derivative of the loss with respect to z." in after
    assert "Nielsen, Neural Networks and Deep Learning" in after
    for shown in ("1 Again", "2 Hard", "▸3 Good", "4 Easy", "<1 min", "<10 min", "8 days"):
        assert shown in after


async def test_the_keys_do_not_move_between_question_and_answer(start, screen_text) -> None:
    async with start("delta") as pilot:
        await pilot.press("space")
        before = screen_text(pilot.app).splitlines()
        await pilot.press("space")
        after = screen_text(pilot.app).splitlines()

    assert "Space  show the answer" in before[line_of("\n".join(after), "1 Again")]
    assert "? help" in before[-1]
    assert "? help" in after[-1]


async def test_a_wrong_choice_is_marked_in_words_and_its_feedback_stands_below_it(start, screen_text) -> None:
    async with start("rule") as pilot:
        await pilot.press("space")
        choices = pilot.app.screen.asked.question.choices
        wrong = next(choice for choice in choices if not choice.right)
        await pilot.press(wrong.letter)
        shown = screen_text(pilot.app)

        assert f"✗ {wrong.letter}  The product rule" in shown
        assert "your answer" in shown
        assert line_of(shown, "That one is for products.") == line_of(shown, "The product rule") + 1
        assert "✓" in shown.splitlines()[line_of(shown, "The chain rule")]
        assert "Layer by layer" not in shown
        assert "✗ not yet" in shown
        assert "▸1 Again" in shown
        await pilot.press("enter")
        assert grades_of(pilot) == [Grade.AGAIN]


async def test_a_click_on_an_option_answers_and_a_click_on_a_grade_grades(start, screen_text) -> None:
    async with start("rule") as pilot:
        await pilot.press("space")
        choices = pilot.app.screen.asked.question.choices
        place = next(place for place, choice in enumerate(choices) if choice.right)
        await pilot.click(pilot.app.screen.query(OptionLine)[place])
        assert "✓ right" in screen_text(pilot.app)

        await pilot.click(pilot.app.screen.query(GradeButton)[1])
        assert grades_of(pilot) == [Grade.HARD]


async def test_all_that_apply_switches_options_and_says_which_belong(start, screen_text) -> None:
    async with start("rules") as pilot:
        await pilot.press("space")
        choices = pilot.app.screen.asked.question.choices
        letter = {choice.text: choice.letter for choice in choices}
        await pilot.press(letter["Adam"], letter["Backpropagation"], letter["Backpropagation"])
        assert "■" in screen_text(pilot.app).splitlines()[line_of(screen_text(pilot.app), "Adam")]
        await pilot.press("enter")
        shown = screen_text(pilot.app)

    assert "your answer" in shown.splitlines()[line_of(shown, "Adam")]
    assert "belongs too" in shown.splitlines()[line_of(shown, "SGD")]
    assert "! partly right" in shown


async def test_true_and_false_keep_their_order(start, screen_text) -> None:
    async with start("shrink") as pilot:
        await pilot.press("space")
        shown = screen_text(pilot.app)
        assert line_of(shown, "a  True") < line_of(shown, "b  False")
        await pilot.press("a")
        assert "✓ right" in screen_text(pilot.app)


async def test_a_typed_slip_is_close_and_enter_takes_the_proposed_grade(start, screen_text) -> None:
    async with start("name") as pilot:
        await pilot.press("space", *"eror term", "enter")
        shown = screen_text(pilot.app)
        assert "! close enough" in shown
        assert "▸3 Good" in shown
        await pilot.press("enter")
        assert grades_of(pilot) == [Grade.GOOD]


async def test_a_number_is_marked_and_the_person_has_the_last_word(start, screen_text) -> None:
    async with start("change") as pilot:
        await pilot.press("space", *"0.5", "enter")
        shown = screen_text(pilot.app)
        assert "✗ not yet" in shown
        assert "The answer: 0.0208" in shown
        assert "0.5" in shown
        await pilot.press("3")
        assert grades_of(pilot) == [Grade.GOOD]


async def test_i_was_right_grades_good_and_is_believed_the_next_time(start, screen_text) -> None:
    async with start("name") as pilot:
        await pilot.press("space", *"local gradient", "enter")
        assert "✗ not yet" in screen_text(pilot.app)
        await pilot.press("o")
        assert grades_of(pilot) == [Grade.GOOD]
        assert pilot.app.desk.accepted("small/name") == ("local gradient",)


async def test_what_cannot_be_read_is_asked_again_and_costs_nothing(start, screen_text) -> None:
    async with start("change") as pilot:
        await pilot.press("space", *"0.02.1", "enter")
        shown = screen_text(pilot.app)
        assert "1 Again" not in shown
        assert "!" in shown
        assert pilot.app.screen.query_one(Field).has_focus
        assert grades_of(pilot) == []


async def test_an_empty_field_shows_the_cloze_and_lets_the_person_judge(start, screen_text) -> None:
    async with start("slope") as pilot:
        await pilot.press("space")
        assert "at most [a number]" in screen_text(pilot.app)
        await pilot.press("enter")
        shown = screen_text(pilot.app)
        assert "at most 0.25" in shown
        assert "judge yourself" in shown
        await pilot.press("2")
        assert grades_of(pilot) == [Grade.HARD]


async def test_letters_typed_into_the_field_do_nothing_else(start, screen_text) -> None:
    """b, s, e, u and q are acts on other screens; here they are an answer."""
    async with start("name", "delta") as pilot:
        await pilot.press("space", *"bseuq!?12")
        assert pilot.app.screen.query_one(Field).value == "bseuq!?12"
        assert pilot.app.desk.store.journal.entries() == ()
        assert "F1 help" in screen_text(pilot.app)


async def test_while_typing_the_control_keys_still_help_and_undo(start, screen_text) -> None:
    cards = ("## One {#one}", "Yes.", "## Two {#two}", "> [!TIP]\n> Try.", "= 2")
    with_hint = "+++\nid = 'small'\ntitle = 'S'\n+++\n\n# P\n\n" + "\n\n".join(cards) + "\n"
    async with start(deck=with_hint) as pilot:
        await pilot.press("space", "space", "4", "3", "ctrl+t")
        assert "Hint: Try." in screen_text(pilot.app)
        assert pilot.app.screen.query_one(Field).value == "3"
        await pilot.press("ctrl+z")
        assert "Easy of “One” taken back." in screen_text(pilot.app)
        assert grades_of(pilot) == []


async def test_the_hint_comes_when_asked_for(start, screen_text) -> None:
    async with start("delta") as pilot:
        await pilot.press("space")
        assert "Think of z" not in screen_text(pilot.app)
        await pilot.press("h")
        assert "Hint: Think of z." in screen_text(pilot.app)
        assert "What is δ?" in screen_text(pilot.app)


async def test_undo_on_the_summary_brings_the_last_item_back(start, screen_text) -> None:
    """People press undo most often on the summary, right after a slip."""
    async with start("delta") as pilot:
        await pilot.press("space", "space", "4")
        assert "That is all for now." in screen_text(pilot.app)
        await pilot.press("u")

        shown = screen_text(pilot.app)
        assert "What is δ?" in shown
        assert "Easy of “What is δ?” taken back." in shown
        assert grades_of(pilot) == []


async def test_undo_has_no_limit_within_and_beyond_the_session(start, screen_text) -> None:
    async with start("delta", "rule") as pilot:
        await pilot.press("space", "space", "4", "u", "u")
        assert "There is nothing to take back." in screen_text(pilot.app)
        assert "What is δ?" in screen_text(pilot.app)


async def test_the_summary_says_what_happened_and_what_comes_next(start, screen_text, clock) -> None:
    async with start("delta", "rule", learn_ahead_seconds=0) as pilot:
        await pilot.press("space", "space")
        clock.on(seconds=20)
        await pilot.press("1")
        assert "b bury" not in screen_text(pilot.app)  # here b is an option
        await pilot.press("s")
        shown = screen_text(pilot.app)

    assert "Reviews          1" in shown
    assert "Remembered     0 %    1 again" in shown
    assert "✗ What is δ?" in shown
    assert "due in under" in shown


async def test_bury_suspend_and_flag_are_kept_and_taken_back(start, screen_text) -> None:
    async with start("delta", "rule") as pilot:
        await pilot.press("space", "exclamation_mark")
        assert "flag 1" in screen_text(pilot.app)
        await pilot.press("exclamation_mark")
        assert "flag 1" not in screen_text(pilot.app)
        await pilot.press("s")
        journal = pilot.app.desk.store.journal
        assert journal.state("small/delta").suspended
        assert "Which rule?" in screen_text(pilot.app)
        await pilot.press("u")
        assert not journal.state("small/delta").suspended
        await pilot.press("b")
        assert journal.state("small/delta").buried_until == pilot.app.desk.moment().today + 1


async def test_the_source_is_shown_as_it_is_written(start, screen_text) -> None:
    async with start("delta") as pilot:
        await pilot.press("space", "v")
        shown = screen_text(pilot.app)
        assert "## What is δ? {#delta}" in shown
        assert "small.md:10" in shown
        await pilot.press("escape")
        assert "What is δ?" in screen_text(pilot.app)


async def test_a_session_is_left_at_any_moment_and_taken_up_where_it_was(start, screen_text) -> None:
    async with start("delta", "rule", "change") as pilot:
        await pilot.press("space", "space", "4", "escape")
        assert "studyapp" in screen_text(pilot.app)
        await pilot.press("space")
        shown = screen_text(pilot.app)
        assert "Which rule?" in shown
        assert "2 of 3" in shown


async def test_grading_by_confidence_offers_five_words_and_keeps_the_number(start, screen_text) -> None:
    async with start("delta", grade_by="confidence") as pilot:
        await pilot.press("space", "space")
        shown = screen_text(pilot.app)
        for word in ("1 not at all", "2 barely", "3 partly", "4 well", "5 perfectly"):
            assert word in shown
        await pilot.press("5")
        assert grades_of(pilot) == [Grade.EASY]
        (entry,) = pilot.app.desk.store.journal.entries(kinds=["review"])
        assert entry.body["rated"] == 5


async def test_how_sure_is_asked_before_the_answer_is_checked(start, screen_text) -> None:
    async with start("rule", ask_confidence=True) as pilot:
        await pilot.press("space")
        choices = pilot.app.screen.asked.question.choices
        wrong = next(choice for choice in choices if not choice.right)
        await pilot.press(wrong.letter)
        assert "How sure are you?" in screen_text(pilot.app)
        assert "not yet" not in screen_text(pilot.app)
        await pilot.press("escape")
        await pilot.press(wrong.letter, "5")
        shown = screen_text(pilot.app)
        assert "✗ not yet" in shown
        assert "Confident slips are worth a second look." in shown


async def test_a_grade_that_the_disk_refuses_leaves_the_item_and_the_next_try_works(start, screen_text) -> None:
    async with start("delta", "rule") as pilot:
        await pilot.press("space", "space")
        database = pilot.app.desk.store.database
        with database.raw() as connection:
            connection.execute("PRAGMA busy_timeout=10")
        other = sqlite3.connect(database.path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        await pilot.press("3")
        refused = screen_text(pilot.app)
        other.rollback()
        other.close()

        assert "Not saved." in refused
        assert "another program is writing" in refused
        assert "What is δ?" in refused
        assert "3 Good" in refused
        assert grades_of(pilot) == []
        await pilot.press("3")
        assert grades_of(pilot) == [Grade.GOOD]
        assert "Which rule?" in screen_text(pilot.app)
        assert "Not saved." not in screen_text(pilot.app)


async def test_an_editor_that_is_missing_is_a_sentence_and_no_crash(start, screen_text) -> None:
    async with start("delta") as pilot:
        await pilot.press("space", "e")
        assert "What is δ?" in screen_text(pilot.app)
        assert "small.md, line 10" in " ".join(screen_text(pilot.app).split())


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 40)])
async def test_question_answer_and_keys_fit_every_size(start, screen_text, size) -> None:
    async with start("rule", size=size) as pilot:
        await pilot.press("space", "a")
        shown = screen_text(pilot.app)

    lines = shown.splitlines()
    assert max(map(len, lines)) <= size[0]
    assert "? help" in lines[-1]
    for wanted in ("Which rule?", "The chain rule", "The product rule", "4 Easy", "1 of 1"):
        assert wanted in shown


async def test_an_item_known_well_comes_back_and_is_graded_as_a_review(start, screen_text, clock) -> None:
    async with start("delta") as pilot:
        await pilot.press("space", "space", "4", "space")
        clock.on(days=8)
        await pilot.press("space")
        assert screen_text(pilot.app).splitlines()[1].endswith("review")
        await pilot.press("space", "3")
        assert pilot.app.desk.store.journal.state("small/delta").phase is Phase.REVIEW
        assert grades_of(pilot) == [Grade.EASY, Grade.GOOD]


async def test_a_session_left_overnight_is_planned_anew(start, screen_text, clock) -> None:
    """What fell due since belongs to it; yesterday's plan does not know it."""
    async with start("delta", "rule", "change", new_per_day=2) as pilot:
        await pilot.press("space", "space", "4", "escape")
        clock.on(days=8)
        await pilot.press("space")
        assert "1 of 3" in screen_text(pilot.app)


async def test_one_kind_of_question_may_follow_any_other_unanswered(start, screen_text) -> None:
    """What had the focus is gone with its question."""
    kinds = ("rule", "change", "rules", "delta", "name", "shrink", "slope")
    async with start(*kinds) as pilot:
        await pilot.press("space")
        for _ in kinds:
            pilot.app.screen.set_focus(None) if isinstance(pilot.app.screen.focused, Field) else None
            await pilot.press("s")
        assert "Nothing is due here just now." in screen_text(pilot.app)
        for kind in reversed(kinds):
            await pilot.press("u" if not isinstance(pilot.app.screen.focused, Field) else "ctrl+z")
            assert pilot.app.screen.asked.question.card.id == kind


async def test_five_words_fit_sixty_columns_and_the_footer_names_them(start, screen_text) -> None:
    async with start("rule", size=(60, 20), grade_by="confidence", ask_confidence=True) as pilot:
        await pilot.press("space", "a")
        asked = screen_text(pilot.app)
        await pilot.press("3")
        graded = screen_text(pilot.app)

    assert "3 half sure" in asked
    assert "1–5 how sure" in asked.splitlines()[-1]
    assert "Esc change the answer" in asked.splitlines()[-1]
    assert "1 not at all" in graded
    assert "5 perfectly" in graded
    assert "1–5 grade" in graded.splitlines()[-1]


async def test_a_review_begun_from_the_shell_shows_its_first_card_before_everything_is_open(
    start, clock, screen_text, settle, monkeypatch
) -> None:
    async with start("delta") as pilot:
        await pilot.press("space", "space", "4")
    clock.on(days=40)

    opening = StudyApp.open_desk
    monkeypatch.setattr(StudyApp, "open_desk", lambda _app: None)
    async with start("delta", mode="review", opened=False) as pilot:
        await pilot.pause()
        before = screen_text(pilot.app)
        await pilot.press("space", "3")  # nothing can be answered yet
        monkeypatch.setattr(StudyApp, "open_desk", opening)
        pilot.app.open_desk()
        await settle(pilot.app, pilot)
        after = screen_text(pilot.app)
        await pilot.press("space", "3")
        grades = grades_of(pilot)

    assert "What is δ?" in before
    assert "Opening your decks" in before
    assert line_of(before, "What is δ?") == line_of(after, "What is δ?")
    assert "Opening" not in after
    assert grades == [4, 3]


LONG = (
    "## Say all of it {#all}\n\n"
    + "\n\n".join(f"Paragraph {number} of a long answer." for number in range(12))
    + "\n\n> The last line.\n"
)


async def test_a_long_answer_scrolls_below_its_question_and_the_footer_says_how(start, screen_text, deck_text) -> None:
    async with start(deck=deck_text() + LONG, size=(80, 24)) as pilot:
        await pilot.press("space")
        assert "PgDn" not in screen_text(pilot.app)
        await pilot.press("space")
        await pilot.pause()
        before = screen_text(pilot.app)
        assert "PgDn more" in before
        assert "The last line." not in before
        seen = before
        for _ in range(3):
            await pilot.press("pagedown")
            seen += screen_text(pilot.app)
        after = screen_text(pilot.app)

        assert line_of(before, "Say all of it") == line_of(after, "Say all of it")
        assert all(f"Paragraph {number} of a long answer." in seen for number in range(12))
        assert "The last line." in after
        assert "PgUp back" in after
        assert grades_of(pilot) == []


async def test_a_question_longer_than_a_third_of_the_page_scrolls_with_its_answer(
    start, screen_text, deck_text
) -> None:
    front = "word " * 250
    async with start(deck=deck_text() + f"## Begin {front} {{#long}}\n\nThe answer.\n", size=(80, 24)) as pilot:
        await pilot.press("space", "space")
        await pilot.pause()
        assert "Begin word" in screen_text(pilot.app)
        await pilot.press("pagedown", "pagedown")
        assert "Begin word" not in screen_text(pilot.app)
        assert "The answer." in screen_text(pilot.app)


@pytest.mark.parametrize("size", [(60, 20), (80, 24)])
@pytest.mark.parametrize("card", ["delta", "rule", "change"])
async def test_a_line_stands_free_between_the_grades_and_the_keys(start, screen_text, card, size) -> None:
    async with start(card, size=size) as pilot:
        await pilot.press("space")
        assert screen_text(pilot.app).splitlines()[-2] == ""
        await pilot.press(*{"delta": ["space"], "rule": ["a"], "change": ["1", "enter"]}[card])
        lines = screen_text(pilot.app).splitlines()
        assert "4 Easy" in lines[-4]
        assert lines[-2] == ""


async def test_help_and_palette_name_the_grades_by_their_words(start, screen_text) -> None:
    async with start("delta", size=(80, 40)) as pilot:
        await pilot.press("space", "space", "question_mark")
        shown = screen_text(pilot.app)
        for number, word in enumerate(("Again", "Hard", "Good", "Easy"), 1):
            assert any(line.split()[:2] == [str(number), word] for line in shown.splitlines())
        await pilot.press("escape")
        offered = [command.title for command in pilot.app.get_system_commands(pilot.app.screen)]
        assert {"Again", "Hard", "Good", "Easy", "Flag", "Edit", "Show source", "Undo", "Not today", "Suspend"} <= {
            *offered
        }
        assert "Perfectly" not in offered


async def test_a_click_on_the_word_grade_in_the_footer_grades_nothing(start) -> None:
    async with start("delta") as pilot:
        await pilot.press("space", "space")
        await pilot.click("#keys", offset=(18, 0))
        assert grades_of(pilot) == []


async def test_a_database_that_was_moved_away_takes_no_grade_until_it_is_back(start, screen_text, tmp_path) -> None:
    async with start("delta", "rule") as pilot:
        await pilot.press("space", "space")
        file = pilot.app.desk.store.path
        file.rename(tmp_path / "elsewhere.db")
        await pilot.press("3")
        shown = screen_text(pilot.app)
        assert "Not saved." in shown
        assert "not there any more" in " ".join(shown.split())
        assert "What is δ?" in shown
        assert grades_of(pilot) == []
        file.write_bytes(b"")
        await pilot.press("3")
        assert "replaced by another file" in " ".join(screen_text(pilot.app).split())
        (tmp_path / "elsewhere.db").rename(file)
        await pilot.press("3")
        assert grades_of(pilot) == [Grade.GOOD]
        assert "What is δ?" not in screen_text(pilot.app)


async def test_a_card_edited_with_its_answer_open_comes_back_with_its_answer_open(
    start, screen_text, tmp_path, monkeypatch
) -> None:
    async with start("delta") as pilot:
        await pilot.press("space", "space")

        def edited(_app, path, _line, _chosen) -> str:
            path.write_text(path.read_text().replace("The derivative", "The partial derivative"))
            return ""

        monkeypatch.setattr("studyapp.ui.editor.edit", edited)
        await pilot.press("e")
        assert "The partial derivative of the loss" in screen_text(pilot.app)
        await pilot.press("3")
        assert grades_of(pilot) == [Grade.GOOD]


async def test_undo_into_a_field_names_the_key_that_goes_further_back(start, screen_text) -> None:
    async with start("delta", "name") as pilot:
        await pilot.press("space", "space", "3", *"delta", "enter", "enter", "u")
        shown = screen_text(pilot.app)
        assert "taken back. Ctrl+Z takes back more." in " ".join(shown.split())
        await pilot.press("ctrl+z")
        assert grades_of(pilot) == []
        assert "What is δ?" in screen_text(pilot.app)


@pytest.mark.parametrize("suspends", [True, False])
async def test_a_card_that_becomes_a_leech_is_told_and_what_to_do(start, screen_text, clock, suspends) -> None:
    async with start("delta", "rule", leech_lapses=1, suspend_leeches=suspends) as pilot:
        await pilot.press("space", "space", "4", "escape")
        clock.on(days=10)
        await pilot.press("space")
        assert "What is δ?" in screen_text(pilot.app)
        await pilot.press("space", "1")
        shown = " ".join(screen_text(pilot.app).split())
        assert "“What is δ?” is a leech, forgotten 1 time." in shown
        assert ("Suspended; undo brings it back." in shown) is suspends
        assert ("is:leech finds it" in shown) is not suspends
        assert pilot.app.desk.store.journal.state("small/delta").suspended is suspends


async def test_an_answer_that_cannot_be_looked_up_is_told_and_the_next_try_works(
    start, screen_text, monkeypatch
) -> None:
    async with start("name") as pilot:
        await pilot.press("space", *"delta")
        whole, failures = pilot.app.desk.median_ms, [Unreadable("the disk failed; look at its cable")]

        def median(kind: str) -> int | None:
            if failures:
                raise failures.pop()
            return whole(kind)

        monkeypatch.setattr(pilot.app.desk, "median_ms", median)
        await pilot.press("enter")
        assert "the disk failed; look at its cable" in screen_text(pilot.app)
        assert "1 Again" not in screen_text(pilot.app)
        await pilot.press("enter")
        assert "✓ right" in screen_text(pilot.app)
        await pilot.press("enter")
        assert grades_of(pilot) == [Grade.GOOD]


async def test_the_footer_names_the_letters_of_the_options_whatever_was_asked_before(start, screen_text) -> None:
    async with start("name", "rule", "change", "shrink") as pilot:
        await pilot.press("space", *"delta", "enter", "enter")
        for wanted in ("a–b answer", "Enter answer", "a–b answer"):
            await pilot.pause()
            assert wanted in screen_text(pilot.app).splitlines()[-1]
            await pilot.press(*(["a"] if "–" in wanted else ["1", "enter"]), "enter")
