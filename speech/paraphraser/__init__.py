"""How a Spanish speaker is likely to say an English text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from math import exp
from pathlib import Path
from typing import Any

import torch

from speech.paraphraser import bundle, decode
from speech.paraphraser.decode import SEARCH, Search
from speech.paraphraser.model import ParaphraserNet
from speech.paraphraser.source import Source, Spoken, of_words
from speech.paraphraser.text import spoken

__all__ = ["Candidate", "Change", "Paraphraser", "Spoken", "grouped", "paraphrase"]

Phones = tuple[tuple[str, ...], ...]  # of every word


@dataclass(frozen=True)
class Change:
    """A phone said otherwise: the `index`-th of a word, and what is said there."""

    word: int
    index: int
    phone: str
    said: str  # phones parted by spaces, 'es_e S'; '' where it is left out


@dataclass(frozen=True)
class Candidate:
    """One way to say a text: phones of every word (() for one left out) and what is changed."""

    probability: float
    phones: Phones
    changes: tuple[Change, ...]

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


class Paraphraser:
    def __init__(self, net: ParaphraserNet, version: str = "") -> None:
        self.net = net.eval()
        self.version = version

    @classmethod
    def load(cls, folder: Path = bundle.DEFAULT) -> Paraphraser:
        """From a bundle. Raises SpeechError("bad_bundle")."""
        return cls(*bundle.load(folder))

    def candidates(
        self, words: Sequence[Spoken], n: int, search: Search = SEARCH
    ) -> list[Candidate]:
        """`n` distinct ways to say the words, the likeliest first.

        Raises SpeechError: bad_phone for a phone that is not English, empty_text.
        """
        source = of_words(words)
        return [
            Candidate(
                probability=exp(each.log_prob),
                phones=grouped(source, each.said),
                changes=tuple(_changes(source, each.said)),
            )
            for each in decode.nbest(self.net, source, n, search)
        ]

    def sample(self, words: Sequence[Spoken], seed: int) -> Phones:
        """What one speaker says for every word, drawn from the model; the same for a seed.

        Raises SpeechError: bad_phone, empty_text.
        """
        source = of_words(words)
        generator = torch.Generator().manual_seed(seed)
        return grouped(source, decode.samples(self.net, source, 1, generator)[0])


def paraphrase(
    text: str, n: int = 10, accepted: Mapping[str, Sequence[str]] | None = None
) -> list[Candidate]:
    """The `n` likely ways in which a Spanish speaker says an English text, with the shipped model.

    `accepted` are an author's own pronunciations, {"rabbit": ["R AE B IH T"]}. Raises SpeechError:
    empty_text, text_too_long, not_english, unknown_word, bad_phone, bad_bundle.
    """
    words = spoken(text, accepted)
    return _shipped().candidates(words, n)


@cache
def _shipped() -> Paraphraser:
    return Paraphraser.load()


def grouped(source: Source, said: Sequence[Sequence[str]]) -> Phones:
    """What is said for every slot, by word."""
    found: list[list[str]] = [[] for _ in range(source[-1].word + 1)]
    for slot, sounds in zip(source, said, strict=True):
        found[slot.word] += sounds
    return tuple(tuple(word) for word in found)


def _changes(source: Source, said: decode.Said) -> Iterator[Change]:
    start = 0
    for at, (slot, sounds) in enumerate(zip(source, said, strict=True)):
        if at and slot.word != source[at - 1].word:
            start = at
        if sounds != (slot.phone,):
            yield Change(slot.word, at - start, slot.phone, " ".join(sounds))
