"""Several machines, one history, through a folder that anything may carry and anything may damage."""

import json
import os
import random
import shutil
import sqlite3
import stat
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studyapp.storage import backup, doctor, wire
from studyapp.storage.entry import Draft, Entry
from studyapp.storage.errors import NothingToUndo, SyncError
from studyapp.storage.exchange import Exchanged, exchange
from studyapp.storage.store import Store

Review = Callable[..., Draft]
NOW = 40_000 * 86_400_000


def sync(store: Store, folder: Path) -> Exchanged:
    return exchange(store, folder, now_ms=NOW)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """What the machines share."""
    made = tmp_path / "shared"
    made.mkdir()
    return made


@pytest.fixture
def machines(tmp_path: Path) -> Iterator[tuple[Store, Store]]:
    """Two machines of one person."""
    with Store.open(tmp_path / "a" / "studyapp.db") as one, Store.open(tmp_path / "b" / "studyapp.db") as two:
        yield one, two


def file_of(store: Store, folder: Path) -> Path:
    return folder / f"{store.journal.device}.jsonl"


def everything(path: Path) -> tuple[list[Any], list[Any]]:
    """What is calculated from the journal, as far as floats agree."""
    connection = sqlite3.connect(path)
    memory = connection.execute(
        "SELECT item, phase, step, due_day, due_at, last_at, last_day, reps, lapses, suspended, buried_until, flag, "
        "leech, last_entry, round(stability, 3), round(difficulty, 3) FROM memory ORDER BY item"
    ).fetchall()
    day = connection.execute(
        "SELECT day, deck, reviews, again, hard, good, easy FROM day ORDER BY day, deck"
    ).fetchall()
    connection.close()
    return memory, day


def test_what_was_done_on_one_machine_is_known_on_the_other(
    machines: tuple[Store, Store], folder: Path, review: Review
) -> None:
    one, two = machines
    one.journal.append(review("d/a", day=10, answer="δ"))
    one.journal.append(review("d/a", day=13))
    one.journal.undo()
    two.journal.append(review("d/b"))

    assert sync(one, folder).sent == 3
    there = sync(two, folder)
    back = sync(one, folder)

    assert (there.received, there.sent, back.received, back.sent) == (3, 1, 1, 0)
    assert there.told == back.told == []
    assert two.journal.state("d/a") == one.journal.state("d/a")
    assert one.journal.state("d/b") == two.journal.state("d/b")
    assert len(one.journal.entries()) == len(two.journal.entries()) == 4
    assert sorted(path.name for path in folder.iterdir()) == sorted(file_of(store, folder).name for store in machines)


def test_exchanging_again_changes_nothing(machines: tuple[Store, Store], folder: Path, review: Review) -> None:
    one, _ = machines
    one.journal.append(review("d/a"))
    sync(one, folder)
    before = file_of(one, folder).read_bytes()

    again = sync(one, folder)

    assert (again.received, again.sent, again.told) == (0, 0, [])
    assert file_of(one, folder).read_bytes() == before


def test_a_file_is_only_ever_added_to(machines: tuple[Store, Store], folder: Path, review: Review) -> None:
    one, _ = machines
    before = b""
    for number in range(4):
        one.journal.append(review(f"d/{number}"))
        sync(one, folder)
        now = file_of(one, folder).read_bytes()
        assert now.startswith(before)
        before = now
    assert [json.loads(line).get("seq") for line in before.splitlines()] == [None, 1, 2, 3, 4]


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX permissions")
def test_files_in_the_folder_are_for_their_owner_alone(tmp_path: Path, store: Store, review: Review) -> None:
    store.journal.append(review("d/a"))
    sync(store, tmp_path / "new")

    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "new").iterdir()} == {0o600}


def test_a_file_cut_anywhere_costs_one_entry_at_most_until_the_rest_arrives(
    machines: tuple[Store, Store], folder: Path, tmp_path: Path, review: Review
) -> None:
    one, _ = machines
    for number in range(3):
        one.journal.append(review(f"d/{number}", answer="ü"))
    sync(one, folder)
    source = file_of(one, folder)
    content = source.read_bytes()
    half = tmp_path / "half"
    half.mkdir()
    with Store.open(tmp_path / "c" / "studyapp.db") as reader:
        for end in range(0, len(content), 7):
            (half / source.name).write_bytes(content[:end])
            done = sync(reader, half)
            whole = max(0, content[:end].count(b"\n") - 1)
            assert len(reader.journal.entries()) == whole
            assert not [sentence for sentence in done.told if "line" in sentence]
            file_of(reader, half).unlink()
        (half / source.name).write_bytes(content)
        sync(reader, half)
        assert reader.journal.entries() == one.journal.entries()


def test_a_line_that_a_power_cut_tore_is_written_again(store: Store, folder: Path, review: Review) -> None:
    store.journal.append(review("d/a"))
    store.journal.append(review("d/b"))
    sync(store, folder)
    path = file_of(store, folder)
    whole = path.read_bytes()
    path.write_bytes(whole[:-20])

    assert sync(store, folder).sent == 1

    assert path.read_bytes() == whole


HOSTILE = {
    "huge": b'{"id":"' + b"x" * (11 << 20) + b'"}',
    "nul": b"\x00" * 300,
    "deep": b'{"body":' + b"[" * 200_000 + b"]" * 200_000 + b"}",
    "text": b"Dear diary",
    "latin": b'{"id":"\xff"}',
    "array": b"[]",
}


def altered(line: bytes, **changes: Any) -> bytes:
    """An entry's line with other values, under an id of its own."""
    fields = json.loads(line)
    fields["id"] = f"{random.getrandbits(48):012x}"[:8] + "-0000-7000-8000-" + f"{random.getrandbits(48):012x}"
    return json.dumps({**fields, "seq": fields["seq"] + 1_000, **changes}).encode()


@pytest.mark.parametrize("what", [*HOSTILE])
def test_a_hostile_line_is_named_and_left_out_and_the_rest_is_taken_in(
    machines: tuple[Store, Store], folder: Path, review: Review, what: str
) -> None:
    one, two = machines
    for number in range(3):
        one.journal.append(review(f"d/{number}"))
    sync(one, folder)
    path = file_of(one, folder)
    lines = path.read_bytes().splitlines()
    path.write_bytes(b"\n".join([*lines[:2], HOSTILE[what], *lines[2:], b""]))

    done = sync(two, folder)

    assert done.received == 3
    assert len(done.told) == 1
    assert f"{path.name}: line 3: " in done.told[0]
    assert len(done.told[0]) < 400, "the line itself is not repeated"


@pytest.mark.parametrize(
    "changes",
    [
        {"at": 2**63},
        {"at": 10**30},
        {"at": 10**17},
        {"at": "yesterday"},
        {"at": True},
        {"seq": 0},
        {"seq": 2**60},
        {"seq": 1.5},
        {"grade": 2**64},
        {"grade": "good"},
        {"duration_ms": 10**25},
        {"item": 5},
        {"item": ""},
        {"item": "d/a\x00"},
        {"item": "x" * 5_000},
        {"kind": ""},
        {"device": "../../etc"},
        {"id": "1"},
        {"id": "{0190F000-0000-7000-8000-000000000000}"},
        {"body": []},
        {"body": "x"},
        {"body": {"day": 10**15}},
        {"body": {"due_at": -(10**17)}},
        {"body": {"step": 2**70}},
        {"body": {"given": [[{"w": 2**64}]]}},
        {"kind": "x", "body": {"day": 10**15}},
        {"kind": "bury", "body": {"value": 10**9}},
    ],
    ids=str,
)
def test_values_that_cannot_be_are_named_and_left_out(
    machines: tuple[Store, Store], folder: Path, review: Review, changes: dict[str, Any]
) -> None:
    one, two = machines
    one.journal.append(review("d/0"))
    one.journal.append(review("d/1"))
    sync(one, folder)
    path = file_of(one, folder)
    lines = path.read_bytes().splitlines()
    path.write_bytes(b"\n".join([lines[0], lines[1], altered(lines[1], **changes), lines[2], b""]))

    done = sync(two, folder)

    assert done.received == 2
    assert "line 3" in done.told[0]
    assert not doctor.examine(two.path).problems


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)
names = ("day", "due_day", "due_at", "phase", "step", "leech", "value", "act", "voids", "prev", "predicted", "mistake",
         "confidence", "values", "version", "withheld", "text")  # fmt: skip
foreign = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(
            ["review", "undo", "redo", "parameters", "set-due", "bury", "flag", "forget", "accept-answer", "suspend"]
        ),
        "item": st.sampled_from(["d/a", "d/b", ""]),
        "grade": st.none() | st.integers(-1, 6) | st.integers(),
        "at": st.integers(-(10**14), 10**15),
        "duration_ms": st.none() | st.integers(),
        "body": st.dictionaries(st.sampled_from(names), values, max_size=6),
    }
)


@settings(max_examples=40, deadline=None)
@given(st.lists(foreign, max_size=8))
def test_whatever_passes_the_reader_the_journal_can_take_in(lines: list[dict[str, Any]]) -> None:
    """No crash, nothing lost, and what is calculated at once is what a replay calculates."""
    good: list[Entry] = []
    for number, fields in enumerate(lines, 1):
        id_ = f"{number:08x}-0000-7000-8000-000000000000"
        try:
            good.append(wire.decode(json.dumps({"id": id_, "device": "hostile0", "seq": number, **fields}).encode()))
        except wire.BadLine:
            continue
    with TemporaryDirectory() as home, Store.open(Path(home) / "studyapp.db") as store:
        store.journal.append(Draft(1, "d/a", "review", 3, 1, {"day": 1, "due_day": 3}))
        assert store.journal.merge(good).added == len(good)
        before = everything(store.path)
        store.journal.rebuild()
        assert everything(store.path) == before
        assert len(store.journal.entries()) == len(good) + 1
        assert not doctor.examine(store.path).problems


@pytest.mark.skipif(sys.platform == "win32", reason="links and pipes")
def test_links_and_pipes_are_not_opened(store: Store, folder: Path, tmp_path: Path, review: Review) -> None:
    secret = tmp_path / "secret.jsonl"
    secret.write_text("secret\n")
    (folder / "link.jsonl").symlink_to(secret)
    os.mkfifo(folder / "pipe.jsonl")
    (folder / "folder.jsonl").mkdir()
    store.journal.append(review("d/a"))

    done = sync(store, folder)

    assert done.sent == 1
    assert sorted(sentence.partition(":")[0] for sentence in done.told) == ["folder.jsonl", "link.jsonl", "pipe.jsonl"]


@pytest.mark.skipif(sys.platform == "win32", reason="links")
def test_nothing_is_written_through_a_link_in_the_place_of_our_own_file(
    store: Store, folder: Path, tmp_path: Path, review: Review
) -> None:
    target = tmp_path / "precious"
    target.write_text("precious\n")
    file_of(store, folder).symlink_to(target)
    store.journal.append(review("d/a"))

    with pytest.raises(SyncError, match=store.journal.device):
        sync(store, folder)

    assert target.read_text() == "precious\n"


def test_copies_that_a_synchroniser_made_are_read_and_named(
    machines: tuple[Store, Store], folder: Path, review: Review
) -> None:
    one, two = machines
    one.journal.append(review("d/a"))
    sync(one, folder)
    name = file_of(one, folder).stem
    for copy in (f"{name}.sync-conflict-20261121-1200.jsonl", f"{name} (1).jsonl", f"{name}.jsonl.orig"):
        shutil.copy(file_of(one, folder), folder / copy)
    (folder / f".syncthing.{name}.jsonl.tmp").write_bytes(b"half a li")
    one.journal.append(review("d/b"))
    sync(one, folder)

    done = sync(two, folder)

    assert (done.received, done.files) == (2, 4)
    assert len(done.told) == 1
    assert "(1).jsonl" in done.told[0]
    assert "delete" in done.told[0]


def test_the_same_id_with_other_content_is_told_and_kept_as_it_is_here(
    machines: tuple[Store, Store], folder: Path, review: Review
) -> None:
    one, two = machines
    entry = one.journal.append(review("d/a", grade=1)).entry
    sync(one, folder)
    sync(two, folder)
    path = file_of(one, folder)
    path.write_bytes(path.read_bytes().replace(b'"grade":1', b'"grade":4'))

    done = sync(two, folder)

    assert two.journal.entries() == (entry,)
    assert len(done.told) == 1
    assert entry.id in done.told[0]


def test_a_dropped_line_is_told_with_its_number_and_healed_by_whoever_has_it(
    machines: tuple[Store, Store], folder: Path, review: Review
) -> None:
    one, two = machines
    for number in range(6):
        one.journal.append(review(f"d/{number}"))
    sync(one, folder)
    path = file_of(one, folder)
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[:3] + lines[5:]))

    done = sync(two, folder)

    assert done.received == 4
    assert len(done.told) == 1
    assert f"2 entries of {one.journal.device} have not arrived yet (number 3 to 4)" in done.told[0]
    assert sync(one, folder).sent == 2
    assert sync(two, folder).received == 2
    assert two.journal.entries(item="d/3")


@pytest.mark.parametrize(("skew", "told"), [(60_000, False), (3_600_000, True), (86_400_000 * 20_000, True)])
def test_a_clock_that_runs_ahead_is_told(
    machines: tuple[Store, Store], folder: Path, review: Review, skew: int, told: bool
) -> None:
    one, two = machines
    one.journal.append(review("d/a", at=NOW + skew))
    assert not sync(one, folder).told
    done = sync(two, folder)

    assert done.received == 1
    assert [one.journal.device in sentence and "clock" in sentence for sentence in done.told] == [True] * told


def test_a_copied_machine_gets_a_name_of_its_own_and_nothing_is_lost(
    tmp_path: Path, folder: Path, review: Review
) -> None:
    first = tmp_path / "first"
    with Store.open(first / "studyapp.db") as store:
        store.journal.append(review("d/a"))
    shutil.copytree(first, tmp_path / "clone")
    with Store.open(first / "studyapp.db") as one, Store.open(tmp_path / "clone" / "studyapp.db") as two:
        assert one.journal.device == two.journal.device
        one.journal.append(review("d/b"))
        two.journal.append(review("d/c"))
        sync(one, folder)

        done = sync(two, folder)

        assert one.journal.device != two.journal.device
        assert two.journal.device in done.told[0]
        sync(one, folder)
        for store in (one, two):
            store.journal.append(review("d/e"))
            sync(store, folder)
        assert [sync(store, folder).told for store in (one, two, one)] == [[], [], []]
        assert set(map(repr, one.journal.entries())) == set(map(repr, two.journal.entries()))
        assert len(one.journal.entries()) == 5
        assert not doctor.examine(one.path).problems
    assert (tmp_path / "clone" / "device").read_text().strip() != (first / "device").read_text().strip()


def test_a_window_that_was_open_during_a_restore_gives_no_number_twice(
    path: Path, folder: Path, review: Review
) -> None:
    with Store.open(path) as window:
        window.journal.append(review("d/a"))
        saved = backup.make(path)
        window.journal.append(review("d/b"))
        sync(window, folder)

        backup.restore(path, saved.path)
        window.journal.append(review("d/c"))
        done = sync(window, folder)

        assert done.received == 1, "what had been given away comes back"
        assert done.told == []
        numbers = [(entry.device, entry.seq) for entry in window.journal.entries()]
        assert len(numbers) == len(set(numbers)) == 3
        assert not doctor.examine(path).problems


def test_entries_that_came_by_another_way_are_passed_on(tmp_path: Path, review: Review) -> None:
    """A meets B on one stick, B meets C on another; C knows what A did."""
    stores = [Store.open(tmp_path / name / "studyapp.db") for name in "abc"]
    try:
        stores[0].journal.append(review("d/a"))
        sync(stores[0], tmp_path / "stick1")
        sync(stores[1], tmp_path / "stick1")
        sync(stores[1], tmp_path / "stick2")
        sync(stores[2], tmp_path / "stick2")

        assert stores[2].journal.entries() == stores[0].journal.entries()
    finally:
        for store in stores:
            store.close()


def test_a_file_of_a_newer_program_is_left_alone(store: Store, folder: Path) -> None:
    newer = b'{"format":"studyapp-journal","version":2,"device":"x"}\n{"what":"ever"}\n'
    (folder / "newdevice.jsonl").write_bytes(newer)

    done = sync(store, folder)

    assert done.received == 0
    assert "newer studyapp" in done.told[0]
    assert (folder / "newdevice.jsonl").read_bytes() == newer


def test_kinds_and_fields_of_a_newer_program_survive_the_round(
    machines: tuple[Store, Store], folder: Path, tmp_path: Path
) -> None:
    one, two = machines
    entry = one.journal.append(Draft(5, "d/a", "hologram", body={"x": [1, {"y": None, "z": "\u2028\x01"}]})).entry
    sync(one, folder)
    sync(two, folder)
    sync(two, tmp_path / "further")
    with Store.open(tmp_path / "c" / "studyapp.db") as third:
        sync(third, tmp_path / "further")
        assert third.journal.entries() == (entry,)


@pytest.mark.parametrize("place", ["missing/deeper", "file"])
def test_a_folder_that_is_none_is_named(store: Store, tmp_path: Path, place: str) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(SyncError, match=place):
        sync(store, tmp_path / place)


def test_parameters_that_cannot_be_calculated_with_are_passed_over(store: Store, review: Review) -> None:
    good = Entry("00000001-0000-7000-8000-000000000000", "other123", 1, 5, "", "parameters", body={
        "version": "FSRS-6", "values": [0.5, 2.0, 9.0, 20.0, *store.journal.parameters.values[4:]]})  # fmt: skip
    bad = [
        Entry(
            f"0000000{number}-0000-7000-8000-000000000000", "other123", number, 5 + number, "", "parameters", body=body
        )
        for number, body in enumerate(
            [{}, {"version": "FSRS-9", "values": [1.0] * 40}, {"version": "FSRS-6", "values": [None]}], 2
        )
    ]
    store.journal.merge([*bad, good])

    assert store.journal.parameters.values[2] == 9.0
    assert store.journal.append(review("d/a")).state.stability == pytest.approx(9.0)
    store.journal.rebuild()


ITEMS = st.sampled_from(["d/a", "d/b", "e/c"])
WHO = st.integers(0, 2)
steps = st.one_of(
    st.tuples(st.just("review"), WHO, ITEMS, st.integers(0, 40), st.integers(1, 4), st.integers(-90, 90)),
    st.tuples(st.sampled_from(["suspend", "forget", "flag", "set-due"]), WHO, ITEMS, st.integers(0, 40)),
    st.tuples(st.sampled_from(["undo", "redo"]), WHO),
    st.tuples(st.just("sync"), WHO),
    st.tuples(st.just("carry"), WHO, WHO, st.floats(0, 1)),
)


@settings(max_examples=20, deadline=None)
@given(st.lists(steps, max_size=30), st.permutations(range(3)))
def test_machines_that_meet_in_any_order_agree_in_the_end(script: list[tuple[Any, ...]], last: list[int]) -> None:
    """Three machines with a replica of the folder each; files travel whole or cut, now and then or never."""
    with TemporaryDirectory() as place:
        base = Path(place)
        stores = [Store.open(base / f"m{number}" / "studyapp.db") for number in range(3)]
        replicas = [base / f"r{number}" for number in range(3)]
        written: set[str] = set()
        try:
            for store, replica in zip(stores, replicas, strict=True):
                sync(store, replica)
            for step in script:
                play(step, stores, replicas)
            written = {entry.id for store in stores for entry in store.journal.entries()}
            for _ in range(2):
                for here in last:
                    sync(stores[here], replicas[here])
                    for there in last:
                        carry(stores[here], replicas[here], replicas[there], 1.0)
            for number in last:
                sync(stores[number], replicas[number])

            assert [{entry.id for entry in store.journal.entries()} for store in stores] == [written] * 3
            kept = [everything(store.path) for store in stores]
            assert kept[0] == kept[1] == kept[2]
            stores[0].journal.rebuild()
            assert everything(stores[0].path) == kept[0]
        finally:
            for store in stores:
                store.close()


def play(step: tuple[Any, ...], stores: list[Store], replicas: list[Path]) -> None:
    match step:
        case ("review", who, item, day, grade, skew):
            at = (day * 24 + skew) * 3_600_000
            stores[who].journal.append(
                Draft(at, item, "review", grade, 9, {"day": day, "due_day": day + 3, "phase": 2})
            )
        case ("sync", who):
            sync(stores[who], replicas[who])
        case ("carry", here, there, share):
            carry(stores[here], replicas[here], replicas[there], share)
        case ("undo" | "redo" as kind, who):
            with suppress(NothingToUndo):
                getattr(stores[who].journal, kind)(at=1)
        case (kind, who, item, day):
            stores[who].journal.append(Draft(day, item, kind, body={"day": day, "value": 1, "due_day": day + 1}))


def carry(owner: Store, source: Path, target: Path, share: float) -> None:
    """What a synchroniser does: copy a machine's file, perhaps only as far as the connection lasted."""
    file = source / f"{owner.journal.device}.jsonl"
    content = file.read_bytes()
    if source != target:
        (target / file.name).write_bytes(content[: int(len(content) * share)])
