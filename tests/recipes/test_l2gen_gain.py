"""Planted errors found at equal false reds, and what a voiced paraphrase tells of each sound."""

import numpy as np
import pytest
import torch

from speech.judge.head import FEATURES, HeadConfig
from speech.recipes.l2gen import gain
from speech.recipes.l2gen.gain import Seen
from speech.recipes.phonetic_rnnt import examples, judge
from speech.recipes.phonetic_rnnt.examples import RIGHT, UNKNOWN, Example


def seen(rng: np.random.Generator, plants: float) -> dict[str, Seen]:
    """Ten speakers; plants lie `plants` higher than the highest sound of a well-read take."""
    return {
        f"{speaker:02}": Seen(
            rng.normal(plants, 1, 20),
            rng.normal(0, 1, 20),
            np.concatenate([rng.normal(0, 1, 90), rng.normal(plants, 1, 10)]),
            np.arange(100) >= 90,
        )
        for speaker in range(10)
    }


def test_the_better_model_finds_more_at_the_same_false_reds() -> None:
    rng = np.random.default_rng(1)
    better, worse = (tuple(seen(rng, lead) for _ in range(3)) for lead in (2.0, 1.0))
    found = gain.compare(better, worse)
    for name, each in found.items():
        low, high = each["interval"]
        assert 0 < low < each["gain"] < high, name
        assert np.mean(each["with"]) - np.mean(each["without"]) == pytest.approx(
            each["gain"], abs=1e-3
        )
    same = gain.compare(better, better)
    assert all(each["gain"] == 0 for each in same.values())


def test_red_begins_where_the_share_of_takes_is_that_asked() -> None:
    model = seen(np.random.default_rng(2), 5.0)
    highest = np.concatenate([speaker.highest for speaker in model.values()])
    plants = np.concatenate([speaker.plants for speaker in model.values()])
    figures = gain.figures(list(model.values()))
    tenth = np.sort(highest)[int(0.9 * len(highest))]
    assert figures["caught at 10%"] == pytest.approx(np.mean(plants > tenth), abs=0.01)
    assert figures["caught at 5%"] <= figures["caught at 10%"] <= figures["caught at 15%"]


def test_a_sound_is_wrong_where_another_or_none_was_said() -> None:
    assert examples.said(("V", "EH", "R", "IY"), ("B", "EH", "es_r", "IY")) == [0, RIGHT, 0, RIGHT]
    assert examples.said(("M", "IH", "K", "S", "T"), ("M", "IY", "K", "S")) == [
        RIGHT, 0, RIGHT, RIGHT, 0,
    ]  # fmt: skip
    assert examples.said(("S", "K", "UW", "L"), ("es_e", "S", "K", "es_u", "L")) == [
        RIGHT, RIGHT, UNKNOWN, RIGHT,
    ]  # fmt: skip


def test_the_head_learns_from_paraphrases_what_is_wrong() -> None:
    """Two speakers whose evidence tells right from wrong; what is unknown is left alone."""
    config = HeadConfig(members=1, dropout=0.0)

    def take(score: list[float]) -> Example:
        x = torch.tensor(score)[:, None].expand(-1, FEATURES)
        phones, words = torch.full((len(score),), 3), torch.zeros(len(score), dtype=torch.long)
        return Example(
            "a", x, phones, words, torch.tensor(score), torch.tensor([8.0]), 8.0, torch.zeros(1), []
        )

    good = [take([2.0, 2.0, 2.0, 2.0]) for _ in range(128)]
    heard = [take([2.0, 0.0, 2.0, UNKNOWN]) for _ in range(32)]
    head = judge.train(good, good, config, epochs=25, paraphrased=heard)
    p_wrong = head.judge(heard[0].x, heard[0].phones, heard[0].words).p_wrong
    without = judge.train(good, good, config, epochs=25)
    before = without.judge(heard[0].x, heard[0].phones, heard[0].words).p_wrong
    assert p_wrong[1] > 3 * p_wrong[0]
    assert p_wrong[1] > 3 * before[1]
