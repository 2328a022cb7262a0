"""The pages of the day and of what somebody has learnt so far."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts import profiles
from learning import daily, known, sounds
from learning.models import Item
from learning.sounds import Group

IMPROVING = 3  # sounds shown with their feathers
KINDS = {
    Item.Kind.WORD: _("Palabras"),
    Item.Kind.GRAMMAR: _("Gramática"),
    Item.Kind.PAIRS: _("Pares mínimos"),
    Item.Kind.SOUND: _("Sonidos"),
}
SOUNDS = {
    Group.PRACTISE: ("🎯", _("para practicar")),
    Group.IMPROVING: ("🌱", _("mejorando")),
    Group.GOOD: ("🌟", _("de los que ya te salen")),
}


@never_cache
@require_safe
def today(request: HttpRequest) -> HttpResponse:
    """What there is to do today, and how long it takes."""
    profile = profiles.current(request, create=False)
    now = timezone.now()
    sittings = list(daily.of_today(profile, now)) if profile else []
    context = {
        "profile": profile,
        "plan": daily.plan(profile, now),
        "open": next((each for each in sittings if each.ended is None), None),
        "done": any(each.ended for each in sittings),
        "days": known.days(profile, now),
    }
    return render(request, "learning/progress/today.html", context)


@require_POST
def begin_today(request: HttpRequest) -> HttpResponse:
    """Go on with today's sitting, or begin one: from now on it is settled what it has."""
    profile = profiles.current(request)
    assert profile is not None
    sitting = daily.begin(profile, timezone.now())
    return redirect("learning:play_today" if sitting else "learning:today")


@never_cache
@require_safe
def my_progress(request: HttpRequest) -> HttpResponse:
    """Words known, sounds, minutes and days: in pictures, then in figures."""
    profile = profiles.current(request, create=False)
    now = timezone.now()
    tallies = known.tallies(profile)
    mine = sounds.my_sounds(profile, practice=False)
    groups = [(*SOUNDS[group], len(mine.of(group))) for group in Group]
    context = {
        "profile": profile,
        "days": known.days(profile, now),
        "words": tallies[Item.Kind.WORD],
        "album": known.album(profile),
        "kinds": [(label, tallies[kind]) for kind, label in KINDS.items()],
        "reviews": known.reviews(profile, now),
        "right_share": known.right_share(profile, now),
        "sounds": [each for each in groups if each[2]],
        "improving": mine.of(Group.IMPROVING)[:IMPROVING],
    }
    return render(request, "learning/progress/my_progress.html", context)
