"""Update rules as programs in the engine's own language: every optimiser is a few lines of text. Imports the reader.

Symbols inside a rule: w the parameter, g its gradient, v and m its state (v the velocity, or the moving average of the
squared gradient; m that of the gradient), t the number of this update (1 for the first), eta the learning rate.
"""

from __future__ import annotations

import ast
import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from engine import schedules
from engine.errors import ProgramError, TaskError
from engine.graph import Node
from engine.prepared import Prepared
from engine.program import Reader, parse

Number = float | str
"""A number, or an expression over the givens."""
Line = tuple[str, str]
"""(name, expression) of one line of a rule; a name ending in `_new` is a next value."""

RULES: dict[str, tuple[str, ...]] = {
    "sgd": (),
    "momentum": ("v",),
    "nesterov": ("v",),
    "rmsprop": ("v",),
    "adagrad": ("v",),
    "adam": ("m", "v"),
    "adamw": ("m", "v"),
}
"""Rule → the state it keeps for every parameter."""


@dataclass(frozen=True)
class Update:
    """How parameters are updated; the keys of an `[update]` table.

    Attributes:
        rate: η, a number or an expression over the givens such as "eta". Nothing stands for it: sources differ.
        rule: One of `RULES`.
        of: The parameters, in order.
        mu: Momentum factor.
        form: "velocity" (v = μv + g) or "average" (v = μv + (1 - μ)g).
        rho: Decay of RMSprop's average.
        beta1: Decay of Adam's average of gradients.
        beta2: Decay of Adam's average of squares.
        eps: The small constant beside the root.
        eps_inside: Whether it stands inside the root.
        eps_before_correction: Whether it is added before v is corrected for bias (Adam's efficient form).
        bias_correction: Whether Adam corrects m and v.
        weight_decay: λ; 0 for none.
        decay: "l2" (λw joins the gradient), "l1" (λ sign w), "decoupled" (ηλw is subtracted); adamw is decoupled.
        clip: The largest gradient; None for no clipping.
        clip_by: "norm" (over all parameters together) or "value" (each entry).
        schedule: {kind = "step" | "exponential" | "cosine" | "inverse", ...}; None for a constant rate.
        steps: How many updates.
    """

    rate: Number
    rule: str = "sgd"
    of: tuple[str, ...] = ()
    mu: Number = 0.9
    form: str = "velocity"
    rho: Number = 0.9
    beta1: Number = 0.9
    beta2: Number = 0.999
    eps: Number = 1e-8
    eps_inside: bool = False
    eps_before_correction: bool = False
    bias_correction: bool = True
    weight_decay: Number = 0.0
    decay: str = "l2"
    clip: Number | None = None
    clip_by: str = "norm"
    schedule: Mapping[str, Any] | None = field(default=None, hash=False)
    steps: int = 1

    @cached_property
    def key(self) -> tuple[Any, ...]:
        """What makes two updates the same program (the number of steps does not)."""
        pairs = {f.name: getattr(self, f.name) for f in dataclasses.fields(self) if f.name != "steps"}
        pairs["schedule"] = tuple(sorted((self.schedule or {}).items()))
        return tuple(pairs.values())

    @property
    def counts(self) -> bool:
        """Whether the number of the update matters."""
        adam = self.rule in {"adam", "adamw"}
        return adam or self.schedule is not None


_CHOICES = {
    "rule": tuple(RULES),
    "form": ("velocity", "average"),
    "decay": ("l2", "l1", "decoupled"),
    "clip_by": ("norm", "value"),
}
_FLAGS = ("eps_inside", "eps_before_correction", "bias_correction")
_NUMBERS = ("rate", "mu", "rho", "beta1", "beta2", "eps", "weight_decay", "clip")
_ALIASES = {"lr": "rate", "eta": "rate", "momentum": "mu", "beta": "mu", "epsilon": "eps", "lambda": "weight_decay"}
MAX_STEPS = 100_000


def update_from(table: Mapping[str, Any]) -> Update:
    """An update from the keys of a file.

    Raises:
        TaskError: a key or value is not known; the message lists what is.
    """
    values: dict[str, Any] = {}
    known = {f.name for f in dataclasses.fields(Update)}
    for key, value in table.items():
        name = _ALIASES.get(key, key)
        if name not in known:
            raise TaskError(f"[update] has no key `{key}`; known are {', '.join(sorted(known))}")
        values[name] = value
    _check_words(values)
    steps = values.get("steps", 1)
    if isinstance(steps, bool) or not isinstance(steps, int) or not 1 <= steps <= MAX_STEPS:
        raise TaskError(f"[update] steps must be a whole number from 1 to {MAX_STEPS:,}")
    of = values.get("of", ())
    if isinstance(of, str):
        of = (of,)
    if not isinstance(of, list | tuple) or not all(isinstance(n, str) for n in of):
        raise TaskError('[update] of must list the names of the parameters, as in of = ["w", "b"]')
    values["of"] = tuple(of)
    if "schedule" in values:
        schedules.check(values["schedule"])
    if "rate" not in values:
        raise TaskError('[update] does not say the learning rate; write rate = 0.1, or rate = "eta" for a given')
    return Update(**values)


def _check_words(values: Mapping[str, Any]) -> None:
    """Choices, flags and numbers, each key by itself."""
    for name, choices in _CHOICES.items():
        if name in values and values[name] not in choices:
            raise TaskError(f"[update] {name} = {values[name]!r} is not known; choose {', '.join(choices)}")
    for name in _FLAGS:
        if not isinstance(values.get(name, False), bool):
            raise TaskError(f"[update] {name} must be true or false")
    for name in _NUMBERS:
        if name in values and (isinstance(values[name], bool) or not isinstance(values[name], int | float | str)):
            raise TaskError(f"[update] {name} must be a number or the name of a given")


def _root(update: Update, v: str) -> str:
    return f"sqrt({v} + eps)" if update.eps_inside else f"(sqrt({v}) + eps)"


def lines_of(update: Update) -> tuple[list[Line], str]:
    """A rule as text: the lines for its state, and the direction that is multiplied by the rate and subtracted."""
    average = update.form == "average"
    gain = "(1 - mu) * g" if average else "g"
    match update.rule:
        case "momentum":
            return [("v_new", f"mu * v + {gain}")], "v_new"
        case "nesterov":
            return [("v_new", f"mu * v + {gain}")], f"({gain} + mu * v_new)"
        case "rmsprop":
            return [("v_new", "rho * v + (1 - rho) * g ** 2")], f"g / {_root(update, 'v_new')}"
        case "adagrad":
            return [("v_new", "v + g ** 2")], f"g / {_root(update, 'v_new')}"
        case "adam" | "adamw":
            return _adam(update)
    return [], "g"


def _adam(update: Update) -> tuple[list[Line], str]:
    lines = [("m_new", "beta1 * m + (1 - beta1) * g"), ("v_new", "beta2 * v + (1 - beta2) * g ** 2")]
    if not update.bias_correction:
        return lines, f"m_new / {_root(update, 'v_new')}"
    if update.eps_before_correction:
        return lines, f"sqrt(1 - beta2 ** t) / (1 - beta1 ** t) * m_new / {_root(update, 'v_new')}"
    hats = [("m_hat", "m_new / (1 - beta1 ** t)"), ("v_hat", "v_new / (1 - beta2 ** t)")]
    return lines + hats, f"m_hat / {_root(update, 'v_hat')}"


def decoupled(update: Update) -> bool:
    """Whether decay is subtracted from the parameter instead of joining the gradient."""
    return update.rule == "adamw" or update.decay == "decoupled"


@dataclass(frozen=True)
class Twist:
    """A fault in carrying out a rule: what is done to its texts.

    Attributes:
        move: (rule's direction) → the new value of w as an expression.
        lines: Changes the state lines.
        direction: Changes the direction.
        correction: What stands for t where m and v are corrected.
    """

    move: Callable[[str], str] | None = None
    lines: Callable[[list[Line]], list[Line]] | None = None
    direction: Callable[[str], str] | None = None
    correction: str = "t"


@dataclass(frozen=True)
class Moves:
    """The nodes of one update.

    Attributes:
        new: Parameter → its next value.
        delta: Parameter → the change.
        state: Parameter → state name → its next value.
        leaves: (parameter, state name) → the leaf that holds its present value.
        counter: The leaf that holds the number of this update.
        named: Every named value of the update, in the order of working.
    """

    new: dict[str, Node]
    delta: dict[str, Node]
    state: dict[str, dict[str, Node]]
    leaves: dict[tuple[str, str], str]
    counter: str
    named: list[Node]


def build(prepared: Prepared, update: Update, gradients: Mapping[str, Node], twist: Twist | None = None) -> Moves:
    """The nodes of an update from the gradients of its parameters.

    Raises:
        TaskError: a parameter or option is not known.
    """
    twist = twist or Twist()
    graph, taken = prepared.graph, prepared.names
    counter = next(n for n in ("t", "k", "step_number") if n not in taken)
    options = _options(prepared, update)
    options["t"] = graph.given(counter, ())
    named: list[Node] = []
    if update.schedule is not None:
        options["eta"] = graph.named("eta_t", _read(prepared, schedules.line(update.schedule), options))
        named.append(options["eta"])
    gradients = _clipped(prepared, update, gradients, options, named)
    moves = Moves({}, {}, {}, {}, counter, named)
    several = len(update.of) > 1
    for name in update.of:
        _one(prepared, update, twist, name, gradients[name], dict(options), moves, several)
    return moves


def _one(  # noqa: PLR0917
    prepared: Prepared,
    update: Update,
    twist: Twist,
    name: str,
    gradient: Node,
    env: dict[str, Node],
    moves: Moves,
    several: bool,
) -> None:
    graph = prepared.graph
    env.update(w=prepared.givens[name], g=gradient)
    for part in RULES[update.rule]:
        leaf = f"{part}_{name}" if several or part in prepared.names else part
        moves.leaves[name, part] = leaf
        env[part] = graph.given(leaf, env["w"].shape)
    if update.weight_decay and not decoupled(update):
        term = "lam * sign(w)" if update.decay == "l1" else "lam * w"
        env["g"] = graph.named(f"g_{name}", _read(prepared, f"g + {term}", env))
        moves.named.append(env["g"])
    lines, direction = lines_of(update)
    lines = twist.lines(lines) if twist.lines else lines
    direction = twist.direction(direction) if twist.direction else direction
    suffix = f"_{name}" if several or any(p in prepared.names for p in RULES[update.rule]) else ""
    for line, text in lines:
        shown = f"{line[:-4]}{suffix}'" if line.endswith("_new") else f"{line}{suffix}"
        env[line] = graph.named(shown, _read(prepared, _at(text, twist), env))
        moves.named.append(env[line])
    decay = " - eta * lam * w" if update.weight_decay and decoupled(update) else ""
    text = (twist.move(direction) if twist.move else f"w - eta * {direction}") + decay
    moves.delta[name] = graph.named(f"Δ{name}", _read(prepared, f"-(eta * {_at(direction, twist)}){decay}", env))
    moves.new[name] = graph.named(f"{name}'", _read(prepared, _at(text, twist), env))
    moves.named.append(moves.new[name])
    moves.state[name] = {part: env.get(f"{part}_new", env[part]) for part in RULES[update.rule]}


def _at(text: str, twist: Twist) -> str:
    return text if twist.correction == "t" else text.replace("** t", twist.correction)


def _read(prepared: Prepared, text: str, env: Mapping[str, Node]) -> Node:
    tree = parse(text, "eval")
    assert isinstance(tree, ast.Expression)
    return Reader(prepared.graph, env, text).read(tree.body)


_WRITTEN = {"eta": "rate", "lam": "weight_decay"}
"""Names inside a rule → the key of the file."""


def _expression(prepared: Prepared, key: str, text: str) -> Node:
    """A number of the update that is written with the names of givens, as rate = "eta"."""
    try:
        return prepared.expression(text)
    except ProgramError as error:
        raise TaskError(f"[update] {_WRITTEN.get(key, key)} = {text[:40]!r} cannot be read: {error}") from None


def _options(prepared: Prepared, update: Update) -> dict[str, Node]:
    numbers: dict[str, Number | None] = {
        "eta": update.rate,
        "mu": update.mu,
        "rho": update.rho,
        "beta1": update.beta1,
        "beta2": update.beta2,
        "eps": update.eps,
        "lam": update.weight_decay,
        "clip": update.clip,
    }
    for key, value in {**schedules.DEFAULTS, **(update.schedule or {})}.items():
        if key not in {"kind", "staircase"}:
            numbers[f"sched_{key}"] = value
    made = {}
    for key, value in numbers.items():
        if value is None:
            continue
        node = _expression(prepared, key, value) if isinstance(value, str) else prepared.graph.const(value)
        if node.shape != ():
            raise TaskError(
                f"[update] {_WRITTEN.get(key, key)} must be a single number, not an array of shape {node.shape}"
            )
        made[key] = node
    for name in update.of:
        if name not in prepared.givens:
            raise TaskError(f"[update] of names `{name}`, which is not given; choose from {', '.join(prepared.givens)}")
    if not update.of:
        raise TaskError('[update] needs of = ["w"], the parameters to update')
    return made


def _clipped(
    prepared: Prepared, update: Update, gradients: Mapping[str, Node], options: dict[str, Node], named: list[Node]
) -> Mapping[str, Node]:
    if update.clip is None:
        return gradients
    env = {**options, **{f"g{i}": gradients[n] for i, n in enumerate(update.of)}}
    if update.clip_by == "norm":
        squares = " + ".join(f"sum(g{i} ** 2)" for i in range(len(update.of)))
        env["size"] = prepared.graph.named("norm", _read(prepared, f"sqrt({squares})", env))
        # A gradient of zero has nothing to clip; the largest of the two keeps the division from 0 / 0.
        text = "g{0} * (clip / max(size, clip))"
        named.append(env["size"])
    else:
        text = "clip(g{0}, -clip, clip)"
    out = {}
    for i, name in enumerate(update.of):
        out[name] = prepared.graph.named(f"clipped_{name}", _read(prepared, text.format(i), env))
        named.append(out[name])
    return out
