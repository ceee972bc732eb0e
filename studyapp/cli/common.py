"""What commands share: where the learner's things are, how errors end a command, how JSON is printed.

Nothing here imports a screen or SQLAlchemy; a command that needs the desk opens it with `desk()`.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, NoReturn

import click

if TYPE_CHECKING:
    from studyapp.study.desk import Desk

WRONG_INPUT, MISUSE, DATABASE = 1, 2, 3


def fail(sentence: str, code: int = WRONG_INPUT) -> NoReturn:
    """End the command: the sentence to stderr, `code` to the shell."""
    click.echo(sentence, err=True)
    sys.exit(code)


def print_json(value: object) -> None:
    """Print `value` for another program: UTF-8, one document, keys in the order given."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


@contextmanager
def desk() -> Iterator[Desk]:
    """Everything a person has open, closed again at the end.

    Ends the command with 3 when the database cannot be used, and with 1 when the settings cannot be read.
    """
    from studyapp.storage.errors import StorageError  # noqa: PLC0415  only commands that open the database pay for it
    from studyapp.study.desk import Desk  # noqa: PLC0415
    from studyapp.study.settings import SettingsError  # noqa: PLC0415

    try:
        with Desk.open() as opened:
            yield opened
    except StorageError as error:
        fail(str(error), DATABASE)
    except SettingsError as error:
        fail(str(error))


def interactive() -> bool:
    """Whether a full screen makes sense: both ends are a terminal that can do more than print lines."""
    return sys.stdin.isatty() and sys.stdout.isatty() and os.environ.get("TERM", "") not in ("", "dumb")
