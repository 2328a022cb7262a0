"""Puts a course or a book into the database, again and again, and undoes nothing of an author."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import models, transaction
from django.db.models import Q

from learning import loaded_files
from learning.course_part import Part
from learning.models import (
    Book,
    Course,
    Exercise,
    GrammarPoint,
    Item,
    Lesson,
    LoadedContent,
    Page,
    PairSet,
    Practice,
    Unit,
    Word,
)


@dataclass
class Report:
    """The paths of what was done."""

    created: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)  # an author changed or deleted it
    retired: list[str] = field(default_factory=list)  # no longer in the file

    def __str__(self) -> str:
        return ", ".join(f"{len(paths)} {name}" for name, paths in vars(self).items())


@transaction.atomic
def load(course: Part, order: int = 0) -> Report:
    """Create what is new, update what nobody edited, retire what the file no longer has."""
    loaded_files.forget()
    return _Load(course).run(order)


def path_of(part: Part, parent: str) -> str:
    """course, course/unit, course//lesson, course//lesson/exercise, course/:item; for the shelf
    //book, //book/page.

    Lessons may change units, and items lessons.
    """
    course = parent.partition("/")[0]
    if not parent:
        return f"//{part.key}" if part.model is Book else part.key
    if part.model is Lesson:
        return f"{course}//{part.key}"
    if issubclass(part.model, Item):
        return f"{course}/:{part.key}"
    return f"{parent}/{part.key}"


class _Load:
    """One course, its rows by path, and what was loaded before."""

    def __init__(self, course: Part) -> None:
        self.course = course  # or a book
        self.root = path_of(course, "")
        self.parts = dict(_walk(course, ""))
        self.report = Report()
        self.links: dict[str, tuple[str, ...]] = {}  # path -> keys, as they are in the database
        self.rows: dict[str, Any] = dict(self._rows())
        known = Q(path=self.root) | Q(path__startswith=f"{self.root}/")
        self.memos = {memo.path: memo for memo in LoadedContent.objects.filter(known)}
        self.before = {path: (memo.digest, memo.order) for path, memo in self.memos.items()}
        self.ours: dict[str, bool] = {}  # path -> whether anything of its row changed

    def run(self, order: int) -> Report:
        self._put(self.course, self.root, None, order)
        for path in self.ours:
            self._link(path)
            if self.ours[path]:
                self.memos[path].digest = digest(self.rows[path], self.links.get(path, ()))
        for path in self.memos.keys() - self.parts.keys():
            self._retire(path)
        self._remember()
        self.report.retired.sort()
        return self.report

    def _remember(self) -> None:
        memos = self.memos.items()
        new = [memo for path, memo in memos if path not in self.before]
        changed = [
            m for p, m in memos if p in self.before and self.before[p] != (m.digest, m.order)
        ]
        LoadedContent.objects.bulk_create(new, 500)
        LoadedContent.objects.bulk_update(changed, ["digest", "order"], 500)

    def _rows(self) -> Iterator[tuple[str, models.Model]]:
        if self.course.model is Book:
            yield from self._rows_of_book()
        else:
            yield from self._rows_of_course()

    def _rows_of_book(self) -> Iterator[tuple[str, models.Model]]:
        for book in Book.objects.filter(slug=self.course.key):
            yield self.root, book
        for page in Page.objects.filter(book__slug=self.course.key).select_related("book"):
            yield f"{self.root}/{page.key}", page

    def _rows_of_course(self) -> Iterator[tuple[str, models.Model]]:
        """The rows of the course, and lessons elsewhere that have the name of one of it."""
        key = self.course.key
        for course in Course.objects.filter(slug=key):
            yield key, course
        units = Unit.objects.filter(course__slug=key).select_related("course")
        for unit in units.prefetch_related("after"):
            yield f"{key}/{unit.slug}", unit
            self.links[f"{key}/{unit.slug}"] = tuple(each.slug for each in unit.after.all())
        slugs = [part.key for part in self.parts.values() if part.model is Lesson]
        lessons = Lesson.objects.filter(Q(unit__course__slug=key) | Q(slug__in=slugs))
        for lesson in lessons.select_related("unit"):
            yield f"{key}//{lesson.slug}", lesson
        exercises = Exercise.objects.filter(lesson__in=lessons).select_related("lesson")
        for exercise in exercises.prefetch_related("practices__item"):
            path = f"{key}//{exercise.lesson.slug}/{exercise.key}"
            yield path, exercise
            self.links[path] = tuple(each.item.key for each in exercise.practices.all())
        sounds = Item.objects.filter(kind=Item.Kind.SOUND)
        for items in (sounds, *(model.objects.all() for model in (Word, GrammarPoint, PairSet))):
            for item in items.filter(course__slug=key).select_related("course", "lesson"):
                yield f"{key}/:{item.key}", item

    def _put(self, part: Part, path: str, parent: models.Model | None, order: int) -> None:
        row, memo = self.rows.get(path), self.memos.get(path)
        if (row is None) != (memo is None):  # deleted by an author, or written by one
            self.report.kept.append(path)
            return
        if row is None or memo is None:
            row = self.rows[path] = self._create(part, parent, order)
            memo = self.memos[path] = LoadedContent(path=path, order=order)
            self.report.created.append(path)
            self.ours[path] = True
        elif digest(row, self.links.get(path, ())) != memo.digest:
            self.report.kept.append(path)
        else:
            self.ours[path] = self._update(row, {**part.fields, **self._parents(part, parent)})
            if self.ours[path]:
                self.report.updated.append(path)
        if memo.order != order:
            if _move(row, memo.order, order):
                memo.order = order
            elif path in self.ours:
                self.report.kept.append(path)
        places: Counter[bool] = Counter()  # items and the rest are counted apart
        for child in part.children:
            places[issubclass(child.model, Item)] += 1
            place = places[issubclass(child.model, Item)]
            self._put(child, path_of(child, path), row, place)

    def _parents(self, part: Part, parent: models.Model | None) -> dict[str, models.Model | None]:
        if part.model in (Course, Book):
            return {}
        if issubclass(part.model, Item):
            course = self.rows[self.root]
            return {"course": course, "lesson": parent if parent is not course else None}
        names: dict[type[models.Model], str] = {
            Unit: "course",
            Lesson: "unit",
            Exercise: "lesson",
            Page: "book",
        }
        return {names[part.model]: parent}

    def _create(self, part: Part, parent: models.Model | None, order: int) -> models.Model:
        name = "slug" if part.model in (Course, Unit, Lesson, Book) else "key"
        values: dict[str, Any] = {name: part.key, "order": order, **part.fields}
        return part.model._default_manager.create(**values, **self._parents(part, parent))

    def _update(self, row: models.Model, wanted: dict[str, Any]) -> bool:
        """Whether anything had to change."""
        changed = [name for name, value in wanted.items() if getattr(row, name) != value]
        for name in changed:
            setattr(row, name, wanted[name])
        if changed:
            row.save(update_fields=changed)
        return bool(changed)

    def _link(self, path: str) -> None:
        """Point to the units before, and to what is practised, where they are."""
        part, row = self.parts[path], self.rows[path]
        before = f"{self.course.key}/{'' if part.model is Unit else ':'}"
        wanted = tuple(key for key in part.links if before + key in self.rows)
        if wanted == self.links.get(path, ()):
            return
        found = [self.rows[before + key] for key in wanted]
        if isinstance(row, Unit):
            row.after.set(found)
        else:
            Practice.objects.filter(exercise=row).delete()
            Practice.objects.bulk_create(
                Practice(exercise=row, item=item, order=place) for place, item in enumerate(found)
            )
        self.links[path] = wanted
        if not self.ours[path]:
            self.ours[path] = True
            self.report.updated.append(path)

    def _retire(self, path: str) -> None:
        """Hide what is no longer in the file; nothing that learners did is lost."""
        row, memo = self.rows.get(path), self.memos[path]
        if row is None:
            return
        if digest(row, self.links.get(path, ())) != memo.digest:
            self.report.kept.append(path)
            return
        hidden = {"published": False} if isinstance(row, Lesson) else {"retired": True}
        if isinstance(row, (Course, Unit)) or not self._update(row, hidden):
            return
        memo.digest = digest(row, self.links.get(path, ()))
        self.report.retired.append(path)


def _walk(part: Part, parent: str) -> Iterator[tuple[str, Part]]:
    path = path_of(part, parent)
    yield path, part
    for child in part.children:
        yield from _walk(child, path)


def _move(row: models.Model, before: int, order: int) -> bool:
    """Change the order of a row that still is where we put it."""
    rows = type(row)._default_manager.filter(pk=row.pk, order=before)
    return bool(rows.update(order=order))


def digest(row: models.Model, links: tuple[str, ...] = ()) -> str:
    """A fingerprint of what an author can write in a row, its place in the order left out.

    So is what is as it is by default: a new field of the model changes no fingerprint.
    """
    left_out = {"id", "order", "slug", "key"}
    values: dict[str, Any] = {"links": links} if links else {}
    for each in row._meta.fields:
        value = getattr(row, each.attname)
        if each.name not in left_out and not each.is_relation and value != each.get_default():
            values[each.name] = value
    return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()
