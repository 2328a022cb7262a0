"""What is read aloud in the study."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import NamedTuple

from learning.course_part import FOLDER
from learning.preference.design import CELLS
from learning.syllabus.fields import slug
from learning.yamlfile import Refused, read

FILE = FOLDER / "estudio" / "passages.yaml"
MAX_CHARS = 300


class Passage(NamedTuple):
    key: str
    text: str


@cache
def passages(file: Path = FILE) -> tuple[Passage, ...]:
    """The passages of the study. Raises Refused."""
    root = read(file)
    found: list[Passage] = []
    for item in root.items(least=1):
        fields = item.fields(("key", "text"))
        passage = Passage(slug(fields["key"]), fields["text"].text(MAX_CHARS))
        if passage.key in {each.key for each in found}:
            raise Refused(fields["key"].place, f"{passage.key!r} comes twice")
        found.append(passage)
    if len(found) % len(CELLS):
        raise Refused(root.place, f"{len(found)} passages, expected a multiple of {len(CELLS)}")
    return tuple(found)
