"""Doubtful labels: the loss has a true gradient, and the audio chooses."""

import torch
from torch.nn.functional import ctc_loss

from speech.phones import SYMBOLS
from speech.recipes.phonetic_rnnt import labels

LABELS = [["AA", "T?", "S!", "IY"], ["B", "IY!"]]


def batch() -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    targets = torch.zeros(2, 4, dtype=torch.long)
    for row, names in enumerate(LABELS):
        for column, name in enumerate(names):
            targets[row, column] = labels.encode(name)
    return torch.tensor([9, 7]), targets, torch.tensor([4, 2])


def test_the_gradient_is_that_of_finite_differences() -> None:
    torch.manual_seed(0)
    frames, targets, lengths = batch()
    logits = torch.randn(2, 9, len(SYMBOLS), dtype=torch.float64, requires_grad=True)
    labels.loss(logits.log_softmax(-1), frames, targets, lengths).backward()
    assert logits.grad is not None

    def value(x: torch.Tensor) -> float:
        wide = labels.widen(x.log_softmax(-1)).transpose(0, 1)
        cost = ctc_loss(wide, targets, frames, lengths, reduction="none")
        return float((cost / lengths).mean())

    with torch.no_grad():
        for at in [(0, 0, 3), (0, 4, 10), (1, 3, 16), (1, 6, 0)]:
            up, down = logits.clone(), logits.clone()
            up[at] += 1e-5
            down[at] -= 1e-5
            slope = (value(up) - value(down)) / 2e-5
            assert abs(slope - float(logits.grad[at])) < 1e-6


def test_a_phone_known_to_be_wrong_is_never_trained_toward_itself() -> None:
    row = labels.weights()[labels.encode("IH!")]
    assert row[SYMBOLS.index("IH")] == 0
    assert row[SYMBOLS.index("IY")] == 1


def test_the_audio_chooses_among_doubtful_labels() -> None:
    said = ["SH", "IY", "P"]
    log_probs = torch.full((9, len(SYMBOLS)), 0.001)
    for at, phone in enumerate(said):
        log_probs[3 * at : 3 * at + 2, SYMBOLS.index(phone)] = 1.0
        log_probs[3 * at + 2, 0] = 1.0
    log_probs = (log_probs / log_probs.sum(1, keepdim=True)).log()
    assert labels.settle(log_probs, ("SH", "IH!", "P")) == ("SH", "IY", "P")
    assert labels.settle(log_probs, ("SH", "IH?", "P")) == ("SH", "IY", "P")
    assert labels.settle(log_probs, ("SH", "IH", "P")) == ("SH", "IH", "P")
