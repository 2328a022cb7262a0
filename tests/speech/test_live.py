"""Hearing many takes at once, and following a text: nothing depends on how the sound was cut."""

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from speech import audio, criterion
from speech.judge import bundle
from speech.listener.features import log_mel, normalise
from speech.listener.follow import Follower
from speech.listener.live import MOST, Stream, step
from speech.listener.model import Listener, ListenerConfig
from speech.phones import INDEX, SYMBOLS
from tests.voices import hiss, silence, synthesised

SMALL = ListenerConfig(channels=16, context=8, hidden=24, layers=2)
TEXT = "the children play in the garden"
OTHER_TEXT = "my big yellow school bus"


def small() -> Listener:
    torch.manual_seed(1)
    return Listener(SMALL).eval()


@pytest.fixture(scope="module")
def shipped() -> Listener:
    return bundle.load().listener


@torch.no_grad()
def whole(listener: Listener, samples: NDArray[np.float32]) -> NDArray[np.float32]:
    features = normalise(log_mel(torch.from_numpy(samples)))
    log_probs = listener.ctc_log_probs(listener.encoder(features[None]))
    return np.asarray(log_probs[0].numpy())


def heard(
    listener: Listener, takes: list[NDArray[np.float32]], cuts: list[int]
) -> list[NDArray[np.float32]]:
    """What streams side by side make of takes that come in pieces of so many samples each."""
    streams = [Stream(listener) for _ in takes]
    gained: list[list[NDArray[np.float32]]] = [[] for _ in takes]
    at = [0] * len(takes)
    while any(stream.due or at[n] < len(takes[n]) for n, stream in enumerate(streams)):
        for n, stream in enumerate(streams):
            stream.add(takes[n][at[n] : at[n] + cuts[n]])
            at[n] += cuts[n]
        for stream, log_probs in step(listener, streams).items():
            gained[streams.index(stream)].append(log_probs)
    return [np.concatenate(pieces) for pieces in gained]


def test_a_batch_gives_what_one_stream_and_the_whole_give() -> None:
    listener = small()
    rng = np.random.default_rng(3)
    cuts = [1_600, 1_600, 592, 4_801, 16_000]
    takes = [rng.normal(0, 0.1, 24_000 + 777 * n).astype(np.float32) for n in range(len(cuts))]
    together = heard(listener, takes, cuts)
    for take, cut, batched in zip(takes, cuts, together, strict=True):
        (alone,) = heard(listener, [take], [cut])
        expected = whole(listener, take)[: len(batched)]
        assert len(batched) == len(alone) >= len(take) / 640 - 10  # all but what waits for more
        assert np.abs(batched - alone).max() < 1e-4
        assert np.abs(batched - expected).max() < 1e-4


def test_a_stream_with_much_to_catch_up_takes_turns() -> None:
    listener = small()
    late, usual = Stream(listener), Stream(listener)
    late.add(np.zeros(32_000, np.float32))
    usual.add(np.zeros(4_160, np.float32))
    gained = step(listener, [late, usual])
    assert len(gained[late]) <= MOST / 4
    assert len(gained[usual]) == 1
    assert 1.7 < late.waiting_s < 1.8
    assert (late.due, usual.due) == (MOST, 0)


# Following a text


def posteriors(*spoken: str, sure: float = 0.9) -> NDArray[np.float32]:
    """One frame for each symbol ('.' is a blank), as a listener that is `sure` gives them."""
    rest = (1 - sure) / (len(SYMBOLS) - 1)
    probabilities = np.full((len(spoken), len(SYMBOLS)), rest, np.float32)
    for frame, symbol in enumerate(spoken):
        probabilities[frame, 0 if symbol == "." else INDEX[symbol]] = sure
    return np.log(probabilities)


TWO_CATS = (("T", "UW"), ("K", "AE", "T", "S"), ("S", "L", "IY", "P"))


def lit(*spoken: str) -> list[int]:
    """The words read after every frame."""
    follower = Follower(TWO_CATS)
    return [follower.feed(posteriors(symbol)) for symbol in spoken]


def test_a_word_lights_when_its_last_sound_is_heard() -> None:
    counts = lit(*". T . UW . . K AE . T S . S . L IY P .".split())
    assert counts == [0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 3, 3]


@pytest.mark.parametrize(
    "spoken",
    [
        "T . UW . K . EH . T . S . es_e . S L . es_i . P .",  # with an accent
        "T . UW . T . UW . K AE . T S . K AE . T S . S . L . IY . P .",  # with words twice
        "M . IH . T . UW . . HH . K . AE . T . S . S . L . IY . P .",  # with a false start
        "T . UW . K . AE . S . S . L . IY . P .",  # without the t of 'cats'
    ],
)
def test_an_error_does_not_hold_it_up(spoken: str) -> None:
    assert lit(*spoken.split())[-1] == 3


def test_silence_and_other_words_light_nothing() -> None:
    assert lit(*["."] * 200)[-1] == 0
    assert (
        lit(*"M . AY . B . IH . G . JH . AA . N . Y . EH . L . OW . V . AE . N .".split())[-1] == 0
    )


def test_it_stays_where_a_reader_falls_silent() -> None:
    assert lit(*"T . UW . K . AE . T . S .".split(), *["."] * 100)[-1] == 2


def read_aloud(listener: Listener, text: str, pcm: bytes) -> list[int]:
    """The words of a text read after every 100 ms."""
    follower = Follower([word.pronunciations[0] for word in criterion.build(text).words])
    samples = audio.from_pcm16(pcm)
    stream, counts = Stream(listener), []
    for at in range(0, len(samples), 1_600):
        stream.add(samples[at : at + 1_600])
        for log_probs in step(listener, [stream]).values():
            follower.feed(log_probs)
        counts.append(follower.words)
    return counts


def test_a_voice_lights_its_words_one_after_the_other(shipped: Listener) -> None:
    said = synthesised(TEXT)
    counts = read_aloud(shipped, TEXT, silence(0.5) + said.pcm + silence(0.8))
    assert counts == sorted(counts)
    assert counts[-1] >= 5  # of six
    halfway = counts[5 + round(said.seconds * 5)]
    assert 1 <= halfway <= 5


@pytest.mark.parametrize("pcm", [silence(6), hiss(6), hiss(6, 0.003)], ids=["none", "loud", "low"])
def test_no_voice_lights_nothing(shipped: Listener, pcm: bytes) -> None:
    assert read_aloud(shipped, TEXT, pcm)[-1] == 0


def test_another_text_lights_next_to_nothing(shipped: Listener) -> None:
    assert read_aloud(shipped, TEXT, synthesised(OTHER_TEXT).pcm + silence(0.8))[-1] <= 1
