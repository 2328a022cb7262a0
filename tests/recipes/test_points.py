"""From where a sound is red: precision on the corpus's failures, or on plants at people's rates."""

from pathlib import Path

import numpy as np
import pytest
import torch

from speech.judge.head import Judgement
from speech.phones import INDEX, PHONES
from speech.recipes.phonetic_rnnt import planted, points

IH = INDEX["IH"]


def judged(failures: int, right: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """One sound: failures at 0.8 and up, what is right from 0 to 0.9."""
    p_wrong = np.concatenate([np.linspace(0.8, 0.99, failures), np.linspace(0, 0.9, right)])
    return np.full(len(p_wrong), IH), p_wrong, np.arange(len(p_wrong)) < failures


def test_red_begins_where_it_is_right_often_enough() -> None:
    phones, p_wrong, wrong = judged(100, 400)
    low, high = (points.of_sounds(phones, p_wrong, wrong, [], aim) for aim in (0.75, 0.95))
    for aim, chosen in ((0.75, low), (0.95, high)):
        red = chosen.red(phones, p_wrong)
        assert wrong[red].mean() >= aim - 0.01
        assert chosen.sounds["IH"] == pytest.approx(chosen.pooled, abs=1e-3)
    assert low.pooled < high.pooled


def test_a_sound_that_is_never_right_enough_is_never_red() -> None:
    phones, p_wrong, wrong = judged(100, 400)
    chosen = points.of_sounds(phones, 1 - p_wrong, wrong, [], 0.75)
    assert "IH" not in chosen.sounds
    assert not chosen.red(phones, np.ones(len(phones))).any()


def people(
    p_wrong: np.ndarray, plants: np.ndarray, rate: float, clean: float, aim: float = 0.75
) -> points.Points:
    """Well-said IH, ten to a take, and plants of people who fail it at `rate`."""
    return points.of_people(
        np.full(len(p_wrong), IH),
        p_wrong,
        np.zeros(len(p_wrong), bool),
        np.arange(len(p_wrong)) // 10,
        [(IH, p) for p in plants],
        dict.fromkeys(PHONES, rate),
        aim,
        clean,
    )


def test_well_read_takes_stay_without_red() -> None:
    right = np.random.default_rng(1).uniform(0, 0.9, 4000)
    plants = np.linspace(0.5, 1.0, 50)
    for clean in (0.8, 0.95):
        chosen = people(right, plants, 0.5, clean)
        red = chosen.red(np.full(4000, IH), right).reshape(400, 10).any(1)
        assert 1 - red.mean() == pytest.approx(clean, abs=0.005)


def test_the_rarer_a_failure_the_surer_its_red() -> None:
    right = np.random.default_rng(1).uniform(0, 0.9, 4000)
    plants = np.linspace(0.5, 1.0, 50)
    often, seldom = (people(right, plants, rate, 0.2) for rate in (0.3, 0.02))
    assert often.sounds["IH"] < seldom.sounds["IH"]
    never = people(np.ones(4000), plants, 0.02, 0.2)
    assert never.sounds == {} and "never red" in never.lines[0]


def test_rates_of_few_cases_move_to_the_mean(tmp_path: Path) -> None:
    table = tmp_path / "confusions.tsv"
    table.write_text(
        "source\tcanonical\tperceived\tcount\tcanonical_total\n"
        "l2-arctic\tZ\tS\t600\t1000\nl2-arctic\tTH\tT\t1\t1\nl2-arctic\tAX\tAA\t300\t1000\n"
        "l2-arctic\tAH\tAA\t0\t999\nepadb\tIH\tIY\t9\t\nl2-arctic\t-\tEH\t26\t\n"
    )
    rates = points.spanish_rates(table)
    mean = 901 / 3000
    assert rates["Z"] == pytest.approx(0.6, abs=0.02)
    assert rates["TH"] == pytest.approx((1 + points.FEW * mean) / (1 + points.FEW))
    assert rates["AH"] == pytest.approx(0.15, abs=0.01)
    assert rates["IH"] == pytest.approx(mean)


def test_confusions_are_of_two_sounds_of_the_inventory(tmp_path: Path) -> None:
    table = tmp_path / "confusions.tsv"
    table.write_text(
        "source\tcanonical\tperceived\tcount\tcanonical_total\n"
        "l2-arctic\tZ\tS\t6\t10\nepadb\tZ\tS\t3\t\nl2-arctic\tD\t-\t5\t9\nl2-arctic\tAX\tAH\t5\t9\n"
        "epadb\tR\tDX\t4\t\n"
    )
    assert planted.confusions(table) == {("Z", "S"): 9}


def test_either_judge_marks_a_sound() -> None:
    def judgement(*p_wrong: float) -> Judgement:
        half = torch.full((len(p_wrong),), 0.5)
        return Judgement(torch.tensor(p_wrong), half, half, half.mean())

    one, other = judgement(0.0, 0.9, 0.5), judgement(0.8, 0.0, 0.5)
    assert one.joined(other).p_wrong.tolist() == pytest.approx([0.8, 0.9, 0.75])
    assert torch.equal(one.joined(other).score, one.score)
