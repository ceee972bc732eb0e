"""A class that syncs at once: `python -m tests.load_class --clients 40`. Bounded by --seconds; prints its figures.

Starts a PostgreSQL server on a local socket, makes a class, and lets every learner, each on a connection and with a
database of its own, answer and sync again and again in a thread. All clients share this process and its processor with
the server, so the figures are a floor. Exit code 1 when an entry is missing at the end.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import threading
import time
from pathlib import Path

from studyapp.storage import classroom, server
from studyapp.storage.entry import Draft
from studyapp.storage.store import Store
from tests.conftest import postgres_server

DAY = 20_000


def learner(number: int, url: str, folder: Path, *, until: float, times: list[float], written: list[int]) -> None:
    """Answer three cards and sync, until the time is over."""
    name = f"learner{number:03}"
    with Store.open(folder / name / "s.db") as store:
        turn = 0
        while time.monotonic() < until:
            drafts = [
                Draft(DAY, f"d/{(turn + place) % 50}", "review", 3, 9, {"day": DAY, "due_day": DAY + 3, "credit": 1.0})
                for place in range(3)
            ]
            store.journal.append_many(drafts, together=False)
            start = time.perf_counter()
            with server.connected(url.replace("//app@", f"//{name}@")) as opened:
                server.exchange(store, opened, now_ms=DAY * 86_400_000)
            written.append(len(drafts))
            times.append(time.perf_counter() - start)
            turn += 3


def main() -> int:
    """Run the class and print what was measured."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--clients", type=int, default=40)
    parser.add_argument("--seconds", type=float, default=10)
    chosen = parser.parse_args()
    with postgres_server() as url, tempfile.TemporaryDirectory() as folder:
        with server.connected(url) as opened:
            classroom.create(opened)
            for number in range(chosen.clients):
                classroom.add(opened, f"learner{number:03}", None)
        times: list[float] = []
        written: list[int] = []
        start = time.monotonic()
        threads = [
            threading.Thread(
                target=learner,
                args=(number, url, Path(folder)),
                kwargs={"until": start + chosen.seconds, "times": times, "written": written},
            )
            for number in range(chosen.clients)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        took = time.monotonic() - start
        with server.connected(url) as opened:
            row = opened.connection.execute("SELECT count(*) FROM studyapp.journal").fetchone()
            begun = time.perf_counter()
            report = classroom.report(opened, today=DAY, now_ms=DAY * 86_400_000)
            reported = time.perf_counter() - begun
    stored = row[0] if row else 0
    times.sort()
    print(f"{chosen.clients} clients, {took:.1f} s: {len(times)} syncs, {stored} entries, {stored / took:.0f} a second")
    print(
        f"a sync: median {statistics.median(times) * 1000:.0f} ms, p95 {times[len(times) * 95 // 100] * 1000:.0f} ms, "
        f"longest {times[-1] * 1000:.0f} ms"
    )
    print(f"report over {len(report.learners)} learners: {reported * 1000:.0f} ms")
    lost = sum(written) - stored
    print(f"lost: {lost}")
    return 1 if lost or not written else 0


if __name__ == "__main__":
    sys.exit(main())
