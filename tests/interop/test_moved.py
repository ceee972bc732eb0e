"""A home folder that is copied or moved takes its imported decks along, and leaves those of the other one alone."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from studyapp.storage import wiping
from studyapp.study import importing
from studyapp.study.desk import Desk

Bring = Callable[..., Any]


def opened(home: Path) -> Desk:
    return Desk.open(home, with_bundled=False)


def as_before(home: Path) -> None:
    """Write the paths of a home as earlier versions did: in full."""
    for where in (home / "imports").glob("*/where.json"):
        said = json.loads(where.read_bytes())
        where.write_text(json.dumps({deck: str(home / path) for deck, path in said.items()}))
    config = home / "config.toml"
    config.write_text(config.read_text().replace('"decks/', f'"{home}/decks/'))


@pytest.fixture
def home(tmp_path: Path, bring: Bring) -> Path:
    """The home of somebody who brought in one table."""
    with opened(tmp_path / "a") as desk:
        bring(desk, "chat\tcat\n", name="w")
    return tmp_path / "a"


@pytest.mark.parametrize("earlier", [False, True])
def test_an_undo_in_a_copied_home_leaves_the_decks_of_the_other_one(home: Path, bring: Bring, earlier: bool) -> None:
    if earlier:
        as_before(home)
    text = (home / "decks" / "w.md").read_bytes()
    copy = home.with_name("b")
    shutil.copytree(home, copy)

    with opened(copy) as desk:
        assert desk.settings.decks == (copy / "decks" / "w.md",)
        bring(desk, "chien\tdog\n", name="w")
        assert [len(desk.library.items()), desk.undo() is not None, len(desk.library.items())] == [2, True, 1]
        assert desk.undo() is not None
        assert (desk.library.items(), desk.problems) == ([], ())

    assert not (copy / "decks" / "w.md").exists()
    assert (home / "decks" / "w.md").read_bytes() == text
    with opened(copy) as desk:
        assert desk.redo() is not None
        assert [item.card.back for item in desk.library.items()] == ["cat"]
        assert (copy / "decks" / "w.md").read_bytes() == text
    assert copy / "decks" / "w.md" in wiping.belongings(copy).decks
    with opened(home) as desk:
        assert [item.card.back for item in desk.library.items()] == ["cat"]


@pytest.mark.parametrize("earlier", [False, True])
def test_a_moved_home_has_its_imported_decks_and_their_undo(home: Path, earlier: bool) -> None:
    if earlier:
        as_before(home)
    moved = home.rename(home.with_name("b"))

    with opened(moved) as desk:
        assert [item.card.back for item in desk.library.items()] == ["cat"]
        assert desk.undo() is not None
        assert desk.library.items() == []
        assert desk.redo() is not None
        assert [item.card.back for item in desk.library.items()] == ["cat"]

    assert not home.exists()


def test_a_deck_of_ones_own_elsewhere_stays_where_it_is(home: Path, bring: Bring, tmp_path: Path) -> None:
    own = tmp_path / "notes" / "decks" / "own.md"
    own.parent.mkdir(parents=True)
    own.write_text('+++\nid = "own"\ntitle = "Own"\n+++\n\n# L\n\n## Q? {#q}\n\nA\n')
    with opened(home) as desk:
        desk.change("decks", [*map(str, desk.settings.decks), str(own)])
        bring(desk, "new\tC\n", deck="own")
    shutil.copytree(home, home.with_name("b"))

    with opened(home.with_name("b")) as desk:
        assert desk.settings.decks == (home.with_name("b") / "decks" / "w.md", own)
        assert desk.undo() is not None

    assert "## new" not in own.read_text()


def test_an_import_that_was_cut_short_is_finished_where_the_home_lies_now(
    home: Path, bring: Bring, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = (home / "decks" / "w.md").read_bytes()

    def cut(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, opened(home) as desk:
        patch.setattr(importing, "_take_places", cut)  # the power went: nothing after this was done either
        patch.setattr(importing, "_give_up", lambda *_: None)
        patch.setattr(desk.store.journal, "undo", lambda _: None)
        with pytest.raises(KeyboardInterrupt):
            bring(desk, "chien\tdog\n", name="w")
    shutil.copytree(home, home.with_name("b"))

    with opened(home.with_name("b")) as desk:
        assert [item.card.back for item in desk.library.items()] == ["cat", "dog"]

    assert (home / "decks" / "w.md").read_bytes() == text
