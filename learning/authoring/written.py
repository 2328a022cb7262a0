"""Rows of the database as the plain course that the reader, checker and writer of files know."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from learning.models import Course, Exercise, GrammarPoint, Item, Lesson, PairSet, Unit, Word
from learning.syllabus import content, stored
from learning.yamlfile import Place

TAUGHT = (Word, GrammarPoint, PairSet)
Items = dict[int, list[Item]]  # by lesson


def course(row: Course) -> content.Course:
    """The whole course, in a fixed number of queries. What is retired is left out."""
    items = _items(Item.objects.filter(course=row, retired=False))
    units = row.units.prefetch_related("after", "lessons__exercises__practices__item")
    return content.Course(
        slug=row.slug,
        title=row.spanish("title"),
        description=row.spanish("description"),
        units=tuple(unit(each, items) for each in units),
    )


def unit(row: Unit, items: Items) -> content.Unit:
    parts = [lesson(each, items) for each in row.lessons.all()]
    lessons = tuple(part for part in parts if isinstance(part, content.Lesson))
    quizzes = [part for part in parts if isinstance(part, content.Quiz)]
    return content.Unit(
        slug=row.slug,
        folder=row.slug,
        title=row.spanish("title"),
        emoji=row.emoji,
        goal=row.spanish("goal"),
        after=tuple(each.slug for each in row.after.all()),
        lessons=lessons,
        quiz=quizzes[0] if quizzes else None,
        unwritten=(),
        place=Place(row.slug, 0),
    )


def lesson(row: Lesson, items: Items | None = None) -> content.Lesson | content.Quiz:
    if items is None:
        items = _items(Item.objects.filter(lesson=row, retired=False))
    place = Place(row.slug, 0)
    exercises = tuple(exercise(each, place) for each in row.exercises.all() if not each.retired)
    if row.is_quiz:
        return content.Quiz(
            slug=row.slug,
            title=row.spanish("title"),
            emoji=row.emoji,
            minutes=row.minutes,
            intro=row.spanish("intro"),
            pass_mark=row.pass_mark or 0,
            pools=tuple(
                content.Pool(
                    stored.spanish(pool["title"]), pool["take"], tuple(pool["exercises"]), place
                )
                for pool in row.pools
            ),
            exercises=exercises,
            place=place,
        )
    of_lesson = items.get(row.pk, [])
    return content.Lesson(
        slug=row.slug,
        title=row.spanish("title"),
        kind=row.kind,
        emoji=row.emoji,
        minutes=row.minutes,
        intro=row.spanish("intro"),
        words=tuple(word(each, place) for each in of_lesson if isinstance(each, Word)),
        grammar=tuple(
            grammar_point(each, place) for each in of_lesson if isinstance(each, GrammarPoint)
        ),
        pairs=tuple(pair_set(each, place) for each in of_lesson if isinstance(each, PairSet)),
        exercises=exercises,
        place=place,
    )


def taught(row: Lesson) -> list[Word | GrammarPoint | PairSet]:
    """What a lesson teaches, what is retired too."""
    return [item for model in TAUGHT for item in model.objects.filter(lesson=row)]


def _items(rows: Iterable[Item]) -> Items:
    """What each lesson teaches, as words, grammar points and pair sets."""
    keys = [row.pk for row in rows]
    found: Items = defaultdict(list)
    for model in TAUGHT:
        for item in model.objects.filter(pk__in=keys):
            if item.lesson_id is not None:
                found[item.lesson_id].append(item)
    return found


def word(row: Word, place: Place) -> content.Word:
    return content.Word(
        id=row.key,
        english=row.english,
        pos=row.pos,
        translation=row.spanish("translation"),
        example=content.Phrase(row.example, row.spanish("example_translation")),
        place=place,
        emoji=row.emoji,
        no_picture=row.no_picture,
        note=row.spanish("note"),
        false_friend=row.spanish("false_friend"),
        accepted=tuple(line.strip() for line in row.accepted.splitlines() if line.strip()),
    )


def grammar_point(row: GrammarPoint, place: Place) -> content.GrammarPoint:
    return content.GrammarPoint(
        id=row.key,
        title=row.spanish("title"),
        explanation=row.spanish("explanation"),
        examples=row.phrases,
        mistakes=row.all_mistakes,
        place=place,
    )


def pair_set(row: PairSet, place: Place) -> content.PairSet:
    return content.PairSet(
        id=row.key,
        sounds=(tuple(row.first.split()), tuple(row.second.split())),
        title=row.spanish("title"),
        explanation=row.spanish("explanation"),
        pairs=row.phrases,
        place=place,
    )


def exercise(row: Exercise, place: Place) -> content.Exercise:
    practises = tuple(each.item.key for each in row.practices.all())
    return replace(row.as_read(), practises=practises, place=place)
