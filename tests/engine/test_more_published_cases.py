"""More published examples, written as solve files: the figures their authors print, to the last printed digit.

The figures stand as their sources print them; where a source rounded on the way, the tolerance says so.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import engine


def solve(forward: str, given: dict[str, Any], loss: str | None = None, **more: Any) -> engine.Solution:
    return engine.solve(engine.Program.parse(forward, loss), given, **more)


def printed(value: Any, figures: Any, places: int, units: float = 0.5001) -> None:
    assert np.allclose(np.asarray(value), np.asarray(figures), rtol=0, atol=units * 10.0**-places)


def test_cs231n_a_product_of_a_sum() -> None:
    s = solve("q = x + y\nf = q * z", {"x": -2.0, "y": 5.0, "z": -4.0}, "f")
    assert (s.values["q"], s.values["f"]) == (3, -12)
    assert s.gradients == {"x": -4, "y": -4, "z": 3}


def test_cs231n_a_sigmoid_neuron() -> None:
    s = solve("u = w[0]*x[0] + w[1]*x[1] + w[2]\nf = sigmoid(u)", {"w": [2.0, -3.0, -3.0], "x": [-1.0, -2.0]}, "f")
    printed(s.values["f"], 0.73, 2)
    printed(s.gradients["x"], [0.39, -0.59], 2)
    printed(s.gradients["w"], [-0.20, -0.39, 0.20], 2)


def test_cs231n_the_svm_and_the_softmax_loss_of_the_same_scores() -> None:
    given = {
        "W": [[0.01, -0.05, 0.1, 0.05], [0.7, 0.2, 0.05, 0.16], [0.0, -0.45, -0.2, 0.03]],
        "x": [-15, 22, -44, 56],
        "b": [0.0, 0.2, -0.3],
        "t": [0, 0, 1],
    }
    s = solve("s = W @ x + b\nsvm = sum(relu(s - s[2] + 1)) - 1\np = softmax(s)\nL = cross_entropy(p, t)", given, "L")
    printed(s.values["s"], [-2.85, 0.86, 0.28], 2)
    printed(s.values["svm"], 1.58, 2)
    printed(s.values["p"], [0.015, 0.631, 0.353], 3)  # the notes print 0.016, from exponentials rounded before
    printed(s.values["L"], 1.04, 2)
    assert np.allclose(s.gradients["b"], s.values["p"] - np.array([0, 0, 1]))


def test_jurafsky_and_martin_sentiment_of_a_review() -> None:
    given = {"x": [3, 2, 1, 3, 0, 4.19], "w": [2.5, -5.0, -1.2, 0.5, 2.0, 0.7], "b": 0.1}
    for target, loss in ((1.0, 0.36), (0.0, 1.2)):
        s = solve("z = w @ x + b\np = sigmoid(z)\nL = bce(p, y)", {**given, "y": target}, "L")
        printed(s.values["z"], 0.833, 3)
        printed(s.values["p"], 0.70, 2)
        printed(s.values["L"], loss, 2 if target else 1)


def test_jurafsky_and_martin_one_step_of_gradient_descent() -> None:
    s = solve(
        "p = sigmoid(w @ x + b)\nL = bce(p, y)",
        {"w": [0, 0], "b": 0, "x": [3, 2], "y": 1, "eta": 0.1},
        "L",
        update={"rule": "sgd", "rate": "eta", "of": ["w", "b"]},
    )
    assert np.allclose([*s.gradients["w"], s.gradients["b"]], [-1.5, -1.0, -0.5])
    assert np.allclose([*s.updated["w"], s.updated["b"]], [0.15, 0.1, 0.05])


def test_jurafsky_and_martin_a_softmax() -> None:
    s = solve("p = softmax(z)", {"z": [0.6, 1.1, -1.5, 1.2, 3.2, -1.1]})
    printed(s.values["p"], [0.055, 0.090, 0.0067, 0.10, 0.74, 0.010], 2)


def test_jurafsky_and_martin_a_computation_graph() -> None:
    s = solve("d = 2 * b\ne = a + d\nL = c * e", {"a": 3, "b": 1, "c": -2}, "L")
    assert (s.values["d"], s.values["e"], s.values["L"]) == (2, 5, -10)
    assert s.gradients == {"a": -2, "b": -4, "c": 5}


def test_goodfellow_xor_by_hand() -> None:
    s = solve(
        "h = relu(X @ W + c)\ny = h @ w + b",
        {"X": [[0, 0], [0, 1], [1, 0], [1, 1]], "W": [[1, 1], [1, 1]], "c": [0, -1], "w": [1, -2], "b": 0},
    )
    assert s.values["y"].tolist() == [0, 1, 1, 0]


def test_micrograd_the_readme() -> None:
    forward = """
c0 = a + b
d0 = a * b + b**3
c1 = c0 + c0 + 1
c2 = c1 + 1 + c1 - a
d1 = d0 + d0 * 2 + relu(b + a)
d2 = d1 + 3 * d1 + relu(b - a)
f = (c2 - d2)**2
g = f / 2 + 10 / f"""
    s = solve(forward, {"a": -4.0, "b": 2.0}, "g")
    printed([s.values["g"], s.gradients["a"], s.gradients["b"]], [24.7041, 138.8338, 645.5773], 4)


def test_karpathys_neuron_and_expression() -> None:
    s = solve("e = a * b\nd = e + c\nL = d * f", {"a": 2.0, "b": -3.0, "c": 10.0, "f": -2.0}, "L")
    assert s.values["L"] == -8
    assert s.gradients == {"a": 6, "b": -4, "c": -2, "f": 4}
    given = {"x1": 2.0, "x2": 0.0, "w1": -3.0, "w2": 1.0, "b": 6.8813735870195432}
    s = solve("n = x1*w1 + x2*w2 + b\no = tanh(n)", given, "o")
    printed(s.values["o"], 0.7071, 4)
    printed([s.gradients[n] for n in ("x1", "w1", "x2", "w2")], [-1.5, 1.0, 0.5, 0.0], 4)


def test_d2l_automatic_differentiation() -> None:
    s = solve("y = 2 * (x @ x)", {"x": [0, 1, 2, 3]}, "y")
    assert s.values["y"] == 28
    assert s.gradients["x"].tolist() == [0, 4, 8, 12]


def test_d2l_cross_correlation_and_pooling() -> None:
    x, k = np.arange(9.0).reshape(3, 3), np.arange(4.0).reshape(2, 2)
    s = solve("y = conv2d(x, k)\nm = maxpool(x, 2, 1)\na = avgpool(x, 2, 1)", {"x": x, "k": k})
    assert s.values["y"].tolist() == [[19, 25], [37, 43]]
    assert s.values["m"].tolist() == [[4, 5], [7, 8]]
    assert s.values["a"].tolist() == [[2, 3], [5, 6]]
    both, kernels = np.stack([x, x + 1]), np.stack([k, k + 1])
    s = solve("y = conv2d(x, k)", {"x": both, "k": np.stack([kernels, kernels + 1, kernels + 2])})
    assert s.values["y"].tolist() == [[[56, 72], [104, 120]], [[76, 100], [148, 172]], [[96, 128], [192, 224]]]


@pytest.mark.parametrize(
    ("update", "figures"),
    [
        ({"rate": 0.4}, [-0.943467, -0.000073]),
        ({"rule": "momentum", "rate": 0.6, "mu": 0.5}, [0.007188, 0.002553]),
        ({"rule": "momentum", "rate": 0.6, "mu": 0.25}, [-0.126340, -0.186632]),
        ({"rule": "adagrad", "rate": 0.4, "eps": 1e-6, "eps_inside": True}, [-2.382563, -0.158591]),
        ({"rule": "adagrad", "rate": 2.0, "eps": 1e-6, "eps_inside": True}, [-0.002295, 0.0]),
        ({"rule": "rmsprop", "rate": 0.4, "rho": 0.9, "eps": 1e-6, "eps_inside": True}, [-0.010599, 0.0]),
    ],
)
def test_d2l_twenty_updates_of_a_narrow_valley(update: dict[str, Any], figures: list[float]) -> None:
    s = solve(
        "f = 0.1 * x1**2 + 2 * x2**2",
        {"x1": -5.0, "x2": -2.0},
        "f",
        update={**update, "of": ["x1", "x2"], "steps": 20},
    )
    printed([s.updated["x1"], s.updated["x2"]], figures, 6)


def test_d2l_ten_updates_of_a_parabola() -> None:
    s = solve("f = x**2", {"x": 10.0}, "f", update={"rate": 0.2, "of": "x", "steps": 10})
    printed(s.updated["x"], 0.060466, 6)


def test_keras_the_examples_of_its_optimisers() -> None:
    def after(start: float, **update: Any) -> list[float]:
        s = solve("L = w**2 / 2", {"w": start}, "L", update={"rate": 0.1, "of": "w", "steps": 2, **update})
        return [float(m.updated["w"]) for m in s.trajectory]

    printed(after(10.0, rule="adam", eps=1e-7)[0], 9.9, 6)
    printed(after(1.0)[0], 0.9, 6)
    first, second = after(1.0, rule="momentum", mu=0.9)
    printed([1.0 - first, first - second], [0.1, 0.18], 6)
    printed(after(10.0, rule="rmsprop", rho=0.9, eps=1e-7)[0], 9.683772, 6)


def test_karim_self_attention_of_three_inputs() -> None:
    given = {
        "X": [[1, 0, 1, 0], [0, 2, 0, 2], [1, 1, 1, 1]],
        "Wk": [[0, 0, 1], [1, 1, 0], [0, 1, 0], [1, 1, 0]],
        "Wq": [[1, 0, 1], [1, 0, 0], [0, 0, 1], [0, 1, 1]],
        "Wv": [[0, 2, 0], [0, 3, 0], [1, 0, 3], [1, 1, 0]],
    }
    s = solve("S = (X @ Wq) @ (X @ Wk).T\nA = softmax(S)\nO = A @ (X @ Wv)", given)
    assert s.values["S"].tolist() == [[2, 4, 4], [4, 16, 12], [4, 12, 10]]
    printed(s.values["O"], [[1.9366, 6.6831, 1.5951], [2.0, 7.9640, 0.0540], [1.9997, 7.7599, 0.3584]], 4)


CUT = 2.0
"""A source that cuts figures off, and goes on with the rest, is up to two units of the last digit below."""


def test_gomez_one_update_of_an_lstm_over_two_moments() -> None:
    """Aidan Gomez, “Backpropogating an LSTM: a numerical example” (2016)."""
    lines = []
    for t in (0, 1):
        before = "" if t == 0 else " + U{0} * out0"
        for gate, name in (("tanh", "a"), ("sigmoid", "i"), ("sigmoid", "f"), ("sigmoid", "o")):
            lines.append(f"{name}{t} = {gate}(W{name} @ x{t}{before.format(name)} + b{name})")
        lines.append(f"s{t} = a{t} * i{t}" + ("" if t == 0 else " + f1 * s0"))
        lines.append(f"out{t} = tanh(s{t}) * o{t}")
    lines.append("E = (out0 - t0)**2 / 2 + (out1 - t1)**2 / 2")
    given: dict[str, Any] = {"x0": [1, 2], "x1": [0.5, 3], "t0": 0.5, "t1": 1.25}
    given |= {"Wa": [0.45, 0.25], "Ua": 0.15, "ba": 0.2, "Wi": [0.95, 0.8], "Ui": 0.8, "bi": 0.65}
    given |= {"Wf": [0.7, 0.45], "Uf": 0.1, "bf": 0.15, "Wo": [0.6, 0.4], "Uo": 0.25, "bo": 0.1}
    of = [n for n in given if n[0] in "WUb"]
    s = solve("\n".join(lines), given, "E", update={"rate": 0.1, "of": of})
    printed([s.values[n] for n in ("a0", "i0", "f0", "o0", "s0", "out0")],
            [0.81775, 0.96083, 0.85195, 0.81757, 0.78572, 0.53631], 5, CUT)  # fmt: skip
    printed(
        [s.values[n] for n in ("a1", "i1", "f1", "o1", "out1")], [0.84980, 0.98118, 0.87030, 0.84993, 0.77197], 5, CUT
    )
    printed(s.values["s1"], 1.5176, 4, CUT)
    new = s.updated
    printed([*new["Wa"], *new["Wi"]], [0.45267, 0.25922, 0.95022, 0.80067], 5, CUT)
    printed([*new["Wf"], *new["Wo"]], [0.70031, 0.45189, 0.60259, 0.41626], 5, CUT)
    printed([new[n] for n in ("Ua", "Ui", "Uf", "Uo")], [0.15104, 0.80006, 0.10034, 0.25297], 5, CUT)
    printed([new[n] for n in ("ba", "bi", "bf", "bo")], [0.20364, 0.65028, 0.15063, 0.10536], 5, CUT)


def test_the_closing_figures_of_mazurs_example_come_from_output_weights_that_were_updated_too_early() -> None:
    """His figures after 10 000 steps are those of the mistake H01 in every step, to every printed digit."""
    wrong = engine.Program.parse(
        """
h = sigmoid(W1 @ x + b1)
o = sigmoid(W2 @ h + b2)
E = sum((t - o)**2) / 2
d2 = (o - t) * o * (1 - o)
W2new = W2 - eta * outer(d2, h)
d1 = (W2new.T @ d2) * h * (1 - h)
W1new = W1 - eta * outer(d1, x)
"""
    )
    fixed = {"x": [0.05, 0.10], "t": [0.01, 0.99], "b1": 0.35, "b2": 0.60, "eta": 0.5}
    W1, W2 = np.array([[0.15, 0.20], [0.25, 0.30]]), np.array([[0.40, 0.45], [0.50, 0.55]])
    for _ in range(10_000):
        values = engine.solve(wrong, {**fixed, "W1": W1, "W2": W2}).values
        W1, W2 = values["W1new"], values["W2new"]
    last = engine.solve(wrong, {**fixed, "W1": W1, "W2": W2}).values

    assert last["o"] == pytest.approx([0.0159121963260343, 0.9840657344856291], rel=1e-9)
    assert last["E"] == pytest.approx(3.5084786296312774e-05, rel=1e-9)
    assert [f"{value:.9f}" for value in last["o"]] == ["0.015912196", "0.984065734"]
