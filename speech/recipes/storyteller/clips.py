"""Clips as the recipe keeps them: samples at the voice's rate and F0, a file each."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from speech.narrator.mel import HOP, RATE
from speech.recipes.phonetic_rnnt.corpora import WORK

FOLDER = WORK / "voice"
PERIOD_MS = 1000 * HOP / RATE
LOWEST_HZ, HIGHEST_HZ = 70.0, 500.0
DEV_EVERY = 20  # one clip in so many of the reader's is kept to choose by


class Clip(NamedTuple):
    """`f0` has a value a frame of the mel, 0 where unvoiced."""

    samples: NDArray[np.float32]  # (N,), N a multiple of HOP
    f0: NDArray[np.float32]  # (N // HOP,)


def path(name: str) -> Path:
    return FOLDER / "clips" / f"{name}.npz"


def read(name: str) -> Clip:
    with np.load(path(name)) as kept:
        samples, f0 = kept["x"].astype(np.float32) / 32_768, kept["f0"]
    frames = min(len(samples) // HOP, len(f0))
    return Clip(samples[: frames * HOP], f0[:frames])


def write(name: str, samples: NDArray[np.float32], *, careful: bool = False) -> None:
    """Keep samples at RATE with their F0: WORLD's DIO refined by StoneMask, or Harvest.

    Harvest misses fewer voiced frames and takes ten times as long (Morise 2016, 2017).
    """
    import pyworld

    wide = samples.astype(np.float64)
    if careful:
        f0, _ = pyworld.harvest(wide, RATE, LOWEST_HZ, HIGHEST_HZ, frame_period=PERIOD_MS)
    else:
        rough, times = pyworld.dio(wide, RATE, LOWEST_HZ, HIGHEST_HZ, frame_period=PERIOD_MS)
        f0 = pyworld.stonemask(wide, rough, times, RATE)
    path(name).parent.mkdir(parents=True, exist_ok=True)
    whole = np.round(np.clip(samples, -1, 1) * 32_767).astype(np.int16)
    np.savez(path(name), x=whole, f0=f0.astype(np.float32))


def names(prefix: str = "") -> list[str]:
    """The clips there are, by the start of their names."""
    return sorted(each.stem for each in (FOLDER / "clips").glob(f"{prefix}*.npz"))


def reader(part: str) -> list[str]:
    """The reader's clips: `train`, `dev` (unseen, to choose by) or `report` (LJ003, unseen)."""
    if part == "report":
        return names("LJ003")
    seen = names("LJ001") + names("LJ002")
    return [name for at, name in enumerate(seen) if (at % DEV_EVERY == 7) == (part == "dev")]


def pieces(
    clips: Sequence[Clip], frames: int, count: int, rng: random.Random
) -> tuple[Tensor, Tensor]:
    """Random stretches of random clips: samples (count, frames * HOP), F0 (count, frames)."""
    samples = torch.zeros(count, frames * HOP)
    f0 = torch.zeros(count, frames)
    for row in range(count):
        clip = rng.choice(clips)
        start = rng.randint(0, max(0, len(clip.f0) - frames))
        heard, pitch = clip.samples[start * HOP : (start + frames) * HOP], clip.f0[start:][:frames]
        samples[row, : len(heard)] = torch.from_numpy(heard)
        f0[row, : len(pitch)] = torch.from_numpy(pitch)
    return samples, f0
