"""Evidence for every reference phone from the transducer, as evidence.py has it from CTC."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn.functional import pad

from speech.judge.evidence import NEVER
from speech.listener.model import Listener


@torch.no_grad()
def exchanged(listener: Listener, encoded: Tensor, reference: Tensor) -> Tensor:
    """(U, V) log likelihood of a take with reference phone u exchanged for symbol v.

    encoded (T, hidden), reference (U,) symbol indices, both at least 1 long. Every alignment of
    the other phones is summed (Graves 2012, arXiv 1211.3711); the predictor goes on as if the
    reference had been said, so that one wrong phone does not tell against the next. Column 0
    (blank) is unused; [u, reference[u]] is the likelihood of the reference itself.
    """
    predicted, _ = listener.predictor(pad(reference, (1, 0))[None])
    log_probs = listener.joiner(encoded[None], predicted)[0].log_softmax(-1)  # (T, U + 1, V)
    blank = log_probs[..., 0].double()
    emit = log_probs[:, torch.arange(len(reference)), reference].double()  # (T, U)
    said = pad(emit.cumsum(1), (1, 0))  # (T, U + 1) emitting all phones before u at once
    left = said[:, -1:] - said  # and all from u on

    # A node is entered from the frame before, then phones follow within the frame.
    entered = pad(emit.new_full((len(reference),), NEVER), (1, 0))
    alpha = []
    for at in range(len(encoded)):
        alpha.append(said[at] + torch.logcumsumexp(entered - said[at], 0))
        entered = alpha[-1] + blank[at]
    leaving = pad(emit.new_full((len(reference),), NEVER), (0, 1))
    beta = []
    for at in reversed(range(len(encoded))):
        ways = (leaving + blank[at] - left[at]).flip(0)
        leaving = left[at] + torch.logcumsumexp(ways, 0).flip(0)
        beta.append(leaving)
    forward, backward = torch.stack(alpha), torch.stack(beta[::-1])
    paths = forward[:, :-1, None] + log_probs[:, :-1] + backward[:, 1:, None]
    return paths.logsumexp(0).float()
