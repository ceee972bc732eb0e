"""The `[sample.NAME]` tables of a template file. Imports the drawing and the file reader."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import numpy as np

from engine.exercises.drawing import Sample
from engine.exercises.file import File

MAX_VALUES = 10_000
"""Values an entry may be drawn from."""
_KEYS = {"shape", "from", "to", "step", "one_of", "exclude", "signs", "distinct"}


def read_samples(file: File) -> dict[str, Sample]:
    """How every sampled given is drawn.

    Raises:
        TemplateError: a table says nothing that could be drawn from.
    """
    table = file.table("sample")
    return {name: _sample(file, f"sample.{name}", row) for name, row in table.items()}


def _sample(file: File, key: str, row: object) -> Sample:
    if not isinstance(row, Mapping):
        raise file.error(key, "must be a table", f"write [{key}]")
    file.known(row, _KEYS, key)
    shape = row.get("shape", [])
    if not isinstance(shape, list) or not all(type(n) is int and n > 0 for n in shape) or np.prod(shape) > 256:
        raise file.error(f"{key}.shape", "must list the sides of an array of at most 256 numbers", "write shape = [2]")
    for flag in ("signs", "distinct"):
        if not isinstance(row.get(flag, False), bool):
            raise file.error(f"{key}.{flag}", "must be true or false")
    values, whole = _values(file, key, row)
    excluded = row.get("exclude", [])
    if not isinstance(excluded, list):
        raise file.error(f"{key}.exclude", "must be a list of numbers", "write exclude = [0, 1]")
    values = values if whole else [v for v in values if all(abs(v - e) > 1e-9 for e in excluded)]
    made = Sample(tuple(values), tuple(shape), row.get("signs", False), row.get("distinct", False), whole)
    if not values:
        raise file.error(key, "nothing is left to draw from", "exclude less")
    if made.distinct and not whole and made.size > len(values):
        raise file.error(key, f"has {len(values)} values for {made.size} distinct entries", "allow more values")
    return made


def _values(file: File, key: str, row: Mapping[str, Any]) -> tuple[list[Any], bool]:
    if "one_of" in row:
        found = row["one_of"]
        if not isinstance(found, list) or not found or "from" in row or "to" in row or "step" in row:
            raise file.error(f"{key}.one_of", "must be a list, without from, to and step", "write one_of = [0.1, 0.2]")
        try:
            arrays = [np.array(v, dtype=float) for v in found]
        except (ValueError, TypeError):
            raise file.error(f"{key}.one_of", "must hold numbers, or arrays of numbers") from None
        whole = bool(arrays[0].shape)
        if any(a.shape != arrays[0].shape or not np.isfinite(a).all() for a in arrays):
            raise file.error(f"{key}.one_of", "must hold finite numbers, or arrays of one shape")
        if whole and ("shape" in row or "signs" in row or "distinct" in row):
            raise file.error(f"{key}.one_of", "holds complete arrays", "leave out shape, signs and distinct")
        return (found if whole else [float(v) for v in found]), whole
    low, high, step = (row.get(k) for k in ("from", "to", "step"))
    if not all(isinstance(v, int | float) and not isinstance(v, bool) for v in (low, high, step)):
        raise file.error(key, "needs from, to and step, or one_of", "write from = -1.0, to = 1.0, step = 0.1")
    first, last, by = Decimal(str(low)), Decimal(str(high)), Decimal(str(step))
    if by <= 0 or last < first or (last - first) / by > MAX_VALUES:
        raise file.error(f"{key}.step", f"from ≤ to, a positive step and at most {MAX_VALUES:,} values are needed")
    # Counted in decimals, so that 0.3 is the same float that a person types.
    return [float(first + by * k) for k in range(int((last - first) / by) + 1)], False
