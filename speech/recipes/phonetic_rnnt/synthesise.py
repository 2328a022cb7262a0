"""Synthetic speech whose phones are known: flite (English) and espeak-ng (English and Spanish).

flite prints the phones it spoke (`-psdur`), so its labels are what is in the audio; espeak-ng
speaks Spanish words, and English words read as if they were Spanish, from its own phones.
"""

from __future__ import annotations

import random
import re
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import soundfile

from speech import espeak
from speech.errors import SpeechError
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


def make(english: int = 2400, spanish: int = 520, mixed: int = 500) -> Iterator[Utterance]:
    """Write wav files under WORK/synth and give their utterances; existing files are kept."""
    folder = WORK / "synth"
    folder.mkdir(parents=True, exist_ok=True)
    sentences, groups = texts()

    def one(index: int) -> Utterance | None:
        voice = FLITE_VOICES[index % 4]
        path = folder / f"flite_{index:05d}.wav"
        text = sentences[index % len(sentences)]
        labels = flite(text, voice, random.Random(index).choice((0.85, 1.0, 1.15, 1.35)), path)
        speaker = f"flite_{voice}"
        return Utterance(path.stem, "flite", speaker, "train", str(path), labels)

    with ThreadPoolExecutor(2) as pool:
        yield from (u for u in pool.map(one, range(english)) if u)
    rng = random.Random(3)
    for index in range(spanish):
        language = ("es", "es-419")[index % 2]
        text = groups[index % len(groups)]
        yield from _espeak(f"es_{index:05d}", "syn_es", text, language, language, rng)
    for index in range(mixed):
        text = sentences[-1 - index]
        yield from _espeak(f"en_{index:05d}", "syn_en", text, "en-us", "en-us", rng)


def _espeak(
    name: str, source: str, text: str, language: str, spelling: str, rng: random.Random
) -> Iterator[Utterance]:
    path = WORK / "synth" / f"{name}.wav"
    try:
        labels = espeak.phones(text, spelling)
    except SpeechError as error:  # a mark of espeak-ng that is no phone
        print(f"{name} left out: {error.detail}", flush=True)
        return
    variant = rng.choice(ESPEAK_VARIANTS)
    rate, pitch = rng.randint(115, 190), rng.randint(30, 75)
    samples, sample_rate = espeak.synthesise(text, language, rate, pitch, variant=variant)
    if labels and len(samples):
        soundfile.write(path, samples, sample_rate, subtype="PCM_16")
        yield Utterance(name, source, f"espeak+{variant}", "train", str(path), labels)
