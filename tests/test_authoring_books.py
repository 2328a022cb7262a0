"""An author's work on books in admin: written as drafts, checked, published, taken back."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from learning.models import Book, Page, Reading
from learning.shelf import turns
from tests import books
from tests.authors import ADMIN, errors, form_of, text_of
from tests.people import Person


@pytest.fixture
def book(tmp_path: Path, db: None) -> Book:
    return books.load(tmp_path)


@pytest.fixture
def address(book: Book) -> str:
    return f"{ADMIN}/book/{book.pk}/change/"


def sent(client: Client, address: str) -> dict[str, Any]:
    """What the form sends when nothing is changed: files stay as they are."""
    form = form_of(client, address)
    return {name: value for name, value in form.items() if not name.endswith(("picture", "cover"))}


def picture(text: str) -> SimpleUploadedFile:
    return SimpleUploadedFile("a.svg", text.encode(), "image/svg+xml")


def test_a_book_is_saved_as_it_is(author: Client, address: str, book: Book) -> None:
    before = Book.objects.values().get(), list(Page.objects.values())
    assert errors(author.post(address, sent(author, address))) == {}
    assert (Book.objects.values().get(), list(Page.objects.values())) == before


def test_an_author_writes_a_page_and_its_picture(author: Client, address: str, book: Book) -> None:
    drawn = books.SVG.replace("M0 0", "M1 1")
    form = sent(author, address) | {
        "pages-0-text": "Ana has a blue kite.",
        "pages-0-picture": picture(drawn),
        "pages-0-mx_alt": "Una niña con un papalote.",
        "cover": picture(drawn),
        "gloss": f"{form_of(author, address)['gloss']}\nblue: azul",
        "names": "Ana\nLeo\nMax",
    }
    assert errors(author.post(address, form)) == {}
    page = book.shown_pages[0]
    assert (page.text, page.picture) == ("Ana has a blue kite.", drawn)
    assert page.mexican == {"alt": "Una niña con un papalote."}
    book.refresh_from_db()
    assert (book.cover, book.gloss["blue"], book.names) == (drawn, "azul", ["Ana", "Leo", "Max"])


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (
            {"pages-0-picture": picture(books.SVG.replace("<path", "<script/><path"))},
            "En el dibujo no puede haber &lt;script&gt;.",
        ),
        ({"cover": SimpleUploadedFile("a.svg", b"\xff\xfe")}, "El archivo no es un dibujo SVG."),
        ({"cover": picture("un texto")}, "El archivo no es un dibujo SVG."),
        ({"cover": picture(books.SVG + " " * 3_000_000)}, "El dibujo ocupa 30000"),
        ({"cover": picture(books.SVG.replace("viewBox", "id"))}, "le falta «viewBox»"),
        (
            {"cover": picture(books.SVG.replace("<path", "<path onclick='x()'"))},
            "nada que se ejecute",
        ),
        ({"pages-1-text": ""}, "Este campo es obligatorio."),
        ({"pages-1-order": "1"}, "Hay dos páginas con el orden 1"),
        ({"gloss": "kite cometa"}, "«kite cometa»: se escribe así"),
        ({"title": "兎"}, "No sabemos cómo se pronuncia"),
        ({"pages-0-text": "red " * 100}, "menos de 300 caracteres"),
    ],
)
def test_what_cannot_be_is_refused_in_words(
    author: Client, address: str, change: dict[str, Any], why: str
) -> None:
    answer = author.post(address, sent(author, address) | change)
    assert answer.status_code == 200
    assert why in answer.content.decode(), errors(answer)


def test_the_history_names_what_was_changed(author: Client, address: str) -> None:
    form = sent(author, address)
    as_sent = {name: form[name].replace("\n", "\r\n") for name in ("gloss", "names")}
    author.post(address, form | as_sent | {"titulo": "La cometa de Ana"})
    said = LogEntry.objects.latest("pk").get_change_message()
    assert said == "Modificado Título en español."
    author.post(address, form | {"names": "Ana\r\nLeo\r\nMax"})
    assert "Nombres" in LogEntry.objects.latest("pk").get_change_message()


def test_pages_of_a_new_book_are_numbered_as_they_come(author: Client) -> None:
    form = {"title": "Rain", "slug": "rain", "level": "1", "order": "0", "gloss": "", "names": ""}
    form |= {f"pages-{name}_FORMS": "0" for name in ("INITIAL", "MIN_NUM", "MAX_NUM")}
    form |= {f"pages-{at}-text": text for at, text in enumerate(("It\r\nrains.", "Stop!", "Oh!"))}
    form |= {"pages-TOTAL_FORMS": "4", "pages-2-order": "1", "pages-3-order": ""}  # an empty one
    assert errors(author.post(f"{ADMIN}/book/add/", form)) == {}
    book = Book.objects.get()
    assert [(each.order, each.text) for each in book.pages.all()] == [
        (1, "Oh!"),
        (2, "It rains."),
        (3, "Stop!"),
    ]
    address = f"{ADMIN}/book/{book.pk}/change/"
    changed = sent(author, address) | {"pages-1-order": "", "pages-2-text": "Stop it!"}
    assert errors(author.post(address, changed)) == {}  # in blank, one that is there stays
    assert [each.text for each in book.pages.all()] == ["Oh!", "It rains.", "Stop it!"]
    assert len({each.key for each in book.pages.all()}) == 3


def test_what_is_not_english_or_useless_is_told(author: Client, book: Book) -> None:
    Page.objects.filter(key="02").update(text="El viento sopla y la cometa vuela rápido.")
    Book.objects.update(published=False, gloss=book.gloss | {"dragon": "dragón", "el": "el"})
    page = text_of(author.get(f"{ADMIN}/book/{book.pk}/revisar/"))
    assert re.search(r"Página 2: \d de 8 palabras no están en el diccionario", page)
    assert re.search(r"Sobran en el glosario: [^.]*«dragon»", page)
    assert re.search(r"Faltan en el glosario: «viento», [^.]*«cometa»", page)


def test_who_takes_a_book_back_hears_who_is_in_it(
    author: Client, book: Book, learner: Person
) -> None:
    check = f"{ADMIN}/book/{book.pk}/revisar/"
    assert "a medias" not in text_of(author.get(check))
    turns.turned(learner.profile, book, 2, timezone.now())
    page = text_of(author.get(check))
    assert "una persona lo tiene a medias" in page and "desaparece de la estantería" in page
    turns.turned(learner.profile, book, 5, timezone.now())
    assert "a medias" not in text_of(author.get(check))


def test_a_draft_is_checked_and_then_published(
    author: Client, stranger: Person, address: str, book: Book
) -> None:
    Book.objects.update(published=False)
    url, check = book.get_absolute_url(), f"{ADMIN}/book/{book.pk}/revisar/"
    assert author.get(url).status_code == 200  # the preview
    assert author.get(f"{url}cubierta.svg").status_code == 200
    pk = book.shown_pages[0].pk
    assert author.get(f"/voz/libro/{pk}/storytelling/normal/0.json").status_code == 200
    assert stranger.client.get(url).status_code == 404
    gloss = book.gloss.pop("kite")
    book.published = False
    book.save()
    Page.objects.filter(key="02").update(translation="", picture="")
    page = text_of(author.get(check))
    assert "Faltan en el glosario: «kite»." in page and "Página 2: Falta la traducción." in page
    assert "Página 2: Falta el dibujo." in page
    author.post(check, {"publish": "1"})
    assert not Book.objects.get().published
    book.gloss["kite"] = gloss
    book.save()
    Page.objects.filter(key="02").update(translation="Sopla.", picture=books.SVG)
    assert "No falta nada" in text_of(author.get(check))
    author.post(check, {"publish": "1"})
    assert stranger.client.get(url).status_code == 200
    author.post(check, {"unpublish": "1"})
    assert stranger.client.get(url).status_code == 404


def test_the_list_publishes_what_lacks_nothing(author: Client, book: Book) -> None:
    bad = Book.objects.create(slug="malo", title="Bad", published=False)
    Book.objects.update(published=False)
    chosen = {"action": "publish", "_selected_action": [book.pk, bad.pk]}
    page = text_of(author.post(f"{ADMIN}/book/", chosen, follow=True))
    assert "Bad: no se publica." in page and "Falta el título en español." in page
    assert [each.slug for each in Book.objects.filter(published=True)] == ["the-red-kite"]


def test_who_spoils_a_published_book_is_told(author: Client, address: str) -> None:
    form = sent(author, address) | {"pages-1-alt": ""}
    page = text_of(author.post(address, form, follow=True))
    assert "está publicado y tiene un problema. Página 2: Falta decir qué se ve" in page


def test_a_change_can_be_undone(author: Client, address: str, book: Book) -> None:
    author.post(address, sent(author, address) | {"pages-0-text": "Ana has a kite."})
    history = author.get(f"{ADMIN}/book/{book.pk}/history/").content.decode()
    versions = [part.split("/")[0] for part in history.split(f"/book/{book.pk}/history/")[1:]]
    first = min(int(each) for each in versions if each.isdecimal())
    old = f"{ADMIN}/book/{book.pk}/history/{first}/"
    assert errors(author.post(old, sent(author, old))) == {}
    assert book.shown_pages[0].text == books.PAGES[0][0]


def test_a_book_that_was_read_is_not_deleted(author: Client, book: Book, learner: Person) -> None:
    turns.turned(learner.profile, book, 1, timezone.now())
    delete = f"{ADMIN}/book/{book.pk}/delete/"
    page = text_of(author.get(delete))
    assert "una persona tiene aquí algo" in page and "Un libro puede volver a ser un" in page
    author.post(delete, {"post": "yes"})
    assert Reading.objects.count() == 1
