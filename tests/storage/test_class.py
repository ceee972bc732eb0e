"""A class on a real PostgreSQL server: everybody's entries arrive, and nobody can reach another's."""

from __future__ import annotations

import itertools
import json
import random
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from studyapp.storage import classroom, doctor, server
from studyapp.storage.entry import Draft
from studyapp.storage.errors import NothingToUndo, SyncError
from studyapp.storage.exchange import Exchanged
from studyapp.storage.store import Store

psycopg = pytest.importorskip("psycopg", reason="psycopg is not installed")

Review = Callable[..., Draft]
NOW = 40_000 * 86_400_000
COUNT = itertools.count()


@pytest.fixture
def teacher(postgres: str) -> Iterator[str]:
    """The URL of a teacher (no superuser, or the rules would not bind) of a class with the learners ada and bo."""
    name = f"class{next(COUNT)}"
    with server.connected(postgres) as admin:
        if not admin.connection.execute("SELECT 1 FROM pg_roles WHERE rolname = 'head'").fetchone():
            admin.connection.execute("CREATE ROLE head LOGIN CREATEROLE")
        admin.connection.execute(f'CREATE DATABASE "{name}" OWNER head')
    url = postgres.replace("//app@", "//head@").replace("/postgres?", f"/{name}?")
    with server.connected(url) as opened:
        classroom.create(opened)
        for learner in ("ada", "bo"):
            classroom.add(opened, learner, None)
    yield url
    with server.connected(url) as opened:
        for learner in classroom.learners(opened):
            classroom.remove(opened, learner)
    with server.connected(postgres) as admin:
        admin.connection.execute(f'DROP DATABASE "{name}"')


def as_learner(url: str, name: str) -> str:
    return url.replace("//head@", f"//{name}@")


def sync(store: Store, url: str, who: str = "ada", **options: Any) -> Exchanged:
    with server.connected(as_learner(url, who)) as opened:
        return server.exchange(store, opened, now_ms=NOW, **options)


@pytest.fixture
def machines(tmp_path: Path) -> Iterator[list[Store]]:
    stores = [Store.open(tmp_path / name / "studyapp.db") for name in "abc"]
    yield stores
    for store in stores:
        store.close()


def test_two_machines_of_a_learner_meet_on_the_server(machines: list[Store], teacher: str, review: Review) -> None:
    one, two, _ = machines
    one.journal.append(review("d/a", day=10, credit=1.0))
    one.journal.append(review("d/a", day=13))
    one.journal.undo()
    two.journal.append(review("d/b"))

    assert (sync(one, teacher).sent, sync(two, teacher).received) == (3, 3)
    back = sync(one, teacher)

    assert (back.received, back.sent, back.told) == (1, 0, [])
    assert sorted(map(repr, one.journal.entries())) == sorted(map(repr, two.journal.entries()))
    assert one.journal.state("d/a") == two.journal.state("d/a")
    assert (sync(two, teacher).received, sync(two, teacher).sent) == (0, 0)


def test_what_a_person_typed_stays_at_home_unless_asked_for(
    machines: list[Store], teacher: str, review: Review
) -> None:
    one, two, three = machines
    body = {
        "answer": "my secret", "credit": 0.5, "mistake": "sign", "picks": [1, 2], "confidence": 3,
        "steps": [{"tries": [["0.5secret", "wrong"]]}], "hints": 1,
    }  # fmt: skip
    entry = one.journal.append(review("d/a", **body)).entry
    one.journal.append(Draft(5, "d/a", "accept-answer", body={"text": "secret", "day": 1}))

    sync(one, teacher)
    sync(two, teacher)

    with server.connected(teacher) as opened:
        texts = [row[0] for row in opened.connection.execute("SELECT body FROM studyapp.journal ORDER BY n")]
    assert "secret" not in "".join(texts)
    assert json.loads(texts[0]) == {
        **{name: value for name, value in entry.body.items() if name not in ("answer", "steps")},
        "withheld": ["answer", "steps"],
    }
    assert two.journal.state("d/a") == one.journal.state("d/a")
    assert sync(one, teacher).told == [], "what is at home says more, and nothing else"
    assert one.journal.entries()[0] == entry

    three.journal.append(review("d/b", answer="not secret"))
    sync(three, teacher, with_answers=True)
    sync(one, teacher)
    assert one.journal.entries(item="d/b")[0].body["answer"] == "not secret"


def test_every_byte_of_an_entry_comes_back(machines: list[Store], teacher: str) -> None:
    one, two, _ = machines
    odd = {"z": 1, "a": [1.0, 1e-7, None, {"ü": "\u2028\x00\x1f😀"}], "big": 2**62, "b": True}
    entry = one.journal.append(Draft(5, "d/a", "hologram", body=odd)).entry

    sync(one, teacher, with_answers=True)
    sync(two, teacher)

    assert two.journal.entries() == (entry,)
    assert list(two.journal.entries()[0].body) == ["z", "a", "big", "b"]


def test_learners_see_only_what_is_their_own(machines: list[Store], teacher: str, review: Review) -> None:
    ada, bo, _ = machines
    ada.journal.append(review("d/a"))
    bo.journal.append(review("d/b"))
    sync(ada, teacher, "ada")

    assert sync(bo, teacher, "bo").received == 0
    with server.connected(as_learner(teacher, "bo")) as opened:
        rows = opened.connection.execute("SELECT learner FROM studyapp.journal").fetchall()
    assert rows == [("bo",)]


FORGED = (
    "INSERT INTO studyapp.journal (learner, id, device, seq, at, item, kind, body) "
    "VALUES ('ada', gen_random_uuid(), 'x', 1, 1, 'd/a', 'review', '{}')"
)


@pytest.mark.parametrize(
    ("who", "statement"),
    [
        ("bo", FORGED),
        ("bo", "UPDATE studyapp.journal SET grade = 4"),
        ("bo", "DELETE FROM studyapp.journal"),
        ("bo", "TRUNCATE studyapp.journal"),
        ("bo", "DROP TABLE studyapp.journal"),
        ("bo", "ALTER TABLE studyapp.journal DISABLE ROW LEVEL SECURITY"),
        ("bo", "INSERT INTO studyapp.assignment (deck, due) VALUES ('x', '2026-01-01')"),
        ("bo", "UPDATE studyapp.class SET version = 9"),
        ("bo", "SET ROLE studyapp_teacher"),
        ("bo", "SET ROLE ada"),
        ("bo", "CREATE TABLE studyapp.mine (x int)"),
        ("bo", "GRANT studyapp_teacher TO bo"),
        ("bo", "INSERT INTO studyapp.journal (n, id, device, seq, at, item, kind, body) OVERRIDING SYSTEM VALUE "
               "VALUES (1, gen_random_uuid(), 'x', 1, 1, 'd/a', 'review', '{}')"),
        ("bo", "INSERT INTO studyapp.journal (id, device, seq, at, item, kind, body, received) "
               "VALUES (gen_random_uuid(), 'x', 1, 1, 'd/a', 'review', '{}', '1970-01-01')"),
        ("assistant", FORGED),
        ("assistant", "UPDATE studyapp.journal SET grade = 4"),
        ("assistant", "DELETE FROM studyapp.journal"),
    ],
)  # fmt: skip
def test_the_server_itself_refuses_to_forge_change_or_delete(
    machines: list[Store], teacher: str, review: Review, who: str, statement: str
) -> None:
    """`assistant` is a teacher who is not the owner."""
    ada = machines[0]
    ada.journal.append(review("d/a"))
    sync(ada, teacher, "ada")
    with server.connected(teacher) as opened:
        opened.connection.execute("DROP ROLE IF EXISTS assistant")
        opened.connection.execute("CREATE ROLE assistant LOGIN IN ROLE studyapp_teacher")

    with (
        psycopg.connect(as_learner(teacher, who).replace("+psycopg", "")) as raw,
        pytest.raises(psycopg.Error) as caught,
    ):
        raw.execute(statement)

    assert caught.value.sqlstate == "42501", caught.value
    with server.connected(teacher) as opened:
        assert opened.connection.execute("SELECT learner, grade FROM studyapp.journal").fetchall() == [("ada", 3)]


def test_an_id_that_another_learner_used_first_does_no_harm(
    machines: list[Store], teacher: str, review: Review
) -> None:
    ada, bo, _ = machines
    ada.journal.append(review("d/a"))
    bo.journal.merge(ada.journal.entries())
    sync(bo, teacher, "bo")

    assert sync(ada, teacher, "ada").sent == 1
    with server.connected(teacher) as opened:
        assert opened.connection.execute("SELECT count(*) FROM studyapp.journal").fetchone() == (2,)


def test_a_row_that_makes_no_sense_is_named_and_left_out(machines: list[Store], teacher: str, review: Review) -> None:
    ada = machines[0]
    with server.connected(as_learner(teacher, "ada")) as opened:
        for body, item in (("[]", "d/a"), ('{"day":1e999}', "d/a"), ("{", "d/a"), ('{"day":1}', "")):
            opened.connection.execute(
                "INSERT INTO studyapp.journal (id, device, seq, at, item, kind, body) VALUES "
                "(gen_random_uuid(), 'x', 1, 1, %s, 'review', %s)",
                (item, body),
            )
    ada.journal.append(review("d/a"))

    done = sync(ada, teacher)

    assert (done.received, done.sent) == (0, 1)
    assert len(done.told) == 1
    assert "left out" in done.told[0]
    assert sync(ada, teacher).told == [], "told once"
    with server.connected(teacher) as opened:
        row = classroom.report(opened, today=10, now_ms=NOW).learners[0]
    assert (row.reviews, row.unreadable) == (1, 4)


def test_a_server_that_was_brought_back_from_a_backup_is_filled_again(
    machines: list[Store], teacher: str, review: Review
) -> None:
    one, two, _ = machines
    for number in range(5):
        one.journal.append(review(f"d/{number}"))
    sync(one, teacher)
    with server.connected(teacher) as opened:
        opened.connection.execute("DELETE FROM studyapp.journal WHERE n > 2")

    done = sync(one, teacher)

    assert (done.sent, done.told) == (3, [])
    assert sync(two, teacher).received == 5


def test_machines_that_meet_now_and_then_agree_in_the_end(machines: list[Store], teacher: str) -> None:
    rng = random.Random(5)
    for number in range(90):
        store = rng.choice(machines)
        match rng.randrange(5):
            case 0:
                sync(store, teacher)
            case 1:
                try:
                    store.journal.undo(at=1)
                except NothingToUndo:
                    continue
            case _:
                body = {"day": number, "due_day": number + 3, "phase": 2}
                store.journal.append(Draft(number, f"d/{rng.randrange(3)}", "review", rng.randint(1, 4), 5, body))
    for store in (*machines, *machines):
        sync(store, teacher)

    ids = [{entry.id for entry in store.journal.entries()} for store in machines]
    states = [store.journal.states(["d/0", "d/1", "d/2"]) for store in machines]
    assert ids[0] == ids[1] == ids[2]
    assert states[0] == states[1] == states[2]
    assert not doctor.examine(machines[0].path).problems


def test_the_teacher_sees_how_it_goes(machines: list[Store], teacher: str, review: Review) -> None:
    ada, bo, _ = machines
    day = 30_000
    for store, credits in ((ada, (1.0, 0.0, 1.0)), (bo, (0.0, 0.0, 1.0))):
        for number, credit in enumerate(credits):
            more = {} if credit else {"mistake": "sign"}
            store.journal.append(review(f"d/{number}", day=day, due_in=1, credit=credit, **more))
    ada.journal.append(review("d/1", day=day, due_in=9, credit=1.0))
    ada.journal.append(review("e/self", day=day, grade=1, due_in=1))
    ada.journal.append(review("d/9", day=day, credit=0.0))
    ada.journal.undo(at=day * 86_400_000)
    ada.journal.append(Draft(day * 86_400_000, "", "quiz", body={"points": 3, "total": 5}))
    with server.connected(teacher) as opened:
        classroom.assign(opened, "d", date(2052, 3, 1))
        classroom.assign(opened, "d", date(2052, 2, 20))
    assert sync(ada, teacher, "ada").assigned == [("d", "2052-02-20")]
    sync(bo, teacher, "bo")

    with server.connected(teacher) as opened:
        found = classroom.report(opened, today=day + 4, now_ms=(day + 4) * 86_400_000)

    first, second = found.learners
    assert (first.learner, first.reviews, first.overdue, first.quizzes) == ("ada", 5, 3, 1)
    assert (first.first_tries, first.first_right) == (3, 2), "what one says of oneself does not count"
    assert first.last_active == date(2052, 2, 20)
    assert first.reviews_a_day == pytest.approx(5 / 7)
    assert first.begun == {"d": 3}
    assert (second.first_tries, second.first_right, second.overdue) == (3, 1, 3)
    assert [(card.item, card.right, card.tries) for card in found.hardest] == [("d/1", 0, 2), ("d/0", 1, 2)]
    assert found.mistakes == (("sign", 3),)


def test_a_learner_who_leaves_is_gone_from_the_server(machines: list[Store], teacher: str, review: Review) -> None:
    ada = machines[0]
    ada.journal.append(review("d/a"))
    sync(ada, teacher)
    with server.connected(teacher) as opened:
        assert classroom.remove(opened, "ada") == 1
        assert classroom.learners(opened) == ("bo",)
        assert opened.connection.execute("SELECT count(*) FROM studyapp.journal").fetchone() == (0,)
    with pytest.raises(SyncError, match="ada"):
        sync(ada, teacher)


@pytest.mark.parametrize("name", ["Ada", "pg_x", "postgres", 'a"; DROP ROLE app; --', "", "app", "head", "a" * 70])
def test_names_that_are_unfit_or_taken_are_refused(teacher: str, name: str) -> None:
    with server.connected(teacher) as opened, pytest.raises(SyncError):
        classroom.add(opened, name, None)


def test_a_password_is_in_no_log_of_the_server(teacher: str, postgres: str) -> None:
    with server.connected(teacher) as opened, server.connected(postgres) as admin:
        classroom.add(opened, "ada", "correct-horse")
        stored = admin.connection.execute("SELECT rolpassword FROM pg_authid WHERE rolname = 'ada'").fetchone()
    assert stored is not None
    assert stored[0].startswith("SCRAM-SHA-256$")
    log = Path(teacher.rpartition("=")[2]) / "log"
    if log.exists():
        assert "ALTER ROLE" in log.read_text(errors="replace"), "statements are logged"
        assert "correct-horse" not in log.read_text(errors="replace")


@pytest.mark.parametrize(
    ("url", "word"),
    [
        ("mysql://x@y/z", "postgresql"),
        ("postgresql+psycopg://ada:geheim@/postgres?host=/nowhere", "nowhere"),
        ("://", "URL"),
    ],
)
def test_a_server_that_cannot_be_reached_is_named_without_the_password(url: str, word: str) -> None:
    with pytest.raises(SyncError, match=word) as caught, server.connected(url):
        pass
    assert "geheim" not in str(caught.value)


def test_a_server_without_a_class_says_how_to_make_one(postgres: str, store: Store) -> None:
    with server.connected(postgres) as admin:
        admin.connection.execute("CREATE DATABASE empty")
    try:
        url = postgres.replace("/postgres?", "/empty?")
        with pytest.raises(SyncError, match="class create"), server.connected(url) as opened:
            server.exchange(store, opened, now_ms=NOW)
    finally:
        with server.connected(postgres) as admin:
            admin.connection.execute("DROP DATABASE empty")


def test_a_teacher_who_may_administer_the_group_is_no_learner(teacher: str, postgres: str) -> None:
    """From PostgreSQL 16 on, who makes a role is its member, but for administering it only."""
    with server.connected(postgres) as admin:
        admin.connection.execute("GRANT studyapp_learner TO head WITH ADMIN OPTION")
    try:
        with server.connected(teacher) as opened:
            assert classroom.learners(opened) == ("ada", "bo")
    finally:
        with server.connected(postgres) as admin:
            if admin.connection.info.server_version < 160_000:
                admin.connection.execute("REVOKE studyapp_learner FROM head")


def test_a_class_is_made_once(teacher: str) -> None:
    with server.connected(teacher) as opened, pytest.raises(SyncError, match="already"):
        classroom.create(opened)


@pytest.mark.parametrize(
    ("url", "environment", "mode"),
    [
        ("postgresql+psycopg://ada@school.example/db", {}, "verify-full"),
        ("postgresql+psycopg://ada@school.example/db?sslmode=require", {}, "require"),
        ("postgresql+psycopg://ada@school.example/db", {"PGSSLMODE": "verify-ca"}, None),
        ("postgresql+psycopg://ada@localhost/db", {}, None),
        ("postgresql+psycopg://ada@/db?host=/run/pg", {}, None),
        ("postgresql+psycopg:///db", {"PGHOST": "school.example"}, "verify-full"),
    ],
)
def test_a_server_elsewhere_must_prove_who_it_is(
    monkeypatch: pytest.MonkeyPatch, url: str, environment: dict[str, str], mode: str | None
) -> None:
    """libpq itself would send the password to whoever answers."""
    given: dict[str, Any] = {}

    def connect(**options: Any) -> None:
        given.update(options)
        raise psycopg.OperationalError("stopped here")

    for name in ("PGHOST", "PGSSLMODE"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(psycopg, "connect", connect)

    with pytest.raises(SyncError, match="stopped here"), server.connected(url):
        pass

    assert given.get("sslmode") == mode
    assert given.get("sslrootcert") == ("system" if mode == "verify-full" else None)


def test_two_machines_that_send_at_once_miss_nothing_of_each_other(
    machines: list[Store], teacher: str, review: Review
) -> None:
    def work(store: Store) -> None:
        for number in range(8):
            store.journal.append(review(f"d/{number}"))
            sync(store, teacher)

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(work, machines))
    for store in machines:
        sync(store, teacher)

    assert [len(store.journal.entries()) for store in machines] == [24, 24, 24]
