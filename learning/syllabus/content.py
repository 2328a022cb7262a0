"""What a course is made of, as plain data: no database."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from django.utils.translation import get_language

from learning.yamlfile import Place


@dataclass(frozen=True)
class Spanish:
    """A text of Spain, and Mexico's where it differs."""

    es: str = ""
    es_mx: str = ""

    def __bool__(self) -> bool:
        return bool(self.es)

    def __str__(self) -> str:
        """As the language of the page says it."""
        return self.es_mx if self.es_mx and get_language() == "es-mx" else self.es


NOTHING = Spanish()


@dataclass(frozen=True)
class Phrase:
    """English with its translation: an example, a side of a minimal pair, a line, an option."""

    text: str
    translation: Spanish = NOTHING
    emoji: str = ""
    who: str = ""  # says it, in a dialogue


@dataclass(frozen=True)
class Word:
    """A word or set phrase, taught once in the course."""

    id: str
    english: str
    pos: str
    translation: Spanish
    example: Phrase
    place: Place
    emoji: str = ""
    no_picture: str = ""  # why no picture could explain it
    note: Spanish = NOTHING
    false_friend: Spanish = NOTHING
    accepted: tuple[str, ...] = ()  # more pronunciations, in ARPAbet


@dataclass(frozen=True)
class Mistake:
    """What Spanish speakers say, what they should, and why."""

    wrong: str
    right: str
    why: Spanish


@dataclass(frozen=True)
class GrammarPoint:
    id: str
    title: Spanish
    explanation: Spanish  # in paragraphs
    examples: tuple[Phrase, ...]
    mistakes: tuple[Mistake, ...]
    place: Place


@dataclass(frozen=True)
class PairSet:
    """Words that differ in one sound alone: ship and sheep."""

    id: str
    sounds: tuple[tuple[str, ...], tuple[str, ...]]  # ARPAbet; () where there is none
    title: Spanish
    explanation: Spanish
    pairs: tuple[tuple[Phrase, Phrase], ...]
    place: Place


@dataclass(frozen=True)
class Exercise:
    """One thing to do. `text` is English, `prompt` Spanish; the type says what else it has."""

    id: str
    type: str
    practises: tuple[str, ...]  # ids of words, grammar points, pair sets; sounds in ARPAbet
    place: Place
    prompt: Spanish = NOTHING
    text: str = ""
    translation: Spanish = NOTHING
    emoji: str = ""
    explanation: Spanish = NOTHING
    syllables: tuple[str, ...] = ()
    options: tuple[Phrase, ...] = ()
    options_in: str = "en"
    answer: str = ""  # one of the options, the sentence to order, 'true' or 'false'
    answer_translation: Spanish = NOTHING
    answers: tuple[str, ...] = ()  # all that are right, the usual first
    words: tuple[str, ...] = ()  # picture_match: ids; order: the pieces
    also: tuple[str, ...] = ()  # other right orders
    distractors: tuple[str, ...] = ()
    statement: Spanish = NOTHING
    statement_in: str = "es"
    lines: tuple[Phrase, ...] = ()
    places: dict[str, Place] = field(default_factory=dict, repr=False, compare=False)

    def at(self, key: str) -> Place:
        """Where a key of it was written."""
        return self.places.get(key, self.place)

    def correct(self) -> tuple[str, ...]:
        """All the English in it that is right, sentence by sentence."""
        found = [self.text.replace("___", answer) for answer in self.answers if self.type == "gap"]
        if self.type != "gap":
            found += [self.text, *self.answers]
        if self.type == "listen_choose":
            found += [option.text for option in self.options]
        elif self.type != "true_false" and self.options_in == "en":
            found.append(self.answer)
        if self.statement_in == "en":
            found.append(self.statement.es)
        found += [line.text for line in self.lines]
        return tuple(filter(None, [*found, *self.also]))


@dataclass(frozen=True)
class Lesson:
    slug: str
    title: Spanish
    kind: str
    emoji: str
    minutes: int
    intro: Spanish
    words: tuple[Word, ...]
    grammar: tuple[GrammarPoint, ...]
    pairs: tuple[PairSet, ...]
    exercises: tuple[Exercise, ...]
    place: Place

    def teaches(self) -> tuple[Word | GrammarPoint | PairSet, ...]:
        return (*self.words, *self.grammar, *self.pairs)


@dataclass(frozen=True)
class Pool:
    """Exercises of which a quiz asks `take`, others when it is repeated."""

    title: Spanish
    take: int
    exercises: tuple[str, ...]
    place: Place


@dataclass(frozen=True)
class Quiz:
    slug: str
    title: Spanish
    emoji: str
    minutes: int
    intro: Spanish
    pass_mark: int  # per cent
    pools: tuple[Pool, ...]
    exercises: tuple[Exercise, ...]  # its own, besides those of the lessons
    place: Place


@dataclass(frozen=True)
class Unit:
    slug: str
    folder: str
    title: Spanish
    emoji: str
    goal: Spanish
    after: tuple[str, ...]  # slugs of the units that come before it
    lessons: tuple[Lesson, ...]
    quiz: Quiz | None
    unwritten: tuple[str, ...]  # files that it names and that are not there
    place: Place

    def exercises(self) -> Iterator[Exercise]:
        """Those of the lessons, then the quiz's own."""
        for lesson in self.lessons:
            yield from lesson.exercises
        if self.quiz:
            yield from self.quiz.exercises


@dataclass(frozen=True)
class Course:
    slug: str
    title: Spanish
    description: Spanish
    units: tuple[Unit, ...]

    def exercises(self) -> Iterator[Exercise]:
        """Those of all units."""
        for unit in self.units:
            yield from unit.exercises()
