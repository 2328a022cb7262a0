"""The answer to a take as one HTML fragment, the same for the page and for the push."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import Any

from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from assessment import reading, stress, tips, versions
from assessment.diagnosis import Advice, Diagnosis, diagnose, score_of, take_of
from assessment.encouragement import encouraged
from assessment.errors import PLAIN, RETRY
from assessment.models import Attempt
from assessment.reading import Flow
from assessment.variants import OtherWay, other_way
from speech.findings import PhoneFinding, TakeFinding, Verdict, WordFinding
from speech.phones import PHONES

SAYS = {
    Verdict.RIGHT: gettext_noop("bien"),
    Verdict.WRONG: gettext_noop("por mejorar"),
    Verdict.MISSING: gettext_noop("faltó"),
    Verdict.EXTRA: gettext_noop("sobra"),
    Verdict.UNSURE: gettext_noop("no estamos seguros"),
}
MARKS = {
    Verdict.RIGHT: "✓",
    Verdict.WRONG: "✗",
    Verdict.MISSING: "∅",
    Verdict.EXTRA: "+",
    Verdict.UNSURE: "?",
}
NOTES = {
    "clipped": gettext_noop(
        "Se oía demasiado fuerte. La próxima vez, aléjate un poco del micrófono."
    ),
    "two_voices": gettext_noop(
        "Parece que se oían varias voces o mucho ruido a la vez, y así podemos equivocarnos. "
        "Graba otra vez, con una sola voz."
    ),
}
_WORST = (Verdict.WRONG, Verdict.MISSING, Verdict.EXTRA, Verdict.UNSURE, Verdict.RIGHT)


def render(attempt: Attempt) -> str:
    """The fragment for an attempt in any state."""
    context: dict[str, Any] = {"attempt": attempt, "state": attempt.state}
    if attempt.state == Attempt.State.SCORED:
        take = take_of(attempt.findings or {})
        context["answer"] = Answer(take, attempt.criterion, attempt.page_id is not None)
    elif attempt.state == Attempt.State.FAILED:
        code = attempt.error_code if attempt.error_code in PLAIN else "failed"
        context |= {"code": code, "plain": _(PLAIN[code]), "retry": code in RETRY}
    return render_to_string("assessment/feedback.html", context)


@dataclass(frozen=True)
class Sound:
    """One sound in the list of a word."""

    finding: PhoneFinding
    advice: int | None  # the number of the tip that is about it

    @property
    def verdict(self) -> str:
        return self.finding.verdict.value

    @property
    def says(self) -> str:
        return _(SAYS[self.finding.verdict])

    @property
    def mark(self) -> str:
        return MARKS[self.finding.verdict]

    @property
    def ipa(self) -> str:
        shown = self.finding.phone or self.finding.said
        return PHONES[shown].ipa if shown else ""

    @property
    def name(self) -> str:
        shown = self.finding.phone or self.finding.said
        return tips.named(shown).name if shown else _("un sonido")

    @property
    def heard(self) -> str:
        """The name of what was said instead."""
        finding = self.finding
        differs = finding.verdict is Verdict.WRONG and finding.said not in (None, finding.phone)
        return tips.named(finding.said).name if differs and finding.said else ""

    @property
    def timed(self) -> bool:
        return self.finding.start_s is not None and self.finding.end_s is not None


@dataclass(frozen=True)
class Letters:
    """Letters of a word that stand or fall together: one sound, or several under one letter."""

    text: str
    findings: tuple[PhoneFinding, ...]
    accent: bool = False  # the stress belongs here, and was elsewhere

    @property
    def verdict(self) -> str:
        return min((f.verdict for f in self.findings), key=_WORST.index).value

    @property
    def mark(self) -> str:
        """A shape for whoever does not see the colour; what went well stays unmarked."""
        return "" if self.verdict == Verdict.RIGHT else MARKS[Verdict(self.verdict)]

    @property
    def phones(self) -> str:
        return " ".join(f.phone or "" for f in self.findings).strip()

    @property
    def said(self) -> str:
        return " ".join(f.said or "" for f in self.findings).strip()


@dataclass(frozen=True)
class Syllable:
    """A syllable of a word; of the stress, whether it belongs here and whether it was here."""

    text: str
    verdict: str
    stressed: bool
    took_stress: bool  # heard here, and it belongs elsewhere


@dataclass(frozen=True)
class Word:
    """A word as the page shows it."""

    finding: WordFinding
    after: str  # the punctuation that follows it in the text
    sounds: tuple[Sound, ...]
    other_way: OtherWay | None = None  # not the usual pronunciation, and right all the same

    @property
    def text(self) -> str:
        return self.finding.word

    @property
    def verdict(self) -> str:
        return self.finding.verdict.value

    @cached_property
    def letters(self) -> tuple[Letters, ...]:
        if self.finding.verdict is Verdict.MISSING or not self.finding.phones:
            whole = PhoneFinding(None, self.text, None, self.finding.verdict, self.finding.score)
            return (Letters(self.text, (whole,)),)
        groups = groupby(enumerate(self.finding.phones), key=_span)
        return tuple(self._letters(tuple(f for _, f in group)) for _, group in groups)

    def _letters(self, findings: tuple[PhoneFinding, ...]) -> Letters:
        first = findings[0]
        if first.phone is None:
            return Letters(tips.named(first.said).spelt if first.said else "…", findings)
        lay = stress.found(self.finding)
        accent = lay is not None and lay.verdict.is_red and _nucleus(findings, lay.expected)
        if first.letter_start is None or first.letter_end is None:
            return Letters(first.letters, findings, accent)
        return Letters(self.text[first.letter_start : first.letter_end], findings, accent)

    @property
    def says(self) -> str:
        """The word for a screen reader: 'rabbit: por mejorar. La t de «two»: faltó.'"""
        if self.finding.verdict is Verdict.MISSING:
            return _("faltó la palabra")
        odd = [f"{s.name}: {s.says}" for s in self.sounds if s.verdict != Verdict.RIGHT]
        told = "; ".join(odd)
        good = _(SAYS[self.finding.verdict])
        says = f"{good}. {told[0].upper()}{told[1:]}." if odd else _("bien")
        return f"{says.removesuffix('.')}. {self.stress_says}" if self.stress_is_red else says

    @property
    def syllables(self) -> tuple[Syllable, ...]:
        found = self.finding.syllables
        lay = stress.found(self.finding)
        astray = lay is not None and lay.verdict.is_red
        return tuple(
            Syllable(
                text=each.text,
                verdict=each.verdict.value,
                stressed=lay is not None and at == lay.expected,
                took_stress=astray and lay is not None and at == lay.heard,
            )
            for at, each in enumerate(found if len(found) > 1 else ())
        )

    @property
    def stress_says(self) -> str:
        return stress.says(self.finding)

    @property
    def stress_verdict(self) -> str:
        return stress.verdict(self.finding).value

    @property
    def stress_mark(self) -> str:
        return MARKS[stress.verdict(self.finding)]

    @property
    def stress_is_red(self) -> bool:
        return stress.verdict(self.finding).is_red

    @property
    def has_versions(self) -> bool:
        """Whether the voice can say how it was heard, and how it is right."""
        return versions.differ(self.finding)

    @property
    def start_s(self) -> float | None:
        return min((f.start_s for f in self.finding.phones if f.start_s is not None), default=None)

    @property
    def end_s(self) -> float | None:
        return max((f.end_s for f in self.finding.phones if f.end_s is not None), default=None)


def _nucleus(findings: tuple[PhoneFinding, ...], syllable: int) -> bool:
    """Whether the vowel of this syllable is among the sounds."""
    return any(f.syllable == syllable and f.phone and PHONES[f.phone].is_vowel for f in findings)


def _span(numbered: tuple[int, PhoneFinding]) -> tuple[int, int]:
    """What sounds of the same letters share; every other sound is alone."""
    index, finding = numbered
    if finding.phone is None or finding.letter_start is None or finding.letter_end is None:
        return (-1, index)
    return (finding.letter_start, finding.letter_end)


class Answer:
    """A scored take, ready to be shown; one of a book's page is a turn of a story, not a task."""

    def __init__(self, take: TakeFinding, criterion: Mapping[str, Any], turn: bool = False) -> None:
        self.take = take
        self.diagnosis: Diagnosis = encouraged(diagnose(take), take) if turn else diagnose(take)
        self._criterion = criterion
        self.notes = tuple(_(NOTES[note]) for note in take.notes if note in NOTES)
        if not self.diagnosis.outcome.untold:
            self.notes += reading.notes(take)

    @property
    def flow(self) -> Flow | None:
        return None if self.diagnosis.outcome.untold else reading.flow(self.take)

    @property
    def score(self) -> str:
        return f"{score_of(self.take):.2f}"

    @property
    def advice(self) -> tuple[Advice, ...]:
        return self.diagnosis.advice

    @cached_property
    def words(self) -> tuple[Word, ...]:
        about = {
            (place.word, place.sound): number
            for number, each in enumerate(self.advice, 1)
            for place in each.places
        }
        found, at = [], 0
        expected = self._criterion.get("words", ())
        for index, finding in enumerate(self.take.words):
            start = self.take.text.lower().find(finding.word.lower(), at)
            after = ""
            if start >= 0:
                at = start + len(finding.word)
                after = _punctuation(self.take.text[at:])
            sounds = tuple(
                Sound(phone, about.get((index, place)))
                for place, phone in enumerate(finding.phones)
            )
            other = other_way(finding, expected[index]) if index < len(expected) else None
            found.append(Word(finding, after, sounds, other))
        return tuple(found)


def _punctuation(rest: str) -> str:
    end = next((i for i, c in enumerate(rest) if c.isspace() or c.isalnum()), len(rest))
    return rest[:end]
