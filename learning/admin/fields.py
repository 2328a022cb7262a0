"""Form fields for what a row keeps as JSON: lines, rows with a right one, Spanish in two forms."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from learning.syllabus import wording
from learning.syllabus.stored import NOWHERE
from learning.yamlfile import Node, Refused

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

MARK = "_right"  # of a row: it is the right one
MOST_LINES = 1500  # characters of a list; the longest of the course has 400
_BAR = " | "
MEXICO = _(
    "Si en México se dice de otro modo, detrás de una barra: «el ordenador | la computadora»."
)


def checked(read: Callable[[Node], Any]) -> Callable[[str], None]:
    """A validator that takes what a reader of the course's files takes."""

    def validate(value: str) -> None:
        try:
            read(Node(NOWHERE, value))
        except Refused as refused:
            raise ValidationError(wording.spanish(refused.why)) from refused

    return validate


def with_bar(text: str | Mapping[str, str]) -> str:
    """'el ordenador | la computadora' from its JSON."""
    return text if isinstance(text, str) else _BAR.join(filter(None, text.values()))


def without_bar(text: str) -> str | dict[str, str]:
    spain, bar, mexico = (part.strip() for part in text.partition("|"))
    return {"es": spain, "es-mx": mexico} if bar and spain and mexico else spain


class SpanishField(forms.CharField):
    """A text and, behind a bar, Mexico's."""

    def prepare_value(self, value: Any) -> Any:
        return with_bar(value) if isinstance(value, (str, Mapping)) else value

    def clean(self, value: Any) -> Any:
        return without_bar(super().clean(value))


def lines(text: str) -> list[str]:
    """Those with something in them."""
    return list(filter(None, map(str.strip, text.splitlines())))


class LinesField(forms.CharField):
    """A list of texts, one a line."""

    widget = forms.Textarea(attrs={"rows": 4, "cols": 50})

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=MOST_LINES, **options)

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> Any:
        return lines(super().clean(value))

    def has_changed(self, initial: Any, data: Any) -> bool:
        return lines(data or "") != (initial or [])


@dataclass(frozen=True)
class Column:
    """Of rows: what it is called in the JSON, and on the page."""

    name: str
    label: StrOrPromise
    size: int = 24
    most: int = 160


class RowsWidget(forms.Widget):
    """A table of texts; with `right`, one of the rows is marked as the right one."""

    def __init__(
        self, columns: Sequence[Column], least: int, spare: int, right: StrOrPromise = ""
    ) -> None:
        super().__init__()
        self.columns = columns
        self.least = least  # rows that are shown
        self.spare = spare  # empty ones after those that are filled
        self.right = right

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        given: list[Mapping[str, str]] = value or []
        count = max(self.least, len(given) + self.spare)
        rows = []
        for at in range(count):
            row = given[at] if at < len(given) else {}
            cells = [(column, row.get(column.name, "")) for column in self.columns]
            rows.append({"cells": cells, "right": bool(row.get(MARK))})
        context = {"name": name, "rows": rows, "columns": self.columns, "right": self.right}
        return render_to_string("admin/learning/widgets/rows.html", context)

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[dict[str, str]]:
        right = data.get(f"{name}-right", "")
        found = []
        for at in range(int(count) if (count := data.get(f"{name}-count", "0")).isdecimal() else 0):
            row = {c.name: data.get(f"{name}-{at}-{c.name}", "") for c in self.columns}
            if at >= 100:
                break
            found.append({**row, MARK: "1" if right == str(at) else ""})
        return found

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return f"{name}-count" not in data

    def id_for_label(self, id_: str) -> str:
        return ""


class RowsField(forms.Field):
    """Rows of texts; those without any are left out."""

    widget: RowsWidget

    def __init__(
        self,
        columns: Sequence[Column],
        least: int = 3,
        spare: int = 2,
        right: StrOrPromise = "",
        **options: Any,
    ) -> None:
        self.columns = columns
        super().__init__(widget=RowsWidget(columns, least, spare, right), **options)

    def clean(self, value: Any) -> list[dict[str, str]]:
        found = []
        for row in value or []:
            texts = {column.name: row[column.name].strip() for column in self.columns}
            for column in self.columns:
                if len(texts[column.name]) > column.most:
                    raise ValidationError(
                        f"{column.label}: tiene {len(texts[column.name])} letras;"
                        f" caben {column.most}."
                    )
            if any(texts.values()):
                found.append({**texts, MARK: row.get(MARK, "")})
        if self.required and not found:
            raise ValidationError(self.error_messages["required"], code="required")
        return found

    def has_changed(self, initial: Any, data: Any) -> bool:
        def bare(rows: Any) -> list[list[str]]:
            names = [*(column.name for column in self.columns), MARK]
            texts = [[str(row.get(name) or "").strip() for name in names] for row in rows or []]
            return [row for row in texts if any(row)]

        return bare(initial) != bare(data)
