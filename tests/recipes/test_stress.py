"""Training on stress scores: what is learnt, and operating points that are honest."""

import numpy as np
import pytest
import torch

from speech.findings import StressFinding, Verdict
from speech.judge.stress import SYLLABLE, WORD, Word
from speech.recipes.phonetic_rnnt.predict import pattern
from speech.recipes.phonetic_rnnt.stress import (
    Case,
    crossfitted,
    figures,
    judged,
    operating_points,
    train,
)


def cases(count: int = 400, seed: int = 0) -> list[Case]:
    """Louder is stressed; the experts mark what is stressed elsewhere, and some of the rest."""
    rng = np.random.default_rng(seed)
    out = []
    for n in range(count):
        size, moved = int(rng.integers(2, 4)), rng.random() < 0.15
        expected = 0 if rng.random() < 0.8 else size - 1
        loud = (expected + 1) % size if moved else expected
        syllables = torch.from_numpy(rng.normal(0, 1, (size, SYLLABLE))).float()
        syllables[loud, 0] += 4
        rest = torch.from_numpy(rng.normal(0, 1, WORD - 1)).float()
        votes = rng.binomial(5, 0.8 if moved else 0.03)
        out.append(Case(f"s{n % 20}", Word(syllables, expected, rest), 10 - float(votes)))
    return out


def test_it_learns_which_syllable_stands_out_and_what_is_marked() -> None:
    found = cases(seed=1)
    out = figures(list(zip(found, judged(train(cases()), found), strict=True)))
    assert out["heard_first"] > 0.9 and out["heard_later"] > 0.9
    assert out["marked_by_most_ap_over_base"] > 3 and out["marked_by_most_ap"] > 0.7
    assert out["words"] == 400


def test_a_place_that_is_commoner_is_not_favoured() -> None:
    """Where nothing stands out the first syllable is not heard just because it often is."""
    model = train([case._replace(word=case.word) for case in cases(800)])
    flat = Word(torch.zeros(2, SYLLABLE), 0, torch.zeros(WORD - 1))
    assert model.stood_out(flat).exp()[0].item() == pytest.approx(0.5, abs=0.01)


def test_a_speaker_is_judged_by_a_model_of_the_others() -> None:
    """Marks that only one speaker gets, by a feature only that speaker has, cannot be learnt."""
    found = cases()
    odd = []
    for case in found:
        rest = case.word.rest.clone()
        rest[0] = 20.0 if case.speaker == "s3" else 0.0
        score = 5.0 if case.speaker == "s3" else 10.0
        odd.append(Case(case.speaker, case.word._replace(rest=rest), score))
    of_s3 = [n for n, case in enumerate(odd) if case.speaker == "s3"]
    known, new = judged(train(odd), odd), crossfitted(odd)
    assert np.mean([known[n].p_wrong for n in of_s3]) > 0.5
    assert np.mean([new[n].p_wrong for n in of_s3]) < 0.2


def finding(p_wrong: float, heard: int) -> StressFinding:
    return StressFinding(0, heard, Verdict.RIGHT, p_wrong)


def test_what_is_not_right_often_enough_is_never_wrong() -> None:
    word = Word(torch.zeros(2, SYLLABLE), 0, torch.zeros(WORD - 1))
    scores = [5.0, 5.0, 10.0] * 20 + [10.0] * 200  # two marks in three among the first sixty
    found = [finding(0.9 if n < 60 else 0.01, 1) for n in range(260)]
    some = [Case("s", word, score) for score in scores]
    moved = np.linspace(0, 1, 260).tolist()
    points = operating_points(some, found, moved)
    assert points["stress_wrong"] == 0.9
    # One mark in three is not enough, but enough to be unsure; nor is a handful of any.
    half = [Case("s", word, 10.0 if n % 2 else case.score) for n, case in enumerate(some)]
    assert operating_points(half, found, moved)["stress_wrong"] == 1.0
    few = [finding(0.9 if n < 3 else 0.01, 1) for n in range(260)]
    sure = [Case("s", word, 5.0 if n < 3 else 10.0) for n in range(260)]
    assert operating_points(sure, few, moved)["stress_wrong"] == 1.0
    # Words where the right syllable was heard are no marks at all.
    right = [finding(each.p_wrong, 0) for each in found]
    assert operating_points(some, right, moved)["stress_wrong"] == 1.0


@pytest.mark.parametrize(
    ("word", "phones", "digits"),
    [
        ("RABBIT", "R AE1 B AH0 T", "10"),
        ("GOING", "G OW0 IH0 NG", "10"),  # weak in its sentence
        ("HOTEL", "HH OW T EH L", "01"),  # no digits at all
        ("CAT", "K AE0 T", "0"),
        ("REALLY", "R IH AH1 L IY0", "010"),
        ("WORD%", "AH0 B AH0", "10"),
    ],
)
def test_every_word_of_syllables_has_one_to_be_stressed(
    word: str, phones: str, digits: str
) -> None:
    assert pattern(word, phones.split()) == digits
