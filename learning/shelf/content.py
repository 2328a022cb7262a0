"""What a book is made of, as plain data: no database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from learning.syllabus.content import Spanish
from learning.yamlfile import Place


@dataclass(frozen=True)
class Page:
    """A few sentences, what they mean, and the picture beside them."""

    key: str
    text: str
    translation: Spanish
    picture: str  # SVG; '' where there is none
    alt: Spanish
    place: Place


@dataclass(frozen=True)
class Book:
    """`gloss` has every word form of the pages but the names, in lower case."""

    slug: str
    title: str
    titulo: Spanish
    level: int
    synopsis: Spanish
    cover: str  # SVG
    gloss: Mapping[str, str]
    names: tuple[str, ...]
    pages: tuple[Page, ...]
    place: Place
    places: Mapping[str, Place]  # of its keys

    def at(self, key: str) -> Place:
        """Where a key of it was written."""
        return self.places.get(key, self.place)
