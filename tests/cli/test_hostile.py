"""A deck is a file from anywhere: whatever stands in it, no command lets it steer the terminal."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

STEERING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
RAW = "\x1b[31mRED\x1b]0;t\x07\x9b2J\u202eabc"
ESCAPED = "\\u001b[31mRED\\u001b]0;t\\u0007\\u009b2J\\u202eabc"
DECK = f"""\
+++
id = "evil"
title = "Evil {ESCAPED}"
description = "D {ESCAPED}"
[sources]
book = {{ title = "S {ESCAPED}", url = "http://e.org/{ESCAPED}" }}
+++

# Lesson {RAW}

Prose {RAW}, $x{RAW}$, `code {RAW}` and [a link](http://e.org/{RAW}). [@book]

```text
figure {RAW}
```

## Front {RAW} {{#front}}

> [!TIP]
> Hint {RAW}

Back {RAW}

> Because {RAW}. [@book]

## Choice {RAW} {{#choice}}

- [ ] left {RAW}
  > wrong {RAW}
- [x] right {RAW}

## {{#cloze}}

A {{{{1|gap {RAW}|hint {RAW}}}}} in it.

## Word {RAW} {{#word}}

= "word {RAW}"

## Bad {RAW} {{#bad{RAW}}}

- [ ] none is right
"""


@pytest.fixture
def evil(learner: Path) -> Path:
    path = learner.parent / "evil.md"
    path.write_text(DECK, encoding="utf-8")
    (learner / "config.toml").write_text(f'decks = ["{path}"]\nlearning_steps = []\n', encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("arguments", "lines"),
    [
        (("deck", "check", "{path}"), ()),
        (("deck", "list"), ()),
        (("deck", "add", "{path}"), ()),
        (("due",), ()),
        ((), ()),
        (("review", "evil", "--plain"), ("h", "", "3", "a", "", "3", "", "3", "word", "3")),
        (("review", "evil", "--speak"), ("h", "", "3", "b", "", "3", "", "3", "word", "3")),
        (("quiz", "evil", "--plain"), ("a", "", "b", "", "y", "word", "")),
        (("cards", "evil", "--plain"), ("", "", "", "", "", "", "", "")),
        (("lesson",), ()),
        (("lesson", "evil"), ("", "")),
        (("search", "deck:evil"), ()),
        (("progress", "--deck", "evil"), ()),
        (("stats",), ()),
        (("history",), ()),
    ],
)
def test_no_command_lets_a_deck_steer_the_terminal(
    shell: Callable[..., Result], evil: Path, arguments: tuple[str, ...], lines: tuple[str, ...]
) -> None:
    done = shell(*(one.format(path=evil) for one in arguments), lines=lines)

    assert done.exit_code in (0, 1)
    assert not STEERING.search(done.stdout + done.stderr)
    if arguments[:1] in (("review",), ("quiz",), ("cards",), ("lesson",), ("search",), ("deck",)):
        assert "RED" in done.stdout + done.stderr, "the text itself is shown"


def test_what_other_programs_read_steers_no_terminal_and_loses_nothing(
    shell: Callable[..., Result], evil: Path
) -> None:
    shell("review", "evil", "--plain", lines=("", "3"))

    done = shell("search", "deck:evil", "--json")

    assert not STEERING.search(done.stdout)
    assert "\x9b2J\u202eabc" in json.loads(done.stdout)[0]["front"]


@pytest.mark.parametrize("words", [("exercise",), ("undo",), ("restore",), ("history",), ("due",), ("lesson",)])
def test_no_mistake_on_the_line_is_echoed_so_that_it_steers(
    shell: Callable[..., Result], words: tuple[str, ...]
) -> None:
    done = shell(*words, "\x1b]0;t\x07")

    assert done.exit_code in (1, 2)
    assert "]0;t" in done.stderr
    assert not STEERING.search(done.stderr)
