"""Spanish spelling to phones by rule, for Spain and for Latin America.

The rules are those of the Real Academia's orthography: letters, syllables, written accents. The
symbols are those that `espeak.phones(word, "es")` gives, on which the listener is trained: a
rising diphthong is Y or W and a vowel ('tiene' T Y es_e ...), a falling one is two vowels
('baile' B es_a es_i ...), b d g are stops at the start and after a nasal, else es_b es_d es_g.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from speech import espeak
from speech.errors import SpeechError
from speech.phones import is_vowel
from speech.pronunciation import Pronunciation

REGIONS = ("es", "es-419")  # Spain; Latin America, where z and soft c are s
MAX_LETTERS = 45
MAX_DIGITS = 12
_TOKEN = re.compile(r"\d+|[^\W\d_]+")

_WRITTEN = re.compile(r"[a-záéíóúüñ]+")
_LETTERS: tuple[tuple[str, str], ...] = (
    (r"^(?:[pgm](?=n)|p(?=[st]))", ""),  # psicología, gnomo
    (r"^x", "S"),
    (r"(?<=m[eé])x(?=ic)", "es_x"),  # México
    (r"x", "K S"),
    (r"ch", "CH"),
    (r"ph", "F"),
    (r"ll", "es_y"),
    (r"^w?r|(?<=[nls])r|rr", "es_rr"),
    (r"r", "es_r"),
    (r"ñ", "es_ny"),
    (r"qu(?=[eiéí])|q", "K"),
    (r"gu(?=[eiéí])|gg?(?![geiéí])", "G"),
    (r"gg?(?=[eiéí])|j+", "es_x"),
    (r"cc(?=[eiéí])", "K TH"),
    (r"zz(?=[aeiou])", "T S"),  # pizza
    (r"c(?=[eiéíy])|z+", "TH"),
    (r"c?k+|c+", "K"),
    (r"bb?|v+", "B"),
    (r"d+", "D"), (r"f+", "F"), (r"l", "L"), (r"m+", "M"), (r"n", "N"), (r"p+", "P"),
    (r"s+", "S"), (r"t+", "T"),
    (r"^hi(?=[aeoáéó])", "es_y"),  # hielo
    (r"hu(?=[aeioáéíó])", "W"),  # hueso
    (r"h", ""),
    (r"w(?=[aeiouyáéíóú])", "W"),
    (r"y(?=[aeiouáéíóú])", "es_y"),
)  # fmt: skip
_CONSONANT = re.compile("|".join(f"(?P<r{i}>{rule})" for i, (rule, _) in enumerate(_LETTERS)))
_VOWELS = {c: c for c in "aeiou"} | dict(zip("áéíóúüyw", "aeiouuiu", strict=True))
_SOFT_SC = re.compile(r"sc(?=[eiéí])")
_FLAT = re.compile(r"(?:[aeiouns]|[^aeiou]y)$")  # stressed on the last syllable but one
_ACCENTED = "áéíóú"
_AFTER_A_CODA = ("", "P", "T", "K", "M", "N")  # what follows a b d g that closes its syllable
_APPROXIMANT = {"B": "es_b", "D": "es_d", "G": "es_g"}


@dataclass(frozen=True)
class _Vowel:
    """A letter that is a vowel."""

    phone: str
    letter: str
    last: bool  # the last letter of the word

    @property
    def weak(self) -> bool:
        return self.letter in "iuüyw"


@lru_cache(maxsize=8192)
def pronunciations(word: str, region: str = "") -> tuple[Pronunciation, ...]:
    """How a Spanish word is said in a region (both, Spain first, when none is named).

    The first of a region is the word after a pause; then as said after a vowel ('la vaca' has
    es_b), and with softer b d g at the ends of syllables. Raises SpeechError("unknown_word") for
    what is no word in Latin letters.
    """
    found: dict[tuple[str, ...], Pronunciation] = {}
    for each in (region,) if region else REGIONS:
        plain, stress = _plain(word, each)
        for soft in (False, True):
            said = tuple(_allophones(plain, soft))
            for phones in (said, linked(said)):
                found.setdefault(phones, Pronunciation(phones, stress, "rule"))
    return tuple(found.values())


def of_text(text: str, region: str = "") -> tuple[tuple[Pronunciation, ...], ...]:
    """All ways to say every word of a Spanish text; numbers are read out by espeak-ng.

    Raises SpeechError("unknown_word") for a word that is none, and for a text without words.
    """
    tokens = _TOKEN.findall(unicodedata.normalize("NFC", text))
    if not tokens:
        raise SpeechError("unknown_word", text[:MAX_LETTERS])
    return tuple(
        _number(token, region) if token.isdecimal() else pronunciations(token, region)
        for token in tokens
    )


def _number(digits: str, region: str) -> tuple[Pronunciation, ...]:
    if len(digits) > MAX_DIGITS:
        raise SpeechError("unknown_word", digits[:MAX_LETTERS])
    regions = (region,) if region else REGIONS
    said = dict.fromkeys(espeak.transcribe(digits, each) for each in regions)
    return tuple(Pronunciation(phones, stress, "espeak") for phones, stress in said)


def _plain(word: str, region: str) -> tuple[list[str], str]:
    """Phones before they settle beside each other, and a stress digit for each vowel."""
    if region not in REGIONS:
        raise ValueError(f"no region {region!r}")
    letters = _letters(word)
    if region == "es-419":
        letters = _SOFT_SC.sub("c", letters)
    phones, syllables = _joined(list(_segments(letters)))
    if not syllables:
        raise SpeechError("unknown_word", f"{word[:MAX_LETTERS]}: no vowel")
    if region == "es-419":
        phones = ["S" if phone == "TH" else phone for phone in phones]
    stressed = _stressed(letters, syllables)
    digits = ("1" if at == stressed else "0" for at, p in enumerate(phones) if is_vowel(p))
    return phones, "".join(digits)


def linked(phones: Sequence[str]) -> tuple[str, ...]:
    """The phones of a word as said right after a vowel."""
    return (_APPROXIMANT.get(phones[0], phones[0]), *phones[1:])


def _letters(word: str) -> str:
    """Lower-case letters of Spanish; accents of other languages fall away."""
    text = unicodedata.normalize("NFC", word.strip().lower())
    text = "".join(
        c if c in "áéíóúüñ" else unicodedata.normalize("NFD", c)[0] for c in text if c not in "'’-"
    )
    if len(text) > MAX_LETTERS or not _WRITTEN.fullmatch(text):
        raise SpeechError("unknown_word", word[:MAX_LETTERS])
    return text


def _segments(letters: str) -> Iterator[str | _Vowel]:
    """Consonant phones and vowel letters, in order."""
    at = 0
    if re.match(r"s(?=[^aeiouáéíóúüyhw])", letters):
        yield _Vowel("es_e", "e", False)  # no Spanish word starts so: 'stop' is 'estop'
    while at < len(letters):
        match = _CONSONANT.match(letters, at)
        if match and match[0]:
            rule = int(str(match.lastgroup)[1:])
            yield from _LETTERS[rule][1].split()
            at = match.end()
        else:
            letter = letters[at]
            yield _Vowel(f"es_{_VOWELS[letter]}", letter, at == len(letters) - 1)
            at += 1


def _joined(segments: Sequence[str | _Vowel]) -> tuple[list[str], dict[int, str]]:
    """Phones, and the vowels among them that carry a syllable: place -> letter."""
    phones: list[str] = []
    syllables: dict[int, str] = {}
    for at, each in enumerate(segments):
        following = segments[at + 1] if at + 1 < len(segments) else ""
        if isinstance(each, str):
            phones.append(each)
        elif each.weak and isinstance(following, _Vowel) and _rises(each, following):
            after_consonant = bool(phones) and not is_vowel(phones[-1])
            phones.append("W" if each.phone == "es_u" else "Y" if after_consonant else "es_y")
        else:
            falls = each.weak and at > 0 and isinstance(segments[at - 1], _Vowel)
            if not (falls and len(phones) - 1 in syllables and phones[-1] != each.phone):
                syllables[len(phones)] = each.letter
            phones.append(each.phone)
    return phones, syllables


def _rises(weak: _Vowel, following: _Vowel) -> bool:
    """Whether a weak vowel glides into the next: in 'pie' and 'ciudad', but not in 'muy'."""
    return weak.phone != following.phone and not (following.letter == "y" and following.last)


def _stressed(letters: str, syllables: Mapping[int, str]) -> int:
    """The phone that carries the stress: the written accent, else by the last letter."""
    for place, letter in syllables.items():
        if letter in _ACCENTED:
            return place
    places = list(syllables)
    return places[-2] if len(places) > 1 and _FLAT.search(letters) else places[-1]


def _allophones(phones: Sequence[str], soft: bool = False) -> Iterator[str]:
    """Nasals take the place of what follows. b d g are stops after a pause and after a nasal, and
    unless `soft` a d after l and any that closes its syllable before a stop or a pause.
    """
    before = ""
    for phone, following in zip(phones, [*phones[1:], ""], strict=True):
        firm = (phone == "D" and before == "L") or following in _AFTER_A_CODA
        if phone == "N" and following in ("B", "P"):
            said = "M"
        elif phone == "N" and following in ("G", "K", "es_x"):
            said = "NG"
        elif before in ("", "M", "N", "NG") or (firm and not soft):
            said = phone
        else:
            said = _APPROXIMANT.get(phone, phone)
        yield said
        before = said


def as_spanish(word: str) -> tuple[Pronunciation, ...]:
    """How an English spelling is read as though it were Spanish; () where that says nothing."""
    try:
        single = re.sub(r"([aeiou])\1", r"\1", word.lower())  # 'book' is 'bok' before 'bo-ok'
        spellings = dict.fromkeys((single, word.lower()))
        return tuple(
            Pronunciation(each.phones, each.stress, "spanish")
            for spelling in spellings
            for each in pronunciations(spelling)
        )
    except SpeechError:
        return ()
