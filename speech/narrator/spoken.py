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
MAX_CHARS = 50_000  # of a text


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


def check(style: str, rate: float) -> None:
    """Raises ValueError for a style or a rate that no voice has."""
    if style not in STYLES:
        raise ValueError(f"no style {style!r}")
    if not SLOWEST <= rate <= FASTEST:
        raise ValueError(f"rate {rate} is not from {SLOWEST} to {FASTEST}")


CROSSFADE_S = 0.01
OPUS_RATE = 24_000
MEDIUM = 0.5  # of libsndfile's compression: 80 kbit/s at 22,050 Hz
# What soundfile calls the kinds of file.
FORMATS = {"wav": ("WAV", "PCM_16"), "ogg": ("OGG", "OPUS"), "mp3": ("MP3", "MPEG_LAYER_III")}


def encoded(samples: NDArray[np.float32], rate: int, kind: str, *, constant: bool = False) -> bytes:
    """(N,) samples as a file of one of FORMATS; Opus, which knows few rates, at OPUS_RATE.

    With `constant` every second of an MP3 takes as many bytes, whatever is heard in it.

    Raises SpeechError `bad_bundle` for samples that are no numbers: libsndfile's MP3 would abort.
    """
    if not np.isfinite(samples).all():
        raise SpeechError("bad_bundle", "the voice made samples that are no numbers")
    container, codec = FORMATS[kind]
    if codec == "OPUS" and rate != OPUS_RATE:
        from speech.audio import resample

        samples, rate = resample(samples, rate, OPUS_RATE), OPUS_RATE
    file = io.BytesIO()
    level = {"bitrate_mode": "CONSTANT", "compression_level": MEDIUM} if constant else {}
    soundfile.write(file, samples, rate, format=container, subtype=codec, **level)
    return file.getvalue()


def joined(parts: Sequence[Spoken]) -> Spoken:
    """Sentences as one, each crossfaded into the next; times count from the first's start."""
    rate = parts[0].sample_rate
    whole = np.zeros(sum(len(part.samples) for part in parts), np.float32)
    words: list[SpokenWord] = []
    end = 0
    for part in parts:
        over = min(round(CROSSFADE_S * rate), end, len(part.samples))
        ramp = np.linspace(0, 1, over, dtype=np.float32)
        start, end = end - over, end - over + len(part.samples)
        shared = whole[start : start + over]
        shared[:] = shared * (1 - ramp) + part.samples[:over] * ramp
        whole[start + over : end] = part.samples[over:]
        words += [
            word._replace(start_s=word.start_s + start / rate, end_s=word.end_s + start / rate)
            for word in part.words
        ]
    return Spoken(whole[:end], rate, tuple(words), parts[0].voice, parts[0].style)
