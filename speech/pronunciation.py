"""One way to say a word."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Pronunciation:
    """One way to say a word: its phones, a stress digit for each vowel, and who says so."""

    phones: tuple[str, ...]
    stress: str  # "10" for R AE1 B IH0 T
    source: str  # cmudict | ours | weak | rule | british (no r) | letters | espeak | spanish

    def __str__(self) -> str:
        return " ".join(self.phones)
