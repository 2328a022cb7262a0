"""What stands in a cell of a spreadsheet, and what is kept of it."""

from __future__ import annotations

import json
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from import_export import fields, widgets

from learning.admin.rows import Rows
from learning.models import Course, Exercise, Item, Lesson, Practice


class JsonWidget(widgets.Widget):
    """What only a kind of exercise has."""

    def clean(self, value: Any, row: Any = None, **options: Any) -> Any:
        try:
            found = json.loads(value or "{}")
        except (TypeError, ValueError) as error:
            raise ValueError(_("«content» no es JSON.")) from error
        if not isinstance(found, dict):
            raise ValueError(_("«content» no es JSON con claves."))
        return found

    def render(self, value: Any, obj: Any = None, **options: Any) -> str:
        return json.dumps(value, ensure_ascii=False)


class LinesWidget(widgets.Widget):
    """Examples, mistakes or pairs, one a line, with arrows between their parts."""

    ARROW = "=>"

    def __init__(self, rows: Rows) -> None:
        super().__init__()
        self.rows = rows

    def clean(self, value: Any, row: Any = None, **options: Any) -> list[dict[str, Any]]:
        lines = [line for line in str(value or "").splitlines() if line.strip()]
        return self.rows.kept([self._parts(at, line) for at, line in enumerate(lines, 1)])

    def _parts(self, at: int, line: str) -> dict[str, str]:
        columns = self.rows.columns
        parts = [part.strip() for part in line.split(self.ARROW)]
        if len(parts) != len(columns):
            raise ValueError(
                _("Línea %(line)d: hay %(found)d partes separadas por «=>» y son %(count)d.")
                % {"line": at, "found": len(parts), "count": len(columns)}
            )
        for column, part in zip(columns, parts, strict=True):
            if not part and not column.name.endswith("emoji"):
                raise ValueError(
                    _("Línea %(line)d: falta «%(part)s».") % {"line": at, "part": column.label}
                )
        return {column.name: part for column, part in zip(columns, parts, strict=True)}

    def render(self, value: Any, obj: Any = None, **options: Any) -> str:
        arrow = f" {self.ARROW} "
        names = [column.name for column in self.rows.columns]
        return "\n".join(arrow.join(row[name] for name in names) for row in self.rows.shown(value))


class SlugWidget(widgets.ForeignKeyWidget):
    """The slug of a course or a lesson; one that is not there is an error of its column."""

    def __init__(self, model: type[Course] | type[Lesson]) -> None:
        super().__init__(model, "slug")
        self.found: dict[Any, Any] = {}  # in this sheet: each has widgets of its own

    def clean(self, value: Any, row: Any = None, **options: Any) -> Any:
        try:
            if value not in self.found:
                self.found[value] = super().clean(value, row, **options)
            return self.found[value]
        except self.model.DoesNotExist:
            said = _("No hay nada con la clave «%(key)s».") % {"key": value}
            raise ValidationError({self.model._meta.model_name: said}) from None


class FlagWidget(widgets.BooleanWidget):
    """1 or 0; anything else is an error, not a no."""

    def clean(self, value: Any, row: Any = None, **options: Any) -> bool:
        if value not in (*self.TRUE_VALUES, *self.FALSE_VALUES):
            raise ValueError(_("«%(value)s» no es 1 (sí) ni 0 (no).") % {"value": value})
        return value in self.TRUE_VALUES


class KeysWidget(widgets.ManyToManyWidget):
    """Keys of items of the course, with blanks between, the most important first."""

    def __init__(self) -> None:
        super().__init__(Item, field="key")
        self.courses: dict[str, int | None] = {}  # by lesson, in this sheet
        self.items: dict[int | None, dict[str, Item]] = {}  # by course

    def clean(self, value: Any, row: Any = None, **options: Any) -> list[Item]:
        items = self._items(row["lesson"])
        keys = str(value or "").split()
        if unknown := [key for key in keys if key not in items]:
            said = _("En el curso no hay nada con la clave «%(key)s».") % {"key": unknown[0]}
            raise ValidationError({"practises": said})
        return [items[key] for key in keys]

    def _items(self, lesson: str) -> dict[str, Item]:
        if lesson not in self.courses:
            found = Course.objects.filter(units__lessons__slug=lesson)
            self.courses[lesson] = found.values_list("pk", flat=True).first()
        course = self.courses[lesson]
        if course not in self.items:
            self.items[course] = {each.key: each for each in Item.objects.filter(course=course)}
        return self.items[course]

    def render(self, value: Any, obj: Any = None, **options: Any) -> str:
        return " ".join(item.key for item in value)


class PractisesField(fields.Field):
    """What an exercise practises, in its order."""

    def get_value(self, instance: Exercise) -> QuerySet[Item]:
        return Item.objects.filter(practices__exercise=instance.pk).order_by("practices__order")

    def save(self, instance: Exercise, row: Any, is_m2m: bool = False, **options: Any) -> None:
        wanted = self.clean(row, **options)
        instance.practices.all().delete()
        for order, item in enumerate(wanted):
            Practice.objects.create(exercise=instance, item=item, order=order)


class MexicanField(fields.Field):
    """Mexico's form of one text."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name}_mx", f"{name}_mx")
        self.name = name

    def get_value(self, instance: Any) -> str:
        return str(instance.mexican.get(self.name, ""))

    def save(self, instance: Any, row: Any, is_m2m: bool = False, **options: Any) -> None:
        if self.column_name not in row:
            return
        text = str(row[self.column_name] or "").strip()
        most = instance._meta.get_field(self.name).max_length
        if most and len(text) > most:
            raise ValueError(
                _("Tiene %(count)d letras; caben %(most)d.") % {"count": len(text), "most": most}
            )
        instance.mexican = {k: v for k, v in instance.mexican.items() if k != self.name}
        if text:
            instance.mexican[self.name] = text
