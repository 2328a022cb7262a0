"""Free decoding against brute force, and what it makes of real takes."""

import itertools
import math
from collections.abc import Iterable
from typing import Literal

import numpy as np
import pytest
import torch

from speech import audio
from speech.engine import Engine
from speech.judge.evidence import likelihoods
from speech.listener import decode as decoding
from speech.listener.decode import Candidate, Search, beam_ctc, beam_transducer, decode
from speech.listener.model import Listener, ListenerConfig
from speech.phones import INDEX
from tests.voices import learners

Memory = Literal["lstm", "stateless"]
SEARCHES = [Search("ctc", 1), Search("ctc", 8), Search("transducer", 4), Search("joint", 4)]


@pytest.fixture(scope="module")
def engine() -> Engine:
    return Engine.load()


def tiny(memory: Memory = "lstm", symbols: int = 6) -> Listener:
    """A random listener with opinions: it emits a phone every few frames."""
    names = ListenerConfig().symbols[:symbols]
    config = ListenerConfig(8, 4, 12, 1, 8, 8, ahead=0, memory=memory, symbols=names)
    model = Listener(config).eval()
    with torch.no_grad():
        model.joint.weight *= 4
        model.joint.bias[0] += 2
    return model


def sequences(found: Iterable[Candidate]) -> list[torch.Tensor]:
    return [torch.tensor(each.symbols, dtype=torch.long) for each in found]


def posteriors(frames: int, symbols: int) -> torch.Tensor:
    return (2 * torch.randn(frames, symbols, dtype=torch.float64)).log_softmax(-1)


def test_a_wide_ctc_beam_holds_every_sequence_with_its_exact_likelihood() -> None:
    torch.manual_seed(0)
    log_probs = posteriors(5, 3)
    expected: dict[tuple[int, ...], float] = {}
    for path in itertools.product(range(3), repeat=5):
        symbols = tuple(s for s, _ in itertools.groupby(path) if s)
        probability = math.exp(sum(float(log_probs[t, s]) for t, s in enumerate(path)))
        expected[symbols] = expected.get(symbols, 0) + probability

    found = {each.symbols: math.exp(each.log_prob) for each in beam_ctc(log_probs, 1000)}

    assert found == pytest.approx(expected)
    assert sum(found.values()) == pytest.approx(1)


@pytest.mark.parametrize("memory", ["lstm", "stateless"])
@torch.no_grad()
def test_a_wide_transducer_beam_has_the_exact_likelihood_of_short_sequences(
    memory: Memory,
) -> None:
    torch.manual_seed(1)
    model = tiny(memory, symbols=3)
    encoded = torch.randn(2, 12)

    found = {c.symbols: c.log_prob for c in beam_transducer(model, encoded, 10_000)}

    for length in range(decoding.MAX_PER_FRAME):
        for symbols in itertools.product((1, 2), repeat=length):
            predicted, _ = model.predictor(torch.tensor([[0, *symbols]]))
            scores = model.joiner(encoded[None], predicted)[0].log_softmax(-1)  # (T, U + 1, V)
            total = 0.0
            for emitted in itertools.combinations_with_replacement(range(2), length):
                # The blank of frame t is taken once all phones up to that frame are out.
                blanks = [scores[t, sum(e <= t for e in emitted), 0] for t in range(2)]
                phones = [
                    scores[t, u, s] for u, (t, s) in enumerate(zip(emitted, symbols, strict=True))
                ]
                total += math.exp(sum(map(float, blanks + phones)))
            assert found[symbols] == pytest.approx(math.log(total), abs=1e-4)
    for some in ([(), (1,), (2, 2, 1)], [()]):
        tensors = [torch.tensor(s, dtype=torch.long) for s in some]
        exact = decoding.transducer_likelihoods(model, encoded, tensors)
        assert exact.tolist() == pytest.approx([found[s] for s in some], abs=1e-4)


@pytest.mark.parametrize("memory", ["lstm", "stateless"])
def test_a_beam_of_one_is_greedy(memory: Memory) -> None:
    lengths = set()
    for seed in range(10):
        torch.manual_seed(seed)
        model, encoded = tiny(memory), torch.randn(12, 12)
        greedy = [INDEX[h.phone] for h in decoding.greedy_transducer(model, encoded)]
        assert beam_transducer(model, encoded, 1)[0].symbols == tuple(greedy)
        log_probs = posteriors(12, 6)
        greedy_ctc = [INDEX[h.phone] for h in decoding.greedy_ctc(log_probs)]
        assert beam_ctc(log_probs, 1)[0].symbols == tuple(greedy_ctc)
        lengths |= {len(greedy), len(greedy_ctc)}
    assert max(lengths) > 3


@torch.no_grad()
def test_a_wider_beam_finds_what_is_likelier() -> None:
    """On the whole: only the widest is sure to, since pruning may go wrong in any other."""
    best = np.zeros((2, 8, 3))
    for seed in range(8):
        torch.manual_seed(seed)
        model, encoded, log_probs = tiny(), torch.randn(6, 12), posteriors(6, 6)
        for number, beam in enumerate((1, 8, 64)):
            found = sequences(beam_ctc(log_probs, beam))
            best[0, seed, number] = likelihoods(log_probs, found).max()
            found = sequences(beam_transducer(model, encoded, beam))
            scores = decoding.transducer_likelihoods(model, encoded, found)
            best[1, seed, number] = scores.max()
    assert (best.max(2) <= best[..., 2] + 1e-3).all()
    greedy, beam_of_8, widest = np.moveaxis(best.mean(1), -1, 0)
    assert (greedy < beam_of_8).all()
    assert (beam_of_8 <= widest).all()


@torch.no_grad()
def test_joint_scores_are_the_weighed_sum_of_both() -> None:
    model = tiny(symbols=6)
    torch.manual_seed(2)
    encoded = torch.randn(12, 12)
    log_probs = model.ctc_log_probs(encoded)
    found = beam_ctc(log_probs, 4)
    for each in decoding.rescored(model, encoded, log_probs, found):
        ctc = float(likelihoods(log_probs, sequences([each])))
        other = float(decoding.transducer_likelihoods(model, encoded, sequences([each])))
        share = decoding.TRANSDUCER_SHARE
        assert each.log_prob == pytest.approx((1 - share) * ctc + share * other, abs=1e-4)


@pytest.mark.parametrize("search", SEARCHES)
def test_readings_of_a_take_are_different_sorted_and_timed(engine: Engine, search: Search) -> None:
    for voice in learners(4):
        samples = audio.from_pcm16(voice.pcm)
        nbest = engine.hear(samples, search, 4).nbest
        assert 1 <= len(nbest) <= min(4, search.beam)
        readings = [tuple(h.phone for h in each.phones) for each in nbest]
        assert len(set(readings)) == len(readings)
        scores = [each.log_prob for each in nbest]
        assert scores == sorted(scores, reverse=True)
        for each in nbest:
            end = 0.0
            for heard in each.phones:
                assert end <= heard.start_s < heard.end_s <= voice.seconds
                assert 0 < heard.confidence < 1
                end = heard.end_s
        assert engine.hear(samples, search).heard == readings[0]


@pytest.mark.parametrize("search", SEARCHES)
@pytest.mark.parametrize("count", [0, 1, 300, 1000, 2400])
def test_hardly_any_sound_is_heard_as_hardly_anything(
    engine: Engine, search: Search, count: int
) -> None:
    noise = 0.1 * np.random.default_rng(1).standard_normal(count, np.float32)
    nbest = engine.hear(noise, search, 3).nbest
    assert len(nbest) >= 1
    for each in nbest:
        assert len(each.phones) <= 4
        assert all(h.start_s <= h.end_s <= count / 16_000 for h in each.phones)


def test_more_phones_than_frames_are_no_reading() -> None:
    torch.manual_seed(0)
    model = tiny()
    with torch.no_grad():
        model.joint.bias[0] -= 100  # never moves on by itself
    encoded = torch.randn(2, 12)
    found = decode(model, encoded, model.ctc_log_probs(encoded), Search("transducer", 2), 2)
    assert [each.phones for each in found] == [()]
