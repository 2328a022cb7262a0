"""What the mel generator reads: phones and word boundaries, with where they stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

import torch
from torch import Tensor

from speech.phones import INVENTORY, is_vowel

START = "<"  # the silence before the first word
BOUNDARIES = ("|", ",", ".", "?", "!", "...")  # what follows a word; '|' is nothing at all
SYMBOLS: tuple[str, ...] = (START, *BOUNDARIES, *INVENTORY)
INDEX = {symbol: at for at, symbol in enumerate(SYMBOLS)}
KINDS = ("statement", "question", "yes_no", "exclamation")
FIRST_PHONE = len(BOUNDARIES) + 1
VOWELS = tuple(at for at, s in enumerate(SYMBOLS) if at >= FIRST_PHONE and is_vowel(s))


class Word(Protocol):
    """A word as the generator needs it; the front end's are such."""

    @property
    def phones(self) -> Sequence[str]: ...
    @property
    def stress(self) -> Sequence[int]: ...
    @property
    def quoted(self) -> bool: ...
    @property
    def after(self) -> str: ...


@dataclass(frozen=True)
class Said:
    """A word that is nothing but its sounds."""

    phones: tuple[str, ...]
    stress: tuple[int, ...]
    quoted: bool
    after: str


class Units(NamedTuple):
    """A sentence, a unit a phone or boundary: START, then every word with its boundary."""

    symbols: Tensor  # (U,) in SYMBOLS
    stress: Tensor  # (U,) 0, 1 or 2
    place: Tensor  # (U,) 0 boundary, 1 first phone of its word, 2 inside, 3 last, 4 only
    kind: Tensor  # (U,) of the sentence, in KINDS
    quoted: Tensor  # (U,) 1 in direct speech
    left: Tensor  # (U,) words to the next pause, at most 7
    word: Tensor  # (U,) index of the word, its boundary included; -1 for START


def units(words: Sequence[Word], kind: str) -> Units:
    """The units of a sentence."""
    rows: list[tuple[int, int, int, int, int, int]] = [(INDEX[START], 0, 0, 0, 0, -1)]
    left = 0
    ahead = []
    for word in reversed(words):
        left = 0 if word.after else min(left + 1, 7)
        ahead.append(left)
    for at, (word, far) in enumerate(zip(words, reversed(ahead), strict=True)):
        last = len(word.phones) - 1
        for index, (phone, stress) in enumerate(zip(word.phones, word.stress, strict=True)):
            place = 4 if last == 0 else 1 if index == 0 else 3 if index == last else 2
            rows.append((INDEX[phone], stress, place, int(word.quoted), far, at))
        rows.append((INDEX[word.after or "|"], 0, 0, int(word.quoted), far, at))
    symbols, stress_, place_, quoted, left_, word_ = torch.tensor(rows).T
    return Units(
        symbols, stress_, place_, torch.full_like(symbols, KINDS.index(kind)), quoted, left_, word_
    )
