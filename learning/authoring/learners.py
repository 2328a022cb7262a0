"""How many learners stand behind what an author is about to hide or delete; never who."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta

from django.db.models import Model, QuerySet
from django.utils import timezone

from accounts.models import Profile
from learning.models import Book, Course, Exercise, Item, Lesson, Page, Reading, Sitting, Unit

RECENT = timedelta(days=1)  # an unfinished sitting that is older was left
HALF_READ = timedelta(days=14)  # so is a book


def in_lesson(lesson: Lesson) -> int:
    """Learners who began the lesson lately and have not finished it."""
    open_ones = Sitting.objects.filter(
        lesson=lesson, ended=None, started__gte=timezone.now() - RECENT
    )
    return open_ones.values("profile").distinct().count()


def in_book(book: Book) -> int:
    """Readers who began the book, or began it again, lately and are in the middle of it."""
    since = timezone.now() - HALF_READ
    readings = Reading.objects.filter(book=book, page__gt=0, last_at__gte=since)
    return readings.filter(page__lt=book.shown_pages.count()).count()


def behind(rows: Iterable[Model]) -> int:
    """Learners with answers, reviews or anything else that hangs from these rows."""
    found: set[object] = set()
    for row in rows:
        for part in _within(row):
            for relation in part.model._meta.related_objects:
                if _of_a_profile(relation.related_model):
                    kept = relation.related_model._default_manager.filter(
                        **{f"{relation.field.name}__in": part}
                    )
                    found.update(kept.values_list("profile", flat=True).distinct())
    return len(found)


def _of_a_profile(model: type[Model]) -> bool:
    return any(field.related_model is Profile for field in model._meta.fields)


def _within(row: Model) -> Iterator[QuerySet[Model]]:
    """The row and what it holds, a query a model."""
    paths: dict[type[Model], dict[type[Model], str]] = {
        Course: {Lesson: "unit__course", Exercise: "lesson__unit__course", Item: "course"},
        Unit: {Lesson: "unit", Exercise: "lesson__unit", Item: "lesson__unit"},
        Lesson: {Lesson: "pk", Exercise: "lesson", Item: "lesson"},
        Exercise: {Exercise: "pk"},
        Item: {Item: "pk"},
        Book: {Book: "pk", Page: "book"},
        Page: {Page: "pk"},
    }
    kind = Item if isinstance(row, Item) else type(row)
    for model, path in paths[kind].items():
        yield model._default_manager.filter(**{path: row.pk})
