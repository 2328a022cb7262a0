"""An attempt as its learner sees it; to anybody else it is not there."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts import consent, profiles
from accounts.models import Consent
from assessment import feedback, recordings
from assessment.errors import Refusal
from assessment.models import Attempt


@require_safe
@never_cache
def attempt(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The feedback fragment; 202 and a waiting one while we listen."""
    found = _own(request, pk)
    response = HttpResponse(feedback.render(found), status=200 if found.done else 202)
    response.headers["X-Attempt-State"] = found.state
    return response


@require_safe
@never_cache
def audio(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One's own voice, if it was kept with consent."""
    found = _own(request, pk)
    kept = found.state == Attempt.State.SCORED and consent.given(
        found.profile, Consent.Purpose.KEEP_RECORDINGS
    )
    if not (kept and found.recording):
        raise Http404
    try:
        pcm = recordings.read(found.recording)
    except Refusal as refusal:
        raise Http404(refusal.code) from refusal
    return HttpResponse(recordings.wav(pcm), content_type="audio/wav")


def _own(request: HttpRequest, pk: UUID) -> Attempt:
    profile = profiles.current(request, create=False)
    attempts = Attempt.objects.select_related("profile", "exercise")
    return get_object_or_404(attempts, pk=pk, profile=profile)
