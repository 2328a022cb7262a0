"""Who speaks, what they allow, and what we keep of them."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts import consent, grown_up, profiles
from accounts.forms import AdultGateForm, EraseForm, StrictnessForm, WhoSpeaksForm
from accounts.models import Consent, Profile

CHILD_VOICE = Consent.Purpose.CHILD_VOICE
KEEP = Consent.Purpose.KEEP_RECORDINGS


def posted(request: HttpRequest) -> QueryDict | None:
    """What a form is bound to: an empty POST too is an answer."""
    return request.POST if request.method == "POST" else None


def next_page(request: HttpRequest) -> str:
    """Where to go on afterwards: only ever a page of ours."""
    target = request.POST.get("next") or request.GET.get("next") or "/"
    ours = url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure())
    return target if ours else "/"


def signature(request: HttpRequest) -> str:
    """Who gave a consent, as far as we know."""
    return request.user.get_username() or _("una persona adulta en este navegador")


@never_cache
@require_http_methods(["GET", "POST"])
def who_speaks(request: HttpRequest) -> HttpResponse:
    """Ask whether an adult or a child will speak."""
    target = next_page(request)
    if profiles.has_family(request):
        return redirect(f"{reverse('accounts:who_learns')}?{urlencode({'next': target})}")
    form = WhoSpeaksForm(posted(request))
    if form.is_valid():
        chosen = profiles.choose(request, form.cleaned_data["kind"])
        if consent.may_record(chosen):
            return HttpResponseRedirect(target)
        query = urlencode({"next": target})
        return redirect(f"{reverse('accounts:child_permission')}?{query}")
    profile = profiles.current(request, create=False)
    context = {"form": form, "profile": profile, "next": target}
    return render(request, "accounts/who_speaks.html", context, status=refused(form.is_bound))


@never_cache
@require_http_methods(["GET", "POST"])
def child_permission(request: HttpRequest) -> HttpResponse:
    """The adult gate: a child's voice is heard only after an adult allowed it."""
    target = next_page(request)
    profile = profiles.current(request, create=False)
    if profile is None or profile.kind != Profile.Kind.CHILD:
        return redirect("accounts:who_speaks")
    if consent.may_record(profile):
        return HttpResponseRedirect(target)
    form = AdultGateForm(posted(request), session=request.session)
    if form.is_valid():
        consent.grant(profile, CHILD_VOICE, granted_by=signature(request))
        return HttpResponseRedirect(target)
    context = {
        "form": form,
        "profile": profile,
        "next": target,
        "text": consent.text_template(CHILD_VOICE),
    }
    return render(request, "accounts/child_permission.html", context, status=refused(form.is_bound))


@never_cache
@require_http_methods(["GET", "POST"])
def my_data(request: HttpRequest) -> HttpResponse:
    """What is kept, the consent to keep recordings (`keep` is 1 or 0), and the way to withdraw
    the one to hear a child (`voice` is 0)."""
    profile = profiles.current(request, create=False)
    if request.method == "POST" and (profile is None or profile.kind == Profile.Kind.ANONYMOUS):
        return _who_first()
    if profile is not None and request.POST.get("voice") == "0":
        consent.withdraw(profile, CHILD_VOICE)
        messages.success(request, _("Hecho: ya no escuchamos esta voz."))
        return redirect("accounts:my_data")
    keep = request.POST.get("keep")
    if profile is not None and keep == "0":
        consent.withdraw(profile, KEEP)
        messages.success(request, _("Hecho: ya no guardamos tus grabaciones."))
        return redirect("accounts:my_data")
    gate = None
    if profile is not None and profile.kind == Profile.Kind.CHILD:
        gate = AdultGateForm(posted(request), session=request.session)
    if profile is not None and keep == "1" and (gate is None or gate.is_valid()):
        consent.grant(profile, KEEP, granted_by=signature(request))
        messages.success(request, _("Hecho: desde ahora guardamos tus grabaciones, cifradas."))
        return redirect("accounts:my_data")
    context = {
        "profile": profile,
        "keeps": profile is not None and consent.given(profile, KEEP),
        "listens": profile is not None and consent.given(profile, CHILD_VOICE),
        "consents": profile.consents.order_by("-granted_at") if profile else [],
        "gate": gate,
        "text": consent.text_template(KEEP),
        "strictness": StrictnessForm(instance=profile) if profile else None,
    }
    status = refused(request.method == "POST")
    return render(request, "accounts/my_data.html", context, status=status)


@never_cache
@require_POST
def strictness(request: HttpRequest) -> HttpResponse:
    """Choose how strictly the profile that speaks is corrected; '' is by age."""
    profile = profiles.current(request, create=False)
    if profile is None or profile.kind == Profile.Kind.ANONYMOUS:
        return _who_first()
    if profile.user_id is not None and not grown_up.is_open(request):
        return grown_up.ask(request, back_to=reverse("accounts:my_data"))
    form = StrictnessForm(request.POST, instance=profile)
    if form.is_valid():
        form.save()
        chosen = profile.strictness_in_force.label
        messages.success(
            request, _("Hecho: desde ahora la corrección es %(how)s.") % {"how": chosen}
        )
    else:
        messages.error(request, _("Elige una de las opciones."))
    return redirect("accounts:my_data")


@never_cache
@require_http_methods(["GET", "POST"])
def erase(request: HttpRequest) -> HttpResponse:
    """Delete the profile that speaks and everything of theirs, after a second question.

    In a family only a grown-up does."""
    profile = profiles.current(request, create=False)
    if profile is not None and profile.user_id is not None:
        return redirect("accounts:profile_delete", profile.pk)
    form = EraseForm(posted(request))
    if form.is_valid():
        profiles.erase(request)
        messages.success(request, _("Lo hemos borrado todo."))
        return redirect("accounts:my_data")
    context = {"form": form, "profile": profile}
    return render(request, "accounts/erase.html", context, status=refused(form.is_bound))


def _who_first() -> HttpResponse:
    """Nothing is changed before it is known who speaks."""
    query = urlencode({"next": reverse("accounts:my_data")})
    return redirect(f"{reverse('accounts:who_speaks')}?{query}")


def refused(is_bound: bool) -> int:
    """422 for a page that shows a form again with what is wrong in it."""
    return 422 if is_bound else 200
