"""Writes data/pinned.json anew: run it after a template's version was raised, and read the difference.

.venv/bin/python tests/engine/exercises/pin.py
"""

import json
from pathlib import Path

import content
from engine.evaluate import listed
from engine.exercises import generate, load_template

SEEDS = (1, 42, 2026)
FILE = Path(__file__).parent / "data" / "pinned.json"


def pinned(path: Path) -> dict:
    """What the pinned seeds of a template give, at six figures' and more precision."""
    template = load_template(path)
    made = {"version": template.version}
    for seed in SEEDS:
        variant = generate(template, seed, min(3, template.levels[1]))
        made[str(seed)] = {
            "given": {n: listed(v) for n, v in variant.given.items()},
            "steps": {s.name: [s.precision, listed(s.value)] for s in variant.steps},
        }
    return made


def main() -> None:
    """Write the file."""
    folder = content.bundled() / "exercises"
    made = {path.stem: pinned(path) for path in sorted(folder.glob("*.toml"))}
    lines = ",\n".join(f"{json.dumps(name)}: {json.dumps(one)}" for name, one in made.items())
    FILE.write_text("{\n" + lines + "\n}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
