"""Code-mixed speech with known phones: English and Spanish in one breath, by one synthetic voice.

    for item in items(seed=1, count=2000, english=sentences, spanish=words):
        samples, rate, labels = speak(item, variant="f2", rate=150, pitch=50)
        # corpora.Utterance(..., labels=labels): certain, so nothing to choose; `item.choices`,
        # every way each word might have been said, is for testing that choosing works

Four kinds of item take turns:

- `carrier`: an English sentence with Spanish words in it, 'my abuela likes the playa';
- `reading`: an English sentence of which some words are read as if they were Spanish;
- `sounds`: an English sentence in which single sounds are the Spanish ones, 'r' of 'perro' and all;
- `spanish`: Spanish words alone, so that no voice means English.

espeak-ng changes its table of sounds at each border while voice, pitch and pace stay, so that the
language must be told by the sounds. `labels` are read back from espeak-ng after its own rules
(the b of 'vaca' after a vowel; a British table's ER is AH where it is unstressed), so they are
what is in the audio. Same arguments, same items and samples.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from speech import espeak, lexicon, spanish
from speech.errors import SpeechError
from speech.phones import PHONES, is_vowel
from speech.pronunciation import Pronunciation, joined

KINDS = ("carrier", "reading", "sounds", "spanish")
MOST_WORDS = 10  # of one item
ENGLISH_TABLES = ("en-us", "en-gb")
# What a Spanish speaker may say for an English sound.
EXCHANGES: dict[str, tuple[str, ...]] = {
    "AA": ("es_a", "es_o"), "AE": ("es_a",), "AH": ("es_a", "es_o"), "AO": ("es_o",),
    "EH": ("es_e",), "ER": ("es_e es_r",), "EY": ("es_e", "es_e es_i"), "IH": ("es_i",),
    "IY": ("es_i",), "OW": ("es_o",), "UH": ("es_u",), "UW": ("es_u",),
    "B": ("es_b",), "D": ("es_d",), "DH": ("es_d",), "G": ("es_g",), "HH": ("es_x",),
    "JH": ("es_y",), "R": ("es_r", "es_rr"), "V": ("es_b",), "Y": ("es_y",),
}  # fmt: skip


@dataclass(frozen=True)
class Word:
    """A word as it will be said, with all that it might have been."""

    text: str
    language: str  # whose sounds it has: en, es; or en-es, an English word with Spanish sounds
    said: tuple[str, ...]
    stress: str  # a digit for each vowel of `said`
    candidates: tuple[tuple[str, ...], ...]  # `said` is among them


@dataclass(frozen=True)
class Item:
    """What one voice will say."""

    kind: str
    voice: str  # of espeak.VOICES
    table: str  # of ENGLISH_TABLES: whose sounds the English words have
    words: tuple[Word, ...]

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)

    @property
    def choices(self) -> tuple[tuple[tuple[str, ...], ...], ...]:
        return tuple(word.candidates for word in self.words)


def items(seed: int, count: int, english: Sequence[str], spanish: Sequence[str]) -> Iterator[Item]:
    """`count` items from English sentences and Spanish words, always the same for a seed.

    Words that cannot be pronounced are left out. Raises ValueError where nothing can be made.
    """
    rng = random.Random(seed)
    if not english or not spanish:
        raise ValueError("code-mixed items need English sentences and Spanish words")
    made = tried = 0
    while made < count:
        kind = KINDS[made % len(KINDS)]
        words = _words(kind, rng, english, spanish)
        tried += 1
        if tried > 20 * count + 100:
            raise ValueError("the texts hold too few words that can be pronounced")
        if words:
            voice = rng.choice(sorted(espeak.VOICES))
            yield Item(kind, voice, rng.choice(ENGLISH_TABLES), words)
            made += 1


def speak(
    item: Item, variant: str, rate: int, pitch: int, pitch_range: int = 50
) -> tuple[NDArray[np.float32], int, tuple[str, ...]]:
    """Mono samples in -1..1, their rate in Hz, and the phones that are in them.

    `variant` of espeak.VARIANTS or "", `rate` in words a minute 80..450, `pitch` and
    `pitch_range` 0..99.
    """
    spelled = espeak.spell_mixed(part for word in item.words for part in _parts(word, item.table))
    samples, sample_rate = espeak.synthesise(
        spelled, item.voice, rate, pitch, variant=variant, pitch_range=pitch_range
    )
    return samples, sample_rate, espeak.phones(spelled, item.voice)


def _words(
    kind: str, rng: random.Random, english: Sequence[str], spanish_words: Sequence[str]
) -> tuple[Word, ...]:
    """The words of one item; () where too little of the text can be said."""
    if kind == "spanish":
        region = rng.choice(spanish.REGIONS)
        group = rng.sample(spanish_words, min(rng.randint(2, 4), len(spanish_words)))
        return tuple(word for text in group if (word := _spanish(text, region)))
    words = [w for text in lexicon.words(rng.choice(english)) if (w := _english(text, rng))]
    start = rng.randrange(max(1, len(words) - MOST_WORDS + 1))
    words = words[start : start + MOST_WORDS]
    region = rng.choice(spanish.REGIONS)
    changed = 0
    for at in rng.sample(range(len(words)), len(words)):
        if changed >= max(1, len(words) // 3) and kind != "sounds":
            break
        other = _changed(kind, words[at], rng, region, spanish_words)
        if other:
            words[at] = other
            changed += 1
    return tuple(words) if changed and len(words) > 1 else ()


def _changed(
    kind: str, word: Word, rng: random.Random, region: str, spanish_words: Sequence[str]
) -> Word | None:
    if kind == "carrier":
        return _spanish(rng.choice(spanish_words), region) if len(word.text) > 3 else None
    if kind == "sounds":
        return _with_spanish_sounds(word, rng)
    readings = lexicon.spanish_reading(word.text)
    if len(word.text) < 3 or not readings:
        return None
    said = _of_region(readings, region)
    return replace(word, language="es", said=said.phones, stress=said.stress)


def _of_region(readings: Sequence[Pronunciation], region: str) -> Pronunciation:
    """The first reading; that without TH in Latin America."""
    if region == "es":
        return readings[0]
    return next(reading for reading in readings if "TH" not in reading.phones)


def _english(text: str, rng: random.Random) -> Word | None:
    """The usual pronunciation mostly, now and then another accepted one."""
    try:
        accepted = lexicon.pronunciations(text)
    except SpeechError:
        return None
    said = accepted[0] if rng.random() < 0.8 else rng.choice(accepted)
    possible = (*accepted, *lexicon.spanish_reading(text))
    candidates = tuple(dict.fromkeys(each.phones for each in possible))
    return Word(text, "en", said.phones, said.stress, candidates)


def _spanish(text: str, region: str) -> Word | None:
    try:
        said = spanish.pronunciations(text, region)[0]
    except SpeechError:
        return None
    candidates = tuple(each.phones for each in spanish.pronunciations(text))
    return Word(text, "es", said.phones, said.stress, candidates)


def _with_spanish_sounds(word: Word, rng: random.Random) -> Word | None:
    """Some of its sounds exchanged for Spanish ones."""
    runs: list[tuple[Sequence[str], str]] = []
    digits = iter(word.stress)
    for phone in word.said:
        possible = EXCHANGES.get(phone, ())
        run = rng.choice(possible).split() if possible and rng.random() < 0.5 else [phone]
        runs.append((run, next(digits) if is_vowel(phone) else "0"))
    said, stress = joined(runs)
    if said == word.said:
        return None
    candidates = (*word.candidates, said)
    return replace(word, language="en-es", said=said, stress=stress, candidates=candidates)


def _parts(word: Word, table: str) -> Iterator[tuple[str, tuple[str, ...], str]]:
    """A word as (table, phones, stress) for `espeak.spell_mixed`."""
    if word.language != "en-es":
        yield ("es" if word.language == "es" else table), word.said, word.stress
        return
    digits = iter(word.stress)
    for is_spanish, run in groupby(word.said, key=lambda phone: PHONES[phone].is_spanish):
        phones = tuple(run)
        stress = "".join(next(digits) for phone in phones if is_vowel(phone))
        yield ("es" if is_spanish else table), phones, stress
