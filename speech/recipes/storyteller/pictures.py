"""Stage: the voice to look at, beside the reader's own recordings.

`python -m speech.recipes.storyteller.pictures [--bundle DIR] [--out docs/voice]`
Draws a sentence as the reader, the vocoder alone, both styles and espeak-ng say it (log mel and F0,
words along the top), and the styles' prosody beside her most expressive clips; prints how spectra
differ from hers on the clips that were kept to choose by.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from matplotlib.ticker import NullFormatter, NullLocator, ScalarFormatter
from numpy.typing import NDArray

from speech.narrator import bundle, front_end
from speech.narrator.mel import HOP, MELS, RATE, log_mel
from speech.narrator.spoken import STYLES
from speech.narrator.units import FIRST_PHONE, units
from speech.narrator.voice import Narrator
from speech.recipes.storyteller import align, clips, evaluate, measures, styles
from speech.recipes.storyteller.align import Aligned
from speech.recipes.storyteller.passages import Passage, readers

# One that the voice's own reader was not trained with, two of LJ003.
CLIPS = "LJ002-0123,LJ003-0061,LJ003-0086"
DPI = 150  # 1,350 pixels across: sharp where 900 are shown
FORMAT = "webp"
QUALITY = 70
RANGE_DB = 60.0
LOUD = 99.5  # percentile of a reading's mel that is 0 dB
BAND_TICKS = (200, 500, 1000, 2000, 4000, 8000)  # Hz
PITCH_TICKS = (80, 120, 200, 320, 480)  # Hz
PITCH_COLOUR = "#d1331f"
WORD_COLOUR = "#1f5fa8"
SAME = "vocoder alone"


class Word(NamedTuple):
    text: str
    start_s: float
    end_s: float


class Row(NamedTuple):
    name: str
    samples: NDArray[np.float32]  # (N,) at RATE
    words: tuple[Word, ...]


def sentence(name: str) -> Passage:
    """A clip of the reader's with its text."""
    return Passage(name, clips.texts()[name], (name,))


def rows(voice: Narrator, passage: Passage, aligned: Aligned) -> list[Row]:
    """The sentence by everyone; the reader's words where the aligner found them."""
    everyone = readers(voice)
    real = everyone["person"](passage).samples
    words = tuple(aligned_words(passage.text, aligned))
    out = [
        Row("the reader", real, words),
        Row(SAME, evaluate.copied(voice, real), words),
    ]
    named = {"neutral": "ours, neutral", "storytelling": "ours, storytelling"}
    for style, name in (named | {"espeak": "espeak-ng"}).items():
        read = everyone[style](passage)
        said = tuple(Word(w.word, w.start_s, w.end_s) for w in read.words)
        out.append(Row(name, read.samples, said))
    return out


def aligned_words(text: str, aligned: Aligned) -> list[Word]:
    """The words of a recording from the first to the last frame of their phones."""
    written = [word.text for part in front_end.sentences(text) for word in part.words]
    said = units(aligned.sentence.words, aligned.sentence.kind)
    ends = np.cumsum(aligned.frames) * HOP / RATE
    begins = np.concatenate([[0.0], ends[:-1]])
    out = []
    for at, word in enumerate(written):
        own = np.flatnonzero(((said.word == at) & (said.symbols >= FIRST_PHONE)).numpy())
        out.append(Word(word, float(begins[own[0]]), float(ends[own[-1]])))
    return out


def drawn(readings: Sequence[Row], title: str) -> Figure:
    """Log mel of each reading in dB under its loud parts, F0 over it; all on the same scales."""
    figure = Figure(figsize=(9, 0.7 + 1.75 * len(readings)), dpi=DPI, layout="constrained")
    figure.suptitle(title, fontsize=9)
    longest = max(len(row.samples) for row in readings) / RATE
    axes = figure.subplots(len(readings), 1, sharex=True, squeeze=False)[:, 0]
    for ax, row in zip(axes, readings, strict=True):
        image = _spectrogram(ax, row)
        _pitch(ax, row)
        _words(ax, row)
        ax.set_xlim(0, longest)
    axes[-1].set_xlabel("s", fontsize=8)
    bar = figure.colorbar(image, ax=list(axes), location="bottom", shrink=0.4, aspect=50, pad=0.01)
    bar.ax.tick_params(labelsize=7)
    bar.set_label("dB under each reading's loud parts; red: F0", fontsize=7)
    return figure


def _spectrogram(ax: Axes, row: Row) -> AxesImage:
    mel = log_mel(torch.from_numpy(row.samples)).numpy() * measures.DB
    image = ax.imshow(
        mel.T - np.percentile(mel, LOUD),
        origin="lower",
        aspect="auto",
        cmap="Greys",
        vmin=-RANGE_DB,
        vmax=0,
        extent=(0, len(mel) * HOP / RATE, -0.5, MELS - 0.5),
    )
    ax.set_yticks(
        np.interp(BAND_TICKS, measures.centres(), np.arange(MELS)), labels=map(str, BAND_TICKS)
    )
    ax.set_ylabel(f"{row.name}\nHz, mel bands", fontsize=7)
    ax.tick_params(labelsize=7)
    return image


def _pitch(ax: Axes, row: Row) -> None:
    f0 = clips.pitch(row.samples, careful=True)
    right = ax.twinx()
    clock = np.arange(len(f0)) * HOP / RATE
    right.plot(clock, np.where(f0 > 0, f0, np.nan), color=PITCH_COLOUR, linewidth=1.4)
    right.set_yscale("log")
    right.set_ylim(clips.LOWEST_HZ, clips.HIGHEST_HZ)
    right.yaxis.set_minor_locator(NullLocator())
    right.yaxis.set_minor_formatter(NullFormatter())
    right.set_yticks(PITCH_TICKS)
    right.yaxis.set_major_formatter(ScalarFormatter())
    right.tick_params(labelsize=7, colors=PITCH_COLOUR)
    right.set_ylabel("F0, Hz", fontsize=7, color=PITCH_COLOUR)


def _words(ax: Axes, row: Row) -> None:
    """Boundaries as lines, words along the top in two rows so that short ones do not collide."""
    edges = sorted({edge for word in row.words for edge in word[1:]})
    ax.vlines(edges, -0.5, MELS - 0.5, color=WORD_COLOUR, linewidth=0.5, alpha=0.6)
    for at, (text, start, end) in enumerate(row.words):
        ax.annotate(
            text,
            ((start + end) / 2, 1),
            xycoords=("data", "axes fraction"),
            xytext=(0, 2 + 8 * (at % 2)),
            textcoords="offset points",
            ha="center",
            fontsize=7,
            color=WORD_COLOUR,
        )


def moved(voice: Narrator, names: Sequence[str]) -> dict[str, NDArray[np.float64]]:
    """(clips, 3) for each who reads their texts: F0's range in octaves, pauses in %, s a word."""
    passages = [sentence(name) for name in names]
    everyone = readers(voice)
    out = {}
    for name in ("neutral", "storytelling", "person"):
        found = []
        for passage in passages:
            each = measures.prosody(everyone[name](passage).samples)
            count = len(measures.spoken_words(passage.text))
            found.append((each.pitch_range, 100 * each.pause_share, each.seconds / count))
        out["the reader" if name == "person" else name] = np.array(found)
    return out


def spread(found: dict[str, NDArray[np.float64]]) -> Figure:
    """A point a clip, boxes of the quartiles."""
    figure = Figure(figsize=(9, 2.4), dpi=DPI, layout="constrained")
    titles = ("F0 range (5th to 95th percentile), octaves", "pauses, %", "seconds a word")
    for at, (ax, title) in enumerate(zip(figure.subplots(1, 3), titles, strict=True)):
        columns = [each[:, at] for each in found.values()]
        ax.boxplot(columns, tick_labels=list(found), showfliers=False, widths=0.5)
        for place, column in enumerate(columns, 1):
            ax.plot(np.full(len(column), place), column, "o", color=WORD_COLOUR, ms=3, alpha=0.6)
        ax.set_title(title, fontsize=8)
        ax.tick_params(labelsize=8)
        ax.set_ylim(bottom=0)
    return figure


def kept_aside(voice: Narrator, names: Sequence[str]) -> dict[str, dict[str, Any]]:
    """What `spectra` says of the vocoder alone and both styles on the reader's clips."""
    passages = [sentence(name) for name in names]
    everyone = readers(voice)
    real = [everyone["person"](each).samples for each in passages]
    made = {SAME: [evaluate.copied(voice, each) for each in real]}
    made |= {style: [everyone[style](each).samples for each in passages] for style in STYLES}
    return {name: measures.spectra(each, real) for name, each in made.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bundle", type=Path, default=bundle.DEFAULT)
    parser.add_argument("--out", type=Path, default=Path("docs/voice"))
    parser.add_argument("--clips", default=CLIPS, help="of the reader, to draw")
    args = parser.parse_args()
    torch.set_num_threads(1)
    voice = Narrator.load(args.bundle)
    aligned = align.read()
    args.out.mkdir(parents=True, exist_ok=True)
    figures = {}
    for name in args.clips.split(","):
        passage = sentence(name)
        title = f"{name}: {passage.text}"
        figures[name] = drawn(rows(voice, passage, aligned[name]), title)
    expressive = sorted(styles.expressive(clips.reader("report")))[: evaluate.EXPRESSIVE]
    figures["prosody"] = spread(moved(voice, expressive))
    for name, figure in figures.items():
        target = args.out / f"{name}.{FORMAT}"
        figure.savefig(target, pil_kwargs={"quality": QUALITY})
        print(target, f"{target.stat().st_size / 1000:.0f} kB", flush=True)
    for name, found in kept_aside(voice, clips.reader("dev")).items():
        print(name, json.dumps(found), flush=True)


if __name__ == "__main__":
    main()
