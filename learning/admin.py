"""Where authors write: a lesson with its exercises on one page, checked before it is published."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import Count, Q, QuerySet
from django.forms import BaseInlineFormSet, ModelForm, Textarea
from django.http import HttpRequest

from accounts.admin import ReadOnly
from learning.models import Course, Exercise, Lesson, Progress, SoundCount, Unit


class ExerciseForm(ModelForm):
    class Meta:
        model = Exercise
        fields = [
            "order",
            "key",
            "kind",
            "text",
            "translation",
            "emoji",
            "note",
            "accepted",
            "retired",
        ]
        widgets = {"accepted": Textarea(attrs={"rows": 2, "cols": 40})}


class ExerciseFormSet(BaseInlineFormSet):
    def clean(self) -> None:
        """A lesson without exercises is not published."""
        super().clean()
        kept = [
            form
            for form in self.forms
            if form.cleaned_data.get("text") and not form.cleaned_data.get("DELETE")
        ]
        if self.instance.published and not kept:
            raise ValidationError("Una lección publicada necesita al menos un ejercicio.")


class ExerciseInline(admin.StackedInline):
    model = Exercise
    form = ExerciseForm
    formset = ExerciseFormSet
    extra = 0
    ordering = ["order", "pk"]
    prepopulated_fields = {"key": ["text"]}
    fieldsets = [
        (None, {"fields": [("text", "translation"), ("emoji", "note"), ("kind", "order", "key")]}),
        ("Más", {"classes": ["collapse"], "fields": ["accepted", "retired"]}),
    ]


@admin.register(Lesson)
class LessonAdmin(admin.ModelAdmin):
    list_display = ["title", "unit", "order", "published", "how_many"]
    list_editable = ["order"]
    list_filter = ["published", "unit"]
    search_fields = ["title", "exercises__text"]
    prepopulated_fields = {"slug": ["title"]}
    fields = ["title", "slug", "unit", "kind", "emoji", "intro", "order", "published"]
    inlines = [ExerciseInline]
    actions = ["publish", "unpublish"]
    save_on_top = True

    def get_queryset(self, request: HttpRequest) -> QuerySet[Lesson]:
        lessons: QuerySet[Lesson] = super().get_queryset(request)
        return lessons.annotate(shown=Count("exercises", filter=Q(exercises__retired=False)))

    @admin.display(description="ejercicios", ordering="shown")
    def how_many(self, lesson: Any) -> int:
        return int(lesson.shown)

    @admin.action(description="Publicar las lecciones elegidas", permissions=["change"])
    def publish(self, request: HttpRequest, lessons: QuerySet[Lesson]) -> None:
        """Check, then publish: a lesson with a word that we cannot pronounce stays a draft."""
        for lesson in lessons:
            problems = lesson.problems()
            if problems:
                self.message_user(request, f"{lesson}: {' '.join(problems)}", messages.ERROR)
                continue
            lesson.published = True
            lesson.save(update_fields=["published"])
            self.message_user(request, f"{lesson}: publicada.", messages.SUCCESS)

    @admin.action(description="Retirar las lecciones elegidas", permissions=["change"])
    def unpublish(self, request: HttpRequest, lessons: QuerySet[Lesson]) -> None:
        lessons.update(published=False)


class UnitInline(admin.TabularInline):
    model = Unit
    extra = 0
    ordering = ["order", "pk"]
    prepopulated_fields = {"slug": ["title"]}


@admin.register(Course)
class CourseAdmin(admin.ModelAdmin):
    list_display = ["title", "order"]
    list_editable = ["order"]
    prepopulated_fields = {"slug": ["title"]}
    inlines = [UnitInline]


@admin.register(Progress)
class ProgressAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["profile", "exercise", "attempts", "best", "last", "last_at"]
    list_select_related = ["profile", "exercise"]


@admin.register(SoundCount)
class SoundCountAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["profile", "phone", "day", "right", "unsure", "wrong"]
    list_filter = ["phone"]
    list_select_related = ["profile"]
    date_hierarchy = "day"
