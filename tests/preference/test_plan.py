"""Who hears what in the preference study, and how it sounds."""

import io
import re
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
import soundfile
import torch
from django.core.files.storage import default_storage
from hypothesis import given
from hypothesis import strategies as st
from torchaudio.functional import loudness

from learning.models import Trial
from learning.preference import sounds
from learning.preference.design import CELLS, CONDITIONS, plan
from learning.preference.passages import passages
from speech import narrator
from speech.errors import SpeechError
from speech.narrator import fallback
from speech.narrator.spoken import Spoken, joined
from tests import narrators
from tests.preference import study

KEYS = [each.key for each in passages()]
EACH = len(KEYS) // len(CELLS)  # how often a person hears a pair of conditions in one order


@given(st.integers(0, 10**9))
def test_a_person_hears_every_pair_in_both_orders_equally_often(number: int) -> None:
    planned = plan(number, KEYS)
    assert Counter((each.first, each.second) for each in planned) == dict.fromkeys(CELLS, EACH)
    assert sorted(each.passage for each in planned) == sorted(KEYS)
    for at in range(0, len(KEYS), len(CELLS)):  # also who stops between two blocks
        assert len({each[1:] for each in planned[at : at + len(CELLS)]}) == len(CELLS)


@given(st.integers(0, 10**6))
def test_over_six_persons_every_passage_is_heard_in_every_way_once(first: int) -> None:
    heard = [each for number in range(first, first + len(CELLS)) for each in plan(number, KEYS)]
    assert len(set(heard)) == len(heard) == len(KEYS) * len(CELLS)


def test_over_many_persons_every_pair_comes_early_and_late_alike() -> None:
    """What is drawn by chance, the place within a block, evens out."""
    places: Counter[tuple[str, str]] = Counter()
    for number in range(600):
        for position, each in enumerate(plan(number, KEYS)):
            places[each.first, each.second] += position
    means = [total / (600 * EACH) for total in places.values()]
    assert len(means) == 6 and max(means) - min(means) < 0.5
    opening = Counter(plan(number, KEYS)[0].passage in KEYS[:6] for number in range(600))
    assert opening == {True: 300, False: 300}


def test_the_plan_of_a_person_does_not_change() -> None:
    assert plan(7, KEYS) == plan(7, KEYS) != plan(8, KEYS)


def test_the_passages_are_short_and_somebody_speaks_in_most() -> None:
    words = [len(re.findall(r"[^\W_]+(?:['’-][^\W_]+)*", each.text)) for each in passages()]
    assert all(25 <= count <= 40 for count in words)
    assert sum("“" in each.text for each in passages()) >= len(KEYS) - 1


# The sounds


def espeak(text: str, condition: str) -> Spoken:
    """Three readings that differ in speed, pitch and loudness; of the first passage alone."""
    if text != passages()[0].text:
        return study.tone(text, condition)
    style = "neutral" if condition == Trial.Condition.NEUTRAL else "storytelling"
    whole = joined(list(fallback.speak(text, style)))
    loud = {"storytelling": 0.2, "neutral": 1.2, "fallback": 0.7}
    return Spoken(whole.samples * np.float32(loud[condition]), whole.sample_rate, (), "test", style)


def test_readings_are_equally_loud_and_alike_in_all_that_can_tell() -> None:
    sounds.make(study.VOICE, espeak)
    made = sounds.ready(study.VOICE)
    assert made is not None
    assert set(made) == {(key, each) for key in KEYS for each in CONDITIONS}
    one = [(name, made[KEYS[0], name]) for name in CONDITIONS]
    levels, rates = [], []
    for condition, sound in one:
        raw = sounds.read(sound)
        samples, rate = soundfile.read(io.BytesIO(raw), dtype="float32")
        assert rate == sounds.RATE and samples.ndim == 1
        assert len(samples) / rate == pytest.approx(sound.seconds, abs=0.06)  # frames of an MP3
        levels.append(float(loudness(torch.from_numpy(samples)[None], rate)))
        assert np.abs(samples).max() <= 1.0
        heard = np.flatnonzero(np.abs(samples) > sounds.SILENT) / rate
        assert heard[0] == pytest.approx(sounds.SILENCE_S, abs=0.01)
        assert len(samples) / rate - heard[-1] == pytest.approx(sounds.SILENCE_S, abs=0.06)
        rates.append(len(raw) / sound.seconds)
        told = (sound.name.encode() + raw).lower()
        assert condition.encode() not in told and b"espeak" not in told
    assert max(levels) - min(levels) < 0.3  # LU; a step of 1 can be heard
    assert max(rates) / min(rates) < 1.01  # nor does the size, but for how long it lasts
    assert levels[0] == pytest.approx(sounds.LUFS, abs=0.5)


def test_our_own_voice_reads_in_two_styles_and_espeak_in_the_third(tmp_path: Path) -> None:
    version = narrators.write(tmp_path)
    voice = narrator.own(tmp_path)
    assert voice is not None
    spoken = [sounds.told_by(voice)("Good morning.", each.value) for each in CONDITIONS]
    assert [(each.voice, each.style) for each in spoken] == [
        (f"cotorra {version}", "storytelling"),
        (f"cotorra {version}", "neutral"),
        ("espeak-ng", "storytelling"),
    ]


def test_readings_are_made_once_and_of_another_voice_anew() -> None:
    sounds.make(study.VOICE, study.tone)
    before = sounds.ready(study.VOICE)
    sounds.make(study.VOICE, study.tone)
    assert sounds.ready(study.VOICE) == before is not None
    assert sounds.ready("other") is None
    _, files = default_storage.listdir(sounds.FOLDER)
    assert len(files) == 3 * len(KEYS) + 1


@pytest.mark.parametrize(("value", "code"), [(0.0, "nothing_to_say"), (np.nan, "bad_bundle")])
def test_a_reading_that_is_none_opens_no_study(value: float, code: str) -> None:
    def broken(text: str, condition: str) -> Spoken:
        return Spoken(np.full(22_050, value, dtype=np.float32), 22_050, (), "test", condition)

    with pytest.raises(SpeechError, match=code):
        sounds.make(study.VOICE, broken)
    assert sounds.ready(study.VOICE) is None
