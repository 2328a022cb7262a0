"""Sound for tests: learners' recordings where the data are at hand, else synthesised ones."""

import csv
import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from speech import audio, espeak

DATA = Path(os.environ.get("SPEECH_DATA") or Path(__file__).parents[2] / "shared" / "data")
FRAME = 3200  # bytes


@dataclass(frozen=True)
class Voice:
    """Somebody saying `text`: PCM16, 16 kHz, mono."""

    text: str
    pcm: bytes

    @property
    def seconds(self) -> float:
        return len(self.pcm) / 32_000


def pcm16(samples: NDArray[np.float32]) -> bytes:
    return (np.clip(samples, -1, 1) * 32_767).astype("<i2").tobytes()


@cache
def voice() -> Voice:
    """A child reading a short sentence."""
    corpus = DATA / "speechocean762"
    if not (corpus / "utterances.tsv").exists():
        said = synthesised("we call it bear")
        return Voice(said.text, silence(0.3) + said.pcm + silence(0.8))  # children take their time
    with (corpus / "utterances.tsv").open(encoding="utf-8") as file:
        takes = csv.DictReader(file, delimiter="\t")
        take = next(row for row in takes if int(row["age"]) < 10 and float(row["accuracy"]) >= 8)
    samples = audio.load(corpus / "audio" / f"{take['utt_id']}.opus")
    return Voice(take["text"].lower(), pcm16(samples))


@cache
def learners(count: int) -> list[Voice]:
    """Takes of as many learners as there are, evenly over the corpus; else synthesised ones."""
    corpus = DATA / "speechocean762"
    if not (corpus / "utterances.tsv").exists():
        texts = ("we call it bear", "the children play in the garden", "a big yellow school bus")
        return [synthesised(texts[n % len(texts)]) for n in range(count)]
    with (corpus / "utterances.tsv").open(encoding="utf-8") as file:
        takes = list(csv.DictReader(file, delimiter="\t"))
    chosen = takes[:: max(1, len(takes) // count)][:count]
    return [
        Voice(
            take["text"].lower(),
            pcm16(audio.load(corpus / "audio" / f"{take['utt_id']}.opus")),
        )
        for take in chosen
    ]


@cache
def synthesised(text: str) -> Voice:
    samples, rate = espeak.synthesise(text, "en-us")
    return Voice(text, pcm16(audio.resample(samples, rate) * 0.8))


def silence(seconds: float) -> bytes:
    return bytes(2 * round(seconds * 16_000))


def hiss(seconds: float, level: float = 0.05) -> bytes:
    """A loud noise that is no voice."""
    noise = np.random.default_rng(7).normal(0, level, round(seconds * 16_000))
    return pcm16(noise.astype(np.float32))


def frames(pcm: bytes, first: int = 0) -> list[bytes]:
    """The numbered messages that a page sends."""
    pieces = [pcm[at : at + FRAME] for at in range(0, len(pcm), FRAME)]
    return [n.to_bytes(4, "little") + piece for n, piece in enumerate(pieces, first)]
