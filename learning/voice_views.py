"""The model voice over HTTP: whole or in part, as players ask for it, and kept by the browser."""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import register_converter, reverse
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.http import quote_etag
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from learning import narration, playlists, voice
from learning.models import Exercise, Item, Page
from learning.voice import NEUTRAL, STAND_IN, Passage, Sounds, Voice
from speech.errors import SpeechError
from speech.narrator.spoken import STYLES

logger = logging.getLogger(__name__)
TYPES = voice.KINDS | {voice.TIMES: "application/json"}
MAX_AGE_S = 3600
STAND_IN_MAX_AGE_S = 60  # the real voice comes later
_RANGE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})")


class Speed:
    regex = "|".join(voice.SPEEDS)

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class Sound(Speed):
    regex = "|".join(voice.KINDS)


class Narration(Speed):
    regex = "|".join(TYPES)


class Style(Speed):
    regex = "|".join(STYLES)


register_converter(Speed, "speed")
register_converter(Sound, "sound")
register_converter(Narration, "narration")
register_converter(Style, "style")


@require_safe
def exercise_voice(request: HttpRequest, pk: int, speed: str, kind: str) -> HttpResponse:
    """What is said in an exercise, or else its main text, read aloud."""
    exercise = get_object_or_404(Exercise, pk=pk)
    heard = (exercise.said,) if exercise.said else exercise.heard
    return _part(request, heard, 0, speed, kind)


@require_safe
def item_voice(request: HttpRequest, pk: int, part: int, speed: str, kind: str) -> HttpResponse:
    """A word or its example, an example of a grammar point, a word of a minimal pair."""
    items = Item.objects.select_related("word", "grammarpoint", "pairset")
    return _part(request, get_object_or_404(items, pk=pk).whole.heard, part, speed, kind)


def _part(
    request: HttpRequest, heard: Sequence[str], part: int, speed: str, kind: str
) -> HttpResponse:
    if part >= len(heard):
        raise Http404(part)
    return spoken(request, heard[part], speed, kind)


@require_safe
def sentence_voice(
    request: HttpRequest, pk: int, style: str, speed: str, part: int, kind: str
) -> HttpResponse:
    """One sentence of a page told in a style; as `json`, its words and when each is heard.

    Times count from the beginning of the sentence, places of words in the page.
    """
    text = _page(request, pk).text
    many = len(voice.sentences(text))
    if part >= many:
        raise Http404(part)
    return spoken(request, text, speed, kind, style, part if many > 1 else None)


@never_cache
@require_safe
def page_sentences(request: HttpRequest, pk: int, style: str, speed: str) -> HttpResponse:
    """The sentences of a page, to be heard one after another while the next are being made."""
    passage = Passage(_page(request, pk).text, style, speed)

    def url(part: int, kind: str) -> str:
        return reverse("learning:sentence_voice", args=[pk, style, speed, part, kind])

    try:
        return JsonResponse(playlists.playlist(passage, url))
    except SpeechError as error:
        return _refused(passage, error)


def _page(request: HttpRequest, pk: int) -> Page:
    pages = Page.objects.filter(retired=False)
    if not request.user.has_perm("learning.change_book"):
        pages = pages.filter(book__published=True)
    return get_object_or_404(pages, pk=pk)


def spoken(
    request: HttpRequest,
    said: str | Sounds,
    speed: str,
    kind: str,
    style: str = NEUTRAL,
    part: int | None = None,
) -> HttpResponse:
    """The answer with the voice: 200, 206 for a part (Safari asks for one), 304 if unchanged.

    422 with code and plain words for what cannot be said.
    """
    passage = Passage(said, style, speed)
    own = voice.current()
    etag = _etag(own, passage, kind, part)
    response = get_conditional_response(request, etag=etag)
    if response is None:
        try:
            data, own = narration.given(passage, kind, part)
        except SpeechError as error:
            return _refused(passage, error)
        etag = _etag(own, passage, kind, part)
        response = get_conditional_response(request, etag=etag)
    if response is None:
        response = whole_or_part(request, data, TYPES[kind])
    response.headers["ETag"] = etag
    response.headers["X-Voice"] = "stand-in" if own is STAND_IN else own.name
    age = STAND_IN_MAX_AGE_S if own is STAND_IN else MAX_AGE_S
    patch_cache_control(response, public=True, max_age=age)
    return response


def _etag(who: Voice, passage: Passage, kind: str, part: int | None) -> str:
    return quote_etag(who.path(passage, kind, part))


def _refused(passage: Passage, error: SpeechError) -> HttpResponse:
    logger.error("code=%s no voice for %.80r: %s", error.code, passage.said, error)
    return JsonResponse({"code": error.code, "plain": _(error.plain)}, status=422)


def whole_or_part(request: HttpRequest, sound: bytes, content_type: str) -> HttpResponse:
    """The answer with a sound: 200, 206 for the part that was asked for, 416 for none of it."""
    response = _answer(request.headers.get("Range", ""), sound, content_type)
    response.headers["Accept-Ranges"] = "bytes"
    return response


def _answer(wanted: str, sound: bytes, content_type: str) -> HttpResponse:
    match = _RANGE.fullmatch(wanted)
    if match is None or match.groups() == ("", ""):
        return HttpResponse(sound, content_type=content_type)
    first, last = match.groups()
    start = int(first) if first else max(0, len(sound) - int(last))
    end = min(int(last), len(sound) - 1) if first and last else len(sound) - 1
    if start > end:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{len(sound)}"})
    part = HttpResponse(sound[start : end + 1], status=206, content_type=content_type)
    part.headers["Content-Range"] = f"bytes {start}-{end}/{len(sound)}"
    return part
