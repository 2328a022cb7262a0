"""Sounds of which English and Spanish each have their own; voices that read both languages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import torch
from torch import Tensor

from speech import audio, espeak
from speech.judge.evidence import gather, symbols
from speech.phones import INDEX
from speech.recipes.phonetic_rnnt.metrics import Count, Figure, mean_share, share


class Contrast(NamedTuple):
    english: tuple[str, ...]
    spanish: tuple[str, ...]


CONTRASTS: dict[str, Contrast] = {
    "r": Contrast(("R",), ("es_r", "es_rr")),
    "a": Contrast(("AA", "AE", "AH"), ("es_a",)),
    "e": Contrast(("EH", "EY"), ("es_e",)),
    "i": Contrast(("IY", "IH"), ("es_i",)),
    "o": Contrast(("AO", "OW"), ("es_o",)),
    "u": Contrast(("UW", "UH"), ("es_u",)),
    "h": Contrast(("HH",), ("es_x",)),
    "b": Contrast(("B", "V"), ("es_b",)),
    "d": Contrast(("D", "DH"), ("es_d",)),
    "g": Contrast(("G",), ("es_g",)),
}
_OF = {phone: name for name, c in CONTRASTS.items() for phone in (*c.english, *c.spanish)}

# One voice says both lists; none of these variants speaks in training (synthesise.py).
VARIANTS = ("m2", "m7", "m8", "f3")
PITCHES = {"m2": 40, "m7": 45, "m8": 50, "f3": 60}
RATE_WPM = 140
# fmt: off
ENGLISH_WORDS = (
    "red", "carrot", "rabbit", "story", "green", "train", "bring", "around", "sorry", "rain",
    "father", "hot", "cat", "apple", "cup", "mother", "bed", "seven", "day", "rain", "make",
    "see", "green", "ship", "big", "water", "ball", "dog", "go", "home", "boat", "blue", "moon",
    "school", "book", "good", "foot", "house", "happy", "behind", "hello", "ahead", "hat",
    "baby", "table", "over", "river", "never", "above", "ladder", "today", "under", "mother",
    "weather", "other", "ready", "again", "tiger", "bigger", "sugar", "ago", "forget",
)
SPANISH_WORDS = (
    "pero", "cara", "toro", "perro", "rosa", "carro", "tres", "grande", "abrir", "verde",
    "casa", "mano", "pan", "mapa", "mesa", "leche", "tren", "pelo", "vino", "libro", "piso",
    "silla", "sol", "oso", "loro", "boca", "luz", "uva", "nube", "luna", "jamón", "jota",
    "jirafa", "ojo", "caja", "abeja", "gente", "lobo", "cabeza", "abuelo", "uva", "sábado",
    "lado", "dedo", "cada", "nada", "vestido", "helado", "lago", "amigo", "agua", "pagar",
    "jugar", "seguro",
)
# fmt: on


class Spoken(NamedTuple):
    unit: str
    samples: Tensor  # (N,) at 16 kHz
    phones: tuple[str, ...]


def one_voice() -> Iterator[Spoken]:
    """Both lists by every voice at one pitch and rate: the sound differs, the voice does not."""
    for variant in VARIANTS:
        for language, words in (("en-us", ENGLISH_WORDS), ("es", SPANISH_WORDS)):
            for word in dict.fromkeys(words):
                wave, rate = espeak.synthesise(
                    word, language, RATE_WPM, PITCHES[variant], variant=variant
                )
                samples = torch.from_numpy(audio.resample(wave, rate))
                yield Spoken(f"{variant} {language} {word}", samples, espeak.phones(word, language))


class Told(NamedTuple):
    """One occurrence of a contrasted phone: whether it was heard in its own language."""

    contrast: str
    spanish: bool
    right: bool


def tell(log_probs: Tensor, phones: Sequence[str]) -> list[Told]:
    """(T, V) log posteriors of a take and its phones -> a verdict for every contrasted phone.

    The likelihood of the whole take with the best Spanish symbol of the contrast in the phone's
    place against that with the best English one. Both languages are put the same question, so
    that a listener that guesses, or always prefers one language, is right half of the time.
    """
    if not any(phone in _OF for phone in phones) or len(log_probs) < len(phones):
        return []
    exchanged = gather(log_probs, symbols(phones)).exchanged  # (U, V)
    out = []
    for phone, row in zip(phones, exchanged, strict=True):
        if phone in _OF:
            contrast = CONTRASTS[_OF[phone]]
            english, spanish = (
                float(row[[INDEX[p] for p in side]].max())
                for side in (contrast.english, contrast.spanish)
            )
            is_spanish = phone in contrast.spanish
            out.append(Told(_OF[phone], is_spanish, (spanish > english) == is_spanish))
    return out


def balanced(told: Sequence[tuple[str, Told]]) -> dict[str, dict[str, Figure]]:
    """Balanced accuracy of each contrast and, as `all`, their mean; verdicts come with units."""
    sides: dict[tuple[str, bool], list[Count]] = {}
    for unit, each in told:
        sides.setdefault((each.contrast, each.spanish), []).append(Count(unit, each.right, 1))
    out: dict[str, dict[str, Figure]] = {}
    classes: list[list[Count]] = []
    for name in CONTRASTS:
        if (name, False) in sides and (name, True) in sides:
            pair = [sides[name, False], sides[name, True]]
            classes += pair
            out[name] = {
                "balanced": mean_share(pair),
                "english": share(pair[0]),
                "spanish": share(pair[1]),
            }
    return ({"all": {"balanced": mean_share(classes)}} if classes else {}) | out
