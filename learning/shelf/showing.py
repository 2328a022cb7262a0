"""The shelf and its books as one reader sees them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Profile
from learning.models import Book, Page, Reading
from learning.shelf import words
from learning.shelf.words import Token
from speech import lexicon

STARS = "★★★☆☆☆"


@dataclass(frozen=True)
class OnShelf:
    """A book, how many pages it has, and how far its reader is."""

    book: Book
    total: int
    reading: Reading | None

    @property
    def state(self) -> str:
        if self.reading is None or not (self.reading.page or self.reading.times):
            return "new"
        return "begun" if 0 < self.reading.page < self.total else "done"

    @property
    def says(self) -> str:
        if self.state == "begun":
            return _("Página %(page)s de %(total)s") % {"page": self.next, "total": self.total}
        return _("Leído") if self.state == "done" else _("Sin leer")

    @property
    def times(self) -> int:
        return self.reading.times if self.reading else 0

    @property
    def times_says(self) -> str:
        said = ngettext("Leído una vez.", "Leído %(count)d veces.", self.times)
        return said % {"count": self.times}

    @property
    def next(self) -> int:
        """The page to go on with."""
        begun = self.state == "begun" and self.reading is not None
        return self.reading.page + 1 if begun and self.reading else 1

    @property
    def child_begins(self) -> bool:
        """In turns, whose page the first is: each time the other's."""
        return self.times % 2 == 1

    @property
    def stars(self) -> str:
        return STARS[3 - self.book.level :][:3]


def shelf(profile: Profile | None) -> list[OnShelf]:
    """All that is published, the easiest first; two queries."""
    pages = Count("pages", filter=Q(pages__retired=False))
    books = Book.objects.filter(published=True).annotate(total=pages)
    books = books.filter(total__gt=0).defer("cover", "gloss").order_by("level", "order", "pk")
    mine = Reading.objects.filter(profile=profile) if profile else Reading.objects.none()
    readings = {reading.book_id: reading for reading in mine}
    return [OnShelf(book, book.total, readings.get(book.pk)) for book in books]


@dataclass(frozen=True)
class Piece:
    """A piece of a text; `said` counts the words up to its end, `meaning` is Spanish."""

    token: Token
    said: int
    meaning: str


@dataclass(frozen=True)
class Shown:
    """A page in its place in the book."""

    number: int
    page: Page
    book: Book

    @cached_property
    def pieces(self) -> list[Piece]:
        return list(self._pieces())

    def _pieces(self) -> Iterator[Piece]:
        for token in words.tokens(self.page.text, self.book.names):
            end = token.at + len(token.text)
            said = len(lexicon.words(self.page.text[:end])) if token.key else 0
            yield Piece(token, said, str(self.book.gloss.get(token.key, "")))


def pages(book: Book) -> list[Shown]:
    """The pages that readers see; one query."""
    rows = book.shown_pages.defer("picture")
    return [Shown(number, page, book) for number, page in enumerate(rows, 1)]
