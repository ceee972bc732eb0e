"""The collections that are measured, made from a seed: deck files, a learner's home, and the same cards as a table.

Ours is made the way a person's is, through the desk and the journal, only in bulk. Made once for each scale.
"""

from __future__ import annotations

import os
import random
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.benchmarks.model import REVIEWS_EACH, SEED, Scale, Setting

DECKS = 20
SESSION_ITEMS_DUE = 0.08
"""Share of the items that are due now, as in a collection that is kept up."""
DAY_MS = 86_400_000
WORDS: list[str] = re.findall(
    r"\w+",
    "gradient descent loss weight bias input output layer neuron error signal chain rule product derivative slope rate "
    "momentum batch epoch sample network hidden activation sigmoid tanh softmax vector matrix transpose shape sum "
    "mean variance norm update step minimum saddle plateau forward backward pass graph node edge value target",
)
RARE = "quokka"
"""A word that stands on one card in a thousand."""
FORMULAS = (r"$\frac{\partial L}{\partial w}$", r"$\delta_j = g'(z_j)\sum_k w_{kj}\delta_k$", r"$w' = w - \eta\,x$", "")


LIMIT = "reviews_per_day = 9999\n"


def database(setting: Setting, *, all_due: bool = False) -> Path:
    """A copy of our database for a side to write in; returns its home.

    Args: `all_due`: a session asks everything that is due; by default as many as a person has set, who sets nothing.
    """
    home = setting.scratch / "home"
    shutil.copytree(setting.data / "home", home)
    if not all_due:
        config = home / "config.toml"
        config.write_text(config.read_text(encoding="utf-8").replace(LIMIT, ""), encoding="utf-8")
    os.sync()  # else half a gigabyte is still being written out while answers wait for the same disk
    return home


def cards(scale: Scale) -> Iterator[tuple[int, str, str, str]]:
    """(deck, card id, front, back) of every card. The marks `Q000123` and `A000123` are looked for on the screen."""
    chance = random.Random(SEED)
    for number in range(scale.items):
        words = chance.choices(WORDS, k=9)
        if number % 1_000 == 7:
            words[3] = RARE
        front = f"Q{number:06d} {' '.join(words[:6])} {FORMULAS[number % 4]}".rstrip()
        yield number * DECKS // scale.items, f"c{number}", front, f"A{number:06d} {' '.join(words[6:])}"


def write_decks(folder: Path, scale: Scale) -> list[Path]:
    """The cards as deck files."""
    folder.mkdir(parents=True)
    texts: dict[int, list[str]] = {}
    for deck, name, front, back in cards(scale):
        head = ["+++", f'id = "bench-{deck}"', f'title = "Bench {deck}"', "+++", "", "# Words", ""]
        texts.setdefault(deck, head).append(f"## {front} {{#{name}}}\n\n{back}\n")
    paths = []
    for deck, lines in texts.items():
        path = folder / f"bench-{deck}.md"
        path.write_text("\n".join(lines), encoding="utf-8")
        paths.append(path)
    return paths


def write_table(path: Path, scale: Scale) -> None:
    """The cards as tab-separated values."""
    path.write_text("".join(f"{front}\t{back}\n" for _, _, front, back in cards(scale)), encoding="utf-8")


def histories(scale: Scale, today: int) -> Iterator[list[tuple[int, int, int]]]:
    """For every item its reviews: (study day, grade, days until it was due), the oldest first.

    The last interval says when it is due: for some now, for the others on one of the days to come.
    """
    chance = random.Random(SEED + 1)
    for _ in range(scale.items):
        spans = [max(1, int(2**step * chance.uniform(0.6, 1.3))) for step in range(REVIEWS_EACH - 1)]
        last = max(4, min(180, spans[-1]))
        due = today - chance.randrange(3) if chance.random() < SESSION_ITEMS_DUE else today + chance.randrange(1, last)
        days = [due - last]
        for span in reversed(spans):
            days.append(days[-1] - min(span, 60))
        days.reverse()
        spans_to_due = [later - earlier for earlier, later in zip(days, [*days[1:], due], strict=True)]
        grades = chance.choices((1, 2, 3, 4), weights=(8, 5, 80, 7), k=REVIEWS_EACH)
        yield list(zip(days, grades, spans_to_due, strict=True))


def build_ours(folder: Path, scale: Scale) -> None:
    """A learner's home in `folder/home`, its decks in `folder/decks`."""
    from studyapp.study.desk import Desk

    if (folder / "home").exists():
        with Desk.open(folder / "home"):  # the decks that come with the program may have changed since
            return
    write_decks(folder / "decks", scale)
    making = folder / "home.making"
    shutil.rmtree(making, ignore_errors=True)
    making.mkdir()
    # No new cards, so that the screen asks only cards whose marks are known; all that is due in one session.
    config = f'decks = ["{folder / "decks"}"]\nnew_per_day = 0\n{LIMIT}'
    (making / "config.toml").write_text(config, encoding="utf-8")
    with Desk.open(making) as desk:
        desk.store.journal.merge(_entries(scale, desk.moment().today))
    making.rename(folder / "home")


def _entries(scale: Scale, today: int) -> Iterator[Any]:
    """The histories as journal entries of this machine, in the order of time."""
    from studyapp.storage.entry import Entry, Ids

    chance = random.Random(SEED + 2)
    acts = []
    for number, reviews in enumerate(histories(scale, today)):
        item = f"bench-{number * DECKS // scale.items}/c{number}"
        acts += [(day, chance.random(), item, grade, span) for day, grade, span in reviews]
    acts.sort()
    ids, last = Ids(), {}
    for seq, (day, when, item, grade, span) in enumerate(acts, 1):
        at = day * DAY_MS + int((8 + 4 * when) * 3_600_000)
        body: dict[str, Any] = {"day": day, "due_day": day + span, "phase": 2}
        if item in last:
            body |= {"predicted": 0.9, "prev": last[item]}
        if seq % 5 == 0:
            body |= {"confidence": 1 + seq // 5 % 5, "credit": float(grade > 1)}
        if seq % 50 == 0:
            body["mistake"] = ("sign-of-update", "no-derivative", "rate-forgotten")[seq // 50 % 3]
        last[item] = str(ids.next(at))
        yield Entry(last[item], "benchmark", seq, at, item, "review", grade, 2_000 + int(9_000 * when), body)
