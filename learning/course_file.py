"""A course as it is written in YAML, checked whole before anything of it is used."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from django.core.exceptions import ValidationError
from django.db import models

from learning.models import Course, Exercise, Lesson, Unit
from learning.yamlfile import Node, Refused, read

FOLDER = Path(__file__).parent / "content"
Fields = dict[str, str | bool]


@dataclass(frozen=True)
class Item:
    """A course, unit, lesson or exercise: its own fields, and what it holds, in order."""

    model: type[models.Model]
    key: str  # the slug or key, unlike that of its siblings
    fields: Fields
    children: tuple[Item, ...] = field(default=())


def read_course(path: Path) -> Item:
    """The course of one file. Raises Refused, with file and line, for the first thing amiss."""
    root = read(path).fields(("course", "units"))
    about = root["course"].fields(("slug", "title"))
    units = _each(root["units"], _unit)
    return _item(Course, root["course"], "slug", {"title": about["title"].text()}, units)


def _unit(node: Node) -> Item:
    fields = node.fields(("slug", "title", "lessons"))
    lessons = _each(fields["lessons"], _lesson)
    return _item(Unit, node, "slug", {"title": fields["title"].text()}, lessons)


def _lesson(node: Node) -> Item:
    optional = ("emoji", "intro", "published")
    fields = node.fields(("slug", "title", "kind", "exercises"), optional)
    values: Fields = {
        "title": fields["title"].text(),
        "kind": fields["kind"].one_of(Lesson.Kind.values),
        "emoji": fields["emoji"].text() if "emoji" in fields else "",
        "intro": fields["intro"].paragraphs() if "intro" in fields else "",
        "published": fields["published"].flag() if "published" in fields else True,
    }
    return _item(Lesson, node, "slug", values, _each(fields["exercises"], _exercise))


def _exercise(node: Node) -> Item:
    optional = ("emoji", "note", "accepted", "retired")
    fields = node.fields(("key", "kind", "text", "translation"), optional)
    lines = fields["accepted"].items() if "accepted" in fields else []
    values: Fields = {
        "kind": fields["kind"].one_of(Exercise.Kind.values),
        "text": fields["text"].text(),
        "translation": fields["translation"].text(),
        "emoji": fields["emoji"].text() if "emoji" in fields else "",
        "note": fields["note"].text() if "note" in fields else "",
        "accepted": "\n".join(line.text() for line in lines),
        "retired": fields["retired"].flag() if "retired" in fields else False,
    }
    return _item(Exercise, node, "key", values)


def _item(
    model: type[models.Model],
    node: Node,
    named: str,
    values: Fields,
    children: tuple[Item, ...] = (),
) -> Item:
    """Put to the checks that admin makes too: lengths, slugs, words that can be pronounced."""
    fields = node.mapping()
    key = fields[named].text()
    row = model(**{named: key, **values})
    parents = [f.name for f in model._meta.fields if f.many_to_one]
    try:
        row.clean_fields(exclude=parents)
        row.clean()
    except ValidationError as error:
        name, messages = next(iter(error.message_dict.items()))
        place = fields[name].place if name in fields else node.place
        raise Refused(place, f"{name}: {' '.join(messages)}") from error
    return Item(model, key, values, children)


def _each(node: Node, make: Callable[[Node], Item]) -> tuple[Item, ...]:
    found: dict[str, Item] = {}
    for child in node.items():
        item = make(child)
        if item.key in found:
            raise Refused(child.place, f"{item.key!r} comes twice")
        found[item.key] = item
    return tuple(found.values())
