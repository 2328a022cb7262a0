"""Canonical and perceived sequences in one alphabet, and the errors between them.

The alphabet is that of L2-ARCTIC's annotators: Spanish phones are the English ones they pass for
(speech/judge/spanish.py), AX is AH and AO is AA (their canonical phones have no AO), on both sides
and for candidates alike. ERR, a sound the annotator could not name, is no error here: its place is
left out of all counts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from speech.alignment import Pair, align, total
from speech.judge.spanish import folded as without_accent
from speech.phones import ENGLISH, SYMBOLS
from speech.recipes.phonetic_rnnt.corpora import DATA, rows

UNNAMED = "ERR"
_MERGED = {"AX": "AH", "AO": "AA"}
KINDS = ("substitution", "deletion", "insertion")


class Error(NamedTuple):
    """One edit: at a canonical phone, or before it (`inserted`); `said` "" is a deletion."""

    at: int
    said: str
    inserted: bool

    @property
    def kind(self) -> str:
        return "insertion" if self.inserted else "substitution" if self.said else "deletion"


@dataclass(frozen=True)
class RealPair:
    speaker: str
    utterance: str
    canonical: tuple[str, ...]
    perceived: tuple[str, ...]  # ERR among them


def real(data: Path = DATA) -> list[RealPair]:
    """The pairs of l2arctic_pairs.tsv, which are for evaluation alone."""
    return [
        RealPair(
            row["speaker"],
            row["utterance"],
            tuple(folded(row["canonical"].split())),
            tuple(folded(row["perceived"].split())),
        )
        for row in rows(data / "spanish_l1" / "l2arctic_pairs.tsv")
    ]


def folded(phones: Sequence[str]) -> list[str]:
    return [_MERGED.get(phone, phone) for phone in without_accent(phones)]


_FOLDED = tuple(folded(SYMBOLS))


def masks(perceived: Sequence[str]) -> NDArray[np.float64]:
    """(U, V) the inventory's phones that fold to each symbol; all of them for ERR."""
    found = np.array(
        [[UNNAMED in (said, symbol) or said == symbol for symbol in _FOLDED] for said in perceived],
        dtype=float,
    ).reshape(-1, len(SYMBOLS))
    found[:, 0] = 0  # BLANK
    return found


def errors(canonical: Sequence[str], perceived: Sequence[str]) -> Counter[Error]:
    """The edits from one folded sequence to the other, by speech.alignment."""
    return Counter(_errors(canonical, perceived))


def _errors(canonical: Sequence[str], perceived: Sequence[str]) -> Iterator[Error]:
    named, pairs = _aligned(canonical, perceived)
    place = 0  # of the next canonical phone
    for pair in pairs:
        said = "" if pair.heard is None else perceived[pair.heard]
        if pair.ref is not None:
            place = pair.ref + 1
        if said == UNNAMED:
            continue
        if pair.ref is None:
            yield Error(place, said, True)
        elif canonical[pair.ref] != said:
            yield Error(pair.ref, said, False)


def _aligned(canonical: Sequence[str], perceived: Sequence[str]) -> tuple[list[str], list[Pair]]:
    """Each ERR stands in for the phone that makes the alignment cheapest."""
    named = list(perceived)
    for at, phone in enumerate(perceived):
        if phone == UNNAMED:
            rest = [p for p in named[at + 1 :] if p != UNNAMED]
            named[at] = min(
                dict.fromkeys((*canonical, ENGLISH[0])),
                key=lambda p: total(align(canonical, [*named[:at], p, *rest])),
            )
    return named, align(canonical, named)


def rates(counts: Counter[Error], phones: int) -> dict[str, float]:
    """Errors of each kind, and all, per canonical phone."""
    found = dict.fromkeys(KINDS, 0.0)
    for error, count in counts.items():
        found[error.kind] += count / phones
    return found | {"all": sum(found.values())}
