"""A word as it was heard and as it is right, both as sounds that the voice can say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from learning.voice import Sounds, of_phones
from speech.findings import PhoneFinding, WordFinding
from speech.phones import is_vowel

HEARD, RIGHT = "dicho", "bien"


def differ(finding: WordFinding) -> bool:
    """Whether somebody would hear it: a sound that is red, or the stress."""
    said = [each for each in finding.phones if _heard(each)]
    lay = finding.stress
    return bool(said) and (
        any(each.verdict.is_red for each in finding.phones)
        or (lay is not None and lay.verdict.is_red)
    )


def right(finding: WordFinding, word: Mapping[str, Any]) -> Sounds:
    """As the pronunciation that it was held against. Raises SpeechError."""
    phones = tuple(finding.variant.split())
    return of_phones(phones, _digits(phones, word))


def heard(finding: WordFinding, word: Mapping[str, Any]) -> Sounds:
    """With the sounds that were red as they were said, and the stress where it lay.

    Raises SpeechError.
    """
    digits = iter(_digits(tuple(finding.variant.split()), word))
    said, stress = [], ""
    for each in finding.phones:
        digit = next(digits, "0") if each.phone and is_vowel(each.phone) else "0"
        phone = _heard(each)
        if phone is None:
            continue
        said.append(phone)
        if is_vowel(phone):
            stress += _moved(each, digit, finding)
    return of_phones(said, stress)


def _heard(each: PhoneFinding) -> str | None:
    """What is not red counts as right; None for what was left out."""
    return each.said if each.verdict.is_red else each.phone


def _moved(each: PhoneFinding, digit: str, finding: WordFinding) -> str:
    lay = finding.stress
    if lay is None or not lay.verdict.is_red or each.phone is None or each.syllable is None:
        return digit
    return {lay.heard: "1", lay.expected: "0"}.get(each.syllable, digit)


def _digits(phones: tuple[str, ...], word: Mapping[str, Any]) -> str:
    """The stress digits of a pronunciation of the criterion's word; '' where they are not known."""
    known = zip(word["pronunciations"], word.get("stress", ()), strict=False)
    return next((digits for each, digits in known if tuple(each) == phones), "")
