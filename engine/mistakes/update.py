"""Mistakes in the update: the rule carried out with a fault, at every update of a run. Imports the rules."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from engine import rules
from engine.mistakes.fault import Ground
from engine.rules import Line, Moves, Twist, Update

Variant = tuple[str, Update, Twist | None, tuple[str, ...]]
"""(id, the rule, what is done to its text, the parameters it concerns; none for all)."""


def variants(ground: Ground) -> Iterator[Variant]:
    """Every wrong way to carry out the update."""
    update = ground.layout.update
    if update is None:
        return
    yield "D04", update, Twist(move=lambda d: f"w + eta * {d}"), ()
    yield "D05", update, Twist(move=lambda d: f"w - {d}"), ()
    yield "D12", update, Twist(move=lambda d: f"-(eta * {d})"), ()
    yield "D14", update, Twist(move=lambda d: f"eta * w - {d}"), ()
    biases = tuple(n for n in update.of if n[:1] in "bB" or n.startswith("theta"))
    if biases:
        yield "D15", update, Twist(move=lambda d: "w"), biases
    yield from _momentum(update)
    yield from _adaptive(update)
    if update.weight_decay and (update.rule in {"adam", "adamw"} or update.decay == "decoupled"):
        if rules.decoupled(update):
            rule = "adam" if update.rule == "adamw" else update.rule
            yield "O11", replace(update, rule=rule, decay="l2"), None, ()
        else:
            yield "O11", replace(update, decay="decoupled"), None, ()
    if update.clip is not None:
        yield "C01", replace(update, clip_by="value" if update.clip_by == "norm" else "norm"), None, ()


def _momentum(update: Update) -> Iterator[Variant]:
    if update.rule not in {"momentum", "nesterov"}:
        return
    yield "O01", update, Twist(direction=lambda d: "g"), ()
    yield "O02", replace(update, form="average" if update.form == "velocity" else "velocity"), None, ()
    yield "O03", replace(update, rule="nesterov" if update.rule == "momentum" else "momentum"), None, ()
    yield "O04", update, Twist(lines=lambda lines: [(n, t.replace("mu * v + ", "")) for n, t in lines]), ()


def _adaptive(update: Update) -> Iterator[Variant]:
    if update.rule not in {"rmsprop", "adagrad", "adam", "adamw"}:
        return
    if not update.eps_before_correction:
        yield "O06", replace(update, eps_inside=not update.eps_inside), None, ()
    yield "O10", update, Twist(direction=_without_root), ()
    if update.rule not in {"adam", "adamw"}:
        return
    yield "O05", replace(update, bias_correction=not update.bias_correction), None, ()
    yield "O07", replace(update, beta1=update.beta2, beta2=update.beta1), None, ()
    if update.bias_correction:
        yield "O08", update, Twist(correction="** 1"), ()
        yield "O09", update, Twist(correction="** (t + 1)"), ()


def _without_root(direction: str) -> str:
    return re.sub(r"sqrt\((v_\w+(?: \+ eps)?)\)", r"(\1)", direction)


def twisted(ground: Ground, update: Update, twist: Twist | None, only: tuple[str, ...]) -> Moves:
    """The nodes of a faulty update; parameters it does not concern are updated rightly."""
    layout = ground.layout
    right = layout.moves
    assert right is not None
    backward = layout.prepared.backward()
    gradients = {n: backward.of(layout.prepared.givens[n]) for n in update.of}
    wrong = rules.build(layout.prepared, update, gradients, twist)
    if only:
        for name in update.of:
            if name not in only:
                wrong.new[name], wrong.delta[name], wrong.state[name] = (
                    right.new[name],
                    right.delta[name],
                    right.state[name],
                )
    return wrong


__all__ = ["Line", "twisted", "variants"]
