"""Every row of the benchmark, in the order of the table."""

from __future__ import annotations

from tests.benchmarks import anki_peer, answering, collecting, computing, keys, starting
from tests.benchmarks.model import Row

ANKI = anki_peer.NAME
TEXTUAL = "a bare Textual app"
PYTORCH = "PyTorch eager, CPU"

ROWS = (
    Row(
        "answer", "answer → next item, durable", answering.session, anki_peer.answer, ANKI,
        ratios={"p50": 1.5, "p99": 0.5, "max": 0.5},
    ),
    Row("append", "the journal's part of an answer", answering.append, anki_peer.answer, f"{ANKI}, whole answer"),
    Row("undo", "undo → the item is in front again", answering.undo),
    Row(
        "first-card", "process start → first card on screen", starting.first_card, starting.bare, TEXTUAL,
        ratios={"p50": 1.6},
    ),
    Row(
        "first-card-cold", "the same without byte-code", starting.first_card_cold, starting.bare_cold, TEXTUAL,
        rounds=2,
    ),
    Row("first-counts", "process start → what is due, on Today", starting.first_counts, starting.bare, TEXTUAL),
    Row(
        "keys", "key → paint: reveal, grade, next", keys.keys,
        limits={"p99": 50.0, "stood still while opening": 50.0, "stood still in use": 50.0}, rounds=1,
    ),
    Row("keys-busy", "the same beside a busy program", keys.keys_busy, limits={"p99": 50.0}, rounds=1),
    Row("due", "studyapp due", starting.due, starting.python, "python -c pass", ratios={"p50": 10.0}),
    Row("stats", "studyapp stats --json", starting.stats, starting.python, "python -c pass"),
    Row("open", "open everything, find the first item", collecting.open_and_plan, anki_peer.first_queue, ANKI),
    Row("plan", "plan a session", collecting.plan),
    Row("today", "figures of Today", collecting.today, anki_peer.tree, "Anki's deck tree"),
    Row(
        "progress", "whole-collection statistics", collecting.progress, anki_peer.graphs, "Anki's graphs",
        ratios={"p50": 0.25},
    ),
    Row(
        "import", "import of a table (TSV)", collecting.import_table, anki_peer.import_cards, ANKI,
        ratios={"p50": 0.5}, rounds=3,
    ),
    Row(
        "decks", "deck files read and stored", collecting.decks, anki_peer.import_cards, "Anki's import of a table",
        rounds=2,
    ),
    Row(
        "replay", "replay of all reviews into what is remembered", collecting.replay, anki_peer.fsrs,
        "Anki's enabling of FSRS", ratios={"p50": 0.5},
    ),
    Row(
        "rebuild", "the same where every state was wrong; sums of days, too", collecting.rebuild, anki_peer.fsrs,
        "Anki's enabling of FSRS", ratios={"p50": 0.5},
    ),
    Row("search", "search for words", collecting.search, anki_peer.search, ANKI),
    Row("browse", "search in the browser", collecting.browse),
    Row("backup", "a verified backup", collecting.backup),
    Row(
        "step", "forward, backward, update of a 2-2-1 network", computing.step, computing.torch_step, PYTORCH,
        ratios={"p50": 0.25}, grows=False,
    ),
    Row("step-by-name", "the same, values by name", computing.named_step, computing.torch_step, PYTORCH, grows=False),
    Row("variants", "exercise variants, proved, with mistakes", computing.variants, a_second=200, grows=False),
    Row("marks", "answers marked", computing.marks, a_second=20_000, grows=False),
    Row("prose", "a card typeset", computing.typesetting, grows=False),
    Row("formulas", "a displayed formula typeset", computing.formulas, grows=False),
)  # fmt: skip
BY_NAME = {row.name: row for row in ROWS}
