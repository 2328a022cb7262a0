"""Forms about an account: signing up and in, its password, its end."""

from typing import Any

from django import forms
from django.contrib.auth import authenticate
from django.contrib.auth.forms import (
    AuthenticationForm,
    PasswordChangeForm,
    PasswordResetForm,
    SetPasswordForm,
    SetPasswordMixin,
)
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts import mail
from accounts.models import User

NEW = forms.PasswordInput(attrs={"autocomplete": "new-password"})
CURRENT = forms.PasswordInput(attrs={"autocomplete": "current-password"})
HELP = _("Ocho caracteres o más. Lo mejor: unas cuantas palabras que recuerdes.")
EMAIL_ERRORS = {
    "required": _("Escribe tu correo."),
    "invalid": _("Esto no parece un correo. Se escribe como nombre@ejemplo.es."),
}
REQUIRED = {"required": _("Escribe la contraseña.")}
DIFFER: dict[str, Any] = {"password_mismatch": _("Las dos contraseñas no son iguales.")}
GUESSED = _("Esta contraseña no es la de tu cuenta.")


class EmailField(forms.EmailField):
    """An address, in small letters: what a family is called."""

    def __init__(self) -> None:
        super().__init__(
            label=_("Correo electrónico"),
            max_length=254,
            widget=forms.EmailInput(attrs={"autocomplete": "email"}),
            error_messages=EMAIL_ERRORS,
        )

    def to_python(self, value: Any) -> str:
        return (super().to_python(value) or "").lower()


def new_password(label: Any, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label, help_text=help_text, strip=False, widget=NEW, error_messages=REQUIRED
    )


class SignUpForm(SetPasswordMixin, forms.Form):
    """An address and a password, by a grown-up."""

    email = EmailField()
    password1 = new_password(_("Contraseña"), HELP)
    password2 = new_password(_("La contraseña otra vez"))
    adult = forms.BooleanField(
        label=_("Soy una persona adulta."),
        error_messages={"required": _("La cuenta la tiene que crear una persona adulta.")},
    )
    error_messages = DIFFER

    def clean(self) -> dict[str, Any]:
        self.validate_passwords()
        email = self.cleaned_data.get("email", "")
        self.validate_password_for_user(User(username=email, email=email), "password1")
        return self.cleaned_data

    def come_back_later(self) -> None:
        """Too many sign up from this address. Nothing has to be typed again, passwords neither."""
        for name in ("password1", "password2"):
            self.fields[name].widget = forms.PasswordInput(NEW.attrs, render_value=True)
        self.add_error(
            None,
            _(
                "Desde esta conexión se han creado muchas cuentas en poco tiempo. Espera una hora "
                "y pulsa otra vez el botón: lo que has escrito sigue aquí."
            ),
        )


class SignInForm(AuthenticationForm):
    """An address and its password; `confirming` is the account whose address is confirmed by it."""

    username = EmailField()
    password = forms.CharField(
        label=_("Contraseña"), strip=False, widget=CURRENT, error_messages=REQUIRED
    )
    error_messages = {
        "invalid_login": _("Este correo y esta contraseña no van juntos. Prueba otra vez."),
        "inactive": _("Esta cuenta está cerrada."),
        "unconfirmed": _(
            "Todavía falta confirmar tu correo: abre el enlace que te hemos mandado. "
            "Mira también en la carpeta de correo no deseado."
        ),
    }

    def __init__(self, *args: Any, confirming: User | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.confirming = confirming

    def confirm_login_allowed(self, user: User) -> None:
        super().confirm_login_allowed(user)
        if user.awaiting_email and user != self.confirming and mail.configured():
            assert self.request is not None
            mail.send_confirmation(self.request, user)
            raise forms.ValidationError(self.error_messages["unconfirmed"], code="unconfirmed")


class PasswordAgainForm(forms.Form):
    """The password of who is signed in, once more."""

    password = forms.CharField(
        label=_("Tu contraseña"), strip=False, widget=CURRENT, error_messages=REQUIRED
    )

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        user = self.request.user
        # Not check_password: a guess counts here as it does where one signs in.
        if authenticate(self.request, username=user.get_username(), password=password) != user:
            raise forms.ValidationError(GUESSED)
        return password


class CloseAccountForm(PasswordAgainForm):
    """A second thought before the account goes with everything."""

    sure = forms.BooleanField(
        label=_("Sí, quiero borrar la cuenta con todos sus perfiles. No se puede deshacer."),
        error_messages={"required": _("Marca la casilla si quieres borrarlo todo.")},
    )
    field_order = ["sure", "password"]


class ChangePasswordForm(PasswordChangeForm):
    """Another password, by who knows the one in force."""

    old_password = forms.CharField(
        label=_("Contraseña de ahora"), strip=False, widget=CURRENT, error_messages=REQUIRED
    )
    new_password1 = new_password(_("Contraseña nueva"), HELP)
    new_password2 = new_password(_("La contraseña nueva otra vez"))
    error_messages = DIFFER | {"password_incorrect": GUESSED}


class NewPasswordForm(SetPasswordForm):
    """Another password, by who reads the account's letters."""

    new_password1 = new_password(_("Contraseña nueva"), HELP)
    new_password2 = new_password(_("La contraseña nueva otra vez"))
    error_messages = DIFFER


class ForgottenForm(PasswordResetForm):
    """Where the letter with the link to a new password shall go."""

    email = EmailField()

    def come_back_later(self) -> None:
        """Too many letters were asked for from this address."""
        self.add_error(
            None,
            _(
                "Desde esta conexión se han pedido muchas contraseñas en poco tiempo. Espera una "
                "hora y pulsa otra vez el botón: tu correo sigue aquí."
            ),
        )

    def save(self, *args: Any, request: HttpRequest | None = None, **kwargs: Any) -> None:
        assert request is not None
        for user in self.get_users(self.cleaned_data["email"]):
            mail.send_reset(request, user)
