"""How each word of a sentence is said among its neighbours: weak forms, heteronyms, letters."""

from __future__ import annotations

import re
from functools import lru_cache

from speech import lexicon
from speech.errors import SpeechError
from speech.phones import is_vowel, parse
from speech.pronunciation import Pronunciation

# How function words sound inside a phrase; those without sounds here only lose their stress.
WEAK = {
    "a": "AH0", "an": "AH0 N", "the": "DH AH0", "to": "T AH0", "of": "AH0 V", "and": "AH0 N D",
    "for": "F ER0", "from": "F R AH0 M", "as": "AH0 Z", "at": "AH0 T", "than": "DH AH0 N",
    "can": "K AH0 N", "was": "W AH0 Z", "were": "W ER0", "are": "ER0", "am": "AH0 M",
    "them": "DH AH0 M", "your": "Y ER0", "him": "HH IH0 M", "us": "AH0 S", "but": "B AH0 T",
}  # fmt: skip
UNSTRESSED = frozenset(
    "in on with by or if is be been he she we you it i me my his her our its they do does did will"
    " would could should has have had into so that who there must shall it's he's she's i'm we're"
    " they're you're i'll".split()
)
PRONOUNS = frozenset("it me him her them us".split())  # unstressed at a phrase's end too
BEFORE_VOWEL = {"the": "DH IY0", "to": "T UH0"}
_MAIN_VERBS = frozenset("have has had do does did".split())
_DETERMINERS = frozenset("a an the no some my your his her our their its two three many".split())


def connected(word: str, before: str, following: str, vowel_next: bool) -> Pronunciation | None:
    """The weak form of a function word inside a phrase; None for a content word.

    `before` and `following` are the words beside it in its phrase, '' for none; `vowel_next`,
    whether the following begins with a vowel.
    """
    lower = word.lower()
    if lower == "a" and word == "A" and before:
        return None  # the letter
    if lower in _MAIN_VERBS and following in _DETERMINERS:
        return None  # 'have a dog', against 'have seen'
    if lower == "there" and before:
        return None
    if lower == "that" and (not before or following in ("is", "was", "day", "night", "time")):
        return None
    if vowel_next and lower in BEFORE_VOWEL:
        return written(BEFORE_VOWEL[lower])
    if lower in WEAK:
        return written(WEAK[lower])
    return unstressed(lower) if lower in UNSTRESSED else None


@lru_cache(maxsize=1024)
def written(arpabet: str) -> Pronunciation:
    """'R EH1 D' as a pronunciation."""
    stress = "".join(re.findall(r"\d", arpabet))
    return Pronunciation(parse(arpabet), stress, "weak")


@lru_cache(maxsize=1024)
def unstressed(word: str) -> Pronunciation:
    usual = usual_of(word)
    return Pronunciation(usual.phones, "0" * len(usual.stress), "weak")


@lru_cache(maxsize=8192)
def usual_of(word: str) -> Pronunciation:
    """The usual pronunciation of a word standing alone; a word nobody knows is spelled out.

    "w." is the letter. Never fails for what holds a Latin letter.
    """
    if re.fullmatch(r"[a-z]\.", word):
        return _letter(word[0])
    if word.isupper() and len(word) > 5:
        word = word.lower()
    for spelling in (word, word.lower()):
        try:
            known = lexicon.pronunciations(spelling)
        except SpeechError:
            continue
        usual = [each for each in known if each.source != "weak"] or list(known)
        strong = [each for each in usual if "1" in each.stress or len(each.stress) == 0]
        return strong[0] if word.lower() in WEAK and strong else usual[0]
    return _spelled(word)


def _letter(letter: str) -> Pronunciation:
    return lexicon.pronunciations(f"{letter}.")[0]


def _spelled(word: str) -> Pronunciation:
    """Letter by letter; a letter that has no English name is called one."""
    phones: tuple[str, ...] = ()
    stress = ""
    for char in word:
        plain = char.lower()
        named = _letter(plain) if plain in "abcdefghijklmnopqrstuvwxyz" else usual_of("letter")
        phones += named.phones
        stress += named.stress
    return Pronunciation(phones, stress, "letters")


def digits(said: Pronunciation) -> tuple[int, ...]:
    """Stress by phone: the digit of each vowel, 0 for consonants."""
    stress = iter(said.stress)
    return tuple(int(next(stress, "0")) if is_vowel(phone) else 0 for phone in said.phones)
