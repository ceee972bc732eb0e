"""The question tests as a command: several processes find what one finds."""

import json

from click.testing import CliRunner

from studyapp.cli import exercise_check


def run(*args: str):
    return CliRunner().invoke(exercise_check.check, args)


def test_several_processes_find_what_one_finds(monkeypatch):
    alone = json.loads(run("linear-neuron", "dropout", "--seeds", "6", "--json").stdout)
    monkeypatch.setattr(exercise_check, "CHUNK", 2)
    shared = json.loads(run("linear-neuron", "dropout", "--seeds", "6", "--json", "--jobs", "2").stdout)
    for report in (*alone, *shared):
        assert report.pop("seconds") > 0
    assert shared == alone
    assert [r["seeds"] for r in shared] == [6, 6]


def test_every_mistake_typed_is_counted_as_recognised_alone_or_with_its_equals_or_as_hidden():
    done = run("adam", "softmax-cross-entropy", "--seeds", "5", "--json")
    for report in json.loads(done.stdout):
        assert report["unique"] + report["tied"] + report["hidden"] == report["mistakes"] > 0
    assert "no faults" in done.stderr
