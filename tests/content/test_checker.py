"""What `deck check` finds when whole decks are looked at: each fault by its place, none in a sound deck."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from content import bundled
from content.checker import Judges, check, count
from content.finding import files
from content.model import Check, Problem
from content.reader import read
from content.starter import starter

HEAD = '+++\nid = "d"\ntitle = "D"\n[sources]\nbook = "A book"\n+++\n\n'
Run = Callable[..., tuple[Problem, ...]]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    def run(*texts: str, judges: Judges | None = None) -> tuple[Problem, ...]:
        paths = [tmp_path / f"{number}.md" for number in range(len(texts))]
        for path, text in zip(paths, texts, strict=True):
            path.write_text(text, encoding="utf-8")
        return check([read(path) for path in paths], judges=judges)

    return run


def places(problems: Sequence[Problem]) -> list[tuple[int, int, str]]:
    return [(problem.line, problem.column, problem.code) for problem in problems]


def statement(identity: str, right: str) -> str:
    boxes = ("x", " ") if right == "True" else (" ", "x")
    return f"## {identity} {{#{identity}}}\n\n- [{boxes[0]}] True\n- [{boxes[1]}] False\n\n"


def choice(identity: str, right: int) -> str:
    return (
        f"## {identity} {{#{identity}}}\n\n"
        + "".join(f"- [{'x' if at == right else ' '}] {at}\n" for at in range(3))
        + "\n"
    )


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("## a {#a}\n\nb [@nobody]\n", (10, 4, "unknown-source")),
        ("## a {#a}\n\nb [@nobody, p. 3; @book]\n", (10, 4, "unknown-source")),
        ("## a {#a}\n\nb [@book, $3$]\n", (10, 3, "bad-citation")),
        ("# L\n\nb [@book,\np. 3]\n\n## a {#a}\n\nb\n", (10, 3, "bad-citation")),
        ("## a {#a}\n\n- [ ] The  chain rule.\n- [x] the chain rule\n", (11, 1, "distractor-is-answer")),
        ("## a {#a}\n\n- [ ] b\n- [ ] b\n- [x] c\n", (11, 1, "duplicate-option")),
        ("## a {#a}\n\n- [x] b\n", (8, 1, "no-distractor")),
        ("## a {#a}\n\n= 0.526 ± 0.01\n\n- [ ] 0.52\n", (12, 1, "wrong-value-accepted")),
        ("## a {#a}\n\n= 0.5260\n\n- [ ] 0.526049\n", (12, 1, "wrong-value-accepted")),
        ('## a {#a}\n\n= "loss"\n\n- [ ] Loss\n', (12, 1, "distractor-is-answer")),
        ('## a {#a}\n\n```exercise\ntemplate = "none"\n```\n', (11, 12, "unknown-template")),
        ('## a {#a requires="b"}\n\nb\n', (8, 20, "unknown-prerequisite")),
        ('## a {#a requires="e/b"}\n\nb\n', (8, 20, "unknown-prerequisite")),
        ('## a {#a requires="b"}\n\nx\n\n## b {#b requires="a"}\n\nx\n', (8, 1, "cycle")),
        ("## a {#a}\n\n" + "word " * 61 + "\n", (8, 1, "long-answer")),
        ("## a {#a}\n\n" + "- point\n" * 7, (8, 1, "long-answer")),
        (statement("a", "True") + statement("b", "True") + statement("c", "True"), (8, 1, "always-true")),
        ("".join(choice(name, 1) for name in "abcd"), (8, 1, "same-position")),
    ],
)
def test_a_fault_is_named_at_its_place(run: Run, body: str, expected: tuple[int, int, str]) -> None:
    problems = run(HEAD + body)

    assert places(problems) == [expected]
    assert problems[0].remedy


@pytest.mark.parametrize(
    "body",
    [
        "## a {#a}\n\n= 0.526\n\n- [ ] 0.474\n- [ ] 0.5208\n",
        "## a {#a}\n\n= [0.5, 1]\n\n- [ ] [1, 0.5]\n- [ ] 0.5\n",
        '## a {#a requires="b d"}\n\nx\n\n## b {#b}\n\nx\n',
        statement("a", "True") + statement("b", "False") + statement("c", "True"),
        "".join(choice(name, at) for at, name in zip((1, 1, 1, 2), "abcd", strict=True)),
        "## a {#a}\n\n" + "- point\n" * 6,
        "## a {#a}\n\n$" + "x + " * 70 + "x$\n",
        "## a {#a}\n\nb [@book]\n",
    ],
)
def test_a_sound_deck_has_no_faults(run: Run, body: str) -> None:
    assert run(HEAD + body) == ()


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ('requires = ["none"]', (3, 14, "unknown-deck")),
        ('tags = ["t"]', (6, 16, "unknown-tag")),
        ('[aliases]\na = "b"', (4, 1, "bad-alias")),
        ('[aliases]\nz = "y"', (4, 1, "bad-alias")),
    ],
)
def test_a_fault_of_the_front_matter_is_named_at_its_line(run: Run, lines: str, expected: tuple[int, int, str]) -> None:
    body = '\n\n## a {#a tags="u"}\n\nx\n\n## b {#b}\n\nx\n'

    assert places(run(f'+++\nid = "d"\n{lines}\n+++{body}')) == [expected]


def test_prerequisites_reach_into_other_decks_and_through_renames(run: Run) -> None:
    other = '+++\nid = "e"\n[aliases]\nformer = "b"\n+++\n\n## b {#b}\n\nx\n'

    assert run(HEAD + '## a {#a requires="e/b e/former"}\n\nx\n', other) == ()


def test_a_card_that_moved_to_another_deck_is_found_by_its_former_name(run: Run) -> None:
    moved = HEAD.replace("[sources]", '[aliases]\n"e/b" = "b"\n[sources]') + "## b {#b}\n\nx\n"
    asking = '+++\nid = "e"\ntitle = "E"\n+++\n\n## a {#a requires="b e/b"}\n\nx\n'

    assert run(moved, asking) == ()
    assert [problem.code for problem in run(moved, asking + "\n## b {#b}\n\nx\n")] == ["bad-alias"]


def test_decks_that_require_one_another_or_share_an_id_are_named(run: Run) -> None:
    first = '+++\nid = "d"\nrequires = ["e"]\n+++\n'
    second = '+++\nid = "e"\nrequires = ["d"]\n+++\n'

    assert [problem.code for problem in run(first, second)] == ["cycle"]
    assert places(run(HEAD, HEAD)) == [(2, 1, "duplicate-deck-id")]


def test_two_decks_with_one_id_each_keep_their_own_cards(run: Run) -> None:
    """Only the clash is told: the prerequisites of either deck are there, in its own file."""
    first = HEAD + "## a {#a}\n\nb\n\n## c {#c requires=a}\n\nd\n"
    second = HEAD + "## e {#e}\n\nf\n\n## g {#g requires=e}\n\nh\n"

    assert places(run(first, second)) == [(2, 1, "duplicate-deck-id")]


def test_everything_is_told_in_one_run_sorted_by_place(run: Run) -> None:
    body = "## a {#a}\n\nb [@nobody]\n\n## b\n\nc\n\n## c {#c}\n\n- [ ] d\n\n## e {#a}\n\nf\n"

    problems = run(HEAD + body)

    assert [problem.code for problem in problems] == ["unknown-source", "missing-id", "no-right-option", "duplicate-id"]
    assert list(problems) == sorted(problems)


CLAIMS = "'y = wx' = 'y = w*x'\n'y = w' = 'y = w'\n"
CHECKED = "## a {#a}\n\n$y = wx$ and $z$\n\n```check\nforward = 'y = w*x'\n[claims]\n" + CLAIMS + "```\n"


def test_a_claim_must_stand_on_the_card_word_for_word(run: Run) -> None:
    assert places(run(HEAD + CHECKED)) == [(16, 1, "claim-not-shown")]


def test_what_the_judges_say_is_told_where_the_formula_stands(run: Run) -> None:
    def claims(found: Check) -> dict[str, str]:
        return dict.fromkeys(list(found.claims)[:1], "6 is not 7")

    judges = Judges(formula=lambda tex: "no such letter" if tex == "z" else None, claims=claims)

    problems = run(HEAD + CHECKED.replace("'y = w' = 'y = w'\n", ""), judges=judges)

    assert places(problems) == [(10, 15, "bad-formula"), (15, 1, "false-claim")]
    assert "6 is not 7" in problems[1].message


def test_a_template_beside_the_deck_is_found_and_judged(run: Run, tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text("")
    body = '## a {#a}\n\n```exercise\ntemplate = "mine"\n```\n'

    assert run(HEAD + body) == ()
    judges = Judges(template=lambda path: f"{path.name} is empty")
    assert places(run(HEAD + body, judges=judges)) == [(11, 12, "bad-template")]


def test_counts_are_what_a_person_would_count(every_kind: str, tmp_path: Path) -> None:
    file = tmp_path / "d.md"
    file.write_text(every_kind)
    deck = read(file).deck
    assert deck is not None

    counts = count([deck])

    assert (counts.decks, counts.lessons, counts.cards, counts.items) == (1, 1, 8, 10)
    assert (counts.options_with_feedback, counts.formulas, counts.claims) == (2, 6, 0)
    assert counts.kinds["numeric"] == 1


def test_the_starter_deck_passes_its_own_check(tmp_path: Path) -> None:
    """A first deck that complains would be a poor welcome."""
    file = tmp_path / "d.md"
    file.write_text(starter('a"b'.replace('"', ""), 'My "first" \\ deck'))
    (tmp_path / "linear-neuron.toml").touch()
    reading = read(file)

    assert check([reading]) == ()
    assert reading.deck is not None
    assert reading.deck.title == 'My "first" \\ deck'
    assert len({card.kind for card in reading.deck.cards}) == 8


def test_every_bundled_card_can_be_read() -> None:
    readings = [read(path) for path in files([bundled() / "decks"])]

    assert [problem for reading in readings for problem in reading.problems] == []
    assert sum(len(reading.deck.cards) for reading in readings if reading.deck) > 100


def test_a_claim_may_stand_behind_a_blank(run: Run) -> None:
    card = "## {#a}\n\nThe neuron: $y = {{1|wx}} + b$.\n\n```check\nforward = 'y = w*x + b'\n[claims]\n"
    assert run(HEAD + card + "'y = wx + b' = 'y = w*x + b'\n```\n") == ()
    assert places(run(HEAD + card + "'y = xw + b' = 'y = w*x + b'\n```\n")) == [(15, 1, "claim-not-shown")]
