"""Signing up, in and out, the password, and the end of an account."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth import views as auth
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from accounts import families, grown_up, mail, throttle
from accounts.account_forms import (
    ChangePasswordForm,
    CloseAccountForm,
    ForgottenForm,
    NewPasswordForm,
    PasswordAgainForm,
    SignInForm,
    SignUpForm,
)
from accounts.family_views import go_on
from accounts.models import User
from accounts.views import next_page, posted, refused


@sensitive_post_parameters("password1", "password2")
@never_cache
@require_http_methods(["GET", "POST"])
def sign_up(request: HttpRequest) -> HttpResponse:
    """A new account. Where letters can be sent, only a letter tells that there is one already."""
    if request.user.is_authenticated:
        return redirect("accounts:who_learns")
    form = SignUpForm(posted(request))
    if form.is_valid() and throttle.too_often(request, "sign-up", settings.SIGN_UPS_PER_HOUR):
        form.come_back_later()
        return render(request, "accounts/sign_up.html", {"form": form}, status=429)
    if form.is_valid():
        email, password = form.cleaned_data["email"], form.cleaned_data["password1"]
        user = families.register(email, password, awaiting_email=mail.configured())
        if mail.configured():
            _write(request, user, email)
            return redirect("accounts:check_mail")
        if user is not None:
            return go_on(request, families.enter(request, user))
        # Without letters it cannot be hidden; so a guess counts as it does where one signs in.
        known = SignInForm(request, {"username": email, "password": password})
        if known.is_valid():
            return go_on(request, families.enter(request, known.get_user()))
        form.add_error("email", _("No podemos crear una cuenta con este correo. ¿Tienes ya una?"))
    return render(request, "accounts/sign_up.html", {"form": form}, status=refused(form.is_bound))


def _write(request: HttpRequest, user: User | None, email: str) -> None:
    if user is not None:
        mail.send_confirmation(request, user)
    elif (known := User.objects.filter(email__iexact=email, is_active=True).first()) is not None:
        mail.send_already(request, known)


@never_cache
def check_mail(request: HttpRequest) -> HttpResponse:
    """What to do now that a letter may have been sent."""
    return render(request, "accounts/check_mail.html")


class ShownAgain:
    """A form with something wrong in it is shown again as 422."""

    def form_invalid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_invalid(form)  # type: ignore[misc]
        response.status_code = 422
        return response


class SignIn(ShownAgain, auth.LoginView):
    """In, with what this browser has learnt."""

    form_class = SignInForm
    template_name = "accounts/sign_in.html"
    redirect_authenticated_user = True
    request: HttpRequest

    def form_valid(self, form: Any) -> HttpResponse:
        carried = families.enter(self.request, form.get_user())
        return go_on(self.request, carried, to=self.get_redirect_url())


class Confirm(SignIn):
    """By the link of a letter and the password, so that nobody confirms somebody else's account."""

    redirect_authenticated_user = False
    extra_context = {"confirming": True}

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        self.user = mail.addressee(kwargs["uidb64"], kwargs["token"])
        if self.user is None:
            return render(request, "accounts/link_is_over.html", status=410)
        return super().dispatch(request, *args, **kwargs)

    def get_initial(self) -> dict[str, Any]:
        return {"username": self.user.email if self.user else ""}

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"confirming": self.user}

    def form_valid(self, form: Any) -> HttpResponse:
        user: User = form.get_user()
        if user == self.user:
            user.awaiting_email = False
            user.save(update_fields=["awaiting_email"])
            messages.success(self.request, _("Tu correo está confirmado."))
        return super().form_valid(form)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Out: this browser forgets the family."""
    logout(request)
    messages.success(request, _("Has salido de tu cuenta."))
    return redirect("/")


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "POST"])
def unlock(request: HttpRequest) -> HttpResponse:
    """The door of the grown-up's area: the password again."""
    target = next_page(request)
    if not request.user.is_authenticated:
        return grown_up.ask(request, back_to=target)
    form = PasswordAgainForm(posted(request), request=request)
    if form.is_valid():
        grown_up.unlock(request)
        return redirect(target if target != "/" else "accounts:family")
    context = {"form": form, "next": target}
    return render(request, "accounts/grown_up.html", context, status=refused(form.is_bound))


@method_decorator(grown_up.required, name="dispatch")
class ChangePassword(ShownAgain, auth.PasswordChangeView):
    """Another password; other devices have to sign in again."""

    form_class = ChangePasswordForm
    template_name = "accounts/password_change.html"
    success_url = reverse_lazy("accounts:family")

    def form_valid(self, form: Any) -> HttpResponse:
        messages.success(self.request, _("Hecho: tu contraseña es otra desde ahora."))
        return super().form_valid(form)


@method_decorator(never_cache, name="dispatch")
class Forgotten(ShownAgain, auth.PasswordResetView):
    """A letter with a link; nobody learns here which addresses have an account."""

    form_class = ForgottenForm
    template_name = "accounts/password_reset.html"
    success_url = reverse_lazy("accounts:check_mail")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"can_mail": mail.configured()}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not mail.configured():
            return self.get(request, *args, **kwargs)
        return super().post(request, *args, **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        if throttle.too_often(self.request, "reset", settings.RESETS_PER_HOUR):
            form.come_back_later()
            return self.render_to_response(self.get_context_data(form=form), status=429)
        return super().form_valid(form)


class NewPassword(ShownAgain, auth.PasswordResetConfirmView):
    """A new password by the link of a letter, which shows too whose the address is."""

    form_class = NewPasswordForm
    template_name = "accounts/password_new.html"
    success_url = reverse_lazy("accounts:sign_in")

    def form_valid(self, form: Any) -> HttpResponse:
        form.user.awaiting_email = False
        families.forget_guesses(form.user)
        messages.success(self.request, _("Ya tienes contraseña nueva. Entra con ella."))
        return super().form_valid(form)


@sensitive_post_parameters("password")
@grown_up.required
@require_http_methods(["GET", "POST"])
def close(request: HttpRequest) -> HttpResponse:
    """Delete the account and everything of the family, after the password and a second thought."""
    user = request.user
    assert isinstance(user, User)
    if user.is_staff:
        messages.error(request, _("Esta cuenta es de administración: se borra desde allí."))
        return redirect("accounts:family")
    form = CloseAccountForm(posted(request), request=request)
    if form.is_valid():
        families.close(request, user)
        messages.success(request, _("Hemos borrado la cuenta con todo lo suyo."))
        return redirect("/")
    return render(request, "accounts/close.html", {"form": form}, status=refused(form.is_bound))
