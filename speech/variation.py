"""Pronunciations that dictionaries also give, by rule: weak vowels, yod, mergers before r."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from math import prod

from speech.graphemes import letters_of
from speech.phones import is_vowel

MOST_COMBINED = 8  # above this many combinations, one change at a time

Replacement = tuple[str, ...]


@dataclass(frozen=True)
class Place:
    """A phone of a word with what the rules look at."""

    phone: str
    letters: str
    stressed: bool
    before: tuple[str, ...]
    after: tuple[str, ...]
    next_letters: str
    word: str

    @property
    def next(self) -> str:
        return self.after[0] if self.after else ""


def variants(word: str, phones: Sequence[str], stress: str) -> list[tuple[str, ...]]:
    """Other accepted ways to say `phones`; stress digits stay as they are."""
    choices = [
        [(place.phone,), *dict.fromkeys(each for rule in RULES for each in rule(place))]
        for place in _places(word.lower(), tuple(phones), stress)
    ]
    if prod(len(each) for each in choices) <= MOST_COMBINED:
        combined: Iterator[tuple[Replacement, ...]] = product(*choices)
    else:
        combined = _one_at_a_time(choices)
    found = dict.fromkeys(tuple(p for part in parts for p in part) for parts in combined)
    return [each for each in found if each != tuple(phones)]


def _one_at_a_time(choices: list[list[Replacement]]) -> Iterator[tuple[Replacement, ...]]:
    usual = [each[0] for each in choices]
    for at, each in enumerate(choices):
        for other in each[1:]:
            yield (*usual[:at], other, *usual[at + 1 :])


def _places(word: str, phones: tuple[str, ...], stress: str) -> Iterator[Place]:
    spans = letters_of(word, phones)
    digits = iter(stress)
    for at, (phone, (start, end)) in enumerate(zip(phones, spans, strict=True)):
        digit = next(digits, "0") if is_vowel(phone) else "0"
        following = spans[at + 1] if at + 1 < len(phones) else (end, end)
        yield Place(
            phone=phone,
            letters=word[start:end],
            stressed=digit != "0",
            before=phones[:at],
            after=phones[at + 1 :],
            next_letters=word[slice(*following)],
            word=word,
        )


_WEAK = frozenset("i e y ie ei ai ia ea".split())
_KEEP_IH = frozenset("K G NG SH CH JH ZH R".split())  # 'music', 'sing', 'village'


def weak_vowel(place: Place) -> Iterator[Replacement]:
    """rabbit, wanted, roses, minute: unstressed AH or IH, as the accent has it."""
    if place.stressed or not place.before or not place.next or is_vowel(place.next):
        return
    if not any(is_vowel(p) for p in (*place.before, *place.after)):
        return  # words of one syllable keep theirs
    ends_in_e = place.letters in ("a", "u") and place.next_letters in ("te", "ce", "se", "ge")
    if place.letters not in _WEAK and not ends_in_e:
        return
    if place.phone == "IH" and place.next not in _KEEP_IH:
        yield ("AH",)
    elif place.phone == "AH" and place.next not in ("L", "R"):
        if place.next == "N" and place.letters == "e":
            return  # 'seven' has no IH
        yield ("IH",)


def prefix_vowel(place: Place) -> Iterator[Replacement]:
    """before, return, delay, prepare, eleven: the open e of a prefix is IH or IY."""
    if place.stressed or place.letters != "e" or place.phone not in ("IH", "IY", "AH"):
        return
    onset = "".join(place.before)
    if onset not in ("", "B", "D", "R", "PR") or not place.word.startswith(f"{onset.lower()}e"):
        return
    open_syllable = (
        len(place.after) > 1
        and not is_vowel(place.next)
        and (is_vowel(place.after[1]) or place.after[1] in ("L", "R", "W", "Y"))
    )
    if open_syllable:
        yield from ((other,) for other in ("IH", "IY") if other != place.phone)


def cot_caught(place: Place) -> Iterator[Replacement]:
    """dog, water, talk: many Americans have AA for AO, except before r."""
    if place.phone == "AO" and place.next != "R":
        yield ("AA",)


def yod(place: Place) -> Iterator[Replacement]:
    """new, student, due: the British keep a y before this UW."""
    spelled = ("u", "ew", "ue", "eu", "ui")
    if (
        place.phone == "UW"
        and place.before[-1:] in (("T",), ("D",), ("N",))
        and place.letters.startswith(spelled)
    ):
        yield ("Y", "UW")


def before_r(place: Place) -> Iterator[Replacement]:
    """near, poor, carrot: vowels that an r makes alike."""
    if not place.stressed or place.next != "R":
        return
    if place.phone in ("IH", "IY") and place.letters.rstrip("h") in ("ea", "ee", "e", "ie", "ei"):
        yield ("IY",) if place.phone == "IH" else ("IH",)
    elif place.phone in ("UH", "UW"):
        yield ("UH",)
        yield ("AO",)
    elif place.letters == "a" and place.phone == "AE":
        yield ("EH",)
    elif place.letters == "a" and place.phone == "EH" and place.next_letters == "rr":
        yield ("AE",)


RULES: tuple[Callable[[Place], Iterator[Replacement]], ...] = (
    weak_vowel,
    prefix_vowel,
    cot_caught,
    yod,
    before_r,
)
