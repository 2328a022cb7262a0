"""The whole recipe in small: every stage, in order, on a corpus that espeak-ng speaks on the spot.

`python -m speech.recipes.phonetic_rnnt.tiny DIR` makes DIR/data, DIR/work and DIR/bundle, keeps
what the stages print in DIR/log.txt and prints figures as JSON. The listener must learn its own
training takes by heart (`per`); that a minute teaches it no more than that is no matter.
"""

from __future__ import annotations

import argparse
import contextlib
import csv
import importlib
import json
import os
import random
import re
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import soundfile
import torch
from numpy.typing import NDArray

from speech import audio, espeak, lexicon
from speech.pronunciation import Pronunciation

# Learners by number: two in each fold of the training speakers, then dev and report.
VARIANTS = ("", "m1", "m3", "f1", "f2", "f4")
PARTS = ("train", "train", "train", "train", "dev", "report")
WORDS = tuple("red ship sheep cat house stop school big bed green fish hotel rabbit tree".split())
SWAPS = {"IH": "IY", "IY": "IH", "AE": "AA", "UW": "UH", "S": "SH", "B": "P"}
SENTENCES = {
    "LJ001-0001": "a red fish and a green tree.",
    "LJ001-0002": "the cat is in the big house,",
    "LJ003-0001": "the dog can see the moon.",
}
WORDS_ALONE = tuple(
    [("es", word) for word in "gato perro rojo vaca dedo jirafa uva".split()]
    + [("en", word) for word in ("cat", "either", "moon")]
)
SMALL = "hidden=64 channels=48 context=16 layers=2 predictor=32 joint=48 dropout=0.0".split()


class Word(NamedTuple):
    """A word of a take with what was said for each of its phones."""

    text: str
    asked: Pronunciation
    said: tuple[str, ...]
    stress: str  # the digits that it was said with


def corpus(data: Path) -> None:
    """Write all corpora that the recipe reads, in their layouts."""
    learners(data / "speechocean762")
    folder = data / "ljspeech"
    for name, text in SENTENCES.items():
        write(folder / "audio" / f"{name}.opus", *espeak.synthesise(text, "en-us", 140))
    lines = (f"{name}|{text}|{text}" for name, text in SENTENCES.items())
    (folder / "metadata.csv").write_text("\n".join(lines) + "\n")
    folder = data / "gcompris"
    for language, word in WORDS_ALONE:
        voice = {"es": "es", "en": "en-us"}[language]
        write(folder / language / f"{word}.ogg", *espeak.synthesise(word, voice, 130))
    rows = ((f"{language}/{word}.ogg", language, word) for language, word in WORDS_ALONE)
    _table(folder / "words.tsv", "path language word", rows)
    hiss = np.random.default_rng(0).normal(0, 0.05, 3 * audio.RATE).astype(np.float32)
    write(data / "noise" / "hiss.flac", hiss, audio.RATE)


def learners(folder: Path) -> None:
    """Short takes with the experts' tables; in every other one a sound and the stress are wrong."""
    utterances, words, phones = [], [], []
    for number, variant in enumerate(VARIANTS):
        speaker, rng = f"{number:04}", random.Random(number)
        for take, said in enumerate(_takes(rng)):
            name = f"{speaker}{take:02}"
            spelled = espeak.spell_mixed(("en-us", w.said, w.stress) for w in said)
            samples, rate = espeak.synthesise(
                spelled, "en-us", rng.randint(120, 160), variant=variant
            )
            write(folder / "audio" / f"{name}.opus", samples, rate)
            accuracy = 6.0 if any(w.said != w.asked.phones for w in said) else 9.5
            text = " ".join(w.text.upper() for w in said)
            utterances.append((name, speaker, "mf"[number % 2], 9, accuracy, text))
            for index, word in enumerate(said):
                accuracy = 10.0 if word.said == word.asked.phones else 4.0
                stress = 10.0 if word.stress == word.asked.stress else 5.0
                words.append((name, index, word.text, accuracy, stress))
                for at, (asked, heard) in enumerate(zip(word.asked.phones, word.said, strict=True)):
                    score = 2.0 if asked == heard else 0.2
                    phones.append((name, index, word.text, at, asked, score))
    _table(folder / "utterances.tsv", "utt_id speaker gender age accuracy text", utterances)
    _table(folder / "words.tsv", "utt_id word_index word accuracy stress", words)
    _table(folder / "phones.tsv", "utt_id word_index word phone_index phone score", phones)
    parts = ((f"{number:04}", part) for number, part in enumerate(PARTS))
    _table(folder / "split.tsv", "speaker part", parts)
    counts = [("l2-arctic", asked, said, 10, 40) for asked, said in SWAPS.items()]
    header = "source canonical perceived count canonical_total"
    _table(folder.parent / "spanish_l1" / "confusions.tsv", header, counts)


def _takes(rng: random.Random) -> Iterator[list[Word]]:
    """All words, twice, dealt into takes of one to four."""
    deck = [word for _ in range(2) for word in rng.sample(WORDS, len(WORDS))]
    number = 0
    while deck:
        size = number % 4 + 1
        hand, deck = deck[:size], deck[size:]
        asked = [lexicon.pronunciations(word)[0] for word in hand]
        said = [each.phones for each in asked]
        stress = [each.stress[::-1] if number % 2 else each.stress for each in asked]
        places = [(w, at) for w in range(len(said)) for at, p in enumerate(said[w]) if p in SWAPS]
        if number % 2 and places:
            word, at = rng.choice(places)
            said[word] = (*said[word][:at], SWAPS[said[word][at]], *said[word][at + 1 :])
        yield [Word(*each) for each in zip(hand, asked, said, stress, strict=True)]
        number += 1


def write(path: Path, samples: NDArray[np.float32], rate: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    kind, subtype = ("FLAC", "PCM_16") if path.suffix == ".flac" else ("OGG", "OPUS")
    samples = audio.resample(samples, rate)
    soundfile.write(path, samples, audio.RATE, format=kind, subtype=subtype)


def _table(path: Path, header: str, rows: Iterable[Sequence[object]]) -> None:
    path.parent.mkdir(exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter="\t", lineterminator="\n")
        writer.writerows([header.split(), *rows])


def stage(name: str, *arguments: object, recipe: str | None = __package__) -> None:
    """`python -m speech.recipes.phonetic_rnnt.NAME ARGUMENTS`, in this process."""
    print("\n$", name, *arguments, flush=True)
    sys.argv = [name, *map(str, arguments)]
    importlib.import_module(f"{recipe}.{name}").main()


def stages(folder: Path) -> dict[str, Any]:
    """Run them all; the figures that nothing prints."""
    from speech.recipes.phonetic_rnnt import prepare, train  # they read SPEECH_WORK when imported
    from speech.recipes.phonetic_rnnt.dataset import Features

    work, bundle = folder / "work", folder / "bundle"
    settings = ["--batch", 8, "--warmup", 30, "--average", 0.98]
    settings += [part for setting in SMALL for part in ("--config", setting)]
    stage("prepare", "--copies", 2, "--synthetic", 0.002)
    stage("validate")
    steps = []
    for hours in (0.2, 0.9):  # the second goes on where the first was
        stage("train", "base", "--hours", hours, "--lr", 6e-3, *settings)
        steps.append(torch.load(work / "base.pt", weights_only=True)["step"])
    stage("cuts", "--checkpoint", "base")
    stage("relabel", "--checkpoint", "base")
    stage("train", "all", "--from", "base", "--hours", 0.4, "--lr", 3e-3, *settings)
    for fold in (0, 1):
        more = ["--from", "base", "--fold", fold, "--hours", 0.05]
        stage("train", f"fold{fold}", *more, "--lr", 1e-3, *settings)
    more = ["--from", "all", "--stage", "transducer", "--hours", 1.1]
    stage("train", "all_t", *more, "--lr", 8e-3, *settings)
    folds = ["--fold0", "fold0", "--fold1", "fold1"]
    stage("judge", "--listener", "all_t", *folds, "--epochs", 5)
    stage("stress", "--listener", "all_t", *folds, "--report")
    stage("export", "--listener", "all_t", "--out", bundle)
    learners = folder / "data" / "speechocean762"
    stage("predict", "--data", learners, "--bundle", bundle, "--out", folder / "verdicts.jsonl")
    stage("evaluate", "--bundle", bundle, "--part", "report", "--json")

    model, store = train.load_averaged("all_t"), Features()
    known = [
        u
        for u in prepare.read_manifest(work / "manifest.jsonl")
        if u.part == "train" and u.source == "so" and all(p[-1] not in "?!" for p in u.labels)
    ]
    rates = [train.error_rate(model, known, store, transducer) for transducer in (False, True)]
    thresholds = torch.load(work / "all_t_head.pt", weights_only=True)["thresholds"]
    return {
        "steps": steps,
        "takes": len(known),
        "per": {"ctc": round(rates[0], 4), "transducer": round(rates[1], 4)},
        "thresholds": thresholds,
        "bundle_bytes": sum(file.stat().st_size for file in bundle.iterdir()),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, metavar="DIR")
    folder = parser.parse_args().folder.resolve()
    os.environ["SPEECH_DATA"] = str(folder / "data")
    os.environ["SPEECH_WORK"] = str(folder / "work")
    torch.set_num_threads(1)  # what is so small is only slowed by more
    started = time.monotonic()
    corpus(folder / "data")
    log = folder / "log.txt"
    with log.open("w") as file, contextlib.redirect_stdout(file):
        figures = stages(folder)
    losses = re.findall(r"^base step (\d+) .* loss ([\d.]+)", log.read_text(), re.M)
    figures["loss"] = {step: float(loss) for step, loss in losses}
    figures["spent_s"] = round(time.monotonic() - started, 1)
    print(json.dumps(figures, indent=1))


if __name__ == "__main__":
    main()
