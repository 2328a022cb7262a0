"""The pages on which adults compare the voices: blinded, one vote a pair."""

from __future__ import annotations

import time
from math import ceil
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import grown_up, profiles
from accounts.forms import AdultGateForm
from accounts.views import posted, refused
from learning.models import Participant, Trial
from learning.preference import jobs, sounds, voting
from learning.preference.passages import passages
from learning.preference.sounds import Sound, Sounds
from learning.voice_views import whole_or_part

PERSON, UNTIL = "study_person", "study_until"  # of a session
LASTS_S = 15 * 60  # so long nobody is asked again whether they are an adult
CHOOSING_S = 4  # a pair, besides its two readings
SALT = "learning.preference"


class StudyForm(AdultGateForm):
    """The question that a child cannot answer, where it is asked, and the consent."""

    def __init__(self, *args: Any, asks: bool, consents: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        agree = self.fields["agree"]
        agree.error_messages["required"] = _("Marca la casilla para seguir.")
        agree.label = _("Soy una persona adulta.")
        if consents:
            agree.label = _("Soy una persona adulta y acepto que se guarden mis votos.")
        if not asks:
            del self.fields["answer"]


@never_cache
@require_http_methods(["GET", "POST"])
def study(request: HttpRequest) -> HttpResponse:
    """What it is about, the consent, how far one is, thanks, and the way out of it."""
    voice, readings = _readings()
    user, adult = profiles.account(request), _is_adult(request)
    participant = _participant(request, voice)
    form = None
    if readings is not None and (adult or user is None) and not (adult and participant):
        request.session.setdefault(PERSON, str(uuid4()))
        form = StudyForm(
            posted(request),
            session=request.session,
            asks=not adult,
            consents=participant is None,
        )
        if form.is_valid():
            _stay(request)
            person = UUID(request.session[PERSON])
            voting.join(person, user, voice, timezone.now())
            return redirect("learning:study_pair")
    takes_part = voting.own(_person(request), user).exists()
    context = {
        "profile": profiles.current(request, create=False),
        "state": _state(voice, readings),
        "adult": adult,
        "form": form,
        "asks": form is not None and "answer" in form.fields,
        "participant": participant,
        "left": voting.trials(participant).filter(choice="").count() if participant else None,
        "total": len(passages()),
        "minutes": _minutes(readings) if readings else None,
        "takes_part": takes_part and (adult or user is None),
        "password": f"{reverse('accounts:grown_up')}?{urlencode({'next': request.path})}",
    }
    bound = form is not None and form.is_bound
    return render(request, "learning/preference/study.html", context, status=refused(bound))


@never_cache
@require_http_methods(["GET", "POST"])
def pair(request: HttpRequest) -> HttpResponse:
    """Two readings to hear and to choose from; the vote on them."""
    voice, readings = _readings()
    participant = _participant(request, voice)
    if readings is None or participant is None or not _is_adult(request):
        return redirect("learning:study")
    _stay(request)
    trials = list(voting.trials(participant))
    status = 200
    if request.method == "POST":
        try:
            return _vote(request, trials, readings)
        except voting.NotHeard:
            messages.warning(request, _("Escucha antes las dos lecturas hasta el final."))
            status = 422
    waiting = [each for each in trials if not each.choice]
    if not waiting:
        return redirect("learning:study")
    trial, texts = waiting[0], dict(passages())
    context = {
        "profile": profiles.current(request, create=False),
        "trial": trial,
        "text": texts[trial.passage],
        "sides": [(each.upper(), _address(trial, each)) for each in voting.HEARD_AT],
        "number": len(trials) - len(waiting) + 1,
        "done": len(trials) - len(waiting),
        "total": len(trials),
    }
    return render(request, "learning/preference/pair.html", context, status=status)


def _vote(request: HttpRequest, trials: list[Trial], readings: Sounds) -> HttpResponse:
    """The first vote on a pair counts, whatever else is sent afterwards. Raises NotHeard."""
    trial = next((each for each in trials if str(each.pk) == request.POST.get("trial")), None)
    choice = request.POST.get("choice", "")
    if trial is None or choice not in voting.CHOICES:
        raise Http404("no such pair or choice")
    length_s = sum(_sound(trial, side, readings).seconds for side in voting.HEARD_AT)
    if not voting.vote(trial, choice, length_s, timezone.now()):
        trial.refresh_from_db()
        if trial.choice != voting.CHOICES[choice]:
            messages.info(request, _("Esa pareja ya tenía respuesta: cuenta la primera."))
    return redirect("learning:study_pair")


@require_safe
def sound(request: HttpRequest, token: str) -> HttpResponse:
    """A reading, to whom it is meant for; nothing about it says how it was made."""
    voice, readings = _readings()
    try:
        pk, side = signing.loads(token, salt=SALT)
    except signing.BadSignature as error:
        raise Http404 from error
    mine = voting.own(_person(request), profiles.account(request)).filter(voice=voice)
    trial = Trial.objects.filter(pk=pk, participant__in=mine).first()
    if trial is None or readings is None or (trial.passage, trial.first) not in readings:
        raise Http404
    try:
        response = whole_or_part(request, sounds.read(_sound(trial, side, readings)), "audio/mpeg")
    except FileNotFoundError as error:
        sounds.forget(voice)
        raise Http404 from error
    except OSError as error:
        raise Http404 from error
    if request.method == "GET":
        voting.heard(trial, side, timezone.now())
    # Never from a cache: asking for it is how we know that it was heard.
    response.headers["Cache-Control"] = "private, no-store"
    return response


@require_POST
def withdraw(request: HttpRequest) -> HttpResponse:
    """Delete one's votes, and forget that they were."""
    user = profiles.account(request)
    if user is not None and not _is_adult(request):
        return grown_up.ask(request, back_to=reverse("learning:study"))
    voting.withdraw(_person(request), user)
    request.session.pop(PERSON, None)
    messages.success(request, _("Hecho: hemos borrado tus votos."))
    return redirect("learning:study")


def _readings() -> tuple[str, Sounds | None]:
    """The version of the voice, and its readings; asked for where they are missing."""
    voice = sounds.version()
    readings = sounds.ready(voice) if voice else None
    if voice and readings is None:
        jobs.queue()
    return voice, readings


def _state(voice: str, readings: Sounds | None) -> str:
    if readings is not None:
        return "open"
    if not voice:
        return "closed"
    return "failed" if jobs.failed() else "preparing"


def _sound(trial: Trial, side: str, readings: Sounds) -> Sound:
    condition = trial.first if side == voting.FIRST else trial.second
    return readings[trial.passage, condition]


def _address(trial: Trial, side: str) -> str:
    token = signing.dumps([trial.pk.hex, side], salt=SALT)
    return reverse("learning:study_sound", args=[token])


def _minutes(readings: Sounds) -> int:
    """How long all pairs take: every condition is heard as often as any other."""
    mean_s = sum(each.seconds for each in readings.values()) / len(readings)
    return ceil(len(passages()) * (2 * mean_s + CHOOSING_S) / 60)


# Who it is


def _is_adult(request: HttpRequest) -> bool:
    """In a family by the password, as in its own area; else by the question, for a while."""
    if request.user.is_authenticated:
        return grown_up.is_open(request)
    return 0 < request.session.get(UNTIL, 0) - time.time() <= LASTS_S


def _stay(request: HttpRequest) -> None:
    if request.user.is_authenticated:
        grown_up.unlock(request)
    else:
        request.session[UNTIL] = time.time() + LASTS_S


def _person(request: HttpRequest) -> UUID | None:
    kept = request.session.get(PERSON)
    return UUID(kept) if kept else None


def _participant(request: HttpRequest, voice: str) -> Participant | None:
    """Who takes part; in an account from now on, if it was before signing in."""
    user = profiles.account(request)
    found = voting.joined(_person(request), user, voice) if voice else None
    if found is not None and found.user_id is None and user is not None:
        found.user = user
        found.save(update_fields=["user"])
    return found
