"""Lessons and words that leave admin as files, and come back."""

from __future__ import annotations

from dataclasses import asdict, is_dataclass
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from learning import course_folder, loading, progress
from learning.authoring import written
from learning.models import Course, Exercise, Lesson, Progress, Unit
from learning.syllabus.reading import read_course, read_part
from learning.yamlfile import read
from tests import authors, lessons
from tests.authors import ADMIN, text_of
from tests.people import Person


@pytest.fixture
def course(db: None, tmp_path: Path) -> Course:
    return authors.course(tmp_path)


def export(author: Client, slug: str) -> str:
    pk = Lesson.objects.get(slug=slug).pk
    response = author.get(f"{ADMIN}/lesson/{pk}/exportar/")
    assert response.headers["Content-Disposition"] == f'attachment; filename="{slug}.yaml"'
    return str(response.content.decode())


def send(author: Client, text: str | bytes) -> str:
    """What the page says after a file was sent to it."""
    data = text.encode() if isinstance(text, str) else text
    file = SimpleUploadedFile("mia.yaml", data)
    form = {"unit": Unit.objects.get(course__slug="curso").pk, "file": file}
    return text_of(author.post(f"{ADMIN}/lesson/importar/", form, follow=True))


def bare(part: object) -> object:
    """Plain data without the places where it was written."""
    if is_dataclass(part) and not isinstance(part, type):
        return bare(asdict(part))
    if isinstance(part, dict):
        return {k: bare(v) for k, v in part.items() if k not in ("place", "places")}
    return [bare(each) for each in part] if isinstance(part, (list, tuple)) else part


def test_the_database_gives_back_what_was_read(course: Course, tmp_path: Path) -> None:
    read_again, kept = read_course(tmp_path).units[0], written.course(course).units[0]
    assert bare(kept.lessons) == bare(read_again.lessons)
    assert bare(kept.quiz) == bare(read_again.quiz)


@pytest.mark.parametrize("slug", ["leccion", "uno-quiz"])
def test_an_exported_lesson_is_read_as_the_same(
    author: Client, course: Course, tmp_path: Path, slug: str
) -> None:
    path = tmp_path / "exported.yaml"
    path.write_text(export(author, slug), "utf-8")
    lesson = Lesson.objects.get(slug=slug)
    assert bare(read_part(read(path))) == bare(written.lesson(lesson))


def test_an_exported_lesson_is_loaded_again_and_nothing_changes(
    author: Client, course: Course, tmp_path: Path
) -> None:
    (tmp_path / "uno/leccion.yaml").write_text(export(author, "leccion"), "utf-8")
    part, _ = course_folder.read_course(tmp_path)
    report = loading.load(part)
    assert (report.created, report.updated, report.kept, report.retired) == ([], [], [], [])


def test_a_lesson_comes_back_changed_and_learners_keep_theirs(
    author: Client, course: Course, learner: Person
) -> None:
    exercise = Exercise.objects.get(key="uno-01")
    progress.record(learner.profile, exercise, 0.9, timezone.now())
    text = export(author, "leccion").replace("I see a sun.", "I see two suns.")
    start, end = text.index("- id: uno-02"), text.index("- id: uno-03")
    page = send(author, text[:start] + text[end:])
    assert "«Lección» está importada." in page
    exercise.refresh_from_db()
    assert exercise.text == "I see two suns." and Progress.objects.get().exercise == exercise
    assert Exercise.objects.get(key="uno-02").retired
    assert [practice.item.key for practice in exercise.practices.all()] == ["sun"]
    assert Lesson.objects.get(slug="leccion").published
    history = author.get(f"{ADMIN}/exercise/{exercise.pk}/history/")
    said = [str(action["revision"].comment) for action in history.context["action_list"]]
    assert said == ["Importada de mia.yaml.", "Como estaba antes del cambio."]


def test_a_new_lesson_comes_in_as_a_draft(author: Client, course: Course) -> None:
    text = export(author, "leccion")
    text = text[: text.index("words:")] + text[text.index("exercises:") :]
    text = text.replace("uno-", "otra-").replace("slug: leccion", "slug: otra")
    assert "«Lección» está importada." in send(author, text)
    made = Lesson.objects.get(slug="otra")
    assert (made.published, made.order, made.exercises.count()) == (False, 3, 12)


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("kind: vocabulary", "kinds: vocabulary", "No existe la clave «kinds»"),
        ("answer: sheep", "answer: cow", "La respuesta «cow» no está entre las opciones."),
        ("id: uno-02", "id: uno-01", "«uno-01» está dos veces."),
        ("- sun\n", "- moon\n", "no hay nada con la clave «moon»"),
        ("slug: leccion", "slug: [", "mia.yaml:"),
        ("title: Lección", "title: Lección\ntitle: Lección", "«title» está dos veces."),
    ],
)
def test_a_file_that_is_amiss_is_refused_whole_with_its_line(
    author: Client, course: Course, before: str, after: str, said: str
) -> None:
    text = export(author, "leccion")
    assert before in text
    before_all = [each.as_read() for each in Exercise.objects.all()]
    page = send(author, text.replace(before, after, 1).replace("happy dog", "sad dog"))
    assert said in page and "mia.yaml:" in page
    assert [each.as_read() for each in Exercise.objects.all()] == before_all


def test_a_megabyte_is_refused(author: Client, course: Course) -> None:
    page = send(author, b"slug: x\n" * 130_000)
    assert "caben 400000" in page


def test_what_is_no_text_is_refused(author: Client, course: Course) -> None:
    assert "mia.yaml:1" in send(author, bytes(range(256)))


def test_a_lesson_of_another_course_keeps_its_name(author: Client, course: Course) -> None:
    lessons.exercise("rabbit")
    text = export(author, "leccion").replace("slug: leccion", "slug: prueba-true")
    assert "«prueba-true» está dos veces." in send(author, text)


def test_a_lesson_of_plain_exercises_says_why_it_is_not_exported(
    author: Client, course: Course
) -> None:
    lesson = lessons.exercise("rabbit").lesson
    response = author.get(f"{ADMIN}/lesson/{lesson.pk}/exportar/", follow=True)
    assert "es un ejercicio de solo decir" in text_of(response)
