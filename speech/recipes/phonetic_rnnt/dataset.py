"""Batches of cached features: bucketed by length, a random copy each time, SpecAugment."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from speech.listener.features import MELS, normalise
from speech.listener.model import encoder_frames
from speech.recipes.phonetic_rnnt.corpora import WORK, Utterance
from speech.recipes.phonetic_rnnt.labels import encode

AUGMENTED = 0.5  # share of takes heard in an augmented copy


class Batch(NamedTuple):
    features: Tensor  # (B, T, 80) normalised
    frames: Tensor  # (B,) feature frames
    targets: Tensor  # (B, U) label columns (labels.encode)
    lengths: Tensor  # (B,)
    names: list[str]

    @property
    def seconds(self) -> float:
        return float(self.frames.sum()) / 100


class Features:
    """All copies of all utterances, memory-mapped."""

    def __init__(self) -> None:
        self.copies: list[tuple[np.ndarray, dict[str, tuple[int, int]]]] = []
        copy = 0
        while (path := WORK / f"index_{copy}.json").exists():
            array = np.memmap(WORK / f"features_{copy}.f16", dtype=np.float16, mode="r")
            self.copies.append((array.reshape(-1, MELS), json.loads(path.read_text())))
            copy += 1

    def get(self, name: str, copy: int = 0) -> Tensor:
        """(T, 80) normalised float32."""
        array, index = self.copies[copy]
        if name not in index:
            array, index = self.copies[0]
        start, length = index[name]
        return normalise(torch.from_numpy(array[start : start + length].astype(np.float32)))

    def length(self, name: str) -> int:
        return self.copies[0][1][name][1]


def mask(features: Tensor, rng: random.Random) -> Tensor:
    """SpecAugment: a band of up to 10 mels, and up to 100 ms in every two seconds."""
    out = features.clone()
    width = rng.randint(0, 10)
    start = rng.randint(0, MELS - width)
    out[:, start : start + width] = 0
    for _ in range(len(out) // 200):
        width = rng.randint(0, 10)
        start = rng.randint(0, max(0, len(out) - width))
        out[start : start + width] = 0
    return out


def collate(items: list[tuple[str, Tensor, tuple[str, ...]]]) -> Batch:
    frames = torch.tensor([len(f) for _, f, _ in items])
    lengths = torch.tensor([len(labels) for _, _, labels in items])
    features = torch.nn.utils.rnn.pad_sequence([f for _, f, _ in items], batch_first=True)
    targets = torch.zeros(len(items), int(lengths.max()), dtype=torch.long)
    for row, (_, _, labels) in enumerate(items):
        targets[row, : len(labels)] = torch.tensor([encode(label) for label in labels])
    return Batch(features, frames, targets, lengths, [name for name, _, _ in items])


def epoch(
    utterances: list[Utterance], store: Features, seconds: float, seed: int
) -> Iterator[Batch]:
    """One pass in random batches of about `seconds`; takes too short for their labels left out."""
    rng = random.Random(seed)
    augmented = range(1, len(store.copies))

    def copy() -> int:
        return rng.choice(augmented) if augmented and rng.random() < AUGMENTED else 0

    kept = [u for u in utterances if encoder_frames(store.length(u.id)) > len(u.labels) + 2]
    kept.sort(key=lambda u: store.length(u.id) * rng.uniform(0.9, 1.1))
    batches: list[list[Utterance]] = [[]]
    for utterance in kept:
        longest = store.length(utterance.id)
        if batches[-1] and longest * (len(batches[-1]) + 1) > seconds * 100:
            batches.append([])
        batches[-1].append(utterance)
    rng.shuffle(batches)
    for members in batches:
        yield collate([(u.id, mask(store.get(u.id, copy()), rng), u.labels) for u in members])
