"""What happens to a voice before we hear it: another speaker, speed, room, noise, level, codec."""

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

F0_HZ = (85.0, 330.0)  # mean of a voice: a deep man's to a small child's
PERIOD_MS = 10.0  # between WORLD's frames: as long as between ours
SPEEDS = (0.9, 0.95, 1.0, 1.05, 1.1, 1.2)  # played faster: higher and shorter, like a child


@cache
def noises(folder: Path) -> list[torch.Tensor]:
    """All noise recordings, 16 kHz mono."""
    return [torch.from_numpy(audio.load(path)) for path in sorted(folder.glob("*.flac"))]


def voice(samples: torch.Tensor, rng: random.Random) -> torch.Tensor:
    """(T,) samples at 16 kHz said by another speaker at the same times; unvoiced ones as they are.

    Pitch, its range and the formants are moved apart from one another by the WORLD vocoder
    (Morise et al., IEICE 2016): a lower voice has a longer vocal tract, but not always.
    """
    import pyworld

    sound = samples.double().numpy()
    f0, times = pyworld.dio(sound, RATE, f0_floor=65, f0_ceil=500, frame_period=PERIOD_MS)
    f0 = pyworld.stonemask(sound, f0, times, RATE)
    if not f0.any():
        return samples
    envelope = pyworld.cheaptrick(sound, f0, times, RATE)
    aperiodicity = pyworld.d4c(sound, f0, times, RATE)
    mean = float(np.exp(np.log(f0[f0 > 0]).mean()))
    target = float(np.exp(rng.uniform(*np.log(F0_HZ))))
    formants = min(1.3, max(0.77, (target / mean) ** 0.35 * 2 ** rng.gauss(0, 0.08)))
    bins = np.arange(envelope.shape[1])
    source = np.minimum(bins / formants, bins[-1])
    low = np.minimum(source.astype(int), bins[-2])
    share = source - low

    def moved(spectra: np.ndarray) -> np.ndarray:
        return np.ascontiguousarray(spectra[:, low] * (1 - share) + spectra[:, low + 1] * share)

    f0[f0 > 0] = target * (f0[f0 > 0] / mean) ** rng.uniform(0.6, 1.4)
    out = pyworld.synthesize(f0, moved(envelope), moved(aperiodicity), RATE, PERIOD_MS)
    return torch.from_numpy(out[: len(sound)]).float()


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


def augment(
    samples: torch.Tensor, rng: random.Random, noise_folder: Path, *, converted: bool = False
) -> torch.Tensor:
    """One random copy of (T,) samples; `converted`: by another speaker."""
    out = voice(samples, rng) if converted else samples
    out = speed(out, rng.choice(SPEEDS))
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
