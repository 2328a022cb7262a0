"""Which words of an English text are Spanish, and how those are said."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, lru_cache
from importlib import resources

from speech import spanish
from speech.errors import SpeechError
from speech.narrator.tokens import is_english
from speech.phones import is_vowel
from speech.pronunciation import Pronunciation

REGION = "es"
RUN = 3  # Spanish words side by side that make a run
WHOLE = 0.4  # of a sentence without anything English in it: then all of it is Spanish
_PLAIN = str.maketrans("áéíóú", "aeiou")
_LETTERS = re.compile(r"[áéíóúñ]", re.I)
# English took these over, accent and all.
_ENGLISH_ACCENTS = frozenset(
    "café cafés cliché clichés fiancé fiancée résumé résumés entrée décor sauté touché rosé pâté"
    " purée soufflé protégé exposé passé risqué matinée née chloé beyoncé pokémon renée"
    " andré".split()
)
_REGULAR = re.compile(
    r"(?:(?:ch|ll|rr|qu(?=[eiéí])|[bcfgpt]r|dr|[bcfgp]l|[bcdfghjlmnñpqrstvyz])?"
    r"(?:[iu]?[aeoáéó][iuy]?|[aeo][íú]|[íú][aeo]|iu|ui|[iuíúü]|y$)"
    r"(?:[nsrldzmx](?![aeiouáéíóúü]))?)+",
)
_ENDINGS = re.compile(r"(?:[aoáó]s?|ión|iones|ito|ita|dor|dad)$")
_ENGLISH = frozenset(
    "the an of to and in is was were i you she it we they my your his her its our their this that"
    " these those with for on at from be have had do does did not but what who when where how why"
    " if so or as by up out then there here said says asked us him them are am can will".split()
)
_UNSTRESSED = frozenset(
    "el la los las un de del al y e o u que en con por para su sus mi mis tu tus se le les lo nos"
    " te me a sin".split()
)


@cache
def _lists() -> dict[str, frozenset[str]]:
    """Words by how sure they are Spanish: "anywhere", "strong" and "shared" among others."""
    text = resources.files("speech.narrator").joinpath("spanish_words.txt").read_text("utf-8")
    found: dict[str, set[str]] = {}
    name = "anywhere"
    for line in text.splitlines():
        if line in ("strong", "shared"):
            name = line
        elif not line.startswith("#"):
            found.setdefault(name, set()).update(line.lower().split())
    return {name: frozenset(words) for name, words in found.items()}


@cache
def _accented() -> dict[str, str]:
    """Names that people write without their accent: maria -> maría."""
    listed = _lists()["anywhere"]
    plain = {word.translate(_PLAIN): word for word in listed if _LETTERS.search(word)}
    return {word: accented for word, accented in plain.items() if word in listed}


@lru_cache(maxsize=8192)
def _clear(word: str) -> bool:
    """Spanish wherever it stands."""
    lower = word.lower().removesuffix("'s")
    if lower in _lists()["anywhere"]:
        return True
    if lower in _ENGLISH_ACCENTS or "'" in lower or not _readable(lower):
        return False
    if _LETTERS.search(lower):
        return True
    return not is_english(lower) and bool(_ENDINGS.search(lower)) and _regular(lower)


def _regular(lower: str) -> bool:
    return 3 < len(lower) <= spanish.MAX_LETTERS and _REGULAR.fullmatch(lower) is not None


@lru_cache(maxsize=8192)
def _readable(word: str) -> bool:
    try:
        spanish.pronunciations(word, REGION)
    except SpeechError:
        return False
    return True


def spanish_places(words: Sequence[str], signs: Sequence[bool]) -> list[bool]:
    """Which words of a sentence are Spanish. `signs`: between ¿ or ¡ and their end.

    Words of the list and unknown ones that look Spanish are; and all of a run of three with two
    different strong ones; and a whole sentence that holds much Spanish and nothing English.
    """
    lists = _lists()
    lower = [word.lower() for word in words]
    clear = [
        _clear(word) and before not in ("san", "santa")  # San Francisco is in California
        for before, word in zip(["", *lower], lower, strict=False)
    ]
    for at, word in enumerate(lower):
        marked = signs[at] and word not in _ENGLISH and _readable(word)
        if marked and (word in lists["strong"] or not is_english(word) or _REGULAR.fullmatch(word)):
            clear[at] = True
    strong = [c or word in lists["strong"] for c, word in zip(clear, lower, strict=True)]
    spelled = [at for at, word in enumerate(lower) if word[:1].isalpha()]
    much = sum(strong[at] for at in spelled) >= WHOLE * len(spelled)
    if len(spelled) >= RUN and much and not any(_only_english(lower[at]) for at in spelled):
        return [word.isdecimal() or _readable(word) for word in lower]
    possible = [
        s or w in lists["shared"] or w.isdecimal() for s, w in zip(strong, lower, strict=True)
    ]
    start = 0
    while start < len(words):
        end = start
        while end < len(words) and possible[end]:
            end += 1
        first, last = start, end
        while first < last and not strong[first]:
            first += 1
        while last > first and not strong[last - 1]:
            last -= 1
        sure = {word for word, s in zip(lower[first:last], strong[first:last], strict=True) if s}
        grammar = any(word in lists["strong"] for word in sure)  # not: abuela has 42 churros
        if last - first >= RUN and len(sure) >= 2 and grammar:
            clear[first:last] = [True] * (last - first)
        start = end + 1
    return clear


@lru_cache(maxsize=8192)
def _only_english(lower: str) -> bool:
    """A word that no Spanish sentence holds."""
    lists = _lists()
    if any(lower in words for words in lists.values()):
        return False
    if lower in _ENGLISH or "'" in lower or not _readable(lower):
        return True
    return is_english(lower) and not _LETTERS.search(lower) and not _REGULAR.fullmatch(lower)


def pronunciation(word: str, linked: bool) -> Pronunciation:
    """How a Spanish word is said; `linked` right after a vowel. An English 's may follow.

    Raises SpeechError("unknown_word").
    """
    base = word[:-2] if word.lower().endswith("'s") else word
    if base.isdecimal():
        return spanish.of_text(base, REGION)[0][0]
    said = spanish.pronunciations(_accented().get(base.lower(), base), REGION)[0]
    phones = spanish.linked(said.phones) if linked else said.phones
    stress = said.stress.replace("1", "0") if base.lower() in _UNSTRESSED else said.stress
    if base != word:
        phones += ("Z",) if is_vowel(phones[-1]) else ("S",)
    return Pronunciation(phones, stress, "spanish")
