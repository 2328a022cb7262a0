"""Where the stress of a word lay; in Spanish: 'la fuerza'."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from speech.findings import StressFinding, Verdict, WordFinding

HOW = gettext_noop("Di esa sílaba más larga y más fuerte, y las otras, cortas y flojas.")


def found(word: WordFinding) -> StressFinding | None:
    """The stress, where there are syllables to show it on."""
    stress, count = word.stress, len(word.syllables)
    if stress is None or word.verdict is Verdict.MISSING or count < 2:
        return None
    inside = 0 <= stress.expected < count and 0 <= stress.heard < count
    return stress if inside else None


def verdict(word: WordFinding) -> Verdict:
    """Right also where nobody looked."""
    stress = found(word)
    return stress.verdict if stress else Verdict.RIGHT


def says(word: WordFinding) -> str:
    """'La fuerza va en BA, no en NA.'; empty where there is nothing to say."""
    stress = found(word)
    if stress is None:
        return ""
    here = {"here": _syllable(word, stress.expected)}
    if stress.verdict is Verdict.RIGHT:
        if stress.heard == stress.expected:
            return _("La fuerza va en %(here)s, y ahí sonó. ¡Bien!") % here
        return _("La fuerza va en %(here)s.") % here
    if stress.verdict is Verdict.UNSURE:
        return _("La fuerza va en %(here)s. No estamos seguros de haberla oído ahí.") % here
    there = here | {"there": _syllable(word, stress.heard)}
    return _("La fuerza va en %(here)s, no en %(there)s.") % there


def _syllable(word: WordFinding, at: int) -> str:
    """'BA'; with its number where letters alone do not tell it from another, as in 'banana'."""
    texts = [syllable.text.upper() for syllable in word.syllables]
    nth = _("la %(number)d.ª sílaba") % {"number": at + 1}
    if not texts[at]:
        return nth
    return texts[at] if texts.count(texts[at]) == 1 else f"{texts[at]} ({nth})"
