"""Decks that several tests read."""

from __future__ import annotations

import pytest

EVERY_KIND = r"""+++
id = "backprop"
title = "Backpropagation"
license = "CC-BY-SA-4.0"
[sources]
nielsen = { title = "Neural Networks and Deep Learning", url = "http://neural.example", year = 2015, short = "Nielsen" }
[aliases]
old-name = "bptt"
+++

# The backward pass

Prose with $\delta_j = g'(z_j)\sum_k w_{kj}\delta_k$. [@nielsen]

## Which rule of calculus does backpropagation apply? {#chain-rule tags="calculus"}

> [!TIP]
> A hint.

- [ ] The product rule
  > Why this is wrong.
- [x] The chain rule

> Shown after the answer. [@nielsen]

## BPTT {#bptt .both}

Backpropagation through time

## {#sigmoid-max}

The derivative of the sigmoid is at most {{1|0.25|a number}}, so deep gradients {{2|vanish}}.

## A negative gradient means raising the weight lowers the loss. {#negative-gradient}

- [x] True
- [ ] False

# Numbers

## Change of $w_2$ for $\eta=0.1$, error $t-y=0.26$, input $0.8$ {#delta-w2}

= 0.0208

- [ ] −0.0208
  > Up the gradient.

## Name the quantity $\partial L/\partial z$ {#delta-name}

= "error term" | "delta" | "δ"

## Which are prime? {#prime}

- [x] 2
- [ ] 4
- [x] 5

## One step of a linear neuron {#ex-linear-neuron requires="delta-w2" rev=2}

```exercise
template = "linear-neuron"
level = 2
```
"""


@pytest.fixture
def every_kind() -> str:
    return EVERY_KIND
