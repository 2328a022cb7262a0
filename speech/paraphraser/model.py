"""The network: canonical phones in, a Spanish speaker's phones out, position by position.

A neural transducer (Graves 2012) with hard monotonic steps, as in Aharoni and Goldberg 2017: at
each canonical phone it says sounds, one action each, until the action BLANK goes on to the next
phone. A recurrent decoder sees every action before with the phone it was taken at, so that what
is said goes on in the manner in which it began. With at most MOST sounds a phone it cannot loop.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from speech.paraphraser.source import LETTERS, PLACES, STRESSES, Source
from speech.phones import INDEX, SYMBOLS

MOST = 3  # sounds said at one canonical phone
GO_ON = 0  # the action: BLANK's place among SYMBOLS


@dataclass(frozen=True)
class ParaphraserConfig:
    phone: int = 48
    stress: int = 8
    place: int = 8
    letter: int = 16
    encoder: int = 112  # of each direction
    layers: int = 2
    action: int = 48
    decoder: int = 192
    joint: int = 128
    dropout: float = 0.1
    symbols: tuple[str, ...] = SYMBOLS


class ParaphraserNet(nn.Module):
    def __init__(self, config: ParaphraserConfig) -> None:
        super().__init__()
        self.config = config
        sizes = (config.phone, config.stress, config.place, config.letter)
        tables = (config.symbols, STRESSES, PLACES, LETTERS)
        self.embeddings = nn.ModuleList(
            nn.Embedding(len(table), size) for table, size in zip(tables, sizes, strict=True)
        )
        self.encoder = nn.GRU(
            sum(sizes),
            config.encoder,
            config.layers,
            batch_first=True,
            bidirectional=True,
            dropout=config.dropout if config.layers > 1 else 0.0,
        )
        self.action = nn.Embedding(len(config.symbols), config.action)
        both = 2 * config.encoder
        self.decoder = nn.GRU(config.action + both, config.decoder, batch_first=True)
        self.dropout = nn.Dropout(config.dropout)
        self.joint = nn.Linear(config.decoder + both, config.joint)
        self.output = nn.Linear(config.joint, len(config.symbols))
        # What is said of each phone whatever stands around it: first (0), and after a sound (1).
        self.usual = nn.Parameter(torch.zeros(2, len(config.symbols), len(config.symbols)))

    def encode(self, slots: Tensor, lengths: Tensor | None = None) -> Tensor:
        """(B, T, 4) indices of phone, stress, place, letter -> (B, T, 2E)."""
        parts = [table(slots[..., at]) for at, table in enumerate(self.embeddings)]
        inputs = self.dropout(torch.cat(parts, -1))
        if lengths is None:
            return torch.as_tensor(self.encoder(inputs)[0])
        packed = nn.utils.rnn.pack_padded_sequence(
            inputs, lengths, batch_first=True, enforce_sorted=False
        )
        encoded, _ = self.encoder(packed)
        return nn.utils.rnn.pad_packed_sequence(encoded, batch_first=True)[0]

    def step(
        self, encoded: Tensor, phone: Tensor, before: Tensor, state: Tensor | None = None
    ) -> tuple[Tensor, Tensor]:
        """Log probabilities (B, A, V) of the actions, and the decoder's state.

        (B, A, 2E) and (B, A) of the phone at hand, (B, A) the actions before.
        """
        inputs = torch.cat([self.action(before), encoded], -1)
        hidden, state = self.decoder(inputs, state)
        joined = torch.tanh(self.joint(torch.cat([self.dropout(hidden), encoded], -1)))
        usual = self.usual[(before != GO_ON).long(), phone]
        return (self.output(joined) + usual).log_softmax(-1), state


def indices(source: Source) -> Tensor:
    """(T, 4) what `encode` takes of each slot."""
    return torch.tensor(
        [
            (
                INDEX[slot.phone],
                STRESSES.index(slot.stress),
                PLACES.index(slot.place),
                LETTERS.index(slot.letter),
            )
            for slot in source
        ]
    ).reshape(-1, 4)


def actions(said: Sequence[Sequence[str]]) -> tuple[list[int], list[int]]:
    """What was said for every slot as actions, and the slot that each is taken at."""
    found: list[int] = []
    places: list[int] = []
    for at, sounds in enumerate(said):
        found += [*(INDEX[sound] for sound in sounds), GO_ON]
        places += [at] * (len(sounds) + 1)
    return found, places
