"""An author's work in admin: lessons, words and exercises, checked and then published."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.db.models import Model
from django.test import Client
from django.utils import timezone

from learning import progress
from learning.models import (
    Course,
    Exercise,
    Item,
    Lesson,
    Progress,
    Review,
    Sitting,
    Word,
)
from tests import authors, books
from tests.authors import ADMIN, errors, form_of, text_of
from tests.people import Person


@pytest.fixture
def course(db: None, tmp_path: Path) -> Course:
    return authors.course(tmp_path)


@pytest.fixture
def lesson(course: Course) -> Lesson:
    return Lesson.objects.get(slug="leccion")


def change(row: Model) -> str:
    return f"{ADMIN}/{row._meta.model_name}/{row.pk}/change/"


def test_every_page_of_admin_opens(author: Client, lesson: Lesson) -> None:
    names = ["course", "unit", "lesson", "exercise", "word", "grammarpoint", "pairset"]
    for name in names:
        for page in ("", "add/", "recover/"):
            assert author.get(f"{ADMIN}/{name}/{page}").status_code == 200, (name, page)
    for name in ("word", "exercise"):
        assert author.get(f"{ADMIN}/{name}/import/").status_code == 200
        assert author.get(f"{ADMIN}/{name}/export/").status_code == 200
    for row in (lesson, lesson.unit, lesson.unit.course, *lesson.items.all()):
        kind = {"word": "word", "grammar": "grammarpoint", "pairs": "pairset"}
        name = kind[row.kind] if isinstance(row, Item) else str(row._meta.model_name)
        for page in ("change", "history", "delete"):
            assert author.get(f"{ADMIN}/{name}/{row.pk}/{page}/").status_code == 200
    assert author.get(f"{ADMIN}/lesson/{lesson.pk}/revisar/").status_code == 200
    choice = {"app_label": "learning", "model_name": "practice", "field_name": "item"}
    found = author.get("/admin/autocomplete/", {**choice, "term": "gato"}).json()["results"]
    assert [each["text"] for each in found] == ["cat"]


def test_the_check_lists_all_that_is_missing(author: Client, lesson: Lesson) -> None:
    Word.objects.filter(key="dog").update(emoji="", translation="", example="The brillig dog.")
    Exercise.objects.filter(key="uno-01").update(translation="")
    Exercise.objects.filter(key="uno-07").update(explanation="")
    uno = Exercise.objects.get(key="uno-06")
    uno.content["answer"] = "A cow."
    uno.save()
    page = text_of(author.get(f"{ADMIN}/lesson/{lesson.pk}/revisar/"))
    for said in (
        "dog : Falta un dibujo, o decir por qué no lo tiene.",
        "dog : Falta la traducción.",
        "dog : «brillig» no está en el diccionario",
        "I see a sun. : Falta la traducción.",
        "uno-07 : Falta la explicación",
        "uno-06 : La respuesta «A cow.» no está entre las opciones.",
    ):
        assert said in page, said
    Lesson.objects.update(published=False)
    author.post(f"{ADMIN}/lesson/{lesson.pk}/revisar/", {"publish": "1"})
    assert not Lesson.objects.get(pk=lesson.pk).published


def test_a_text_without_a_voice_is_listed(author: Client, lesson: Lesson) -> None:
    Word.objects.filter(english="cat").update(example="…!")
    page = text_of(author.get(f"{ADMIN}/lesson/{lesson.pk}/revisar/"))
    assert "No se ha podido hacer el audio de «…!»" in page


def test_a_draft_is_previewed_checked_published_and_taken_back(
    author: Client, lesson: Lesson, stranger: Person
) -> None:
    Lesson.objects.update(published=False)
    address = f"{ADMIN}/lesson/{lesson.pk}/revisar/"
    assert author.get(lesson.get_absolute_url()).status_code == 200
    assert stranger.client.get(lesson.get_absolute_url()).status_code == 404
    assert "No falta nada" in text_of(author.get(address))
    author.post(address, {"publish": "1"})
    assert stranger.client.get(lesson.get_absolute_url()).status_code == 200
    author.post(address, {"unpublish": "1"})
    assert stranger.client.get(lesson.get_absolute_url()).status_code == 404


def test_the_list_publishes_what_lacks_nothing(author: Client, lesson: Lesson) -> None:
    bad = Lesson.objects.create(unit=lesson.unit, slug="mala", title="Mala")
    Exercise.objects.create(lesson=bad, key="usagi", text="兎")
    Lesson.objects.update(published=False)
    chosen = {"action": "publish", "_selected_action": [lesson.pk, bad.pk]}
    page = text_of(author.post(f"{ADMIN}/lesson/", chosen, follow=True))
    assert "Mala: no se publica." in page and "«兎»: No sabemos cómo se pronuncia" in page
    published = Lesson.objects.filter(published=True)
    assert [each.slug for each in published] == ["leccion"]


def test_who_spoils_a_published_lesson_is_told(author: Client, lesson: Lesson) -> None:
    address = change(Word.objects.get(key="dog"))
    page = text_of(author.post(address, form_of(author, address) | {"emoji": ""}, follow=True))
    assert "está publicada y tiene un problema. «dog»: Falta un dibujo" in page


def test_unpublishing_a_lesson_that_somebody_is_in_asks_and_keeps(
    author: Client, lesson: Lesson, learner: Person
) -> None:
    Sitting.objects.create(profile=learner.profile, lesson=lesson)
    exercise = Exercise.objects.get(key="uno-01")
    progress.record(learner.profile, exercise, 0.9, timezone.now())
    chosen = {"action": "unpublish", "_selected_action": [lesson.pk]}
    page = text_of(author.post(f"{ADMIN}/lesson/", chosen, follow=True))
    assert "una persona la está haciendo ahora" in page and "Lucía" not in page
    assert Lesson.objects.get(pk=lesson.pk).published
    address = f"{ADMIN}/lesson/{lesson.pk}/revisar/"
    assert "Atención: una persona la está haciendo ahora" in text_of(author.get(address))
    author.post(address, {"unpublish": "1"})
    assert learner.client.get(lesson.get_absolute_url()).status_code == 404
    assert learner.client.get("/").status_code == 200
    assert Progress.objects.get(profile=learner.profile).best == 0.9


def test_a_lesson_that_was_left_long_ago_is_unpublished_at_once(
    author: Client, lesson: Lesson, learner: Person
) -> None:
    long_ago = timezone.now() - timedelta(days=3)
    Sitting.objects.create(profile=learner.profile, lesson=lesson, started=long_ago)
    chosen = {"action": "unpublish", "_selected_action": [lesson.pk]}
    author.post(f"{ADMIN}/lesson/", chosen)
    assert not Lesson.objects.get(pk=lesson.pk).published


def test_a_word_with_reviews_is_retired_not_deleted(
    author: Client, lesson: Lesson, learner: Person
) -> None:
    word = Word.objects.get(key="dog")
    Review.objects.create(profile=learner.profile, item=word)
    page = text_of(author.get(f"{ADMIN}/word/{word.pk}/delete/"))
    assert "«dog» no se borra: una persona tiene aquí algo aprendido" in page
    assert "¿Quieres retirarlo?" in page and "Lucía" not in page
    author.post(f"{ADMIN}/word/{word.pk}/delete/", {"post": "yes"})
    chosen = {"action": "delete_selected", "_selected_action": [word.pk], "post": "yes"}
    page = text_of(author.post(f"{ADMIN}/word/", chosen, follow=True))
    assert "No se borra nada" in page
    author.post(f"{ADMIN}/word/{word.pk}/retirar/")
    word.refresh_from_db()
    assert word.retired and Review.objects.count() == 1
    author.post(f"{ADMIN}/word/{word.pk}/retirar/")
    word.refresh_from_db()
    assert not word.retired


@pytest.mark.parametrize("name", ["lesson", "unit", "course", "exercise"])
def test_what_learners_hang_from_is_not_deleted(
    author: Client, lesson: Lesson, learner: Person, name: str
) -> None:
    exercise = Exercise.objects.get(key="uno-01")
    progress.record(learner.profile, exercise, 0.9, timezone.now())
    held = {"lesson": lesson, "unit": lesson.unit, "course": lesson.unit.course}
    row = held.get(name, exercise)
    author.post(f"{ADMIN}/{name}/{row.pk}/delete/", {"post": "yes"})
    row.refresh_from_db()


def test_what_nobody_learnt_is_deleted_and_comes_back(author: Client, lesson: Lesson) -> None:
    word = Word.objects.get(key="sun")
    author.post(f"{ADMIN}/word/{word.pk}/delete/", {"post": "yes"})
    assert not Word.objects.filter(key="sun").exists()
    listed = author.get(f"{ADMIN}/word/recover/")
    version = listed.context["deleted"][0]
    address = f"{ADMIN}/word/recover/{version.pk}/"
    assert errors(author.post(address, form_of(author, address))) == {}
    assert Word.objects.get(key="sun").english == "sun"


def test_a_change_to_a_loaded_row_is_undone(author: Client, lesson: Lesson) -> None:
    exercise = Exercise.objects.get(key="uno-08")
    form = form_of(author, change(exercise)) | {"answers": "cow", "practices-0-DELETE": "on"}
    assert errors(author.post(change(exercise), form)) == {}
    exercise.refresh_from_db()
    assert exercise.content == {"answers": ["cow"]}
    history = author.get(f"{ADMIN}/exercise/{exercise.pk}/history/")
    assert "autora" in text_of(history) and "Como estaba antes" in text_of(history)
    first = history.context["action_list"][-1]["url"]
    assert errors(author.post(first, form_of(author, first))) == {}
    exercise.refresh_from_db()
    assert exercise.content == {"answers": ["cat", "dog"]}
    assert [practice.item.key for practice in exercise.practices.all()] == ["cat", "dog"]


@pytest.mark.parametrize("name", ["lesson", "book"])
def test_to_undo_publishes_nothing(
    author: Client, lesson: Lesson, tmp_path: Path, name: str
) -> None:
    rows = (lesson, books.load(tmp_path))
    row = {str(each._meta.model_name): each for each in rows}[name]
    check = f"{ADMIN}/{name}/{row.pk}/revisar/"
    author.post(check, {"publish": "1"})
    title = row.title

    def send(address: str, **changed: str) -> str:
        form = {k: v for k, v in form_of(author, address).items() if "SVG" not in str(v)}
        form = {k: v for k, v in form.items() if not k.endswith(("picture", "cover"))}
        response = author.post(address, form | changed, follow=True)
        assert response.redirect_chain, errors(response)
        row.refresh_from_db()
        return text_of(response)

    history = f"{ADMIN}/{name}/{row.pk}/history/"
    send(change(row), title="Rain")
    public = author.get(history).context["action_list"][0]["url"]
    send(change(row), title="Sun")
    assert "deshacer no publica" not in send(public)
    assert (row.title, row.published) == ("Rain", True)  # it was public until now
    author.post(check, {"unpublish": "1"})
    send(change(row), title=title)
    assert "deshacer no publica" in send(public)
    assert (row.title, row.published) == ("Rain", False)
    last = author.get(history).context["action_list"][0]["revision"]
    assert not last.version_set.get_for_model(type(row)).get().field_dict["published"]


def test_to_undo_publishes_nothing_beside_it_or_deleted(author: Client, lesson: Lesson) -> None:
    other = Lesson.objects.create(unit=lesson.unit, slug="otra", title="Otra")
    Exercise.objects.create(lesson=other, key="otra-01", text="I see a cat.")
    Lesson.objects.update(published=True)
    list_form = author.get(f"{ADMIN}/lesson/").context["cl"].formset
    form = {f.html_name: f.value() for each in list_form.forms for f in each}
    form |= {f.html_name: f.value() for f in list_form.management_form}
    form |= {name: "7" for name in form if name.endswith("order")} | {"_save": "1"}
    author.post(f"{ADMIN}/lesson/", form)  # one revision of both
    Lesson.objects.update(published=False)
    history = author.get(f"{ADMIN}/lesson/{lesson.pk}/history/")
    both = history.context["action_list"][0]["url"]
    author.post(both, form_of(author, both))
    assert not Lesson.objects.filter(published=True).exists()
    Exercise.objects.filter(lesson=other).delete()
    Lesson.objects.update(published=True)
    author.post(f"{ADMIN}/lesson/{other.pk}/delete/", {"post": "yes"})
    version = author.get(f"{ADMIN}/lesson/recover/").context["deleted"][0]
    address = f"{ADMIN}/lesson/recover/{version.pk}/"
    assert version.field_dict["published"]
    assert errors(author.post(address, form_of(author, address))) == {}
    assert [each.slug for each in Lesson.objects.filter(published=False)] == ["otra"]


def test_a_lesson_s_page_leads_to_what_is_in_it(author: Client, lesson: Lesson) -> None:
    response = author.get(change(lesson))
    page = response.content.decode()
    assert lesson.get_absolute_url() in page
    for exercise in lesson.exercises.all():
        assert change(exercise) in page
    assert f"{ADMIN}/word/add/?lesson={lesson.pk}" in page


def test_the_guide_is_linked_from_the_index(author: Client) -> None:
    assert "/admin/learning/lesson/guia/" in author.get("/admin/").content.decode()
    page = text_of(author.get(f"{ADMIN}/lesson/guia/"))
    assert "Revisa y publica" in page and "la i corta de «ship»" in page
