"""All that a course and a shelf let be heard, before anybody asks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import NamedTuple

from learning.authoring import written
from learning.exercises import slowly
from learning.models import Book, Exercise, Item, Lesson, Page
from learning.voice import NEUTRAL, SPEEDS, STORYTELLING, Passage, Sounds
from speech import lexicon

Said = str | Sounds
# What those who build on lessons let be heard besides: `assessment` adds the words of its tips.
others: list[Callable[[], Iterable[str]]] = []


class Heard(NamedTuple):
    """What is heard where; a passage may be in several places."""

    lessons: dict[int, list[Passage]]  # by their numbers
    books: dict[int, list[Passage]]
    elsewhere: list[Passage]

    @property
    def everything(self) -> list[Passage]:
        """Each once, at the usual speed first."""
        return _sorted(chain(*self.lessons.values(), *self.books.values(), self.elsewhere))


def heard() -> Heard:
    """What is heard in published lessons and books, in a fixed number of queries."""
    lessons: dict[int, list[Passage]] = defaultdict(list)
    books: dict[int, list[Passage]] = defaultdict(list)
    items = Item.objects.filter(lesson__published=True, retired=False)
    for item in items.select_related("word", "grammarpoint", "pairset"):
        lessons[item.lesson_id or 0] += _neutral(_of_items([item]))
    for exercise in Exercise.objects.filter(lesson__published=True, retired=False):
        lessons[exercise.lesson_id] += _neutral(_of_exercises([exercise]))
    for page in Page.objects.filter(book__published=True, retired=False).defer("picture"):
        books[page.book_id] += _of_page(page)
    elsewhere = _neutral(text for more in others for text in more())
    return Heard(
        {pk: _sorted(found) for pk, found in lessons.items()},
        {pk: _sorted(found) for pk, found in books.items()},
        _sorted(elsewhere),
    )


def everything() -> list[Passage]:
    return heard().everything


def of(row: Lesson | Book) -> list[Passage]:
    """What is heard in it, a draft too."""
    return of_book(row) if isinstance(row, Book) else of_lesson(row)


def of_lesson(lesson: Lesson) -> list[Passage]:
    items = [item for item in written.taught(lesson) if not item.retired]
    return _sorted(_neutral([*_of_items(items), *_of_exercises(lesson.shown_exercises)]))


def of_book(book: Book) -> list[Passage]:
    return _sorted(chain.from_iterable(map(_of_page, book.shown_pages.defer("picture"))))


def _of_page(page: Page) -> Iterator[Passage]:
    """Told in both styles, and its words."""
    for style in (STORYTELLING, NEUTRAL):
        for speed in SPEEDS:
            yield Passage(page.text, style, speed)
    yield from _neutral(_words(page.text))


def _of_items(items: Iterable[Item]) -> Iterator[Said]:
    for item in items:
        yield from item.whole.heard


def _of_exercises(exercises: Iterable[Exercise]) -> Iterator[Said]:
    """Their texts, the words in them, and the syllables of what is said slowly."""
    for exercise in exercises:
        yield from exercise.heard
        yield from _words(exercise.said)
        if exercise.kind == Exercise.Kind.SAY_SLOWLY:
            yield from slowly.spoken(exercise)


def _words(text: str) -> Iterator[str]:
    """Each is heard alone in the feedback."""
    return map(str.lower, lexicon.words(text))


def _neutral(said: Iterable[Said]) -> Iterator[Passage]:
    for each in said:
        if each:
            for speed in SPEEDS:
                yield Passage(each, NEUTRAL, speed)


def _sorted(passages: Iterable[Passage]) -> list[Passage]:
    return sorted(dict.fromkeys(passages), key=lambda each: list(SPEEDS).index(each.speed))
