"""Load balance and easy days: among the days that fuzz allows, prefer those with less to do.

The weights are those of Anki's load balancer, with one repair: an easy day or a sibling's day counts against a day with
nothing due as well, so that both work in a small collection. Pure functions; days are study days.

Source: Anki 26.08.1, rslib/src/scheduler/states/load_balancer.rs.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from studyapp.memory.days import weekday

LONGEST_INTERVAL = 90
"""Days; longer intervals are spread well enough by fuzz alone."""
HARDLY = 1e-4
"""Factor of a day that is to stay free: chosen only when there is no other."""
_SIBLING = (1e-6, 0.2, 0.4, 0.6, 0.8)


def choose(
    lower: int,
    upper: int,
    u: float,
    *,
    today: int,
    due_counts: Mapping[int, int],
    easy_days: Sequence[float],
    sibling_days: Collection[int] = (),
) -> int:
    """An interval from `lower` to `upper` days, drawn with `u` in [0, 1) among the weights of the days it leads to.

    Args:
        lower: shortest interval allowed, in days.
        upper: longest interval allowed.
        u: the item's draw, see `fuzz.draw`.
        today: study day from which the interval counts.
        due_counts: items due by study day; days not in it have none.
        easy_days: share of the usual load, Monday to Sunday.
        sibling_days: study days on which siblings of the item are due.
    """
    intervals = range(lower, upper + 1)
    easy = _easy_factors([today + n for n in intervals], due_counts, easy_days)
    weights = []
    for n, easy_factor in zip(intervals, easy, strict=True):
        due = due_counts.get(today + n, 0)
        load = due**-2.15 * max(1, n) ** -3 if due > 0 else 1.0
        weights.append(load * easy_factor * _sibling_factor(today + n, sibling_days))
    rest = u * sum(weights)
    for n, weight in zip(intervals, weights, strict=True):
        rest -= weight
        if rest < 0:
            return n
    return upper


def _sibling_factor(day: int, sibling_days: Collection[int]) -> float:
    factor = 1.0
    for other in sibling_days:
        distance = abs(day - other)
        factor *= _SIBLING[distance] if distance < len(_SIBLING) else 1.0
    return factor


def _easy_factors(days: Sequence[int], due_counts: Mapping[int, int], easy_days: Sequence[float]) -> list[float]:
    """For each day 1 while it may take more, else next to nothing."""
    if all(share <= 0 for share in easy_days):  # every day as little as possible: none is easier than another
        return [1.0] * len(days)
    shares = [min(1.0, max(easy_days[weekday(day)], HARDLY)) for day in days]
    due = [due_counts.get(day, 0) for day in days]
    total_due, total_share = sum(due), sum(shares)
    factors = []
    for count, share in zip(due, shares, strict=True):
        others = total_share - share
        full = others > 0 and count / share > (total_due - count) / others
        factors.append(HARDLY if share <= HARDLY or (share < 1 and full) else 1.0)
    return factors
