"""The model voice over HTTP: whole or in part, as players ask for it, and kept by the browser."""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import register_converter
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.http import quote_etag
from django.views.decorators.http import require_safe

from learning import voice
from learning.models import Exercise, Item
from speech.errors import SpeechError

logger = logging.getLogger(__name__)
_RANGE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})")


class Speed:
    regex = "|".join(voice.SPEEDS)

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class Sound(Speed):
    regex = "|".join(voice.KINDS)


register_converter(Speed, "speed")
register_converter(Sound, "sound")


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


def spoken(request: HttpRequest, text: str, speed: str, kind: str) -> HttpResponse:
    """The answer with the voice: 200, 206 for a part (Safari asks for one), 304 if unchanged."""
    etag = quote_etag(voice.fingerprint(text, speed, kind))
    response = get_conditional_response(request, etag=etag)
    if response is None:
        try:
            sound = voice.voice(text, speed, kind)
        except SpeechError as error:
            logger.error("code=%s no voice for %r: %s", error.code, text, error)
            raise Http404(error.code) from error
        response = whole_or_part(request, sound, voice.KINDS[kind][2])
    response.headers["ETag"] = etag
    response.headers["X-Voice"] = "stand-in"
    patch_cache_control(response, public=True, max_age=3600)
    return response


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
