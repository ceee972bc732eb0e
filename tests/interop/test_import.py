"""Cards come in from other programs' tables, know themselves again, and go away in one go."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from content.checker import check
from content.model import Card, Kind
from content.reader import read
from studyapp.interop.errors import ImportRefusedError
from studyapp.memory.model import Grade
from studyapp.storage import backup
from studyapp.study.desk import Desk
from studyapp.typeset.reading import plain

Bring = Callable[..., Any]

ANKI = (
    "#separator:tab\n#html:true\n#guid column:1\n#notetype column:2\n#deck column:3\n#tags column:6\n#name:mine\n"
    "Ab,$1\tBasic\tBiology::Cells\tWhat makes <b>ATP</b>?\tThe mitochondrion&nbsp;(<i>not</i> the nucleus)"
    "\tcells leech\n"
    "# a comment\n"
    "cd\tBasic (and reversed card)\tBiology::Cells\tnucleus<br>(1831)\tKern [sound:k.mp3]\t\n"
    'ef\tBasic\tMath\t"What is \\(x < y\\) ""called""?"\t<ul><li>a relation</li>'
    "<li>H<sub>2</sub>O, x<sup>2</sup></li></ul>\t\n"
    "gh\tCloze\tMath\tThe slope is {{c1::\\(\\frac{{1}}{4}\\)::number}} and {{c2::falls}}\tSee page 3\t\n"
    'ij\tBasic\tMath\t<img src="a.png">\tonly a picture\t\n'
    "kl\tBasic\tMath\t\tno question\t\n"
    "mn\tBasic\tMath\tno answer\t\t\n"
    "cd\tBasic\tBiology::Cells\tthe same note again\tKern\t\n"
)


def cards(desk: Desk, deck: str) -> dict[str, Card]:
    found = desk.library.deck(deck)
    assert found is not None
    reading = read(found.path)
    assert check([reading]) == ()
    assert reading.deck is not None
    assert [replaced(card) for card in reading.deck.cards] == [replaced(card) for card in found.cards]
    return {card.id: card for card in found.cards}


def replaced(card: Card) -> tuple[Any, ...]:
    return card.id, card.kind, card.front, card.back, card.explanation, card.tags, card.both, card.blanks, card.digest


def test_ankis_notes_come_in_with_their_decks_kinds_tags_and_formulas(desk: Desk, bring: Bring) -> None:
    plan, done = bring(desk, ANKI)

    assert (plan.new, done.skipped) == (4, ())
    biology, math = cards(desk, "biology-cells"), cards(desk, "math")
    assert desk.deck_title("biology-cells") == "Biology: Cells"
    atp = biology["anki-Ab.2c..24.1"]
    assert atp.front == "What makes **ATP**?"
    assert plain(atp.back) == "The mitochondrion (not the nucleus)"
    assert atp.tags == ("cells", "leech")
    both = biology["anki-cd"]
    assert (both.both, both.front, both.back) == (True, "nucleus\\\n(1831)", "Kern")
    relation = math["anki-ef"]
    assert relation.front == 'What is $x < y$ "called"?'
    assert plain(relation.back).split() == ["•", "a", "relation", "•", "H₂O,", "x²"]
    cloze = math["anki-gh"]
    assert cloze.kind is Kind.CLOZE
    assert [(one.number, one.answer, one.hint) for one in cloze.blanks] == [
        (1, "$\\frac{{1}}{4}$", "number"), (2, "falls", ""),
    ]  # fmt: skip
    assert cloze.explanation == "See page 3"
    assert [(one.line, one.reason) for one in plan.skipped] == [
        (13, "it is only a picture or a sound"),
        (14, "the question is empty"),
        (15, "there is no answer"),
        (16, "it stands in the file before with another question"),
    ]
    assert plan.notices[:2] == ("images left out: 1", "sounds left out: 1")


def test_a_file_that_anki_itself_wrote_is_read(desk: Desk, bring: Bring) -> None:
    """Exported by Anki 26.9.3 from seven notes of ours, one of them with a picture alone."""
    written = Path(__file__).with_name("data").joinpath("anki_notes.txt").read_bytes()
    plan, _ = bring(desk, written)

    found = list(cards(desk, "neural-nets").values())
    assert (plan.new, [one.reason for one in plan.skipped]) == (6, ["it is only a picture or a sound"])
    assert [(plain(card.front), plain(card.back).splitlines()) for card in found if card.kind is Kind.BASIC] == [
        ("What is delta sub j?", ["the error of unit j", "second line <x>"]),
        ("front", ["back"]),
        ("#hash first", ['tab here "quoted" ; , |']),
        ("list\n• one\n• two", ["a – b", "1 – 2"]),
    ]
    assert [(card.front, card.typed) for card in found if card.kind is Kind.TYPED] == [("type", ("this",))]
    assert found[0].tags == ("a", "b::c")
    assert found[1].both
    assert [blank.hint for blank in found[2].blanks] == ["what", ""]
    again, _ = bring(desk, written.replace(b"\tthis\t", b"\tthat\t"))
    assert (again.new, again.changed, again.same) == (0, 1, 5)
    assert cards(desk, "neural-nets")[found[4].id].typed == ("that",)


def test_the_same_file_adds_nothing_and_a_corrected_one_keeps_the_progress(desk: Desk, bring: Bring) -> None:
    bring(desk, ANKI)
    session = desk.review(["math"])
    session.grade(Grade.EASY)
    keys = {item.key for item in desk.library.items()}

    same, nothing = bring(desk, ANKI)
    assert (same.new, same.changed, same.same, nothing.act) == (0, 0, 4, "")

    corrected, done = bring(
        desk, ANKI.replace("What is \\(x < y\\)", "How is \\(x < y\\)") + "op\tBasic\tMath\tq\ta\t\n"
    )
    assert (corrected.new, corrected.changed, corrected.same) == (1, 1, 3)
    assert done.act
    assert {item.key for item in desk.library.items()} == keys | {"math/anki-op"}
    assert cards(desk, "math")["anki-ef"].front.startswith("How is")
    assert desk.store.journal.state("math/anki-ef").reps == 1


def test_without_ids_a_card_is_known_by_its_question_and_hand_made_changes_around_it_stay(
    desk: Desk, bring: Bring
) -> None:
    bring(desk, "term,definition\nepoch,one pass\nbatch,some samples\n", name="My words")
    path = desk.home / "decks" / "my-words.md"
    path.write_text(path.read_text() + "\n# A section\n\nMine.\n\n## Own? {#own}\n\nYes.\n\n> Why.\n")
    desk.refresh()

    plan, _ = bring(
        desk, "term,definition,hint\nepoch,one pass over the data,think\nstep,one update,\n", name="My words"
    )

    assert (plan.new, plan.changed, plan.same) == (1, 1, 0)
    found = cards(desk, "my-words")
    assert list(found) == ["epoch", "batch", "own", "step"]
    assert (found["epoch"].back, found["epoch"].hint) == ("one pass over the data", "think")
    assert "# A section\n\nMine.\n" in path.read_text()
    assert found["own"].explanation == "Why."


def test_undo_and_redo_of_an_import_reach_over_restarts_and_lose_no_version(
    open_desk: Callable[[], Desk], bring: Bring
) -> None:
    desk = open_desk()
    bring(desk, "a,1\nb,2\n", name="w")
    path = desk.home / "decks" / "w.md"
    first = path.read_bytes()
    desk.review(["w"]).grade(Grade.GOOD)
    bring(desk, "a,one\nc,3\n", name="w")
    second = path.read_bytes()
    desk.suspend("w/c")

    desk = open_desk()
    assert desk.undo().words.startswith("Suspend")
    assert desk.undo().words == "Import of 1 new card and 1 changed card into w taken back"
    assert path.read_bytes() == first
    assert desk.item("w/c") is None
    desk = open_desk()
    assert desk.undo().item == "w/a"
    path.write_bytes(first + b"\n## Mine? {#mine}\n\nYes.\n")
    assert desk.undo().words == "Import of 2 new cards into w taken back"
    assert not path.exists()
    assert (desk.library.items(), desk.problems, desk.settings.decks) == ([], (), ())

    desk = open_desk()
    assert desk.undo() is None
    for words in ("Import of 2 new cards", "Good of", "Import of 1 new card", "Suspend"):
        assert desk.redo().words.startswith(words)
        desk = open_desk()
    assert path.read_bytes() == second
    assert desk.store.journal.state("w/a").reps == 1
    assert desk.store.journal.state("w/c").suspended
    kept = b"".join(one.read_bytes() for one in (desk.home / "imports").rglob("*") if one.is_file())
    assert b"## Mine?" in kept, "what was written between is kept"
    assert all(one.stat().st_mode & 0o077 == 0 for one in (desk.home / "imports").rglob("*"))


def test_a_session_goes_on_when_the_import_of_its_cards_is_taken_back(desk: Desk, bring: Bring) -> None:
    bring(desk, "a,1\n", name="second")
    bring(desk, "b,2\nc,3\n", name="first")
    session = desk.review()
    assert session.current is not None
    assert session.current.question.key == "first/b"

    assert session.undo() == "Import of 2 new cards into first taken back"

    assert session.current.question.key == "second/a"
    session.grade(Grade.EASY)
    assert session.current is None


def test_an_import_is_backed_up_before_and_goes_into_a_deck_of_ones_own(
    desk: Desk, bring: Bring, tmp_path: Path
) -> None:
    own = tmp_path / "own.md"
    own.write_bytes(b'+++\r\nid = "own"\r\ntitle = "Own"\r\n+++\r\n\r\n# L\r\n\r\n## Q? {#q}\r\n\r\nA\r\n')
    desk.change("decks", [str(own)])

    plan, done = bring(desk, "Q?\tB\nnew\tC\n", deck="own")

    assert (plan.new, plan.changed) == (1, 1)
    assert own.read_bytes() == (
        b'+++\r\nid = "own"\r\ntitle = "Own"\r\n+++\r\n\r\n# L\r\n\r\n## Q? {#q}\r\n\r\nB\r\n'
        b"\r\n## new {#new}\r\n\r\nC\r\n"
    )
    assert done.backup in [one.path for one in backup.backups(desk.store.path) if one.reason == backup.BEFORE_IMPORT]
    assert desk.undo(done.act) is not None
    assert b"C\r\n" not in own.read_bytes()
    assert own in desk.settings.decks


@pytest.mark.parametrize(
    ("data", "fronts"),
    [
        ("\ufeffhäufig\tx\r\nq\ty\r\n".encode(), ["häufig", "q"]),
        ("häufig;x\rq;y\r".encode("utf-16"), ["häufig", "q"]),
        ("häufig,x\nq,y".encode("windows-1252"), ["häufig", "q"]),
        (b"one - eins\ntwo-fold - zweifach\n", ["one", "two-fold"]),
        (b"tags:a b\nq\tx\n", ["q"]),
        ("a\u200bb\tx\u00a0y\n\n\nc\u202ed\ty\n".encode(), ["ab", "cd"]),
        (b'"two\nlines"\tx\nq\ty\n', ["two\\\nlines", "q"]),
        (b'"open\tx\nq\ty\n', ['"open', "q"]),
        (b"a, or b\tx\nc, or d\ty\n", ["a, or b", "c, or d"]),
        (b"a;b,x\nc;d,y\ne,z\n", ["a;b", "c;d", "e"]),
    ],
)
def test_encodings_line_ends_and_separators_are_found(desk: Desk, bring: Bring, data: bytes, fronts: list[str]) -> None:
    bring(desk, data)

    assert [card.front for card in cards(desk, "words").values()] == fronts


def test_a_long_answer_is_cut_where_a_sentence_ends_and_nothing_of_it_is_lost(desk: Desk, bring: Bring) -> None:
    sentences = [f"Sentence {number} says one more thing about it." for number in range(20)]
    endless = " ".join(f"w{number}" for number in range(150))
    bring(desk, f"q\t{' '.join(sentences)}\nr\t{endless}\n" + 's\t"' + "\n".join("abcdefghij") + '"\n')

    for card, whole in zip(
        cards(desk, "words").values(), (" ".join(sentences), endless, " ".join("abcdefghij")), strict=True
    ):
        words = f"{plain(card.back)} {plain(card.explanation)}".replace("…", "").split()
        assert words == whole.split()
        assert card.explanation


def test_one_odd_row_among_thousands_changes_none_of_the_others(desk: Desk, bring: Bring) -> None:
    rows = [f"question {number}\tanswer {number}" for number in range(1_700)]
    odd = {3: "# not a heading\t*x*", 700: "\tno question", 701: "question 5\tagain", 702: "only", 1_699: "$5\té"}
    plan, done = bring(desk, "\n".join(odd.get(number, row) for number, row in enumerate(rows)))

    assert [(one.line, one.reason) for one in plan.skipped] == [
        (701, "the question is empty"),
        (702, "it stands in the file before with another answer"),
        (703, "there is no answer"),
    ]
    assert done.skipped == ()
    found = list(cards(desk, "words").values())
    assert [plain(card.front) for card in found[:5]] == [
        "question 0", "question 1", "question 2", "# not a heading", "question 4",
    ]  # fmt: skip
    assert (len(found), plain(found[-1].front), found[699].id) == (1_697, "$5", "question-699")


def test_a_card_that_is_lost_to_another_answer_is_named_with_both_lines(desk: Desk, bring: Bring) -> None:
    same = "cell\tmembrane\ncell\tmembrane\n"
    plan, _ = bring(desk, f"{same}cell\tnucleus\n" + "".join(f"x{n}\tfirst\nx{n}\tsecond\n" for n in range(6)))

    assert [(one.line, one.reason, one.earlier) for one in plan.skipped[:3]] == [
        (2, "it stands in the file before", 1),
        (3, "it stands in the file before with another answer", 1),
        (5, "it stands in the file before with another answer", 4),
    ]
    (told,) = plan.notices
    assert "line 3 differs from line 1, line 5 differs from line 4" in told
    assert "line 2" not in told
    assert "and 2 more" in told


def test_a_great_many_questions_that_begin_alike_get_ids_in_no_time(desk: Desk, bring: Bring) -> None:
    long = "what is the same at the beginning of every question"
    plan, _ = bring(desk, "".join(f"{long} {number}\t{number}\n" for number in range(5_000)))

    assert len({new.id for new in plan.decks[0].new}) == 5_000


@pytest.mark.parametrize(
    ("data", "said"),
    [(b"", "no separator"), (b"just words\nand more\n", "no separator"), (b"#separator:tab\n", "no row")],
)
def test_a_file_without_a_table_is_refused_in_a_sentence(desk: Desk, bring: Bring, data: bytes, said: str) -> None:
    with pytest.raises(ImportRefusedError, match=said):
        bring(desk, data)
    assert not (desk.home / "decks").exists()


def test_a_deck_that_comes_with_the_program_is_left_alone(tmp_path: Path, bring: Bring) -> None:
    with Desk.open(tmp_path / "home") as desk, pytest.raises(ImportRefusedError, match="comes with the program"):
        bring(desk, "a\tb\n", deck="training-loop")
