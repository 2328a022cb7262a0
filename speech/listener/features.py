"""Log-mel features, causal: frame t needs samples [160 t, 160 t + 400) and no later one."""

from __future__ import annotations

import math
from functools import cache

import torch
from torchaudio.functional import melscale_fbanks

RATE = 16_000
WINDOW = 400  # 25 ms
HOP = 160  # 10 ms
N_FFT = 512
MELS = 80
TOP_HZ = 7800.0
FLOOR = 1e-5


@cache
def _filters() -> tuple[torch.Tensor, torch.Tensor]:
    bank = melscale_fbanks(N_FFT // 2 + 1, 20.0, TOP_HZ, MELS, RATE, norm=None, mel_scale="htk")
    return torch.hann_window(WINDOW), bank


def log_mel(samples: torch.Tensor) -> torch.Tensor:
    """(..., N) samples in [-1, 1] at 16 kHz -> (..., T, 80) natural-log mel power, 100 frames/s.

    T = 1 + (N - 400) // 160; a shorter input gives T = 0. No padding, so that a stream cut at
    any hop gives the same frames as the whole.
    """
    window, bank = _filters()
    if samples.shape[-1] < WINDOW:
        return samples.new_zeros((*samples.shape[:-1], 0, MELS))
    frames = samples.unfold(-1, WINDOW, HOP) * window
    power = torch.fft.rfft(frames, N_FFT).abs().square()
    return torch.log(power @ bank + FLOOR)


# Rough centre and scale of log_mel over speech at usual levels; brings inputs near unit variance.
CENTRE, SCALE = -5.0, 4.0


def normalise(features: torch.Tensor) -> torch.Tensor:
    """Fixed shift and scale (a stream cannot know its own mean beforehand)."""
    return (features - CENTRE) / SCALE


def frames_of(duration_s: float) -> int:
    """How many frames a recording of that length gives."""
    return max(0, 1 + math.floor((duration_s * RATE - WINDOW) / HOP))
