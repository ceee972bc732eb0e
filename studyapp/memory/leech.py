"""Leeches: items that lapse again and again and want another wording rather than another review."""

from __future__ import annotations


def is_leech(lapses: int, threshold: int) -> bool:
    """Whether the lapse that brought the count to `lapses` is one to speak up at.

    At the threshold and then at every half of it more: 8, 12, 16 … for 8; 3, 5, 7 … for 3. A threshold of 0 turns it
    off.
    """
    return threshold > 0 and lapses >= threshold and (lapses - threshold) % max(1, (threshold + 1) // 2) == 0
