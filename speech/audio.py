"""Reading audio: any format soundfile reads, to 16 kHz mono, with checks on level and length."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import soundfile

from speech.errors import SpeechError

if TYPE_CHECKING:
    from numpy.typing import NDArray

RATE = 16_000
MIN_S = 0.15
MAX_S = 30.0
QUIET_DBFS = -52.0  # the loudest 50 ms of a take below this holds no usable voice
CLIPPED_SHARE = 0.002


def load(source: Path | str | bytes) -> NDArray[np.float32]:
    """Decode a file, or the bytes of one, to float32 mono at 16 kHz, shape (T,).

    Channels are averaged; other rates pass a windowed-sinc low-pass (torchaudio).
    Raises SpeechError `unreadable_audio`, `empty_audio` or `too_long`.
    """
    handle = io.BytesIO(source) if isinstance(source, bytes) else str(source)
    try:
        with soundfile.SoundFile(handle) as file:
            if file.frames > 10 * MAX_S * file.samplerate:
                raise SpeechError("too_long", f"{file.frames / file.samplerate:.0f} s")
            samples = file.read(dtype="float32", always_2d=True)
            rate = file.samplerate
    except (soundfile.LibsndfileError, OSError) as error:
        raise SpeechError("unreadable_audio", str(error)) from error
    if samples.shape[0] == 0:
        raise SpeechError("empty_audio")
    mono = samples.mean(axis=1)
    return resample(mono, rate)


def from_pcm16(pcm: bytes) -> NDArray[np.float32]:
    """Little-endian 16-bit samples as float32, shape (T,), in -1..1."""
    return np.frombuffer(pcm, "<i2").astype(np.float32) / np.float32(32_768)


def resample(samples: NDArray[np.float32], rate: int, to: int = RATE) -> NDArray[np.float32]:
    """Band-limited resampling of (T,) samples from `rate` to `to` Hz."""
    if rate == to:
        return np.ascontiguousarray(samples, dtype=np.float32)
    import torch
    from torchaudio.functional import resample as sinc

    return sinc(torch.from_numpy(np.ascontiguousarray(samples)), rate, to).numpy()


def loudness_dbfs(samples: NDArray[np.float32]) -> float:
    """RMS level of the loudest 50 ms, in dB relative to full scale."""
    size = min(len(samples), RATE // 20)
    if size == 0:
        return -120.0
    blocks = samples[: len(samples) // size * size].reshape(-1, size)
    return float(10 * np.log10(np.max(np.mean(blocks.astype(np.float64) ** 2, axis=1)) + 1e-12))


def check(samples: NDArray[np.float32]) -> tuple[str, ...]:
    """Refuse what cannot be judged; return notes on what can (`clipped`).

    Raises SpeechError `empty_audio`, `too_short`, `too_long` or `too_quiet`.
    """
    if len(samples) == 0:
        raise SpeechError("empty_audio")
    duration = len(samples) / RATE
    if duration < MIN_S:
        raise SpeechError("too_short", f"{duration:.3f} s")
    if duration > MAX_S:
        raise SpeechError("too_long", f"{duration:.1f} s")
    if loudness_dbfs(samples) < QUIET_DBFS:
        raise SpeechError("too_quiet", f"{loudness_dbfs(samples):.0f} dBFS")
    clipped = float(np.mean(np.abs(samples) >= 0.999))
    return ("clipped",) if clipped > CLIPPED_SHARE else ()
