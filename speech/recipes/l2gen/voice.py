"""Voiced paraphrases: what a Spanish speaker would say, said by synthetic voices and heard again.

`python -m speech.recipes.l2gen.voice [--share X]` speaks WORK/l2gen/paraphrases.jsonl, each line by
one voice, half of them then changed into another speaker (augment.voice), and writes voiced.jsonl:
the utterances that the listener hears as labelled, with the canonical words beside what was said.
Run again, it speaks what is new. It prints what was dropped, and how often the listener finds the
phone that was said likelier than the canonical one in its place.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
import soundfile
import torch
from numpy.typing import NDArray

from speech import audio
from speech.alignment import align
from speech.judge import evidence
from speech.listener.features import log_mel, normalise
from speech.listener.model import Listener
from speech.phones import INDEX, SYMBOLS, is_vowel
from speech.recipes.l2gen import voices
from speech.recipes.l2gen.voices import Line, Voice, Words
from speech.recipes.phonetic_rnnt import augment
from speech.recipes.phonetic_rnnt.corpora import WORK, Utterance
from speech.recipes.phonetic_rnnt.metrics import edits
from speech.recipes.phonetic_rnnt.train import load_averaged
from speech.thresholds import DEFAULT

FOLDER = WORK / "l2gen"
ENGLISH_ONLY = 0.7  # share of items offered to flite or festival first
MOST_CHANGED = 0.1  # share of an item's phones that they may say otherwise; else espeak-ng says it
CONVERTED = 0.5  # share of items said by another speaker than the synthesiser's
# Nats a phone. The likelihoods leave no gap; of right labels this keeps 99 %, of those with a tenth
# exchanged at random 41 %, with a fifth 11 %, of shuffled ones 1 %.
LEAST = -1.5
RARE = 20  # exchanges of fewer are not listed


class Item(NamedTuple):
    """A line of paraphrases.jsonl."""

    id: str
    words: Words  # canonical
    stress: tuple[str, ...]
    said: Words


class Exchange(NamedTuple):
    """Where what was said is not canonical; `None`: no phone."""

    word: int
    canonical: str | None
    said: str | None
    nats: float  # by which the take is likelier with what was said


@dataclass(frozen=True)
class Heard:
    """A spoken item as the listener hears it."""

    utterance: Utterance
    canonical: Words
    asked: Words  # of the voice
    said: Words  # by it
    likelihood: float  # nats a phone of `said`
    per: float  # of the most likely symbols against `said`
    exchanges: tuple[Exchange, ...]

    @property
    def good(self) -> bool:
        return self.likelihood >= LEAST

    @property
    def voice(self) -> str:
        """The voice without its variant; '~' where it was changed."""
        base, changed, _ = self.utterance.speaker.partition("~")
        return base.partition("+")[0] + changed


def read_items(path: Path) -> list[Item]:
    """The paraphrases of a file that say anything.

    Raises SpeechError `bad_phone`, ValueError for a line that is broken.
    """
    items = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        record = json.loads(line)
        words, said = _words(record["words"]), _words(record["said"])
        item = Item(record["id"], words, tuple(record["stress"]), said)
        evidence.symbols([phone for word in (*words, *said) for phone in word])
        vowels = [sum(map(is_vowel, word)) for word in words]
        if len(words) != len(said) or [len(digits) for digits in item.stress] != vowels:
            raise ValueError(f"{path.name} {number}: words, stress and said do not match")
        if not re.fullmatch(r"[\w.-]+", item.id):
            raise ValueError(f"{path.name} {number}: {item.id!r} cannot name a file")
        if any(said):
            items.append(item)
    return items


def choose(item: Item) -> Voice:
    """The voice of an item, always the same one."""
    rng = random.Random(item.id)
    if rng.random() < ENGLISH_ONLY:
        voice = rng.choice((*voices.FLITE, *voices.FESTIVAL))
        phones = [phone for word in item.said for phone in word]
        if sum(p in voice.nearest for p in phones) <= MOST_CHANGED * len(phones):
            return voice
    return rng.choice(voices.ESPEAK)


def speak(items: Sequence[Item], folder: Path) -> Iterator[tuple[Item, Utterance, Words]]:
    """Every item as a wav file in `folder`, and the phones said in each word."""
    by_voice: dict[Voice, list[Item]] = defaultdict(list)
    for item in items:
        by_voice[choose(item)].append(item)
    for voice, group in by_voice.items():
        lines = [_line(item) for item in group]
        for item, spoken in zip(group, voices.speak(voice, lines), strict=True):
            samples, speaker = spoken.samples, voice.name
            rng = random.Random(f"{item.id}/speaker")
            if rng.random() < CONVERTED:
                samples = augment.voice(torch.from_numpy(samples), rng).numpy()
                speaker = f"{voice.name}~{item.id}"
            path = folder / f"{item.id}.wav"
            soundfile.write(path, samples.clip(-1, 1), audio.RATE, subtype="PCM_16")
            left = iter(spoken.words)
            said = tuple(next(left) if word else () for word in item.said)
            labels = tuple(phone for word in said for phone in word)
            name = "l2_" + item.id.removeprefix("l2_")
            yield item, Utterance(name, "l2", speaker, "train", str(path), labels), said


def _line(item: Item) -> Line:
    """The words of an item that are said at all."""
    stress = voices.carried(item.words, item.stress, item.said)
    kept = [at for at, word in enumerate(item.said) if word]
    return Line(item.id, tuple(item.said[at] for at in kept), tuple(stress[at] for at in kept))


@torch.inference_mode()
def hear(
    model: Listener, samples: NDArray[np.float32], canonical: Words, said: Words
) -> tuple[float, float, tuple[Exchange, ...]]:
    """Nats a phone, PER of the most likely symbols, and what the exchanges are worth.

    `samples` (N,) at 16 kHz.
    """
    features = normalise(log_mel(torch.from_numpy(samples)))
    log_probs = model.ctc_log_probs(model.encoder(features[None]))[0]  # (T, V)
    labels = [phone for word in said for phone in word]
    found = evidence.gather(log_probs, evidence.symbols(labels))
    best = torch.unique_consecutive(log_probs.argmax(1)).tolist()
    per = edits(labels, [SYMBOLS[symbol] for symbol in best if symbol]) / len(labels)
    exchanges = []
    for word, canon, phone, at in changes(canonical, said):
        if canon is None:
            instead = found.deleted[at]
        elif phone is None:
            instead = found.inserted[at, INDEX[canon]]
        else:
            instead = found.exchanged[at, INDEX[canon]]
        nats = round(float(found.total - instead), 2)
        exchanges.append(Exchange(word, canon, phone, nats))
    return float(found.total) / len(labels), per, tuple(exchanges)


def changes(canonical: Words, said: Words) -> Iterator[tuple[int, str | None, str | None, int]]:
    """Word, canonical phone, phone said, and the place among all phones said."""
    start = 0
    for number, (word, phones) in enumerate(zip(canonical, said, strict=True)):
        at = start
        for pair in align(word, phones):
            canon = None if pair.ref is None else word[pair.ref]
            phone = None if pair.heard is None else phones[pair.heard]
            if canon != phone:
                yield number, canon, phone, at
            at += pair.heard is not None
        start += len(phones)


def make(model: Listener, items: Sequence[Item], folder: Path) -> list[Heard]:
    """All items, spoken and heard; those of `folder`/spoken.jsonl are not spoken again."""
    (folder / "audio").mkdir(parents=True, exist_ok=True)
    path = folder / "spoken.jsonl"
    known = {h.utterance.id: h for h in read(path)} if path.exists() else {}
    known = {
        item.id: known[name]
        for item in items
        if (name := "l2_" + item.id.removeprefix("l2_")) in known
        and known[name].asked == item.said
        and Path(known[name].utterance.path).exists()
    }
    with path.open("a", encoding="utf-8") as file:
        missing = [item for item in items if item.id not in known]
        for item, utterance, said in speak(missing, folder / "audio"):
            heard = hear(model, audio.load(utterance.path), item.words, said)
            known[item.id] = Heard(utterance, item.words, item.said, said, *heard)
            file.write(_json(known[item.id]))
            file.flush()
    return [known[item.id] for item in items]


def write(heard: Iterable[Heard], path: Path) -> None:
    """One line each: the fields of Utterance, and all of Heard's own."""
    path.with_suffix(".tmp").write_text("".join(map(_json, heard)), encoding="utf-8")
    path.with_suffix(".tmp").rename(path)


def read(path: Path) -> list[Heard]:
    """What `write` wrote."""
    return [_heard(line) for line in path.read_text(encoding="utf-8").splitlines()]


def _json(heard: Heard) -> str:
    record = asdict(heard)
    return json.dumps(record.pop("utterance") | record) + "\n"


def _heard(line: str) -> Heard:
    record = json.loads(line)
    fields = {field: record[field] for field in ("id", "source", "speaker", "part", "path")}
    return Heard(
        Utterance(**fields, labels=tuple(record["labels"])),
        _words(record["canonical"]),
        _words(record["asked"]),
        _words(record["said"]),
        record["likelihood"],
        record["per"],
        tuple(Exchange(*each) for each in record["exchanges"]),
    )


def _words(words: Iterable[Iterable[str]]) -> Words:
    return tuple(tuple(word) for word in words)


def report(heard: Sequence[Heard]) -> str:
    """Two tables: items by voice, and exchanges by their phones."""
    lines = ["| voice | items | dropped | nats a phone, median | PER, mean | exchanges | heard |"]
    lines.append("|---|---|---|---|---|---|---|")
    for name in [*sorted({each.voice for each in heard}), "all"]:
        group = [each for each in heard if name in (each.voice, "all")]
        dropped = sum(not each.good for each in group)
        nats = np.median([each.likelihood for each in group])
        per = np.mean([each.per for each in group])
        found = [e.nats > 0 for each in group if each.good for e in each.exchanges]
        lines.append(
            f"| {name} | {len(group)} | {dropped} | {nats:.2f} | {per:.3f}"
            f" | {len(found)} | {np.mean(found or [False]):.3f} |"
        )
    by_pair: dict[str, list[float]] = defaultdict(list)
    for each in heard:
        for e in each.exchanges if each.good else ():
            by_pair[f"{e.canonical or '-'} > {e.said or '-'}"].append(e.nats)
    lines += ["", "| exchange | count | heard | nats, median |", "|---|---|---|---|"]
    for pair, nats_of in sorted(by_pair.items(), key=lambda row: -len(row[1])):
        if len(nats_of) < RARE:
            break
        share = np.mean(np.array(nats_of) > 0)
        lines.append(f"| {pair} | {len(nats_of)} | {share:.3f} | {np.median(nats_of):.1f} |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--share", type=float, default=1.0, help="of the paraphrases")
    parser.add_argument("--checkpoint", help="NAME of train.py, instead of the shipped bundle")
    args = parser.parse_args()
    torch.set_num_threads(1)
    started = time.monotonic()
    items = read_items(FOLDER / "paraphrases.jsonl")
    heard = make(
        load_averaged(args.checkpoint or str(DEFAULT)),
        items[: round(args.share * len(items))],
        FOLDER,
    )
    good = [each for each in heard if each.good]
    write(good, FOLDER / "voiced.jsonl")
    print(report(heard))
    hours = sum(soundfile.info(each.utterance.path).duration for each in good) / 3600
    minutes = (time.monotonic() - started) / 60
    print(f"\n{len(good)} of {len(heard)} kept, {hours:.2f} h, in {minutes:.1f} min")


if __name__ == "__main__":
    main()
