"""What Cotorra knows of a word before anybody writes it down: how it is said."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from learning import accepted
from speech import lexicon
from speech.phones import PHONES, is_vowel, parse
from speech.pronunciation import Pronunciation
from speech.syllables import syllabify, syllable_texts

MOST_LETTERS = 160
_SOURCES = {
    "cmudict": gettext_noop("del diccionario"),
    "ours": gettext_noop("de nuestro diccionario"),
    "weak": gettext_noop("al decirla deprisa en una frase"),
    "rule": gettext_noop("una variante corriente"),
    "british": gettext_noop("del inglés británico"),
    "letters": gettext_noop("letra a letra"),
    "espeak": gettext_noop("adivinada: no está en el diccionario"),
    "author": gettext_noop("añadida por ti"),
}


@dataclass(frozen=True)
class Proposal:
    """One way to say a word that is accepted."""

    word: str
    phones: tuple[str, ...]
    ipa: str
    syllables: tuple[str, ...]  # of the spelling
    source: str

    @property
    def arpabet(self) -> str:
        return " ".join(self.phones)

    @property
    def guessed(self) -> bool:
        return self.source == "espeak"

    @property
    def where_from(self) -> str:
        return _(_SOURCES[self.source]) if self.source in _SOURCES else self.source


def propose(text: str, lines: str = "") -> list[tuple[str, list[Proposal]]]:
    """Each word of a text with all that is accepted, an author's own first.

    Raises SpeechError("unknown_word"), and NotAccepted for a line that is no pronunciation.
    """
    text = text[:MOST_LETTERS]
    own = accepted.parse(lines, text)
    found = []
    for word in dict.fromkeys(lexicon.words(text)):
        said = [_own(word, each) for each in own.get(word.lower(), [])]
        if not said or lexicon.pronunciations(word)[0].source != "espeak":
            said += [_looked_up(word, each) for each in lexicon.pronunciations(word)]
        found.append((word, said))
    return found


def _own(word: str, phones: str) -> Proposal:
    """One that an author wrote, with stress digits or without."""
    stress = "".join(symbol[-1] for symbol in phones.split() if symbol[-1] in "012")
    return _proposal(word, parse(phones), stress, "author")


def _looked_up(word: str, found: Pronunciation) -> Proposal:
    return _proposal(word, found.phones, found.stress, found.source)


def _proposal(word: str, phones: tuple[str, ...], stress: str, source: str) -> Proposal:
    syllables = tuple(filter(None, syllable_texts(word, phones)))
    return Proposal(word, phones, ipa(phones, stress), syllables, source)


def ipa(phones: tuple[str, ...], stress: str = "") -> str:
    """/ˈræbɪt/; `stress` has a digit a vowel, as the lexicon gives it, or nothing."""
    levels = iter(stress)
    written = []
    for start, end in syllabify(phones):
        syllable = phones[start:end]
        level = "".join(next(levels, "") for phone in syllable if is_vowel(phone))
        many = sum(map(is_vowel, phones)) > 1
        mark = {"1": "ˈ", "2": "ˌ"}.get(level, "") if many else ""
        relaxed = {"AH": "ə", "ER": "ɚ"} if level == "0" else {}
        written.append(mark + "".join(relaxed.get(p, PHONES[p].ipa) for p in syllable))
    return "/" + "".join(written) + "/"
