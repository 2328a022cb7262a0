"""Sounds that are no reading of a text, made of nothing but numbers and espeak-ng."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torchaudio.functional import lfilter

from speech import audio, espeak

Samples = NDArray[np.float32]


def said(text: str, language: str = "en-us", **how: int | str) -> Samples:
    """espeak-ng at 16 kHz, at an RMS of 0.05."""
    sound, rate = espeak.synthesise(text, language, **how)  # type: ignore[arg-type]
    return level(audio.resample(sound, rate))


def level(samples: NDArray[np.floating]) -> Samples:
    return (samples * (0.05 / np.sqrt(np.mean(samples**2)))).astype(np.float32)


def pause(seconds: float) -> Samples:
    return np.zeros(round(seconds * audio.RATE), np.float32)


def music(seconds: float = 4.0, seed: int = 0) -> Samples:
    """Plucked chords, two a second: seven harmonics a note, a sharp attack, a decay."""
    rng = np.random.default_rng(seed)
    time = np.arange(audio.RATE // 2) / audio.RATE
    chords = []
    for _ in range(round(2 * seconds)):
        root = 220 * 2 ** (rng.integers(-12, 12) / 12)
        notes = [root * 2 ** (step / 12) for step in (0, 4, 7)]
        tones = [
            np.sin(2 * np.pi * note * n * time + rng.uniform(0, 6)) / n**1.3
            for note in notes
            for n in range(1, 8)
            if note * n < audio.RATE / 2
        ]
        envelope = np.minimum(1, time / 0.01) * np.exp(-time * rng.uniform(1, 6))
        chords.append(sum(tones) * envelope)
    return level(np.concatenate(chords))


def laughter(seed: int = 0) -> Samples:
    """'Ha ha ha': bursts of a falling voice through the formants of an open vowel, and breath.

    Ten bursts of 0.1 s, five a second, as laughter has them; the breath between is noise.
    """
    rng = np.random.default_rng(seed)
    pitch = rng.uniform(180, 380)
    pieces: list[NDArray[np.float64]] = []
    for burst in range(10):
        count = round(audio.RATE * rng.uniform(0.09, 0.13))
        falling = pitch * (1.15 - 0.03 * burst) * np.linspace(1, 0.85, count)
        cycles = np.floor(np.cumsum(falling) / audio.RATE)
        voice = torch.from_numpy(np.diff(cycles, prepend=0) + rng.normal(0, 0.02, count))
        for centre, width in ((750, 120), (1250, 140), (2600, 200), (3600, 300)):
            radius = np.exp(-np.pi * width / audio.RATE)
            turn = -2 * radius * np.cos(2 * np.pi * centre / audio.RATE)
            poles = torch.tensor([1, turn, radius**2], dtype=torch.float64)
            gain = torch.tensor([1 - radius, 0, 0], dtype=torch.float64)
            voice = lfilter(voice, poles, gain, clamp=False)
        vowel = voice.numpy() * np.hanning(count)
        breath = round(audio.RATE * rng.uniform(0.06, 0.1))
        pieces += [
            vowel / np.abs(vowel).max() * 0.95**burst,
            0.08 * rng.normal(0, 1, breath) * np.hanning(breath),
        ]
    return level(np.concatenate(pieces))
