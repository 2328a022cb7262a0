"""Stage: what the voice is worth, on 100 passages that it never saw, beside the others.

`python -m speech.recipes.storyteller.evaluate [--most N] [--who neutral,storytelling,...] [--json]`
Intelligibility (WER by PocketSphinx, PER by our listener), stability, prosody of the two styles,
distances to the reader's own recordings, the times of words, speed and size.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from speech.narrator import bundle, front_end
from speech.narrator.mel import HOP, RATE, log_mel
from speech.narrator.spoken import STYLES
from speech.narrator.units import FIRST_PHONE, units
from speech.narrator.voice import Narrator
from speech.recipes.storyteller import align, clips, measures, styles
from speech.recipes.storyteller.passages import Passage, Read, Reader, passages, readers

EXPRESSIVE = 10  # the reader's most expressive held-out clips that storytelling is compared with
PLANTED_EVERY = 4  # one passage in so many
LONG_PAGE = 20  # passages in the page whose first audio is timed


def read_all(reader: Reader, texts: Sequence[Passage]) -> list[Read]:
    return [reader(each) for each in texts]


def intelligibility(texts: Sequence[Passage], reads: Sequence[Read]) -> dict[str, Any]:
    """WER, PER and the passages that stop, loop, skip or repeat."""
    wrong = words = errors = phones = 0
    faults = {}
    for passage, read in zip(texts, reads, strict=True):
        a, b = measures.word_errors(read.samples, passage.text)
        wrong, words = wrong + a, words + b
        heard = measures.phone_errors(read.samples, passage.text)
        errors, phones = errors + heard.errors, phones + heard.phones
        if heard.faults:
            faults[passage.name] = heard.faults
    return {"passages": len(texts), "wer": wrong / words, "per": errors / phones, "faults": faults}


def planted(texts: Sequence[Passage], reads: Sequence[Read]) -> dict[str, str]:
    """Of the faults that are cut into readings, how many are found."""
    rng = random.Random(0)
    found: Counter[str] = Counter()
    tried = list(zip(texts, reads, strict=True))[::PLANTED_EVERY]
    for passage, read in tried:
        long = [word for word in read.words if word.end_s - word.start_s > 0.15]
        word = rng.choice(long or read.words)
        a, b = round(word.start_s * RATE), round(word.end_s * RATE)
        before, itself, after = np.split(read.samples, (a, b))
        silence = np.zeros(2 * RATE, np.float32)
        for fault, signs, parts in (
            ("a word cut out", ("skipped",), (before, after)),
            ("a word twice", ("repeated", "added"), (before, itself, itself, after)),
            ("2 s of silence", ("silent",), (before, silence, itself, after)),
        ):
            told = measures.phone_errors(np.concatenate(parts), passage.text).faults
            found[fault] += any(each.startswith(signs) for each in told)
    return {fault: f"{count} of {len(tried)}" for fault, count in found.items()}


def styled(neutral: Sequence[Read], told: Sequence[Read]) -> dict[str, float]:
    """How storytelling moves against neutral: medians of the ratios, passage by passage."""
    rows = []
    for one, other in zip(neutral, told, strict=True):
        a, b = measures.prosody(one.samples), measures.prosody(other.samples)
        rows.append([y / x if x else np.nan for x, y in zip(a, b, strict=True)])
    middle = np.nanmedian(np.array(rows), axis=0)
    return dict(zip(measures.Prosody._fields, middle.tolist(), strict=True))


def absolute(reads: Sequence[Read]) -> dict[str, float]:
    """Medians of what prosody measures."""
    middle = np.median(np.array([measures.prosody(r.samples) for r in reads]), axis=0)
    return dict(zip(measures.Prosody._fields, middle.tolist(), strict=True))


def distances(
    voice: Narrator, texts: Sequence[Passage], reads: Mapping[str, Sequence[Read]]
) -> dict[str, Any]:
    """Cepstral distortion and F0 error to the reader; the vocoder alone is the floor."""
    found: dict[str, list[measures.Distance]] = {"neutral": [], "vocoder alone": []}
    for at, passage in enumerate(texts):
        if not passage.clips:
            continue
        real = reads["person"][at].samples
        found["vocoder alone"].append(measures.distance(copied(voice, real), real))
        found["neutral"].append(measures.distance(reads["neutral"][at].samples, real))
    return {
        who: dict(zip(measures.Distance._fields, np.mean(each, axis=0).tolist(), strict=True))
        for who, each in found.items()
    }


@torch.inference_mode()
def copied(voice: Narrator, real: NDArray[np.float32]) -> NDArray[np.float32]:
    """A recording, (N,) at RATE, as the vocoder makes it of its mel and F0."""
    mel = log_mel(torch.from_numpy(real))
    f0 = torch.from_numpy(clips.pitch(real, careful=True).astype(np.float32))
    frames = min(len(mel), len(f0))
    made: NDArray[np.float32] = voice.vocoder(mel[None, :frames], f0[None, :frames])[0].numpy()
    return made


def lateness(voice: Narrator, texts: Sequence[Passage]) -> float:
    """95th percentile of seconds between a word's time and where the aligner hears it begin."""
    aligner = align.Aligner()
    aligner.load_state_dict(torch.load(clips.FOLDER / "aligner.pt"))
    aligner.eval()
    late: list[float] = []
    for passage in texts:
        sentences = front_end.sentences(passage.text)
        for sentence, spoken in zip(sentences, voice.speak(passage.text), strict=True):
            log_probs = aligner.scores(log_mel(torch.from_numpy(spoken.samples)))
            said = units(sentence.words, sentence.kind)
            frames = np.array(align.viterbi(log_probs, said))
            begins = (np.cumsum(frames) - frames) * HOP / RATE
            for at, word in enumerate(spoken.words):
                own = (said.word == at) & (said.symbols >= FIRST_PHONE)
                first = int(torch.nonzero(own)[0, 0])
                late.append(abs(word.start_s - float(begins[first])))
    return float(np.percentile(late, 95))


def speed(voice: Narrator, texts: Sequence[Passage]) -> dict[str, float]:
    """On one thread, warm: seconds of work a second of sound, and to the first of a long page."""
    torch.set_num_threads(1)
    page = " ".join(each.text for each in texts[:LONG_PAGE])
    list(voice.speak("Are you ready?"))
    started = time.perf_counter()
    first, sound = 0.0, 0.0
    for spoken in voice.speak(page, "storytelling"):
        first = first or time.perf_counter() - started
        sound += spoken.seconds
    return {"rtf": (time.perf_counter() - started) / sound, "first_audio_s": first}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--most", type=int, default=100, help="passages")
    parser.add_argument("--who", default="neutral,storytelling,espeak,flite,festival,person")
    parser.add_argument("--bundle", type=Path, default=bundle.DEFAULT)
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    torch.set_num_threads(1)
    voice = Narrator.load(args.bundle)
    texts = passages()
    texts = texts[:: max(1, len(texts) // args.most)][: args.most]
    who = args.who.split(",")
    report: dict[str, Any] = {}
    reads: dict[str, list[Read]] = {}
    for name, reader in readers(voice).items():
        if name not in who:
            continue
        own = [each for each in texts if each.clips or name != "person"]
        reads[name] = read_all(reader, own)
        report[name] = intelligibility(own, reads[name]) | {"prosody": absolute(reads[name])}
        _say(args.json, name, report[name])
    if {"neutral", "storytelling"} <= set(who):
        report["storytelling / neutral"] = styled(reads["neutral"], reads["storytelling"])
        moved = sorted(styles.expressive(clips.reader("report")))[:EXPRESSIVE]
        alone = [Read(clips.read(name).samples, ()) for name in moved]
        report["the reader's most expressive"] = absolute(alone)
    for style in STYLES:
        if style in who:
            report[f"planted, {style}"] = planted(texts, reads[style])
    if {"neutral", "person"} <= set(who):
        report["distance"] = distances(voice, texts, reads)
    report["lit_late_p95_s"] = lateness(voice, texts)
    report["speed"] = speed(voice, texts)
    weights = sum(f.stat().st_size for f in args.bundle.iterdir())
    report["bundle_mb"] = weights / 1e6
    for name in [n for n in report if n not in reads]:
        _say(args.json, name, report[name])
    if args.json:
        print(json.dumps(report, ensure_ascii=False))


def _say(quiet: bool, name: str, value: Any) -> None:
    if not quiet:
        print(name, json.dumps(value), flush=True)


if __name__ == "__main__":
    main()
