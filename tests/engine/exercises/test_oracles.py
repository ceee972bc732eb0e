"""Templates worked with the numbers of examples that others computed; their known wrong values are known here too."""

import json
from pathlib import Path

import numpy as np
import pytest

from engine.exercises.generating import own_mistakes, registered

DATA = json.loads((Path(__file__).parents[1] / "data" / "cases.json").read_text(encoding="utf-8"))
CASES = {case["id"]: case for part in DATA.values() if isinstance(part, list) for case in part if "id" in case}
MU, ETA = 0.9, 0.1
GRADIENTS = [1.0, 0.5, -0.5]


def arrays(**given):
    """Lists as arrays."""
    return {n: np.array(v, dtype=float) if isinstance(v, list) else float(v) for n, v in given.items()}


def case(name, *path):
    """A value of a case."""
    found = CASES[name]
    for key in path:
        found = found[key]
    return found


def inputs(name, **names):
    """The inputs of a case under other names."""
    return arrays(**{ours: case(name, "inputs", theirs) for ours, theirs in names.items()})


LOGISTIC = inputs("logistic-neuron-half_mse", x="x", w="w", b="b", t="y") | {"eta": 1.0}
RELU = inputs("mlp-2-2-1-relu-linear-out", x="x", W1="W", b1="b_h", w2="v", b2="b_o", t="t", eta="lr")
DROPOUT = inputs("inverted-dropout", h="h", r="mask", q="keep", u="v")
CONV = inputs("conv1d-backward", x="x", k="k", u="dy") | {"b": 0.0}
POOL = inputs("pool-2x2-backward", X="X", U="dY")
MOMENTUM = arrays(g=GRADIENTS, mu=MU, eta=ETA, w0=1.0)
ADAM = arrays(gs=GRADIENTS[:2], beta1=0.9, beta2=0.999, eta=0.1, w=1.0, eps=1e-8)
RMSPROP = arrays(gs=GRADIENTS[:2], rho=0.9, eta=0.1, w=1.0, eps=1e-8)
DECAY = arrays(g=[1.0, 0.5], w=[1.0, 1.0], lam=0.1, eta=0.1)
ALEXNET = arrays(W=227, F=11, P=0, S=4, C=3, K=96)


@pytest.mark.parametrize(
    ("name", "given", "step", "expected"),
    [
        ("logistic-neuron", LOGISTIC, "a", case("logistic-neuron-half_mse", "expected", "o")),
        ("logistic-neuron", LOGISTIC, "dL/dz", case("logistic-neuron-half_mse", "expected", "delta")),
        ("logistic-neuron", LOGISTIC, "dL/dw", case("logistic-neuron-half_mse", "expected", "dw")),
        ("mlp-relu", RELU, "y", case("mlp-2-2-1-relu-linear-out", "expected", "o")),
        ("mlp-relu", RELU, "dL/dz1", case("mlp-2-2-1-relu-linear-out", "expected", "delta_h")),
        ("mlp-relu", RELU, "dL/dW1", case("mlp-2-2-1-relu-linear-out", "expected", "dW")),
        ("dropout", DROPOUT, "a", case("inverted-dropout", "expected", "train")),
        ("dropout", DROPOUT, "b", case("inverted-dropout", "expected", "test")),
        ("dropout", DROPOUT, "dL/dh", case("inverted-dropout", "expected", "dh")),
        ("conv1d", CONV, "y", case("conv1d-backward", "expected", "y")),
        ("conv1d", CONV, "dL/dk", case("conv1d-backward", "expected", "dk")),
        ("conv1d", CONV, "dL/dx", case("conv1d-backward", "expected", "dx")),
        ("conv1d", CONV, "dL/db", case("conv1d-backward", "expected", "db")),
        ("pooling", POOL, "M", case("pool-2x2-backward", "expected", "max_Y")),
        ("pooling", POOL, "dL/dX", case("pool-2x2-backward", "expected", "max_dX")),
        ("pooling", POOL, "dN/dX", case("pool-2x2-backward", "expected", "avg_dX")),
        ("momentum", MOMENTUM, "w1", case("momentum-3-steps", "expected", "classical")[0]),
        ("momentum", MOMENTUM, "w2", case("momentum-3-steps", "expected", "classical")[1]),
        ("momentum", MOMENTUM, "w3", case("momentum-3-steps", "expected", "classical")[2]),
        ("nesterov", arrays(gs=GRADIENTS[:2], mu=MU, eta=ETA, w=1.0), "w'#2", 0.634),
        ("adam", ADAM, "w'#2", case("adam-3-steps", "expected", "w")[1]),
        ("rmsprop", RMSPROP, "w'#2", case("rmsprop-3-steps", "expected", "w")[1]),
        ("weight-decay", DECAY, "w'", [0.89, 0.94]),
        ("conv-shapes", ALEXNET, "o", 55),
        ("conv-shapes", ALEXNET, "n", case("cs231n-alexnet-conv1", "published", "neurons")),
        ("conv-shapes", ALEXNET, "k", case("cs231n-alexnet-conv1", "published", "weights_per_neuron")),
        ("parameter-counts", arrays(n=3, h=4, m=2, F=3, C=3, K=4), "d", 26),
    ],
)
def test_a_template_reproduces_examples_computed_by_others(template, name, given, step, expected):
    np.testing.assert_allclose(template(name).solve(given).step_values[step], expected, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize(
    ("name", "given", "id_", "step", "expected"),
    [
        ("momentum", MOMENTUM, "O01", "w3", case("momentum-3-steps", "mistakes", "no_momentum")[2]),
        ("momentum", MOMENTUM, "O02", "w3", case("momentum-3-steps", "mistakes", "ema_form_seed001")[2]),
        ("momentum", MOMENTUM, "O03", "w3", case("momentum-3-steps", "expected", "nesterov")[2]),
        ("adam", ADAM, "O05", "w'#2", case("adam-3-steps", "mistakes", "no_bias_correction")[1]),
        ("adam", ADAM, "O07", "w'#2", case("adam-3-steps", "mistakes", "betas_swapped")[1]),
        ("dropout", DROPOUT, "R01", "a", case("inverted-dropout", "mistakes", "standard_train")),
        ("dropout", DROPOUT, "R02", "a", case("inverted-dropout", "mistakes", "divided_by_drop_rate")),
        ("dropout", DROPOUT, "R03", "dL/dh", case("inverted-dropout", "mistakes", "mask_forgotten")),
        ("conv1d", CONV, "V01", "y", case("conv1d-backward", "mistakes", "true_convolution_y")),
        ("conv1d", CONV, "V02", "dL/dx", case("conv1d-backward", "mistakes", "dx_kernel_flipped")),
        (
            "logistic-neuron",
            LOGISTIC,
            "L03",
            "dL/dw",
            case("logistic-neuron-half_mse", "mistakes", "no_activation_derivative"),
        ),
        ("logistic-neuron", LOGISTIC, "D06", "dL/dw", case("logistic-neuron-half_mse", "mistakes", "forgot_input")),
        ("mlp-relu", RELU, "H02", "dL/dz1", case("mlp-2-2-1-relu-linear-out", "mistakes", "no_weight")),
        ("mlp-relu", RELU, "H03", "dL/dz1", case("mlp-2-2-1-relu-linear-out", "mistakes", "no_derivative")),
        ("mlp-relu", RELU, "H01", "dL/dz1", case("mlp-2-2-1-relu-linear-out", "mistakes", "updated_v")),
    ],
)
def test_known_wrong_values_of_those_examples_are_known_by_name(template, name, given, id_, step, expected):  # noqa: PLR0917
    found = template(name)
    solution = found.solve(given)
    mistakes = registered(found, solution, own_mistakes(found, given, solution))
    values = [m.value for m in mistakes if (m.id, m.step) == (id_, step)]
    assert any(np.allclose(v, expected, rtol=1e-9, atol=1e-12) for v in values), values
