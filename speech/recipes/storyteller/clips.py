"""Clips as the recipe keeps them: samples at the voice's rate and F0, a file each."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from speech.narrator.mel import FLOOR, HOP, RATE, log_mel
from speech.recipes.phonetic_rnnt.corpora import DATA, WORK

FOLDER = WORK / "voice"
PERIOD_MS = 1000 * HOP / RATE
LOWEST_HZ, HIGHEST_HZ = 70.0, 500.0
QUIET_DB = -32.0  # under a clip's loud part (its 95th percentile) nothing is voiced
DEV_EVERY = 20  # one clip in so many of the reader's is kept to choose by


class Clip(NamedTuple):
    """`f0` has a value a frame of the mel, 0 where unvoiced."""

    samples: NDArray[np.float32]  # (N,), N a multiple of HOP
    f0: NDArray[np.float32]  # (N // HOP,)
    mel: Tensor | None = None  # (N // HOP, MELS) as the generator makes it; None: as it is


def path(name: str) -> Path:
    return FOLDER / "clips" / f"{name}.npz"


def read(name: str) -> Clip:
    with np.load(path(name)) as kept:
        samples, f0 = kept["x"].astype(np.float32) / 32_768, kept["f0"]
    frames = min(len(samples) // HOP, len(f0))
    return Clip(samples[: frames * HOP], f0[:frames])


def write(name: str, samples: NDArray[np.float32], *, careful: bool = False) -> None:
    """Keep samples at RATE with their F0."""
    path(name).parent.mkdir(parents=True, exist_ok=True)
    whole = np.round(np.clip(samples, -1, 1) * 32_767).astype(np.int16)
    np.savez(path(name), x=whole, f0=pitch(samples, careful=careful).astype(np.float32))


def pitch(samples: NDArray[np.float32], *, careful: bool = False) -> NDArray[np.float64]:
    """F0 in Hz a frame, 0 where unvoiced: WORLD's DIO refined by StoneMask, or Harvest.

    Harvest misses fewer voiced frames and takes ten times as long (Morise et al., 2009, 2010,
    2017). Both call most of an s voiced, where a vocoder that believes them buzzes; so F0 stands
    only where D4C's love train (Morise, 2016) finds the sound periodic, and it is not all but
    silent.
    """
    import pyworld

    wide = samples.astype(np.float64)
    if careful:
        f0, times = pyworld.harvest(wide, RATE, LOWEST_HZ, HIGHEST_HZ, frame_period=PERIOD_MS)
    else:
        rough, times = pyworld.dio(wide, RATE, LOWEST_HZ, HIGHEST_HZ, frame_period=PERIOD_MS)
        f0 = pyworld.stonemask(wide, rough, times, RATE)
    aperiodic = pyworld.d4c(wide, f0, times, RATE)[:, 0]
    power = np.convolve(np.square(samples), np.full(3 * HOP, 1 / (3 * HOP)), "same")
    level = 10 * np.log10(power[::HOP] + 1e-10)
    loud = level > np.percentile(level, 95) + QUIET_DB
    frames = min(len(f0), len(loud))
    return np.where((aperiodic < 0.999)[:frames] & loud[:frames], f0[:frames], 0.0)


def names(prefix: str = "") -> list[str]:
    """The clips there are, by the start of their names."""
    return sorted(each.stem for each in (FOLDER / "clips").glob(f"{prefix}*.npz"))


def reader(part: str) -> list[str]:
    """The reader's clips: `train`, `dev` (unseen, to choose by) or `report` (LJ003, unseen)."""
    if part == "report":
        return names("LJ003")
    seen = names("LJ001") + names("LJ002")
    return [name for at, name in enumerate(seen) if (at % DEV_EVERY == 7) == (part == "dev")]


def texts() -> dict[str, str]:
    """What the reader reads in each clip, numbers written out."""
    lines = (DATA / "ljspeech" / "metadata.csv").read_text(encoding="utf-8").splitlines()
    rows = (line.split("|") for line in lines)
    return {name: text.strip() for name, _, text in rows}


def pieces(
    clips: Sequence[Clip], frames: int, count: int, rng: random.Random
) -> tuple[Tensor, Tensor, Tensor]:
    """Random stretches of random clips, all louder or softer by the same.

    Samples (count, frames * HOP), F0 (count, frames), log mel (count, frames, MELS).
    """
    gain = 10 ** rng.uniform(-0.6, 0.2)
    samples = torch.zeros(count, frames * HOP)
    f0 = torch.zeros(count, frames)
    made = {}
    for row in range(count):
        clip = rng.choice(clips)
        start = rng.randint(0, max(0, len(clip.f0) - frames))
        heard, pitch = clip.samples[start * HOP : (start + frames) * HOP], clip.f0[start:][:frames]
        samples[row, : len(heard)] = torch.from_numpy(heard) * gain
        f0[row, : len(pitch)] = torch.from_numpy(pitch)
        if clip.mel is not None:
            made[row] = clip.mel[start:][:frames] + math.log(gain)
    mel = log_mel(samples)[:, :frames]
    for row, own in made.items():
        mel[row, : len(own)] = own.clamp_min(math.log(FLOOR))
    return samples, f0, mel
