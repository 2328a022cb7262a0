"""Figures by which a listener and its verdicts are known."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike
from torchaudio.functional import edit_distance


def edits(reference: Sequence[str], heard: Sequence[str]) -> int:
    """Levenshtein distance: substitutions, insertions and deletions cost 1."""
    return int(edit_distance(reference, heard))


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
