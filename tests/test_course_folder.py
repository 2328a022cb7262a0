"""`load_course` with a folder: rows as they were written, loaded anew without loss."""

import io
import re
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db.models import ProtectedError
from django.utils.translation import override
from pytest_django import DjangoAssertNumQueries

from learning import loading
from learning.course_folder import read_course
from learning.course_part import FOLDER
from learning.loading import Report
from learning.models import (
    Course,
    Exercise,
    GrammarPoint,
    Item,
    Lesson,
    LoadedContent,
    PairSet,
    Practice,
    Review,
    Unit,
    Word,
)
from learning.syllabus import reading
from speech.phones import ENGLISH
from tests import syllabus
from tests.people import Person

LESSON, QUIZ = "uno/leccion.yaml", "uno/quiz.yaml"
SPOKEN = {"listen_say", "see_say", "say_slowly", "dialogue"}


@pytest.fixture
def folder(tmp_path: Path, db: None) -> Path:
    return syllabus.write(tmp_path)


def load(folder: Path) -> Report:
    course, _ = read_course(folder)
    return loading.load(course)


def test_a_folder_becomes_a_course(folder: Path) -> None:
    load(folder)
    course = Course.objects.get()
    assert (course.title, course.description) == ("Curso", "Un curso.")
    unit = Unit.objects.get()
    assert (unit.slug, unit.emoji, unit.goal) == ("uno", "🐱", "Nombras animales.")
    lesson, quiz = Lesson.objects.all()
    assert (lesson.kind, lesson.minutes, lesson.published) == ("vocabulary", 6, True)
    assert (quiz.kind, quiz.pass_mark, quiz.published) == ("quiz", 75, True)
    assert quiz.pools == [{"title": "Todo", "take": 1, "exercises": ["uno-07", "uno-q-01"]}]
    assert [item.key for item in lesson.items.all()] == ["cat", "dog", "sun", "g-uno", "p-ih-iy"]
    assert {item.key for item in Item.objects.filter(kind="sound")} == set(ENGLISH)
    assert lesson.exercises.count() == 12 and quiz.exercises.count() == 1


def test_what_is_taught_is_there_whole(folder: Path) -> None:
    load(folder)
    cat = Word.objects.get(key="cat")
    assert (cat.english, cat.pos, cat.translation) == ("cat", "noun", "el gato")
    assert (cat.example, cat.example_translation) == ("The cat is here.", "El gato está aquí.")
    assert (cat.mexican, cat.accepted) == ({"translation": "el gatito"}, "K AE T")
    point = GrammarPoint.objects.get()
    assert [phrase.text for phrase in point.phrases][0] == "I see a cat."
    assert point.all_mistakes[0].right == "I see a cat."
    pairs = PairSet.objects.get()
    assert (pairs.first, pairs.second) == ("IH", "IY")
    assert pairs.heard[:2] == ("ship", "sheep")


def test_every_exercise_is_read_back_as_it_was_written(folder: Path) -> None:
    load(folder)
    unit = reading.read_course(folder).units[0]
    for written in unit.exercises():
        row = Exercise.objects.get(key=written.id)
        found = row.as_read()
        for name in vars(written).keys() - {"place", "places", "practises"}:
            assert getattr(found, name) == getattr(written, name), (written.id, name)
        practised = [practice.item.key for practice in row.practices.all()]
        assert practised == list(written.practises)
        row.clean()


def test_what_is_said_has_a_criterion(folder: Path) -> None:
    load(folder)
    spoken = [exercise for exercise in Exercise.objects.all() if exercise.is_spoken]
    assert {exercise.kind for exercise in spoken} == SPOKEN
    for exercise in spoken:
        assert exercise.criterion().text == exercise.said
    dialogue = Exercise.objects.get(kind="dialogue")
    assert dialogue.said == "Yes, a cat."
    assert dialogue.accepted == "cat: K AE T"  # as its word says
    assert dialogue.heard == ("Yes, a cat.", "Is it a cat?")


def test_nothing_wrong_has_a_voice(folder: Path) -> None:
    load(folder)
    heard = {exercise.kind: exercise.heard for exercise in Exercise.objects.exclude(key="uno-q-01")}
    assert heard["listen_choose"] == ("sheep", "ship")
    assert (heard["choose"], heard["order"]) == (("I see a dog.",), ("I see a cat.",))
    assert heard["gap"] == ("The cat is here.",)
    assert heard["transform"] == ("Is it a cat?", "It is a cat.")
    assert heard["picture_match"] == ()


@pytest.mark.parametrize(
    ("kind", "change", "why"),
    [
        ("choose", {"answer": "dog"}, "no está entre las opciones"),
        ("gap", {"answers": []}, "Falta «respuestas que valen»"),
        ("order", {"words": ["I", "see"]}, "no se forma con los trozos"),
        ("say_slowly", {"syllables": ["ha", "y"]}, "syllables"),
        ("picture_match", {"sung": "x"}, "sung"),
    ],
)
def test_an_author_cannot_break_an_exercise(
    folder: Path, kind: str, change: dict[str, object], why: str
) -> None:
    load(folder)
    exercise = Exercise.objects.filter(kind=kind)[0]
    exercise.content |= change
    with pytest.raises(ValidationError, match=why):
        exercise.clean()


def test_loading_again_changes_nothing(folder: Path) -> None:
    load(folder)
    before = set(LoadedContent.objects.values_list("path", "digest", "order"))
    assert load(folder) == Report()
    assert set(LoadedContent.objects.values_list("path", "digest", "order")) == before


def test_what_nobody_edited_follows_the_files(folder: Path) -> None:
    load(folder)
    syllabus.change(folder / LESSON, "translation: el perro", "translation: {es: el can, es-mx: c}")
    syllabus.change(folder / LESSON, "practises: [sun]", "practises: [sun, dog]")
    assert load(folder).updated == ["curso/:dog", "curso//leccion/uno-01"]
    dog = Word.objects.get(key="dog")
    assert (dog.translation, dog.mexican) == ("el can", {"translation": "c"})
    first = Exercise.objects.get(key="uno-01")
    assert [each.item.key for each in first.practices.all()] == ["sun", "dog"]
    assert load(folder) == Report()


def test_what_an_author_edited_stays(folder: Path) -> None:
    load(folder)
    Word.objects.filter(key="dog").update(note="Guau.")
    Exercise.objects.get(key="uno-01").practices.all().delete()
    syllabus.change(folder / LESSON, "translation: el perro", "translation: el can")
    syllabus.change(folder / LESSON, "practises: [sun]", "practises: [sun, dog]")
    assert load(folder).kept == ["curso/:dog", "curso//leccion/uno-01"]
    assert Word.objects.get(key="dog").translation == "el perro"
    assert not Exercise.objects.get(key="uno-01").practices.exists()


def test_a_word_that_leaves_is_retired_and_stays_known(folder: Path, learner: Person) -> None:
    load(folder)
    sun = Word.objects.get(key="sun")
    Review.objects.create(profile=learner.profile, item=sun)
    text = (folder / LESSON).read_text("utf-8")
    start, end = text.index("  - id: sun"), text.index("grammar:")
    without = (text[:start] + text[end:]).replace("[sun]", "[dog]").replace("dog, sun]", "dog]")
    without = without.replace("words: [cat, dog]", "words: [cat, dog, bird]")
    bird = text[start:end].replace("sun", "bird").replace("el sol", "el ave").replace("☀️", "🐦")
    (folder / LESSON).write_text(without.replace("grammar:\n", f"{bird}grammar:\n", 1), "utf-8")
    syllabus.change(folder / QUIZ, "[sun]", "[bird]")
    report = load(folder)
    assert (report.retired, report.kept) == (["curso/:sun"], [])
    assert Review.objects.get().item.retired
    assert Lesson.objects.get(slug="leccion").items.filter(retired=False).count() == 5
    with pytest.raises(ProtectedError):
        sun.delete()
    (folder / LESSON).write_text(text, "utf-8")
    syllabus.change(folder / QUIZ, "[bird]", "[sun]")
    load(folder)
    assert not Word.objects.get(key="sun").retired


def test_units_say_which_come_before(folder: Path) -> None:
    second = folder / "dos"
    second.mkdir()
    syllabus.add_unit(folder, "dos", "after: [uno]")
    for name in (LESSON, QUIZ):
        text = (folder / name).read_text("utf-8")
        text = (
            text[: text.index("words:\n")] + text[text.index("exercises:\n") :]
            if name == LESSON
            else text
        )
        text = text.replace("slug: leccion", "slug: otra").replace("uno-", "dos-")
        (second / Path(name).name).write_text(text, "utf-8")
    load(folder)
    assert [unit.slug for unit in Unit.objects.get(slug="dos").after.all()] == ["uno"]
    syllabus.change(folder / "course.yaml", "    after: [uno]\n", "")
    assert load(folder).updated == ["curso/dos"]
    assert not Unit.objects.get(slug="dos").after.exists()


def test_a_unit_that_is_not_all_written_is_left_out_and_named(folder: Path) -> None:
    syllabus.add_unit(folder, "dos")
    out = io.StringIO()
    call_command("load_course", folder, stdout=out)
    assert "curso/dos: not all written yet, left out" in out.getvalue()
    assert Unit.objects.get().slug == "uno"


def test_a_lesson_that_lacks_something_is_loaded_as_a_draft(folder: Path) -> None:
    syllabus.change(folder / LESSON, "    explanation: Dura más.\n", "")
    load(folder)
    assert not Lesson.objects.get(slug="leccion").published
    assert Lesson.objects.get(slug="uno-quiz").published


MISTAKES = [  # file, what stands there, what is put there, the line after it, why it is refused
    (QUIZ, "answers: [see]", "answers: [see]\n    sung: x", 1, "unknown key 'sung'"),
    (QUIZ, "- id: uno-q-01", "- id: uno-01", 0, "'uno-01' comes twice"),
    (LESSON, "answer: sheep", "answer: goat", 0, "'goat' is not among the options"),
]


@pytest.mark.parametrize("loaded_before", [False, True])
@pytest.mark.parametrize(("file", "before", "after", "line", "why"), MISTAKES)
def test_a_folder_with_a_mistake_is_refused_whole(
    folder: Path, file: str, before: str, after: str, line: int, why: str, loaded_before: bool
) -> None:
    if loaded_before:
        load(folder)
    rows = everything()
    syllabus.change(folder / LESSON, "Veo un sol.", "Veo el sol.")  # good, and not loaded either
    line += syllabus.change(folder / file, before, after)
    with pytest.raises(CommandError, match=rf"^{re.escape(file)}:{line}: {why}"):
        call_command("load_course", folder)
    assert everything() == rows


def test_a_circle_of_units_is_refused_whole(folder: Path) -> None:
    load(folder)
    rows = everything()
    line = syllabus.change(folder / "course.yaml", "slug: uno\n", "slug: uno\n    after: [dos]\n")
    syllabus.add_unit(folder, "dos", "after: [uno]")
    with pytest.raises(CommandError, match=rf"^course\.yaml:{line}: a circle of units: uno > dos"):
        call_command("load_course", folder)
    assert everything() == rows


def everything() -> list[tuple[object, ...]]:
    """All that a course puts into the database."""
    models = (Course, Unit, Lesson, Exercise, Item, Word, Practice, LoadedContent)
    return [row for each in models for row in each._default_manager.order_by("pk").values_list()]


def test_loading_again_takes_few_queries(
    folder: Path, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    load(folder)
    with django_assert_max_num_queries(16):
        load(folder)


def test_the_texts_follow_the_language_of_the_page(folder: Path) -> None:
    syllabus.change(folder / LESSON, "translation: Veo un sol.", "translation: {es: s, es-mx: m}")
    load(folder)
    exercise = Exercise.objects.get(key="uno-01")
    for language, text in (("es", "s"), ("es-mx", "m"), ("en", "s")):
        with override(language):
            assert (exercise.local.translation, str(exercise.as_read().translation)) == (text, text)


def test_the_course_that_comes_with_cotorra_loads_whole(db: None) -> None:
    course, left_out = read_course(FOLDER / "a1")
    report = loading.load(course)
    assert left_out == () and not report.kept
    assert not Lesson.objects.filter(published=False).exists()
    assert Word.objects.count() >= 700
    assert loading.load(course) == Report()
