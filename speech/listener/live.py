"""Many takes heard while they are spoken: every tick advances all of them as one batch."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor

from speech.listener.features import HOP, RATE, WINDOW, log_mel, normalise
from speech.listener.model import STRIDE, EncoderState, Listener

if TYPE_CHECKING:
    from numpy.typing import NDArray

MOST = 6 * STRIDE  # feature frames of a stream in one step: who has much to catch up takes turns


class Stream:
    """One take as far as it has been heard. Belongs to the thread that steps it."""

    def __init__(self, listener: Listener) -> None:
        self.state = listener.encoder.start(1)
        self._samples = np.zeros(0, np.float32)  # from the first that a coming frame needs

    def add(self, samples: NDArray[np.float32]) -> None:
        """The next (N,) samples in -1..1 at 16 kHz."""
        self._samples = np.concatenate([self._samples, samples])

    @property
    def waiting_s(self) -> float:
        """Seconds that were added and not yet heard."""
        return len(self._samples) / RATE

    @property
    def due(self) -> int:
        """Feature frames that the next step takes: a multiple of 4, 0 when too little is there."""
        frames = (len(self._samples) - WINDOW) // HOP + 1
        return min(frames // STRIDE * STRIDE, MOST) if frames >= STRIDE else 0

    def take(self, frames: int) -> NDArray[np.float32]:
        """The samples of the next frames, which are then no longer due."""
        taken = self._samples[: (frames - 1) * HOP + WINDOW]
        self._samples = self._samples[frames * HOP :]
        return taken


@torch.inference_mode()
def step(listener: Listener, streams: Iterable[Stream]) -> dict[Stream, NDArray[np.float32]]:
    """Advance every stream by what is due of it; the (T, V) log posteriors each of them gained.

    Streams with as many frames due make one batch. The numbers are those of the whole utterance
    (within 1e-4), however its samples were cut.
    """

    def shape(stream: Stream) -> tuple[int, int, int]:
        return stream.due, stream.state.tail.shape[1], stream.state.waiting.shape[1]

    gained = {}
    for (due, *_), group in groupby(sorted(streams, key=shape), shape):
        if due == 0:
            continue
        batch = list(group)
        samples = torch.from_numpy(np.stack([stream.take(due) for stream in batch]))
        features = normalise(log_mel(samples))  # (B, due, 80)
        state = _together([stream.state for stream in batch])
        encoded, state = listener.encoder.step(features, state)
        log_probs = listener.ctc_log_probs(encoded).numpy()
        for at, stream in enumerate(batch):
            stream.state = _one_of(state, at)
            gained[stream] = log_probs[at]
    return gained


def _together(states: Sequence[EncoderState]) -> EncoderState:
    def cat(tensors: Iterable[Tensor], dim: int = 0) -> Tensor:
        return torch.cat(list(tensors), dim)

    return EncoderState(
        cat(state.tail for state in states),
        cat(state.total for state in states),
        cat(state.frames for state in states),
        cat(state.waiting for state in states),
        tuple(
            (cat((h for h, _ in layer), 1), cat((c for _, c in layer), 1))
            for layer in zip(*(state.lstm for state in states), strict=True)
        ),
    )


def _one_of(state: EncoderState, at: int) -> EncoderState:
    one = slice(at, at + 1)
    lstm = tuple((h[:, one], c[:, one]) for h, c in state.lstm)
    return EncoderState(
        state.tail[one], state.total[one], state.frames[one], state.waiting[one], lstm
    )
