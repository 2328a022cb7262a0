"""What is taught: accepted pronunciations, progress, and an author's work in admin."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from accounts.models import User
from learning import accepted, progress
from learning.models import Course, Exercise, Lesson, Progress, Unit
from speech.errors import SpeechError
from tests import lessons
from tests.people import Person

NOON = datetime(2030, 1, 1, 12, tzinfo=UTC)


@pytest.fixture
def author(db: None) -> Client:
    """Somebody who writes lessons."""
    client = Client()
    client.force_login(User.objects.create_superuser("autora", password="x"))
    return client


@pytest.fixture
def unit(db: None) -> Unit:
    course = Course.objects.create(slug="curso", title="Curso")
    return Unit.objects.create(course=course, slug="unidad", title="Unidad")


def lesson_form(unit: Unit, exercises: list[dict[str, str]], **change: str) -> dict[str, str]:
    """What admin's page sends."""
    form = {
        "title": "Animales",
        "slug": "animales",
        "unit": str(unit.pk),
        "kind": "pronunciation",
        "emoji": "🐰",
        "intro": "Hola.",
        "order": "1",
        "published": "on",
        "exercises-TOTAL_FORMS": str(len(exercises)),
        "exercises-INITIAL_FORMS": "0",
    } | change
    for number, exercise in enumerate(exercises):
        fields = {"order": str(number), "kind": "say_word", "translation": "conejo"} | exercise
        form |= {f"exercises-{number}-{name}": value for name, value in fields.items()}
    return form


def test_an_accepted_pronunciation_names_its_word() -> None:
    assert accepted.parse("rabbit: R AE B IH T\n\nA: EY1", "a rabbit") == {
        "rabbit": ["R AE B IH T"],
        "a": ["EY1"],
    }


def test_where_there_is_one_word_it_need_not_be_named() -> None:
    assert accepted.parse("R AE B EH T", "Rabbit!") == {"rabbit": ["R AE B EH T"]}


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        ("R AE B IH T", "escribe la palabra delante"),
        ("hare: HH EH R", "«hare» no está en el texto"),
        ("rabbit: R AE QQ", "«QQ» no es un sonido"),
        ("rabbit: es_rr AE B IH T", "«es_rr» no es un sonido del inglés"),
        ("rabbit:", "faltan los sonidos"),
    ],
)
def test_a_line_that_is_no_pronunciation_is_refused(lines: str, why: str) -> None:
    with pytest.raises(accepted.NotAccepted, match=why):
        accepted.parse(lines, "a rabbit")


def test_the_criterion_holds_the_author_s_pronunciation_first(db: None) -> None:
    exercise = lessons.exercise("rabbit")
    exercise.accepted = "R AE B EH T"
    (word,) = exercise.criterion(model="1").words
    assert word.pronunciations[0] == ("R", "AE", "B", "EH", "T")
    assert ("R", "AE", "B", "IH", "T") in word.pronunciations


def test_a_word_that_nobody_can_pronounce_is_named(db: None) -> None:
    exercise = lessons.exercise("a 兎")
    with pytest.raises(ValidationError, match="兎"):
        exercise.clean()
    with pytest.raises(SpeechError):
        exercise.criterion()


def test_progress_keeps_the_best_and_the_last(learner: Person) -> None:
    exercise = lessons.exercise()
    for minute, score in enumerate([0.4, 0.9, 0.6]):
        progress.record(learner.profile, exercise, score, NOON + timedelta(minutes=minute))
    found = Progress.objects.get()
    assert (found.attempts, found.best, found.last) == (3, 0.9, 0.6)
    assert found.last_at == NOON + timedelta(minutes=2)


def test_a_late_answer_does_not_become_the_last(learner: Person) -> None:
    exercise = lessons.exercise()
    progress.record(learner.profile, exercise, 0.5, NOON)
    progress.record(learner.profile, exercise, 0.8, NOON - timedelta(hours=1))
    found = Progress.objects.get()
    assert (found.attempts, found.best, found.last, found.last_at) == (2, 0.8, 0.5, NOON)


def test_progress_is_each_learner_s_own(learner: Person, stranger: Person) -> None:
    exercise = lessons.exercise()
    progress.record(learner.profile, exercise, 0.5, NOON)
    progress.record(stranger.profile, exercise, 0.7, NOON)
    assert Progress.objects.get(profile=learner.profile).best == 0.5


def test_an_explanation_is_read_in_paragraphs(unit: Unit) -> None:
    lesson = Lesson(unit=unit, intro="Uno\r\ndos.\r\n\r\n  Tres. \n\n\n")
    assert lesson.paragraphs == ["Uno dos.", "Tres."]


def test_an_author_writes_a_lesson_with_its_exercises(author: Client, unit: Unit) -> None:
    form = lesson_form(unit, [{"key": "rabbit", "text": "rabbit"}, {"key": "ox", "text": "an ox"}])
    response = author.post("/admin/learning/lesson/add/", form)
    assert response.status_code == 302, response.context["errors"]
    lesson = Lesson.objects.get(slug="animales")
    assert [e.text for e in lesson.shown_exercises] == ["rabbit", "an ox"]


def test_a_lesson_with_an_unknown_word_is_not_saved_and_says_which(
    author: Client, unit: Unit
) -> None:
    form = lesson_form(unit, [{"key": "usagi", "text": "a 兎"}])
    page = author.post("/admin/learning/lesson/add/", form).content.decode()
    assert "兎" in page and "No sabemos cómo se pronuncia" in page
    assert not Lesson.objects.exists()


def test_a_wrong_accepted_pronunciation_is_not_saved(author: Client, unit: Unit) -> None:
    form = lesson_form(unit, [{"key": "rabbit", "text": "rabbit", "accepted": "R QQ"}])
    page = author.post("/admin/learning/lesson/add/", form).content.decode()
    assert "«QQ» no es un sonido" in page


def test_an_empty_lesson_is_not_published(author: Client, unit: Unit) -> None:
    page = author.post("/admin/learning/lesson/add/", lesson_form(unit, [])).content.decode()
    assert "necesita al menos un ejercicio" in page
    draft = lesson_form(unit, [])
    del draft["published"]
    assert author.post("/admin/learning/lesson/add/", draft).status_code == 302


def test_publishing_checks_first(author: Client) -> None:
    good, bad = lessons.exercise("rabbit", published=False).lesson, None
    bad = Lesson.objects.create(unit=good.unit, slug="mala", title="Mala")
    Exercise.objects.create(lesson=bad, key="usagi", text="兎")
    chosen = {"action": "publish", "_selected_action": [good.pk, bad.pk]}
    page = author.post("/admin/learning/lesson/", chosen, follow=True).content.decode()
    good.refresh_from_db()
    bad.refresh_from_db()
    assert (good.published, bad.published) == (True, False)
    assert "«兎»: No sabemos cómo se pronuncia" in page


def test_an_author_previews_what_others_do_not_see_yet(author: Client, stranger: Person) -> None:
    lesson = lessons.exercise("rabbit", published=False).lesson
    page = author.get(f"/admin/learning/lesson/{lesson.pk}/change/").content.decode()
    assert "/admin/r/" in page  # 'view on site'
    assert author.get(lesson.get_absolute_url()).status_code == 200
    assert stranger.client.get(lesson.get_absolute_url()).status_code == 404


def test_every_page_of_admin_opens(author: Client, learner: Person) -> None:
    exercise = lessons.exercise()
    progress.record(learner.profile, exercise, 0.5, NOON)
    for page in ("course/", "course/add/", "lesson/", "lesson/add/", "progress/"):
        assert author.get(f"/admin/learning/{page}").status_code == 200
    assert author.get(f"/admin/learning/lesson/?q={exercise.text[:4]}").status_code == 200
