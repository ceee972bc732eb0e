"""What is made beside other work arrives in order, fails where it is used, and leaves no thread behind."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator
from contextlib import suppress

import pytest

from studyapp.storage.bulk import ahead, aside, many


def numbers(until: int) -> Iterator[int]:
    yield from range(until)
    raise OSError("the disk is full")


def threads() -> set[str]:
    return {one.name for one in threading.enumerate()} & {"ahead", "aside"}


def test_values_made_ahead_come_in_their_order_and_from_another_thread() -> None:
    here = threading.get_ident()
    found = list(ahead((number, threading.get_ident()) for number in range(1_000)))

    assert [number for number, _ in found] == list(range(1_000))
    assert {thread for _, thread in found}.isdisjoint({here})
    assert list(ahead(())) == []
    assert not threads()


def test_what_fails_ahead_is_raised_where_its_value_would_have_come() -> None:
    with pytest.raises(OSError, match="disk is full"):
        list(ahead(numbers(5)))
    assert not threads()

    coming = ahead(numbers(5))
    assert [next(coming) for _ in range(5)] == [0, 1, 2, 3, 4]
    with pytest.raises(OSError, match="disk is full"):
        next(coming)


def test_whoever_takes_no_more_leaves_no_thread_behind() -> None:
    coming = ahead(iter(range(1_000_000)))
    assert next(coming) == 0

    coming.close()

    assert not threads()


def test_work_aside_ends_where_it_is_waited_for_with_what_it_raised() -> None:
    done: list[int] = []
    aside(lambda: done.append(1))()
    assert done == [1]

    def fail() -> None:
        raise OSError("the disk is full")

    end = aside(fail)
    with pytest.raises(OSError, match="disk is full"):
        end()


def test_the_collector_runs_again_after_many_values_and_still_finds_cycles() -> None:
    class Knot:
        def __init__(self) -> None:
            self.self = self

    with suppress(ZeroDivisionError), many():
        assert not gc.isenabled()
        knots = [Knot() for _ in range(100)]
        raise ZeroDivisionError
    assert gc.isenabled()

    del knots
    assert gc.collect() >= 100


def test_what_was_frozen_on_purpose_stays_frozen() -> None:
    gc.freeze()
    try:
        frozen = gc.get_freeze_count()
        with many():
            pass
        assert gc.get_freeze_count() >= frozen > 0
    finally:
        gc.unfreeze()
    with many():
        pass
    assert gc.get_freeze_count() == 0
