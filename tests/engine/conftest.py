"""What the engine's tests share: the published cases and mistakes, and short ways to solve a program."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

DATA = Path(__file__).parent / "data"


@pytest.fixture(scope="session")
def cases() -> dict[str, dict[str, Any]]:
    """Id → case of cases.json."""
    table = json.loads((DATA / "cases.json").read_text(encoding="utf-8"))
    return {case["id"]: case for case in (*table["published"], *table["computed"])}


@pytest.fixture(scope="session")
def listed_mistakes() -> dict[str, dict[str, Any]]:
    """Id → mistake of mistakes.json."""
    return {m["id"]: m for m in json.loads((DATA / "mistakes.json").read_text(encoding="utf-8"))}


@pytest.fixture(scope="session")
def solve() -> Callable[..., Any]:
    """solve(forward, given, loss="L", update=None, **more) → Solution."""
    import engine

    def run(forward: str, given: dict[str, Any], loss: str | None = "L", update: Any = None, **more: Any) -> Any:
        return engine.solve(engine.Program.parse(forward, loss), given, update, more.pop("state", None), **more)

    return run
