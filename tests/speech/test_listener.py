"""The network: a stream in chunks gives what the whole gives, and nothing looks ahead."""

import pytest
import torch

from speech.listener.features import HOP, WINDOW, frames_of, log_mel
from speech.listener.model import RIGHT, STRIDE, Listener, ListenerConfig, encoder_frames

SMALL = ListenerConfig(channels=16, context=8, hidden=24, layers=2)


def listener() -> Listener:
    torch.manual_seed(1)
    return Listener(SMALL).eval()


@pytest.mark.parametrize("chunk", [1, 7, 10, 64])
@torch.no_grad()
def test_chunks_of_any_size_give_the_whole(chunk: int) -> None:
    model = listener()
    features = torch.randn(2, 151, 80)
    whole = model.encoder(features)
    assert whole.shape[1] == encoder_frames(151)

    state = model.encoder.start(2)
    pieces = []
    padded = torch.nn.functional.pad(features, (0, 0, 0, model.encoder.look_ahead))
    for part in padded.split(chunk, 1):
        out, state = model.encoder.step(part, state)
        pieces.append(out)

    assert torch.allclose(torch.cat(pieces, 1), whole, atol=1e-4)


@torch.no_grad()
def test_a_later_sound_changes_nothing_before_its_look_ahead() -> None:
    model = listener()
    features = torch.randn(1, 120, 80)
    changed = features.clone()
    changed[:, 90:] += 3
    before = (90 - RIGHT) // STRIDE  # frames that see feature 89 at most
    same = model.encoder(features)[:, :before] == model.encoder(changed)[:, :before]
    assert bool(same.all())


def test_features_of_a_cut_stream_are_those_of_the_whole() -> None:
    samples = torch.randn(16_000)
    whole = log_mel(samples)
    assert len(whole) == frames_of(1.0)
    later = log_mel(samples[50 * HOP :])
    assert torch.equal(whole[50:], later)
    assert log_mel(samples[: WINDOW - 1]).shape == (0, 80)
