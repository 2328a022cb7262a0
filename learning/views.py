"""The pages of a learner: where to begin, a lesson, how it went."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts import consent, profiles
from accounts.models import Profile
from learning import sounds
from learning.cards import cards
from learning.models import Lesson
from learning.overview import following, overviews, published, recorded
from learning.path import path_of, stop_of


@never_cache
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What Cotorra is, the lessons, and the next step."""
    profile = profiles.current(request, create=False)
    return render(request, "learning/home.html", {"profile": profile, "path": path_of(profile)})


@never_cache
@require_safe
def lesson(request: HttpRequest, slug: str) -> HttpResponse:
    """What a lesson teaches; where all of it is read aloud, the recorder's page."""
    profile = profiles.current(request, create=False)
    context = _recorded(request, slug, profile)
    if context:
        context["may_record"] = consent.may_record(profile)
        return render(request, "learning/lesson.html", context)
    found = get_object_or_404(_lessons(request), slug=slug)
    stop = stop_of(found, profile)
    if stop is None:
        raise Http404(slug)
    context = {"profile": profile, "stop": stop, "lesson": found, "cards": cards(found)}
    return render(request, "learning/cards.html", context)


@never_cache
@require_safe
def summary(request: HttpRequest, slug: str) -> HttpResponse:
    """The end of a lesson alone, for a page that is already open."""
    profile = profiles.current(request, create=False)
    context = _recorded(request, slug, profile)
    if not context:
        raise Http404(slug)
    return render(request, "learning/summary.html", context)


@never_cache
@require_safe
def my_sounds(request: HttpRequest) -> HttpResponse:
    """Which sounds go well, which fail most, and the words to practise them with."""
    profile = profiles.current(request, create=False)
    context = {"profile": profile, "mine": sounds.my_sounds(profile)}
    return render(request, "learning/my_sounds.html", context)


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """What is kept, in plain words."""
    profile = profiles.current(request, create=False)
    return render(request, "learning/privacy.html", {"profile": profile})


def _lessons(request: HttpRequest) -> QuerySet[Lesson]:
    """Authors see a lesson before it is published."""
    author = request.user.has_perm("learning.change_lesson")
    return Lesson.objects.select_related("unit__course") if author else published()


def _recorded(request: HttpRequest, slug: str, profile: Profile | None) -> dict[str, Any]:
    """A lesson for the recorder's page; nothing where it is none."""
    found = overviews(recorded(_lessons(request).filter(slug=slug)), profile)
    if not found:
        return {}
    return {"profile": profile, "overview": found[0], "next_lesson": following(found[0].lesson)}
