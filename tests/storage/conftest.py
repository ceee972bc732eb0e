"""A learner's folder, an open store, and drafts as a session would write them."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from studyapp.storage.catalogue import CatalogueDeck, CatalogueItem
from studyapp.storage.entry import Draft
from studyapp.storage.store import Store

DAY_MS = 86_400_000


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the database will be."""
    return tmp_path / "home" / "studyapp.db"


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    """An open, empty database."""
    with Store.open(path) as opened:
        yield opened


@pytest.fixture
def review() -> Callable[..., Draft]:
    """Make the draft of a review: `review("deck/card", day=10, grade=3, due_in=2)`."""

    def make(item: str, *, day: int = 10, grade: int = 3, due_in: int = 3, at: int | None = None, **body: Any) -> Draft:
        when = day * DAY_MS if at is None else at
        return Draft(when, item, "review", grade, 2_000, {"day": day, "due_day": day + due_in, "phase": 2, **body})

    return make


@pytest.fixture
def shelve(store: Store) -> Callable[..., None]:
    """Put a deck into the catalogue: `shelve("d", "a", "b")` has the items d/a and d/b."""

    def put(deck: str, *names: str, position: int = 0, aliases: dict[str, str] | None = None) -> None:
        store.catalogue.replace_deck(
            CatalogueDeck(deck, f"/decks/{deck}.md", (1, len(names)), deck.title(), position, {"lessons": []}),
            [
                CatalogueItem(
                    f"{deck}/{name}", "basic", f"front {name}", name, f'{{"id":"{name}"}}', text=f"text of {name}"
                )
                for name in names
            ],
            aliases,
        )

    return put
