"""Letters to families. Without a mail server nothing waits for one."""

from datetime import timedelta
from functools import partial

from django.conf import settings
from django.contrib.auth.tokens import PasswordResetTokenGenerator, default_token_generator
from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_decode, urlsafe_base64_encode
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.tasks import send_mail

LEAST_GAP = timedelta(minutes=2)  # between two letters to one address


class ConfirmTokens(PasswordResetTokenGenerator):
    """Good for one confirmation: until somebody signs in or the password is another one."""

    key_salt = "accounts.mail.ConfirmTokens"


confirm_tokens = ConfirmTokens()


def configured() -> bool:
    return bool(settings.EMAIL_HOST)


def send_confirmation(request: HttpRequest, user: User) -> None:
    """The link that shows that the address is theirs."""
    link = _link(request, "accounts:confirm", user, confirm_tokens)
    _send(user, _("Confirma tu correo en Cotorra"), "confirm", {"link": link})


def send_already(request: HttpRequest, user: User) -> None:
    """To somebody who signs up once more; only their letters say that they had an account."""
    links = {
        "sign_in": request.build_absolute_uri(reverse("accounts:sign_in")),
        "forgot": request.build_absolute_uri(reverse("accounts:password_reset")),
    }
    _send(user, _("Ya tienes una cuenta en Cotorra"), "already", links)


def send_reset(request: HttpRequest, user: User) -> None:
    """The link to a new password."""
    link = _link(request, "accounts:password_reset_confirm", user, default_token_generator)
    _send(user, _("Una contraseña nueva para Cotorra"), "reset", {"link": link})


def addressee(uidb64: str, token: str) -> User | None:
    """Whose confirmation a link is, as long as it is good."""
    try:
        user = User.objects.filter(
            pk=urlsafe_base64_decode(uidb64).decode(), is_active=True
        ).first()
    except (ValueError, OverflowError):
        return None
    good = user is not None and user.awaiting_email and confirm_tokens.check_token(user, token)
    return user if good else None


def _link(request: HttpRequest, name: str, user: User, t: PasswordResetTokenGenerator) -> str:
    uid = urlsafe_base64_encode(force_bytes(user.pk))
    return request.build_absolute_uri(reverse(name, args=[uid, t.make_token(user)]))


def _send(user: User, subject: str, template: str, context: dict[str, str]) -> None:
    """Queue a letter; none so soon after another one."""
    now = timezone.now()
    rested = Q(mailed_at=None) | Q(mailed_at__lt=now - LEAST_GAP)
    rested |= Q(mailed_at__gt=now)  # a clock that was set back would else silence us
    if not User.objects.filter(rested, pk=user.pk).update(mailed_at=now):
        return
    body = render_to_string(f"accounts/mail/{template}.txt", context)
    transaction.on_commit(partial(send_mail.delay, subject, body, user.email), robust=True)
