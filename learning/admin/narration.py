"""The voice, for who writes and who runs Cotorra: what is said, what is missing, a try."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.forms import Script
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from redis.exceptions import RedisError

from learning import narration, narration_ahead, narration_report, narration_texts, voice
from learning.authoring import read_aloud
from learning.models import Book, Lesson
from learning.narration import Failure
from learning.voice import NEUTRAL, STAND_IN, STORYTELLING
from learning.voice_views import spoken
from speech.criterion import MAX_CHARS
from speech.errors import PLAIN, SpeechError

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

ANSWERS_WITHIN = timedelta(minutes=2)  # jobs for the voice come each half minute
SIZE_S = 60
KINDS = {
    "lessons": gettext_lazy("Lecciones"),
    "books": gettext_lazy("Libros"),
    "elsewhere": gettext_lazy("Consejos sobre los sonidos"),
}


class SentenceForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("Frase en inglés"),
        max_length=MAX_CHARS,
        widget=forms.TextInput(attrs={"class": "vTextField", "lang": "en"}),
    )
    style = forms.ChoiceField(
        label=gettext_lazy("Estilo"),
        choices=[(NEUTRAL, gettext_lazy("neutra")), (STORYTELLING, gettext_lazy("de cuento"))],
        initial=NEUTRAL,
        widget=forms.RadioSelect,
    )
    speed = forms.ChoiceField(
        label=gettext_lazy("Velocidad"),
        choices=[("normal", gettext_lazy("normal")), ("lenta", gettext_lazy("lenta"))],
        initial="normal",
        widget=forms.RadioSelect,
    )

    class Media:
        css = {"all": ["authoring.css", "narration-admin.css"]}
        js = [Script("js/narration-admin.js", type="module")]


def urls() -> list[URLPattern]:
    """Below those of lessons."""
    view = admin.site.admin_view
    return [
        path("voz/", view(never_cache(overview)), name="learning_voice"),
        path("voz/frase/", view(require_safe(sentence)), name="learning_sentence"),
        path("voz/frase.<sound:kind>", view(require_safe(sound)), name="learning_sentence_sound"),
    ]


def overview(request: HttpRequest) -> HttpResponse:
    """How much is said; here what is missing is asked for."""
    _check(request, "view")
    if request.method == "POST":
        _check(request, "change")
        (_stop if "stop" in request.POST else _ask)(request)
        return HttpResponseRedirect(request.path)
    report = narration_report.report()
    lessons = Lesson.objects.filter(pk__in=report.lessons).select_related("unit")
    context = {
        "title": _("La voz"),
        "report": report,
        "status": report.status,
        "kinds": [(KINDS[kind], count) for kind, count in report.kinds.items()],
        "lessons": [(each, report.lessons[each.pk]) for each in lessons],
        "books": [
            (each, report.books[each.pk]) for each in Book.objects.filter(pk__in=report.books)
        ],
        "may_ask": _may(request, "change"),
        "form": SentenceForm(),
        "size": _size(report.status.voice),
        **_workers(report.status.voice),
    }
    return _page(request, "overview", context)


def sentence(request: HttpRequest) -> HttpResponse:
    """A sentence to be heard, and the sounds that are said for it."""
    _check(request, "view")
    form = SentenceForm(request.GET)
    context = {"title": _("Probar una frase"), "form": form, **_workers(voice.current())}
    if form.is_valid():
        try:
            context["words"] = read_aloud.words(form.cleaned_data["text"])
        except SpeechError as error:
            form.add_error("text", _(error.plain))
    return _page(request, "sentence", context)


def sound(request: HttpRequest, kind: str) -> HttpResponse:
    _check(request, "view")
    form = SentenceForm(request.GET)
    if not form.is_valid():
        return HttpResponse(status=422)
    given = form.cleaned_data
    return spoken(request, given["text"], given["speed"], kind, given["style"])


def line(row: Lesson | Book) -> str:
    """How much of a lesson or book is said, for its own page."""
    if voice.current() is STAND_IN:
        said = _("lee la provisional, espeak-ng")
    elif not row.published:
        said = _("se prepara al publicar")
    else:
        found = narration_ahead.status(narration_texts.of(row))
        said = ngettext(
            "%(made)d de %(count)d audio listo",
            "%(made)d de %(count)d audios listos",
            found.passages,
        ) % {"made": found.made, "count": found.passages}
    return format_html('<a href="{}">{}</a>', reverse("admin:learning_voice"), said)


def _ask(request: HttpRequest) -> None:
    """Have what is missing said, and write down who asked."""
    count = len(narration_ahead.missing(narration_texts.everything()))
    if voice.current() is STAND_IN or not count:
        return
    if not narration_ahead.say_rest():
        said = _("No se ha podido pedir, o ya estaba pedido. Mira abajo cómo va.")
        messages.warning(request, said)
        return
    said = ngettext(
        "Pedido que se prepare %(count)d audio.", "Pedido que se preparen %(count)d audios.", count
    ) % {"count": count}
    _write_down(request, said)


def _stop(request: HttpRequest) -> None:
    if narration_ahead.stop():
        _write_down(request, _("Se deja de preparar lo que falta. Lo que ya está hecho se queda."))


def _write_down(request: HttpRequest, said: str) -> None:
    assert request.user.pk is not None
    LogEntry.objects.create(
        user_id=request.user.pk,
        content_type=ContentType.objects.get_for_model(Lesson),
        object_repr=_("La voz"),
        action_flag=CHANGE,
        change_message=said,
    )
    messages.success(request, said)


def _size(who: voice.Voice) -> int | None:
    """Bytes of its files; looked up once a minute, since it takes as long as all else."""
    try:
        key, find = f"voice:size:{who.folder}", partial(narration_ahead.size, who)
        found: int | None = cache.get_or_set(key, find, SIZE_S)
    except RedisError:
        return None
    return found


def _workers(who: voice.Voice) -> dict[str, Any]:
    """What the cache tells: whether any worker answers, what it is at, what failed."""
    found: dict[str, Any] = {"stand_in": who is STAND_IN}
    try:
        answered = cache.get(narration.ANSWERED)
        return found | {
            "answered": answered,
            "answers": answered is not None and timezone.now() - answered < ANSWERS_WITHIN,
            "bad_bundle": cache.get(narration.AWAY) == narration.BAD_BUNDLE,
            "under_way": bool(cache.get(narration_ahead.UNDER_WAY)),
            "failures": [(each, _why(each)) for each in narration.failures(who)],
        }
    except RedisError:
        return found | {"no_cache": True}


def _why(failure: Failure) -> StrOrPromise:
    known = failure.code in PLAIN and failure.code != narration.BAD_BUNDLE
    return _(PLAIN[failure.code]) if known else ""


def _page(request: HttpRequest, name: str, context: dict[str, Any]) -> HttpResponse:
    own = admin.site.each_context(request)
    own |= {"opts": Lesson._meta, "media": context["form"].media}
    return render(request, f"admin/learning/narration/{name}.html", {**own, **context})


def _check(request: HttpRequest, right: str) -> None:
    if not _may(request, right):
        raise PermissionDenied


def _may(request: HttpRequest, right: str) -> bool:
    """Who may publish a lesson or a book has its texts said anyway."""
    rights = (f"learning.{right}_{name}" for name in ("lesson", "book"))
    return any(map(request.user.has_perm, rights))
