"""How a sentence flowed: pauses between its words, and how fast it was said."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from speech.audio import RATE
from speech.findings import Fluency, Pause, Verdict, WordFinding
from speech.syllables import syllabify

if TYPE_CHECKING:
    from numpy.typing import NDArray

LEAST_WORDS = 3  # fewer are no sentence
PAUSE_S = 0.3
_BLOCK = RATE // 100  # samples of which the level is taken: 10 ms
_QUIET = 0.35  # of the way from the take's floor to its loud parts, in dB: below it is a pause


class Measures(NamedTuple):
    """What the score is made of."""

    rate: float  # syllables a second, pauses left out
    pause_share: float  # of the time from the first word to the last
    pauses: float  # a word
    repeats: float  # a word


# Experts' fluency / 10 of the `train` speakers on the measures of their takes, least squares:
# python -m speech.recipes.phonetic_rnnt.suite_reading --fit
BASE = 0.556
WEIGHTS = Measures(0.0798, -0.0351, -0.4639, -0.1979)


def fluency(samples: NDArray[np.float32], words: Sequence[WordFinding]) -> Fluency | None:
    """Of (N,) samples at 16 kHz and the words found in them; None where it is no sentence."""
    found = measure(samples, words)
    if found is None:
        return None
    pauses, measures = found
    score = BASE + sum(w * m for w, m in zip(WEIGHTS, measures, strict=True))
    return Fluency(
        rate=round(measures.rate, 2),
        pauses=tuple(pauses),
        score=round(min(1.0, max(0.0, score)), 3),
    )


def measure(
    samples: NDArray[np.float32], words: Sequence[WordFinding]
) -> tuple[list[Pause], Measures] | None:
    """The pauses over PAUSE_S between words that were said, and what the score is made of."""
    spoken = [at for at, word in enumerate(words) if word.verdict is not Verdict.MISSING]
    if len(spoken) < LEAST_WORDS:
        return None
    sounds = {at: [p for p in words[at].phones if p.start_s is not None] for at in spoken}
    starts = {at: sounds[at][0].start_s or 0.0 for at in spoken}
    lasts = {at: sounds[at][-1].start_s or 0.0 for at in spoken}
    quiet = _quiet(samples)
    pauses = []
    for before, after in pairwise(spoken):
        start, end = _longest(quiet, lasts[before], starts[after])
        if end - start > PAUSE_S:
            pauses.append(Pause(before, round(start, 2), round(end, 2)))
    paused = sum(pause.end_s - pause.start_s for pause in pauses)
    whole = max(sounds[spoken[-1]][-1].end_s or 0.0, 0.1) - starts[spoken[0]]
    syllables = sum(len(syllabify(words[at].variant.split())) for at in spoken)
    repeats = sum(word.repeats for word in words)
    return pauses, Measures(
        rate=syllables / max(whole - paused, 0.1),
        pause_share=paused / max(whole, 0.1),
        pauses=len(pauses) / len(spoken),
        repeats=repeats / len(spoken),
    )


def _quiet(samples: NDArray[np.float32]) -> NDArray[np.bool_]:
    """(N,) samples -> for every 10 ms whether nobody speaks, by the take's own levels."""
    blocks = samples[: len(samples) // _BLOCK * _BLOCK].reshape(-1, _BLOCK)
    level = 10 * np.log10(np.mean(blocks.astype(np.float64) ** 2, axis=1) + 1e-9)
    if not len(level):
        return np.zeros(0, bool)
    level = np.convolve(level, np.ones(3) / 3, "same")
    floor, loud = np.quantile(level, (0.05, 0.9))
    return np.asarray(level < floor + _QUIET * (loud - floor))


def _longest(quiet: NDArray[np.bool_], start_s: float, end_s: float) -> tuple[float, float]:
    """Seconds (start, end) of the longest quiet stretch between two times."""
    step = _BLOCK / RATE
    first = round(start_s / step)
    within = quiet[first : round(end_s / step)].astype(np.int8)
    edges = np.flatnonzero(np.diff(within, prepend=0, append=0)).reshape(-1, 2)  # (K, 2)
    if not len(edges):
        return start_s, start_s
    start, end = edges[np.argmax(edges[:, 1] - edges[:, 0])]
    return (first + int(start)) * step, (first + int(end)) * step
