"""Making a great many small values at once, and doing beside it what waits for a disk."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import contextmanager, suppress
from queue import Empty, Queue
from threading import Thread
from typing import TypeVar

T = TypeVar("T")

SWITCH = 0.001
"""Seconds until a thread that makes values lets the other go on; Python's 5 ms would be waited for again and again."""


@contextmanager
def many() -> Iterator[None]:
    """Let the collector of cycles rest: it would look through rows that all live on again and again, for nothing."""
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            if not gc.get_freeze_count():  # what somebody has frozen on purpose is to stay so
                gc.freeze()  # and thaw: now they count as old, or the first look afterwards would be through them all
                gc.unfreeze()
            gc.enable()


def ahead(values: Iterable[T]) -> Generator[T]:
    """The same values, of which a thread of its own makes the next while one is used.

    Worth it where the user waits for SQLite or a disk in between: the interpreter itself runs one thread at a time, and
    since the next value alone is made beforehand, it is free again when the user comes back.
    """
    made: Queue[tuple[T] | BaseException | None] = Queue(1)
    wanted = True

    def make() -> None:
        try:
            for value in values:
                made.put((value,))
                if not wanted:
                    return
            made.put(None)
        except BaseException as error:  # raised where the values are used
            made.put(error)

    thread = Thread(target=make, name="ahead", daemon=True)  # nothing waits for it where its user is gone
    interval = sys.getswitchinterval()
    sys.setswitchinterval(min(interval, SWITCH))
    thread.start()
    try:
        while (found := made.get()) is not None:
            if isinstance(found, BaseException):
                raise found
            yield found[0]
    finally:
        wanted = False
        sys.setswitchinterval(interval)
        while thread.is_alive():
            with suppress(Empty):
                made.get(timeout=0.01)


def aside(work: Callable[[], None]) -> Callable[[], None]:
    """Begin `work` in a thread of its own. Returns: what waits for its end, and raises what it raised."""
    raised: list[BaseException] = []

    def run() -> None:
        try:
            work()
        except BaseException as error:  # raised where its end is waited for
            raised.append(error)

    def end() -> None:
        thread.join()
        for error in raised:
            raise error

    thread = Thread(target=run, name="aside")
    thread.start()
    return end
