"""Mathematics: programs, gradients as graphs, steps, mistakes, marking. Imports numpy and the standard library.

Symbols: z pre-activation, a activation, δ = ∂L/∂z, η learning rate. `W: (n_out, n_in)`, `x: (n_in,)`; a batch has its
examples in rows. Names are imported when first used, so `import engine` costs nothing.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from engine.claims import Claim as Claim
    from engine.claims import condition as condition
    from engine.claims import evaluate_claim as evaluate_claim
    from engine.claims import holds as holds
    from engine.claims import value_of as value_of
    from engine.claims import values_of as values_of
    from engine.compiled import Compiled as Compiled
    from engine.errors import EngineError as EngineError
    from engine.errors import NumberError as NumberError
    from engine.errors import ProgramError as ProgramError
    from engine.errors import ProofError as ProofError
    from engine.errors import ShapeError as ShapeError
    from engine.errors import TaskError as TaskError
    from engine.mistakes import CATALOGUE as CATALOGUE
    from engine.mistakes import NEAR as NEAR
    from engine.prepared import Prepared as Prepared
    from engine.prepared import Program as Program
    from engine.proof import Proof as Proof
    from engine.proof import prove as prove
    from engine.rules import Update as Update
    from engine.rules import update_from as update_from
    from engine.solution import Entry as Entry
    from engine.solution import Mistaken as Mistaken
    from engine.solution import Moment as Moment
    from engine.solution import Solution as Solution
    from engine.solution import Step as Step
    from engine.solving import solve as solve
    from engine.tasks import Task as Task
    from engine.tasks import load as load
    from engine.tasks import task_from as task_from
    from engine.training import Trainer as Trainer
    from engine.training import Training as Training
    from engine.training import compile_program as compile_program
    from engine.training import train as train

_WHERE = {
    "EngineError": "errors",
    "NumberError": "errors",
    "ProgramError": "errors",
    "ProofError": "errors",
    "ShapeError": "errors",
    "TaskError": "errors",
    "Program": "prepared",
    "Prepared": "prepared",
    "Task": "tasks",
    "load": "tasks",
    "task_from": "tasks",
    "Update": "rules",
    "update_from": "rules",
    "Entry": "solution",
    "Mistaken": "solution",
    "Moment": "solution",
    "Solution": "solution",
    "Step": "solution",
    "solve": "solving",
    "Claim": "claims",
    "condition": "claims",
    "evaluate_claim": "claims",
    "holds": "claims",
    "value_of": "claims",
    "values_of": "claims",
    "Proof": "proof",
    "prove": "proof",
    "Compiled": "compiled",
    "compile_program": "training",
    "Trainer": "training",
    "Training": "training",
    "train": "training",
    "CATALOGUE": "mistakes",
    "NEAR": "mistakes",
}
"""Public name → the module of this package it lives in."""

__all__ = sorted(_WHERE)  # noqa: PLE0605 - one list of names, above


def __getattr__(name: str) -> Any:
    """Import a name where it lives, when it is first used (PEP 562)."""
    if name in _WHERE:
        value = getattr(importlib.import_module(f"engine.{_WHERE[name]}"), name)
        globals()[name] = value
        return value
    raise AttributeError(f"module 'engine' has no attribute {name!r}")


def __dir__() -> list[str]:
    """The public names, imported or not."""
    return sorted({*globals(), *_WHERE})
