"""Which letters of a word stand under each of its phones."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from speech.grapheme_table import COSTS, LONGEST, MOST, SILENT
from speech.phones import is_vowel

_ODD_SILENT = 2.5
_ODD_PAIR = 3.0
_NO_LETTER = 3.5
_VOWEL_LETTERS = frozenset("aeiouy")


class _Step(NamedTuple):
    letters: int  # how many letters it takes
    phones: int  # how many phones stand under them
    cost: float
    expected: bool


def letters_of(word: str, phones: Sequence[str]) -> list[tuple[int, int]]:
    """(start, end) of the letters under each phone, in order, together covering the word.

    Phones that share letters ('x' is K S) have the same span; silent letters go with the phone
    before them, and with the first phone at the start.
    """
    return _spans(_steps(_plain(word), tuple(phones)))


def is_regular(word: str, phones: Sequence[str]) -> bool:
    """Whether the table's spellings were enough."""
    return all(step.expected for step in _steps(_plain(word), tuple(phones)))


def _plain(word: str) -> str:
    """Lower case without accents, letter for letter."""
    return "".join(unicodedata.normalize("NFD", letter)[0].lower()[0] for letter in word)


def _spans(steps: Sequence[_Step]) -> list[tuple[int, int]]:
    groups: list[list[int]] = []  # start, end, phones that share them
    at = waiting = 0
    for step in steps:
        end = at + step.letters
        if step.letters and step.phones:
            groups.append([at if groups else 0, end, step.phones + waiting])
            waiting = 0
        elif groups:  # a silent letter or a phone without one: with the neighbour before
            groups[-1][1] = end
            groups[-1][2] += step.phones
        else:
            waiting += step.phones
        at = end
    if not groups:
        return [(0, at)] * waiting
    return [(start, end) for start, end, many in groups for _ in range(many)]


@lru_cache(maxsize=4096)
def _steps(word: str, phones: tuple[str, ...]) -> tuple[_Step, ...]:
    """The cheapest way through both: dynamic programming over (letters, phones) used."""
    costs = {(0, 0): 0.0}
    came_by: dict[tuple[int, int], _Step] = {}
    for i in range(len(word) + 1):
        for j in range(len(phones) + 1):
            for step in _next(word, phones, i, j):
                there = (i + step.letters, j + step.phones)
                cost = costs[i, j] + step.cost
                if cost < costs.get(there, float("inf")) - 1e-9:
                    costs[there] = cost
                    came_by[there] = step
    steps: list[_Step] = []
    i, j = len(word), len(phones)
    while i or j:
        step = came_by[i, j]
        steps.append(step)
        i, j = i - step.letters, j - step.phones
    return tuple(reversed(steps))


def _next(word: str, phones: tuple[str, ...], i: int, j: int) -> Iterator[_Step]:
    """Every step from `i` letters and `j` phones on."""
    for length in range(1, min(LONGEST, len(word) - i) + 1):
        letters = word[i : i + length]
        for many in range(1, min(MOST, len(phones) - j) + 1):
            cost = COSTS.get((letters, phones[j : j + many]))
            if cost is not None:
                yield _Step(length, many, cost, True)
    if i < len(word):
        letter = word[i]
        yield _Step(1, 0, SILENT.get(letter, _ODD_SILENT), letter in SILENT)
        if j < len(phones):
            alike = (letter in _VOWEL_LETTERS) == is_vowel(phones[j])
            yield _Step(1, 1, _ODD_PAIR if alike else 2 * _ODD_PAIR, False)
    if j < len(phones):
        yield _Step(0, 1, _NO_LETTER, False)
