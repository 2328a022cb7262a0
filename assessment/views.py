"""Attempts as their learner sees them; to anybody else they are not there."""

from __future__ import annotations

from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts import consent, profiles
from accounts.models import Consent, Profile
from assessment import feedback, recordings
from assessment.errors import Refusal
from assessment.models import Attempt
from learning.voice_views import whole_or_part

PAGE = 20


@require_safe
@never_cache
def my_recordings(request: HttpRequest) -> HttpResponse:
    """One's own voice over time: every recording that was kept, newest first."""
    profile = profiles.current(request, create=False)
    newest = _kept(profile).only("criterion", "created").order_by("-created", "pk")
    page = Paginator(newest, PAGE).get_page(request.GET.get("page"))
    return render(request, "assessment/recordings.html", {"profile": profile, "page": page})


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
    found = get_object_or_404(_kept(profiles.current(request, create=False)), pk=pk)
    try:
        pcm = recordings.read(found.recording)
    except Refusal as refusal:
        raise Http404(refusal.code) from refusal
    return whole_or_part(request, recordings.wav(pcm), "audio/wav")


def _own(request: HttpRequest, pk: UUID) -> Attempt:
    profile = profiles.current(request, create=False)
    attempts = Attempt.objects.select_related("profile", "exercise", "page")
    return get_object_or_404(attempts, pk=pk, profile=profile)


def _kept(profile: Profile | None) -> QuerySet[Attempt]:
    """The attempts whose voice was kept, for as long as that is allowed."""
    allowed = consent.standing(Consent.Purpose.KEEP_RECORDINGS).values("profile")
    scored = Attempt.objects.filter(profile=profile, state=Attempt.State.SCORED)
    return scored.filter(profile__in=allowed).exclude(recording="")
