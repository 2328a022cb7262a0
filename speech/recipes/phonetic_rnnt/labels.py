"""Labels that may be in doubt, for CTC training.

A phone the experts scored low is not trained toward itself. 'T?' (doubt) accepts T or, at a
lower weight, a phone of its class; 'T!' (wrong) accepts any phone of its class but T. Each such
label is a column of its own whose probability is a weighted sum over real phones, so that the
audio chooses.
"""

from __future__ import annotations

from functools import cache

import torch
from torch import Tensor
from torch.nn.functional import ctc_loss
from torchaudio.functional import forced_align, merge_tokens

from speech.phones import INDEX, INVENTORY, SYMBOLS

VOWELS = frozenset(
    ("AA AE AH AO AW AY EH ER EY IH IY OW OY UH UW es_a es_e es_i es_o es_u").split()
)
DOUBT_WEIGHT = 0.4  # of a neighbour, where the label itself has 1
FAR_WEIGHT = 0.1  # of a phone of the other class, where the label is known to be wrong
_V = len(SYMBOLS)


def encode(label: str) -> int:
    """Column of a label: phone, phone + '?', phone + '!'."""
    plain = label.rstrip("?!")
    return INDEX[plain] + _V * {"": 0, "?": 1, "!": 2}[label[len(plain) :]]


@cache
def weights() -> Tensor:
    """(3 V, V): how much of every phone each label accepts."""
    matrix = torch.zeros(3 * _V, _V)
    matrix[:_V] = torch.eye(_V)
    for phone in INVENTORY:
        column = INDEX[phone]
        for other in INVENTORY:
            near = (phone in VOWELS) == (other in VOWELS)
            at = INDEX[other]
            matrix[_V + column, at] = DOUBT_WEIGHT if near else 0.0
            matrix[2 * _V + column, at] = 1.0 if near else FAR_WEIGHT
        matrix[_V + column, column] = 1.0
        matrix[2 * _V + column, column] = 0.0
    return matrix


def widen(log_probs: Tensor) -> Tensor:
    """(..., V) log probabilities -> (..., 3 V) log weights of all labels."""
    extra = (log_probs.exp() @ weights()[_V:].T.to(log_probs)).clamp_min(1e-8).log()
    return torch.cat([log_probs, extra], -1)


def loss(log_probs: Tensor, frames: Tensor, targets: Tensor, lengths: Tensor) -> Tensor:
    """Mean CTC loss a label over (B, T, V) log probabilities and (B, U) labels.

    torch's ctc_loss returns the gradient of a softmax over its columns, exp(x) too much where
    the columns are not one distribution; the second term takes that away again.
    """
    wide = widen(log_probs)  # (B, T, 3V)
    total = ctc_loss(
        wide.transpose(0, 1), targets, frames, lengths, reduction="none", zero_infinity=True
    )
    mask = torch.arange(wide.shape[1], device=wide.device)[None] < frames[:, None]
    surplus = (wide.exp() * mask[..., None]).sum((1, 2))
    usable = total.detach() != 0  # infinite losses are zeroed and give no gradient
    loss = total - torch.where(usable, surplus - surplus.detach(), 0.0)
    return (loss / lengths.clamp_min(1)).mean()


def settle(log_probs: Tensor, labels: tuple[str, ...]) -> tuple[str, ...]:
    """Choose a real phone for every doubtful label by the forced alignment of (T, V) posteriors."""
    if all(label[-1] not in "?!" for label in labels):
        return labels
    targets = torch.tensor([[encode(label) for label in labels]], dtype=torch.int32)
    wide = widen(log_probs)
    path, scores = forced_align(wide[None], targets)
    spans = merge_tokens(path[0], scores[0].exp())
    chosen = []
    for label, span in zip(labels, spans, strict=True):
        column = encode(label)
        if column < _V:
            chosen.append(label)
            continue
        mass = log_probs[span.start : span.end].exp().sum(0) * weights()[column]
        chosen.append(SYMBOLS[int(mass.argmax())])
    return tuple(chosen)
