"""The learners of a family: who learns today, and the grown-up's page about them."""

from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts import consent, grown_up, merging, profiles
from accounts.family_forms import JoinForm, ProfileForm
from accounts.forms import EraseForm
from accounts.models import Consent, Profile, User
from accounts.views import next_page, posted, refused, signature

CHILD_VOICE = Consent.Purpose.CHILD_VOICE
MOST_PROFILES = 40


def family_of(request: HttpRequest) -> list[Profile]:
    """Everybody who learns with the account, the eldest profile first."""
    assert isinstance(request.user, User)
    return list(request.user.profiles.order_by("created", "pk"))


def go_on(request: HttpRequest, carried: list[Profile], to: str = "") -> HttpResponse:
    """Where to after signing in: what the browser brought along gets an owner first."""
    learners = family_of(request)
    nameless = [profile for profile in carried if not profile.name]
    if nameless:
        others = any(each.name for each in learners)
        page = "accounts:profile_join" if others else "accounts:profile_edit"
        return redirect(page, nameless[0].pk)
    if not (to or learners):
        return redirect("accounts:profile_add")
    return HttpResponseRedirect(to or reverse("accounts:who_learns"))


@never_cache
@require_http_methods(["GET", "POST"])
def who_learns(request: HttpRequest) -> HttpResponse:
    """Pick by picture who learns in this browser; it shuts the grown-up's area."""
    target = next_page(request)
    if not request.user.is_authenticated:
        return redirect("accounts:who_speaks")
    if request.method == "POST":
        chosen = _own(request, request.POST.get("profile"))
        profiles.pick(request, chosen)
        grown_up.lock(request)
        if chosen.kind == Profile.Kind.CHILD and not consent.may_record(chosen):
            return redirect(f"{reverse('accounts:child_permission')}?{urlencode({'next': target})}")
        return HttpResponseRedirect(target)
    context = {
        "family": family_of(request),
        "profile": profiles.current(request, create=False),
        "next": target,
    }
    return render(request, "accounts/who_learns.html", context)


@grown_up.required
@require_safe
def family(request: HttpRequest) -> HttpResponse:
    """The grown-up's page: the learners and the account."""
    learners = family_of(request)
    context = {
        "profile": profiles.current(request, create=False),
        "family": [each for each in learners if each.name],
        "nameless": [each for each in learners if not each.name],
    }
    return render(request, "accounts/family.html", context)


@grown_up.required
@require_http_methods(["GET", "POST"])
def profile_add(request: HttpRequest) -> HttpResponse:
    """One more learner."""
    if len(family_of(request)) >= MOST_PROFILES:
        messages.error(request, _("En una cuenta no caben más perfiles."))
        return redirect("accounts:family")
    assert isinstance(request.user, User)
    fresh = Profile(user=request.user, kind=Profile.Kind.CHILD)
    return _edit(request, fresh, ProfileForm(posted(request), instance=fresh))


@grown_up.required
@require_http_methods(["GET", "POST"])
def profile_edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Another name or picture, how strictly, and whether the voice is heard."""
    profile = _own(request, pk)
    initial: dict[str, object] = {"voice": consent.given(profile, CHILD_VOICE)}
    if profile.kind == Profile.Kind.ANONYMOUS:
        initial["kind"] = Profile.Kind.CHILD
    return _edit(request, profile, ProfileForm(posted(request), instance=profile, initial=initial))


def _edit(request: HttpRequest, profile: Profile, form: ProfileForm) -> HttpResponse:
    is_new = profile._state.adding
    if form.is_valid():
        with transaction.atomic():
            form.save()
            if profile.kind == Profile.Kind.CHILD:
                if form.cleaned_data["voice"]:
                    consent.grant(profile, CHILD_VOICE, granted_by=signature(request))
                else:
                    consent.withdraw(profile, CHILD_VOICE)
        messages.success(request, _("Guardado: %(name)s.") % {"name": profile.name})
        return redirect("accounts:family")
    context = {
        "form": form,
        "is_new": is_new,
        "edited": profile,
        "text": consent.text_template(CHILD_VOICE),
    }
    return render(request, "accounts/profile.html", context, status=refused(form.is_bound))


@grown_up.required
@require_http_methods(["GET", "POST"])
def profile_delete(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Delete a learner with everything of theirs, after a second question."""
    profile = _own(request, pk)
    form = EraseForm(posted(request))
    if form.is_valid():
        profiles.erase(request, profile)
        messages.success(request, _("Lo hemos borrado todo."))
        return redirect("accounts:family")
    context = {"form": form, "edited": profile}
    return render(request, "accounts/profile_delete.html", context, status=refused(form.is_bound))


@grown_up.required
@require_http_methods(["GET", "POST"])
def profile_join(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Whose it is, what a browser learnt before it signed in; with a name it is somebody's."""
    source = _own(request, pk, name="")
    assert isinstance(request.user, User)
    named = request.user.profiles.exclude(name="").order_by("created", "pk")
    form = JoinForm(posted(request), family=named)
    if form.is_valid():
        target: Profile = form.cleaned_data["target"]
        try:
            merging.merge(source, target)
        except Profile.DoesNotExist as error:  # another tab was faster
            raise Http404(pk) from error
        profiles.pick(request, target)
        messages.success(request, _("Hecho: ahora es de %(name)s.") % {"name": target.name})
        return redirect("accounts:who_learns")
    context = {"form": form, "edited": source}
    return render(request, "accounts/profile_join.html", context, status=refused(form.is_bound))


def _own(request: HttpRequest, pk: UUID | str | None, **more: str) -> Profile:
    """A profile of this family; those of others are not there."""
    profile = profiles.find(pk)
    wanted = profile.pk if profile is not None else None
    return get_object_or_404(Profile, pk=wanted, user=request.user.pk, **more)
