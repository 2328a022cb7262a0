"""The storyteller's recipe: its parts on sounds whose truth is known, and the whole in small."""

import json
from itertools import pairwise

import numpy as np
import pytest
import torch

from speech import audio
from speech.narrator import fallback, front_end
from speech.narrator.mel import HOP, RATE, log_mel
from speech.narrator.spoken import joined
from speech.narrator.units import FIRST_PHONE, INDEX, Units, units
from speech.narrator.vocoder import pulses
from speech.narrator.voice import Narrator
from speech.recipes.storyteller import align, curate, measures, styles
from tests.recipes.small import Run, run_tiny

TEXT = "The old man has a small red boat."


def said(text: str) -> Units:
    [sentence] = front_end.sentences(text)
    return units(sentence.words, sentence.kind)


def test_the_aligner_finds_the_frames_it_was_told() -> None:
    sentence = said("A red fish.")
    truth = [3, 5, 0, 4, 6, 5, 0, 6, 4, 7, 9]  # '<', then 'a', 'red', 'fish' with their ends
    assert len(truth) == len(sentence.symbols)
    scores = np.full((sum(truth), len(align.CLASSES)), -8.0, np.float32)
    scores[np.arange(sum(truth)), align.classes(sentence, truth).numpy()] = -0.1
    assert align.viterbi(scores, sentence) == truth


def test_a_unit_stays_between_the_spikes_of_its_neighbours() -> None:
    sentence = said("A red fish.")
    spiked = np.full(len(sentence.symbols), np.nan)
    phones = [at for at, s in enumerate(sentence.symbols.tolist()) if s >= FIRST_PHONE]
    spiked[phones] = [10, 20, 30, 40, 50, 60, 70]
    blind = np.zeros((90, len(align.CLASSES)), np.float32)  # nothing to go by but the spikes
    ends = np.cumsum(align.viterbi(blind, sentence, spiked))
    for at, unit in enumerate(phones[:-1]):
        assert spiked[unit] <= ends[unit] <= spiked[phones[at + 1]] + 1


def test_only_by_spikes_boundaries_lie_halfway() -> None:
    spiked = np.array([np.nan, 10.0, 20.0, np.nan, 40.0, np.nan])
    assert align.roughly(spiked, 60) == [6, 9, 15, 0, 16, 14]


def test_stories_lengthen_pauses_and_the_ends_of_phrases_most() -> None:
    sentence = said("We see, all day, a red boat.")
    stretched = styles.stretches(sentence)
    boundary = sentence.symbols.numpy() == INDEX[","]
    assert (stretched[boundary] == styles.PAUSE).all()
    final = (sentence.left == 0).numpy() & (sentence.symbols >= FIRST_PHONE).numpy()
    inside = (sentence.left > 0).numpy() & (sentence.symbols >= FIRST_PHONE).numpy()
    assert stretched[final].min() > stretched[inside].max()


def test_a_clip_unlike_the_others_is_far_from_them() -> None:
    rng = np.random.default_rng(0)
    embeddings = rng.normal(size=(60, 20))
    embeddings[17] += 6
    assert int(curate.distances(embeddings).argmax()) == 17


def test_pulses_sound_at_their_pitch_and_only_where_voiced() -> None:
    f0 = torch.full((1, 80), 220.0)
    f0[:, 40:] = 0.0
    source = pulses(f0)[0]
    spectrum = torch.fft.rfft(source[: 32 * HOP] * torch.hann_window(32 * HOP)).abs()
    hertz = torch.arange(len(spectrum)) * RATE / (32 * HOP)
    for partial in (1, 5, 20, 45):
        near = (hertz - 220 * partial).abs() < 6
        between = (hertz - 220 * (partial + 0.5)).abs() < 6
        assert spectrum[near].max() > 50 * spectrum[between].max()
    assert source[41 * HOP :].abs().max() == 0


@pytest.fixture(scope="module")
def spoken() -> np.ndarray:
    whole = joined(list(fallback.speak(TEXT, "neutral")))
    return audio.resample(whole.samples, whole.sample_rate, RATE)


def test_a_reading_without_fault_has_none_and_few_errors(spoken: np.ndarray) -> None:
    heard = measures.phone_errors(spoken, TEXT)
    assert heard.faults == []
    assert heard.errors < 0.4 * heard.phones


def test_a_skipped_word_and_a_stop_are_found(spoken: np.ndarray) -> None:
    words = joined(list(fallback.speak(TEXT, "neutral"))).words
    small = next(word for word in words if word.word == "small")
    red = next(word for word in words if word.word == "red")
    cut = np.concatenate(
        [spoken[: round(small.start_s * RATE)], spoken[round(red.start_s * RATE) :]]
    )
    assert any(f.startswith("skipped S M AO L") for f in measures.phone_errors(cut, TEXT).faults)
    middle = round(red.start_s * RATE)
    stopped = np.concatenate([spoken[:middle], np.zeros(2 * RATE, np.float32), spoken[middle:]])
    assert any(f.startswith("silent") for f in measures.phone_errors(stopped, TEXT).faults)
    assert measures.pauses(stopped)[-1][1] - measures.pauses(stopped)[-1][0] == pytest.approx(
        2.0, abs=0.2
    )


def test_what_is_said_again_and_again_is_found(spoken: np.ndarray) -> None:
    again = np.concatenate([spoken, spoken, spoken])
    faults = measures.phone_errors(again, TEXT).faults
    assert any(fault.startswith(("repeated", "added")) for fault in faults)


def test_a_reading_is_near_itself_and_far_from_another(spoken: np.ndarray) -> None:
    other = joined(list(fallback.speak("We all like green apples in the rain.", "neutral")))
    same = measures.distance(spoken, spoken)
    assert same.cepstral_db == pytest.approx(0.0, abs=1e-3) and same.log_f0 == 0
    slow = joined(list(fallback.speak(TEXT, "neutral", 0.8)))
    near = measures.distance(audio.resample(slow.samples, slow.sample_rate, RATE), spoken)
    far = measures.distance(audio.resample(other.samples, other.sample_rate, RATE), spoken)
    assert near.cepstral_db < far.cepstral_db


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return run_tiny("storyteller", tmp_path_factory.mktemp("tiny"))


def test_every_stage_leaves_what_the_next_one_needs(run: Run) -> None:
    work = run.folder / "work" / "voice"
    aligned = json.loads((work / "aligned.json").read_text())
    assert {row["speaker"] for row in aligned.values()} == {
        "lj", "gc_en", "gc_es", "flslt", "flrms",
    }  # fmt: skip
    kept = json.loads((work / "curated.json").read_text())
    assert kept["kept"] and not any(name.startswith("LJ003") for name in kept["kept"])
    styled = json.loads((work / "styled.json").read_text())
    before = sum(sum(aligned[name]["frames"]) for name in styled)
    assert 1.05 < sum(map(sum, styled.values())) / before < 1.5
    assert "clips are good" in run.log


def test_training_goes_on_where_it_was(run: Run) -> None:
    assert "6 dev" in run.log and "12 dev" in run.log
    first, second = (
        float(line.rsplit("mel ", 1)[1].split()[0])
        for line in run.log.splitlines()
        if " h dev " in line and not line.startswith("0.03")
    )
    assert second < first
    assert run.figures["hours"] >= 0.04


def test_the_bundle_speaks_with_the_times_of_its_words(run: Run) -> None:
    narrator = Narrator.load(run.folder / "bundle")
    [sentence] = narrator.speak(TEXT, "storytelling")
    assert [word.word for word in sentence.words] == TEXT.rstrip(".").split()
    assert all(a.end_s <= b.start_s + 1e-6 for a, b in pairwise(sentence.words))
    assert 0 < sentence.words[-1].end_s <= sentence.seconds
    assert np.isfinite(sentence.samples).all() and np.abs(sentence.samples).max() < 1
    assert "lit_late_p95_s" in run.log


def test_mel_frames_are_centred_on_their_samples() -> None:
    samples = torch.zeros(RATE)
    samples[40 * HOP] = 1.0
    assert int(log_mel(samples).sum(1).argmax()) == 40
