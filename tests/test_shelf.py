"""The shelf as its readers see it: covers, pages, voice, and what is remembered of reading."""

import io
from pathlib import Path

import pytest
import soundfile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts import merging
from learning import known
from learning.models import Book, Day, Page, Reading
from learning.shelf import turns, words
from tests import books, people
from tests.people import Person
from tests.reviews import DAY, NOON

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
SHELF, BOOK = "/estanteria/", "/estanteria/the-red-kite/"


@pytest.fixture
def book(tmp_path: Path, db: None) -> Book:
    return books.load(tmp_path)


def shown(client: Client, path: str = SHELF) -> str:
    answer = client.get(path)
    assert answer.status_code == 200 and "no-store" in answer["Cache-Control"]
    return " ".join(answer.content.decode().split())


def turn(client: Client, page: object) -> int:
    return client.post(f"{BOOK}leido/", {"page": page}).status_code


# The shelf


def test_an_empty_shelf_says_so(client: Client) -> None:
    assert "La estantería está vacía" in shown(client)
    assert not client.session.keys()  # looking makes nobody a reader


def test_books_stand_by_level_and_drafts_do_not(client: Client, tmp_path: Path) -> None:
    for slug, level in (("three", 3), ("one", 1), ("draft", 1)):
        books.load(tmp_path, slug)
        Book.objects.filter(slug=slug).update(level=level, published=slug != "draft", title=slug)
    page = shown(client)
    assert page.index(">one<") < page.index(">three<") and "draft" not in page
    assert page.count("Sin leer") == 2 and "★★★" in page
    assert client.get("/estanteria/draft/").status_code == 404
    assert client.get("/estanteria/draft/cubierta.svg").status_code == 404


def test_the_shelf_asks_as_much_for_many_books(learner: Person, tmp_path: Path) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            shown(learner.client)
        return len(queries)

    books.load(tmp_path)
    one = asked()
    for number in range(4):
        turns.turned(learner.profile, books.load(tmp_path, f"book-{number}"), 2, NOON)
    assert asked() == one


def test_the_shelf_says_what_was_read(learner: Person, stranger: Person, book: Book) -> None:
    assert turn(learner.client, 2) == 204
    assert "Página 3 de 5" in shown(learner.client)
    assert turn(learner.client, 5) == 204
    assert "Leído" in shown(learner.client)
    assert "Sin leer" in shown(stranger.client)


# A book


def test_every_word_has_its_meaning_and_its_place(client: Client, book: Book) -> None:
    page = shown(client, BOOK)
    kite = 'data-at="14" data-words="5" data-key="kite" data-meaning="en español kite">kite</span>'
    assert kite in page
    assert '<span data-at="0" data-words="1">Ana</span>' in page  # a name is read as it is
    assert page.count('role="button"') == sum(
        each.key in book.gloss
        for row in book.shown_pages
        for each in words.tokens(row.text, book.names)
    )
    for text in ("Ana tiene una cometa roja.", 'alt="Un dibujo."', "Una cometa se va."):
        assert text in page


def test_a_picture_may_be_shown_and_do_nothing(client: Client, book: Book) -> None:
    (first, *_) = book.shown_pages
    for path in (f"{BOOK}cubierta.svg", f"{BOOK}{first.pk}.svg"):
        answer = client.get(path)
        assert (answer["Content-Type"], answer.content.decode()) == (
            "image/svg+xml; charset=utf-8",
            books.SVG,
        )
        assert "default-src 'none'" in answer["Content-Security-Policy"]
        again = client.get(path, headers={"If-None-Match": answer["ETag"]})
        assert (again.status_code, again.content) == (304, b"")
    assert client.get(f"/estanteria/other/{first.pk}.svg").status_code == 404


# The voice


def test_a_page_is_told_and_its_words_have_times(client: Client, book: Book) -> None:
    page = book.shown_pages[2]
    playlist = f"/voz/libro/{page.pk}/storytelling/normal/frases.json"
    assert f'data-tell="{playlist}"' in shown(client, BOOK)
    told = client.get(playlist).json()
    assert (told["voice"], told["style"]) == ("espeak-ng", "storytelling")
    said = []
    for sentence in told["sentences"]:
        sound, times = client.get(sentence["url"]), client.get(sentence["times"])
        assert (sound["Content-Type"], times["Content-Type"]) == ("audio/ogg", "application/json")
        heard = times.json()["words"]
        assert [page.text[word["at"] : word["to"]] for word in heard] == [w["word"] for w in heard]
        starts = [word["start_s"] for word in heard]
        length = soundfile.info(io.BytesIO(sound.content)).duration
        assert starts == sorted(starts) and heard[-1]["end_s"] <= length + 0.01
        assert all(word["start_s"] < word["end_s"] for word in heard)
        said += [word["word"] for word in heard]
    assert said == "Leo looks up Can I fly it too he says Yes you can".split()


def test_slowly_takes_longer_and_styles_differ(client: Client, book: Book) -> None:
    pk = book.shown_pages[0].pk

    def last(name: str) -> float:
        told = client.get(f"/voz/libro/{pk}/{name}/0.json").json()
        return float(told["words"][-1]["end_s"])

    assert last("storytelling/lenta") > 1.2 * last("storytelling/normal")
    assert last("storytelling/normal") != last("neutral/normal")


def test_nobody_hears_a_draft_or_another_style(client: Client, book: Book) -> None:
    pk = book.shown_pages[0].pk
    assert client.get(f"/voz/libro/{pk}/sung/normal/0.mp3").status_code == 404
    Book.objects.update(published=False)
    assert client.get(f"/voz/libro/{pk}/neutral/normal/0.mp3").status_code == 404


def test_a_word_of_a_book_is_read_aloud(client: Client, book: Book) -> None:
    assert client.get("/voz/palabra/kite/normal.mp3").status_code == 200
    assert client.get("/voz/palabra/kit/normal.mp3").status_code == 404


# Reading on


def test_the_page_is_remembered_also_of_somebody_unknown(client: Client, book: Book) -> None:
    assert 'data-next-page="1"' in shown(client, BOOK)
    assert turn(client, 1) == turn(client, 2) == 204
    assert 'data-next-page="3"' in shown(client, BOOK)
    assert Reading.objects.get().page == 2


def test_a_book_is_read_once_however_often_it_is_sent(learner: Person, book: Book) -> None:
    for page in (1, 2, 3, 4, 5, 5):
        turns.turned(learner.profile, book, page, NOON)
    reading = Reading.objects.get()
    assert (reading.times, Day.objects.get().pages) == (1, 5)
    html = shown(learner.client, BOOK)
    assert 'data-next-page="1"' in html and "data-child-begins" in html
    assert "Leído una vez." in html
    for number in (1, 5):
        turns.turned(learner.profile, book, number, NOON)
    assert Reading.objects.get().times == 2


def test_reading_is_a_day_of_learning(learner: Person, book: Book) -> None:
    for minute, page in enumerate((1, 2, 3)):
        turns.turned(learner.profile, book, page, NOON - DAY + minute * DAY / 1440)
    turns.heard(learner.profile, NOON - DAY + 3 * DAY / 1440)
    days = known.days(learner.profile, NOON)
    assert (days.pages_of_week, days.answers_of_week, days.streak.days) == (3, 0, 1)
    assert days.seconds == 15 + 3 * 60
    yesterday = days.week[-2]
    assert yesterday.picture is not None and yesterday.minutes == 3


@pytest.mark.parametrize("page", ["", "0", "6", "-1", "x", "²", "9" * 5000])
def test_no_other_page_can_be_read(client: Client, book: Book, page: str) -> None:
    assert turn(client, page) == 422
    assert not Reading.objects.exists()


def test_only_what_is_published_can_be_read(client: Client, book: Book) -> None:
    Book.objects.update(published=False)
    assert turn(client, 1) == 404
    assert client.get(f"{BOOK}leido/").status_code == 405
    assert Client(enforce_csrf_checks=True).post(f"{BOOK}leido/", {"page": 1}).status_code == 403


def test_two_readers_that_are_one_keep_what_both_read(learner: Person, book: Book) -> None:
    before = people.visitor()
    for page in (1, 5):
        turns.turned(before.profile, book, page, NOON)
    turns.turned(learner.profile, book, 3, NOON + DAY)
    merging.merge(before.profile, learner.profile)
    reading = Reading.objects.get()
    assert (reading.page, reading.times, reading.profile) == (3, 1, learner.profile)


def test_a_retired_page_is_not_shown(client: Client, book: Book) -> None:
    Page.objects.filter(key="05").update(retired=True)
    page = shown(client, BOOK)
    assert "Página 4 de 4" in page and "ladder" not in page.split("</main>")[0]
