"""What a lesson teaches, as its page shows it: each text with the number of its voice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

from learning.models import GrammarPoint, Lesson, PairSet, Word
from learning.syllabus.content import Mistake, Phrase


@dataclass(frozen=True)
class Voiced:
    """English with its translation, and which part of the item's voice it is."""

    phrase: Phrase
    part: int


@dataclass(frozen=True)
class Rule:
    point: GrammarPoint
    examples: tuple[Voiced, ...]
    mistakes: tuple[tuple[Mistake, int], ...]  # with the part that says what is right


@dataclass(frozen=True)
class Twins:
    set: PairSet
    pairs: tuple[tuple[Voiced, Voiced], ...]


@dataclass(frozen=True)
class Cards:
    words: tuple[Word, ...]
    rules: tuple[Rule, ...]
    twins: tuple[Twins, ...]


def cards(lesson: Lesson) -> Cards:
    """In three queries."""
    words = Word.objects.filter(lesson=lesson, retired=False)
    points = GrammarPoint.objects.filter(lesson=lesson, retired=False)
    sets = PairSet.objects.filter(lesson=lesson, retired=False)
    return Cards(tuple(words), tuple(map(_rule, points)), tuple(map(_twins, sets)))


def _rule(point: GrammarPoint) -> Rule:
    part = count()
    examples = tuple(Voiced(phrase, next(part)) for phrase in point.phrases)
    return Rule(point, examples, tuple((each, next(part)) for each in point.all_mistakes))


def _twins(found: PairSet) -> Twins:
    part: Iterator[int] = count()
    return Twins(
        found,
        tuple((Voiced(a, next(part)), Voiced(b, next(part))) for a, b in found.phrases),
    )
