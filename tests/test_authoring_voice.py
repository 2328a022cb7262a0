"""The voice in admin: how much is said, who may have the rest said, and a sentence to try."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group
from django.core.cache import cache
from django.core.files.storage import default_storage
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from accounts.models import User
from learning import narration, narration_ahead, narration_report, narration_texts, voice
from learning.authoring import read_aloud
from learning.authoring.role import AUTHORS
from learning.models import Book, Lesson
from learning.voice import Passage
from speech.errors import SpeechError
from tests import books, lessons, narrators, queues
from tests.authors import ADMIN, text_of
from tests.people import Person

pytestmark = pytest.mark.django_db
PAGE = f"{ADMIN}/lesson/voz/"
ASK = "Preparar los 12 que faltan"
SENTENCE = {"text": "Ana has 20 kites.", "style": "storytelling", "speed": "lenta"}


@pytest.fixture(autouse=True)
def own(settings: Settings, tmp_path: Path) -> Iterator[str]:
    with narrators.installed(settings, tmp_path) as version:
        yield version


@pytest.fixture
def lesson(monkeypatch: pytest.MonkeyPatch) -> Lesson:
    """Of 10 audios; the tips are one word."""
    monkeypatch.setattr(narration_texts, "others", [lambda: ["ship"]])
    return lessons.exercise("I see a rabbit.").lesson


@pytest.fixture
def book(tmp_path: Path) -> Book:
    found = books.load(tmp_path)
    Book.objects.update(published=True)
    found.refresh_from_db()
    return found


def change(row: Lesson | Book) -> str:
    return f"{ADMIN}/{row._meta.model_name}/{row.pk}/change/"


def test_it_says_how_much_is_there(author: Client, lesson: Lesson, book: Book, own: str) -> None:
    for passage in narration_texts.of(lesson)[:4]:
        narration.made(passage)
    found = narration_report.report()
    assert found.lessons[lesson.pk] == found.kinds["lessons"] == (4, 10)
    assert found.books[book.pk] == found.kinds["books"]
    assert found.kinds["elsewhere"] == (0, 2)
    whole = len(narration_texts.everything())
    assert (found.status.made, found.status.passages) == (4, whole)
    files = Path(default_storage.path(voice.TOP)).rglob("*.*")
    assert narration_ahead.size(voice.current()) == sum(each.stat().st_size for each in files) > 0
    page = text_of(author.get(PAGE))
    assert f"cotorra {own} : 4 de {whole} audios listos" in page
    assert "Archivos: 12 (" in page and f"{lesson} 4 de 10" in page
    assert "{} {} de {}".format(book, *found.books[book.pk]) in page


def test_what_is_heard_in_two_places_counts_once_in_all(lesson: Lesson) -> None:
    lessons.exercise("rabbit")
    narration.made(Passage("rabbit"))
    assert narration_report.report().kinds["lessons"] == (1, 10)


def test_it_costs_as_many_queries_whatever_there_is(
    author: Client, lesson: Lesson, book: Book, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    author.get(PAGE)
    # session, user, rights of two kinds; items, exercises, pages; lessons, books
    with django_assert_num_queries(9):
        author.get(PAGE)
    for text in ("We call it bear.", "The dog sees a cat."):
        lessons.exercise(text)
    with django_assert_num_queries(9):
        author.get(PAGE)


def test_what_is_missing_is_asked_for_once_and_written_down(author: Client, lesson: Lesson) -> None:
    assert ASK in author.get(PAGE).content.decode()
    page = text_of(author.post(PAGE, follow=True))
    assert "Pedido que se preparen 12 audios." in page and "quedan 12 audios" in page
    assert ASK not in author.get(PAGE).content.decode()
    assert "ya estaba pedido" in text_of(author.post(PAGE, follow=True))
    assert queues.jobs("narrate") == [[0]]  # and this is all
    entry = LogEntry.objects.get()
    assert entry.user == User.objects.get(username="autora")
    assert entry.change_message == "Pedido que se preparen 12 audios."
    narration_ahead.rest()
    while jobs := queues.jobs("narrate"):
        narration_ahead.rest(int(jobs[0][0]))
    page = text_of(author.get(PAGE))
    assert "12 de 12 audios listos" in page and "No falta nada." in page
    author.post(PAGE)
    assert queues.jobs("narrate") == [] and LogEntry.objects.count() == 1


def test_it_is_stopped(author: Client, lesson: Lesson, monkeypatch: pytest.MonkeyPatch) -> None:
    author.post(PAGE)
    page = author.post(PAGE, {"stop": "Parar"}, follow=True)
    assert "Lo que ya está hecho se queda." in text_of(page) and ASK in page.content.decode()
    assert LogEntry.objects.latest("pk").change_message.startswith("Se deja de preparar")
    queues.jobs("narrate")
    monkeypatch.setattr(narration_ahead, "SOME_S", 0.0)
    narration_ahead.rest()  # the job that was waiting
    assert queues.jobs("narrate") == []


def test_who_may_only_look_asks_for_nothing(lesson: Lesson) -> None:
    user = User.objects.create_user("mira", password="x", is_staff=True)
    group = Group.objects.get(name=AUTHORS)
    user.user_permissions.add(group.permissions.get(codename="view_book"))
    client = Client()
    client.force_login(user)
    page = client.get(PAGE)
    assert page.status_code == 200 and ASK not in page.content.decode()
    assert client.post(PAGE).status_code == 403
    assert queues.jobs("narrate") == []


def test_others_see_nothing_of_it(lesson: Lesson, stranger: Person) -> None:
    client = Client()
    client.force_login(User.objects.create_user("nadie", password="x", is_staff=True))
    for page in (PAGE, f"{PAGE}frase/", f"{PAGE}frase.mp3"):
        assert client.get(page, SENTENCE).status_code == 403
        assert stranger.client.get(page, SENTENCE).status_code == 302
    assert b"La voz" not in client.get("/admin/").content


def test_it_says_whether_anybody_answers(
    author: Client, lesson: Lesson, settings: Settings, own: str
) -> None:
    assert "Todavía no ha contestado nadie" in text_of(author.get(PAGE))
    narration.work(Passage("rabbit"))
    assert "Hay quien contesta." in text_of(author.get(PAGE))
    cache.set(narration.ANSWERED, timezone.now() - timedelta(hours=1))
    assert "No contesta nadie" in text_of(author.get(PAGE))
    settings.NARRATE_AHEAD_S = 0
    narration_ahead.ahead()
    assert "Hay quien contesta." in text_of(author.get(PAGE))


def test_a_voice_that_does_not_load_is_told(author: Client, lesson: Lesson, tmp_path: Path) -> None:
    (tmp_path / "narrator" / "config.json").write_text('{"version": "abc"}')
    author.post(PAGE)
    narration_ahead.rest()
    assert queues.jobs("narrate") == [[0]]  # the one of the page, and none after it
    assert "Nuestra voz está, pero no carga" in text_of(author.get(PAGE))


def test_the_stand_in_is_called_so(author: Client, lesson: Lesson, settings: Settings) -> None:
    settings.NARRATOR_BUNDLE = "/nowhere"
    page = author.get(PAGE)
    assert "Lee la voz provisional, espeak-ng" in text_of(page)
    assert "espeak-ng : 0 de 12" in text_of(page) and ASK not in page.content.decode()
    assert "lee la provisional, espeak-ng" in text_of(author.get(change(lesson)))
    author.post(PAGE)
    assert queues.jobs("narrate") == []
    assert author.get(f"{PAGE}frase.mp3", SENTENCE)["X-Voice"] == "stand-in"


def test_what_failed_is_shown(author: Client, lesson: Lesson) -> None:
    assert "no ha podido decirse" not in text_of(author.get(PAGE))
    narration.work(Passage("<b>?</b>"))
    narration.made(Passage(voice.Sounds((("es_a", "QQ"),), ((1, 0),))))
    page = author.get(PAGE).content.decode()
    assert "En este texto no hay nada que se pueda decir" in page
    assert "«&lt;b&gt;?&lt;/b&gt;»" in page
    assert "<code>es_a QQ </code>" in page


def test_a_lesson_and_a_book_say_how_far_they_are(
    author: Client, lesson: Lesson, book: Book
) -> None:
    narration.made(Passage("rabbit"))
    assert (
        f'<a href="{PAGE}">1 de 10 audios listos</a>' in author.get(change(lesson)).content.decode()
    )
    count = len(narration_texts.of(book))
    assert f"0 de {count} audios listos" in text_of(author.get(change(book)))
    Book.objects.update(published=False)
    assert "se prepara al publicar" in text_of(author.get(change(book)))
    assert author.get(f"{ADMIN}/book/add/").status_code == 200


def test_a_sentence_is_tried_before_it_is_published(
    author: Client, settings: Settings, own: str
) -> None:
    page = text_of(author.get(f"{PAGE}frase/", SENTENCE))
    assert "Ana" in page and "HH AE Z" in page and "T W EH N T IY" in page
    settings.NARRATE_WAIT_S = 0
    narration.made(Passage("Ana has 20 kites.", "storytelling", "lenta"))
    answer = author.get(f"{PAGE}frase.mp3", SENTENCE)
    assert answer["X-Voice"] == f"cotorra {own}" and len(answer.content) > 500


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"text": ""}, "Este campo es obligatorio"),
        ({"text": "?!"}, "no hay nada que se pueda decir"),
        ({"text": "a " * 200}, "300"),
        ({"style": "sung"}, "sung"),
        ({"speed": "9"}, "9"),
    ],
)
def test_what_cannot_be_tried_is_refused(author: Client, wrong: dict[str, str], why: str) -> None:
    assert why in text_of(author.get(f"{PAGE}frase/", SENTENCE | wrong))
    assert author.get(f"{PAGE}frase.mp3", SENTENCE | wrong).status_code == 422


def test_the_sounds_of_a_sentence_are_those_that_are_said() -> None:
    said = {each.text: each for each in read_aloud.words("My abuela reads 21 blorfts.")}
    assert (said["reads"].ipa, said["reads"].arpabet) == ("/ɹiːdz/", "R IY D Z")
    assert said["abuela"].spanish and not said["My"].spanish
    assert said["21"].ipa == "/ˈtwɛntiː/ /wʌn/"
    assert [text for text, each in said.items() if each.guessed] == ["blorfts"]
    with pytest.raises(SpeechError, match="nothing_to_say"):
        read_aloud.words("…")
