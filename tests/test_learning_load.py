"""`load_course`: again and again, without undoing what an author or a learner did."""

import io
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from learning import loading, progress
from learning.course_file import read_course
from learning.course_part import FOLDER
from learning.loading import Report
from learning.models import Course, Exercise, Lesson, Progress, Unit
from learning.yamlfile import Refused, read
from tests.people import Person

COURSE = """
course:
  slug: curso
  title: Curso
units:
  - slug: unidad
    title: Unidad
    lessons:
      - slug: animales
        title: Animales
        kind: pronunciation
        intro: |
          Hola,
          aquí hay animales.

          Dilos.
        exercises:
          - key: rabbit
            kind: say_word
            text: rabbit
            translation: conejo
          - key: yes
            kind: say_sentence
            text: Yes, an ox.
            translation: Sí, un buey.
            accepted:
              - "ox: AA K S"
"""


@pytest.fixture
def file(tmp_path: Path, db: None) -> Path:
    path = tmp_path / "curso.yaml"
    path.write_text(COURSE, "utf-8")
    return path


def reload(file: Path, *changes: tuple[str, str]) -> Report:
    """Change the file, and load it."""
    text = file.read_text("utf-8")
    for before, after in changes:
        assert before in text
        text = text.replace(before, after)
    file.write_text(text, "utf-8")
    return loading.load(read_course(file))


def without_yes(text: str) -> str:
    return text[: text.index("          - key: yes")]


def test_a_file_becomes_a_course(file: Path) -> None:
    report = reload(file)
    assert len(report.created) == 5
    lesson = Lesson.objects.get(slug="animales")
    assert (lesson.title, lesson.published) == ("Animales", True)
    assert lesson.paragraphs == ["Hola, aquí hay animales.", "Dilos."]
    assert [(e.key, e.order, e.text) for e in lesson.shown_exercises] == [
        ("rabbit", 1, "rabbit"),
        ("yes", 2, "Yes, an ox."),
    ]


def test_loading_again_changes_nothing(file: Path) -> None:
    reload(file)
    assert reload(file) == Report()


def test_what_nobody_edited_follows_the_file(file: Path) -> None:
    reload(file)
    report = reload(file, ("translation: conejo", "translation: el conejo"))
    assert report.updated == ["curso//animales/rabbit"]
    assert Exercise.objects.get(key="rabbit").translation == "el conejo"


def test_what_an_author_edited_stays(file: Path) -> None:
    reload(file)
    Exercise.objects.filter(key="rabbit").update(note="Sin vibrar.")
    report = reload(file, ("translation: conejo", "translation: el conejo"))
    assert report.kept == ["curso//animales/rabbit"]
    exercise = Exercise.objects.get(key="rabbit")
    assert (exercise.note, exercise.translation) == ("Sin vibrar.", "conejo")


def test_an_author_who_takes_the_edit_back_gets_the_file_again(file: Path) -> None:
    reload(file)
    Lesson.objects.update(title="Bichos")
    reload(file, ("title: Animales", "title: Animales de granja"))
    Lesson.objects.update(title="Animales")
    reload(file)
    assert Lesson.objects.get().title == "Animales de granja"


def test_what_an_author_deleted_does_not_come_back(file: Path) -> None:
    reload(file)
    Exercise.objects.get(key="rabbit").delete()
    reload(file)
    assert not Exercise.objects.filter(key="rabbit").exists()
    Lesson.objects.get().delete()
    assert reload(file).created == []
    assert not Lesson.objects.exists()


def test_what_an_author_added_is_left_alone(file: Path) -> None:
    reload(file)
    lesson = Lesson.objects.get()
    Exercise.objects.create(lesson=lesson, key="cow", text="cow", order=9)
    assert reload(file) == Report()
    assert lesson.shown_exercises.count() == 3


def test_a_lesson_of_an_author_with_the_same_name_is_not_taken_over(file: Path) -> None:
    course = Course.objects.create(slug="otro", title="Otro")
    unit = Unit.objects.create(course=course, slug="otra", title="Otra")
    Lesson.objects.create(unit=unit, slug="animales", title="Mía")
    report = reload(file)
    assert report.kept == ["curso//animales"]
    assert Lesson.objects.get().title == "Mía"
    assert not Exercise.objects.exists()


def test_an_author_s_order_stays_while_the_text_follows_the_file(file: Path) -> None:
    reload(file)
    Exercise.objects.filter(key="rabbit").update(order=7)
    reload(file, ("translation: conejo", "translation: el conejo"))
    exercise = Exercise.objects.get(key="rabbit")
    assert (exercise.order, exercise.translation) == (7, "el conejo")


def test_the_file_s_order_is_followed(file: Path) -> None:
    reload(file)
    first = "          - key: cow\n            kind: say_word\n            text: cow\n"
    first += "            translation: vaca\n"
    reload(file, ("          - key: rabbit\n", first + "          - key: rabbit\n"))
    shown = Lesson.objects.get().shown_exercises
    assert [e.key for e in shown] == ["cow", "rabbit", "yes"]


def test_what_leaves_the_file_is_retired_with_its_progress_kept(
    file: Path, learner: Person
) -> None:
    reload(file)
    gone = Exercise.objects.get(key="yes")
    progress.record(learner.profile, gone, 0.9, datetime(2030, 1, 1, tzinfo=UTC))
    whole = file.read_text("utf-8")
    file.write_text(without_yes(whole), "utf-8")
    assert reload(file).retired == ["curso//animales/yes"]
    assert [e.key for e in Lesson.objects.get().shown_exercises] == ["rabbit"]
    assert Progress.objects.get(exercise=gone).best == 0.9
    assert reload(file) == Report()
    file.write_text(whole, "utf-8")
    reload(file)
    assert Lesson.objects.get().shown_exercises.count() == 2


def test_a_lesson_may_change_its_unit(file: Path) -> None:
    reload(file)
    pk = Lesson.objects.get().pk
    new = "  - slug: nueva\n    title: Nueva\n    lessons:\n"
    reload(file, ("  - slug: unidad\n    title: Unidad\n    lessons:\n", new))
    lesson = Lesson.objects.get()
    assert (lesson.pk, lesson.unit.slug) == (pk, "nueva")


@pytest.mark.parametrize(
    ("before", "after", "line", "why"),
    [
        ("text: rabbit", "texto: rabbit", 20, "unknown key 'texto'"),
        ("text: rabbit", "text: rabbit\n            text: hare", 21, "'text' comes twice"),
        ("key: yes", "key: rabbit", 22, "'rabbit' comes twice"),
        ("kind: say_word", "kind: sing", 19, "'sing' is none of"),
        ("text: rabbit", "text: 兎", 20, "兎"),
        ("ox: AA K S", "ox: QQ", 27, "«QQ» no es un sonido"),
        ("slug: animales", "slug: los animales", 9, "slug"),
        ("title: Animales", "title: ''", 10, "expected some text"),
        ("    title: Unidad\n", "", 6, "'title' is missing"),
        ("text: rabbit", f"text: {'rabbit ' * 50}", 20, "text"),
        ("course:", "course: [", 4, ""),
    ],
)
def test_a_bad_file_is_refused_whole_with_its_line(
    file: Path, before: str, after: str, line: int, why: str
) -> None:
    file.write_text(COURSE.replace(before, after, 1), "utf-8")
    with pytest.raises(CommandError, match=rf"^curso\.yaml:{line}: .*{why}"):
        call_command("load_course", file)
    assert not Course.objects.exists()


def test_a_good_file_is_loaded_beside_a_bad_one(file: Path, tmp_path: Path) -> None:
    bad = tmp_path / "malo.yaml"
    bad.write_text("course: 3\n")
    with pytest.raises(CommandError, match="malo.yaml:1"):
        call_command("load_course", bad, file, stdout=io.StringIO())
    assert Course.objects.get().slug == "curso"


def test_an_empty_file_and_a_missing_one_are_refused(tmp_path: Path, db: None) -> None:
    empty = tmp_path / "vacio.yaml"
    empty.write_text("")
    with pytest.raises(Refused, match="vacio.yaml:1: the file is empty"):
        read(empty)
    with pytest.raises(CommandError, match="no.yaml"):
        call_command("load_course", tmp_path / "no.yaml")


def test_the_course_that_comes_with_cotorra_loads(db: None) -> None:
    for path in FOLDER.glob("*.yaml"):
        report = loading.load(read_course(path))
        assert report.created and not report.kept
    first = Lesson.objects.order_by("unit__course__order", "unit__order", "order")[0]
    kinds = Counter(first.shown_exercises.values_list("kind", flat=True))
    assert kinds["say_word"] >= 12 and kinds["say_sentence"] >= 6


def test_every_exercise_that_comes_with_cotorra_is_complete(db: None) -> None:
    for path in FOLDER.glob("*.yaml"):
        loading.load(read_course(path))
    for exercise in Exercise.objects.all():
        assert exercise.translation and exercise.emoji and exercise.note, exercise
        assert exercise.note[-1] == "." and len(exercise.note) <= 110, exercise
        assert exercise.criterion().words
    assert all(lesson.paragraphs and not lesson.problems() for lesson in Lesson.objects.all())
