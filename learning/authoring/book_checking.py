"""What keeps a book from being published, for those who write in admin."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from learning import voice
from learning.authoring.checking import Problem
from learning.models import Book
from learning.shelf import checking, content
from learning.shelf.reading import LEAST_PAGES, MOST_PAGES
from learning.shelf.rows import written
from learning.syllabus import wording
from speech.errors import SpeechError


def problems(book: Book) -> list[Problem]:
    """Everything that keeps the book from being published."""
    read = written(book)
    lacking = list(checking.lacking(read))
    found = [_told(read, each) for each in lacking if not each.word]
    if missing := dict.fromkeys(each.word for each in lacking if each.word and each.page):
        found.append(_("Faltan en el glosario: «%(words)s».") % {"words": "», «".join(missing)})
    if useless := [each.word for each in lacking if each.word and not each.page]:
        found.append(_("Sobran en el glosario: «%(words)s».") % {"words": "», «".join(useless)})
    return [Problem(book, what) for what in (*found, *_pages(book))]


def hints(book: Book) -> list[str]:
    """What should be looked at but keeps nothing from being published."""
    read = written(book)
    return [_told(read, each) for each in checking.hints(read)]


def _told(book: content.Book, problem: checking.Problem) -> str:
    what = wording.spanish(problem.what)
    if not problem.page:
        return what
    number = [page.key for page in book.pages].index(problem.page) + 1
    return _("Página %(page)d: %(what)s") % {"page": number, "what": what}


def _pages(book: Book) -> Iterator[str]:
    pages = list(book.shown_pages.defer("picture"))
    if not LEAST_PAGES <= len(pages) <= MOST_PAGES:
        yield _("Hay %(count)d páginas y hacen falta de %(least)d a %(most)d.") % {
            "count": len(pages),
            "least": LEAST_PAGES,
            "most": MOST_PAGES,
        }
    for page in pages:
        try:
            voice.sentences(page.text)
        except SpeechError as error:
            yield _("No se ha podido hacer el audio de «%(text)s»: %(why)s") % {
                "text": page.text,
                "why": _(error.plain),
            }
