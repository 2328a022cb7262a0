"""Courses and their units."""

from __future__ import annotations

import reversion
from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from learning.admin.base import AuthorAdmin
from learning.admin.fields import checked
from learning.admin.texts import TextsForm, mexico, texts_form
from learning.models import Course, Unit
from learning.syllabus import fields

COURSE_TEXTS, UNIT_TEXTS = ("title", "description"), ("title", "goal")
for model in (Course, Unit):
    reversion.register(model)


class UnitForm(TextsForm):
    def __init__(self, *args: object, **options: object) -> None:
        super().__init__(*args, **options)
        if "emoji" in self.fields:
            self.fields["emoji"].validators.append(checked(fields.emoji))


class UnitInline(admin.TabularInline):
    model = Unit
    extra = 0
    ordering = ["order", "pk"]
    fields = ["order", "emoji", "title", "slug"]
    prepopulated_fields = {"slug": ["title"]}
    show_change_link = True

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


@admin.register(Course)
class CourseAdmin(AuthorAdmin):
    form = texts_form(Course, COURSE_TEXTS)
    list_display = ["title", "order"]
    list_editable = ["order"]
    prepopulated_fields = {"slug": ["title"]}
    inlines = [UnitInline]
    fieldsets = [
        (None, {"fields": ["title", "slug", "description", "order"]}),
        mexico(COURSE_TEXTS),
    ]


@admin.register(Unit)
class UnitAdmin(AuthorAdmin):
    form = texts_form(Unit, UNIT_TEXTS, UnitForm)
    list_display = ["__str__", "order", "how_many"]
    list_editable = ["order"]
    list_filter = ["course"]
    list_select_related = ["course"]
    search_fields = ["title", "slug"]
    prepopulated_fields = {"slug": ["title"]}
    filter_horizontal = ["after"]
    fieldsets = [
        (None, {"fields": ["course", "title", "slug", "emoji", "goal", "after", "order"]}),
        mexico(UNIT_TEXTS),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Unit]:
        units: QuerySet[Unit] = super().get_queryset(request)
        return units.annotate(count=Count("lessons"))

    @admin.display(description=_("lecciones"), ordering="count")
    def how_many(self, unit: Unit) -> int:
        return int(getattr(unit, "count", 0))
