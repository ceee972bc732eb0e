"""Numbers wanted often are the numbers wanted once: compiled and by plan they agree, also where they are not finite."""

from __future__ import annotations

import math

import numpy as np

import engine
from engine.often import Often

PROGRAM = engine.Program.parse("z = W @ x + b\na = sigmoid(z)\nL = sum((a - t)**2) / 2", "L")
GIVEN = {"W": np.array([[0.5, -0.3], [0.2, 0.7]]), "x": np.array([0.4, 1.2]), "b": 0.1, "t": np.array([0.0, 1.0])}


def often(after: int) -> Often:
    prepared = PROGRAM.prepare(GIVEN)
    roots = [prepared.names["a"], prepared.gradient("L", "W"), prepared.names["L"], prepared.names["a"]]
    return Often(prepared, roots, after)


def test_the_compiled_numbers_are_the_plans() -> None:
    first, compiled = often(10**9)(GIVEN), often(0)
    np.testing.assert_allclose(compiled(GIVEN), first, rtol=1e-13)
    other = {**GIVEN, "x": np.array([-0.7, 2.0])}
    np.testing.assert_allclose(compiled(other), often(10**9)(other), rtol=1e-13)
    assert compiled.cut(first, 1).shape == (2, 2)
    assert compiled.cut(first, 2) == engine.solve(PROGRAM, GIVEN).values["L"]


def test_a_value_taken_instead_of_computed_reaches_what_follows_from_it() -> None:
    numbers = often(0)
    node = PROGRAM.prepare(GIVEN).names["z"]
    flat = numbers(GIVEN, {node: np.array([0.0, math.log(3.0)])})
    np.testing.assert_allclose(flat[:2], [0.5, 0.75])
    np.testing.assert_allclose(numbers(GIVEN), often(10**9)(GIVEN), rtol=1e-13)


def test_a_division_by_zero_is_infinite_and_stops_nothing() -> None:
    program = engine.Program.parse("y = a / b\nL = y**2", "L")
    prepared = program.prepare({"a": 1.0, "b": 2.0})
    numbers = Often(prepared, [prepared.names["y"]], after=0)
    assert numbers({"a": 1.0, "b": 2.0}) == [0.5]
    assert numbers({"a": 1.0, "b": 0.0}) == [math.inf]
    assert math.isnan(numbers({"a": 0.0, "b": 0.0})[0])
