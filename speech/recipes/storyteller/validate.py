"""Refuse clips and alignments that training would trip over, by name and with what is wrong.

`python -m speech.recipes.storyteller.validate` prints `NAME: reason` for each bad one and ends with
exit status 1, or says how many are good.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping

import numpy as np

from speech.narrator.mel import HOP, RATE
from speech.narrator.units import FIRST_PHONE, units
from speech.recipes.storyteller import align, clips
from speech.recipes.storyteller.align import Aligned

SHORTEST_S, LONGEST_S = 0.2, 30.0


def problem(name: str, clip: clips.Clip, aligned: Aligned | None) -> str:
    """What is wrong with a clip; "" where nothing is."""
    seconds = len(clip.f0) * HOP / RATE
    if not SHORTEST_S <= seconds <= LONGEST_S:
        return f"{seconds:.2f} s long"
    if not np.isfinite(clip.f0).all():
        return "F0 is not a number"
    if np.abs(clip.samples).max() < 1e-3:
        return "silent"
    if aligned is None:
        return ""
    symbols = units(aligned.sentence.words, aligned.sentence.kind).symbols.numpy()
    if len(symbols) != len(aligned.frames):
        return f"{len(aligned.frames)} lengths for {len(symbols)} units"
    if min(aligned.frames) < 0:
        return "a unit of negative length"
    if abs(sum(aligned.frames) - len(clip.f0)) > 1:
        return f"{sum(aligned.frames)} frames aligned of {len(clip.f0)}"
    if not (symbols >= FIRST_PHONE).any():
        return "no phones"
    return ""


def problems(aligned: Mapping[str, Aligned]) -> Iterator[str]:
    """Every bad clip, as `NAME: reason`."""
    for name in clips.names():
        if reason := problem(name, clips.read(name), aligned.get(name)):
            yield f"{name}: {reason}"


def main() -> None:
    found = list(problems(align.read()))
    print("\n".join(found) or f"{len(clips.names())} clips are good")
    if found:
        sys.exit(1)


if __name__ == "__main__":
    main()
