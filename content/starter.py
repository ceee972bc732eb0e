"""The deck that `studyapp deck new` writes: one card of each kind, each with a word on how it is made."""

from __future__ import annotations

import json

_BODY = r"""
# First lesson

Prose under a single `#` is the lesson note: what a reader should know before the cards. Mathematics stands between
dollar signs, as in $y = w x + b$. Change everything here; `studyapp deck check` tells what is wrong.

## What does the heading of a card hold? {#heading-holds}

The question. What stands under it is the answer, and a block quote is the explanation.

> The id in braces keeps your progress when you reword the card. Leave it out and `studyapp deck fmt` writes one. [@me]

## SGD {#sgd .both tags="words"}

stochastic gradient descent

> `.both` asks the card in both directions.

## {#sigmoid-range}

The sigmoid lies between {{1|0|a number}} and {{2|1}}.

> Blanks of one number are hidden together; a hint may follow the answer. Several right answers stand in quotation marks
> with a bar between them, as on a typed card.

## The order of true and false is never shuffled. {#true-false-order}

- [x] True
- [ ] False
  > It would only make people stumble.

## Which option is right? {#which-option}

> [!TIP]
> A block quote that begins with [!TIP] is a hint, shown when asked for.

- [ ] The one without a cross
  > Feedback for who picks this option: say why it is wrong.
- [x] The one with a cross

## Which of these are prime? {#primes}

- [x] 2
- [ ] 4
  > 4 = 2 · 2.
- [x] 5

## What is $0.1 \cdot 0.26 \cdot 0.8$? {#product requires="which-option"}

= 0.0208

- [ ] -0.0208
  > A known wrong value: the sign is flipped.

> Digits count: write `± 0.001`, `±1%`, `{2sf}` or `{3dp}` behind the number to ask for something else.

## Name the quantity $\partial L/\partial z$. {#error-term}

= "error term" | "delta" | "δ"

## Take one step of gradient descent. {#one-step}

```exercise
template = "linear-neuron"
```
"""


def starter(identity: str, title: str) -> str:
    """The text of a first deck with this id and title; it passes the check where the bundled templates are known."""

    def quoted(text: str) -> str:
        return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")

    return f"""+++
# The id names the deck in your progress: choose it once. The title may change.
id = {quoted(identity)}
title = {quoted(title)}
license = "CC-BY-4.0"
# requires = ["another-deck"]          decks that come first
# aliases = {{ old-id = "new-id" }}      after you renamed a card

[sources]
me = {{ title = "What I know myself" }}
+++
{_BODY}"""
