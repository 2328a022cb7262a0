"""The mel generator: units and a style -> explicit durations, pitch and energy -> mel.

No attention anywhere, so nothing can stall, loop or be skipped: each unit gets the frames that the
duration predictor gives it. After FastPitch (Lancucki, 2021) and FastSpeech 2 (Ren et al., 2021).
Style and speaker drive the predictors; the decoder hears of the style only through what they say.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from speech.narrator.mel import MELS
from speech.narrator.units import FIRST_PHONE, KINDS, SYMBOLS, Units
from speech.narrator.vocoder import Block

LONGEST = 5.3  # the most log(1 + frames) that a unit gets: 2.3 seconds
PROSODY = 4  # a unit's log duration, log F0 at its start and middle, log energy


@dataclass(frozen=True)
class GeneratorConfig:
    symbols: tuple[str, ...] = SYMBOLS
    speakers: tuple[str, ...] = ("lj",)
    styles: tuple[str, ...] = ("neutral", "storytelling")
    channels: int = 192
    encoder: int = 3
    decoder: int = 4
    kernel: int = 5
    dropout: float = 0.1


class Batch(NamedTuple):
    """Sentences of several lengths, padded at their ends; all (B, U) but `lengths`, (B,)."""

    symbols: Tensor
    stress: Tensor
    place: Tensor
    kind: Tensor
    quoted: Tensor
    left: Tensor
    lengths: Tensor


class Prosody(NamedTuple):
    """All (B, U): pitch is log Hz about the speaker's mean."""

    frames: Tensor  # whole numbers, 0 for a boundary without a pause
    start: Tensor  # pitch where the unit begins
    middle: Tensor
    energy: Tensor  # log, about the speaker's mean


def padded(sentences: list[Units]) -> Batch:
    """Sentences as a batch."""

    def stack(name: str) -> Tensor:
        columns = [getattr(each, name) for each in sentences]
        return nn.utils.rnn.pad_sequence(columns, batch_first=True)

    return Batch(
        stack("symbols"),
        stack("stress"),
        stack("place"),
        stack("kind"),
        stack("quoted"),
        stack("left"),
        torch.tensor([len(each.symbols) for each in sentences]),
    )


class Recurrent(nn.Module):
    """A bidirectional LSTM over sequences of several lengths, with a way around it."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(channels)
        self.lstm = nn.LSTM(channels, channels // 2, batch_first=True, bidirectional=True)

    def forward(self, x: Tensor, lengths: Tensor) -> Tensor:  # (B, T, C), (B,)
        packed = pack_padded_sequence(
            self.norm(x), lengths.clamp_min(1), batch_first=True, enforce_sorted=False
        )
        out, _ = pad_packed_sequence(
            self.lstm(packed)[0], batch_first=True, total_length=x.shape[1]
        )
        whole: Tensor = x + out
        return whole


class Generator(nn.Module):
    def __init__(self, config: GeneratorConfig) -> None:
        super().__init__()
        self.config = config
        size = config.channels
        self.symbol = nn.Embedding(len(config.symbols), size)
        self.features = nn.ModuleList(nn.Embedding(n, size) for n in (3, 5, len(KINDS), 2, 8))
        self.speaker = nn.Embedding(len(config.speakers), size)
        self.style = nn.Embedding(len(config.styles), size)
        self.encoder = nn.ModuleList(Block(size, config.kernel) for _ in range(config.encoder))
        self.context = Recurrent(size)
        self.predictor = Block(size, config.kernel)
        self.melody = Recurrent(size)
        self.prosody = nn.Linear(size, PROSODY)
        self.enter = nn.Linear(size + 5, size)
        self.decoder = nn.ModuleList(Block(size, config.kernel) for _ in range(config.decoder))
        self.flow = Recurrent(size)
        self.leave = nn.Linear(size, MELS + 1)
        self.dropout = nn.Dropout(config.dropout)

    def encode(self, batch: Batch, speaker: Tensor) -> Tensor:
        """What is said, in its context: (B, U, C)."""
        x = self.symbol(batch.symbols)
        for table, column in zip(self.features, batch[1:6], strict=True):
            x = x + table(column)
        inside = _inside(batch.lengths, x.shape[1])
        x = (x + self.speaker(speaker)[:, None]) * inside
        for block in self.encoder:
            x = self.dropout(block(x)) * inside
        return self.context(x, batch.lengths)

    def predict(self, encoded: Tensor, lengths: Tensor, style: Tensor) -> Tensor:
        """(B, U, PROSODY): log(1 + frames), then pitch at start and middle and energy."""
        inside = _inside(lengths, encoded.shape[1])
        x = (encoded + self.style(style)[:, None]) * inside
        x = self.melody(self.dropout(self.predictor(x)) * inside, lengths)
        out: Tensor = self.prosody(x)
        return out

    def decode(self, encoded: Tensor, prosody: Prosody) -> tuple[Tensor, Tensor, Tensor]:
        """Mel (B, T, MELS), voicing logit (B, T), pitch contour (B, T) of so many frames."""
        frames, lengths = prosody.frames, prosody.frames.sum(1)
        longest = int(lengths.max())
        ends = frames.cumsum(1)
        clock = torch.arange(longest, device=frames.device).expand(len(frames), -1).contiguous()
        at = torch.searchsorted(ends, clock, right=True).clamp(max=frames.shape[1] - 1)
        length = frames.gather(1, at).clamp_min(1)
        place = (clock - (ends - frames).gather(1, at) + 0.5) / length
        following = torch.cat([prosody.start[:, 1:], prosody.middle[:, -1:]], 1)
        begin, middle, end = (
            each.gather(1, at) for each in (prosody.start, prosody.middle, following)
        )
        early = begin + (middle - begin) * 2 * place
        pitch = torch.where(place < 0.5, early, middle + (end - middle) * (2 * place - 1))
        energy = prosody.energy.gather(1, at)
        extra = torch.stack([place, length.float().log(), pitch * 3, energy, place * length], -1)
        extra = extra * torch.tensor([1.0, 1.0, 1.0, 1.0, 0.1], device=extra.device)
        spread = encoded.gather(1, at[..., None].expand(-1, -1, encoded.shape[-1]))
        inside = _inside(lengths, longest)
        x = self.enter(torch.cat([spread, extra], -1)) * inside
        for block in self.decoder:
            x = self.dropout(block(x)) * inside
        out = self.leave(self.flow(x, lengths))
        return out[..., :MELS], out[..., MELS], pitch


def _inside(lengths: Tensor, longest: int) -> Tensor:
    """(B, T, 1): 1 where there is something, 0 in the padding."""
    clock = torch.arange(longest, device=lengths.device)
    return (clock < lengths[:, None]).float()[..., None]


def frames_of(log_frames: Tensor, symbols: Tensor) -> Tensor:
    """Whole frames of log(1 + frames), rounded so that a sentence keeps its length.

    At least two for a phone; a boundary may have none. (B, U) both ways.
    """
    exact = log_frames.clamp(max=LONGEST).exp() - 1
    exact = torch.maximum(exact, torch.where(symbols >= FIRST_PHONE, 2.0, 0.0))
    ends = exact.cumsum(1).round()
    frames = torch.diff(F.pad(ends, (1, 0)), dim=1)
    return torch.maximum(frames, torch.where(symbols >= FIRST_PHONE, 2.0, 0.0)).long()
