"""The transducer's evidence against torchaudio's own loss."""

import pytest
import torch
from torch.nn.functional import pad
from torchaudio.functional import rnnt_loss

from speech.judge import transducer
from speech.listener.model import Listener, ListenerConfig

REFERENCES = [[3, 5, 5, 2], [1], [4, 4], [7, 1, 7, 7, 3, 9, 2]]


@pytest.fixture(scope="module")
def listener() -> Listener:
    torch.manual_seed(1)
    config = ListenerConfig(hidden=16, channels=8, context=4, predictor=8, joint=12, layers=1)
    return Listener(config).eval()


def likelihood(
    listener: Listener, encoded: torch.Tensor, spoken: list[int], seen: list[int]
) -> float:
    """Of `spoken`, where the predictor has seen `seen`."""
    predicted, _ = listener.predictor(pad(torch.tensor([seen]), (1, 0)))
    cost = rnnt_loss(
        listener.joiner(encoded[None], predicted),
        torch.tensor([spoken], dtype=torch.int32),
        torch.tensor([len(encoded)], dtype=torch.int32),
        torch.tensor([len(spoken)], dtype=torch.int32),
        blank=0,
        reduction="none",
    )
    return -float(cost[0])


@torch.no_grad()
@pytest.mark.parametrize("frames", [1, 3, 40])
@pytest.mark.parametrize("reference", REFERENCES)
def test_every_exchange_has_its_exact_likelihood(
    listener: Listener, reference: list[int], frames: int
) -> None:
    encoded = 3 * torch.randn(frames, 16)
    found = transducer.exchanged(listener, encoded, torch.tensor(reference))
    assert found.shape == (len(reference), len(listener.config.symbols))
    for u, phone in enumerate(reference):
        for v in (phone, 6, 11):
            spoken = [*reference[:u], v, *reference[u + 1 :]]
            expected = likelihood(listener, encoded, spoken, reference)
            assert float(found[u, v]) == pytest.approx(expected, rel=1e-4, abs=1e-3)
