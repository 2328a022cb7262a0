"""What the narrator hands over: a sentence as sound, with the times of its words."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import soundfile
from numpy.typing import NDArray

from speech.errors import SpeechError

STYLES = ("neutral", "storytelling")
SLOWEST, FASTEST = 0.4, 2.0  # rates


class SpokenWord(NamedTuple):
    """A word as written, where it stands in the text, and when it is heard."""

    word: str
    at: int  # text[at:to] == word
    to: int
    start_s: float
    end_s: float


@dataclass(frozen=True)
class Spoken:
    """A sentence (or a run of phones) as sound; times count from its first sample."""

    samples: NDArray[np.float32]  # (N,), -1 .. 1
    sample_rate: int
    words: tuple[SpokenWord, ...]
    voice: str  # "cotorra 3f2a..." or "espeak-ng": the fallback is marked
    style: str

    @property
    def seconds(self) -> float:
        return len(self.samples) / self.sample_rate


CROSSFADE_S = 0.01
OPUS_RATE = 24_000
# What soundfile calls the kinds of file.
FORMATS = {"wav": ("WAV", "PCM_16"), "ogg": ("OGG", "OPUS"), "mp3": ("MP3", "MPEG_LAYER_III")}


def encoded(samples: NDArray[np.float32], rate: int, kind: str) -> bytes:
    """(N,) samples as a file of one of FORMATS; Opus, which knows few rates, at OPUS_RATE.

    Raises SpeechError `bad_bundle` for samples that are no numbers: libsndfile's MP3 would abort.
    """
    if not np.isfinite(samples).all():
        raise SpeechError("bad_bundle", "the voice made samples that are no numbers")
    container, codec = FORMATS[kind]
    if codec == "OPUS" and rate != OPUS_RATE:
        from speech.audio import resample

        samples, rate = resample(samples, rate, OPUS_RATE), OPUS_RATE
    file = io.BytesIO()
    soundfile.write(file, samples, rate, format=container, subtype=codec)
    return file.getvalue()


def joined(parts: Sequence[Spoken]) -> Spoken:
    """Sentences as one, each crossfaded into the next; times count from the first's start."""
    rate = parts[0].sample_rate
    whole = parts[0].samples
    words = list(parts[0].words)
    for part in parts[1:]:
        over = min(round(CROSSFADE_S * rate), len(whole), len(part.samples))
        ramp = np.linspace(0, 1, over, dtype=np.float32)
        start = len(whole) - over
        mixed = whole[start:] * (1 - ramp) + part.samples[:over] * ramp
        whole = np.concatenate([whole[:start], mixed, part.samples[over:]])
        words += [
            word._replace(start_s=word.start_s + start / rate, end_s=word.end_s + start / rate)
            for word in part.words
        ]
    return Spoken(whole, rate, tuple(words), parts[0].voice, parts[0].style)
