"""Stage 1: labels and float16 features of every utterance, cached under SPEECH_WORK.

`python -m speech.recipes.phonetic_rnnt.prepare [--copies 5] [--synthetic SHARE]`
writes manifest.jsonl and, a copy, features_K.f16 (all frames after one another) with index_K.json.
Copy 0 is the recording as it is; the others are augmented (training parts only), from CONVERTED on
real speech alone, by other speakers. Run again, it adds what is new and leaves what is there.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch

from speech import audio
from speech.listener.features import MELS, log_mel
from speech.recipes.phonetic_rnnt import augment, corpora, synthesise, validate
from speech.recipes.phonetic_rnnt.corpora import DATA, WORK, Utterance

CONVERTED = 3  # from this copy on, other voices say what real ones said
LABELS = WORK / "labels.json"  # written by relabel.py


def manifest(synthetic: float) -> list[Utterance]:
    """Write the list of all utterances, with that share of the synthetic ones.

    Synthetic ones that are there are not spoken again.
    """
    path = WORK / "manifest.jsonl"
    known = {u.id: u for u in read_manifest(path)} if path.exists() else {}
    found = [*corpora.speechocean(), *corpora.ljspeech(), *corpora.gcompris()]
    found += [*synthesise.make(known, synthetic), *corpora.voiced()]
    lines = "".join(json.dumps(asdict(u)) + "\n" for u in found)
    path.with_suffix(".tmp").write_text(lines)
    path.with_suffix(".tmp").rename(path)
    return found


def read_manifest(path: Path) -> list[Utterance]:
    """Utterances of a manifest file."""
    return [_utterance(json.loads(line)) for line in path.read_text().splitlines()]


def relabelled(utterances: list[Utterance]) -> list[Utterance]:
    """The utterances with the labels of the last round, where there was one."""
    if not LABELS.exists():
        return utterances
    chosen = json.loads(LABELS.read_text())
    return [
        replace(u, labels=tuple(p for word in chosen[u.id] for p in word)) if u.id in chosen else u
        for u in utterances
    ]


def _utterance(record: dict[str, Any]) -> Utterance:
    choices = tuple(tuple(tuple(phones) for phones in word) for word in record.get("choices", ()))
    return Utterance(**(record | {"labels": tuple(record["labels"]), "choices": choices}))


def _features(job: tuple[Utterance, int]) -> tuple[str, np.ndarray]:
    utterance, copy = job
    torch.set_num_threads(1)
    samples = torch.from_numpy(audio.load(utterance.path))
    if copy:
        rng = random.Random(f"{utterance.id}/{copy}")
        samples = augment.augment(samples, rng, DATA / "noise", converted=copy >= CONVERTED)
    return utterance.id, log_mel(samples).to(torch.float16).numpy()


def cache(utterances: Iterable[Utterance], copy: int) -> None:
    """Append one copy's features of the utterances that are not there yet."""
    index_path = WORK / f"index_{copy}.json"
    index: dict[str, tuple[int, int]] = {}
    if index_path.exists():
        index = json.loads(index_path.read_text())
    start = sum(length for _, length in index.values())
    jobs = [
        (u, copy)
        for u in utterances
        if copy == 0 or (u.part == "train" and (copy < CONVERTED or u.source in corpora.REAL))
    ]
    jobs = [job for job in jobs if job[0].id not in index]
    with (
        (WORK / f"features_{copy}.f16").open("r+b" if index else "wb") as file,
        ProcessPoolExecutor(2) as pool,
    ):
        file.truncate(start * MELS * 2)  # a run that was stopped leaves frames without an entry
        file.seek(0, 2)
        for name, block in pool.map(_features, jobs, chunksize=16):
            file.write(block.tobytes())
            index[name] = (start, len(block))
            start += len(block)
    index_path.write_text(json.dumps(index))
    print(f"copy {copy}: {len(index)} utterances, {start / 360_000:.2f} h", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--copies", type=int, default=5)
    parser.add_argument("--synthetic", type=float, default=1.0, help="share to be made, 0..1")
    args = parser.parse_args()
    WORK.mkdir(parents=True, exist_ok=True)
    utterances = manifest(args.synthetic)
    validate.refuse(WORK / "manifest.jsonl")
    for copy in range(args.copies):
        cache(utterances, copy)


if __name__ == "__main__":
    main()
