"""Verdicts for every take of a folder, a JSON line each.

`python -m speech.recipes.phonetic_rnnt.predict --data DIR --out FILE [--part report]
 [--prior spanish]`
reads DIR/audio/*, utterances.tsv (utt_id, text) and phones.tsv (utt_id, word_index, word,
phone_index, phone) and nothing else (with --part also split.tsv, to choose speakers).
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from speech import audio, lexicon
from speech.criterion import PRIORS
from speech.engine import Engine
from speech.errors import SpeechError
from speech.judge import verdicts
from speech.judge.stress import expected
from speech.phones import is_vowel
from speech.recipes.phonetic_rnnt.corpora import bare, parts_of, rows


class Take(NamedTuple):
    """A take's reference: words with their phones and the row keys these came from."""

    utt_id: str
    words: list[list[str]]
    keys: list[tuple[int, int]]  # (word_index, phone_index) of every phone in order
    stress: list[str]  # a digit for every vowel of each word


def takes(folder: Path) -> Iterator[Take]:
    """Every take of utterances.tsv with its rows of phones.tsv, in file order."""
    by_take: dict[str, list[dict[str, str]]] = {}
    for row in rows(folder / "phones.tsv"):
        by_take.setdefault(row["utt_id"], []).append(row)
    for row in rows(folder / "utterances.tsv"):
        name = row["utt_id"]
        words: list[list[str]] = []
        keys = []
        stress = []
        for _, group in groupby(by_take.get(name, []), itemgetter("word_index")):
            phones = list(group)
            words.append([bare(phone["phone"]) for phone in phones])
            keys += [(int(phone["word_index"]), int(phone["phone_index"])) for phone in phones]
            stress.append(pattern(phones[0]["word"], [phone["phone"] for phone in phones]))
        yield Take(name, words, keys, stress)


def pattern(word: str, phones: Sequence[str]) -> str:
    """A stress digit for every vowel of a word; where none is stressed, as the lexicon has it."""
    vowels = [phone for phone in phones if is_vowel(bare(phone))]
    digits = "".join(phone[-1] if phone[-1].isdigit() else "0" for phone in vowels)
    if len(digits) < 2 or expected(digits) is not None:
        return digits
    try:
        known = [each.stress for each in lexicon.pronunciations(word)]
    except SpeechError:
        known = []
    fits = (each for each in known if len(each) == len(digits) and expected(each) is not None)
    return next(fits, "1".ljust(len(digits), "0"))


def read(folder: Path, name: str) -> np.ndarray:
    """A take's samples; silence where the file cannot be read, so that no take lacks a line."""
    for suffix in (".opus", ".flac", ".wav"):
        path = folder / "audio" / f"{name}{suffix}"
        if path.exists():
            try:
                return audio.load(path)
            except SpeechError as error:
                print(f"{name}: {error}", file=sys.stderr)
                return np.zeros(0, np.float32)
    print(f"{name}: no audio file", file=sys.stderr)
    return np.zeros(0, np.float32)


def line(engine: Engine, take: Take, samples: np.ndarray, prior: str = "corpus") -> dict[str, Any]:
    """The record of one take; `spent_s` from decoded audio to verdicts, `judged_s` after hearing.

    `prior` "corpus": sounds fail as often as the experts' learners fail them; "spanish".
    """
    started = time.perf_counter()
    hearing = engine.hear(samples)
    heard = time.perf_counter()
    phones: list[dict[str, Any]] = []
    words: list[dict[str, Any]] = []
    accuracy = 0.0
    if take.keys:
        judged, thresholds = engine.judge(hearing, take.words, prior), engine.thresholds[prior]
        accuracy = float(judged.judgement.accuracy)
        flat = [phone for word in take.words for phone in word]
        left_out = judged.skipped(thresholds)
        skipped = [left_out[i] for i, word in enumerate(take.words) for _ in word]
        last = [i + 1 == len(word) for word in take.words for i in range(len(word))]
        for at, ((word, index), name) in enumerate(zip(take.keys, flat, strict=True)):
            verdict, _ = verdicts.phone(
                judged.evidence,
                judged.judgement,
                at,
                name,
                thresholds,
                skipped[at],
                last[at],
            )
            phones.append(
                {
                    "word_index": word,
                    "phone_index": index,
                    "phone": name,
                    "verdict": str(verdict),
                    "p_wrong": round(float(judged.judgement.p_wrong[at]), 5),
                    "score": round(float(judged.judgement.score[at]), 4),
                }
            )
        numbers = list(dict.fromkeys(word for word, _ in take.keys))
        lay = engine.judge_stress(samples, judged, take.words, take.stress, thresholds)
        words = [
            {
                "word_index": number,
                "score": round(float(score), 4),
                "stress": stress and asdict(stress),
            }
            for number, score, stress in zip(numbers, judged.judgement.word, lay, strict=True)
        ]
    spent, judging = time.perf_counter() - started, time.perf_counter() - heard
    return {
        "utt_id": take.utt_id,
        "heard": list(hearing.heard),
        "spent_s": round(spent, 5),
        "judged_s": round(judging, 5),
        "duration_s": round(len(samples) / audio.RATE, 4),
        "phones": phones,
        "words": words,
        "utterance": {"accuracy": round(accuracy, 4)},
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--part", help="only speakers of this part of split.tsv")
    parser.add_argument("--prior", choices=PRIORS, default="corpus", help="whose usual errors")
    parser.add_argument("--bundle", type=Path)
    args = parser.parse_args()
    chosen = utterances_of(args.data, args.part) if args.part else None
    engine = Engine.load(args.bundle, threads=1)
    with args.out.open("w", encoding="utf-8") as file:
        for take in takes(args.data):
            if chosen is None or take.utt_id in chosen:
                record = line(engine, take, read(args.data, take.utt_id), args.prior)
                file.write(json.dumps(record) + "\n")


def utterances_of(folder: Path, part: str) -> set[str]:
    """Takes whose speakers belong to a part."""
    part_of = parts_of(folder)
    return {
        row["utt_id"]
        for row in rows(folder / "utterances.tsv")
        if part_of.get(row["speaker"]) == part
    }


if __name__ == "__main__":
    main()
