"""Levenshtein alignment of what was heard to what should have been said."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from speech.phones import PHONES, Consonant, Manner, Phone, Place, Vowel

MISSING_COST = 0.7
EXTRA_COST = 0.7
OTHER_CLASS = 2.0  # vowel for consonant: dearer than one missing and one extra

_PLACE = {
    Place.LIPS: 0.0,
    Place.LIP_TEETH: 0.1,
    Place.TEETH: 0.25,
    Place.RIDGE: 0.35,
    Place.BEHIND_RIDGE: 0.5,
    Place.LIPS_AND_VELUM: 0.5,
    Place.PALATE: 0.65,
    Place.VELUM: 0.85,
    Place.THROAT: 1.0,
}
_OTHER_MANNER = 0.8
_MANNER: dict[frozenset[Manner], float] = {
    frozenset(pair): cost
    for *pair, cost in (
        (Manner.STOP, Manner.AFFRICATE, 0.25),
        (Manner.STOP, Manner.FRICATIVE, 0.3),
        (Manner.STOP, Manner.APPROXIMANT, 0.2),
        (Manner.STOP, Manner.NASAL, 0.4),
        (Manner.STOP, Manner.TAP, 0.3),
        (Manner.AFFRICATE, Manner.FRICATIVE, 0.2),
        (Manner.AFFRICATE, Manner.APPROXIMANT, 0.35),
        (Manner.FRICATIVE, Manner.APPROXIMANT, 0.15),
        (Manner.APPROXIMANT, Manner.LATERAL, 0.35),
        (Manner.APPROXIMANT, Manner.RHOTIC, 0.3),
        (Manner.LATERAL, Manner.RHOTIC, 0.45),
        (Manner.LATERAL, Manner.TAP, 0.35),
        (Manner.RHOTIC, Manner.TAP, 0.2),
        (Manner.RHOTIC, Manner.TRILL, 0.25),
        (Manner.TAP, Manner.TRILL, 0.15),
    )
}
# A consonant that is nearly a vowel.
_GLIDES = {
    "W": ("UW", "UH", "OW", "es_u"),
    "Y": ("IY", "IH", "es_i"),
    "R": ("ER",),
    "es_r": ("ER",),
    "es_rr": ("ER",),
}
_GLIDE_COST = 0.6
_LEAST = 0.1  # no two phones are nearer than this


class Pair(NamedTuple):
    """One step: indices into both sequences, None where that side has nothing."""

    ref: int | None
    heard: int | None
    cost: float


@cache
def distance(one: str, other: str) -> float:
    """0 for the same phone, up to 1 within vowels or consonants, OTHER_CLASS across them."""
    if one == other:
        return 0.0
    a, b = PHONES[one], PHONES[other]
    if isinstance(a.made, Vowel) and isinstance(b.made, Vowel):
        raw = _vowels(a.made, b.made)
    elif isinstance(a.made, Consonant) and isinstance(b.made, Consonant):
        raw = _consonants(a.made, b.made)
    elif _near_glide(a, b):
        return _GLIDE_COST
    else:
        return OTHER_CLASS
    return round(min(1.0, max(_LEAST, raw)), 3)


def _vowels(a: Vowel, b: Vowel) -> float:
    (a_height, a_back), (b_height, b_back) = a.end, b.end
    return (
        0.6 * abs(a.height - b.height)
        + 0.35 * abs(a.backness - b.backness)
        + 0.3 * abs(a_height - b_height)
        + 0.15 * abs(a_back - b_back)
        + 0.05 * (a.rounded != b.rounded)
        + 0.05 * (a.tense != b.tense)
        + 0.25 * (a.rhotic != b.rhotic)
    )


def _consonants(a: Consonant, b: Consonant) -> float:
    manner = 0.0
    if a.manner != b.manner:
        manner = _MANNER.get(frozenset((a.manner, b.manner)), _OTHER_MANNER)
    place = 0.0
    if a.place != b.place:
        place = 0.1 + 0.8 * abs(_PLACE[a.place] - _PLACE[b.place])
    return place + manner + 0.15 * (a.voiced != b.voiced)


def _near_glide(a: Phone, b: Phone) -> bool:
    return b.symbol in _GLIDES.get(a.symbol, ()) or a.symbol in _GLIDES.get(b.symbol, ())


def align(reference: Sequence[str], heard: Sequence[str]) -> list[Pair]:
    """The cheapest way from `reference` to `heard`, in order.

    Among equals a pair goes before a missing phone, and that before an extra one, read from
    the end: an extra phone comes out as early as it can, 'eschool' with its e at the front.
    """
    rows, columns = len(reference), len(heard)
    costs = [[0.0] * (columns + 1) for _ in range(rows + 1)]
    for row in range(1, rows + 1):
        costs[row][0] = row * MISSING_COST
    for column in range(1, columns + 1):
        costs[0][column] = column * EXTRA_COST
    for row in range(1, rows + 1):
        above, here, phone = costs[row - 1], costs[row], reference[row - 1]
        for column in range(1, columns + 1):
            here[column] = min(
                above[column - 1] + distance(phone, heard[column - 1]),
                above[column] + MISSING_COST,
                here[column - 1] + EXTRA_COST,
            )
    return _walk_back(reference, heard, costs)


def _walk_back(
    reference: Sequence[str], heard: Sequence[str], costs: list[list[float]]
) -> list[Pair]:
    pairs: list[Pair] = []
    row, column = len(reference), len(heard)
    while row or column:
        here = costs[row][column]
        if row and column:
            step = distance(reference[row - 1], heard[column - 1])
            if _same(here, costs[row - 1][column - 1] + step):
                row, column = row - 1, column - 1
                pairs.append(Pair(row, column, step))
                continue
        if row and _same(here, costs[row - 1][column] + MISSING_COST):
            row -= 1
            pairs.append(Pair(row, None, MISSING_COST))
        else:
            column -= 1
            pairs.append(Pair(None, column, EXTRA_COST))
    return pairs[::-1]


def _same(one: float, other: float) -> bool:
    return abs(one - other) < 1e-9


def total(pairs: Sequence[Pair]) -> float:
    return sum(pair.cost for pair in pairs)


def nearest(
    pronunciations: Sequence[Sequence[str]], heard: Sequence[str]
) -> tuple[int, list[Pair]]:
    """The pronunciation that `heard` is nearest to (the first among equals), and its alignment."""
    alignments = [align(each, heard) for each in pronunciations]
    best = min(range(len(alignments)), key=lambda i: (round(total(alignments[i]), 9), i))
    return best, alignments[best]
