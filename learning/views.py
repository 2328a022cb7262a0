"""The pages of a learner: where to begin, a lesson, how it went."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts import consent, profiles
from accounts.models import Profile
from learning import sounds
from learning.models import Lesson
from learning.overview import following, overviews, published


@never_cache
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What Cotorra is, the lessons, and the next step."""
    profile = profiles.current(request, create=False)
    found = overviews(published(), profile)
    here = next((each for each in found if not each.finished), None)
    context = {"profile": profile, "overviews": found, "here": here}
    return render(request, "learning/home.html", context)


@never_cache
@require_safe
def lesson(request: HttpRequest, slug: str) -> HttpResponse:
    """A lesson: the explanation, then one exercise at a time, then how it went."""
    profile = profiles.current(request, create=False)
    context = _lesson(request, slug, profile) | {"may_record": consent.may_record(profile)}
    return render(request, "learning/lesson.html", context)


@never_cache
@require_safe
def summary(request: HttpRequest, slug: str) -> HttpResponse:
    """The end of a lesson alone, for a page that is already open."""
    profile = profiles.current(request, create=False)
    return render(request, "learning/summary.html", _lesson(request, slug, profile))


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


def _lesson(request: HttpRequest, slug: str, profile: Profile | None) -> dict[str, Any]:
    """Authors see a lesson before it is published."""
    author = request.user.has_perm("learning.change_lesson")
    lessons = Lesson.objects.all() if author else published()
    found = overviews(lessons.filter(slug=slug), profile)
    if not found:
        raise Http404(slug)
    return {"profile": profile, "overview": found[0], "next_lesson": following(found[0].lesson)}
