"""Who speaks now: the profile that a session remembers."""

from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError

from accounts.models import Profile

CURRENT = "profile"
BY_KIND = "profiles"


def current(source: Any, create: bool = True) -> Profile | None:
    """The profile of a request, or of a session itself (as a socket's scope holds it)."""
    session = getattr(source, "session", source)
    profile = find(session.get(CURRENT))
    if profile is None and create:
        profile = Profile.objects.create()
        session[CURRENT] = str(profile.pk)
    return profile


def choose(source: Any, kind: str) -> Profile:
    """Let an adult or a child speak from now on; both may share a browser, each with a profile."""
    session = getattr(source, "session", source)
    wanted = Profile.Kind(kind)
    profile = current(session, create=False)
    if profile is None or profile.kind not in (wanted, Profile.Kind.ANONYMOUS):
        profile = find(session.get(BY_KIND, {}).get(wanted.value)) or Profile()
    if profile.kind != wanted:
        profile.kind = wanted
        profile.save()
    session[CURRENT] = str(profile.pk)
    session[BY_KIND] = {**session.get(BY_KIND, {}), wanted.value: str(profile.pk)}
    return profile


def erase(source: Any) -> None:
    """Delete the current profile and everything that belongs to it."""
    session = getattr(source, "session", source)
    profile = current(session, create=False)
    if profile is None:
        return
    remaining = {k: v for k, v in session.get(BY_KIND, {}).items() if v != str(profile.pk)}
    profile.delete()
    session[BY_KIND] = remaining
    session.pop(CURRENT, None)


def find(pk: UUID | str | None) -> Profile | None:
    if not pk:
        return None
    try:
        return Profile.objects.filter(pk=pk).first()
    except (ValidationError, ValueError):
        return None
