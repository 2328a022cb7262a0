"""Stage 3: the judge's head, on evidence from listeners that did not know the speaker.

`python -m speech.recipes.phonetic_rnnt.judge --listener NAME --fold0 NAME --fold1 NAME`
Takes of `train` speakers are heard by the listener that left their half out (cross-fitting),
those of `dev` by the shipped one. Writes WORK/NAME_head.pt with the head, the same head with
the audio left out (for text_only_pcc) and the operating point, chosen on dev.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.functional import binary_cross_entropy_with_logits as bce

from speech import audio
from speech.judge import evidence as evidence_of
from speech.judge import verdicts
from speech.judge.head import Head, HeadConfig, features
from speech.listener.features import log_mel, normalise
from speech.listener.model import Listener
from speech.recipes.phonetic_rnnt.corpora import DATA, WORK, parts_of
from speech.recipes.phonetic_rnnt.experts import Experts
from speech.recipes.phonetic_rnnt.metrics import average_precision, pearson
from speech.recipes.phonetic_rnnt.predict import Take, takes
from speech.recipes.phonetic_rnnt.train import fold_of, load_averaged
from speech.thresholds import Thresholds

TARGET_PRECISION = 0.66  # of red on dev: right two times in three teaches (Silpachai 2024)
FALSE_VOWELS = 0.02  # share of words with s + consonant that may count as begun with a vowel
FALSE_SKIPS = 0.01  # share of the words of dev likelier left out, before the head is asked too


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


@torch.inference_mode()
def example(
    listener: Listener, take: Take, experts: Experts, samples: np.ndarray
) -> Example | None:
    """Evidence for one take; None where the audio is too short for its text."""
    reference = evidence_of.symbols([p for word in take.words for p in word])
    mel = normalise(log_mel(torch.from_numpy(samples)))
    log_probs = listener.ctc_log_probs(listener.encoder(mel[None]))[0]
    if len(log_probs) < len(reference) + 5:
        return None
    evidence = evidence_of.gather(log_probs, reference)
    x = features(evidence, log_probs, reference)
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


def gather(names: dict[str, str], parts: tuple[str, ...]) -> dict[str, list[Example]]:
    """Examples of the parts. `names`: the listener's checkpoint for 'all', '0' and '1'."""
    folder = DATA / "speechocean762"
    experts, part_of = Experts(folder), parts_of(folder)
    listeners = {key: load_averaged(name) for key, name in names.items()}
    out: dict[str, list[Example]] = {part: [] for part in parts}
    for take in takes(folder):
        speaker = experts.takes[take.utt_id]["speaker"]
        part = part_of[speaker]
        if part not in out:
            continue
        key = str(fold_of(speaker)) if part == "train" else "all"
        samples = audio.load(folder / "audio" / f"{take.utt_id}.opus")
        if found := example(listeners[key], take, experts, samples):
            out[part].append(found)
    return out


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
        torch.cat([o.p_wrong for o in outs]).numpy(),
        torch.cat([o.score for o in outs]).numpy(),
        torch.cat([e.score for e in examples]).numpy(),
        (torch.cat([o.word for o in outs]).numpy(), torch.cat([e.word for e in examples]).numpy()),
        (np.array([float(o.accuracy) for o in outs]), np.array([e.accuracy for e in examples])),
    )


def operating_point(p_wrong: np.ndarray, truth: np.ndarray, precision: float) -> float:
    """The lowest threshold from which on the precision of red is at least `precision`."""
    order = np.argsort(-p_wrong)
    right = np.cumsum(truth[order] < 1.0) / np.arange(1, len(order) + 1)
    enough = np.nonzero(right >= precision)[0]
    return float(p_wrong[order[enough[-1]]]) if len(enough) else 1.0


def thresholds(dev: Judged, examples: list[Example], target: float) -> Thresholds:
    """Red at the target precision, unsure below it; words of dev are nearly all there."""
    red = operating_point(dev.p_wrong, dev.truth, target)
    unsure = min(red * 0.6, operating_point(dev.p_wrong, dev.truth, 0.4))
    extra = np.quantile([gain for e in examples for gain in e.added], 1 - FALSE_VOWELS)
    skipped = np.quantile(torch.cat([e.skipped for e in examples]), 1 - FALSE_SKIPS)
    return Thresholds(red, unsure, max(1.0, float(extra)), max(1.0, float(skipped)))


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
    parser.add_argument("--precision", type=float, default=TARGET_PRECISION)
    args = parser.parse_args()
    names = {"all": args.listener, "0": args.fold0, "1": args.fold1}
    found = gather(names, ("train", "dev"))
    config = HeadConfig()
    head = train(found["train"], found["dev"], config, silent=False, epochs=args.epochs)
    text = train(found["train"], found["dev"], config, silent=True, epochs=args.epochs)
    dev = judged(head, found["dev"])
    chosen = thresholds(dev, found["dev"], args.precision)
    red = dev.p_wrong >= chosen.red
    print(json.dumps({k: round(v, 4) for k, v in figures(dev).items()}))
    print("text only", round(figures(judged(text, found["dev"], silent=True))["phone_pcc"], 4))
    wrong = dev.truth < 1.0
    print(
        f"dev: {chosen}, precision {np.mean(wrong[red]) if red.any() else 0:.3f},"
        f" recall {np.mean(red[wrong]):.3f}, shown red {np.mean(red):.4f}"
    )
    saved = {"head": head.state_dict(), "text_head": text.state_dict()}
    torch.save(saved | {"thresholds": asdict(chosen)}, WORK / f"{args.listener}_head.pt")


if __name__ == "__main__":
    main()
