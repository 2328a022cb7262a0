"""What keeps a book from being published, for those who write in admin."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from learning import voice
from learning.authoring.checking import Problem
from learning.models import Book
from learning.shelf import checking
from learning.shelf.reading import LEAST_PAGES
from learning.shelf.rows import written
from learning.syllabus import wording
from speech.errors import SpeechError


def problems(book: Book) -> list[Problem]:
    """Everything that keeps the book from being published."""
    found = [Problem(book, _told(each)) for each in checking.lacking(written(book))]
    return found + [Problem(book, what) for what in _pages(book)]


def hints(book: Book) -> list[str]:
    """What should be looked at but keeps nothing from being published."""
    return [_told(each) for each in checking.hints(written(book))]


def _told(problem: checking.Problem) -> str:
    what = wording.spanish(problem.what)
    page = {"page": problem.page, "what": what}
    return _("Página «%(page)s»: %(what)s") % page if problem.page else what


def _pages(book: Book) -> Iterator[str]:
    pages = list(book.shown_pages.defer("picture"))
    if len(pages) < LEAST_PAGES:
        yield _("Hay %(count)d páginas y hacen falta %(least)d o más.") % {
            "count": len(pages),
            "least": LEAST_PAGES,
        }
    for page in pages:
        try:
            voice.sentences(page.text)
        except SpeechError as error:
            yield _("No se ha podido hacer el audio de «%(text)s»: %(why)s") % {
                "text": page.text,
                "why": _(error.plain),
            }
