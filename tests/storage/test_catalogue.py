"""Decks come, change and go; what was learned stays."""

import json
import sqlite3
from collections.abc import Callable

import pytest

from studyapp.memory.model import ItemState
from studyapp.storage import doctor, glance, search
from studyapp.storage.cache import CHUNK
from studyapp.storage.catalogue import CatalogueDeck, CatalogueItem
from studyapp.storage.entry import Draft
from studyapp.storage.store import Store

Review = Callable[..., Draft]
Shelve = Callable[..., None]


def test_a_deck_comes_back_as_it_was_stored(store: Store) -> None:
    deck = CatalogueDeck("d", "/x/d.md", (123, 45), "Deck", 2, {"sources": {"n": "Nielsen"}})
    items = (
        CatalogueItem("d/a", "basic", "What is δ?", "0f", '{"front": "What is $\\\\delta$?"}', ("d/b", "e/c"), "delta"),
        CatalogueItem("d/b", "cloze", "…"),
    )
    store.catalogue.replace_deck(deck, items)

    assert store.catalogue.decks() == (deck,)
    assert store.catalogue.cards("d") == items
    assert store.catalogue.item("d/a") == items[0]
    assert store.catalogue.item("d/zzz") is None


def test_a_card_that_is_kept_in_the_other_columns_alone_is_asked_like_any_other(store: Store) -> None:
    front, back = 'What is "δ"?\\', "$\\delta_j$ — 誤差\\\nand\n\nmore 😀"
    store.catalogue.replace_deck(
        CatalogueDeck("d", "/x/d.md", (1, 1), "Deck"),
        [CatalogueItem("d/a", "basic", front, "0f", "", (), f"{front}\n{back}\n\n\n")],
    )

    asked = store.queue.asked("d/a")
    glanced = glance.glance(store.path, today=20, now_ms=0, next_day_at=1)
    assert asked is not None
    assert glanced is not None
    assert glanced.first is not None
    for card in (store.catalogue.cards("d")[0].card, asked[0], glanced.first.card):
        assert json.loads(card) == {
            "deck": "d", "id": "a", "kind": "basic", "front": front, "back": back, "digest": "0f",
        }  # fmt: skip


def test_a_deck_of_any_size_comes_back_in_its_order(store: Store) -> None:
    items = [CatalogueItem(f"d/{number}", "basic", str(number)) for number in range(2 * CHUNK + 7)]
    for count in (len(items), CHUNK, 1, 0):
        store.catalogue.replace_deck(CatalogueDeck("d", "/x/d.md", (1, 1), "Deck"), iter(items[:count]))

        assert store.catalogue.cards("d") == tuple(items[:count])
        assert len(store.queue.new(1, limit=10_000)) == count


def test_a_removed_card_is_not_asked_and_keeps_its_history_until_it_returns(
    store: Store, review: Review, shelve: Shelve
) -> None:
    shelve("d", "a", "b")
    state = store.journal.append(review("d/a", day=10, due_in=1)).state

    shelve("d", "b")
    assert [one.key for one in store.queue.reviews(20)] == []
    assert store.journal.state("d/a") == state

    shelve("d", "b", "a")
    assert [one.key for one in store.queue.reviews(20)] == ["d/a"]


def test_a_removed_deck_leaves_only_history(store: Store, review: Review, shelve: Shelve) -> None:
    shelve("d", "a", "b")
    store.journal.append(review("d/a"))

    store.catalogue.remove_deck("d")

    assert store.catalogue.decks() == ()
    assert store.search.find("text") == ()
    assert store.journal.state("d/a").reps == 1


def test_a_renamed_card_keeps_its_history_and_its_undo(store: Store, review: Review, shelve: Shelve) -> None:
    shelve("d", "old", "x")
    first = store.journal.append(review("d/old", day=10)).state
    second = store.journal.append(review("d/old", day=13)).state

    shelve("d", "new", "x", aliases={"d/old": "d/new"})
    assert store.journal.state("d/new") == second
    assert store.journal.state("d/old") == ItemState()
    assert [day.reviews for day in store.statistics.days()] == [1, 1]

    store.journal.undo()
    assert store.journal.state("d/new") == first
    assert [entry.item for entry in store.journal.entries(item="d/new", void=False, kinds=["review"])] == ["d/old"]

    third = store.journal.append(review("d/new", day=14)).state
    store.journal.rebuild()
    assert store.journal.state("d/new") == third
    assert third.reps == 2


def test_every_face_of_a_renamed_card_keeps_its_history(store: Store, review: Review, shelve: Shelve) -> None:
    for face in ("", ":r", ":c2"):
        store.journal.append(review(f"d/old{face}"))

    shelve("d", "new", "new:r", "new:c2", "newer", aliases={"d/old": "d/new"})

    assert [state.reps for state in store.journal.states(["d/new", "d/new:r", "d/new:c2", "d/newer"]).values()] == [
        1, 1, 1, 0,
    ]  # fmt: skip


def test_an_alias_taken_back_gives_the_history_back(store: Store, review: Review, shelve: Shelve) -> None:
    state = store.journal.append(review("d/old")).state
    shelve("d", "new", aliases={"d/old": "d/new"})
    shelve("d", "new")

    assert store.journal.state("d/new") == ItemState()
    assert store.journal.state("d/old") == state


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("text alpha", ["d/alpha"]),
        ("ALPH", ["d/alpha"]),
        ("lpha", ["d/alpha"]),
        ('"', []),
        ('alpha" OR "', []),
        ("alpha -beta", []),
        ("100%", ["d/100%"]),
        ("w[i]", ["d/w[i]"]),
        ("逆伝播", ["d/誤差逆伝播法"]),
        ("   ", []),
        ("NEAR(", []),
        ("_", []),
    ],
)
def test_search_takes_words_as_they_are_typed(store: Store, shelve: Shelve, words: str, found: list[str]) -> None:
    """Quotes, minus signs and percent signs are query syntax somewhere; a person means the characters."""
    shelve("d", "alpha", "beta", "100%", "w[i]", "誤差逆伝播法")

    assert [hit.key for hit in store.search.find(words)] == found


def test_search_finds_the_new_text_and_no_longer_the_old(store: Store, shelve: Shelve) -> None:
    shelve("d", "alpha", "beta")
    shelve("d", "gamma", "beta")

    assert store.search.find("alpha") == ()
    assert [hit.key for hit in store.search.find("gamma")] == ["d/gamma"]


def test_a_file_whose_deck_was_given_another_id_holds_one_deck(store: Store) -> None:
    for name in ("old", "new"):
        store.catalogue.replace_deck(
            CatalogueDeck(name, "/x/d.md", (1, 1), name), [CatalogueItem(f"{name}/a", "basic", "front")]
        )

    assert [deck.id for deck in store.catalogue.decks()] == ["new"]
    assert store.catalogue.item("old/a") is None


def test_decks_stand_in_the_order_they_are_given(store: Store, shelve: Shelve) -> None:
    shelve("a", "x")
    shelve("b", "x")

    store.catalogue.arrange(["b", "a"])

    assert [deck.id for deck in store.catalogue.decks()] == ["b", "a"]
    assert [one.key for one in store.queue.new(1)] == ["b/x", "a/x"]


def test_a_very_large_deck_is_found_at_once_and_changes_and_goes_like_any_other(
    store: Store, shelve: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "LARGE", 3)

    def found(words: str) -> list[str]:
        return [hit.key for hit in store.search.find(words)]

    shelve("small", "one")
    shelve("big", "one", "two", "three", position=1)
    assert found("text two") == ["big/two"]
    shelve("big", "one", "two", "four", position=1)
    shelve("other", "one", "two", "three", position=2)
    shelve("other", "two", position=2)
    store.catalogue.remove_deck("small")
    assert sorted(found("text of one")) == ["big/one"]
    assert sorted(found("text of two")) == ["big/two", "other/two"]
    assert found("three") == []
    shelve("big", "one", "two", "five", position=1)
    assert doctor.examine(store.path).problems == ()


def test_where_the_index_cannot_be_brought_up_the_texts_are_looked_through(
    store: Store, shelve: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "LARGE", 1)
    shelve("big", "one", "two")
    other = sqlite3.connect(store.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with Store.open(store.path, busy_ms=20) as second:
        assert [hit.key for hit in second.search.find("text one")] == ["big/one"]
    other.close()
