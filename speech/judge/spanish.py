"""How Spanish speakers mispronounce English: which sound they say for which, and how often.

`confusions.tsv` counts what annotators heard of two speakers of L2-ARCTIC (Zhao et al. 2018) and
thirty of EpaDB (Vidal et al.), both in this inventory; `-` is no phone.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import torch
from torch import Tensor
from torchaudio.functional import edit_distance

from speech import lexicon
from speech.judge import evidence
from speech.phones import INDEX, KIN, PASSES_FOR, SYMBOLS

_COUNTS = Path(__file__).with_name("confusions.tsv")
_SMOOTH = 0.5  # counts given to every exchange never seen
_KIN = 10.0  # counts given to the Spanish neighbour of an English sound
_FAR = 2  # sounds by which a Spanish reading must differ from the word to be told from an accent
_GAIN = 3.0  # nats by which it must be likelier


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


def read_as_spanish(
    log_probs: Tensor, words: Sequence[str], chosen: Sequence[tuple[str, ...]]
) -> list[tuple[str, ...]]:
    """For each word the Spanish reading of its spelling that the take holds rather than `chosen`.

    (T, V) log posteriors; `chosen` are the likeliest accepted pronunciations. () for a word that
    fits them as well, and where the reading is only an accent away (at most one other sound).
    """
    cases = [
        (at, reading.phones)
        for at, word in enumerate(words)
        for reading in lexicon.spanish_reading(word)
        if edit_distance(folded(reading.phones), folded(chosen[at])) >= _FAR
    ]
    found: list[tuple[str, ...]] = [() for _ in words]
    if not cases:
        return found
    sequences = [chosen, *([*chosen[:at], said, *chosen[at + 1 :]] for at, said in cases)]
    flat = [evidence.symbols([p for word in words for p in word]) for words in sequences]
    usual, *scores = evidence.likelihoods(log_probs, flat).tolist()
    for score, (at, said) in sorted(zip(scores, cases, strict=True)):
        if score - usual >= _GAIN:
            found[at] = said  # the likeliest comes last and stays
    return found


def folded(phones: Sequence[str]) -> list[str]:
    """Spanish sounds as the English ones they pass for."""
    return [PASSES_FOR.get(phone, phone) for phone in phones]
