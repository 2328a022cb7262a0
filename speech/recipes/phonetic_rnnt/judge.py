"""Stage 3: the judge's head, on evidence from listeners that did not know the speaker.

`python -m speech.recipes.phonetic_rnnt.judge --listener NAME --fold0 NAME --fold1 NAME`
Takes of `train` speakers are heard by the listener that left their half out (cross-fitting),
those of `dev` by the shipped one. Writes WORK/NAME_head.pt with the head, the same head with
the audio left out (for text_only_pcc) and the operating points, chosen on judgements of `train`
by heads that did not learn from that half, and on `dev`.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.functional import binary_cross_entropy_with_logits as bce

from speech import audio
from speech.judge import evidence as evidence_of
from speech.judge import transducer, verdicts
from speech.judge.head import Head, HeadConfig, features
from speech.listener.features import log_mel, normalise
from speech.listener.model import Listener
from speech.phones import PHONES, SYMBOLS
from speech.recipes.phonetic_rnnt import planted
from speech.recipes.phonetic_rnnt.corpora import DATA, WORK, WRONG_BELOW, parts_of, rows
from speech.recipes.phonetic_rnnt.experts import Experts
from speech.recipes.phonetic_rnnt.metrics import average_precision, pearson
from speech.recipes.phonetic_rnnt.predict import Take, takes
from speech.recipes.phonetic_rnnt.train import FOLDS, fold_of, load_averaged
from speech.thresholds import Thresholds

AIM = 0.75  # precision of red where the points are chosen, so that
HOLDS = 0.66  # holds on new speakers: right two times in three teaches (Silpachai 2024)
FEW = 30  # failures of a sound below which plants stand in, and which the pooled point weighs
FALSE_VOWELS = 0.02  # share of words with s + consonant that may count as begun with a vowel
FALSE_SKIPS = 0.01  # share of the words of dev likelier left out, before the head is asked too
MOST_SHIFT = 1.5  # log odds by which a prior may move a sound


class Example(NamedTuple):
    """A take as the head sees it, with what the experts said."""

    speaker: str
    x: Tensor  # (U, FEATURES)
    phones: Tensor  # (U,)
    words: Tensor  # (U,) 0..W-1
    score: Tensor  # (U,) 0..2
    word: Tensor  # (W,) accuracy 0..10
    accuracy: float  # 0..10
    skipped: Tensor  # (W,) evidence.skipped
    added: list[float]  # nats that a vowel gains before each initial s + consonant


class Planted(NamedTuple):
    """A take whose text has one sound exchanged."""

    example: Example
    at: int  # the exchanged phone


@torch.inference_mode()
def example(listener: Listener, take: Take, experts: Experts, encoded: Tensor) -> Example | None:
    """Evidence for one take, (T, hidden) encoded; None where it is too short for its text."""
    reference = evidence_of.symbols([p for word in take.words for p in word])
    log_probs = listener.ctc_log_probs(encoded[None])[0]
    if len(log_probs) < len(reference) + 5:
        return None
    evidence = evidence_of.gather(log_probs, reference)
    transduced = transducer.exchanged(listener, encoded, reference)
    x = features(evidence, transduced, log_probs, reference)
    starts = np.cumsum([0, *(len(word) for word in take.words)]).tolist()
    words = torch.tensor([i for i, word in enumerate(take.words) for _ in word])
    name = take.utt_id
    return Example(
        experts.takes[name]["speaker"],
        x,
        reference,
        words,
        torch.tensor(experts.phones[name]),
        torch.tensor(list(experts.words[name].values())),
        experts.accuracy(name),
        evidence_of.skipped(log_probs, [evidence_of.symbols(word) for word in take.words]),
        [
            verdicts.added(evidence, start)[0]
            for start, word in zip(starts, take.words, strict=False)
            if verdicts.takes_vowel(word)
        ],
    )


def heard(
    names: Mapping[str, str], parts: Sequence[str]
) -> Iterator[tuple[str, Listener, Take, Experts, np.ndarray]]:
    """Every take of the parts: its part, a listener that did not know the speaker, its samples.

    `names`: the listener's checkpoint for 'all', '0' and '1'.
    """
    folder = DATA / "speechocean762"
    experts, part_of = Experts(folder), parts_of(folder)
    listeners = {key: load_averaged(name) for key, name in names.items()}
    for take in takes(folder):
        speaker = experts.takes[take.utt_id]["speaker"]
        part = part_of[speaker]
        if part not in parts:
            continue
        key = str(fold_of(speaker)) if part == "train" else "all"
        samples = audio.load(folder / "audio" / f"{take.utt_id}.opus")
        yield part, listeners[key], take, experts, samples


@torch.inference_mode()
def encode(listener: Listener, samples: np.ndarray) -> Tensor:
    """(N,) samples -> (T, hidden)."""
    return listener.encoder(normalise(log_mel(torch.from_numpy(samples)))[None])[0]


def exchanged(take: Take, plant: planted.Plant) -> tuple[Take, int]:
    """The take with the plant's sound asked for, and where that is among all phones."""
    at = take.keys.index((plant.word_index, plant.phone_index))
    flat = [phone for word in take.words for phone in word]
    flat[at] = plant.asked
    left = iter(flat)
    return take._replace(words=[[next(left) for _ in word] for word in take.words]), at


def gather(
    names: Mapping[str, str], parts: Sequence[str]
) -> tuple[dict[str, list[Example]], list[Planted]]:
    """Examples of the parts and of their plants; `names` as for `heard`."""
    plants_of: dict[str, list[planted.Plant]] = {}
    for plant in planted.read():
        plants_of.setdefault(plant.utt_id, []).append(plant)
    out: dict[str, list[Example]] = {part: [] for part in parts}
    plants: list[Planted] = []
    for part, listener, take, experts, samples in heard(names, parts):
        encoded = encode(listener, samples)
        if found := example(listener, take, experts, encoded):
            out[part].append(found)
        for plant in plants_of.get(take.utt_id, []):
            asked, at = exchanged(take, plant)
            if found := example(listener, asked, experts, encoded):
                plants.append(Planted(found, at))
    return out, plants


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
    examples: list[Example], dev: list[Example], config: HeadConfig, *, silent: bool, epochs: int
) -> Head:
    """Each member from its own seed; the epoch with the best dev phone correlation is kept."""
    head = Head(config)
    whole = pad(dev, silent)
    known = whole[4] >= 0
    for seed, member in enumerate(head.members):
        torch.manual_seed(seed)
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
                optimiser.zero_grad()
                loss.backward()
                torch.nn.utils.clip_grad_norm_(member.parameters(), 1.0)
                optimiser.step()
            schedule.step()
            member.eval()
            with torch.no_grad():
                phone = member(*whole[:4])[0]
            value = pearson(phone[..., 1][known].numpy(), whole[4][known].numpy())
            value += 0.5 * average_precision(
                phone[..., 0][known].numpy(), (whole[4][known] < 1).numpy()
            )
            if value > best:
                best = value
                kept = {n: t.clone() for n, t in member.state_dict().items()}
        member.load_state_dict(kept)
    return head.eval()


class Judged(NamedTuple):
    """Flat figures of a list of examples."""

    phones: np.ndarray  # symbols
    p_wrong: np.ndarray
    score: np.ndarray
    truth: np.ndarray
    word: tuple[np.ndarray, np.ndarray]
    accuracy: tuple[np.ndarray, np.ndarray]


def judged(head: Head, examples: list[Example], silent: bool = False) -> Judged:
    outs = [
        head.judge(torch.zeros_like(e.x) if silent else e.x, e.phones, e.words) for e in examples
    ]
    return Judged(
        torch.cat([e.phones for e in examples]).numpy(),
        torch.cat([o.p_wrong for o in outs]).numpy(),
        torch.cat([o.score for o in outs]).numpy(),
        torch.cat([e.score for e in examples]).numpy(),
        (torch.cat([o.word for o in outs]).numpy(), torch.cat([e.word for e in examples]).numpy()),
        (np.array([float(o.accuracy) for o in outs]), np.array([e.accuracy for e in examples])),
    )


def operating_point(p_wrong: np.ndarray, weight: np.ndarray, precision: float) -> float:
    """The lowest threshold from which on the precision of red is at least `precision`.

    `weight` counts what is wrong; what is right counts as minus one. 1 where none is enough.
    """
    order = np.argsort(-p_wrong)
    hits = np.cumsum(weight[order].clip(0))
    red = np.cumsum(np.abs(weight[order]))
    enough = np.nonzero(hits >= precision * red)[0]
    return float(p_wrong[order[enough[-1]]]) if len(enough) else 1.0


def points_of_sounds(
    found: Judged, plants: Sequence[tuple[int, float]], aim: float
) -> tuple[float, dict[str, float], list[str]]:
    """The pooled operating point, that of every sound allowed red, and a line a sound.

    A sound's own point moves toward the pooled one the fewer failures it has. Below FEW of them
    its plants (symbol, p_wrong) join in, weighing together as much as failures at its natural
    rate. A sound whose red would then be right less than HOLDS of the times is left out.
    """
    wrong = found.truth < WRONG_BELOW
    pooled = operating_point(found.p_wrong, np.where(wrong, 1.0, -1.0), aim)
    overall = wrong.mean()
    sounds, lines = {}, []
    for symbol in np.unique(found.phones):
        mine = found.phones == symbol
        p, bad = found.p_wrong[mine], wrong[mine]
        failures, weight = int(bad.sum()), np.where(bad, 1.0, -1.0)
        exchanged = np.array([q for phone, q in plants if phone == symbol])
        if failures < FEW and len(exchanged):
            rate = (failures + FEW * overall) / (len(bad) + FEW)
            each = rate * len(bad) / len(exchanged)
            p = np.concatenate([p, exchanged])
            weight = np.concatenate([weight, np.full(len(exchanged), each)])
        own = min(operating_point(p, weight, aim), float(p.max()))
        known = failures + (min(FEW, len(exchanged)) if failures < FEW else 0)
        share = known / (known + FEW)
        point = expit(share * logit(own) + (1 - share) * logit(pooled))
        red = p >= point
        hits = float(weight[red].clip(0).sum())
        precision = hits / max(1e-9, float(np.abs(weight[red]).sum()))
        recall = hits / max(1e-9, float(weight.clip(0).sum()))
        allowed = bool(red.any()) and precision >= HOLDS
        name = SYMBOLS[symbol]
        if allowed:
            sounds[name] = round(point, 4)
        lines.append(
            f"{name:3} {failures:4} failures of {len(bad):5}, {len(exchanged):3} plants: from"
            f" {point:.3f} precision {precision:.2f} recall {recall:.2f}"
            f" {'red' if allowed else 'never red'}"
        )
    return pooled, sounds, lines


def expit(x: float) -> float:
    return float(1 / (1 + np.exp(-x)))


def logit(p: float) -> float:
    p = min(max(p, 1e-6), 1 - 1e-6)
    return float(np.log(p / (1 - p)))


def spanish_shifts(path: Path, phones: np.ndarray, wrong: np.ndarray) -> dict[str, float]:
    """Log odds that each sound fails among Spanish speakers over those among the corpus's.

    Spanish speakers' rates are of L2-ARCTIC's two in `confusions.tsv`, brought to the corpus's
    mean: annotators of words mark more than teachers do. Rates of few cases move to the mean.
    """
    errors: Counter[str] = Counter()
    totals: dict[str, float] = {}
    for row in rows(path):
        name = {"AX": "AH"}.get(row["canonical"], row["canonical"])
        if row["source"] == "l2-arctic" and name in PHONES:
            errors[name] += int(row["count"])
            totals[row["canonical"]] = float(row["canonical_total"])
    of: Counter[str] = Counter()
    for canonical, total in totals.items():
        of[{"AX": "AH"}.get(canonical, canonical)] += int(total)
    mean = sum(errors.values()) / sum(of.values())
    overall = wrong.mean()
    rates = {}
    for symbol in np.unique(phones):
        name, mine = SYMBOLS[symbol], wrong[phones == symbol]
        corpus = (mine.sum() + FEW * overall) / (len(mine) + FEW)
        spanish = (errors[name] + FEW * mean) / (of[name] + FEW)
        rates[name] = (float(corpus), float(spanish), len(mine))
    level = sum(c * n for c, _, n in rates.values()) / sum(s * n for _, s, n in rates.values())
    return {
        name: round(float(np.clip(logit(s * level) - logit(c), -MOST_SHIFT, MOST_SHIFT)), 3)
        for name, (c, s, _) in rates.items()
    }


def together(parts: Iterable[Judged]) -> Judged:
    """Several lists of examples as one."""
    parts = list(parts)

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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--listener", required=True)
    parser.add_argument("--fold0", required=True)
    parser.add_argument("--fold1", required=True)
    parser.add_argument("--epochs", type=int, default=25)
    parser.add_argument("--precision", type=float, default=AIM)
    args = parser.parse_args()
    names = {"all": args.listener, "0": args.fold0, "1": args.fold1}
    found, plants = gather(names, ("train", "dev"))
    learners, dev_takes = found["train"], found["dev"]
    config = HeadConfig()

    def trained(examples: list[Example], *, silent: bool = False) -> Head:
        return train(examples, dev_takes, config, silent=silent, epochs=args.epochs)

    head, text = trained(learners), trained(learners, silent=True)
    dev = judged(head, dev_takes)
    print(json.dumps({k: round(v, 4) for k, v in figures(dev).items()}))
    print("text only", round(figures(judged(text, dev_takes, silent=True))["phone_pcc"], 4))

    unknowing = {  # heads that judge the speakers of a fold
        fold: trained([e for e in learners if fold_of(e.speaker) != fold]) for fold in range(FOLDS)
    }
    unknowing[-1] = head  # of dev
    dev_speakers = {e.speaker for e in dev_takes}

    def judge_of(example: Example) -> Head:
        return unknowing[-1 if example.speaker in dev_speakers else fold_of(example.speaker)]

    crossed = together(
        [
            judged(unknowing[fold], [e for e in learners if fold_of(e.speaker) == fold])
            for fold in range(FOLDS)
        ]
    )
    print("crossed", json.dumps({k: round(v, 4) for k, v in figures(crossed).items()}))
    seen = []
    for plant, at in plants:
        judgement = judge_of(plant).judge(plant.x, plant.phones, plant.words)
        seen.append((int(plant.phones[at]), float(judgement.p_wrong[at])))
    both = together([crossed, dev])
    pooled, sounds, lines = points_of_sounds(both, seen, args.precision)
    print("\n".join(lines))
    wrong = both.truth < WRONG_BELOW
    unsure = operating_point(both.p_wrong, np.where(wrong, 1.0, -1.0), 0.4)
    extra = np.quantile([gain for e in dev_takes for gain in e.added], 1 - FALSE_VOWELS)
    skipped = np.quantile(torch.cat([e.skipped for e in dev_takes]), 1 - FALSE_SKIPS)
    chosen = Thresholds(
        red=pooled,
        unsure=min(pooled * 0.6, unsure),
        extra=max(1.0, float(extra)),
        skipped=max(1.0, float(skipped)),
        sounds=sounds,
        spanish=spanish_shifts(DATA / "spanish_l1" / "confusions.tsv", both.phones, wrong),
    )
    names_of = [SYMBOLS[symbol] for symbol in dev.phones]
    red = np.array([chosen.is_red(n, p) for n, p in zip(names_of, dev.p_wrong, strict=True)])
    bad = dev.truth < WRONG_BELOW
    print(
        f"dev: {chosen}, precision {np.mean(bad[red]) if red.any() else 0:.3f},"
        f" recall {np.mean(red[bad]):.3f}, shown red {np.mean(red):.4f}"
    )
    saved = {"head": head.state_dict(), "text_head": text.state_dict()}
    torch.save(saved | {"thresholds": asdict(chosen)}, WORK / f"{args.listener}_head.pt")


if __name__ == "__main__":
    main()
