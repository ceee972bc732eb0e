"""What a person reads in a worked solution: the order, the formulas with numbers in them, carried errors, claims."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import numpy as np
import pytest

import engine

NEURON = "y = w @ x\nL = (t - y)**2 / 2"
GIVEN = {"w": [0.5, -0.2], "x": [1.0, 0.8], "t": 0.6, "eta": 0.1}
SGD = {"rule": "sgd", "rate": "eta", "of": ["w"]}
ASK = ("y", "error: t - y", "dL/dw", "Δw", "w'")
NETWORK = "z1 = W1 @ x + b1\na1 = sigmoid(z1)\nz2 = W2 @ a1 + b2\na2 = sigmoid(z2)\nL = sum((t - a2)**2) / 2"
NET = {
    "x": [0.05, 0.1],
    "t": [0.01, 0.99],
    "W1": [[0.15, 0.2], [0.25, 0.3]],
    "b1": [0.35, 0.35],
    "W2": [[0.4, 0.45], [0.5, 0.55]],
    "b2": [0.6, 0.6],
}


def neuron(**more: Any) -> engine.Solution:
    return engine.solve(engine.Program.parse(NEURON, "L"), GIVEN, SGD, ask=ASK, **more)


def test_steps_come_in_the_order_a_person_works() -> None:
    assert [s.name for s in neuron().steps] == ["y", "error", "L", "dL/dy", "dL/dw", "Δw", "w'"]
    net = engine.solve(engine.Program.parse(NETWORK, "L"), NET, {"rate": 0.5, "of": ["W1", "b1", "W2", "b2"]})
    assert [s.name for s in net.steps] == [
        "z1", "a1", "z2", "a2", "L", "dL/da2", "dL/dz2", "dL/dW2", "dL/db2", "dL/da1", "dL/dz1", "dL/dW1", "dL/db1",
        "W1'", "b1'", "W2'", "b2'",
    ]  # fmt: skip


def test_a_step_has_its_formula_and_the_formula_with_the_numbers_in_it() -> None:
    steps = {s.name: s for s in neuron().steps}
    assert steps["y"].formula == r"y = w_{1}\,x_{1} + w_{2}\,x_{2}"
    assert steps["y"].substituted == r"0.5 \cdot 1 + \left(-0.2\right) \cdot 0.8"
    assert steps["error"].substituted == "0.6 - 0.34"
    assert [e.name for e in steps["w'"].entries] == ["w'[0]", "w'[1]"]
    assert steps["w'"].entries[1].formula == r"w_{2}' = w_{2} - \eta\,\frac{\partial L}{\partial w_{2}}"
    assert steps["w'"].entries[1].substituted == r"-0.2 - 0.1 \cdot \left(-0.208\right)"
    assert {s.name for s in steps.values() if s.asked} == {"y", "error", "dL/dw", "Δw", "w'"}


def test_the_neurons_of_a_layer_come_in_the_order_in_which_they_are_written() -> None:
    """Mazur's network, neuron by neuron: o1 before o2, and each with its own weights."""
    forward = """
h1 = sigmoid(w1 * i1 + w2 * i2 + b1)
h2 = sigmoid(w3 * i1 + w4 * i2 + b1)
o1 = sigmoid(w5 * h1 + w6 * h2 + b2)
o2 = sigmoid(w7 * h1 + w8 * h2 + b2)
E = (t1 - o1)**2 / 2 + (t2 - o2)**2 / 2"""
    given = {f"w{i + 1}": 0.15 + 0.05 * i for i in range(8)}
    given |= {"i1": 0.05, "i2": 0.1, "b1": 0.35, "b2": 0.6, "t1": 0.01, "t2": 0.99}
    solution = engine.solve(
        engine.Program.parse(forward, "E"), given, {"rate": 0.5, "of": [f"w{i + 1}" for i in range(8)]}
    )
    assert [s.name for s in solution.steps if s.kind == "backward"] == [
        "dE/do1", "delta_o1", "dE/dw5", "dE/dw6", "dE/do2", "delta_o2", "dE/dw7", "dE/dw8",
        "dE/dh1", "delta_h1", "dE/dw1", "dE/dw2", "dE/dh2", "delta_h2", "dE/dw3", "dE/dw4",
    ]  # fmt: skip
    assert next(s for s in solution.steps if s.name == "dE/dh1").formula.endswith(
        r"= \delta_{o1}\,w_{5} + \delta_{o2}\,w_{7}"
    )


def only(forward: str, **given: Any) -> engine.Step:
    return engine.solve(engine.Program.parse(forward, None), given).steps[0]


def test_pi_is_written_as_a_letter() -> None:
    cosine = only("a = low + (high - low) * (1 + cos(pi * t / T)) / 2", low=0.01, high=0.3, t=5.0, T=20.0)
    assert r"\pi\,t" in cosine.formula
    assert r"\pi \cdot 5" in cosine.substituted
    assert only("a = x + pi / 2", x=1.0).formula == r"a = x + \frac{\pi}{2}"
    assert only("a = x - 2 * pi", x=1.0).formula == r"a = x - 2\,\pi"
    assert only("a = sqrt(2 * pi) * x", x=1.0).value == pytest.approx(np.sqrt(2 * np.pi))


def test_a_power_of_ten_needs_no_one_before_it() -> None:
    adam = engine.solve(
        engine.Program.parse("L = w**2", "L"), {"w": 1.0}, {"rule": "adam", "rate": 1e-7, "of": "w", "eps": 1e-8}
    )
    step = adam.steps[-1]
    assert "10^{-8}" in step.formula
    assert "10^{-7}" in step.formula
    assert r"1 \cdot 10" not in step.formula + step.substituted
    assert only("a = x * 2.5e-7", x=1.0).formula.count(r"2.5 \cdot 10^{-7}") == 1
    assert only("a = x ** 2", x=1e-9).substituted == r"\left(10^{-9}\right)^{2}"


def test_a_matrix_of_one_number_is_written_as_a_number() -> None:
    step = only("y = W @ x", W=[[-0.5]], x=[3.0])
    assert "pmatrix" not in step.substituted
    assert step.entries[0].substituted == r"-0.5 \cdot 3"


def test_names_with_an_index_of_their_own_get_a_second_one_outside() -> None:
    solution = engine.solve(
        engine.Program.parse("L = sum((Wq @ x)**2) + sum(W1 @ x)", "L"),
        {"Wq": [[1.0, 2.0], [0.5, 0.1]], "W1": [[0.1, 0.2]], "x": [1.0, 2.0]},
        {"rule": "momentum", "rate": 0.1, "of": ["Wq", "W1"]},
    )
    steps = {s.name: s for s in solution.steps}
    assert steps["Wq'"].entries[1].symbol == "(W_{q}')_{1,2}"
    assert steps["W1'"].symbol == r"W^{(1)\prime}"
    assert steps["W1'"].entries[1].symbol == r"W^{(1)\prime}_{1,2}"
    assert steps["v_Wq'"].entries[0].symbol.startswith("(v_{")


def test_the_authors_symbols_are_used() -> None:
    solution = engine.solve(
        engine.Program.parse("net = w * x", None), {"w": 2.0, "x": 3.0}, symbols={"net": r"\mathrm{net}_h"}
    )
    assert solution.steps[0].formula == r"\mathrm{net}_h = w\,x"


def test_an_unnamed_pre_activation_still_has_its_delta() -> None:
    solution = engine.solve(
        engine.Program.parse("a = tanh(w * x + b)\nL = (a - t)**2", "L"), {"w": 1.0, "x": 0.5, "b": 0.1, "t": 1.0}
    )
    step = next(s for s in solution.steps if s.name == "delta_a")
    assert step.symbol == r"\delta_{a}"
    assert np.isclose(step.value, 2 * (np.tanh(0.6) - 1) * (1 - np.tanh(0.6) ** 2))


def test_an_earlier_slip_is_carried_into_the_later_steps() -> None:
    right, carried = neuron(), neuron(overrides={"y": 0.4})
    assert np.isclose(carried.step_values["error"], 0.2)
    assert np.allclose(carried.updated["w"], np.array([0.5, -0.2]) + 0.1 * 0.2 * np.array([1.0, 0.8]))
    assert carried.step_values["y"] == 0.4
    assert right.step_values["y"] != 0.4
    later = neuron(overrides={"dL/dw": [-0.3, -0.2]})
    assert np.allclose(later.updated["w"], [0.53, -0.18])
    assert np.isclose(later.step_values["y"], 0.34)


def test_mistakes_are_also_made_on_the_learners_own_earlier_values() -> None:
    carried = neuron(overrides={"y": 0.4})
    flipped = next(m for m in carried.mistakes if m.id == "D04" and m.step == "w'")
    assert np.allclose(flipped.value, np.array([0.5, -0.2]) - 0.1 * 0.2 * np.array([1.0, 0.8]))


def test_a_wrong_number_has_the_mistakes_that_give_it_and_no_others() -> None:
    made = [m for m in neuron().mistakes if m.step == "w'"]

    def giving(answer: list[float]) -> list[engine.Mistaken]:
        return [m for m in made if np.allclose(m.value, answer, rtol=0, atol=5e-4)]

    assert {m.id for m in giving([0.474, -0.221])} == {"D03", "D04"}
    (named,) = giving([0.76, 0.008])
    assert (named.id, named.site) == ("D05", "w'")
    assert named.question.endswith("?")


def test_a_mistake_that_changes_nothing_at_a_step_is_not_listed_there() -> None:
    for mistake in neuron().mistakes:
        assert not np.allclose(mistake.value, neuron().step_values[mistake.step], rtol=1e-10, atol=0)


@pytest.mark.parametrize(
    ("statement", "ok"),
    [
        ("d(L, w) = -(t - y) * x", True),
        ("d(L, w) = (t - y) * x", False),
        ("d(L, y) = y - t", True),
        ("new(w) = w + eta * (t - y) * x", True),
        ("sum(x, axis=0) = x[0] + x[1]", True),
        ("d(L, w) = 0", False),
    ],
)
def test_a_claim_on_a_card_holds_or_does_not(statement: str, ok: bool) -> None:
    claim = engine.holds(engine.Program.parse(NEURON, "L"), GIVEN, statement, update=SGD)
    assert claim.ok is ok


def test_a_claim_that_cannot_be_read_says_why() -> None:
    program = engine.Program.parse(NEURON, "L")
    for statement in ("d(L, q) = 1", "new(x) = 1", "w", "a = b = c", "d(L) = 1"):
        with pytest.raises(engine.EngineError):
            engine.holds(program, GIVEN, statement, update=SGD)


def test_conditions_on_drawn_numbers() -> None:
    program = engine.Program.parse(NEURON, "L")
    assert engine.condition(program, GIVEN, "abs(t - y) >= 0.26 - 1e-9")
    assert not engine.condition(program, GIVEN, "abs(x[0] - x[1]) > 0.2 + 1e-9")


def test_proof_finds_a_kink() -> None:
    program = engine.Program.parse("L = relu(x)", "L")
    assert engine.prove(program, {"x": 0.3}).ok
    proof = engine.prove(program, {"x": 0.0})
    assert not proof.ok
    with pytest.raises(engine.ProofError, match="kink"):
        proof.require()


def test_xor_is_learned_in_the_published_number_of_updates() -> None:
    program = engine.Program.parse("H = sigmoid(X @ W1.T + b1)\na = sigmoid(H @ W2 + b2)\nL = mean((a - t)**2)", "L")
    given = {
        "X": [[0, 0], [0, 1], [1, 0], [1, 1]],
        "t": [0, 1, 1, 0],
        "W1": [[0.5, -0.5], [0.6, 0.4]],
        "b1": [0.1, -0.1],
        "W2": [0.7, -0.8],
        "b2": 0.05,
    }
    for rate, updates, second in (
        (1.0, 1413, 0.251206),
        (2.0, 708, 0.251116),
        (5.0, 285, 0.250991),
        (10.0, 142, 0.251261),
    ):
        run = engine.train(program, given, {"rate": rate, "of": ["W1", "b1", "W2", "b2"]}, steps=3000, until=0.01)
        assert (run.steps, run.reached) == (updates, True)
        assert np.allclose(run.losses[:2], [0.251320, second], atol=5e-7)
    short = engine.train(program, given, {"rate": 10.0, "of": ["W1", "b1", "W2", "b2"]}, steps=141, until=0.01)
    assert (short.steps, short.reached) == (141, False)


def test_two_moons_are_parted_by_logistic_regression_with_adam() -> None:
    rng = np.random.default_rng(5)
    angle = rng.uniform(0, np.pi, 60)
    upper = np.stack([np.cos(angle), np.sin(angle)], 1)
    lower = np.stack([1 - np.cos(angle), 0.5 - np.sin(angle)], 1)
    X = np.concatenate([upper, lower]) + rng.normal(scale=0.1, size=(120, 2))
    t = np.repeat([0.0, 1.0], 60)
    program = engine.Program.parse("p = sigmoid(X @ w + b)\nL = mean(bce(p, t))", "L")
    trainer = engine.Trainer(
        program, {"X": X, "t": t, "w": [0.0, 0.0], "b": 0.0}, {"rule": "adam", "rate": 0.1, "of": ["w", "b"]}
    )
    trainer.advance(300)
    assert np.isclose(trainer.losses[0], np.log(2))
    assert trainer.loss() < 0.35
    p = 1 / (1 + np.exp(-(X @ trainer.parameters["w"] + trainer.parameters["b"])))
    assert ((p > 0.5) == t).mean() > 0.8


def test_a_training_run_equals_the_same_updates_solved_one_by_one() -> None:
    program = engine.Program.parse(NETWORK, "L")
    update = {"rule": "momentum", "rate": 0.5, "of": ["W1", "b1", "W2", "b2"], "steps": 25}
    solved = engine.solve(program, NET, update)
    trained = engine.train(program, NET, update, steps=25)
    for name, value in solved.updated.items():
        assert np.allclose(trained.parameters[name], value, rtol=1e-12)
    assert np.allclose(trained.losses[:-1], [m.values["L"] for m in solved.trajectory], rtol=1e-12)


@pytest.mark.parametrize(
    ("forward", "steps"),
    [
        ("s = w * 2\nL = s + b", ["s", "L", "dL/dw", "dL/db"]),
        ("s = w * x\nL = sum(s)", ["s", "L", "dL/dw", "dL/dx"]),
        ("y = sigmoid(w * x)\nL = y", ["y", "L", "delta_y", "dL/dw", "dL/dx"]),
    ],
)
def test_a_gradient_of_nothing_but_ones_is_no_step_of_its_own(forward: str, steps: list[str]) -> None:
    given = {"w": [1.0, 2.0], "x": [1.0, 3.0]} if "sum" in forward else {"w": 1.0, "x": 2.0, "b": 0.5}
    solution = engine.solve(engine.Program.parse(forward, "L"), given)

    assert [step.name for step in solution.steps] == steps


def test_a_rate_that_is_too_large_ends_in_a_sentence() -> None:
    program = engine.Program.parse("L = w**4", "L")
    with pytest.raises(engine.NumberError, match="lower the rate"):
        engine.train(program, {"w": 3.0}, {"rate": 5.0, "of": ["w"]}, steps=100)


def test_a_compiled_program_holds_nothing_that_a_person_typed() -> None:
    compiled = engine.compile_program(engine.Program.parse("evil_name = w * 2\nL = evil_name**2", "L"), {"w": 1.5})
    assert "evil" not in compiled.source
    assert compiled({"w": 1.5}) == {"loss": 9.0, "dw": 12.0}


def test_importing_the_engine_imports_no_numpy() -> None:
    code = "import sys, engine; sys.exit('numpy' in sys.modules or any(m.startswith('engine.') for m in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize("name", engine.__all__)
def test_every_public_name_is_there(name: str) -> None:
    assert getattr(engine, name) is not None


def test_the_table_and_the_catalogue_speak_of_the_same_mistakes(listed_mistakes: dict[str, Any]) -> None:
    from engine.mistakes import CATALOGUE
    from engine.operations import OPERATIONS

    used = {id_ for operation in OPERATIONS.values() for id_ in operation.mistakes}
    assert used <= set(CATALOGUE)
    assert set(listed_mistakes) <= set(CATALOGUE)
    assert all(w.sentence.endswith(".") and w.question.endswith("?") for w in CATALOGUE.values())


def test_single_entries_can_be_asked_for() -> None:
    solution = engine.solve(
        engine.Program.parse(NEURON, "L"), GIVEN, SGD, ask=["dL/dw[1]", "w'[0]", "Δw[1]", "second: w[1] * x[1]"]
    )
    values = solution.step_values
    assert np.isclose(values["dL/dw[1]"], -0.208)
    assert np.isclose(values["w'[0]"], 0.526)
    assert np.isclose(values["Δw[1]"], 0.0208)
    assert np.isclose(values["second"], -0.16)
    assert any(m.id == "D04" and m.step == "w'[0]" and np.isclose(m.value, 0.474) for m in solution.mistakes)


def test_asking_for_what_is_not_there_lists_what_is() -> None:
    with pytest.raises(engine.TaskError, match=r"no step `v'`.*dL/dw"):
        engine.solve(engine.Program.parse(NEURON, "L"), GIVEN, SGD, ask=["v'"])


def test_a_carried_value_of_another_shape_is_refused() -> None:
    with pytest.raises(engine.TaskError, match="shape"):
        neuron(overrides={"dL/dw": 0.3})


def test_targets_that_stop_summing_to_one_during_a_run_are_differentiated_rightly() -> None:
    """The short form p - t holds only while every target of the run sums to 1."""
    program = engine.Program.parse("p = softmax(z)\nL = cross_entropy(p, t)", "L")
    rows = [[1.0, 0.0], [0.5, 1.0]]
    solution = engine.solve(program, {"z": [0.2, -0.4]}, {"rate": 1.0, "of": ["z"]}, series={"t": rows})
    z = np.array([0.2, -0.4])
    for t in np.array(rows):
        z = z - (np.exp(z) / np.exp(z).sum() * t.sum() - t)
    assert np.allclose(solution.updated["z"], z)
    trained = engine.train(program, {"z": [0.2, -0.4]}, {"rate": 1.0, "of": ["z"]}, steps=2, batches={"t": rows})
    assert np.allclose(trained.parameters["z"], z)


def test_mistakes_at_some_steps_are_those_of_all_steps() -> None:
    program = engine.Program.parse(NETWORK, "L")
    solution = engine.solve(program, NET, {"rule": "momentum", "rate": 0.5, "of": ["W1", "W2"], "steps": 2})
    wanted = {"dL/dz1", "W1'#2"}
    some = [(m.id, m.site, m.step) for m in solution.mistakes_at(wanted)]
    assert some == [(m.id, m.site, m.step) for m in solution.mistakes if m.step in wanted]
    assert {step for _, _, step in some} == wanted
