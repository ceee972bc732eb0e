"""The `[sample.NAME]` tables of a template file. Imports the drawing and the file reader."""

from __future__ import annotations

import math
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import numpy as np

from engine.exercises.drawing import Sample
from engine.exercises.file import File

MAX_VALUES = 10_000
"""Values an entry may be drawn from."""
MAX_SIZE = 512
"""Numbers of one array."""
_KEYS = {"shape", "from", "to", "step", "one_of", "exclude", "signs", "distinct", "as_shape"}


def read_samples(file: File) -> dict[str, Sample]:
    """How every sampled given is drawn.

    Raises:
        TemplateError: a table says nothing that could be drawn from.
    """
    made: dict[str, Sample] = {}
    for name, row in file.table("sample").items():
        made[name] = _sample(file, f"sample.{name}", row, made)
    return made


def _sample(file: File, key: str, row: object, before: Mapping[str, Sample]) -> Sample:
    if not isinstance(row, Mapping):
        raise file.error(key, "must be a table", f"write [{key}]")
    file.known(row, _KEYS, key)
    shape = row.get("shape", [])
    sides = [_largest(n, before) for n in shape] if isinstance(shape, list) else [0]
    if not all(0 < n <= 64 for n in sides) or math.prod(sides) > MAX_SIZE:
        raise file.error(
            f"{key}.shape",
            f"must list the sides of an array of at most {MAX_SIZE} numbers: whole numbers, or givens drawn before",
            "write shape = [2]",
        )
    for flag in ("signs", "distinct", "as_shape"):
        if not isinstance(row.get(flag, False), bool):
            raise file.error(f"{key}.{flag}", "must be true or false")
    values, whole = _values(file, key, row)
    excluded = row.get("exclude", [])
    if not isinstance(excluded, list) or not all(_is_number(v) for v in excluded):
        raise file.error(f"{key}.exclude", "must be a list of numbers", "write exclude = [0, 1]")
    values = values if whole else [v for v in values if all(abs(v - e) > 1e-9 for e in excluded)]
    flags = (row.get("signs", False), row.get("distinct", False), whole, row.get("as_shape", False))
    made = Sample(tuple(values), tuple(shape), *flags)
    if not values:
        raise file.error(key, "nothing is left to draw from", "exclude less")
    if made.distinct and not whole and math.prod(sides) > len(values):
        raise file.error(key, f"has {len(values)} values for {math.prod(sides)} distinct entries", "allow more values")
    return made


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _largest(side: object, before: Mapping[str, Sample]) -> int:
    """The largest a side of a shape can be; 0 where it is none."""
    if type(side) is int:
        return side
    sample = before.get(side) if isinstance(side, str) else None
    if sample is None or sample.shape or sample.whole or sample.signs:
        return 0
    whole = all(v >= 1 and v == int(v) for v in sample.values)
    return int(max(sample.values)) if whole else 0


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
    if not all(_is_number(v) for v in (low, high, step)):
        raise file.error(key, "needs from, to and step, or one_of", "write from = -1.0, to = 1.0, step = 0.1")
    first, last, by = Decimal(str(low)), Decimal(str(high)), Decimal(str(step))
    if by <= 0 or last < first or (last - first) / by > MAX_VALUES:
        raise file.error(f"{key}.step", f"from ≤ to, a positive step and at most {MAX_VALUES:,} values are needed")
    # Counted in decimals, so that 0.3 is the same float that a person types.
    return [float(first + by * k) for k in range(int((last - first) / by) + 1)], False
