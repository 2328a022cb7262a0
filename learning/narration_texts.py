"""All that a course and a shelf let be heard, before anybody asks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from learning.authoring import written
from learning.exercises import slowly
from learning.models import Book, Exercise, Item, Lesson, Page
from learning.voice import NEUTRAL, SPEEDS, STORYTELLING, Passage, Sounds
from speech import lexicon

Said = str | Sounds
# What those who build on lessons let be heard besides: `assessment` adds the words of its tips.
others: list[Callable[[], Iterable[str]]] = []


def everything() -> list[Passage]:
    """What is heard in published lessons and books, each once, at the usual speed first."""
    pages = Page.objects.filter(book__published=True, retired=False).defer("picture")
    exercises = Exercise.objects.filter(lesson__published=True, retired=False)
    items = Item.objects.filter(lesson__published=True, retired=False)
    items = items.select_related("word", "grammarpoint", "pairset")
    said = [*_of_items(items), *_of_exercises(exercises), *_words_of(pages)]
    said += [text for more in others for text in more()]
    return _sorted([*_neutral(said), *_told(pages)])


def of_lesson(lesson: Lesson) -> list[Passage]:
    items = [item for item in written.taught(lesson) if not item.retired]
    return _sorted(_neutral([*_of_items(items), *_of_exercises(lesson.shown_exercises)]))


def of_book(book: Book) -> list[Passage]:
    pages = book.shown_pages.defer("picture")
    return _sorted([*_told(pages), *_neutral(_words_of(pages))])


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


def _words_of(pages: Iterable[Page]) -> Iterator[str]:
    for page in pages:
        yield from _words(page.text)


def _words(text: str) -> Iterator[str]:
    """Each is heard alone in the feedback."""
    return map(str.lower, lexicon.words(text))


def _neutral(said: Iterable[Said]) -> Iterator[Passage]:
    for each in said:
        if each:
            for speed in SPEEDS:
                yield Passage(each, NEUTRAL, speed)


def _told(pages: Iterable[Page]) -> Iterator[Passage]:
    for page in pages:
        for style in (STORYTELLING, NEUTRAL):
            for speed in SPEEDS:
                yield Passage(page.text, style, speed)


def _sorted(passages: Iterable[Passage]) -> list[Passage]:
    return sorted(dict.fromkeys(passages), key=lambda each: list(SPEEDS).index(each.speed))
