"""The operation table itself: every row by name. Imports the modules that write the rows."""

from __future__ import annotations

from engine import arrays, elementwise, reductions, windows
from engine.table import Operation

OPERATIONS: dict[str, Operation] = {
    row.name: row for row in (*elementwise.OPERATIONS, *arrays.OPERATIONS, *reductions.OPERATIONS, *windows.OPERATIONS)
}
"""Name of an operation → all that the engine knows of it."""

ACTIVATIONS = frozenset({"sigmoid", "tanh", "relu", "leaky_relu", "elu", "gelu", "softplus"})
"""Operations whose argument people call z, and the gradient that reaches it δ."""
