"""How much of the course and the shelf is said: in all, of each kind, of each lesson and book."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain
from typing import NamedTuple

from learning import narration_ahead, narration_texts
from learning.narration_ahead import Status
from learning.voice import Passage


class Count(NamedTuple):
    made: int
    passages: int


class Report(NamedTuple):
    """What is heard in several places counts in each of them, and once in `status`."""

    status: Status
    kinds: dict[str, Count]  # lessons, books, elsewhere
    lessons: dict[int, Count]  # by their numbers
    books: dict[int, Count]


def report() -> Report:
    """Of what is published, in a fixed number of queries."""
    heard = narration_texts.heard()
    status = narration_ahead.status(heard.everything)
    left = set(status.left)

    def count(passages: Iterable[Passage]) -> Count:
        each = set(passages)
        return Count(len(each - left), len(each))

    kinds = {
        "lessons": count(chain.from_iterable(heard.lessons.values())),
        "books": count(chain.from_iterable(heard.books.values())),
        "elsewhere": count(heard.elsewhere),
    }
    lessons = {pk: count(passages) for pk, passages in heard.lessons.items()}
    books = {pk: count(passages) for pk, passages in heard.books.items()}
    return Report(status, kinds, lessons, books)
