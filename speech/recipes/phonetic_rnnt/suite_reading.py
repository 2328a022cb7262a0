"""How well the judge tells what was read: left out, said again, added, fluent, or something else.

`python -m speech.recipes.phonetic_rnnt.suite_reading [--data DIR] [--part dev] [--json]` measures
on plants made of real takes: a word cut out, a word or a few said again, a word of another take of
the same speaker put in, each against the unchanged takes; a final s or a vowel before s that the
text has or lacks; takes against other texts. `--fit` prints the weights of fluency.py, from the
`train` speakers.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from speech import audio, criterion
from speech.engine import Engine
from speech.findings import TakeFinding, Verdict, WordFinding
from speech.judge import fluency, verdicts
from speech.judge.completeness import DROPPED, dropped
from speech.listener.decode import FRAME_S
from speech.recipes.phonetic_rnnt.corpora import DATA, DOUBT_BELOW, rows
from speech.recipes.phonetic_rnnt.experts import Experts
from speech.recipes.phonetic_rnnt.metrics import Count, Figure, pearson, resampled, share
from speech.recipes.phonetic_rnnt.predict import Take, read, takes, utterances_of

WELL_SAID = 8.0  # accuracy, of a take and of a word, from which plants are made of it
LEAST_WORDS = 4  # of a take that is changed
LEAST_PHONES = 2  # of a word that is cut out or put in
_FADE = audio.RATE // 200  # samples over which two pieces of sound pass into each other
_VOICELESS = frozenset("P T K F TH".split())
_HISSING = frozenset("S Z SH ZH CH JH".split())

Samples = NDArray[np.float32]


class Reading(NamedTuple):
    """A take that somebody read, with its text, its finding and where each word lies."""

    utt_id: str
    speaker: str
    texts: list[str]
    words: list[list[str]]
    samples: Samples
    edges: list[tuple[int, int]]  # samples, one pair a word
    finding: TakeFinding


class Material:
    """The takes of a part, heard once unchanged."""

    def __init__(self, engine: Engine, folder: Path, part: str) -> None:
        self.engine = engine
        self.folder = folder
        self.experts = Experts(folder)
        chosen = utterances_of(folder, part)
        self.spelled: dict[str, list[str]] = {}
        for row in rows(folder / "words.tsv"):
            self.spelled.setdefault(row["utt_id"], []).append(row["word"].lower())
        self.readings = [self._heard(t) for t in takes(folder) if t.utt_id in chosen and t.keys]

    def _heard(self, take: Take) -> Reading:
        texts = self.spelled[take.utt_id]
        samples = read(self.folder, take.utt_id)
        finding = judged(self.engine, samples, texts, take.words)
        speaker = self.experts.takes[take.utt_id]["speaker"]
        places = edges(samples, finding.words)
        return Reading(take.utt_id, speaker, texts, take.words, samples, places, finding)

    def well_said(self, reading: Reading) -> bool:
        return self.experts.accuracy(reading.utt_id) >= WELL_SAID

    def sounds(self, reading: Reading) -> list[list[float]]:
        """The experts' scores of the sounds of every word, 0..2."""
        scores = iter(self.experts.phones[reading.utt_id])
        return [[next(scores) for _ in word] for word in reading.words]


def judged(
    engine: Engine, samples: Samples, texts: Sequence[str], words: Sequence[Sequence[str]]
) -> TakeFinding:
    """What the engine tells a learner who was asked for just these phones."""
    pairs = zip(texts, words, strict=True)
    return engine.score(samples, criterion.fixed(" ".join(texts), pairs))


def edges(samples: Samples, words: Sequence[WordFinding]) -> list[tuple[int, int]]:
    """Where each word of a finding lies in (N,) samples: cut where it is quietest between two."""
    width = audio.RATE // 50
    level = np.convolve(samples.astype(np.float64) ** 2, np.ones(width), "same")
    starts = [min(p.start_s or 0.0 for p in word.phones if p.phone) for word in words]
    lasts = [max(p.start_s or 0.0 for p in word.phones if p.phone) for word in words]
    cuts = []
    for last, start in zip(lasts[:-1], starts[1:], strict=True):
        low, high = round(last * audio.RATE), round((start + FRAME_S) * audio.RATE)
        cuts.append(low + int(level[low : max(high, low + 1)].argmin()))
    first = max(0, round((starts[0] - 0.15) * audio.RATE))
    return list(zip([first, *cuts], [*cuts, len(samples)], strict=True))


def joined(*pieces: Samples) -> Samples:
    """Pieces of sound one after the other, each passing into the next."""
    ramp = np.linspace(0, 1, _FADE, dtype=np.float32)
    out = pieces[0].copy()
    for piece in pieces[1:]:
        if min(len(out), len(piece)) > _FADE:
            out[-_FADE:] = out[-_FADE:] * ramp[::-1] + piece[:_FADE] * ramp
            piece = piece[_FADE:]
        out = np.concatenate([out, piece])
    return out


class Plant(NamedTuple):
    """A changed take, and what should be told of it."""

    samples: Samples
    truth: frozenset[int]  # words left out, words said again, or the word that another follows


def left_out(reading: Reading, rng: random.Random, _: Sequence[Reading]) -> Plant | None:
    """One word is cut out."""
    places = [at for at, word in enumerate(reading.words) if len(word) >= LEAST_PHONES]
    if not places:
        return None
    at = rng.choice(places)
    start, end = reading.edges[at]
    if at + 1 == len(reading.words):
        return Plant(reading.samples[:start], frozenset({at}))
    return Plant(joined(reading.samples[:start], reading.samples[end:]), frozenset({at}))


def said_again(reading: Reading, rng: random.Random, _: Sequence[Reading]) -> Plant | None:
    """A word, two words or all from the beginning are said once more."""
    end = rng.randrange(1, len(reading.words))
    start = rng.choice([end - 1, end - 1, max(0, end - 2), 0 if end <= 4 else end - 1])
    if sum(len(word) for word in reading.words[start:end]) < LEAST_PHONES:
        return None
    begin, upto = reading.edges[start][0], reading.edges[end - 1][1]
    again = reading.samples[begin:upto]
    samples = joined(reading.samples[:upto], again, reading.samples[upto:])
    return Plant(samples, frozenset(range(start, end)))


def put_in(reading: Reading, rng: random.Random, others: Sequence[Reading]) -> Plant | None:
    """A word that the text lacks, from another take of the same speaker."""
    words = [
        (other, at)
        for other in others
        for at, word in enumerate(other.words)
        if len(word) >= 3 and other.texts[at] not in reading.texts
    ]
    if not words:
        return None
    other, place = rng.choice(words)
    after = rng.randrange(-1, len(reading.words))
    upto = reading.edges[after][1] if after >= 0 else reading.edges[0][0]
    if after + 1 == len(reading.words):
        upto = min(upto, round((reading.finding.words[after].phones[-1].end_s or 0) * audio.RATE))
    loud = [float(np.sqrt(np.mean(each.samples**2))) for each in (reading, other)]
    start, end = other.edges[place]
    if place + 1 == len(other.words):
        end = min(end, round((other.finding.words[place].phones[-1].end_s or 0) * audio.RATE))
    word = other.samples[start:end] * np.float32(loud[0] / max(loud[1], 1e-6))
    samples = joined(reading.samples[:upto], word, reading.samples[upto:])
    return Plant(samples, frozenset({after}))


def told_left_out(finding: TakeFinding) -> set[int]:
    return {at for at, word in enumerate(finding.words) if word.verdict is Verdict.MISSING}


def told_again(finding: TakeFinding) -> set[int]:
    return {at for at, word in enumerate(finding.words) if word.repeats}


def told_put_in(finding: TakeFinding) -> set[int]:
    return {each.after for each in finding.added}


Make = Callable[[Reading, random.Random, Sequence[Reading]], Plant | None]
Tell = Callable[[TakeFinding], set[int]]
CHANGES: dict[str, tuple[Make, Tell]] = {
    "skipped": (left_out, told_left_out),
    "repeated": (said_again, told_again),
    "added": (put_in, told_put_in),
}


def completeness(material: Material) -> dict[str, Any]:
    """Precision and recall of each change, as many takes changed as unchanged; false ones.

    `takes`: a take is told of or not; `words`: each word. `false_*`: takes that are told of
    though unchanged, well-read ones (accuracy from 9 on) and all.
    """
    out: dict[str, Any] = {}
    usable = [r for r in material.readings if material.well_said(r) and len(r.words) >= LEAST_WORDS]
    for name, (make, tell) in CHANGES.items():
        rng = random.Random(1)
        found: list[Count] = []  # of what is there
        right: list[Count] = []  # of what is told
        takes_right: list[Count] = []
        takes_found: list[Count] = []
        for reading in usable:
            others = [r for r in usable if r.speaker == reading.speaker and r is not reading]
            plant = make(reading, rng, others)
            if plant is None or len(plant.samples) > audio.MAX_S * audio.RATE:
                continue
            told = tell(judged(material.engine, plant.samples, reading.texts, reading.words))
            before = tell(reading.finding)
            hits = len(told & plant.truth)
            found.append(Count(reading.speaker, hits, len(plant.truth)))
            right.append(Count(reading.speaker, hits, len(told) + len(before)))
            takes_found.append(Count(reading.speaker, bool(told), 1))
            takes_right.append(Count(reading.speaker, bool(told), bool(told) + bool(before)))
        good = [r for r in material.readings if material.experts.good(r.utt_id)]
        out[name] = {
            "words_recall": share(found),
            "words_precision": share(right),
            "takes_recall": share(takes_found),
            "takes_precision": share(takes_right),
            "false_well_read": share([Count(r.speaker, bool(tell(r.finding)), 1) for r in good]),
            "told_of_all": share(
                [Count(r.speaker, bool(tell(r.finding)), 1) for r in material.readings]
            ),
        }
    truth = [float(material.experts.takes[r.utt_id]["completeness"]) for r in material.readings]
    said = [1 - len(told_left_out(r.finding)) / len(r.words) for r in material.readings]
    out["completeness_pcc"] = pearson(said, truth)
    return out


def ends_in_s(material: Material) -> dict[str, Any]:
    """A final s that the text has and the take has not; false: one that is there, well said.

    `by_evidence`: by what the take gains without it (`completeness.dropped`), whatever the verdict.
    """
    engine = material.engine
    told: dict[str, list[Count]] = {"red": [], "missing": [], "by_evidence": []}
    false: dict[str, list[Count]] = {"red": [], "by_evidence": []}
    for reading in filter(material.well_said, material.readings):
        scores = material.sounds(reading)
        well = [at for at, each in enumerate(scores) if len(each) > 1 and min(each) >= DOUBT_BELOW]
        hearing = engine.hear(reading.samples)
        evidence = engine.judge(hearing, reading.words).evidence
        for at in well:
            if reading.words[at][-1] in ("S", "Z"):
                red = reading.finding.words[at].phones[-1].verdict.is_red
                false["red"].append(Count(reading.speaker, red, 1))
                gain = dropped(evidence, _last(reading.words, at))
                false["by_evidence"].append(Count(reading.speaker, gain >= DROPPED, 1))
        following = [word[0] for word in reading.words[1:]] + [""]
        plain = [
            at
            for at in well
            if reading.words[at][-1] not in _HISSING and following[at] not in _HISSING
        ]
        if not plain:
            continue
        at = random.Random(reading.utt_id).choice(plain)
        word = reading.words[at]
        asked = [*word, "S" if word[-1] in _VOICELESS else "Z"]
        words = [*reading.words[:at], asked, *reading.words[at + 1 :]]
        texts = [*reading.texts[:at], f"{reading.texts[at]}s", *reading.texts[at + 1 :]]
        last = judged(engine, reading.samples, texts, words).words[at].phones[-1].verdict
        gain = dropped(engine.judge(hearing, words).evidence, _last(words, at))
        told["red"].append(Count(reading.speaker, last.is_red, 1))
        told["missing"].append(Count(reading.speaker, last is Verdict.MISSING, 1))
        told["by_evidence"].append(Count(reading.speaker, gain >= DROPPED, 1))
    return {f"{name}_recall": share(counts) for name, counts in told.items()} | {
        out: value
        for name, counts in false.items()
        for out, value in (
            (f"{name}_false", share(counts)),
            (f"{name}_precision", share([*_right(told[name], True), *_right(counts, False)])),
        )
    }


def _last(words: Sequence[Sequence[str]], at: int) -> int:
    """The place of a word's last phone among all."""
    return sum(len(word) for word in words[: at + 1]) - 1


def _right(counts: Sequence[Count], right: bool) -> list[Count]:
    """Of what was told, what was right: all of it or nothing."""
    return [Count(count.unit, right * count.hits, count.hits) for count in counts]


def before_s(material: Material) -> dict[str, Any]:
    """A vowel before s and a consonant that the text lacks; false: on unchanged texts.

    `dropped`: the text's word before loses its last vowel. `spliced`: a vowel of the same
    speaker is put before the word.
    """
    cut, spliced, false, right = [], [], [], []
    for reading in filter(material.well_said, material.readings):
        starts = [at for at, word in enumerate(reading.words) if verdicts.takes_vowel(word)]
        for at in starts:
            told = _has_extra(reading.finding.words[at])
            false.append(Count(reading.speaker, told, 1))
            right.append(Count(reading.speaker, 0, told))
            before = reading.words[at - 1] if at else []
            if len(before) > 1 and before[-1] in verdicts.ADDED:
                words = [*reading.words[: at - 1], before[:-1], *reading.words[at:]]
                finding = judged(material.engine, reading.samples, reading.texts, words)
                told = _has_extra(finding.words[at])
                cut.append(Count(reading.speaker, told, 1))
                right.append(Count(reading.speaker, told, told))
            vowel = _vowel(material, reading)
            if vowel is not None:
                upto = reading.edges[at][0]
                samples = joined(reading.samples[:upto], vowel, reading.samples[upto:])
                finding = judged(material.engine, samples, reading.texts, reading.words)
                told = _has_extra(finding.words[at])
                spliced.append(Count(reading.speaker, told, 1))
                right.append(Count(reading.speaker, told, told))
    return {
        "dropped_recall": share(cut),
        "spliced_recall": share(spliced),
        "precision": share(right),
        "false_on_unchanged": share(false),
    }


def _has_extra(word: WordFinding) -> bool:
    return any(phone.verdict is Verdict.EXTRA for phone in word.phones)


def _vowel(material: Material, reading: Reading) -> Samples | None:
    """A tenth of a second of an EH that the speaker said well in any take."""
    for other in material.readings:
        if other.speaker != reading.speaker:
            continue
        for word, scores in zip(other.finding.words, material.sounds(other), strict=True):
            for phone, score in zip((p for p in word.phones if p.phone), scores, strict=True):
                if phone.phone == "EH" and score >= DOUBT_BELOW and phone.start_s is not None:
                    start = round((phone.start_s - 0.02) * audio.RATE)
                    return other.samples[start : start + audio.RATE // 10]
    return None


def flow(material: Material) -> dict[str, Any]:
    """Fluency against the experts', sentences of three words and more."""
    found = [
        (r.speaker, r.finding.fluency.score, float(material.experts.takes[r.utt_id]["fluency"]))
        for r in material.readings
        if r.finding.fluency is not None
    ]

    def pcc(items: Sequence[tuple[str, float, float]]) -> dict[str, float]:
        return {"pcc": pearson([i[1] for i in items], [i[2] for i in items])}

    low, high = resampled(found, lambda item: item[0], pcc)["pcc"]
    return {"fluency_pcc": Figure(pcc(found)["pcc"], low, high, len(found))}


def something_else(material: Material) -> dict[str, Any]:
    """How often each outcome is told of takes made to have it, and of takes that have it not."""
    readings = material.readings
    made: dict[str, list[Count]] = {}
    false: dict[str, list[Count]] = {}

    def count(into: dict[str, list[Count]], name: str, unit: str, told: bool) -> None:
        into.setdefault(name, []).append(Count(unit, told, 1))

    codes = ("other_text", "not_speech", "other_language", "language_switch", "two_voices")
    for reading in readings:
        for code in codes:
            count(false, code, reading.speaker, code in reading.finding.notes)
    rng = random.Random(1)
    for reading in readings:
        other = rng.choice([r for r in readings if r.texts != reading.texts])
        finding = judged(material.engine, reading.samples, other.texts, other.words)
        untold = not any(word.verdict.is_red for word in finding.words)
        count(made, "other_text", reading.speaker, "other_text" in finding.notes)
        count(made, "other_text_without_red", reading.speaker, untold)
    for path in sorted((DATA / "noise").glob("*.flac"))[::4]:
        reading = rng.choice(readings)
        finding = judged(material.engine, audio.load(path), reading.texts, reading.words)
        count(made, f"not_speech_{path.stem.split('_')[0]}", path.stem, _is(finding, "not_speech"))
    spoken = [r for r in rows(DATA / "gcompris" / "words.tsv") if r["language"] == "es"]
    for reading in readings[::3]:
        half = len(reading.words) // 2
        words = [audio.load(DATA / "gcompris" / r["path"]) for r in rng.sample(spoken, 4)]
        spanish = np.concatenate([level(word) for word in words])
        start = level(reading.samples[: reading.edges[half][0]])
        finding = judged(material.engine, joined(start, spanish), reading.texts, reading.words)
        count(made, "language_switch", reading.speaker, _is(finding, "language_switch"))
        red = any(word.verdict.is_red for word in finding.words[half:])
        count(made, "language_switch_without_red", reading.speaker, not red)
        begun = reading.samples[: reading.edges[half][0]]
        finding = judged(material.engine, begun, reading.texts, reading.words)
        count(false, "other_text_half_read", reading.speaker, _is(finding, "other_text"))
        finding = judged(material.engine, spanish, reading.texts, reading.words)
        count(made, "other_language", reading.speaker, _is(finding, "other_language"))
        other = rng.choice([r for r in readings if r.speaker != reading.speaker])
        both = over(level(reading.samples), level(other.samples))
        finding = judged(material.engine, both, reading.texts, reading.words)
        count(made, "two_voices", reading.speaker, _is(finding, "two_voices"))
        anything = bool(set(finding.notes) & {"two_voices", "other_text"})
        count(made, "two_voices_or_other_text", reading.speaker, anything)
        path = rng.choice(sorted((DATA / "noise").glob("*.flac")))
        noisy = over(level(reading.samples), 0.3 * level(audio.load(path)))
        finding = judged(material.engine, noisy, reading.texts, reading.words)
        for code in ("other_text", "two_voices"):
            count(false, f"{code}_in_noise_10_dB", reading.speaker, _is(finding, code))
    return {
        "told": {name: share(counts) for name, counts in made.items()},
        "false": {name: share(counts) for name, counts in false.items()},
    }


def _is(finding: TakeFinding, code: str) -> bool:
    return code in finding.notes


def level(samples: Samples) -> Samples:
    """The same at an RMS of 0.05."""
    return samples * np.float32(0.05 / max(float(np.sqrt(np.mean(samples**2))), 1e-6))


def over(one: Samples, other: Samples) -> Samples:
    """Two sounds at once, as long as the first; the other again and again."""
    return one + np.resize(other, len(one))


def measured(engine: Engine, folder: Path, part: str) -> dict[str, Any]:
    """All rows; Figures with intervals over speakers."""
    material = Material(engine, folder, part)
    return {
        "completeness": completeness(material),
        "final_s_missing": ends_in_s(material),
        "vowel_before_s": before_s(material),
        "fluency": flow(material),
        "something_else": something_else(material),
    }


def fit(material: Material) -> dict[str, float]:
    """The weights of fluency.py by least squares."""
    measures, truth = [], []
    for reading in material.readings:
        found = fluency.measure(reading.samples, reading.finding.words)
        if found is not None and reading.finding.fluency is not None:
            measures.append([1.0, *found[1]])
            truth.append(float(material.experts.takes[reading.utt_id]["fluency"]) / 10)
    weights, *_ = np.linalg.lstsq(np.array(measures), np.array(truth), rcond=None)
    return dict(zip(("base", *fluency.Measures._fields), weights.round(4).tolist(), strict=True))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=DATA / "speechocean762")
    parser.add_argument("--part", default="dev")
    parser.add_argument("--bundle", type=Path)
    parser.add_argument("--fit", action="store_true")
    args = parser.parse_args()
    engine = Engine.load(args.bundle)
    if args.fit:
        print(json.dumps(fit(Material(engine, args.data, "train"))))
        return
    print(json.dumps(measured(engine, args.data, args.part), indent=1))


if __name__ == "__main__":
    main()
