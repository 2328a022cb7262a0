"""Verdicts against five human experts, with intervals over speakers.

Definitions: a phone is wrong if its expert score is under 1.0 (and again, under 0.5), red if its
verdict is wrong or missing; FRR = red among the right ones, FAR = not red among the wrong ones.
`per_good` counts takes with an utterance accuracy of 9 and more, stress removed.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch

from speech.engine import Engine
from speech.judge import bundle
from speech.judge.evidence import symbols
from speech.judge.head import FEATURES, Head
from speech.phones import SYMBOLS
from speech.recipes.phonetic_rnnt import planted, sphinx
from speech.recipes.phonetic_rnnt.corpora import WRONG_BELOW
from speech.recipes.phonetic_rnnt.examples import exchanged
from speech.recipes.phonetic_rnnt.experts import Experts
from speech.recipes.phonetic_rnnt.metrics import (
    Count,
    average_precision,
    edits,
    pearson,
    resampled,
    share,
)
from speech.recipes.phonetic_rnnt.predict import Take, line, read, takes, utterances_of
from speech.recipes.phonetic_rnnt.stress import marks
from speech.thresholds import DEFAULT

_RED = ("wrong", "missing")


class Outcome(NamedTuple):
    """One take: what was predicted beside what the experts said."""

    speaker: str
    child: bool
    gender: str
    good: bool
    edits: int
    sphinx_edits: int
    reference: int  # phones
    phones: tuple[str, ...]
    score: np.ndarray  # (U,) 0..2
    shuffled: np.ndarray  # (U,) the same from the sound of another take
    text_score: np.ndarray  # (U,)
    p_wrong: np.ndarray
    red: np.ndarray
    truth: np.ndarray  # (U,) 0..2
    word: np.ndarray  # (W,)
    word_truth: np.ndarray
    stress: np.ndarray  # (S,) p_wrong of the stress of words of two syllables and more
    stress_truth: np.ndarray  # (S,) 5..10: each expert says 5 or 10
    accuracy: float
    accuracy_truth: float
    spent_s: float
    judged_s: float  # of it, after the listener
    duration_s: float


def outcomes(
    folder: Path,
    part: str | None,
    bundle_folder: Path | None,
    with_sphinx: bool,
    prior: str = "corpus",
) -> list[Outcome]:
    """Predict every take of a part and put the experts' scores beside it."""
    engine = Engine.load(bundle_folder, threads=1)
    text_head = bundle.load_text_head(bundle_folder or DEFAULT)
    chosen = utterances_of(folder, part) if part else None
    experts = Experts(folder)
    allphone = sphinx.Allphone() if with_sphinx else None
    out = []
    asked = [t for t in takes(folder) if t.keys and (chosen is None or t.utt_id in chosen)]
    for at, take in enumerate(asked):
        samples = read(folder, take.utt_id)
        record = line(engine, take, samples, prior)
        other_take = asked[(at + len(asked) // 2) % len(asked)]
        other_sound = line(engine, take, read(folder, other_take.utt_id))
        row = experts.takes[take.utt_id]
        flat = [phone for word in take.words for phone in word]
        other = edits(flat, allphone.phones(samples)) if allphone else 0
        truth = experts.words[take.utt_id]
        stressed = [w for w in record["words"] if w["stress"] and take.utt_id in experts.stress]
        out.append(
            Outcome(
                row["speaker"],
                experts.child(take.utt_id),
                row["gender"],
                experts.good(take.utt_id),
                edits(flat, record["heard"]),
                other,
                len(flat),
                tuple(flat),
                np.array([2 * p["score"] for p in record["phones"]]),
                np.array([2 * p["score"] for p in other_sound["phones"]]),
                text_scores(text_head, take),
                np.array([p["p_wrong"] for p in record["phones"]]),
                np.array([p["verdict"] in _RED for p in record["phones"]]),
                np.array(experts.phones[take.utt_id]),
                np.array([w["score"] for w in record["words"]]),
                np.array([truth[w["word_index"]] for w in record["words"]]),
                np.array([w["stress"]["p_wrong"] for w in stressed]),
                np.array([experts.stress[take.utt_id][w["word_index"]] for w in stressed]),
                record["utterance"]["accuracy"],
                experts.accuracy(take.utt_id),
                record["spent_s"],
                record["judged_s"],
                record["duration_s"],
            )
        )
    return out


def text_scores(head: Head, take: Take) -> np.ndarray:
    """(U,) scores of the head that sees the text alone, 0..2."""
    phones = symbols([p for word in take.words for p in word])
    words = torch.tensor([i for i, word in enumerate(take.words) for _ in word])
    return 2 * head.judge(torch.zeros(len(phones), FEATURES), phones, words).score.numpy()


def red_figures(red: np.ndarray, p_wrong: np.ndarray, wrong: np.ndarray) -> dict[str, float]:
    """Precision, recall, F1, FRR, FAR of red and average precision of p_wrong."""
    hits = int((red & wrong).sum())
    precision = hits / max(1, int(red.sum()))
    recall = hits / max(1, int(wrong.sum()))
    return {
        "precision": precision,
        "recall": recall,
        "f1": 2 * precision * recall / max(1e-9, precision + recall),
        "frr": int((red & ~wrong).sum()) / max(1, int((~wrong).sum())),
        "far": 1 - recall,
        "average_precision": average_precision(p_wrong, wrong),
    }


def figures(found: Sequence[Outcome]) -> dict[str, float]:
    """All figures of a list of takes, flat."""
    good = [o for o in found if o.good]

    def join(name: str) -> np.ndarray:
        return np.concatenate([getattr(o, name) for o in found])

    score, truth, p_wrong, red = join("score"), join("truth"), join("p_wrong"), join("red")
    out = {
        "takes": float(len(found)),
        "per": sum(o.edits for o in found) / sum(o.reference for o in found),
        "per_good": sum(o.edits for o in good) / max(1, sum(o.reference for o in good)),
        "phone_pcc": pearson(score, truth),
        "shuffled_pcc": pearson(join("shuffled"), truth),
        "phone_mse": float(np.mean((score - truth) ** 2)),
        "text_only_pcc": pearson(join("text_score"), truth),
        "word_pcc": pearson(join("word"), join("word_truth")),
        "utterance_pcc": pearson([o.accuracy for o in found], [o.accuracy_truth for o in found]),
    }
    for below in (1.0, 0.5):
        for name, value in red_figures(red, p_wrong, truth < below).items():
            out[f"red_{below}_{name}"] = value
    wrong = truth < WRONG_BELOW
    base = wrong.mean() * (1 - wrong.mean())
    out["brier_skill"] = 1 - float(np.mean((p_wrong - wrong) ** 2)) / max(1e-9, float(base))
    stress = marks(join("stress"), join("stress_truth"))
    out |= {f"stress_{name}": value for name, value in stress.items()}
    clean = [not o.red.any() for o in good]
    out["good_takes_without_red"] = float(np.mean(clean)) if clean else 0.0
    seconds = max(1e-9, sum(o.duration_s for o in found))
    out["rtf"] = sum(o.spent_s for o in found) / seconds
    out["judging_3_s"] = 3 * sum(o.judged_s for o in found) / seconds
    if any(o.sphinx_edits for o in found):
        edited = sum(o.sphinx_edits for o in good)
        out["per_good_pocketsphinx"] = edited / max(1, sum(o.reference for o in good))
    return out


def by_sound(found: Sequence[Outcome]) -> dict[str, dict[str, int]]:
    """Of every sound: how often it is wrong and red, and how right its red is."""
    names = np.concatenate([np.array(o.phones) for o in found])
    wrong = np.concatenate([o.truth for o in found]) < WRONG_BELOW
    red = np.concatenate([o.red for o in found])
    out = {}
    for name in (symbol for symbol in SYMBOLS if symbol in names):
        mine = names == name
        hits = int((red & wrong & mine).sum())
        out[name] = {
            "said": int(mine.sum()),
            "wrong": int((wrong & mine).sum()),
            "red": int((red & mine).sum()),
            "hits": hits,
        }
    return out


def frr_ratio(cohorts: Mapping[str, Any]) -> float:
    """How many times oftener a right sound of a child is red than one of an older learner."""
    names = ("children", "older")
    if not cohorts.keys() >= set(names):
        return math.nan
    children, older = (cohorts[name]["figures"]["red_1.0_frr"] for name in names)
    return children / older if older else math.nan


def plants(folder: Path, part: str | None, bundle_folder: Path | None) -> dict[str, Any]:
    """Red on planted errors of Spanish speakers, and no red on the same takes unchanged.

    By the Spanish prior, as the product judges; a plant is caught if its own sound is red.
    """
    engine = Engine.load(bundle_folder, threads=1)
    experts = Experts(folder)
    pairs: dict[tuple[str, str], list[Count]] = {pair: [] for pair in planted.PAIRS}
    clean: list[Count] = []
    alone: list[Count] = []  # caught without another red in the take
    chosen: dict[str, list[planted.Plant]] = {}
    for plant in planted.read():
        if part in (None, plant.part) and plant.pair in pairs:
            chosen.setdefault(plant.utt_id, []).append(plant)
    for take in takes(folder):
        if take.utt_id not in chosen:
            continue
        samples = read(folder, take.utt_id)
        speaker = experts.takes[take.utt_id]["speaker"]
        record = line(engine, take, samples, "spanish")
        clean.append(Count(speaker, all(p["verdict"] not in _RED for p in record["phones"]), 1))
        for plant in chosen[take.utt_id]:
            asked, at = exchanged(take, plant)
            verdicts = [p["verdict"] for p in line(engine, asked, samples, "spanish")["phones"]]
            pairs[plant.pair].append(Count(speaker, verdicts[at] in _RED, 1))
            reds = [place for place, verdict in enumerate(verdicts) if verdict in _RED]
            alone.append(Count(speaker, reds == [at], 1))
    every = [count for counts in pairs.values() for count in counts]
    return {
        "caught": share(every),
        "caught_alone": share(alone),
        "unchanged_without_red": share(clean),
        "pairs": {f"{asked}<-{said}": share(counts) for (asked, said), counts in pairs.items()},
    }


def intervals(found: Sequence[Outcome]) -> dict[str, list[float]]:
    """2.5 and 97.5 % points of every figure over resampled speakers."""
    out = resampled(found, lambda outcome: outcome.speaker, figures)
    return {name: interval for name, interval in out.items() if name != "takes"}


def report(found: Sequence[Outcome]) -> dict[str, Any]:
    """Figures and intervals, for all and by cohort."""
    cohorts = {
        "all": list(found),
        "children": [o for o in found if o.child],
        "older": [o for o in found if not o.child],
        "female": [o for o in found if o.gender == "f"],
        "male": [o for o in found if o.gender == "m"],
    }
    return {
        name: {"figures": figures(members), "intervals": intervals(members)}
        for name, members in cohorts.items()
        if members
    }
