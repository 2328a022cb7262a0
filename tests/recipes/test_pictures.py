"""Pictures of the voice: what is drawn is what was said, and spectra differ where they do."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from speech import audio
from speech.narrator import fallback
from speech.narrator.mel import HOP, RATE
from speech.narrator.spoken import joined
from speech.narrator.units import units
from speech.recipes.storyteller import measures, pictures
from speech.recipes.storyteller.align import Aligned, sentence_of
from speech.recipes.storyteller.pictures import Row, Word

TEXT = "The old man has a small red boat."


@pytest.fixture(scope="module")
def said() -> Row:
    whole = joined(list(fallback.speak(TEXT, "neutral")))
    words = tuple(Word(w.word, w.start_s, w.end_s) for w in whole.words)
    return Row("espeak-ng", audio.resample(whole.samples, whole.sample_rate, RATE), words)


def test_a_hum_is_drawn_at_its_pitch_on_the_scales_of_speech(said: Row, tmp_path: Path) -> None:
    clock = np.arange(RATE) / RATE
    hum = sum(np.sin(2 * np.pi * 220 * k * clock) / k for k in range(1, 12))
    tone = Row("a hum", (0.1 * np.asarray(hum)).astype(np.float32), (Word("hum", 0.0, 1.0),))
    figure = pictures.drawn([said, tone], TEXT)
    lines = [line for ax in figure.axes for line in ax.lines]
    speech, drawn = (np.asarray(line.get_ydata(), dtype=float) for line in lines)
    assert np.isnan(speech).any() and np.nanmedian(speech) < 200
    assert np.nanmedian(drawn) == pytest.approx(220, abs=2)
    images = [ax.images[0] for ax in figure.axes if ax.images]
    assert len({image.get_clim() for image in images}) == 1
    assert [text.get_text() for text in images[0].axes.texts] == TEXT.rstrip(".").split()
    target = tmp_path / "picture.webp"
    figure.savefig(target)
    with Image.open(target) as picture:
        assert picture.width == 9 * pictures.DPI


def test_bands_are_named_by_the_frequency_that_they_let_through() -> None:
    hertz = measures.centres()
    assert (np.diff(hertz) > 0).all() and hertz[0] < 100 and hertz[-1] > 10_000


def test_words_of_a_recording_begin_and_end_with_their_phones() -> None:
    sentence = sentence_of("A red fish.", None)
    frames = [3, 5, 0, 4, 6, 5, 0, 6, 4, 7, 9]  # '<', then 'a', 'red', 'fish' with their ends
    assert len(frames) == len(units(sentence.words, sentence.kind).symbols)
    words = pictures.aligned_words("A red fish.", Aligned("lj", sentence, frames))
    assert [word.text for word in words] == ["A", "red", "fish"]
    edges = [round(edge * RATE / HOP) for word in words for edge in word[1:]]
    assert edges == [3, 8, 8, 23, 23, 40]


def test_a_reading_is_like_itself_and_brightness_is_seen(said: Row) -> None:
    same = measures.spectra([said.samples], [said.samples])
    assert set(same["level_db"]) == {0.0} and set(same["variance"]) == {1.0}
    assert same["fast_db"] == 0 and same["voiced"][0] == same["voiced"][1] > 0.3
    bright = np.append(said.samples[:1], np.diff(said.samples)).astype(np.float32)
    tilted = measures.spectra([bright], [said.samples])["level_db"]
    assert tilted[0] < 0 and tilted[-1] > tilted[0] + 10
    smooth = np.convolve(said.samples, np.full(400, 1 / 400), "same").astype(np.float32)
    assert measures.spectra([smooth], [said.samples])["level_db"][-1] < 0


def test_prosody_is_a_box_for_each_who_reads() -> None:
    found = {"neutral": np.ones((4, 3)), "her": np.full((4, 3), 2.0)}
    axes = pictures.spread(found).axes
    assert len(axes) == 3
    assert [label.get_text() for label in axes[0].get_xticklabels()] == ["neutral", "her"]
