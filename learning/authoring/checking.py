"""What keeps a lesson from being published, and what somebody should look at."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from learning import voice
from learning.authoring import written
from learning.models import Book, Course, Exercise, GrammarPoint, Lesson, PairSet, Word
from learning.syllabus import checking, content, wording
from speech.errors import SpeechError

Row = Lesson | Exercise | Word | GrammarPoint | PairSet | Book


@dataclass(frozen=True)
class Problem:
    """What is amiss, and the row in which it is mended."""

    row: Row
    what: str

    @property
    def url(self) -> str:
        return reverse(f"admin:learning_{self.row._meta.model_name}_change", args=[self.row.pk])

    def __str__(self) -> str:
        return f"«{self.row}»: {self.what}"


def problems(lesson: Lesson) -> list[Problem]:
    """Everything that keeps the lesson from being published."""
    exercises = list(lesson.shown_exercises.prefetch_related("practices__item"))
    items = [item for item in written.taught(lesson) if not item.retired]
    rows: dict[str, Row] = {each.key: each for each in (*items, *exercises)}
    found = [Problem(lesson, what) for what in _of_lesson(lesson, exercises)]
    invalid = {key: _invalid(row) for key, row in rows.items()}
    found += [Problem(rows[key], what) for key, amiss in invalid.items() for what in amiss]
    part = written.lesson(lesson)
    for each in checking.lacking(part):
        found.append(Problem(rows.get(each.id, lesson), wording.spanish(each.what)))
    if isinstance(part, content.Lesson):
        found += _untranslated(part, rows)
    for part_of_it in (*items, *exercises):
        if not invalid[part_of_it.key]:
            found += [Problem(part_of_it, what) for what in _unvoiced(part_of_it.heard)]
    return list(dict.fromkeys(found))


def _of_lesson(lesson: Lesson, exercises: list[Exercise]) -> Iterator[str]:
    if not exercises and not (lesson.is_quiz and lesson.pools):
        yield _("Todavía no tiene ejercicios.")
    if not lesson.intro and not lesson.is_quiz:
        yield _("Falta la explicación que se lee antes de empezar.")
    if not lesson.is_quiz:
        return
    if not lesson.pass_mark:
        yield _("Falta con cuánto se aprueba.")
    if not lesson.pools:
        yield _("Faltan las bolsas de las que salen las preguntas.")
    yield from _pools(lesson, exercises)


def _pools(lesson: Lesson, exercises: list[Exercise]) -> Iterator[str]:
    of_unit = Exercise.objects.filter(lesson__unit=lesson.unit_id, retired=False)
    known = set(of_unit.values_list("key", flat=True)) | {each.key for each in exercises}
    drawn: list[str] = [key for pool in lesson.pools for key in pool["exercises"]]
    for key in sorted(set(drawn) - known):
        yield _("La unidad no tiene ningún ejercicio «%(key)s».") % {"key": key}
    for key in sorted({key for key in drawn if drawn.count(key) > 1}):
        yield _("«%(key)s» está dos veces en las bolsas.") % {"key": key}
    for each in exercises:
        if each.key not in drawn:
            yield _("«%(key)s» no está en ninguna bolsa.") % {"key": each.key}


def _invalid(row: Row) -> list[str]:
    """What the form of the row would not take: an answer that is missing or cannot be right."""
    try:
        row.clean()
    except ValidationError as error:
        return list(error.messages)
    return []


def _untranslated(part: content.Lesson, rows: dict[str, Row]) -> Iterator[Problem]:
    """What the readers of files take for granted, and a form lets through."""
    for word in part.words:
        if not word.translation:
            yield Problem(rows[word.id], _("Falta la traducción."))
        if not word.example.text:
            yield Problem(rows[word.id], _("Falta el ejemplo."))
        elif not word.example.translation:
            yield Problem(rows[word.id], _("Falta la traducción del ejemplo."))
    for exercise in part.exercises:
        plain = exercise.type in Exercise.PLAIN
        if not exercise.practises and not plain and exercise.type != "picture_match":
            yield Problem(rows[exercise.id], _("Falta decir qué palabra o regla practica."))


def _unvoiced(texts: Iterable[str]) -> Iterator[str]:
    """What the voice cannot say."""
    for text in filter(None, texts):
        try:
            voice.sentences(text)
        except SpeechError as error:
            yield _("No se ha podido hacer el audio de «%(text)s»: %(why)s") % {
                "text": text,
                "why": _(error.plain),
            }


def hints(lesson: Lesson) -> list[str]:
    """What should be looked at but keeps nothing from being published."""
    own = {each.key for each in lesson.shown_exercises}
    near = checking.near_duplicates(_exercises(lesson.unit.course), own)
    return [
        _(
            "«%(key)s» se parece mucho a «%(other)s»: "
            "más de cuatro de cada cinco palabras son las mismas."
        )
        % {"key": key, "other": other}
        for key, other in near.items()
        if key in own
    ]


def _exercises(course: Course) -> Iterator[content.Exercise]:
    """All that a course has, a unit's quiz after its lessons."""
    rows = Exercise.objects.filter(lesson__unit__course=course, retired=False)
    rows = rows.annotate(quiz=Q(lesson__kind=Lesson.Kind.QUIZ))
    lessons = ("lesson__unit__order", "lesson__unit", "quiz", "lesson__order", "lesson")
    return (row.as_read() for row in rows.order_by(*lessons, "order", "pk"))
