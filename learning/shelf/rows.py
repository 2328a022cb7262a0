"""A book as rows of the database, and those rows as a book that the checker knows."""

from __future__ import annotations

from learning.course_part import Part, spanish_fields
from learning.models import Book, Page
from learning.shelf import content
from learning.yamlfile import Place


def part(book: content.Book) -> Part:
    """What `load_course` puts into the database."""
    fields = {
        "title": book.title,
        "level": book.level,
        "cover": book.cover,
        "gloss": dict(book.gloss),
        "names": list(book.names),
        "published": True,
        **spanish_fields(titulo=book.titulo, synopsis=book.synopsis),
    }
    return Part(Book, book.slug, fields, tuple(map(_page, book.pages)))


def _page(page: content.Page) -> Part:
    fields = {"text": page.text, "picture": page.picture, "retired": False}
    return Part(Page, page.key, fields | spanish_fields(translation=page.translation, alt=page.alt))


def written(row: Book) -> content.Book:
    """The book of a row, with the pages that are shown."""
    place = Place(row.slug, 0)
    return content.Book(
        slug=row.slug,
        title=row.title,
        titulo=row.spanish("titulo"),
        level=row.level,
        synopsis=row.spanish("synopsis"),
        cover=row.cover,
        gloss=row.gloss,
        names=tuple(row.names),
        pages=tuple(
            content.Page(
                key=page.key,
                text=page.text,
                translation=page.spanish("translation"),
                picture=page.picture,
                alt=page.spanish("alt"),
                place=place,
            )
            for page in row.shown_pages
        ),
        place=place,
        places={},
    )
