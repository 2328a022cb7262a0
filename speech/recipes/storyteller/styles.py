"""Stage: the storytelling style, which nobody recorded for us, from the reader's own clips.

`python -m speech.recipes.storyteller.styles` says every clip again by controlled resynthesis with
WORLD (Morise et al., 2016): a wider pitch range, stronger dynamics, longer stressed vowels, phrase
ends and pauses. Clips st_NAME and WORK/voice/styled.json. The reader's most expressive sentences
(`expressive`) are storytelling as they are.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor

import numpy as np
from numpy.typing import NDArray

from speech.narrator.mel import HOP, RATE
from speech.narrator.units import FIRST_PHONE, VOWELS, Units, units
from speech.recipes.storyteller import align, clips
from speech.recipes.storyteller.align import Aligned
from speech.recipes.storyteller.examples import straight

TARGET = clips.FOLDER / "styled.json"
SPEAKER = "lj_world"
RANGE = 1.5  # of log F0 about the clip's mean
DYNAMICS = 1.3  # of log energy about the clip's mean
PAUSE, FINAL_VOWEL, FINAL, STRESSED, VOWEL = 1.6, 1.4, 1.2, 1.15, 1.05
MOST_EXPRESSIVE = 0.25  # share of the reader's clips


def stretches(sentence: Units) -> NDArray[np.float64]:
    """By how much each unit is lengthened; pauses, and the last word before one, most."""
    symbols = sentence.symbols.numpy()
    phone = symbols >= FIRST_PHONE
    vowel = np.isin(symbols, VOWELS)
    final = sentence.left.numpy() == 0
    factor = np.where(vowel, VOWEL, 1.0)
    factor = np.where(vowel & (sentence.stress.numpy() == 1), STRESSED, factor)
    factor = np.where(final, np.where(vowel, FINAL_VOWEL, FINAL), factor)
    return np.where(phone, factor, PAUSE)


def resynthesised(name: str, aligned: Aligned) -> list[int]:
    """Write the clip st_NAME; the frames of its units."""
    import pyworld

    clip = clips.read(name)
    wide = clip.samples.astype(np.float64)
    f0 = clip.f0.astype(np.float64)
    times = np.arange(len(f0)) * HOP / RATE
    envelope = pyworld.cheaptrick(wide, f0, times, RATE)
    aperiodicity = pyworld.d4c(wide, f0, times, RATE)
    contour = straight(clip.f0)
    mean = contour[clip.f0 > 0].mean() if (clip.f0 > 0).any() else contour.mean()
    wider = np.exp(mean + RANGE * (contour - mean)).clip(clips.LOWEST_HZ, 1.2 * clips.HIGHEST_HZ)
    loud = np.log(envelope.mean(1) + 1e-12) / 2
    loud -= loud.mean()
    smooth = np.convolve(loud, np.hanning(9) / np.hanning(9).sum(), "same")
    gain = np.exp((DYNAMICS - 1) * smooth.clip(-3.0, 1.5))
    frames = np.array(aligned.frames)
    frames[-1] += len(f0) - frames.sum()
    ends = np.cumsum(frames)
    stretched = np.cumsum(frames * stretches(units(aligned.sentence.words, aligned.sentence.kind)))
    there = np.round(stretched).astype(int)
    source = np.interp(
        np.arange(there[-1]), np.concatenate([[0], there]), np.concatenate([[0], ends])
    ).clip(0, len(f0) - 1)
    nearest = np.round(source).astype(int)
    pitch = np.where(f0[nearest] > 0, np.interp(source, np.arange(len(f0)), wider), 0.0)
    power = envelope[nearest] * gain[nearest][:, None] ** 2
    made = pyworld.synthesize(pitch, power, aperiodicity[nearest], RATE, clips.PERIOD_MS)
    whole = np.zeros(there[-1] * HOP, np.float32)
    whole[: len(made)] = made[: len(whole)]
    peak = float(np.abs(whole).max())
    whole *= min(1.0, 0.97 / max(peak, 1e-6))
    np.savez(
        clips.path(f"st_{name}"),
        x=np.round(whole * 32_767).astype(np.int16),
        f0=pitch.astype(np.float32),
    )
    lengths: list[int] = np.diff(there, prepend=0).tolist()
    return lengths


def expressive(names: Sequence[str]) -> set[str]:
    """The clips whose pitch moves most: standard deviation of log F0, outliers of it left out."""
    spread = {}
    for name in names:
        f0 = clips.read(name).f0
        voiced = np.log(f0[f0 > 0])
        low, high = np.percentile(voiced, (5, 95))
        spread[name] = float(voiced[(voiced >= low) & (voiced <= high)].std())
    ranked = sorted(spread, key=lambda n: spread[n], reverse=True)
    return set(ranked[: round(MOST_EXPRESSIVE * len(ranked))])


def read() -> dict[str, list[int]]:
    """The frames of every resynthesised clip, by the name of the one it was made from."""
    kept: dict[str, list[int]] = json.loads(TARGET.read_text())
    return kept


def _one(job: tuple[str, Aligned]) -> list[int]:
    return resynthesised(*job)


def main() -> None:
    aligned: Mapping[str, Aligned] = align.read()
    names = [*clips.reader("train"), *clips.reader("dev")]
    with ProcessPoolExecutor(1) as pool:
        frames = list(pool.map(_one, [(name, aligned[name]) for name in names], chunksize=8))
    TARGET.write_text(json.dumps(dict(zip(names, frames, strict=True))))
    before = sum(sum(aligned[name].frames) for name in names)
    print(f"{len(names)} clips, {sum(map(sum, frames)) / before:.3f} times as long", flush=True)


if __name__ == "__main__":
    main()
