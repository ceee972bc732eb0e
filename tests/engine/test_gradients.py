"""Gradients agree with measured differences, can be differentiated again, and are written as a textbook would."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import engine

NUMBER = st.floats(-1.5, 1.5).map(lambda v: round(v, 2)).filter(lambda v: abs(v) > 0.05)
SMOOTH = (
    "sigmoid({})",
    "tanh({})",
    "gelu({})",
    "softplus({})",
    "exp({} / 2)",
    "sin({})",
    "({})**2",
    "({})**3",
    "-({})",
)
TWO = ("({}) + ({})", "({}) - ({})", "({}) * ({})", "({}) / (2 + sigmoid({}))", "({}) * sigmoid({})")


@st.composite
def programs(draw: st.DrawFn) -> tuple[str, dict[str, Any]]:
    """A few lines over two vectors, a matrix and a number, that end in a loss."""
    names, lines = ["x", "w", "s", "V @ x", "x[0]"], []
    for i in range(draw(st.integers(1, 6))):
        if draw(st.booleans()):
            text = draw(st.sampled_from(SMOOTH)).format(draw(st.sampled_from(names)))
        else:
            text = draw(st.sampled_from(TWO)).format(draw(st.sampled_from(names)), draw(st.sampled_from(names)))
        lines.append(f"n{i} = {text}")
        names.append(f"n{i}")
    lines.append(f"L = mean({names[-1]}) + sum({draw(st.sampled_from(names))}) / 3")
    values = {
        "x": draw(st.lists(NUMBER, min_size=2, max_size=2)),
        "w": draw(st.lists(NUMBER, min_size=2, max_size=2)),
        "s": draw(NUMBER),
        "V": draw(st.lists(st.lists(NUMBER, min_size=2, max_size=2), min_size=2, max_size=2)),
    }
    return "\n".join(lines), values


@settings(max_examples=60, deadline=None)
@given(programs())
def test_any_program_has_the_gradients_that_differences_measure(made: tuple[str, dict[str, Any]]) -> None:
    forward, values = made
    try:
        proof = engine.prove(engine.Program.parse(forward, "L"), values)
    except engine.NumberError:
        return  # cubes of cubes may leave the range of numbers, and say so
    assert proof.ok, (forward, proof)


LAYERS = [
    ("y = conv1d(x, k, stride=2, padding=1)", {"x": (6,), "k": (3,)}),
    ("y = conv1d(x, k)", {"x": (2, 3, 5), "k": (4, 3, 2)}),
    ("y = conv2d(x, k)", {"x": (4, 5), "k": (2, 3)}),
    ("y = conv2d(x, k, stride=2, padding=1)", {"x": (2, 4, 4), "k": (3, 2, 2, 2)}),
    ("y = maxpool(x, 2)", {"x": (3, 4, 4)}),
    ("y = avgpool(x, 2, stride=1)", {"x": (4, 4)}),
    ("y = maxpool(x, 2, stride=1)", {"x": (5,)}),
    ("y = softmax(x)", {"x": (3, 4)}),
    ("y = softmax(x, axis=0)", {"x": (3, 4)}),
    ("y = max(x, axis=1)", {"x": (3, 4)}),
    ("y = min(x)", {"x": (3, 4)}),
    ("y = batchnorm(x, g, b, 0.01)", {"x": (4, 3), "g": (3,), "b": (3,)}),
    ("y = layernorm(x, g, b, 0.01)", {"x": (4, 3), "g": (3,), "b": (3,)}),
    ("y = softmax(q @ k.T / sqrt(3)) @ v", {"q": (4, 3), "k": (5, 3), "v": (5, 2)}),
    ("y = a @ b", {"a": (2, 3, 4), "b": (4, 2)}),
    ("y = a @ b", {"a": (4,), "b": (2, 4, 3)}),
    ("y = a @ b", {"a": (2, 3, 4), "b": (4,)}),
    ("y = outer(a, b)", {"a": (3,), "b": (2,)}),
    ("y = concat(a, b[1:], axis=0) * 2", {"a": (3,), "b": (4,)}),
    ("y = a[:, 1] * b[-1]", {"a": (3, 2), "b": (3,)}),
    ("y = reshape(a, 3, 2) @ b", {"a": (2, 3), "b": (2,)}),
    ("y = flip(a) * var(a) + std(a)", {"a": (5,)}),
    ("y = huber(a, b, 0.5) + norm(a)", {"a": (4,), "b": (4,)}),
    ("y = [a, b, a * b]", {"a": (2,), "b": (2,)}),
    ("y = leaky_relu(a, s) + elu(b, s)", {"a": (4,), "b": (4,), "s": ()}),
    ("y = abs(a) + relu(b) + clip(a, -0.5, 0.5)", {"a": (4,), "b": (4,)}),
    ("y = max(a, b) * min(a, 2 * b)", {"a": (4,), "b": (4,)}),
    ("y = bce(sigmoid(a), sigmoid(b))", {"a": (4,), "b": (4,)}),
    ("y = cross_entropy(softmax(a), softmax(b))", {"a": (2, 3), "b": (2, 3)}),
    ("y = a / b + (2 + a**2)**b", {"a": (3, 1), "b": (4,)}),
]


@pytest.mark.parametrize(("forward", "shapes"), LAYERS, ids=lambda v: v[4:] if isinstance(v, str) else "")
def test_every_function_has_the_gradient_that_differences_measure(
    forward: str, shapes: dict[str, tuple[int, ...]]
) -> None:
    rng = np.random.default_rng(7)
    values = {n: rng.normal(size=s) for n, s in shapes.items()}
    program = engine.Program.parse(f"{forward}\nL = sum(sin(y)) + mean(y * y)", "L")
    proof = engine.prove(program, values)
    assert proof.ok, proof
    assert proof.checked > 0


@pytest.mark.parametrize(("forward", "shapes"), LAYERS, ids=lambda v: v[4:] if isinstance(v, str) else "")
def test_the_functions_values_do_not_depend_on_how_they_are_computed(
    forward: str, shapes: dict[str, tuple[int, ...]]
) -> None:
    """The compiled function (scalars, where the program falls apart into them) against the graph run by NumPy."""
    rng = np.random.default_rng(8)
    values = {n: rng.normal(size=s) for n, s in shapes.items()}
    program = engine.Program.parse(f"{forward}\nL = sum(y)", "L")
    compiled = engine.compile_program(program, values)
    solution = engine.solve(program, values)
    found = compiled({n: float(v) if np.shape(v) == () else v for n, v in values.items()})
    assert np.allclose(found["loss"], solution.values["L"], rtol=1e-12)
    for name, gradient in solution.gradients.items():
        assert np.allclose(found[f"d{name}"], gradient, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize(("forward", "shapes"), LAYERS, ids=lambda v: v[4:] if isinstance(v, str) else "")
def test_mistakes_and_steps_are_there_for_every_function(forward: str, shapes: dict[str, tuple[int, ...]]) -> None:
    """A fault that does not fit a program's shapes is left out; it never keeps the solution from being shown."""
    rng = np.random.default_rng(9)
    values = {n: rng.normal(size=s) for n, s in shapes.items()}
    program = engine.Program.parse(f"{forward}\nL = mean((y - 0.3)**2) + sum(sigmoid(y))", "L")
    update = {"rule": "rmsprop", "rate": 0.1, "of": list(shapes), "weight_decay": 0.1}
    for _ in range(2):  # the first by NumPy, the second by the compiled function
        solution = engine.solve(program, values, update)
        assert {"D04", "D05", "O06", "O10"} <= {m.id for m in solution.mistakes}
        assert all(np.shape(m.value) == np.shape(solution.step_values[m.step]) for m in solution.mistakes)
    assert all(step.formula and step.substituted for step in solution.steps)


@settings(max_examples=12, deadline=None)
@given(programs())
def test_any_program_has_steps_and_mistakes(made: tuple[str, dict[str, Any]]) -> None:
    forward, values = made
    try:
        solution = engine.solve(engine.Program.parse(forward, "L"), values, {"rate": 0.1, "of": ["x", "w", "V"]})
    except engine.NumberError:
        return
    assert solution.steps
    steady = all(np.array_equal(solution.updated[n], values[n]) for n in ("x", "w", "V"))
    assert steady or any(m.id == "D04" for m in solution.mistakes)


def test_softmax_against_a_hand_written_jacobian() -> None:
    z, u = np.array([0.2, -1.0, 0.7]), np.array([1.0, -2.0, 0.5])
    solution = engine.solve(engine.Program.parse("p = softmax(z)\nL = u @ p", "L"), {"z": z, "u": u})
    p = np.exp(z) / np.exp(z).sum()
    assert np.allclose(solution.gradients["z"], (np.diag(p) - np.outer(p, p)) @ u)


def test_convolution_against_numpys_own() -> None:
    x, k = np.arange(7.0) ** 1.5, np.array([1.0, -2.0, 0.5])
    solution = engine.solve(engine.Program.parse("y = conv1d(x, k)\nL = sum(y * y)", "L"), {"x": x, "k": k})
    y = np.correlate(x, k, "valid")
    assert np.allclose(solution.values["y"], y)
    assert np.allclose(solution.gradients["x"], np.convolve(2 * y, k, "full"))


def test_a_gradient_can_be_differentiated_again() -> None:
    """The Hessian of Rosenbrock's function, from the graph of its gradient."""
    from engine.backward import Backward

    program = engine.Program.parse("L = (1 - x)**2 + 100 * (y - x**2)**2", "L")
    point = {"x": -0.7, "y": 0.4}
    prepared = program.prepare(point)
    rows = []
    for first in ("x", "y"):
        second = Backward(prepared.gradient("L", first), f"d{first}")
        nodes = [second.of(prepared.givens[n]) for n in ("x", "y")]
        plan = prepared.plan(*nodes)
        values = plan.run(point)
        rows.append([float(values[plan.slots[n]]) for n in nodes])
    x, y = point["x"], point["y"]
    assert np.allclose(rows, [[2 - 400 * (y - 3 * x**2), -400 * x], [-400 * x, 200.0]])


def formulas(forward: str, loss: str, given: dict[str, Any], **more: Any) -> dict[str, str]:
    solution = engine.solve(engine.Program.parse(forward, loss), given, **more)
    return {s.name: s.formula for s in solution.steps}


def test_formulas_are_those_of_a_textbook() -> None:
    network = formulas(
        "z1 = W1 @ x + b1\na1 = sigmoid(z1)\nz2 = w2 @ a1\nL = (t - z2)**2 / 2",
        "L",
        {"W1": [[0.1, 0.2], [0.3, 0.4]], "x": [1.0, 2.0], "b1": [0.1, 0.2], "w2": [0.5, 0.6], "t": 1.0},
    )
    assert network["dL/dz2"] == r"\delta_{2} = -\left(t - z_{2}\right)"
    assert (
        network["dL/dz1"]
        == r"\delta^{(1)} = \frac{\partial L}{\partial a^{(1)}} \odot a^{(1)} \odot \left(1 - a^{(1)}\right)"
    )
    assert network["dL/dW1"] == r"\frac{\partial L}{\partial W^{(1)}} = \delta^{(1)}\,x^{\top}"
    assert network["dL/db1"].endswith(r"= \delta^{(1)}")
    fused = formulas("p = softmax(z)\nL = cross_entropy(p, t)", "L", {"z": [0.1, 0.2], "t": [0.0, 1.0]})
    assert fused["dL/dz"] == r"\delta = p - t"
    single = formulas("z = w * x\na = sigmoid(z)\nL = bce(a, t)", "L", {"w": 0.1, "x": 2.0, "t": 1.0})
    assert single["dL/dz"] == r"\delta = a - t"


def test_cross_entropy_of_targets_that_do_not_sum_to_one_is_still_right() -> None:
    program = engine.Program.parse("p = softmax(z)\nL = cross_entropy(p, t)", "L")
    assert engine.prove(program, {"z": [0.1, -0.4, 0.9], "t": [0.5, 1.0, 0.25]}).ok
    assert engine.prove(program, {"z": [0.1, -0.4, 0.9], "t": [0.0, 1.0, 0.0]}).ok


def test_a_recurrence_of_hundreds_of_moments_needs_no_recursion() -> None:
    lines = ["h0 = w * x"] + [f"h{i} = tanh(w * h{i - 1})" for i in range(1, 250)]
    solution = engine.solve(engine.Program.parse("\n".join(lines), "h249"), {"w": 0.9, "x": 1.0})
    assert np.isfinite(solution.gradients["w"])
    assert solution.steps[-1].formula
    assert solution.mistakes == ()  # more operations than anybody works by hand


@pytest.mark.oracle
def test_pytorch_gives_the_same_gradients() -> None:
    torch = pytest.importorskip("torch", reason="PyTorch is an oracle where it is installed")
    rng = np.random.default_rng(3)
    values = {"X": rng.normal(size=(5, 3)), "W": rng.normal(size=(3, 4)), "v": rng.normal(size=4)}
    solution = engine.solve(engine.Program.parse("H = tanh(X @ W)\nL = mean((H @ v)**2)", "L"), values)
    tensors = {n: torch.tensor(v, requires_grad=True) for n, v in values.items()}
    ((torch.tanh(tensors["X"] @ tensors["W"]) @ tensors["v"]) ** 2).mean().backward()
    for name, tensor in tensors.items():
        assert np.allclose(solution.gradients[name], tensor.grad.numpy(), rtol=1e-10)
