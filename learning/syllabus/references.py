"""What the parts of a course say of one another: ids that are unique and known, no circles."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from graphlib import CycleError, TopologicalSorter

from learning.syllabus.content import Course, Exercise, Phrase, Unit, Word
from learning.yamlfile import Place, Refused
from speech.phones import ENGLISH


@dataclass
class Ids:
    """Everything in a course that has a name, and where it got it."""

    places: dict[tuple[str, str], Place] = field(default_factory=dict)
    words: dict[str, Word] = field(default_factory=dict)
    taught: set[str] = field(default_factory=lambda: set(ENGLISH))  # what can be practised
    known: dict[str, Phrase] = field(default_factory=dict)  # English -> translation and emoji

    def add_unit(self, unit: Unit) -> None:
        """Raises Refused for a name that was taken."""
        taken = dict(self.places)
        try:
            self._add_names(unit)
        except Refused:
            self.places = taken
            raise
        for lesson in unit.lessons:
            for word in lesson.words:
                self.words[word.id] = word
                self.known.setdefault(
                    word.english, Phrase(word.english, word.translation, word.emoji)
                )
            for pairs in lesson.pairs:
                for phrase in (side for pair in pairs.pairs for side in pair):
                    self.known.setdefault(phrase.text, phrase)
            for point in lesson.teaches():
                self.taught.add(point.id)

    def _add_names(self, unit: Unit) -> None:
        self._add("unit", unit.slug, unit.place)
        for lesson in unit.lessons:
            self._add("lesson", lesson.slug, lesson.place)
            for point in lesson.teaches():
                self._add("taught", point.id, point.place)
            for word in lesson.words:
                self._add("english", f"{word.english.casefold()} ({word.pos})", word.place)
        if unit.quiz:
            self._add("lesson", unit.quiz.slug, unit.quiz.place)
        for exercise in unit.exercises():
            self._add("exercise", exercise.id, exercise.place)

    def _add(self, kind: str, name: str, place: Place) -> None:
        first = self.places.setdefault((kind, name), place)
        if first is not place:
            raise Refused(place, f"{name!r} comes twice, first at {first}")


def resolved(course: Course, ids: Ids, only: str = "") -> Course:
    """The course, options given the translations it has elsewhere. Raises Refused."""
    _prerequisites(course.units)
    units = []
    for unit in course.units:
        if only in ("", unit.slug):
            for exercise in unit.exercises():
                _check(exercise, ids)
            _check_pools(unit)
        lessons = tuple(
            replace(lesson, exercises=_translated(lesson.exercises, ids)) for lesson in unit.lessons
        )
        quiz = unit.quiz and replace(unit.quiz, exercises=_translated(unit.quiz.exercises, ids))
        units.append(replace(unit, lessons=lessons, quiz=quiz))
    return replace(course, units=tuple(units))


def _prerequisites(units: tuple[Unit, ...]) -> None:
    places = {unit.slug: unit.place for unit in units}
    for unit in units:
        for slug in unit.after:
            if slug not in places:
                raise Refused(unit.place, f"after: there is no unit {slug!r}")
    try:
        TopologicalSorter({unit.slug: unit.after for unit in units}).prepare()
    except CycleError as error:
        circle = error.args[1]
        raise Refused(places[circle[0]], f"a circle of units: {' > '.join(circle)}") from error


def _check(exercise: Exercise, ids: Ids) -> None:
    for name in exercise.practises:
        if name not in ids.taught:
            raise Refused(exercise.at("practises"), f"nothing in the course is called {name!r}")
    if exercise.type != "picture_match":
        return
    pictures: dict[str, str] = {}
    for name in exercise.words:
        word = ids.words.get(name)
        if word is None or not word.emoji:
            raise Refused(exercise.at("words"), f"no word with an emoji is called {name!r}")
        if word.emoji in pictures:
            raise Refused(
                exercise.at("words"), f"{name!r} and {pictures[word.emoji]!r} have one picture"
            )
        pictures[word.emoji] = name


def _check_pools(unit: Unit) -> None:
    if not unit.quiz:
        return
    there = {exercise.id for exercise in unit.exercises()}
    drawn: set[str] = set()
    for pool in unit.quiz.pools:
        for name in pool.exercises:
            if name not in there:
                raise Refused(pool.place, f"the unit has no exercise {name!r}")
            if name in drawn:
                raise Refused(pool.place, f"{name!r} is in two pools")
            drawn.add(name)
    for exercise in unit.quiz.exercises:
        if exercise.id not in drawn:
            raise Refused(exercise.place, f"{exercise.id!r} is in no pool")


def _translated(exercises: Iterable[Exercise], ids: Ids) -> tuple[Exercise, ...]:
    """Options to listen to that the course teaches elsewhere get translation and emoji there."""
    return tuple(
        replace(
            exercise,
            options=tuple(
                option if option.translation else ids.known.get(option.text, option)
                for option in exercise.options
            ),
        )
        if exercise.type == "listen_choose"
        else exercise
        for exercise in exercises
    )
