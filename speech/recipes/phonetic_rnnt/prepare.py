"""Stage 1: labels and float16 features of every utterance, cached under SPEECH_WORK.

`python -m speech.recipes.phonetic_rnnt.prepare [--copies 3]`
writes manifest.jsonl and, a copy, features_K.f16 (all frames after one another) with index_K.json.
Copy 0 is the recording as it is; the others are augmented (training parts only).
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from pathlib import Path

import numpy as np
import torch

from speech import audio
from speech.listener.features import log_mel
from speech.recipes.phonetic_rnnt import augment, corpora, synthesise
from speech.recipes.phonetic_rnnt.corpora import DATA, WORK, Utterance


def manifest() -> list[Utterance]:
    """Read, or make and keep, the list of all utterances."""
    path = WORK / "manifest.jsonl"
    if not path.exists():
        found: list[Utterance] = []
        for source in (corpora.speechocean(), corpora.ljspeech(), corpora.gcompris()):
            found += source
        found += synthesise.make()
        lines = "".join(json.dumps(asdict(u)) + "\n" for u in found)
        path.with_suffix(".tmp").write_text(lines)
        path.with_suffix(".tmp").rename(path)
    return read_manifest(path)


def read_manifest(path: Path) -> list[Utterance]:
    """Utterances of a manifest file."""
    records = (json.loads(line) for line in path.read_text().splitlines())
    return [Utterance(**(r | {"labels": tuple(r["labels"])})) for r in records]


def _features(job: tuple[Utterance, int]) -> tuple[str, np.ndarray]:
    utterance, copy = job
    torch.set_num_threads(1)
    samples = torch.from_numpy(audio.load(utterance.path))
    if copy:
        rng = random.Random(f"{utterance.id}/{copy}")
        samples = augment.augment(samples, rng, DATA / "noise")
    return utterance.id, log_mel(samples).to(torch.float16).numpy()


def cache(utterances: Iterable[Utterance], copy: int) -> None:
    """Write one copy's features, unless they are there."""
    index_path = WORK / f"index_{copy}.json"
    if index_path.exists():
        return
    jobs = [(u, copy) for u in utterances if copy == 0 or u.part == "train"]
    index: dict[str, tuple[int, int]] = {}
    start = 0
    with (
        (WORK / f"features_{copy}.f16").open("wb") as file,
        ProcessPoolExecutor(2) as pool,
    ):
        for name, block in pool.map(_features, jobs, chunksize=16):
            file.write(block.tobytes())
            index[name] = (start, len(block))
            start += len(block)
    index_path.write_text(json.dumps(index))
    print(f"copy {copy}: {len(index)} utterances, {start / 360_000:.2f} h", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--copies", type=int, default=3)
    copies = parser.parse_args().copies
    WORK.mkdir(parents=True, exist_ok=True)
    utterances = manifest()
    for copy in range(copies):
        cache(utterances, copy)


if __name__ == "__main__":
    main()
