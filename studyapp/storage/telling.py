"""Tells whoever waits how far work has come that takes longer than a moment. Light; touches nothing.

Such work may begin wherever a database is opened, so no function in between passes a listener on: who wants to hear
says so round the call.

    with listening(hear):
        store = Store.open(path)
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

Listener = Callable[[str, float], object]
"""Called with what is being done, words without a full stop, and the share that is done, 0 to 1, never less than
before. It is called in the thread that does the work, inside its transaction: it must be quick and must not touch the
database. If it raises before the share is 1, the work ends with that error and nothing has changed."""

_listener: ContextVar[Listener | None] = ContextVar("listener", default=None)


@contextmanager
def listening(listener: Listener) -> Iterator[None]:
    """Let `listener` hear of the work done in this block, in this thread."""
    token = _listener.set(listener)
    try:
        yield
    finally:
        _listener.reset(token)


def tell(what: str, share: float) -> None:
    """Say that `share` (0 to 1) of `what` is done."""
    if (listener := _listener.get()) is not None:
        listener(what, share)
