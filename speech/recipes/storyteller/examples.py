"""What the generator learns from: units, the prosody they were spoken with, and the mel."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor
from torch.nn.utils.rnn import pad_sequence

from speech.narrator.generator import Batch, Prosody, padded
from speech.narrator.mel import log_mel
from speech.narrator.units import Units, units
from speech.recipes.storyteller import clips
from speech.recipes.storyteller.align import Aligned

QUIET = -9.0  # energy of a unit without frames, about the speaker's mean


class Example(NamedTuple):
    name: str
    speaker: int
    style: int
    heard: bool  # whether its mel is learnt, or its prosody alone
    units: Units
    frames: Tensor  # (U,)
    start: Tensor  # (U,) log Hz about the speaker's mean, as the rest
    middle: Tensor
    energy: Tensor
    mel: Tensor  # (T, MELS) float16
    voiced: Tensor  # (T,)


class Voice(NamedTuple):
    """A speaker's means: natural log of Hz in voiced frames, mean log mel of all."""

    pitch: float
    energy: float


class Learned(NamedTuple):
    batch: Batch
    speaker: Tensor
    style: Tensor
    heard: Tensor  # (B,) bool
    prosody: Prosody
    mel: Tensor  # (B, T, MELS)
    voiced: Tensor  # (B, T)


def voice_of(names: Sequence[str]) -> Voice:
    """The means over clips."""
    pitch, energy = [], []
    for name in names:
        clip = clips.read(name)
        pitch.append(np.log(clip.f0[clip.f0 > 0]))
        energy.append(float(log_mel(torch.from_numpy(clip.samples)).mean()))
    return Voice(float(np.concatenate(pitch).mean()), float(np.mean(energy)))


def example(
    name: str, aligned: Aligned, voice: Voice, speaker: int, style: int, heard: bool = True
) -> Example:
    """Pitch is read off the contour, straight where unvoiced, at each unit's start and middle."""
    clip = clips.read(name)
    mel = log_mel(torch.from_numpy(clip.samples))[: len(clip.f0)]
    ends = np.minimum(np.cumsum(aligned.frames), len(clip.f0))
    ends[-1] = len(clip.f0)
    frames = np.diff(ends, prepend=0)
    begins = ends - frames
    contour = straight(clip.f0) - voice.pitch
    last = len(contour) - 1
    start = contour[np.minimum(begins, last)]
    middle = contour[np.minimum(begins + frames // 2, last)]
    loud = mel.mean(1).numpy() - voice.energy
    total = np.concatenate([[0.0], np.cumsum(loud)])
    energy = (total[ends] - total[begins]) / np.maximum(frames, 1)
    energy = np.where(frames > 0, energy, QUIET / 3)
    said = units(aligned.sentence.words, aligned.sentence.kind)
    start, middle, energy = (
        torch.from_numpy(each.astype(np.float32)) for each in (start, middle, energy)
    )
    return Example(
        name,
        speaker,
        style,
        heard,
        said,
        torch.from_numpy(frames),
        start,
        middle,
        energy,
        mel.half(),
        torch.from_numpy((clip.f0 > 0).astype(np.float32)),
    )


def straight(f0: np.ndarray) -> np.ndarray:
    """Log F0 with straight lines where there is none; of a whisper, that of 150 Hz."""
    heard = np.flatnonzero(f0 > 0)
    if not len(heard):
        return np.full(len(f0), np.log(150.0))
    return np.interp(np.arange(len(f0)), heard, np.log(f0[heard]))


def batches(examples: Sequence[Example], frames: int, rng: random.Random) -> list[list[Example]]:
    """All examples once, in batches of about so many frames and of like lengths."""
    order = sorted(examples, key=lambda e: len(e.mel) * rng.uniform(0.85, 1.15))
    out: list[list[Example]] = [[]]
    for each in order:
        if out[-1] and (len(out[-1]) + 1) * len(each.mel) > frames:
            out.append([])
        out[-1].append(each)
    rng.shuffle(out)
    return out


def together(examples: Sequence[Example]) -> Learned:
    """Examples as one padded batch."""

    def stack(name: str) -> Tensor:
        return pad_sequence([getattr(e, name) for e in examples], batch_first=True)

    return Learned(
        padded([e.units for e in examples]),
        torch.tensor([e.speaker for e in examples]),
        torch.tensor([e.style for e in examples]),
        torch.tensor([e.heard for e in examples]),
        Prosody(*(stack(name) for name in ("frames", "start", "middle", "energy"))),
        stack("mel").float(),
        stack("voiced"),
    )
