"""What `load_course` puts into the database, whichever files it was written in."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import models

from learning.syllabus.content import Spanish

FOLDER = Path(__file__).parent / "content"


@dataclass(frozen=True)
class Part:
    """A course, unit, lesson, item, exercise, book or page: its own fields, and what it holds, in
    order."""

    model: type[models.Model]
    key: str  # the slug or key, unlike that of its siblings
    fields: dict[str, Any]
    children: tuple[Part, ...] = ()
    links: tuple[str, ...] = ()  # keys: a unit's `after`, what an exercise practises


def spanish_fields(**texts: Spanish) -> dict[str, Any]:
    """The fields of some texts, and what Mexico says otherwise."""
    found: dict[str, Any] = {name: text.es for name, text in texts.items()}
    found["mexican"] = {name: text.es_mx for name, text in texts.items() if text.es_mx}
    return found
