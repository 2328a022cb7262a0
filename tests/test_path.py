"""The path and the page of a lesson: what is done, what is next, what is taught."""

import re
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from django.utils.translation import override
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from learning import progress
from learning.models import Exercise, GrammarPoint, Item, Lesson, PairSet, Sitting, Unit, Word
from learning.path import path_of
from tests import lessons, syllabus
from tests.people import Person

LESSON, PLAYER = "/leccion/leccion/", "/jugar/leccion/"


@pytest.fixture
def course(tmp_path: Path, db: None) -> Path:
    """The small course, loaded."""
    folder = syllabus.write(tmp_path)
    call_command("load_course", folder, verbosity=0)
    return folder


def sit(person: Person, slug: str, score: float | None) -> None:
    """Go through a lesson to its end, or with None leave it half-way."""
    Sitting.objects.create(
        profile=person.profile,
        lesson=Lesson.objects.get(slug=slug),
        score=score,
        ended=None if score is None else timezone.now(),
    )


def states(person: Person | None) -> list[str]:
    path = path_of(person.profile if person else None)
    return [stop.state for _, stretches in path.courses for one in stretches for stop in one.stops]


def test_a_newcomer_begins_with_the_first_lesson(client: Client, course: Path) -> None:
    html = client.get("/").content.decode()
    assert re.search(r'<a class="button button-big" href="/leccion/leccion/">Empezar', html)
    assert 'Ahora toca <b lang="es">Lección</b>, 6 minutos' in html
    assert html.count("Sin empezar") == 2
    assert 'href="/leccion/uno-quiz/"' in html
    assert "0 de 2 · 11 minutos" in html
    assert path_of(None).started is False


def test_a_lesson_gone_through_is_done_and_the_next_one_comes(
    learner: Person, stranger: Person, course: Path
) -> None:
    sit(learner, "leccion", None)
    assert states(learner) == ["begun", "new"]
    sit(learner, "leccion", 0.5)
    assert states(learner) == ["done", "new"]
    html = learner.client.get("/").content.decode()
    assert re.search(r'href="/leccion/uno-quiz/">Seguir', html)
    assert "1 de 2 · 5 minutos" in html
    assert states(stranger) == ["new", "new"]


@pytest.mark.parametrize(("score", "state"), [(0.74, "begun"), (0.75, "done")])
def test_a_quiz_is_done_from_its_mark_on(
    learner: Person, course: Path, score: float, state: str
) -> None:
    sit(learner, "uno-quiz", score)
    assert states(learner) == ["new", state]
    html = learner.client.get("/leccion/uno-quiz/").content.decode()
    assert f"Tu mejor resultado: {score:.0%}".replace("%", " %") in html
    assert "1 pregunta. Apruebas con el 75 %." in html
    sit(learner, "uno-quiz", 0.1)
    assert states(learner) == ["new", state]  # the best counts


def test_with_all_done_there_is_nothing_next(learner: Person, course: Path) -> None:
    sit(learner, "leccion", 1.0)
    sit(learner, "uno-quiz", 1.0)
    path = path_of(learner.profile)
    assert path.next is None
    assert path.courses[0][1][0].count == "Unidad completa"
    assert "button-big" not in learner.client.get("/").content.decode()


def test_a_lesson_that_is_only_read_aloud_goes_on_where_it_was_left(learner: Person) -> None:
    ship, fish = (lessons.exercise(text) for text in ("ship", "fish"))
    progress.record(learner.profile, ship, 0.9, timezone.now())
    assert path_of(learner.profile).next_url == "/leccion/prueba-true/#ejercicio-2"
    progress.record(learner.profile, fish, 0.8, timezone.now())
    assert states(learner) == ["done"]


def test_drafts_and_empty_lessons_are_not_on_the_path(learner: Person, course: Path) -> None:
    Lesson.objects.filter(slug="uno-quiz").update(published=False)
    unit = Unit.objects.get()
    Lesson.objects.create(unit=unit, slug="vacia", title="Vacía", published=True)
    assert states(learner) == ["new"]
    assert learner.client.get("/leccion/uno-quiz/").status_code == 404
    assert learner.client.get("/leccion/vacia/").status_code == 404
    author = Client()
    author.force_login(User.objects.create_superuser("autora", password="x"))
    assert author.get("/leccion/uno-quiz/").status_code == 200


def test_the_page_of_a_lesson_shows_what_it_teaches(client: Client, course: Path) -> None:
    html = client.get(LESSON).content.decode()
    assert '<p lang="es">Hola,</p>' in html and '<p lang="es">corto.</p>' in html
    assert "Vocabulario · 6 minutos" in html
    for word in Word.objects.all():
        assert f'lang="en">{word.english}</h3>' in html
        assert word.translation in html and word.emoji in html
        assert word.example in html and word.example_translation in html
    assert "See a cat." in html and "Falta «I»." in html
    for pair in PairSet.objects.get().phrases:
        for side in pair:
            assert f'<b lang="en">{side.text}</b>' in html and str(side.translation) in html
    assert 'href="/jugar/leccion/"' in html
    assert not re.search(r"<script(?![^>]*src=)|style=|\son\w+=", html)


def test_every_audio_button_says_what_stands_beside_it(client: Client, course: Path) -> None:
    html = client.get(LESSON).content.decode()
    found = re.findall(
        r'data-play="/voz/algo/(\d+)/(\d+)/normal\.ogg" aria-label="Escuchar «([^»]+)»', html
    )
    assert len(found) == 3 * 2 + 4 + 4 * 2
    for pk, part, text in found:
        assert Item.objects.get(pk=pk).whole.heard[int(part)] == text


def test_the_voice_of_an_item_is_heard(client: Client, course: Path) -> None:
    point = GrammarPoint.objects.get()
    answer = client.get(f"/voz/algo/{point.pk}/3/normal.mp3")
    assert (answer.status_code, answer["Content-Type"]) == (200, "audio/mpeg")
    assert client.get(f"/voz/algo/{point.pk}/4/normal.mp3").status_code == 404
    sound = Item.objects.get(key="IY")
    assert client.get(f"/voz/algo/{sound.pk}/0/normal.mp3").status_code == 404


def test_what_mexico_says_otherwise_is_shown_there(client: Client, course: Path) -> None:
    assert "el gato</p>" in client.get(LESSON).content.decode()
    html = client.get(LESSON, headers={"Accept-Language": "es-mx"}).content.decode()
    assert "el gatito</p>" in html and "el perro</p>" in html
    with override("es-mx"):
        assert Word.objects.get(key="cat").local.translation == "el gatito"


def test_a_statement_as_mexico_says_it(client: Client, course: Path) -> None:
    exercise = Exercise.objects.get(kind="true_false")
    exercise.content["statement"] = {"es": "El gato va en coche.", "es-mx": "El gato va en carro."}
    exercise.full_clean()
    exercise.save()
    assert "El gato va en coche.</p>" in client.get(PLAYER).content.decode()
    mexican = client.get(PLAYER, headers={"Accept-Language": "es-mx"}).content.decode()
    assert "El gato va en carro.</p>" in mexican and "coche" not in mexican


def test_retired_words_are_not_shown(client: Client, course: Path) -> None:
    Word.objects.filter(key="sun").update(retired=True)
    assert "el sol" not in client.get(LESSON).content.decode()


def test_queries_do_not_grow_with_the_course(
    learner: Person, course: Path, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    sit(learner, "leccion", 1.0)
    with django_assert_num_queries(5):  # session, profile, lessons, progress, sittings
        learner.client.get("/")
    with django_assert_num_queries(10):
        learner.client.get(LESSON)
    lesson = Lesson.objects.get(slug="leccion")
    for number in range(5):
        unit = Unit.objects.create(course=lesson.unit.course, slug=f"u{number}", title="U")
        more = Lesson.objects.create(unit=unit, slug=f"l{number}", title="L", published=True)
        exercise = Exercise.objects.create(lesson=more, key="a", text="a cat")
        progress.record(learner.profile, exercise, 0.9, timezone.now())
        _word(lesson, number)
    with django_assert_num_queries(5):
        assert "L" in learner.client.get("/").content.decode()
    with django_assert_num_queries(10):
        learner.client.get(LESSON)


def _word(lesson: Lesson, number: int) -> None:
    Word.objects.create(
        course=lesson.unit.course, lesson=lesson, key=f"w{number}", english="cat", example="A cat."
    )
