"""What a book still lacks to be put on the shelf."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from learning.shelf import svg, words
from learning.shelf.content import Book, Page
from learning.syllabus.checking import unknown
from learning.yamlfile import Place
from speech import lexicon
from speech.criterion import build
from speech.errors import SpeechError

LEAST_WORDS, MOST_WORDS = 60, 300  # of a book
# A page of Spanish has four in ten; ours have none.
ENOUGH_WORDS, MOST_UNKNOWN = 5, 0.25  # different words, and the share that no dictionary may have
MOST_ON_PAGE = 30  # words; somebody who reads one takes the 20 seconds of a recording


@dataclass(frozen=True)
class Problem:
    """What keeps a book from being published; `page` is the key of a page, '' for the book."""

    place: Place
    page: str
    what: str
    word: str = ""  # of a page, that has no gloss; of the book, that is in no page

    def __str__(self) -> str:
        return f"{self.place}: {self.what}"


def lacking(book: Book) -> Iterator[Problem]:
    """Everything amiss, the book's own first."""
    for key in ("titulo", "synopsis"):
        if not getattr(book, key):
            yield Problem(book.at(key), "", f"no {key}")
    yield from (Problem(book.at("cover"), "", what) for what in _picture(book.cover, "cover"))
    count = sum(len(lexicon.words(page.text)) for page in book.pages)
    if not LEAST_WORDS <= count <= MOST_WORDS:
        what = f"{count} words in the book, expected {LEAST_WORDS} to {MOST_WORDS}"
        yield Problem(book.at("pages"), "", what)
    used = {each.key for page in book.pages for each in words.tokens(page.text, book.names)}
    for key in sorted(set(book.gloss) - used):
        yield Problem(book.at("gloss"), "", f"{key!r} is in the gloss and in no page", key)
    for page in book.pages:
        yield from (Problem(page.place, page.key, what) for what in _page(book, page))
        for key in words.keys(page.text, book.names):
            if not book.gloss.get(key):
                yield Problem(page.place, page.key, f"no gloss of {key!r}", key)


def hints(book: Book) -> Iterator[Problem]:
    """What is worth a look: words that no dictionary has, misspelt or the noise of something."""
    for page in book.pages:
        for what in unknown(" ".join(words.keys(page.text, book.names))):
            yield Problem(page.place, page.key, what)


def _page(book: Book, page: Page) -> Iterator[str]:
    if not page.translation:
        yield "no translation"
    if not page.alt:
        yield "no alt"
    yield from _picture(page.picture, "picture")
    count = len(lexicon.words(page.text))
    if count > MOST_ON_PAGE:
        yield f"{count} words in a page, at most {MOST_ON_PAGE}"
    written = words.keys(page.text, book.names)
    strange = sum(1 for _ in unknown(" ".join(written)))
    if len(written) >= ENOUGH_WORDS and strange > MOST_UNKNOWN * len(written):
        yield f"{strange} of {len(written)} words are in no English dictionary"
    try:
        build(page.text, accepted=words.accepted(page.text, book.names))
    except SpeechError as error:
        yield f"{page.text!r} cannot be pronounced: {error}"


def _picture(text: str, name: str) -> Iterator[str]:
    if not text:
        yield f"no {name}"
    elif why := svg.problem(text):
        yield f"{name}: {why}"
