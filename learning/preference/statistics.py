"""Shares, their intervals and the sign test."""

from __future__ import annotations

from collections.abc import Sequence
from math import comb, sqrt
from typing import NamedTuple

import numpy as np

Z = 1.959964  # 95 %
DRAWS = 2000


class Interval(NamedTuple):
    low: float
    high: float


def wilson(successes: int, trials: int) -> Interval:
    """The 95 % interval of a share (Wilson 1927); all that there is where nothing was tried."""
    if not trials:
        return Interval(0.0, 1.0)
    share, z2 = successes / trials, Z * Z
    centre = (share + z2 / (2 * trials)) / (1 + z2 / trials)
    half = Z * sqrt(share * (1 - share) / trials + z2 / (4 * trials**2)) / (1 + z2 / trials)
    return Interval(max(0.0, centre - half), min(1.0, centre + half))


def sign_test(wins: int, losses: int) -> float:
    """How likely a split at least as uneven is, were both as likely: exact binomial, two-sided."""
    trials = wins + losses
    tail = sum(comb(trials, each) for each in range(max(wins, losses), trials + 1))
    return min(1.0, 2 * tail / 2**trials)


def bootstrap(persons: Sequence[tuple[int, int]]) -> Interval | None:
    """The 95 % percentile interval of wins / (wins + losses), of (wins, losses) by person.

    Whole persons are drawn, since one person's votes resemble each other (cluster bootstrap; Field
    and Welsh 2007). None below two persons who decided anything: there is nothing to draw from.
    """
    counts = np.array([each for each in persons if sum(each)], dtype=np.int64)  # (P, 2)
    if len(counts) < 2:
        return None
    draw = np.random.default_rng(0)
    shares = np.empty(DRAWS)
    for at in range(DRAWS):
        wins, losses = counts[draw.integers(len(counts), size=len(counts))].sum(axis=0)
        shares[at] = wins / (wins + losses)
    low, high = np.quantile(shares, (0.025, 0.975))
    return Interval(float(low), float(high))
