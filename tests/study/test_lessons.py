"""Lessons open when what comes before them is known."""

from dataclasses import replace
from pathlib import Path

from content.model import Card, Deck, Kind, Lesson, Source
from studyapp.memory.model import Grade
from studyapp.study import settings
from studyapp.study.desk import Desk
from studyapp.study.lessons import LessonState, cite
from studyapp.study.library import in_order


def deck(name: str, *requires: str, order: int = 0) -> Deck:
    return Deck(name, name.title(), Path(f"{name}.md"), order=order, requires=requires)


def test_decks_stand_in_the_order_in_which_they_can_be_learned() -> None:
    decks = [deck("c", "b", order=2), deck("b", "a", order=3), deck("a", order=9), deck("z", order=1)]

    assert [one.id for one in in_order(decks)] == ["z", "a", "b", "c"]


def test_a_cycle_of_prerequisites_hangs_nothing() -> None:
    assert {one.id for one in in_order([deck("a", "b"), deck("b", "a")])} == {"a", "b"}


def write(path: Path, name: str, requires: str = "") -> None:
    path.write_text(
        f'+++\nid = "{name}"\ntitle = "{name.title()}"\nrequires = [{requires}]\n+++\n\n# One\n\nProse.\n\n'
        f'## Q? {{#q tags="idea"}}\n\nA\n\n## P? {{#p tags="idea other"}}\n\nB\n'
    )


def test_a_locked_deck_brings_no_new_items_until_what_it_requires_is_known(tmp_path: Path, clock) -> None:
    (tmp_path / "decks").mkdir()
    write(tmp_path / "decks" / "first.md", "first")
    write(tmp_path / "decks" / "second.md", "second", '"first"')
    settings.save(tmp_path / "home", settings.changed(settings.Settings(), "decks", [str(tmp_path / "decks")]))
    with Desk.open(tmp_path / "home", clock, with_bundled=False) as desk:
        assert [(row.deck, row.state) for row in desk.lessons()] == [
            ("first", LessonState.READY),
            ("second", LessonState.LOCKED),
        ]
        assert desk.lessons()[1].locked_by == ("First",)
        assert all(key.startswith("first/") for key in desk.plan().main)
        assert desk.plan(["second"]).new == 2

        session = desk.review()
        while session.current is not None:
            session.grade(Grade.EASY)

        assert [row.state for row in desk.lessons()] == [LessonState.KNOWN, LessonState.READY]
        assert desk.plan().main == ("second/q", "second/p")


def test_a_lesson_has_the_one_before_and_the_one_after_as_neighbours(open_desk, tmp_path: Path) -> None:
    paths = [tmp_path / "small.md", tmp_path / "second.md", tmp_path / "third.md"]
    for path, before in ((paths[1], "small"), (paths[2], "second")):
        text = f'+++\nid = "{path.stem}"\ntitle = "T"\nrequires = ["{before}"]\n+++\n\n## Q {{#q}}\n\nA\n'
        path.write_text(text, encoding="utf-8")
    desk = open_desk()
    desk.change("decks", [str(path) for path in paths])

    around = [(lesson.previous, lesson.next) for lesson in map(desk.lesson, ("small", "second", "third"))]
    assert around == [("", "second"), ("small", "third"), ("second", "")]


def test_a_lesson_has_pages_with_their_cards(desk: Desk) -> None:
    lesson = desk.lesson("small")

    assert [page.title for page in lesson.pages] == ["First section", "Second section"]
    assert lesson.pages[0].prose == "Prose about $\\delta$."
    assert [card.id for card in lesson.pages[0].pre] == ["delta"]
    assert lesson.sources == {"nielsen": "Neural Networks and Deep Learning"}
    assert desk.lesson("nothing") is None


def test_the_concept_map_shows_what_is_known_of_each_concept(desk: Desk) -> None:
    session = desk.review()
    session.grade(Grade.EASY)

    concepts = {concept.name: concept for concept in desk.concept_map()[0].concepts}

    assert concepts["error-term"].state is LessonState.KNOWN
    assert concepts["chain-rule"].state is LessonState.READY
    assert "pre" not in concepts


def test_a_card_names_the_place_in_the_work_and_the_lesson_all_places_that_its_prose_cites() -> None:
    book = Source("book", "A Book", author="Somebody", year=2015)
    brief = replace(book, short="Somebody")
    card = Card("d", "c", Kind.BASIC, "Why?", "So.", sources=("book",), locators=(("book", "chapter 2, p. 3"),))
    pages = tuple(Lesson("L", "", (), 1, sources=("book",), locators=(("book", place),)) for place in ("p. 1", "p. 9"))
    deck = Deck("d", "D", Path("d.md"), sources=(book,), lessons=pages)

    assert cite(deck, card) == {"book": "Somebody, A Book, 2015, chapter 2, p. 3"}
    assert cite(deck) == {"book": "Somebody, A Book, 2015, p. 1, p. 9"}
    assert cite(replace(deck, sources=(brief,)), card) == {"book": "Somebody, chapter 2, p. 3"}
    assert cite(replace(deck, sources=(brief,))) == cite(deck)
