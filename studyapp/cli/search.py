"""`studyapp search`: find cards by words and by where they stand."""

from __future__ import annotations

import re
import unicodedata

import click

from studyapp.cli.common import clean, decks_on, desk, fail, print_json
from studyapp.cli.plain import Talk

_STRANGE = re.compile(r"(?!(?:is|deck|kind|flag):)[a-z]+:\w")
"""What looks like a filter and is none."""


@click.command()
@click.argument("words", nargs=-1, required=True)
@click.option("--limit", "-n", type=click.IntRange(min=1), default=50, show_default=True, help="At most so many.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(*, words: tuple[str, ...], limit: int, as_json: bool) -> None:
    """Find the cards that have all WORDS, the best first; signs count, blanks and punctuation alone do not.

    Filters: is:new is:learning is:review is:due is:suspended is:buried is:leech is:flagged, deck:ID, kind:choice,
    flag:2.
    """
    if not any(map(_findable, " ".join(words))):
        fail("there is nothing to look for; type a word or a part of one, or a filter such as is:due")
    with desk(reading=True) as opened:
        found = opened.browse(" ".join(words), limit=limit)
        if not found.rows:
            decks_on(opened, [term.removeprefix("deck:") for term in " ".join(words).split() if _names_deck(term)])
    if found.unknown:
        fail(f"there is no filter {' '.join(found.unknown)}; `studyapp search --help` lists them")
    if as_json:
        print_json(
            [
                {
                    "key": row.key,
                    "deck": row.deck,
                    "kind": row.kind,
                    "front": _front(row.front, row.key),
                    "standing": row.standing,
                    "due": row.due.isoformat() if row.due else None,
                }
                for row in found.rows
            ]
        )
        return
    talk = Talk()
    for row in found.rows:
        due = f", due {row.due}" if row.due else ""
        click.echo(f"{clean(row.key)}  {talk.one_line(_front(row.front, row.key))}  ({row.standing}{due})")
    if not found.rows:
        strange = [term for term in " ".join(words).split() if _STRANGE.match(term)]
        hint = f" ({', '.join(strange)}: read as words; filters are is: deck: kind: flag:)" if strange else ""
        click.echo(clean(f"No card has all of that{hint}."), err=True)
    elif found.more:
        click.echo(f"There are more than {limit}; --limit shows them.", err=True)


def _findable(char: str) -> bool:
    """Whether a character is more than a blank or a mark that nearly every text has; the signs of formulas are."""
    return unicodedata.category(char)[0] in "LNSM"


def _names_deck(term: str) -> bool:
    return len(term) > len("deck:") and term.startswith("deck:")


def _front(front: str, key: str) -> str:
    """The question that the item asks: a cloze without its marks."""
    from studyapp.study.asking import cloze_text  # help must not cost it

    number = key.rpartition(":c")[2]
    return cloze_text(front, int(number), hide=True) if ":c" in key and number.isdecimal() else front
