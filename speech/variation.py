"""Pronunciations that dictionaries also give, by rule: weak vowels, yod, taps, r and no r."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from math import prod

from speech.graphemes import letters_of
from speech.phones import is_vowel
from speech.pronunciation import joined

MOST_COMBINED = 8  # above this many combinations, one change at a time

Replacement = tuple[str, ...]


@dataclass(frozen=True)
class Place:
    """A phone of a word with what the rules look at."""

    phone: str
    letters: str
    digit: str  # stress
    next_digit: str  # of the next phone; "" where that is no vowel
    before: tuple[str, ...]
    after: tuple[str, ...]
    next_letters: str
    word: str

    @property
    def stressed(self) -> bool:
        return self.digit != "0"

    @property
    def next(self) -> str:
        return self.after[0] if self.after else ""


def variants(word: str, phones: Sequence[str], stress: str) -> list[tuple[Replacement, str]]:
    """Other accepted ways to say `phones`, each with its stress digits."""
    places = list(_places(word.lower(), tuple(phones), stress))
    choices = [
        [(place.phone,), *dict.fromkeys(each for rule in RULES for each in rule(place))]
        for place in places
    ]
    if prod(len(each) for each in choices) <= MOST_COMBINED:
        combined: Iterator[tuple[Replacement, ...]] = product(*choices)
    else:
        combined = _one_at_a_time(choices)
    digits = [place.digit for place in places]
    found = dict.fromkeys(joined(zip(parts, digits, strict=True)) for parts in combined)
    return [each for each in found if each[0] != tuple(phones)]


def _one_at_a_time(choices: list[list[Replacement]]) -> Iterator[tuple[Replacement, ...]]:
    usual = tuple(each[0] for each in choices)
    for at, each in enumerate(choices):
        for other in each[1:]:
            yield (*usual[:at], other, *usual[at + 1 :])


def _places(word: str, phones: tuple[str, ...], stress: str) -> Iterator[Place]:
    spans = letters_of(word, phones)
    left = iter(stress)
    digits = [next(left, "0") if is_vowel(phone) else "" for phone in phones]
    for at, (phone, (start, end)) in enumerate(zip(phones, spans, strict=True)):
        following = spans[at + 1] if at + 1 < len(phones) else (end, end)
        yield Place(
            phone=phone,
            letters=word[start:end],
            digit=digits[at] or "0",
            next_digit=digits[at + 1] if at + 1 < len(phones) else "",
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


def lot(place: Place) -> Iterator[Replacement]:
    """hot, box, want: the British round this vowel."""
    rounded = place.letters == "o" or (place.letters == "a" and place.before[-1:] == ("W",))
    if place.phone == "AA" and place.stressed and rounded and place.next != "R":
        yield ("AO",)


def tap(place: Place) -> Iterator[Replacement]:
    """water, city, party: Americans tap the t before an unstressed vowel; not in 'button'."""
    after_vowel = any(is_vowel(p) or p == "R" for p in place.before[-1:])
    if place.phone == "T" and place.letters.endswith("t") and after_vowel:
        nasal = place.next == "AH" and place.after[1:2] in (("N",), ("M",))
        tomato = place.next_digit == "2" and place.after == ("OW",)
        if (place.next_digit == "0" or tomato) and not nasal:
            yield ("D",)


def syncope(place: Place) -> Iterator[Replacement]:
    """history, camera, every: a weak er between consonant and vowel is but an r."""
    weak = place.phone == "ER" and place.digit == "0" and place.next_digit == "0"
    onset = place.before[-1:]
    follows = any(is_vowel(p) for p in place.before[:-1]) and not is_vowel(onset[0])
    if weak and follows and onset[0] not in ("R", "L", "W", "Y"):
        yield ("R",)


_WITHOUT_R: dict[str, Replacement] = {
    "AA": ("AA",), "AO": ("AO",), "OW": ("AO",), "EH": ("EH",), "IH": ("IH", "AH"),
    "IY": ("IH", "AH"), "UH": ("UH", "AH"), "AY": ("AY", "AH"), "AW": ("AW", "AH"),
}  # fmt: skip


def without_r(phones: Sequence[str], stress: str) -> tuple[Replacement, str]:
    """car, teacher, near: the British say an r only before a vowel, all through the word."""
    parts: list[tuple[Replacement, str]] = []
    left = iter(stress)
    for at, phone in enumerate(phones):
        before_vowel = any(is_vowel(p) for p in phones[at + 1 : at + 2])
        digit = next(left, "0") if is_vowel(phone) else ""
        new: Replacement = (phone,)
        if phone == "ER" and digit == "0":
            new = ("AH", "R") if before_vowel else ("AH",)
        elif phone == "R" and at and phones[at - 1] in _WITHOUT_R and not before_vowel:
            new = ()
        elif tuple(phones[at + 1 : at + 2]) == ("R",) and not any(
            is_vowel(p) for p in phones[at + 2 : at + 3]
        ):
            new = _WITHOUT_R.get(phone, new)
        parts.append((new, digit))
    return joined(parts)


RULES: tuple[Callable[[Place], Iterator[Replacement]], ...] = (
    weak_vowel,
    prefix_vowel,
    cot_caught,
    yod,
    before_r,
    lot,
    tap,
    syncope,
)
