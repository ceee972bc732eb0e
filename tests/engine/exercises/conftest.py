"""Templates for the tests of exercises."""

from pathlib import Path

import pytest

import content
from engine.exercises import load_template

FOLDER = content.bundled() / "exercises"


@pytest.fixture(scope="session")
def template():
    """Load a bundled template by name, once."""
    cache = {}

    def load(name: str):
        if name not in cache:
            cache[name] = load_template(FOLDER / f"{name}.toml")
        return cache[name]

    return load


@pytest.fixture(scope="session")
def folder() -> Path:
    """Where the bundled templates lie."""
    return FOLDER
