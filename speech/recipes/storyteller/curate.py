"""Stage: which of the reader's clips are fit to learn from.

`python -m speech.recipes.storyteller.curate` drops clips that are far from the reader's others
(a diagonal Mahalanobis distance between embeddings of voice and prosody: means and spreads of mel,
pitch, pace) and those that our own listener cannot make out (phone error rate against the text,
mostly dead air or a wrong text). Writes WORK/voice/curated.json: who is kept, and why not.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torchaudio.functional import edit_distance

from speech import audio
from speech.engine import Engine
from speech.narrator.mel import RATE, log_mel
from speech.narrator.units import FIRST_PHONE, units
from speech.recipes.storyteller import align, clips
from speech.recipes.storyteller.align import Aligned

TARGET = clips.FOLDER / "curated.json"
FURTHEST = 0.97  # quantile of the distance beyond which a clip is an outlier
WORST_PER = 0.75


def embedding(name: str, aligned: Aligned) -> NDArray[np.float64]:
    """How a clip sounds and moves, (2 * MELS + 4,)."""
    clip = clips.read(name)
    mel = log_mel(torch.from_numpy(clip.samples)).numpy()
    voiced = np.log(clip.f0[clip.f0 > 0])
    sentence = units(aligned.sentence.words, aligned.sentence.kind)
    phones = int((sentence.symbols >= FIRST_PHONE).sum())
    pauses = sum(
        n for n, s in zip(aligned.frames, sentence.symbols.tolist(), strict=True) if s < FIRST_PHONE
    )
    pace = phones / max(1, len(clip.f0) - pauses)
    rest = [voiced.mean(), voiced.std(), pace, pauses / len(clip.f0)]
    return np.concatenate([mel.mean(0), mel.std(0), rest])


def distances(embeddings: NDArray[np.float64]) -> NDArray[np.float64]:
    """Root mean square of each row's deviations, in standard deviations of its column."""
    spread = (embeddings - embeddings.mean(0)) / embeddings.std(0)
    out: NDArray[np.float64] = np.sqrt((spread**2).mean(1))
    return out


def heard_per(names: Sequence[str], aligned: dict[str, Aligned]) -> list[float]:
    """Phone error rate of each clip by the shipped listener."""
    engine = Engine.load()
    out = []
    for name in names:
        heard = engine.hear(audio.resample(clips.read(name).samples, RATE)).heard
        said = [p for word in aligned[name].sentence.words for p in word.phones]
        out.append(edit_distance(said, heard) / max(1, len(said)))
    return out


def kept() -> set[str]:
    """The clips that are fit."""
    return set(json.loads(TARGET.read_text())["kept"])


def main() -> None:
    torch.set_num_threads(1)
    aligned = align.read()
    names = [*clips.reader("train"), *clips.reader("dev")]
    far = distances(np.stack([embedding(name, aligned[name]) for name in names]))
    limit = float(np.quantile(far, FURTHEST))
    per = heard_per(names, aligned)
    dropped = {
        name: f"distance {d:.2f}" if d > limit else f"heard with PER {p:.2f}"
        for name, d, p in zip(names, far, per, strict=True)
        if d > limit or p > WORST_PER
    }
    fit = [name for name in names if name not in dropped]
    TARGET.write_text(json.dumps({"kept": fit, "dropped": dropped, "limit": limit}, indent=1))
    print(f"{len(fit)} clips kept, {len(dropped)} dropped; median PER {np.median(per):.3f}")


if __name__ == "__main__":
    main()
