"""What the reader of the course's files refuses is refused in a form and in a sheet too."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.translation import gettext as _

from learning.authoring import files, written
from learning.models import GrammarPoint, Item, PairSet
from learning.syllabus import fields, teaching, wording
from learning.syllabus.stored import NOWHERE
from learning.yamlfile import Node, Place, Refused, node

# Of a word, what may not yet be there is not asked for: the lesson's check does.
_OF_WORD: dict[str, Callable[[Node], Any]] = {
    "key": fields.slug,
    "english": lambda given: given.text(fields.WORD),
    "pos": lambda given: given.one_of(teaching.PARTS_OF_SPEECH),
    "emoji": fields.emoji,
    "example": fields.english,
}
_FIELDS = {"id": "key", "sounds": "first", "": NON_FIELD_ERRORS}  # key of a file -> of a row


def check(row: Item) -> None:
    """Raises ValidationError, by field, for what could not be read from a file."""
    errors = {}
    if row.lesson is None:
        errors["lesson"] = _("Falta la lección.")
    elif row.lesson.unit.course_id != row.course_id:
        errors["lesson"] = _("Esta lección es de otro curso.")
    for read, given in _to_read(row):
        try:
            read(given)
        except Refused as refused:
            name = refused.place.file
            errors[_FIELDS.get(name, name)] = wording.spanish(refused.why)
    if errors:
        raise ValidationError(errors)


def _to_read(row: Item) -> list[tuple[Callable[[Node], Any], Node]]:
    if isinstance(row, GrammarPoint):
        point = written.grammar_point(row, NOWHERE)
        return [(teaching.grammar_point, _placed(files.grammar_json(point)))]
    if isinstance(row, PairSet):
        pairs = written.pair_set(row, NOWHERE)
        return [(teaching.pair_set, _placed(files.pairs_json(pairs)))]
    return [
        (read, Node(Place(name, 0), text))
        for name, read in _OF_WORD.items()
        if (text := getattr(row, name))
    ]


def _placed(values: dict[str, Any]) -> Node:
    """Keys and values, each in a place that names the field."""
    return Node(NOWHERE, {key: node(Place(key, 0), value) for key, value in values.items()})
