"""The one phone inventory: 39 English phones (ARPAbet), 13 that a Spanish speaker brings."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from speech.errors import SpeechError

# fmt: off
ENGLISH: tuple[str, ...] = (
    "AA", "AE", "AH", "AO", "AW", "AY", "B", "CH", "D", "DH", "EH", "ER", "EY", "F", "G", "HH",
    "IH", "IY", "JH", "K", "L", "M", "N", "NG", "OW", "OY", "P", "R", "S", "SH", "T", "TH", "UH",
    "UW", "V", "W", "Y", "Z", "ZH",
)
# Spanish sounds that English lacks; Spanish f k l m n p s t ch θ share the English symbol.
SPANISH: tuple[str, ...] = (
    "es_a", "es_e", "es_i", "es_o", "es_u",  # the five pure vowels
    "es_r", "es_rr",                         # tap (pero), trill (perro)
    "es_x",                                  # jota
    "es_b", "es_d", "es_g",                  # approximants, as in 'lobo', 'lado', 'lago'
    "es_ny", "es_y",                         # ñ; ll and y
)
# fmt: on
BLANK = "<blank>"
INVENTORY: tuple[str, ...] = ENGLISH + SPANISH
SYMBOLS: tuple[str, ...] = (BLANK, *INVENTORY)  # the listener's output layer, in this order
INDEX: dict[str, int] = {symbol: at for at, symbol in enumerate(SYMBOLS)}


@dataclass(frozen=True)
class Vowel:
    """Tongue height 0 (open) .. 1 (close) and backness 0 (front) .. 1 (back), at start and end."""

    height: float
    backness: float
    rounded: bool = False
    tense: bool = False
    glide: tuple[float, float] | None = None  # height and backness where a diphthong ends
    rhotic: bool = False

    @property
    def end(self) -> tuple[float, float]:
        return self.glide or (self.height, self.backness)


class Place(StrEnum):
    LIPS = "lips"
    LIPS_AND_VELUM = "lips and velum"
    LIP_TEETH = "lip and teeth"
    TEETH = "teeth"
    RIDGE = "ridge"
    BEHIND_RIDGE = "behind the ridge"
    PALATE = "palate"
    VELUM = "velum"
    THROAT = "throat"


class Manner(StrEnum):
    STOP = "stop"
    AFFRICATE = "affricate"
    FRICATIVE = "fricative"
    APPROXIMANT = "approximant"
    NASAL = "nasal"
    LATERAL = "lateral"
    RHOTIC = "rhotic"  # the English r
    TAP = "tap"
    TRILL = "trill"


@dataclass(frozen=True)
class Consonant:
    place: Place
    manner: Manner
    voiced: bool


@dataclass(frozen=True)
class Phone:
    """A sound: how it is made, written and named, and words that hold it."""

    symbol: str
    ipa: str
    english: str  # an English word that holds it, or the nearest sound that English has
    spanish: str  # a Spanish word that holds it, or the nearest sound that Spanish has
    name: str  # everyday Spanish name with its article: "la rr española"
    made: Vowel | Consonant

    @property
    def is_vowel(self) -> bool:
        return isinstance(self.made, Vowel)

    @property
    def is_spanish(self) -> bool:
        return self.symbol in SPANISH


def _consonants() -> Iterable[Phone]:
    p, m = Place, Manner
    # fmt: off
    rows = (
        ("B", "b", "bag", "vaca", "la b de «bag»", p.LIPS, m.STOP, True),
        ("CH", "tʃ", "chair", "chico", "la ch", p.BEHIND_RIDGE, m.AFFRICATE, False),
        ("D", "d", "dog", "dos", "la d de «dog»", p.RIDGE, m.STOP, True),
        ("DH", "ð", "this", "lado", "la th sonora de «this»", p.TEETH, m.FRICATIVE, True),
        ("F", "f", "fish", "foca", "la f", p.LIP_TEETH, m.FRICATIVE, False),
        ("G", "g", "goat", "gato", "la g de «goat»", p.VELUM, m.STOP, True),
        ("HH", "h", "house", "jamón", "la h soplada de «house»", p.THROAT, m.FRICATIVE, False),
        ("JH", "dʒ", "jam", "cónyuge", "la j inglesa de «jam»", p.BEHIND_RIDGE, m.AFFRICATE, True),
        ("K", "k", "cat", "casa", "la k", p.VELUM, m.STOP, False),
        ("L", "l", "lion", "luna", "la l", p.RIDGE, m.LATERAL, True),
        ("M", "m", "moon", "mano", "la m", p.LIPS, m.NASAL, True),
        ("N", "n", "nose", "nube", "la n", p.RIDGE, m.NASAL, True),
        ("NG", "ŋ", "sing", "tango", "la ng de «sing»", p.VELUM, m.NASAL, True),
        ("P", "p", "pig", "pato", "la p", p.LIPS, m.STOP, False),
        ("R", "ɹ", "red", "mar", "la r inglesa de «red»", p.BEHIND_RIDGE, m.RHOTIC, True),
        ("S", "s", "sun", "sol", "la s", p.RIDGE, m.FRICATIVE, False),
        ("SH", "ʃ", "shoe", "chico", "la sh de «shoe»", p.BEHIND_RIDGE, m.FRICATIVE, False),
        ("T", "t", "ten", "tres", "la t", p.RIDGE, m.STOP, False),
        ("TH", "θ", "think", "zapato", "la th sorda de «think»", p.TEETH, m.FRICATIVE, False),
        ("V", "v", "very", "uva", "la v inglesa de «very»", p.LIP_TEETH, m.FRICATIVE, True),
        ("W", "w", "water", "huevo", "la w de «water»", p.LIPS_AND_VELUM, m.APPROXIMANT, True),
        ("Y", "j", "yes", "pie", "la y suave de «yes»", p.PALATE, m.APPROXIMANT, True),
        ("Z", "z", "zoo", "mismo", "la z vibrada de «zoo»", p.RIDGE, m.FRICATIVE, True),
        ("ZH", "ʒ", "vision", "lluvia", "la s de «vision»", p.BEHIND_RIDGE, m.FRICATIVE, True),
        ("es_r", "ɾ", "water", "pero", "la r española de «pero»", p.RIDGE, m.TAP, True),
        ("es_rr", "r", "red", "perro", "la rr española", p.RIDGE, m.TRILL, True),
        ("es_x", "x", "loch", "jota", "la jota española", p.VELUM, m.FRICATIVE, False),
        ("es_b", "β", "above", "lobo", "la b suave española de «lobo»",
         p.LIPS, m.APPROXIMANT, True),
        ("es_d", "ð̞", "this", "lado", "la d suave española de «lado»",
         p.TEETH, m.APPROXIMANT, True),
        ("es_g", "ɣ", "again", "lago", "la g suave española de «lago»",
         p.VELUM, m.APPROXIMANT, True),
        ("es_ny", "ɲ", "canyon", "niño", "la eñe", p.PALATE, m.NASAL, True),
        ("es_y", "ʝ", "yes", "yo", "la y española de «yo»", p.PALATE, m.FRICATIVE, True),
    )
    # fmt: on
    for symbol, ipa, english, spanish, name, place, manner, voiced in rows:
        yield Phone(symbol, ipa, english, spanish, name, Consonant(place, manner, voiced))


def _vowels() -> Iterable[Phone]:
    # fmt: off
    rows = (
        ("AA", "ɑː", "father", "mal", "la a larga de «father»", Vowel(0.0, 0.8, tense=True)),
        ("AE", "æ", "cat", "cama", "la a de «cat»", Vowel(0.15, 0.1)),
        ("AH", "ʌ", "cup", "cada", "la vocal relajada de «cup»", Vowel(0.4, 0.55)),
        ("AO", "ɔː", "ball", "por", "la o abierta de «ball»", Vowel(0.3, 0.95, True, True)),
        ("AW", "aʊ", "now", "causa", "el «au» de «now»", Vowel(0.0, 0.45, glide=(0.8, 0.9))),
        ("AY", "aɪ", "my", "baile", "el «ai» de «my»", Vowel(0.0, 0.45, glide=(0.8, 0.1))),
        ("EH", "ɛ", "bed", "perro", "la e abierta de «bed»", Vowel(0.4, 0.1)),
        ("ER", "ɝ", "bird", "ser", "la vocal con r de «bird»",
         Vowel(0.45, 0.5, tense=True, rhotic=True)),
        ("EY", "eɪ", "day", "rey", "el «ei» de «day»",
         Vowel(0.6, 0.05, tense=True, glide=(0.85, 0.05))),
        ("IH", "ɪ", "ship", "mil", "la i corta de «ship»", Vowel(0.8, 0.2)),
        ("IY", "iː", "sheep", "sí", "la i larga de «sheep»", Vowel(1.0, 0.0, tense=True)),
        ("OW", "oʊ", "go", "bou", "el «ou» de «go»",
         Vowel(0.55, 0.9, True, True, glide=(0.8, 0.9))),
        ("OY", "ɔɪ", "boy", "hoy", "el «oi» de «boy»",
         Vowel(0.3, 0.95, True, True, glide=(0.8, 0.1))),
        ("UH", "ʊ", "book", "cruz", "la u corta de «book»", Vowel(0.8, 0.8, True)),
        ("UW", "uː", "blue", "luz", "la u larga de «blue»", Vowel(1.0, 0.9, True, True)),
        ("es_a", "a", "father", "casa", "la a española", Vowel(0.05, 0.5, tense=True)),
        ("es_e", "e", "bed", "mesa", "la e española", Vowel(0.5, 0.05, tense=True)),
        ("es_i", "i", "see", "sí", "la i española", Vowel(0.97, 0.02, tense=True)),
        ("es_o", "o", "ball", "sol", "la o española", Vowel(0.45, 0.95, True, True)),
        ("es_u", "u", "blue", "luz", "la u española", Vowel(0.97, 1.0, True, True)),
    )
    # fmt: on
    for symbol, ipa, english, spanish, name, made in rows:
        yield Phone(symbol, ipa, english, spanish, name, made)


PHONES: dict[str, Phone] = {phone.symbol: phone for phone in (*_vowels(), *_consonants())}

# The English phone that each Spanish one passes for: a trace of accent, not another sound.
KIN: dict[str, tuple[str, ...]] = {
    "es_a": ("AA",), "es_e": ("EH",), "es_i": ("IY",), "es_o": ("AO",), "es_u": ("UW",),
    "es_b": ("B",), "es_d": ("DH",), "es_g": ("G",), "es_y": ("Y",),
}  # fmt: skip
# The nearest English phone to each Spanish one.
PASSES_FOR: dict[str, str] = {spanish: english[0] for spanish, english in KIN.items()} | {
    "es_r": "R", "es_rr": "R", "es_x": "HH", "es_ny": "N",
}  # fmt: skip


def is_vowel(phone: str) -> bool:
    return PHONES[phone].is_vowel


def parse(text: str) -> tuple[str, ...]:
    """Phones written by hand, 'R AE1 B IH0 T', without stress. Raises SpeechError("bad_phone")."""
    found = []
    for symbol in text.split():
        phone = symbol if symbol in PHONES else symbol.upper().rstrip("012")
        if phone not in PHONES:
            phone = symbol.lower()
        if phone not in PHONES:
            raise SpeechError("bad_phone", symbol[:40])
        found.append(phone)
    return tuple(found)
