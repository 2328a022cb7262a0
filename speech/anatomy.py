"""A word taken apart: the letters under each phone, its syllables, and what was found of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from speech.findings import PhoneFinding, SyllableFinding, Verdict, WordFinding
from speech.graphemes import letters_of
from speech.syllables import syllabify, syllable_texts


@dataclass(frozen=True)
class Anatomy:
    """One pronunciation of a word: for each phone its letters' span and its syllable."""

    word: str
    phones: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]
    syllables: tuple[tuple[int, int], ...]  # ranges of phones
    texts: tuple[str, ...]  # letters of each syllable
    syllable_of: tuple[int, ...]  # for each phone

    def letters(self, phone: int) -> str:
        start, end = self.spans[phone]
        return self.word[start:end]


@lru_cache(maxsize=4096)
def anatomy(word: str, phones: tuple[str, ...]) -> Anatomy:
    syllables = tuple(syllabify(phones))
    return Anatomy(
        word=word,
        phones=phones,
        spans=tuple(letters_of(word, phones)),
        syllables=syllables,
        texts=tuple(syllable_texts(word, phones)),
        syllable_of=tuple(
            at for at, (start, end) in enumerate(syllables) for _ in range(start, end)
        ),
    )


@dataclass(frozen=True)
class Judged:
    """What is known of one step of an alignment: `at` is the reference phone, None for extra."""

    at: int | None
    said: str | None
    verdict: Verdict
    score: float
    start_s: float | None = None
    end_s: float | None = None
    p_wrong: float = 0.0


def word_finding(
    word: str, phones: tuple[str, ...], judged: Sequence[Judged], score: float | None = None
) -> WordFinding:
    """The finding for a word from its sounds in order.

    An extra sound has no letters and belongs to the syllable it precedes (the last one at the
    end). `score` 0..1 is the mean over all sounds unless given.
    """
    parts = anatomy(word, phones)
    findings: list[PhoneFinding] = []
    for step, each in enumerate(judged):
        at = each.at
        if at is None:
            at = next((j.at for j in judged[step:] if j.at is not None), None)
            start = parts.spans[at][0] if at is not None else len(word)
            span, phone = (start, start), None
        else:
            span, phone = parts.spans[at], phones[at]
        findings.append(
            PhoneFinding(
                phone=phone,
                letters=word[slice(*span)],
                said=each.said,
                verdict=each.verdict,
                score=each.score,
                start_s=each.start_s,
                end_s=each.end_s,
                p_wrong=each.p_wrong,
                syllable=parts.syllable_of[at if at is not None else -1] if phones else None,
                letter_start=span[0],
                letter_end=span[1],
            )
        )
    if score is None:
        score = sum(f.score for f in findings) / len(findings) if findings else 0.0
    return WordFinding(
        word=word,
        verdict=overall([f.verdict for f in findings]),
        score=round(score, 4),
        variant=" ".join(phones),
        syllables=tuple(
            SyllableFinding(text, overall([f.verdict for f in findings if f.syllable == at]))
            for at, text in enumerate(parts.texts)
        ),
        phones=tuple(findings),
    )


def overall(verdicts: Sequence[Verdict]) -> Verdict:
    """Of a syllable or word: missing if nothing was said, wrong if any sound is red."""
    if verdicts and all(verdict is Verdict.MISSING for verdict in verdicts):
        return Verdict.MISSING
    if any(verdict.is_red for verdict in verdicts):
        return Verdict.WRONG
    if Verdict.UNSURE in verdicts or not verdicts:
        return Verdict.UNSURE
    return Verdict.RIGHT
