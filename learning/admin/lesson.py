"""Lessons: written as drafts, checked, published; taken out to a file and in again."""

from __future__ import annotations

from typing import Any

import reversion
from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.validators import MaxLengthValidator
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from learning.admin import narration
from learning.admin.fields import Column, RowsField, checked, with_bar, without_bar
from learning.admin.kinds import ABOUT
from learning.admin.publishing import PublishingAdmin
from learning.admin.texts import TextsForm, mexico, texts_form
from learning.authoring import checking, files, learners
from learning.authoring.written import TAUGHT
from learning.models import Exercise, Lesson, Unit
from learning.syllabus import fields, reading, wording
from learning.yamlfile import Refused
from speech.phones import ENGLISH, PHONES

TEXTS = ("title", "intro")
reversion.register(Lesson)


class LessonForm(TextsForm):
    pools = RowsField(
        [
            Column("title", _("título"), 24, 60),
            Column("take", _("cuántos salen"), 4, 2),
            Column("exercises", _("claves de los ejercicios"), 60, 1500),
        ],
        least=3,
        label=_("bolsas"),
        required=False,
        help_text=_("Cada vez salen otros: en cada bolsa, al menos el doble de los que salen."),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if "intro" not in self.fields:  # somebody who may only look
            return
        self.fields["emoji"].validators.append(checked(fields.emoji))
        for name in ("intro", "mx_intro"):
            self.fields[name].validators.append(MaxLengthValidator(reading.INTRO))
        self.initial["pools"] = [
            {
                "title": with_bar(pool["title"]),
                "take": str(pool["take"]),
                "exercises": " ".join(pool["exercises"]),
            }
            for pool in self.instance.pools
        ]

    def clean_pools(self) -> list[dict[str, Any]]:
        pools = []
        for row in self.cleaned_data["pools"]:
            keys = row["exercises"].replace(",", " ").split()
            if not row["take"].isdecimal() or not int(row["take"]):
                raise forms.ValidationError(
                    _("«%(title)s»: falta cuántos salen.") % {"title": row["title"]}
                )
            take = int(row["take"])
            if len(keys) < 2 * take:
                raise forms.ValidationError(
                    _("«%(title)s»: hay %(count)d ejercicios y hacen falta %(needed)d.")
                    % {"title": row["title"], "count": len(keys), "needed": 2 * take}
                )
            pools.append({"title": without_bar(row["title"]), "take": take, "exercises": keys})
        return pools


class FileForm(forms.Form):
    unit = forms.ModelChoiceField(label=_("unidad"), queryset=Unit.objects.select_related("course"))
    file = forms.FileField(label=_("archivo"), help_text=_("Una lección en YAML."))


@admin.register(Lesson)
class LessonAdmin(PublishingAdmin):
    checks = checking
    form = texts_form(Lesson, TEXTS, LessonForm)
    list_display = ["title", "unit", "kind", "order", "published", "how_many"]
    list_editable = ["order"]
    list_filter = ["published", "kind", "unit"]
    list_select_related = ["unit__course"]
    search_fields = ["title", "slug", "exercises__text"]
    prepopulated_fields = {"slug": ["title"]}
    published_says = _("Publicada.")
    draft_says = _("Vuelve a ser un borrador.")
    check_template = "admin/learning/lesson/check.html"
    change_list_template = "admin/learning/lesson/change_list.html"
    readonly_fields = ["state", "voice"]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    *("state", "voice", "title", "slug", "unit", "kind"),
                    *("emoji", "minutes", "order", "intro"),
                ]
            },
        ),
        (_("Cuestionario"), {"classes": ["collapse"], "fields": ["pass_mark", "pools"]}),
        mexico(TEXTS),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Lesson]:
        lessons: QuerySet[Lesson] = super().get_queryset(request)
        return lessons.annotate(shown=Count("exercises", filter=Q(exercises__retired=False)))

    @admin.display(description=_("ejercicios"), ordering="shown")
    def how_many(self, lesson: Any) -> int:
        return int(lesson.shown)

    @admin.display(description=_("estado"))
    def state(self, lesson: Lesson) -> str:
        if lesson.published:
            return str(_("Publicada"))
        return str(_("Borrador: solo la ven los autores"))

    def inside(self, row: Lesson) -> str:
        count = learners.in_lesson(row)
        return being(count) if count else ""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("guia/", view(self.guide_view), name="learning_guide"),
            path("importar/", view(self.import_view), name="learning_lesson_import_file"),
            *narration.urls(),
            path("<int:pk>/exportar/", view(self.export_view), name="learning_lesson_export_file"),
            *super().get_urls(),
        ]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **options: Any
    ) -> HttpResponse:
        lesson = options.get("obj")
        if lesson is not None:
            context |= {
                "exercises": [(each, asked(each)) for each in lesson.exercises.all()],
                "taught": [
                    (model._meta, model.objects.filter(lesson=lesson))
                    for model in TAUGHT
                    if not lesson.is_quiz
                ],
            }
        response: HttpResponse = super().render_change_form(request, context, *args, **options)
        return response

    def save_model(self, request: HttpRequest, obj: Lesson, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        tell_what_is_missing(self, request, obj)

    def export_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        lesson = self._changeable(request, pk)
        try:
            text = files.to_yaml(lesson)
        except files.CannotWrite as error:
            self.message_user(request, str(error), messages.ERROR)
            return HttpResponseRedirect(self.change_url(lesson))
        response = HttpResponse(text, content_type="application/yaml; charset=utf-8")
        response.headers["Content-Disposition"] = f'attachment; filename="{lesson.slug}.yaml"'
        return response

    def import_view(self, request: HttpRequest) -> HttpResponse:
        """All of the file or nothing of it."""
        if not (self.has_add_permission(request) and self.has_change_permission(request)):
            raise PermissionDenied
        form = FileForm(request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid():
            file = form.cleaned_data["file"]
            try:
                if file.size > files.MAX_BYTES:
                    raise files.too_long(file.name, file.size)
                unit, user = form.cleaned_data["unit"], request.user
                lesson = files.from_yaml(file.read(), unit, file.name, user)
            except Refused as refused:
                form.add_error("file", f"{refused.place}: {wording.spanish(refused.why)}")
            else:
                self.message_user(
                    request,
                    _("«%(lesson)s» está importada.") % {"lesson": lesson},
                    messages.SUCCESS,
                )
                tell_what_is_missing(self, request, lesson)
                return HttpResponseRedirect(self.change_url(lesson))
        context = {
            **self.admin_site.each_context(request),
            "title": _("Importar una lección"),
            "opts": self.opts,
            "form": form,
            "media": self.media,
        }
        return render(request, "admin/learning/lesson/import_file.html", context)

    def guide_view(self, request: HttpRequest) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        context = {
            **self.admin_site.each_context(request),
            "title": _("Guía para escribir lecciones"),
            "opts": self.opts,
            "phones": [PHONES[phone] for phone in ENGLISH],
            "kinds": [(Exercise.Kind(kind).label, about) for kind, about in ABOUT.items()],
            "media": self.media,
        }
        return render(request, "admin/learning/guide.html", context)


def asked(exercise: Exercise) -> str:
    """What tells an exercise without a text of its own from the others."""
    content = exercise.content
    found = exercise.prompt or exercise.as_read().statement or content.get("answer")
    return "" if exercise.text else str(found or ", ".join(content.get("words", [])))


def being(count: int) -> str:
    return ngettext(
        "una persona la está haciendo ahora", "%(count)d personas la están haciendo ahora", count
    ) % {"count": count}


def tell_what_is_missing(site: admin.ModelAdmin, request: HttpRequest, lesson: Lesson) -> None:
    """A lesson that is published and no longer complete stays so, but its author hears of it."""
    if not lesson.published:
        return
    for problem in checking.problems(lesson)[:5]:
        said = _("La lección «%(lesson)s» está publicada y tiene un problema. %(problem)s") % {
            "lesson": lesson,
            "problem": problem,
        }
        site.message_user(request, said, messages.WARNING)
