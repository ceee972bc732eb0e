"""The door of the room: every name is there, whichever module was imported before, and nothing loads too early."""

from __future__ import annotations

import subprocess
import sys

import pytest


def run(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.strip()


@pytest.mark.parametrize("name", ["inline", "display", "speak", "prose"])
def test_a_function_is_found_although_its_module_has_the_same_name(name: str) -> None:
    code = f"""
import studyapp.typeset.{name}
from studyapp.typeset import {name}
import studyapp.typeset as room
print(callable({name}), {name} is room.{name}, [n for n in room.__all__ if not hasattr(room, n)])
"""
    assert run(code) == "True True []"


def test_lines_and_widths_load_no_formula_and_nothing_foreign_loads_at_all() -> None:
    code = """
import sys
import studyapp.typeset.model, studyapp.typeset.width
early = [name for name in sys.modules if name.startswith("studyapp.typeset.")]
from studyapp.typeset import inline, display, speak, prose, plain
foreign = ("markdown_it", "textual", "rich", "numpy", "sqlalchemy")
print(sorted(early), [name for name in foreign if name in sys.modules])
"""
    assert run(code) == "['studyapp.typeset.model', 'studyapp.typeset.width'] []"
