"""What authors write as spreadsheets, out and in: all of a sheet or nothing of it."""

from __future__ import annotations

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

from learning.admin import readable
from learning.admin.cells import (
    FlagWidget,
    JsonWidget,
    KeysWidget,
    LinesWidget,
    MexicanField,
    PractisesField,
    SlugWidget,
)
from learning.admin.rows import EXAMPLES, MISTAKES, PAIRS
from learning.authoring.history import remember
from learning.models import (
    Course,
    Exercise,
    GrammarPoint,
    Item,
    Lesson,
    PairSet,
    Word,
)

MOST_ROWS = 5000


class Sheet(resources.ModelResource):
    """Rows are found by their keys, and put to the checks that forms make."""

    retired = fields.Field("retired", "retired", FlagWidget())

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
        known = {field.column_name for field in self.get_import_fields()}
        if unknown := [name for name in dataset.headers if name and name not in known]:
            raise ValidationError(_("No existe la columna «%(name)s».") % {"name": unknown[0]})
        keys = self.get_import_id_fields()
        if missing := [name for name in keys if name not in dataset.headers]:
            raise ValidationError(_("Falta la columna «%(name)s».") % {"name": missing[0]})
        seen = set()
        for at, key in enumerate(zip(*(dataset[name] for name in keys), strict=True)):
            if key in seen:
                raise ValidationError(
                    _("Fila %(row)d, columna «key»: «%(key)s» está dos veces.")
                    % {"row": at + 2, "key": key[-1]}  # the names of the columns are row 1
                )
            seen.add(key)

    def import_field(
        self, field: fields.Field, instance: Any, row: Any, is_m2m: bool = False, **options: Any
    ) -> None:
        try:
            super().import_field(field, instance, row, is_m2m, **options)
        except ArithmeticError as error:  # decimal's
            value = row[field.column_name]
            raise ValueError(_("«%(value)s» no es un número.") % {"value": value}) from error


_text = widgets.CharWidget(coerce_to_string=True, allow_blank=True)


class ItemSheet(Sheet):
    """What a lesson teaches."""

    course = fields.Field("course", "course", SlugWidget(Course))
    lesson = fields.Field("lesson", "lesson", SlugWidget(Lesson))

    class Meta(Sheet.Meta):
        import_id_fields = ["course", "key"]

    def get_queryset(self) -> QuerySet[Any]:
        found: QuerySet[Any] = super().get_queryset()
        return found.select_related("course", "lesson")

    def validate_instance(self, instance: Item, *args: Any, **options: Any) -> None:
        super().validate_instance(instance, *args, **options)
        readable.check(instance)


class WordSheet(ItemSheet):
    accepted = fields.Field("accepted", "accepted", _text)
    translation_mx = MexicanField("translation")
    example_translation_mx = MexicanField("example_translation")
    note_mx = MexicanField("note")
    false_friend_mx = MexicanField("false_friend")

    class Meta(ItemSheet.Meta):
        model = Word
        fields = export_order = [
            *("course", "key", "lesson", "order", "english", "pos", "translation"),
            *("translation_mx", "emoji", "no_picture", "example", "example_translation"),
            *("example_translation_mx", "note", "note_mx", "false_friend", "false_friend_mx"),
            *("accepted", "retired"),
        ]


class GrammarSheet(ItemSheet):
    title_mx = MexicanField("title")
    explanation_mx = MexicanField("explanation")
    examples = fields.Field("examples", "examples", LinesWidget(EXAMPLES))
    mistakes = fields.Field("mistakes", "mistakes", LinesWidget(MISTAKES))

    class Meta(ItemSheet.Meta):
        model = GrammarPoint
        fields = export_order = [
            *("course", "key", "lesson", "order", "title", "title_mx"),
            *("explanation", "explanation_mx", "examples", "mistakes", "retired"),
        ]


class PairsSheet(ItemSheet):
    title_mx = MexicanField("title")
    explanation_mx = MexicanField("explanation")
    pairs = fields.Field("pairs", "pairs", LinesWidget(PAIRS))

    class Meta(ItemSheet.Meta):
        model = PairSet
        fields = export_order = [
            *("course", "key", "lesson", "order", "title", "title_mx", "first", "second"),
            *("explanation", "explanation_mx", "pairs", "retired"),
        ]


class ExerciseSheet(Sheet):
    accepted = fields.Field("accepted", "accepted", _text)
    lesson = fields.Field("lesson", "lesson", SlugWidget(Lesson))
    content = fields.Field("content", "content", JsonWidget())
    practises = PractisesField("practises", "practises", KeysWidget())
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

    def get_queryset(self) -> QuerySet[Any]:
        found: QuerySet[Any] = super().get_queryset()
        return found.select_related("lesson")

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
    import_template_name = "admin/learning/sheet_import.html"
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
