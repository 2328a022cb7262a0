"""Accounts of families: signing up, coming in, going for good."""

from axes.utils import reset
from django.contrib.auth import login, logout
from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.http import HttpRequest

from accounts import grown_up, profiles
from accounts.models import Profile, User

BACKEND = "django.contrib.auth.backends.ModelBackend"


def register(email: str, password: str, awaiting_email: bool) -> User | None:
    """A new account, or one that nobody ever confirmed; None where the address has one."""
    encoded = make_password(password)  # always: the time it takes must not tell
    try:
        with transaction.atomic():
            same = User.objects.filter(Q(username=email) | Q(email__iexact=email))
            user = same.select_for_update().first() or User(username=email, email=email)
            if user.pk and not (user.awaiting_email and user.last_login is None):
                return None
            user.password, user.awaiting_email = encoded, awaiting_email
            user.save()
            return user
    except IntegrityError:  # somebody else was a moment faster
        return None


def enter(request: HttpRequest, user: User) -> list[Profile]:
    """Sign in, and take along what this browser has learnt; the profiles that it brought."""
    login(request, user, backend=BACKEND)
    grown_up.unlock(request)
    return profiles.carry(request, user)


def close(request: HttpRequest, user: User) -> None:
    """Delete an account with its profiles and everything of theirs."""
    logout(request)
    forget_guesses(user)
    user.delete()


def forget_guesses(user: User) -> None:
    """Wrong passwords no longer count against the account."""
    reset(username=user.get_username())
