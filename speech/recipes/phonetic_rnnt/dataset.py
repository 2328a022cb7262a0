"""Batches of cached features: pieces of takes put together anew, a random copy each time, warped.

What can be done to a log-mel at no cost is done afresh every time: the vocal tract's length (VTLP,
Jaitly and Hinton 2013), tempo, a microphone's response, SpecAugment's bands. A batch may show every
take twice, by two microphones behind two masks, for consistency regularisation.
"""

from __future__ import annotations

import json
import math
import random
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from speech.listener.features import MELS, SCALE, TOP_HZ, normalise
from speech.listener.model import encoder_frames
from speech.recipes.phonetic_rnnt.corpora import WORK, Utterance
from speech.recipes.phonetic_rnnt.labels import encode

AUGMENTED = 0.5  # share of takes heard in an augmented copy
TRACT = 0.22  # the vocal tract is up to so much longer or shorter: a child, a man
TEMPO = 0.2  # faster or slower by up to so much
# A microphone and a room, in normalised units of 17 dB: LJ003 alone lies up to 16 dB from LJ001.
LEVEL, TILT, WAVE, RUMBLE = 0.3, 0.3, 0.2, 0.5
HISS = (-1.7, -0.8)  # level of a steady noise
SPLIT = 0.3  # chance that a take is split at a place where it may be cut
WHOLE = 0.3  # share of takes left whole
LONGEST = 500  # feature frames; pieces are joined up to about this


class Batch(NamedTuple):
    features: Tensor  # (B, T, 80) normalised
    frames: Tensor  # (B,) feature frames
    targets: Tensor  # (B, U) label columns (labels.encode)
    lengths: Tensor  # (B,)
    names: list[str]

    @property
    def seconds(self) -> float:
        return float(self.frames.sum()) / 100

    def to(self, device: torch.device) -> Batch:
        return Batch(
            self.features.to(device),
            self.frames.to(device),
            self.targets.to(device),
            self.lengths.to(device),
            self.names,
        )


class Features:
    """All copies of all utterances, memory-mapped."""

    def __init__(self) -> None:
        self.copies: list[tuple[np.ndarray, dict[str, tuple[int, int]]]] = []
        copy = 0
        while (path := WORK / f"index_{copy}.json").exists():
            array = np.memmap(WORK / f"features_{copy}.f16", dtype=np.float16, mode="r")
            self.copies.append((array.reshape(-1, MELS), json.loads(path.read_text())))
            copy += 1
        path = WORK / "cuts.json"
        self.cuts: dict[str, list[tuple[int, int]]] = (
            json.loads(path.read_text()) if path.exists() else {}
        )

    def draw(self, rng: random.Random) -> int:
        """A copy to hear a take in."""
        augmented = range(1, len(self.copies))
        return rng.choice(augmented) if augmented and rng.random() < AUGMENTED else 0

    def get(self, name: str, copy: int = 0, start: int = 0, end: int | None = None) -> Tensor:
        """(T, 80) normalised float32, of copy 0's frames `start` to `end`."""
        array, index = self.copies[copy]
        if name not in index:
            array, index = self.copies[0]
        first, length = index[name]
        ratio = length / self.length(name)  # an augmented copy may be faster
        last = length if end is None else round(end * ratio)
        found = array[first + round(start * ratio) : first + last]
        return normalise(torch.from_numpy(found.astype(np.float32)))

    def length(self, name: str) -> int:
        return self.copies[0][1][name][1]


@cache
def tract(percent: int) -> Tensor:
    """(80, 80): mels as they are when every formant lies `percent` higher."""
    top = 2595 * math.log10(1 + TOP_HZ / 700)
    mel = torch.arange(MELS) / (MELS - 1) * top
    hertz = 700 * (10 ** (mel / 2595) - 1) / (1 + percent / 100)
    source = (2595 * torch.log10(1 + hertz / 700) / top * (MELS - 1)).clamp(0, MELS - 1)
    low = source.floor().long().clamp_max(MELS - 2)
    matrix = torch.zeros(MELS, MELS)
    matrix[low, torch.arange(MELS)] = 1 - (source - low)
    matrix[low + 1, torch.arange(MELS)] = source - low
    return matrix


def warp(features: Tensor, labels: int, rng: random.Random) -> Tensor:
    """(T, 80) -> (T', 80): another tract and tempo; never too short for its labels."""
    out = features @ tract(round(100 * rng.uniform(-TRACT, TRACT)))
    frames = round(len(out) * rng.uniform(1 - TEMPO, 1 + TEMPO))
    if encoder_frames(frames) > labels + 2:
        out = torch.nn.functional.interpolate(out.T[None], size=frames, mode="linear")[0].T
    return out


def microphone(features: Tensor, rng: random.Random) -> Tensor:
    """(T, 80) by another microphone: level, tilt, ripple, low end, bandwidth, hiss."""
    place = torch.linspace(-1, 1, MELS)
    phase = place * rng.uniform(0.5, 2.5) + rng.uniform(0, 2)
    curve = rng.gauss(0, LEVEL) + place * rng.gauss(0, TILT)
    curve = curve + torch.cos(math.pi * phase) * rng.gauss(0, WAVE)
    corner = rng.randint(2, 14)
    curve[:corner] += torch.linspace(1, 0, corner) * rng.gauss(0, RUMBLE)
    if rng.random() < 0.15:
        curve[rng.randint(55, MELS) :] -= rng.uniform(0.3, 2)
    out = features + curve
    hiss = rng.uniform(*HISS) + place * rng.gauss(0, TILT)
    noise = hiss + 0.1 * torch.randn(out.shape)
    return torch.logaddexp(SCALE * out, SCALE * noise) / SCALE


def mask(
    features: Tensor, rng: random.Random, bands: int = 1, longest: int = 10, every: int = 200
) -> Tensor:
    """SpecAugment: bands of up to 10 mels and stretches of up to `longest` frames, silenced."""
    out = features.clone()
    for _ in range(bands):
        width = rng.randint(0, 10)
        start = rng.randint(0, MELS - width)
        out[:, start : start + width] = 0
    for _ in range(len(out) // every):
        width = rng.randint(0, longest)
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


class Piece(NamedTuple):
    """A stretch of a take between two cuts; `end` None: to its end."""

    name: str
    start: int  # feature frames of copy 0
    end: int | None
    labels: tuple[str, ...]


def pieces(utterance: Utterance, cuts: list[tuple[int, int]], rng: random.Random) -> list[Piece]:
    """The take split at some of its cuts."""
    chosen = [] if rng.random() < WHOLE else [c for c in cuts if rng.random() < SPLIT]
    out, (label, frame) = [], (0, 0)
    for next_label, next_frame in chosen:
        if next_frame - frame >= 25 and next_label > label:
            out.append(Piece(utterance.id, frame, next_frame, utterance.labels[label:next_label]))
            label, frame = next_label, next_frame
    return [*out, Piece(utterance.id, frame, None, utterance.labels[label:])]


def rejoined(utterances: list[Utterance], store: Features, rng: random.Random) -> list[list[Piece]]:
    """Every take of a speaker in pieces, shuffled, put together to sequences."""
    by_speaker: dict[str, list[Piece]] = {}
    for utterance in utterances:
        found = pieces(utterance, store.cuts.get(utterance.id, []), rng)
        by_speaker.setdefault(utterance.speaker, []).extend(found)
    out: list[list[Piece]] = []
    for found in by_speaker.values():
        rng.shuffle(found)
        room = 0
        for piece in found:
            length = (piece.end or store.length(piece.name)) - piece.start
            if length > room:
                out.append([])
                room = rng.randint(LONGEST // 4, LONGEST)
            out[-1].append(piece)
            room -= length
    return out


def epoch(
    utterances: list[Utterance],
    store: Features,
    seconds: float,
    seed: int,
    *,
    split: bool,
    twice: bool = False,
) -> Iterator[Batch]:
    """One pass in random batches of about `seconds`; what is too short for its labels left out.

    `twice`: the second half of a batch is its first half again, otherwise masked, and more.
    """
    rng = random.Random(seed)
    takes = (
        rejoined(utterances, store, rng)
        if split
        else [[Piece(u.id, 0, None, u.labels)] for u in utterances]
    )

    def length(take: list[Piece]) -> int:
        return sum((p.end or store.length(p.name)) - p.start for p in take)

    def views(take: list[Piece]) -> list[tuple[str, Tensor, tuple[str, ...]]]:
        copy = store.draw(rng)
        labels = tuple(label for piece in take for label in piece.labels)
        features = torch.cat([store.get(p.name, copy, p.start, p.end) for p in take])
        features = warp(features, len(labels), rng)
        name = "+".join(p.name for p in take)
        if not twice:
            return [(name, mask(microphone(features, rng), rng), labels)]
        return [
            (name, mask(microphone(features, rng), rng, bands=2, longest=8, every=100), labels)
            for _ in range(2)
        ]

    kept = [t for t in takes if encoder_frames(length(t)) > sum(len(p.labels) for p in t) + 2]
    kept.sort(key=lambda t: length(t) * rng.uniform(0.9, 1.1))
    room = seconds * 100 / (2 if twice else 1)
    batches: list[list[list[Piece]]] = [[]]
    for take in kept:
        if batches[-1] and length(take) * (len(batches[-1]) + 1) > room:
            batches.append([])
        batches[-1].append(take)
    rng.shuffle(batches)
    for members in batches:
        seen = [views(take) for take in members]
        yield collate([item for view in zip(*seen, strict=True) for item in view])
