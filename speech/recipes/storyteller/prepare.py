"""Stage 1: every real clip at the voice's rate with its F0, under WORK/voice/clips.

`python -m speech.recipes.storyteller.prepare [--learners 700]`: the reader, the single words, and
takes of so many training learners for the universal vocoder. Run again, it adds what is missing.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import NamedTuple

import soundfile
import torch

from speech import audio
from speech.narrator.mel import RATE
from speech.recipes.phonetic_rnnt.corpora import DATA, parts_of, rows
from speech.recipes.storyteller import clips


class Source(NamedTuple):
    name: str
    path: Path
    careful: bool


def word_name(path: str) -> str:
    """What the clip of a row of words.tsv is called."""
    return "gc_" + path.replace("/", "_").removesuffix(".ogg")


def sources(learners: int) -> Iterator[Source]:
    for path in sorted((DATA / "ljspeech" / "audio").iterdir()):
        yield Source(path.stem, path, True)
    for row in rows(DATA / "gcompris" / "words.tsv"):
        yield Source(word_name(row["path"]), DATA / "gcompris" / row["path"], False)
    folder = DATA / "speechocean762"
    parts = parts_of(folder)
    takes = [r["utt_id"] for r in rows(folder / "utterances.tsv") if parts[r["speaker"]] == "train"]
    for name in random.Random(1).sample(takes, min(learners, len(takes))):
        yield Source(f"so_{name}", folder / "audio" / f"{name}.opus", False)


def keep(source: Source) -> None:
    """Read a recording and write its clip."""
    torch.set_num_threads(1)
    samples, rate = soundfile.read(source.path, dtype="float32", always_2d=True)
    heard = audio.resample(samples.mean(1), rate, RATE)
    clips.write(source.name, heard, careful=source.careful)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--learners", type=int, default=700, help="takes of learners")
    args = parser.parse_args()
    missing = [s for s in sources(args.learners) if not clips.path(s.name).exists()]
    with ProcessPoolExecutor(2) as pool:
        list(pool.map(keep, missing, chunksize=8))
    print(f"{len(missing)} clips", flush=True)


if __name__ == "__main__":
    main()
