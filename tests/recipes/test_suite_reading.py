"""Plants of the reading suite: cut and joined where they should be."""

import random

import numpy as np
import pytest

from speech import audio
from speech.engine import Engine
from speech.recipes.phonetic_rnnt import suite_reading
from speech.recipes.phonetic_rnnt.suite_reading import CHANGES, Reading, edges, joined, judged
from tests.speech.sounds import said

TEXTS = ("the children play in the garden", "my mother works at the hospital")
WORDS = {
    "the": "DH AH", "children": "CH IH L D R AH N", "play": "P L EY", "in": "IH N",
    "garden": "G AA R D AH N", "my": "M AY", "mother": "M AH DH ER", "works": "W ER K S",
    "at": "AE T", "hospital": "HH AA S P IH T AH L",
}  # fmt: skip


@pytest.fixture(scope="module")
def readings() -> list[Reading]:
    engine = Engine.load()
    out = []
    for number, text in enumerate(TEXTS):
        samples = said(text)
        texts = text.split()
        words = [WORDS[word].split() for word in texts]
        finding = judged(engine, samples, texts, words)
        places = edges(samples, finding.words)
        out.append(Reading(str(number), "one", texts, words, samples, places, finding))
    return out


def test_words_lie_one_after_the_other_within_the_take(readings: list[Reading]) -> None:
    for reading in readings:
        flat = [edge for pair in reading.edges for edge in pair]
        assert flat == sorted(flat)
        assert flat[0] >= 0 and flat[-1] == len(reading.samples)
        assert all(end - start > audio.RATE // 40 for start, end in reading.edges)


@pytest.mark.parametrize(("name", "longer"), [("skipped", -1), ("repeated", 1), ("added", 1)])
def test_a_plant_changes_a_take_by_a_word_or_a_few(
    readings: list[Reading], name: str, longer: int
) -> None:
    make, tell = CHANGES[name]
    assert not tell(readings[0].finding)
    for seed in range(6):
        plant = make(readings[0], random.Random(seed), readings[1:])
        assert plant is not None and plant.truth
        seconds = longer * (len(plant.samples) - len(readings[0].samples)) / audio.RATE
        assert 0.05 < seconds < 1.5


def test_most_plants_are_told_by_name(readings: list[Reading]) -> None:
    engine = Engine.load()
    for name in ("repeated", "added"):
        make, tell = CHANGES[name]
        told = []
        for seed in range(8):
            plant = make(readings[0], random.Random(seed), readings[1:])
            assert plant is not None
            reading = readings[0]
            told.append(bool(tell(judged(engine, plant.samples, reading.texts, reading.words))))
        assert sum(told) >= 4


def test_pieces_pass_into_each_other_without_a_click() -> None:
    steady = np.full(1600, 0.5, np.float32)
    both = joined(steady, steady)
    assert np.allclose(both, 0.5)
    assert len(both) == 3200 - audio.RATE // 200


def test_two_sounds_at_once_last_as_long_as_the_first() -> None:
    one, other = np.ones(1000, np.float32), np.ones(300, np.float32)
    assert np.array_equal(suite_reading.over(one, other), np.full(1000, 2.0))
