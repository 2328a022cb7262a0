"""Words and exercises as spreadsheets, out and in: all of a sheet or nothing of it."""

from __future__ import annotations

import json
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from import_export import fields, resources, widgets
from import_export.admin import ImportExportMixin
from import_export.formats import base_formats
from import_export.forms import ExportForm
from import_export.tmp_storages import MediaStorage

from learning.authoring.history import remember
from learning.models import Course, Exercise, Item, Lesson, Practice, Word

MOST_ROWS = 5000


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


class KeysWidget(widgets.ManyToManyWidget):
    """Keys of items of the course, with blanks between, the most important first."""

    def clean(self, value: Any, row: Any = None, **options: Any) -> list[Item]:
        lesson = Lesson.objects.select_related("unit").get(slug=row["lesson"])
        items = {each.key: each for each in Item.objects.filter(course=lesson.unit.course_id)}
        keys = str(value or "").split()
        if unknown := [key for key in keys if key not in items]:
            raise ValueError(
                _("En el curso no hay nada con la clave «%(key)s».") % {"key": unknown[0]}
            )
        return [items[key] for key in keys]

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
        super().__init__("mexican", f"{name}_mx")
        self.name = name

    def get_value(self, instance: Any) -> str:
        return str(instance.mexican.get(self.name, ""))

    def save(self, instance: Any, row: Any, is_m2m: bool = False, **options: Any) -> None:
        if self.column_name not in row:
            return
        text = str(row[self.column_name] or "").strip()
        instance.mexican = {k: v for k, v in instance.mexican.items() if k != self.name}
        if text:
            instance.mexican[self.name] = text


class Sheet(resources.ModelResource):
    """Rows are found by their keys, and put to the checks that forms make."""

    class Meta:
        clean_model_instances = True
        use_transactions = True
        skip_unchanged = True
        report_skipped = False

    def before_import(self, dataset: Any, **options: Any) -> None:
        if len(dataset) > MOST_ROWS:
            raise ValidationError(
                _("Hay %(count)d filas; caben %(most)d.")
                % {"count": len(dataset), "most": MOST_ROWS}
            )


_text = widgets.CharWidget(coerce_to_string=True, allow_blank=True)


class WordSheet(Sheet):
    accepted = fields.Field("accepted", "accepted", _text)
    course = fields.Field("course", "course", widgets.ForeignKeyWidget(Course, "slug"))
    lesson = fields.Field("lesson", "lesson", widgets.ForeignKeyWidget(Lesson, "slug"))
    translation_mx = MexicanField("translation")
    example_translation_mx = MexicanField("example_translation")
    note_mx = MexicanField("note")
    false_friend_mx = MexicanField("false_friend")

    class Meta(Sheet.Meta):
        model = Word
        import_id_fields = ["course", "key"]
        fields = export_order = [
            *("course", "key", "lesson", "order", "english", "pos", "translation"),
            *("translation_mx", "emoji", "no_picture", "example", "example_translation"),
            *("example_translation_mx", "note", "note_mx", "false_friend", "false_friend_mx"),
            *("accepted", "retired"),
        ]


class ExerciseSheet(Sheet):
    accepted = fields.Field("accepted", "accepted", _text)
    lesson = fields.Field("lesson", "lesson", widgets.ForeignKeyWidget(Lesson, "slug"))
    content = fields.Field("content", "content", JsonWidget())
    practises = PractisesField("practises", "practises", KeysWidget(Item, field="key"))
    prompt_mx = MexicanField("prompt")
    translation_mx = MexicanField("translation")
    explanation_mx = MexicanField("explanation")

    class Meta(Sheet.Meta):
        model = Exercise
        import_id_fields = ["lesson", "key"]
        fields = export_order = [
            *("lesson", "key", "order", "kind", "practises", "prompt", "prompt_mx", "text"),
            *("translation", "translation_mx", "emoji", "content", "explanation"),
            *("explanation_mx", "note", "accepted", "retired"),
        ]

    def skip_row(
        self, instance: Any, original: Any, row: Any, import_validation_errors: Any = None
    ) -> bool:
        """What is practised in another order has changed too."""
        same: bool = super().skip_row(instance, original, row, import_validation_errors)
        practised = self.fields["practises"]
        if not same or practised.column_name not in row:
            return same
        return list(practised.clean(row)) == list(practised.get_value(original))


class SheetAdmin(ImportExportMixin):
    """For those who may change the rows; a file is read by any of our machines."""

    tmp_storage_class = MediaStorage
    formats = [base_formats.XLSX, base_formats.CSV]
    export_form_class = ExportForm

    def has_import_permission(self, request: HttpRequest) -> bool:
        return bool(self.has_add_permission(request) and self.has_change_permission(request))

    def has_export_permission(self, request: HttpRequest) -> bool:
        return bool(self.has_view_permission(request))

    def process_dataset(self, dataset: Any, *args: Any, **options: Any) -> Any:
        """Each row that is changed has a history from here on."""
        request: HttpRequest = args[1]
        remember(self.model._default_manager.filter(key__in=dataset["key"]))
        with self.create_revision(request):
            return super().process_dataset(dataset, *args, **options)
