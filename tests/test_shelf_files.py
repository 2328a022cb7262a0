"""Books as files: read whole or refused with file and line, loaded anew without loss."""

import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from learning import loading
from learning.loading import Report
from learning.models import Book, LoadedContent, Page
from learning.shelf import checking, reading, rows, words
from learning.shelf.svg import MAX_BYTES, problem
from learning.yamlfile import Refused
from tests import books
from tests.books import SVG
from tests.syllabus import change


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return books.write(tmp_path)


def load(folder: Path) -> Report:
    return loading.load(rows.part(reading.read_book(folder)))


def refused(folder: Path) -> str:
    with pytest.raises(Refused) as error:
        reading.read_book(folder)
    return str(error.value)


# Read


def test_the_books_that_come_with_cotorra_are_complete() -> None:
    for folder in reading.shipped():
        assert [str(each) for each in checking.lacking(reading.parse(folder))] == [], folder.name


def test_a_book_is_read(folder: Path) -> None:
    book = reading.read_book(folder)
    assert (book.slug, book.title, book.titulo.es) == (
        "the-red-kite",
        "The Red Kite",
        "La cometa roja",
    )
    assert (book.level, book.names, len(book.pages)) == (1, ("Ana", "Leo"), 5)
    first = book.pages[0]
    assert (first.key, first.picture, first.alt.es) == ("01", SVG, "Un dibujo.")


@pytest.mark.parametrize(
    ("before", "after", "why"),
    [
        ("level: 1", "nivel: 1", "unknown key 'nivel'"),
        ("level: 1", "level: 4", "4 is not from 1 to 3"),
        ("id: the-red-kite", "id: the-kite", "is not the folder's name"),
        ("    alt: Un dibujo.\n", "", "'alt' is missing"),
        ("    picture: 01.svg\n", "", "'picture' is missing"),
        ('    es: "Ana tiene una cometa roja."\n', "", "'es' is missing"),
        ("picture: 01.svg", "picture: 99.svg", "there is no file '99.svg'"),
        ("picture: 01.svg", "picture: ../the-red-kite/01.svg", "is no name of an SVG file"),
        ('  "kite": en español kite\n', "", "no gloss of 'kite'"),
        ('  "kite": ', '  "Kite": ', "'Kite' is not in lower case"),
        ('  "kite": ', '  "sun": sol\n  "kite": ', "'sun' is in the gloss and in no page"),
        ("Ana has a red", f"Ana has a{' red' * 30}", "words in a page, at most 30"),
        ("Oh, no!", "Oh, no! " * 40, "characters, at most 300"),
        ("names: [Ana, Leo]", "names: [Ana, Ana]", "'Ana' comes twice"),
    ],
)
def test_what_is_amiss_is_refused_with_its_line(
    folder: Path, before: str, after: str, why: str
) -> None:
    change(folder / "book.yaml", before, after)
    said = refused(folder)
    assert why in said
    assert said.startswith("the-red-kite/book.yaml:") and said.split(":")[1].isdecimal()


def test_the_line_is_that_of_the_page(folder: Path) -> None:
    line = change(folder / "book.yaml", "a tall green tree", "a tall green treehouse")
    assert refused(folder) == f"the-red-kite/book.yaml:{line}: no gloss of 'treehouse'"


@pytest.mark.parametrize("count", [8, 60])
def test_a_book_is_neither_too_short_nor_too_long(tmp_path: Path, count: int) -> None:
    pages = tuple((" ".join(["red"] * count), "Rojo.") for _ in range(4 if count == 8 else 11))
    path = books.write(tmp_path, pages=pages)
    assert f"{count * len(pages)} words in the book, expected 60 to 300" in refused(path)


def test_a_picture_that_is_not_safe_is_refused(folder: Path) -> None:
    (folder / "01.svg").write_text(SVG.replace("<path", "<script/><path"), "utf-8")
    assert refused(folder).endswith("picture: <script> is not allowed")
    (folder / "01.svg").write_bytes(b"\xff\xfe")
    assert "01.svg" in refused(folder)


@pytest.mark.parametrize(
    "inside",
    [
        "<script>alert(1)</script>",
        '<script xmlns="http://www.w3.org/1999/xhtml"/>',
        "<foreignObject/>",
        '<image href="data:image/png;base64,AA"/>',
        "<style>@import url(http://x.example)</style>",
        "<animate/>",
        '<a href="http://x.example"><path/></a>',
        '<use href="http://x.example/a.svg#b"/>',
        '<use xlink:href="data:x" xmlns:xlink="http://www.w3.org/1999/xlink"/>',
        '<path onclick="alert(1)"/>',
        '<path fill="url(http://x.example/#a)"/>',
        '<path style="fill: URL( //x.example )"/>',
        '<path style="fill: u\\72l(//x.example)"/>',
        '<path style="background: url(#a) url(x)"/>',
    ],
)
def test_a_picture_neither_runs_nor_loads_anything(inside: str) -> None:
    assert problem(SVG.replace("<path", f"{inside}<path"))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "not a picture",
        "<svg>",
        "<html/>",
        '<svg viewBox="0 0 1 1"/>',
        SVG.replace('viewBox="0 0 4 3"', ""),
        f'<!DOCTYPE svg [<!ENTITY a "b">]>{SVG}',
        f'<?xml-stylesheet href="http://x.example"?>{SVG}',
        SVG.replace("/>", f" id='{'x' * MAX_BYTES}'/>", 1),
    ],
)
def test_other_files_are_no_pictures(text: str) -> None:
    assert problem(text)


def test_what_drawing_programs_add_is_let_be() -> None:
    inkscape = "http://www.inkscape.org/namespaces/inkscape"
    sodipodi = "http://sodipodi.sourceforge.net/DTD/sodipodi-0.dtd"
    added = f'<s:namedview xmlns:s="{sodipodi}"/><metadata/>'
    drawn = SVG.replace("<path", f'{added}<path i:label="sol" xmlns:i="{inkscape}"')
    kind = 'svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd"'
    assert problem(f'<?xml version="1.0"?>\n<!-- Inkscape -->\n<!DOCTYPE {kind}>\n{drawn}') == ""
    hidden = added.replace("/><metadata/>", "><path onload='x()'/></s:namedview>")
    assert problem(SVG.replace("<path", f"{hidden}<path"))


def test_shapes_and_gradients_are_fine() -> None:
    gradient = '<defs><radialGradient id="a"><stop stop-color="#fff"/></radialGradient></defs>'
    shapes = '<g style="fill: url(#a)"><use href="#a"/><circle r="1" fill="url(\'#a\')"/></g>'
    assert problem(SVG.replace("<path", f"{gradient}{shapes}<path")) == ""


# Words


def test_a_text_in_pieces_is_the_text() -> None:
    text = "Ana’s kite! “Can't,” said Leo: it’s 25 km… niño"
    pieces = list(words.tokens(text, ["Ana", "Leo"]))
    assert "".join(piece.text for piece in pieces) == text
    assert all(text[p.at : p.at + len(p.text)] == p.text for p in pieces)
    assert words.keys(text, ["Ana", "Leo"]) == ["kite", "can't", "said", "it's", "km", "niño"]


def test_a_name_may_be_said_in_spanish_too() -> None:
    said = words.accepted("Ana and Leo's cat", ["Ana", "Leo"])
    assert said == {"ana": ["AA N AA"], "leo's": ["L EH AO Z"]}


# Loaded


@pytest.mark.django_db
def test_a_book_is_loaded_once(folder: Path) -> None:
    assert len(load(folder).created) == 6
    again = load(folder)
    assert (again.created, again.updated, again.kept, again.retired) == ([], [], [], [])
    book = Book.objects.get()
    assert (book.published, book.gloss["kite"]) == (True, "en español kite")
    assert [page.key for page in book.shown_pages] == ["01", "02", "03", "04", "05"]


@pytest.mark.django_db
def test_what_an_author_changed_stays_and_the_rest_follows_the_file(folder: Path) -> None:
    load(folder)
    Page.objects.filter(key="01").update(translation="A mi manera.")
    change(folder / "book.yaml", "Ana tiene una cometa roja.", "Ana, con su cometa.")
    change(folder / "book.yaml", "El viento es fuerte.", "Hace viento.")
    report = load(folder)
    assert report.kept == ["//the-red-kite/01"] and report.updated == ["//the-red-kite/02"]
    assert list(Page.objects.values_list("translation", flat=True))[:2] == [
        "A mi manera.",
        "Hace viento.",
    ]


@pytest.mark.django_db
def test_a_page_that_is_gone_is_retired(tmp_path: Path) -> None:
    folder = books.write(tmp_path, pages=(*books.PAGES, ("The end. Good night!", "Fin.")))
    load(folder)
    (folder / "book.yaml").write_text(books.text(), "utf-8")
    assert load(folder).retired == ["//the-red-kite/06"]
    assert Book.objects.get().shown_pages.count() == 5 and Page.objects.count() == 6


@pytest.mark.django_db
def test_the_command_loads_books_and_refuses_a_bad_one_whole(tmp_path: Path) -> None:
    good, bad = books.write(tmp_path), books.write(tmp_path, "other")
    change(bad / "book.yaml", "level: 1", "level: x")
    with pytest.raises(CommandError, match=r"other/book.yaml:4: 'x' is not a number"):
        call_command("load_course", good, bad, stdout=io.StringIO())
    assert list(Book.objects.values_list("slug", flat=True)) == ["the-red-kite"]
    assert LoadedContent.objects.filter(path__startswith="//").count() == 6


def test_the_checker_lists_all_that_is_amiss(folder: Path) -> None:
    out = io.StringIO()
    call_command("check_shelf", folder, stdout=out)
    assert out.getvalue().startswith("0 problems\n0 warnings\n1 books")
    change(folder / "book.yaml", '  "kite": en español kite\n', "")
    change(folder / "book.yaml", "strong.", "strong. Vrrk!")
    out = io.StringIO()
    with pytest.raises(SystemExit):
        call_command("check_shelf", folder, stdout=out)
    said = out.getvalue()
    assert said.startswith("3 problems") and said.count("no gloss of 'kite'") == 2
    assert "no gloss of 'vrrk'" in said and "unknown word 'vrrk'" in said
