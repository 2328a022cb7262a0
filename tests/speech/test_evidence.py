"""The evidence against brute force: every hypothesis scored by torch's own CTC loss."""

import pytest
import torch
from torch.nn.functional import ctc_loss

from speech.judge.evidence import gather

SYMBOLS = 9


def likelihood(log_probs: torch.Tensor, phones: list[int]) -> float:
    cost = ctc_loss(
        log_probs[:, None],
        torch.tensor([phones]),
        torch.tensor([len(log_probs)]),
        torch.tensor([len(phones)]),
        reduction="none",
    )
    return -float(cost[0])


@pytest.mark.parametrize("reference", [[3, 5, 5, 2], [1], [4, 4], [2, 3, 2], [7, 1, 7, 7, 3]])
def test_every_exchange_deletion_and_insertion_has_its_exact_likelihood(
    reference: list[int],
) -> None:
    torch.manual_seed(len(reference))
    log_probs = (2 * torch.randn(11, SYMBOLS, dtype=torch.float64)).log_softmax(-1)

    evidence = gather(log_probs, torch.tensor(reference))

    assert float(evidence.total) == pytest.approx(likelihood(log_probs, reference))
    for u in range(len(reference) + 1):
        before, after = reference[:u], reference[u:]
        for v in range(1, SYMBOLS):
            inserted = likelihood(log_probs, [*before, v, *after])
            assert float(evidence.inserted[u, v]) == pytest.approx(inserted)
            if after:
                exchanged = likelihood(log_probs, [*before, v, *after[1:]])
                assert float(evidence.exchanged[u, v]) == pytest.approx(exchanged)
        if after and len(reference) > 1:
            deleted = likelihood(log_probs, [*before, *after[1:]])
            assert float(evidence.deleted[u]) == pytest.approx(deleted)


def test_a_clear_wrong_phone_leaves_its_neighbours_alone() -> None:
    said, reference = [1, 2, 3], [1, 5, 3]
    log_probs = torch.full((9, SYMBOLS), 0.01)
    for at, phone in enumerate(said):
        log_probs[3 * at : 3 * at + 2, phone] = 1.0
        log_probs[3 * at + 2, 0] = 1.0
    evidence = gather((log_probs / log_probs.sum(1, keepdim=True)).log(), torch.tensor(reference))
    best = evidence.exchanged[:, 1:].argmax(1) + 1
    assert best.tolist() == said
    assert evidence.exchanged[1, 2] - evidence.total > 3
    assert evidence.exchanged[0, 1] == pytest.approx(float(evidence.total), abs=1e-4)
