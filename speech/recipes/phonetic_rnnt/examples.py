"""What the judge learns from: evidence on takes, on plants in them, on voiced paraphrases."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from speech import audio
from speech.alignment import align
from speech.judge import evidence as evidence_of
from speech.judge import transducer, verdicts
from speech.judge.evidence import Evidence
from speech.judge.head import features
from speech.listener.features import log_mel, normalise
from speech.listener.model import Listener
from speech.phones import KIN
from speech.recipes.l2gen.voice import Heard
from speech.recipes.phonetic_rnnt import planted
from speech.recipes.phonetic_rnnt.corpora import DATA, parts_of
from speech.recipes.phonetic_rnnt.experts import Experts
from speech.recipes.phonetic_rnnt.predict import Take, takes
from speech.recipes.phonetic_rnnt.train import fold_of, load_averaged

RIGHT, UNKNOWN = 2.0, -1.0  # scores


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
    pair: tuple[str, str]  # asked, said


class Look(NamedTuple):
    """Evidence for one reference."""

    evidence: Evidence
    log_probs: Tensor  # (T, V)
    x: Tensor  # (U, FEATURES)
    phones: Tensor  # (U,)
    words: Tensor  # (U,) 0..W-1


@torch.inference_mode()
def look(listener: Listener, words: Sequence[Sequence[str]], encoded: Tensor) -> Look | None:
    """Evidence on a take, (T, hidden) encoded; None where it is too short for its text."""
    reference = evidence_of.symbols([p for word in words for p in word])
    log_probs = listener.ctc_log_probs(encoded[None])[0]
    if len(log_probs) < len(reference) + 5:
        return None
    evidence = evidence_of.gather(log_probs, reference)
    transduced = transducer.exchanged(listener, encoded, reference)
    x = features(evidence, transduced, log_probs, reference)
    numbers = torch.tensor([i for i, word in enumerate(words) for _ in word])
    return Look(evidence, log_probs, x, reference, numbers)


def example(listener: Listener, take: Take, experts: Experts, encoded: Tensor) -> Example | None:
    """A learner's take; None where it is too short for its text."""
    if (seen := look(listener, take.words, encoded)) is None:
        return None
    starts = np.cumsum([0, *(len(word) for word in take.words)]).tolist()
    name = take.utt_id
    return Example(
        experts.takes[name]["speaker"],
        seen.x,
        seen.phones,
        seen.words,
        torch.tensor(experts.phones[name]),
        torch.tensor(list(experts.words[name].values())),
        experts.accuracy(name),
        evidence_of.skipped(seen.log_probs, [evidence_of.symbols(word) for word in take.words]),
        [
            verdicts.added(seen.evidence, start)[0]
            for start, word in zip(starts, take.words, strict=False)
            if verdicts.takes_vowel(word)
        ],
    )


def voiced(listener: Listener, heard: Iterable[Heard]) -> Iterator[Example]:
    """Paraphrases as voices said them: a sound is wrong where another, or none, was said.

    A Spanish sound for its English neighbour is an accent, left open.
    """
    for item in heard:
        seen = look(listener, item.canonical, encode(listener, audio.load(item.utterance.path)))
        if seen is None:
            continue
        score = [
            truth for word in zip(item.canonical, item.said, strict=True) for truth in said(*word)
        ]
        yield Example(
            item.utterance.speaker,
            seen.x,
            seen.phones,
            seen.words,
            torch.tensor(score),
            torch.full((len(item.canonical),), UNKNOWN),
            UNKNOWN,
            torch.zeros(len(item.canonical)),
            [],
        )


def said(word: Sequence[str], phones: Sequence[str]) -> list[float]:
    """What each phone of a word would score if `phones` were said; UNKNOWN for an accent."""
    scores = [0.0] * len(word)
    for pair in align(word, phones):
        if pair.ref is not None and pair.heard is not None:
            asked, heard = word[pair.ref], phones[pair.heard]
            if asked == heard:
                scores[pair.ref] = RIGHT
            elif asked in KIN.get(heard, ()):
                scores[pair.ref] = UNKNOWN
    return scores


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
    for plant in (*planted.read(), *planted.learnable(DATA)):
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
                plants.append(Planted(found, at, plant.pair))
    return out, plants
