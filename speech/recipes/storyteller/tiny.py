"""The whole recipe in small: every stage, in order, on a corpus that is made on the spot.

`python -m speech.recipes.storyteller.tiny DIR` makes DIR/data, DIR/work and DIR/bundle, keeps what
the stages print in DIR/log.txt and prints figures as JSON.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import torch

from speech import espeak
from speech.recipes.phonetic_rnnt import tiny as listener

SENTENCES = (
    "the cat is in the big house.",
    "where is my red fish?",
    "the dog can see the moon!",
    "a green tree, a blue bird, and a small box.",
    "she said no, and he said yes.",
    "we have ten red apples.",
    "look at the sun, my friend.",
    "it is a long way to the sea.",
    "can you hear the rain?",
    "the old man sat down.",
)
SMALL = ("channels=32", "encoder=1", "decoder=1")


def corpus(data: Path) -> None:
    """The listener's corpus, with more of the reader's."""
    listener.corpus(data)
    folder = data / "ljspeech"
    lines = []
    for at, text in enumerate([*SENTENCES, *SENTENCES[:2]]):
        name = f"LJ00{1 if at < len(SENTENCES) else 3}-{at:04d}"
        samples, rate = espeak.synthesise(text, "en-us", 130, variant="f2")
        listener.write(folder / "audio" / f"{name}.opus", samples, rate)
        lines.append(f"{name}|{text}|{text}")
    (folder / "metadata.csv").write_text("\n".join(lines) + "\n")


stage = partial(listener.stage, recipe=__package__)


def stages(folder: Path) -> None:
    texts = folder / "texts.txt"
    texts.write_text("\n".join(SENTENCES[:6]) + "\n")
    stage("prepare", "--learners", 4)
    stage("synthetic", texts)
    stage("align", "--rounds", 1, "--steps", 30)
    stage("validate")
    stage("curate")
    stage("styles")
    for steps in (6, 12):  # the second goes on where the first was
        stage("vocoder", "voice", "--steps", steps, "--batch", 2)
    stage("vocoder", "sharp", "--steps", 4, "--batch", 2, "--from", "voice", "--adversarial")
    small = [part for size in SMALL for part in ("--config", size)]
    for hours in (0.02, 0.04):
        stage("generator", "all", "--hours", hours, *small)
    more = ["--from", "all", "--reader", "--adversarial", *small]
    stage("generator", "reader", "--hours", 0.03, *more)
    fitted = ["--from", "sharp", "--heard-from", "reader"]
    stage("vocoder", "fitted", "--steps", 4, "--batch", 2, *fitted)
    stage("export", "--generator", "reader", "--vocoder", "fitted", "--out", folder / "bundle")
    stage("evaluate", "--bundle", folder / "bundle", "--most", 2, "--who", "neutral,storytelling")


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, metavar="DIR")
    folder = parser.parse_args(arguments).folder.resolve()
    os.environ["SPEECH_DATA"] = str(folder / "data")
    os.environ["SPEECH_WORK"] = str(folder / "work")
    torch.set_num_threads(1)
    started = time.monotonic()
    corpus(folder / "data")
    with (folder / "log.txt").open("w") as file, contextlib.redirect_stdout(file):
        stages(folder)
    state = torch.load(folder / "work" / "voice" / "all.pt")
    print(
        json.dumps(
            {
                "hours": round(state["done"], 3),
                "bundle_bytes": sum(f.stat().st_size for f in (folder / "bundle").iterdir()),
                "spent_s": round(time.monotonic() - started, 1),
            }
        )
    )


if __name__ == "__main__":
    main()
