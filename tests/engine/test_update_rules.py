"""Every optimiser against a few lines of NumPy written from its paper or its library's documentation."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import engine

GRADIENTS = [np.array([1.0, -2.0, 0.5]), np.array([0.4, 1.5, -0.3]), np.array([-0.7, 0.2, 0.9])]
START = np.array([1.0, -0.5, 2.0])
ETA, MU, RHO, B1, B2, EPS, LAM = 0.1, 0.8, 0.7, 0.8, 0.95, 0.05, 0.3


def run(update: dict[str, Any], **more: Any) -> Any:
    """Three updates of w with the gradients above."""
    program = engine.Program.parse("L = g @ w", "L")
    return engine.solve(program, {"w": START}, {"rate": ETA, "of": ["w"], **update}, series={"g": GRADIENTS}, **more)


Rule = Callable[[np.ndarray, np.ndarray, dict[str, Any], int], np.ndarray]


def momentum(average: bool = False, nesterov: bool = False) -> Rule:
    def step(w: np.ndarray, g: np.ndarray, s: dict[str, Any], t: int) -> np.ndarray:
        g = (1 - MU) * g if average else g
        s["v"] = MU * s.get("v", 0.0) + g
        return w - ETA * (g + MU * s["v"] if nesterov else s["v"])

    return step


def rmsprop(inside: bool) -> Rule:
    def step(w: np.ndarray, g: np.ndarray, s: dict[str, Any], t: int) -> np.ndarray:
        s["v"] = RHO * s.get("v", 0.0) + (1 - RHO) * g * g
        return w - ETA * g / (np.sqrt(s["v"] + EPS) if inside else np.sqrt(s["v"]) + EPS)

    return step


def adagrad(w: np.ndarray, g: np.ndarray, s: dict[str, Any], t: int) -> np.ndarray:
    s["v"] = s.get("v", 0.0) + g * g
    return w - ETA * g / (np.sqrt(s["v"]) + EPS)


def adam(
    correct: bool = True, inside: bool = False, before: bool = False, l2: float = 0.0, decoupled: float = 0.0
) -> Rule:
    def step(w: np.ndarray, g: np.ndarray, s: dict[str, Any], t: int) -> np.ndarray:
        g = g + l2 * w
        s["m"] = B1 * s.get("m", 0.0) + (1 - B1) * g
        s["v"] = B2 * s.get("v", 0.0) + (1 - B2) * g * g
        m, v = (s["m"] / (1 - B1**t), s["v"] / (1 - B2**t)) if correct else (s["m"], s["v"])
        if before:
            return w - ETA * math.sqrt(1 - B2**t) / (1 - B1**t) * s["m"] / (np.sqrt(s["v"]) + EPS)
        return w - ETA * m / (np.sqrt(v + EPS) if inside else np.sqrt(v) + EPS) - ETA * decoupled * w

    return step


def plain(change: Callable[[np.ndarray, np.ndarray], np.ndarray]) -> Rule:
    return lambda w, g, s, t: w - ETA * change(g, w)


def scheduled(rate: Callable[[int], float]) -> Rule:
    return lambda w, g, s, t: w - rate(t - 1) * g


ADAM = {"beta1": B1, "beta2": B2, "eps": EPS}
CASES: list[tuple[dict[str, Any], Rule]] = [
    ({}, plain(lambda g, w: g)),
    ({"rule": "momentum", "mu": MU}, momentum()),
    ({"rule": "momentum", "mu": MU, "form": "average"}, momentum(average=True)),
    ({"rule": "nesterov", "mu": MU}, momentum(nesterov=True)),
    ({"rule": "rmsprop", "rho": RHO, "eps": EPS}, rmsprop(False)),
    ({"rule": "rmsprop", "rho": RHO, "eps": EPS, "eps_inside": True}, rmsprop(True)),
    ({"rule": "adagrad", "eps": EPS}, adagrad),
    ({"rule": "adam", **ADAM}, adam()),
    ({"rule": "adam", **ADAM, "bias_correction": False}, adam(correct=False)),
    ({"rule": "adam", **ADAM, "eps_inside": True}, adam(inside=True)),
    ({"rule": "adam", **ADAM, "eps_before_correction": True}, adam(before=True)),
    ({"rule": "adam", **ADAM, "weight_decay": LAM}, adam(l2=LAM)),
    ({"rule": "adamw", **ADAM, "weight_decay": LAM}, adam(decoupled=LAM)),
    ({"weight_decay": LAM}, plain(lambda g, w: g + LAM * w)),
    ({"weight_decay": LAM, "decay": "l1"}, plain(lambda g, w: g + LAM * np.sign(w))),
    ({"weight_decay": LAM, "decay": "decoupled"}, plain(lambda g, w: g + LAM * w)),
    ({"clip": 1.2}, plain(lambda g, w: g * min(1.0, 1.2 / np.linalg.norm(g)))),
    ({"clip": 0.6, "clip_by": "value"}, plain(lambda g, w: np.clip(g, -0.6, 0.6))),
    ({"schedule": {"kind": "step", "every": 2, "factor": 0.5}}, scheduled(lambda n: ETA * 0.5 ** (n // 2))),
    ({"schedule": {"kind": "exponential", "rate": 0.9}}, scheduled(lambda n: ETA * 0.9**n)),
    ({"schedule": {"kind": "exponential", "rate": 0.9, "every": 2, "staircase": True}},
     scheduled(lambda n: ETA * 0.9 ** (n // 2))),
    ({"schedule": {"kind": "cosine", "steps": 4, "low": 0.01}},
     scheduled(lambda n: 0.01 + (ETA - 0.01) * (1 + math.cos(math.pi * n / 4)) / 2)),
    ({"schedule": {"kind": "inverse", "decay": 0.5}}, scheduled(lambda n: ETA / (1 + 0.5 * n))),
]  # fmt: skip


@pytest.mark.parametrize(("update", "rule"), CASES, ids=lambda v: str(v)[:60] if isinstance(v, dict) else "")
def test_a_rule_gives_what_its_definition_gives(update: dict[str, Any], rule: Rule) -> None:
    solution, w, state = run(update), START, {}
    for t, (g, moment) in enumerate(zip(GRADIENTS, solution.trajectory, strict=True), 1):
        w = rule(w, g, state, t)
        assert np.allclose(moment.updated["w"], w, rtol=1e-12)
    for name, value in state.items():
        assert np.allclose(solution.state[name], value, rtol=1e-12)


@pytest.mark.parametrize("rule", ["momentum", "nesterov", "rmsprop", "adagrad", "adam", "adamw"])
def test_three_updates_in_one_file_equal_three_files_that_hand_on_their_state(rule: str) -> None:
    program = engine.Program.parse("L = sum((w - a)**4) / 4", "L")
    update = {"rule": rule, "rate": ETA, "of": ["w"], "eps": EPS}
    given: dict[str, Any] = {"w": START, "a": [0.2, 0.4, 0.6]}
    whole = engine.solve(program, given, {**update, "steps": 3})
    state: dict[str, Any] = {}
    for _ in range(3):
        part = engine.solve(program, given, update, state)
        given, state = {**given, "w": part.updated["w"]}, dict(part.state)
    assert np.allclose(whole.updated["w"], given["w"], rtol=1e-13)
    assert whole.state.keys() == state.keys()


def test_several_parameters_have_a_table_of_state_each() -> None:
    program = engine.Program.parse("y = w * x + b\nL = (t - y)**2 / 2", "L")
    given = {"w": 0.5, "b": 0.1, "x": 2.0, "t": 3.0}
    state = {"w": {"m": 0.3, "v": 0.2}, "b": {"m": -0.1, "v": 0.4}, "t": 4}
    solution = engine.solve(program, given, {"rule": "adam", "rate": ETA, "of": ["w", "b"], **ADAM}, state)
    for name, gradient in (("w", (1.1 - 3.0) * 2.0), ("b", 1.1 - 3.0)):
        rule_state = dict(state[name])
        assert np.isclose(solution.updated[name], adam()(np.array(given[name]), np.array(gradient), rule_state, 5))
        assert np.isclose(solution.state[name]["m"], rule_state["m"])
        assert solution.state[name]["t"] == 5


def test_clipping_by_norm_measures_all_parameters_together() -> None:
    program = engine.Program.parse("L = 3 * w + 4 * b", "L")
    solution = engine.solve(program, {"w": 0.0, "b": 0.0}, {"rate": 1.0, "of": ["w", "b"], "clip": 1.0})
    assert np.isclose(solution.updated["w"], -0.6)
    assert np.isclose(solution.updated["b"], -0.8)
    assert np.isclose(solution.step_values["norm"], 5.0)


def test_a_gradient_of_zero_is_clipped_without_dividing_by_zero() -> None:
    solution = engine.solve(engine.Program.parse("L = 0 * w", "L"), {"w": 1.0}, {"rate": 1.0, "of": ["w"], "clip": 1.0})
    assert solution.updated["w"] == 1.0


def test_a_rate_that_names_nothing_is_said_to_be_the_rate() -> None:
    with pytest.raises(engine.EngineError, match=r"\[update\] rate = 'nope' cannot be read: .*unknown name `nope`"):
        engine.solve(engine.Program.parse("L = w**2", "L"), {"w": 1.0}, {"rate": "nope", "of": "w"})


def test_a_state_that_a_rule_does_not_keep_is_refused_with_what_it_keeps() -> None:
    program = engine.Program.parse("L = w**2", "L")
    with pytest.raises(engine.EngineError, match=r"no `m` under rule sgd; known are t, w \(a table\)"):
        engine.solve(program, {"w": 1.0}, {"rate": 0.1, "of": "w"}, {"m": 1.0})
    with pytest.raises(engine.EngineError, match=r"no `q` under rule adam; known are m, v, t, w \(a table\)"):
        engine.solve(program, {"w": 1.0}, {"rule": "adam", "rate": 0.1, "of": "w"}, {"q": 1.0})
