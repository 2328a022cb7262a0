"""The mel spectrogram between generator and vocoder."""

from __future__ import annotations

from functools import cache

import torch
from torch import Tensor
from torchaudio.functional import melscale_fbanks

RATE = 22_050
WINDOW = 1024  # samples
HOP = 256  # samples: 86.13 frames a second
MELS = 80
TOP_HZ = 11_025.0
FLOOR = 1e-5


@cache
def _bank() -> Tensor:
    """(WINDOW // 2 + 1, MELS) with Slaney's scale and areas."""
    return melscale_fbanks(WINDOW // 2 + 1, 0.0, TOP_HZ, MELS, RATE, "slaney", "slaney")


def log_mel(samples: Tensor) -> Tensor:
    """Samples (..., N) at RATE -> natural log of mel magnitudes (..., 1 + N // HOP, MELS).

    Frame t is centred on sample t * HOP.
    """
    lead = samples.shape[:-1]
    spectrum = torch.stft(
        samples.reshape(-1, samples.shape[-1]),
        WINDOW,
        HOP,
        window=torch.hann_window(WINDOW, device=samples.device),
        pad_mode="constant",
        return_complex=True,
    ).abs()
    mel = spectrum.transpose(1, 2) @ _bank().to(samples.device)
    return mel.clamp_min(FLOOR).log().reshape(*lead, -1, MELS)
