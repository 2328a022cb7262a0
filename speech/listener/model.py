"""The listener's network: a causal ConvRNN-T (arXiv 2209.14868) with a CTC branch.

Encoder: a local CNN branch (4 frames in, one out: 25 frames/s, 60 ms of look-ahead) and a global
CNN branch whose summary is the mean over all frames so far, never later ones; joined, then
LSTM layers; before the last of them a look-ahead convolution over the next `ahead` frames (row
convolution of Deep Speech 2, arXiv 1512.02595, with full weights). Predictor: an LSTM over the
last phones. Joiner: sum, tanh, linear.

Two ablations are a matter of configuration: `front="stack"` puts nine stacked frames and a linear
layer in the place of both branches (a plain LSTM transducer); `memory="stateless"` shows the
predictor the last two phones alone (Ghodsi et al., ICASSP 2020).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple, TypeVar

import torch
from torch import Tensor, nn
from torch.nn.functional import linear, pad

from speech.listener.features import MELS
from speech.phones import SYMBOLS

STRIDE = 4  # feature frames in one encoder frame: 40 ms
FEW = 6  # frames that a stream's step advances by cells
KERNEL = 5  # of both local convolutions
# One encoder frame sees feature frames [4t - LEFT, 4t + RIGHT].
LEFT, RIGHT = 2, 6


Frames = TypeVar("Frames", Tensor, int)


@dataclass(frozen=True)
class ListenerConfig:
    """Sizes; written into the bundle."""

    channels: int = 160
    context: int = 96
    hidden: int = 320
    layers: int = 3
    predictor: int = 128
    joint: int = 192
    ahead: int = 4  # encoder frames
    dropout: float = 0.15
    front: Literal["conv", "stack"] = "conv"
    memory: Literal["lstm", "stateless"] = "lstm"
    symbols: tuple[str, ...] = SYMBOLS


class EncoderState(NamedTuple):
    """What a stream carries from chunk to chunk; streams of one tail length make a batch."""

    tail: Tensor  # (B, n, 80) feature frames still needed
    total: Tensor  # (B, context) sum of the global branch so far
    frames: Tensor  # (B,) encoder frames so far
    waiting: Tensor  # (B, n, hidden) frames before the last layer whose look-ahead is not yet here
    lstm: tuple[tuple[Tensor, Tensor], ...]  # hidden and cell (1, B, hidden) of every layer


class Layer(nn.Module):
    """A unidirectional LSTM around which its input also passes."""

    def __init__(self, config: ListenerConfig) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(config.hidden)
        self.lstm = nn.LSTM(config.hidden, config.hidden, batch_first=True)
        self.drop = nn.Dropout(config.dropout)
        self._transposed: tuple[Tensor, Tensor, Tensor] | None = None  # what `_few` reads

    def forward(
        self, x: Tensor, carry: tuple[Tensor, Tensor]
    ) -> tuple[Tensor, tuple[Tensor, Tensor]]:
        step = self._few if x.shape[1] <= FEW and not torch.is_grad_enabled() else self.lstm
        out, carry = step(self.norm(x), carry)
        return x + self.drop(out), carry

    def _few(self, x: Tensor, carry: tuple[Tensor, Tensor]) -> tuple[Tensor, tuple[Tensor, Tensor]]:
        """The same without nn.LSTM, which on a CPU repacks its weights at every call.

        A stream's step reads weights more than it computes, fastest where they lie transposed.
        """
        if self._transposed is None:
            ih, hh, *biases = (w.detach() for w in self.lstm.all_weights[0])
            self._transposed = ih.T.contiguous(), hh.T.contiguous(), biases[0] + biases[1]
        of_input, of_hidden, bias = self._transposed
        inputs = x @ of_input + bias
        hidden, cell = carry[0][0], carry[1][0]
        outs = []
        for frame in inputs.unbind(1):
            entry, forget, new, exit_ = torch.addmm(frame, hidden, of_hidden).chunk(4, 1)
            cell = forget.sigmoid() * cell + entry.sigmoid() * new.tanh()
            hidden = exit_.sigmoid() * cell.tanh()
            outs.append(hidden)
        return torch.stack(outs, 1), (hidden[None], cell[None])

    def train(self, mode: bool = True) -> Layer:
        self._transposed = None  # weights may change from here on
        return super().train(mode)


def convolved(layer: nn.Conv1d, x: Tensor) -> Tensor:
    """(B, T, in) -> (B, t, out); as a matrix product where a stream brings few frames."""
    if x.shape[1] > 4 * FEW or torch.is_grad_enabled():
        return layer(x.transpose(1, 2)).transpose(1, 2)
    windows = x.unfold(1, layer.kernel_size[0], layer.stride[0])  # (B, t, in, kernel)
    return linear(windows.flatten(2), layer.weight.flatten(1), layer.bias)


class Encoder(nn.Module):
    """(B, T, 80) log-mel -> (B, T', hidden), T' = (T - 1) // 4 + 1; causal."""

    def __init__(self, config: ListenerConfig) -> None:
        super().__init__()
        self.config = config
        self.first = nn.Conv1d(MELS, config.channels, KERNEL)
        self.second = nn.Conv1d(config.channels, config.hidden, KERNEL, stride=STRIDE)
        self.glob = nn.Conv1d(config.channels, config.context, KERNEL, stride=STRIDE)
        self.spread = nn.Linear(config.context, config.hidden)
        self.norm = nn.LayerNorm(config.hidden)
        self.drop = nn.Dropout(config.dropout)
        self.layers = nn.ModuleList(Layer(config) for _ in range(config.layers))
        if config.ahead:
            self.ahead = nn.Conv1d(config.hidden, config.hidden, config.ahead + 1)
            nn.init.zeros_(self.ahead.weight)
            assert self.ahead.bias is not None
            nn.init.zeros_(self.ahead.bias)
        self.last = nn.LayerNorm(config.hidden)

    def join(self, x: Tensor, total: Tensor, seen: Tensor) -> tuple[Tensor, Tensor]:
        """Both branches over (B, 4t + 5, 80), (B, t, hidden); `seen` (B,) frames came before.

        Also the sum of the global branch up to the last of these frames.
        """
        low = convolved(self.first, x).relu()
        local = convolved(self.second, low)
        glob = convolved(self.glob, low).relu()  # (B, t, context)
        sums = total[:, None] + glob.cumsum(1)
        steps = torch.arange(1, local.shape[1] + 1, device=x.device) + seen[:, None]
        return local + self.spread(sums / steps[:, :, None]), sums[:, -1]

    @property
    def look_ahead(self) -> int:
        """Feature frames (10 ms) after its own that an encoder frame waits for."""
        return RIGHT + self.config.ahead * STRIDE

    def start(self, batch: int, device: torch.device | None = None) -> EncoderState:
        """The state of a stream before its first frame."""

        def zeros(*shape: int) -> Tensor:
            return torch.zeros(*shape, device=device)

        config = self.config
        carry = (zeros(1, batch, config.hidden), zeros(1, batch, config.hidden))
        return EncoderState(
            zeros(batch, LEFT, MELS),
            zeros(batch, config.context),
            zeros(batch),
            zeros(batch, 0, config.hidden),
            (carry,) * config.layers,
        )

    def step(self, features: Tensor, state: EncoderState) -> tuple[Tensor, EncoderState]:
        """Advance by (B, n, 80) normalised frames; gives the encoder frames now complete."""
        x = torch.cat([state.tail, features], 1)
        frames = max(0, (x.shape[1] - (LEFT + RIGHT + 1)) // STRIDE + 1)
        if frames == 0:
            empty = x.new_zeros(x.shape[0], 0, self.config.hidden)
            return empty, state._replace(tail=x)
        used = x[:, : (frames - 1) * STRIDE + LEFT + RIGHT + 1]
        joined, total = self.join(used, state.total, state.frames)
        out = self.drop(self.norm(joined).relu())
        carried: list[tuple[Tensor, Tensor]] = []
        for layer, carry in zip(self.layers[:-1], state.lstm, strict=False):
            out, carry = layer(out, carry)
            carried.append(carry)
        out = torch.cat([state.waiting, out], 1)
        ready = max(0, out.shape[1] - self.config.ahead)
        waiting = out[:, ready:]
        if ready:
            if self.config.ahead:
                out = out[:, :ready] + convolved(self.ahead, out)
            out, carry = self.layers[-1](out, state.lstm[-1])
        else:
            out, carry = out[:, :0], state.lstm[-1]
        carried.append(carry)
        tail = x[:, frames * STRIDE :]
        state = EncoderState(tail, total, state.frames + frames, waiting, tuple(carried))
        return self.last(out), state

    def forward(self, features: Tensor) -> Tensor:
        """Whole utterances; the end is padded so that the last frames count too."""
        state = self.start(features.shape[0], features.device)
        return self.step(pad(features, (0, 0, 0, self.look_ahead)), state)[0]


class StackEncoder(Encoder):
    """The ablation: the same frames stacked and projected, nothing global."""

    def __init__(self, config: ListenerConfig) -> None:
        super().__init__(config)
        del self.first, self.second, self.glob, self.spread
        self.linear = nn.Linear((LEFT + RIGHT + 1) * MELS, config.hidden)

    def join(self, x: Tensor, total: Tensor, seen: Tensor) -> tuple[Tensor, Tensor]:
        stacked = x.unfold(1, LEFT + RIGHT + 1, STRIDE).flatten(2)
        return self.linear(stacked), total


def encoder_frames(frames: Frames) -> Frames:
    """Encoder frames that so many feature frames give (see Encoder.forward)."""
    return (frames - 1) // STRIDE + 1


class Predictor(nn.Module):
    """(B, U) phones so far -> (B, U, joint); index 0 (blank) stands for the start."""

    def __init__(self, config: ListenerConfig) -> None:
        super().__init__()
        self.embed = nn.Embedding(len(config.symbols), config.predictor)
        self.lstm = nn.LSTM(config.predictor, config.predictor, batch_first=True)
        self.out = nn.Linear(config.predictor, config.joint)
        self.drop = nn.Dropout(config.dropout)

    def forward(
        self, phones: Tensor, state: tuple[Tensor, Tensor] | None = None
    ) -> tuple[Tensor, tuple[Tensor, Tensor]]:
        hidden, state = self.lstm(self.drop(self.embed(phones)), state)
        return self.out(hidden), state


class StatelessPredictor(nn.Module):
    """The same from the last two phones alone; the state is the last phone's embedding, twice."""

    def __init__(self, config: ListenerConfig) -> None:
        super().__init__()
        self.embed = nn.Embedding(len(config.symbols), config.predictor)
        self.both = nn.Linear(2 * config.predictor, config.predictor)
        self.out = nn.Linear(config.predictor, config.joint)
        self.drop = nn.Dropout(config.dropout)

    def forward(
        self, phones: Tensor, state: tuple[Tensor, Tensor] | None = None
    ) -> tuple[Tensor, tuple[Tensor, Tensor]]:
        embedded = self.drop(self.embed(phones))
        before = state[0] if state else torch.zeros_like(embedded[:, :1])
        shifted = torch.cat([before, embedded[:, :-1]], 1)
        hidden = self.both(torch.cat([shifted, embedded], -1)).relu()
        return self.out(hidden), (embedded[:, -1:], embedded[:, -1:])


class Listener(nn.Module):
    """Encoder, CTC branch, predictor and joiner."""

    def __init__(self, config: ListenerConfig) -> None:
        super().__init__()
        self.config = config
        self.encoder = (Encoder if config.front == "conv" else StackEncoder)(config)
        self.drop = nn.Dropout(config.dropout)
        self.ctc = nn.Linear(config.hidden, len(config.symbols))
        self.predictor = (
            Predictor(config) if config.memory == "lstm" else StatelessPredictor(config)
        )
        self.project = nn.Linear(config.hidden, config.joint)
        self.joint = nn.Linear(config.joint, len(config.symbols))

    def ctc_log_probs(self, encoded: Tensor) -> Tensor:
        """(B, T', hidden) -> (B, T', V) log posteriors."""
        return self.ctc(self.drop(encoded)).log_softmax(-1)

    def joiner(self, encoded: Tensor, predicted: Tensor) -> Tensor:
        """(B, T', hidden), (B, U, joint) -> (B, T', U, V) logits."""
        return self.joint((self.project(encoded)[:, :, None] + predicted[:, None]).tanh())
