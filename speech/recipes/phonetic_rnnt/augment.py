"""What happens to a voice before we hear it: speed, room, noise, level, codec."""

from __future__ import annotations

import io
import random
from functools import cache
from pathlib import Path

import numpy as np
import soundfile
import torch
from torchaudio.functional import fftconvolve, resample

from speech import audio
from speech.audio import RATE

SPEEDS = (0.9, 0.95, 1.0, 1.05, 1.1, 1.2)  # played faster: higher and shorter, like a child


@cache
def noises(folder: Path) -> list[torch.Tensor]:
    """All noise recordings, 16 kHz mono."""
    return [torch.from_numpy(audio.load(path)) for path in sorted(folder.glob("*.flac"))]


def speed(samples: torch.Tensor, factor: float) -> torch.Tensor:
    """Tempo and pitch together, by resampling."""
    return resample(samples, round(20 * factor), 20) if factor != 1.0 else samples


def room(samples: torch.Tensor, rng: random.Random) -> torch.Tensor:
    """Exponentially decaying noise as a room's response (RT60 0.1-0.5 s), direct sound first."""
    rt60 = rng.uniform(0.1, 0.5)
    length = int(rt60 * RATE)
    generator = torch.Generator().manual_seed(rng.randrange(1 << 30))
    tail = torch.randn(length, generator=generator)
    tail *= torch.exp(-6.9 * torch.arange(length) / length) * rng.uniform(0.02, 0.12)
    tail[: RATE // 500] = 0
    tail[0] = 1.0
    return fftconvolve(samples, tail)[: len(samples)]


def mix(samples: torch.Tensor, noise: torch.Tensor, snr_db: float, start: int) -> torch.Tensor:
    """Add noise at a signal-to-noise ratio, looped from `start`."""
    index = (start + torch.arange(len(samples))) % len(noise)
    chosen = noise[index]
    gain = (samples.square().mean() / (chosen.square().mean() + 1e-10)).sqrt()
    return samples + chosen * gain * 10 ** (-snr_db / 20)


def codec(samples: torch.Tensor) -> torch.Tensor:
    """There and back through Opus in an Ogg file, as a browser or a phone would."""
    buffer = io.BytesIO()
    soundfile.write(buffer, samples.clamp(-1, 1).numpy(), RATE, format="OGG", subtype="OPUS")
    buffer.seek(0)
    decoded, _ = soundfile.read(buffer, dtype="float32")
    return torch.from_numpy(np.ascontiguousarray(decoded[: len(samples)]))


def augment(samples: torch.Tensor, rng: random.Random, noise_folder: Path) -> torch.Tensor:
    """One random copy of (T,) samples."""
    out = speed(samples, rng.choice(SPEEDS))
    if rng.random() < 0.4:
        out = room(out, rng)
    if rng.random() < 0.6:
        noise = rng.choice(noises(noise_folder))
        out = mix(out, noise, rng.uniform(8, 30), rng.randrange(len(noise)))
    level = 10 ** (rng.uniform(-30, -12) / 20)
    out = out * (level / (out.square().mean().sqrt() + 1e-6))
    if rng.random() < 0.1:
        out = out * 4
    if rng.random() < 0.15:
        out = codec(out)
    return out.clamp(-1, 1)
