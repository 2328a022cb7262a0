"""Figures by which a listener and its verdicts are known."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import ArrayLike
from torchaudio.functional import edit_distance

RESAMPLES = 300
QUANTILES = (0.025, 0.975)

Item = TypeVar("Item")


class Count(NamedTuple):
    """So many hits of so many, of one unit that resampling keeps together (a speaker, a clip)."""

    unit: str
    hits: float
    total: float


class Figure(NamedTuple):
    """A share of a sum with its 95 % interval."""

    value: float
    low: float
    high: float
    of: float


def edits(reference: Sequence[str], heard: Sequence[str]) -> int:
    """Levenshtein distance: substitutions, insertions and deletions cost 1."""
    return int(edit_distance(reference, heard))


def nearest_edits(words: Sequence[Sequence[Sequence[str]]], heard: Sequence[str]) -> int:
    """Levenshtein distance from `heard` to the nearest choice of one variant for every word.

    `words` holds the accepted variants of each word. One row of distances is carried over the
    lattice: every variant of a word starts from the row that the word before left, and their
    element-wise least goes on, so that the choices need no enumeration.
    """
    codes = {phone: at for at, phone in enumerate(dict.fromkeys(heard))}
    sounds = np.array([codes[phone] for phone in heard], dtype=np.int64)
    ramp = np.arange(len(heard) + 1)
    row = ramp.copy()
    for variants in words:
        ends = []
        for variant in variants:
            end = row
            for phone in variant:
                step = end + 1
                matched = end[:-1] + (sounds != codes.get(phone, -1))
                step[1:] = np.minimum(step[1:], matched)
                end = np.minimum.accumulate(step - ramp) + ramp
            ends.append(end)
        row = np.minimum.reduce(ends)
    return int(row[-1])


def draws(counts: Sequence[Count], resamples: int = RESAMPLES) -> np.ndarray:
    """(resamples,) shares over resampled units; nan where a draw has nothing."""
    units = {unit: at for at, unit in enumerate(dict.fromkeys(c.unit for c in counts))}
    sums = np.zeros((len(units), 2))
    for count in counts:
        sums[units[count.unit]] += count.hits, count.total
    rng = np.random.default_rng(0)
    picked = rng.integers(0, len(units), (resamples, len(units)))
    hits, total = np.moveaxis(sums[picked].sum(1), -1, 0)
    return np.divide(hits, total, out=np.full(resamples, np.nan), where=total > 0)


def share(counts: Sequence[Count], resamples: int = RESAMPLES) -> Figure:
    """Hits of total over all, with its interval over units."""
    total = sum(c.total for c in counts)
    if not total:
        return Figure(float("nan"), float("nan"), float("nan"), 0)
    low, high = np.nanquantile(draws(counts, resamples), QUANTILES)
    return Figure(sum(c.hits for c in counts) / total, float(low), float(high), total)


def mean_share(classes: Sequence[Sequence[Count]], resamples: int = RESAMPLES) -> Figure:
    """Mean of several shares, each class weighing the same: a balanced accuracy."""
    values = [share(counts).value for counts in classes]
    drawn = np.mean([draws(counts, resamples) for counts in classes], 0)
    low, high = np.nanquantile(drawn, QUANTILES)
    of = sum(c.total for counts in classes for c in counts)
    return Figure(float(np.mean(values)), float(low), float(high), of)


def resampled(
    items: Iterable[Item],
    unit: Callable[[Item], str],
    figures: Callable[[Sequence[Item]], Mapping[str, float]],
    resamples: int = RESAMPLES,
) -> dict[str, list[float]]:
    """2.5 and 97.5 % points of every figure over resampled units."""
    groups: dict[str, list[Item]] = {}
    for item in items:
        groups.setdefault(unit(item), []).append(item)
    units = sorted(groups)
    rng = np.random.default_rng(0)
    drawn: list[Mapping[str, float]] = []
    for _ in range(resamples):
        picked = rng.choice(len(units), len(units))
        drawn.append(figures([item for i in picked for item in groups[units[i]]]))
    return {
        name: [float(q) for q in np.quantile([d[name] for d in drawn], QUANTILES)]
        for name in drawn[0]
    }


def pearson(one: ArrayLike, other: ArrayLike) -> float:
    """Correlation; 0 where one side does not vary."""
    a, b = np.asarray(one, float), np.asarray(other, float)
    if a.std() == 0 or b.std() == 0:
        return 0.0
    return float(np.corrcoef(a, b)[0, 1])


def average_precision(score: ArrayLike, positive: ArrayLike) -> float:
    """Mean precision at every positive, by falling score (ties in the order given)."""
    s, p = np.asarray(score, float), np.asarray(positive, bool)
    if not p.any():
        return 0.0
    hits = p[np.argsort(-s, kind="stable")]
    precision = np.cumsum(hits) / np.arange(1, len(hits) + 1)
    return float(precision[hits].mean())
