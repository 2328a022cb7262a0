"""The network: a stream in chunks gives what the whole gives, and nothing looks ahead."""

from dataclasses import replace
from typing import Literal

import pytest
import torch

from speech.listener.features import HOP, WINDOW, frames_of, log_mel
from speech.listener.model import STRIDE, Listener, ListenerConfig, encoder_frames

SMALL = ListenerConfig(channels=16, context=8, hidden=24, layers=2)


def listener(config: ListenerConfig = SMALL) -> Listener:
    torch.manual_seed(1)
    model = Listener(config).eval()
    torch.nn.init.normal_(model.encoder.ahead.weight, std=0.1)  # begins as nothing
    return model


@pytest.mark.parametrize("front", ["conv", "stack"])
@pytest.mark.parametrize("chunk", [1, 7, 10, 64])
@torch.no_grad()
def test_chunks_of_any_size_give_the_whole(chunk: int, front: Literal["conv", "stack"]) -> None:
    model = listener(replace(SMALL, front=front))
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
    before = (90 - model.encoder.look_ahead) // STRIDE  # frames that see feature 89 at most
    same = model.encoder(features)[:, :before] == model.encoder(changed)[:, :before]
    assert bool(same.all())


def test_features_of_a_cut_stream_are_those_of_the_whole() -> None:
    samples = torch.randn(16_000)
    whole = log_mel(samples)
    assert len(whole) == frames_of(1.0)
    later = log_mel(samples[50 * HOP :])
    assert torch.equal(whole[50:], later)
    assert log_mel(samples[: WINDOW - 1]).shape == (0, 80)


@pytest.mark.parametrize("memory", ["lstm", "stateless"])
@torch.no_grad()
def test_a_predictor_goes_on_from_its_state(memory: Literal["lstm", "stateless"]) -> None:
    predictor = listener(replace(SMALL, memory=memory)).predictor
    phones = torch.randint(1, 53, (2, 9))
    whole, _ = predictor(phones)
    first, state = predictor(phones[:, :4])
    second, _ = predictor(phones[:, 4:], state)
    assert torch.allclose(torch.cat([first, second], 1), whole, atol=1e-5)


@torch.no_grad()
def test_a_stateless_predictor_forgets_all_but_two_phones() -> None:
    predictor = listener(replace(SMALL, memory="stateless")).predictor
    phones = torch.randint(1, 53, (1, 9))
    other = torch.cat([phones[:, :7].flip(1), phones[:, 7:]], 1)
    assert torch.equal(predictor(phones)[0][:, -1], predictor(other)[0][:, -1])
