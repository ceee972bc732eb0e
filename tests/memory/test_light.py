import ast
import subprocess
import sys
from pathlib import Path

import studyapp

HEAVY = {"numpy", "sqlalchemy", "textual", "rich", "click", "msgspec", "asyncio", "json", "random", "subprocess"}


def test_scheduling_loads_nothing_heavy_because_it_runs_before_the_first_card_is_shown():
    command = (
        "import sys, studyapp.memory.schedule, studyapp.memory.queue, studyapp.memory.fold, studyapp.memory.grading;"
        "print(*sys.modules)"
    )
    loaded = subprocess.run([sys.executable, "-c", command], capture_output=True, text=True, check=True).stdout.split()
    assert HEAVY.isdisjoint(loaded)


def test_the_core_is_reached_through_one_module_so_that_it_can_be_replaced():
    house = Path(studyapp.__file__).parent
    users = set()
    for path in house.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            if any(name.split(".")[0] == "fsrs_rs_python" for name in names):
                users.add(path.relative_to(house).as_posix())
    assert users == {"memory/fsrs.py"}
