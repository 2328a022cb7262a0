"""Our own voice: a loaded bundle that speaks texts, or any phones."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from speech.errors import SpeechError
from speech.narrator import bundle, front_end
from speech.narrator.generator import Prosody, frames_of, padded
from speech.narrator.mel import HOP, RATE
from speech.narrator.spoken import STYLES, Spoken, SpokenWord, check
from speech.narrator.units import (
    BOUNDARIES,
    FIRST_PHONE,
    INDEX,
    START,
    VOWELS,
    Said,
    Units,
    Word,
    units,
)
from speech.phones import INVENTORY

FADE_S = 0.008  # at both ends of a sentence, so that joins do not click
LEAD_S = 0.06  # silence before the first word
AFTER_PHONES_S = 0.2
# Inside a sentence; the reader's medians, but for the comma, which she often passes over.
PAUSE_S = {",": 0.24, ".": 0.37, "?": 0.37, "!": 0.37, "...": 0.42}
SHORTEST_PAUSE_S, LONGEST_PAUSE_S = 0.1, 0.7
VOWELS_STRETCH, OTHERS_STRETCH = 1.35, 0.6  # powers of 1 / rate: slow speech lengthens its vowels
REACH = 0.8  # natural log of Hz about her mean; she seldom goes beyond an octave, 0.7
LOUDNESS = 0.07  # root mean square of what is voiced
CEILING = 0.97


class Narrator:
    """Thread-safe: nothing changes after loading."""

    def __init__(self, loaded: bundle.NarratorBundle) -> None:
        self.generator = loaded.generator
        self.vocoder = loaded.vocoder
        self.tuning = loaded.tuning
        self.name = f"cotorra {loaded.version}"

    @classmethod
    def load(cls, folder: Path = bundle.DEFAULT) -> Narrator:
        """Read a bundle. Raises SpeechError `bad_bundle`."""
        return cls(bundle.load(folder))

    def speak(self, text: str, style: str = "neutral", rate: float = 1.0) -> Iterator[Spoken]:
        """The text sentence by sentence, each with the silence after it; RATE samples a second.

        `rate` 0.4 .. 2.0: below 1 vowels lengthen most. Raises SpeechError as front_end.sentences,
        ValueError for a style or a rate that there is not.
        """
        check(style, rate)
        for sentence in front_end.one_by_one(text):
            spoken, times = self._say(sentence.words, sentence.kind, style, rate, sentence.pause_s)
            heard = tuple(
                SpokenWord(word.text, word.at, word.to, start, end)
                for word, (start, end) in zip(sentence.words, times, strict=True)
            )
            yield replace(spoken, words=heard)

    def pronounce(
        self, words: Sequence[Sequence[str]], stress: Sequence[Sequence[int]], rate: float = 1.0
    ) -> Spoken:
        """Any phones of the inventory, in words, with a stress digit for each phone; neutral.

        Raises SpeechError `bad_phone` or `nothing_to_say`, ValueError for a rate that there is not.
        """
        check("neutral", rate)
        said = [
            Said(tuple(phones), tuple(digits), False, "." if at == len(words) - 1 else "")
            for at, (phones, digits) in enumerate(zip(words, stress, strict=True))
        ]
        if unknown := {p for word in said for p in word.phones} - set(INVENTORY):
            raise SpeechError("bad_phone", " ".join(sorted(unknown))[:40])
        if not any(word.phones for word in said):
            raise SpeechError("nothing_to_say")
        spoken, times = self._say(said, "statement", "neutral", rate, AFTER_PHONES_S)
        heard = tuple(
            SpokenWord(" ".join(word.phones), at, at + 1, start, end)
            for at, (word, (start, end)) in enumerate(zip(said, times, strict=True))
        )
        return replace(spoken, words=heard)

    @torch.inference_mode()
    def _say(
        self, words: Sequence[Word], kind: str, style: str, rate: float, pause_s: float
    ) -> tuple[Spoken, list[tuple[float, float]]]:
        sentence = units(words, kind)
        batch = padded([sentence])
        encoded = self.generator.encode(batch, torch.tensor([0]))
        said = self.generator.predict(encoded, batch.lengths, torch.tensor([STYLES.index(style)]))
        prosody = self._prosody(said, sentence, style, rate, pause_s)
        mel, voicing, pitch = self.generator.decode(encoded, prosody)
        f0 = torch.where(voicing > 0, (pitch + self.tuning[style].pitch).exp(), 0.0)
        noise = torch.randn(mel.shape[1] * HOP, generator=torch.Generator().manual_seed(0))[None]
        samples = self.vocoder(mel, f0, noise)[0].numpy()
        times = _times(sentence, prosody.frames[0])
        return Spoken(_finished(samples), RATE, (), self.name, style), times

    def _prosody(
        self, said: Tensor, sentence: Units, style: str, rate: float, pause_s: float
    ) -> Prosody:
        """What the generator predicted, (1, U, 4), as the style and the rate want it."""
        tuning = self.tuning[style]
        symbols = sentence.symbols
        phone = symbols >= FIRST_PHONE
        vowel = torch.isin(symbols, torch.tensor(VOWELS))
        power = torch.where(vowel, VOWELS_STRETCH, OTHERS_STRETCH)
        stretch = torch.where(phone, tuning.pace * (1 / rate) ** power, 1.0)
        length = (said[0, :, 0].exp() - 1).clamp_min(0) * stretch
        second = RATE / HOP
        for at, symbol in enumerate(symbols.tolist()):
            if symbol < FIRST_PHONE:
                length[at] = _pause(symbol, float(length[at]), tuning.pause / rate) * second
        length[0] = LEAD_S * second
        length[-1] = pause_s * tuning.pause / rate * second
        pitch = said[0, :, 1:3]
        mean = pitch[phone].mean()
        wide = _held(mean + tuning.pitch_range * (pitch - mean))
        frames = frames_of(length.log1p()[None], symbols[None])
        return Prosody(frames, wide[None, :, 0], wide[None, :, 1], said[..., 3])


def _held(pitch: Tensor) -> Tensor:
    """Pitch about the mean: as it is near it, and never farther from it than REACH."""
    return pitch / (1 + (pitch / REACH) ** 4) ** 0.25


def _pause(symbol: int, frames: float, factor: float) -> float:
    """Seconds of a pause inside a sentence: by its mark, else where the reader would breathe."""
    mark = BOUNDARIES[symbol - 1] if symbol != INDEX[START] else ""
    seconds = PAUSE_S.get(mark, 0.0) or frames * HOP / RATE
    if seconds < SHORTEST_PAUSE_S:
        return 0.0
    return min(seconds, LONGEST_PAUSE_S) * factor


def _times(sentence: Units, frames: Tensor) -> list[tuple[float, float]]:
    """When each word begins and ends, in seconds; its pause is not part of it."""
    ends = (frames.cumsum(0) * HOP / RATE).tolist()
    begins = [0.0, *ends[:-1]]
    phones = (sentence.symbols >= FIRST_PHONE).tolist()
    count = int(sentence.word.max()) + 1
    first, last = [math.inf] * count, [0.0] * count
    for at, word in enumerate(sentence.word.tolist()):
        if word >= 0 and (phones[at] or first[word] == math.inf):
            first[word] = min(first[word], begins[at])
            last[word] = max(last[word], ends[at] if phones[at] else begins[at])
    return list(zip(first, last, strict=True))


def _finished(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    """At the usual loudness, below full scale, faded at both ends."""
    loud = float(
        np.sqrt(np.mean(np.square(samples[np.abs(samples) > 0.01]))) if len(samples) else 0
    )
    samples = samples * np.float32(LOUDNESS / loud) if loud > 0 else samples
    peak = float(np.abs(samples).max(initial=0.0))
    if peak > CEILING:
        samples = samples * np.float32(CEILING / peak)
    fade = min(len(samples) // 2, round(FADE_S * RATE))
    ramp = np.linspace(0, 1, fade, dtype=np.float32)
    samples[:fade] *= ramp
    samples[len(samples) - fade :] *= ramp[::-1]
    return samples
