"""Readers of the real corpora: every utterance with its audio file, speaker and labels."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from speech import espeak, lexicon
from speech.errors import SpeechError
from speech.phones import INVENTORY

DATA = Path(os.environ.get("SPEECH_DATA", "../shared/data"))
WORK = Path(os.environ.get("SPEECH_WORK", "var/speech"))

WRONG_BELOW = 1.0  # experts' score under which a phone was not said as written
REAL = ("so", "lj", "gc_es", "gc_en")  # sources that are recordings of people
UNSEEN_WORDS = 8  # one single word in so many is left out of training
DOUBT_BELOW = 1.8  # under it the label may be the phone or one near it


Choices = tuple[tuple[tuple[str, ...], ...], ...]


@dataclass(frozen=True)
class Utterance:
    """`labels`: phones; 'T?' is doubtful (T or one near it), 'T!' is anything but T.

    `choices`: where words have several accepted pronunciations, all of them, a list a word;
    `labels` then holds the first of each (relabel.py chooses by what is heard).
    """

    id: str
    source: str
    speaker: str
    part: str  # train, dev, report; unseen (LJ003, single words left out)
    path: str
    labels: tuple[str, ...]
    choices: Choices = ()


def rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)


def parts_of(folder: Path) -> dict[str, str]:
    """The part of split.tsv that each speaker belongs to."""
    return {row["speaker"]: row["part"] for row in rows(folder / "split.tsv")}


def bare(phone: str) -> str:
    """ARPAbet without its stress digit."""
    return phone.rstrip("012")


def marked(phone: str, score: float) -> str:
    """The label a recogniser may be trained toward, given the experts' score."""
    if score < WRONG_BELOW:
        return phone + "!"
    return phone + "?" if score < DOUBT_BELOW else phone


def speechocean(data: Path = DATA) -> Iterator[Utterance]:
    """2,500 takes of 125 learners; parts by split.tsv."""
    folder = data / "speechocean762"
    parts = parts_of(folder)
    labels: dict[str, list[str]] = {}
    for row in rows(folder / "phones.tsv"):
        phone = marked(bare(row["phone"]), float(row["score"]))
        labels.setdefault(row["utt_id"], []).append(phone)
    for row in rows(folder / "utterances.tsv"):
        name = row["utt_id"]
        path = folder / "audio" / f"{name}.opus"
        yield Utterance(
            name, "so", row["speaker"], parts[row["speaker"]], str(path), tuple(labels[name])
        )


def ljspeech(data: Path = DATA) -> Iterator[Utterance]:
    """One native reader; LJ003 is unseen text, kept out of training."""
    folder = data / "ljspeech"
    for line in (folder / "metadata.csv").read_text(encoding="utf-8").splitlines():
        name, _, text = line.split("|")
        part = "unseen" if name.startswith("LJ003") else "train"
        path = next((folder / "audio").glob(f"{name}.*"))
        yield from labelled(Utterance(name, "lj", "lj", part, str(path), ()), english(text))


def gcompris(data: Path = DATA) -> Iterator[Utterance]:
    """Single words, English and Spanish; one in eight is left out of training."""
    folder = data / "gcompris"
    for index, row in enumerate(rows(folder / "words.tsv")):
        name = "gc_" + row["path"].replace("/", "_").removesuffix(".ogg")
        language = row["language"]
        part = "unseen" if index % UNSEEN_WORDS == 0 else "train"
        source = f"gc_{language}"
        utterance = Utterance(name, source, source, part, str(folder / row["path"]), ())
        if language == "es":
            yield from labelled(utterance, ((espeak.phones(row["word"], "es"),),))
        else:
            yield from labelled(utterance, english(row["word"]))


def voiced() -> Iterator[Utterance]:
    """Paraphrases of Spanish speakers as synthetic voices said them; none before l2gen.voice."""
    path = WORK / "l2gen" / "voiced.jsonl"
    for line in path.read_text(encoding="utf-8").splitlines() if path.exists() else ():
        record = json.loads(line)
        plain = {field: record[field] for field in ("id", "source", "speaker", "part", "path")}
        yield Utterance(**plain, labels=tuple(record["labels"]))


def labelled(utterance: Utterance, choices: Choices) -> Iterator[Utterance]:
    """The utterance with the first choice of every word as its labels; nothing without words."""
    labels = tuple(phone for word in choices for phone in word[0])
    assert set(labels) <= set(INVENTORY)
    if labels:
        yield replace(utterance, labels=labels, choices=choices)


def english(text: str) -> Choices:
    """All American pronunciations of every word of an English text; () where one has none.

    Both native readers say their r's: with the r-less forms a young listener would unlearn them.
    """
    try:
        return tuple(
            tuple(p.phones for p in lexicon.pronunciations(word) if p.source != "british")
            for word in lexicon.words(text)
        )
    except SpeechError:
        return ()
