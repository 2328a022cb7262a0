"""A course as it is written in YAML, checked whole before anything of it is used."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from learning.course_part import Part
from learning.models import Course, Exercise, Lesson, Unit
from learning.yamlfile import Node, Refused, read


def read_course(path: Path) -> Part:
    """The course of one file. Raises Refused, with file and line, for the first thing amiss."""
    root = read(path).fields(("course", "units"))
    about = root["course"].fields(("slug", "title"))
    units = _each(root["units"], _unit)
    return _part(Course, root["course"], "slug", {"title": about["title"].text()}, units)


def _unit(node: Node) -> Part:
    fields = node.fields(("slug", "title", "lessons"))
    lessons = _each(fields["lessons"], _lesson)
    return _part(Unit, node, "slug", {"title": fields["title"].text()}, lessons)


def _lesson(node: Node) -> Part:
    optional = ("emoji", "intro", "published")
    fields = node.fields(("slug", "title", "kind", "exercises"), optional)
    values: dict[str, Any] = {
        "title": fields["title"].text(),
        "kind": fields["kind"].one_of(Lesson.Kind.values),
        "emoji": fields["emoji"].text() if "emoji" in fields else "",
        "intro": fields["intro"].paragraphs() if "intro" in fields else "",
        "published": fields["published"].flag() if "published" in fields else True,
    }
    return _part(Lesson, node, "slug", values, _each(fields["exercises"], _exercise))


def _exercise(node: Node) -> Part:
    optional = ("emoji", "note", "accepted", "retired")
    fields = node.fields(("key", "kind", "text", "translation"), optional)
    lines = fields["accepted"].items() if "accepted" in fields else []
    values: dict[str, Any] = {
        "kind": fields["kind"].one_of(Exercise.PLAIN),
        "text": fields["text"].text(),
        "translation": fields["translation"].text(),
        "emoji": fields["emoji"].text() if "emoji" in fields else "",
        "note": fields["note"].text() if "note" in fields else "",
        "accepted": "\n".join(line.text() for line in lines),
        "retired": fields["retired"].flag() if "retired" in fields else False,
    }
    return _part(Exercise, node, "key", values)


def _part(
    model: type[models.Model],
    node: Node,
    named: str,
    values: dict[str, Any],
    children: tuple[Part, ...] = (),
) -> Part:
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
    return Part(model, key, values, children)


def _each(node: Node, make: Callable[[Node], Part]) -> tuple[Part, ...]:
    found: dict[str, Part] = {}
    for child in node.items():
        part = make(child)
        if part.key in found:
            raise Refused(child.place, f"{part.key!r} comes twice")
        found[part.key] = part
    return tuple(found.values())
