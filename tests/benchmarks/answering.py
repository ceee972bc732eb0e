"""Our answers: through the review session as the screen gives them, and the journal's append alone."""

from __future__ import annotations

import time

from tests.benchmarks.data import DAY_MS, database
from tests.benchmarks.model import Measured, Setting


def session(setting: Setting) -> Measured:
    """Grade → the next item is in front, the grade on disk. What the screen does while a person reads (looking the item
    after that up, housekeeping) is done between answers, and not counted."""
    from studyapp.memory.model import Grade
    from studyapp.study.desk import Desk

    samples = []
    with Desk.open(database(setting, all_due=True)) as desk:
        review = desk.review()
        for _ in range(setting.scale.answers):
            if review.current is None:
                break
            begun = time.perf_counter()
            review.grade(Grade.GOOD)
            samples.append((time.perf_counter() - begun) * 1_000)
            review.prepare()
            desk.idle()
        assert review.done == len(samples)
    return Measured(samples)


def append(setting: Setting) -> Measured:
    """One review into the journal and its projection, durable."""
    from studyapp.storage.entry import Draft
    from studyapp.storage.places import database as file_in
    from studyapp.storage.store import Store

    now = time.time_ns() // 1_000_000
    today = now // DAY_MS
    samples = []
    with Store.open(file_in(database(setting))) as store:
        due = store.queue.reviews(today, limit=setting.scale.answers)
        for one in due:
            body = {"day": today, "due_day": today + 30, "phase": 2, "predicted": 0.9}
            draft = Draft(now, one.key, "review", 3, 4_000, body)
            begun = time.perf_counter()
            store.journal.append(draft)
            samples.append((time.perf_counter() - begun) * 1_000)
            store.idle()
    return Measured(samples)


def undo(setting: Setting) -> Measured:
    """Take back an answer → its item is in front again."""
    from studyapp.memory.model import Grade
    from studyapp.study.desk import Desk

    samples = []
    with Desk.open(database(setting, all_due=True)) as desk:
        review = desk.review()
        for _ in range(max(2, setting.scale.answers // 20)):
            if review.current is None:
                break
            review.grade(Grade.GOOD)
            begun = time.perf_counter()
            review.undo()
            samples.append((time.perf_counter() - begun) * 1_000)
            review.grade(Grade.GOOD)
            desk.idle()
    return Measured(samples)
