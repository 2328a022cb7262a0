"""A course that is a folder, as the rows of a database."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from learning.course_part import Part, spanish_fields
from learning.models import Course, Exercise, GrammarPoint, Item, Lesson, PairSet, Unit, Word
from learning.syllabus import content, stored
from learning.syllabus.checking import unready
from learning.syllabus.reading import read_course as read
from speech import lexicon
from speech.phones import ENGLISH

Lines = Mapping[str, tuple[str, ...]]  # word -> other pronunciations, as an exercise has them


def read_course(folder: Path) -> tuple[Part, tuple[str, ...]]:
    """The course without the units not written yet, and the slugs of those. Raises Refused."""
    course = read(folder)
    written = [unit for unit in course.units if not unit.unwritten]
    accepted = _accepted(written)
    sounds = (
        Part(Item, phone, {"kind": Item.Kind.SOUND, "retired": False}) for phone in sorted(ENGLISH)
    )
    units = (_unit(unit, accepted) for unit in written)
    texts = spanish_fields(title=course.title, description=course.description)
    left_out = tuple(unit.slug for unit in course.units if unit.unwritten)
    return Part(Course, course.slug, texts, (*sounds, *units)), left_out


def lesson_part(lesson: content.Lesson | content.Quiz, units: Iterable[content.Unit]) -> Part:
    """One lesson or quiz of a course with these units."""
    accepted = _accepted(units)
    if isinstance(lesson, content.Quiz):
        return _quiz(lesson, accepted)
    return _lesson(lesson, accepted)


def _accepted(units: Iterable[content.Unit]) -> Lines:
    """The pronunciations that the words of a course accept besides the lexicon's."""
    found: dict[str, list[str]] = defaultdict(list)
    for word in (w for unit in units for lesson in unit.lessons for w in lesson.words):
        for line in word.accepted:
            named, _, phones = line.rpartition(":")
            name = (named.strip() or word.english).lower()
            found[name].append(f"{name}: {phones.strip()}")
    return {name: tuple(lines) for name, lines in found.items()}


def _unit(unit: content.Unit, accepted: Lines) -> Part:
    lessons = tuple(_lesson(lesson, accepted) for lesson in unit.lessons)
    if unit.quiz:
        lessons += (_quiz(unit.quiz, accepted),)
    fields = {**spanish_fields(title=unit.title, goal=unit.goal), "emoji": unit.emoji}
    return Part(Unit, unit.slug, fields, lessons, unit.after)


def _lesson(lesson: content.Lesson, accepted: Lines) -> Part:
    """Published if it lacks nothing."""
    fields = {
        **_about(lesson),
        "kind": lesson.kind,
        "published": not unready(lesson),
    }
    items = (
        *map(_word, lesson.words),
        *map(_grammar_point, lesson.grammar),
        *map(_pair_set, lesson.pairs),
    )
    exercises = (_exercise(each, accepted) for each in lesson.exercises)
    return Part(Lesson, lesson.slug, fields, (*items, *exercises))


def _quiz(quiz: content.Quiz, accepted: Lines) -> Part:
    pools = [
        {
            "title": stored.spanish_json(pool.title),
            "take": pool.take,
            "exercises": list(pool.exercises),
        }
        for pool in quiz.pools
    ]
    fields = {
        **_about(quiz),
        "kind": Lesson.Kind.QUIZ,
        "pass_mark": quiz.pass_mark,
        "pools": pools,
        "published": not unready(quiz),
    }
    exercises = tuple(_exercise(each, accepted) for each in quiz.exercises)
    return Part(Lesson, quiz.slug, fields, exercises)


def _about(lesson: content.Lesson | content.Quiz) -> dict[str, Any]:
    texts = spanish_fields(title=lesson.title, intro=lesson.intro)
    return {**texts, "emoji": lesson.emoji, "minutes": lesson.minutes}


def _word(word: content.Word) -> Part:
    texts = spanish_fields(
        translation=word.translation,
        example_translation=word.example.translation,
        note=word.note,
        false_friend=word.false_friend,
    )
    fields = {
        "english": word.english,
        "pos": word.pos,
        "emoji": word.emoji,
        "no_picture": word.no_picture,
        "example": word.example.text,
        "accepted": "\n".join(word.accepted),
    }
    return _item(Word, word.id, texts | fields)


def _grammar_point(point: content.GrammarPoint) -> Part:
    fields = {
        "examples": [stored.phrase_json(each) for each in point.examples],
        "mistakes": [stored.mistake_json(each) for each in point.mistakes],
    }
    texts = spanish_fields(title=point.title, explanation=point.explanation)
    return _item(GrammarPoint, point.id, texts | fields)


def _pair_set(pairs: content.PairSet) -> Part:
    first, second = (" ".join(sound) for sound in pairs.sounds)
    fields = {
        "first": first,
        "second": second,
        "pairs": [{"a": stored.phrase_json(a), "b": stored.phrase_json(b)} for a, b in pairs.pairs],
    }
    texts = spanish_fields(title=pairs.title, explanation=pairs.explanation)
    return _item(PairSet, pairs.id, texts | fields)


def _item(model: type[Item], key: str, fields: dict[str, Any]) -> Part:
    return Part(model, key, {**fields, "retired": False})


def _exercise(exercise: content.Exercise, accepted: Lines) -> Part:
    texts = spanish_fields(
        prompt=exercise.prompt,
        translation=exercise.translation,
        explanation=exercise.explanation,
    )
    row = Exercise(kind=exercise.type, text=exercise.text, content=stored.content_json(exercise))
    words = dict.fromkeys(word.lower() for word in lexicon.words(row.said))
    fields = {
        "kind": row.kind,
        "text": row.text,
        "content": row.content,
        "emoji": exercise.emoji,
        "accepted": "\n".join(line for word in words for line in accepted.get(word, ())),
        "retired": False,
    }
    return Part(Exercise, exercise.id, texts | fields, links=exercise.practises)
