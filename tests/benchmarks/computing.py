"""Pure work: a step of a network, variants of exercises, marks, typesetting. The collection does not matter here."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from itertools import cycle, islice
from statistics import median
from typing import TYPE_CHECKING, Any

import numpy as np

from tests.benchmarks.data import cards
from tests.benchmarks.model import SCALES, Measured, MissingError, Setting

if TYPE_CHECKING:
    from engine.exercises import Template

BLOCK = 50
"""Calls that are timed together, where one is too short for the clock."""
NETWORK = """
z1 = W1 @ x + b1
a1 = sigmoid(z1)
z2 = w2 @ a1 + b2
y = sigmoid(z2)
L = (t - y)**2 / 2
"""
GIVEN = {
    "x": [0.35, 0.9],
    "t": 0.5,
    "W1": [[0.1, 0.8], [0.4, 0.6]],
    "b1": [0.1, -0.1],
    "w2": [0.3, 0.9],
    "b2": 0.05,
    "eta": 0.5,
}
LEARNED = ("W1", "b1", "w2", "b2")
UPDATE = {"rule": "sgd", "rate": "eta", "of": list(LEARNED)}


def _blocks(setting: Setting, call: Callable[[], Any]) -> Measured:
    def block() -> None:
        for _ in range(BLOCK):
            call()

    return _whole_blocks(setting, block)


def _whole_blocks(setting: Setting, block: Callable[[], Any]) -> Measured:
    block()
    samples = []
    for _ in range(max(3, setting.scale.calls // 10)):
        begun = time.perf_counter()
        block()
        samples.append((time.perf_counter() - begun) * 1_000 / BLOCK)
    return Measured(samples)


def step(setting: Setting) -> Measured:
    """Forward, backward and update of a 2-2-1 network, in a training run as the labs have it."""
    import engine

    trainer = engine.Trainer(engine.Program.parse(NETWORK, "L"), GIVEN, UPDATE)
    return _whole_blocks(setting, lambda: trainer.advance(BLOCK))


def named_step(setting: Setting) -> Measured:
    """The same with arrays by name in, and the loss, every gradient and the new parameters by name out."""
    import engine

    compiled = engine.compile_program(engine.Program.parse(NETWORK, "L"), GIVEN, UPDATE)
    values: dict[str, Any] = {name: np.asarray(value, dtype=float) for name, value in GIVEN.items()}

    def once() -> None:
        results = compiled(values)
        for name in LEARNED:
            values[name] = results[f"{name}'"]

    return _blocks(setting, once)


def torch_step(setting: Setting) -> Measured:
    """The same in PyTorch, eager, double precision, one thread."""
    try:
        import torch
    except ImportError:
        raise MissingError("PyTorch is not installed here: pip install torch") from None
    torch.set_num_threads(1)
    made: dict[str, Any] = {name: torch.tensor(value, dtype=torch.float64) for name, value in GIVEN.items()}
    learned = [made[name].requires_grad_() for name in LEARNED]
    x, t, eta = made["x"], made["t"], GIVEN["eta"]
    w1, b1, w2, b2 = learned

    def once() -> None:
        y = torch.sigmoid(w2 @ torch.sigmoid(w1 @ x + b1) + b2)
        ((t - y) ** 2 / 2).backward()
        with torch.no_grad():
            for one in learned:
                one.sub_(eta * one.grad)
                one.grad = None

    return _blocks(setting, once)


def variants(setting: Setting) -> Measured:
    """Variants of every template in turn: drawn, solved, proved, their mistakes told apart."""
    try:
        from content import bundled
        from engine.exercises import TemplateError, load_template
    except ImportError as error:
        raise MissingError(f"there is no generator yet ({error})") from None
    templates = []
    for path in sorted((bundled() / "exercises").glob("*.toml")):
        with suppress(TemplateError):  # their own tests say so
            templates.append(load_template(path))
    if not templates:
        raise MissingError("there are no templates yet")
    first = [_drawn(template, 0) for template in templates]  # derives what all its variants share
    many = enumerate(islice(cycle(templates), max(3, setting.scale.calls // 4)), 1)
    facts = {"a template's first variant": median(first), "the slowest first": max(first)}
    return Measured([_drawn(template, seed) for seed, template in many], facts=facts)


def _drawn(template: Template, seed: int) -> float:
    """Milliseconds that a variant takes."""
    from engine.exercises import generate

    begun = time.perf_counter()
    generate(template, seed)
    return (time.perf_counter() - begun) * 1_000


ANSWERS = (
    ("0.474", 0.474), ("0,48", 0.474), (".25", 0.25), ("-1.2e-3", -0.0012), ("0.0208", 0.0208), ("1/3", 1 / 3),
    ("0.526", 0.474), ("50 %", 0.5), ("3.1", 2.9), ("−0.35", -0.35), ("2*0.25", 0.5), ("0.900", 0.9),
)  # fmt: skip


def marks(setting: Setting) -> Measured:
    """Answers as people type them, each with four named mistakes: decimals, fractions, percent, arithmetic."""
    from engine.marking import mark

    turn = cycle(ANSWERS)

    def once() -> None:
        answer, true = next(turn)
        mistakes = [("sign", -true), ("double", 2 * true), ("half", true / 2), ("complement", 1 - true)]
        mark(answer, true, "3sf", mistakes=mistakes)

    return _blocks(setting, once)


def typesetting(setting: Setting) -> Measured:
    """A card's prose with a formula into lines of 76 cells, nothing kept from before."""
    from studyapp.typeset import prose

    texts = [f"{front}\n\n{back}" for _, _, front, back in islice(cards(SCALES["10k"]), setting.scale.calls)]
    samples = []
    for text in texts:
        begun = time.perf_counter()
        prose(text, 76)
        samples.append((time.perf_counter() - begun) * 1_000)
    return Measured(samples)


FORMULAE = (
    r"\frac{\partial L}{\partial w_{%d}}", r"\sigma(z_{%d}) = \frac{1}{1 + e^{-z_{%d}}}",
    r"\begin{pmatrix} w_{11} & w_{12} \\ w_{21} & %d \end{pmatrix}", r"\sum_{k=1}^{%d} w_{kj}\,\delta_k",
    r"\sqrt{\frac{v_t}{1 - \beta_2^{%d}}} + \varepsilon",
)  # fmt: skip


def formulas(setting: Setting) -> Measured:
    """A displayed formula into two dimensions, each a new one."""
    from studyapp.typeset import display

    samples = []
    for number in range(setting.scale.calls):
        tex = FORMULAE[number % len(FORMULAE)].replace("%d", str(number))
        begun = time.perf_counter()
        display(tex, 76)
        samples.append((time.perf_counter() - begun) * 1_000)
    return Measured(samples)
