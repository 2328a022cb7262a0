"""Where the stress of a word lay, in Spanish: 'la fuerza'."""

from __future__ import annotations

from speech.findings import StressFinding, Verdict, WordFinding

HOW = "Di esa sílaba más larga y más fuerte, y las otras, cortas y flojas."


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
    here = f"La fuerza va en {_syllable(word, stress.expected)}"
    if stress.verdict is Verdict.RIGHT:
        return f"{here}, y ahí sonó. ¡Bien!" if stress.heard == stress.expected else f"{here}."
    if stress.verdict is Verdict.UNSURE:
        return f"{here}. No estamos seguros de haberla oído ahí."
    return f"{here}, no en {_syllable(word, stress.heard)}."


def _syllable(word: WordFinding, at: int) -> str:
    """'BA'; with its number where letters alone do not tell it from another, as in 'banana'."""
    texts = [syllable.text.upper() for syllable in word.syllables]
    if not texts[at]:
        return f"la {at + 1}.ª sílaba"
    return texts[at] if texts.count(texts[at]) == 1 else f"{texts[at]} (la {at + 1}.ª sílaba)"
