"""Who speaks now: the profile that a session remembers."""

from typing import Any
from uuid import UUID

from django.contrib.auth import get_user
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from accounts import merging
from accounts.models import Profile, User

CURRENT = "profile"
BY_KIND = "profiles"


def current(source: Any, create: bool = True) -> Profile | None:
    """The profile of a request, or of a session itself (as a socket's scope holds it)."""
    session = getattr(source, "session", source)
    profile = find(session.get(CURRENT))
    if profile is not None and not _may_speak(profile, source):
        profile = None
    if profile is None and create:
        profile = Profile.objects.create(user=account(source))
        session[CURRENT] = str(profile.pk)
    return profile


def _may_speak(profile: Profile, source: Any) -> bool:
    """Whoever belongs to a family speaks only where the family is signed in, and still is."""
    if profile.user_id is None:
        return True
    user = account(source)
    return user is not None and user.pk == profile.user_id


def account(source: Any) -> User | None:
    """Who is signed in: of a request, or of a session itself, whose password may have changed."""
    user = getattr(source, "user", None)
    if user is None:
        request = HttpRequest()
        request.session = getattr(source, "session", source)
        user = get_user(request)
    return user if isinstance(user, User) else None


def has_family(source: Any) -> bool:
    """Whether somebody is signed in with learners to pick from."""
    user = account(source)
    return user is not None and user.profiles.exists()


def pick(source: Any, profile: Profile) -> None:
    """Let a profile of the family speak from now on, in this browser."""
    getattr(source, "session", source)[CURRENT] = str(profile.pk)


def carry(source: Any, user: User) -> list[Profile]:
    """Give an account what this browser learnt before signing in; the profiles that it got.

    A profile that is a family's already stays there. Who speaks is known afterwards only where
    a single profile was brought along.
    """
    session = getattr(source, "session", source)
    remembered = [session.pop(CURRENT, None), *session.pop(BY_KIND, {}).values()]
    carried = []
    for pk in dict.fromkeys(remembered):
        profile = find(pk)
        if profile is None or not merging.has_rows(profile):
            continue
        if Profile.objects.filter(pk=profile.pk, user=None).update(user=user):
            profile.user = user
            carried.append(profile)
    if len(carried) == 1:
        pick(session, carried[0])
    return carried


def choose(source: Any, kind: str) -> Profile:
    """Let an adult or a child speak from now on; both may share a browser, each with a profile."""
    session = getattr(source, "session", source)
    wanted = Profile.Kind(kind)
    profile = current(source, create=False)
    if profile is None or profile.kind not in (wanted, Profile.Kind.ANONYMOUS):
        known = find(session.get(BY_KIND, {}).get(wanted.value))
        if known is None or not _may_speak(known, source):
            known = Profile(user=account(source))
        profile = known
    if profile.kind != wanted:
        profile.kind = wanted
        profile.save()
    session[CURRENT] = str(profile.pk)
    session[BY_KIND] = {**session.get(BY_KIND, {}), wanted.value: str(profile.pk)}
    return profile


def erase(source: Any, profile: Profile | None = None) -> None:
    """Delete a profile, the current one unless told, and everything that belongs to it."""
    session = getattr(source, "session", source)
    profile = profile or current(source, create=False)
    if profile is None:
        return
    pk = str(profile.pk)
    remaining = {k: v for k, v in session.get(BY_KIND, {}).items() if v != pk}
    profile.delete()
    session[BY_KIND] = remaining
    if session.get(CURRENT) == pk:
        session.pop(CURRENT)


def find(pk: UUID | str | None) -> Profile | None:
    if not pk:
        return None
    try:
        return Profile.objects.filter(pk=pk).first()
    except (ValidationError, ValueError):
        return None
