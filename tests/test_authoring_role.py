"""What an author may do, and what they may not even see."""

from importlib import import_module
from pathlib import Path

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.models import User
from learning import progress
from learning.authoring.role import AUTHORS
from learning.models import Course, Exercise, Lesson, Review, Word
from tests import authors
from tests.authors import ADMIN
from tests.people import Person

LEARNERS = [
    *("accounts/user", "accounts/profile", "accounts/consent", "assessment/attempt"),
    *("learning/progress", "learning/soundcount", "learning/reading"),
    *("auth/group", "axes/accessattempt"),
]


@pytest.fixture
def course(db: None, tmp_path: Path) -> Course:
    return authors.course(tmp_path)


@pytest.fixture
def bystander(db: None) -> Client:
    """Somebody who may enter admin and do nothing there."""
    client = Client()
    client.force_login(User.objects.create_user("nadie", password="x", is_staff=True))
    return client


@pytest.mark.parametrize("page", LEARNERS)
def test_an_author_sees_no_learners_and_no_accounts(author: Client, page: str) -> None:
    assert author.get(f"/admin/{page}/").status_code == 403
    assert author.get(f"/admin/{page}/add/").status_code == 403
    index = author.get("/admin/").content.decode()
    assert f"/admin/{page}/" not in index and "Progresos" not in index


def test_no_page_of_an_author_names_a_learner(
    author: Client, course: Course, learner: Person
) -> None:
    exercise, word = Exercise.objects.get(key="uno-01"), Word.objects.get(key="dog")
    lesson = exercise.lesson
    progress.record(learner.profile, exercise, 0.9, timezone.now())
    Review.objects.create(profile=learner.profile, item=word)
    pages = [f"lesson/{lesson.pk}/{page}/" for page in ("change", "delete", "history", "revisar")]
    pages += [f"word/{word.pk}/delete/", f"exercise/{exercise.pk}/delete/"]
    pages += [f"unit/{lesson.unit_id}/delete/", f"course/{course.pk}/delete/"]
    for page in pages:
        response = author.get(f"{ADMIN}/{page}")
        assert response.status_code == 200, page
        assert learner.profile.name not in response.content.decode(), page


def test_who_has_no_role_gets_nothing(bystander: Client, course: Course) -> None:
    lesson = Lesson.objects.get(slug="leccion")
    for page in (
        *("lesson/", "lesson/guia/", "lesson/importar/", f"lesson/{lesson.pk}/change/"),
        *("word/export/", "word/import/", "exercise/export/", "word/voz.ogg?text=cat"),
        "word/recover/",
    ):
        assert bystander.get(f"{ADMIN}/{page}").status_code == 403, page
    for page in (f"lesson/{lesson.pk}/revisar/", f"lesson/{lesson.pk}/exportar/"):
        assert bystander.get(f"{ADMIN}/{page}").status_code == 404, page
    for page in ("word/como-se-dice/", "exercise/hispanohablante/"):
        assert bystander.post(f"{ADMIN}/{page}", {"text": "cat"}).status_code == 403, page
    bystander.post(f"{ADMIN}/lesson/{lesson.pk}/revisar/", {"unpublish": "1"})
    bystander.post(f"{ADMIN}/word/{Word.objects.get(key='dog').pk}/retirar/")
    lesson.refresh_from_db()
    assert lesson.published and not Word.objects.get(key="dog").retired


def test_who_is_not_signed_in_is_asked_to(stranger: Person, course: Course) -> None:
    lesson = Lesson.objects.get(slug="leccion")
    for page in (f"lesson/{lesson.pk}/revisar/", "lesson/guia/", "word/voz.ogg?text=cat"):
        response = stranger.client.get(f"{ADMIN}/{page}")
        assert response.status_code == 302 and "/admin/login/" in response.headers["Location"]


def test_what_was_changed_in_the_role_stays(db: None) -> None:
    group = Group.objects.get(name=AUTHORS)
    assert group.permissions.count() == 4 * 11
    group.permissions.remove(group.permissions.get(codename="delete_course"))
    call_command("migrate", "--verbosity", "0")
    assert group.permissions.count() == 4 * 11 - 1


def test_a_role_of_before_gets_the_rights_on_what_came_since(db: None) -> None:
    group = Group.objects.get(name=AUTHORS)
    group.permissions.remove(group.permissions.get(codename="delete_course"))
    Permission.objects.filter(content_type__model__in=["book", "page"]).delete()
    assert group.permissions.count() == 4 * 9 - 1
    call_command("migrate", "--verbosity", "0")
    assert group.permissions.count() == 4 * 11 - 1
    assert not group.permissions.filter(codename="delete_course").exists()


def test_a_role_that_missed_the_books_gets_them_once(db: None) -> None:
    migration = import_module("learning.migrations.0006_authors_of_books")
    group = Group.objects.get(name=AUTHORS)
    of_books = group.permissions.filter(content_type__model__in=["book", "page"])
    group.permissions.remove(*of_books[1:])
    migration.give_books(apps, connection.schema_editor())
    assert of_books.count() == 1  # an operator's choice
    group.permissions.remove(*of_books)
    migration.give_books(apps, connection.schema_editor())
    assert group.permissions.count() == 4 * 11
    group.delete()
    migration.give_books(apps, connection.schema_editor())  # a new installation
