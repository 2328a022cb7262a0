"""One lesson as the YAML file of the course's folder, and back."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import reversion
import yaml
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from learning import course_folder
from learning.authoring import written
from learning.authoring.history import remember
from learning.authoring.written import taught
from learning.course_part import Part
from learning.models import Exercise, Item, Lesson, Practice, Unit
from learning.syllabus import content, references
from learning.syllabus.reading import read_part
from learning.syllabus.stored import content_json, mistake_json, phrase_json, spanish_json
from learning.syllabus.teaching import NONE
from learning.yamlfile import Place, Refused, read

MAX_BYTES = 400_000  # the longest lesson of the course has 20 kB


class CannotWrite(ValueError):
    """A lesson that the format of the files does not hold, and why; in Spanish."""


def to_yaml(lesson: Lesson) -> str:
    """The lesson as a file that the reader takes, but for what a draft still lacks."""
    plain = [each.key for each in lesson.shown_exercises if each.kind in Exercise.PLAIN]
    if plain:
        raise CannotWrite(
            _(
                "«%(key)s» es un ejercicio de solo decir, que este formato no tiene. "
                "Cámbialo por «oír y decir» o «ver y decir»."
            )
            % {"key": plain[0]}
        )
    made = _lesson(written.lesson(lesson))
    return yaml.dump(made, allow_unicode=True, sort_keys=False, width=100)


def _lesson(part: content.Lesson | content.Quiz) -> dict[str, Any]:
    made: dict[str, Any] = {"slug": part.slug, "title": spanish_json(part.title)}
    if isinstance(part, content.Lesson):
        made["kind"] = part.kind
    made |= {"emoji": part.emoji, "minutes": str(part.minutes)}
    if part.intro:
        made["intro"] = spanish_json(part.intro)
    if isinstance(part, content.Quiz):
        made["pass_mark"] = str(part.pass_mark)
        made["pools"] = [
            {
                "title": spanish_json(pool.title),
                "take": str(pool.take),
                "exercises": list(pool.exercises),
            }
            for pool in part.pools
        ]
    else:
        made["words"] = [_word(word) for word in part.words]
        made["grammar"] = [grammar_json(point) for point in part.grammar]
        made["pairs"] = [pairs_json(pairs) for pairs in part.pairs]
    made["exercises"] = [_exercise(exercise) for exercise in part.exercises]
    return {key: value for key, value in made.items() if value != [] or key == "exercises"}


def _word(word: content.Word) -> dict[str, Any]:
    return _written(
        id=word.id,
        english=word.english,
        pos=word.pos,
        translation=spanish_json(word.translation),
        emoji=word.emoji,
        no_picture=word.no_picture,
        example=word.example.text,
        example_translation=spanish_json(word.example.translation),
        note=spanish_json(word.note),
        false_friend=spanish_json(word.false_friend),
        accepted=list(word.accepted),
    )


def grammar_json(point: content.GrammarPoint) -> dict[str, Any]:
    return {
        "id": point.id,
        "title": spanish_json(point.title),
        "explanation": spanish_json(point.explanation),
        "examples": [phrase_json(each) for each in point.examples],
        "mistakes": [mistake_json(each) for each in point.mistakes],
    }


def pairs_json(pairs: content.PairSet) -> dict[str, Any]:
    return {
        "id": pairs.id,
        "sounds": [" ".join(sound) or NONE for sound in pairs.sounds],
        "title": spanish_json(pairs.title),
        "explanation": spanish_json(pairs.explanation),
        "pairs": [{"a": phrase_json(a), "b": phrase_json(b)} for a, b in pairs.pairs],
    }


def _exercise(exercise: content.Exercise) -> dict[str, Any]:
    return _written(
        id=exercise.id,
        type=exercise.type,
        practises=list(exercise.practises),
        prompt=spanish_json(exercise.prompt),
        text=exercise.text,
        emoji=exercise.emoji,
        **content_json(exercise),
        translation=spanish_json(exercise.translation),
        explanation=spanish_json(exercise.explanation),
    )


def _written(**values: Any) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value not in ("", [])}


def from_yaml(data: bytes, unit: Unit, name: str, user: AbstractBaseUser | AnonymousUser) -> Lesson:
    """The lesson of a file, put into a unit as a draft or over the lesson of that name.

    What learners did is kept: what the file no longer has is retired. Raises Refused.
    """
    if len(data) > MAX_BYTES:
        raise too_long(name, len(data))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "leccion.yaml"
        path.write_bytes(data)
        part = read_part(read(path, name))
    course = _with(part, unit)
    lessons = (each for made in course.units for each in (*made.lessons, made.quiz) if each)
    whole = next(each for each in lessons if each.slug == part.slug)
    before = Lesson.objects.filter(slug=part.slug).first()
    if before:
        remember([before, *before.exercises.all(), *taught(before)])
    with transaction.atomic(), reversion.create_revision():
        reversion.set_user(user)
        reversion.set_comment(f"Importada de {name}.")
        return _put(course_folder.lesson_part(whole, course.units), unit)


def too_long(name: str, size: int) -> Refused:
    return Refused(Place(name, 1), f"{size} characters, at most {MAX_BYTES}")


def _with(part: content.Lesson | content.Quiz, unit: Unit) -> content.Course:
    """The course with this lesson in it. Raises Refused for a name that is taken or unknown."""
    taken = Lesson.objects.filter(slug=part.slug).exclude(unit__course=unit.course_id).first()
    if taken:
        raise Refused(part.place, f"{part.slug!r} comes twice")
    course = written.course(unit.course)
    units = []
    for each in course.units:
        lessons = [lesson for lesson in each.lessons if lesson.slug != part.slug]
        quiz = each.quiz if each.quiz and each.quiz.slug != part.slug else None
        if each.slug == unit.slug and isinstance(part, content.Lesson):
            lessons.append(part)
        elif each.slug == unit.slug and isinstance(part, content.Quiz):
            quiz = part
        units.append(replace(each, lessons=tuple(lessons), quiz=quiz))
    ids = references.Ids()
    for made in units:
        ids.add_unit(made)
    return references.resolved(replace(course, units=tuple(units)), ids, unit.slug)


def _put(part: Part, unit: Unit) -> Lesson:
    row = Lesson.objects.filter(slug=part.key).first()
    if row is None:
        last = unit.lessons.aggregate(last=Max("order"))["last"] or 0
        row = Lesson(slug=part.key, order=last + 1, published=False)
    row.unit = unit
    _write(row, {**part.fields, "published": row.published})
    items = [child for child in part.children if issubclass(child.model, Item)]
    exercises = [child for child in part.children if child.model is Exercise]
    kept = [
        _child(child, place, {"course": unit.course}, lesson=row)
        for place, child in enumerate(items, 1)
    ]
    row.items.exclude(pk__in=[each.pk for each in kept]).update(retired=True)
    kept = [_child(child, place, {"lesson": row}) for place, child in enumerate(exercises, 1)]
    row.exercises.exclude(pk__in=[each.pk for each in kept]).update(retired=True)
    _practise(dict(zip((each.pk for each in kept), exercises, strict=True)), unit)
    return row


def _child(part: Part, order: int, within: Mapping[str, Any], **more: Any) -> Any:
    row = part.model._default_manager.filter(key=part.key, **within).first()
    if row is None:
        row = part.model(key=part.key, **within)
    _write(row, {**part.fields, **more, "order": order})
    return row


def _write(row: Any, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        setattr(row, name, value)
    row.save()


def _practise(exercises: Mapping[int, Part], unit: Unit) -> None:
    items: dict[str, int] = dict(
        Item.objects.filter(course=unit.course_id).values_list("key", "pk")
    )
    Practice.objects.filter(exercise__in=exercises).delete()
    Practice.objects.bulk_create(_practices(exercises, items))


def _practices(exercises: Mapping[int, Part], items: Mapping[str, int]) -> Iterable[Practice]:
    for pk, part in exercises.items():
        links: Sequence[str] = [key for key in part.links if key in items]
        for order, key in enumerate(links):
            yield Practice(exercise_id=pk, item_id=items[key], order=order)
