"""Phones into syllables: as many consonants as English allows begin the next one."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from speech.graphemes import letters_of
from speech.phones import is_vowel

# Consonants that may begin an English syllable; single ones may, all but NG.
ONSETS: frozenset[tuple[str, ...]] = frozenset(
    tuple(onset.split())
    for onset in (
        "P L,P R,P Y,B L,B R,B Y,T R,T W,T Y,D R,D W,D Y,K L,K R,K W,K Y,G L,G R,G W,G Y,F L,F R,"
        "F Y,V Y,TH R,TH W,SH R,S L,S W,S P,S T,S K,S M,S N,S F,HH W,HH Y,M Y,N Y,L Y,V R,"
        "S P L,S P R,S P Y,S T R,S T Y,S K L,S K R,S K W,S K Y"
    ).split(",")
)
# A Spanish consonant in an author's pronunciation behaves like this English one.
_AS_ENGLISH = {
    "es_r": "R", "es_rr": "R", "es_x": "HH", "es_b": "B", "es_d": "D", "es_g": "G",
    "es_ny": "N", "es_y": "Y",
}  # fmt: skip


def syllabify(phones: Sequence[str]) -> list[tuple[int, int]]:
    """(start, end) of the phones of each syllable; together they cover all phones."""
    if not phones:
        return []
    nuclei = [at for at, phone in enumerate(phones) if is_vowel(phone)]
    starts = [0]
    for before, nucleus in pairwise(nuclei):
        start = before + 1
        while not _may_begin(phones[start:nucleus]):
            start += 1
        starts.append(start)
    return list(pairwise([*starts, len(phones)]))


def _may_begin(consonants: Sequence[str]) -> bool:
    onset = tuple(_AS_ENGLISH.get(phone, phone) for phone in consonants)
    return not onset or onset in ONSETS or (len(onset) == 1 and onset != ("NG",))


def syllable_texts(word: str, phones: Sequence[str]) -> list[str]:
    """The letters of each syllable. A letter shared by two syllables stands in the first."""
    texts: list[str] = []
    spans = letters_of(word, phones)
    done = 0
    for _, end in syllabify(phones):
        upto = max(done, spans[end - 1][1])
        texts.append(word[done:upto])
        done = upto
    return texts
