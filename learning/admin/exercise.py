"""Exercises, each kind with the form that fits it."""

from __future__ import annotations

from typing import Any

import reversion
from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.forms import BaseInlineFormSet, HiddenInput, ModelForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from learning import accepted
from learning.admin.base import AuthorAdmin, Hidden
from learning.admin.kinds import ABOUT, TEXTS, exercise_form
from learning.admin.lesson import tell_what_is_missing
from learning.admin.sheets import ExerciseSheet, SheetAdmin
from learning.admin.texts import mexico
from learning.authoring.likely import likely
from learning.models import Exercise, Item, Lesson, Practice
from learning.syllabus import fields as limits
from learning.syllabus.exercises import GAP, TYPES
from speech.errors import SpeechError

Kind = Exercise.Kind
reversion.register(Practice)
reversion.register(Exercise, follow=["practices"])


@admin.register(Item)
class ItemAdmin(Hidden):
    search_fields = [
        *("key", "word__english", "word__translation"),
        *("grammarpoint__title", "pairset__title"),
    ]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return True  # as part of what it is: a word, a grammar point


class PracticeFormSet(BaseInlineFormSet):
    def clean(self) -> None:
        super().clean()
        if any(self.errors):
            return
        lesson: Lesson | None = getattr(self.instance, "lesson", None)
        for form in self.forms:
            item = form.cleaned_data.get("item")
            if item and lesson and item.course_id != lesson.unit.course_id:
                form.add_error("item", _("«%(item)s» es de otro curso.") % {"item": item})
        kept = [
            form
            for form in self.forms
            if form.cleaned_data.get("item") and not form.cleaned_data.get("DELETE")
        ]
        if not kept and self.instance.kind not in Exercise.PLAIN:
            raise ValidationError(_("Falta decir qué palabra, regla o sonido practica."))


class PracticeInline(admin.TabularInline):
    model = Practice
    formset = PracticeFormSet
    fields = ["item", "order"]
    autocomplete_fields = ["item"]
    extra = 1
    max_num = 6
    verbose_name = "palabra, regla o sonido"

    def formfield_for_foreignkey(self, *args: Any, **options: Any) -> Any:
        return super().formfield_for_foreignkey(*args, **{"label": _("Qué"), **options})

    verbose_name_plural = _("lo que practica, lo principal primero")


@admin.register(Exercise)
class ExerciseAdmin(SheetAdmin, AuthorAdmin):
    resource_classes = [ExerciseSheet]
    retires = True
    list_display = ["__str__", "kind", "lesson", "order", "retired"]
    list_editable = ["order"]
    list_filter = ["kind", "retired", "lesson__unit", "lesson"]
    list_select_related = ["lesson__unit"]
    search_fields = ["text", "key", "translation", "prompt"]
    list_per_page = 50
    autocomplete_fields = ["lesson"]
    ordering = ["lesson__unit__order", "lesson__order", "order", "pk"]

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(require_POST(self.likely_view))
        return [path("hispanohablante/", view, name="learning_likely"), *super().get_urls()]

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """First the kind, then its form."""
        if self._kind(request, None) or not self.has_add_permission(request):
            response: HttpResponse = super().add_view(request, form_url, extra_context)
            return response
        context = {
            **self.admin_site.each_context(request),
            "title": _("¿Qué tipo de ejercicio?"),
            "opts": self.opts,
            "kinds": [(kind, Kind(kind).label, about) for kind, about in ABOUT.items()],
            "lesson": request.GET.get("lesson", ""),
            "media": self.media,
        }
        return render(request, "admin/learning/exercise/kinds.html", context)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **options: Any
    ) -> HttpResponse:
        fields = context["adminform"].form.fields
        kind = context["adminform"].form.instance.kind
        context["english"] = "text" if "text" in fields else "answer" if kind == Kind.ORDER else ""
        return super().render_change_form(request, context, *args, **options)

    def _kind(self, request: HttpRequest, obj: Exercise | None) -> str:
        if obj is not None:
            return obj.kind
        kind = request.POST.get("kind") or request.GET.get("kind", "")
        return kind if kind in Kind.values else ""

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **options: Any
    ) -> type[ModelForm]:
        kind = self._kind(request, obj)
        options["form"] = exercise_form(kind)
        options["widgets"] = {"kind": HiddenInput}
        form: type[ModelForm] = super().get_form(request, obj, change, **options)
        return form

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        kind = self._kind(request, obj)
        own = list(exercise_form(kind).own)
        plain = kind in Exercise.PLAIN
        first = [("lesson", "key", "order"), "prompt"]
        if obj is None:
            first = ["kind", *first]
        texted = plain or any("text" in keys for keys in TYPES.get(kind, ()))
        said = [*(["text"] if texted else []), *own, "translation", "emoji"]
        about = ABOUT.get(kind, "")
        more = ["note"] if plain else []
        more += ["accepted"] if kind in Exercise.SPOKEN else []
        parts: list[Any] = [
            (
                Kind(kind).label.capitalize() if kind else None,
                {"fields": first, "description": about},
            ),
            (_("Lo que se ve y se oye"), {"fields": said}),
            (_("Al corregir"), {"fields": ["explanation", *more]}),
            mexico(TEXTS),
        ]
        return parts

    def get_inlines(self, request: HttpRequest, obj: Any) -> list[Any]:
        return [] if self._kind(request, obj) == Kind.PICTURE_MATCH else [PracticeInline]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return []

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> dict[str, Any]:
        return {}

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        exercise = form.instance
        if exercise.kind == Kind.PICTURE_MATCH:
            exercise.practices.all().delete()
            for order, word in enumerate(form.cleaned_data["words"]):
                Practice.objects.create(exercise=exercise, item=word, order=order)
        tell_what_is_missing(self, request, exercise.lesson)

    def likely_view(self, request: HttpRequest) -> HttpResponse:
        """How a Spanish speaker is likely to say the sentence that is in the form."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        text = request.POST.get("text") or request.POST.get("answer", "")
        lines, answers = request.POST.get("accepted", ""), request.POST.get("answers", "")
        context: dict[str, Any] = {}
        try:
            if len(text) > limits.PASSAGE:
                raise SpeechError("text_too_long")
            context["said"] = likely(text.replace(GAP, answers.partition("\n")[0].strip()), lines)
        except SpeechError as error:
            detail = f" ({error.detail})" if error.code in ("unknown_word", "bad_phone") else ""
            context["trouble"] = f"{_(error.plain)}{detail}"
        except accepted.NotAccepted as error:
            context["trouble"] = str(error)
        except ImportError:
            context["trouble"] = _("Este servidor no tiene instalado el motor que lo calcula.")
        return render(request, "admin/learning/exercise/likely.html", context)
