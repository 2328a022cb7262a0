"""What is measured of a reading: words and phones made out, steadiness, prosody, distances."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torchaudio.functional import edit_distance, melscale_fbanks

from speech import audio, lexicon
from speech.alignment import align
from speech.engine import Engine
from speech.judge import completeness, evidence
from speech.narrator import front_end
from speech.narrator.mel import HOP, MELS, RATE, TOP_HZ, log_mel
from speech.phones import PASSES_FOR
from speech.recipes.storyteller import clips

CEPSTRA = 24
DB = 20 / np.log(10)  # of a natural log of magnitudes
BANDS = (0, 300, 1000, 2000, 4000, 6000, 8000, 11_025)  # Hz, within which spectra are compared
WINDOW = 128  # frames of a modulation spectrum
FAST_HZ = 8.0  # of modulation: above, onsets and bursts
SILENT_DB = -38.0  # under the loud part of a reading (its 95th percentile): a pause
PAUSE_S = 0.12
LOST = 0.8  # share of a word's phones that were not heard, from which it may have been skipped
STOPPED_S = 1.6  # a silence that long is a stop


class Prosody(NamedTuple):
    seconds: float
    pitch_range: float  # octaves between the 5th and 95th percentile of F0
    pause_share: float
    energy_range: float  # dB between the 10th and 95th percentile where it is not a pause


@cache
def _engine() -> Engine:
    return Engine.load()


@cache
def _sphinx() -> Any:
    from pocketsphinx import Decoder

    return Decoder(loglevel="FATAL")


def spoken_words(text: str) -> list[str]:
    """The words of a text as they are said, in lower case."""
    return [re.sub(r"[^a-z']", "", word.lower()) for word in lexicon.words(text)]


def word_errors(samples: NDArray[np.float32], text: str) -> tuple[int, int]:
    """Errors and words, by PocketSphinx with its own models; (N,) samples at RATE."""
    decoder = _sphinx()
    pcm = (np.clip(audio.resample(samples, RATE), -1, 1) * 32_767).astype("<i2").tobytes()
    decoder.start_utt()
    decoder.process_raw(pcm, full_utt=True)
    decoder.end_utt()
    found = decoder.hyp()
    heard = [re.sub(r"\(\d+\)$", "", w) for w in (found.hypstr if found else "").split()]
    words = spoken_words(text)
    return int(edit_distance(words, heard)), len(words)


class Heard(NamedTuple):
    errors: int
    phones: int
    faults: list[str]  # what is wrong with the reading as a whole


def phone_errors(samples: NDArray[np.float32], text: str) -> Heard:
    """Phone errors by our own listener, and whether words were skipped or repeated or it stopped.

    Two witnesses speak for a skipped word: aligned to the text, the reading is likelier without it
    by what the judge asks of any take; freely decoded, next to none of its phones were heard.
    Repeats and additions are the judge's. A Spanish sound may be heard as the nearest English one.
    """
    words = [word.phones for each in front_end.sentences(text) for word in each.words]
    flat = [phone for word in words for phone in word]
    engine = _engine()
    hearing = engine.hear(audio.resample(samples, RATE))
    near = [tuple(PASSES_FOR.get(phone, phone) for phone in word) for word in words]
    either = [list(dict.fromkeys((tuple(w), n))) for w, n in zip(words, near, strict=True)]
    chosen = evidence.choose(hearing.log_probs, either)
    gains = evidence.skipped(hearing.log_probs, [evidence.symbols(word) for word in chosen])
    unlikely = (gains >= engine.thresholds["corpus"].skipped).tolist()
    beyond = completeness.beyond(hearing.log_probs, hearing.heard, chosen)
    silent = [end - start for start, end in pauses(samples) if end - start > STOPPED_S]
    faults = [
        *(f"skipped {' '.join(words[at])}" for at in _lost(words, hearing.heard) if unlikely[at]),
        *(f"repeated {' '.join(words[at])}" for at, n in Counter(beyond.order).items() if n > 1),
        *(f"added {' '.join(each.phones)}" for each in beyond.added),
        *(f"silent for {seconds:.1f} s" for seconds in silent),
    ]
    return Heard(int(edit_distance(flat, list(hearing.heard))), len(flat), faults)


def _lost(words: Sequence[Sequence[str]], heard: Sequence[str]) -> Iterator[int]:
    """The words of three phones and more of which next to nothing was heard."""
    pairs = align([phone for word in words for phone in word], heard)
    hit = {pair.ref for pair in pairs if pair.ref is not None and pair.heard is not None}
    start = 0
    for at, word in enumerate(words):
        missing = sum(start + k not in hit for k in range(len(word)))
        if len(word) >= 3 and missing / len(word) >= LOST:
            yield at
        start += len(word)


def pauses(samples: NDArray[np.float32]) -> list[tuple[float, float]]:
    """Silences inside a reading, in seconds."""
    level = _level(samples)
    quiet = level < np.percentile(level, 95) + SILENT_DB
    edges = np.flatnonzero(np.diff(np.concatenate([[0], quiet.astype(int), [0]])))
    second = HOP / RATE
    runs = [(a * second, b * second) for a, b in edges.reshape(-1, 2)]
    whole = len(level) * second
    return [(a, b) for a, b in runs if b - a >= PAUSE_S and a > 0 and b < whole - second]


def _level(samples: NDArray[np.float32]) -> NDArray[np.float64]:
    frames = torch.from_numpy(samples)[: len(samples) // HOP * HOP].view(-1, HOP)
    power = frames.square().mean(1)
    smooth = torch.nn.functional.avg_pool1d(power[None, None], 3, 1, 1)[0, 0]
    out: NDArray[np.float64] = 10 * np.log10(smooth.numpy().astype(np.float64) + 1e-10)
    return out


def prosody(samples: NDArray[np.float32]) -> Prosody:
    """Length, pitch range, pauses and dynamics of a reading."""
    f0 = clips.pitch(samples)
    voiced = np.log2(f0[f0 > 0])
    low, high = np.percentile(voiced, (5, 95)) if len(voiced) else (0.0, 0.0)
    silent = sum(b - a for a, b in pauses(samples))
    level = _level(samples)
    spoken = level[level > np.percentile(level, 95) + SILENT_DB]
    dynamics = float(np.percentile(spoken, 95) - np.percentile(spoken, 10))
    seconds = len(samples) / RATE
    return Prosody(seconds, float(high - low), silent / seconds, dynamics)


class Distance(NamedTuple):
    cepstral_db: float  # mel cepstral distortion
    log_f0: float  # root mean square, in octaves, where both are voiced


def distance(made: NDArray[np.float32], real: NDArray[np.float32]) -> Distance:
    """Between two readings of the same text, aligned by dynamic time warping over cepstra."""
    a, b = _cepstra(made), _cepstra(real)
    path = _warped(a, b)
    squares = ((a[path[:, 0]] - b[path[:, 1]]) ** 2).sum(1)
    f0_made, f0_real = clips.pitch(made), clips.pitch(real)
    ends = len(f0_made) - 1, len(f0_real) - 1
    one = f0_made[np.minimum(path[:, 0], ends[0])]
    two = f0_real[np.minimum(path[:, 1], ends[1])]
    both = (one > 0) & (two > 0)
    off = np.log2(one[both] / two[both])
    mcd = 10 / np.log(10) * np.sqrt(2) * np.sqrt(squares).mean()
    return Distance(float(mcd), float(np.sqrt((off**2).mean())) if both.any() else 0.0)


def _cepstra(samples: NDArray[np.float32]) -> NDArray[np.float64]:
    """(T, CEPSTRA) by a cosine transform of the log mel spectrum, without the level."""
    mel = log_mel(torch.from_numpy(samples)).numpy().astype(np.float64)
    bands = mel.shape[1]
    grid = np.pi / bands * (np.arange(bands) + 0.5)
    basis = np.cos(grid[:, None] * np.arange(1, CEPSTRA + 1)) * np.sqrt(2 / bands)
    out: NDArray[np.float64] = mel @ basis / np.sqrt(bands / 2) / 2
    return out


def _warped(a: NDArray[np.float64], b: NDArray[np.float64]) -> NDArray[np.int64]:
    """Pairs of frames (K, 2) of the cheapest way through both."""
    cost = np.sqrt(np.maximum((a**2).sum(1)[:, None] + (b**2).sum(1)[None] - 2 * a @ b.T, 0))
    rows, columns = cost.shape
    total = np.full((rows + 1, columns + 1), np.inf)
    total[0, 0] = 0.0
    for i in range(rows):  # along a row the cheapest of up and diagonal, then what comes from left
        above = np.minimum(total[i, 1:], total[i, :-1]) + cost[i]
        row = total[i + 1]
        best = np.inf
        for j, (up, here) in enumerate(zip(above.tolist(), cost[i].tolist(), strict=True)):
            best = min(up, best + here)
            row[j + 1] = best
    path = []
    i, j = rows, columns
    while i > 0 and j > 0:
        path.append((i - 1, j - 1))
        step = int(np.argmin((total[i - 1, j - 1], total[i - 1, j], total[i, j - 1])))
        i, j = i - (step != 2), j - (step != 1)
    return np.array(path[::-1])


def centres() -> NDArray[np.float64]:
    """The frequency in Hz where each band of the mel is most open, (MELS,)."""
    fine = 8193
    bank = melscale_fbanks(fine, 0.0, TOP_HZ, MELS, RATE, "slaney", "slaney")
    out: NDArray[np.float64] = bank.argmax(0).numpy() * RATE / 2 / (fine - 1)
    return out


def spectra(
    made: Sequence[NDArray[np.float32]], real: Sequence[NDArray[np.float32]]
) -> dict[str, Any]:
    """How readings differ from the real ones of the same texts, by BANDS; no alignment needed.

    `level_db`: of long-term average spectra at the same power. `variance`: of the log mel over
    time, as a ratio (global variance; Toda and Tokuda, 2007). `fast_db`: modulation above FAST_HZ.
    `voiced`: shares of frames, made and real.
    """
    one, other = (
        [log_mel(torch.from_numpy(each)).numpy() * DB for each in x] for x in (made, real)
    )
    level = _average(one) - _average(other)
    changing = _variance(one) / _variance(other)
    band = np.digitize(centres(), BANDS) - 1
    groups = range(len(BANDS) - 1)
    return {
        "level_db": [round(float(level[band == at].mean()), 1) for at in groups],
        "variance": [round(float(changing[band == at].mean()), 2) for at in groups],
        "fast_db": round(_fast(one) - _fast(other), 1),
        "voiced": [round(_voiced(each), 3) for each in (made, real)],
    }


def _spoken(mel: NDArray[np.float32]) -> NDArray[np.float32]:
    """The frames that are not a pause."""
    loud = mel.max(1)
    out: NDArray[np.float32] = mel[loud > np.percentile(loud, 95) + SILENT_DB]
    return out


def _average(mels: Sequence[NDArray[np.float32]]) -> NDArray[np.float64]:
    power = np.mean(10 ** (np.concatenate([_spoken(each) for each in mels]) / 10), axis=0)
    out: NDArray[np.float64] = 10 * np.log10(power / power.sum())
    return out


def _variance(mels: Sequence[NDArray[np.float32]]) -> NDArray[np.float64]:
    out: NDArray[np.float64] = np.mean([_spoken(each).var(0) for each in mels], axis=0)
    return out


def _fast(mels: Sequence[NDArray[np.float32]]) -> float:
    """dB of the modulation of all bands above FAST_HZ, in windows half over each other."""
    pieces = [
        each[start : start + WINDOW]
        for each in mels
        for start in range(0, max(1, len(each) - WINDOW + 1), WINDOW // 2)
    ]
    shape = np.hanning(WINDOW)[:, None]
    fast = np.fft.rfftfreq(WINDOW, HOP / RATE) > FAST_HZ
    power = [
        np.abs(np.fft.rfft((piece - piece.mean(0)) * shape[: len(piece)], WINDOW, axis=0)) ** 2
        for piece in pieces
    ]
    return float(10 * np.log10(np.mean(power, axis=0)[fast].mean()))


def _voiced(readings: Sequence[NDArray[np.float32]]) -> float:
    tracks = [clips.pitch(each) for each in readings]
    return float(np.mean(np.concatenate(tracks) > 0))
