"""The learner's choices survive being written, read and broken."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studyapp.study import settings
from studyapp.study.settings import Settings, SettingsError


def test_a_new_learner_gets_the_defaults_and_no_file_is_made(tmp_path: Path) -> None:
    assert settings.load(tmp_path) == Settings()
    assert list(tmp_path.iterdir()) == []


@given(theme=st.text(), deck=st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1))
def test_what_is_saved_is_what_is_read(tmp_path_factory: pytest.TempPathFactory, theme: str, deck: str) -> None:
    home = tmp_path_factory.mktemp("home")
    theme = theme.encode("utf-8", "ignore").decode()
    chosen = settings.changed(Settings(), "desired_retention", 0.85)
    chosen = settings.changed(settings.changed(chosen, "theme", theme), "decks", [deck])

    settings.save(home, chosen)

    assert settings.load(home) == chosen


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("desired_retention = 1.5", "desired_retention must lie between 0.7 and 0.99"),
        ('new_per_day = "many"', "new_per_day must be a whole number"),
        ("grade_by = 'stars'", "grade_by must be one of grades, confidence"),
        ("easy_days = [1, 1]", "easy_days must be seven numbers"),
        ("learning_steps = [0]", "learning_steps must be seconds"),
        ("theme = ", "config.toml"),
    ],
)
def test_a_fault_in_the_file_is_named_and_the_file_stays(tmp_path: Path, line: str, said: str) -> None:
    (tmp_path / "config.toml").write_text(line)

    with pytest.raises(SettingsError, match=said):
        settings.load(tmp_path)

    assert (tmp_path / "config.toml").read_text() == line


def test_settings_of_a_newer_program_are_kept(tmp_path: Path) -> None:
    """Two machines need not be updated on the same day."""
    (tmp_path / "config.toml").write_text('voice = "calm"\n')

    settings.save(tmp_path, settings.changed(settings.load(tmp_path), "theme", "nord"))

    assert 'voice = "calm"' in (tmp_path / "config.toml").read_text()
    assert settings.load(tmp_path).theme == "nord"


def test_an_unknown_setting_is_refused() -> None:
    with pytest.raises(ValueError, match="no setting 'colour'"):
        settings.changed(Settings(), "colour", "red")


def test_decks_in_the_home_folder_are_named_from_there_and_others_in_full(tmp_path: Path) -> None:
    home, own = tmp_path / "home", tmp_path / "own.md"

    settings.save(home, settings.changed(Settings(), "decks", [str(home / "decks" / "w.md"), str(own)]))

    assert f'decks = ["decks/w.md", "{own}"]' in (home / "config.toml").read_text()
    assert settings.load(home).decks == (home / "decks" / "w.md", own)
    assert settings.load(home.rename(tmp_path / "moved")).decks == (tmp_path / "moved" / "decks" / "w.md", own)


def test_a_deck_is_typed_from_the_folder_one_is_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "me"))

    chosen = settings.changed(Settings(), "decks", ["d.md", "~/e.md"])
    settings.save(tmp_path / "home", chosen)

    assert settings.load(tmp_path / "home").decks == (tmp_path / "d.md", tmp_path / "me" / "e.md")
