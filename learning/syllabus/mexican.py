"""Spanish that Mexico says otherwise, where a course gives no Mexican form."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass

from learning.syllabus.content import Spanish, Unit
from learning.yamlfile import Place

_OF_SPAIN = re.compile(
    r"\b(?:vosotr[oa]s|vuestr[oa]s?|os|\w+[áé]is|sois|vais|veis|dais|"
    r"ordenador|móvil|coches?|conducir|aparcar|coger|cog[eéií]\w*|zumo|patatas?|gafas|jersey|"
    r"bolígrafos?|piso|nevera|melocotón|judías?|guisantes?|bocadillo|billetes?|chándal|vale(?=[,.!]))\b",
    re.IGNORECASE,
)


def of_spain(text: str) -> list[str]:
    """The words of a text that Mexico says otherwise."""
    return _OF_SPAIN.findall(text)


def only_of_spain(unit: Unit) -> Iterator[str]:
    """Each with the place of what it stands in."""
    for lesson in unit.lessons:
        yield from _within(lesson, lesson.place)
    if unit.quiz:
        yield from _within(unit.quiz, unit.quiz.place)


def _within(value: object, place: Place) -> Iterator[str]:
    if isinstance(value, Spanish):
        found = [] if value.es_mx else of_spain(value.es)
        yield from (f"{place}: {word!r} has no es-mx" for word in found)
    elif isinstance(value, tuple):
        for each in value:
            yield from _within(each, place)
    elif is_dataclass(value) and not isinstance(value, (type, Place)):
        inside = getattr(value, "place", place)
        for each in fields(value):
            yield from _within(getattr(value, each.name), inside)
