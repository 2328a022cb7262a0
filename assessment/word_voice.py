"""A single word read aloud: of an exercise, a book, the tips or a take, not whatever one types."""

from uuid import UUID

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import register_converter
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from accounts import profiles
from assessment import tips, versions
from assessment.diagnosis import take_of
from assessment.models import Attempt
from learning.models import Exercise, Page
from learning.voice_views import Speed, spoken
from speech import lexicon
from speech.errors import SpeechError


class Version(Speed):
    regex = f"{versions.HEARD}|{versions.RIGHT}"


register_converter(Version, "version")


@require_safe
def word_voice(request: HttpRequest, word: str, speed: str, kind: str) -> HttpResponse:
    word = word.lower()
    # PostgreSQL refuses to look for a NUL.
    if not (word in tips.words() or (word.isprintable() and _is_taught(word))):
        raise Http404(word)
    return spoken(request, word, speed, kind)


@require_safe
def version_voice(
    request: HttpRequest, pk: UUID, word: int, version: str, speed: str, kind: str
) -> HttpResponse:
    """A word of one's own take, said by the voice as it was heard, or as it is right."""
    profile = profiles.current(request, create=False)
    attempts = Attempt.objects.filter(profile=profile, state=Attempt.State.SCORED)
    attempt = get_object_or_404(attempts, pk=pk)
    found, wanted = take_of(attempt.findings or {}).words, attempt.criterion["words"]
    if word >= min(len(found), len(wanted)) or not versions.differ(found[word]):
        raise Http404(word)
    say = versions.heard if version == versions.HEARD else versions.right
    try:
        sounds = say(found[word], wanted[word])
    except SpeechError as error:
        raise Http404(error.code) from error
    response = spoken(request, sounds, speed, kind)
    patch_cache_control(response, private=True)
    return response


def _is_taught(word: str) -> bool:
    """Whether an exercise or the page of a book holds it as a word of its own."""
    holding = Q(text__icontains=word) | Q(kind="dialogue", content__answer__icontains=word)
    exercises = (exercise.said or exercise.text for exercise in Exercise.objects.filter(holding))
    pages = Page.objects.filter(text__icontains=word).values_list("text", flat=True)
    return any(word in map(str.lower, lexicon.words(text)) for text in (*exercises, *pages))
