"""The vocoder: mel and F0 -> wave, by filtering a source in the short-time spectrum.

A harmonic source with every partial of F0 and white noise are filtered frame by frame and come back
by the inverse STFT, all at once. The network says only the two filters (and the phase of the
harmonic one), at the frame rate, so that it is small and pitch cannot break. After the neural
source-filter model (Wang et al., 2019), iSTFTNet (Kaneko et al., 2022) and Vocos (Siuzdak, 2023).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from speech.narrator.mel import HOP, MELS, RATE

FFT = 512
STEP = 128  # samples between filters: HOP / STEP of them a mel frame
BINS = FFT // 2 + 1
EACH = HOP // STEP


@dataclass(frozen=True)
class VocoderConfig:
    mels: int = MELS
    channels: int = 256
    blocks: int = 4
    kernel: int = 5


class Block(nn.Module):
    """Normalised convolution over time and a pointwise layer, with a way around both."""

    def __init__(self, channels: int, kernel: int) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(channels)
        self.conv = nn.Conv1d(channels, 2 * channels, kernel, padding=kernel // 2)
        self.out = nn.Linear(2 * channels, channels)
        nn.init.zeros_(self.out.bias)

    def forward(self, x: Tensor) -> Tensor:  # (B, T, C)
        wide = self.conv(self.norm(x).transpose(1, 2)).transpose(1, 2)
        out: Tensor = x + self.out(F.gelu(wide))
        return out


class Vocoder(nn.Module):
    window: Tensor

    def __init__(self, config: VocoderConfig) -> None:
        super().__init__()
        self.config = config
        self.enter = nn.Conv1d(config.mels + 2, config.channels, 7, padding=3)
        self.blocks = nn.ModuleList(
            Block(config.channels, config.kernel) for _ in range(config.blocks)
        )
        self.norm = nn.LayerNorm(config.channels)
        self.leave = nn.Linear(config.channels, EACH * 3 * BINS)
        self.register_buffer("window", torch.hann_window(FFT), persistent=False)

    def forward(self, mel: Tensor, f0: Tensor, noise: Tensor | None = None) -> Tensor:
        """Log mel (B, T, MELS), F0 in Hz (B, T) with 0 where unvoiced -> samples (B, T * HOP)."""
        harmonic, noise_filter = self.filters(mel, f0)
        source = pulses(f0)
        if noise is None:
            noise = torch.randn_like(source)
        wave = self._stft(source) * harmonic + self._stft(noise) * noise_filter
        return torch.istft(wave, FFT, STEP, window=self.window, length=source.shape[-1])

    def filters(self, mel: Tensor, f0: Tensor) -> tuple[Tensor, Tensor]:
        """The complex harmonic and the real noise filter, (B, BINS, T * EACH + 1) each."""
        voiced = (f0 > 0).float()
        pitch = (f0.clamp_min(50.0) / 200.0).log() * voiced
        x = torch.cat([(mel + 5.0) / 3.0, pitch[..., None], voiced[..., None]], -1)
        x = self.enter(x.transpose(1, 2)).transpose(1, 2)
        for block in self.blocks:
            x = block(x)
        out = self.leave(self.norm(x)).view(*x.shape[:2], EACH, 3, BINS)
        out = out.flatten(1, 2)  # (B, T * EACH, 3, BINS)
        out = torch.cat([out, out[:, -1:]], 1).permute(2, 0, 3, 1)  # (3, B, BINS, T * EACH + 1)
        harmonic = torch.polar(out[0].clamp(max=9.0).exp(), out[2])
        return harmonic, out[1].clamp(max=9.0).sub(3.0).exp()

    def _stft(self, samples: Tensor) -> Tensor:
        return torch.stft(
            samples, FFT, STEP, window=self.window, pad_mode="constant", return_complex=True
        )


def pulses(f0: Tensor) -> Tensor:
    """F0 (B, T) in Hz, 0 where unvoiced -> the sum of all its partials below Nyquist, (B, T * HOP).

    Of unit power a sample on average; silent where unvoiced. The closed form of the sum of cosines
    is Dirichlet's kernel.
    """
    voiced = (f0 > 0).to(f0.dtype)
    filled = _held(f0)
    smooth, gate = _sampled(filled), _sampled(voiced)
    phase = torch.cumsum(smooth.double() / RATE, -1) % 1.0
    half = (math.pi * phase).float()
    partials = torch.floor(RATE / 2 / smooth) - 1.0
    sine = torch.sin(half)
    kernel = torch.sin((2 * partials + 1) * half) / (2 * sine) - 0.5
    kernel = torch.where(sine.abs() < 1e-4, partials, kernel)
    return kernel * (2 / partials).sqrt() * gate


def _sampled(frames: Tensor) -> Tensor:
    """(B, T) values at samples t * HOP -> (B, T * HOP), straight lines between."""
    ends = torch.cat([frames, frames[:, -1:]], -1)[:, None]
    size = frames.shape[-1] * HOP + 1
    return F.interpolate(ends, size=size, mode="linear", align_corners=True)[:, 0, :-1]


def _held(f0: Tensor) -> Tensor:
    """Unvoiced frames take the F0 of the last voiced one (the first one's before that)."""
    steps = torch.arange(f0.shape[-1], device=f0.device).expand_as(f0)
    last = torch.where(f0 > 0, steps, -1).cummax(-1).values
    first = torch.where(f0 > 0, steps, f0.shape[-1]).amin(-1, keepdim=True)
    at = torch.where(last >= 0, last, first.clamp(max=f0.shape[-1] - 1))
    held = f0.gather(-1, at)
    return torch.where(held > 0, held, 200.0)
