"""Where the stress lay: pitch and energy of known sounds, and words said with it moved."""

import hashlib
import json
import math
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import safetensors.torch
import torch
from numpy.typing import NDArray

from speech import audio, criterion, espeak, lexicon
from speech.bundle import WEIGHTS
from speech.criterion import PRIORS
from speech.engine import Engine
from speech.errors import SpeechError
from speech.findings import StressFinding, Verdict
from speech.judge import bundle
from speech.judge.evidence import gather, symbols
from speech.judge.stress import HOP, SYLLABLE, WORD, Stress, Word, expected, look, prosody
from speech.phones import INDEX, SYMBOLS
from speech.thresholds import Thresholds

RATE = 16_000
THRESHOLDS = Thresholds(0.5, 0.3, 1, 1, {}, 0.8, 0.4, 0.7)


def buzz(hz: float, seconds: float, level: float = 0.3) -> NDArray[np.float32]:
    """A voice without a mouth: all harmonics, falling."""
    t = np.arange(round(seconds * RATE)) / RATE
    waves = [np.sin(2 * np.pi * hz * n * t) / n for n in range(1, int(3000 / hz))]
    return (level * np.sum(waves, 0)).astype(np.float32)


@pytest.mark.parametrize("hz", [85, 120, 200, 310, 390])
def test_the_pitch_of_a_voice_is_found(hz: float) -> None:
    frames = prosody(buzz(hz, 0.5))[3:-3]
    assert frames[:, 4] == pytest.approx(math.log(hz), abs=0.04)
    assert (frames[:, 5] > 0.7).all()


def test_a_hiss_has_no_pitch_and_silence_no_energy() -> None:
    hiss = np.random.default_rng(1).normal(0, 0.1, RATE).astype(np.float32)
    assert np.median(prosody(hiss)[:, 5]) < 0.7
    quiet = prosody(np.zeros(RATE, np.float32))
    assert np.isfinite(quiet).all() and quiet[:, 5].max() < 0.1
    assert (quiet[:, 0] < prosody(hiss)[:, 0].min() - 5).all()


def test_twice_the_amplitude_is_four_times_the_energy() -> None:
    soft, loud = (prosody(buzz(150, 0.4, level))[3:-3] for level in (0.2, 0.4))
    assert loud[:, 0] - soft[:, 0] == pytest.approx(math.log(4), abs=0.01)
    assert loud[:, 2] - loud[:, 1] == pytest.approx(soft[:, 2] - soft[:, 1], abs=0.01)


@pytest.mark.parametrize("count", [0, 1, 319, 320, 16_000])
def test_any_length_of_audio_has_its_frames(count: int) -> None:
    assert prosody(np.zeros(count, np.float32)).shape == (1 + count // HOP, 6)


@pytest.mark.parametrize(
    ("pattern", "at"),
    [("10", 0), ("010", 1), ("201", 2), ("02", 1), ("00", None), ("1", None), ("", None)],
)
def test_the_first_stress_is_expected_else_the_second(pattern: str, at: int | None) -> None:
    assert expected(pattern) == at


def posteriors(phones: list[str], every: int = 4) -> torch.Tensor:
    """(T, V) log posteriors of phones that come one every so many frames."""
    logits = torch.zeros(every * (len(phones) + 1), len(SYMBOLS))
    logits[:, 0] = 6.0
    for n, phone in enumerate(phones):
        logits[every * (n + 1) - 1, INDEX[phone]] = 12.0
    return logits.log_softmax(-1)


def seen(words: list[list[str]], patterns: list[str], samples: NDArray[np.float32]) -> list[Word]:
    flat = [phone for word in words for phone in word]
    reference = symbols(flat)
    found = look(samples, gather(posteriors(flat), reference), reference, words, patterns)
    return [word for word in found if word is not None]


def test_a_louder_higher_and_longer_syllable_shows_in_its_features() -> None:
    words = [["B", "AA", "N", "AA"]]
    # A phone each 160 ms, the first at 120 ms: the vowels lie around 0.28 and 0.60 s.
    quiet, loud = buzz(120, 0.45, 0.1), buzz(160, 0.45, 0.4)
    (first,) = seen(words, ["10"], np.concatenate([loud, quiet]))
    (second,) = seen(words, ["01"], np.concatenate([quiet, loud]))
    assert first.expected == 0 and second.expected == 1
    for at in (0, 3):  # loudness, pitch
        assert first.syllables[0, at] > 0 > first.syllables[1, at]
        assert second.syllables[1, at] > 0 > second.syllables[0, at]
    assert first.syllables[:, :-2].sum(0).abs().max() < 1e-4  # against the word's mean


def test_words_of_one_syllable_or_without_digits_are_left_out() -> None:
    words = [["K", "AE", "T"], ["B", "AA", "N", "AA"], ["IH", "N", "T", "AH"], ["G", "OW"]]
    samples = buzz(120, 2.2)
    reference = symbols([phone for word in words for phone in word])
    evidence = gather(posteriors([phone for word in words for phone in word]), reference)
    found = look(samples, evidence, reference, words, ["1", "01", "00", "10"])
    assert [word is not None for word in found] == [False, True, False, False]
    assert look(samples, evidence, reference, words, ["", "", "", ""]) == [None] * 4
    (only,) = (word for word in found if word is not None)
    assert only.syllables.shape == (2, SYLLABLE) and only.rest.shape == (WORD - 1,)


def model(prominence: float, bias: float) -> Stress:
    """One that goes by loudness alone, with the same p_wrong for all."""
    stress = Stress()
    with torch.no_grad():
        for parameter in stress.parameters():
            parameter.zero_()
        stress.prominence.weight[0, 0] = prominence
        stress.wrong.bias.fill_(bias)
    return stress


def word(first: float, at: int) -> Word:
    syllables = torch.zeros(2, SYLLABLE)
    syllables[:, 0] = torch.tensor([first, -first])
    return Word(syllables, at, torch.zeros(WORD - 1))


@pytest.mark.parametrize(
    ("loud_first", "bias", "verdict"),
    [
        (1.0, 4.0, Verdict.RIGHT),  # the right one stood out, whatever else is wrong
        (-1.0, 4.0, Verdict.WRONG),
        (-1.0, 0.0, Verdict.UNSURE),
        (-1.0, -4.0, Verdict.UNSURE),  # all is well but that another one clearly stood out
        (-0.1, -4.0, Verdict.RIGHT),
    ],
)
def test_it_is_marked_only_where_another_syllable_stood_out(
    loud_first: float, bias: float, verdict: Verdict
) -> None:
    found = model(1.0, bias).judge(word(loud_first, 0), THRESHOLDS)
    assert found.verdict == verdict
    assert (found.expected, found.heard) == (0, 0 if loud_first > 0 else 1)
    assert found.p_wrong == pytest.approx(1 / (1 + math.exp(-bias)), abs=1e-4)


@pytest.mark.parametrize("strictness", ["gentle", "normal", "strict"])
def test_a_threshold_of_one_is_never_passed(strictness: str) -> None:
    never = Thresholds(0.5, 0.3, 1, 1, {}).at(strictness)
    assert model(100.0, 100.0).judge(word(-1.0, 0), never).verdict == Verdict.RIGHT


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped bundle with a stress model of our own, which goes by loudness."""
    folder = tmp_path_factory.mktemp("bundle")
    shipped = bundle.load()
    text_head, thresholds = bundle.load_text_head(), dict.fromkeys(PRIORS, THRESHOLDS)
    stress = model(2.0, 0.0)
    bundle.save(folder, shipped.listener, shipped.heads, text_head, stress, thresholds, {})
    return folder


def said(text: str, stress: str) -> NDArray[np.float32]:
    """A word with the stress where the digits have it, between silences."""
    phones = lexicon.pronunciations(text)[0].phones
    spelled = espeak.spell_mixed([("en-us", phones, stress)])
    samples, rate = espeak.synthesise(spelled, "en-us", 130)
    return np.pad(audio.resample(samples, rate), (4000, 6000))


def test_only_words_that_were_said_and_have_syllables_are_judged(folder: Path) -> None:
    engine, wanted = Engine.load(folder), criterion.build("cat rabbit")
    cat, rabbit = engine.score(said("rabbit", "10"), wanted).words
    assert cat.stress is None
    assert rabbit.stress == StressFinding(expected=0, heard=0, verdict=Verdict.RIGHT, p_wrong=0.5)
    (hotel,) = engine.score(said("hotel", "10"), criterion.build("hotel")).words
    assert hotel.stress == StressFinding(expected=1, heard=0, verdict=Verdict.UNSURE, p_wrong=0.5)
    bare = replace(wanted, words=tuple(replace(w, stress=()) for w in wanted.words))
    assert all(w.stress is None for w in engine.score(said("rabbit", "10"), bare).words)
    begun = np.concatenate([said("we", "1"), said("call", "1")])
    lost = engine.score(begun, criterion.build("we call hospital")).words[2]
    assert lost.verdict is not Verdict.RIGHT and lost.stress is None


def test_a_bundle_whose_stress_lacks_a_part_does_not_load(folder: Path, tmp_path: Path) -> None:
    changed = Path(shutil.copytree(folder, tmp_path / "changed"))
    tensors = safetensors.torch.load_file(changed / WEIGHTS)
    del tensors["stress.wrong.bias"]
    safetensors.torch.save_file(tensors, changed / WEIGHTS)
    config = json.loads((changed / "config.json").read_text())
    config["weights_sha256"] = hashlib.sha256((changed / WEIGHTS).read_bytes()).hexdigest()
    (changed / "config.json").write_text(json.dumps(config))
    with pytest.raises(SpeechError, match=r"wrong\.bias"):
        bundle.load(changed)


def test_a_moved_stress_is_heard_where_it_was_put() -> None:
    """With the shipped model, on a voice that it was not trained on."""
    engine = Engine.load()
    heard = []
    for text in ("hotel", "guitar", "rabbit", "window", "today", "yellow", "balloon", "garden"):
        for stress in ("10", "01"):
            (found,) = engine.score(said(text, stress), criterion.build(text)).words
            if found.stress is not None and len(found.syllables) == 2:
                asked = found.stress.expected == stress.index("1")
                heard.append((asked, found.stress.heard == stress.index("1")))
    right = [ok for asked, ok in heard if asked]
    moved = [ok for asked, ok in heard if not asked]
    assert len(right) >= 6 and np.mean(right) >= 0.8
    assert len(moved) >= 6 and np.mean(moved) >= 0.4
