"""Stage 3: the judge's head, on evidence from listeners that did not know the speaker.

`python -m speech.recipes.phonetic_rnnt.judge --listener NAME --fold0 NAME --fold1 NAME`
Takes of `train` speakers are heard by the listener that left their half out (cross-fitting),
those of `dev` by the shipped one. Writes WORK/NAME_head.pt: the head of the corpus's prior, the
same with the audio left out (for text_only_pcc), the head that the Spanish prior adds, which also
learns from planted errors and from voiced paraphrases of l2gen, and the operating points of both
priors, chosen on judgements of `train` by heads that did not learn from that half, and on `dev`.
"""

from __future__ import annotations

import argparse
import json
import random
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.functional import binary_cross_entropy_with_logits as bce

from speech.criterion import PRIORS
from speech.judge.head import Head, HeadConfig, Judgement, by_prior
from speech.recipes.l2gen import voice
from speech.recipes.phonetic_rnnt import planted, points
from speech.recipes.phonetic_rnnt.corpora import DATA, WORK, WRONG_BELOW
from speech.recipes.phonetic_rnnt.examples import UNKNOWN, Example, Planted, gather, voiced
from speech.recipes.phonetic_rnnt.metrics import average_precision, pearson
from speech.recipes.phonetic_rnnt.points import Points
from speech.recipes.phonetic_rnnt.train import FOLDS, fold_of, load_averaged
from speech.thresholds import Thresholds

AIM = 0.75  # precision of red where the points are chosen, so that points.HOLDS on new speakers
UNSURE = 0.4  # precision from which a sound is unsure
CLEAN = 0.92  # share of well-read takes that the Spanish prior's points leave without any red
A_STEP = 16  # plants of a step of training, and
LEARN = 0.4  # their weight in its loss
FEWER = 15  # epochs are enough with plants
VOICED = 1500  # paraphrases to learn from
SELDOM = 5  # times that any pair counts as confused
FALSE_VOWELS = 0.02  # share of words with s + consonant that may count as begun with a vowel
FALSE_SKIPS = 0.01  # share of the words of dev likelier left out, before the head is asked too


def pad(examples: list[Example], silent: bool) -> tuple[Tensor, ...]:
    """A batch: x, phones, words, lengths, score, word truth and its mask, accuracy."""
    padded = torch.nn.utils.rnn.pad_sequence
    x = padded([e.x for e in examples], batch_first=True)
    word = padded([e.word for e in examples], batch_first=True, padding_value=-1)
    return (
        torch.zeros_like(x) if silent else x,
        padded([e.phones for e in examples], batch_first=True),
        padded([e.words for e in examples], batch_first=True),
        torch.tensor([len(e.phones) for e in examples]),
        padded([e.score for e in examples], batch_first=True, padding_value=-1),
        word,
        torch.tensor([e.accuracy for e in examples]),
    )


def loss_of(outs: list[Tensor], batch: tuple[Tensor, ...]) -> Tensor:
    """Cross entropy of 'scored under 1', squared errors of the three scores."""
    score, word, accuracy = batch[4], batch[5], batch[6]
    known = score >= 0
    phone, words, take = outs
    wrong = bce(phone[..., 0][known], (score[known] < 1.0).float())
    graded = (phone[..., 1][known] - score[known] / 2).square().mean()
    spoken = word >= 0
    word_error = (words[spoken] - word[spoken] / 10).square().mean()
    return wrong + 4 * graded + 2 * word_error + 2 * (take - accuracy / 10).square().mean()


def train(
    examples: list[Example],
    dev: list[Example],
    config: HeadConfig,
    *,
    epochs: int,
    silent: bool = False,
    plants: Sequence[Planted] = (),
    paraphrased: Sequence[Example] = (),
    seed: int = 0,
) -> Head:
    """Each member from its own seed; the epoch with the best dev phone correlation is kept.

    With `plants` every step also learns that some of them are wrong, drawn as often as Spanish
    speakers confuse the pair, and from some `paraphrased` takes; then the last epoch is kept.
    """
    head = Head(config)
    whole = pad(dev, silent)
    share = shares(plants) if plants else None
    for number, member in enumerate(head.members, start=seed):
        torch.manual_seed(number)
        rng = np.random.default_rng(number)
        for layer in member.modules():
            if isinstance(layer, nn.Linear | nn.Embedding | nn.GRU):
                layer.reset_parameters()
        optimiser = torch.optim.AdamW(member.parameters(), 2e-3, weight_decay=5e-2)
        schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, epochs)
        best, kept = -1.0, {}
        for _ in range(epochs):
            member.train()
            order = torch.randperm(len(examples)).tolist()
            for start in range(0, len(order), 32):
                batch = pad([examples[i] for i in order[start : start + 32]], silent)
                loss = loss_of(member(*batch[:4]), batch)
                if plants:
                    some = rng.choice(len(plants), A_STEP, p=share)
                    loss = loss + LEARN * missed(member, [plants[i] for i in some])
                if paraphrased:
                    some = rng.choice(len(paraphrased), A_STEP)
                    loss = loss + LEARN * misread(member, [paraphrased[i] for i in some])
                optimiser.zero_grad()
                loss.backward()
                torch.nn.utils.clip_grad_norm_(member.parameters(), 1.0)
                optimiser.step()
            schedule.step()
            value = 0.0 if plants or paraphrased else quality(member.eval(), whole)
            if value >= best:
                best = value
                kept = {n: t.clone() for n, t in member.state_dict().items()}
        member.load_state_dict(kept)
    return head.eval()


def shares(plants: Sequence[Planted]) -> np.ndarray:
    """How often each plant is drawn: its pair by the root of what people confuse, smoothed."""
    known = planted.confusions(DATA / "spanish_l1" / "confusions.tsv")
    of = Counter(plant.pair for plant in plants)
    share = np.array([(known[p.pair] + SELDOM) ** 0.5 / of[p.pair] for p in plants])
    return share / share.sum()


def missed(member: nn.Module, plants: Sequence[Planted]) -> Tensor:
    """Cross entropy of the exchanged sounds, all of them wrong."""
    batch = pad([plant.example for plant in plants], silent=False)
    at = torch.tensor([plant.at for plant in plants])
    logits = member(*batch[:4])[0][torch.arange(len(plants)), at, 0]
    return bce(logits, torch.ones_like(logits))


def misread(member: nn.Module, takes: list[Example]) -> Tensor:
    """Cross entropy of the sounds of voiced paraphrases that are known to be right or wrong."""
    batch = pad(takes, silent=False)
    known = batch[4] != UNKNOWN
    return bce(member(*batch[:4])[0][known][:, 0], (batch[4][known] < WRONG_BELOW).float())


@torch.no_grad()
def quality(member: nn.Module, batch: tuple[Tensor, ...]) -> float:
    """Phone correlation and half the average precision of a batch."""
    known = batch[4] >= 0
    phone, truth = member(*batch[:4])[0][known], batch[4][known].numpy()
    ap = average_precision(phone[:, 0].numpy(), truth < WRONG_BELOW)
    return pearson(phone[:, 1].numpy(), truth) + 0.5 * ap


class Judged(NamedTuple):
    """Flat figures of a list of examples."""

    phones: np.ndarray  # symbols
    p_wrong: np.ndarray
    score: np.ndarray
    truth: np.ndarray
    word: tuple[np.ndarray, np.ndarray]
    accuracy: tuple[np.ndarray, np.ndarray]


Judge = Callable[[Example], Judgement]


def judged(examples: Sequence[Example], judge: Judge) -> Judged:
    outs = [judge(e) for e in examples]
    return Judged(
        torch.cat([e.phones for e in examples]).numpy(),
        torch.cat([o.p_wrong for o in outs]).numpy(),
        torch.cat([o.score for o in outs]).numpy(),
        torch.cat([e.score for e in examples]).numpy(),
        (torch.cat([o.word for o in outs]).numpy(), torch.cat([e.word for e in examples]).numpy()),
        (np.array([float(o.accuracy) for o in outs]), np.array([e.accuracy for e in examples])),
    )


def together(parts: Sequence[Judged]) -> Judged:
    """Several lists of examples as one."""

    def cat(arrays: Iterable[np.ndarray]) -> np.ndarray:
        return np.concatenate(list(arrays))

    return Judged(
        cat(p.phones for p in parts),
        cat(p.p_wrong for p in parts),
        cat(p.score for p in parts),
        cat(p.truth for p in parts),
        (cat(p.word[0] for p in parts), cat(p.word[1] for p in parts)),
        (cat(p.accuracy[0] for p in parts), cat(p.accuracy[1] for p in parts)),
    )


def figures(result: Judged) -> dict[str, float]:
    return {
        "phone_pcc": pearson(result.score, result.truth),
        "ap": average_precision(result.p_wrong, result.truth < 1.0),
        "word_pcc": pearson(*result.word),
        "utterance_pcc": pearson(*result.accuracy),
    }


def points_of(
    found: Judged, prior: str, examples: Sequence[Example], seen: Sequence[tuple[int, float]]
) -> Points:
    """Where red begins, on judgements of `examples` by heads that did not know their speakers.

    `seen`: exchanged sound and p_wrong of every plant. At a precision of AIM; by the Spanish prior
    plants are the failures, and CLEAN of the well-read takes stay without red.
    """
    wrong = found.truth < WRONG_BELOW
    if prior == "corpus":
        return points.of_sounds(found.phones, found.p_wrong, wrong, seen, AIM)
    rates = points.spanish_rates(DATA / "spanish_l1" / "confusions.tsv")
    well_read = np.array([e.accuracy >= planted.WELL_SAID for e in examples])
    number = np.where(well_read, np.cumsum(well_read) - 1, -1)
    of = np.repeat(number, [len(e.phones) for e in examples])
    return points.of_people(found.phones, found.p_wrong, wrong, of, seen, rates, AIM, CLEAN)


def paraphrases(listener: str) -> list[Example]:
    """Some voiced paraphrases of l2gen as the listener hears them; none where none were made."""
    path = voice.FOLDER / "voiced.jsonl"
    heard = voice.read(path) if path.exists() else []
    chosen = random.Random(1).sample(heard, min(VOICED, len(heard)))
    return list(voiced(load_averaged(listener), chosen))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--listener", required=True)
    parser.add_argument("--fold0", required=True)
    parser.add_argument("--fold1", required=True)
    parser.add_argument("--epochs", type=int, default=25)
    args = parser.parse_args()
    names = {"all": args.listener, "0": args.fold0, "1": args.fold1}
    found, plants = gather(names, ("train", "dev"))
    learners, dev = found["train"], found["dev"]
    dev_speakers = {e.speaker for e in dev}

    def fold(example: Example) -> int:
        return -1 if example.speaker in dev_speakers else fold_of(example.speaker)

    def panel(learnt: Sequence[Planted] = (), heard: Sequence[Example] = ()) -> dict[int, Head]:
        """The head that ships (-1: all of `train`), and one without each fold."""
        return {
            out: train(
                [e for e in learners if fold_of(e.speaker) != out],
                dev,
                HeadConfig(),
                epochs=min(args.epochs, FEWER) if learnt else args.epochs,
                plants=[plant for plant in learnt if fold(plant.example) != out],
                paraphrased=heard,
            )
            for out in (-1, *range(FOLDS))
        }

    text = train(learners, dev, HeadConfig(), epochs=args.epochs, silent=True)
    corpus = panel()
    learnt = [plant for plant in plants if fold(plant.example) >= 0]
    spanish = panel(learnt, paraphrases(args.listener))

    unknowing = {  # heads of both priors, by the fold that they did not learn from
        out: {"corpus": corpus[out], "spanish": spanish[out]} for out in corpus
    }

    silent = judged(dev, lambda e: text.judge(torch.zeros_like(e.x), e.phones, e.words))
    print("text only", round(figures(silent)["phone_pcc"], 4))
    extra = np.quantile([gain for e in dev for gain in e.added], 1 - FALSE_VOWELS)
    skipped = np.quantile(torch.cat([e.skipped for e in dev]), 1 - FALSE_SKIPS)
    thresholds = {}
    for prior in PRIORS:

        def judge(e: Example, prior: str = prior) -> Judgement:
            return by_prior(unknowing[fold(e)], prior, e.x, e.phones, e.words)

        parts = {"train": judged(learners, judge), "dev": judged(dev, judge)}
        every = together(list(parts.values()))
        seen = [
            (int(plant.example.phones[plant.at]), float(judge(plant.example).p_wrong[plant.at]))
            for plant in plants
        ]
        chosen = points_of(every, prior, learners + dev, seen)
        print("\n".join(chosen.lines))
        for name, of in parts.items():
            wrong, red = of.truth < WRONG_BELOW, chosen.red(of.phones, of.p_wrong)
            told = figures(of) | {
                "precision": float(wrong[red].mean()) if red.any() else 0.0,
                "recall": float(red[wrong].mean()),
            }
            print(prior, name, json.dumps({k: round(v, 4) for k, v in told.items()}))
        sign = np.where(every.truth < WRONG_BELOW, 1.0, -1.0)
        thresholds[prior] = Thresholds(
            red=chosen.pooled,
            unsure=min(chosen.pooled * 0.6, points.operating_point(every.p_wrong, sign, UNSURE)),
            extra=max(1.0, float(extra)),
            skipped=max(1.0, float(skipped)),
            sounds=chosen.sounds,
        )
    heads = {"text": text} | unknowing[-1]
    saved = {
        "heads": {name: head.state_dict() for name, head in heads.items()},
        "thresholds": {prior: asdict(each) for prior, each in thresholds.items()},
    }
    torch.save(saved, WORK / f"{args.listener}_head.pt")


if __name__ == "__main__":
    main()
