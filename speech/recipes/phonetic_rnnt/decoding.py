"""Ways to decode compared on learners' takes, to choose `SEARCH` and `TEMPERATURE` of decode.py.

`python -m speech.recipes.phonetic_rnnt.decoding [--bundle DIR | --checkpoint NAME] [--part dev]`
Columns: PER of takes with an accuracy of 9 and more, with its interval over speakers, and of all;
phones heard for each in the text; how often the text's phone is heard where the experts scored it
under 1 (low is good) and where they scored it 1.8 and more; seconds a second of audio, one thread.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from speech import audio
from speech.alignment import align
from speech.listener.decode import SEARCH, TEMPERATURE, Heard, Search, decode
from speech.listener.features import log_mel, normalise
from speech.listener.model import Listener
from speech.recipes.phonetic_rnnt.corpora import DATA, DOUBT_BELOW, WRONG_BELOW
from speech.recipes.phonetic_rnnt.experts import Experts
from speech.recipes.phonetic_rnnt.metrics import Count, edits, share
from speech.recipes.phonetic_rnnt.predict import read, takes, utterances_of
from speech.recipes.phonetic_rnnt.train import load_averaged
from speech.thresholds import DEFAULT

SEARCHES = (
    *(Search("ctc", beam) for beam in (1, 4, 8, 16)),
    *(Search("transducer", beam) for beam in (1, 2, 4, 8)),
    *(Search("joint", beam) for beam in (4, 8)),
)
TEMPERATURES = np.arange(0.5, 4.05, 0.1)


class Sound(NamedTuple):
    """A take, encoded, beside what was to be said and the experts' scores of it."""

    speaker: str
    good: bool
    phones: list[str]
    scores: list[float]  # 0..2
    encoded: Tensor  # (T, hidden)
    log_probs: Tensor  # (T, V)
    duration_s: float


@torch.inference_mode()
def sounds(model: Listener, folder: Path, part: str) -> list[Sound]:
    """Every take of a part."""
    chosen, experts = utterances_of(folder, part), Experts(folder)
    out = []
    for take in takes(folder):
        if take.utt_id not in chosen:
            continue
        samples = read(folder, take.utt_id)
        features = normalise(log_mel(torch.from_numpy(samples)))
        encoded = model.encoder(features[None])[0]
        out.append(
            Sound(
                experts.takes[take.utt_id]["speaker"],
                experts.good(take.utt_id),
                [phone for word in take.words for phone in word],
                experts.phones[take.utt_id],
                encoded,
                model.ctc_log_probs(encoded),
                len(samples) / audio.RATE,
            )
        )
    return out


def row(model: Listener, taken: Sequence[Sound], search: Search) -> str:
    """The line of one search in the table."""
    started = time.perf_counter()
    heard = [
        [h.phone for h in decode(model, s.encoded, s.log_probs, search)[0].phones] for s in taken
    ]
    spent = (time.perf_counter() - started) / sum(s.duration_s for s in taken)
    good, everything, wrong, right = [], [], [], []
    for sound, phones in zip(taken, heard, strict=True):
        count = Count(sound.speaker, edits(sound.phones, phones), len(sound.phones))
        everything.append(count)
        if sound.good:
            good.append(count)
        for pair in align(sound.phones, phones):
            if pair.ref is None:
                continue
            same = pair.heard is not None and phones[pair.heard] == sound.phones[pair.ref]
            if sound.scores[pair.ref] < WRONG_BELOW:
                wrong.append(same)
            elif sound.scores[pair.ref] >= DOUBT_BELOW:
                right.append(same)
    per = share(good)
    length = sum(map(len, heard)) / sum(count.total for count in everything)
    return (
        f"| {search.by} {search.beam} | {per.value:.3f} [{per.low:.3f}, {per.high:.3f}]"
        f" | {share(everything).value:.3f} | {length:.2f}"
        f" | {np.mean(wrong):.3f} | {np.mean(right):.3f} | {spent:.4f} |"
    )


def confidences(model: Listener, taken: Sequence[Sound]) -> tuple[np.ndarray, np.ndarray]:
    """Confidence of every phone heard in the well-scored takes, and whether the text has it."""
    confidence, right = [], []
    for sound in taken:
        if not sound.good:
            continue
        phones = decode(model, sound.encoded, sound.log_probs)[0].phones
        confidence += [h.confidence for h in phones]
        right += matched(sound.phones, phones)
    return np.array(confidence), np.array(right, bool)


def matched(reference: Sequence[str], heard: Sequence[Heard]) -> list[bool]:
    """For every phone heard, whether it is the phone of the reference that it is aligned with."""
    names = [h.phone for h in heard]
    return [
        pair.ref is not None and reference[pair.ref] == names[pair.heard]
        for pair in align(reference, names)
        if pair.heard is not None
    ]


def calibration(confidence: np.ndarray, right: np.ndarray) -> str:
    """The temperature that makes these outcomes likeliest, and the bins as they are now."""
    odds = TEMPERATURE * np.log(confidence / (1 - confidence))
    best = min(
        TEMPERATURES, key=lambda t: float(np.logaddexp(0, np.where(right, -odds, odds) / t).sum())
    )
    lines = [f"temperature {TEMPERATURE}, best {best:.1f}", "", "| confidence | phones | right |"]
    lines.append("|---|---|---|")
    bins = np.clip((confidence * 10).astype(int), 0, 9)
    for number in np.unique(bins):
        inside = bins == number
        lines.append(
            f"| {number / 10:.1f}-{number / 10 + 0.1:.1f} (mean {confidence[inside].mean():.2f})"
            f" | {inside.sum()} | {right[inside].mean():.2f} |"
        )
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bundle", default=str(DEFAULT))
    parser.add_argument("--checkpoint", help="NAME or FILE.pt of train.py, instead of a bundle")
    parser.add_argument("--part", default="dev")
    args = parser.parse_args()
    torch.set_num_threads(1)
    model = load_averaged((args.checkpoint or args.bundle).removesuffix(".pt"))
    taken = sounds(model, DATA / "speechocean762", args.part)
    print("| search | PER, accuracy >= 9 | all | length | wrong as asked | right as asked | RTF |")
    print("|---|---|---|---|---|---|---|")
    for search in SEARCHES:
        print(row(model, taken, search), flush=True)
    print(f"\n{SEARCH.by} {SEARCH.beam}: {calibration(*confidences(model, taken))}")


if __name__ == "__main__":
    main()
