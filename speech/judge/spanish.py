"""How Spanish speakers mispronounce English: which sound they say for which, and how often.

`confusions.tsv` counts what annotators heard of two speakers of L2-ARCTIC (Zhao et al. 2018) and
thirty of EpaDB (Vidal et al.), both in this inventory; `-` is no phone.
"""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

import torch
from torch import Tensor

from speech.phones import INDEX, KIN, SYMBOLS

_COUNTS = Path(__file__).with_name("confusions.tsv")
_SMOOTH = 0.5  # counts given to every exchange never seen
_KIN = 10.0  # counts given to the Spanish neighbour of an English sound


@cache
def _table() -> Tensor:
    """(V, V) log share of each exchange among a phone's errors; column 0 is a deletion."""
    counts = torch.full((len(SYMBOLS), len(SYMBOLS)), _SMOOTH)
    for spanish, english in KIN.items():
        for phone in english:
            counts[INDEX[phone], INDEX[spanish]] += _KIN
    with _COUNTS.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            if row["canonical"] != "-":
                said = INDEX.get(row["perceived"], 0)
                counts[INDEX[row["canonical"]], said] += float(row["count"])
    counts.fill_diagonal_(0)
    return (counts / counts.sum(1, keepdim=True)).log()


@cache
def exchanges() -> Tensor:
    """(V, V): row a phone, column what is said for it; minus infinity on the phone itself."""
    table = _table().clone()
    table[:, 0] = -torch.inf
    return table


@cache
def deletions() -> Tensor:
    """(V,): log share of a phone's errors in which it is left out."""
    return _table()[:, 0]
