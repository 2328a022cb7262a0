"""What lessons teach: words, grammar points, minimal pairs."""

from __future__ import annotations

from typing import Any

import reversion
from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.validators import MaxLengthValidator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from learning import accepted
from learning.admin import readable
from learning.admin.base import AuthorAdmin
from learning.admin.fields import MEXICO, RowsField
from learning.admin.lesson import tell_what_is_missing
from learning.admin.rows import EXAMPLES, MISTAKES, PAIRS
from learning.admin.sheets import GrammarSheet, PairsSheet, SheetAdmin, WordSheet
from learning.admin.texts import TextsForm, mexico, texts_form
from learning.authoring.proposals import MOST_LETTERS, propose
from learning.models import GrammarPoint, Item, PairSet, Word
from learning.voice_views import spoken
from speech.errors import SpeechError

WORD_TEXTS = ("translation", "example_translation", "note", "false_friend")
TITLED_TEXTS = ("title", "explanation")
POS = [
    ("noun", _("sustantivo")),
    ("verb", _("verbo")),
    ("adjective", _("adjetivo")),
    ("adverb", _("adverbio")),
    ("pronoun", _("pronombre")),
    ("preposition", _("preposición")),
    ("number", _("número")),
    ("interjection", _("interjección")),
    ("phrase", _("frase hecha")),
    ("other", _("otra")),
]
reversion.register(Item)
for model in (Word, GrammarPoint, PairSet):
    reversion.register(model, follow=["item_ptr"])


class ItemForm(TextsForm):
    """The course is that of the lesson."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if "lesson" in self.fields:
            self.fields["lesson"].required = True
            self.fields["lesson"].help_text = ""

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        lesson = values.get("lesson")
        if lesson is None:
            return values
        self.instance.course = lesson.unit.course
        taken = Item.objects.filter(course=lesson.unit.course, key=values.get("key"))
        if taken.exclude(pk=self.instance.pk).exists():
            self.add_error("key", _("En el curso ya hay algo con esta clave."))
        return values

    def _post_clean(self) -> None:  # django-stubs leave it out
        super()._post_clean()  # type: ignore[misc]
        if self.errors:
            return
        try:
            readable.check(self.instance)
        except ValidationError as error:
            for name, found in error.error_dict.items():
                self.add_error(name if name in self.fields else None, found)


class WordForm(ItemForm):
    pos = forms.ChoiceField(label=_("clase de palabra"), choices=POS)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if "key" in self.fields:
            self.fields["key"].help_text = _(
                "Letras minúsculas, cifras y guiones. No cambia nunca."
            )
            self.fields["accepted"].validators.append(MaxLengthValidator(400))


class PrefixedForm(ItemForm):
    """What it is can be seen by its key."""

    prefix_of_key = ""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if "key" in self.fields:
            self.fields["key"].help_text = _("Empieza por «%(start)s», en minúsculas.") % {
                "start": self.prefix_of_key
            }


class GrammarForm(PrefixedForm):
    prefix_of_key = "g-"
    examples = RowsField(
        EXAMPLES.columns,
        label=_("ejemplos"),
        help_text=format_lazy("{} {}", _("Tres o más."), MEXICO),
    )
    mistakes = RowsField(
        MISTAKES.columns,
        least=2,
        spare=1,
        label=_("errores"),
        help_text=_("Uno o más: los de quien habla español."),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.initial["examples"] = EXAMPLES.shown(self.instance.examples)
        self.initial["mistakes"] = MISTAKES.shown(self.instance.mistakes)

    def clean_examples(self) -> list[dict[str, Any]]:
        return EXAMPLES.kept(self.cleaned_data["examples"])

    def clean_mistakes(self) -> list[dict[str, Any]]:
        return MISTAKES.kept(self.cleaned_data["mistakes"])


class PairsForm(PrefixedForm):
    prefix_of_key = "p-"
    pairs = RowsField(
        PAIRS.columns,
        least=4,
        label=_("pares"),
        help_text=_("Cuatro o más, que se distingan justo en esos dos sonidos."),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.initial["pairs"] = PAIRS.shown(self.instance.pairs)

    def clean_pairs(self) -> list[dict[str, Any]]:
        return PAIRS.kept(self.cleaned_data["pairs"])

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        if not values.get("first") and not values.get("second"):
            self.add_error("first", _("Falta al menos un sonido."))
        return values


class ItemAdmin(AuthorAdmin):
    retires = True
    list_filter = ["retired", "lesson__unit"]
    list_select_related = ["lesson"]
    autocomplete_fields = ["lesson"]
    list_per_page = 50

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        if form.instance.lesson:
            tell_what_is_missing(self, request, form.instance.lesson)


@admin.register(Word)
class WordAdmin(SheetAdmin, ItemAdmin):
    resource_classes = [WordSheet]
    form = texts_form(Word, WORD_TEXTS, WordForm)
    list_display = ["english", "translation", "emoji", "lesson", "order", "retired"]
    search_fields = ["english", "key", "translation"]
    prepopulated_fields = {"key": ["english"]}
    change_form_template = "admin/learning/word/change_form.html"
    fieldsets = [
        (None, {"fields": ["lesson", "english", "accepted", ("key", "pos", "order")]}),
        (_("Qué es"), {"fields": ["translation", "emoji", "no_picture"]}),
        (_("En una frase"), {"fields": ["example", "example_translation"]}),
        (_("En qué fijarse"), {"fields": ["note", "false_friend"]}),
        mexico(WORD_TEXTS),
    ]

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("como-se-dice/", view(require_POST(self.said_view)), name="learning_said"),
            path(
                "voz.<sound:kind>", view(require_safe(self.voice_view)), name="learning_word_voice"
            ),
            *super().get_urls(),
        ]

    def said_view(self, request: HttpRequest) -> HttpResponse:
        """Pronunciations, syllables, IPA and voice of what is in the form."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        sent = (request.POST.get(name, "") for name in ("english", "text", "answer"))
        text = next(filter(None, sent), "")
        context: dict[str, Any] = {"text": text}
        try:
            if len(text) > MOST_LETTERS:
                raise SpeechError("text_too_long")
            context["words"] = propose(text, request.POST.get("accepted", ""))
            if not context["words"]:
                raise SpeechError("empty_text")
        except SpeechError as error:
            detail = f" ({error.detail})" if error.detail else ""
            context["trouble"] = f"{error.plain}{detail}"
        except accepted.NotAccepted as error:
            context["trouble"] = str(error)
        return render(request, "admin/learning/word/said.html", context)

    def voice_view(self, request: HttpRequest, kind: str) -> HttpResponse:
        text = request.GET.get("text", "")[:MOST_LETTERS]
        if not self.has_view_permission(request):
            raise PermissionDenied
        return spoken(request, text, "normal", kind)


@admin.register(GrammarPoint)
class GrammarPointAdmin(SheetAdmin, ItemAdmin):
    resource_classes = [GrammarSheet]
    form = texts_form(GrammarPoint, TITLED_TEXTS, GrammarForm)
    list_display = ["title", "key", "lesson", "order", "retired"]
    search_fields = ["title", "key"]
    fieldsets = [
        (None, {"fields": ["lesson", "title", ("key", "order"), "explanation"]}),
        (None, {"fields": ["examples", "mistakes"]}),
        mexico(TITLED_TEXTS),
    ]


@admin.register(PairSet)
class PairSetAdmin(SheetAdmin, ItemAdmin):
    resource_classes = [PairsSheet]
    form = texts_form(PairSet, TITLED_TEXTS, PairsForm)
    list_display = ["title", "key", "first", "second", "lesson", "retired"]
    search_fields = ["title", "key"]
    fieldsets = [
        (None, {"fields": ["lesson", "title", ("key", "order"), ("first", "second")]}),
        (None, {"fields": ["explanation", "pairs"]}),
        mexico(TITLED_TEXTS),
    ]
