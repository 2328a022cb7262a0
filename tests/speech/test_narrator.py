"""The shipped voice: what it says when, its styles and rates, any phones, and odd texts."""

import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import soundfile

from speech import audio, narrator, thresholds
from speech.engine import Engine
from speech.errors import SpeechError
from speech.narrator import fallback
from speech.narrator.mel import RATE
from speech.narrator.spoken import STYLES, Spoken, SpokenWord, encoded, joined
from speech.narrator.voice import Narrator
from speech.phones import INVENTORY, is_vowel
from speech.recipes.storyteller import measures

STORY = '"Where is my red hat?" asked Lucía. Nobody knew, but the dog looked very happy.'


@pytest.fixture(scope="module")
def voice() -> Narrator:
    own = narrator.own()
    assert own is not None
    return own


def test_words_have_their_times_and_places(voice: Narrator) -> None:
    sentences = list(voice.speak(STORY))
    words = [word for each in sentences for word in each.words]
    assert " ".join(STORY[w.at : w.to] for w in words) == " ".join(w.word for w in words)
    assert [w.word for w in words[:6]] == ["Where", "is", "my", "red", "hat", "asked"]
    for each in sentences:
        assert all(a.end_s <= b.start_s + 1e-6 for a, b in pairwise(each.words))
        assert each.words[0].start_s >= 0 and each.words[-1].end_s <= each.seconds
        assert all(w.end_s - w.start_s >= 0.04 for w in each.words)


def test_it_is_understood_by_our_own_listener(voice: Narrator) -> None:
    whole = joined(list(voice.speak(STORY, "neutral")))
    heard = measures.phone_errors(whole.samples, STORY)
    assert heard.faults == []
    assert heard.errors / heard.phones < 0.45


def test_a_story_is_slower_and_moves_more(voice: Narrator) -> None:
    plain, told = (joined(list(voice.speak(STORY, style))) for style in STYLES)
    a, b = measures.prosody(plain.samples), measures.prosody(told.samples)
    assert 1.05 < b.seconds / a.seconds < 1.45
    assert b.pitch_range > 1.1 * a.pitch_range
    assert b.pause_share > a.pause_share
    assert (plain.style, told.style) == STYLES


def test_slow_speech_lengthens_its_vowels_most(voice: Narrator) -> None:
    words, stress = [("IY",), ("S",), ("UW",), ("M",)], [(1,), (0,), (1,), (0,)]
    usual, slow = (voice.pronounce(words, stress, rate).words for rate in (1.0, 0.5))
    longer = {
        b.word: (b.end_s - b.start_s) / (a.end_s - a.start_s)
        for a, b in zip(usual, slow, strict=True)
    }
    assert min(longer["IY"], longer["UW"]) > 2.0 > 1.9 > max(longer["S"], longer["M"])
    lengths = [joined(list(voice.speak(STORY, rate=rate))).seconds for rate in (0.6, 1.0, 1.4)]
    assert lengths == sorted(lengths, reverse=True)


def test_any_phone_can_be_said_and_sounds_different(voice: Narrator) -> None:
    said = {}
    for phone in INVENTORY:
        word = (phone,) if is_vowel(phone) else ("AA", phone, "AA")
        spoken = voice.pronounce([word], [tuple(int(is_vowel(p)) for p in word)])
        assert np.abs(spoken.samples).max() > 0.05, phone
        said[phone] = spoken.samples
    ship = voice.pronounce([("SH", "IH", "P")], [(0, 1, 0)]).samples
    sheep = voice.pronounce([("SH", "IY", "P")], [(0, 1, 0)]).samples
    engine = Engine.load()
    heard = [engine.hear(audio.resample(each, RATE)).heard for each in (ship, sheep)]
    assert heard[0] != heard[1]
    with pytest.raises(SpeechError, match="bad_phone"):
        voice.pronounce([("QQ",)], [(0,)])
    with pytest.raises(SpeechError, match="nothing_to_say"):
        voice.pronounce([], [])


def test_the_same_text_sounds_the_same(voice: Narrator) -> None:
    one, two = (joined(list(voice.speak("Good night, moon."))) for _ in range(2))
    assert np.array_equal(one.samples, two.samples)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("WHAT A BIG DOG!", 4),
        ("😀", 2),
        ("https://example.com/a", 3),
        ("<b>Hello</b> &amp; goodbye", 3),
        ("La abuela tiene un gato muy gordo.", 7),
        ("a" * 200, 1),
        ("1, 2, 3", 3),
    ],
)
def test_odd_texts_are_said(voice: Narrator, text: str, words: int) -> None:
    sentences = list(voice.speak(text))
    assert sum(len(each.words) for each in sentences) >= min(words, 1)
    for each in sentences:
        assert np.isfinite(each.samples).all()
        assert 0.05 < np.abs(each.samples).max() < 1.0


@pytest.mark.parametrize(
    ("text", "code"),
    [("", "nothing_to_say"), (" ?! ... ", "nothing_to_say"), ("a " * 25_001, "text_too_long")],
)
def test_what_cannot_be_said_is_refused(voice: Narrator, text: str, code: str) -> None:
    with pytest.raises(SpeechError, match=code):
        list(voice.speak(text))


def test_the_first_sentence_of_a_long_text_comes_at_once(voice: Narrator) -> None:
    text = (STORY + " ") * 600  # nearly 50,000 characters
    list(voice.speak("Warm."))
    started = time.perf_counter()
    first = next(voice.speak(text))
    assert first.words[0].word == "Where"
    assert time.perf_counter() - started < 5


def test_joined_sentences_keep_their_times() -> None:
    rate = 1000
    a = Spoken(np.ones(500, np.float32), rate, (SpokenWord("a", 0, 1, 0.1, 0.2),), "v", "s")
    b = Spoken(np.ones(300, np.float32), rate, (SpokenWord("b", 2, 3, 0.0, 0.3),), "v", "s")
    whole = joined([a, b])
    assert len(whole.samples) == 790 and np.allclose(whole.samples, 1.0)  # 10 ms are shared
    assert [w.start_s for w in whole.words] == [0.1, pytest.approx(0.49)]


def test_joining_takes_time_in_proportion() -> None:
    rate = 8000
    spoken = Spoken(
        np.full(rate, 0.5, np.float32), rate, (SpokenWord("a", 0, 1, 0.0, 1.0),), "", ""
    )
    seconds = []
    for count in (200, 1600):
        started = time.process_time()
        whole = joined([spoken] * count)
        seconds.append(time.process_time() - started)
        assert len(whole.samples) == count * rate - (count - 1) * 80
        assert np.allclose(whole.samples, 0.5)
        assert whole.words[-1].end_s == pytest.approx(whole.seconds)
    assert seconds[1] < 24 * seconds[0] + 0.1  # eight times as many, not sixty-four


def test_a_sentence_shorter_than_the_crossfade_is_joined_too() -> None:
    lengths = (3, 500, 0, 2, 20)
    parts = [Spoken(np.ones(each, np.float32), 1000, (), "", "") for each in lengths]
    whole = joined(parts).samples
    assert len(whole) == 3 + (500 - 3) + 0 + 0 + (20 - 10)
    assert whole.dtype == np.float32 and np.allclose(whole, 1.0)


@pytest.mark.parametrize("rate", [0.0, 0.39, 2.01, -1.0, float("nan"), float("inf")])
def test_a_rate_or_style_that_there_is_not_is_a_mistake(voice: Narrator, rate: float) -> None:
    said: list[Callable[[], object]] = [
        lambda: next(voice.speak("Hello.", rate=rate)),
        lambda: next(fallback.speak("Hello.", rate=rate)),
        lambda: voice.pronounce([("AA",)], [(1,)], rate),
        lambda: fallback.pronounce([("AA",)], [(1,)], rate),
    ]
    for each in said:
        with pytest.raises(ValueError, match="rate"):
            each()
    for speak in (voice.speak, fallback.speak, narrator.speak):
        with pytest.raises(ValueError, match="no style 'sung'"):
            next(speak("Hello.", "sung"))


@pytest.mark.parametrize("kind", ["wav", "ogg", "mp3"])
def test_kinds_of_file(kind: str, tmp_path: Path) -> None:
    tone = np.sin(np.arange(22_050) / 10).astype(np.float32) * 0.5
    path = tmp_path / f"tone.{kind}"
    path.write_bytes(encoded(tone, 22_050, kind))
    info = soundfile.info(path)
    assert info.duration == pytest.approx(1.0, abs=0.1)


def test_what_is_no_sound_is_refused_as_a_file() -> None:
    with pytest.raises(SpeechError, match="bad_bundle"):
        encoded(np.full(100, np.nan, np.float32), 22_050, "mp3")


def test_without_a_bundle_espeak_stands_in(tmp_path: Path) -> None:
    assert narrator.own(tmp_path) is None
    broken = tmp_path / "broken"
    broken.mkdir()
    for name in ("config.json", "weights.safetensors"):
        (broken / name).write_bytes((thresholds.NARRATOR / name).read_bytes()[:-1])
    assert narrator.own(broken) is None
