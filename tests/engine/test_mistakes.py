"""Every listed mistake is made by the engine from a program alone, and gives the listed wrong number."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pytest

NEURON = "y = w @ x\nL = (t - y)**2 / 2"
LOGISTIC = "z = w @ x + b\na = sigmoid(z)\nL = (a - t)**2 / 2"
LOGISTIC_BCE = "z = w @ x + b\na = sigmoid(z)\nL = bce(a, t)"
NETWORK = "z1 = W1 @ x + b1\na1 = sigmoid(z1)\nz2 = W2 @ a1 + b2\na2 = sigmoid(z2)\nL = sum((t - a2)**2) / 2"
SOFTMAX = "p = softmax(z)\nL = cross_entropy(p, t)"
BATCH_MEAN = "y = X @ w\nL = mean((y - t)**2 / 2)"
BATCH_SUM = "y = X @ w\nL = sum((y - t)**2 / 2)"
SLOPE = "L = g * w"
RECURRENT = (
    "\n".join(f"z{i} = wx * x[{i - 1}] + wh * h{i - 1}\nh{i} = tanh(z{i})" for i in (1, 2, 3)) + "\nL = (h3 - t)**2 / 2"
)
LSTM = (
    "i = sigmoid(z_i)\nf = sigmoid(z_f)\no = sigmoid(z_o)\ng = tanh(z_g)\nc = f * c_prev + i * g\n"
    "h = o * tanh(c)\nL = (h - t)**2 / 2"
)
BATCHNORM = (
    "mu = mean(x)\nvariance = mean((x - mu)**2)\nxhat = (x - mu) / sqrt(variance)\ny = gamma * xhat\nL = sum(dy * y)"
)
ATTENTION = "S = K @ q / sqrt(4)\nA = softmax(S)\nO = A @ V\nL = O @ dO"
SGD = {"rate": "eta", "of": ["w"]}


class Case(NamedTuple):
    """How a listed mistake is met: the program, what is given beside the listed numbers, the step it is seen at."""

    id: str
    program: str
    step: str
    loss: str | None = "L"
    update: dict[str, Any] | None = None
    given: dict[str, Any] | None = None
    series: tuple[str, ...] = ()
    leave: tuple[str, ...] = ()
    ask: tuple[str, ...] = ()


def momentum(id_: str, **more: Any) -> Case:
    return Case(
        id_, SLOPE, "w'#3", update={"rule": "momentum", "rate": "eta", "mu": "beta", "of": ["w"], **more}, series=("g",)
    )


def adam(id_: str) -> Case:
    update = {"rule": "adam", "rate": "eta", "beta1": "beta1", "beta2": "beta2", "eps": "eps", "of": ["w"]}
    return Case(id_, SLOPE, "w'#3", update=update, series=("g",))


def bias(b: float) -> dict[str, Any]:
    return {"b": b}


ONE_HOT = {"t": [1.0, 0.0, 0.0]}
CASES = [
    Case("D01", NEURON, "y"),
    Case("D02", NEURON, "y"),
    Case("D03", NEURON, "e", ask=("e: t - y",)),
    *(Case(f"D{i:02}", NEURON, "w'", update=SGD) for i in (4, 5, 6, 7, 8, 9, 10, 11, 12, 14)),
    Case("D13", NEURON, "Δw", update=SGD, ask=("Δw",)),
    Case("D15", "y = w @ x + b\nL = (t - y)**2 / 2", "b'", update={"rate": "eta", "of": ["w", "b"]}),
    Case("L01", LOGISTIC, "a"),
    Case("L02", LOGISTIC, "a"),
    *(Case(f"L{i:02}", LOGISTIC, "dL/dz", ask=("dL/dz",)) for i in (3, 4, 5, 6, 7, 9)),
    Case("L08", LOGISTIC_BCE, "dL/dz"),
    Case("L10", LOGISTIC_BCE, "L"),
    Case("L11", LOGISTIC_BCE, "L"),
    Case("L12", "a = sigmoid(z)\nL = bce(a, t)", "L"),
    *(Case(f"H{i:02}", NETWORK, "dL/dz1", update={"rate": "eta", "of": ["W1", "W2"]}) for i in range(1, 10)),
    Case("H10", NETWORK, "dL/dW1"),
    Case("H11", NETWORK, "dL/dW2"),
    Case("H12", NETWORK, "dL/dW2"),
    *(Case(f"S{i:02}", SOFTMAX, "dL/dz") for i in (1, 2, 3)),
    Case("S04", SOFTMAX, "p"),
    Case("S05", SOFTMAX, "p"),
    Case("B01", BATCH_MEAN, "dL/dw"),
    Case("B02", BATCH_SUM, "dL/dw"),
    Case("B03", BATCH_MEAN, "dL/dw"),
    *(momentum(f"O{i:02}") for i in (1, 2, 3, 4)),
    *(adam(f"O{i:02}") for i in (5, 6, 7, 8, 9)),
    Case("O10", SLOPE, "w'", update={"rule": "rmsprop", "rate": "eta", "rho": "rho", "eps": "eps", "of": ["w"]}),
    Case("O11", SLOPE, "w'", update={"rule": "adamw", "rate": "eta", "weight_decay": "wd", "of": ["w"]}),
    Case("O12", "L = lam / 2 * w**2", "dL/dw"),
    Case("O13", "L = lam * abs(w)", "dL/dw"),
    Case("O14", "L = grad * w", "w'#3", update={"rate": "eta", "weight_decay": "wd", "of": ["w"], "steps": 3}),
    Case("R01", "d = dropout(h, mask, keep)", "d", None),
    Case("R02", "d = dropout(h, mask, keep)", "d", None),
    Case("R03", "d = dropout(h, mask, keep)\nL = sum(upstream * d)", "dL/dh", given={"h": [0.5, 1.0, -2.0, 0.25]}),
    Case("R04", "d = dropout_test(h, keep)", "d", None, leave=("mask",)),
    Case("T01", RECURRENT, "dL/dwh"),
    Case("T02", RECURRENT, "dL/dwh"),
    Case("T04", RECURRENT, "dL/dwh"),
    Case("T03", RECURRENT, "dL/dz1"),
    Case("T05", "b = a + a", "db/da", "b"),
    Case("T06", "f = x * y", "df/dx", "f"),
    Case("T07", "f = upstream * (x * y)", "df/dx", "f"),
    Case("T08", "f = upstream * max(z, w)", "df/dw", "f"),
    Case("K01", LSTM, "dL/dz_g"),
    Case("K02", LSTM, "dL/dc"),
    Case("K03", LSTM, "c"),
    Case("V01", "y = conv1d(x, k)", "y", None),
    Case("V02", "y = conv1d(x, k)\nL = sum(dy * y)", "dL/dx", given={"x": [1.0, 2.0, 0.0, -1.0, 3.0]}),
    Case(
        "V03",
        "Y = conv2d(X, K) + b\nL = sum(dY * Y)",
        "dL/db",
        given={"X": np.ones((3, 3)), "K": np.ones((2, 2)), "b": 0.0},
    ),
    Case("V04", "y = maxpool(window, 2)\nL = dy * y[0, 0]", "dL/dwindow"),
    Case("V05", "n = (W - F + 2 * P) / S + 1", "n", None),
    Case("V06", "n = (W - F + 2 * P) / S + 1", "n", None),
    Case("V07", "n = n1 * n2 + n2 + n2 * n3 + n3", "n", None, given={"n1": 3, "n2": 4, "n3": 2}, leave=("layers",)),
    Case("V08", "n = F * F * c_in * c_out", "n", None),
    Case("N01", BATCHNORM, "dL/dx"),
    Case("N02", BATCHNORM, "dL/dx"),
    Case("N03", BATCHNORM, "variance", given={"gamma": 1.0, "dy": np.ones(4)}),
    Case("A01", "S = K @ q / sqrt(4)\nA = softmax(S)", "A", None),
    Case("A02", ATTENTION, "dL/dS"),
    Case("A03", "S = K @ q / sqrt(4)\nA = softmax(S)", "A", None),
    Case("G01", "D = (sigmoid(w + h) - sigmoid(w - h)) / (2 * h)", "D", None),
    Case("G02", "product = factor ** n", "product", None),
    Case("P01", "a = sigmoid(z)\nf = a * (1 - a)\nL = w * f", "L"),
]
SERIES = {"g"}


def given_of(case: Case, listed: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    given = {k: v for k, v in listed["given"].items() if not isinstance(v, str) and k not in case.leave}
    given |= case.given or {}
    series = {k: given.pop(k) for k in case.series}
    if "w0" in given:
        given["w"] = given.pop("w0")
    if isinstance(given.get("g"), list):
        given["g"] = given["g"][0]
    return given, series


@pytest.mark.parametrize("case", CASES, ids=lambda c: c.id)
def test_a_listed_mistake_gives_its_listed_value(case: Case, listed_mistakes: dict[str, Any], solve: Any) -> None:
    listed = listed_mistakes[case.id]
    given, series = given_of(case, listed)
    ask = case.ask or ((case.step,) if case.step.startswith("d") else ())
    solution = solve(case.program, given, case.loss, case.update, ask=ask, series=series)
    right = solution.step_values[case.step]
    assert np.allclose(right, listed["correct"], rtol=1e-7, atol=2e-9), (right, listed["correct"])
    made = [m.value for m in solution.mistakes if m.id == case.id and m.step == case.step]
    assert any(
        np.shape(v) == np.shape(listed["value"]) and np.allclose(v, listed["value"], rtol=1e-7, atol=2e-9) for v in made
    ), made


def test_every_listed_mistake_is_tried(listed_mistakes: dict[str, Any]) -> None:
    assert set(listed_mistakes) - {c.id for c in CASES} == set()
