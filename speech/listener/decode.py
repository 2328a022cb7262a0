"""Free decoding: greedy over the CTC branch and over the transducer."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor

from speech.listener.features import HOP, RATE
from speech.listener.model import STRIDE, Listener
from speech.phones import SYMBOLS

FRAME_S = STRIDE * HOP / RATE
MAX_PER_FRAME = 4  # phones a transducer may emit without moving on


class Heard(NamedTuple):
    """A phone, its frame and how sure the model was."""

    phone: str
    start_s: float
    probability: float


def greedy_ctc(log_probs: Tensor) -> list[Heard]:
    """(T, V) log posteriors -> best path, repeats merged, blanks dropped."""
    best, indices = log_probs.max(-1)
    out: list[Heard] = []
    previous = 0
    for frame, index in enumerate(indices.tolist()):
        if index not in (0, previous):
            out.append(Heard(SYMBOLS[index], frame * FRAME_S, float(best[frame].exp())))
        previous = index
    return out


@torch.no_grad()
def greedy_transducer(model: Listener, encoded: Tensor) -> list[Heard]:
    """(T, hidden) encoder frames -> the phones of the best symbol at every step."""
    projected = model.project(encoded)  # (T, joint)
    token = torch.zeros(1, 1, dtype=torch.long)
    predicted, state = model.predictor(token)
    out: list[Heard] = []
    for frame in range(len(projected)):
        for _ in range(MAX_PER_FRAME):
            logits = model.joint((projected[frame] + predicted[0, 0]).tanh())
            index = int(logits.argmax())
            if index == 0:
                break
            probability = float(logits.softmax(-1)[index])
            out.append(Heard(SYMBOLS[index], frame * FRAME_S, probability))
            token[0, 0] = index
            predicted, state = model.predictor(token, state)
    return out
