"""The person's own editor: which command opens the card at its line, and what is said when none does."""

from pathlib import Path

import pytest

from studyapp.ui import editor

CARD = Path("/decks/my deck.md")


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        ("vim", ["vim", "+12", "/decks/my deck.md"]),
        ("/usr/bin/nano -w", ["/usr/bin/nano", "-w", "+12", "/decks/my deck.md"]),
        ("code", ["code", "--wait", "--goto", "/decks/my deck.md:12"]),
        ("hx", ["hx", "/decks/my deck.md:12"]),
        ("'my editor' --new", ["my editor", "--new", "/decks/my deck.md"]),
    ],
)
def test_the_card_is_opened_at_its_line_where_the_editor_can(chosen: str, expected: list[str]) -> None:
    assert editor.command(chosen, CARD, 12) == expected


def test_the_setting_comes_before_visual_and_visual_before_editor(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EDITOR", "ed")
    assert editor.command("", CARD, 1)[0] == "ed"
    monkeypatch.setenv("VISUAL", "vi")
    assert editor.command("", CARD, 1)[0] == "vi"
    assert editor.command("micro", CARD, 1)[0] == "micro"


def test_without_any_editor_a_sentence_says_what_to_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")

    with pytest.raises(ValueError, match="set EDITOR"):
        editor.command("", CARD, 1)


def test_a_command_that_cannot_be_read_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ValueError, match="quotation"):
        editor.command("vi 'unfinished", CARD, 1)
