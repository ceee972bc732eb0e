"""A `Deck` as the text of a deck file: the reader's other half, for decks that come from other programs.

`studyapp deck fmt` does not come here: it never rewrites what a person has written.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path

from content import answers
from content.inline import gaps
from content.model import Card, Check, Deck, Kind, Lesson, NumericAnswer, Option, Source
from content.reader import read_text

_RULE = re.compile(r"(?m)^ {0,3}([-*_])(?:[ \t]*\1){2,}[ \t]*$")


class WriteError(ValueError):
    """A deck that cannot be said in the deck format; the text names the cards and why."""


def write(deck: Deck) -> str:
    """The text of `deck`; reading it gives the same deck again (but for lines, and digests that were left empty).

    Raises: WriteError when a text would read as something else, for example an answer that begins with `= 5`.
    """
    parts = [_front_matter(deck)]
    placed = {identity for lesson in deck.lessons for identity in lesson.cards}
    parts += [_card(card) for card in deck.cards if card.id not in placed]
    by_id = {card.id: card for card in deck.cards}
    for lesson in deck.lessons:
        parts.append(_lesson(lesson))
        parts += [_card(by_id[identity]) for identity in lesson.cards if identity in by_id]
    text = "\n\n".join(parts) + "\n"
    _prove(deck, text)
    return text


def _prove(deck: Deck, text: str) -> None:
    again = read_text(text, deck.path)
    if again.deck is None:
        raise WriteError(f"the deck “{deck.id}” cannot be written: {again.problems[0]}")
    read = {card.id: card for card in again.deck.cards}
    changed = []
    for card in deck.cards:
        back = read.get(card.id)
        if back is None or back != (card if card.digest else replace(card, digest=back.digest)):
            changed.append(card.id)
    if changed:
        reasons = "; ".join(problem.message for problem in again.problems[:3])
        raise WriteError(
            f"these cards would read as something else: {', '.join(changed[:10])}"
            + (f" ({reasons})" if reasons else "")
        )
    if replace(again.deck, cards=deck.cards) != deck:
        raise WriteError(f"the lessons or the front matter of “{deck.id}” would read as something else")


def _front_matter(deck: Deck) -> str:
    lines = ["+++", f"id = {_toml(deck.id)}", f"title = {_toml(deck.title)}"]
    if deck.order:
        lines.append(f"order = {deck.order}")
    for name in ("license", "description"):
        if getattr(deck, name):
            lines.append(f"{name} = {_toml(getattr(deck, name))}")
    for name in ("requires", "tags"):
        if getattr(deck, name):
            lines.append(f"{name} = {_toml(list(getattr(deck, name)))}")
    if deck.sources:
        lines += ["", "[sources]", *(f"{_key(source.key)} = {_toml(_source(source))}" for source in deck.sources)]
    if deck.aliases:
        lines += ["", "[aliases]", *(f"{_key(old)} = {_toml(new)}" for old, new in deck.aliases.items())]
    return "\n".join([*lines, "+++"])


def _source(source: Source) -> dict[str, object]:
    found: dict[str, object] = {"title": source.title}
    found |= {name: getattr(source, name) for name in ("url", "author", "short") if getattr(source, name)}
    return found if source.year is None else {**found, "year": source.year}


def _lesson(lesson: Lesson) -> str:
    title = lesson.title + (" #" if lesson.title.endswith("#") else "")
    body = [lesson.prose, _citation(lesson)]
    if re.search("`|~~~", lesson.prose):
        body.reverse()  # behind an open fence the citation would be code
    parts = [f"# {title}".rstrip(), *body, *map(_check, lesson.checks)]
    return "\n\n".join(part for part in parts if part)


def _card(card: Card) -> str:
    heading, body = _heading_and_body(card.front)
    text = _card_with(card, heading, body)
    if not re.match(r"[`~]{3}", heading):
        return text
    # "~~~" and an empty line may be a heading and its text, or the beginning of a fence: what reads back is right
    alone = read_text(f'+++\nid = "alone"\n+++\n\n{text}', Path()).deck
    fronts = [found.front for found in alone.cards] if alone else []
    return text if fronts == [card.front] else _card_with(card, "", card.front)


def _card_with(card: Card, heading: str, body: str) -> str:
    if card.kind is Kind.CLOZE and heading and not body and re.match(r"[^\W\d_]", heading):
        heading, body = "", heading
    if card.kind is Kind.BASIC and gaps(heading)[0]:
        heading, body = "", card.front  # a blank counts in a heading, and not in a quotation
    attributes = [f"#{card.id}"]
    attributes += [f'tags="{" ".join(card.tags)}"'] if card.tags else []
    attributes += [f'requires="{" ".join(card.requires)}"'] if card.requires else []
    attributes += [f"rev={card.rev}"] if card.rev != 1 else []
    attributes += [".both"] if card.both else []
    parts = [" ".join(part for part in ("##", heading, "{" + " ".join(attributes) + "}") if part)]
    parts.append(_quote("[!TIP]\n" + card.hint) if card.hint else "")
    parts.append(body)
    if card.kind is Kind.BASIC:
        parts += ["---" if body or _RULE.search(card.back) else "", card.back]
    elif card.numeric:
        parts.append(f"= {card.numeric.text}{_tolerance(card.numeric)}")
    elif card.typed:
        parts.append("= " + " | ".join('"' + re.sub(r'(["\\])', r"\\\1", word) + '"' for word in card.typed))
    elif card.exercise:
        level = "" if card.exercise.level is None else f"\nlevel = {card.exercise.level}"
        parts.append(_fence("exercise", f"template = {_toml(card.exercise.template)}{level}"))
    wrong = [Option(value.text, False, value.feedback) for value in card.wrong_values]
    options = [*card.options, *card.wrong_words, *wrong]
    marker = next((mark for mark in "-*+" if not re.search(rf"(?m)^\s*\{mark}(?:\s|$)", body)), "-")
    parts.append("\n".join(_option(option, marker) for option in options))
    parts += [_explanation(card), *map(_check, card.checks)]
    return "\n\n".join(part for part in parts if part)


def _heading_and_body(front: str) -> tuple[str, str]:
    first, _, rest = front.partition("\n\n")
    if "\n" in first or first != first.strip() or rest.startswith("\n"):
        return "", front
    return first, rest


def _explanation(card: Card) -> str:
    citation = _citation(card)
    if not card.explanation:
        return _quote(citation) if citation else ""
    if not citation:
        return _quote(card.explanation)
    plain = re.fullmatch(r"[^`\n$\\~]+[^`\n$\\~\s]", card.explanation) and re.search(r"[^\W\d_]", card.explanation)
    if plain and not card.explanation.startswith(("    ", "\t")):
        return _quote(f"{card.explanation} {citation}")
    return _quote(card.explanation) + "\n\n" + _quote(citation)


def _citation(owner: Card | Lesson) -> str:
    places = dict(owner.locators)
    works = [f"@{key}, {places[key]}" if key in places else f"@{key}" for key in owner.sources]
    return f"[{'; '.join(works)}]" if works else ""


def _quote(text: str) -> str:
    return "\n".join(f"> {line}" if line else ">" for line in text.split("\n"))


def _option(option: Option, marker: str) -> str:
    lines = option.text.split("\n")
    rest = [f"  {line}" if line.strip() else "" for line in lines[1:]]
    feedback = [f"  {line}" for line in _quote(option.feedback).split("\n")] if option.feedback else []
    # an open $$ would take the next lines into a formula; an empty line ends it
    gap = [""] if feedback and "$$" in option.text else []
    return "\n".join([f"{marker} [{'x' if option.right else ' '}] {lines[0]}", *rest, *gap, *feedback])


def _tolerance(due: NumericAnswer) -> str:
    if due.tolerance is not None:
        return f" ± {due.tolerance!r}"
    if due.relative is not None:
        return f" ±{Decimal(repr(due.relative)) * 100:f}%"
    return "" if due.precision == answers.as_written(due.text) else f" {{{due.precision}}}"


def _check(check: Check) -> str:
    lines = [f"forward = {_toml_text(check.forward)}"]
    lines += [f"loss = {_toml(check.loss)}"] if check.loss else []
    for name in ("given", "update", "state"):
        if table := getattr(check, name):
            lines.append(f"{name} = {_toml(table)}")
    lines += ["[claims]", *(f"{_key(tex)} = {_toml(claim)}" for tex, claim in check.claims.items())]
    return _fence("check", "\n".join(lines))


def _fence(word: str, content: str) -> str:
    longest = max((len(run) for run in re.findall(r"`+", content)), default=0)
    marks = "`" * max(3, longest + 1)
    return f"{marks}{word}\n{content}\n{marks}"


def _toml_text(text: str) -> str:
    """Several lines as they are, between `'''`, where TOML allows it."""
    plain = "\n" in text and "'''" not in text and not text.endswith("'") and (text.replace("\n", "").isprintable())
    return f"'''\n{text}\n'''" if plain else _toml(text)


def _key(name: str) -> str:
    if re.fullmatch(r"[A-Za-z0-9_-]+", name):
        return name
    return f"'{name}'" if name.isprintable() and "'" not in name and name else _toml(name)


def _toml(value: object) -> str:
    if isinstance(value, str):
        return re.sub("[\x7f-\x9f]", lambda char: f"\\u{ord(char[0]):04x}", json.dumps(value, ensure_ascii=False))
    if isinstance(value, bool | int | float):
        return repr(value).lower()
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_toml(entry) for entry in value) + "]"
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{_key(str(name))} = {_toml(entry)}" for name, entry in value.items()) + " }"
    if isinstance(value, date | datetime | time):
        return value.isoformat()
    raise WriteError(f"TOML has no {type(value).__name__}")
