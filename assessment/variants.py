"""A word said in another accepted way than the usual one: both named, so that it is seen to count.

The letters are a Spanish reader's: «ii-dher» and «ai-dher» are the two ways of 'either'.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from assessment import tips
from speech import lexicon
from speech.errors import SpeechError
from speech.findings import Verdict, WordFinding
from speech.phones import PHONES, is_vowel
from speech.syllables import syllabify

# What a way of saying is called, by its source in the lexicon.
SOURCES = {
    "british": gettext_noop("a la británica, sin r"),
    "weak": gettext_noop("en su forma débil, la de dentro de una frase"),
    "letters": gettext_noop("letra a letra"),
}
TAPPED = gettext_noop("a la americana, con la t floja")
_WEAK = {"AH": "ə", "ER": "ɚ", "IY": "i"}  # IPA of vowels without stress
_STRESS = {"1": "ˈ", "2": "ˌ"}


@dataclass(frozen=True)
class Way:
    """One way to say a word."""

    spelt: str
    ipa: str
    hint: str = ""


@dataclass(frozen=True)
class OtherWay:
    """The way that was said, and the usual one."""

    said: Way
    usual: Way


def other_way(finding: WordFinding, word: Mapping[str, Any]) -> OtherWay | None:
    """For a word that went well in another way than the first of its criterion."""
    usual = tuple(word["pronunciations"][0])
    said = tuple(finding.variant.split())
    if finding.verdict is not Verdict.RIGHT or said == usual or not PHONES.keys() >= {*said}:
        return None
    stress = {
        tuple(phones): digits
        for phones, digits in zip(word["pronunciations"], word.get("stress", ()), strict=False)
    }
    return OtherWay(
        Way(_spelt(said), ipa(said, stress.get(said, "")), _hint(finding.word, said, usual)),
        Way(_spelt(usual), ipa(usual, stress.get(usual, ""))),
    )


def ipa(phones: Sequence[str], stress: str = "") -> str:
    """'ˈiːðɚ'; `stress` has a digit for each vowel, '' where it is not known."""
    vowels = [at for at, phone in enumerate(phones) if is_vowel(phone)]
    digits = dict(zip(vowels, stress, strict=True)) if len(stress) == len(vowels) else {}
    syllables = syllabify(phones)
    written = ""
    for start, end in syllables:
        stressed = next((digits[at] for at in range(start, end) if at in digits), "")
        written += _STRESS.get(stressed, "") if len(syllables) > 1 else ""
        for at in range(start, end):
            weak = digits.get(at) == "0" and phones[at] in _WEAK
            written += _WEAK[phones[at]] if weak else PHONES[phones[at]].ipa
    return written


def _spelt(phones: Sequence[str]) -> str:
    letters = [tips.named(phone).spelt for phone in phones]
    return "-".join("".join(letters[start:end]) for start, end in syllabify(phones))


def _hint(word: str, said: tuple[str, ...], usual: tuple[str, ...]) -> str:
    try:
        known = {each.phones: each.source for each in lexicon.pronunciations(word)}
    except SpeechError:  # a word that only its author can say
        known = {}
    if known.get(said) == "rule" and _tapped(said, usual):
        return _(TAPPED)
    source = known.get(said, "")
    return _(SOURCES[source]) if source in SOURCES else ""


def _tapped(said: tuple[str, ...], usual: tuple[str, ...]) -> bool:
    """'water' with D: the t between vowels."""
    exchanged = [pair for pair in zip(usual, said, strict=False) if pair[0] != pair[1]]
    return len(said) == len(usual) and exchanged == [("T", "D")]
