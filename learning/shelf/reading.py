"""A book read from its folder: `book.yaml`, the cover and a picture a page."""

from __future__ import annotations

import re
from pathlib import Path

from learning.course_part import FOLDER
from learning.shelf.checking import lacking
from learning.shelf.content import Book, Page
from learning.syllabus.fields import TITLE, english, slug, spanish, unlike
from learning.yamlfile import Node, Refused, read
from speech.criterion import MAX_CHARS

SHELF = FOLDER / "estanteria"
BOOK = "book.yaml"
SYNOPSIS, TRANSLATION, ALT, GLOSS = 300, 400, 200, 60
LEAST_PAGES, MOST_PAGES = 4, 24
_FILE = re.compile(r"[a-z0-9-]+\.svg")


def shipped() -> list[Path]:
    """The folders of the books that come with Cotorra."""
    return sorted(path.parent for path in SHELF.glob(f"*/{BOOK}"))


def read_book(folder: Path) -> Book:
    """The book of a folder; raises Refused, with file and line, for the first thing amiss."""
    book = parse(folder)
    for problem in lacking(book):
        raise Refused(problem.place, problem.what)
    return book


def parse(folder: Path) -> Book:
    """The book as it is written, with what it may lack. Raises Refused: not in the format."""
    root = read(folder / BOOK, f"{folder.name}/{BOOK}")
    keys = root.fields(
        ("id", "title", "titulo", "level", "sinopsis", "cover", "gloss", "names", "pages")
    )
    name = slug(keys["id"])
    if name != folder.name:
        raise Refused(keys["id"].place, f"{name!r} is not the folder's name, {folder.name!r}")
    gloss = keys["gloss"].mapping()
    for word, meaning in gloss.items():
        if word != word.lower():
            raise Refused(meaning.place, f"{word!r} is not in lower case")
    pages = keys["pages"].items(LEAST_PAGES, MOST_PAGES)
    return Book(
        slug=name,
        title=english(keys["title"], TITLE),
        titulo=spanish(keys["titulo"], TITLE),
        level=keys["level"].number(1, 3),
        synopsis=spanish(keys["sinopsis"], SYNOPSIS),
        cover=_picture(keys["cover"], folder),
        gloss={word: meaning.text(GLOSS) for word, meaning in gloss.items()},
        names=unlike(keys["names"], [each.text(TITLE) for each in keys["names"].items()]),
        pages=tuple(_page(node, f"{at:02}", folder) for at, node in enumerate(pages, 1)),
        place=root.place,
        places={key: node.place for key, node in keys.items()},
    )


def _page(node: Node, key: str, folder: Path) -> Page:
    keys = node.fields(("text", "es", "picture", "alt"))
    return Page(
        key=key,
        text=keys["text"].text(MAX_CHARS),
        translation=spanish(keys["es"], TRANSLATION),
        picture=_picture(keys["picture"], folder),
        alt=spanish(keys["alt"], ALT),
        place=node.place,
    )


def _picture(node: Node, folder: Path) -> str:
    name = node.text()
    if not _FILE.fullmatch(name):
        raise Refused(node.place, f"{name!r} is no name of an SVG file")
    try:
        return (folder / name).read_text("utf-8")
    except FileNotFoundError as error:
        raise Refused(node.place, f"there is no file {name!r}") from error
    except UnicodeDecodeError as error:
        raise Refused(node.place, f"{name!r}: {error}") from error
