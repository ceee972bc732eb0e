"""Anki's backend as a peer (`anki` from PyPI, AGPL: measured, never part of the program), and its collections.

Imported only inside functions: everything else runs without it.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import sqlite3
import time
from contextlib import closing
from pathlib import Path
from typing import Any

from tests.benchmarks.data import histories, write_table
from tests.benchmarks.model import SEED, Measured, MissingError, Scale, Setting

NAME = "Anki's backend"


def need() -> None:
    """Raise MissingError where Anki is not installed."""
    try:
        import anki.collection  # noqa: F401
    except ImportError:
        raise MissingError("`anki` is not installed here: pip install --group benchmark") from None


def build(folder: Path, scale: Scale) -> None:
    """Two collections: `anki/reviews.anki2` as it is without FSRS, `anki/fsrs.anki2` with FSRS switched on."""
    need()
    if (folder / "anki").exists():
        return
    making = folder / "anki.making"
    shutil.rmtree(making, ignore_errors=True)
    making.mkdir(parents=True)
    table = making / "cards.tsv"
    write_table(table, scale)
    path = making / "reviews.anki2"
    with closing(open_at(path)) as collection:
        import_table(collection, table)
        today, created = collection.sched.today, collection.crt
        config = collection.decks.get_config(1)
        config["rev"]["perDay"], config["new"]["perDay"] = 9_999, 0
        collection.decks.update_config(config)
    _fill(path, scale, today, created)
    shutil.copy(path, making / "fsrs.anki2")
    with closing(open_at(making / "fsrs.anki2")) as collection:
        enable_fsrs(collection)
    making.rename(folder / "anki")


def _fill(path: Path, scale: Scale, today: int, created: int) -> None:
    """Give every card the history that ours has, straight into the tables: for Anki days count from the creation."""
    chance = random.Random(SEED + 2)
    offset = int(time.time() // 86_400) - today
    with closing(sqlite3.connect(path)) as raw, raw:
        numbers = [row[0] for row in raw.execute("SELECT id FROM cards ORDER BY id")]
        states, log = [], []
        for card, reviews in zip(numbers, histories(scale, today + offset), strict=True):
            day, _, last = reviews[-1]
            lapses = sum(grade == 1 for _, grade, _ in reviews)
            states.append((day + last - offset, last, len(reviews), lapses, card))
            before = 0
            for day, grade, span in reviews:
                at = int((day + (8 + 4 * chance.random()) / 24) * 86_400_000)
                log.append((at, card, grade, span, before, 2_000 + int(9_000 * chance.random()), 1 if before else 0))
                before = span
        log.sort()
        # The id is the instant: two cannot be the same.
        taken = 0
        for place, row in enumerate(log):
            taken = max(taken + 1, row[0])
            log[place] = (taken, *row[1:])
        raw.executemany(
            "UPDATE cards SET type = 2, queue = 2, due = ?, ivl = ?, factor = 2500, reps = ?, lapses = ? WHERE id = ?",
            states,
        )
        raw.executemany(
            "INSERT INTO revlog (id, cid, usn, ease, ivl, lastIvl, factor, time, type) "
            "VALUES (?, ?, -1, ?, ?, ?, 2500, ?, ?)",
            log,
        )


def open_at(path: Path) -> Any:
    """An open collection."""
    need()
    from anki.collection import Collection

    return Collection(str(path))


def import_table(collection: Any, table: Path) -> None:
    """Import tab-separated values into the default deck."""
    from anki.collection import ImportCsvRequest

    metadata = collection.get_csv_metadata(str(table), None)
    collection.import_csv(ImportCsvRequest(path=str(table), metadata=metadata))


def enable_fsrs(collection: Any) -> None:
    """Switch FSRS on, which replays the whole review log into the cards."""
    now = collection.decks.get_deck_configs_for_update(1)
    collection._backend.update_deck_configs(
        target_deck_id=1,
        configs=[entry.config for entry in now.all_config],
        removed_config_ids=[],
        mode=0,
        card_state_customizer="",
        limits=now.current_deck.limits,
        new_cards_ignore_review_limit=False,
        fsrs=True,
        apply_all_parent_limits=False,
        fsrs_reschedule=False,
        fsrs_health_check=False,
    )


def copy(setting: Setting, name: str) -> Path:
    """A copy of a collection to write in."""
    need()
    path = setting.scratch / name
    shutil.copy(setting.data / "anki" / name, path)
    os.sync()  # as for ours
    return path


# sides


def answer(setting: Setting) -> Measured:
    """Answer → next card, each written durably."""
    path = copy(setting, "fsrs.anki2")
    from anki.scheduler.v3 import CardAnswer

    samples = []
    with closing(open_at(path)) as collection:
        scheduler = collection.sched
        queued = scheduler.get_queued_cards(fetch_limit=1).cards[0]
        for _ in range(setting.scale.answers):
            message = CardAnswer(
                card_id=queued.card.id,
                current_state=queued.states.current,
                new_state=queued.states.good,
                rating=CardAnswer.GOOD,
                answered_at_millis=time.time_ns() // 1_000_000,
                milliseconds_taken=4_000,
            )
            begun = time.perf_counter()
            scheduler.answer_card(message)
            queued = scheduler.get_queued_cards(fetch_limit=1).cards[0]
            samples.append((time.perf_counter() - begun) * 1_000)
    return Measured(samples)


def graphs(setting: Setting) -> Measured:
    """Everything that the statistics page shows, of the whole collection and all time."""
    with closing(open_at(copy(setting, "fsrs.anki2"))) as collection:
        return Measured([_timed(lambda: collection._backend.graphs(search="", days=0)) for _ in range(5)])


def import_cards(setting: Setting) -> Measured:
    """The table of cards into an empty collection."""
    table = setting.scratch / "cards.tsv"
    write_table(table, setting.scale)
    with closing(open_at(setting.scratch / "empty.anki2")) as collection:
        return Measured([_timed(lambda: import_table(collection, table))])


def fsrs(setting: Setting) -> Measured:
    """Replay of all reviews into the cards: "enable FSRS"."""
    with closing(open_at(copy(setting, "reviews.anki2"))) as collection:
        return Measured([_timed(lambda: enable_fsrs(collection))])


def search(setting: Setting) -> Measured:
    """Cards that have a word."""
    from tests.benchmarks.collecting import SEARCHES

    with closing(open_at(copy(setting, "fsrs.anki2"))) as collection:
        return Measured([_timed(lambda: collection.find_cards(words)) for words in SEARCHES * 10])  # noqa: B023


def first_queue(setting: Setting) -> Measured:
    """Open the collection and find the first card."""
    samples = []
    path = copy(setting, "fsrs.anki2")
    for _ in range(5):
        begun = time.perf_counter()
        with closing(open_at(path)) as collection:
            collection.sched.get_queued_cards(fetch_limit=1)
            samples.append((time.perf_counter() - begun) * 1_000)
    return Measured(samples)


def tree(setting: Setting) -> Measured:
    """The counts of the list of decks."""
    with closing(open_at(copy(setting, "fsrs.anki2"))) as collection:
        return Measured([_timed(collection.sched.deck_due_tree) for _ in range(10)])


def _timed(work: Any) -> float:
    begun = time.perf_counter()
    work()
    return (time.perf_counter() - begun) * 1_000


def version() -> str:
    """The version installed, or an empty text."""
    try:
        from importlib.metadata import version as installed

        return json.dumps(installed("anki")).strip('"')
    except ModuleNotFoundError:
        return ""
