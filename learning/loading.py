"""Puts a course file into the database, again and again, without undoing what an author did."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

from django.db import models, transaction

from learning.course_file import Item
from learning.models import Exercise, Lesson, LoadedContent


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
def load(course: Item, order: int = 0) -> Report:
    """Create what is new, update what nobody edited, retire what the file no longer has."""
    report = Report()
    seen: set[str] = set()
    _put(course, course.key, None, order, report, seen)
    gone = LoadedContent.objects.filter(path__startswith=f"{course.key}/").exclude(path__in=seen)
    for memo in gone:
        _retire(memo, report)
    return report


def _put(
    item: Item, path: str, parent: models.Model | None, order: int, report: Report, seen: set[str]
) -> None:
    seen.add(path)
    memo = LoadedContent.objects.filter(path=path).first()
    row = _find(item, parent)
    if (row is None) != (memo is None):  # deleted by an author, or written by one
        report.kept.append(path)
        _see_all(item, path, seen)
        return
    if row is None or memo is None:
        row = _create(item, parent, order)
        memo = LoadedContent(path=path, digest=digest(row), order=order)
        report.created.append(path)
    elif digest(row) != memo.digest:
        report.kept.append(path)
    elif _update(row, item, parent):
        report.updated.append(path)
        memo.digest = digest(row)
    if memo.order != order and _move(row, memo.order, order):
        memo.order = order
    memo.save()
    for place, child in enumerate(item.children, 1):
        _put(child, _path(path, child), row, place, report, seen)


def _path(parent: str, item: Item) -> str:
    """course, course/unit, course//lesson, course//lesson/exercise: lessons may change units."""
    if item.model is Lesson:
        return f"{parent.partition('/')[0]}//{item.key}"
    return f"{parent}/{item.key}"


def _see_all(item: Item, path: str, seen: set[str]) -> None:
    for child in item.children:
        seen.add(_path(path, child))
        _see_all(child, _path(path, child), seen)


def _names(model: type[models.Model]) -> tuple[str, str]:
    """The field with the key, and the one with the parent ('' for a course)."""
    parents = [f.name for f in model._meta.fields if f.many_to_one]
    return ("key" if model is Exercise else "slug"), (parents[0] if parents else "")


def _find(item: Item, parent: models.Model | None) -> models.Model | None:
    key, parent_field = _names(item.model)
    rows = item.model._default_manager.filter(**{key: item.key})
    if parent_field and item.model is not Lesson:
        rows = rows.filter(**{parent_field: parent})
    return rows.first()


def _create(item: Item, parent: models.Model | None, order: int) -> models.Model:
    key, parent_field = _names(item.model)
    values: dict[str, Any] = {key: item.key, "order": order, **item.fields}
    if parent_field:
        values[parent_field] = parent
    return item.model._default_manager.create(**values)


def _update(row: models.Model, item: Item, parent: models.Model | None) -> bool:
    """Whether anything had to change."""
    _, parent_field = _names(item.model)
    wanted: dict[str, Any] = dict(item.fields)
    if parent_field:
        wanted[parent_field] = parent
    changed = [name for name, value in wanted.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, wanted[name])
    if changed:
        row.save(update_fields=changed)
    return bool(changed)


def _move(row: models.Model, before: int, order: int) -> bool:
    """Change the order of a row that still is where we put it."""
    rows = type(row)._default_manager.filter(pk=row.pk, order=before)
    return bool(rows.update(order=order))


def _retire(memo: LoadedContent, report: Report) -> None:
    """Hide what is no longer in the file; nothing that learners did is lost."""
    course, _, rest = memo.path.partition("//")
    lesson, _, key = rest.partition("/")
    row: models.Model | None
    if key:
        row = Exercise.objects.filter(lesson__slug=lesson, key=key).first()
    else:
        row = Lesson.objects.filter(slug=lesson, unit__course__slug=course).first()
    if row is None or digest(row) != memo.digest:
        return
    if isinstance(row, Exercise) and not row.retired:
        row.retired = True
        row.save(update_fields=["retired"])
    elif isinstance(row, Lesson) and row.published:
        row.published = False
        row.save(update_fields=["published"])
    else:
        return
    memo.digest = digest(row)
    memo.save(update_fields=["digest"])
    report.retired.append(memo.path)


def digest(row: models.Model) -> str:
    """A fingerprint of what an author can write in a row, its place in the order left out."""
    left_out = {"id", "order", "slug", "key"}
    names = [f.name for f in row._meta.fields if f.name not in left_out and not f.many_to_one]
    values = {name: getattr(row, name) for name in names}
    return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()
