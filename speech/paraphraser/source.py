"""What is to be paraphrased: the sounds of a text, each with its stress, place and letter."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from speech.errors import SpeechError
from speech.graphemes import letters_of
from speech.phones import ENGLISH, is_vowel

STRESSES = ("?", "0", "1", "2")  # "?" of a consonant, and where it is not known
PLACES = ("?", "start", "inside", "end", "single")  # in the word
LETTERS = ("?", *"abcdefghijklmnopqrstuvwxyz")  # the first of those under the phone


@dataclass(frozen=True)
class Spoken:
    """A word in one of its pronunciations; `stress` has a digit for each vowel."""

    text: str
    phones: tuple[str, ...]
    stress: str


@dataclass(frozen=True)
class Slot:
    """A canonical phone and what is known of where it stands. `word` counts from 0."""

    phone: str
    word: int = 0
    stress: str = "?"
    place: str = "?"
    letter: str = "?"


Source = tuple[Slot, ...]


def of_words(words: Iterable[Spoken]) -> Source:
    """A slot for every phone. Raises SpeechError: bad_phone for one not English, empty_text."""
    found = tuple(slot for at, word in enumerate(words) for slot in _slots(word, at))
    if not found:
        raise SpeechError("empty_text")
    return found


def of_phones(phones: Sequence[str]) -> Source:
    """Phones of which nothing else is known. Raises SpeechError("bad_phone")."""
    _check(phones)
    return tuple(Slot(phone) for phone in phones)


def without_marks(source: Source, words: bool = True, letters: bool = True) -> Source:
    """The same where stress and place (`words`) or spelling (`letters`) are not known."""
    if words:
        source = tuple(replace(slot, stress="?", place="?") for slot in source)
    if letters:
        source = tuple(replace(slot, letter="?") for slot in source)
    return source


def _slots(word: Spoken, at: int) -> Iterable[Slot]:
    _check(word.phones)
    digits = iter(word.stress)
    last = len(word.phones) - 1
    for index, (phone, (start, end)) in enumerate(
        zip(word.phones, letters_of(word.text, word.phones), strict=True)
    ):
        place = "single" if not last else {0: "start", last: "end"}.get(index, "inside")
        letter = word.text[start:end][:1].lower()
        yield Slot(
            phone,
            at,
            next(digits, "?") if is_vowel(phone) else "?",
            place,
            letter if letter in LETTERS else "?",
        )


def _check(phones: Iterable[str]) -> None:
    for phone in phones:
        if phone not in ENGLISH:
            raise SpeechError("bad_phone", phone[:40])
