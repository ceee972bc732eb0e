"""Work on the whole collection: start a session, Today, statistics, decks read and stored, import, replay, search."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from tests.benchmarks.data import RARE, database, write_decks, write_table
from tests.benchmarks.model import Measured, Setting

if TYPE_CHECKING:
    from collections.abc import Iterator

    from studyapp.study.desk import Desk

SEARCHES = [RARE, "gradient momentum", "Q000042"]


@contextmanager
def opened(setting: Setting) -> Iterator[Desk]:
    """A desk on a copy of the collection."""
    from studyapp.study.desk import Desk

    with Desk.open(database(setting)) as desk:
        yield desk


def timed(work: Callable[[], Any]) -> float:
    """Milliseconds that a call takes."""
    begun = time.perf_counter()
    work()
    return (time.perf_counter() - begun) * 1_000


def repeated(setting: Setting, work: Callable[[Desk], Any], times: int = 5) -> Measured:
    """The same work several times on one desk."""
    with opened(setting) as desk:
        return Measured([timed(lambda: work(desk)) for _ in range(times)])


def open_and_plan(setting: Setting) -> Measured:
    """Open everything and find the first item to ask."""
    from studyapp.study.desk import Desk

    home, samples = database(setting, all_due=True), []
    for _ in range(5):
        begun = time.perf_counter()
        with Desk.open(home) as desk:
            assert desk.review().current is not None
            samples.append((time.perf_counter() - begun) * 1_000)
    return Measured(samples)


def plan(setting: Setting) -> Measured:
    """Plan a session on an open desk."""
    return repeated(setting, lambda desk: desk.review())


def today(setting: Setting) -> Measured:
    """The figures of the first page."""
    return repeated(setting, lambda desk: desk.today(), 10)


def progress(setting: Setting) -> Measured:
    """Every figure of the progress page over all time."""
    return repeated(setting, lambda desk: desk.progress(days=3_650))


def search(setting: Setting) -> Measured:
    """Items that have a word, a pair of common words, a part of a word."""
    with opened(setting) as desk:
        found = desk.store.search.find
        return Measured([timed(lambda: found(words)) for words in SEARCHES * 10])  # noqa: B023


def browse(setting: Setting) -> Measured:
    """The same through the browser's filters."""
    with opened(setting) as desk:
        return Measured([timed(lambda: desk.browse(words)) for words in ["", *SEARCHES] * 5])  # noqa: B023


def replay(setting: Setting) -> Measured:
    """New parameters, as after optimising: every review replayed, what is known of every item calculated and stored."""
    from studyapp.memory.model import Parameters
    from studyapp.storage.entry import PARAMETERS, Draft

    values = [value * 1.01 for value in Parameters().values]
    draft = Draft(0, "", PARAMETERS, body={"version": Parameters().version, "values": values})
    with opened(setting) as desk:
        return Measured([timed(lambda: desk.store.journal.append(draft))])


def rebuild(setting: Setting) -> Measured:
    """All projections anew from the journal: states, places in the queues, sums of the days.

    Every state is wrong before, for only what differs is written, and the peer writes every card.
    """
    with opened(setting) as desk:
        with desk.store.database.write() as connection:
            connection.exec_driver_sql("UPDATE memory SET stability = stability * 1.01, difficulty = difficulty * 0.99")
        return Measured([timed(desk.store.journal.rebuild)])


def decks(setting: Setting) -> Measured:
    """Deck files read, and their items stored and made findable, in an empty home."""
    from studyapp.study.desk import Desk

    folder, home = setting.scratch / "decks", setting.scratch / "empty"
    write_decks(folder, setting.scale)
    home.mkdir()
    with Desk.open(home, with_bundled=False):
        pass
    (home / "config.toml").write_text(f'decks = ["{folder}"]\n', encoding="utf-8")
    begun = time.perf_counter()
    with Desk.open(home, with_bundled=False) as desk:
        taken = (time.perf_counter() - begun) * 1_000
        assert sum(len(desk.library.items([deck.id])) for deck in desk.library.decks()) == setting.scale.items
    return Measured([taken])


def import_table(setting: Setting) -> Measured:
    """A table of cards looked at and brought in: written as a deck, backed up before, in the journal, findable."""
    from studyapp.interop import bringing, tabling
    from studyapp.study.desk import Desk

    table, home = setting.scratch / "cards.tsv", setting.scratch / "empty"
    write_table(table, setting.scale)
    with Desk.open(home, with_bundled=False) as desk:

        def work() -> None:
            plan = tabling.look(desk, table.read_bytes(), name="cards")
            bringing.bring(desk, plan, file="cards.tsv")

        taken = timed(work)
        assert len(desk.library.items()) == setting.scale.items
    return Measured([taken])


def backup(setting: Setting) -> Measured:
    """A backup that was opened again and examined."""
    from studyapp.storage import backup as backups

    with opened(setting) as desk:
        path = desk.store.path
        return Measured([timed(lambda: backups.make(path))])
