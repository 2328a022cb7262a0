"""The 100 passages of some 15 seconds that the voice never saw, and who reads them.

Those of LJ003 have the reader's own recording; the rest are from the shelf's books and a few pages
written for this test (passages.txt).
"""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Callable, Mapping, Sequence
from importlib import resources
from pathlib import Path
from typing import NamedTuple

import numpy as np
import soundfile
from numpy.typing import NDArray

from speech import audio
from speech.narrator import fallback
from speech.narrator.mel import RATE
from speech.narrator.spoken import Spoken, SpokenWord, joined
from speech.narrator.voice import Narrator
from speech.recipes.phonetic_rnnt.corpora import DATA
from speech.recipes.storyteller import clips

COUNT = 100
SECONDS = 15.0
GAP_S = 0.35  # between the reader's clips


class Passage(NamedTuple):
    name: str
    text: str
    clips: tuple[str, ...]  # the reader's recordings of it, or none


class Read(NamedTuple):
    samples: NDArray[np.float32]  # (N,) at RATE
    words: tuple[SpokenWord, ...]  # () where the voice does not say


Reader = Callable[[Passage], Read]


def passages() -> list[Passage]:
    """LJ003 clip after clip until some 15 s are full, then the written ones."""
    found: list[Passage] = []
    texts: list[str] = []
    names: list[str] = []
    seconds = 0.0
    for name, text in clips.texts().items():
        if not name.startswith("LJ003"):
            continue
        length = soundfile.info(_path(name)).duration
        if names and seconds + length > SECONDS + 3:
            found.append(Passage(f"lj{len(found):03d}", " ".join(texts), tuple(names)))
            texts, names, seconds = [], [], 0.0
        texts.append(text)
        names.append(name)
        seconds += length
    found.append(Passage(f"lj{len(found):03d}", " ".join(texts), tuple(names)))
    written = resources.files(__package__).joinpath("passages.txt").read_text(encoding="utf-8")
    lines = [line for line in written.splitlines() if line.strip()]
    found += [Passage(f"own{at:03d}", line, ()) for at, line in enumerate(lines)]
    return found[:COUNT]


def _path(name: str) -> Path:
    return next((DATA / "ljspeech" / "audio").glob(f"{name}.*"))


def person(passage: Passage) -> Read:
    """The reader herself."""
    gap = np.zeros(round(GAP_S * RATE), np.float32)
    parts = []
    for name in passage.clips:
        samples, rate = soundfile.read(_path(name), dtype="float32")
        parts += [audio.resample(samples, rate, RATE), gap]
    return Read(np.concatenate(parts[:-1]), ())


def ours(narrator: Narrator, style: str) -> Reader:
    """Our voice in a style."""

    def read(passage: Passage) -> Read:
        return _joined(list(narrator.speak(passage.text, style)))

    return read


def espeak(passage: Passage) -> Read:
    """The fallback."""
    return _joined(list(fallback.speak(passage.text, "neutral")))


def _joined(sentences: Sequence[Spoken]) -> Read:
    whole = joined(sentences)
    return Read(audio.resample(whole.samples, whole.sample_rate, RATE), whole.words)


def flite(passage: Passage) -> Read:
    """flite's slt."""
    return _outside(["flite", "-voice", "slt", "-t", passage.text, "-o"])


def festival(passage: Passage) -> Read:
    """festival's slt, by HTS."""
    return _outside(["text2wave", "-eval", "(voice_cmu_us_slt_arctic_hts)", "-o"], passage.text)


def _outside(command: list[str], text: str | None = None) -> Read:
    with tempfile.TemporaryDirectory() as folder:
        wav = str(Path(folder) / "said.wav")
        subprocess.run([*command, wav], input=text, text=True, check=True, capture_output=True)
        samples, rate = soundfile.read(wav, dtype="float32")
    return Read(audio.resample(samples, rate, RATE), ())


def readers(narrator: Narrator) -> Mapping[str, Reader]:
    """Everyone who reads, by name."""
    return {
        "neutral": ours(narrator, "neutral"),
        "storytelling": ours(narrator, "storytelling"),
        "espeak": espeak,
        "flite": flite,
        "festival": festival,
        "person": person,
    }
