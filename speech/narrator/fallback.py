"""The voice that is always there: espeak-ng, marked as such, with the times of its own words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from speech import espeak
from speech.errors import SpeechError
from speech.narrator.spoken import MAX_CHARS, Spoken, SpokenWord, check
from speech.phones import SPANISH, is_vowel

VOICE = "espeak-ng"
RATES = {"neutral": 1.0, "storytelling": 0.9}  # of the usual words a minute
RANGES = {"neutral": 50, "storytelling": 75}  # espeak-ng's pitch range
SLOWEST, FASTEST = 80, 450  # words a minute that espeak-ng can do
MOST_CHARS = 400  # of a sentence; a longer one is cut at a blank
QUIET = 0.01  # of full scale: below, a word is over
# It goes on after "Look!" she says.
_SENTENCE = re.compile(
    rf"""\S(?:.{{0,{MOST_CHARS}}}?[.!?…]+["'”’»)]*(?=\s+[^a-z\s]|\s*$)|.{{0,{MOST_CHARS}}}(?=\s|$)|\S+)""",
    re.DOTALL,
)
_SIGNS = "\u2190-\u2bff\U0001f000-\U0001faff"  # arrows, mathematics, emoji: it has names for them
_WORD = re.compile(rf"[^\W_]+(?:['’][^\W_]+)*|[{_SIGNS}][{_SIGNS}\u200d\ufe0f]*")


def speak(text: str, style: str = "storytelling", rate: float = 1.0) -> Iterator[Spoken]:
    """The text sentence by sentence; `at` and `to` of the words count in the whole text.

    `rate` 1.0 is the usual speed of the style, less is slower. Samples are at espeak-ng's 22,050
    Hz. Raises SpeechError: empty_text where there is no word, text_too_long, bad_bundle;
    ValueError for a style or a rate that there is not.
    """
    check(style, rate)
    if len(text) > MAX_CHARS:
        raise SpeechError("text_too_long", f"{len(text)} characters")
    if not _WORD.search(text):
        raise SpeechError("empty_text")
    wanted = round(espeak.NORMAL_WPM * RATES[style] * rate)
    wpm = min(max(wanted, SLOWEST), FASTEST)
    for sentence in _SENTENCE.finditer(text):
        if _WORD.search(sentence[0]):
            samples, sample_rate, marks = espeak.synthesise_marked(
                sentence[0], rate_wpm=wpm, pitch_range=RANGES[style]
            )
            words = _words(text, sentence.span(), marks, samples, sample_rate)
            yield Spoken(samples, sample_rate, tuple(words), VOICE, style)


def pronounce(
    words: Sequence[Sequence[str]], stress: Sequence[Sequence[int]], rate: float = 1.0
) -> Spoken:
    """Phones in words, with a stress digit for each: each run with the sounds of its language.

    Raises SpeechError bad_phone, ValueError for a rate that there is not.
    """
    check("neutral", rate)
    said = [
        (phone, str(digit) if is_vowel(phone) else "")
        for phones, digits in zip(words, stress, strict=True)
        for phone, digit in zip(phones, digits, strict=True)
    ]
    runs = [
        (language, list(run))
        for language, run in groupby(said, lambda each: "es" if each[0] in SPANISH else "en-us")
    ]
    text = espeak.spell_mixed(
        (language, [phone for phone, _ in run], "".join(digit for _, digit in run))
        for language, run in runs
    )
    wpm = min(max(round(espeak.NORMAL_WPM * rate), SLOWEST), FASTEST)
    samples, sample_rate = espeak.synthesise(text, rate_wpm=wpm)
    return Spoken(samples, sample_rate, (), VOICE, "neutral")


def _words(
    text: str,
    span: tuple[int, int],
    marks: Sequence[espeak.Mark],
    samples: NDArray[np.float32],
    rate: int,
) -> Iterator[SpokenWord]:
    """Each word from its first event on, until the next begins or the voice falls silent.

    A word without an event is said together with the one before it ('in the', 'ice-cream'); such
    words share their time by their letters, which is a guess.
    """
    first, last = span
    groups: list[tuple[float, list[re.Match[str]]]] = []
    for word in _WORD.finditer(text, first, last):
        own = [mark.start_s for mark in marks if word.start() <= first + mark.at < word.end()]
        if own or not groups:
            groups.append((own[0] if own else 0.0, []))
        groups[-1][1].append(word)
    starts = [start for start, _ in groups]
    for (start, words), end in zip(groups, [*starts[1:], len(samples) / rate], strict=True):
        sound = np.abs(samples[round(start * rate) : round(end * rate)]) > QUIET
        heard = float(np.flatnonzero(sound)[-1] + 1) / rate if sound.any() else 0.0
        letter_s = heard / sum(len(word[0]) for word in words)
        for word in words:
            over = start + letter_s * len(word[0])
            yield SpokenWord(word[0], word.start(), word.end(), start, over)
            start = over
