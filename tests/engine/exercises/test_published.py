"""Templates whose published example was computed by others."""

import numpy as np

from engine.exercises import generate, generate_example


def test_the_step_by_step_example_of_mazur_has_his_figures(template):
    # Matt Mazur, "A Step by Step Backpropagation Example": loss, new output and hidden weights before his closing line.
    values = generate_example(template("mlp-2-2-2")).solution.step_values
    assert np.isclose(values["L"], 0.298371109, atol=5e-10)
    assert np.allclose(values["W2'"], [[0.35891648, 0.408666186], [0.511301270, 0.561370121]], atol=5e-9)
    assert np.allclose(values["W1'"], [[0.149780716, 0.19956143], [0.24975114, 0.29950229]], atol=5e-9)


def test_xor_starts_at_the_measured_losses(template):
    # Measured with an independent program: loss before and after the first update for a learning rate of 2.
    values = generate_example(template("xor-training")).solution.step_values
    assert np.isclose(values["L"], 0.251320, atol=5e-7)
    assert np.isclose(values["L#2"], 0.251116, atol=5e-7)


def test_a_published_example_is_what_level_0_shows(template):
    variant = generate(template("linear-neuron"), 12345, 0)
    assert variant.example
    assert variant.given["x"].tolist() == [1.0, 0.8]
