"""One way to say a word."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from speech.phones import is_vowel


@dataclass(frozen=True)
class Pronunciation:
    """One way to say a word: its phones, a stress digit for each vowel, and who says so."""

    phones: tuple[str, ...]
    stress: str  # "10" for R AE1 B IH0 T
    source: str  # cmudict | ours | weak | rule | british (no r) | letters | espeak | spanish

    def __str__(self) -> str:
        return " ".join(self.phones)


def joined(parts: Iterable[tuple[Sequence[str], str]]) -> tuple[tuple[str, ...], str]:
    """Runs of phones, each with a stress digit that goes to its first vowel -> phones, stress."""
    phones: list[str] = []
    stress: list[str] = []
    for run, digit in parts:
        for phone in run:
            phones.append(phone)
            if is_vowel(phone):
                stress.append(digit)
                digit = "0"
    return tuple(phones), "".join(stress)
