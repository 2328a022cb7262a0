"""A word that is said slowly: what each of the syllables that its author wrote sounds like."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import accumulate

from learning import voice
from learning.models import Exercise
from learning.syllabus.exercises import plain
from speech import espeak
from speech.criterion import WordCriterion
from speech.errors import SpeechError
from speech.graphemes import letters_of
from speech.phones import is_vowel

Sound = tuple[tuple[str, ...], str]  # phones, and the stress digit of the vowel among them


def spoken(exercise: Exercise) -> Sequence[str | voice.Sounds]:
    """What the voice reads for each syllable: its sounds, or its letters where none fit."""
    written = ["".join(plain(each)) for each in exercise.as_read().syllables]
    try:
        words = exercise.criterion().words
        usual = espeak.phones(exercise.said)
        sounds = [each for word in _words(words, written) for each in _sounds(*word, usual)]
        return [voice.of_phones(*sound) for sound in sounds]
    except SpeechError:
        return written


def _words(
    words: Sequence[WordCriterion], written: Sequence[str]
) -> Iterator[tuple[WordCriterion, list[str]]]:
    """Each word with its syllables. Raises SpeechError where they are others: '20', 'twen-ty'."""
    left = list(written)
    for word in words:
        mine: list[str] = []
        while left and len("".join(mine)) < len(word.word):
            mine.append(left.pop(0))
        if "".join(mine) != word.word.casefold():
            raise SpeechError("unknown_word", word.word)
        yield word, mine


def _sounds(word: WordCriterion, syllables: Sequence[str], usual: Sequence[str]) -> list[Sound]:
    """By the pronunciation with one vowel in each syllable that is nearest to what is `usual`.

    Raises SpeechError("unknown_word") where there is none.
    """
    ways = {said: _split(word.word, said, syllables) for said in word.pronunciations}
    fitting = {
        said: split
        for said, split in ways.items()
        if all(sum(map(is_vowel, phones)) == 1 for phones in split)
    }
    if not fitting:
        raise SpeechError("unknown_word", word.word)
    nearest = max(fitting, key=lambda said: SequenceMatcher(None, usual, said, False).ratio())
    stress = word.stress_of(nearest)
    return list(zip(fitting[nearest], stress, strict=True))


def _split(word: str, said: Sequence[str], syllables: Sequence[str]) -> list[tuple[str, ...]]:
    """The phones of each syllable; one written across two ('ll' in yel-low) begins the second."""
    ends = list(accumulate(map(len, syllables)))
    spans = letters_of(word, said)
    places = [next(at for at, end in enumerate(ends) if last <= end) for _, last in spans]
    return [
        tuple(phone for phone, at in zip(said, places, strict=True) if at == place)
        for place in range(len(syllables))
    ]
